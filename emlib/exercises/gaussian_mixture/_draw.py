"""Hidden inputs: random, asymmetric, and drawn afresh at every grading."""

from __future__ import annotations

import numpy as np

from emlib.exercises.gaussian_mixture._formulas import Array
from emlib.exercises.gaussian_mixture._loop import WRONG_RULES, Theta, run, stopped

Rng = np.random.Generator
FAR = 60.0  # standard deviations at which every density underflows


def _weights(rng: Rng, k: int) -> Array:
    """Draw mixing weights, no two alike."""
    weights = rng.permutation(np.arange(1.0, k + 1)) + rng.uniform(0, 0.5, k)
    return weights / weights.sum()


def _points(rng: Rng, n: int, mu: Array) -> Array:
    """Draw points around the means, every component in use."""
    owner = rng.permutation(np.arange(n) % len(mu))
    return mu[owner] + rng.normal(size=(n, mu.shape[1]))


def _factor(rng: Rng, d: int) -> Array:
    """Draw a lower triangular matrix with a positive diagonal, far from the unit matrix."""
    return np.tril(rng.uniform(-1, 1, (d, d)), -1) + np.diag(rng.uniform(0.4, 2.5, d))


def _with_far_row(data: Array, far: bool) -> Array:
    if far:
        data[0] = FAR * np.resize([1.0, -1.0], data.shape[1])
    return data


def random_density(rng: Rng, n: int, d: int, far: bool) -> tuple[Array, Array, Array]:
    """Draw data, mean and L."""
    mean = rng.uniform(-2, 2, d)
    return _with_far_row(mean + rng.normal(size=(n, d)), far), mean, _factor(rng, d)


def random_mixture(
    rng: Rng, k: int, n: int, d: int, far: bool
) -> tuple[Array, Array, Array, Array]:
    """Draw data, alpha, mu and sigma."""
    mu = rng.uniform(-2, 2, (k, d))
    sigma = rng.uniform(0.4, 2.5, (k, d))
    return _with_far_row(_points(rng, n, mu), far), _weights(rng, k), mu, sigma


def random_m_step(rng: Rng, k: int, n: int, d: int) -> tuple[Array, Array]:
    """Draw data and responsibilities."""
    data = _points(rng, n, rng.uniform(-3, 3, (k, d)))
    return data, rng.dirichlet(1 + np.arange(k), n)


def random_spread(rng: Rng, k: int, n: int, d: int) -> tuple[Array, Array, Array]:
    """Draw data, responsibilities and centres mu, which are not the weighted means."""
    return *random_m_step(rng, k, n, d), rng.uniform(-3, 3, (k, d))


def random_em(
    rng: Rng, k: int, n: int, d: int, tol: float, max_iter: int
) -> tuple[Array, Array, Array, Array, float, int]:
    """Draw the arguments of `em`; if `tol` is 0 it is `max_iter` that ends the run.

    Otherwise it is `tol`, clearly, and every wrong stopping rule would stop elsewhere.
    """
    while True:
        data, alpha, mu, sigma = random_mixture(rng, k, n, d, False)
        start: Theta = (alpha, mu, sigma + 1)
        with np.errstate(all="ignore"):  # a run may collapse
            path = run(data, start, max_iter)
        gains, last = np.diff(path[-1]), len(stopped(data, start, tol, max_iter)[-1])
        if not path[2].min() > 0.1:  # collapsed, or on the way there
            continue
        if tol == 0 and gains.min() > 1e-3:
            return data, *start, tol, max_iter
        clear = tol > 0 and np.abs(gains / tol - 1).min() > 0.05
        if clear and 4 < last <= max_iter:
            lengths = [len(m.gives(data, *start, tol, max_iter)[-1]) for m in WRONG_RULES[:-1]]
            if last not in lengths:
                return data, *start, tol, max_iter


def random_map(
    rng: Rng, k: int, n: int, d: int, far: bool
) -> tuple[Array, Array, Array, Array, float, Array]:
    """Draw data, alpha, mu, Sigma, s and C."""
    data, alpha, mu, _ = random_mixture(rng, k, n, d, far)
    factors = np.stack([_factor(rng, d) for _ in range(k)])
    root = _factor(rng, d)
    strength = float(rng.uniform(1.2, 3))
    return data, alpha, mu, factors @ factors.transpose(0, 2, 1), strength, root @ root.T


def random_log_likelihoods(rng: Rng, most: int, d: int, best: int) -> tuple[Array, int, int]:
    """Draw log_likelihoods for k = 1, ..., most, n and d; BIC is smallest at `best`, clearly."""
    n = int(rng.integers(150, 900))
    price = (1 + 2 * d) * np.log(n) / 2  # what one more component must gain
    gains = np.where(np.arange(1, most) < best, rng.uniform(2, 4, most - 1), 0) + rng.uniform(
        0.2, 0.6, most - 1
    )
    return -1000 - 300 * d + np.concatenate([[0.0], np.cumsum(gains * price)]), n, d
