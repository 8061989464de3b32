"""The answers of notebook 03c written out in loops, of which `key.written_out` makes mistakes."""

from __future__ import annotations

import numpy as np

from key.coin_toss_em._formulas import Array


def bound(q: Array, theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    Q = 0
    H = 0
    for i in range(len(heads)):
        for j in range(len(theta)):
            log_p = np.log(alpha[j]) + heads[i] * np.log(theta[j])
            log_p += (flips[i] - heads[i]) * np.log(1 - theta[j])
            Q += q[i, j] * log_p
            if q[i, j] == 0:
                continue
            H += q[i, j] * -np.log(q[i, j])
    return Q, H, Q + H


def em_step_fair_coin(theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    n = len(heads)
    N = 0
    H = 0
    F = 0
    for i in range(n):
        log_a = np.log(alpha) + heads[i] * np.log(theta)
        log_a += (flips[i] - heads[i]) * np.log(1 - theta)
        log_b = np.log(1 - alpha) + flips[i] * np.log(0.5)
        largest = max(log_a, log_b)
        r = np.exp(log_a - largest) / (np.exp(log_a - largest) + np.exp(log_b - largest))
        N += r
        H += r * heads[i]
        F += r * flips[i]
    return H / F, N / n
