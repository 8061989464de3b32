"""Why a covariance is singular, said so that the reader knows what to do."""

from __future__ import annotations

import numpy as np

from emlib._validate import FloatArray
from emlib.models.gaussian.full import SINGULAR_PIVOT
from emlib.models.gaussian.points import Points

OWN = 0.1  # a row is counted to a component from this responsibility on
CURES = "use fewer components, another start, covariance_type='tied' or a CovariancePrior"


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
    weights = points.row_weights
    counted = np.arange(len(points)) if weights is None else np.flatnonzero(weights)
    x = points.x[:, counted]
    d, n = x.shape
    belongs = responsibilities[counted] > OWN
    own = x[:, belongs]
    rows, values = own.shape[1], np.unique(own, axis=1).shape[1]
    constant = np.flatnonzero(np.ptp(x, axis=1) == 0)
    if n > 1 and len(constant):
        return _blame_column(j, f"column {constant[0]} of the data is constant")
    if not axis_parallel and 1 < n <= d:
        return (
            f"{n} rows are too few for a full covariance in {d} columns: that of component {j} "
            "is singular; use covariance_type='diag' or a CovariancePrior"
        )
    if axis_parallel or values <= d:
        where = f"{rows} {'row' if rows == 1 else 'rows'}"
        if values < rows:
            where += f" with {values} distinct {'value' if values == 1 else 'values'}"
        return f"component {j} collapsed onto {where}: its covariance is singular; {CURES}"
    near, farthest = _without_farthest(x, np.flatnonzero(belongs))
    if _dependent_column(near) is None:
        return (
            f"row {counted[farthest]} lies so far out that the covariance of component {j} is "
            "singular; check that row, or give it a component with a CovariancePrior"
        )
    column = _dependent_column(x)
    if column is not None:
        what = "is a linear combination of the columns before it"
        return _blame_column(j, f"column {column} of the data {what}")
    where = "on a line" if d == 2 else "in a plane" if d == 3 else "in a hyperplane"
    return f"the {rows} rows of component {j} lie {where}: its covariance is singular; {CURES}"


def _blame_column(j: int, what: str) -> str:
    """Say that a column makes the covariance singular."""
    return (
        f"{what}, so the covariance of component {j} is singular; "
        "leave out that column or use a CovariancePrior"
    )


def _without_farthest(x: FloatArray, rows: np.ndarray) -> tuple[FloatArray, int]:
    """Return some rows of the data but for the one farthest from their median, and its number."""
    own = x[:, rows]
    distance = np.abs(own - np.median(own, axis=1, keepdims=True)).max(axis=0)
    farthest = int(np.argmax(distance))
    return np.delete(own, farthest, axis=1), int(rows[farthest])


def _dependent_column(x: FloatArray) -> int | None:
    """Return the first row of x, shape (d, n), that is a combination of those before it."""
    x = x - x.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(x, axis=1, keepdims=True)
    if not norms.all():
        return int(np.argmin(norms))
    x /= norms
    pivots = np.abs(np.diagonal(np.linalg.qr(x.T, mode="r")))
    small = np.flatnonzero(pivots <= SINGULAR_PIVOT)
    return int(small[0]) if len(small) else None
