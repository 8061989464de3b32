"""Read what a student's function returned: arrays to compare, or words about what it is not."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from emlib._validate import FloatArray
from emlib.checks import phrases

Values = tuple[FloatArray, ...]

# A right answer in single precision must pass, one rounded to three decimals must not.
RELATIVE, ABSOLUTE = 1e-5, 2e-4


@dataclass(frozen=True)
class Output:
    """One value that the function of an exercise returns.

    Attributes
    ----------
    name : str
    shape : str
        Its form in words, to follow "should be".
    any_length : bool
        Whether the length of its first axis is the function's own choice.
    rows_sum_to_one : bool
        Whether its rows are distributions.
    """

    name: str
    shape: str
    any_length: bool = False
    rows_sum_to_one: bool = False


def close(yours: FloatArray, right: FloatArray) -> bool:
    """Whether two results are the same for a check: same shape, numbers equal up to rounding."""
    return yours.shape == right.shape and np.allclose(
        yours, right, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True
    )


def as_values(outputs: Sequence[Output], returned: Any) -> Values:
    """Turn what was returned into one array of floats for each output.

    Raises
    ------
    ValueError
        If that is impossible; the error's text is meant for the student.
    """
    if returned is None:
        raise ValueError(phrases.NONE)
    names = ", ".join(output.name for output in outputs)
    if len(outputs) > 1:
        try:
            several = tuple(returned)
        except Exception:
            several = (returned,)
        if len(several) != len(outputs):
            raise ValueError(phrases.COUNT.format(n=len(outputs), names=names, yours=len(several)))
    else:
        several = (returned,)
    return tuple(_numbers(output, value) for output, value in zip(outputs, several, strict=True))


def _numbers(output: Output, value: Any) -> FloatArray:
    """Return `value` as an array of floats, or raise a ValueError with words."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            array = np.asarray(value)
            if array.dtype.kind in "biufO":  # O: an array of Python numbers, maybe
                return np.asarray(array, dtype=float)
        except Exception:  # an answer may be of any type and do anything when it is looked at
            pass
    kind = type(value).__name__
    raise ValueError(phrases.TYPE.format(name=output.name, shape=output.shape, type=kind))


def shape_problem(outputs: Sequence[Output], values: Values, right: Values, seen: bool) -> str:
    """Say what is wrong with the shapes, or return an empty string.

    The shapes of hidden inputs, not `seen` by the student, are not told.
    """
    for output, mine, yours in zip(outputs, right, values, strict=True):
        free = 1 if output.any_length else 0
        if yours.ndim == mine.ndim and yours.shape[free:] == mine.shape[free:]:
            continue
        words = phrases.SHAPE_SEEN if seen and not free else phrases.SHAPE
        here = phrases.HERE.format(right=mine.shape) if mine.ndim else ""
        words = words.format(
            name=output.name, shape=output.shape, here=here, yours=_of_shape(yours)
        )
        transposed = mine.ndim == 2 and yours.shape == mine.shape[::-1]
        return words + (phrases.TRANSPOSED if transposed else "")
    return ""


def _of_shape(array: FloatArray) -> str:
    return f"an array of shape `{array.shape}`" if array.ndim else "a single number"


def row_sums(output: Output, values: FloatArray, seen: bool) -> str:
    """Say that rows which should be distributions are none, or return an empty string."""
    if not output.rows_sum_to_one or values.ndim != 2:
        return ""
    sums = values.sum(axis=1)
    if np.allclose(sums, 1, atol=1e-3) or not np.isfinite(sums).all():
        return ""
    shown = ", ".join(f"{s:.3g}" for s in sums)
    words = phrases.ROW_SUMS_SEEN if seen else phrases.ROW_SUMS
    return words.format(name=output.name, sums=shown)
