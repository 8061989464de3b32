"""Say what a student's function does besides returning a value."""

from __future__ import annotations

from emlib.checks import phrases
from emlib.checks.explain import Remark, same_numbers
from emlib.checks.facts import Facts
from emlib.checks.recognise import Try

LINES_SHOWN = 5


def side_effects(exercise: Facts, twin: Try, tries: list[Try]) -> list[Remark]:
    """Say what the function does besides returning a value."""
    remarks = []
    changed = sorted({i for one in tries for i in one.call.changed})
    if changed:
        names = "`, `".join(exercise.parameters[i] for i in changed)
        words = phrases.CHANGED.format(names=names, first=exercise.parameters[changed[0]])
        remarks.append(Remark("changes its arguments", words))
    pairs = zip(twin.returned, tries[0].returned, strict=False)  # either may be empty
    if not all(same_numbers(before.numbers, after.numbers) for before, after in pairs):
        remarks.append(Remark("differs from call to call", phrases.UNSTABLE))
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
