"""Beyond the point estimate: information, standard errors, and how fast EM converges.

With q the posterior of what is hidden at the estimate (see `emlib.models.model`), after Louis
(1982, doi:10.1111/j.2517-6161.1982.tb01203.x)::

    complete information   I_com = -Hessian of Q
    observed information   I_obs = -Hessian of the log-likelihood
    missing information    I_mis = I_com - I_obs

The inverse of I_obs estimates the covariance of the estimates.  The eigenvalues of
I_com^-1 I_mis are the fractions of missing information.  They are also the rates at which EM
shrinks the error of its estimate, direction by direction, so that the largest is the rate of
convergence (Dempster, Laird and Rubin 1977, doi:10.1111/j.2517-6161.1977.tb01600.x).

Every model knows Q and its log-likelihood, so differences give the second derivatives of both,
alike for all models.  In units in which a row's Q bends by about 1 they are right to 8 digits or
so.  With p free parameters this takes about 2 p^2 evaluations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from scipy.linalg import eigh, qr

from emlib._validate import FloatArray
from emlib.models.model import DegenerateError, check_model
from emlib.models.rows import distinct, total_weight

STEP = 3e-3
RESTING = 1e-9  # a coordinate that moves the parameters so little, beside others, is not free
ROUNDING = 1e-7  # a rate this near 1, or above it, is no maximum


@dataclass(frozen=True, eq=False)
class Information:
    """What the data tell about the p free parameters of a model, at its parameters.

    Attributes
    ----------
    model : Model
    complete, missing, observed : ndarray, shape (p, p)
        In coordinates in which only free parameters move.
    moves : dict of str to ndarray
        How these coordinates move each of ``parameters()``, of its shape and one more axis of p.
    """

    model: Any
    complete: FloatArray
    observed: FloatArray
    moves: dict[str, FloatArray]

    @property
    def missing(self) -> FloatArray:
        """I_com - I_obs."""
        return self.complete - self.observed

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
        return self.rate < 1 - ROUNDING

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
        L = np.linalg.cholesky(self.observed)
        # The variance of v @ eta is v I_obs^-1 v = |L^-1 v|^2; its square may be out of range.
        return {
            name: np.hypot.reduce(np.linalg.solve(L, move[..., None])[..., 0], axis=-1)
            for name, move in self.moves.items()
        }


def observed_information(model: Any, data: Any) -> Information:
    """Return the information about the parameters of a fitted model.

    Parameters
    ----------
    model : BinomialMixture, GaussianMixture, HiddenMarkov or another that counts its parameters
        At a maximum of the likelihood; ``run.model`` of a converged run.
    data : object
        The data it was fitted to, for example ``run.data``.

    Raises
    ------
    TypeError
        If it is no model, or does not say how many free parameters it has.
    ValueError
        If it has a prior, which says what the data do not.
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
    if not hasattr(model, "n_parameters"):
        raise TypeError(f"{type(model).__name__} does not count its free parameters: n_parameters")
    if model.log_prior():
        raise ValueError("model must not have a prior: it says what the data do not")
    data = distinct(model.prepare(data))
    directions = _free_coordinates(model, data)
    here, posterior = model.coordinates(data), model.expectation(data)

    def at(step: FloatArray) -> Any:
        return model.at_coordinates(data, here + step @ directions)

    def q(step: FloatArray) -> float:
        return float(posterior.Q(at(step)))

    bends = np.abs([bend(q, along) for along in np.eye(len(directions))]) / total_weight(data)
    directions /= np.sqrt(np.maximum(bends, 1))[:, None]
    p = len(directions)
    return Information(
        model,
        -hessian(q, p),
        -hessian(lambda step: at(step).log_likelihood(data), p),
        {
            name: jacobian(lambda step, name=name: at(step).parameters()[name], p)  # type: ignore[misc]
            for name in model.parameters()
        },
    )


def _free_coordinates(model: Any, data: Any) -> FloatArray:
    """Return as many coordinates as there are free parameters, as rows of an identity matrix.

    There may be more, such as the logarithms of probabilities: then one follows from the others.
    """
    here, p = model.coordinates(data), model.n_parameters
    if np.isfinite(here).all():

        def position(step: FloatArray) -> FloatArray:
            return np.asarray(model.at_coordinates(data, here + step).position(data))

        R, order = qr(jacobian(position, len(here)), mode="r", pivoting=True)
        lengths = np.abs(np.diagonal(R))
        if lengths[p - 1] > RESTING * lengths[0]:
            return np.asarray(np.eye(len(here))[np.sort(order[:p])])
    raise DegenerateError(
        "a parameter is at its bound, such as a probability of 0: the likelihood has no quadratic "
        "top there, hence no standard errors; hold it fixed, for a chain with fit_start=False"
    )


def jacobian(value: Callable[[FloatArray], FloatArray], p: int) -> FloatArray:
    """Return the derivatives of an array at 0 with respect to p numbers, along a last axis."""

    def slope(move: FloatArray) -> FloatArray:
        near, far = value(move) - value(-move), value(2 * move) - value(-2 * move)
        return np.asarray((8 * near - far) / (12 * STEP))

    return np.stack([slope(move) for move in STEP * np.eye(p)], axis=-1)


def hessian(value: Callable[[FloatArray], float], p: int) -> FloatArray:
    """Return the second derivatives of a number at 0, shape (p, p)."""
    axes = np.eye(p)
    alone = [bend(value, axis) for axis in axes]
    out = np.diag(alone)
    for i, j in combinations(range(p), 2):
        both = bend(value, axes[i] + axes[j])
        out[i, j] = out[j, i] = (both - alone[i] - alone[j]) / 2
    return out


def bend(value: Callable[[FloatArray], float], along: FloatArray) -> float:
    """Return the second derivative of a number at 0 along a vector, from five points."""
    move = STEP * along
    near, far = value(move) + value(-move), value(2 * move) + value(-2 * move)
    return (16 * near - far - 30 * value(0 * move)) / (12 * STEP**2)
