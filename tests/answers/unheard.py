"""Print the remarks that no answer of the bank gets: python -m tests.answers.unheard [NOTEBOOK ...]

Each is tested by its own formula alone: an answer as a student writes it is missing, or the remark
is. Those that every exercise gets by itself are not looked for. Answers are judged as at home and
as in grading, with right functions where they need some.
"""

from __future__ import annotations

import linecache
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from emlib import exercises as home
from emlib.checks.judge import judge
from key import writing
from tests.answers.bank import _with_needs, answers
from tests.notebooks.course import NOTEBOOKS, exercises, read


def functions(source: str, names: list[str]) -> list[Callable[..., Any]]:
    """Define functions as a cell of a notebook does."""
    lines = source.splitlines(keepends=True)
    linecache.cache["cell"] = (len(source), None, lines, "cell")  # errors show these lines
    defined: dict[str, Any] = {"__name__": "__main__"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source, "cell", "exec"), defined)
    return [defined[name] for name in names]


def unheard(notebook: str, folder: str) -> list[tuple[str, str, str]]:
    """List exercise, name and words of the mistakes that no answer of a notebook shows."""
    key, cards, found = writing.exercises(folder), getattr(home, folder), []
    for exercise in exercises(read(NOTEBOOKS[notebook])):
        name, heard = exercise.name, set()
        cases = key[name].cases(np.random.default_rng(1))  # type: ignore[attr-defined]
        for answer in answers(notebook, name):
            source = _with_needs(notebook, exercise, answer)
            function, *steps = functions(source, [name, *exercise.needs])
            heard |= set(judge(getattr(cards, name), function, steps).says)
            heard |= set(judge(key[name], function, steps, cases, 1).says)
        own = key[name].own  # type: ignore[attr-defined]
        for words in dict.fromkeys(mistake.says for mistake in own):
            if words not in heard:
                first = next(mistake for mistake in own if mistake.says == words)
                found.append((name, first.name, words))
    return found


def main(chosen: list[str]) -> None:
    """Print the remarks of each notebook."""
    for notebook in chosen or NOTEBOOKS:
        known = {exercise.name for exercise in exercises(read(NOTEBOOKS[notebook]))}
        folder = next(f for f in writing.NOTEBOOKS if set(writing.exercises(f)) == known)
        found = unheard(notebook, folder)
        total = sum(
            len({m.says for m in getattr(e, "own", e.mistakes)})
            for e in writing.exercises(folder).values()
        )
        print(f"{notebook}: {len(found)} of {total} remarks are heard by nobody")
        for name, mistake, words in found:
            print(f"  {name}, {mistake}: {words}")


if __name__ == "__main__":
    main(sys.argv[1:])
