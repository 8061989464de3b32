"""Exercise 3a.2: the q that closes the gap."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp, softmax

from emlib.checks import Mistake, Output
from key.bound import _loops
from key.bound._formulas import Array, spread
from key.exercise import Exercise, Rng


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    far = [(2, 0), (5, [0, -6, 0, 0, -5]), (3, -1900)]
    far += [(3, [1700, 1700, 0]), (3, [1700, 0, 0]), (3, [0, 0, 1700])]
    whole, leads = rng.permutation([-1900, -1901, -1903]), rng.permutation([0, -5.2, -6])
    return [*((spread(rng, k) + np.asarray(by),) for k, by in far), (whole,), (leads,)]


closest_q = Exercise(
    name="closest_q",
    parameters=("log_s",),
    outputs=(Output("q", "one number per term"),),
    answer=lambda log_s: softmax(log_s),
    examples=(
        (np.log([2.0, 6.0]),),
        (np.log([0.06, 0.002, 0.4]),),
        (np.array([-2000, -1998, -2001]),),
        (np.array([-2000.0, 0.0, -1999.0]),),
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
            "proportional to 1/s",
            "It looks as if large terms got small weights: then the product s q would be the same "
            "for all terms. It is the ratio that should be.",
            lambda log_s: softmax(-log_s),
        ),
        Mistake(
            "all on the largest term",
            "It looks as if the largest term got all the weight. Every term gets its share.",
            lambda log_s: np.eye(len(log_s))[log_s.argmax()],
        ),
        Mistake(
            "upside down",
            "The ratio stands upside down: no entry of a distribution exceeds 1.",
            lambda log_s: 1 / softmax(log_s),
        ),
        Mistake(
            "another base",
            "It looks as if the terms were taken for powers of 2. `log_s` holds natural "
            "logarithms: their inverse is `np.exp`.",
            lambda log_s: softmax(log_s * np.log(2)),
        ),
        Mistake(
            "another base",
            "It looks as if the terms were taken for powers of 10. `log_s` holds natural "
            "logarithms: their inverse is `np.exp`.",
            lambda log_s: softmax(log_s * np.log(10)),
        ),
        Mistake(
            "shifted above, not below",
            "It looks as if a factor was taken out of the terms but not out of their sum.",
            lambda log_s: np.exp(log_s - log_s.max()) / np.exp(log_s).sum(),
        ),
    ),
    hints=(
        "For which q is s/q the same for all terms? Write q in terms of s, then make it sum to 1.",
        "The terms and their sum underflow, their logarithms do not: which difference of "
        "logarithms is log q?",
        "log q = log s - log(sum of s): `logsumexp` gives the second part. Exponentiate last.",
    ),
    cases=cases,
    in_loops=_loops.closest_q,
)
