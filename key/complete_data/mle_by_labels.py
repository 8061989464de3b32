"""Exercise 2a.2: the estimate for any number of coins."""

from __future__ import annotations

import numpy as np

from emlib.checks import Mistake, Output
from key.complete_data import _loops
from key.complete_data._draw import labelled
from key.complete_data._formulas import (
    ALL_COINS,
    HEADS_AND_TAILS,
    ROWS_FOR_FLIPS,
    TEN_FLIPS,
    TWO_COINS,
    Array,
    by_coin,
)
from key.exercise import Exercise, Rng


def _mle(heads: Array, flips: Array, labels: Array, k: int) -> Array:
    return by_coin(heads, labels, k) / by_coin(flips, labels, k)


def _mean_of_ratios(heads: Array, flips: Array, labels: Array, k: int) -> Array:
    return by_coin(heads / flips, labels, k) / np.bincount(labels, minlength=k)


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    several = [labelled(rng, *sizes) for sizes in [(3, 8, 12), (2, 6, 9), (4, 11, 20), (1, 3, 9)]]
    return [*several, _all_and_nothing(rng)]


def _all_and_nothing(rng: Rng) -> tuple[Array, ...]:
    """Draw rows of a coin that never shows heads, and of one that always does."""
    _, flips, labels, k = labelled(rng, 2, 6, 9)
    return flips * labels, flips, labels, k


