"""Covariances of Gaussian components: four types, each held by its factor, and a prior.

A covariance is never inverted nor even formed while EM runs.  What is kept is a factor:

* ``"full"`` and ``"tied"``: the Cholesky factor L, Sigma = L L^T, shape (k, d, d);
* ``"diag"`` and ``"spherical"``: the standard deviations s, Sigma = diag(s^2), shape (k, d).

Components of type ``tied`` share one factor; those of type ``spherical`` have the same s in
every coordinate.  Shared entries are repeated, so that all types read alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg.lapack import dtrtri

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.gaussian.cholesky import accurate_cholesky
from emlib.models.model import DegenerateError
from emlib.models.value import Value

# The shape that each type's covariances have by themselves; (k, d, d) serves them all.
SHAPES = {"full": "(k, d, d)", "tied": "(d, d)", "diag": "(k, d)", "spherical": "(k,)"}

# A covariance is taken for singular when, with every variance scaled to 1, a pivot of its
# Cholesky factor is within this of 0: less is rounding, not spread.
SINGULAR_PIVOT = 1e-7

# A component has collapsed onto a point when its standard deviation is this small beside the
# size of its mean: a few units in the last place.
RESOLUTION = 64 * float(np.finfo(float).eps)


def expand(covariances: ArrayLike, covariance_type: str, k: int, d: int) -> FloatArray:
    """Check covariances given in their type's shape, or as (k, d, d), and return the latter."""
    _validate.choice("covariance_type", covariance_type, SHAPES)
    own = {"full": (k, d, d), "tied": (d, d), "diag": (k, d), "spherical": (k,)}[covariance_type]
    ndim = 3 if _validate.rectangular("covariances", covariances).ndim == 3 else len(own)
    given = _validate.real_array("covariances", covariances, ndim)
    name, shape = ("(k, d, d)", (k, d, d)) if ndim == 3 else (SHAPES[covariance_type], own)
    if given.shape != shape:
        raise ValueError(
            f"covariances must have shape {name} = {shape} "
            f"to go with means of shape ({k}, {d}), not {given.shape}"
        )
    if ndim == 3:
        return given
    if covariance_type == "tied":
        return np.broadcast_to(given, (k, d, d))
    variances = given if covariance_type == "diag" else np.repeat(given[:, None], d, axis=1)
    return np.asarray(variances[:, :, None] * np.eye(d))


def factorise(covariances: FloatArray, covariance_type: str) -> FloatArray:
    """Return the factors of covariances of shape (k, d, d).

    Raises
    ------
    ValueError
        If one is not symmetric, or not of the type; the error names the component.
    DegenerateError
        If one is not positive definite.
    """
    L = np.stack([_cholesky(j, covariance) for j, covariance in enumerate(covariances)])
    if covariance_type == "full":
        return L
    s = np.diagonal(L, axis1=1, axis2=2)
    wrong, what = {
        "tied": ((L != L[0]).any(axis=(1, 2)), "differs from that of component 0"),
        "diag": ((L != s[:, :, None] * np.eye(L.shape[1])).any(axis=(1, 2)), "is not diagonal"),
        "spherical": ((L != s[:, :1, None] * np.eye(L.shape[1])).any(axis=(1, 2)), "is not round"),
    }[covariance_type]
    if wrong.any():
        raise ValueError(
            f"covariance_type is {covariance_type!r}, "
            f"but the covariance of component {np.argmax(wrong)} {what}"
        )
    return L if covariance_type == "tied" else s


def _cholesky(j: int, covariance: FloatArray) -> FloatArray:
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


def covariances_of(factors: FloatArray) -> FloatArray:
    """Return the covariances, shape (k, d, d): L L^T, or diag(s^2)."""
    with np.errstate(over="ignore", under="ignore"):
        if factors.ndim == 3:
            return factors @ factors.transpose(0, 2, 1)
        return np.asarray(factors[:, :, None] ** 2 * np.eye(factors.shape[1]))


def inverse(factors: FloatArray) -> FloatArray:
    """Return L^-1 of each component, shape (k, d, d), or 1/s, shape (k, d)."""
    if factors.ndim == 2:
        return 1 / factors
    out = np.empty(factors.shape).transpose(0, 2, 1)  # by columns, as BLAS wants it
    for j, L in enumerate(factors):
        out[j] = dtrtri(L, lower=1)[0]
    return out


