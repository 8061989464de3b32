"""Turn what a student's function returns into plain numbers, wherever the function runs."""

from __future__ import annotations

import warnings
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, Set, ValuesView
from itertools import islice
from typing import Any

import numpy as np

from emlib._validate import FloatArray

MOST, DEEPEST = 1_000_000, 64
LAZY = (Iterator, KeysView, ValuesView, ItemsView)
NOT_IN_ORDER = (Mapping, Set, str, bytes)
USUAL = (np.ndarray, np.float64)


class NoNumbers:
    """What holds no numbers: an instance of an empty subclass that bears the type's name."""


def plain(value: Any, depth: int = 0) -> Any:
    """Return what was returned as numbers: all that NumPy or `float` can read becomes an array.

    What is lazy (generators, `zip`, views of a dict ...) is worked out.  If that fails within a
    collection, it costs only what stands there, where the error's name remains.

    Parameters
    ----------
    value : object
    depth : int, optional
        How deep in a collection it stands.

    Returns
    -------
    None, ndarray of float, list, tuple or NoNumbers
        Collections that are no arrays hold the same again.

    Examples
    --------
    >>> from fractions import Fraction
    >>> plain((Fraction(1, 2), [1, 2]))
    (array(0.5), array([1., 2.]))
    """
    if value is None:
        return None
    if isinstance(value, LAZY):
        lazy = value
        try:
            value = list(islice(lazy, MOST + 1))
        except Exception as error:
            if depth == 0:  # it is the function itself that fails
                raise
            return _nothing(error)
        if len(value) > MOST:  # perhaps it never ends
            return _nothing(lazy)
    numbers = _numbers(value)
    if numbers is not None:
        return numbers
    items = _items(value) if depth < DEEPEST else None
    if items is None:
        return _nothing(value)
    parts = [plain(item, depth + 1) for item in items]
    return tuple(parts) if isinstance(value, tuple) else parts


def _numbers(value: Any) -> FloatArray | None:
    """Return an array of floats, if that can be made of a value as a whole."""
    if isinstance(value, str | bytes):
        return None
    if type(value) in USUAL and value.dtype.kind in "biuf" and value.size <= MOST:
        return np.array(value, dtype=float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            array = np.asarray(value)
            if array.size > MOST:
                return None
            if array.dtype.kind == "O":  # maybe of Python's own numbers, which NumPy does not know
                if any(item is None or isinstance(item, str | bytes) for item in array.flat):
                    return None
                array = np.array([complex(item) for item in array.flat]).reshape(array.shape)
            if array.dtype.kind == "c" and (array.imag == 0).all():
                array = array.real
            # A copy: the student may change it.
            return np.array(array, dtype=float) if array.dtype.kind in "biuf" else None
        except Exception:  # an answer may be of any type and do anything when it is looked at
            return None


def _items(value: Any) -> list[Any] | None:
    """Return what a collection holds, in order; None if it has no order, or no end."""
    odd = isinstance(value, np.ndarray) and value.dtype.kind != "O"
    if odd or isinstance(value, NOT_IN_ORDER) or not isinstance(value, Iterable):
        return None
    try:
        items = list(islice(value, MOST + 1))
    except Exception:
        return None
    return items if len(items) <= MOST else None


def _nothing(value: Any) -> NoNumbers:
    name = type(value).__name__[:80]
    made: NoNumbers = type(name if name.isidentifier() else "object", (NoNumbers,), {})()
    return made


def same(one: Any, other: Any) -> bool:
    """Whether two arguments are equal; where both miss a value, NaN, they are."""
    return bool(np.array_equal(one, other, equal_nan=np.asarray(one).dtype.kind == "f"))
