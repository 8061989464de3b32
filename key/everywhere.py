"""Mistakes that can be made in every exercise, made from its right answer.

They come after an exercise's own, which know better what went wrong, and where they would give
the same as one of these they are left out.  An exercise with an argument such as `log_s` gets
those of `key.underflow`, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from emlib.checks import Mistake
from emlib.checks.facts import Facts
from emlib.checks.read import Values, as_values, close
from key.underflow import cures

LOGARITHMS = re.compile("log_[a-z]")
ORDER = "The results are right but in another order: return `{names}`."
INTEGERS = (
    "{what} right but for the decimals, which are cut off. An array of integers keeps none, such "
    "as `np.zeros_like` makes of integers; and `//` drops them."
)
ZERO = (
    "{what} 0 everywhere. Are decimals cut off, by `//`, `int` or an array of integers? Is "
    "something limited, as by `max` or `clip`? Or does a condition never hold?"
)
BASE = (
    "{what} right but for the logarithm, which seems to be to base {base}. In nats it is the "
    "natural one: `np.log`."
)
SIGN = "{what} right but for the sign."
SORTED = (
    "{what} right but sorted. Leave them in the order in which the arguments name them, so that "
    "one knows which is which."
)
TRANSPOSED = "{what} right but rows and columns are exchanged."
ONE_LESS = (
    "{what} too large by the factor n / (n - 1), or by its root, as `ddof=1` makes them in NumPy. "
    "Divide by all n."
)
TWO = "It looks as if only two components were counted. There may be any number of them."
# By the symbols of the course: on which axis of an argument the components lie.
COMPONENTS = {
    **dict.fromkeys(("theta", "alpha", "mu", "sigma", "Sigma", "rates"), 0),
    **dict.fromkeys(("r", "responsibilities", "q", "weights", "log_s", "log_p"), -1),
}
FIRST_FOR_ALL = (
    "It looks as if only the first entry of `{argument}` were used, for all of them. Each has its "
    "own."
)


def everywhere(exercise: Facts, nats: tuple[str, ...]) -> Iterator[Mistake]:
    """Yield the mistakes that differ from the right answer, and from the exercise's own mistakes.

    Parameters
    ----------
    exercise : Facts
    nats : tuple of str
        The outputs that are in nats.
    """
    for mistake, state in tried(exercise, nats, exercise.mistakes):
        if state is State.NEW:
            yield mistake


class State(Enum):
    """What becomes of a mistake in an exercise."""

    NEW = "named"
    OWN = "named by its own mistakes"
    IMPOSSIBLE = "impossible: right on the examples, or no result"


def tried(
    exercise: Facts, nats: tuple[str, ...], own: Sequence[Mistake]
) -> Iterator[tuple[Mistake, State]]:
    """Yield all mistakes that could be made, and what becomes of each."""
    known = [(m.part, _results(exercise, m.part, m.gives)) for m in own]
    rights = {part: _results(exercise, part, exercise.answer) for part in _parts(exercise)}
    for mistake in _all(exercise, nats):
        right, mine = rights[mistake.part], _results(exercise, mistake.part, mistake.gives)
        if mine is None or right is None or _same(mine, right):
            yield mistake, State.IMPOSSIBLE
        elif any(part == mistake.part and _same(mine, other) for part, other in known):
            yield mistake, State.OWN
        else:
            yield mistake, State.NEW


def _all(exercise: Facts, nats: tuple[str, ...]) -> Iterator[Mistake]:
    several = len(exercise.outputs) > 1
    rights = [as_values(exercise.outputs, exercise.answer(*x)) for x in exercise.examples]
    for i, output in enumerate(exercise.outputs):
        what, part = (f"`{output.name}` is", output.name) if several else ("The numbers are", "")
        of_output = [values[i] for values in rights]
        for name, says, change in _changes(of_output, output.name in nats):
            yield Mistake(name, says.replace("{what}", what), _changed(exercise, i, change), part)
    for name, says, gives in _of_arguments(exercise):
        yield Mistake(name, says, gives)
    names = ", ".join(output.name for output in exercise.outputs)
    for order in _orders(len(exercise.outputs)):
        yield Mistake("order of the values", ORDER.format(names=names), _ordered(exercise, order))


Change = Callable[..., Any]  # of the right values of an output, then the arguments


def _changes(rights: Sequence[Any], in_nats: bool) -> Iterator[tuple[str, str, Change]]:
    """Yield what may have become of one right output."""
    rank, zero = rights[0].ndim, not any(np.trunc(values).any() for values in rights)
    yield "decimals cut off", ZERO if zero else INTEGERS, lambda values, *_: np.trunc(values)
    for base in (2, 10) if in_nats else ():
        says = BASE.replace("{base}", str(base))
        yield f"logarithm to base {base}", says, partial(_scaled, lambda *_, b=base: 1 / np.log(b))
    yield "sign exchanged", SIGN, partial(_scaled, lambda *_: -1)
    if rank:
        yield "sorted", SORTED, lambda values, *_: np.sort(values, axis=0)
        yield "sorted", SORTED, lambda values, *_: np.sort(values, axis=0)[::-1]
    if rank == 2:
        yield "transposed", TRANSPOSED, lambda values, *_: values.T
    for power in (1, 1 / 2):
        yield "n - 1 for n", ONE_LESS, partial(_scaled, partial(_one_less, power))


def _scaled(factor: Callable[..., float], values: Any, *arguments: Any) -> Any:
    return values * factor(*arguments)


def _one_less(power: float, *arguments: Any) -> float:
    """Return what division by n - 1 adds, where n is the number of rows of the data."""
    n = max((len(x) for x in arguments if np.ndim(x)), default=1)
    return float((n / (n - 1)) ** power) if n > 1 else np.inf


def _of_arguments(exercise: Facts) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Yield what comes of arguments that are read wrongly."""
    if COMPONENTS.keys() & set(exercise.parameters):
        for again in (False, True):
            yield "only two components", TWO, _only_two(exercise, again)
    for k, argument in enumerate(exercise.parameters):
        if argument not in ("heads", "flips") or not _refuses_more_heads_than_flips(exercise):
            says = FIRST_FOR_ALL.format(argument=argument)
            yield "first for all", says, _with(exercise, k, _first_for_all)
        if LOGARITHMS.fullmatch(argument):
            for name, says, patch, finish in cures(exercise.answer):
                yield name, says, _with(exercise, k, patch, finish)


