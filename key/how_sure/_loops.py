"""The answers of notebook 05 written out in loops, of which `key.written_out` makes mistakes."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from key.coin_toss_em._formulas import Array, joint, posterior


def poisson_em_step(rates: Array, alpha: Array, counts: Array, days: Array) -> Array:
    n, k = len(counts), len(rates)
    r = np.zeros((n, k))
    value = 0
    for i in range(n):
        logs = np.zeros(k)
        for j in range(k):
            logs[j] = np.log(alpha[j]) + counts[i] * np.log(rates[j])
            logs[j] += -rates[j]
            logs[j] += -gammaln(counts[i] + 1)
        largest = max(logs)
        total = 0
        for j in range(k):
            total += np.exp(logs[j] - largest)
        for j in range(k):
            r[i, j] = np.exp(logs[j] - largest) / total
        value += days[i] * (largest + np.log(total))
    every_day = 0
    for i in range(n):
        every_day += days[i]
    new_rates, new_alpha = np.zeros(k), np.zeros(k)
    for j in range(k):
        N = 0
        total = 0
        for i in range(n):
            N += r[i, j] * days[i]
            total += r[i, j] * days[i] * counts[i]
        new_rates[j] = total / N
        new_alpha[j] = N / every_day
    return new_rates, new_alpha, value


def information(theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    n, k = len(heads), len(theta)
    r = posterior(joint(theta, alpha, heads, flips))
    complete, missing = np.zeros((k, k)), np.zeros((k, k))
    for i in range(n):
        tails = flips[i] - heads[i]
        slopes = np.zeros(k)
        for j in range(k):
            slopes[j] = heads[i] / theta[j] - tails / (1 - theta[j])
            bend = heads[i] / theta[j] ** 2 + tails / (1 - theta[j]) ** 2
            complete[j, j] += r[i, j] * bend
            missing[j, j] += r[i, j] * slopes[j] ** 2
        for j in range(k):
            for other in range(k):
                missing[j, other] += -r[i, j] * slopes[j] * (r[i, other] * slopes[other])
    return complete, missing


def leap(theta_0: Array, theta_1: Array, theta_2: Array) -> Array:
    p = len(theta_0)
    r, v, theta = np.zeros(p), np.zeros(p), np.zeros(p)
    first = 0
    change = 0
    for c in range(p):
        r[c] = theta_1[c] - theta_0[c]
        v[c] = (theta_2[c] - theta_1[c]) - r[c]
        first += r[c] ** 2
        change += v[c] ** 2
    length = 1
    if change > 0:
        length = max(1, np.sqrt(first) / np.sqrt(change))
    for c in range(p):
        theta[c] = theta_0[c] + 2 * length * r[c] + length**2 * v[c]
    return length, theta
