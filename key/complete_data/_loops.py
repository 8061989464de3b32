"""The answers of notebook 02a written out in loops, of which `key.written_out` makes mistakes."""

from __future__ import annotations

import numpy as np

from key.complete_data._formulas import Array


def coin_log_likelihood(theta: Array, heads: Array, flips: Array) -> Array:
    values = np.zeros(len(theta))
    for m in range(len(theta)):
        total = 0
        for i in range(len(heads)):
            total += heads[i] * np.log(theta[m])
            total += (flips[i] - heads[i]) * np.log(1 - theta[m])
        values[m] = total
    return values


def mle_by_labels(heads: Array, flips: Array, labels: Array, k: int) -> Array:
    theta = np.zeros(k)
    for j in range(k):
        H = 0
        F = 0
        for i in range(len(heads)):
            if labels[i] == j:
                H += heads[i]
                F += flips[i]
        theta[j] = H / F
    return theta


def weighted_mle(heads: Array, flips: Array, weights: Array) -> Array:
    n, k = weights.shape
    alpha, theta = np.zeros(k), np.zeros(k)
    for j in range(k):
        N = 0
        H = 0
        F = 0
        for i in range(n):
            N += weights[i, j]
            H += weights[i, j] * heads[i]
            F += weights[i, j] * flips[i]
        alpha[j] = N / weights.sum()
        theta[j] = H / F
    return alpha, theta
