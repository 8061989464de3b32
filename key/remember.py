"""Work out once, and only when it is asked for, what the answer key is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, overload

from emlib.checks import Mistake


class Later(Sequence[Mistake]):
    """Mistakes that are made when the first is looked at: a right answer needs none."""

    def __init__(self, make: Callable[[], Iterable[Mistake]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> tuple[Mistake, ...]:
        return tuple(self._make())

    @overload
    def __getitem__(self, i: int) -> Mistake: ...
    @overload
    def __getitem__(self, i: slice) -> tuple[Mistake, ...]: ...
    def __getitem__(self, i: int | slice) -> Mistake | tuple[Mistake, ...]:
        return self._made[i]

    def __len__(self) -> int:
        return len(self._made)


MOST = 256  # the cases of all draws that a class is graded with, and more


def remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, which keeps its latest results for arguments that are the same objects.

    Examples and hidden cases are looked at again and again, and nobody changes them.
    """
    kept: dict[tuple[int, ...], tuple[Any, Any, Exception | None]] = {}

    def gives(*arguments: Any) -> Any:
        ids = tuple(map(id, arguments))
        if ids not in kept:
            result, error = None, None
            try:
                result = function(*arguments)
            except Exception as caught:  # a mistake may fail in any way
                error = caught
            if len(kept) >= MOST:
                kept.pop(next(iter(kept)))
            kept[ids] = arguments, result, error  # as long as they are kept, ids are theirs
        _, result, error = kept[ids]
        if error:
            raise error.with_traceback(None)
        return result

    return gives
