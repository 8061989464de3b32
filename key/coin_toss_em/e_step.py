"""Exercise 3.2: the E-step.

In a mistake, the lambda is the formula as a student with this mistake has it.
"""

from __future__ import annotations

import numpy as np
from scipy.special import softmax

from emlib.checks import Mistake, Output
from emlib.models.binomial import BinomialMixture, Tosses
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
    posterior,
    row_logs,
    series,
)
from key.exercise import Exercise, Rng


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    return [random_coins(rng, *sizes) for sizes in [(3, 5, 12), (2, 6, 9), (4, 3, 2000)]]


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
    cases=cases,
)
