"""What stands in for the functions of notebook 04a: a Gaussian mixture, diagonal covariances."""

from __future__ import annotations

import numpy as np

from emlib._validate import FloatArray
from emlib.models.gaussian.mixture import GaussianMixture
from emlib.stand_ins.loop import loop


def e_step(
    data: FloatArray, alpha: FloatArray, mu: FloatArray, sigma: FloatArray
) -> tuple[FloatArray, float]:
    """Return responsibilities, shape (n, k), and the log-likelihood, in nats."""
    expectation = _model(alpha, mu, sigma).expectation(data)
    return expectation.responsibilities, expectation.log_likelihood


def m_step(
    data: FloatArray, responsibilities: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the new alpha, shape (k,), mu and sigma, both of shape (k, d)."""
    k, d = responsibilities.shape[1], data.shape[1]
    any_model = _model(np.full(k, 1 / k), np.zeros((k, d)), np.ones((k, d)))
    new = any_model.m_step(data, responsibilities)
    variances = np.diagonal(new.covariances, axis1=1, axis2=2)
    return new.mixing_weights, new.means, np.sqrt(variances)


def em(
    data: FloatArray,
    alpha: FloatArray,
    mu: FloatArray,
    sigma: FloatArray,
    tol: float,
    max_iter: int,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return alphas, mus, sigmas and log_likelihoods; row t belongs to theta_t.

    It ends after an iteration that gains less than `tol`, or where a component collapses.
    """
    run = loop(_model(alpha, mu, sigma), data, tol, max_iter)
    variances = np.diagonal(run.trace("covariances"), axis1=2, axis2=3)
    means = run.trace("means")
    return run.trace("mixing_weights"), means, np.sqrt(variances), run.log_likelihoods


def _model(alpha: FloatArray, mu: FloatArray, sigma: FloatArray) -> GaussianMixture:
    return GaussianMixture(alpha, mu, np.asarray(sigma) ** 2, covariance_type="diag")
