"""Why a covariance is singular, said so that the reader knows what to do."""

from __future__ import annotations

import numpy as np

from emlib._validate import FloatArray
from emlib.covariances import SINGULAR_PIVOT
from emlib.points import Points


def explain(points: Points, j: int, responsibilities: FloatArray, axis_parallel: bool) -> str:
    """Say why component j has a singular covariance.

    Parameters
    ----------
    points : Points
    j : int
    responsibilities : ndarray, shape (n,)
        r_ij of that component, from which the covariance was computed.
    axis_parallel : bool
        Whether its covariance is diagonal, so that columns may be correlated at will.
    """
    n, d = points.shape
    constant = np.flatnonzero(np.ptp(points.x, axis=1) == 0)
    if n > 1 and len(constant):
        return _blame_column(j, f"column {constant[0]} of the data is constant")
    if not axis_parallel:
        if n <= d:
            return (
                f"{n} rows are too few for a full covariance in {d} columns: that of component "
                f"{j} is singular; use covariance_type='diag' or a CovariancePrior"
            )
        column = _dependent_column(points.x)
        if column is not None:
            what = "is a linear combination of the columns before it"
            return _blame_column(j, f"column {column} of the data {what}")
    own = points.x[:, responsibilities > 0.5]
    rows, values = own.shape[1], np.unique(own, axis=1).shape[1]
    where = f"{rows} {'row' if rows == 1 else 'rows'}"
    if values < rows:
        where += f" with {values} distinct {'value' if values == 1 else 'values'}"
    return (
        f"component {j} collapsed onto {where}: its covariance is singular; use fewer "
        "components, another start, covariance_type='tied' or a CovariancePrior"
    )


def _blame_column(j: int, what: str) -> str:
    """Say that a column makes the covariance singular."""
    return (
        f"{what}, so the covariance of component {j} is singular; "
        "leave out that column or use a CovariancePrior"
    )


def _dependent_column(x: FloatArray) -> int | None:
    """Return the first row of x, shape (d, n), that is a combination of those before it."""
    x = x - x.mean(axis=1, keepdims=True)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    pivots = np.abs(np.diagonal(np.linalg.qr(x.T, mode="r")))
    small = np.flatnonzero(pivots <= SINGULAR_PIVOT)
    return int(small[0]) if len(small) else None
