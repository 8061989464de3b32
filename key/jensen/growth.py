"""Exercise 1.3: how fast a stake grows if only a share of it is risked, and the best share."""

from __future__ import annotations

import numpy as np

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.jensen import _loops
from key.jensen._formulas import AVERAGED_TWICE, WEIGHTS_FORGOTTEN, Array
from key.jensen._games import draw, factors, rates


def _growth(u: Array, w: Array, shares: Array) -> tuple[Array, Array]:
    found = rates(u, w, shares)
    return found, shares[found.argmax()]


def _growing(u: Array, w: Array, shares: Array) -> Array:
    """Return the largest share that does not shrink the stake of a typical player."""
    return shares[rates(u, w, shares) >= -1e-12].max()


def _first_peak(found: Array) -> int:
    falls = np.flatnonzero(np.diff(found) < 0)
    return int(falls[0]) if len(falls) else len(found) - 1


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    kinds = {"inside": (2, 3, 5), "lost": (2,), "won": (4,)}
    drawn = [draw(rng, kind, k) for kind, sizes in kinds.items() for k in sizes]
    whole = rng.permutation([1, 2, 3]), rng.dirichlet([8, 8, 8]), rng.permutation([0, 0.5, 1])
    two = rng.permutation([0.4, 3]), rng.dirichlet([8, 8]), np.array([0, 1])
    nearly_all = np.array([rng.uniform(1e-4, 2e-4), rng.uniform(4, 5)])  # is lost, rarely
    return [*drawn, whole, two, (nearly_all, np.array([0.1, 0.9]), rng.permutation([0, 0.5, 1]))]


