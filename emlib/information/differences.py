"""Information of models that know no derivatives, such as chains: by differences.

In coordinates eta, with q the posterior at the estimate (see `emlib.models.model`),

    complete information   I_com = -Hessian of Q
    observed information   I_obs = -Hessian of the log-likelihood
    missing information    I_mis = I_com - I_obs

by central differences: a relative error of about 1e-6.  The fractions that are missing are the
rates of EM for every model (Meng and Rubin 1991, doi:10.1080/01621459.1991.10475130).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from emlib._validate import FloatArray
from emlib.models.model import DegenerateError

STEP = 1e-3  # in units in which the length of a step means much
RESTING = 1e-6  # a direction in which the parameters move so little, beside others, is not free


def jacobian(value: Callable[[FloatArray], FloatArray], p: int, step: float = STEP) -> FloatArray:
    """Return the derivatives of an array at 0 with respect to p numbers, along a last axis."""
    moves = step * np.eye(p)
    return np.stack([(value(move) - value(-move)) / (2 * step) for move in moves], axis=-1)


def hessian(value: Callable[[FloatArray], float], p: int) -> FloatArray:
    """Return the second derivatives of a number at 0, shape (p, p)."""
    moves = STEP * np.eye(p)
    here = value(np.zeros(p))
    alone = np.array([value(move) + value(-move) for move in moves])
    out = np.diag((alone - 2 * here) / STEP**2)
    for i in range(p):
        for j in range(i):
            both = value(moves[i] + moves[j]) + value(-moves[i] - moves[j])
            out[i, j] = out[j, i] = (both - alone[i] - alone[j] + 2 * here) / (2 * STEP**2)
    return out


def free_directions(model: Any, data: Any) -> FloatArray:
    """Return how the free parameters move the coordinates, each by one unit, shape (c, p).

    Raises
    ------
    DegenerateError
        If a parameter is at its bound.
    """
    here, p = model.coordinates(data), model.n_parameters
    if np.isfinite(here).all():
        moved = jacobian(lambda by: _position(model, data, here + by), len(here), 1e-6)
        _, lengths, directions = np.linalg.svd(moved, full_matrices=False)
        if lengths[p - 1] > RESTING * lengths[0]:
            return np.asarray(directions[:p].T / lengths[:p])
    raise DegenerateError(
        "a parameter is at its bound, such as a probability of 0: the likelihood has no quadratic "
        "top there, hence no standard errors; hold it fixed, for a chain with fit_start=False"
    )


def _position(model: Any, data: Any, coordinates: FloatArray) -> FloatArray:
    return np.asarray(model.at_coordinates(data, coordinates).position(data))


def complete_and_observed(
    model: Any, data: Any
) -> tuple[FloatArray, FloatArray, FloatArray, dict[str, FloatArray]]:
    """Return the complete and observed information, and what the free parameters move.

    Parameters
    ----------
    model : Model
        With coordinates and p free parameters.
    data : object
        As the model prepared it.

    Returns
    -------
    complete, observed : ndarray, shape (p, p)
    directions : ndarray, shape (c, p)
        See `free_directions`.
    moves : dict of str to ndarray
        Derivatives of each of ``parameters()``, of its shape and one more axis of p.

    Raises
    ------
    DegenerateError
        If a parameter is at its bound.
    """
    here, T = model.coordinates(data), free_directions(model, data)
    p = T.shape[1]
    posterior = model.expectation(data)

    def at(step: FloatArray) -> Any:
        return model.at_coordinates(data, here + T @ step)

    moves = {
        name: jacobian(lambda step, name=name: at(step).parameters()[name], p)  # type: ignore[misc]
        for name in model.parameters()
    }
    complete = -hessian(lambda step: posterior.Q(at(step)), p)
    observed = -hessian(lambda step: at(step).log_likelihood(data), p)
    return complete, observed, T, moves
