"""The answers of notebook 06 written out in loops, of which `key.written_out` makes mistakes."""

from __future__ import annotations

import numpy as np

from key.gaussian_mixture._formulas import Array


def confusion_tables(votes: Array, responsibilities: Array) -> Array:
    n, annotators, labels = votes.shape
    k = responsibilities.shape[1]
    alpha, tables = np.zeros(k), np.zeros((k, annotators, labels))
    for j in range(k):
        N = 0
        for i in range(n):
            N += responsibilities[i, j]
        alpha[j] = N / n
        for o in range(annotators):
            total = 0
            for g in range(labels):
                for i in range(n):
                    tables[j, o, g] += responsibilities[i, j] * votes[i, o, g]
                    total += responsibilities[i, j] * votes[i, o, g]
            for g in range(labels):
                tables[j, o, g] = tables[j, o, g] / total
    return alpha, tables


def fill_in(data: Array, mu: Array, Sigma: Array) -> Array:
    n = len(data)
    first, second = np.array(data, dtype=float), np.zeros((n, 2, 2))
    for i in range(n):
        variance = np.zeros(2)
        for c in range(2):
            b = 1 - c
            if np.isnan(data[i, c]):
                slope = Sigma[c, b] / Sigma[b, b]
                first[i, c] = mu[c] + slope * (data[i, b] - mu[b])
                variance[c] = Sigma[c, c] - slope * Sigma[c, b]
        for c in range(2):
            for b in range(2):
                second[i, c, b] = first[i, c] * first[i, b]
        for c in range(2):
            second[i, c, c] += variance[c]
    return first, second


def linkage_step(theta: Array, counts: Array) -> Array:
    hidden = counts[0] * (theta / 4) / (1 / 2 + theta / 4)
    seen = counts[1] + counts[2] + counts[3]
    return hidden, (hidden + counts[3]) / (hidden + seen)
