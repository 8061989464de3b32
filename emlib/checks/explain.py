"""Find the words for what is wrong with a student's function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from emlib._validate import FloatArray
from emlib.checks import phrases
from emlib.checks.calls import Call
from emlib.checks.errors import meaning
from emlib.checks.facts import Facts
from emlib.checks.inside import notebook_data_read_by
from emlib.checks.mend import UNUSED, Place
from emlib.checks.read import in_form_of, missing, row_sums
from emlib.checks.recognise import Try, equals, fitting_outputs, on_some_calls, recognised
from emlib.checks.shapes import misfit
from emlib.checks.where import special_case
from emlib.words import _

LONGEST = 60  # characters of a text that is quoted
DIGITS = 8  # rounding to fewer is noticed
ROUGH = 0.02  # as far as simulations go


class Remark(NamedTuple):
    """Something to say, and its name for the instructor's statistics (empty: just a remark)."""

    name: str
    words: str


def explain(
    exercise: Facts,
    function: Callable[..., Any],
    tries: list[Try],
    to_mend: Callable[[], Place | None],
) -> list[Remark]:
    """Say why the function is not right: what is certain first, then what it looks like.

    If no mistake is recognised, `to_mend` looks for the one place that has to change.
    """
    mistakes, explained = recognised(exercise, tries)
    looks_like = [Remark(mistake.name, _(mistake.says)) for mistake in mistakes]
    failed = next((one for one in tries if one.call.error), None)
    problem = next((one.problem for one in tries if one.problem), "")
    rounded = "" if failed or problem or mistakes else _rounded(exercise, tries)
    place = None if mistakes or rounded else to_mend()
    if rounded:
        looks_like = [Remark("rounded", rounded)]
    elif place:
        looks_like = [_one_change(place)]
    if failed:
        remarks = [Remark("error", _error(exercise, failed))]
        if not looks_like:
            looks_like = _of_error(failed) + _special_cases(exercise, tries, [])
    elif problem:
        remarks = [Remark("wrong type or shape", problem)]
    elif not mistakes and not rounded and _constant(tries):
        words = phrases.ALL_ZERO if _all_zero(tries) else phrases.CONSTANT
        remarks = [*_missing(exercise, tries), Remark("constant result", words)]
    else:
        remarks = _missing(exercise, tries) + _misfits(exercise, tries, explained)
        if place:
            remarks += _numbers(exercise, tries)
        elif not looks_like and not remarks and (roughly := _roughly(exercise, tries)):
            looks_like = [Remark("only about right", roughly)]
        elif not rounded:
            looks_like = _broken_rows(exercise, tries) + looks_like
            special = _special_cases(exercise, tries, looks_like)
            looks_like += special
            if not looks_like or special:
                looks_like += _numbers(exercise, tries)
        if mistakes and (open_ones := _unexplained(exercise, tries, explained)):
            looks_like.append(Remark("", phrases.STILL_OPEN.format(names=open_ones)))
    remarks += looks_like
    names = notebook_data_read_by(function)
    if names:
        remarks.append(Remark("reads globals", phrases.GLOBALS.format(names="`, `".join(names))))
    return remarks


def _one_change(place: Place) -> Remark:
    """Say which place has to change, and in which respect; or which arguments are not used."""
    if place.kind == UNUSED:
        return Remark("argument not used", phrases.UNUSED.format(names=place.text))
    text = place.text if len(place.text) <= LONGEST else place.text[:LONGEST] + " ..."
    names = phrases.AND.join(f"`{name}`" for name in place.parts)
    words = phrases.ONE_CHANGE_OF_PART if names else phrases.ONE_CHANGE
    kind = phrases.CHANGES[place.kind]
    words = words.format(line=place.line, text=text, kind=kind, names=names)
    return Remark(f"one change: {place.kind}", words)


def _of_error(one: Try) -> list[Remark]:
    """Say what an error of NumPy's or Python's means."""
    visible = one.example is not None
    if words := misfit(one.call.message, visible):
        return [Remark("shapes that do not fit", words)]
    words = meaning(one.call.error, one.call.message, visible)
    return [Remark("an error of Python's", words)] if words else []


