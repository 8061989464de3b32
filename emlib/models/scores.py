"""Derivatives of log p(x_i, z_i = j; theta), for `emlib.information.observed`.

The full parameter vector is (alpha_1, eta_1, ..., alpha_k, eta_k), with eta_j the q parameters
of component j: theta_j of coins, lambda_j, p_j1, ..., p_jc; for Gaussians see
`emlib.models.gaussian.scores`.  The score is the gradient with respect to eta_j, the curvature
minus the second derivative.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from emlib._validate import FloatArray
from emlib.models.model import DegenerateError
from emlib.models.rows import row_weights

# Row weights (b,), responsibilities (b, k), scores (b, k, q) and curvatures (k, q, q), the
# last summed over the rows with their weights and responsibilities.
Block = tuple[FloatArray, FloatArray, FloatArray, FloatArray]

BOUND = 1e-100  # a probability or rate this small is 0: its inverse square is out of range


def weights_of(data: Any) -> FloatArray:
    """Return how often each row counts, shape (n,)."""
    weights = row_weights(data)
    return np.ones(len(data)) if weights is None else weights


def block(data: Any, r: FloatArray, scores: FloatArray, curvatures: FloatArray) -> Block:
    """Complete a block of a model whose parameters do not mix in the second derivative.

    Parameters
    ----------
    data : object, n rows
    r : ndarray, shape (n, k)
        Responsibilities.
    scores, curvatures : ndarray, shape (n, k, q)
    """
    weights = weights_of(data)
    total = np.einsum("i,ij,ijq->jq", weights, r, curvatures)
    return weights, r, scores, total[:, :, None] * np.eye(total.shape[1])


def refuse_bounds(at_bound: Any) -> None:
    """Raise an error if a component has a parameter at the end of its range."""
    if at_bound.any():
        raise DegenerateError(
            f"component {np.argmax(at_bound)} has a parameter at its bound: the likelihood has "
            "no quadratic top there, hence no standard errors"
        )


def each_component(one: FloatArray, k: int) -> FloatArray:
    """Let each component move on its own along the columns of `one`, shape (k, q, k p)."""
    return np.asarray(np.kron(np.eye(k), one).reshape(k, len(one), -1), dtype=float)
