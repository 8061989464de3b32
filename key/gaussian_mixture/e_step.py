"""Exercise 4a.1: the E-step and the log-likelihood for diagonal covariances."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy.special import logsumexp, softmax

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.gaussian_mixture import _loops
from key.gaussian_mixture._draw import random_mixture
from key.gaussian_mixture._formulas import (
    HARD,
    LOG_2PI,
    UNDERFLOW,
    WEIGHTS_EQUAL,
    WEIGHTS_FORGOTTEN,
    WRONG_AXIS,
    Array,
    diagonal_joint,
    hard,
    posterior,
    row_logs,
)
from key.kinds import SMALL, with_a_rare_one

ARGUMENTS = ("data", "alpha", "mu", "sigma")
# Three components in the plane, with easy distances.
EXAMPLE = (
    np.array([[0, 0], [2, 1], [0, 1], [4, -1]]),
    np.array([1 / 2, 1 / 4, 1 / 4]),
    np.array([[0, 0], [2, 1], [0, 1]]),
    np.array([[1, 2], [4, 1], [2, 2]]),
)
FAR_EXAMPLE = (
    np.array([[0.0, 1.0, 0.5], [1.0, -1.0, 0.0], [80.0, 90.0, -70.0], [-1.0, 0.5, 2.0]]),
    np.array([0.2, 0.8]),
    np.array([[0.0, 0.0, 0.0], [1.0, -1.0, 0.5]]),
    np.array([[0.5, 1.5, 2.0], [0.8, 3.0, 1.2]]),
)


def _answer(data: Array, alpha: Array, mu: Array, sigma: Array) -> tuple[Array, Array]:
    log_joint = diagonal_joint(data, alpha, mu, sigma)
    return posterior(log_joint), row_logs(log_joint).sum()


def _joint(
    data: Array, alpha: Array, mu: Array, scale: Array, log_size: Array, d: Array = None
) -> Array:
    """Return a log joint with its own scale of distances, log determinant and dimension."""
    squares = (((data[:, None] - mu) / scale) ** 2).sum(axis=2)
    d = data.shape[1] if d is None else d
    return np.log(alpha) - (d * LOG_2PI + squares) / 2 - log_size


def _by_coordinate(data: Array, mu: Array, sigma: Array) -> Array:
    """Return the log-density of each coordinate alone, shape (n, k, d)."""
    return -(LOG_2PI + ((data[:, None] - mu) / sigma) ** 2) / 2 - np.log(sigma)


def _log_size(sigma: Array) -> Array:
    return np.log(sigma).sum(axis=1)


SD_AS_VARIANCE = (
    "It looks as if `sigma` was taken for variances. It holds standard deviations: their squares "
    "are the variances."
)

# Each is a wrong log p(x, z), from which everything else may be computed rightly.
WRONG_JOINTS: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    (
        "mixing weights forgotten",
        WEIGHTS_FORGOTTEN,
        lambda data, alpha, mu, s: diagonal_joint(data, 0 * alpha + 1, mu, s),
    ),
    (
        "mixing weights forgotten",
        WEIGHTS_EQUAL,
        lambda data, alpha, mu, s: diagonal_joint(data, 0 * alpha + 1 / len(alpha), mu, s),
    ),
    (
        "weights used as logarithms",
        "It looks as if `alpha` itself was added to a logarithm. Its logarithm belongs there.",
        lambda data, alpha, mu, s: diagonal_joint(data, np.exp(alpha), mu, s),
    ),
    (
        "weights multiplied with logarithms",
        "It looks as if a logarithm was multiplied by `alpha`. The logarithm of a product is a sum "
        "of logarithms.",
        lambda data, alpha, mu, s: alpha * diagonal_joint(data, 0 * alpha + 1, mu, s),
    ),
    (
        "standard deviation taken for variance",
        SD_AS_VARIANCE,
        lambda data, alpha, mu, s: diagonal_joint(data, alpha, mu, np.sqrt(s)),
    ),
    (
        "standard deviation taken for variance",
        "It looks as if the distances were divided by `sigma` instead of by its square: `sigma` "
        "holds standard deviations.",
        lambda data, alpha, mu, s: _joint(data, alpha, mu, np.sqrt(s), _log_size(s)),
    ),
    (
        "variance taken for standard deviation",
        "It looks as if `sigma` was squared once too often.",
        lambda data, alpha, mu, s: diagonal_joint(data, alpha, mu, s**2),
    ),
    (
        "determinant forgotten",
        "It looks as if the factor before the exponential is missing, or one and the same for all "
        "components: a component that is spread wide must be low.",
        lambda data, alpha, mu, s: _joint(data, alpha, mu, s, 0),
    ),
    *(
        (
            "determinant of the variances",
            "The size of the component has the wrong share: how often does $\\log\\sigma_{ja}$ "
            "occur in the log-density?",
            lambda data, alpha, mu, s, times=times: _joint(
                data, alpha, mu, s, times * _log_size(s)
            ),
        )
        for times in (2, 0.5)
    ),
    (
        "sign of the determinant",
        "The size of the component has the wrong sign: one that is spread wide must be low.",
        lambda data, alpha, mu, s: _joint(data, alpha, mu, s, -_log_size(s)),
    ),
    (
        "factor one half forgotten",
        "It looks as if the factor 1/2 before the squared distance is missing.",
        lambda data, alpha, mu, s: _joint(data, alpha, mu, s / np.sqrt(2), _log_size(s)),
    ),
    (
        "one standard deviation for all coordinates",
        "It looks as if all coordinates used the first standard deviation of the component. Each "
        "has its own.",
        lambda data, alpha, mu, s: diagonal_joint(data, alpha, mu, s[:, :1] + 0 * s),
    ),
    (
        "one standard deviation for all components",
        "It looks as if all components used the standard deviations of the first. Each has its "
        "own.",
        lambda data, alpha, mu, s: diagonal_joint(data, alpha, mu, s[:1] + 0 * s),
    ),
    (
        "mean over the coordinates",
        "It looks as if the mean over the coordinates was taken. Independent coordinates multiply "
        "their densities, so the logarithms add.",
        lambda data, alpha, mu, s: (
            np.log(alpha) + (diagonal_joint(data, 0 * alpha + 1, mu, s)) / data.shape[1]
        ),
    ),
    (
        "densities of coordinates added",
        "It looks as if the densities of the coordinates were added. Coordinates are independent: "
        "their densities multiply.",
        lambda data, alpha, mu, s: np.log(alpha) + logsumexp(_by_coordinate(data, mu, s), axis=2),
    ),
    (
        "only the first coordinate",
        "It looks as if only the first coordinate was used.",
        lambda data, alpha, mu, s: diagonal_joint(data[:, :1], alpha, mu[:, :1], s[:, :1]),
    ),
)


def _from_wrong_joints() -> Iterator[Mistake]:
    for name, says, joint in WRONG_JOINTS:
        yield Mistake(name, says, lambda *x, j=joint: (posterior(j(*x)), row_logs(j(*x)).sum()))
        yield Mistake(name, says, lambda *x, j=joint: posterior(j(*x)), "responsibilities")
        yield Mistake(name, says, lambda *x, j=joint: row_logs(j(*x)).sum(), "log_likelihood")


def _naive(*x: Array) -> Array:
    return np.exp(diagonal_joint(*x))


TINY = (1e-300, float(np.finfo(float).tiny), 1e-100, float(np.finfo(float).eps), 1e-12, 1e-10)
PROPPED_UP = (
    "It looks as if a tiny number was added to the densities, so that nothing is divided by 0. "
    "That hides the underflow and does not mend it: a point far away gets numbers that come from "
    "the tiny one, not from the data."
)


def _propped_up() -> Iterator[Mistake]:
    """Yield what comes of adding something tiny, to each joint density or to their sum."""
    for tiny in TINY:
        for each in (True, False):

            def joint(*x: Array, tiny: float = tiny, each: bool = each) -> tuple[Array, Array]:
                densities = _naive(*x) + tiny * each
                return densities, densities.sum(axis=1, keepdims=True) + tiny * (not each)

            yield _r("tiny number added", PROPPED_UP, lambda *x, j=joint: j(*x)[0] / j(*x)[1])
            yield _ll("tiny number added", PROPPED_UP, lambda *x, j=joint: np.log(j(*x)[1]).sum())


def _r(name: str, says: str, gives: Callable[..., Array]) -> Mistake:
    return Mistake(name, says, gives, "responsibilities")


def _ll(name: str, says: str, gives: Callable[..., Array]) -> Mistake:
    return Mistake(name, says, gives, "log_likelihood")


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    sizes = [(3, 5, 2, False), (2, 4, 3, True), (2, 3, 5, True), (4, 7, 1, False)]
    *drawn, (data, alpha, *mixture) = (random_mixture(rng, *size) for size in sizes)
    data[0] += 100  # there is a rare component alone
    mixture[0][0] += 100
    small = SMALL * data, with_a_rare_one(alpha), *(SMALL * one for one in mixture)
    data, weights, *mixture = random_mixture(rng, 2, 3, 2, False)
    data, *mixture = (np.ceil(3 * one).astype(int) for one in (data, *mixture))
    return [*drawn, small, (data, weights, *mixture)]


e_step = Exercise(
    name="e_step",
    parameters=ARGUMENTS,
    outputs=(
        Output(
            "responsibilities",
            "an array of shape (n, k), a row per point and a column per component",
            rows_sum_to_one=True,
        ),
        Output("log_likelihood", "a single number"),
    ),
    answer=_answer,
    examples=(EXAMPLE, FAR_EXAMPLE),
    mistakes=(
        _r("normalised over the wrong axis", WRONG_AXIS, lambda *x: softmax(diagonal_joint(*x), 0)),
        _r(
            "normalised over everything",
            "It looks as if you divided by one sum over all points and components. Each point has "
            "its own sum, over the components.",
            lambda *x: softmax(diagonal_joint(*x)),
        ),
        *_from_wrong_joints(),
        _r(
            "not normalised",
            "It looks as if you returned the joint density of point and component. Bayes' rule "
            "still divides it by the density of the point.",
            _naive,
        ),
        _r(
            "logarithms returned",
            "It looks as if you returned logarithms of probabilities. Responsibilities are "
            "probabilities.",
            lambda *x: diagonal_joint(*x) - row_logs(diagonal_joint(*x))[:, None],
        ),
        _r(
            "logarithms returned",
            "It looks as if you returned logarithms, not normalised. Responsibilities are "
            "probabilities.",
            diagonal_joint,
        ),
        _r(
            "logarithms normalised",
            "It looks as if logarithms were divided by their sum. Divide the densities: in the log "
            "domain that is a subtraction.",
            lambda *x: diagonal_joint(*x) / diagonal_joint(*x).sum(axis=1, keepdims=True),
        ),
        _r(
            "weights after normalising",
            "It looks as if `alpha` was multiplied in after normalising, so that rows no longer "
            "sum to 1. The weights belong to the joint density.",
            lambda data, alpha, mu, s: (
                alpha * posterior(diagonal_joint(data, 0 * alpha + 1, mu, s))
            ),
        ),
        _r("hard instead of soft", HARD, lambda *x: hard(posterior(diagonal_joint(*x)))),
        _r(
            "underflow",
            UNDERFLOW,
            lambda *x: _naive(*x) / _naive(*x).sum(axis=1, keepdims=True),
        ),
        _ll("underflow", UNDERFLOW, lambda *x: np.log(_naive(*x).sum(axis=1)).sum()),
        *_propped_up(),
        _ll(
            "Q taken for the log-likelihood",
            "That is $Q$, the expected complete-data log-likelihood. The log-likelihood of the "
            "points needs no responsibilities.",
            lambda *x: np.sum(_answer(*x)[0] * diagonal_joint(*x)),
        ),
        _ll(
            "log of a sum taken for a sum of logs",
            "It looks as if each component's term got its own logarithm before they were added. "
            "The density of a point is a sum over the components; the logarithm comes after that "
            "sum.",
            lambda *x: diagonal_joint(*x).sum(),
        ),
        _ll(
            "log of a sum taken for a sum of logs",
            "It looks as if the components' log-densities were averaged with the weights. By "
            "Jensen's inequality that is only a lower bound.",
            lambda data, alpha, mu, s: np.sum(alpha * diagonal_joint(data, 0 * alpha + 1, mu, s)),
        ),
        _ll(
            "summed over the wrong axis",
            "It looks as if points were added inside the logarithm. Add over the components of a "
            "point, take the logarithm, then add over the points.",
            lambda *x: logsumexp(diagonal_joint(*x), axis=0).sum(),
        ),
        _ll(
            "one logarithm of everything",
            "It looks as if one logarithm was taken of a sum over everything. Points are "
            "independent: their densities multiply, so their logarithms add.",
            lambda *x: logsumexp(diagonal_joint(*x)),
        ),
        _ll(
            "hard instead of soft",
            "It looks as if only the most probable component of each point was counted. Add the "
            "densities of all of them.",
            lambda *x: diagonal_joint(*x).max(axis=1).sum(),
        ),
        _ll(
            "mean instead of sum",
            "It looks as if the mean over the points was taken. The log-likelihood is their sum.",
            lambda *x: row_logs(diagonal_joint(*x)).mean(),
        ),
        _ll(
            "negative log-likelihood",
            "The sign is wrong: this is the negative log-likelihood.",
            lambda *x: -row_logs(diagonal_joint(*x)).sum(),
        ),
        *(
            _ll(
                "constant forgotten" if d == 0 else "dimension hard-coded",
                "It looks as if the constant with $2\\pi$ is missing. It cancels in the "
                "responsibilities, but not in the log-likelihood."
                if d == 0
                else "The constant with $2\\pi$ is right for one number of dimensions. Take `d` "
                "from the shape of the arguments.",
                lambda data, alpha, mu, s, d=d: row_logs(
                    _joint(data, alpha, mu, s, _log_size(s), d)
                ).sum(),
            )
            for d in (0, 1, 2, 3)
        ),
        _ll(
            "k and d confused",
            "It looks as if the number of components was used for the number of dimensions.",
            lambda data, alpha, mu, s: row_logs(
                _joint(data, alpha, mu, s, _log_size(s), len(alpha))
            ).sum(),
        ),
    ),
    hints=(
        "Write down the log-density of one point under one component. With a diagonal covariance "
        "it is a sum over the coordinates of one-dimensional log-densities.",
        "`(data[:, None] - mu) / sigma` has shape `(n, k, d)`. Square it, sum over the last axis, "
        "and you have all distances at once; `np.log(sigma).sum(axis=1)` has one number for each "
        "component.",
        "With the `(n, k)` array of log joint densities, `logsumexp(..., axis=1)` gives a number "
        "for each point. Both results follow from these: one by subtracting, one by adding.",
    ),
    cases=cases,
    in_loops=_loops.e_step,
    nats=("log_likelihood",),
)
