"""What mixtures of Gaussians share, whether their rows are complete or not.

Component j has weight alpha_j, mean mu_j and covariance Sigma_j = L_j L_j^T.  Data know the
coordinates that suit their arithmetic, (value - origin) / unit: the inner coordinates.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.gaussian.full import Full
from emlib.models.mixture import Mixture
from emlib.models.model import DegenerateError
from emlib.models.rows import total_weight


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


class Gaussians(Mixture):
    """k Gaussians in d dimensions: their parameters, in all the forms that are asked for."""

    means: FloatArray
    # What rounding cut off the means.  1e12 standard deviations from 0, a mean rounded to one
    # floating-point number is wrong in the fourth digit.
    means_tail: FloatArray
    factors: FloatArray
    kind: Full  # what there is to know of their covariance type

    def _set(
        self, mixing_weights: ArrayLike, means: ArrayLike, covariances: ArrayLike, kind: Full
    ) -> None:
        """Fill a new model."""
        means = _validate.real_array("means", means, 2)
        given = kind.expand(covariances, *means.shape)
        self._fill(
            mixing_weights=_validate.mixing_weights("mixing_weights", mixing_weights, len(means)),
            means=means,
            means_tail=np.zeros_like(means),
            covariances=given,
            factors=kind.factorise(given),
            kind=kind,
        )

    def __repr__(self) -> str:
        """Show the shape, the weights and the means."""
        weights, means = (
            np.array2string(a, precision=4) for a in (self.mixing_weights, self.means)
        )
        return f"{type(self).__name__}(k={self.k}, mixing_weights={weights}, means={means})"

    def _with(self, **changes: Any) -> Self:
        model = super()._with(**changes)
        if "factors" in changes:
            model.__dict__.pop("covariances", None)  # computed anew when asked for
        return model

    @cached_property
    def covariances(self) -> FloatArray:
        """The covariances, shape (k, d, d) for every type, read-only."""
        covariances = self.kind.covariances(self.factors)
        covariances.flags.writeable = False
        return covariances

    @property
    def cholesky(self) -> FloatArray:
        """The Cholesky factors of the covariances, shape (k, d, d) for every type."""
        return self.kind.cholesky(self.factors)

    def parameters(self) -> dict[str, FloatArray]:
        """Return mixing_weights (k,), means (k, d) and covariances (k, d, d), read-only."""
        names = ("mixing_weights", "means", "covariances")
        return {name: getattr(self, name) for name in names}

    @property
    def n_parameters(self) -> int:
        """Number of free parameters, what components share counted once."""
        entries = self.kind.free_entries(self.factors, np.ones(self.means.shape[1]))
        return (self.k - 1) * self.fit_mixing_weights + self.means.size + len(entries)

    def prepare(self, data: Any) -> Any:
        """Return `data` as points of as many columns as the means, or raise an error."""
        points, d = super().prepare(data), self.means.shape[1]
        if points.shape[1] != d:
            raise ValueError(
                f"data must have {d} {'column' if d == 1 else 'columns'}, one per coordinate "
                f"of the means, but its shape is {points.shape}"
            )
        return points

    def rounding(self, data: Any) -> float:
        """Return by how many nats rounding may falsify the log-likelihood.

        The smaller a pivot beside the standard deviation of its column, the more it magnifies.
        """
        n, d = total_weight(self.prepare(data)), self.means.shape[1]
        pivots = self.kind.pivots(self.factors) / self.kind.deviations(self.factors)
        return float(n * d * np.finfo(float).eps / pivots.min())

    def standardised(self) -> FloatArray:
        """Return means and factors, shape (k, q), in the least standard deviations."""
        L = self.cholesky
        with np.errstate(over="ignore", under="ignore"):
            s = self.kind.deviations(self.factors).min(axis=0)
            return np.concatenate([self.means / s, (L / s[:, None]).reshape(self.k, -1)], axis=1)

    def _inner(self, points: Any) -> Inner:
        """Return the parameters in the inner coordinates of the points."""
        means = ((self.means - points.origin) + self.means_tail) / points.unit
        return Inner(self.mixing_weights, means, self.factors / self.kind.units(points.unit))

    def _moved(self, points: Any, inner: Inner) -> Self:
        """Return the model with these parameters."""
        offset = inner.means * points.unit
        means = points.origin + offset
        return self._with(
            mixing_weights=inner.weights,
            means=means,
            means_tail=offset - (means - points.origin),
            factors=inner.factors * self.kind.units(points.unit),
        )

    def position(self, data: ArrayLike) -> FloatArray:
        """Return weights, means and factors, in the inner coordinates of the data."""
        return np.concatenate([part.ravel() for part in self._inner(self.prepare(data))])

    @np.errstate(over="ignore", divide="ignore")
    def coordinates(self, data: ArrayLike) -> FloatArray:
        """Return log alpha if it is fitted, the means, and the free entries of the factors.

        All in the inner coordinates of the data, so that no part outweighs the others; the
        diagonals of the factors as logarithms.
        """
        points = self.prepare(data)
        _, means, factors = self._inner(points)
        entries = self.kind.free_entries(factors, points.unit)
        return np.concatenate([self._weight_coordinates(), means.ravel(), entries])

    def at_coordinates(self, data: ArrayLike, vector: FloatArray) -> Self:
        """Return the model of this kind whose `coordinates` are `vector`.

        Raises
        ------
        DegenerateError
            If they are no legal parameters in floating point.
        """
        points, (k, d) = self.prepare(data), self.means.shape
        logs, means, entries = np.split(vector, np.cumsum([k * self.fit_mixing_weights, k * d]))
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            weights, means = self._weights_at(logs), means.reshape(k, d)
            inner = Inner(weights, means, self.kind.from_entries(entries, k, points.unit))
            if not all(np.isfinite(part).all() for part in inner) or not weights.all():
                raise DegenerateError("the coordinates are out of floating-point range")
            if self.kind.collapsed(means, inner.factors).any():
                raise DegenerateError("a covariance is singular at these coordinates")
        return self._moved(points, inner)

    def draw(self, labels: np.ndarray, rng: np.random.Generator) -> FloatArray:
        """Draw a row of the component that each of the labels names, shape (n, d)."""
        noise = rng.standard_normal((len(labels), self.means.shape[1]))
        return np.asarray(
            self.means[labels] + np.einsum("ide,ie->id", self.cholesky[labels], noise)
        )
