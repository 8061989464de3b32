"""The answers of notebook 03a written out in loops, of which `key.written_out` makes mistakes."""

from __future__ import annotations

import numpy as np

from key.bound._formulas import Array


def log_sum_bound(log_s: Array, q: Array) -> Array:
    total = 0
    for j in range(len(q)):
        if q[j] == 0:
            continue
        total += q[j] * (log_s[j] - np.log(q[j]))
    return total


def closest_q(log_s: Array) -> Array:
    largest = max(log_s)
    q = np.zeros(len(log_s))
    total = 0
    for j in range(len(log_s)):
        total += np.exp(log_s[j] - largest)
    for j in range(len(log_s)):
        q[j] = np.exp(log_s[j] - largest) / total
    return q


def fit_weights(log_p: Array, alpha: Array, iterations: int) -> Array:
    n, k = log_p.shape
    alphas = np.zeros((iterations + 1, k))
    values = np.zeros(iterations + 1)
    alphas[0] = alpha
    expected = np.zeros(k)
    for t in range(iterations + 1):
        value = 0
        expected[:] = 0
        for i in range(n):
            log_s = np.log(alphas[t]) + log_p[i]
            largest = max(log_s)
            total = 0
            for j in range(k):
                total += np.exp(log_s[j] - largest)
            value += largest + np.log(total)
            for j in range(k):
                expected[j] += np.exp(log_s[j] - largest) / total
        values[t] = value
        if t < iterations:
            alphas[t + 1] = expected / n
    return alphas, values
