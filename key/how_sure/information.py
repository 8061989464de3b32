"""Exercise 5.2: complete and missing information about the coins, after Louis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from emlib.checks import Mistake, Output
from emlib.models.binomial import Tosses
from key.coin_toss_em._draw import random_coins
from key.coin_toss_em._formulas import joint, posterior
from key.exercise import Exercise, Rng
from key.how_sure import _loops
from key.kinds import RARE

Array = Any  # numbers or arrays of numbers


def _parts(theta: Array, alpha: Array, heads: Array, flips: Array) -> tuple[Array, Array, Array]:
    """Return responsibilities, slopes and bends of log p(x_i | z_i = j), shape (n, k) each."""
    data = Tosses(heads, flips)  # refuses more heads than flips
    h, t = data.heads[:, None], data.tails[:, None]
    r = posterior(joint(theta, alpha, heads, flips))
    return r, h / theta - t / (1 - theta), h / theta**2 + t / (1 - theta) ** 2


def _covariance(r: Array, s: Array) -> Array:
    """Return the sum over the rows of the covariance of the scores (k,)."""
    mean = r * s
    return np.diag((r * s**2).sum(axis=0)) - mean.T @ mean


def _answer(*x: Array) -> tuple[Array, Array]:
    r, s, bends = _parts(*x)
    return np.diag((r * bends).sum(axis=0)), _covariance(r, s)


def _of(part: str, name: str, says: str, gives: Callable[[Array, Array, Array], Array]) -> Mistake:
    return Mistake(name, says, lambda *x: gives(*_parts(*x)), part)


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    """Draw short rows and long ones; and a coin that is rare, and the only one to explain a row."""
    drawn = [random_coins(rng, *sizes) for sizes in [(2, 5, 10), (3, 7, 14), (2, 6, 2000)]]
    theta = np.array([rng.uniform(0.003, 0.005), rng.uniform(0.55, 0.65)])
    rare = theta, np.array([RARE, 1 - RARE]), np.array([3, 5, 1]), np.array([2000, 9, 22])
    return [*drawn, rare]


information = Exercise(
    name="information",
    parameters=("theta", "alpha", "heads", "flips"),
    outputs=(
        Output("complete", "an array of shape `(k, k)`"),
        Output("missing", "an array of shape `(k, k)`"),
    ),
    answer=_answer,
    examples=(
        # Two heads of two: the slopes are 4 and 8/3, the bends 8 and 32/9, the shares 4/13, 9/13.
        (np.array([1 / 2, 3 / 4]), np.full(2, 1 / 2), np.array([2]), np.array([2])),
        (
            np.array([0.3, 0.8, 0.6]),
            np.array([0.2, 0.3, 0.5]),
            np.array([3, 1, 6, 2]),
            np.array([5, 8, 7, 2]),
        ),
        (
            np.array([0.61, 0.58]),
            np.array([0.4, 0.6]),
            np.array([1200, 3, 1180]),
            np.array([2000, 9, 1990]),
        ),
    ),
    mistakes=(
        _of(
            "missing",
            "covariance over the rows",
            "Your `missing` is how much the expected slopes differ from row to row. It is the sum "
            "of the covariances *within* each row, between its possible coins.",
            lambda r, s, b: np.atleast_2d(np.cov((r * s).T, ddof=0)) * len(r),
        ),
        Mistake(
            "observed for missing",
            "Your `missing` is the observed information, complete minus missing.",
            lambda *x: _answer(*x)[0] - _answer(*x)[1],
            "missing",
        ),
        Mistake(
            "observed for complete",
            "Your `complete` is the observed information, complete minus missing.",
            lambda *x: _answer(*x)[0] - _answer(*x)[1],
            "complete",
        ),
        _of(
            "complete",
            "responsibilities left out",
            "In your `complete` every row counts wholly for every coin. It counts by its "
            "responsibility.",
            lambda r, s, b: np.diag(b.sum(axis=0)),
        ),
        Mistake(
            "not squared",
            "In your `complete`, $\\theta$ and $1 - \\theta$ are not squared. The derivative of "
            "$1/\\theta$ is $-1/\\theta^2$.",
            lambda t, a, h, n: np.diag(
                (h @ _parts(t, a, h, n)[0]) / t + ((n - h) @ _parts(t, a, h, n)[0]) / (1 - t)
            ),
            "complete",
        ),
        Mistake(
            "sign of the tails",
            "In your `complete` the part of the tails is subtracted. The logarithm of $1 - "
            "\\theta$ is concave as well: both parts add.",
            lambda t, a, h, n: np.diag(
                (h @ _parts(t, a, h, n)[0]) / t**2
                - ((n - h) @ _parts(t, a, h, n)[0]) / (1 - t) ** 2
            ),
            "complete",
        ),
        Mistake(
            "expected flips instead of the rows",
            "Your `complete` is $F / (\\theta (1 - \\theta))$ with the expected flips $F$. That is "
            "the same only where $\\theta$ is expected heads over expected flips; here it need "
            "not be.",
            lambda t, a, h, n: np.diag(n @ _parts(t, a, h, n)[0] / (t * (1 - t))),
            "complete",
        ),
        _of(
            "complete",
            "squared slopes",
            "Your `complete` holds squared first derivatives. Here the second derivative is "
            "asked for, with a minus sign.",
            lambda r, s, b: np.diag((r * s**2).sum(axis=0)),
        ),
        _of(
            "missing",
            "squared slopes, not their variance",
            "Your `missing` holds the mean squares of the slopes. A covariance subtracts the "
            "product of the means, row by row, also off the diagonal.",
            lambda r, s, b: np.diag((r * s**2).sum(axis=0)),
        ),
        _of(
            "missing",
            "off-diagonal forgotten",
            "The diagonal of your `missing` is right. Two coins' slopes are not independent: if "
            "the row is coin A's, it is not coin B's.",
            lambda r, s, b: np.diag(np.diag(_covariance(r, s))),
        ),
        _of(
            "missing",
            "sign off the diagonal",
            "Off the diagonal your `missing` has the wrong sign: there the mean of the product "
            "is 0, and the product of the means is subtracted.",
            lambda r, s, b: 2 * np.diag(np.diag(_covariance(r, s))) - _covariance(r, s),
        ),
        _of(
            "missing",
            "slopes left out",
            "Your `missing` is the covariance of the labels alone. The slopes of each row belong "
            "to it.",
            lambda r, s, b: _covariance(r, np.ones_like(s)),
        ),
        _of(
            "missing",
            "slopes not squared",
            "In the variance of your `missing` the slopes count once: a variance has squares.",
            lambda r, s, b: np.diag((r * (1 - r) * s).sum(axis=0)),
        ),
        _of(
            "missing",
            "means of all rows",
            "It looks as if the rows were added before the product of the means was taken. Each "
            "row has its own covariance: take these first, then add them.",
            lambda r, s, b: (
                np.diag((r * s**2).sum(axis=0)) - np.outer((r * s).sum(axis=0), (r * s).sum(axis=0))
            ),
        ),
    ),
    hints=(
        "What would you differentiate if the labels were known? Do so once for the slopes, and "
        "once more for `complete`.",
        "`r, _ = e_step(theta, alpha, heads, flips)`. `complete` is `np.diag` of a sum over the "
        "rows, each weighted by `r`.",
        "With the slopes in `s`, shape `(n, k)`, the slope for coin $j$ is `s[i, j]` with "
        "probability `r[i, j]` and else 0, so its mean is `m[i, j]` with `m = r * s`; and "
        "`missing` is `np.diag((m * s).sum(axis=0)) - m.T @ m`.",
    ),
    cases=cases,
    in_loops=_loops.information,
    lent=("e_step",),
)
