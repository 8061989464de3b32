"""Exercise 3b.1: the E-step, and the log-likelihood that comes with it.

In a mistake, the lambda is the formula as a student with this mistake has it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import logsumexp, softmax

from emlib.checks import Mistake, Output
from emlib.models.binomial import BinomialMixture, Tosses
from emlib.models.mixture import expected_log_joint
from key.coin_toss_em import _loops
from key.coin_toss_em._draw import random_coins
from key.coin_toss_em._formulas import (
    COINS,
    EXAMPLE,
    FIRST_TWO,
    HARD,
    LONG_EXAMPLE,
    PATCHED_UNDERFLOW,
    TINY,
    UNDERFLOW,
    Array,
    from_wrong_joints,
    hard,
    joint,
    naive,
    of_counts,
    posterior,
    row_logs,
    series,
)
from key.exercise import Exercise, Rng
from key.kinds import with_a_rare_one

ONE_MAXIMUM = (
    "It looks as if one number was subtracted from the whole table. Where rows lie far apart, that "
    "does not help the lowest: each row needs its own largest logarithm taken out."
)
BOTH_LONG = (
    np.array([0.6, 0.7, 0.5]),
    np.array([0.5, 0.2, 0.3]),
    np.array([1250, 1300]),
    np.array([2000, 2000]),
)


def _answer(theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    q = BinomialMixture(theta, alpha).expectation(Tosses(heads, flips))
    return q.responsibilities, q.log_likelihood


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    """Draw a table of short rows and two long ones of a rare coin; short rows; long rows; others.

    One is a row so far from every coin that even its count is too improbable for a float; the last
    has coins that seldom show heads.
    """
    theta, alpha, heads, flips = random_coins(rng, 3, 5, 12)
    alpha = with_a_rare_one(alpha)
    long = np.array([_undecided(theta, alpha), 2000])
    data = np.append(heads, _heads(theta[0], long)), np.append(flips, long)
    others = [random_coins(rng, *sizes) for sizes in [(2, 6, 9), (4, 3, 2000)]]
    high, weights, *_ = random_coins(rng, 2, 1, 9)
    far = 0.5 + high / 2, weights, rng.integers(2, 9, 1), np.array([2000])
    low = rng.uniform([0.001, 0.01], [0.002, 0.02])
    seldom = low, weights, np.array([1, 0]), rng.integers([150, 60], [250, 90])
    return [(theta, alpha, *data), *others, far, seldom]


def _undecided(theta: Array, alpha: Array) -> int:
    """Return how many flips speak for the first coin as strongly as its weight against it."""
    flips = np.arange(1, 2000)
    logs = joint(theta, alpha, _heads(theta[0], flips), flips)
    return int(flips[np.argmin(np.abs(logs[:, 0] - logs[:, 1:].max(axis=1)))])


def _heads(theta: float, flips: Array) -> Array:
    return np.rint(theta * flips).astype(int)


def _one_maximum(*x: Array) -> Array:
    """Return the joint probabilities, each divided by the largest of all."""
    return np.exp(joint(*x) - joint(*x).max())


def _of_responsibilities() -> Iterator[Mistake]:
    """Yield the mistakes in the responsibilities."""
    part = "responsibilities"
    for name, says, gives in (
        (
            "normalised over the wrong axis",
            "It looks as if you normalised over the rows (down each column) instead of over the "
            "coins (along each row).",
            lambda *x: softmax(joint(*x), axis=0),
        ),
        (
            "normalised over everything",
            "It looks as if you divided by one sum over all rows and coins. Each row has its own "
            "sum, over the coins.",
            lambda *x: softmax(joint(*x)),
        ),
        (
            "not normalised",
            "It looks as if you returned the joint probability of row and coin. Bayes' rule still "
            "divides it by the probability of the row.",
            naive,
        ),
        (
            "logarithms returned",
            "It looks as if you returned logarithms of probabilities. Responsibilities are "
            "probabilities.",
            lambda *x: joint(*x) - row_logs(joint(*x))[:, None],
        ),
        (
            "logarithms returned",
            "It looks as if you returned logarithms of probabilities, not normalised. "
            "Responsibilities are probabilities.",
            joint,
        ),
        (
            "logarithms normalised",
            "It looks as if logarithms were divided by their sum. Divide the probabilities: in the "
            "log domain that is a subtraction.",
            lambda *x: joint(*x) / joint(*x).sum(axis=1, keepdims=True),
        ),
        (
            "weights after normalising",
            "It looks as if `alpha` was multiplied in after normalising, so that rows no longer "
            "sum to 1. The weights belong to the joint probability.",
            lambda theta, alpha, h, n: alpha * posterior(series(theta, h, n - h)),
        ),
        ("hard instead of soft", HARD, lambda *x: hard(posterior(joint(*x)))),
        (
            "hard instead of soft",
            "It looks as if you returned the number of the most probable coin of each row. The "
            "responsibilities keep the doubt: a probability for every coin.",
            lambda *x: joint(*x).argmax(axis=1),
        ),
        (
            "underflow",
            UNDERFLOW,
            lambda *x: naive(*x) / naive(*x).sum(axis=1, keepdims=True),
        ),
        (
            "underflow",
            UNDERFLOW,
            lambda *x: of_counts(*x) / of_counts(*x).sum(axis=1, keepdims=True),
        ),
        (
            "one maximum for the whole table",
            ONE_MAXIMUM,
            lambda *x: _one_maximum(*x) / _one_maximum(*x).sum(axis=1, keepdims=True),
        ),
        *(
            (
                "underflow patched",
                PATCHED_UNDERFLOW,
                lambda *x, tiny=tiny: (
                    (naive(*x) + tiny) / (naive(*x) + tiny).sum(axis=1, keepdims=True)
                ),
            )
            for tiny in TINY
        ),
        (
            "underflow patched",
            PATCHED_UNDERFLOW,
            lambda *x: naive(*x) / np.maximum(naive(*x).sum(axis=1, keepdims=True), 1e-300),
        ),
        (
            "only two coins",
            FIRST_TWO,
            lambda theta, alpha, h, n: posterior(joint(theta[:2], alpha[:2], h, n)),
        ),
    ):
        yield Mistake(name, says, gives, part)


def _of_the_log_likelihood() -> Iterator[Mistake]:
    """Yield the mistakes in the log-likelihood."""
    part = "log_likelihood"
    for name, says, gives in (
        (
            "log of a sum taken for a sum of logs",
            "It looks as if each coin's term got its own logarithm before they were added. The "
            "probability of a row is a sum over the coins; the logarithm comes after that sum.",
            lambda *x: joint(*x).sum(),
        ),
        (
            "log of a sum taken for a sum of logs",
            "It looks as if the coins' log-probabilities were averaged. By Jensen's inequality "
            "that is only a lower bound: average the probabilities, then take the logarithm.",
            lambda theta, alpha, h, n: (alpha * series(theta, h, n - h)).sum(),
        ),
        (
            "Q taken for the log-likelihood",
            "Your `log_likelihood` averages the log joint probabilities by the responsibilities. "
            "The log-likelihood of what was observed needs no responsibilities: it is the sum of "
            "the logarithms of the rows' probabilities.",
            lambda *x: expected_log_joint(posterior(joint(*x)), joint(*x)),
        ),
        (
            "hard instead of soft",
            "It looks as if only the most probable coin of each row was counted in "
            "`log_likelihood`. Any coin may be behind a row: add the probabilities of all of them.",
            lambda *x: joint(*x).max(axis=1).sum(),
        ),
        (
            "summed over the wrong axis",
            "It looks as if rows were added inside the logarithm. Add over the coins of a row, "
            "take the logarithm, then add over the rows.",
            lambda *x: logsumexp(joint(*x), axis=0).sum(),
        ),
        (
            "one logarithm of everything",
            "It looks as if one logarithm was taken of a sum over everything. Rows are "
            "independent: their probabilities multiply, so their logarithms add.",
            lambda *x: logsumexp(joint(*x)),
        ),
        (
            "binomial coefficients",
            "It looks as if binomial coefficients were added: that is the probability of the "
            "number of heads. Here the series itself was observed.",
            lambda *x: row_logs(joint(*x)).sum() + Tosses(*x[2:]).log_orders,
        ),
        (
            "mean instead of sum",
            "It looks as if the mean over the rows was taken. The log-likelihood is their sum.",
            lambda *x: row_logs(joint(*x)).mean(),
        ),
        (
            "negative log-likelihood",
            "The sign of your `log_likelihood` is wrong: this is the negative log-likelihood.",
            lambda *x: -row_logs(joint(*x)).sum(),
        ),
        (
            "logarithm forgotten",
            "Your `log_likelihood` is the likelihood, a probability. Its logarithm is asked for.",
            lambda *x: naive(*x).sum(axis=1).prod(),
        ),
        (
            "logarithm forgotten",
            "It looks as if the probabilities of the rows were added. The logarithm comes first.",
            lambda *x: naive(*x).sum(),
        ),
        ("only two coins", FIRST_TWO, lambda t, a, h, n: row_logs(joint(t[:2], a[:2], h, n)).sum()),
        ("underflow", UNDERFLOW, lambda *x: np.log(naive(*x).sum(axis=1)).sum()),
        (
            "one maximum for the whole table",
            ONE_MAXIMUM,
            lambda *x: (np.log(_one_maximum(*x).sum(axis=1)) + joint(*x).max()).sum(),
        ),
        *(
            (
                "underflow patched",
                PATCHED_UNDERFLOW,
                lambda *x, tiny=tiny: np.log(naive(*x).sum(axis=1) + tiny).sum(),
            )
            for tiny in TINY
        ),
    ):
        yield Mistake(name, says, gives, part)


e_step = Exercise(
    name="e_step",
    parameters=COINS,
    outputs=(
        Output(
            "responsibilities",
            "an array of shape (n, k), a row per row of flips and a column per coin",
            rows_sum_to_one=True,
        ),
        Output("log_likelihood", "a single number"),
    ),
    answer=_answer,
    examples=(EXAMPLE, LONG_EXAMPLE, BOTH_LONG),
    mistakes=(
        *from_wrong_joints(posterior, "responsibilities"),
        *from_wrong_joints(lambda log_joint: row_logs(log_joint).sum(), "log_likelihood"),
        *_of_responsibilities(),
        *_of_the_log_likelihood(),
    ),
    hints=(
        "Use Bayes' rule for one row and two coins: which probability goes on top, which below? "
        "The one below is the probability of the row, and the log-likelihood needs it too.",
        "Make the array of shape `(n, k)` of log joint probabilities: entry `[i, j]` is the "
        "logarithm of `alpha[j]` times the probability of row `i` under coin `j`. "
        "`heads[:, None]` turns `heads` into a column.",
        "`logsumexp(..., axis=1, keepdims=True)` of SciPy gives each row the logarithm of its "
        "own sum. Subtract it from the row and exponentiate last; its sum over the rows is the "
        "log-likelihood.",
    ),
    cases=cases,
    in_loops=_loops.e_step,
    nats=("log_likelihood",),
)