def _only_two(exercise: Facts, again: bool) -> Callable[..., Any]:
    """Return the right function of two components, whose weights may be made to sum to 1 again."""

    def cut(name: str, values: Any) -> Any:
        if name not in COMPONENTS or not np.ndim(values):
            return values
        two = np.take(values, [0, 1], axis=COMPONENTS[name])
        return two / two.sum() if again and name == "alpha" else two

    named = exercise.parameters
    return lambda *x: exercise.answer(*(cut(*one) for one in zip(named, x, strict=True)))


def _refuses_more_heads_than_flips(exercise: Facts) -> bool:
    """Whether the right function stops where a student's would go on, and cannot play its part."""
    x = dict(zip(exercise.parameters, exercise.examples[0], strict=True))
    if not {"heads", "flips"} <= x.keys():
        return False
    try:
        exercise.answer(*(x | {"heads": np.asarray(x["flips"]) + 1}).values())
    except ValueError:
        return True
    return False


def _first_for_all(values: Any) -> Any:
    return np.broadcast_to(values[0], np.shape(values)) if np.ndim(values) else values


def _with(
    exercise: Facts, k: int, change: Callable[[Any], Any], finish: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """Return the right function of another argument `k`."""

    def gives(*arguments: Any) -> Any:
        changed = [change(x) if i == k else x for i, x in enumerate(arguments)]
        return (finish or exercise.answer)(*changed)

    return gives


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


def _changed(exercise: Facts, i: int, change: Change) -> Callable[..., Any]:
    return lambda *x: change(as_values(exercise.outputs, exercise.answer(*x))[i], *x)


def _ordered(exercise: Facts, order: tuple[int, ...]) -> Callable[..., Any]:
    def gives(*arguments: Any) -> Any:
        values = as_values(exercise.outputs, exercise.answer(*arguments))
        return tuple(values[i] for i in order)

    return gives


def _parts(exercise: Facts) -> list[str]:
    return ["", *(output.name for output in exercise.outputs)]


@np.errstate(all="ignore")
def _results(exercise: Facts, part: str, gives: Callable[..., Any]) -> list[Values] | None:
    """Return what a function gives on the examples; None if it fails on one."""
    wanted = [output for output in exercise.outputs if part in ("", output.name)]
    if gives is exercise.answer and part:
        i = exercise.outputs.index(wanted[0])
        gives = lambda *x: as_values(exercise.outputs, exercise.answer(*x))[i]  # noqa: E731
    try:
        return [as_values(wanted, gives(*example)) for example in exercise.examples]
    except Exception:  # a mistake may fail in any way
        return None


def _same(one: list[Values] | None, other: list[Values] | None) -> bool:
    if one is None or other is None:
        return False
    return all(all(map(close, a, b)) for a, b in zip(one, other, strict=True))
