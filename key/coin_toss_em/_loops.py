"""The steps of notebook 03b written out in loops, of which `key.written_out` makes mistakes."""

from __future__ import annotations

import numpy as np

from key.coin_toss_em._formulas import Array


def e_step(theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    n, k = len(heads), len(theta)
    r = np.zeros((n, k))
    value = 0
    for i in range(n):
        logs = np.zeros(k)
        for j in range(k):
            logs[j] += np.log(alpha[j])
            logs[j] += heads[i] * np.log(theta[j])
            logs[j] += (flips[i] - heads[i]) * np.log(1 - theta[j])
        largest = max(logs)
        total = 0
        for j in range(k):
            total += np.exp(logs[j] - largest)
        for j in range(k):
            r[i, j] = np.exp(logs[j] - largest) / total
        value += largest + np.log(total)
    return r, value


def m_step(responsibilities: Array, heads: Array, flips: Array) -> Array:
    n, k = responsibilities.shape
    theta = np.zeros(k)
    for j in range(k):
        H = 0
        F = 0
        for i in range(n):
            H += responsibilities[i, j] * heads[i]
            F += responsibilities[i, j] * flips[i]
        theta[j] = H / F
    return theta
