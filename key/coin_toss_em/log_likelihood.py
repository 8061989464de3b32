"""Exercise 3.1: the log-likelihood.

In a mistake, the lambda is the formula as a student with this mistake has it.
"""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

from emlib.checks import Mistake, Output
from emlib.driver.em import expected_log_joint
from emlib.models.binomial import BinomialMixture, Tosses
from key.coin_toss_em._draw import random_coins
from key.coin_toss_em._formulas import (
    COINS,
    EXAMPLE,
    FIRST_TWO,
    LONG_EXAMPLE,
    PATCHED_UNDERFLOW,
    TINY,
    UNDERFLOW,
    Array,
    from_wrong_joints,
    joint,
    naive,
    posterior,
    row_logs,
    series,
)
from key.exercise import Exercise, Rng


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    return [random_coins(rng, *sizes) for sizes in [(3, 5, 12), (2, 6, 9), (4, 3, 2000)]]


log_likelihood = Exercise(
    name="log_likelihood",
    parameters=COINS,
    outputs=(Output("the log-likelihood", "a single number"),),
    answer=lambda theta, alpha, h, n: BinomialMixture(theta, alpha).log_likelihood(Tosses(h, n)),
    examples=(EXAMPLE, LONG_EXAMPLE),
    mistakes=(
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if each coin's term got its own logarithm before they were added. The "
            "probability of a row is a sum over the coins; the logarithm comes after that sum.",
            lambda theta, alpha, h, n: joint(theta, alpha, h, n).sum(),
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if the coins' log-probabilities were averaged. By Jensen's inequality "
            "that is only a lower bound: average the probabilities, then take the logarithm.",
            lambda theta, alpha, h, n: (alpha * series(theta, h, n - h)).sum(),
        ),
        *from_wrong_joints(lambda log_joint: row_logs(log_joint).sum()),
        Mistake(
            "Q taken for the log-likelihood",
            "That is Q, the expected complete-data log-likelihood. The log-likelihood of what was "
            "observed needs no responsibilities.",
            lambda *x: expected_log_joint(posterior(joint(*x)), joint(*x)),
        ),
        Mistake(
            "Q taken for the log-likelihood",
            "That is Q without its mixing weights. The log-likelihood of what was observed needs "
            "no responsibilities.",
            lambda theta, alpha, h, n: expected_log_joint(
                posterior(joint(theta, alpha, h, n)), series(theta, h, n - h)
            ),
        ),
        Mistake(
            "hard instead of soft",
            "It looks as if only the most probable coin of each row was counted. Any coin may be "
            "behind a row: add the probabilities of all of them.",
            lambda *x: joint(*x).max(axis=1).sum(),
        ),
        Mistake(
            "summed over the wrong axis",
            "It looks as if rows were added inside the logarithm. Add over the coins of a row, "
            "take the logarithm, then add over the rows.",
            lambda *x: logsumexp(joint(*x), axis=0).sum(),
        ),
        Mistake(
            "one logarithm of everything",
            "It looks as if one logarithm was taken of a sum over everything. Rows are "
            "independent: their probabilities multiply, so their logarithms add.",
            lambda *x: logsumexp(joint(*x)),
        ),
        Mistake(
            "binomial coefficients",
            "It looks as if binomial coefficients were added: that is the probability of the "
            "number of heads. Here the series itself was observed.",
            lambda theta, alpha, h, n: (
                row_logs(joint(theta, alpha, h, n)).sum() + Tosses(h, n).log_orders
            ),
        ),
        Mistake(
            "mean instead of sum",
            "It looks as if the mean over the rows was taken. The log-likelihood is their sum.",
            lambda *x: row_logs(joint(*x)).mean(),
        ),
        Mistake(
            "negative log-likelihood",
            "The sign is wrong: this is the negative log-likelihood.",
            lambda *x: -row_logs(joint(*x)).sum(),
        ),
        Mistake(
            "logarithm to base 2",
            "It looks as if the logarithm was to base 2. In nats it is the natural one.",
            lambda *x: row_logs(joint(*x)).sum() / np.log(2),
        ),
        Mistake(
            "logarithm to base 10",
            "It looks as if the logarithm was to base 10. In nats it is the natural one.",
            lambda *x: row_logs(joint(*x)).sum() / np.log(10),
        ),
        Mistake(
            "logarithm forgotten",
            "That is the likelihood, a probability. Its logarithm is asked for.",
            lambda *x: naive(*x).sum(axis=1).prod(),
        ),
        Mistake(
            "logarithm forgotten",
            "It looks as if the probabilities of the rows were added. The logarithm comes first.",
            lambda *x: naive(*x).sum(),
        ),
        Mistake(
            "coins averaged before the row",
            "It looks as if there were one coin, with the average probability of heads. All flips "
            "of a row are of the same coin: average the probabilities of the row.",
            lambda theta, alpha, h, n: joint(theta @ alpha, 1, h, n).sum(),
        ),
        Mistake(
            "only two coins",
            FIRST_TWO,
            lambda theta, alpha, h, n: row_logs(joint(theta[:2], alpha[:2], h, n)).sum(),
        ),
        Mistake("underflow", UNDERFLOW, lambda *x: np.log(naive(*x).sum(axis=1)).sum()),
        *(
            Mistake(
                "underflow patched",
                PATCHED_UNDERFLOW,
                lambda *x, tiny=tiny: np.log(naive(*x).sum(axis=1) + tiny).sum(),
            )
            for tiny in TINY
        ),
    ),
    hints=(
        "What is the probability of one row if nobody tells you which coin was used? Write it "
        "down for two coins first.",
        "Make an array of shape `(n, k)`: entry `[i, j]` is the logarithm of `alpha[j]` times the "
        "probability of row `i` under coin `j`. `heads[:, None]` turns `heads` into a column.",
        "Each row then needs the logarithm of a sum of exponentials. "
        "`np.logaddexp.reduce(..., axis=1)` computes it without underflow.",
    ),
    cases=cases,
    nats=("the log-likelihood",),
)
