"""The answers of notebook 07 written out in loops, of which `key.written_out` makes mistakes."""

from __future__ import annotations

import numpy as np

from key.gaussian_mixture._formulas import Array


def forward(log_pi: Array, log_A: Array, log_b: Array) -> Array:
    n, k = log_b.shape
    log_a = np.zeros((n, k))
    for e in range(k):
        log_a[0, e] = log_pi[e] + log_b[0, e]
    for i in range(1, n):
        for e in range(k):
            logs = np.zeros(k)
            for s in range(k):
                logs[s] = log_a[i - 1, s] + log_A[s, e]
            largest = max(logs)
            log_a[i, e] = largest
            if largest > -np.inf:  # else nothing leads there
                total = 0
                for s in range(k):
                    total += np.exp(logs[s] - largest)
                log_a[i, e] = largest + np.log(total)
            log_a[i, e] += log_b[i, e]
    largest = max(log_a[n - 1])
    total = 0
    for s in range(k):
        total += np.exp(log_a[n - 1, s] - largest)
    return log_a, largest + np.log(total)


def chain_m_step(data: Array, r: Array, pairs: Array) -> Array:
    n, d = data.shape
    k = r.shape[1]
    A, mu, sigma = np.zeros((k, k)), np.zeros((k, d)), np.zeros((k, d))
    for s in range(k):
        leaving = 0
        for e in range(k):
            for i in range(n - 1):
                A[s, e] += pairs[i, s, e]
                leaving += pairs[i, s, e]
        for e in range(k):
            A[s, e] = A[s, e] / leaving
        N = 0
        for i in range(n):
            N += r[i, s]
        for c in range(d):
            total = 0
            for i in range(n):
                total += r[i, s] * data[i, c]
            mu[s, c] = total / N
            squares = 0
            for i in range(n):
                squares += r[i, s] * (data[i, c] - mu[s, c]) ** 2
            sigma[s, c] = np.sqrt(squares / N)
    return A, mu, sigma


def forecast(r_last: Array, A: Array, mu: Array, steps: Array) -> Array:
    k, d = mu.shape
    p = r_last
    for _ in range(steps):
        moved = np.zeros(k)
        for e in range(k):
            for s in range(k):
                moved[e] += p[s] * A[s, e]
        p = moved
    mean = np.zeros(d)
    for c in range(d):
        for s in range(k):
            mean[c] += p[s] * mu[s, c]
    return p, mean
