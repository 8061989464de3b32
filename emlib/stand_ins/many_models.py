"""What stands in for the functions of notebook 06."""

from __future__ import annotations

import numpy as np

from emlib._validate import FloatArray
from emlib.models.categorical import CategoricalMixture
from emlib.models.gaussian.missing import IncompleteGaussianMixture
from emlib.models.mixture import bayes


def confusion_tables(
    votes: FloatArray, responsibilities: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return alpha, shape (k,), and the tables, shape (k, m, c)."""
    k, (_, m, c) = responsibilities.shape[1], votes.shape
    tables = np.empty((k, m, c))
    any_start = CategoricalMixture(np.full((k, c), 1 / c), fit_mixing_weights=True)
    for one in range(m):
        fitted = any_start.m_step(votes[:, one], responsibilities)
        tables[:, one] = fitted.probabilities
    return fitted.mixing_weights, tables


def linkage_step(theta: float, counts: FloatArray) -> tuple[float, float]:
    """Return the expected hidden part of the first count, and the new theta."""
    responsibilities, _ = bayes(np.log([[1 / 2, theta / 4]]))
    hidden = float(counts[0] * responsibilities[0, 1])
    against = counts[1] + counts[2]
    return hidden, float(1 - against / (hidden + counts[3] + against))


def fill_in(data: FloatArray, mu: FloatArray, Sigma: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the expected rows, shape (n, 2), and their expected products, shape (n, 2, 2)."""
    return IncompleteGaussianMixture([1.0], [mu], [Sigma]).moments(data)
