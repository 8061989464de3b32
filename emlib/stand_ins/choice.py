"""What stands in for the functions of notebook 04b."""

from __future__ import annotations

import numpy as np

from emlib._validate import FloatArray
from emlib.models.gaussian.mixture import GaussianMixture
from emlib.models.gaussian.prior import CovariancePrior
from emlib.models.mixture import entropy


def choose_k(log_likelihoods: FloatArray, n: int, d: int) -> tuple[FloatArray, int]:
    """Return bic, one number per entry of log_likelihoods, and the k that it chooses."""
    models = [_diagonal(k, d) for k in range(1, len(log_likelihoods) + 1)]
    prices = np.log(n) * np.array([model.n_parameters for model in models])
    bic = prices - 2 * np.asarray(log_likelihoods)
    return bic, models[int(np.argmin(bic))].k


def icl(bic: float, responsibilities: FloatArray) -> tuple[float, float]:
    """Return the entropy of the responsibilities, in nats, and ICL."""
    doubt = entropy(responsibilities)
    return doubt, bic + 2 * doubt


def map_em_step(
    data: FloatArray,
    alpha: FloatArray,
    mu: FloatArray,
    Sigma: FloatArray,
    s: float,
    C: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return alpha (k,), mu (k, d) and Sigma (k, d, d) after one iteration."""
    model = GaussianMixture(alpha, mu, Sigma, prior=CovariancePrior(C, strength=s))
    new, _ = model.em_step(data)
    return new.mixing_weights, new.means, new.covariances


def _diagonal(k: int, d: int) -> GaussianMixture:
    """Return any mixture of k components in d dimensions with diagonal covariances."""
    sizes = np.ones((k, d))
    return GaussianMixture(np.full(k, 1 / k), 0 * sizes, sizes, covariance_type="diag")
