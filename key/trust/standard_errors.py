"""Exercise 2b.1: standard errors."""

from __future__ import annotations

import numpy as np

from emlib.checks import Mistake, Output
from key.complete_data._draw import labelled
from key.complete_data._formulas import (
    ALL_COINS,
    ROWS_FOR_FLIPS,
    TEN_FLIPS,
    TWO_COINS,
    Array,
    by_coin,
)
from key.exercise import Exercise, Rng
from key.trust import _loops


def _errors(theta: Array, flips: Array, labels: Array) -> Array:
    return np.sqrt(theta * (1 - theta) / by_coin(flips, labels, len(theta)))


def _draw(rng: Rng, k: int, n: int, most: int) -> tuple[Array, ...]:
    """Draw theta of k coins, and flips and coins of n rows."""
    _, flips, labels, _ = labelled(rng, k, n, most)
    return rng.uniform(0.1, 0.9, size=k), flips, labels


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    several = [_draw(rng, *sizes) for sizes in [(3, 8, 9), (2, 6, 12), (4, 11, 15), (3, 7, 9)]]
    several[-1][0][:2] = rng.permutation(2)  # estimates of 0 and 1
    return several


standard_errors = Exercise(
    name="standard_errors",
    parameters=("theta", "flips", "labels"),
    outputs=(Output("errors", "an array of shape `(k,)`, one number per coin"),),
    answer=_errors,
    examples=(
        (np.array([0.5, 0.2]), np.array([10, 16, 15]), np.array([1, 0, 1])),
        (np.array([0.3, 0.9, 0.6]), np.array([7, 3, 4, 9, 6]), np.array([1, 2, 0, 1, 2])),
        (np.array([0.0, 0.25, 1.0]), np.array([7, 3, 9, 5]), np.array([0, 1, 2, 1])),
    ),
    mistakes=(
        Mistake(
            "order of appearance",
            "It looks as if the flips of the coins stood in the order in which the labels first "
            "appear. Entry j belongs to label j.",
            lambda t, f, z: np.sqrt(
                t * (1 - t) / by_coin(f, z, len(t))[list(dict.fromkeys(z.tolist()))]
            ),
        ),
        Mistake(
            "first row of each coin",
            "It looks as if only the first row of each coin was counted. All its flips make one "
            "estimate.",
            lambda t, f, z: np.sqrt(t * (1 - t) / f[np.unique(z, return_index=True)[1]]),
        ),
        Mistake(
            "variance for standard deviation",
            "These are variances. An error has the same unit as the estimate.",
            lambda *a: _errors(*a) ** 2,
        ),
        Mistake(
            "information",
            "This is the Fisher information itself. Much information means a small error.",
            lambda *a: 1 / _errors(*a) ** 2,
        ),
        Mistake(
            "not inverted",
            "This grows with the number of flips: more data should make the error smaller.",
            lambda *a: 1 / _errors(*a),
        ),
        Mistake(
            "spread of one flip",
            "This is the standard deviation of a single flip. Where does the number of flips "
            "enter?",
            lambda t, f, z: np.sqrt(t * (1 - t)),
        ),
        Mistake(
            "spread of the count",
            "This is the standard deviation of the *number* of heads. The estimate is that number "
            "divided by the flips.",
            lambda t, f, z: np.sqrt(t * (1 - t) * by_coin(f, z, len(t))),
        ),
        Mistake(
            "spread of the rows' flips",
            "This is how much the rows' numbers of flips differ. Asked for is how much the "
            "*estimate* would differ from experiment to experiment.",
            lambda t, f, z: np.array([np.std(f[z == j]) for j in range(len(t))]),
        ),
        Mistake(
            "mean of the rows' errors",
            "It looks as if you took the mean of the rows' standard errors. The rows of a coin "
            "make one estimate, from all of its flips.",
            lambda t, f, z: (
                np.sqrt(t * (1 - t))
                * by_coin(1 / np.sqrt(f), z, len(t))
                / np.bincount(z, minlength=len(t))
            ),
        ),
        Mistake(
            "sum of the rows' errors",
            "It looks as if you added the rows' standard errors. The rows of a coin make one "
            "estimate, from all of its flips: more rows, smaller error.",
            lambda t, f, z: np.sqrt(t * (1 - t)) * by_coin(1 / np.sqrt(f), z, len(t)),
        ),
        Mistake(
            "root over half of the product",
            "It looks as if the root went over one factor only: it belongs over the whole "
            "fraction.",
            lambda t, f, z: np.sqrt(t) * (1 - t) / np.sqrt(by_coin(f, z, len(t))),
        ),
        Mistake(
            "flips for expected heads",
            "It looks as if every flip counted as a head, and as a tail, in the information. How "
            "many of each does one expect?",
            lambda t, f, z: 1 / np.sqrt(by_coin(f, z, len(t)) * (1 / t**2 + 1 / (1 - t) ** 2)),
        ),
        Mistake(
            "worst case",
            "This is the error of a fair coin, whatever `theta` is.",
            lambda t, f, z: 0.5 / np.sqrt(by_coin(f, z, len(t))),
        ),
        Mistake(
            "not summed by coin",
            "It returns one number per row. A coin has one estimate, from all of its rows.",
            lambda t, f, z: np.sqrt(t[z] * (1 - t[z]) / f),
        ),
        Mistake(
            "flips and rows mixed up",
            ROWS_FOR_FLIPS,
            lambda t, f, z: np.sqrt(t * (1 - t) / np.bincount(z, minlength=len(t))),
        ),
        Mistake(
            "flips and rows mixed up",
            ROWS_FOR_FLIPS,
            lambda t, f, z: np.sqrt(t * (1 - t) / len(f)),
        ),
        Mistake(
            "one number of flips for all rows",
            TEN_FLIPS,
            lambda t, f, z: np.sqrt(t * (1 - t) / (10 * np.bincount(z, minlength=len(t)))),
        ),
        Mistake(
            "divided by the flips of all coins",
            ALL_COINS,
            lambda t, f, z: np.sqrt(t * (1 - t) / f.sum()),
        ),
        Mistake(
            "mean flips of a row",
            "It looks as if you took the mean number of flips of a coin's rows. All of its flips "
            "count.",
            lambda t, f, z: np.sqrt(
                t * (1 - t) * np.bincount(z, minlength=len(t)) / by_coin(f, z, len(t))
            ),
        ),
        Mistake(
            "one row's flips only",
            "It looks as if only one row of each coin counted. All of a coin's flips count.",
            lambda t, f, z: np.sqrt(t * (1 - t) / np.array([f[z == j][-1] for j in range(len(t))])),
        ),
        Mistake(
            "root of the flips forgotten",
            "It looks as if you divided by the flips after taking the root: the root belongs over "
            "the whole fraction.",
            lambda t, f, z: np.sqrt(t * (1 - t)) / by_coin(f, z, len(t)),
        ),
        Mistake(
            "root over theta forgotten",
            "It looks as if the root went over the flips alone: it belongs over the whole "
            "fraction.",
            lambda t, f, z: t * (1 - t) / np.sqrt(by_coin(f, z, len(t))),
        ),
        Mistake(
            "tails forgotten",
            "It looks as if the probability of tails were missing under the root.",
            lambda t, f, z: np.sqrt(t / by_coin(f, z, len(t))),
        ),
        Mistake(
            "theta squared",
            "It looks as if theta were squared. One factor is the probability of heads, the other "
            "that of tails.",
            lambda t, f, z: t / np.sqrt(by_coin(f, z, len(t))),
        ),
        Mistake(
            "brackets",
            "It looks as if the brackets around `1 - theta` were missing: Python multiplies before "
            "it subtracts.",
            lambda t, f, z: np.sqrt(t * 1 - t / by_coin(f, z, len(t))),
        ),
        Mistake(
            "half width of an interval",
            "This is the half width of an interval, 1.96 standard errors: return the standard "
            "error.",
            lambda *a: 1.96 * _errors(*a),
        ),
        Mistake(
            "half width of an interval",
            "These are two standard errors, as in the half width of an interval. Return one.",
            lambda *a: 2 * _errors(*a),
        ),
        Mistake(
            "one flip less",
            "It looks as if you divided by one flip less. That belongs to another formula, the "
            "sample variance; the Fisher information counts every flip.",
            lambda t, f, z: np.sqrt(t * (1 - t) / (by_coin(f, z, len(t)) - 1)),
        ),
        Mistake(
            "two coins only",
            TWO_COINS,
            lambda *a: _errors(*a)[:2],
        ),
        Mistake(
            "rows taken for coins",
            "It looks as if row j were taken for coin j. `labels` says which coin a row belongs "
            "to, and a coin may have several rows.",
            lambda theta, f, z: np.sqrt(theta * (1 - theta) / f[: len(theta)]),
        ),
    ),
    hints=(
        "What a coin's error needs is its own theta and its own flips, over all of its rows.",
        "`labels == j` picks the rows of coin j: their flips together are F. Which formula of "
        "section 1 needs F and the estimate?",
        "For each j, sum the flips of its rows to F; the error is "
        "`np.sqrt(theta[j] * (1 - theta[j]) / F)`.",
    ),
    cases=cases,
    in_loops=_loops.standard_errors,
)
