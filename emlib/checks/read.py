"""Read what a student's function returned: arrays to compare, or words about what it is not."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from emlib._validate import FloatArray
from emlib.checks import phrases
from emlib.checks.plain import NoNumbers, plain
from emlib.words import _

Values = tuple[FloatArray, ...]
Seen = tuple[Any, ...]  # of each output, the values or None

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


@dataclass(frozen=True, eq=False)
class Reading:
    """What was returned for one output.

    Attributes
    ----------
    numbers : array or None
        None if `None` was returned, or what is no number.
    problem : str
        What is wrong with its type or shape, in words; empty if nothing is, or if it is missing.
    """

    numbers: FloatArray | None
    problem: str = ""

    @property
    def missing(self) -> bool:
        """Whether `None` was returned."""
        return self.numbers is None and not self.problem

    @property
    def fits(self) -> bool:
        """Whether there are numbers, in the shape of the right ones."""
        return self.numbers is not None and not self.problem


def close(yours: FloatArray, right: FloatArray) -> bool:
    """Whether two results are the same for a check: same shape, numbers equal up to rounding."""
    return yours.shape == right.shape and np.allclose(
        yours, right, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True
    )


def alike(yours: FloatArray, other: FloatArray) -> bool:
    """Whether two results are close, measured by their own size where all numbers are small."""
    if yours.shape != other.shape:
        return False
    size = np.max(np.abs(other[np.isfinite(other)]), initial=0.0)
    room = ABSOLUTE * min(size, 1) + 1e-12 + RELATIVE * np.abs(other)
    with np.errstate(invalid="ignore"):  # by hand, for hundreds of mistakes are compared
        near = (np.abs(yours - other) <= room) & np.isfinite(other)
    return bool(np.all(near | (yours == other) | (np.isnan(yours) & np.isnan(other))))


def as_values(outputs: Sequence[Output], returned: Any) -> Values:
    """Turn what was returned into one array of floats for each output.

    Raises
    ------
    ValueError
        If that is impossible; the error's text is meant for the student.
    """
    values = []
    for output, reading in zip(outputs, read(outputs, returned), strict=True):
        if reading.numbers is None:
            raise ValueError(reading.problem or missing([output.name]))
        values.append(reading.numbers)
    return tuple(values)


def read(outputs: Sequence[Output], returned: Any) -> tuple[Reading, ...]:
    """Read what was returned, each output by itself.

    Raises
    ------
    ValueError
        If nothing can be told apart; the error's text is meant for the student.
    """
    if returned is None:
        raise ValueError(phrases.NONE)
    returned = plain(returned)
    several = (returned,)
    if len(outputs) > 1:
        words = {"n": len(outputs), "names": ", ".join(output.name for output in outputs)}
        if isinstance(returned, NoNumbers):
            raise ValueError(phrases.NOT_IN_ORDER.format(**words, type=type(returned).__name__))
        several = () if _is_one_number(returned) else tuple(returned)
        if len(several) != len(outputs):
            raise ValueError(phrases.COUNT.format(**words))
    return tuple(_reading(output, value) for output, value in zip(outputs, several, strict=True))


def _reading(output: Output, value: Any) -> Reading:
    """Read one output as an array of floats, or say why that is impossible."""
    value = plain(value)
    if value is None or isinstance(value, np.ndarray):
        return Reading(value)
    kind = type(value).__name__
    error = getattr(builtins, kind, None)
    if isinstance(error, type) and issubclass(error, Exception):
        return Reading(None, phrases.FAILS.format(name=output.name, error=kind))
    if _holds_none(value):
        return Reading(None, phrases.HOLDS_NONE.format(name=output.name))
    words = phrases.TYPE.format(name=output.name, shape=_(output.shape), type=kind)
    return Reading(None, words)


def _is_one_number(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == 0


def _holds_none(value: Any) -> bool:
    return value is None or (isinstance(value, list | tuple) and any(map(_holds_none, value)))


def missing(names: Sequence[str]) -> str:
    """Say that `None` was returned for the outputs of these names."""
    *first, last = [f"`{name}`" for name in names]
    return phrases.MISSING.format(names=phrases.AND.join([", ".join(first)] * bool(first) + [last]))


def fitted(output: Output, reading: Reading, right: FloatArray, seen: bool) -> Reading:
    """Compare the shape with that of the right values: if it is another, say so.

    Shapes of hidden inputs, not `seen` by the student, are not told.  An array that holds one
    number is as good as the number.
    """
    yours = reading.numbers
    if yours is None:
        return reading
    yours = in_form_of(yours, right)
    free = 1 if output.any_length else 0
    if yours.ndim == right.ndim and yours.shape[free:] == right.shape[free:]:
        return Reading(yours)
    words = phrases.SHAPE_SEEN if seen and not free else phrases.SHAPE
    here = phrases.HERE.format(right=right.shape) if right.ndim else ""
    words = words.format(name=output.name, shape=_(output.shape), here=here, yours=_of_shape(yours))
    transposed = right.ndim == 2 and yours.shape == right.shape[::-1]
    return Reading(yours, words + (phrases.TRANSPOSED if transposed else ""))


def in_form_of(yours: FloatArray, right: FloatArray) -> FloatArray:
    """Return an array with one number as that number, where a number is wanted."""
    return yours.reshape(()) if right.ndim == 0 and yours.size == 1 else yours


def _of_shape(array: FloatArray) -> str:
    return phrases.AN_ARRAY.format(shape=array.shape) if array.ndim else phrases.A_NUMBER


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