growth = Exercise(
    name="growth",
    parameters=("u", "w", "shares"),
    outputs=(
        Output("rates", "an array of shape (m,), one number per share"),
        Output("best", "a single number"),
    ),
    answer=_growth,
    examples=(
        (np.array([2.0, 0.5]), np.array([0.5, 0.5]), np.array([0.0, 0.5, 1.0])),
        (np.array([0.5, 1.5, 0.9]), np.array([0.3, 0.5, 0.2]), np.array([0.9, 0.2, 0.0, 0.6, 0.3])),
        (np.array([1.2, 0.6]), np.array([0.4, 0.6]), np.array([0.75, 0.25, 0.5, 1.0])),
        (np.array([0.9, 0.2, 3.0]), np.array([0.5, 0.0, 0.5]), np.array([0.25, 1.0, 0.0, 0.6])),
        (np.array([0.5, 2.0]), np.array([0.75, 0.25]), np.array([1, 0])),
    ),
    mistakes=(
        Mistake(
            "log of a mean taken for a mean of logs",
            "`rates` looks like the log of the mean factor. What a typical player sees is the "
            "mean of the log: first the logarithm of each factor, then the mean.",
            lambda u, w, shares: np.log(factors(u, shares) @ w),
            part="rates",
        ),
        Mistake(
            "logarithm missing",
            "`rates` looks like the mean factor itself. The rate is the mean of its logarithm.",
            lambda u, w, shares: factors(u, shares) @ w,
            part="rates",
        ),
        Mistake(
            "logarithm missing",
            "`rates` looks like the mean gain of the stake, the mean factor less 1. The rate is "
            "the mean of its logarithm.",
            lambda u, w, shares: factors(u, shares) @ w - 1,
            part="rates",
        ),
        Mistake(
            "share outside the logarithm",
            "`rates` looks like the share times the rate of the whole game. The share stands "
            "inside the logarithm: by what is the *whole* stake multiplied?",
            lambda u, w, shares: shares * (w @ np.log(u)),
            part="rates",
        ),
        Mistake(
            "weight inside the logarithm",
            "In `rates` a factor stands inside the logarithm that should multiply it: the weights "
            "multiply the logarithms.",
            lambda u, w, shares: np.log(w * factors(u, shares)).sum(axis=1),
            part="rates",
        ),
        Mistake(
            "the rest lost",
            "In `rates` the part that is not risked looks lost. You keep it: it adds 1 - a to the "
            "factor, where a is the share.",
            lambda u, w, shares: np.log(np.outer(shares, u)) @ w,
            part="rates",
        ),
        Mistake(
            "the risked part kept too",
            "In `rates` the part that is risked looks kept, too. You get a u for it, where a is "
            "the share; only 1 - a is left in your pocket.",
            lambda u, w, shares: np.log(1 + np.outer(shares, u)) @ w,
            part="rates",
        ),
        Mistake(
            "share and rest exchanged",
            "In `rates` the share and the rest look exchanged. With share 0 nothing can change.",
            lambda u, w, shares: np.log(factors(u, 1 - shares)) @ w,
            part="rates",
        ),
        Mistake(
            "growth factor instead of rate",
            "`rates` looks right up to the last step: the exponential was taken. The rate is the "
            "mean of the logarithm itself.",
            lambda u, w, shares: np.exp(rates(u, w, shares)),
            part="rates",
        ),
        Mistake(
            "weights forgotten",
            f"`rates`: {WEIGHTS_FORGOTTEN}",
            lambda u, w, shares: np.log(factors(u, shares)).mean(axis=1),
            part="rates",
        ),
        Mistake(
            "weights forgotten",
            "`rates` looks like a sum without weights. An expectation is a weighted mean.",
            lambda u, w, shares: np.log(factors(u, shares)).sum(axis=1),
            part="rates",
        ),
        Mistake(
            "weighted and averaged too",
            f"`rates`: {AVERAGED_TWICE}",
            lambda u, w, shares: rates(u, w, shares) / len(u),
            part="rates",
        ),
        Mistake(
            "rates sorted",
            "The numbers in `rates` look right but in another order: `rates[i]` belongs to "
            "`shares[i]`, and the shares come in any order.",
            lambda u, w, shares: np.log(factors(u, np.sort(shares))) @ w,
            part="rates",
        ),
        Mistake(
            "the rate instead of the share",
            "`best` looks like the largest rate. The *share* that has it is asked for.",
            lambda u, w, shares: rates(u, w, shares).max(),
            part="best",
        ),
        Mistake(
            "the place instead of the share",
            "`best` looks like the place of the best share in the array. Which share stands there?",
            lambda u, w, shares: rates(u, w, shares).argmax(),
            part="best",
        ),
        Mistake(
            "first peak",
            "`best` looks like the share at which the rates fall for the first time. They may rise "
            "again: compare all of them.",
            lambda u, w, shares: shares[_first_peak(rates(u, w, shares))],
            part="best",
        ),
        Mistake(
            "worst instead of best",
            "`best` looks like the share with the *smallest* rate.",
            lambda u, w, shares: shares[rates(u, w, shares).argmin()],
            part="best",
        ),
        Mistake(
            "shares sorted",
            "`best` looks right for shares that are sorted. They come in any order.",
            lambda u, w, shares: np.sort(shares)[rates(u, w, shares).argmax()],
            part="best",
        ),
        Mistake(
            "largest share that grows",
            "`best` looks like the largest share with which the stake does not shrink. Look for "
            "the one with which it grows fastest.",
            _growing,
            part="best",
        ),
        Mistake(
            "largest share that grows",
            "`best` looks like the largest share with which the stake grows. Look for the one with "
            "which it grows fastest.",
            lambda u, w, shares: max([*shares[rates(u, w, shares) > 0], 0]),
            part="best",
        ),
        Mistake(
            "last share",
            "`best` is the last of the shares. They come in any order: which has the largest rate?",
            lambda u, w, shares: shares[-1],
            part="best",
        ),
        Mistake(
            "best for the mean",
            "`best` looks like the share with the largest *mean* of the stake: all or nothing. "
            "Which share has the largest rate?",
            lambda u, w, shares: shares[(factors(u, shares) @ w).argmax()],
            part="best",
        ),
        Mistake(
            "the place instead of the share",
            "`best` looks like the place of the best share divided by a number, as on the grid of"
            " the text. Which share stands there?",
            lambda u, w, shares: rates(u, w, shares).argmax() / 100,
            part="best",
        ),
        Mistake(
            "the place instead of the share",
            "`best` looks like the place of the best share divided by a number. Which share "
            "stands there?",
            lambda u, w, shares: rates(u, w, shares).argmax() / (len(shares) - 1),
            part="best",
        ),
    ),
    hints=(
        "You risk half, and U = 0.5. Of 100 in your pocket, how much is there after the flip? By "
        "what was the whole multiplied?",
        "With share a, all you have is multiplied by 1 - a + a U. For each share, take the mean "
        "of the logarithm of that.",
        "Go through the shares in a loop: `w @ np.log(1 - a + a * u)`, put into a list. "
        "`np.argmax` tells where the largest rate is, and `shares` which share stands there.",
    ),
    cases=cases,
    follows=lambda found, u, w, shares: shares[np.argmax(found)],
    in_loops=_loops.growth,
    text={"w": (0.5, np.array([0.5, 0.5])), "u": np.array([1.5, 0.6])},
    nats=("rates",),
)
