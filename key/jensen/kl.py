"""Exercise 1.6: the Kullback-Leibler divergence."""

from __future__ import annotations

import numpy as np
from scipy.special import entr, rel_entr, xlogy

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.jensen._formulas import ZERO_LOG_ZERO, Array

# What students add to be safe from zeros.
SMALL_NUMBERS = (
    *(10.0**-power for power in (5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 20, 30, 50, 100, 300)),
    float(np.finfo(float).eps),
    float(np.finfo(float).tiny),
)


def _kl(q: Array, p: Array) -> Array:
    return rel_entr(q, p).sum()


def _draw(rng: Rng, kind: str, k: int) -> tuple[Array, ...]:
    """Draw two distributions of shape (k,), with zeros as `kind` says."""
    q, p = rng.permuted(np.geomspace(0.1, 1, k) * np.ones((2, 1)), axis=1)
    q = q * rng.uniform(0.7, 1.3, size=k)
    zero = rng.integers(k)
    if kind in ("zero in q", "zero in both"):
        q[zero] = 0
    if kind in ("zero in p", "zero in both"):
        p[zero] = 0
    return q / q.sum(), p / p.sum()


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    kinds = ["positive", "zero in q", "zero in p", "zero in both"]
    return [_draw(rng, kind, k) for k, kind in enumerate(kinds, start=3)]


