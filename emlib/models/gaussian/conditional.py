"""What is hidden of rows, given what is seen of them: the E-step for missing and censored entries.

With the factor L of Sigma, rows reordered to have the seen entries o first, and the triangular
form A of it (by a QR decomposition), y = A_oo^-1 (x_o - mu_o) gives the density of what is seen;
the hidden entries are mu_h + A_ho y + A_hh e, with e standard normal.  If one entry is censored
it comes first among these, so that its limits are limits of e_1 alone: e_1 is a truncated normal
variable, and the rest of e is not touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from emlib._validate import FloatArray
from emlib.models.gaussian.incomplete import IncompletePoints

LOG_2PI = float(np.log(2 * np.pi))


class Part(NamedTuple):
    """What the E-step knows of the b rows of one pattern, for each component.

    Attributes
    ----------
    rows : ndarray of int, shape (b,)
    log_density : ndarray, shape (k, b)
        log p(what is known | z = j), in nats.
    residual : ndarray, shape (k, d, b)
        The expected x, without mu_j.
    spread : ndarray, shape (k, d, d)
        Var[x | what is known] of every row, but for the censored entry ...
    share, along : ndarray, shapes (k, b) and (k, d, d)
        ... which adds share times along.
    """

    rows: NDArray[np.intp]
    log_density: FloatArray
    residual: FloatArray
    spread: FloatArray
    share: FloatArray
    along: FloatArray

    def variance(self, counts: FloatArray) -> FloatArray:
        """Return the variances summed over the rows, which count `counts` (k, b), (k, d, d)."""
        whole, shares = counts.sum(axis=1), (counts * self.share).sum(axis=1)
        total = whole[:, None, None] * self.spread + shares[:, None, None] * self.along
        return np.asarray(total)


def parts(data: IncompletePoints, means: FloatArray, factors: FloatArray) -> Iterator[Part]:
    """Yield what is known of the rows, pattern by pattern.

    Parameters
    ----------
    data : IncompletePoints
    means : ndarray, shape (k, d)
    factors : ndarray, shape (k, d, d)
        Cholesky factors of the covariances.
    """
    k, d = means.shape
    for rows, order, o, censored in data.patterns:
        seen, hidden = order[:o], order[o:]
        upper = np.asarray(np.linalg.qr(factors[:, order].transpose(0, 2, 1), mode="r"))
        A = upper.transpose(0, 2, 1) * np.sign(np.diagonal(upper, axis1=1, axis2=2))[:, None]
        x = data.values[rows[:, None], seen].T - means[:, seen, None]
        y = np.linalg.solve(A[:, :o, :o], x)
        log_pivots = np.log(np.diagonal(A, axis1=1, axis2=2)[:, :o]).sum(axis=1)
        log_density = -(o * LOG_2PI + (y**2).sum(axis=1)) / 2 - log_pivots[:, None]
        share, along = np.zeros((k, len(rows))), np.zeros((k, d, d))
        if censored:
            c = order[o]
            centre = means[:, c, None] + (A[:, None, o, :o] @ y)[:, 0]
            log_mass, e, share = truncated(
                *(data.limits[:, None, rows, c] - centre) / A[:, o, o, None]
            )
            log_density += log_mass
            y = np.concatenate([y, e[:, None]], axis=1)
            column = A[:, o:, o]
            along[:, hidden[:, None], hidden] = column[:, :, None] * column[:, None, :]
        known = y.shape[1]
        residual = np.empty((k, d, len(rows)))
        residual[:, seen], residual[:, hidden] = x, A[:, o:, :known] @ y
        spread = np.zeros((k, d, d))
        root = A[:, o:, known:]
        spread[:, hidden[:, None], hidden] = root @ root.transpose(0, 2, 1)
        yield Part(rows, log_density, residual, spread, share, along)


@np.errstate(invalid="ignore", divide="ignore", under="ignore")  # at limits that are infinite
def truncated(low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return log P(low < e < high), and mean and variance of e there, for a standard normal e.

    >>> [value.round(4) for value in truncated(np.array([-1.0, 0.0]), np.array([1.0, np.inf]))]
    [array([-0.3817, -0.6931]), array([0.    , 0.7979]), array([0.2911, 0.3634])]
    """
    upper_tail = low > 0  # turned round, for the logarithm is accurate in the lower tail
    a, b = np.where(upper_tail, [-high, -low], [low, high])
    log_mass = log_ndtr(b) + np.log1p(-np.exp(log_ndtr(a) - log_ndtr(b)))
    at_a, at_b = (np.exp(-(z**2 + LOG_2PI) / 2 - log_mass) for z in (a, b))
    mean = at_a - at_b
    edges = np.where(np.isfinite(a), a * at_a, 0) - np.where(np.isfinite(b), b * at_b, 0)
    variance = np.clip(1 + edges - mean**2, 0, 1)
    return log_mass, np.where(upper_tail, -mean, mean), variance
