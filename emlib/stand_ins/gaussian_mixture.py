"""What stands in for the functions of notebook 04a: a Gaussian mixture, diagonal covariances."""

from __future__ import annotations

import numpy as np

from emlib._validate import FloatArray
from emlib.models.gaussian.mixture import GaussianMixture
from emlib.models.model import DegenerateError

Parameters = tuple[FloatArray, FloatArray, FloatArray]


def e_step(
    data: FloatArray, alpha: FloatArray, mu: FloatArray, sigma: FloatArray
) -> tuple[FloatArray, float]:
    """Return responsibilities, shape (n, k), and the log-likelihood, in nats."""
    expectation = _model(alpha, mu, sigma).expectation(data)
    return expectation.responsibilities, expectation.log_likelihood


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
    thetas: list[Parameters] = [(alpha, mu, sigma)]
    responsibilities, value = e_step(data, alpha, mu, sigma)
    values = [value]
    for _ in range(max_iter):
        try:
            theta = m_step(data, responsibilities)
            responsibilities, value = e_step(data, *theta)
        except DegenerateError:
            break
        thetas.append(theta)
        values.append(value)
        if values[-1] - values[-2] < tol:
            break
    alphas, mus, sigmas = zip(*thetas, strict=True)
    return np.array(alphas), np.array(mus), np.array(sigmas), np.array(values)


def _model(alpha: FloatArray, mu: FloatArray, sigma: FloatArray) -> GaussianMixture:
    return GaussianMixture(alpha, mu, np.asarray(sigma) ** 2, covariance_type="diag")


def _parameters(model: GaussianMixture) -> Parameters:
    variances = np.diagonal(model.covariances, axis1=1, axis2=2)
    return model.mixing_weights, model.means, np.sqrt(variances)
