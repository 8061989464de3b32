"""The answers of notebook 01 written out in loops, of which `key.written_out` makes mistakes."""

from __future__ import annotations

import numpy as np

from key.jensen._formulas import Array


def jensen_gap(u: Array, w: Array) -> Array:
    mean = 0
    mean_of_f = 0
    for v in range(len(u)):
        mean += w[v] * u[v]
        mean_of_f += w[v] * (1 / u[v])
    return mean_of_f - 1 / mean


def noise_level(levels: Array, w: Array) -> Array:
    power = 0
    for v in range(len(levels)):
        power += w[v] * 10 ** (levels[v] / 10)
    return 10 * np.log10(power)


def growth(u: Array, w: Array, shares: Array) -> Array:
    rates = np.zeros(len(shares))
    for a in range(len(shares)):
        rate = 0
        for v in range(len(u)):
            rate += w[v] * np.log(1 - shares[a] + shares[a] * u[v])
        rates[a] = rate
    return rates, shares[np.argmax(rates)]
