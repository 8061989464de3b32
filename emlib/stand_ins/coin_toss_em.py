"""What stands in for the functions of notebook 03b."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from emlib.models.binomial import BinomialMixture, Tosses
from emlib.stand_ins.loop import loop

Array = NDArray[Any]


def e_step(theta: Array, alpha: Array, heads: Array, flips: Array) -> tuple[Array, float]:
    """Return the responsibilities, shape (n, k), and the log-likelihood of `theta`."""
    expectation = BinomialMixture(theta, alpha).expectation(Tosses(heads, flips))
    return expectation.responsibilities, expectation.log_likelihood


def m_step(responsibilities: Array, heads: Array, flips: Array) -> Array:
    """Return the new theta, shape (k,)."""
    any_start = BinomialMixture(np.full(np.shape(responsibilities)[1], 0.5))
    return any_start.m_step(Tosses(heads, flips), responsibilities).theta


def em(
    theta: Array, alpha: Array, heads: Array, flips: Array, tol: float, max_iter: int
) -> tuple[Array, Array]:
    """Return thetas, shape (T + 1, k), and log_likelihoods, shape (T + 1,)."""
    run = loop(BinomialMixture(theta, alpha), Tosses(heads, flips), tol, max_iter)
    return run.trace("theta"), run.log_likelihoods
