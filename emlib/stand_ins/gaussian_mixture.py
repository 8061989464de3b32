"""What stands in for the functions of notebook 04a: a Gaussian mixture, diagonal covariances."""

from __future__ import annotations

from typing import cast

import numpy as np

from emlib._validate import FloatArray
from emlib.driver.em import run_em
from emlib.models.gaussian.mixture import GaussianMixture

Parameters = tuple[FloatArray, FloatArray, FloatArray]


def e_step(
    data: FloatArray, alpha: FloatArray, mu: FloatArray, sigma: FloatArray
) -> tuple[FloatArray, float]:
    """Return responsibilities, shape (n, k), and the log-likelihood, in nats."""
    model = _model(alpha, mu, sigma)
    return model.e_step(data), model.log_likelihood(data)


def m_step(data: FloatArray, responsibilities: FloatArray) -> Parameters:
    """Return the new alpha, shape (k,), mu and sigma, both of shape (k, d)."""
    k, d = responsibilities.shape[1], data.shape[1]
    any_model = _model(np.full(k, 1 / k), np.zeros((k, d)), np.ones((k, d)))
    return _parameters(any_model.m_step(data, responsibilities))


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
    run = run_em(_model(alpha, mu, sigma), data, max_iter=max_iter)
    small = np.flatnonzero(np.diff(run.log_likelihoods) < tol)
    steps = run.steps[: small[0] + 2] if len(small) else run.steps
    models = [cast(GaussianMixture, step.model) for step in steps]
    alphas, mus, sigmas = zip(*map(_parameters, models), strict=True)
    values = run.log_likelihoods[: len(steps)]
    return np.array(alphas), np.array(mus), np.array(sigmas), values


def _model(alpha: FloatArray, mu: FloatArray, sigma: FloatArray) -> GaussianMixture:
    return GaussianMixture(alpha, mu, np.asarray(sigma) ** 2, covariance_type="diag")


def _parameters(model: GaussianMixture) -> Parameters:
    variances = np.diagonal(model.covariances, axis1=1, axis2=2)
    return model.mixing_weights, model.means, np.sqrt(variances)
