"""A prior for the covariances of Gaussian components."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.gaussian.full import Full, cholesky
from emlib.models.value import Value


class CovariancePrior(Value):
    """A prior that keeps covariances from collapsing: MAP-EM.

    It acts as if each component had seen `strength` more rows whose covariance about the
    component's own mean is `covariance` (Fraley and Raftery 2007,
    doi:10.1007/s00357-007-0004-5, in another parametrisation)::

        log p(Sigma_j) = -strength/2 (log det Sigma_j + trace(covariance Sigma_j^-1)) + constant
        Sigma_j = (N_j S_j + strength covariance) / (N_j + strength)     in the M-step

    with S_j the weighted covariance of the rows.  Components of type ``tied`` have one
    covariance and so one prior.

    Parameters
    ----------
    covariance : array_like, shape (d, d)
        Positive definite, in the squared units of the data.  A good choice is the covariance
        of all rows divided by k^(2/d): k such clusters fill the volume of the data.
    strength : float
        Positive; 1 to d + 2 rows are customary.
    """

    covariance: FloatArray
    strength: float
    cholesky: FloatArray

    def __init__(self, covariance: ArrayLike, strength: float) -> None:
        covariance = _validate.real_array("covariance", covariance, 2)
        if covariance.shape[0] != covariance.shape[1]:
            raise ValueError(f"covariance must have shape (d, d), not {covariance.shape}")
        strength = _validate.non_negative("strength", strength)
        if strength == 0:
            raise ValueError("strength must be positive; leave out a prior that has no strength")
        self._fill(covariance=covariance, strength=strength, cholesky=cholesky(0, covariance))

    def seen_by(self, kind: Full, factors: FloatArray, unit: FloatArray) -> FloatArray:
        """Return `covariance` in the whitened coordinates y = L^-1 (x - mu) of each component.

        `unit` are the units of the factors, shape (d,).  The result has their shape.
        """
        return kind.seen(self.cholesky / unit[:, None], factors)

    def log_density(self, kind: Full, factors: FloatArray) -> float:
        """Return log p(Sigma_1) + ... + log p(Sigma_k), up to a constant."""
        own = kind.own(factors)
        trace = (np.linalg.solve(kind.cholesky(own), self.cholesky) ** 2).sum()
        return float(-self.strength * (kind.log_determinants(own).sum() + trace / 2))
