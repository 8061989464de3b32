"""Exercise 3a.1: the bound on the log of a sum."""

from __future__ import annotations

import numpy as np
from scipy.special import entr, logsumexp, rel_entr, softmax

from emlib.checks import Mistake, Output
from key.bound import _loops
from key.bound._formulas import UNDERFLOW, ZERO_LOG_ZERO, Array, spread
from key.exercise import Exercise, Rng


def _log_sum_bound(log_s: Array, q: Array) -> Array:
    return q @ log_s + entr(q).sum()


def _draw(rng: Rng, k: int, zeros: int, far: float) -> tuple[Array, ...]:
    """Draw k terms around `far`, a q with so many zeros."""
    q = rng.uniform(0.1, 1, size=k)
    q[rng.choice(k, size=zeros, replace=False)] = 0
    return spread(rng, k) + far, q / q.sum()


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    drawn = [_draw(rng, *sizes) for sizes in [(3, 0, 0), (5, 2, 0), (4, 1, -1900), (1, 0, 0)]]
    whole = np.array([-1900, -7, -3]) + rng.integers(0, 3, 3), np.array([3e-4, 0.4997, 0.5])
    return [*drawn, whole]


log_sum_bound = Exercise(
    name="log_sum_bound",
    parameters=("log_s", "q"),
    outputs=(Output("the bound", "a single number"),),
    answer=_log_sum_bound,
    examples=(
        (np.log([2.0, 6.0]), np.array([0.5, 0.5])),
        (np.log([0.06, 0.02, 0.4]), np.array([0.2, 0.7, 0.1])),
        (np.log([0.06, 0.02, 0.4]), np.array([0.25, 0.75, 0.0])),
        (np.array([-2000.0, -1998.0, -2001.0]), np.array([0.3, 0.6, 0.1])),
        (np.array([-2000.0, -1.0, -2.0]), np.array([0.25, 0.0, 0.75])),
    ),
    mistakes=(
        Mistake(
            "q left out of the ratio",
            "It looks as if the mean was taken of log s alone. Multiply *and divide* by q: what is "
            "averaged is the log of the ratio s/q.",
            lambda log_s, q: q @ log_s,
        ),
        Mistake(
            "sign of the entropy",
            "It looks as if log q was added. It stands in the denominator of the ratio s/q.",
            lambda log_s, q: q @ log_s - entr(q).sum(),
        ),
        Mistake(
            "the log of the sum instead of the bound",
            "That is the log of the sum itself, whatever `q` is. The bound lies below it unless "
            "`q` is the one that closes the gap.",
            lambda log_s, q: logsumexp(log_s),
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if the logarithm came after the mean. The bound is a mean of logarithms: "
            "that is what Jensen's inequality gives.",
            lambda log_s, q: logsumexp(log_s, b=q),
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if the logarithm came after the mean. The bound is a mean of logarithms: "
            "that is what Jensen's inequality gives.",
            lambda log_s, q: np.log(q @ np.exp(log_s)),
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if the logarithm came after the mean of the ratios s/q: then q cancels, "
            "and nothing is left of the bound. Jensen's inequality takes the logarithm inside.",
            lambda log_s, q: logsumexp(log_s[q > 0]),
        ),
        Mistake(
            "a plain sum of logs",
            "That is the sum of the logarithms, without `q`. Without weights that sum to 1 there "
            "is no inequality, and no bound.",
            lambda log_s, q: log_s.sum(),
        ),
        Mistake(
            "weights forgotten",
            "It looks as if the logarithms of the ratios s/q were added without their weights q.",
            lambda log_s, q: (log_s - np.log(q)).sum(),
        ),
        Mistake(
            "weights forgotten",
            "It looks as if the logarithms of the ratios s/q were averaged with equal weights. The "
            "expectation is taken under `q`.",
            lambda log_s, q: (log_s - np.log(q)).mean(),
        ),
        Mistake(
            "weights forgotten",
            "It looks as if the logarithms of the ratios s/q were added without their weights q.",
            lambda log_s, q: (log_s - np.log(q))[q > 0].sum(),
        ),
        Mistake(
            "weights forgotten",
            "It looks as if the logarithms of the ratios s/q were averaged with equal weights. The "
            "expectation is taken under `q`.",
            lambda log_s, q: (log_s - np.log(q))[q > 0].mean(),
        ),
        Mistake(
            "log of a ratio",
            "It looks as if one logarithm was divided by the other. The logarithm of a ratio is "
            "a *difference* of logarithms.",
            lambda log_s, q: q[q > 0] @ (log_s / np.log(q))[q > 0],
        ),
        Mistake(
            "logarithm to another base",
            "It looks as if log q was taken to base 2. In nats the logarithm is the natural one, "
            "as it is in `log_s`.",
            lambda log_s, q: q @ log_s + entr(q).sum() / np.log(2),
        ),
        *(
            Mistake(
                "the gap instead of the bound",
                "That is the gap, the Kullback-Leibler divergence. The bound is what remains below "
                "it.",
                gap,
            )
            for gap in (
                lambda log_s, q: rel_entr(q, softmax(log_s)).sum(),  # infinite far out
                lambda log_s, q: logsumexp(log_s) - _log_sum_bound(log_s, q),
            )
        ),
        Mistake("0 log 0", ZERO_LOG_ZERO, lambda log_s, q: q @ (log_s - np.log(q))),
        Mistake(
            "every zero makes it infinite",
            "A zero in `q` does not make the bound infinite: such a term counts as 0.",
            lambda log_s, q: -np.inf if (q == 0).any() else _log_sum_bound(log_s, q),
        ),
        Mistake("underflow", UNDERFLOW, lambda log_s, q: -rel_entr(q, np.exp(log_s)).sum()),
        Mistake("underflow", UNDERFLOW, lambda log_s, q: q @ np.log(np.exp(log_s) / q)),
        Mistake(
            "underflow",
            UNDERFLOW,
            lambda log_s, q: q @ np.log(np.exp(log_s) + 1e-300) + entr(q).sum(),
        ),
        Mistake(
            "logarithms of logarithms",
            "It looks as if `log_s` was taken for the terms themselves. It holds their logarithms.",
            lambda log_s, q: q @ np.log(log_s / q),
        ),
        Mistake(
            "logarithms of logarithms",
            "It looks as if `log_s` was taken for the terms themselves. It holds their logarithms.",
            lambda log_s, q: q[q > 0] @ np.log(log_s / q)[q > 0],
        ),
        Mistake(
            "logarithm missing",
            "It looks as if the exponential was taken at the end: the bound itself is asked for, "
            "in nats.",
            lambda log_s, q: np.exp(_log_sum_bound(log_s, q)),
        ),
        Mistake(
            "negative",
            "The sign is wrong: this is the negative bound.",
            lambda log_s, q: -_log_sum_bound(log_s, q),
        ),
        Mistake(
            "largest term not added back",
            "It looks as if the largest logarithm was taken out, but not added again at the end.",
            lambda log_s, q: _log_sum_bound(log_s - log_s.max(), q),
        ),
        Mistake(
            "small terms left out",
            "It looks as if terms were left out whose `np.exp` underflows to 0. Their logarithms "
            "count.",
            lambda log_s, q: _log_sum_bound(*(x[np.exp(log_s) > 0] for x in (log_s, q))),
        ),
    ),
    hints=(
        "Look at the last line of the derivation. Which logarithm of a ratio is "
        "averaged, and with which weights?",
        "log(s/q) = log s - log q: so s itself is never needed. What is to be done where q is 0?",
        "Pick the terms with `q > 0`, and add up q (log s - log q) over these only.",
    ),
    cases=cases,
    in_loops=_loops.log_sum_bound,
    text={"q": 0.5},
    nats=("the bound",),
)
