"""Rows of data that may count more than once.

Data prepared by a model may carry `row_weights`, shape (n,): row i counts as often as its
weight says, as if it had been typed in that many times.  Data without it counts every row once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emlib import _validate
from emlib._validate import FloatArray

LARGEST_TOTAL = 1e100  # of row weights: what EM makes of them stays in floating-point range


def checked_weights(row_weights: ArrayLike | None, n: int) -> FloatArray | None:
    """Return the weights of `n` rows, read-only, or raise an error that names the row."""
    if row_weights is None:
        return None
    weights = _validate.real_array("row_weights", row_weights, 1)
    if len(weights) != n:
        raise ValueError(f"row_weights must hold one weight per row: {n}, not {len(weights)}")
    bad = np.flatnonzero(weights < 0)
    if len(bad):
        raise ValueError(
            f"row_weights must not be negative, but row {bad[0]} weighs {weights[bad[0]]:g}"
        )
    with np.errstate(over="ignore"):
        total = weights.sum()
    if not total > 0:
        raise ValueError("row_weights must not all be 0")
    if not 1 / LARGEST_TOTAL <= total <= LARGEST_TOTAL:
        raise ValueError(
            f"row_weights must have a sum from {1 / LARGEST_TOTAL:g} to {LARGEST_TOTAL:g}, "
            f"but it is {total:g}; multiply all of them by one number"
        )
    return weights


def row_weights(data: Any) -> FloatArray | None:
    """Return the weights of the rows, shape (n,), or None if each row counts once."""
    weights: FloatArray | None = getattr(data, "row_weights", None)
    return weights


def total_weight(data: Any) -> float:
    """Return how many rows there are, each counted as often as it weighs."""
    weights = row_weights(data)
    return float(len(data)) if weights is None else float(weights.sum())


def weighted_sum(data: Any, values: FloatArray) -> float:
    """Return sum_i w_i v_i for one value per row."""
    weights = row_weights(data)
    return float(values.sum() if weights is None else weights @ values)


def expected_counts(data: Any, responsibilities: FloatArray) -> FloatArray:
    """Return w_i r_ij: how many times row i counts for component j, shape (n, k)."""
    weights = row_weights(data)
    return responsibilities if weights is None else weights[:, None] * responsibilities


def distinct(data: Any) -> Any:
    """Return the data without rows of weight 0, and equal rows merged into one where data can.

    Sums over rows are the same, and their cost no longer grows with the number of rows.
    """
    return getattr(data, "distinct", data)


def counted(data: Any, responsibilities: FloatArray) -> tuple[Any, FloatArray]:
    """Return data that can leave out rows of weight 0, and the responsibilities, without them."""
    rows, weights = distinct(data), row_weights(data)
    if rows is data or weights is None:
        return data, responsibilities
    return rows, responsibilities[weights > 0]


def merge_equal(
    table: FloatArray, weights: FloatArray | None
) -> tuple[NDArray[np.intp], FloatArray]:
    """Find the distinct rows of a table that weigh anything.

    Parameters
    ----------
    table : ndarray, shape (n, c)
    weights : ndarray, shape (n,), or None

    Returns
    -------
    first : ndarray of int
        Where each distinct row stands for the first time, in ascending order.
    merged : ndarray, same shape
        The weight of all rows equal to it.
    """
    order = np.lexsort(table.T)  # equal rows become neighbours, in their old order
    ordered = table[order]
    new = np.r_[True, (ordered[1:] != ordered[:-1]).any(axis=1)]
    starts = np.flatnonzero(new)
    ones = np.ones(len(table)) if weights is None else weights[order]
    merged = np.add.reduceat(ones, starts)
    by_appearance = np.argsort(order[starts])
    by_appearance = by_appearance[merged[by_appearance] > 0]
    return order[starts][by_appearance], merged[by_appearance]
