"""Grade each answer of the bank with many draws of the hidden cases, and list what varies.

    python -m tests.answers.draws [NOTEBOOK ...] [--draws 60]

Two classmates who hand in the same answer must get the same points, so a score that varies is a
fault of the exercise's `cases`.  A name that varies is a pity: one of the two reads less.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import process_time
from typing import Any

import numpy as np

from emlib import exercises as home
from emlib.checks.judge import judge
from key import writing
from tests.answers.bank import Answer, _with_needs, answers
from tests.answers.unheard import functions
from tests.notebooks.course import NOTEBOOKS, Exercise, exercises, key_of, read

ENDLESS = {"endless loop", "waits too long"}


@dataclass
class Graded:
    """What an answer got in many draws: each score and each tuple of names, and how often.

    `words` are those of its visible check, and of its grading in the first draw.
    """

    answer: Answer
    words: str = ""
    scores: Counter[float] = field(default_factory=Counter)
    names: Counter[tuple[str, ...]] = field(default_factory=Counter)


@dataclass
class Clock:
    """Seconds of the processor that an exercise took: the mean draw and grading, and the worst."""

    draw: float = 0.0
    grade: float = 0.0
    check: float = 0.0  # the slowest visible check
    slowest: str = ""  # the answer that it checked


def grade(notebook: str, exercise: Exercise, draws: int) -> tuple[list[Graded], Clock]:
    """Grade the answers to an exercise, each with the same draws, and check them as at home."""
    module, clock = key_of(read(NOTEBOOKS[notebook])), Clock()
    key: Any = writing.exercises(module)[exercise.name]
    card = getattr(getattr(home, module), exercise.name)
    begun = process_time()
    drawn = [key.cases(np.random.default_rng(seed)) for seed in range(draws)]
    clock.draw = (process_time() - begun) / draws
    found, gradings = [], 0
    for answer in answers(notebook, exercise.name):
        source = _with_needs(notebook, exercise, answer)
        function, *steps = functions(source, [exercise.name, *exercise.needs])
        begun = process_time()
        at_home = judge(card, function, steps)
        if (seconds := process_time() - begun) > clock.check:
            clock.check, clock.slowest = seconds, answer.title
        one = Graded(answer)
        begun = process_time()
        for cases in drawn:
            # Defined anew, as in the fresh kernel of each student.
            function, *steps = functions(source, [exercise.name, *exercise.needs])
            report = judge(key, function, steps, cases, exercise.points)
            one.words = one.words or " ".join(f"{at_home.text()} {report.text()}".split())
            one.scores[report.points or 0.0] += 1
            one.names[report.mistakes] += 1
            gradings += 1
            if ENDLESS & {*report.mistakes}:
                break  # each takes the whole time
        clock.grade += process_time() - begun
        found.append(one)
    clock.grade /= max(gradings, 1)
    return found, clock


def varying(found: list[Graded]) -> Iterator[str]:
    """Say which scores and names are not the same in every draw."""
    for one in found:
        verdict = "right" if one.answer.right else "wrong"
        title = f"{one.answer.exercise}, {verdict}: {one.answer.title}"
        if len(one.scores) > 1:
            yield f"! {title}: {_often(one.scores)} points"
        elif len(one.names) > 1:
            texts = Counter({", ".join(names) or "nothing": n for names, n in one.names.items()})
            yield f"  {title}: {_often(texts)}"


def _often(counts: Counter[Any]) -> str:
    return "; ".join(
        f"{value:g} in {n}" if isinstance(value, float) else f"{value} in {n}"
        for value, n in counts.most_common()
    )


def main(chosen: list[str], draws: int) -> int:
    """Print what varies and how long it takes; return how many scores vary."""
    total = vary = 0
    for notebook in chosen or NOTEBOOKS:
        for exercise in exercises(read(NOTEBOOKS[notebook])):
            found, clock = grade(notebook, exercise, draws)
            total += len(found)
            vary += sum(len(one.scores) > 1 for one in found)
            print(
                f"{notebook}, {exercise.name}: {clock.draw:.3f} s to draw, {clock.grade:.3f} s to "
                f"grade; slowest visible check {clock.check:.3f} s ({clock.slowest})",
                *varying(found),
                sep="\n",
                flush=True,
            )
    print(f"{total} answers, {draws} draws each, {vary} scores vary")
    return vary


if __name__ == "__main__":
    parser = argparse.ArgumentParser(usage="python -m tests.answers.draws [NOTEBOOK ...]")
    parser.add_argument("notebooks", nargs="*", metavar="NOTEBOOK")
    parser.add_argument("--draws", type=int, default=60)
    options = parser.parse_args()
    if unknown := {*options.notebooks} - {*NOTEBOOKS}:
        parser.error(f"there are {', '.join(NOTEBOOKS)}, not {', '.join(unknown)}")
    raise SystemExit(main(options.notebooks, options.draws) > 0)
