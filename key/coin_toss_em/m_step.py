"""Exercise 3b.2: the M-step.

In a mistake, the lambda is the formula as a student with this mistake has it.
"""

from __future__ import annotations

import numpy as np

from emlib.checks import Mistake, Output
from emlib.models.binomial import BinomialMixture, Tosses
from key.coin_toss_em import _loops
from key.coin_toss_em._draw import random_coins
from key.coin_toss_em._formulas import (
    FIRST_TWO,
    HARD,
    ONE_NUMBER_OF_FLIPS,
    TEN_FLIPS,
    Array,
    hard,
    ratio,
)
from key.exercise import Exercise, Rng
from key.kinds import with_a_rare_one


def _m_step(r: Array, heads: Array, flips: Array) -> Array:
    return BinomialMixture(np.full(r.shape[1], 0.5)).m_step(Tosses(heads, flips), r).theta


def _draw(rng: Rng, coins: int, rows: int, most_flips: int) -> tuple[Array, Array, Array]:
    """Draw responsibilities, heads and flips."""
    *_, heads, flips = random_coins(rng, coins, rows, most_flips)
    return rng.dirichlet(np.ones(coins), rows), heads, flips


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    drawn = [_draw(rng, *sizes) for sizes in [(3, 5, 12), (2, 6, 9), (4, 7, 2000), (2, 1, 9)]]
    r, *data = _draw(rng, 2, 4, 9)
    return [*drawn, (with_a_rare_one(r), *data)]


