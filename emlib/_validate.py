"""Checks of arguments: every error names the argument, what was wrong and the cure."""

from __future__ import annotations

import numbers
import operator
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

WEIGHT_SUM_TOLERANCE = 1e-8
EPSILON = float(np.finfo(float).eps)
LARGEST_COUNT = 2**53  # from here on, floating-point numbers leave out whole numbers


def real_array(name: str, value: ArrayLike, ndim: int) -> FloatArray:
    """Return `value` as a new, read-only float64 array with `ndim` axes.

    The caller's array is copied: never changed, never aliased.  Errors as in `view`.
    """
    array = np.array(view(name, value, ndim), order="C")
    array.flags.writeable = False
    return array


def view(name: str, value: ArrayLike, ndim: int) -> FloatArray:
    """Return `value` as a float64 array with `ndim` axes, without a copy where none is needed.

    Parameters
    ----------
    name : str
        The argument's name, for the error.
    value : array_like
        Numbers: a list, an array of any real type and memory layout, a data frame.
    ndim : int
        How many axes it must have.

    Returns
    -------
    ndarray of float64
        To be read, not written: it may be the caller's own array.

    Raises
    ------
    TypeError
        If an element is not a real number.
    ValueError
        If the number of axes is wrong, the array is empty or masked, or an element is NaN or
        infinite.  The error names the first bad row.
    """
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        row = np.argwhere(np.ma.getmaskarray(value))[0][0]
        raise ValueError(f"{name} must have no masked entries, but row {row} has one; {_CURE}")
    array = rectangular(name, value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers, but {_first_strange(array)}")
    if array.ndim != ndim:
        axes = {0: "be one number", 1: "have 1 axis"}.get(ndim, f"have {ndim} axes")
        cure = f"; use {name}.reshape(-1, 1) for one column" if (array.ndim, ndim) == (1, 2) else ""
        raise ValueError(f"{name} must {axes}, but its shape is {array.shape}{cure}")
    if array.size == 0:
        raise ValueError(f"{name} is empty (shape {array.shape}): it needs at least one element")
    with np.errstate(over="ignore"):  # a long double may become infinite here, caught below
        array = array.astype(np.float64, copy=False)
    if not np.isfinite(array).all():
        where = tuple(np.argwhere(~np.isfinite(array))[0])
        if ndim == 0:
            raise ValueError(f"{name} must be finite, not {array[where]}")
        raise ValueError(f"{name} must be finite, but row {where[0]} holds {array[where]}; {_CURE}")
    return array


def rectangular(name: str, value: ArrayLike) -> NDArray[Any]:
    """Return `value` as an array of any type, or raise an error if its rows are of many lengths."""
    try:
        return np.asarray(value)
    except ValueError:  # NumPy's word for rows of different lengths
        raise ValueError(f"the rows of {name} must all have the same length") from None


_CURE = "remove or impute such rows first"


def _first_strange(array: NDArray[Any]) -> str:
    """Say where an array that is not numeric first holds something else than a real number."""
    for where in np.ndindex(array.shape):
        item = array[where]
        item = item.item() if isinstance(item, np.generic) else item
        if not isinstance(item, numbers.Real):
            row = f"row {where[0]} holds" if where else "it is"
            return f"{row} {item!r} of type {type(item).__name__}; convert or remove it first"
    return f"its elements are of type {array.dtype}; convert it first with .astype(float)"


def counts(name: str, value: ArrayLike, ndim: int = 1) -> FloatArray:
    """Return `value` as an array of whole numbers from 0, or raise an error that names the row."""
    array = real_array(name, value, ndim)
    for wrong, what in (
        (array < 0, "is negative"),
        (array != np.floor(array), "is not whole"),
        (array > LARGEST_COUNT, "is above 2^53"),
    ):
        bad = np.argwhere(wrong)
        if len(bad):
            where = tuple(bad[0])
            raise ValueError(
                f"{name} must be whole numbers from 0, but row {where[0]} {what}: {array[where]:g}"
            )
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


def mixing_weights(name: str, value: ArrayLike | None, k: int) -> FloatArray:
    """Return `value` as `k` positive weights that sum to 1, or raise an error that says why.

    Without a value they are equal.
    """
    array = real_array(name, np.full(k, 1 / k) if value is None else value, 1)
    if len(array) != k:
        raise ValueError(f"{name} must hold one weight per component: {k}, not {len(array)}")
    bad = np.flatnonzero(array <= 0)
    if len(bad):
        raise ValueError(
            f"{name} must be positive, but component {bad[0]} has weight {array[bad[0]]:g}; "
            "leave out a component that has no weight"
        )
    total = float(array.sum())
    if abs(total - 1) > sum_tolerance(value):
        raise ValueError(f"{name} must sum to 1, but they sum to {total:.10g}; divide by their sum")
    return summing_to_one(array)


def sum_tolerance(value: Any) -> float:
    """Return by how much the sum of probabilities may miss 1: more where they have few digits."""
    dtype = np.asarray(value).dtype
    few_digits = dtype.kind == "f" and dtype.itemsize < 8
    return 8 * float(np.finfo(dtype).eps) if few_digits else WEIGHT_SUM_TOLERANCE


def summing_to_one(array: FloatArray, sums: FloatArray | None = None) -> FloatArray:
    """Return `array`, the rows divided by their sums if these miss 1 by more than rounding.

    What sums to 1 + 1e-9 would lend each row of data 1e-9 nats, which the first M-step takes back.
    """
    sums = array.sum(axis=-1, keepdims=True) if sums is None else sums
    if (np.abs(sums - 1) > array.shape[-1] * EPSILON).any():
        array = array / sums
        array.flags.writeable = False
    return array


def responsibilities(value: ArrayLike, n: int, k: int) -> FloatArray:
    """Return `value` as an (n, k) array whose rows are distributions, or raise an error."""
    array = real_array("responsibilities", value, 2)
    if array.shape != (n, k):
        raise ValueError(
            f"responsibilities must have shape (n, k) = ({n}, {k}): "
            f"one row per data row, one column per component; yours is {array.shape}"
        )
    return distributions("responsibilities", array, value, "over the components (axis 1)")


def distributions(name: str, array: FloatArray, value: ArrayLike, over: str) -> FloatArray:
    """Return `array`, made of `value`, if each row is a probability distribution, or raise."""
    bad = np.flatnonzero((array < 0).any(axis=1))
    if len(bad):
        raise ValueError(f"{name} must not be negative, but row {bad[0]} is")
    sums = array.sum(axis=1)
    bad = np.flatnonzero(np.abs(sums - 1) > sum_tolerance(value))
    if len(bad):
        raise ValueError(
            f"each row of {name} must sum to 1, but row {bad[0]} sums to "
            f"{sums[bad[0]]:.10g}; normalise {over}"
        )
    return summing_to_one(array, sums[:, None])


def choice(name: str, value: Any, known: Iterable[str]) -> None:
    """Raise an error unless `value` is one of those known."""
    if value not in list(known):
        words = ", ".join(map(repr, known))
        raise ValueError(f"{name} must be one of {words}, not {value!r}")


def generator(rng: Any) -> np.random.Generator:
    """Return `rng` as a Generator, or raise an error that says what it may be."""
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError):
        raise TypeError(
            f"rng must be a NumPy Generator, a seed from 0 or None, not {rng!r}"
        ) from None


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
