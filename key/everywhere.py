"""Mistakes that can be made in every exercise, made from its right answer.

Those of `key.arguments` are among them, and the slips of `key.written_out`.  Which of them an
exercise gets is decided in `key.tried`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from emlib.checks import Mistake
from emlib.checks.facts import Facts
from emlib.checks.read import Output, as_values
from key import arguments, granted, written_out

ORDER = (
    "The results are right but in another order: return `{names}`. Or those of a step were taken "
    "apart in another order than it returns them."
)
INTEGERS = (
    "{what} right but for the decimals, which are cut off. An array of integers keeps none, such "
    "as `np.zeros_like` makes of integers; and `//` drops them."
)
OF_INTEGERS = (
    "{what} right but without decimals where `{argument}` holds whole numbers. An array that takes "
    "its type from these, as `np.zeros_like` makes it, keeps no decimals: `np.zeros` does."
)
ZERO = (
    "{what} 0 everywhere. Are decimals cut off, by `//`, `int` or an array of integers? Is "
    "something limited, as by `max` or `clip`? Are brackets missing, so that something is taken "
    "from itself? Or does a condition never hold?"
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
OF_SUMS = ("n - 1 for n", "sorted")
LEFT_OUT = ("first left out", "last left out")
TRANSPOSED = "{what} right but rows and columns are exchanged."
ONE_LESS = (
    "{what} too large by the factor n / (n - 1), or by its root, as `ddof=1` makes them in NumPy. "
    "Divide by all n."
)


class Known(NamedTuple):
    """What mistakes are made from, beside the right answer.

    Attributes
    ----------
    nats : tuple of str
        The outputs that are in nats.
    text : mapping of str to object
        What the text has in the place of an argument; several in a tuple.
    in_loops : callable or None
        The right function once more, written out in loops, see `key.written_out`.
    follows : callable or None
        The last output as it follows from the other ones: of these, then the arguments.
    """

    nats: tuple[str, ...] = ()
    text: Mapping[str, Any] = {}
    in_loops: Callable[..., Any] | None = None
    follows: Callable[..., Any] | None = None


def with_last(mistakes: Sequence[Mistake], exercise: Facts, known: Known) -> Iterator[Mistake]:
    """Yield mistakes in one output together with the last output that follows from it."""
    if not known.follows:
        return
    *first, _ = [output.name for output in exercise.outputs]
    for mistake in mistakes:
        if mistake.part in first:
            i = first.index(mistake.part)
            gives = partial(_followed, exercise, known.follows, i, mistake.gives)
            yield Mistake(mistake.name, mistake.says, gives)


def _followed(
    exercise: Facts, follows: Callable[..., Any], i: int, gives: Callable[..., Any], *x: Any
) -> Any:
    values = list(as_values(exercise.outputs, exercise.answer(*x)))
    values[i] = gives(*x)
    values[-1] = follows(*values[:-1], *x)
    return tuple(values)


def common(exercise: Facts, known: Known) -> Iterator[Mistake]:
    """Yield what may have become of a right result, and what comes of arguments read wrongly."""
    several = len(exercise.outputs) > 1
    rights = [as_values(exercise.outputs, exercise.answer(*x)) for x in exercise.examples]
    for i, output in enumerate(exercise.outputs):
        what, part = (f"`{output.name}` is", output.name) if several else ("The numbers are", "")
        of_output = [values[i] for values in rights]
        for name, says, change in _changes(of_output, output.name in known.nats):
            if name in OF_SUMS and _is_path(output, of_output[0]):
                continue
            yield Mistake(name, says.replace("{what}", what), _changed(exercise, i, change), part)
        for k, argument in _sometimes_whole(exercise):
            says = OF_INTEGERS.replace("{what}", what).replace("{argument}", argument)
            gives = _changed(exercise, i, partial(_cut_if_whole, k))
            yield Mistake("decimals cut off", says, gives, part)
    for name, says, gives in arguments.read_wrongly(exercise):
        yield Mistake(name, says, gives)
    names = ", ".join(output.name for output in exercise.outputs)
    for order in _orders(len(exercise.outputs)):
        yield Mistake("order of the values", ORDER.format(names=names), _ordered(exercise, order))


def slips(exercise: Facts, known: Known) -> Iterator[tuple[Mistake, list[str]]]:
    """Yield what comes of slips on the way, and which parts it may spoil: "" is all of them."""
    found = [
        *arguments.left_out(exercise),
        *arguments.changed(exercise),
        *arguments.of_the_text(exercise, known.text, known.in_loops),
        *granted.in_arguments(exercise),
    ]
    if known.in_loops:
        found += written_out.mistakes(known.in_loops)
    everything = parts_of(exercise)
    for name, says, gives in found:
        follows = known.follows and name not in LEFT_OUT  # the last output, from those before it
        yield Mistake(name, says, gives), everything[:-1] if follows else everything


def of_results(exercise: Facts) -> Iterator[tuple[Mistake, list[str]]]:
    """Yield what may have been done to a right output at the end, and which part it spoils."""
    rights = [as_values(exercise.outputs, exercise.answer(*x)) for x in exercise.examples]
    for i, output in enumerate(exercise.outputs):
        what, part = f"`{output.name}` is", output.name
        if len(exercise.outputs) == 1:
            what, part = "The result is", ""
        of_output = [values[i] for values in rights]
        made = [
            *granted.in_results(output.name, of_output),
            *(() if _is_path(output, of_output[0]) else arguments.lengths(exercise)),
        ]
        for name, says, change in made:
            gives = _changed(exercise, i, change)
            yield Mistake(name, says.replace("{what}", what), gives, part), [part]


def _is_path(output: Output, right: Any) -> bool:
    """Whether an output holds the parameters of each iteration: no sum goes wrong in all alike."""
    return output.any_length and right.ndim > 1


def output_of(exercise: Facts, gives: Callable[..., Any], part: str) -> Callable[..., Any]:
    """Return what gives one output of those that a function gives."""
    i = parts_of(exercise).index(part) - 1
    return lambda *x: as_values(exercise.outputs, gives(*x))[i]


Change = Callable[..., Any]  # of the right values of an output, then the arguments


def _changes(rights: Sequence[Any], in_nats: bool) -> Iterator[tuple[str, str, Change]]:
    """Yield what may have become of one right output."""
    rank, zero = rights[0].ndim, not any(np.trunc(values).any() for values in rights)
    if rank or zero or any(abs(values) >= 2 for values in rights):  # else chance may do it
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


def _sometimes_whole(exercise: Facts) -> Iterator[tuple[int, str]]:
    """Yield the arguments that hold whole numbers in some examples, and decimals in others."""
    for k, name in enumerate(exercise.parameters):
        if len({_is_whole(x[k]) for x in exercise.examples}) > 1:
            yield k, name


def _is_whole(argument: Any) -> bool:
    return np.asarray(argument).dtype.kind in "iu"


def _cut_if_whole(k: int, values: Any, *arguments: Any) -> Any:
    return np.trunc(values) if _is_whole(arguments[k]) else values


def _scaled(factor: Callable[..., float], values: Any, *arguments: Any) -> Any:
    return values * factor(*arguments)


def _one_less(power: float, *arguments: Any) -> float:
    """Return what division by n - 1 adds, where n is the number of rows of the data."""
    n = max((len(x) for x in arguments if np.ndim(x)), default=1)
    return float((n / (n - 1)) ** power) if n > 1 else np.inf


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


def parts_of(exercise: Facts) -> list[str]:
    """Return "", which is all outputs together, and the name of each if there are several."""
    several = len(exercise.outputs) > 1
    return ["", *(output.name for output in exercise.outputs if several)]
