"""Derivatives of log p(x_i, z_i = j; theta), model by model, for `emlib.information.observed`.

The full parameter vector is (alpha_1, eta_1, ..., alpha_k, eta_k), with eta_j the q parameters
of component j:

* coins: theta_j; Poisson: lambda_j; categorical: p_j1, ..., p_jc;
* Gaussian: m and the lower triangle of the symmetric H in mu_j + L_j m and
  L_j (I + H) L_j^T, both 0 at the model.  In these whitened coordinates the derivatives are
  short, well scaled, and alike for all components.

The score is the gradient with respect to eta_j, the curvature minus the second derivative.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

import numpy as np

from emlib._validate import FloatArray
from emlib.models.binomial import BinomialMixture
from emlib.models.categorical import CategoricalMixture
from emlib.models.gaussian.mixture import GaussianMixture
from emlib.models.mixture import bayes
from emlib.models.model import DegenerateError
from emlib.models.poisson import PoissonMixture
from emlib.models.rows import row_weights

# Row weights (b,), responsibilities (b, k), scores (b, k, q) and curvatures (k, q, q), the
# last summed over the rows with their weights and responsibilities.
Block = tuple[FloatArray, FloatArray, FloatArray, FloatArray]

BOUND = 1e-100  # a probability or rate this small is 0: its inverse square is out of range


@singledispatch
def blocks(model: Any, data: Any) -> Iterator[Block]:
    """Yield the derivatives for one block of rows after the other."""
    raise TypeError(f"model must be one of emlib's mixtures, not {model!r}")


@blocks.register
def _(model: BinomialMixture, data: Any) -> Iterator[Block]:
    theta = model.theta
    refuse_bounds((theta <= BOUND) | (theta >= 1))
    heads, tails = data.heads[:, None], data.tails[:, None]
    scores = heads / theta - tails / (1 - theta)
    curvatures = heads / theta**2 + tails / (1 - theta) ** 2
    yield _block(model, data, scores[:, :, None], curvatures[:, :, None])


@blocks.register
def _(model: PoissonMixture, data: Any) -> Iterator[Block]:
    rates = model.rates
    refuse_bounds(rates <= BOUND)
    x = data.counts[:, None]
    yield _block(model, data, (x / rates - 1)[:, :, None], (x / rates**2)[:, :, None])


@blocks.register
def _(model: CategoricalMixture, data: Any) -> Iterator[Block]:
    p = model.probabilities
    refuse_bounds(np.any(p <= BOUND, axis=1))
    x = data.counts[:, None, :]
    yield _block(model, data, x / p, x / p**2)


def _block(model: Any, data: Any, scores: FloatArray, curvatures: FloatArray) -> Block:
    """Complete a block of a model whose parameters do not mix in the second derivative."""
    weights = row_weights(data)
    weights = np.ones(len(data)) if weights is None else weights
    r = model.e_step(data)
    total = np.einsum("i,ij,ijq->jq", weights, r, curvatures)
    return weights, r, scores, total[:, :, None] * np.eye(total.shape[1])


def refuse_bounds(at_bound: Any) -> None:
    """Raise an error if a component has a parameter at the end of its range."""
    if at_bound.any():
        raise DegenerateError(
            f"component {np.argmax(at_bound)} has a parameter at its bound: the likelihood has "
            "no quadratic top there, hence no standard errors"
        )


@blocks.register
def _(model: GaussianMixture, data: Any) -> Iterator[Block]:
    if model.prior is not None:
        raise ValueError("model has a prior: its information is not in the data alone")
    weights = row_weights(data)
    weights = np.ones(len(data)) if weights is None else weights
    d = model.means.shape[1]
    rows, columns = np.tril_indices(d)
    diagonal = rows == columns
    for part, log_joint, y, _ in model.sweep(data):
        r = bayes(log_joint.T, first_row=part.start)[0]
        counts = r * weights[part, None]
        # Score for m: y; for H_ab: y_a y_b, or (y_a^2 - 1) / 2 on the diagonal.
        products = y[:, rows] * y[:, columns]
        products[:, diagonal] = (products[:, diagonal] - 1) / 2
        scores = np.concatenate([y, products], axis=1).transpose(2, 0, 1)
        first = np.einsum("kdb,bk->kd", y, counts)
        second = np.einsum("kdb,keb,bk->kde", y, y, counts, optimize=True)
        yield weights[part], r, scores, _gaussian_curvature(counts.sum(axis=0), first, second)


def _gaussian_curvature(counts: FloatArray, first: FloatArray, second: FloatArray) -> FloatArray:
    """Sum the curvatures, given sums of 1, y and y y^T, shapes (k,), (k, d) and (k, d, d).

    With E and F the directions of H, one row's curvature is I for (m, m), E y for (E, m), and
    y^T E F y - trace(E F) / 2 for (E, F).
    """
    k, d = first.shape
    E = symmetric_basis(d)
    q = len(E)
    out = np.zeros((k, d + q, d + q))
    flat = E.reshape(q, d * d)
    for j in range(k):
        out[j, :d, :d] = counts[j] * np.eye(d)
        out[j, d:, :d] = E @ first[j]
        out[j, :d, d:] = out[j, d:, :d].T
        product = flat @ (E @ second[j]).transpose(0, 2, 1).reshape(q, d * d).T
        out[j, d:, d:] = (product + product.T) / 2 - counts[j] / 2 * flat @ flat.T
    return out


def symmetric_basis(d: int) -> FloatArray:
    """Return the symmetric matrices with a 1 at (a, b) and (b, a), shape (d (d + 1) / 2, d, d)."""
    rows, columns = np.tril_indices(d)
    E = np.zeros((len(rows), d, d))
    E[np.arange(len(rows)), rows, columns] = E[np.arange(len(rows)), columns, rows] = 1
    return E


def directions(model: Any) -> FloatArray:
    """Return how the free parameters move the full vector, shape (k (1 + q), p)."""
    k = model.k
    own, fitted = _own_directions(model)
    q = own.shape[1]
    T = np.zeros((k, 1 + q, (k - 1) * fitted + own.shape[2]))
    if fitted:  # alpha_k = 1 - alpha_1 - ... - alpha_{k-1}
        T[:, 0, : k - 1] = np.vstack([np.eye(k - 1), -np.ones((1, k - 1))])
    T[:, 1:, (k - 1) * fitted :] = own
    return T.reshape(k * (1 + q), -1)


def _own_directions(model: Any) -> tuple[FloatArray, bool]:
    """Return how free parameters move eta_j, shape (k, q, p), and whether alpha moves."""
    k = model.k
    if not isinstance(model, GaussianMixture):
        one = np.eye(1)
        if isinstance(model, CategoricalMixture):  # the last probability makes up the sum
            c = model.probabilities.shape[1]
            one = np.vstack([np.eye(c - 1), -np.ones((1, c - 1))])
        return _each_component(one, k), model.fit_mixing_weights
    d = model.means.shape[1]
    rows, columns = np.tril_indices(d)
    entries = np.eye(d + len(rows))
    H, diagonal = entries[:, d:], rows == columns
    covariance = {
        "full": _each_component(H, k),
        "tied": np.broadcast_to(H, (k, *H.shape)),
        "diag": _each_component(H[:, diagonal], k),
        "spherical": _each_component(H[:, diagonal].sum(axis=1, keepdims=True), k),
    }[model.covariance_type]
    parts = {"means": _each_component(entries[:, :d], k), "covariances": covariance}
    free = [part for name, part in parts.items() if name not in model.fixed]
    own = np.concatenate([np.zeros((k, len(entries), 0)), *free], axis=2)
    return own, "mixing_weights" not in model.fixed


def _each_component(one: FloatArray, k: int) -> FloatArray:
    """Let each component move on its own along the columns of `one`, shape (k, q, k p)."""
    return np.asarray(np.kron(np.eye(k), one).reshape(k, len(one), -1), dtype=float)


def standard_errors(model: Any, covariances: FloatArray) -> dict[str, FloatArray]:
    """Return standard errors by name, from the covariances of eta_j, shape (k, q, q)."""
    variances = np.maximum(np.diagonal(covariances, axis1=1, axis2=2), 0)
    if not isinstance(model, GaussianMixture):
        name = next(iter(model.parameters()))
        return {name: np.sqrt(variances).reshape(model.parameters()[name].shape)}
    k, d = model.means.shape
    errors = {"means": np.empty((k, d)), "covariances": np.empty((k, d, d))}
    for j, L in enumerate(model.cholesky):
        # mu = L m and Sigma = L H L^T, both linear in eta.
        spread = (L @ symmetric_basis(d) @ L.T).reshape(-1, d * d).T
        errors["means"][j] = _errors(L, covariances[j, :d, :d])
        errors["covariances"][j] = _errors(spread, covariances[j, d:, d:]).reshape(d, d)
    return errors


def _errors(linear: FloatArray, covariance: FloatArray) -> FloatArray:
    """Return the standard errors of linear @ eta; units are taken out, lest squares overflow."""
    unit = np.abs(linear).max(axis=1, keepdims=True)
    linear = linear / unit
    variances = ((linear @ covariance) * linear).sum(axis=1)
    return np.asarray(unit[:, 0] * np.sqrt(np.maximum(variances, 0)))
