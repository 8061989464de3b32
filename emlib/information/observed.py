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

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from scipy.linalg import block_diag, eigh

from emlib._validate import FloatArray
from emlib.information import differences
from emlib.models.mixture import Mixture
from emlib.models.model import DegenerateError, check_model
from emlib.models.rows import distinct
from emlib.models.scores import BOUND, refuse_bounds


@dataclass(frozen=True, eq=False)
class Information:
    """What the data tell about the p free parameters of a model, at its parameters.

    Attributes
    ----------
    model : Model
    complete, missing, observed : ndarray, shape (p, p)
        In coordinates in which only free parameters move.
    directions : ndarray, shape (c, p)
        How those coordinates move the full vector of a mixture, alpha_j and the q parameters of
        each component in the order of `emlib.models.scores`; the ``coordinates`` of other models.
    """

    model: Any
    complete: FloatArray
    missing: FloatArray
    directions: FloatArray
    # Standard errors by name, given the covariance of the free parameters.
    errors: Callable[[FloatArray], dict[str, FloatArray]]
    rounding: float = 1e-8  # a rate this near 1, or above it, is no maximum

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
        return self.rate < 1 - self.rounding

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
        errors = self.errors(inverse)
        return {name: errors[name] for name in self.model.parameters()}


def observed_information(model: Any, data: Any) -> Information:
    """Return the information about the parameters of a fitted model.

    Of mixtures it is exact; of other models, such as `HiddenMarkov`, it is worked out by
    differences, see `emlib.information.differences`.

    Parameters
    ----------
    model : BinomialMixture, GaussianMixture, HiddenMarkov or another that counts its parameters
        At a maximum of the likelihood; ``run.model`` of a converged run.
    data : object
        The data it was fitted to, for example ``run.data``.

    Raises
    ------
    TypeError
        If it is no model, or does not know enough of itself.
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
    check_model("model", model)
    if not isinstance(model, Mixture):
        return by_differences(model, model.prepare(data))
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
    return Information(
        model,
        T.T @ block_diag(*np.asarray(complete)) @ T,
        T.T @ missing @ T,
        T,
        partial(_errors, model, T),
    )


def _errors(model: Mixture, T: FloatArray, covariance: FloatArray) -> dict[str, FloatArray]:
    """Return the standard errors of a mixture, by name."""
    k, size = model.k, len(T)
    by_component = (T @ covariance @ T.T).reshape(k, size // k, k, size // k)
    own = by_component[np.arange(k), :, np.arange(k), :]
    errors = model.standard_errors(own[:, 1:, 1:])
    errors["mixing_weights"] = np.sqrt(np.maximum(own[:, 0, 0], 0))
    return errors


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


def by_differences(model: Any, data: Any) -> Information:
    """Return the information of any model that has coordinates and counts its parameters.

    Raises
    ------
    TypeError
        If it does not say how many free parameters it has.
    ValueError
        If it has a prior.
    """
    if not hasattr(model, "n_parameters"):
        raise TypeError(f"{type(model).__name__} does not count its free parameters: n_parameters")
    if model.log_prior():
        raise ValueError("model must not have a prior: it says what the data do not")
    complete, observed, T, moves = differences.complete_and_observed(model, data)

    def errors(covariance: FloatArray) -> dict[str, FloatArray]:
        return {
            name: np.sqrt(np.einsum("...p,pq,...q->...", move, covariance, move))
            for name, move in moves.items()
        }

    return Information(model, complete, complete - observed, T, errors, rounding=1e-5)