def place(call: Call) -> str:
    """Say where in the student's code a call ended, if that is known."""
    return phrases.PLACE.format(line=call.line, code=call.code).rstrip() if call.line else ""


def _error(exercise: Facts, one: Try) -> str:
    call = one.call
    if call.error == "TypeError" and "argument" in call.message and not call.line:
        parameters = ", ".join(exercise.parameters)
        return phrases.SIGNATURE.format(exercise=exercise.name, parameters=parameters)
    if one.example is None:  # the message might show hidden arguments
        return phrases.ERROR_HIDDEN.format(error=call.error, place=place(call))
    message = f"{call.error}: {call.message}" if call.message else call.error
    return phrases.ERROR.format(error=" ".join(message.split())[:200], place=place(call))


def _missing(exercise: Facts, tries: list[Try]) -> list[Remark]:
    """Say for which outputs `None` was returned."""
    none = {i for one in tries for i, reading in enumerate(one.returned) if reading.missing}
    names = [exercise.outputs[i].name for i in sorted(none)]
    return [Remark("missing", missing(names))] if names else []


def _misfits(exercise: Facts, tries: list[Try], explained: list[int]) -> list[Remark]:
    """Say what is wrong with the type or shape of outputs; of those `explained`, once is enough."""
    problems: dict[int, str] = {}
    for one in tries:
        problems = {i: r.problem for i, r in enumerate(one.returned) if r.problem} | problems
    told = [i for i in sorted(problems) if i not in explained] or sorted(problems)[:1]
    return [Remark("wrong type or shape", problems[i]) for i in told]


def _constant(tries: list[Try]) -> bool:
    """Whether the result is the same for arguments whose right results differ."""
    first, *others = tries
    there = [i for i in range(len(first.right)) if all(_finite(one.numbers(i)) for one in tries)]
    if not others or not there:
        return False
    yours = all(same_numbers(one.numbers(i), first.numbers(i)) for one in others for i in there)
    return yours and not all(
        same_numbers(one.right[i], first.right[i]) for one in others for i in there
    )


def _all_zero(tries: list[Try]) -> bool:
    """Whether every number returned is 0, as `//` or a cut-off makes them."""
    returned = [reading.numbers for one in tries for reading in one.returned]
    return all(numbers is None or not numbers.any() for numbers in returned)


def _finite(numbers: FloatArray | None) -> bool:
    return numbers is not None and bool(np.isfinite(numbers).all())


def same_numbers(one: FloatArray | None, other: FloatArray | None) -> bool:
    """Whether two results are the same to the last digits, or both missing."""
    if one is None or other is None:
        return one is other
    return one.shape == other.shape and np.allclose(one, other, 1e-9, 0, equal_nan=True)


def _rounded(exercise: Facts, tries: list[Try]) -> str:
    """Say that a result was rounded."""
    for i in fitting_outputs(exercise, tries):
        name = exercise.outputs[i].name
        if all(one.marks.get(name) is not False for one in tries):
            continue
        for digits in range(DIGITS):
            rounded = [one.right[i].round(digits) for one in tries]
            # To 0 decimals, probabilities may be choices.
            told = digits or not all(np.isin(values, (0, 1)).all() for values in rounded)
            equal = equals if digits < 4 else _identical
            if told and all(
                equal(one, i, values) for one, values in zip(tries, rounded, strict=True)
            ):
                return phrases.ROUNDED.format(name=name, digits=digits)
    return ""


def _roughly(exercise: Facts, tries: list[Try]) -> str:
    """Say that a result is close to the right one everywhere, as a simulation is."""
    if len(fitting_outputs(exercise, tries)) < len(exercise.outputs):
        return ""
    for i, output in enumerate(exercise.outputs):
        if all(one.marks.get(output.name) is not False for one in tries):
            continue
        pairs = [(one.numbers(i), one.right[i]) for one in tries]
        near = [
            y is not None and y.shape == x.shape and np.allclose(y, x, ROUGH, ROUGH / 4)
            for y, x in pairs
        ]
        return phrases.ROUGHLY.format(name=output.name) if all(near) else ""
    return ""