mle_by_labels = Exercise(
    name="mle_by_labels",
    parameters=("heads", "flips", "labels", "k"),
    outputs=(Output("theta", "an array of shape `(k,)`, one number per coin"),),
    answer=_mle,
    examples=(
        (np.array([1, 3, 1]), np.array([2, 5, 8]), np.array([1, 0, 1]), 2),
        (
            np.array([2, 3, 1, 4, 1, 2]),
            np.array([4, 8, 5, 5, 3, 9]),
            np.array([2, 0, 0, 1, 2, 0]),
            3,
        ),
        (np.array([3, 0, 1, 0]), np.array([3, 4, 1, 2]), np.array([0, 1, 0, 1]), 2),
        (np.array([2, 1]), np.array([3, 6]), np.array([0, 0]), 1),
    ),
    mistakes=(
        Mistake(
            "order of appearance",
            "The estimates stand in the order in which the labels first appear. Entry j belongs to "
            "label j.",
            lambda h, f, z, k: _mle(h, f, z, k)[list(dict.fromkeys(z.tolist()))],
        ),
        Mistake(
            "labels from 1",
            "It looks as if labels from 1 to k were looked for. They run from 0 to k - 1.",
            lambda h, f, z, k: np.append(_mle(h, f, z, k)[1:], 0),
        ),
        Mistake(
            "mean of ratios",
            "It looks as if you took the mean of the rows' ratios. Should a row of two flips weigh "
            "as much as a row of eight?",
            _mean_of_ratios,
        ),
        Mistake(
            "median of ratios",
            "It looks as if you took the median of the rows' ratios. Sum heads and flips before "
            "you divide.",
            lambda h, f, z, k: np.array([np.median((h / f)[z == j]) for j in range(k)]),
        ),
        Mistake(
            "heads and tails swapped",
            HEADS_AND_TAILS,
            lambda h, f, z, k: 1 - _mle(h, f, z, k),
        ),
        Mistake(
            "upside down",
            "A probability cannot exceed 1: the ratio stands upside down.",
            lambda h, f, z, k: 1 / _mle(h, f, z, k),
        ),
        Mistake(
            "heads over tails",
            "It looks as if you divided heads by tails: those are the odds, not the probability.",
            lambda h, f, z, k: _mle(h, f, z, k) / (1 - _mle(h, f, z, k)),
        ),
        Mistake(
            "divided by the flips of all coins",
            ALL_COINS,
            lambda h, f, z, k: by_coin(h, z, k) / f.sum(),
        ),
        Mistake(
            "flips and rows mixed up",
            ROWS_FOR_FLIPS,
            lambda h, f, z, k: by_coin(h, z, k) / np.bincount(z, minlength=k),
        ),
        Mistake(
            "flips and rows mixed up",
            ROWS_FOR_FLIPS,
            lambda h, f, z, k: by_coin(h, z, k) / len(h),
        ),
        Mistake(
            "one number of flips for all rows",
            "It looks as if you took one row's number of flips for all rows. Each row has its own.",
            lambda h, f, z, k: by_coin(h, z, k) / (f[0] * np.bincount(z, minlength=k)),
        ),
        Mistake(
            "one number of flips for all rows",
            TEN_FLIPS,
            lambda h, f, z, k: by_coin(h, z, k) / (10 * np.bincount(z, minlength=k)),
        ),
        Mistake(
            "share of all heads",
            "It looks as if you divided by the heads of all coins. How the heads are shared out "
            "says nothing about how often one coin shows heads.",
            lambda h, f, z, k: by_coin(h, z, k) / h.sum(),
        ),
        Mistake(
            "mixing weights returned",
            "These are the mixing weights: how often each coin was picked. Asked for is how often "
            "it shows heads.",
            lambda h, f, z, k: np.bincount(z, minlength=k) / len(z),
        ),
        Mistake(
            "a prior added",
            "It looks as if you added a head and a tail to each coin. That is a prior, of which "
            "notebook 02b tells; here the data alone are asked.",
            lambda h, f, z, k: (by_coin(h, z, k) + 1) / (by_coin(f, z, k) + 2),
        ),
        Mistake(
            "sorted",
            "The numbers are right but sorted by size: entry j belongs to coin j.",
            lambda *a: np.sort(_mle(*a)),
        ),
        Mistake(
            "only the first coin",
            "Only coin 0 got its number. Does the `return` stand inside the loop?",
            lambda *a: _mle(*a) * (np.arange(a[3]) == 0),
        ),
        Mistake(
            "labels taken for row numbers",
            "It looks as if `labels[j]` were taken for the number of a row. It is the other way "
            "round: `labels[i]` says which coin row i belongs to.",
            lambda h, f, z, k: (h / f)[z[:k]],
        ),
        Mistake(
            "rows taken for coins",
            "It looks as if row j were taken for coin j. `labels` says which coin a row belongs "
            "to, and a coin may have several rows.",
            lambda h, f, z, k: (h / f)[:k],
        ),
        Mistake(
            "mean over all rows",
            "It looks as if the ratios were averaged over all rows, with 0 for those of other "
            "coins. They say nothing about this coin; and sum before you divide.",
            lambda h, f, z, k: by_coin(h / f, z, k) / len(h),
        ),
        Mistake(
            "mean heads",
            "It looks as if you divided the mean of the heads by the sum of the flips: sum both.",
            lambda h, f, z, k: _mle(h, f, z, k) / np.bincount(z, minlength=k),
        ),
        Mistake(
            "labels ignored",
            "All coins get the same number, that of all rows together: the labels are not used.",
            lambda h, f, z, k: np.full(k, h.sum() / f.sum()),
        ),
        Mistake(
            "only the last row of each coin",
            "It looks as if each coin kept only its last row. Does a later row overwrite an "
            "earlier one? (`a[labels] += b` does that, too.)",
            lambda h, f, z, k: np.array([(h[z == j] / f[z == j])[-1] for j in range(k)]),
        ),
        Mistake(
            "only the first row of each coin",
            "It looks as if each coin counted only its first row. It may have several.",
            lambda h, f, z, k: np.array([(h[z == j] / f[z == j])[0] for j in range(k)]),
        ),
        Mistake(
            "two coins only",
            TWO_COINS,
            lambda h, f, z, k: np.append(_mle(h, f, z, k), np.nan)[:2],
        ),
        Mistake(
            "labels from 1",
            "It looks as if you looked for labels from 1 to k. They go from 0 to k - 1.",
            lambda h, f, z, k: _mle(h, f, z, k + 1)[1:],
        ),
        Mistake(
            "one flip less",
            "It looks as if you divided by one flip less. All flips count.",
            lambda h, f, z, k: by_coin(h, z, k) / (by_coin(f, z, k) - 1),
        ),
    ),
    hints=(
        "For one coin: which rows are its own, how many heads do they hold, how many flips?",
        "`labels == j` picks the rows of coin j. Sum heads and flips over them before you divide.",
        "Loop over `range(k)`, compute the ratio of the two sums for each coin, and put the "
        "results into an array.",
    ),
    cases=cases,
    in_loops=_loops.mle_by_labels,
)
