"""Exercise 2b.3: an estimate with a prior."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import xlog1py, xlogy
from scipy.stats import beta

from emlib.checks import Mistake, Output, Part
from emlib.checks.relations import holds
from key.complete_data._draw import rows
from key.complete_data._formulas import HEADS_AND_TAILS, Array
from key.exercise import Exercise, Rng
from key.trust import _loops


def _map(heads: Array, flips: Array, a: float, b: float) -> Array:
    return (heads.sum() + a - 1) / (flips.sum() + a + b - 2)


def _log_posterior(theta: Array, heads: Array, flips: Array, a: float, b: float) -> Array:
    """Return the log posterior, up to its constant."""
    return xlogy(heads.sum() + a - 1, theta) + xlog1py((flips - heads).sum() + b - 1, -theta)


def _on_a_grid(points: int) -> Callable[..., Array]:
    """Return what reads the highest point off a grid of so many points."""

    def gives(*arguments: Array) -> Array:
        grid = np.linspace(0, 1, points)
        return grid[_log_posterior(grid, *arguments).argmax()]

    return gives


def _draw(rng: Rng, n: int, most: int) -> tuple[Array, ...]:
    """Draw n rows, and a prior with a > b > 1."""
    b = rng.uniform(1.3, 2.5)
    return *rows(rng, n, most), b + rng.uniform(0.5, 2), b


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    whole = *rows(rng, 1, 9), int(rng.integers(3, 6)), 2
    return [*(_draw(rng, *sizes) for sizes in [(3, 6), (5, 4)]), whole, _rare(rng)]


def _rare(rng: Rng) -> tuple[Array, ...]:
    """Draw rows of very many flips with hardly a head, where a grid is too coarse."""
    return np.array([0, 1]), rng.integers(30_000, 70_000, size=2), rng.uniform(1.2, 1.8), 2


map_estimate = Exercise(
    name="map_estimate",
    parameters=("heads", "flips", "a", "b"),
    outputs=(Output("theta", "a single number"),),
    parts=(
        Part(
            "theta",
            holds(("in proportion", 0)),  # else a fine grid would do
            "`theta` is not right. Set the derivative of the log posterior to zero and solve it.",
        ),
    ),
    answer=_map,
    examples=(
        (np.array([0, 0]), np.array([4, 5]), 3, 2),
        (np.array([3, 1]), np.array([5, 6]), 2.5, 4),
        (np.array([0, 1, 0]), np.array([30_000, 40_000, 32_000]), 1.25, 3),
    ),
    mistakes=(
        Mistake(
            "prior forgotten",
            "This is the maximum-likelihood estimate: the prior has no effect on it.",
            lambda h, f, a, b: h.sum() / f.sum(),
        ),
        Mistake(
            "numbers of the text",
            "It looks as if the prior were always that of the text, with a = b = 2: use the "
            "arguments.",
            lambda h, f, a, b: _map(h, f, 2, 2),
        ),
        Mistake(
            "posterior mean",
            "This is the mean of the posterior. Asked for is where it is highest: which powers of "
            "theta and of 1 - theta does it have?",
            lambda h, f, a, b: (h.sum() + a) / (f.sum() + a + b),
        ),
        Mistake(
            "posterior median",
            "This is the median of the posterior. Asked for is where it is highest.",
            lambda h, f, a, b: beta.median(h.sum() + a, (f - h).sum() + b),
        ),
        Mistake(
            "sign of the prior",
            "It looks as if the pseudo-flips of the prior, a - 1 and b - 1, were subtracted. They "
            "count as flips that were seen before: add them.",
            lambda h, f, a, b: (h.sum() - a + 1) / (f.sum() - a - b + 2),
        ),
        Mistake(
            "a and b exchanged",
            "It looks as if `a` and `b` were exchanged: `a` goes with the heads.",
            lambda h, f, a, b: _map(h, f, b, a),
        ),
        Mistake(
            "heads and tails swapped",
            HEADS_AND_TAILS,
            lambda h, f, a, b: _map(f - h, f, a, b),
        ),
        Mistake(
            "complement",
            "It looks as if this were the probability of tails.",
            lambda h, f, a, b: 1 - _map(h, f, a, b),
        ),
        Mistake(
            "no minus 1 in the heads",
            "The numerator counts one head too many: the prior's power of theta is not `a`.",
            lambda h, f, a, b: (h.sum() + a) / (f.sum() + a + b - 2),
        ),
        Mistake(
            "no minus 2 in the flips",
            "The denominator counts too many flips. How many pseudo-heads and pseudo-tails are "
            "there in all?",
            lambda h, f, a, b: (h.sum() + a - 1) / (f.sum() + a + b),
        ),
        Mistake(
            "no minus 2 in the flips",
            "The denominator counts one flip too many. How many pseudo-heads and pseudo-tails are "
            "there in all?",
            lambda h, f, a, b: (h.sum() + a - 1) / (f.sum() + a + b - 1),
        ),
        Mistake(
            "heads over tails",
            "It looks as if you divided heads by tails: those are the odds, not the probability.",
            lambda h, f, a, b: (h.sum() + a - 1) / ((f - h).sum() + b - 1),
        ),
        Mistake(
            "mean of two estimates",
            "It looks as if you took the mean of the data's estimate and the prior's. A hundred "
            "flips should outweigh a few pseudo-flips.",
            lambda h, f, a, b: (h.sum() / f.sum() + (a - 1) / (a + b - 2)) / 2,
        ),
        Mistake(
            "only the first row",
            "It looks as if only the first row counts. All rows belong to this coin.",
            lambda h, f, a, b: _map(h[:1], f[:1], a, b),
        ),
        Mistake(
            "brackets",
            "Brackets are missing: Python divides before it adds.",
            lambda h, f, a, b: h.sum() + a - 1 / f.sum() + a + b - 2,
        ),
        Mistake(
            "only the prior's tails in the denominator",
            "The denominator has the prior's tails, but not its heads.",
            lambda h, f, a, b: (h.sum() + a - 1) / (f.sum() + b - 1),
        ),
        Mistake(
            "prior only for zero heads",
            "It looks as if the prior counted only when there are no heads. It was there before "
            "the first flip, and always counts.",
            lambda h, f, a, b: _map(h, f, a, b) if h.sum() == 0 else h.sum() / f.sum(),
        ),
        Mistake(
            "the height of the posterior",
            "This is the log posterior at its highest point. Asked for is the theta where that is.",
            lambda h, f, a, b: _log_posterior(_map(h, f, a, b), h, f, a, b),
        ),
        Mistake(
            "denominator without the prior",
            "The prior's heads are counted, its flips are not: they belong into the denominator.",
            lambda h, f, a, b: (h.sum() + a - 1) / f.sum(),
        ),
        Mistake(
            "only the prior's heads in the denominator",
            "The denominator has the prior's heads, but not its tails.",
            lambda h, f, a, b: (h.sum() + a - 1) / (f.sum() + a - 1),
        ),
        Mistake(
            "the prior alone",
            "This is the highest point of the prior: the data are not used.",
            lambda h, f, a, b: (a - 1) / (a + b - 2),
        ),
        Mistake(
            "prior in every row",
            "It looks as if the prior were counted once for every row. It comes once, before the "
            "first flip.",
            lambda h, f, a, b: (h.sum() + len(h) * (a - 1)) / (f.sum() + len(h) * (a + b - 2)),
        ),
        Mistake(
            "prior in every row",
            "It looks as if every row got its own estimate with the prior, and you took the mean. "
            "The prior comes once, before the first flip.",
            lambda h, f, a, b: np.mean((h + a - 1) / (f + a + b - 2)),
        ),
        Mistake(
            "not summed over the rows",
            "It returns one number per row. All rows are of one coin: sum heads and flips first.",
            lambda h, f, a, b: (h + a - 1) / (f + a + b - 2),
        ),
        *(
            Mistake(
                "read off a grid",
                "It looks as if the highest point were read off a grid. A grid is never fine "
                "enough: a rate may be smaller than its first step. Solve for theta instead.",
                _on_a_grid(points),
            )
            for points in (101, 1001)
        ),
        Mistake(
            "tails forgotten",
            "It looks as if all flips were counted as tails. A row of f flips with h heads has f "
            "- h tails.",
            lambda h, f, a, b: (h.sum() + a - 1) / (h.sum() + f.sum() + a + b - 2),
        ),
        Mistake(
            "no heads handled apart",
            "It looks as if no heads at all give 0, as without a prior. The prior counts then, "
            "too.",
            lambda h, f, a, b: _map(h, f, a, b) * (h.sum() > 0),
        ),
    ),
    hints=(
        "The log posterior has the form of a coin's log-likelihood. How many heads and how many "
        "tails would that coin have shown?",
        "Put those heads and tails into the estimate of notebook 02a: heads divided by flips.",
        "Heads in all: observed plus `a - 1`. Tails in all: observed plus `b - 1`. Flips: both "
        "together.",
    ),
    cases=cases,
    in_loops=_loops.map_estimate,
)
