"""Recognise the mistake that gives what a student's function returned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from emlib._validate import FloatArray
from emlib.checks.calls import Call
from emlib.checks.digest import Digest
from emlib.checks.facts import Facts, Mistake
from emlib.checks.read import Output, Reading, Values, alike, as_values, in_form_of
from emlib.checks.relations import Setting

ARITHMETIC_ERRORS = ("ZeroDivisionError", "OverflowError", "FloatingPointError", "ValueError")
FEW, SEVERAL = 20, 3

Given = FloatArray | Digest


@dataclass
class Try:
    """One call of the student's function, read and compared."""

    arguments: tuple[Any, ...]
    call: Call
    example: int | None  # the number of the visible example; None if the arguments are hidden
    returned: tuple[Reading, ...] = ()  # one for each output; empty if nothing can be told apart
    problem: str = ""  # why nothing can be told apart
    right: Values = ()
    setting: Setting = field(default_factory=Setting)
    marks: dict[str, bool | None] = field(default_factory=dict)  # of each part: is it right?

    def counts(self, part: str) -> bool:
        """Whether a call counts for a part: not if all outputs are there and tell nothing of it."""
        there = bool(self.returned) and all(one.numbers is not None for one in self.returned)
        return self.marks[part] is not None or not there

    def numbers(self, i: int) -> FloatArray | None:
        """Return what was returned for output i, or None if there are no numbers."""
        return self.returned[i].numbers if self.returned else None

    def fits(self, i: int) -> bool:
        """Whether output i can be compared with the right one."""
        return bool(self.returned) and self.returned[i].fits


def overall(part: str, tries: Iterable[Try]) -> bool | None:
    """Return what holds of a part in all: it is right only if it is right everywhere."""
    known = {one.marks[part] for one in tries if one.counts(part)}
    return False if False in known else None if None in known or not known else True


def recognised(exercise: Facts, tries: list[Try]) -> tuple[list[Mistake], list[int]]:
    """Find the mistake that gives the same results, or else one for each part that is wrong.

    If there is none of these, a mistake will do that gives the same for those outputs which can be
    compared.  Also tell which outputs the mistakes explain.
    """
    everything, fitting = list(range(len(exercise.outputs))), fitting_outputs(exercise, tries)
    if whole := _first(exercise, "", tries, everything):
        return [whole], everything
    distinct: dict[str, Mistake] = {}
    explained: list[int] = []
    named: list[tuple[Mistake, list[int]]] = []
    open_parts = False
    for part in exercise.parts:
        if overall(part.name, tries):
            continue  # right, maybe with respect to another part that is not
        about = exercise.about(part)
        if mistake := _first(exercise, part.name, tries, about):
            named.append((mistake, about))
        else:
            open_parts = True
    for mistake, about in named:
        # A small whole number comes about in many ways: it tells nothing beside another riddle.
        if not (open_parts and _are_small_counts(tries, about)):
            distinct.setdefault(mistake.says, mistake)
            explained += about
    if not distinct and len(fitting) < len(everything):
        if whole := _first(exercise, "", tries, fitting):
            return [whole], fitting
    return list(distinct.values()), explained


def _are_small_counts(tries: list[Try], about: list[int]) -> bool:
    """Whether outputs are single whole numbers, as counts and places are."""
    numbers = [one.numbers(i) for one in tries for i in about]
    return all(map(_is_small_count, numbers))


def small_counts(exercise: Facts, tries: list[Try]) -> frozenset[str]:
    """Return the outputs whose right values are small counts, which chance may hit."""
    names = [output.name for output in exercise.outputs]
    rights = {name: [one.right[i] for one in tries] for i, name in enumerate(names)}
    return frozenset(name for name, of_all in rights.items() if all(map(_is_small_count, of_all)))


def _is_small_count(numbers: FloatArray | None) -> bool:
    return numbers is not None and bool(
        numbers.ndim == 0 and numbers == np.rint(numbers) and numbers < FEW
    )


def _first(exercise: Facts, part: str, tries: list[Try], among: list[int]) -> Mistake | None:
    """Find the mistake of a part, or of the whole, that explains these outputs.

    If several kinds of mistake do, nothing tells which it is: none is named.
    """
    if all(equals(one, i, one.right[i]) for one in tries for i in among):
        return None  # nothing to explain
    known = [one for one in exercise.mistakes if one.part == part or part in one.alone]
    if part and not all(one.fits(i) for one in tries for i in among):
        # A mistake in everything shows here alone only where the form is right.
        known = [one for one in known if one.part == part]
    numbers = [one.numbers(i) for one in tries for i in among]
    finite = [np.isfinite(these) for these in numbers if these is not None]
    # Of `nan` alone many things come.
    some = any(these.any() for these in finite) and not all(these.all() for these in finite)
    for equal in (equals, _nearly_equal) if some else (equals,):
        fit = [m for m in known if all(_explains(exercise, m, one, among, equal) for one in tries)]
        fit = [m for m in fit if m.part == part or _left_alone(exercise, m, tries, among)]
        if fit:
            alike = all(fit[0].name == one.name or fit[0].says == one.says for one in fit)
            return fit[0] if alike else None
    return None


