"""Cures that hide underflow instead of avoiding it, made from what is right of the logarithms.

An exercise with an argument such as `log_s` gets them by itself.  One that makes such logarithms on
the way says what is right from there on, as ``cures(finish)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Array = Any
Cure = tuple[str, str, Callable[[Array], Array], Callable[..., Any]]

PLAIN = (
    "It works for numbers of ordinary size, but `np.exp(-2000)` underflows to 0. Stay with "
    "logarithms, and exponentiate last, when the numbers are of ordinary size again."
)
PATCHED = (
    "It works for numbers of ordinary size. A small number added, `clip`, `nan_to_num` and the "
    "like hide that `np.exp(-2000)` underflowed to 0, but what the terms were is lost by then. "
    "Stay with logarithms."
)
ONE_FOR_ALL_ROWS = (
    "It looks as if the same number was taken out of all rows before `np.exp`. It suits one of "
    "them, and others underflow or overflow: each row needs its own."
)
NOT_THE_LARGEST = (
    "`np.exp` overflows where terms of very different size meet: it looks as if a factor was taken "
    "out that is not the largest term."
)
EPS = float(np.finfo(float).eps)
SMALL = (5e-324, np.finfo(float).tiny, 1e-300, 1e-100, 1e-50, 1e-30, 1e-20, 1e-16, EPS)
ADDED = (*SMALL, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-6)
NOT_LARGEST = (
    np.min,
    np.mean,
    np.median,
    lambda logs, axis: np.take(logs, 0, axis),
    lambda logs, axis: np.take(logs, -1, axis),
)


def cures(finish: Callable[..., Any]) -> Iterator[Cure]:
    """Yield name, words, what becomes of the logarithms (..., k), and what is done with them."""
    yield "underflow", PLAIN, _through(lambda terms: terms), finish
    for small in ADDED:
        yield "underflow patched", PATCHED, _through(lambda s, e=small: s + e), finish
        yield "underflow patched", PATCHED, _through(lambda s, e=small: np.maximum(s, e)), finish
    for number in (0.0, 1.0):
        numbers = lambda *x, to=number: _no_nan(finish(*x), to)  # noqa: E731
        yield "underflow patched", PATCHED, _through(lambda terms: terms), numbers
    yield "one maximum for all rows", ONE_FOR_ALL_ROWS, _less(lambda logs: logs.max()), finish
    for middle in NOT_LARGEST:
        name, less = "factor that is not the largest term", lambda logs, m=middle: m(logs, -1)
        yield name, NOT_THE_LARGEST, _less(less), finish


def _through(patch: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Return logarithms that went through their exponentials."""
    return lambda logs: np.log(patch(np.exp(logs)))


def _less(taken: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Return logarithms that went through their exponentials, less a number taken out."""

    def patched(logs: Array) -> Array:
        out = np.asarray(taken(logs))
        out = out[..., None] if out.ndim and out.ndim < np.ndim(logs) else out
        return np.log(np.exp(logs - out)) + out

    return patched


def _no_nan(result: Any, to: float) -> Any:
    if isinstance(result, tuple):
        return tuple(np.nan_to_num(one, nan=to) for one in result)
    return np.nan_to_num(result, nan=to)
