"""Exercise 4.3: the M-step for weights and means."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import softmax

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.gaussian_mixture._draw import random_m_step
from key.gaussian_mixture._formulas import (
    DATA,
    DIVIDED_BY_N,
    HARD,
    LONGER_DATA,
    LONGER_R,
    RESPONSIBILITIES_IGNORED,
    Array,
    averages,
    hard,
)


def _alpha(name: str, says: str, gives: Callable[..., Array]) -> Mistake:
    return Mistake(name, says, gives, "alpha")


def _mu(name: str, says: str, gives: Callable[..., Array]) -> Mistake:
    return Mistake(name, says, gives, "mu")


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    return [random_m_step(rng, *sizes) for sizes in [(3, 7, 2), (2, 5, 3), (4, 9, 1)]]


weights_and_means = Exercise(
    name="weights_and_means",
    parameters=("data", "responsibilities"),
    outputs=(
        Output("alpha", "an array of shape (k,), one weight per component"),
        Output("mu", "an array of shape (k, d), one mean per component"),
    ),
    answer=averages,
    examples=(
        (DATA, np.array([[1 / 2, 1 / 4, 1 / 4], [1 / 4, 0, 3 / 4]])),
        (LONGER_DATA, LONGER_R),
    ),
    mistakes=(
        Mistake("hard instead of soft", HARD, lambda x, r: averages(x, hard(r))),
        _alpha(
            "not divided",
            "It looks as if you returned expected numbers of points. Mixing weights are "
            "probabilities: they sum to 1.",
            lambda x, r: r.sum(axis=0),
        ),
        _alpha("hard instead of soft", HARD, lambda x, r: hard(r).mean(axis=0)),
        _alpha(
            "n hard-coded",
            "It looks as if you divided by 1,000, the number of points in the text. Take `n` from "
            "the arguments.",
            lambda x, r: r.sum(axis=0) / 1000,
        ),
        _alpha(
            "n and d confused",
            "It looks as if you divided by the number of entries of `data`. Each row is one point.",
            lambda x, r: r.sum(axis=0) / x.size,
        ),
        *(
            _alpha(
                "softmax of the counts",
                "It looks as if the expected numbers of points went through an exponential. They "
                "are no logarithms: divide them as they are.",
                lambda x, r, by=by: softmax(r.sum(axis=0) / (len(x) if by else 1)),
            )
            for by in (True, False)
        ),
        _alpha(
            "all weights equal",
            "Your weights are all equal. How many points does each component expect to have?",
            lambda x, r: np.full(r.shape[1], 1 / r.shape[1]),
        ),
        _alpha(
            "divided by k",
            "It looks as if you divided by the number of components. By what must the expected "
            "numbers of points be divided to sum to 1?",
            lambda x, r: r.sum(axis=0) / r.shape[1],
        ),
        _alpha(
            "summed over the wrong axis",
            "It looks as if you added over the components: that gives 1 for every point. A mixing "
            "weight adds over the points.",
            lambda x, r: r.sum(axis=1) / len(x),
        ),
        _alpha(
            "summed over the wrong axis",
            "It looks as if you averaged over the components. A mixing weight averages over the "
            "points.",
            lambda x, r: r.mean(axis=1),
        ),
        _mu("divided by n", DIVIDED_BY_N, lambda x, r: (r.T @ x) / len(x)),
        _mu(
            "divided by the mixing weight",
            "It looks as if you divided by the mixing weight instead of by the expected number of "
            "points.",
            lambda x, r: (r.T @ x) / r.mean(axis=0)[:, None],
        ),
        _mu(
            "not divided",
            "It looks as if the weighted sum of the points was not divided by anything. A mean is "
            "wanted.",
            lambda x, r: r.T @ x,
        ),
        _mu("hard instead of soft", HARD, lambda x, r: averages(x, hard(r))[1]),
        _mu(
            "responsibilities ignored",
            RESPONSIBILITIES_IGNORED,
            lambda x, r: np.tile(x.mean(axis=0), (r.shape[1], 1)),
        ),
        _mu(
            "responsibilities ignored",
            "It looks as if the sum over the points was not weighted by the responsibilities.",
            lambda x, r: x.sum(axis=0) / r.sum(axis=0)[:, None],
        ),
        _mu(
            "divided by k",
            "It looks as if you divided by the number of components. Divide by the expected number "
            "of this component's points.",
            lambda x, r: (r.T @ x) / r.shape[1],
        ),
        _mu(
            "divided by the wrong component's number",
            "It looks as if all means were divided by one and the same number. Each component has "
            "its own expected number of points.",
            lambda x, r: (r.T @ x) / r.sum(axis=0)[0],
        ),
        _mu(
            "responsibilities squared",
            "It looks as if the responsibilities were used twice.",
            lambda x, r: ((r**2).T @ x) / r.sum(axis=0)[:, None],
        ),
        _mu(
            "responsibilities squared",
            "It looks as if the responsibilities were squared.",
            lambda x, r: ((r**2).T @ x) / (r**2).sum(axis=0)[:, None],
        ),
    ),
    hints=(
        "If each point belonged to one component only, how would you estimate a component's weight "
        "and its mean? Now a point belongs to a component only in part.",
        "Both need the expected number of points of each component: sum the responsibilities over "
        "the points, axis 0.",
        "`responsibilities.T @ data` sums over the points and has shape `(k, d)`; `N[:, None]` "
        "turns the expected numbers into a column.",
    ),
    cases=cases,
)
