"""What several exercises of notebooks 04a and 04b draw."""

from __future__ import annotations

import numpy as np

from key.exercise import Rng
from key.gaussian_mixture._formulas import Array

FAR = 60.0  # standard deviations at which every density underflows


def _weights(rng: Rng, k: int) -> Array:
    """Draw mixing weights, no two alike."""
    weights = rng.permutation(np.arange(1.0, k + 1)) + rng.uniform(0, 0.5, k)
    return weights / weights.sum()


def _points(rng: Rng, n: int, mu: Array) -> Array:
    """Draw points around the means, every component in use."""
    owner = rng.permutation(np.arange(n) % len(mu))
    return mu[owner] + rng.normal(size=(n, mu.shape[1]))


def factor(rng: Rng, d: int) -> Array:
    """Draw a lower triangular matrix with a positive diagonal, far from the unit matrix."""
    return np.tril(rng.uniform(-1, 1, (d, d)), -1) + np.diag(rng.uniform(0.4, 2.5, d))


def with_far_row(data: Array, far: bool) -> Array:
    if far:
        data[0] = FAR * np.resize([1.0, -1.0], data.shape[1])
    return data


def random_mixture(
    rng: Rng, k: int, n: int, d: int, far: bool
) -> tuple[Array, Array, Array, Array]:
    """Draw data, alpha, mu and sigma."""
    mu = rng.uniform(-2, 2, (k, d))
    sigma = rng.uniform(0.4, 2.5, (k, d))
    return with_far_row(_points(rng, n, mu), far), _weights(rng, k), mu, sigma


def random_m_step(rng: Rng, k: int, n: int, d: int) -> tuple[Array, Array]:
    """Draw data, the last column in small units, and responsibilities, one row of them hard."""
    data = _points(rng, n, rng.uniform(-3, 3, (k, d)))
    data[:, -1] /= 2000
    r = rng.dirichlet(1 + np.arange(k), n)
    r[rng.integers(n)] = np.eye(k)[rng.integers(k)]
    return data, r
