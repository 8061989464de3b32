"""Beyond the point estimate: information, standard errors, and how fast EM converges.

Louis (1982, doi:10.1111/j.2517-6161.1982.tb01203.x): with S_ij the gradient of
log p(x_i, z_i = j; theta), and expectation and variance over the responsibilities r_ij,

    complete information   I_com = sum_i E_i[-Hessian of log p(x_i, z_i)]
    missing information    I_mis = sum_i Var_i[S_i]
    observed information   I_obs = I_com - I_mis = -Hessian of the log-likelihood

The inverse of I_obs estimates the covariance of the estimates.  The eigenvalues of
I_com^-1 I_mis are the fractions of missing information.  They are also the rates at which EM
shrinks the error of its estimate, direction by direction, so that the largest is the rate of
convergence (Dempster, Laird and Rubin 1977, doi:10.1111/j.2517-6161.1977.tb01600.x).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.linalg import block_diag, eigh

from emlib._validate import FloatArray
from emlib.models.mixture import Mixture
from emlib.models.model import DegenerateError, check_model
from emlib.models.rows import distinct
from emlib.models.scores import BOUND, refuse_bounds


@dataclass(frozen=True, eq=False)
class Information:
    """What the data tell about the p free parameters of a model, at its parameters.

    Attributes
    ----------
    model : Mixture
    complete, missing, observed : ndarray, shape (p, p)
        In coordinates in which only free parameters move.
    directions : ndarray, shape (k (q + 1), p)
        How those coordinates move alpha_j and the q parameters of component j, in the order
        of `emlib.models.scores`.
    """

    model: Mixture
    complete: FloatArray
    missing: FloatArray
    directions: FloatArray

    @property
    def observed(self) -> FloatArray:
        """I_com - I_mis, minus the Hessian of the log-likelihood."""
        return self.complete - self.missing

    @cached_property
    def fractions_missing(self) -> FloatArray:
        """Fractions of missing information, the largest first, shape (p,).

        Raises
        ------
        DegenerateError
            If not even complete data would tell all parameters.
        """
        try:
            return np.asarray(eigh(self.missing, self.complete, eigvals_only=True)[::-1])
        except np.linalg.LinAlgError:
            raise DegenerateError(
                "the complete information is singular: a component has next to no data, or the "
                "parameters are far from a maximum; run EM to its end, or use fewer components"
            ) from None

    @property
    def rate(self) -> float:
        """The factor by which the error of EM shrinks in one step, in the long run."""
        return float(self.fractions_missing[0])

    @property
    def is_maximum(self) -> bool:
        """Whether the log-likelihood curves down in every direction; it does not on a saddle."""
        return self.rate < 1 - SADDLE

    @cached_property
    def standard_errors(self) -> dict[str, FloatArray]:
        """Standard errors of the parameters, by name and in the shapes of ``parameters()``.

        Raises
        ------
        DegenerateError
            If the parameters are no maximum, so that they have no standard errors.
        """
        if not self.is_maximum:
            raise DegenerateError(
                "these parameters are no maximum of the log-likelihood but a saddle or a ridge: "
                "they have no standard errors; run EM to its end, from another start"
            )
        scale = np.sqrt(np.diag(self.observed))  # spares the inverse very different units
        inverse = np.linalg.inv(self.observed / scale / scale[:, None]) / scale / scale[:, None]
        covariance = self.directions @ inverse @ self.directions.T
        k, size = self.model.k, len(covariance)
        by_component = covariance.reshape(k, size // k, k, size // k)
        own = by_component[np.arange(k), 1:, np.arange(k), 1:]
        errors = self.model.standard_errors(own)
        alpha = np.maximum(np.diagonal(covariance)[:: size // k], 0)
        errors["mixing_weights"] = np.sqrt(alpha)
        return {name: errors[name] for name in self.model.parameters()}


SADDLE = 1e-8  # a rate this near 1, or above it, is no maximum


def observed_information(model: Mixture, data: Any) -> Information:
    """Return the information about the parameters of a fitted mixture.

    Parameters
    ----------
    model : BinomialMixture, GaussianMixture, PoissonMixture or CategoricalMixture
        At a maximum of the likelihood; ``run.model`` of a converged run.
    data : object
        The data it was fitted to, for example ``run.data``.

    Raises
    ------
    TypeError
        If the model is of another kind.
    ValueError
        If it has a prior, which says what the data do not, or nothing free.
    DegenerateError
        If a parameter is at its bound, such as a theta of 0, where the likelihood has no
        quadratic top.

    Examples
    --------
    >>> from emlib import BinomialMixture, Tosses, run_em
    >>> run = run_em(BinomialMixture([0.6, 0.5]), Tosses([5, 9, 8, 4, 7], flips=10))
    >>> information = observed_information(run.model, run.data)
    >>> information.fractions_missing.round(3)
    array([0.41 , 0.378])
    >>> information.standard_errors["theta"].round(3)
    array([0.101, 0.131])
    """
    check_model("model", model, Mixture)
    data = distinct(model.prepare(data))
    alpha = model.mixing_weights
    refuse_bounds(alpha <= BOUND)
    complete: FloatArray | float = 0.0  # one block of alpha_j and eta_j for each component
    within: FloatArray | float = 0.0  # sum_i E_i[S S^T], the same blocks
    between: FloatArray | float = 0.0  # sum_i E_i[S] E_i[S]^T
    for weights, r, own_scores, own_curvatures in model.derivatives(data):
        b, k, q = own_scores.shape
        counts = weights[:, None] * r
        S = np.concatenate([np.broadcast_to(1 / alpha[:, None], (b, k, 1)), own_scores], axis=2)
        mean = (r[:, :, None] * S).reshape(b, -1)
        within = within + np.einsum("ij,ijp,ijq->jpq", counts, S, S, optimize=True)
        between = between + (mean.T * weights) @ mean
        curvatures = np.zeros((k, 1 + q, 1 + q))
        curvatures[:, 0, 0] = counts.sum(axis=0) / alpha**2
        curvatures[:, 1:, 1:] = own_curvatures
        complete = complete + curvatures
    T = _directions(model)
    if not T.shape[1]:
        raise ValueError("model has no free parameter: all of it is fixed")
    within = np.array(within)
    within[:, 1:, 1:] += model.score_variance(data)
    missing = block_diag(*within) - between
    return Information(model, T.T @ block_diag(*np.asarray(complete)) @ T, T.T @ missing @ T, T)


def _directions(model: Mixture) -> FloatArray:
    """Return how the free parameters move the full vector, shape (k (1 + q), p)."""
    k = model.k
    own, fitted = model.directions()
    q = own.shape[1]
    T = np.zeros((k, 1 + q, (k - 1) * fitted + own.shape[2]))
    if fitted:  # alpha_k = 1 - alpha_1 - ... - alpha_{k-1}
        T[:, 0, : k - 1] = np.vstack([np.eye(k - 1), -np.ones((1, k - 1))])
    T[:, 1:, (k - 1) * fitted :] = own
    return T.reshape(k * (1 + q), -1)
