"""What stands in for the functions of notebook 02b: SciPy's distributions, and simulation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.stats import beta, binom

from emlib._validate import FloatArray

EXPERIMENTS = 4000


def standard_errors(theta: ArrayLike, flips: ArrayLike, labels: ArrayLike) -> FloatArray:
    """Return the standard error of each entry of theta, shape (k,)."""
    flips, labels = np.asarray(flips), np.asarray(labels)
    total = np.array([flips[labels == j].sum() for j in range(np.size(theta))])
    return np.asarray(binom.std(total, theta) / total)


def coverage(theta: ArrayLike, low: ArrayLike, high: ArrayLike) -> FloatArray:
    """Return how often the interval contained each theta in simulated experiments, shape (m,)."""
    theta, low, high = np.asarray(theta), np.asarray(low), np.asarray(high)
    heads = np.random.default_rng(1).binomial(len(low) - 1, theta, (EXPERIMENTS, len(theta)))
    contains = (low[heads] <= theta) & (theta <= high[heads])
    return np.asarray(contains.mean(axis=0))


def map_estimate(heads: ArrayLike, flips: ArrayLike, a: float, b: float) -> float:
    """Return the theta with the highest posterior density."""
    total = np.sum(heads)
    posterior = beta(a + total, b + np.sum(flips) - total)
    return float(minimize_scalar(lambda t: -posterior.logpdf(t), bounds=(0, 1)).x)
