"""The bank of answers: right and wrong ones for every exercise, graded by the real nbgrader.

For each auto-graded exercise of notebook NAME there is a file ``NAME/EXERCISE.py``.  Its first
lines are imports; then each answer starts with a line such as ``# %% right: loops`` or
``# %% wrong: heads and tails swapped``.  The second line of a wrong answer tells a part of the
message that it must get: ``# says: heads and tails were exchanged``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tests.notebooks.course import Course, Exercise, Notebook, cell_of, exercises, said, thin

FOLDER = Path(__file__).parent
LEAST_RIGHT, LEAST_WRONG = 3, 6


@dataclass(frozen=True)
class Answer:
    """One answer to one exercise."""

    exercise: str
    right: bool
    title: str
    says: str
    code: str


@dataclass(frozen=True)
class Result:
    """What nbgrader made of an answer."""

    answer: Answer
    points: float
    worth: float
    named: bool  # whether it got its message, on the feedback page too

    @property
    def fair(self) -> bool:
        """Whether it got what it deserves: everything, or less."""
        return self.points == self.worth if self.answer.right else self.points < self.worth


def answers(notebook: str, exercise: str) -> list[Answer]:
    """Read the answers to one exercise; none if there is no file."""
    path = FOLDER / notebook / f"{exercise}.py"
    if not path.exists():
        return []
    imports, *parts = re.split(r"^# %% ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    imports = "\n".join(line for line in imports.splitlines() if not line.startswith("# "))
    found = []
    for part in parts:
        first, _, code = part.partition("\n")
        verdict, _, title = first.partition(": ")
        says = ""
        if code.startswith("# says: "):
            line, _, code = code.partition("\n")
            says = line.removeprefix("# says: ").strip()
        assert verdict in ("right", "wrong") and bool(says) == (verdict == "wrong"), (path, first)
        found.append(Answer(exercise, verdict == "right", title, says, f"{imports}\n{code}"))
    return found


def missing(notebook: str, exercise: Exercise) -> str:
    """Say which answers an exercise lacks, or return an empty string."""
    known = answers(notebook, exercise.name)
    right = sum(answer.right for answer in known)
    wrong = len(known) - right
    if right >= LEAST_RIGHT and wrong >= LEAST_WRONG:
        return ""
    return (
        f"tests/answers/{notebook}/{exercise.name}.py has {right} right and {wrong} wrong answers; "
        f"it needs at least {LEAST_RIGHT} and {LEAST_WRONG}"
    )


def grade(folder: Path, name: str, source: Notebook) -> list[Result]:
    """Hand in all answers, spread over as few submissions as possible, and grade them.

    Submission i holds the i-th right, or the i-th wrong, answer of every exercise.  Where an
    exercise builds on earlier functions, its wrong answers bring right ones along.
    """
    course = Course(folder, name, thin(source))
    release = course.release()
    known = exercises(source)
    submissions: dict[str, dict[str, Answer]] = {}
    for exercise in known:
        for right in (True, False):
            chosen = [a for a in answers(name, exercise.name) if a.right == right]
            for i, answer in enumerate(chosen):
                student = f"{'right' if right else 'wrong'}-{i:02}"
                submissions.setdefault(student, {})[exercise.name] = answer
    for student, held in submissions.items():
        notebook = nbformat.from_dict(release)
        for exercise in known:
            if exercise.name in held:
                solution = cell_of(notebook, exercise.name)
                solution.source = _with_needs(name, exercise, held[exercise.name])
        course.submit(student, notebook)
    course.nbgrader("autograde", name)
    course.nbgrader("generate_feedback", name)
    scores = course.scores()
    results = []
    for student, held in submissions.items():
        graded, page = course.autograded(student), course.feedback(student)
        for exercise in known:
            if exercise.name in held:
                answer = held[exercise.name]
                words = said(cell_of(graded, exercise.check_id))
                on_page = answer.says.replace("`", "") in page
                points = scores[student][exercise.check_id]
                assert points is not None, f"{student}: {exercise.name} was not graded"
                named = answer.says in words and on_page
                results.append(Result(answer, points, exercise.points, named))
    return results


def _with_needs(notebook: str, exercise: Exercise, answer: Answer) -> str:
    needed = [next(a for a in answers(notebook, n) if a.right).code for n in exercise.needs]
    return "\n\n".join([*needed, answer.code])


def table(results: list[Result]) -> str:
    """Return the table of an instructor: how fair the grading of each exercise is."""
    lines = [f"{'exercise':<24}{'right accepted':>16}{'wrong caught':>16}{'wrong named':>16}"]
    names = list(dict.fromkeys(result.answer.exercise for result in results))
    for name in [*names, "all"]:
        of_it = [r for r in results if name in (r.answer.exercise, "all")]
        right = [r.fair for r in of_it if r.answer.right]
        wrong = [r for r in of_it if not r.answer.right]
        counts = (right, [r.fair for r in wrong], [r.named for r in wrong])
        lines.append(f"{name:<24}" + "".join(f"{f'{sum(c)} of {len(c)}':>16}" for c in counts))
    return "\n".join(lines)
