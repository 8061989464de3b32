"""Axis-parallel covariances, held by standard deviations."""

from __future__ import annotations

import numpy as np

from emlib._validate import FloatArray
from emlib.models.gaussian.full import Full


class Diagonal(Full):
    """Each component is axis-parallel."""

    name = "diag"
    axes = "kd"
    fault = "is not diagonal"
    axis_parallel = True

    def _widened(self, given: FloatArray, k: int, d: int) -> FloatArray:
        return np.asarray(given.reshape(k, -1, 1) * np.eye(d))

    def _alike(self, L: FloatArray) -> FloatArray:
        return self.cholesky(self._factors(L))

    def _factors(self, L: FloatArray) -> FloatArray:
        return np.diagonal(L, axis1=1, axis2=2)

    def cholesky(self, factors: FloatArray) -> FloatArray:
        """Return diag(s)."""
        return np.asarray(factors[:, :, None] * np.eye(factors.shape[1]))

    def covariances(self, factors: FloatArray) -> FloatArray:
        """Return diag(s^2)."""
        with np.errstate(over="ignore", under="ignore"):
            return self.cholesky(factors**2)

    def inverse(self, factors: FloatArray) -> FloatArray:
        """Return 1/s."""
        return 1 / factors

    def pivots(self, factors: FloatArray) -> FloatArray:
        """Return s."""
        return factors

    def deviations(self, factors: FloatArray) -> FloatArray:
        """Return s."""
        return factors

    def in_shape(self, numbers: FloatArray) -> FloatArray:
        """Return one number per component, shape (k,), so that it multiplies factors."""
        return numbers[:, None]

    def units(self, unit: FloatArray) -> FloatArray:
        """Return units, shape (d,), as they are."""
        return unit

    def whiten(
        self, inverse: FloatArray, y: FloatArray, scratch: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return y/s, and scratch."""
        y *= inverse[:, :, None]
        return y, scratch

    def add_squares(
        self, second: FloatArray, y: FloatArray, r: FloatArray, scratch: FloatArray
    ) -> None:
        """Add sum_i r_ij y_ij^2."""
        second += (np.multiply(y, y, out=scratch) @ r[:, :, None])[:, :, 0]

    def times(self, factors: FloatArray, g: FloatArray) -> FloatArray:
        """Return s_j g_j, shape (k, d)."""
        return factors * g

    def centred(self, second: FloatArray, g: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return variances about the mean g, twice."""
        second = second - g**2
        return second, second

    def whiteners(self, factors: FloatArray) -> FloatArray:
        """Return s."""
        return factors

    def spread(self, residual: FloatArray, share: FloatArray, whitener: FloatArray) -> FloatArray:
        """Return the weighted variances of residual / s."""
        residual /= whitener[:, None]
        return np.asarray(residual**2 @ share)

    def _times_root(self, factors: FloatArray, second: FloatArray) -> FloatArray:
        return np.asarray(factors * np.sqrt(np.maximum(second, 0)))

    def seen(self, root: FloatArray, factors: FloatArray) -> FloatArray:
        """Return the diagonal of root root^T over s^2."""
        return np.asarray((root**2).sum(axis=1) / factors**2)

    def free_entries(self, factors: FloatArray, unit: FloatArray) -> FloatArray:
        """Return log s, in the units of the data, in which spherical ones are all the same."""
        return np.log(self._distinct(factors * unit)).ravel()

    def _distinct(self, s: FloatArray) -> FloatArray:
        return s

    def from_entries(self, values: FloatArray, k: int, unit: FloatArray) -> FloatArray:
        """Return the factors whose `free_entries` are `values`."""
        return np.asarray(np.exp(values).reshape(k, -1) / unit)


class Spherical(Diagonal):
    """Each covariance is a multiple of the identity."""

    name = "spherical"
    axes = "k"
    fault = "is not round"

    def _alike(self, L: FloatArray) -> FloatArray:
        return np.asarray(L[:, :1, :1] * np.eye(L.shape[1]))

    def _times_root(self, factors: FloatArray, second: FloatArray) -> FloatArray:
        return super()._times_root(factors, second.mean(axis=1, keepdims=True))

    def start(self, variances: FloatArray) -> FloatArray:
        """Return the mean variance for all columns."""
        return np.full_like(variances, variances.mean())

    def _distinct(self, s: FloatArray) -> FloatArray:
        return s[:, :1]