def _left_alone(exercise: Facts, mistake: Mistake, tries: list[Try], among: list[int]) -> bool:
    """Whether all other outputs are right, or as with that mistake, or cannot be compared.

    A mistake in all of them would show in another that is wrong; so it is not this one.
    """
    others = [i for i in fitting_outputs(exercise, tries) if i not in among]
    return all(
        all(equals(one, i, one.right[i]) for one in tries)
        or all(_explains(exercise, mistake, one, [i], equals) for one in tries)
        for i in others
    )


def _explains(
    exercise: Facts,
    mistake: Mistake,
    one: Try,
    among: list[int],
    equal: Callable[[Try, int, Given], bool],
) -> bool:
    """Whether a function with this mistake gives, or raises, what the student's did."""
    outputs = [o for o in exercise.outputs if mistake.part in ("", o.name)]
    try:
        with np.errstate(all="ignore"):
            given = _values(outputs, mistake.gives(*one.arguments))
    except Exception as error:
        return one.call.error == type(error).__name__
    if one.call.error:
        # Python's own numbers raise an error where NumPy's become nan or infinity.
        overflow = not all(_is_finite(array) for array in given)
        misfit = "shape" in one.call.message  # NumPy's ValueError, which is not about a number
        return overflow and not misfit and one.call.error in ARITHMETIC_ERRORS
    of_output = dict(zip((output.name for output in outputs), given, strict=True))
    return all(equal(one, i, of_output[exercise.outputs[i].name]) for i in among)


def on_some_calls(exercise: Facts, tries: list[Try], part: str) -> Mistake | None:
    """Find the mistake that a function makes on some calls only, and is right on all others.

    It must be wrong on most of them, and no mistake of another kind may give the same.
    """
    name, about = ("", [0]) if len(exercise.outputs) == 1 else (part, _place(exercise, part))
    wrong = [one for one in tries if one.marks.get(part) is not True]
    if (
        len(wrong) < max(SEVERAL, len(tries) / 2)
        or len(wrong) == len(tries)
        or not about
        or any(t.call.error for t in wrong)
    ):
        return None
    if _are_small_counts(tries, about) or not all(_is_there(one, about) for one in wrong):
        return None
    known = [m for m in exercise.mistakes if m.part == name or name in m.alone]
    fit = [m for m in known if all(_explains(exercise, m, one, about, equals) for one in wrong)]
    if fit and all(fit[0].name == one.name or fit[0].says == one.says for one in fit):
        return fit[0]
    return None


def _place(exercise: Facts, part: str) -> list[int]:
    return [i for i, output in enumerate(exercise.outputs) if output.name == part]


def _is_there(one: Try, about: list[int]) -> bool:
    """Whether there are numbers that are finite and not all 0: many mistakes lead to the others."""
    numbers = [one.numbers(i) for i in about]
    return all(n is not None and bool(np.isfinite(n).all()) and n.any() for n in numbers)


def _values(outputs: list[Output], given: Any) -> tuple[Given, ...]:
    """Turn what a mistake gives into a value for each output; a card may have digests of them."""
    several = given if len(outputs) > 1 and isinstance(given, tuple) else (given,)
    if not any(isinstance(one, Digest) for one in several):
        return as_values(outputs, given)
    pairs = zip(outputs, several, strict=True)
    return tuple(one if isinstance(one, Digest) else as_values([o], one)[0] for o, one in pairs)


def _is_finite(given: Given) -> bool:
    return isinstance(given, Digest) or bool(np.isfinite(given).all())


def fitting_outputs(exercise: Facts, tries: list[Try]) -> list[int]:
    """Return the outputs that could be compared wherever the function returned."""
    returned = [one for one in tries if not one.call.error]
    return [i for i in range(len(exercise.outputs)) if all(one.fits(i) for one in returned)]


def equals(one: Try, i: int, values: Given) -> bool:
    """Whether output i is there and equal to `values`, up to rounding."""
    yours = one.numbers(i)
    if isinstance(values, Digest):
        return yours is not None and values.fits(yours)
    return yours is not None and alike(yours, in_form_of(values, one.right[i]))


def _nearly_equal(one: Try, i: int, values: Given) -> bool:
    """Whether output i is equal to `values`, or both are so as far as they are finite.

    Which entries become `nan` depends on how a formula is written down.
    """
    if isinstance(values, Digest):
        return equals(one, i, values)
    yours, values = one.numbers(i), in_form_of(values, one.right[i])
    if yours is None or yours.shape != values.shape:
        return False
    both = np.isfinite(yours) & np.isfinite(values)
    broken = not np.isfinite(yours).all()
    return broken != np.isfinite(values).all() and alike(yours[both], values[both])
