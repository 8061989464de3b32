"""Judge a student's function: call it, compare what it returns, count points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any
from weakref import WeakSet

from emlib.checks import phrases
from emlib.checks.calls import Call, observe
from emlib.checks.explain import Remark, Try, explain, notes, place, side_effects
from emlib.checks.facts import Facts
from emlib.checks.read import Values, as_values, shape_problem
from emlib.checks.report import Outcome, Report

SECONDS = 10.0  # for all calls of one check together

_hung: WeakSet[Any] = WeakSet()


def judge(
    exercise: Facts,
    function: Any,
    steps: Sequence[Callable[..., Any]] = (),
    cases: Sequence[tuple[Any, ...]] = (),
    points: float | None = None,
) -> Report:
    """Try `function` on the visible examples and the hidden `cases` and report how it did."""
    report = partial(Report, exercise.name, points=None if points is None else 0.0, worth=points)
    if not callable(function):
        words = phrases.NOT_A_FUNCTION
        words = words.format(exercise=exercise.name, type=type(function).__name__)
        return report(Outcome.NOT_YET, (words,), mistakes=("not a function",))
    if function in _hung:
        return report(Outcome.ERROR, (phrases.HUNG_BEFORE,), mistakes=("endless loop",))

    inputs = [*exercise.examples, *cases]
    calls: list[Call] = []
    deadline = monotonic() + SECONDS
    for arguments in (inputs[0], *inputs):  # the first one twice: is the result the same?
        call = observe(function, arguments, max(deadline - monotonic(), 0.01))
        calls.append(call)
        if call.hung:
            with suppress(TypeError):  # what cannot be remembered will be called again
                _hung.add(function)
            words = phrases.HUNG.format(seconds=SECONDS, place=place(call))
            return report(Outcome.ERROR, (words,), mistakes=("endless loop",))
        if call.error == "NotImplementedError":
            other = call.inside not in ("", exercise.name)
            words = phrases.STEP_NOT_ATTEMPTED if other else phrases.NOT_ATTEMPTED
            words = words.format(exercise=exercise.name, step=call.inside)
            return report(Outcome.NOT_ATTEMPTED, (words,))

    examples = [*range(len(exercise.examples)), *(None for _ in cases)]
    tries = [Try(*one) for one in zip(inputs, calls[1:], examples, strict=True)]
    _compare(exercise, tries, steps)
    return _verdict(exercise, function, calls[0], tries, points)


def _compare(exercise: Facts, tries: list[Try], steps: Sequence[Callable[..., Any]]) -> None:
    """Fill in each try: the values, the right ones, and which parts are wrong.

    A function that builds on the student's own steps may be right with respect to these.
    """
    for one in tries:
        try:
            one.values = None if one.call.error else as_values(exercise.outputs, one.call.value)
        except ValueError as error:
            printed = one.call.value is None and one.call.printed
            one.problem = phrases.NONE_PRINTED if printed else str(error)
    answers = [[as_values(exercise.outputs, exercise.answer(*t.arguments)) for t in tries]]
    if steps and not any(step in _hung for step in steps):
        with_steps = partial(exercise.answer, steps=steps)
        with suppress(ValueError):  # raised where a step of theirs fails or returns no numbers
            calls = [observe(with_steps, t.arguments, SECONDS) for t in tries]
            answers.append([as_values(exercise.outputs, call.value) for call in calls])
    wrong = [
        [_wrong_parts(exercise, one, right) for one, right in zip(tries, rights, strict=True)]
        for rights in answers
    ]
    best = min(range(len(answers)), key=lambda a: len(set().union(*wrong[a])))
    for one, one.right, one.wrong in zip(tries, answers[best], wrong[best], strict=True):
        if one.values is not None:
            seen = one.example is not None
            one.problem = shape_problem(exercise.outputs, one.values, one.right, seen)


def _wrong_parts(exercise: Facts, one: Try, right: Values) -> list[str]:
    values = one.values
    if values is None or shape_problem(exercise.outputs, values, right, False):
        return [part.name for part in exercise.parts]
    return [part.name for part in exercise.parts if not part.holds(values, right)]


def _verdict(
    exercise: Facts,
    function: Callable[..., Any],
    twin: Call,
    tries: list[Try],
    points: float | None,
) -> Report:
    """Put it together: outcome, words, points."""
    wrong = {name for one in tries for name in one.wrong}
    parts = tuple((part.name, part.name not in wrong) for part in exercise.parts)
    share = 1 - len(wrong) / len(parts)
    remarks = side_effects(exercise, twin, tries)
    if remarks:
        share /= 2
    if wrong:
        remarks = explain(exercise, function, tries) + remarks
    if any(one.call.used_emlib for one in tries):
        remarks, parts, share = [Remark("calls emlib", phrases.EMLIB)], (), 0.0

    failed = any(one.call.error for one in tries)
    outcome = Outcome.ERROR if failed else Outcome.NOT_YET if remarks else Outcome.PASSED
    words = [remark.words for remark in remarks]
    if outcome is Outcome.PASSED:
        words = [phrases.PASSED if points is None else phrases.GRADED_PASSED]
    return Report(
        exercise.name,
        outcome,
        (*words, *notes(tries, graded=points is not None)),
        parts if len(parts) > 1 else (),
        tuple(remark.name for remark in remarks if remark.name),
        points if points is None else round(share * points, 2),
        points,
    )
