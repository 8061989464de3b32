"""A Gaussian mixture's parameters in the inner coordinates of its data, and back.

Inner coordinates are those of `Points.x`: (value - origin) / unit.  The origin may be 1e12
standard deviations away, where a mean rounded to one floating-point number would be wrong in
the fourth digit; the model therefore keeps what rounding cut off in `means_tail`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from scipy.special import softmax

from emlib._validate import FloatArray
from emlib.covariances import collapsed
from emlib.mixture import DegenerateError
from emlib.points import Points

if TYPE_CHECKING:
    from emlib.gmm import GaussianMixture

Model = TypeVar("Model", bound="GaussianMixture")

# The attributes that hold each parameter.
HELD = {
    "mixing_weights": ["mixing_weights"],
    "means": ["means", "means_tail"],
    "covariances": ["factors"],
}


def fill(model: Any, **attributes: Any) -> None:
    """Set the attributes of a new immutable model, its arrays read-only."""
    for name, value in attributes.items():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        model.__dict__[name] = value


def inner(model: GaussianMixture, points: Points) -> tuple[FloatArray, FloatArray]:
    """Return means, shape (k, d), and factors in the inner coordinates of the points."""
    means = ((model.means - points.origin) + model.means_tail) / points.unit
    return means, model.factors / _unit(points, model.factors)


def outer(
    like: Model, points: Points, weights: FloatArray, means: FloatArray, factors: FloatArray
) -> Model:
    """Return a model like `like`, but for the parameters given here in inner coordinates."""
    offset = means * points.unit
    means = points.origin + offset
    model: Model = object.__new__(type(like))
    fill(
        model,
        mixing_weights=weights,
        means=means,
        means_tail=offset - (means - points.origin),
        factors=factors * _unit(points, factors),
        covariance_type=like.covariance_type,
        fixed=like.fixed,
        prior=like.prior,
    )
    for part in like.fixed:
        fill(model, **{name: getattr(like, name) for name in HELD[part]})
    return model


def _unit(points: Points, factors: FloatArray) -> FloatArray:
    """Return the units in the shape that divides factors."""
    return points.unit if factors.ndim == 2 else points.unit[:, None]


def vector(model: GaussianMixture, points: Points) -> FloatArray:
    """Return the free parameters as one vector of unbounded numbers."""
    means, factors = inner(model, points)
    parts = {
        "mixing_weights": np.log(model.mixing_weights),
        "means": means,
        "covariances": _free_entries(model, factors),
    }
    return np.concatenate([part.ravel() for name, part in parts.items() if name not in model.fixed])


def _free_entries(model: GaussianMixture, factors: FloatArray) -> FloatArray:
    """Return the entries of factors that are free, those of the diagonal as logarithms."""
    if factors.ndim == 2:  # in the units of the data, in which spherical ones are all the same
        s = model.factors if model.covariance_type == "diag" else model.factors[:, :1]
        return np.asarray(np.log(s))
    d = factors.shape[1]
    free = factors[:1] if model.covariance_type == "tied" else factors
    log_diagonal = np.log(np.diagonal(free, axis1=1, axis2=2))
    rows, columns = np.tril_indices(d, -1)
    return np.concatenate([log_diagonal, free[:, rows, columns]], axis=1)


def from_vector(like: Model, points: Points, values: FloatArray) -> Model:
    """Return the model like `like` whose `vector` is `values`, or raise a DegenerateError."""
    k, d = like.means.shape
    means, factors = inner(like, points)
    weights = like.mixing_weights
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        if "mixing_weights" not in like.fixed:
            weights, values = softmax(values[:k]), values[k:]
        if "means" not in like.fixed:
            means, values = values[: k * d].reshape(k, d), values[k * d :]
        if "covariances" not in like.fixed:
            factors = _from_free_entries(like, points, values)
        parts = (weights, means, factors)
        if not all(np.isfinite(part).all() for part in parts) or not weights.all():
            raise DegenerateError("the coordinates are out of floating-point range")
        if collapsed(means, factors).any():
            raise DegenerateError("a covariance is singular at these coordinates")
        return outer(like, points, *parts)


def _from_free_entries(like: GaussianMixture, points: Points, values: FloatArray) -> FloatArray:
    """Return the factors in inner coordinates, given their free entries."""
    k, d = like.means.shape
    if like.factors.ndim == 2:
        return np.asarray(np.exp(values).reshape(k, -1) / points.unit)
    own = 1 if like.covariance_type == "tied" else k
    values = values.reshape(own, -1)
    factors = np.zeros((own, d, d))
    factors[:, np.arange(d), np.arange(d)] = np.exp(values[:, :d])
    rows, columns = np.tril_indices(d, -1)
    factors[:, rows, columns] = values[:, d:]
    return np.array(np.broadcast_to(factors, (k, d, d)))