kl = Exercise(
    name="kl",
    parameters=("q", "p"),
    outputs=(Output("the divergence", "a single number"),),
    answer=_kl,
    examples=(
        (np.array([0.5, 0.5]), np.array([0.25, 0.75])),
        (np.array([0.7, 0.2, 0.1]), np.array([0.3, 0.3, 0.4])),
        (np.array([0.6, 0.4, 0.0]), np.array([0.2, 0.5, 0.3])),
        (np.array([0.2, 0.5, 0.3]), np.array([0.6, 0.4, 0.0])),
    ),
    mistakes=(
        Mistake(
            "arguments swapped",
            "It looks as if the two distributions were exchanged: KL(q || p) averages under its "
            "first argument, `q`.",
            lambda q, p: _kl(p, q),
        ),
        Mistake(
            "expectation under the wrong distribution",
            "It looks as if the average of log(q/p) was taken with the weights `p`. The "
            "expectation is under `q`.",
            lambda q, p: np.sum(p * (np.log(q) - np.log(p))),
        ),
        Mistake(
            "negative",
            "A divergence is never negative: the ratio looks upside down.",
            lambda q, p: -_kl(q, p),
        ),
        Mistake(
            "weights forgotten",
            "It looks as if log(q/p) was added up without weights. The expectation is under `q`.",
            lambda q, p: np.sum(np.log(q) - np.log(p)),
        ),
        Mistake(
            "weights forgotten",
            "It looks as if log(q/p) was averaged with equal weights. The expectation is under "
            "`q`.",
            lambda q, p: np.mean(np.log(q) - np.log(p)),
        ),
        Mistake(
            "averaged twice",
            "It looks as if the sum was divided by the number of terms. The weights `q` sum to 1 "
            "already.",
            lambda q, p: _kl(q, p) / len(q),
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if the logarithm came after the mean. The divergence is a mean of "
            "logarithms.",
            lambda q, p: -np.log(p[q > 0].sum()),
        ),
        Mistake(
            "absolute values",
            "It looks as if each term was made positive. Single terms may well be negative: only "
            "their sum never is.",
            lambda q, p: abs(rel_entr(q, p)).sum(),
        ),
        Mistake(
            "weights forgotten",
            "It looks as if log(q/p) was added up without weights. The expectation is under `q`.",
            lambda q, p: np.log(q[q > 0] / p[q > 0]).sum(),
        ),
        Mistake(
            "cross-entropy",
            "It looks as if log q was left out: that is the cross-entropy, which is not 0 for q = "
            "p.",
            lambda q, p: -np.sum(q * np.log(p)),
        ),
        Mistake(
            "cross-entropy",
            "It looks as if log q was left out: that is the cross-entropy, which is not 0 for q = "
            "p.",
            lambda q, p: -xlogy(q, p).sum(),
        ),
        Mistake(
            "entropy",
            "That is the entropy of `q`: `p` was left out.",
            lambda q, p: entr(q).sum(),
        ),
        Mistake(
            "made symmetric",
            "It looks as if both directions were averaged. KL is not symmetric, and only the one "
            "from `q` to `p` is asked for.",
            lambda q, p: (_kl(q, p) + _kl(p, q)) / 2,
        ),
        Mistake(
            "a distance",
            "That is a sum of absolute differences. A divergence is an expected log ratio.",
            lambda q, p: np.abs(q - p).sum(),
        ),
        Mistake(
            "a distance",
            "That is a sum of squared differences. A divergence is an expected log ratio.",
            lambda q, p: np.sum((q - p) ** 2),
        ),
        Mistake(
            "logarithm to another base",
            "It looks as if you used a logarithm to base 2. In nats the logarithm is the natural "
            "one.",
            lambda q, p: _kl(q, p) / np.log(2),
        ),
        Mistake(
            "infinity left out",
            "Where `q` allows what `p` rules out, the divergence is infinite. It looks as if such "
            "terms were left out.",
            lambda q, p: _kl(np.where(p > 0, q, 0), p),
        ),
        Mistake(
            "infinity left out",
            "Where `q` allows what `p` rules out, the divergence is infinite. It looks as if such "
            "terms were left out and the rest was made to sum to 1 again.",
            lambda q, p: _kl(*(v[q * p > 0] / v[q * p > 0].sum() for v in (q, p))),
        ),
        *(
            Mistake(
                "infinity made finite",
                "It looks as if a small number was added so that nothing is 0. Then the divergence "
                "comes out finite where it is infinite. Treat the zeros as the text says.",
                lambda q, p, e=e: np.sum((q + e) * np.log((q + e) / (p + e))),
            )
            for e in SMALL_NUMBERS
        ),
        Mistake(
            "0 log 0",
            "Where `p` is 0 but `q` is not, the ratio cannot be computed. The text says what such "
            "a term makes of the divergence: return it without dividing.",
            lambda q, p: np.nan if (q[p == 0] > 0).any() else _kl(q, p),
        ),
        Mistake(
            "0 log 0",
            ZERO_LOG_ZERO,
            lambda q, p: np.sum(q * np.log(q / p)),
        ),
        Mistake(
            "0 log 0",
            "A zero in `q` where `p` is positive makes nothing infinite: such a term counts as 0.",
            lambda q, p: np.inf if (q * p == 0).any() else _kl(q, p),
        ),
        Mistake(
            "infinity made finite",
            "It looks as if infinity was replaced by a very large number. Where `q` allows what "
            "`p` rules out, the divergence is infinite: say so.",
            lambda q, p: np.nan_to_num(q * np.log(q / p)).sum(),
        ),
        Mistake(
            "sign of infinity",
            "A divergence is never negative: where it is infinite, it is plus infinity.",
            lambda q, p: -np.inf if np.isinf(_kl(q, p)) else _kl(q, p),
        ),
        Mistake(
            "0 log 0",
            "A zero in `p` makes something infinite only if `q` is positive there. If both are 0, "
            "the term counts as 0.",
            lambda q, p: np.inf if (p == 0).any() else _kl(q, p),
        ),
    ),
    hints=(
        "The definition is a sum over j. Work it out by hand for q = (0.5, 0.5), p = (0.25, 0.75). "
        "Which distribution weighs the logarithms?",
        "Look at the zeros one by one: what does a term count if q is 0 there? And if p is 0 "
        "where q is not?",
        "Let `used = q > 0`. If some `p[used]` is 0, return `np.inf`; else add up over `used` "
        "only.",
    ),
    cases=cases,
    nats=("the divergence",),
)
