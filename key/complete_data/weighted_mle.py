"""Exercise 2a.3: the weighted estimate."""

from __future__ import annotations

import numpy as np
from scipy.special import softmax

from emlib.checks import Mistake, Output
from key.complete_data import _loops
from key.complete_data._draw import rows
from key.complete_data._formulas import TEN_FLIPS, TWO_COINS, Array
from key.exercise import Exercise, Rng
from key.kinds import RARE


def _weighted_theta(heads: Array, flips: Array, weights: Array) -> Array:
    return (heads @ weights) / (flips @ weights)


def _weighted_alpha(heads: Array, flips: Array, weights: Array) -> Array:
    return weights.sum(axis=0) / weights.sum()


def _hard(weights: Array) -> Array:
    return (weights == weights.max(axis=1, keepdims=True)).astype(float)


def _draw(rng: Rng, k: int, n: int, most: int) -> tuple[Array, ...]:
    """Draw n rows and their weights: some of them 0, row sums that differ.

    Every coin has the largest weight in some row, so that even hard assignment leaves none empty.
    """
    weights = rng.dirichlet(np.ones(k), size=n) * rng.uniform(0.3, 1, size=(n, 1))
    for i in range(k):
        j = weights[i].argmax()
        weights[i, [i, j]] = weights[i, [j, i]]
    weights[0, k - 1] = 0
    order = rng.permutation(n)
    return *rows(rng, n, most), weights[order]


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    drawn = [_draw(rng, *sizes) for sizes in [(3, 6, 9), (2, 5, 12), (4, 8, 15)]]
    tiny = RARE * rng.uniform([0.5, 0.1], [0.9, 0.4], size=(2, 2))  # all that the first coin has
    flips = rng.integers(4, 9, size=4)
    heads = np.array([1, flips[1] - 1, flips[2], flips[3]])  # the second coin shows only heads
    return [*drawn, (heads, flips, np.vstack([tiny, [[0, 0.7], [0, 0.4]]]))]


