"""What stands in for the functions of notebook 02a."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from emlib._validate import FloatArray
from emlib.models.binomial import BinomialMixture, Tosses


def coin_log_likelihood(theta: ArrayLike, heads: ArrayLike, flips: ArrayLike) -> FloatArray:
    """Return the log-likelihood of one coin at each theta, shape (m,)."""
    tosses = Tosses(heads, flips)
    return np.array([BinomialMixture([t]).log_likelihood(tosses) for t in np.asarray(theta)])


def mle_by_labels(heads: ArrayLike, flips: ArrayLike, labels: ArrayLike, k: int) -> FloatArray:
    """Return the estimate of theta for each coin, shape (k,)."""
    return _fitted(heads, flips, np.eye(k)[np.asarray(labels)]).theta


def weighted_mle(
    heads: ArrayLike, flips: ArrayLike, weights: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return alpha and theta, shape (k,) each."""
    model = _fitted(heads, flips, np.asarray(weights, float))
    return model.mixing_weights, model.theta


def _fitted(heads: ArrayLike, flips: ArrayLike, weights: FloatArray) -> BinomialMixture:
    total = weights.sum(axis=1)
    any_start = BinomialMixture(np.full(weights.shape[1], 0.5), fit_mixing_weights=True)
    return any_start.m_step(Tosses(heads, flips, row_weights=total), weights / total[:, None])
