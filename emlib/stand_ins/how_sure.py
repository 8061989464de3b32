"""What stands in for the functions of notebook 05."""

from __future__ import annotations

import numpy as np

from emlib._validate import FloatArray
from emlib.information.observed import hessian
from emlib.models.binomial import BinomialMixture, Tosses
from emlib.models.poisson import Counts, PoissonMixture


def poisson_em_step(
    rates: FloatArray, alpha: FloatArray, counts: FloatArray, days: FloatArray
) -> tuple[FloatArray, FloatArray, float]:
    """Return rates and alpha, shape (k,) each, and the log-likelihood of the given ones."""
    model = PoissonMixture(rates, alpha, fit_mixing_weights=True)
    new, log_likelihood = model.em_step(model.prepare(Counts(counts, row_weights=days)))
    return new.rates, new.mixing_weights, log_likelihood


def information(
    theta: FloatArray, alpha: FloatArray, heads: FloatArray, flips: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the complete and the missing information about theta, shape (k, k) each."""
    data = Tosses(heads, flips)
    q, k = BinomialMixture(theta, alpha).expectation(data), len(theta)
    unit = np.sqrt(theta * (1 - theta) / np.max(flips))  # a standard error or so

    def at(step: FloatArray) -> BinomialMixture:
        return BinomialMixture(theta + unit * step, alpha)

    complete = -hessian(lambda step: q.Q(at(step)), k)
    observed = -hessian(lambda step: at(step).log_likelihood(data), k)
    square = np.outer(unit, unit)
    return complete / square, (complete - observed) / square


def leap(theta_0: FloatArray, theta_1: FloatArray, theta_2: FloatArray) -> tuple[float, FloatArray]:
    """Return the length of SQUAREM's leap and where it lands; see `emlib.driver.accelerate`."""
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    length = max(1.0, float(np.linalg.norm(r) / np.linalg.norm(v))) if v.any() else 1.0
    return length, theta_0 + 2 * length * r + length**2 * v
