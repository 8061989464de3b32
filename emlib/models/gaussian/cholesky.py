"""A Cholesky factor that stays accurate when the matrix is nearly singular.

The usual algorithm solves a problem within rounding of the one given.  At condition number
1e8 that costs eight digits of the smallest pivot, and so of the log-density.  One correction
step mends it, provided that the residual A - L L^T is computed with more digits than a
floating-point number has: here by error-free products and sums (Dekker 1971,
doi:10.1007/BF01397083).
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import solve_triangular

from emlib._validate import FloatArray

HALF = 2.0**27 + 1  # splits a number into two of at most 26 bits, whose products are exact


def accurate_cholesky(matrix: FloatArray) -> FloatArray:
    """Return lower triangular L with L L^T = matrix, shape (d, d), entries of about 1.

    To first order, L (I + F) with F + F^T = L^-1 (A - L L^T) L^-T repairs the factor.

    Raises
    ------
    LinAlgError
        If the matrix is not positive definite.
    """
    L: FloatArray = np.linalg.cholesky(matrix).astype(float)
    inner = solve_triangular(L, residual(matrix, L), lower=True)
    inner = solve_triangular(L, inner.T, lower=True)
    correction = np.tril(inner, -1) + np.diag(np.diag(inner)) / 2
    return np.asarray(L + L @ correction)


def residual(matrix: FloatArray, L: FloatArray) -> FloatArray:
    """Return matrix - L L^T as if computed with twice the digits."""
    total, lost = matrix.copy(), np.zeros_like(matrix)
    high = HALF * L - (HALF * L - L)
    low = L - high
    for column in range(L.shape[1]):
        a, a_high, a_low = (part[:, column, None] for part in (L, high, low))
        product = a * a.T
        lost -= ((a_high * a_high.T - product) + a_high * a_low.T + a_low * a_high.T) + (
            a_low * a_low.T
        )
        rest = total - product
        back = rest - total  # what the sum lost to rounding, exactly (Knuth's two-sum)
        lost += (total - (rest - back)) - (product + back)
        total = rest
    return total + lost
