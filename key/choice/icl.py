"""Exercise 4b.3: ICL, a BIC that also pays for labels in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.special import xlogy

from emlib.checks import Mistake, Output
from key.choice import _loops
from key.exercise import Exercise, Rng

Array = Any  # numbers or arrays of numbers


def _entropy(r: Array) -> Array:
    return -xlogy(r, r).sum()


def _answer(bic: Array, r: Array) -> tuple[Array, Array]:
    return _entropy(r), bic + 2 * _entropy(r)


WRONG_ENTROPIES: tuple[tuple[str, str, Callable[[Array], Array]], ...] = (
    (
        "0 log 0",
        "Some responsibilities are 0, and the logarithm of 0 is minus infinity. In an entropy "
        "$0 \\log 0$ counts as 0.",
        lambda r: -np.sum(r * np.log(r)),
    ),
    (
        "sign of the entropy",
        "The sign of your entropy is wrong: no entropy is negative, for logarithms of "
        "probabilities are.",
        lambda r: -_entropy(r),
    ),
    (
        "mean instead of sum",
        "It looks as if the mean over the points was taken. Each point adds its own doubt.",
        lambda r: _entropy(r) / len(r),
    ),
    (
        "entropy of the mixing weights",
        "It looks as if the responsibilities were averaged first. Each point has an entropy of "
        "its own; take these first, then add them.",
        lambda r: _entropy(r.mean(axis=0)),
    ),
    (
        "entropy of the mixing weights",
        "It looks as if the responsibilities were averaged first and the result multiplied by "
        "`n`. Each point has an entropy of its own; add these.",
        lambda r: len(r) * _entropy(r.mean(axis=0)),
    ),
    (
        "hard instead of soft",
        "It looks as if only the largest responsibility of each point was used. All of them are "
        "part of the entropy.",
        lambda r: -np.log(r.max(axis=1)).sum(),
    ),
    (
        "hard instead of soft",
        "It looks as if only the largest responsibility of each point was used. All of them are "
        "part of the entropy.",
        lambda r: _entropy(r.max(axis=1)),
    ),
    (
        "normalised over the wrong axis",
        "It looks as if the columns were normalised first, as `scipy.stats.entropy` does along "
        "axis 0. The rows are distributions already.",
        lambda r: _entropy(r / r.sum(axis=0)),
    ),
    (
        "another measure of doubt",
        "It looks as if r (1 - r) was added up. The entropy adds up -r log r.",
        lambda r: (r * (1 - r)).sum(),
    ),
    (
        "only one component",
        "It looks as if only one column of the responsibilities was used.",
        lambda r: _entropy(r[:, 0]),
    ),
    *(
        (
            "another base",
            f"It looks as if the logarithm was to base {base}. In nats it is the natural one.",
            lambda r, base=base: _entropy(r) / np.log(base),
        )
        for base in (2, 10)
    ),
)


def _mistakes() -> Iterator[Mistake]:
    for name, says, entropy in WRONG_ENTROPIES:
        yield Mistake(name, says, lambda bic, r, e=entropy: e(r), "entropy")
    for name, says, gives in (
        (
            "sign of the penalty",
            "It looks as if the entropy was subtracted. Doubt is a price: smaller is better, so it "
            "is added.",
            lambda bic, r: bic - 2 * _entropy(r),
        ),
        (
            "factor two forgotten",
            "It looks as if the entropy was added once. BIC counts in *double* nats.",
            lambda bic, r: bic + _entropy(r),
        ),
        (
            "sign of BIC",
            "It looks as if `bic` was taken without its sign, or with the other one.",
            lambda bic, r: abs(bic) + 2 * _entropy(r),
        ),
        (
            "sign of BIC",
            "It looks as if `bic` was taken without its sign, or with the other one.",
            lambda bic, r: -bic + 2 * _entropy(r),
        ),
        (
            "BIC forgotten",
            "It looks as if `bic` is missing from the sum.",
            lambda bic, r: 2 * _entropy(r),
        ),
        (
            "entropy not used",
            "That is `bic` itself, without the price for doubt.",
            lambda bic, r: bic + 0 * _entropy(r),
        ),
    ):
        yield Mistake(name, says, gives, "icl")


def _draw(rng: Rng, n: int, k: int, sure: int, sign: int) -> tuple[float, Array]:
    """Draw bic and responsibilities; `sure` points are wholly one component's."""
    r = rng.dirichlet(np.linspace(0.8, 2, k), n)
    r[0, 0], r[0, 1:] = 0, r[0, 1:] / r[0, 1:].sum()
    r[1 : 1 + sure] = np.eye(k)[rng.integers(k, size=sure)][: n - 1]
    return float(sign * rng.uniform(100, 900)), r


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    sizes = [(6, 3, 1, 1), (9, 4, 2, -1), (5, 3, 0, 1), (4, 4, 3, 1)]
    *drawn, (bic, r) = (_draw(rng, *one) for one in sizes)
    return [*drawn, (round(bic), r)]


icl = Exercise(
    name="icl",
    parameters=("bic", "responsibilities"),
    outputs=(Output("entropy", "a single number"), Output("icl", "a single number")),
    answer=_answer,
    examples=(
        (20, np.array([[1.0, 0.0, 0.0], [1 / 2, 1 / 2, 0]])),
        (
            -35.5,
            np.array([[0.7, 0.1, 0.1, 0.1], [0, 0.4, 0, 0.6], [0, 0, 1, 0], [0.1, 0.6, 0.1, 0.2]]),
        ),
    ),
    mistakes=tuple(_mistakes()),
    hints=(
        "How much in doubt is one point? Work out $-\\sum_j r_{ij} \\log r_{ij}$ for a point that "
        "is half A's and half B's, and for one that is wholly A's.",
        "`scipy.special.entr` works out $-r \\log r$ for each entry of a table, and knows that it "
        "is 0 for an entry of 0.",
        "Sum that over all points and components: this is the entropy. Add it twice to `bic`.",
    ),
    cases=cases,
    follows=lambda entropy, bic, r: bic + 2 * entropy,
    in_loops=_loops.icl,
    nats=(),
)