def _identical(one: Try, i: int, values: FloatArray) -> bool:
    """Whether output i is equal to `values` to the last digits: tighter than what passes."""
    yours = one.numbers(i)
    return yours is not None and same_numbers(yours, in_form_of(values, one.right[i]))


def _broken_rows(exercise: Facts, tries: list[Try]) -> list[Remark]:
    """Say that rows which should be distributions are none."""
    for one in tries:
        for i in fitting_outputs(exercise, tries):
            yours = one.numbers(i)
            if yours is not None:
                words = row_sums(exercise.outputs[i], yours, one.example is not None)
                if words:
                    return [Remark("rows do not sum to 1", words)]
    return []


def _unexplained(exercise: Facts, tries: list[Try], explained: list[int]) -> str:
    """Return the names of outputs that are wrong, and not by a mistake that was named."""
    names = [output.name for output in exercise.outputs]
    parts = [one.name for one in exercise.parts if any(t.marks[one.name] is False for t in tries)]
    left = [name for i, name in enumerate(names) if name in parts and i not in explained]
    return phrases.AND.join(f"`{name}`" for name in left)


def _special_cases(exercise: Facts, tries: list[Try], named: list[Remark]) -> list[Remark]:
    """Say on which calls a part is wrong, if no mistake was named."""
    if any(one.name not in ("rows do not sum to 1", "") for one in named):
        return []
    for part in [output.name for output in exercise.outputs]:
        if not any(one.call.error or one.marks.get(part) is False for one in tries):
            continue
        words = special_case(exercise, tries, part)
        mistake = on_some_calls(exercise, tries, part)
        name = mistake.name if mistake else "right in a special case"
        told = [phrases.ON_SOME_CALLS.format(says=_(mistake.says))] if mistake else []
        if words or told:
            return [Remark(name, " ".join([words] * bool(words) + told))]
    return []


def _numbers(exercise: Facts, tries: list[Try]) -> list[Remark]:
    """No mistake was recognised: tell which number is wrong, without telling the right one."""
    fitting = set(fitting_outputs(exercise, tries))
    wrong = (
        (one, part)
        for one in tries
        for part in exercise.parts
        if one.marks[part.name] is False and fitting.issuperset(exercise.about(part))
    )
    one, part = next(wrong, (None, None))
    if one is None or part is None:
        return []
    names = [output.name for output in exercise.outputs]
    words, name = _(part.says), "wrong numbers"
    broken = [i for i in exercise.about(part) if not _finite(one.numbers(i))]
    if broken and np.isfinite(one.right[broken[0]]).all():
        words, name = phrases.NOT_FINITE.format(name=names[broken[0]]), "not finite"
    elif not words and part.name in names:
        i = names.index(part.name)
        yours, right = one.numbers(i), one.right[i]
        if yours is None:
            words, name = phrases.NOT_FINITE.format(name=part.name), "not finite"
        elif yours.shape != right.shape:  # of another length
            shape = _(exercise.outputs[i].shape)
            words = phrases.SHAPE.format(name=part.name, shape=shape)
            name = "wrong type or shape"
        elif one.example is not None:
            words = _too_far(part.name, yours, right)
    if one.example is None and not words:
        words = phrases.WRONG_HIDDEN.format(name=part.name)
    if one.example is not None:
        words += phrases.TRY.format(exercise=exercise.name, i=one.example)
    return [Remark(name, words)]


def _too_far(name: str, yours: FloatArray, right: FloatArray) -> str:
    index = tuple(int(i) for i in np.unravel_index(np.argmax(abs(yours - right)), yours.shape))
    where = name + (str(list(index)) if index else "")
    direction = phrases.LARGER if right[index] > yours[index] else phrases.SMALLER
    return phrases.TOO_FAR.format(where=where, value=yours[index], direction=direction)
