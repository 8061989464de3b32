"""The answers of notebook 04b written out in loops, of which `key.written_out` makes mistakes."""

from __future__ import annotations

import numpy as np

from key.gaussian_mixture._formulas import Array, full_joint


def map_em_step(data: Array, alpha: Array, mu: Array, Sigma: Array, s: Array, C: Array) -> Array:
    n, d = data.shape
    k = len(alpha)
    logs = full_joint(data, alpha, mu, Sigma)
    r = np.zeros((n, k))
    for i in range(n):
        largest = max(logs[i])
        total = 0
        for j in range(k):
            total += np.exp(logs[i, j] - largest)
        for j in range(k):
            r[i, j] = np.exp(logs[i, j] - largest) / total
    weights, means, covariances = np.zeros(k), np.zeros((k, d)), np.zeros((k, d, d))
    for j in range(k):
        N = 0
        for i in range(n):
            N += r[i, j]
        total = 0
        for i in range(n):
            total += r[i, j] * data[i]
        weights[j] = N / n
        means[j] = total / N
        scatter = 0
        for i in range(n):
            scatter += r[i, j] * np.outer(data[i] - means[j], data[i] - means[j])
        covariances[j] = (scatter + s * C) / (N + s)
    return weights, means, covariances


def choose_k(log_likelihoods: Array, n: int, d: int) -> Array:
    bic = np.zeros(len(log_likelihoods))
    for j in range(len(log_likelihoods)):
        parameters = j + (j + 1) * d + (j + 1) * d
        bic[j] = parameters * np.log(n) - 2 * log_likelihoods[j]
    return bic, np.argmin(bic) + 1


def icl(bic: float, responsibilities: Array) -> Array:
    n, k = responsibilities.shape
    entropy = 0
    for i in range(n):
        for j in range(k):
            if responsibilities[i, j] == 0:
                continue
            entropy += responsibilities[i, j] * -np.log(responsibilities[i, j])
    return entropy, bic + 2 * entropy
