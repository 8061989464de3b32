"""Exercise 4a.2: the M-step for diagonal covariances."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from emlib.checks import Mistake, Output, Part
from emlib.checks.relations import holds
from key.exercise import Exercise, Rng
from key.gaussian_mixture import _loops
from key.gaussian_mixture._draw import random_m_step
from key.gaussian_mixture._formulas import (
    DIVIDED_BY_N,
    HARD,
    RESPONSIBILITIES_IGNORED,
    Array,
    averages,
    hard,
    squares,
)
from key.kinds import with_a_rare_one


def _answer(data: Array, r: Array) -> tuple[Array, Array, Array]:
    alpha, mu = averages(data, r)
    return alpha, mu, np.sqrt(squares(data, r, mu) / _column(r))


def _column(r: Array) -> Array:
    """Return the expected numbers of points as a column."""
    return r.sum(axis=0)[:, None]


def _own_squares(data: Array, r: Array) -> Array:
    return squares(data, r, averages(data, r)[1])


NOT_DIVIDED = "It looks as if {} was not divided by anything. Look at the formula once more."
WRONG_ALPHA: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    (
        "not divided",
        "It looks as if you returned expected numbers of points. Mixing weights are "
        "probabilities: they sum to 1.",
        lambda x, r: r.sum(axis=0),
    ),
    (
        "n and d confused",
        "It looks as if you divided by the number of entries of `data`. Each row is one point.",
        lambda x, r: r.sum(axis=0) / x.size,
    ),
    (
        "all weights equal",
        "Your weights are all equal. How many points does each component expect to have?",
        lambda x, r: np.full(r.shape[1], 1 / r.shape[1]),
    ),
    (
        "n hard-coded",
        "It looks as if you divided by 272, the number of eruptions in the text. Take `n` from the "
        "arguments.",
        lambda x, r: r.sum(axis=0) / 272,
    ),
    (
        "summed over the wrong axis",
        "It looks as if you averaged over the components. A mixing weight averages over the "
        "points.",
        lambda x, r: r.mean(axis=1),
    ),
)
WRONG_MU: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    ("divided by n", DIVIDED_BY_N, lambda x, r: (r.T @ x) / len(x)),
    (
        "divided by the mixing weight",
        "It looks as if you divided by the mixing weight instead of by the expected number of "
        "points.",
        lambda x, r: (r.T @ x) / r.mean(axis=0)[:, None],
    ),
    ("not divided", NOT_DIVIDED.format("the weighted sum of the points"), lambda x, r: r.T @ x),
    (
        "responsibilities ignored",
        RESPONSIBILITIES_IGNORED,
        lambda x, r: np.tile(x.mean(axis=0), (r.shape[1], 1)),
    ),
)
WRONG_SIGMA: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    (
        "variance for standard deviation",
        "It looks as if you returned variances. Their square roots, the standard deviations, are "
        "asked for.",
        lambda x, r: _answer(x, r)[2] ** 2,
    ),
    ("divided by n", DIVIDED_BY_N, lambda x, r: np.sqrt(_own_squares(x, r) / len(x))),
    (
        "not divided",
        NOT_DIVIDED.format("the weighted sum of squares"),
        lambda x, r: np.sqrt(_own_squares(x, r)),
    ),
    (
        "root taken too early",
        "It looks as if only the sum of squares stands under the root. Divide first, then take "
        "the root.",
        lambda x, r: np.sqrt(_own_squares(x, r)) / _column(r),
    ),
    (
        "no mean subtracted",
        "It looks as if no mean was subtracted from the points: their deviations from the new "
        "`mu` are wanted.",
        lambda x, r: np.sqrt(squares(x, r, 0 * averages(x, r)[1]) / _column(r)),
    ),
    (
        "about the overall mean",
        "It looks as if the deviations are measured from the mean of all points. Each component "
        "has its own mean, the new `mu`.",
        lambda x, r: np.sqrt(squares(x, r, x.mean(axis=0) + 0 * averages(x, r)[1]) / _column(r)),
    ),
    (
        "responsibilities ignored",
        RESPONSIBILITIES_IGNORED,
        lambda x, r: x.std(axis=0) + 0 * averages(x, r)[1],
    ),
    (
        "responsibilities ignored",
        "It looks as if all points counted alike: weight the squares by the responsibilities.",
        lambda x, r: np.sqrt(((x[:, None] - averages(x, r)[1]) ** 2).mean(axis=0)),
    ),
    (
        "absolute deviations",
        "It looks as if absolute deviations were averaged. The standard deviation is the root of "
        "the mean *square*.",
        lambda x, r: np.einsum("ij,ija->ja", r, abs(x[:, None] - averages(x, r)[1])) / _column(r),
    ),
    (
        "one number for all coordinates",
        "It looks as if the squares were averaged over the coordinates too. Each coordinate has "
        "its own standard deviation.",
        lambda x, r: np.sqrt(
            (_answer(x, r)[2] ** 2).mean(axis=1, keepdims=True) + 0 * _answer(x, r)[2]
        ),
    ),
    *(
        (
            "a floor",
            "Your smallest standard deviations are too large: it looks as if they were kept from "
            "being small. What is small depends on the units of the data.",
            lambda x, r, least=least: np.maximum(_answer(x, r)[2], least),
        )
        for least in (1.0, 0.5, 0.1, 0.05)
    ),
    (
        "weights squared",
        "It looks as if the square covers the responsibilities too. Square the deviation alone, "
        "then weight it.",
        lambda x, r: np.sqrt(squares(x, r**2, averages(x, r)[1]) / _column(r)),
    ),
    *(
        (
            "a floor",
            "It looks as if `sigma` is not allowed below some number. What is small depends on the "
            "units of a column: return what the formula gives.",
            lambda x, r, floor=floor: np.maximum(_answer(x, r)[2], floor),
        )
        for floor in (1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 0.05, 0.1, 0.2, 0.5, 1)
    ),
)


def _mistakes() -> Iterator[Mistake]:
    yield Mistake("hard instead of soft", HARD, lambda x, r: _answer(x, hard(r)))
    yield Mistake("hard instead of soft", HARD, lambda x, r: hard(r).mean(axis=0), "alpha")
    for part, wrong in (("alpha", WRONG_ALPHA), ("mu", WRONG_MU), ("sigma", WRONG_SIGMA)):
        for name, says, gives in wrong:
            yield Mistake(name, says, gives, part)


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    """Draw ordinary cases; points far from 0; a rare component; and whole numbers."""
    drawn = [random_m_step(rng, *sizes) for sizes in [(3, 7, 2), (2, 5, 3), (4, 9, 2)]]
    data, r = random_m_step(rng, 2, 4, 2)
    away = data + np.array([2.0**24, 0]), r
    rare = data, with_a_rare_one(rng.dirichlet([2, 2], size=4))
    whole = rng.permutation([[0, 3], [1, 1], [5, 2], [8, 0]]), rng.dirichlet([2, 2], size=4)
    return [*drawn, away, rare, whole]


m_step = Exercise(
    name="m_step",
    parameters=("data", "responsibilities"),
    outputs=(
        Output("alpha", "an array of shape (k,), one weight per component"),
        Output("mu", "an array of shape (k, d), one mean per component"),
        Output("sigma", "an array of shape (k, d), one number per component and coordinate"),
    ),
    answer=_answer,
    parts=(
        Part("alpha", holds(("close", 0))),
        Part("mu", holds(("close", 1))),
        Part("sigma", holds(("in proportion", 2))),  # in any units
    ),
    examples=(
        (
            np.array([[0, 4], [4, 0]]),
            np.array([[1 / 2, 1 / 4, 1 / 4], [1 / 4, 1 / 4, 1 / 2]]),
        ),
        (  # the second column in other units, and a point that is wholly one component's
            np.array([[1.0, -8e-4], [0.5, 1e-3], [-1.0, 4e-4], [2.0, 2e-4], [4.0, -5e-4]]),
            np.array([[0.7, 0.3], [0.1, 0.9], [0.5, 0.5], [1.0, 0.0], [0.3, 0.7]]),
        ),
    ),
    mistakes=tuple(_mistakes()),
    hints=(
        "If each point belonged to one component only, how would you estimate a component's "
        "weight, mean and standard deviation? Now a point belongs to a component only in part.",
        "All three need `N = responsibilities.sum(axis=0)`, the expected number of points of each "
        "component. `responsibilities.T @ data` sums over the points and has shape `(k, d)`; "
        "`N[:, None]` turns `N` into a column.",
        "`data[:, None] - mu` has shape `(n, k, d)`: every deviation of every point. Square it, "
        "weight it with `responsibilities[:, :, None]`, sum over the points, axis 0, divide by "
        "`N[:, None]`, and take the square root last.",
    ),
    cases=cases,
    in_loops=_loops.m_step,
)
