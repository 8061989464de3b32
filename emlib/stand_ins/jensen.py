"""What stands in for the functions of notebook 01.

No model of emlib knows these: they leave the expectations to SciPy.
"""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp
from scipy.stats import hmean

from emlib._validate import FloatArray


def jensen_gap(u: FloatArray, w: FloatArray) -> float:
    """Return the gap of 1/u."""
    return float(1 / hmean(u, weights=w) - 1 / np.average(u, weights=w))


def noise_level(levels: FloatArray, w: FloatArray) -> float:
    """Return the level of the mean power, in decibels."""
    bel = np.log(10) / 10
    return float(logsumexp(bel * np.asarray(levels), b=w) / bel)


def growth(u: FloatArray, w: FloatArray, shares: FloatArray) -> tuple[FloatArray, float]:
    """Return a rate for each share, and the share with the largest."""
    # From a share of 0 to a share of 1, each factor moves from 1 to its u.
    factors = np.array([np.interp(shares, [0, 1], [1, factor]) for factor in u])
    rates = np.average(np.log(factors), axis=0, weights=w)
    return rates, float(shares[np.argmax(rates)])
