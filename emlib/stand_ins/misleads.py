"""What stands in for the functions of notebook 03c."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emlib.driver.em import SaddleWarning, run_em
from emlib.models.binomial import BinomialMixture, Tosses
from emlib.models.mixture import entropy, expected_log_joint

Array = NDArray[Any]


def bound(
    q: Array, theta: Array, alpha: Array, heads: Array, flips: Array
) -> tuple[float, float, float]:
    """Return Q, H and elbo."""
    log_joint = BinomialMixture(theta, alpha).log_joint(Tosses(heads, flips))
    Q, H = expected_log_joint(q, log_joint), entropy(q)
    return Q, H, Q + H


def em_step_fair_coin(
    theta: float, alpha: float, heads: Array, flips: Array
) -> tuple[float, float]:
    """Return theta_new and alpha_new of coin A; coin B is fair."""
    model = BinomialMixture([theta, 0.5], [alpha, 1 - alpha], fit_mixing_weights=True)
    data = Tosses(heads, flips)
    model = model.m_step(data, model.e_step(data))
    return model.theta[0], model.mixing_weights[0]


def best_of_starts(
    starts: Array, alpha: Array, heads: Array, flips: Array
) -> tuple[Array, float, int]:
    """Return theta and log_likelihood of the best run, and how many starts reached it."""
    data = Tosses(heads, flips)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SaddleWarning)
        runs = [run_em(BinomialMixture(start, alpha), data) for start in starts]
    heights = np.array([run.log_likelihood for run in runs])
    best = runs[int(heights.argmax())]
    return best.trace("theta")[-1], best.log_likelihood, int((heights > heights.max() - 1e-4).sum())
