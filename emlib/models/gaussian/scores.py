"""Derivatives of log p(x_i, z_i = j; theta) of Gaussian components.

The parameters of component j are m and the lower triangle of the symmetric H in mu_j + L_j m and
L_j (I + H) L_j^T, both 0 at the model.  In these whitened coordinates the derivatives are short,
well scaled, and alike for all components.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from emlib._validate import FloatArray
from emlib.models.gaussian.covariances import Full
from emlib.models.mixture import bayes
from emlib.models.scores import Block, each_component


def blocks(
    swept: Iterator[tuple[slice, FloatArray, FloatArray, FloatArray]], weights: FloatArray, d: int
) -> Iterator[Block]:
    """Yield the derivatives for one block of whitened rows after the other."""
    rows, columns = np.tril_indices(d)
    diagonal = rows == columns
    for part, log_joint, y, _ in swept:
        r = bayes(log_joint.T, weights[part], first_row=part.start)[0]
        counts = r * weights[part, None]
        # Score for m: y; for H_ab: y_a y_b, or (y_a^2 - 1) / 2 on the diagonal.
        products = y[:, rows] * y[:, columns]
        products[:, diagonal] = (products[:, diagonal] - 1) / 2
        scores = np.concatenate([y, products], axis=1).transpose(2, 0, 1)
        first, second = _moments(counts, y)
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


def expected_block(weights: FloatArray, r: FloatArray, y: FloatArray, V: FloatArray) -> Block:
    """Return the block of rows of which only E[y], shape (k, d, b), and Var[y] = V are known."""
    d = y.shape[1]
    rows, columns = np.tril_indices(d)
    products = y[:, rows] * y[:, columns] + V[:, rows, columns, None]
    diagonal = rows == columns
    products[:, diagonal] = (products[:, diagonal] - 1) / 2
    own = np.concatenate([y, products], axis=1).transpose(2, 0, 1)
    counts = weights[:, None] * r
    first, second = _moments(counts, y)
    second = second + counts.sum(axis=0)[:, None, None] * V
    return weights, r, own, _gaussian_curvature(counts.sum(axis=0), first, second)


def variance(counts: FloatArray, y: FloatArray, V: FloatArray) -> FloatArray:
    """Sum the variances of the scores of rows with E[y] and Var[y] = V, shape (k, q, q).

    The score for direction E is y^T E y / 2, so its covariance with y is V E E[y], and with
    that for F it is trace(E V F V) / 2 + E[y]^T E V F E[y].
    """
    k, d, _ = y.shape
    E = symmetric_basis(d)
    first, second = _moments(counts, y)
    N = counts.sum(axis=0)
    out = np.zeros((k, d + len(E), d + len(E)))
    for j in range(k):
        EV = E @ V[j]
        out[j, :d, :d] = N[j] * V[j]
        out[j, d:, :d] = (E @ first[j]) @ V[j]
        out[j, :d, d:] = out[j, d:, :d].T
        both = N[j] / 2 * EV + E @ second[j]
        out[j, d:, d:] = np.einsum("pab,qba->pq", EV, both)
    return out


def _moments(counts: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return sums of y and y y^T, shapes (k, d) and (k, d, d), the rows counted by `counts`."""
    first = np.einsum("kdb,bk->kd", y, counts)
    return first, np.einsum("kdb,keb,bk->kde", y, y, counts, optimize=True)


def symmetric_basis(d: int) -> FloatArray:
    """Return the symmetric matrices with a 1 at (a, b) and (b, a), shape (d (d + 1) / 2, d, d)."""
    rows, columns = np.tril_indices(d)
    E = np.zeros((len(rows), d, d))
    E[np.arange(len(rows)), rows, columns] = E[np.arange(len(rows)), columns, rows] = 1
    return E


def directions(kind: Full, k: int, d: int, fixed: Collection[str]) -> FloatArray:
    """Return how the free means and covariances move m and H, shape (k, d + d (d + 1) / 2, p)."""
    rows, columns = np.tril_indices(d)
    entries = np.eye(d + len(rows))
    parts = {
        "means": each_component(entries[:, :d], k),
        "covariances": kind.directions(entries[:, d:], rows == columns, k),
    }
    free = [part for name, part in parts.items() if name not in fixed]
    return np.concatenate([np.zeros((k, len(entries), 0)), *free], axis=2)


def standard_errors(cholesky: FloatArray, covariances: FloatArray) -> dict[str, FloatArray]:
    """Return standard errors of means and covariances, from the covariances of m and H."""
    k, d, _ = cholesky.shape
    errors = {"means": np.empty((k, d)), "covariances": np.empty((k, d, d))}
    for j, L in enumerate(cholesky):
        # mu = L m and Sigma = L H L^T, both linear in m and H.
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