m_step = Exercise(
    name="m_step",
    parameters=("responsibilities", "heads", "flips"),
    outputs=(Output("theta", "an array of shape (k,), one number per coin"),),
    answer=_m_step,
    examples=(
        (
            np.array([[1 / 4, 1 / 2, 1 / 4], [1 / 4, 3 / 4, 0]]),
            np.array([1, 0]),
            np.array([1, 2]),
        ),
        (
            np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.3, 0.7]]),
            np.array([3, 1200, 1, 5]),
            np.array([5, 2000, 4, 9]),
        ),
    ),
    mistakes=(
        Mistake(
            "mean of ratios instead of ratio of sums",
            "It looks as if you averaged the rows' proportions of heads. A row of few flips would "
            "then weigh as much as a long one: divide sums instead.",
            lambda r, h, n: ((h / n) @ r) / r.sum(axis=0),
        ),
        Mistake(
            "divided by rows instead of the coin's flips",
            "It looks as if you divided by the number of rows. Divide by the flips that are "
            "expected to be this coin's.",
            lambda r, h, n: h @ r / len(h),
        ),
        Mistake(
            "divided by all flips instead of the coin's",
            "It looks as if you divided by all flips. Divide by those that are expected to be this "
            "coin's.",
            lambda r, h, n: h @ r / n.sum(),
        ),
        Mistake(
            "divided by rows instead of the coin's flips",
            "It looks as if you divided by the expected number of rows. Divide by the expected "
            "number of flips.",
            lambda r, h, n: h @ r / r.sum(axis=0),
        ),
        Mistake(
            "not divided",
            "It looks as if you returned expected numbers of heads. A probability is wanted.",
            lambda r, h, n: h @ r,
        ),
        Mistake("hard instead of soft", HARD, lambda r, h, n: ratio(hard(r), h, n)),
        Mistake(
            "heads and tails swapped",
            "It looks as if you estimated the probability of tails.",
            lambda r, h, n: ratio(r, n - h, n),
        ),
        Mistake(
            "divided by tails",
            "It looks as if you divided heads by tails: those are the odds. Divide by the flips.",
            lambda r, h, n: (h @ r) / ((n - h) @ r),
        ),
        Mistake(
            "responsibilities ignored",
            "Every coin gets the same number: it looks as if the responsibilities were not used.",
            lambda r, h, n: np.full(r.shape[1], h.sum() / n.sum()),
        ),
        Mistake(
            "responsibilities in the numerator only",
            "It looks as if only the heads were weighted by the responsibilities. The flips need "
            "the same weights.",
            lambda r, h, n: (h @ r) / (n.sum() / r.shape[1]),
        ),
        Mistake(
            "one number of flips for all rows",
            ONE_NUMBER_OF_FLIPS,
            lambda r, h, n: (h @ r) / (n[0] * r.sum(axis=0)),
        ),
        Mistake(
            "one number of flips for all rows",
            "It looks as if the mean number of flips was used for every row. A coin that is likely "
            "for the long rows has more flips than that.",
            lambda r, h, n: (h @ r) / (n.mean() * r.sum(axis=0)),
        ),
        Mistake(
            "one number of flips for all rows",
            TEN_FLIPS,
            lambda r, h, n: (h @ r) / (10 * r.sum(axis=0)),
        ),
        Mistake(
            "responsibilities in the numerator only",
            "It looks as if only the heads were weighted by the responsibilities. The tails need "
            "the same weights.",
            lambda r, h, n: (h @ r) / (h @ r + (n - h).sum()),
        ),
        Mistake(
            "divided by the heads of all coins",
            "It looks as if you divided by the expected heads of all coins. Divide by the flips "
            "that are expected to be this coin's.",
            lambda r, h, n: (h @ r) / (h @ r).sum(),
        ),
        Mistake(
            "pseudo-counts",
            "It looks as if a head and a tail were added to every coin, as a prior does. Here the "
            "maximum of `Q` itself is asked for.",
            lambda r, h, n: (h @ r + 1) / (n @ r + 2),
        ),
        Mistake(
            "mixing weights returned too",
            "It looks as if you returned the mixing weights as well. They stay as they are: return "
            "`theta` alone.",
            lambda r, h, n: (r.sum(axis=0) / r.sum(), ratio(r, h, n)),
        ),
        Mistake(
            "mixing weights returned too",
            "It looks as if you returned the mixing weights as well. They stay as they are: return "
            "`theta` alone.",
            lambda r, h, n: (ratio(r, h, n), r.sum(axis=0) / r.sum()),
        ),
        Mistake(
            "not divided",
            "It looks as if you returned expected heads and tails. A probability is wanted.",
            lambda r, h, n: (h @ r, (n - h) @ r),
        ),
        Mistake("only two coins", FIRST_TWO, lambda r, h, n: ratio(r[:, :2], h, n)),
        Mistake(
            "only two coins",
            FIRST_TWO,
            lambda r, h, n: ratio(np.column_stack([r[:, 0], 1 - r[:, 0]]), h, n),
        ),
        Mistake(
            "mixing weights instead of theta",
            "It looks as if you returned the mixing weights, the mean responsibilities. The new "
            "`theta` is asked for.",
            lambda r, h, n: r.mean(axis=0),
        ),
        Mistake(
            "sorted",
            "Your numbers are right but sorted. `theta[j]` belongs to coin `j`: keep the order of "
            "the columns.",
            lambda r, h, n: np.sort(ratio(r, h, n)),
        ),
        Mistake(
            "theta normalised to sum 1",
            "Your numbers sum to 1. The probabilities of heads of different coins need not.",
            lambda r, h, n: ratio(r, h, n) / ratio(r, h, n).sum(),
        ),
        Mistake(
            "summed over the wrong axis",
            "It looks as if you summed over the coins. Each coin's estimate sums over the rows.",
            lambda r, h, n: (h[:, None] * r).sum(axis=1) / (n[:, None] * r).sum(axis=1),
        ),
        Mistake(
            "mean of ratios instead of ratio of sums",
            "It looks as if you averaged the rows' proportions of heads, and divided by the "
            "number of rows. A row of few flips would weigh as much as a long one: divide sums "
            "instead.",
            lambda r, h, n: ((h / n) @ r) / len(h),
        ),
    ),
    hints=(
        "If you knew each row's coin, how would you estimate its probability of heads? Now a row "
        "belongs to a coin only in part.",
        "For each coin, count the expected heads: each row's heads, weighted by the row's "
        "responsibility for that coin. Then count the expected flips in the same way.",
        "`heads @ responsibilities` sums over the rows and leaves one number per coin.",
    ),
    cases=cases,
    in_loops=_loops.m_step,
)
