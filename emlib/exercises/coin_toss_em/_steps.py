"""Exercises 3.1 to 3.3: the log-likelihood, the E-step and the M-step.

In a mistake, the lambda is the formula as a student with this mistake has it.
"""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp, softmax

from emlib.checks import Exercise, Mistake, Output
from emlib.driver.em import expected_log_joint
from emlib.exercises.coin_toss_em._formulas import (
    COINS,
    EXAMPLE,
    FIRST_TWO,
    HARD,
    LONG_EXAMPLE,
    ONE_NUMBER_OF_FLIPS,
    PATCHED_UNDERFLOW,
    TEN_FLIPS,
    TINY,
    UNDERFLOW,
    Array,
    from_wrong_joints,
    hard,
    joint,
    naive,
    posterior,
    ratio,
    row_logs,
    series,
)
from emlib.models.binomial import BinomialMixture, Tosses

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
)

e_step = Exercise(
    name="e_step",
    parameters=COINS,
    outputs=(
        Output(
            "responsibilities",
            "an array of shape (n, k), a row per row of flips and a column per coin",
            rows_sum_to_one=True,
        ),
    ),
    answer=lambda theta, alpha, h, n: BinomialMixture(theta, alpha).e_step(Tosses(h, n)),
    examples=(EXAMPLE, LONG_EXAMPLE),
    mistakes=(
        Mistake(
            "normalised over the wrong axis",
            "It looks as if you normalised over the rows (down each column) instead of over the "
            "coins (along each row).",
            lambda *x: softmax(joint(*x), axis=0),
        ),
        Mistake(
            "normalised over everything",
            "It looks as if you divided by one sum over all rows and coins. Each row has its own "
            "sum, over the coins.",
            lambda *x: softmax(joint(*x)),
        ),
        *from_wrong_joints(posterior),
        Mistake(
            "not normalised",
            "It looks as if you returned the joint probability of row and coin. Bayes' rule still "
            "divides it by the probability of the row.",
            naive,
        ),
        Mistake(
            "logarithms returned",
            "It looks as if you returned logarithms of probabilities. Responsibilities are "
            "probabilities.",
            lambda *x: joint(*x) - row_logs(joint(*x))[:, None],
        ),
        Mistake(
            "logarithms returned",
            "It looks as if you returned logarithms of probabilities, not normalised. "
            "Responsibilities are probabilities.",
            joint,
        ),
        Mistake(
            "logarithms normalised",
            "It looks as if logarithms were divided by their sum. Divide the probabilities: in the "
            "log domain that is a subtraction.",
            lambda *x: joint(*x) / joint(*x).sum(axis=1, keepdims=True),
        ),
        Mistake(
            "weights after normalising",
            "It looks as if `alpha` was multiplied in after normalising, so that rows no longer "
            "sum to 1. The weights belong to the joint probability.",
            lambda theta, alpha, h, n: alpha * posterior(series(theta, h, n - h)),
        ),
        Mistake("hard instead of soft", HARD, lambda *x: hard(posterior(joint(*x)))),
        Mistake(
            "hard instead of soft",
            "It looks as if you returned the number of the most probable coin of each row. The "
            "responsibilities keep the doubt: a probability for every coin.",
            lambda *x: joint(*x).argmax(axis=1),
        ),
        Mistake(
            "underflow",
            UNDERFLOW,
            lambda *x: naive(*x) / naive(*x).sum(axis=1, keepdims=True),
        ),
        *(
            Mistake(
                "underflow patched",
                PATCHED_UNDERFLOW,
                lambda *x, tiny=tiny: (
                    (naive(*x) + tiny) / (naive(*x) + tiny).sum(axis=1, keepdims=True)
                ),
            )
            for tiny in TINY
        ),
        Mistake(
            "underflow patched",
            PATCHED_UNDERFLOW,
            lambda *x: naive(*x) / np.maximum(naive(*x).sum(axis=1, keepdims=True), 1e-300),
        ),
        Mistake(
            "only two coins",
            FIRST_TWO,
            lambda theta, alpha, h, n: posterior(joint(theta[:2], alpha[:2], h, n)),
        ),
    ),
    hints=(
        "Use Bayes' rule for one row and two coins: which probability goes on top, which below?",
        "As for the log-likelihood, make the array of shape `(n, k)` of "
        "log joint probabilities. Each row has to be normalised on its own.",
        "Dividing probabilities is subtracting logarithms: subtract from each row its own "
        "`np.logaddexp.reduce(..., axis=1, keepdims=True)`, and exponentiate last.",
    ),
)


def _m_step(r: Array, heads: Array, flips: Array) -> Array:
    return BinomialMixture(np.full(r.shape[1], 0.5)).m_step(Tosses(heads, flips), r).theta


m_step = Exercise(
    name="m_step",
    parameters=("responsibilities", "heads", "flips"),
    outputs=(Output("theta", "an array of shape (k,), one number per coin"),),
    answer=_m_step,
    examples=(
        (
            np.array([[1 / 2, 1 / 4, 1 / 4], [3 / 4, 1 / 4, 0]]),
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
            "theta normalised to sum 1",
            "Your numbers sum to 1. The probabilities of heads of different coins need not.",
            lambda r, h, n: ratio(r, h, n) / ratio(r, h, n).sum(),
        ),
        Mistake(
            "summed over the wrong axis",
            "It looks as if you summed over the coins. Each coin's estimate sums over the rows.",
            lambda r, h, n: (h[:, None] * r).sum(axis=1) / (n[:, None] * r).sum(axis=1),
        ),
    ),
    hints=(
        "If you knew each row's coin, how would you estimate its probability of heads? Now a row "
        "belongs to a coin only in part.",
        "For each coin, count the expected heads: each row's heads, weighted by the row's "
        "responsibility for that coin. Then count the expected flips in the same way.",
        "`heads @ responsibilities` sums over the rows and leaves one number per coin.",
    ),
)
