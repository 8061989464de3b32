"""Exercise 4b.1: one EM iteration with a prior on the covariances."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.special import softmax

from emlib.checks import Mistake, Output, Part
from emlib.checks.relations import holds
from key.choice import _loops
from key.exercise import Exercise, Rng
from key.gaussian_mixture._draw import factor, random_mixture
from key.gaussian_mixture._formulas import (
    HARD,
    UNDERFLOW,
    WEIGHTS_FORGOTTEN,
    WRONG_AXIS,
    Array,
    averages,
    full_joint,
    hard,
    posterior,
    scatter,
)
from key.kinds import SMALL, with_a_rare_one

Update = Callable[..., Array]  # new covariances from data, r, old mu, new mu, s and C


def _expect(data: Array, alpha: Array, mu: Array, Sigma: Array) -> Array:
    return posterior(full_joint(data, alpha, mu, Sigma))


def _column(numbers: Array) -> Array:
    return np.asarray(numbers)[:, None, None]


def _maximise(data: Array, r: Array, s: Array, C: Array) -> tuple[Array, Array, Array]:
    """Return alpha, mu and Sigma of a right M-step."""
    alpha, mu = averages(data, r)
    return alpha, mu, (scatter(data, r, mu) + s * C) / _column(r.sum(axis=0) + s)


def _answer(
    data: Array, alpha: Array, mu: Array, Sigma: Array, s: Array, C: Array
) -> tuple[Array, Array, Array]:
    return _maximise(data, _expect(data, alpha, mu, Sigma), s, C)


def _with_r(expect: Callable[..., Array]) -> Callable[..., tuple[Array, Array, Array]]:
    """Return an iteration with another E-step."""
    return lambda data, alpha, mu, Sigma, s, C: _maximise(
        data, expect(data, alpha, mu, Sigma), s, C
    )


def _sigma(name: str, says: str, update: Update) -> Mistake:
    """Return a mistake in the covariances alone: ``update(data, r, N, old, new, s, C)``."""

    def gives(data: Array, alpha: Array, mu: Array, Sigma: Array, s: Array, C: Array) -> Array:
        r = _expect(data, alpha, mu, Sigma)
        return update(data, r, _column(r.sum(axis=0)), mu, averages(data, r)[1], s, C)

    return Mistake(name, says, gives, "Sigma")


def _of_r(part: str, name: str, says: str, update: Callable[..., Array]) -> Mistake:
    """Return a mistake in alpha or mu: ``update(data, r, s)``."""
    return Mistake(
        name,
        says,
        lambda data, alpha, mu, Sigma, s, C: update(data, _expect(data, alpha, mu, Sigma), s),
        part,
    )


def _scale(data: Array, alpha: Array, mu: Array, Sigma: Array, *, power: float) -> Array:
    """Return log p(x, z) with another power of the determinant."""
    log_det = np.linalg.slogdet(Sigma)[1]
    return full_joint(data, alpha, mu, Sigma) + (0.5 - power) * log_det


OLD_MEANS = (
    "It looks as if the covariances are taken about the *old* means. Which mean appears in the "
    "M-step of $\\Sigma_j$?"
)
WRONG_E_STEPS: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    (
        "normalised over the wrong axis",
        WRONG_AXIS,
        lambda *x: softmax(full_joint(*x), axis=0),
    ),
    (
        "mixing weights forgotten",
        WEIGHTS_FORGOTTEN,
        lambda data, alpha, *x: posterior(full_joint(data, 0 * alpha + 1, *x)),
    ),
    ("hard instead of soft", HARD, lambda *x: hard(_expect(*x))),
    (
        "densities forgotten",
        "It looks as if every point had the mixing weights for responsibilities. A point belongs "
        "to a component the more, the denser that is there.",
        lambda data, alpha, *_: np.tile(alpha, (len(data), 1)),
    ),
    (
        "determinant forgotten",
        "It looks as if the determinant is missing in the E-step: a component that is spread wide "
        "must be low.",
        lambda *x: posterior(_scale(*x, power=0)),
    ),
    (
        "determinant not under the root",
        "It looks as if the density in the E-step was divided by the determinant. What is divided "
        "by is its square root.",
        lambda *x: posterior(_scale(*x, power=1)),
    ),
    (
        "covariance not inverted",
        "It looks as if the covariance was not inverted in the squared distance.",
        lambda data, alpha, mu, Sigma: posterior(
            _scale(data, alpha, mu, np.linalg.inv(Sigma), power=-0.5)
        ),
    ),
    (
        "underflow",
        UNDERFLOW,
        lambda *x: np.exp(full_joint(*x)) / np.exp(full_joint(*x)).sum(axis=1, keepdims=True),
    ),
)


IN_E_STEP = (
    "It looks as if `C` was put into the covariances of the E-step too. The prior is part of what "
    "the M-step maximises; the responsibilities follow from `Sigma` as it is."
)


def _from_wrong_e_steps() -> Iterator[Mistake]:
    for name, says, expect in WRONG_E_STEPS:
        yield Mistake(name, says, _with_r(expect))
    for mixed in (
        lambda Sigma, s, C: (Sigma + s * C) / (1 + s),
        lambda Sigma, s, C: Sigma + s * C,
        lambda Sigma, s, C: Sigma + C,
    ):
        yield Mistake(
            "prior in the E-step",
            IN_E_STEP,
            lambda data, alpha, mu, Sigma, s, C, mixed=mixed: _maximise(
                data, _expect(data, alpha, mu, mixed(Sigma, s, C)), s, C
            ),
        )


def _draw(
    rng: Rng, k: int, n: int, d: int, far: bool
) -> tuple[Array, Array, Array, Array, float, Array]:
    """Draw data, alpha, mu, Sigma, s and C."""
    data, alpha, mu, _ = random_mixture(rng, k, n, d, far)
    factors = np.stack([factor(rng, d) for _ in range(k)])
    root = factor(rng, d)
    strength = float(rng.uniform(1.2, 3))
    return data, alpha, mu, factors @ factors.transpose(0, 2, 1), strength, root @ root.T


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    """Draw ordinary points, far ones, a rare component, small units and whole numbers."""
    sizes = [(3, 8, 2, False), (2, 6, 3, True), (2, 5, 1, False), (2, 4, 2, False)]
    *drawn, rare, (data, alpha, mu, Sigma, s, C) = (_draw(rng, *size) for size in sizes)
    small = SMALL * data, alpha, SMALL * mu, SMALL**2 * Sigma, s, SMALL**2 * C
    return [*drawn, (rare[0], with_a_rare_one(rare[1]), *rare[2:]), small, _whole(rng)]


def _whole(rng: Rng) -> tuple[Any, ...]:
    """Draw points, means and covariances of whole numbers."""
    root = np.tril(rng.integers(-1, 2, (3, 2, 2)), -1) + np.diag(rng.integers(1, 3, 2))
    *Sigma, C = root @ root.transpose(0, 2, 1)
    mu = rng.integers(2, 7, (2, 2))
    data = rng.permutation([[0, 7], [1, 1], [5, 3], [8, 0], [3, 6]])
    return data, np.array([0.3, 0.7]), mu, np.array(Sigma), 2.0, C


map_em_step = Exercise(
    name="map_em_step",
    parameters=("data", "alpha", "mu", "Sigma", "s", "C"),
    outputs=(
        Output("alpha", "an array of shape (k,), one weight per component"),
        Output("mu", "an array of shape (k, d), one mean per component"),
        Output("Sigma", "an array of shape (k, d, d), one covariance per component"),
    ),
    answer=_answer,
    parts=(
        Part("alpha", holds(("close", 0))),
        Part("mu", holds(("close", 1))),
        Part("Sigma", holds(("in proportion", 2)), shares=2),  # in any units
    ),
    examples=(
        (
            np.array([[0.0, 2.0], [2.0, 0.0], [4.0, 1.0]]),
            np.array([0.8, 0.2]),
            np.array([[1.0, 1.0], [3.0, 1.0]]),
            np.array([[[2.0, -1.0], [-1.0, 2.0]], [[1.0, 0.5], [0.5, 1.0]]]),
            2.0,
            np.array([[1.0, 0.25], [0.25, 0.5]]),
        ),
        (
            np.array(
                [
                    [0.0, 1.0, 2.0],
                    [1.0, -1.0, 0.5],
                    [2.0, 0.0, 1.0],
                    [60.0, -80.0, 70.0],
                    [-1.0, 2.0, 0.0],
                ]
            ),
            np.array([0.7, 0.3]),
            np.array([[0.0, 0.5, 1.0], [2.0, -1.0, 0.0]]),
            np.array(
                [
                    [[1.0, 0.2, 0.0], [0.2, 2.0, -0.3], [0.0, -0.3, 1.5]],
                    [[2.0, -0.5, 0.4], [-0.5, 1.0, 0.0], [0.4, 0.0, 3.0]],
                ]
            ),
            1.5,
            np.array([[2.0, 0.0, 0.5], [0.0, 1.0, -0.25], [0.5, -0.25, 0.5]]),
        ),
    ),
    mistakes=(
        *_from_wrong_e_steps(),
        _of_r(
            "alpha",
            "prior counted in the weights",
            "It looks as if the pseudo-rows were counted in the mixing weights. The prior here is "
            "about the covariances alone.",
            lambda data, r, s: (r.sum(axis=0) + s) / (len(data) + r.shape[1] * s),
        ),
        _of_r(
            "alpha",
            "not divided",
            "It looks as if you returned expected numbers of points. Mixing weights sum to 1.",
            lambda data, r, s: r.sum(axis=0),
        ),
        _of_r(
            "mu",
            "prior counted in the means",
            "It looks as if the means were divided by $N_j + s$. The prior here is about the "
            "covariances alone.",
            lambda data, r, s: (r.T @ data) / (r.sum(axis=0) + s)[:, None],
        ),
        _of_r(
            "mu",
            "divided by n",
            "It looks as if the means were divided by the number of points. Divide by $N_j$.",
            lambda data, r, s: (r.T @ data) / len(data),
        ),
        _sigma(
            "old means",
            OLD_MEANS,
            lambda x, r, N, old, new, s, C: (scatter(x, r, old) + s * C) / (N + s),
        ),
        _sigma(
            "old means, prior forgotten",
            OLD_MEANS + " And the prior is missing.",
            lambda x, r, N, old, new, s, C: scatter(x, r, old) / N,
        ),
        _sigma(
            "prior forgotten",
            "That is the M-step without the prior: `s` and `C` were not used.",
            lambda x, r, N, old, new, s, C: scatter(x, r, new) / N,
        ),
        _sigma(
            "prior missing in the denominator",
            "It looks as if the pseudo-rows were counted above the fraction line but not below it.",
            lambda x, r, N, old, new, s, C: (scatter(x, r, new) + s * C) / N,
        ),
        _sigma(
            "prior missing in the numerator",
            "It looks as if the pseudo-rows were counted below the fraction line but not above it: "
            "the covariances come out too small.",
            lambda x, r, N, old, new, s, C: scatter(x, r, new) / (N + s),
        ),
        _sigma(
            "strength of the prior forgotten",
            "It looks as if `C` was added without its strength `s`: it counts for `s` rows.",
            lambda x, r, N, old, new, s, C: (scatter(x, r, new) + C) / (N + s),
        ),
        _sigma(
            "strength of the prior forgotten",
            "It looks as if `C` counted for one row. It counts for `s` rows, above and below the "
            "fraction line.",
            lambda x, r, N, old, new, s, C: (scatter(x, r, new) + C) / (N + 1),
        ),
        _sigma(
            "C not used",
            "It looks as if the unit matrix was used for `C`.",
            lambda x, r, N, old, new, s, C: (scatter(x, r, new) + s * np.eye(len(C))) / (N + s),
        ),
        _sigma(
            "numbers of the text hard-coded",
            "It looks as if the prior of the text was used instead of `s` and `C`.",
            lambda x, r, N, old, new, s, C: (
                (scatter(x, r, new) + np.atleast_2d(np.cov(x.T)) / 3) / (N + 1)
            ),
        ),
        _sigma(
            "covariances for scatter",
            "It looks as if a component's covariance was averaged with `C` as if it stood for one "
            "row. It stands for $N_j$ rows.",
            lambda x, r, N, old, new, s, C: (scatter(x, r, new) / N + s * C) / (1 + s),
        ),
        _sigma(
            "prior added after dividing",
            "It looks as if the prior was added after the division. It is pooled with the scatter "
            "of the points, and both are divided.",
            lambda x, r, N, old, new, s, C: scatter(x, r, new) / N + s * C,
        ),
        _sigma(
            "prior added after dividing",
            "It looks as if `C` was added to the covariance. It is pooled with the scatter of the "
            "points, as `s` more rows.",
            lambda x, r, N, old, new, s, C: scatter(x, r, new) / N + C,
        ),
        _sigma(
            "covariances for scatter",
            "It looks as if the covariance was divided twice: what is added to $s\\, C$ is the "
            "weighted *sum* of outer products.",
            lambda x, r, N, old, new, s, C: (scatter(x, r, new) / N + s * C) / (N + s),
        ),
        _sigma(
            "divided by n",
            "It looks as if you divided by $n + s$. Each component has its own expected number of "
            "points.",
            lambda x, r, N, old, new, s, C: (scatter(x, r, new) + s * C) / (len(x) + s),
        ),
        _sigma(
            "divided by n",
            "It looks as if you divided by the number of points. Each component has its own "
            "expected number of points, and the prior adds to it.",
            lambda x, r, N, old, new, s, C: (scatter(x, r, new) + s * C) / len(x),
        ),
        _sigma(
            "covariance without weights",
            "It looks as if all points counted alike in the covariances. They count by their "
            "responsibilities.",
            lambda x, r, N, old, new, s, C: (scatter(x, 0 * r + 1, new) + s * C) / (len(x) + s),
        ),
        _sigma(
            "covariance without weights",
            "It looks as if the outer products were added without their responsibilities.",
            lambda x, r, N, old, new, s, C: (scatter(x, 0 * r + 1, new) + s * C) / (N + s),
        ),
        _sigma(
            "about the overall mean",
            "It looks as if the covariances are taken about the mean of all points. Each component "
            "has its own mean.",
            lambda x, r, N, old, new, s, C: (scatter(x, r, x.mean(axis=0)) + s * C) / (N + s),
        ),
        _sigma(
            "about the origin",
            "It looks as if no mean was subtracted in the covariances.",
            lambda x, r, N, old, new, s, C: (scatter(x, r, 0 * new) + s * C) / (N + s),
        ),
        _sigma(
            "diagonal only",
            "It looks as if only the variances were kept. These covariances are full.",
            lambda x, r, N, old, new, s, C: (
                (scatter(x, r, new) + s * C) / (N + s) * np.eye(x.shape[1])
            ),
        ),
        *(
            _sigma(
                "square root of the covariance",
                "It looks as if you returned square roots. Covariances are in squared units.",
                lambda x, r, N, old, new, s, C, mend=mend: np.sqrt(
                    mend((scatter(x, r, new) + s * C) / (N + s))
                ),
            )
            for mend in (np.positive, np.abs)
        ),
        _sigma(
            "square root of the covariance",
            "It looks as if you returned Cholesky factors. The covariances are asked for.",
            lambda x, r, N, old, new, s, C: np.linalg.cholesky(
                (scatter(x, r, new) + s * C) / (N + s)
            ),
        ),
        _sigma(
            "responsibilities squared",
            "It looks as if the deviations were weighted before the outer product, so that the "
            "responsibilities count twice.",
            lambda x, r, N, old, new, s, C: (scatter(x, r**2, new) + s * C) / (N + s),
        ),
        _sigma(
            "unbiased estimate",
            "It looks as if 1 was subtracted from the number of points. EM divides by the number "
            "itself.",
            lambda x, r, N, old, new, s, C: (scatter(x, r, new) + s * C) / (N + s - 1),
        ),
        _sigma(
            "unbiased estimate",
            "It looks as if `np.cov` divided by less than the expected number of points, as it "
            "does unless it is told `ddof=0`.",
            lambda x, r, N, old, new, s, C: (
                (scatter(x, r, new) / (1 - _column((r**2).sum(axis=0)) / N**2) + s * C) / (N + s)
            ),
        ),
    ),
    hints=(
        "An iteration is an E-step and an M-step. Which of the three updates of the M-step does "
        "the prior change?",
        "E-step in the log domain, with full covariances; then $N_j$, the weights and the means as "
        "always. Only then, with the new means, the covariances.",
        "For one component: `u = data - mu_new[j]`, and `(r[:, j] * u.T) @ u` is the weighted sum "
        "of outer products. The prior adds `s * C` to it, and `s` to $N_j$.",
    ),
    cases=cases,
    in_loops=_loops.map_em_step,
)
