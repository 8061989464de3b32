"""Mistakes that can be made in every exercise, made from its right answer.

They come after an exercise's own, which know better what went wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import numpy as np

from emlib.checks import Mistake
from emlib.checks.facts import Facts
from emlib.checks.read import as_values, close

ORDER = "The results are right but in another order: return `{names}`."
INTEGERS = (
    "{what} right but for the decimals, which are cut off. An array of integers keeps none, such "
    "as `np.zeros_like` makes of integers; and `//` drops them."
)
BASE = (
    "{what} right but for the logarithm, which seems to be to base {base}. In nats it is the "
    "natural one: `np.log`."
)


def everywhere(exercise: Facts, nats: tuple[str, ...]) -> Iterator[Mistake]:
    """Yield the mistakes that differ from the right answer on an example.

    Parameters
    ----------
    exercise : Facts
    nats : tuple of str
        The outputs that are in nats.
    """
    several = len(exercise.outputs) > 1
    for i, output in enumerate(exercise.outputs):
        what, part = (f"`{output.name}` is", output.name) if several else ("The numbers are", "")
        changes = [("decimals cut off", INTEGERS.format(what=what), np.trunc)]
        if output.name in nats:
            changes += [
                (f"logarithm to base {base}", BASE.format(what=what, base=base), _per(np.log(base)))
                for base in (2, 10)
            ]
        for name, says, change in changes:
            gives = _changed(exercise, i, change)
            if _differs(exercise, i, gives):
                yield Mistake(name, says, gives, part)
    names = ", ".join(output.name for output in exercise.outputs)
    for order in _orders(len(exercise.outputs)):
        yield Mistake("order of the values", ORDER.format(names=names), _ordered(exercise, order))


def _orders(n: int) -> Iterator[tuple[int, ...]]:
    """Yield the wrong orders of n results: two exchanged, the last first, the first last."""
    right = list(range(n))
    for i, j in combinations(range(n), 2):
        swapped = right.copy()
        swapped[i], swapped[j] = j, i
        yield tuple(swapped)
    if n > 2:
        yield (*right[1:], 0)
        yield (n - 1, *right[:-1])


def _per(unit: float) -> Callable[[Any], Any]:
    return lambda values: values / unit


def _changed(exercise: Facts, i: int, change: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda *x: change(as_values(exercise.outputs, exercise.answer(*x))[i])


def _ordered(exercise: Facts, order: tuple[int, ...]) -> Callable[..., Any]:
    def gives(*arguments: Any) -> Any:
        values = as_values(exercise.outputs, exercise.answer(*arguments))
        return tuple(values[i] for i in order)

    return gives


def _differs(exercise: Facts, i: int, gives: Callable[..., Any]) -> bool:
    right = (as_values(exercise.outputs, exercise.answer(*x))[i] for x in exercise.examples)
    pairs = zip(right, exercise.examples, strict=True)
    return not all(close(gives(*arguments), values) for values, arguments in pairs)
