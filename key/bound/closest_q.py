"""Exercise 3a.2: the q that closes the gap."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp, softmax

from emlib.checks import Mistake, Output
from key.bound._formulas import NOT_THE_LARGEST, UNDERFLOW, Array, spread
from key.exercise import Exercise, Rng


def _normalised(s: Array) -> Array:
    return s / s.sum()


# Terms far apart, and none of the first, the last, the mean and the median is the largest.
FAR_APART = (-2000.0, 0.0, -2000.0)


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    sizes = [(2, 0), (5, 0), (3, -1900), (3, FAR_APART)]
    return [(spread(rng, k) + np.asarray(far),) for k, far in sizes]


closest_q = Exercise(
    name="closest_q",
    parameters=("log_s",),
    outputs=(Output("q", "one number per term"),),
    answer=lambda log_s: softmax(log_s),
    examples=(
        (np.log([2.0, 6.0]),),
        (np.log([0.06, 0.02, 0.4]),),
        (np.array([-2000.0, -1998.0, -2001.0]),),
        (np.array([-2000.0, -1.0, -2001.0, -2.0]),),
        (np.array([-2002.0, -1.0, -2001.0]),),
    ),
    mistakes=(
        Mistake(
            "not normalised",
            "`q` is not a distribution: its entries should sum to 1.",
            lambda log_s: np.exp(log_s),
        ),
        Mistake(
            "not normalised",
            "`q` is not a distribution: its entries should sum to 1. It looks as if the largest "
            "term was made 1, and no more.",
            lambda log_s: np.exp(log_s - log_s.max()),
        ),
        Mistake(
            "logarithms normalised",
            "It looks as if the logarithms were divided by their sum. `q` is proportional to the "
            "terms themselves, not to their logarithms.",
            lambda log_s: log_s / log_s.sum(),
        ),
        Mistake(
            "logarithms normalised",
            "It looks as if the logarithms, less the largest of them, were divided by their sum. "
            "`q` is proportional to the terms themselves, not to their logarithms.",
            lambda log_s: (log_s - log_s.max()) / (log_s - log_s.max()).sum(),
        ),
        Mistake(
            "terms sorted",
            "The numbers look right but in another order: `q[j]` belongs to `log_s[j]`.",
            lambda log_s: np.sort(softmax(log_s)),
        ),
        Mistake(
            "terms sorted",
            "The numbers look right but in another order: `q[j]` belongs to `log_s[j]`.",
            lambda log_s: np.sort(softmax(log_s))[::-1],
        ),
        Mistake(
            "logarithm of q",
            "That is the logarithm of `q`. One step is left.",
            lambda log_s: log_s - logsumexp(log_s),
        ),
        Mistake(
            "equal weights",
            "It looks as if every term got the same weight. The gap closes when the ratio s/q is "
            "the same for every term.",
            lambda log_s: np.full(len(log_s), 1 / len(log_s)),
        ),
        Mistake(
            "hard instead of soft",
            "It looks as if the largest term got all the weight. Then the ratio s/q is not the "
            "same for every term.",
            lambda log_s: (log_s == log_s.max()).astype(float),
        ),
        Mistake(
            "proportional to 1/s",
            "It looks as if large terms got small weights: then the product s q would be the same "
            "for all terms. It is the ratio that should be.",
            lambda log_s: softmax(-log_s),
        ),
        Mistake(
            "divided by the largest term",
            "It looks as if the terms were divided by their length as a vector. It is their sum "
            "that should be 1.",
            lambda log_s: np.exp(log_s - logsumexp(2 * log_s) / 2),
        ),
        Mistake("underflow", UNDERFLOW, lambda log_s: np.exp(log_s) / np.exp(log_s).sum()),
        Mistake("underflow", UNDERFLOW, lambda log_s: _normalised(np.exp(log_s) + 1e-300)),
        *(
            Mistake(
                "factor that is not the largest term",
                NOT_THE_LARGEST,
                lambda log_s, c=c: _normalised(np.exp(log_s - c(log_s))),
            )
            for c in (np.min, np.mean, np.median, lambda log_s: log_s[0], lambda log_s: log_s[-1])
        ),
    ),
    hints=(
        "For which q is s/q the same number for all terms? Write q in terms of s, then make it "
        "sum to 1.",
        "The terms and their sum both underflow. Their logarithms do not: which difference of "
        "logarithms is log q?",
        "log q = log s - log(sum of s), and `logsumexp` gives the second part. The exponential "
        "comes last.",
    ),
    cases=cases,
)
