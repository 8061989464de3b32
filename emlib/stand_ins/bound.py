"""Stand-ins of notebook 03a, which go the way of emlib's mixtures."""

from __future__ import annotations

import numpy as np

from emlib._validate import FloatArray
from emlib.models.mixture import bayes, entropy, expected_log_joint


def log_sum_bound(log_s: FloatArray, q: FloatArray) -> float:
    """Return the lower bound on the log of the sum, in nats."""
    return expected_log_joint(q, log_s) + entropy(q)


def closest_q(log_s: FloatArray) -> FloatArray:
    """Return the q that closes the gap, shape (k,)."""
    responsibilities, _ = bayes(np.asarray(log_s)[np.newaxis])
    return np.asarray(responsibilities[0])


def fit_weights(
    log_p: FloatArray, alpha: FloatArray, iterations: int
) -> tuple[FloatArray, FloatArray]:
    """Return alphas, shape (T + 1, k), and log_likelihoods, shape (T + 1,)."""
    alphas, log_likelihoods = [np.array(alpha, dtype=float)], []
    for _ in range(iterations + 1):
        with np.errstate(divide="ignore"):  # a weight may be 0
            responsibilities, log_density = bayes(np.log(alphas[-1]) + log_p)
        log_likelihoods.append(log_density.sum())
        alphas.append(responsibilities.sum(axis=0) / responsibilities.sum())
    return np.array(alphas[:-1]), np.array(log_likelihoods)