def log_determinants(factors: FloatArray) -> FloatArray:
    """Return log det L = (log det Sigma) / 2 of each component, shape (k,)."""
    s = np.diagonal(factors, axis1=1, axis2=2) if factors.ndim == 3 else factors
    return np.asarray(np.log(s).sum(axis=1))


@dataclass(frozen=True, eq=False)
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
        self._fill(covariance=covariance, strength=strength, cholesky=_cholesky(0, covariance))

    def seen_by(self, factors: FloatArray, unit: FloatArray) -> FloatArray:
        """Return `covariance` in the whitened coordinates y = L^-1 (x - mu) of each component.

        `unit` are the units of the factors, shape (d,).  The result has shape (k, d, d), or
        (k, d) for its diagonal where the factors are standard deviations.
        """
        root = self.cholesky / unit[:, None]
        if factors.ndim == 2:
            return np.asarray((root**2).sum(axis=1) / factors**2)
        root = inverse(factors) @ root
        return root @ root.transpose(0, 2, 1)

    def log_density(self, factors: FloatArray, covariance_type: str) -> float:
        """Return log p(Sigma_1) + ... + log p(Sigma_k), up to a constant."""
        own = factors[:1] if covariance_type == "tied" else factors
        seen = self.seen_by(own, np.ones(own.shape[1]))
        trace = seen.sum() if own.ndim == 2 else np.trace(seen, axis1=1, axis2=2).sum()
        return float(-self.strength * (log_determinants(own).sum() + trace / 2))


def update(
    covariance_type: str,
    factors: FloatArray,
    counts: FloatArray,
    second: FloatArray,
    prior: tuple[float, FloatArray] | None = None,
) -> FloatArray:
    """Return the factors that maximise Q: L <- L C, or s <- s C, with C C^T the new spread.

    Parameters
    ----------
    covariance_type : str
    factors : ndarray, shape (k, d, d) or (k, d)
        Those that whitened the rows.
    counts : ndarray, shape (k,)
        Expected number of rows N_j.
    second : ndarray, shape as `factors`
        Weighted covariance of the whitened rows, sum_i r_ij y_ij y_ij^T / N_j, or its diagonal.
        Only the lower triangle is read.
    prior : (strength, covariance seen by the factors), optional
        What the prior adds.

    Returns
    -------
    ndarray, shape as `factors`
        Zero for a component whose covariance is not positive definite: see `collapsed`.
    """
    N = counts[:, None] if second.ndim == 2 else counts[:, None, None]
    if covariance_type == "tied":  # all components whiten alike, so their rows can be pooled
        N, second = N.sum(keepdims=True), (N * second).sum(axis=0, keepdims=True) / N.sum()
    if prior is not None:
        strength, assumed = prior
        second = (N * second + strength * assumed[: len(second)]) / (N + strength)
    if covariance_type == "spherical":
        second = np.broadcast_to(second.mean(axis=1, keepdims=True), second.shape)
    if second.ndim == 2:
        return np.asarray(factors * np.sqrt(np.maximum(second, 0)))
    try:
        return np.asarray(factors @ np.linalg.cholesky(second))
    except np.linalg.LinAlgError:
        return np.asarray(factors @ np.stack([_cholesky_or_zero(one) for one in second]))


def _cholesky_or_zero(matrix: FloatArray) -> FloatArray:
    """Return the Cholesky factor, or zeros if there is none."""
    try:
        return np.asarray(np.linalg.cholesky(matrix))
    except np.linalg.LinAlgError:
        return np.zeros_like(matrix)


def relative_pivots(factors: FloatArray) -> FloatArray:
    """Return the pivots beside the standard deviations of their coordinates, shape (k, d)."""
    if factors.ndim == 2:
        return np.ones_like(factors)
    return np.asarray(np.diagonal(factors, axis1=1, axis2=2) / deviations(factors))


def deviations(factors: FloatArray) -> FloatArray:
    """Return the standard deviations, shape (k, d); squares of tiny ones would underflow."""
    return factors if factors.ndim == 2 else np.asarray(np.hypot.reduce(factors, axis=2))


def collapsed(means: FloatArray, factors: FloatArray) -> np.ndarray:
    """Tell which components have a singular covariance, shape (k,)."""
    s = deviations(factors)
    pivots = s if factors.ndim == 2 else np.diagonal(factors, axis1=1, axis2=2)
    sound = (pivots > SINGULAR_PIVOT * s) & (s > RESOLUTION * np.abs(means))
    return np.asarray(~sound.all(axis=1))
