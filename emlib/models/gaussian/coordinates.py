"""The parameters of Gaussian components in inner coordinates, and as a vector of free numbers.

Inner coordinates are those of `Points.x`: (value - origin) / unit.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from scipy.special import softmax

from emlib._validate import FloatArray
from emlib.models.gaussian.covariances import Full
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


def to_vector(kind: Full, parts: Inner, fixed: Collection[str], unit: FloatArray) -> FloatArray:
    """Return the parameters that are not fixed as one vector of unbounded numbers.

    They are log alpha, the means and the free entries of the factors, those of the diagonal as
    logarithms.  `unit` are the units of the inner coordinates, shape (d,).
    """
    vectors = {
        "mixing_weights": np.log(parts.weights),
        "means": parts.means.ravel(),
        "covariances": kind.free_entries(parts.factors, unit),
    }
    free = [vector for name, vector in vectors.items() if name not in fixed]
    return np.concatenate([np.empty(0), *free])


def from_vector(
    kind: Full, values: FloatArray, like: Inner, fixed: Collection[str], unit: FloatArray
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
            factors = kind.from_entries(values, k, unit)
        parts = Inner(weights, means, factors)
        if not all(np.isfinite(part).all() for part in parts) or not weights.all():
            raise DegenerateError("the coordinates are out of floating-point range")
        if kind.collapsed(means, factors).any():
            raise DegenerateError("a covariance is singular at these coordinates")
    return parts
