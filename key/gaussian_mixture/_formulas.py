"""Formulas and words that the answers and mistakes of 04a and 04b share.

Arguments are called as in the notebook: data (n, d), alpha (k,) mixing weights, mu (k, d) means,
sigma (k, d) standard deviations of diagonal covariances, Sigma (k, d, d) full covariances,
r (n, k) responsibilities.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import logsumexp, softmax

Array = Any  # numbers or arrays of numbers
LOG_2PI = float(np.log(2 * np.pi))


def diagonal_joint(data: Array, alpha: Array, mu: Array, sigma: Array) -> Array:
    """Return log p(x_i, z_i = j) for diagonal covariances, shape (n, k)."""
    y = (data[:, None] - mu) / sigma
    d = data.shape[1]
    log_density = -(d * LOG_2PI + (y**2).sum(axis=2)) / 2 - np.log(sigma).sum(axis=1)
    return np.asarray(np.log(alpha) + log_density)


def full_joint(data: Array, alpha: Array, mu: Array, Sigma: Array) -> Array:
    """Return log p(x_i, z_i = j) for full covariances, shape (n, k)."""
    u = data[:, None] - mu
    distances = np.einsum("ija,jab,ijb->ij", u, np.linalg.inv(Sigma), u)
    log_det = np.linalg.slogdet(Sigma)[1]
    return np.log(alpha) - (data.shape[1] * LOG_2PI + log_det + distances) / 2


def row_logs(log_joint: Array) -> Array:
    """Return log p(x_i), shape (n,)."""
    return logsumexp(log_joint, axis=1)


def posterior(log_joint: Array) -> Array:
    """Return the responsibilities, shape (n, k)."""
    return softmax(log_joint, axis=1)


def hard(r: Array) -> Array:
    """Give each point wholly to its most probable component."""
    return (r == r.max(axis=1, keepdims=True)).astype(float)


def averages(data: Array, r: Array) -> tuple[Array, Array]:
    """Return the new mixing weights (k,) and means (k, d)."""
    N = r.sum(axis=0)
    return N / len(data), (r.T @ data) / N[:, None]


def scatter(data: Array, r: Array, mu: Array) -> Array:
    """Return sum_i r_ij (x_i - mu_j)(x_i - mu_j)^T, shape (k, d, d)."""
    u = data[:, None] - mu
    return np.einsum("ij,ija,ijb->jab", r, u, u)


def squares(data: Array, r: Array, mu: Array) -> Array:
    """Return sum_i r_ij (x_ia - mu_ja)^2, shape (k, d)."""
    return np.einsum("ij,ija->ja", r, (data[:, None] - mu) ** 2)


WEIGHTS_FORGOTTEN = (
    "It looks as if the mixing weights `alpha` were left out: a rare component should be "
    "responsible for less."
)
WEIGHTS_EQUAL = "It looks as if every component were equally frequent: use the weights in `alpha`."
WRONG_AXIS = (
    "It looks as if you normalised over the points (down each column) instead of over the "
    "components (along each row)."
)
HARD = (
    "It looks as if each point was given wholly to its most probable component (hard assignment). "
    "In EM every point counts for every component, in proportion to the responsibilities."
)
UNDERFLOW = (
    "It works for points near a mean. Far away the density is too small for a floating-point "
    "number: it underflows to 0. Stay with logarithms, take out the largest of each point, not of "
    "the whole table, and exponentiate last."
)

RESPONSIBILITIES_IGNORED = (
    "Every component gets the same: it looks as if the responsibilities were not used."
)
DIVIDED_BY_N = (
    "It looks as if you divided by the number of points. Divide by the expected number of this "
    "component's points, $N_j$."
)
