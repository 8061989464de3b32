"""Exercise 4.1: the log-density of one Gaussian through its Cholesky factor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.linalg import solve_triangular

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.gaussian_mixture._draw import factor, with_far_row
from key.gaussian_mixture._formulas import LOG_2PI, UNDERFLOW, Array


def _whiten(data: Array, mean: Array, L: Array) -> Array:
    """Return y = L^-1 (x - mu), shape (n, d)."""
    return solve_triangular(L, (data - mean).T, lower=True).T


def _distance(data: Array, mean: Array, L: Array) -> Array:
    return (_whiten(data, mean, L) ** 2).sum(axis=1)


def _log_det(L: Array) -> Array:
    return np.log(np.diag(L)).sum()


def _put(distance: Array, log_det_L: Array, d: Array) -> Array:
    return -(d * LOG_2PI + distance) / 2 - log_det_L


def _answer(data: Array, mean: Array, L: Array) -> Array:
    return _put(_distance(data, mean, L), _log_det(L), len(mean))


def _with(distance: Callable[..., Array]) -> Callable[..., Array]:
    """Return the log-density with another distance in it."""
    return lambda data, mean, L: _put(distance(data, mean, L), _log_det(L), len(mean))


def _quadratic(data: Array, mean: Array, matrix: Array) -> Array:
    """Return u^T matrix^-1 u for each point."""
    u = data - mean
    return (u * np.linalg.solve(matrix, u.T).T).sum(axis=1)


FACTOR_AS_COVARIANCE = (
    "It looks as if `L` was taken for the covariance. It is the factor: the covariance is `L @ "
    "L.T`."
)
LOG_DET = (
    "The determinant has the wrong share. $L$ holds standard deviations, $\\Sigma$ their squares: "
    "how many times does $\\sum_a \\log L_{aa}$ occur in the log-density?"
)
DIMENSION_FIXED = (
    "It is right in one number of dimensions only: it looks as if `d` was written as a number. "
    "Take it from the shape of the arguments."
)


def _draw(rng: Rng, n: int, d: int, far: bool) -> tuple[Array, Array, Array]:
    """Draw data, mean and L."""
    mean = rng.uniform(-2, 2, d)
    return with_far_row(mean + rng.normal(size=(n, d)), far), mean, factor(rng, d)


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    sizes = [(4, 2, False), (5, 3, True), (3, 1, False), (2, 5, True)]
    return [_draw(rng, *size) for size in sizes]


log_density = Exercise(
    name="log_density",
    parameters=("data", "mean", "L"),
    outputs=(Output("log-densities", "an array of shape (n,), one number per point"),),
    answer=_answer,
    examples=(
        # y = (1, 0), (0, 2), (0, 0); log det L = log 2.
        (
            np.array([[3.0, 1.0], [1.0, 2.0], [1.0, 0.0]]),
            np.array([1.0, 0.0]),
            np.array([[2.0, 0.0], [1.0, 1.0]]),
        ),
        (
            np.array([[0.5, -1.0, 2.0], [1.0, 1.5, 0.0], [0.0, 0.5, -1.5], [90.0, -40.0, 70.0]]),
            np.array([0.5, 1.0, -0.5]),
            np.array([[1.5, 0.0, 0.0], [-0.5, 0.8, 0.0], [0.25, 0.5, 2.5]]),
        ),
    ),
    mistakes=(
        Mistake(
            "underflow",
            UNDERFLOW,
            lambda *x: np.log(np.exp(_answer(*x))),
        ),
        Mistake(
            "density instead of its logarithm",
            "That is the density. Its logarithm is asked for.",
            lambda *x: np.exp(_answer(*x)),
        ),
        Mistake(
            "negative log-density",
            "The sign is wrong: this is the negative log-density.",
            lambda *x: -_answer(*x),
        ),
        Mistake(
            "summed over the points",
            "It looks as if the log-densities of all points were added. One number per point is "
            "asked for.",
            lambda *x: _answer(*x).sum(),
        ),
        Mistake(
            "covariance and its factor confused",
            FACTOR_AS_COVARIANCE,
            lambda data, mean, L: _put(_quadratic(data, mean, L), _log_det(L) / 2, len(mean)),
        ),
        Mistake(
            "covariance and its factor confused",
            FACTOR_AS_COVARIANCE,
            lambda data, mean, L: _put(_quadratic(data, mean, L), _log_det(L), len(mean)),
        ),
        Mistake(
            "covariance and its factor confused",
            "It looks as if `L @ L.T` was used where its factor `L` belongs: `y` comes out too "
            "small or too large.",
            _with(lambda data, mean, L: _distance(data, mean, L @ L.T)),
        ),
        Mistake(
            "covariance and its factor confused",
            "It looks as if `y` was computed with `L @ L.T` instead of `L`.",
            _with(lambda data, mean, L: (np.linalg.solve(L @ L.T, (data - mean).T) ** 2).sum(0)),
        ),
        Mistake(
            "factors exchanged",
            "It looks as if the covariance was taken as `L.T @ L`, or $L^{\\mathsf T}$ was used "
            "for $L$. It is `L @ L.T`.",
            _with(lambda data, mean, L: (np.linalg.solve(L.T, (data - mean).T) ** 2).sum(0)),
        ),
        Mistake(
            "multiplied instead of solved",
            "It looks as if `L` was multiplied with, where its inverse is needed: solve $L y = x "
            "- \\mu$.",
            _with(lambda data, mean, L: (((data - mean) @ L.T) ** 2).sum(axis=1)),
        ),
        Mistake(
            "multiplied instead of solved",
            "It looks as if `L` was multiplied with, where its inverse is needed: solve $L y = x "
            "- \\mu$.",
            _with(lambda data, mean, L: (((data - mean) @ L) ** 2).sum(axis=1)),
        ),
        Mistake(
            "only the diagonal of L",
            "It looks as if only the diagonal of `L` was used for `y`: the coordinates of this "
            "Gaussian are correlated.",
            _with(lambda data, mean, L: (((data - mean) / np.diag(L)) ** 2).sum(axis=1)),
        ),
        Mistake(
            "mean forgotten",
            "It looks as if `mean` was not subtracted.",
            _with(lambda data, mean, L: _distance(data, 0 * mean, L)),
        ),
        Mistake(
            "sign of the exponent",
            "The exponent has the wrong sign: the further away a point is, the less dense it must "
            "be.",
            _with(lambda *x: -_distance(*x)),
        ),
        *(
            Mistake(
                "logarithm to base 10",
                "It looks as if a logarithm was to base 10. Nats need the natural one.",
                lambda data, mean, L, power=power: (
                    -len(mean) / 2 * np.log10(2 * np.pi)
                    - _distance(data, mean, L) / 2 * power
                    - np.log10(np.diag(L)).sum()
                ),
            )
            for power in (1, np.log10(np.e))
        ),
        Mistake(
            "factor one half forgotten",
            "It looks as if the factor 1/2 before $y^{\\mathsf T} y$ is missing.",
            _with(lambda data, mean, L: 2 * _distance(data, mean, L)),
        ),
        Mistake(
            "not squared",
            "It looks as if the length of `y` was taken instead of its square.",
            _with(lambda data, mean, L: np.sqrt(_distance(data, mean, L))),
        ),
        Mistake(
            "not squared",
            "It looks as if the entries of `y` were added without being squared.",
            _with(lambda data, mean, L: _whiten(data, mean, L).sum(axis=1)),
        ),
        Mistake(
            "determinant forgotten",
            "It looks as if the determinant is missing: a wide Gaussian must be lower than a "
            "narrow one.",
            lambda data, mean, L: _put(_distance(data, mean, L), 0, len(mean)),
        ),
        *(
            Mistake(
                "determinant of the covariance for that of its factor",
                LOG_DET,
                lambda data, mean, L, times=times: _put(
                    _distance(data, mean, L), times * _log_det(L), len(mean)
                ),
            )
            for times in (2, 0.5)
        ),
        Mistake(
            "sign of the determinant",
            "The determinant has the wrong sign: a wide Gaussian must be lower than a narrow one.",
            lambda data, mean, L: _put(_distance(data, mean, L), -_log_det(L), len(mean)),
        ),
        Mistake(
            "constant forgotten",
            "It looks as if the constant with $2\\pi$ is missing: a density must integrate to 1.",
            lambda data, mean, L: _put(_distance(data, mean, L), _log_det(L), 0),
        ),
        *(
            Mistake(
                "n and d confused" if use_n else "dimension hard-coded",
                "It looks as if the number of points was used for the number of dimensions."
                if use_n
                else DIMENSION_FIXED,
                lambda data, mean, L, use_n=use_n, d=d: _put(
                    _distance(data, mean, L), _log_det(L), len(data) if use_n else d
                ),
            )
            for use_n, d in ((True, 0), (False, 1), (False, 2), (False, 3))
        ),
        Mistake(
            "factor one half forgotten",
            "It looks as if the factor 1/2 before $d \\log 2\\pi$ is missing.",
            lambda data, mean, L: _put(_distance(data, mean, L), _log_det(L), 2 * len(mean)),
        ),
        Mistake(
            "summed over the wrong axis",
            "It looks as if squares were added over the points. Each point adds its own "
            "coordinates.",
            lambda data, mean, L: _put(
                (_whiten(data, mean, L) ** 2).sum(axis=0), _log_det(L), len(mean)
            ),
        ),
    ),
    hints=(
        "Work out the first point of the example by hand: what is $x - \\mu$, and which $y$ solves "
        "$L y = x - \\mu$?",
        "`scipy.linalg.solve_triangular(L, (data - mean).T, lower=True)` solves for all points at "
        "once and returns an array of shape `(d, n)`.",
        "The last formula above has three terms. Two are the same for all points; one sums the "
        "squares of each point's $y$ over the coordinates.",
    ),
    cases=cases,
    nats=("log-densities",),
)
