"""Checks of arguments: every error names the argument, what was wrong and the cure."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

WEIGHT_SUM_TOLERANCE = 1e-8


def real_array(name: str, value: ArrayLike, ndim: int, *, allow_empty: bool = False) -> FloatArray:
    """Return `value` as a new, read-only float64 array with `ndim` axes.

    Parameters
    ----------
    name : str
        The argument's name, for the error.
    value : array_like
        Numbers; copied, so the caller's array is never changed nor aliased.
    ndim : int
        How many axes it must have.
    allow_empty : bool, default False
        Whether an array without elements is legal.

    Returns
    -------
    ndarray of float64

    Raises
    ------
    TypeError
        If the elements are not real numbers.
    ValueError
        If the number of axes is wrong, the array is empty, or an element is NaN or infinite.
    """
    array = np.asarray(value)
    if array.dtype == object or array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} must hold real numbers, but its elements are of type {array.dtype}; "
            f"convert it first, for example with np.asarray({name}, dtype=float)"
        )
    if array.ndim != ndim:
        cure = f"; use {name}.reshape(-1, 1) for one column" if (array.ndim, ndim) == (1, 2) else ""
        raise ValueError(
            f"{name} must have {ndim} {'axis' if ndim == 1 else 'axes'}, "
            f"but its shape is {array.shape}{cure}"
        )
    if array.size == 0 and not allow_empty:
        raise ValueError(f"{name} is empty (shape {array.shape}): it needs at least one element")
    array = np.array(array, dtype=np.float64, order="C")
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        where = tuple(int(i) for i in bad[0])
        if ndim == 0:
            raise ValueError(f"{name} must be finite, not {array[where]}")
        raise ValueError(
            f"{name} must be finite, but row {where[0]} holds {array[where]}; "
            "remove or impute such rows first"
        )
    array.flags.writeable = False
    return array


def probabilities(name: str, value: ArrayLike) -> FloatArray:
    """Return `value` as a one-axis array of numbers in [0, 1], or raise an error that says why."""
    array = real_array(name, value, 1)
    bad = np.flatnonzero((array < 0) | (array > 1))
    if len(bad):
        raise ValueError(
            f"{name} must hold probabilities from 0 to 1, "
            f"but component {bad[0]} is {array[bad[0]]:g}"
        )
    return array


def mixing_weights(name: str, value: ArrayLike, k: int) -> FloatArray:
    """Return `value` as `k` positive weights that sum to 1, or raise an error that says why."""
    array = real_array(name, value, 1)
    if len(array) != k:
        raise ValueError(f"{name} must hold one weight per component: {k}, not {len(array)}")
    bad = np.flatnonzero(array <= 0)
    if len(bad):
        raise ValueError(
            f"{name} must be positive, but component {bad[0]} has weight {array[bad[0]]:g}; "
            "leave out a component that has no weight"
        )
    total = float(array.sum())
    if abs(total - 1) > WEIGHT_SUM_TOLERANCE:
        raise ValueError(f"{name} must sum to 1, but they sum to {total:g}; divide by their sum")
    return array


def responsibilities(value: ArrayLike, n: int, k: int) -> FloatArray:
    """Return `value` as an (n, k) array whose rows are distributions, or raise an error."""
    array = real_array("responsibilities", value, 2)
    if array.shape != (n, k):
        raise ValueError(
            f"responsibilities must have shape (n, k) = ({n}, {k}): "
            f"one row per data row, one column per component; yours is {array.shape}"
        )
    bad = np.flatnonzero((array < 0).any(axis=1))
    if len(bad):
        raise ValueError(f"responsibilities must not be negative, but row {bad[0]} is")
    sums = array.sum(axis=1)
    bad = np.flatnonzero(np.abs(sums - 1) > WEIGHT_SUM_TOLERANCE)
    if len(bad):
        raise ValueError(
            f"each row of responsibilities must sum to 1, but row {bad[0]} sums to "
            f"{sums[bad[0]]:g}; normalise over the components (axis 1)"
        )
    return array


def positive_integer(name: str, value: Any, *, minimum: int = 1) -> int:
    """Return `value` as an int that is at least `minimum`, or raise an error that says why."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None
    if number < minimum:
        raise ValueError(f"{name} must be at least {minimum}, not {number}")
    return number


def non_negative(name: str, value: Any) -> float:
    """Return `value` as a float that is at least 0, or raise an error that says why."""
    array = real_array(name, value, 0)
    if array < 0:
        raise ValueError(f"{name} must not be negative, but it is {float(array):g}")
    return float(array)
