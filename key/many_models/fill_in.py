"""Exercise 6.3: the E-step of a normal distribution in the plane with missing coordinates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.kinds import SMALL
from key.many_models import _loops

Array = Any  # numbers or arrays of numbers
NAN = float("nan")


def _slope(mu: Array, Sigma: Array, a: int) -> float:
    return float(Sigma[a, 1 - a] / Sigma[1 - a, 1 - a])


def _mean(x: float, mu: Array, Sigma: Array, a: int) -> float:
    return float(mu[a] + _slope(mu, Sigma, a) * (x - mu[1 - a]))


def _variance(mu: Array, Sigma: Array, a: int) -> float:
    return float(Sigma[a, a] - _slope(mu, Sigma, a) * Sigma[a, 1 - a])


def _moments(
    data: Array,
    mu: Array,
    Sigma: Array,
    mean: Callable[..., float] = _mean,
    variance: Callable[..., float] = _variance,
) -> tuple[Array, Array]:
    """Return the moments; `mean` and `variance` are those of a missing coordinate."""
    first, extra = np.array(data, dtype=float), np.zeros((len(data), 2, 2))
    for a in (0, 1):
        for i in np.flatnonzero(np.isnan(data[:, a])):
            first[i, a] = mean(data[i, 1 - a], mu, Sigma, a)
            extra[i, a, a] = variance(mu, Sigma, a)
    return first, _squares(first) + extra


def _one_coordinate(a: int, data: Array, mu: Array, Sigma: Array) -> tuple[Array, Array]:
    """Return the moments if only coordinate `a` is filled in."""
    first, _ = _moments(data, mu, Sigma)
    first[:, 1 - a] = data[:, 1 - a]
    return first, _squares(first) + _extra(data, mu, Sigma)


def _squares(first: Array) -> Array:
    return first[:, :, None] * first[:, None, :]


def _extra(data: Array, mu: Array, Sigma: Array) -> Array:
    first, second = _moments(data, mu, Sigma)
    return second - _squares(first)


MEANS: tuple[tuple[str, str, Callable[..., float]], ...] = (
    (
        "mean of the column",
        "It looks as if missing coordinates were filled in with `mu`. What is seen of the row "
        "says more: use the line through the mean with slope $\\Sigma_{ab} / \\Sigma_{bb}$.",
        lambda x, mu, Sigma, a: float(mu[a]),
    ),
    (
        "covariance for slope",
        "It looks as if the covariance itself is the slope. Divide it by the variance of the "
        "coordinate that is seen.",
        lambda x, mu, Sigma, a: float(mu[a] + Sigma[0, 1] * (x - mu[1 - a])),
    ),
    (
        "slope of the other line",
        "It looks as if the covariance was divided by the variance of the coordinate that is "
        "*missing*. Divide by that of the one that is seen.",
        lambda x, mu, Sigma, a: float(mu[a] + Sigma[0, 1] / Sigma[a, a] * (x - mu[1 - a])),
    ),
    (
        "correlation for slope",
        "It looks as if the correlation is the slope. That is so only where both variances are "
        "equal.",
        lambda x, mu, Sigma, a: float(
            mu[a] + Sigma[0, 1] / np.sqrt(Sigma[0, 0] * Sigma[1, 1]) * (x - mu[1 - a])
        ),
    ),
    (
        "mean of the seen coordinate forgotten",
        "It looks as if the mean of the coordinate that is seen was not subtracted.",
        lambda x, mu, Sigma, a: float(mu[a] + _slope(mu, Sigma, a) * x),
    ),
    (
        "mean not added",
        "It looks as if `mu` of the missing coordinate was not added.",
        lambda x, mu, Sigma, a: float(_slope(mu, Sigma, a) * (x - mu[1 - a])),
    ),
    (
        "wrong side of the mean",
        "It looks as if the sign of the slope is wrong.",
        lambda x, mu, Sigma, a: float(mu[a] - _slope(mu, Sigma, a) * (x - mu[1 - a])),
    ),
    (
        "filled in with 0",
        "It looks as if missing coordinates became 0. They have an expectation, given what is "
        "seen.",
        lambda x, mu, Sigma, a: 0.0,
    ),
)
VARIANCES: tuple[tuple[str, str, Callable[..., float]], ...] = (
    (
        "variance forgotten",
        "It looks as if `second` holds the squares of what was filled in, and no more. The "
        "expected square is the square of the mean *plus the variance*.",
        lambda mu, Sigma, a: 0.0,
    ),
    (
        "whole variance added",
        "It looks as if the whole variance of the missing coordinate was added. What is seen has "
        "taken a part of it away.",
        lambda mu, Sigma, a: float(Sigma[a, a]),
    ),
    (
        "explained variance added",
        "It looks as if the part of the variance was added that the line explains. Add the part "
        "that it leaves.",
        lambda mu, Sigma, a: float(Sigma[a, a] - _variance(mu, Sigma, a)),
    ),
    (
        "variance subtracted",
        "It looks as if the variance was subtracted. An expected square is never below the square "
        "of the mean.",
        lambda mu, Sigma, a: -_variance(mu, Sigma, a),
    ),
    (
        "standard deviation added",
        "It looks as if the standard deviation was added. In a square belongs the variance.",
        lambda mu, Sigma, a: float(np.sqrt(_variance(mu, Sigma, a))),
    ),
    (
        "variance of the seen coordinate",
        "It looks as if the variance that is left was worked out for the coordinate that is seen. "
        "That of the missing one is asked for.",
        lambda mu, Sigma, a: _variance(mu, Sigma, 1 - a),
    ),
    (
        "covariance not squared",
        "It looks as if the covariance was not squared in the variance that is left.",
        lambda mu, Sigma, a: float(Sigma[a, a] - Sigma[0, 1] / Sigma[1 - a, 1 - a]),
    ),
)


def _mistakes() -> Iterator[Mistake]:
    for name, says, mean in MEANS:
        yield Mistake(name, says, lambda *x, m=mean: _moments(*x, mean=m)[0], "first")
        if name == "mean of the column":
            continue
        yield Mistake(name, says, lambda *x, m=mean: _moments(*x, mean=m))
    for name, says, variance in VARIANCES:
        yield Mistake(name, says, lambda *x, v=variance: _moments(*x, variance=v)[1], "second")
    # These two bear the names of slips that give the same numbers, so that these words are told.
    yield Mistake(
        "index off by one",
        "It looks as if the variance was added to the square of the coordinate that was seen. It "
        "is the missing one that varies.",
        lambda *x: _squares(_moments(*x)[0]) + _extra(*x)[:, ::-1, ::-1],
        "second",
    )
    yield Mistake(
        "term missing",
        "It looks as if the products were taken of `data`, before it was filled in: fill in first.",
        lambda data, mu, Sigma: _squares(data) + _extra(data, mu, Sigma),
        "second",
    )
    for a in (0, 1):
        yield Mistake(
            "only one coordinate filled in",
            "Some entries are still missing. Either coordinate can be missing; fill in both.",
            lambda *x, a=a: _one_coordinate(a, *x),
        )
    yield Mistake(
        "variance added everywhere",
        "It looks as if a variance was added to complete rows, too. They are known.",
        lambda data, mu, Sigma: (
            _squares(_moments(data, mu, Sigma)[0])
            + np.diag([_variance(mu, Sigma, 0), _variance(mu, Sigma, 1)])
        ),
        "second",
    )
    yield Mistake(
        "variance in all four entries",
        "It looks as if the variance was added to all four entries. Only the missing coordinate "
        "varies, so only its own square has one.",
        lambda *x: _squares(_moments(*x)[0]) + _extra(*x).sum(axis=(1, 2))[:, None, None],
        "second",
    )
    yield Mistake(
        "covariance for second moment",
        "It looks as if `second` is the covariance of the row alone. The products of what was "
        "filled in belong to it, too.",
        _extra,
        "second",
    )
    yield Mistake(
        "products of deviations",
        "It looks as if `mu` was subtracted before the products were taken. The M-step subtracts "
        "the *new* mean; give it plain second moments.",
        lambda data, mu, Sigma: (
            _squares(_moments(data, mu, Sigma)[0] - mu) + _extra(data, mu, Sigma)
        ),
        "second",
    )


def _draw(rng: Rng, n: int, sign: int, gone: tuple[int, int]) -> tuple[Array, Array, Array]:
    """Draw n rows, so many of which lack the one coordinate or the other."""
    s = rng.uniform([0.5, 2], [1.5, 4])
    rho = sign * rng.uniform(0.4, 0.9)
    Sigma = np.array([[s[0] ** 2, rho * s[0] * s[1]], [rho * s[0] * s[1], s[1] ** 2]])
    mu = rng.uniform(-5, 5, 2)
    data = rng.multivariate_normal(mu, Sigma, n)
    rows = rng.permutation(n)
    data[rows[: gone[0]], 0] = NAN
    data[rows[gone[0] : sum(gone)], 1] = NAN
    return data, mu, Sigma


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    drawn = [(6, 1, (1, 2)), (9, -1, (3, 2)), (5, 1, (0, 3)), (7, -1, (2, 0)), (4, 1, (0, 0))]
    *made, small = (_draw(rng, *one) for one in [*drawn, (4, 1, (1, 1))])
    unit = np.array([1, SMALL])  # of the second coordinate
    mu, root = rng.integers(-5, 5, 2), rng.permutation([2, 3])
    whole = small[0], mu, np.outer(root, root) + np.diag([1, 4])
    small = small[0] * unit, small[1] * unit, small[2] * np.outer(unit, unit)
    return [*made, small, whole]


fill_in = Exercise(
    name="fill_in",
    parameters=("data", "mu", "Sigma"),
    outputs=(
        Output("first", "an array of shape (n, 2)"),
        Output("second", "an array of shape (n, 2, 2)"),
    ),
    answer=_moments,
    examples=(
        (
            np.array([[2.0, NAN], [1.0, 3.0]]),
            np.array([1.0, 2.0]),
            np.array([[1.0, 1.0], [1.0, 4.0]]),
        ),
        (
            np.array([[NAN, 60.0], [4.0, NAN], [1.8, 54.0], [NAN, 81.0]]),
            np.array([3.5, 71.0]),
            np.array([[1.25, 14.0], [14.0, 185.0]]),
        ),
        (
            np.array([[NAN, -1.0], [0.5, NAN], [2.0, 0.0]]),
            np.array([0.5, -2.0]),
            np.array([[2.0, -0.6], [-0.6, 0.5]]),
        ),
        (np.array([[1.0, -1.0]]), np.array([0.0, 1.0]), np.array([[1.0, 0.3], [0.3, 2.0]])),
        # Column 0 alone has gaps: to say that of column 1 would be half of the truth.
        (
            np.array([[NAN, 1.5], [0.5, -1.0]]),
            np.array([-1.0, 0.5]),
            np.array([[1.5, 0.6], [0.6, 1.0]]),
        ),
    ),
    mistakes=tuple(_mistakes()),
    hints=(
        "Draw the ellipse of the distribution and a vertical line where the first coordinate is "
        "seen. Where on that line is the point, on average, and how far does it stray?",
        "Slope: $\\Sigma_{ab} / \\Sigma_{bb}$, with $b$ the coordinate that is seen. What is left "
        "of the variance: $\\Sigma_{aa} - \\Sigma_{ab}^2 / \\Sigma_{bb}$.",
        "Copy `data` to `first`. For a = 0, 1 and b = 1 - a: the rows with "
        "`np.isnan(data[:, a])` get their mean. `second` is the product of `first` with itself, "
        "row by row, plus that variance at `[a, a]` of those rows.",
    ),
    cases=cases,
    in_loops=_loops.fill_in,
)