weighted_mle = Exercise(
    name="weighted_mle",
    parameters=("heads", "flips", "weights"),
    outputs=(
        Output("alpha", "an array of shape `(k,)`, one mixing weight per coin"),
        Output("theta", "an array of shape `(k,)`, one number per coin"),
    ),
    answer=lambda *a: (_weighted_alpha(*a), _weighted_theta(*a)),
    examples=(
        (
            np.array([2, 4, 1, 6]),
            np.array([4, 8, 5, 8]),
            np.array([[0.0, 0.5, 0.25], [0.5, 0.25, 0.25], [0.0, 0.25, 0.5], [0.25, 0.0, 0.5]]),
        ),
        (
            np.array([1, 4, 1]),
            np.array([2, 5, 6]),
            np.array([[1.0, 0.0], [0.5, 0.25], [0.25, 0.5]]),
        ),
    ),
    mistakes=(
        Mistake(
            "heads and tails swapped",
            "In `theta`, heads and tails seem to be exchanged.",
            lambda h, f, w: _weighted_theta(f - h, f, w),
            part="theta",
        ),
        Mistake(
            "hard assignment",
            "It looks as if each row went wholly to the coin with its largest weight. A row "
            "counts for every coin, in parts.",
            lambda h, f, w: (_weighted_alpha(h, f, _hard(w)), _weighted_theta(h, f, _hard(w))),
        ),
        Mistake(
            "hard assignment",
            "In `theta` it looks as if each row went wholly to the coin with its largest weight.",
            lambda h, f, w: _weighted_theta(h, f, _hard(w)),
            part="theta",
        ),
        Mistake(
            "hard assignment",
            "In `alpha` it looks as if each row went wholly to the coin with its largest weight.",
            lambda h, f, w: _weighted_alpha(h, f, _hard(w)),
            part="alpha",
        ),
        Mistake(
            "weights forgotten in the flips",
            "In `theta` the heads are weighted and the flips are not.",
            lambda h, f, w: (h @ w) / f.sum(),
            part="theta",
        ),
        Mistake(
            "weights forgotten in the heads",
            "In `theta` the flips are weighted and the heads are not.",
            lambda h, f, w: h.sum() / (f @ w),
            part="theta",
        ),
        Mistake(
            "weights forgotten",
            "All coins get the same `theta`: the weights are not used.",
            lambda h, f, w: np.full(w.shape[1], h.sum() / f.sum()),
            part="theta",
        ),
        Mistake(
            "mean of ratios",
            "In `theta` it looks as if you took the weighted mean of the rows' ratios. A row of "
            "many flips should weigh more than a row of few.",
            lambda h, f, w: (h / f) @ w / w.sum(axis=0),
            part="theta",
        ),
        Mistake(
            "flips and rows mixed up",
            "In `theta` it looks as if you divided by weighted rows: rows and flips were mixed up.",
            lambda h, f, w: (h @ w) / w.sum(axis=0),
            part="theta",
        ),
        Mistake(
            "one number of flips for all rows",
            TEN_FLIPS,
            lambda h, f, w: (h @ w) / (10 * w.sum(axis=0)),
            part="theta",
        ),
        Mistake(
            "heads over tails",
            "In `theta` you divided heads by tails: those are the odds, not the probability.",
            lambda h, f, w: (h @ w) / ((f - h) @ w),
            part="theta",
        ),
        Mistake(
            "weights and flips summed apart",
            "In `theta` the weights and the flips are summed apart. Multiply row by row, then sum.",
            lambda h, f, w: (h @ w) / (w.sum(axis=0) * f.sum()),
            part="theta",
        ),
        Mistake(
            "weights and flips summed apart",
            "In `theta` you divided by the mean number of flips. A coin may have more weight in "
            "the long rows: multiply row by row, then sum.",
            lambda h, f, w: (h @ w) / (w.sum(axis=0) * f.mean()),
            part="theta",
        ),
        Mistake(
            "flips and rows mixed up",
            "In `theta` you divided by the number of rows. A row has many flips.",
            lambda h, f, w: (h @ w) / len(h),
            part="theta",
        ),
        Mistake(
            "share of all heads",
            "In `theta` you divided by the heads of all coins. Asked for is how often each coin "
            "shows heads.",
            lambda h, f, w: (h @ w) / (h @ w).sum(),
            part="theta",
        ),
        Mistake(
            "flips of the rows that count at all",
            "In `theta` the heads are weighted, but a row that counts in part gives all of its "
            "flips.",
            lambda h, f, w: (h @ w) / (f @ (w > 0)),
            part="theta",
        ),
        Mistake(
            "not divided",
            "These are the weighted heads. Of how many flips?",
            lambda h, f, w: h @ w,
            part="theta",
        ),
        Mistake(
            "weights normalised within the rows",
            "It looks as if you made each row of `weights` sum to 1 first. A row with little "
            "weight should stay a row with little weight.",
            lambda h, f, w: _weighted_theta(h, f, w / w.sum(axis=1, keepdims=True)),
            part="theta",
        ),
        Mistake(
            "weights normalised within the rows",
            "In `alpha` it looks as if you made each row of `weights` sum to 1 first. A row with "
            "little weight should stay a row with little weight.",
            lambda h, f, w: _weighted_alpha(h, f, w / w.sum(axis=1, keepdims=True)),
            part="alpha",
        ),
        Mistake(
            "weights counted twice",
            "In `theta` it looks as if the weights entered squared, or twice.",
            lambda h, f, w: _weighted_theta(h, f, w**2),
            part="theta",
        ),
        Mistake(
            "divided by the number of rows",
            "In `alpha` you divided by the number of rows. These weights do not sum to 1 in every "
            "row: do your mixing weights sum to 1?",
            lambda h, f, w: w.mean(axis=0),
            part="alpha",
        ),
        Mistake(
            "divided by the number of coins",
            "In `alpha` you divided by the number of coins: do your mixing weights sum to 1?",
            lambda h, f, w: w.sum(axis=0) / w.shape[1],
            part="alpha",
        ),
        Mistake(
            "not normalised",
            "Mixing weights sum to 1: yours are the weighted rows of each coin, not yet divided.",
            lambda h, f, w: w.sum(axis=0),
            part="alpha",
        ),
        Mistake(
            "weighted by flips",
            "In `alpha` the rows seem to count by their flips. A coin is picked once per row, "
            "however often it is flipped then.",
            lambda h, f, w: (f @ w) / (f @ w).sum(),
            part="alpha",
        ),
        Mistake(
            "divided by flips",
            "In `alpha` you divided by flips. A coin is picked once per row: do your mixing "
            "weights sum to 1?",
            lambda h, f, w: w.sum(axis=0) / f.sum(),
            part="alpha",
        ),
        Mistake(
            "softmax",
            "In `alpha` it looks as if the weights went through `exp`. They are no logarithms.",
            lambda h, f, w: softmax(w.sum(axis=0)),
            part="alpha",
        ),
        Mistake(
            "weighted by heads",
            "In `alpha` the rows seem to count by their heads. A coin is picked once per row, "
            "whatever it shows then.",
            lambda h, f, w: (h @ w) / (h @ w).sum(),
            part="alpha",
        ),
        Mistake(
            "equal mixing weights",
            "In `alpha` all coins get the same share. Which coin has more weight in all?",
            lambda h, f, w: np.full(w.shape[1], 1 / w.shape[1]),
            part="alpha",
        ),
        Mistake(
            "sum over the wrong axis",
            "In `alpha` you summed over the coins instead of the rows: one number per coin is "
            "wanted.",
            lambda h, f, w: w.sum(axis=1) / w.sum(),
            part="alpha",
        ),
        Mistake(
            "rows not on axis 0",
            "`weights` has the rows on axis 0, but NumPy lines up *last* axes: give `heads` and "
            "`flips` a second axis before you multiply.",
            lambda h, f, w: ((w * h).sum(axis=0), (w * f).sum(axis=0)),
        ),
        Mistake(
            "two coins only",
            TWO_COINS,
            lambda *a: (_weighted_alpha(*a)[:2], _weighted_theta(*a)[:2]),
        ),
        Mistake(
            "n - 1 for n",
            "In `alpha` you divided by the number of rows less 1: do your mixing weights sum to 1?",
            lambda h, f, w: w.sum(axis=0) / (len(w) - 1),
            part="alpha",
        ),
    ),
    hints=(
        "Column j of `weights` says how much of each row belongs to coin j. Do one coin first.",
        "Wherever the estimate by labels counted a row as 1 or 0, count its weight now, in the "
        "heads and in the flips; for `alpha`, count the rows themselves.",
        "`heads @ weights` adds up the weighted heads of all coins at once. The same with "
        "`flips`, and divide. For `alpha`, sum the columns, and divide by what all of them sum to.",
    ),
    cases=cases,
    in_loops=_loops.weighted_mle,
)
