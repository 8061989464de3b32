"""Which of the mistakes that could be made in an exercise are named there.

Those that are made from the right answer come after an exercise's own, which know better what went
wrong, and are left out where they would give the same as one of these.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np

from emlib.checks import Mistake
from emlib.checks.facts import Facts
from emlib.checks.read import ABSOLUTE, RELATIVE, Values, alike, as_values, close
from key.everywhere import Known, common, of_results, output_of, parts_of, slips, with_last


class Results(list[Values]):
    """What a function gives on the examples; nothing if it fails on one."""

    @cached_property
    @np.errstate(all="ignore")
    def sum(self) -> tuple[int, float, float]:
        """How many finite numbers there are, their sum, and that of their sizes."""
        numbers = np.concatenate([np.ravel(array) for values in self for array in values])
        finite = numbers[np.isfinite(numbers)]
        return len(finite), float(finite.sum()), float(abs(finite).sum())


Taken = list[tuple[Mistake, Results]]


def everywhere(exercise: Facts, own: Sequence[Mistake], known: Known) -> Iterator[Mistake]:
    """Yield the mistakes that differ from the right answer, and from the exercise's own mistakes.

    Parameters
    ----------
    exercise : Facts
    own : sequence of Mistake
        Those that the exercise has already.
    known : Known
        What else is known of it.
    """
    for mistake, state in tried(exercise, known, own):
        if state is State.NEW:
            yield mistake


class State(Enum):
    """What becomes of a mistake in an exercise."""

    NEW = "named"
    OWN = "named by its own mistakes"
    IMPOSSIBLE = "impossible: right on the examples, or no result"
    AMBIGUOUS = "not named: two slips give the same"


def tried(exercise: Facts, known: Known, own: Sequence[Mistake]) -> Iterator[tuple[Mistake, State]]:
    """Yield all mistakes that could be made, and what becomes of each.

    What is made from a slip in the source gives way to all that has a name of its own.
    """
    whole = results(exercise, "", exercise.answer)
    right = {part: _of_part(exercise, whole, part) for part in parts_of(exercise)}
    taken = [(one, results(exercise, one.part, one.gives)) for one in own]
    usual = list(common(exercise, known))
    for some in (with_last([*own, *usual], exercise, known), usual):
        found: Taken = []
        for mistake in some:
            mine = results(exercise, mistake.part, mistake.gives)
            state = _state(mine, right[mistake.part], mistake.part, taken)
            if state is State.NEW:
                mistake = _better_words(exercise, mistake, mine, whole, taken)
                found.append((mistake, mine))
            yield mistake, state
        taken += found
    # What is done to a right result comes last: the same may come of a slip, which tells more.
    for made in (slips(exercise, known), of_results(exercise)):
        yield from _of_slips(exercise, known, made, right, taken)


def _state(mine: Results, right: Results, part: str, taken: Taken) -> State:
    if not mine or _passes(mine, right) or _constant(mine, right):
        return State.IMPOSSIBLE
    known = any(one.part == part and same(mine, other) for one, other in taken)
    return State.OWN if known else State.NEW


def _of_slips(
    exercise: Facts,
    known: Known,
    made: Iterator[tuple[Mistake, list[str]]],
    right: Mapping[str, Results],
    taken: Taken,
) -> Iterator[tuple[Mistake, State]]:
    """Yield slips on the way, each with the outputs which it may spoil alone.

    Where slips of different kinds give the same, none of them is named.  All are `taken` then.
    """
    new: list[tuple[Mistake, dict[str, Results]]] = []
    for slip, parts in made:
        whole = _mostly_numbers(results(exercise, slip.part, slip.gives))
        found = {one: whole if slip.part else _of_part(exercise, whole, one) for one in parts}
        states = {part: _state(one, right[part], part, taken) for part, one in found.items()}
        wrong = [part for part, state in states.items() if part and state is not State.IMPOSSIBLE]
        if len(wrong) == 1 and not known.follows:
            states.pop("", None)  # that output tells everything
        fresh = {part: found[part] for part, state in states.items() if state is State.NEW}
        if fresh:
            new.append((_better_words(exercise, slip, whole, right[""], taken), fresh))
        else:
            yield slip, State.OWN if State.OWN in states.values() else State.IMPOSSIBLE
    for slip, fresh in new:
        parts = []
        for part, mine in fresh.items():
            twins = [one for one, more in new if part in more and same(mine, more[part])]
            if twins[0] is slip and all(_alike(one, slip) for one in twins):
                parts.append(part)
        if not parts:
            yield slip, State.AMBIGUOUS
        elif slip.part or parts[0] == "":
            yield replace(slip, alone=tuple(parts[1:])), State.NEW
        else:
            for part in parts:
                gives = output_of(exercise, slip.gives, part)
                yield replace(slip, gives=gives, part=part), State.NEW
    for slip, fresh in new:
        taken += [(replace(slip, part=part), mine) for part, mine in fresh.items()]


def _mostly_numbers(some: Results) -> Results:
    """Return results, or nothing if one output is hardly ever a number: many slips end in that."""
    for values in zip(*some, strict=True):
        numbers = np.concatenate([np.ravel(array) for array in values])
        if 2 * np.isfinite(numbers).sum() < len(numbers):
            return Results()
    return some


def _alike(one: Mistake, other: Mistake) -> bool:
    return one.name == other.name or one.says == other.says


def _better_words(
    exercise: Facts, mistake: Mistake, mine: Results, right: Results, taken: Taken
) -> Mistake:
    """Return a mistake in all outputs with the words of one that tells what is wrong in the first.

    So what follows from a mistake is not told as another one.
    """
    if mistake.part or len(exercise.outputs) == 1:
        return mistake
    for output in exercise.outputs:
        ours = _of_part(exercise, mine, output.name)
        if not same(ours, _of_part(exercise, right, output.name)):
            for one, other in taken:
                if one.part == output.name and same(ours, other):
                    return replace(mistake, name=one.name, says=one.says)
            return mistake
    return mistake


def _passes(mine: Results, right: Results) -> bool:
    return all(all(map(close, *both)) for both in zip(mine, right, strict=True))


def _constant(mine: Results, right: Results) -> bool:
    """Whether results are the same everywhere, where the right ones are not: that tells nothing."""
    return _all_alike(mine) and not _all_alike(right)


def _all_alike(some: Results) -> bool:
    return all(all(map(alike, one, some[0])) for one in some[1:])


@np.errstate(all="ignore")
def results(exercise: Facts, part: str, gives: Callable[..., Any]) -> Results:
    """Return what a function of one output, or of all, gives on the examples."""
    wanted = [output for output in exercise.outputs if part in ("", output.name)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Results(as_values(wanted, gives(*one)) for one in exercise.examples)
    except Exception:  # a mistake may fail in any way
        return Results()


def same(one: Results, other: Results) -> bool:
    """Whether results are the same for a check."""
    if not one or not other or not _may_be_same(one.sum, other.sum):
        return False
    return all(all(map(alike, a, b)) for a, b in zip(one, other, strict=True))


def _may_be_same(one: tuple[int, float, float], other: tuple[int, float, float]) -> bool:
    """Whether results are perhaps the same: a fast answer, for there are many to compare."""
    (n, total, size), (m, other_total, _) = one, other
    return n == m and abs(total - other_total) <= 2 * (RELATIVE * size + ABSOLUTE * n)


def _of_part(exercise: Facts, some: Results, part: str) -> Results:
    """Return the results of one output."""
    if not part:
        return some
    i = parts_of(exercise).index(part) - 1
    return Results((values[i],) for values in some)
