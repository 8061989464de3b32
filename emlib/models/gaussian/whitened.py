"""One pass over the data for a Gaussian E-step and M-step, in whitened coordinates.

With Sigma_j = L_j L_j^T (or diag(s_j^2)), the whitened residual of row i for component j is::

    y_ij = L_j^-1 (x_i - mu_j)
    log N(x_i; mu_j, Sigma_j) = -(d log 2 pi + |y_ij|^2) / 2 - log det L_j

The E-step needs |y_ij|^2, and the M-step needs no more than sums of what the E-step has::

    N_j = sum_i r_ij,    g_j = sum_i r_ij y_ij / N_j
    G_j = sum_i r_ij y_ij y_ij^T / N_j - g_j g_j^T
    mu_j <- mu_j + L_j g_j,    L_j <- L_j cholesky(G_j)

So one pass is enough.  It goes over blocks of rows that fit the processor's cache, and beyond
the data it needs memory for one block, whatever the number of rows: 4 to 9 MB, kept from one
pass to the next.  (With more than 2^12 numbers in a row times components, a block is 64 rows.)
Subtracting mu_j first keeps the digits that sums of raw squares x x^T would lose.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from emlib._validate import FloatArray
from emlib.models.gaussian.full import LARGE, Full
from emlib.models.mixture import bayes, refuse_empty

# Numbers in a block: rows times columns times components; twice as many from LARGE on.
BLOCK = 2**18


_idle: list[FloatArray] = []  # memory that waits for the next sweep: new memory costs time


@contextmanager
def _memory(size: int) -> Iterator[FloatArray]:
    """Lend that many numbers of memory; each user, in whatever thread, has its own."""
    try:
        memory = _idle.pop()
    except IndexError:
        memory = np.empty(0)
    if memory.size < size:
        memory = np.empty(size)
    try:
        yield memory[:size]
    finally:
        _idle.append(memory)


class Moments(NamedTuple):
    """Sums over all rows, and the log-likelihood of the parameters they were made with.

    Attributes
    ----------
    counts : ndarray, shape (k,)
        N_j.
    shift : ndarray, shape (k, d)
        g_j, the mean of the whitened residuals.
    second : ndarray, shape (k, d, d), or (k, d) for standard deviations as factors
        The mean of y y^T, in the lower triangle at least, or of y^2; not yet centred.
    log_likelihood : float
        In nats.
    """

    counts: FloatArray
    shift: FloatArray
    second: FloatArray
    log_likelihood: float


class Density(NamedTuple):
    """What a block of rows is weighed by.

    Attributes
    ----------
    kind : Full, Tied, Diagonal or Spherical
    log_scale : ndarray, shape (k,)
        log alpha_j - (d log 2 pi)/2 - log det L_j.
    means : ndarray, shape (k, d)
    inverse : ndarray, shape (k, d, d) or (k, d)
        L_j^-1, or 1/s_j.
    """

    kind: Full
    log_scale: FloatArray
    means: FloatArray
    inverse: FloatArray


def sweep(
    x: FloatArray, density: Density
) -> Iterator[tuple[slice, FloatArray, FloatArray, FloatArray]]:
    """Whiten the rows, block by block.

    Parameters
    ----------
    x : ndarray, shape (d, n)
    density : Density

    Yields
    ------
    rows : slice
    log_joint : ndarray, shape (k, b)
        log alpha_j + log N(x_i; mu_j, Sigma_j) of the b rows.
    y, scratch : ndarray, shape (k, d, b)
        Whitened residuals, and as much memory to work in.  The next block overwrites all, and
        so may the caller.
    """
    kind, log_scale, means, inverse = density
    (k, d), n = means.shape, x.shape[1]
    width = min(n, max((BLOCK if d < LARGE else 2 * BLOCK) // (k * d), 64))
    with _memory((2 * d + 1) * k * width) as memory:
        for start in range(0, n, width):
            block = x[:, start : start + width]
            b = block.shape[1]
            log_joint = memory[: k * b].reshape(k, b)
            y, scratch = memory[k * b :][: 2 * k * d * b].reshape(2, k, d, b)
            np.subtract(block, means[:, :, None], out=y)
            y, scratch = kind.whiten(inverse, y, scratch)
            np.einsum("kdb,kdb->kb", y, y, out=log_joint)
            log_joint *= -0.5
            log_joint += log_scale[:, None]
            yield slice(start, start + b), log_joint, y, scratch


def sum_log_density(x: FloatArray, row_weights: FloatArray | None, density: Density) -> float:
    """Return sum_i w_i log p(x_i), in nats; arguments as in `sweep`."""
    total = 0.0
    for rows, log_joint, _, _ in sweep(x, density):
        log_density = bayes(log_joint.T, first_row=rows.start, overwrite=True)[1]
        if row_weights is not None:
            log_density *= row_weights[rows]
        total += float(log_density.sum())
    return total


def one_pass(x: FloatArray, row_weights: FloatArray | None, density: Density) -> Moments:
    """Return the sums that the M-step needs; arguments as in `sweep`.

    Raises
    ------
    DegenerateError
        If a component is empty, or a row has density 0 (in floating point) under all of them.
    """
    kind, _, means, inverse = density
    counts, shift = np.zeros(len(means)), np.zeros_like(means)
    second, log_likelihood = np.zeros_like(inverse), 0.0
    for rows, log_joint, y, scratch in sweep(x, density):
        responsibilities, log_density = bayes(log_joint.T, first_row=rows.start, overwrite=True)
        r = responsibilities.T
        if row_weights is not None:
            r *= row_weights[rows]
            log_density *= row_weights[rows]
        log_likelihood += log_density.sum()
        counts += r.sum(axis=1)
        shift += (y @ r[:, :, None])[:, :, 0]
        kind.add_squares(second, y, r, scratch)
    refuse_empty(counts)
    shift /= counts[:, None]
    second /= kind.in_shape(counts)
    return Moments(counts, shift, second, float(log_likelihood))
