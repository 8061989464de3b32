"""Find the words for what is wrong with a student's function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from emlib._validate import FloatArray
from emlib.checks import phrases
from emlib.checks.calls import Call, notebook_data_read_by
from emlib.checks.facts import Facts, Mistake
from emlib.checks.read import Values, as_values, close, row_sums

LINES_SHOWN = 5
ARITHMETIC_ERRORS = ("ZeroDivisionError", "OverflowError", "FloatingPointError", "ValueError")


class Remark(NamedTuple):
    """Something to say, and its name for the instructor's statistics (empty: just a remark)."""

    name: str
    words: str


@dataclass
class Try:
    """One call of the student's function, read and compared."""

    arguments: tuple[Any, ...]
    call: Call
    example: int | None  # the number of the visible example; None if the arguments are hidden
    values: Values | None = None
    problem: str = ""  # what is wrong with type or shape
    right: Values = ()
    wrong: list[str] = field(default_factory=list)  # the parts that are not right


def explain(exercise: Facts, function: Callable[..., Any], tries: list[Try]) -> list[Remark]:
    """Say why the function is not right: what is certain first, then what it looks like."""
    remarks = []
    mistakes = _recognised(exercise, tries)
    failed = next((one for one in tries if one.call.error), None)
    problem = next((one.problem for one in tries if one.problem), "")
    if failed:
        remarks.append(Remark("error", _error(exercise, failed)))
    elif not mistakes and _constant(tries):
        remarks.append(Remark("constant result", phrases.CONSTANT))
    elif problem:
        remarks.append(Remark("wrong type or shape", problem))
    elif not mistakes and (rounded := _rounded(exercise, tries)):
        remarks.append(Remark("rounded", rounded))
    else:
        remarks += _broken_rows(exercise, tries)
    remarks += [Remark(mistake.name, mistake.says) for mistake in mistakes]
    if not remarks:
        remarks += _numbers(exercise, tries)
    names = notebook_data_read_by(function)
    if names:
        remarks.append(Remark("reads globals", phrases.GLOBALS.format(names="`, `".join(names))))
    return remarks


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


def _constant(tries: list[Try]) -> bool:
    """Whether the result is the same for arguments whose right results differ."""
    if len(tries) < 2 or any(one.values is None for one in tries):
        return False
    first, *others = tries
    if not all(np.isfinite(array).all() for array in first.values or ()):
        return False
    return all(_identical(one.values, first.values) for one in others) and not all(
        _identical(one.right, first.right) for one in others
    )


def _identical(one: Values | None, other: Values | None) -> bool:
    pairs = zip(one or (), other or (), strict=True)
    return all(a.shape == b.shape and np.allclose(a, b, 1e-9, 0, equal_nan=True) for a, b in pairs)


def _rounded(exercise: Facts, tries: list[Try]) -> str:
    """Say that a result was rounded."""
    for i, output in enumerate(exercise.outputs):
        if not any(output.name in one.wrong for one in tries):
            continue
        for digits in range(4):
            if all(
                one.values and close(one.values[i], one.right[i].round(digits)) for one in tries
            ):
                return phrases.ROUNDED.format(name=output.name, digits=digits)
    return ""


def _broken_rows(exercise: Facts, tries: list[Try]) -> list[Remark]:
    """Say that rows which should be distributions are none."""
    for one in tries:
        for output, values in zip(exercise.outputs, one.values or (), strict=True):
            if words := row_sums(output, values, one.example is not None):
                return [Remark("rows do not sum to 1", words)]
    return []


def _recognised(exercise: Facts, tries: list[Try]) -> list[Mistake]:
    """Find the mistake that gives the same results, or else one for each part that is wrong."""
    wrong = {name for one in tries for name in one.wrong}
    found: dict[str, Mistake] = {}
    for name in ["", *(part.name for part in exercise.parts if part.name in wrong)]:
        for mistake in exercise.mistakes:
            if mistake.part == name and all(_explains(exercise, mistake, one) for one in tries):
                found.setdefault(mistake.says, mistake)
                break
        if "" == name and found:
            break
    return list(found.values())


def _explains(exercise: Facts, mistake: Mistake, one: Try) -> bool:
    """Whether a function with this mistake gives, or raises, what the student's did."""
    try:
        with np.errstate(all="ignore"):
            outputs = [o for o in exercise.outputs if mistake.part in ("", o.name)]
            given = as_values(outputs, mistake.gives(*one.arguments))
    except Exception as error:
        return one.call.error == type(error).__name__
    if one.values is None:
        # Python's own numbers raise an error where NumPy's become nan or infinity.
        overflow = not all(np.isfinite(array).all() for array in given)
        misfit = "shape" in one.call.message  # NumPy's ValueError, which is not about a number
        return overflow and not misfit and one.call.error in ARITHMETIC_ERRORS
    yours = [v for v, o in zip(one.values, exercise.outputs, strict=True) if o in outputs]
    return all(close(a, b) for a, b in zip(yours, given, strict=True))


def _numbers(exercise: Facts, tries: list[Try]) -> list[Remark]:
    """No mistake was recognised: tell which number is wrong, without telling the right one."""
    one = next(one for one in tries if one.wrong)
    part = next(part for part in exercise.parts if part.name in one.wrong)
    names = [output.name for output in exercise.outputs]
    words, name = part.says, "wrong numbers"
    if not words and part.name in names and one.values:
        i = names.index(part.name)
        yours, right = one.values[i], one.right[i]
        if not np.isfinite(yours).all():
            words, name = phrases.NOT_FINITE.format(name=part.name), "not finite"
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
    direction = "larger" if right[index] > yours[index] else "smaller"
    return phrases.TOO_FAR.format(where=where, value=yours[index], direction=direction)


def side_effects(exercise: Facts, twin: Call, tries: list[Try]) -> list[Remark]:
    """Say what the function does besides returning a value."""
    remarks = []
    changed = sorted({i for one in tries for i in one.call.changed})
    if changed:
        names = "`, `".join(exercise.parameters[i] for i in changed)
        words = phrases.CHANGED.format(names=names, first=exercise.parameters[changed[0]])
        remarks.append(Remark("changes its arguments", words))
    try:
        before, after = (as_values(exercise.outputs, c.value) for c in (twin, tries[0].call))
        if not _identical(before, after):
            remarks.append(Remark("differs from call to call", phrases.UNSTABLE))
    except ValueError:  # nothing to compare
        pass
    return remarks


def notes(tries: list[Try], graded: bool) -> list[str]:
    """Tell what was printed and warned, as far as it shows no hidden arguments."""
    found = []
    printed = next((one.call.printed for one in tries if one.call.printed.strip()), "")
    warned = [warning for one in tries for warning in one.call.warned]
    if printed and not graded:
        lines = printed.strip().splitlines()
        shown = lines[:LINES_SHOWN] + ["..."] * (len(lines) > LINES_SHOWN)
        found.append(phrases.PRINTED.format(printed="\n".join(shown)))
    if warned and graded:
        kinds = ", ".join(dict.fromkeys(warning.split(":")[0] for warning in warned))
        found.append(phrases.WARNED_HIDDEN.format(kinds=kinds))
    elif warned:
        found.append(phrases.WARNED.format(warning=warned[0]))
    return found
