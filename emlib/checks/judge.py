"""Judge a student's function: call it, compare what it returns, count points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from itertools import zip_longest
from typing import Any
from weakref import WeakSet

import numpy as np

from emlib.checks import limits, phrases
from emlib.checks.aside import notes, side_effects
from emlib.checks.calls import USUAL_ERRORS, Call, observe
from emlib.checks.explain import Remark, explain, place
from emlib.checks.facts import Facts, NotOnCard
from emlib.checks.inside import hidden_ways, package_used_by
from emlib.checks.limits import Budget
from emlib.checks.mend import Place, one_change
from emlib.checks.read import Reading, Values, as_values, fitted, read
from emlib.checks.recognise import Try, overall, small_counts
from emlib.checks.relations import Holds, Own, Setting
from emlib.checks.report import Outcome, Report

PACKAGE = __name__.partition(".")[0]  # which must not do a student's work

_hung: WeakSet[Any] = WeakSet()


@np.errstate(**USUAL_ERRORS)  # right answers are worked out as usual, too
def judge(
    exercise: Facts,
    function: Any,
    steps: Sequence[Callable[..., Any]] = (),
    cases: Sequence[tuple[Any, ...]] = (),
    points: float | None = None,
    search: bool = True,
) -> Report:
    """Try `function` on the visible examples and the hidden `cases` and report how it did.

    Without `search`, and in grading, nobody wants to know which place has to change: it takes time.
    """
    report = partial(Report, exercise.name, points=None if points is None else 0.0, worth=points)
    if not callable(function):
        words = phrases.NOT_A_FUNCTION
        words = words.format(exercise=exercise.name, type=type(function).__name__)
        return report(Outcome.NOT_YET, (words,), mistakes=("not a function",))
    if function in _hung:
        return report(Outcome.ERROR, (phrases.HUNG_BEFORE,), mistakes=("endless loop",))

    inputs = [*exercise.examples, *cases]
    examples = [*range(len(exercise.examples)), *(None for _ in cases)]
    tries: list[Try] = []
    budget = Budget()
    # The first one twice: is the result the same?
    for arguments, example in zip([inputs[0], *inputs], [0, *examples], strict=True):
        call = observe(function, arguments, budget)
        tries.append(_try(exercise, arguments, call, example))
        if call.hung:
            with suppress(TypeError):  # what cannot be remembered will be called again
                _hung.add(function)
            name, words = phrases.HUNG[budget.over]
            seconds = limits.WAITING if budget.over == "waiting" else limits.COMPUTING
            computed = limits.COMPUTING - budget.computing
            words = words.format(seconds=seconds, computed=computed, place=place(call))
            return report(Outcome.ERROR, (words,), mistakes=(name,))
        if call.error == "NotImplementedError":
            other = call.inside not in ("", exercise.name)
            words = phrases.STEP_NOT_ATTEMPTED if other else phrases.NOT_ATTEMPTED
            words = words.format(exercise=exercise.name, step=call.inside)
            return report(Outcome.NOT_ATTEMPTED, (words,))

    twin, *tries = tries
    _compare(exercise, tries, steps)
    twin.returned = _fitted(exercise, twin, tries[0].right)
    at_home = search and not cases and points is None
    mend = partial(_place_to_mend, exercise, function, tries) if at_home else lambda: None
    return _verdict(exercise, function, steps, twin, tries, points, mend)


def _try(exercise: Facts, arguments: tuple[Any, ...], call: Call, example: int | None) -> Try:
    """Read what a call returned, at once: later calls may change it."""
    one = Try(arguments, call, example)
    if not call.error:
        try:
            one.returned = read(exercise.outputs, call.value)
        except ValueError as error:
            printed = call.value is None and call.printed
            one.problem = phrases.NONE_PRINTED if printed else str(error)
    return one


def _compare(exercise: Facts, tries: list[Try], steps: Sequence[Callable[..., Any]]) -> None:
    """Fill in each try: the right values, how the shapes fit these, and the marks of its parts."""
    own = _own(exercise, steps)
    for one in tries:
        arguments = zip(exercise.parameters, one.arguments, strict=True)
        one.setting = Setting(dict(arguments), own)
        one.right = as_values(exercise.outputs, exercise.answer(*one.arguments))
        one.returned = _fitted(exercise, one, one.right)
        one.marks = _marks(exercise, one.returned, one.right, one.setting)


def _fitted(exercise: Facts, one: Try, right: Values) -> tuple[Reading, ...]:
    if not one.returned:
        return ()
    seen = one.example is not None
    of_each = zip(exercise.outputs, one.returned, right, strict=True)
    return tuple(fitted(output, reading, mine, seen) for output, reading, mine in of_each)


def _own(exercise: Facts, steps: Sequence[Callable[..., Any]]) -> Own:
    """Return what tells the values of a step.

    The answer key knows them for every input, whatever the student's step does once the loop was
    called.  A card does not: it asks the student's own step, if that is right by its own check.
    """
    known = {e.name: (e, step) for e, step in zip_longest(exercise.steps, steps)}
    budget = Budget()

    @cache
    def passed(name: str) -> bool:
        return judge(*known[name], search=False).outcome is Outcome.PASSED

    def own(name: str, arguments: Mapping[str, Any]) -> Values:
        of_step, step = known[name]
        given = tuple(arguments[parameter] for parameter in of_step.parameters)
        try:
            with np.errstate(all="ignore"):  # a wrong way may lead anywhere
                value = of_step.answer(*given)
        except NotOnCard:
            value = observe(step, given, budget).value if passed(name) else None
        except Exception as error:
            raise ValueError(f"{name} has no value there") from error
        return as_values(of_step.outputs, value)

    return own


def _marks(
    exercise: Facts, returned: tuple[Reading, ...], right: Values, setting: Setting
) -> dict[str, bool | None]:
    """Say of each part whether it is right; None if that cannot be seen."""
    seen = tuple(reading.numbers if reading.fits else None for reading in returned)
    marks: dict[str, bool | None] = {}
    for part in exercise.parts:
        about = [returned[i] for i in exercise.about(part)] if returned else []
        nothing = all(numbers is None for numbers in seen)
        if any(reading.numbers is None for reading in about) or (nothing and not about):
            marks[part.name] = None
        elif any(reading.problem for reading in about):
            marks[part.name] = False
        else:
            more = (setting,) if isinstance(part.holds, Holds) else ()
            held = part.holds(seen, right, *more)
            marks[part.name] = None if held is None else bool(held)
    return marks


def _place_to_mend(
    exercise: Facts,
    function: Callable[..., Any],
    tries: list[Try],
) -> Place | None:
    """Return the one place whose change makes all calls right, or at least some part of them.

    None where arguments are changed in place: whatever makes a copy would seem to be missing.
    """
    if any(one.call.changed for one in tries):
        return None
    small_first = sorted(tries, key=lambda one: sum(np.size(given) for given in one.arguments))
    wrong_first = sorted(small_first, key=lambda one: all(one.marks.values()))

    def judge_edited(edited: Callable[..., Any], budget: Budget) -> set[str]:
        right, same_form = set(every), True
        for one in wrong_first:
            call = observe(edited, one.arguments, budget)
            again = _try(exercise, one.arguments, call, one.example)
            if call.error or call.changed or again.problem:
                return set()
            again.returned = _fitted(exercise, again, one.right)
            same_form = same_form and _shapes(again) == _shapes(one)
            marks = _marks(exercise, again.returned, one.right, one.setting)
            right -= {part for part, mark in marks.items() if not mark}
            if not right - right_already:
                break
        if right == every:
            return right
        return right - (by_chance - right_already) if in_shape and same_form else set()

    # Of another shape: to mend one part alone could be to mend it the wrong way, as by a loop that
    # stops before it goes wrong.
    in_shape = all(one.returned and all(r.fits for r in one.returned) for one in tries)
    every = frozenset(part.name for part in exercise.parts)
    by_chance = small_counts(exercise, tries)
    right_already = frozenset(p for p in every if all(one.marks[p] for one in tries))
    found = one_change(function, right_already, every, judge_edited)
    if found and found.kind == "sum" and all(map(_sizes_fit, tries)):  # may undo what is too much
        return found._replace(kind="sum or not")
    return found


def _shapes(one: Try) -> list[tuple[int, ...] | None]:
    return [None if r.numbers is None else r.numbers.shape for r in one.returned]


def _sizes_fit(one: Try) -> bool:
    pairs = zip(one.returned, one.right, strict=False)
    return all(mine.numbers is not None and mine.numbers.size == x.size for mine, x in pairs)


def _of_steps(exercise: Facts, steps: Sequence[Callable[..., Any]]) -> list[Remark]:
    """Say which step is not right on its examples: then the function itself may well be."""
    for of_step, step in zip(exercise.steps, steps, strict=False):
        if judge(of_step, step, search=False).outcome is not Outcome.PASSED:
            return [Remark("a step is not right", phrases.STEP_NOT_RIGHT.format(step=of_step.name))]
    return []


def _verdict(
    exercise: Facts,
    function: Callable[..., Any],
    steps: Sequence[Callable[..., Any]],
    twin: Try,
    tries: list[Try],
    points: float | None,
    mend: Callable[[], Place | None],
) -> Report:
    """Put it together: outcome, words, points."""
    names = [part.name for part in exercise.parts]
    parts = tuple((name, overall(name, tries)) for name in names)
    held = sum(mark is True for _, mark in parts)
    of_each = {part.name: part.shares for part in exercise.parts}
    share = sum(of_each[name] for name, mark in parts if mark is True) / sum(of_each.values())
    remarks = side_effects(exercise, twin, tries)
    if remarks:
        share /= 2
    if held < len(parts):
        remarks = _of_steps(exercise, steps) + explain(exercise, function, tries, mend) + remarks
    used = package_used_by(function, PACKAGE, exercise.lent)
    if used:
        seen = f": `{'`, `'.join(used)}`"
        remarks = [Remark("calls emlib", phrases.EMLIB.format(seen=seen))]
        parts, share = (), 0.0

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
        look=hidden_ways(function) if points else (),
    )
