"""Exercises 4.3 and 4.4: the M-step for weights and means, and for standard deviations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import softmax

from emlib.checks import Exercise, Mistake, Output
from emlib.exercises.gaussian_mixture._formulas import (
    HARD,
    Array,
    averages,
    hard,
    scatter,
    squares,
)

DATA = np.array([[0.0, 4.0, 2.0], [4.0, 0.0, 2.0]])
R = np.array([[1 / 4, 3 / 4], [3 / 4, 1 / 4]])
LONGER_DATA = np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 1.0], [2.0, 0.5], [4.0, -1.0]])
LONGER_R = np.array(
    [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.5, 0.4, 0.1], [0.25, 0.05, 0.7], [0.3, 0.2, 0.5]]
)

RESPONSIBILITIES_IGNORED = (
    "Every component gets the same: it looks as if the responsibilities were not used."
)
DIVIDED_BY_N = (
    "It looks as if you divided by the number of points. Divide by the expected number of this "
    "component's points, $N_j$."
)


def _alpha(name: str, says: str, gives: Callable[..., Array]) -> Mistake:
    return Mistake(name, says, gives, "alpha")


def _mu(name: str, says: str, gives: Callable[..., Array]) -> Mistake:
    return Mistake(name, says, gives, "mu")


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
)


def _standard_deviations(data: Array, r: Array, mu: Array) -> Array:
    return np.sqrt(squares(data, r, mu) / r.sum(axis=0)[:, None])


VARIANCES = (
    "It looks as if you returned variances. Their square roots, the standard deviations, are asked "
    "for."
)
UNBIASED = (
    "It looks as if 1 was subtracted from the number of points. That is the unbiased estimate; EM "
    "maximises the likelihood, which divides by the number itself."
)

standard_deviations = Exercise(
    name="standard_deviations",
    parameters=("data", "responsibilities", "mu"),
    outputs=(Output("sigma", "an array of shape (k, d), one number per component and coordinate"),),
    answer=_standard_deviations,
    examples=(
        (DATA, R, np.array([[0.0, 4.0, 0.0], [4.0, 2.0, 1.0]])),
        (LONGER_DATA, LONGER_R, np.array([[1.5, 0.0], [0.0, 2.0], [2.5, -1.0]])),
    ),
    mistakes=(
        Mistake(
            "variance for standard deviation",
            VARIANCES,
            lambda *x: _standard_deviations(*x) ** 2,
        ),
        Mistake(
            "divided by n",
            DIVIDED_BY_N,
            lambda x, r, mu: np.sqrt(squares(x, r, mu) / len(x)),
        ),
        Mistake(
            "divided by n",
            "It looks as if you divided by the number of points and returned variances. Divide by "
            "the expected number of this component's points, and take the square root.",
            lambda x, r, mu: squares(x, r, mu) / len(x),
        ),
        Mistake(
            "not divided",
            "It looks as if the weighted sum of squares was not divided by anything. A mean of "
            "squares is wanted under the root.",
            lambda x, r, mu: np.sqrt(squares(x, r, mu)),
        ),
        Mistake(
            "root taken too early",
            "It looks as if only the sum of squares stands under the root. Divide first, then take "
            "the root.",
            lambda x, r, mu: np.sqrt(squares(x, r, mu)) / r.sum(axis=0)[:, None],
        ),
        Mistake(
            "root taken too early",
            "It looks as if the root was taken point by point, before the sum. Average the squares "
            "first, then take the root.",
            lambda x, r, mu: (
                np.sqrt(r[:, :, None] * (x[:, None] - mu) ** 2).sum(axis=0) / r.sum(axis=0)[:, None]
            ),
        ),
        Mistake(
            "mu ignored",
            "It looks as if `mu` was not used: the deviations are measured from the weighted means "
            "instead of from the centres given.",
            lambda x, r, mu: _standard_deviations(x, r, averages(x, r)[1]),
        ),
        Mistake(
            "mu ignored",
            "It looks as if nothing was subtracted from the points: deviations from `mu` are "
            "wanted.",
            lambda x, r, mu: _standard_deviations(x, r, 0 * mu),
        ),
        *(
            Mistake(
                "mean of squares minus square of the mean",
                "The formula $E[x^2] - \\mu^2$ holds only if $\\mu$ is the mean $E[x]$ itself. "
                "Here `mu` may be any centre: average squared deviations from it.",
                lambda x, r, mu, mend=mend: np.sqrt(
                    mend(squares(x, r, 0 * mu) / r.sum(axis=0)[:, None] - mu**2)
                ),
            )
            for mend in (np.positive, np.abs, lambda v: np.maximum(v, 0))
        ),
        Mistake(
            "mu ignored",
            "It looks as if the deviations are measured from the mean of all points. Each "
            "component has its own centre, in `mu`.",
            lambda x, r, mu: _standard_deviations(x, r, x.mean(axis=0) + 0 * mu),
        ),
        *(
            Mistake(
                "responsibilities ignored",
                RESPONSIBILITIES_IGNORED,
                lambda x, r, mu, ddof=ddof: x.std(axis=0, ddof=ddof) + 0 * mu,
            )
            for ddof in (0, 1)
        ),
        Mistake(
            "one number for all components",
            "It looks as if the squares were added over the components too. Each component has "
            "its own standard deviations.",
            lambda x, r, mu: np.sqrt(squares(x, r, mu).sum(axis=0) / len(x)) + 0 * mu,
        ),
        Mistake(
            "responsibilities ignored",
            "It looks as if all points counted alike: weight the squares by the responsibilities.",
            lambda x, r, mu: np.sqrt(((x[:, None] - mu) ** 2).mean(axis=0)),
        ),
        Mistake(
            "responsibilities ignored",
            "It looks as if the sum of squares was not weighted by the responsibilities.",
            lambda x, r, mu: np.sqrt(((x[:, None] - mu) ** 2).sum(axis=0) / r.sum(axis=0)[:, None]),
        ),
        Mistake(
            "hard instead of soft",
            HARD,
            lambda x, r, mu: _standard_deviations(x, hard(r), mu),
        ),
        Mistake(
            "hard instead of soft, mu ignored",
            HARD + " And `mu` was not used.",
            lambda x, r, mu: _standard_deviations(x, hard(r), averages(x, hard(r))[1]),
        ),
        Mistake(
            "unbiased estimate",
            UNBIASED,
            lambda x, r, mu: np.sqrt(squares(x, r, mu) / (r.sum(axis=0)[:, None] - 1)),
        ),
        Mistake(
            "absolute deviations",
            "It looks as if absolute deviations were averaged. The standard deviation is the root "
            "of the mean *square*.",
            lambda x, r, mu: (
                np.einsum("ij,ija->ja", r, abs(x[:, None] - mu)) / r.sum(axis=0)[:, None]
            ),
        ),
        Mistake(
            "squares forgotten",
            "It looks as if the deviations were averaged without being squared.",
            lambda x, r, mu: np.einsum("ij,ija->ja", r, x[:, None] - mu) / r.sum(axis=0)[:, None],
        ),
        Mistake(
            "squares forgotten",
            "It looks as if the deviations were not squared: under the root there may be negative "
            "numbers.",
            lambda x, r, mu: np.sqrt(
                np.einsum("ij,ija->ja", r, x[:, None] - mu) / r.sum(axis=0)[:, None]
            ),
        ),
        Mistake(
            "responsibilities squared",
            "It looks as if the responsibilities were squared together with the deviations.",
            lambda x, r, mu: np.sqrt(squares(x, r**2, mu) / r.sum(axis=0)[:, None]),
        ),
        Mistake(
            "one number for all coordinates",
            "It looks as if the squares were averaged over the coordinates too. Each coordinate "
            "has its own standard deviation.",
            lambda x, r, mu: np.sqrt(
                (squares(x, r, mu) / r.sum(axis=0)[:, None]).mean(axis=1, keepdims=True) + 0 * mu
            ),
        ),
        Mistake(
            "full covariance",
            "It looks as if you returned full covariance matrices. Here the covariances are "
            "diagonal: one number per component and coordinate.",
            lambda x, r, mu: scatter(x, r, mu) / r.sum(axis=0)[:, None, None],
        ),
    ),
    hints=(
        "For one component and one coordinate this is a weighted standard deviation. Write it as a "
        "formula, with $r_{ij}$ as weights.",
        "`data[:, None] - mu` has shape `(n, k, d)`: every deviation of every point. Square it and "
        "weight it with `responsibilities[:, :, None]`.",
        "Sum over the points, axis 0; divide by `responsibilities.sum(axis=0)[:, None]`; take the "
        "square root last.",
    ),
)
