"""The steps of notebook 04a written out in loops, of which `key.written_out` makes mistakes."""

from __future__ import annotations

import numpy as np

from key.gaussian_mixture._formulas import Array


def e_step(data: Array, alpha: Array, mu: Array, sigma: Array) -> Array:
    n, d = data.shape
    k = len(alpha)
    r = np.zeros((n, k))
    value = 0
    for i in range(n):
        logs = np.zeros(k)
        for j in range(k):
            logs[j] = np.log(alpha[j])
            for c in range(d):
                logs[j] += -(((data[i, c] - mu[j, c]) / sigma[j, c]) ** 2) / 2
                logs[j] += -np.log(sigma[j, c]) - np.log(2 * np.pi) / 2
        largest = max(logs)
        total = 0
        for j in range(k):
            total += np.exp(logs[j] - largest)
        for j in range(k):
            r[i, j] = np.exp(logs[j] - largest) / total
        value += largest + np.log(total)
    return r, value


def m_step(data: Array, responsibilities: Array) -> Array:
    n, k = responsibilities.shape
    d = data.shape[1]
    alpha, mu, sigma = np.zeros(k), np.zeros((k, d)), np.zeros((k, d))
    for j in range(k):
        N = 0
        for i in range(n):
            N += responsibilities[i, j]
        alpha[j] = N / n
        for c in range(d):
            total = 0
            for i in range(n):
                total += responsibilities[i, j] * data[i, c]
            mu[j, c] = total / N
            squares = 0
            for i in range(n):
                squares += responsibilities[i, j] * (data[i, c] - mu[j, c]) ** 2
            sigma[j, c] = np.sqrt(squares / N)
    return alpha, mu, sigma
