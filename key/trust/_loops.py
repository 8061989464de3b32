"""The answers of notebook 02b written out in loops, of which `key.written_out` makes mistakes."""

from __future__ import annotations

from math import comb

import numpy as np

from key.complete_data._formulas import Array


def standard_errors(theta: Array, flips: Array, labels: Array) -> Array:
    errors = np.zeros(len(theta))
    for j in range(len(theta)):
        F = 0
        for i in range(len(flips)):
            if labels[i] == j:
                F += flips[i]
        errors[j] = np.sqrt(theta[j] * (1 - theta[j]) / F)
    return errors


def coverage(theta: Array, low: Array, high: Array) -> Array:
    F = len(low) - 1
    values = np.zeros(len(theta))
    for m in range(len(theta)):
        total = 0
        for h in range(F + 1):
            if not low[h] <= theta[m] <= high[h]:
                continue
            total += comb(F, h) * theta[m] ** h * (1 - theta[m]) ** (F - h)
        values[m] = total
    return values


def map_estimate(heads: Array, flips: Array, a: float, b: float) -> Array:
    H = 0
    F = 0
    for i in range(len(heads)):
        H += heads[i]
        F += flips[i]
    return (H + a - 1) / (F + a + b - 2)
