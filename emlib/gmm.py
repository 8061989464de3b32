"""The Gaussian mixture with full covariances.

Component j has weight alpha_j, mean mu_j and covariance Sigma_j.  With the Cholesky factor
Sigma_j = L_j L_j^T and the whitened residual y_ij = L_j^-1 (x_i - mu_j)::

    log p(x_i, z_i = j) = log alpha_j - (d log 2 pi + |y_ij|^2) / 2 - log det L_j

(Bishop 2006, Pattern Recognition and Machine Learning, chapter 9).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import solve_triangular

from emlib import _validate
from emlib._validate import FloatArray
from emlib.em import DegenerateError, Mixture

LOG_2PI = float(np.log(2 * np.pi))
# A covariance is taken for singular when, with every variance scaled to 1, a pivot of its
# Cholesky factor is within this of 0: less is rounding, not spread.
SINGULAR_PIVOT = 1e-7


@dataclass(frozen=True, eq=False)
class GaussianMixture(Mixture):
    """k Gaussians in d dimensions, each with a full covariance.

    Parameters
    ----------
    mixing_weights : array_like, shape (k,)
        Probability alpha_j of each component; positive, sum 1.
    means : array_like, shape (k, d)
    covariances : array_like, shape (k, d, d)
        Symmetric and positive definite, in the squared units of the data.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form; the error names it.

    Examples
    --------
    >>> model = GaussianMixture([0.5, 0.5], [[0.0], [4.0]], [[[1.0]], [[1.0]]])
    >>> model.e_step([[2.0], [4.0]]).round(4)
    array([[5.000e-01, 5.000e-01],
           [3.000e-04, 9.997e-01]])
    """

    mixing_weights: FloatArray
    means: FloatArray
    covariances: FloatArray
    cholesky: FloatArray

    def __init__(self, mixing_weights: ArrayLike, means: ArrayLike, covariances: ArrayLike) -> None:
        means = _validate.real_array("means", means, 2)
        k, d = means.shape
        weights = _validate.mixing_weights("mixing_weights", mixing_weights, k)
        covariances = _validate.real_array("covariances", covariances, 3)
        if covariances.shape != (k, d, d):
            raise ValueError(
                f"covariances must have shape (k, d, d) = ({k}, {d}, {d}) "
                f"to go with means of shape ({k}, {d}), not {covariances.shape}"
            )
        cholesky = np.stack([_cholesky(j, covariance) for j, covariance in enumerate(covariances)])
        object.__setattr__(self, "mixing_weights", weights)
        object.__setattr__(self, "means", means)
        object.__setattr__(self, "covariances", covariances)
        object.__setattr__(self, "cholesky", cholesky)

    def __repr__(self) -> str:
        """Show the shape, the weights and the means."""
        weights, means = (
            np.array2string(a, precision=4) for a in (self.mixing_weights, self.means)
        )
        return f"GaussianMixture(k={self.k}, mixing_weights={weights}, means={means})"

    def parameters(self) -> dict[str, FloatArray]:
        """Return mixing_weights (k,), means (k, d) and covariances (k, d, d), read-only."""
        return {
            "mixing_weights": self.mixing_weights,
            "means": self.means,
            "covariances": self.covariances,
        }

    def prepare(self, data: Any) -> FloatArray:
        """Return `data` as a read-only (n, d) array of finite numbers, or raise an error."""
        points = _validate.real_array("data", data, 2)
        d = self.means.shape[1]
        if points.shape[1] != d:
            raise ValueError(
                f"data must have {d} {'column' if d == 1 else 'columns'}, one per coordinate "
                f"of the means, but its shape is {points.shape}"
            )
        return points

    def log_joint(self, data: ArrayLike) -> FloatArray:
        """Return log p(x_i, z_i = j; theta), in nats, shape (n, k)."""
        data = self.prepare(data)
        d = data.shape[1]
        log_density = np.empty((len(data), self.k))
        for j in range(self.k):
            L = self.cholesky[j]
            y = solve_triangular(L, (data - self.means[j]).T, lower=True)
            log_det_L = np.log(np.diag(L)).sum()
            log_density[:, j] = -0.5 * (d * LOG_2PI + (y**2).sum(axis=0)) - log_det_L
        return np.asarray(np.log(self.mixing_weights) + log_density)

    def m_step(self, data: ArrayLike, responsibilities: ArrayLike) -> GaussianMixture:
        """Return the model that maximises Q: weighted shares, means and covariances.

        With N_j = sum_i r_ij: alpha_j = N_j / n, mu_j = sum_i r_ij x_i / N_j and
        Sigma_j = sum_i r_ij (x_i - mu_j)(x_i - mu_j)^T / N_j, with the *new* mu_j.

        Parameters
        ----------
        data : array_like, shape (n, d)
        responsibilities : array_like, shape (n, k)

        Raises
        ------
        DegenerateError
            If a component has no data left, or its covariance is singular.
        """
        data = self.prepare(data)
        r = _validate.responsibilities(responsibilities, len(data), self.k)
        N = r.sum(axis=0)
        empty = np.flatnonzero(N <= 0)
        if len(empty):
            raise DegenerateError(
                f"component {empty[0]} is empty: no row belongs to it; "
                "use fewer components or another start"
            )
        means = (r.T @ data) / N[:, None]
        covariances = np.empty_like(self.covariances)
        for j in range(self.k):
            centred = data - means[j]
            covariances[j] = (r[:, j] * centred.T) @ centred / N[j]
        return GaussianMixture(N / N.sum(), means, covariances)

    def sample(
        self, n: int, rng: np.random.Generator | int | None = None
    ) -> tuple[FloatArray, np.ndarray]:
        """Draw `n` rows.

        Parameters
        ----------
        n : int
        rng : numpy Generator or seed, optional

        Returns
        -------
        data : ndarray, shape (n, d)
        labels : ndarray of int, shape (n,)
            The component z_i behind each row.
        """
        n = _validate.positive_integer("n", n)
        rng = np.random.default_rng(rng)
        labels = rng.choice(self.k, size=n, p=self.mixing_weights)
        noise = rng.standard_normal((n, self.means.shape[1]))
        data = self.means[labels] + np.einsum("ide,ie->id", self.cholesky[labels], noise)
        return data, labels


def _cholesky(j: int, covariance: FloatArray) -> FloatArray:
    """Return L with covariance = L L^T, or raise an error that names component j."""
    variances = np.diag(covariance)
    scale = np.sqrt(np.maximum(variances, 0))
    if not np.allclose(covariance, covariance.T, rtol=1e-8, atol=1e-8 * float(scale.max() ** 2)):
        raise ValueError(f"covariance of component {j} is not symmetric")
    if (variances > 0).all():
        try:
            L = np.linalg.cholesky(covariance / np.outer(scale, scale))
            if np.diag(L).min() > SINGULAR_PIVOT:
                return np.asarray(scale[:, None] * L)
        except np.linalg.LinAlgError:
            pass
    raise DegenerateError(
        f"covariance of component {j} is singular or not positive definite: the component "
        "has collapsed onto too few distinct points; use fewer components, another start, "
        "or drop a column that repeats the others"
    )
