"""Which functions passed their checks in this session, by the function and not by its name."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

# A function that was defined anew has not been checked, and one that is gone needs no memory.
_passed: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def remember(exercise: str, function: Any, *, passed: bool) -> None:
    """Keep the verdict on a function; what cannot be kept (a list, say) has not passed."""
    try:
        verdicts = _passed.setdefault(function, set())
    except TypeError:
        return
    (verdicts.add if passed else verdicts.discard)(exercise)


def passed(exercise: str, function: Any) -> bool:
    """Whether the last check of this very function passed."""
    try:
        return exercise in _passed.get(function, ())
    except TypeError:
        return False
