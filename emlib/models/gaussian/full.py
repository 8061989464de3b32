"""Full covariances, each component its own or one for all, held by Cholesky factors."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg.blas import dsyrk, dtrmm
from scipy.linalg.lapack import dtrtri

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.gaussian.cholesky import accurate_cholesky
from emlib.models.model import DegenerateError

# A covariance is taken for singular when, with every variance scaled to 1, a pivot of its
# Cholesky factor is within this of 0: less is rounding, not spread.
SINGULAR_PIVOT = 1e-7

# A component has collapsed onto a point when its standard deviation is this small beside the
# size of its mean: a few units in the last place.
RESOLUTION = 64 * float(np.finfo(float).eps)

LARGE = 32  # columns from which triangles instead of squares pay


class Full:
    """Each component has a covariance of its own."""

    name = "full"
    axes = "kdd"  # of these covariances by themselves; (k, d, d) serves all types
    fault = ""
    axis_parallel = False

    def expand(self, covariances: ArrayLike, k: int, d: int) -> FloatArray:
        """Check covariances given in their own shape, or as (k, d, d), and return the latter."""
        whole = np.ndim(_validate.rectangular("covariances", covariances)) == 3
        axes = "kdd" if whole else self.axes
        shape = tuple({"k": k, "d": d}[axis] for axis in axes)
        given = _validate.real_array("covariances", covariances, len(shape))
        if given.shape != shape:
            words = f"({', '.join(axes)})" if len(axes) > 1 else "(k,)"
            raise ValueError(
                f"covariances must have shape {words} = {shape} "
                f"to go with means of shape ({k}, {d}), not {given.shape}"
            )
        return given if whole else self._widened(given, k, d)

    def _widened(self, given: FloatArray, k: int, d: int) -> FloatArray:
        return np.broadcast_to(given, (k, d, d))

    def factorise(self, covariances: FloatArray) -> FloatArray:
        """Return the factors of covariances of shape (k, d, d).

        Raises
        ------
        ValueError
            If one is not symmetric, or not of the type; the error names the component.
        DegenerateError
            If one is not positive definite.
        """
        L = np.stack([cholesky(j, covariance) for j, covariance in enumerate(covariances)])
        wrong = (L != self._alike(L)).any(axis=(1, 2))
        if wrong.any():
            raise ValueError(
                f"covariance_type is {self.name!r}, "
                f"but the covariance of component {np.argmax(wrong)} {self.fault}"
            )
        return self._factors(L)

    def _alike(self, L: FloatArray) -> FloatArray:
        """Return what L would be if it were of this type."""
        return L

    def _factors(self, L: FloatArray) -> FloatArray:
        return L

    def cholesky(self, factors: FloatArray) -> FloatArray:
        """Return the Cholesky factors, shape (k, d, d)."""
        return factors

    def covariances(self, factors: FloatArray) -> FloatArray:
        """Return the covariances, shape (k, d, d)."""
        with np.errstate(over="ignore", under="ignore"):
            return factors @ factors.transpose(0, 2, 1)

    def inverse(self, factors: FloatArray) -> FloatArray:
        """Return L^-1 of each component, or 1/s, in the shape of the factors."""
        out = np.empty(factors.shape).transpose(0, 2, 1)  # by columns, as BLAS wants it
        for j, L in enumerate(factors):
            out[j] = dtrtri(L, lower=1)[0]
        return out

    def pivots(self, factors: FloatArray) -> FloatArray:
        """Return the diagonals of the Cholesky factors, shape (k, d)."""
        return np.diagonal(factors, axis1=1, axis2=2)

    def deviations(self, factors: FloatArray) -> FloatArray:
        """Return the standard deviations, shape (k, d); squares of tiny ones would underflow."""
        return np.asarray(np.hypot.reduce(factors, axis=2))

    def log_determinants(self, factors: FloatArray) -> FloatArray:
        """Return log det L = (log det Sigma) / 2 of each component, shape (k,)."""
        return np.asarray(np.log(self.pivots(factors)).sum(axis=1))

    def collapsed(self, means: FloatArray, factors: FloatArray) -> np.ndarray:
        """Tell which components have a singular covariance, shape (k,)."""
        s = self.deviations(factors)
        pivots = self.pivots(factors) > SINGULAR_PIVOT * s
        return np.asarray(~(pivots & (s > RESOLUTION * np.abs(means))).all(axis=1))

    def in_shape(self, numbers: FloatArray) -> FloatArray:
        """Return one number per component, shape (k,), so that it multiplies factors."""
        return numbers[:, None, None]

    def units(self, unit: FloatArray) -> FloatArray:
        """Return units, shape (d,), so that they divide factors."""
        return unit[:, None]

    def whiten(
        self, inverse: FloatArray, y: FloatArray, scratch: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return L^-1 y and memory to work in, both made of y and scratch, shape (k, d, b)."""
        if y.shape[1] < LARGE:
            return np.matmul(inverse, y, out=scratch), y
        for j in range(len(y)):  # y_j <- L_j^-1 y_j in place; BLAS sees y_j transposed
            dtrmm(1.0, inverse[j], y[j].T, side=1, lower=1, trans_a=1, overwrite_b=1)
        return y, scratch

    def add_squares(
        self, second: FloatArray, y: FloatArray, r: FloatArray, scratch: FloatArray
    ) -> None:
        """Add sum_i r_ij y_ij y_ij^T, its lower triangle at least; y may be overwritten."""
        if y.shape[1] < LARGE:
            second += np.multiply(y, r[:, None, :], out=scratch) @ y.transpose(0, 2, 1)
        else:
            y *= np.sqrt(r)[:, None, :]  # y r y^T is symmetric: BLAS computes one triangle of it
            for j in range(len(y)):
                second[j] += dsyrk(1.0, y[j].T, trans=1, lower=1)

    def times(self, factors: FloatArray, g: FloatArray) -> FloatArray:
        """Return L_j g_j, shape (k, d)."""
        return np.asarray((factors @ g[:, :, None])[:, :, 0])

    def centred(self, second: FloatArray, g: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return second moments about the mean g, and the variances among them, shape (k, d)."""
        second = second - g[:, :, None] * g[:, None, :]
        return second, second.diagonal(0, 1, 2)

    def whiteners(self, factors: FloatArray) -> FloatArray:
        """Return what residuals are whitened by in an M-step on its own.

        Here nothing does; standard deviations do, so that spherical covariances average like
        with like.
        """
        return np.broadcast_to(np.eye(factors.shape[1]), factors.shape)

    def spread(self, residual: FloatArray, share: FloatArray, whitener: FloatArray) -> FloatArray:
        """Return the weighted covariance of residuals, shape (d, n), of one component."""
        return np.asarray((share * residual) @ residual.T)

    def pooled(self, N: FloatArray, second: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return expected counts and second moments, of components together if they share."""
        return N, second

    def own(self, factors: FloatArray) -> FloatArray:
        """Return the factors of components that have one of their own."""
        return factors

    def update(
        self,
        factors: FloatArray,
        counts: FloatArray,
        second: FloatArray,
        prior: tuple[float, FloatArray] | None = None,
    ) -> FloatArray:
        """Return the factors that maximise Q: L <- L C, or s <- s C, with C C^T the new spread.

        Parameters
        ----------
        factors : ndarray, shape (k, d, d) or (k, d)
            Those that whitened the rows.
        counts : ndarray, shape (k,)
            Expected number of rows N_j.
        second : ndarray, shape as `factors`
            Weighted covariance of the whitened rows, sum_i r_ij y_ij y_ij^T / N_j, or its
            diagonal.  Only the lower triangle is read.
        prior : (strength, covariance seen by the factors), optional
            What the prior adds.

        Returns
        -------
        ndarray, shape as `factors`
            Zero for a component whose covariance is not positive definite: see `collapsed`.
        """
        N, second = self.pooled(self.in_shape(counts), second)
        if prior is not None:
            strength, assumed = prior
            second = (N * second + strength * assumed[: len(second)]) / (N + strength)
        return self._times_root(factors, second)

    def _times_root(self, factors: FloatArray, second: FloatArray) -> FloatArray:
        try:
            return np.asarray(factors @ np.linalg.cholesky(second))
        except np.linalg.LinAlgError:
            return np.asarray(factors @ np.stack([_cholesky_or_zero(one) for one in second]))

    def start(self, variances: FloatArray) -> FloatArray:
        """Return the variances to start from, given those of the columns."""
        return variances

    def seen(self, root: FloatArray, factors: FloatArray) -> FloatArray:
        """Return L^-1 (root root^T) L^-T of each component, shape as `factors`."""
        root = self.inverse(factors) @ root
        return np.asarray(root @ root.transpose(0, 2, 1))

    def free_entries(self, factors: FloatArray, unit: FloatArray) -> FloatArray:
        """Return the entries of factors that are free, those of the diagonal as logarithms.

        `unit` are the units of the factors, shape (d,).
        """
        free = self.own(factors)
        rows, columns = np.tril_indices(free.shape[1], -1)
        return np.concatenate([np.log(self.pivots(free)), free[:, rows, columns]], axis=1).ravel()

    def from_entries(self, values: FloatArray, k: int, unit: FloatArray) -> FloatArray:
        """Return the factors whose `free_entries` are `values`."""
        d = len(unit)
        values = values.reshape(-1, d * (d + 1) // 2)
        factors = np.zeros((len(values), d, d))
        factors[:, np.arange(d), np.arange(d)] = np.exp(values[:, :d])
        rows, columns = np.tril_indices(d, -1)
        factors[:, rows, columns] = values[:, d:]
        return np.array(np.broadcast_to(factors, (k, d, d)))


class Tied(Full):
    """All components share one covariance."""

    name = "tied"
    axes = "dd"
    fault = "differs from that of component 0"

    def _alike(self, L: FloatArray) -> FloatArray:
        return L[:1]

    def pooled(self, N: FloatArray, second: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Pool the rows: all components whiten them alike."""
        return N.sum(keepdims=True), (N * second).sum(axis=0, keepdims=True) / N.sum()

    def own(self, factors: FloatArray) -> FloatArray:
        """Return the one factor."""
        return factors[:1]


def cholesky(j: int, covariance: FloatArray) -> FloatArray:
    """Return L with covariance = L L^T, or raise an error that names component j."""
    variances = np.diag(covariance)
    if (variances > 0).all():
        scale = np.ldexp(1.0, np.frexp(variances)[1] // 2)  # powers of two round nothing
        correlation = covariance / scale / scale[:, None]
        if not np.allclose(correlation, correlation.T, rtol=0, atol=1e-8):
            raise ValueError(f"covariance of component {j} is not symmetric")
        try:
            L = accurate_cholesky(correlation)
            if np.diag(L).min() > SINGULAR_PIVOT:
                return np.asarray(scale[:, None] * L)
        except np.linalg.LinAlgError:
            pass
    raise DegenerateError(
        f"covariance of component {j} is singular or not positive definite: "
        "its variances must be positive, and no coordinate may be a combination of the others"
    )


def _cholesky_or_zero(matrix: FloatArray) -> FloatArray:
    """Return the Cholesky factor, or zeros if there is none."""
    try:
        return np.asarray(np.linalg.cholesky(matrix))
    except np.linalg.LinAlgError:
        return np.zeros_like(matrix)
