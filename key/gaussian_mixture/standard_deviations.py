"""Exercise 4.4: the M-step for standard deviations."""

from __future__ import annotations

import numpy as np

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
    R,
    averages,
    hard,
    scatter,
    squares,
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


def _draw(rng: Rng, k: int, n: int, d: int) -> tuple[Array, Array, Array]:
    """Draw data, responsibilities and centres mu, which are not the weighted means."""
    return *random_m_step(rng, k, n, d), rng.uniform(-3, 3, (k, d))


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    return [_draw(rng, *sizes) for sizes in [(3, 7, 2), (2, 5, 3), (4, 9, 1)]]


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
    cases=cases,
)
