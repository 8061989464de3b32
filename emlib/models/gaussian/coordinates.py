"""The parameters of Gaussian components in inner coordinates, and as a vector of free numbers.

Inner coordinates are those of `Points.x`: (value - origin) / unit.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from scipy.special import softmax

from emlib._validate import FloatArray
from emlib.models.gaussian.covariances import collapsed
from emlib.models.model import DegenerateError


class Inner(NamedTuple):
    """Parameters in inner coordinates.

    Attributes
    ----------
    weights : ndarray, shape (k,)
    means : ndarray, shape (k, d)
    factors : ndarray, shape (k, d, d) or (k, d)
        See `emlib.models.gaussian.covariances`.
    """

    weights: FloatArray
    means: FloatArray
    factors: FloatArray


def to_vector(
    parts: Inner, covariance_type: str, fixed: Collection[str], unit: FloatArray
) -> FloatArray:
    """Return the parameters that are not fixed as one vector of unbounded numbers.

    They are log alpha, the means and the free entries of the factors, those of the diagonal as
    logarithms.  `unit` are the units of the inner coordinates, shape (d,).
    """
    vectors = {
        "mixing_weights": np.log(parts.weights),
        "means": parts.means.ravel(),
        "covariances": _free_entries(parts.factors, covariance_type, unit).ravel(),
    }
    free = [vector for name, vector in vectors.items() if name not in fixed]
    return np.concatenate([np.empty(0), *free])


def from_vector(
    values: FloatArray, like: Inner, covariance_type: str, fixed: Collection[str], unit: FloatArray
) -> Inner:
    """Return the parameters whose `to_vector` is `values`, what is fixed as in `like`.

    Raises
    ------
    DegenerateError
        If they are no legal parameters in floating point.
    """
    weights, means, factors = like
    k, d = means.shape
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        if "mixing_weights" not in fixed:
            weights, values = softmax(values[:k]), values[k:]
        if "means" not in fixed:
            means, values = values[: k * d].reshape(k, d), values[k * d :]
        if "covariances" not in fixed:
            factors = _factors(values, covariance_type, factors.shape, unit)
        parts = Inner(weights, means, factors)
        if not all(np.isfinite(part).all() for part in parts) or not weights.all():
            raise DegenerateError("the coordinates are out of floating-point range")
        if collapsed(means, factors).any():
            raise DegenerateError("a covariance is singular at these coordinates")
    return parts


def _free_entries(factors: FloatArray, covariance_type: str, unit: FloatArray) -> FloatArray:
    """Return the entries of factors that are free, those of the diagonal as logarithms."""
    if factors.ndim == 2:  # in the units of the data, in which spherical ones are all the same
        s = factors * unit
        return np.asarray(np.log(s if covariance_type == "diag" else s[:, :1]))
    free = factors[:1] if covariance_type == "tied" else factors
    log_diagonal = np.log(np.diagonal(free, axis1=1, axis2=2))
    rows, columns = np.tril_indices(free.shape[1], -1)
    return np.concatenate([log_diagonal, free[:, rows, columns]], axis=1)


def _factors(
    values: FloatArray, covariance_type: str, shape: tuple[int, ...], unit: FloatArray
) -> FloatArray:
    """Return the factors whose free entries are `values`."""
    k, d = shape[:2]
    if len(shape) == 2:
        return np.asarray(np.exp(values).reshape(k, -1) / unit)
    own = 1 if covariance_type == "tied" else k
    values = values.reshape(own, -1)
    factors = np.zeros((own, d, d))
    factors[:, np.arange(d), np.arange(d)] = np.exp(values[:, :d])
    rows, columns = np.tril_indices(d, -1)
    factors[:, rows, columns] = values[:, d:]
    return np.array(np.broadcast_to(factors, shape))
