"""Mistakes that can be made in every exercise, made from its right answer.

They come after an exercise's own, which know better what went wrong, and where they would give
the same as one of these they are left out.  Those of `key.arguments` are among them, and last
come the slips of `key.written_out`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import cached_property, partial
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from emlib.checks import Mistake
from emlib.checks.facts import Facts
from emlib.checks.read import ABSOLUTE, RELATIVE, Values, alike, as_values
from key import arguments, written_out
from key.remember import remembered

ORDER = "The results are right but in another order: return `{names}`."
INTEGERS = (
    "{what} right but for the decimals, which are cut off. An array of integers keeps none, such "
    "as `np.zeros_like` makes of integers; and `//` drops them."
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


def everywhere(exercise: Facts, known: Known) -> Iterator[Mistake]:
    """Yield the mistakes that differ from the right answer, and from the exercise's own mistakes.

    Parameters
    ----------
    exercise : Facts
    known : Known
        What else is known of it.
    """
    for mistake, state in tried(exercise, known, exercise.mistakes):
        if state is State.NEW:
            yield mistake


class Results(list[Values]):
    """What a function gives on the examples."""

    @cached_property
    @np.errstate(all="ignore")
    def sum(self) -> tuple[int, float, float]:
        """How many finite numbers there are, their sum, and that of their sizes."""
        numbers = np.concatenate([np.ravel(array) for values in self for array in values])
        finite = numbers[np.isfinite(numbers)]
        return len(finite), float(finite.sum()), float(abs(finite).sum())


class State(Enum):
    """What becomes of a mistake in an exercise."""

    NEW = "named"
    OWN = "named by its own mistakes"
    IMPOSSIBLE = "impossible: right on the examples, or no result"


def tried(exercise: Facts, known: Known, own: Sequence[Mistake]) -> Iterator[tuple[Mistake, State]]:
    """Yield all mistakes that could be made, and what becomes of each.

    What is made from a slip in the source gives way to all that has a name of its own.
    """
    rights = {part: _results(exercise, part, exercise.answer) for part in _parts(exercise)}
    taken = [(one, _results(exercise, one.part, one.gives)) for one in own]
    common = list(_all(exercise, known))
    for some in (_with_last([*own, *common], exercise, known), common, _slips(exercise, known)):
        found = []
        for mistake in some:
            right, mine = rights[mistake.part], _results(exercise, mistake.part, mistake.gives)
            if mine is None or right is None or _same(mine, right) or _constant(mine, right):
                yield mistake, State.IMPOSSIBLE
            elif any(one.part == mistake.part and _same(mine, other) for one, other in taken):
                yield mistake, State.OWN
            else:
                better = _better_words(exercise, mistake, mine, right, taken)
                found.append((better, mine))
                yield better, State.NEW
        taken += found


def _with_last(mistakes: Sequence[Mistake], exercise: Facts, known: Known) -> Iterator[Mistake]:
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


def _better_words(
    exercise: Facts,
    mistake: Mistake,
    mine: list[Values],
    right: list[Values],
    taken: list[tuple[Mistake, list[Values] | None]],
) -> Mistake:
    """Return a mistake in all outputs with the words of one that tells what is wrong in the first.

    So what follows from a mistake is not told as another one.
    """
    if mistake.part or len(exercise.outputs) == 1:
        return mistake
    for i, output in enumerate(exercise.outputs):
        ours = [(values[i],) for values in mine]
        if not _same(ours, [(values[i],) for values in right]):
            for one, other in taken:
                if one.part == output.name and _same(ours, other):
                    return replace(mistake, name=one.name, says=one.says)
            return mistake
    return mistake


def _constant(mine: list[Values], right: list[Values]) -> bool:
    """Whether results are the same everywhere, where the right ones are not: that tells nothing."""
    return all(_same([one], mine[:1]) for one in mine[1:]) and not all(
        _same([one], right[:1]) for one in right[1:]
    )


def _all(exercise: Facts, known: Known) -> Iterator[Mistake]:
    several = len(exercise.outputs) > 1
    rights = [as_values(exercise.outputs, exercise.answer(*x)) for x in exercise.examples]
    for i, output in enumerate(exercise.outputs):
        what, part = (f"`{output.name}` is", output.name) if several else ("The numbers are", "")
        of_output = [values[i] for values in rights]
        for name, says, change in _changes(of_output, output.name in known.nats):
            yield Mistake(name, says.replace("{what}", what), _changed(exercise, i, change), part)
    for name, says, gives in arguments.read_wrongly(exercise):
        yield Mistake(name, says, gives)
    names = ", ".join(output.name for output in exercise.outputs)
    for order in _orders(len(exercise.outputs)):
        yield Mistake("order of the values", ORDER.format(names=names), _ordered(exercise, order))


def _slips(exercise: Facts, known: Known) -> Iterator[Mistake]:
    """Yield what comes of slips on the way, of each output by itself."""
    last = len(exercise.outputs) - 1
    slips = [
        *arguments.left_out(exercise),
        *arguments.changed(exercise),
        *arguments.of_the_text(exercise, known.text, known.in_loops),
    ]
    if known.in_loops:
        slips += written_out.mistakes(known.in_loops)
    for name, says, finds in slips:
        gives = remembered(partial(arguments.mostly_finite, exercise, finds))
        yield Mistake(name, says, gives)
        for i, output in enumerate(exercise.outputs if len(exercise.outputs) > 1 else ()):
            if known.follows and i == last and name not in LEFT_OUT:
                continue  # it follows from what comes before
            yield Mistake(name, says, _output(exercise, gives, i), output.name)
    for i, output in enumerate(exercise.outputs):
        what, part = (f"`{output.name}` is", output.name) if last else ("The result is", "")
        for name, says, factor in arguments.lengths(exercise):
            change = partial(_scaled, factor)
            yield Mistake(name, says.replace("{what}", what), _changed(exercise, i, change), part)


def _output(exercise: Facts, gives: Callable[..., Any], i: int) -> Callable[..., Any]:
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
        return Results(as_values(wanted, gives(*example)) for example in exercise.examples)
    except Exception:  # a mistake may fail in any way
        return None


def _same(one: list[Values] | None, other: list[Values] | None) -> bool:
    if one is None or other is None or not _may_be_same(*map(_sum, (one, other))):
        return False
    return all(all(map(alike, a, b)) for a, b in zip(one, other, strict=True))


def _sum(results: list[Values]) -> tuple[int, float, float]:
    return results.sum if isinstance(results, Results) else Results(results).sum


def _may_be_same(one: tuple[int, float, float], other: tuple[int, float, float]) -> bool:
    """Whether results are perhaps the same: a fast answer, for there are many to compare."""
    (n, total, size), (m, other_total, _) = one, other
    return n == m and abs(total - other_total) <= 2 * (RELATIVE * size + ABSOLUTE * n)
