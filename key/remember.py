"""Remember what a function gave for the same arguments: a slip is asked once for each output."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MOST = 32


def remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, which keeps its results for arguments that are the same objects."""
    known: dict[tuple[int, ...], tuple[tuple[Any, ...], Any]] = {}

    def gives(*arguments: Any) -> Any:
        ids = tuple(map(id, arguments))
        if ids not in known:
            if len(known) >= MOST:
                known.clear()
            known[ids] = arguments, function(*arguments)  # kept, so that no id is used again
        return known[ids][1]

    return gives
