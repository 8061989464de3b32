"""What stands in for the functions of notebook 07: a chain of hidden states."""

from __future__ import annotations

import numpy as np

from emlib._validate import FloatArray
from emlib.stand_ins import gaussian_mixture


def forward(log_pi: FloatArray, log_A: FloatArray, log_b: FloatArray) -> tuple[FloatArray, float]:
    """Return log_a, shape (n, k), and the log-likelihood, in nats."""
    log_a = np.array(log_b, dtype=float)
    log_a[0] += log_pi
    for i in range(1, len(log_a)):
        log_a[i] += np.logaddexp.reduce(log_a[i - 1][:, None] + log_A, axis=0)
    return log_a, float(np.logaddexp.reduce(log_a[-1]))


def chain_m_step(
    data: FloatArray, r: FloatArray, pairs: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return A (k, k), mu and sigma (k, d)."""
    _, mu, sigma = gaussian_mixture.m_step(data, r)
    moves = pairs.sum(axis=0)
    return moves / moves.sum(axis=1, keepdims=True), mu, sigma


def forecast(
    r_last: FloatArray, A: FloatArray, mu: FloatArray, steps: int
) -> tuple[FloatArray, FloatArray]:
    """Return the distribution of the state after so many steps, and the expected row."""
    p = r_last @ np.linalg.matrix_power(A, steps)
    return p, p @ mu
