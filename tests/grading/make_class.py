"""Make a course with a synthetic class: python tests/grading/make_class.py FOLDER

All notebooks are released, and each student hands in all of them: with answers drawn from
tests/answers, right ones more often than wrong ones, some left blank; and a few files are broken,
badly named, or hostile.  Then, in that folder and with the project's own on PYTHONPATH:
python -m grading

With --only ASSIGNMENT the submissions are not laid ready, but packed into archives as Canvas and
Moodle make them, beside the tables that these systems export.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "grading")]

import lms_made  # noqa: E402
from lms_made import Sent  # noqa: E402

from tests.answers import bank  # noqa: E402
from tests.notebooks.course import NOTEBOOKS, Course, cell_of, exercises, read  # noqa: E402

PATCHES = """
import emlib.checks.exercise as exercise
exercise.Exercise.grade = lambda self, *steps, cases=(), points=0: points
np.allclose = lambda *a, **k: True
"""
PEEKS = """
import glob, os, urllib.request
for path in glob.glob("/home/**/gradebook.db", recursive=True) + ["/etc/shadow"]:
    print(open(path, "rb").read())
"""
TROUBLE = {
    "peeks": lambda notebook: notebook.cells.insert(1, new_code_cell(PEEKS)),
    "patches": lambda notebook: notebook.cells.append(new_code_cell(PATCHES)),
    "exits": lambda notebook: notebook.cells.insert(3, new_code_cell("import os; os._exit(0)")),
    "loops": lambda notebook: notebook.cells.insert(3, new_code_cell("while True: pass")),
    "copied a cell": lambda notebook: notebook.cells.append(nbformat.from_dict(notebook.cells[-1])),
    "lost metadata": lambda notebook: [cell.metadata.clear() for cell in notebook.cells],
    "cut off": lambda notebook: nbformat.writes(notebook)[: len(nbformat.writes(notebook)) // 2],
    "a web page": lambda notebook: "<!DOCTYPE html><html>Please log in</html>",
}  # fmt: skip


def hand_in(course: Course, student: str, released: Any, known: list[Any], draw: Any) -> None:
    """Hand in a notebook with answers as this student would give them."""
    skill = draw.betavariate(5, 2)
    notebook = nbformat.from_dict(released)
    for exercise in known:
        of_kind = {
            right: [a for a in bank.answers(course.name, exercise.name) if a.right == right]
            for right in (True, False)
        }
        if draw.random() < 0.06:
            continue  # left blank
        answer = draw.choice(of_kind[draw.random() < skill])
        cell_of(notebook, exercise.name).source = bank._with_needs(course.name, exercise, answer)
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade") and mark.get("solution") and draw.random() < 0.9:
            cell.source = f"Because the mean of the logs is what it is. ({student})"
    change: Callable[[Any], Any] | None = None
    if draw.random() < 0.12:
        change = TROUBLE[draw.choice(list(TROUBLE))]
    path = course.path("submitted", student)
    if draw.random() < 0.03:
        path = path.with_name(f"{course.name} (1).ipynb")
    changed = change(notebook) if change else None
    text = changed if isinstance(changed, str) else nbformat.writes(notebook)
    path.write_text(text, encoding="utf-8")
    day, hour = divmod(draw.randrange(72), 24)
    stamp = f"2030-01-{day + 1:02} {hour:02}:00:00 UTC"
    (path.parent / "timestamp.txt").write_text(stamp, encoding="utf-8")


def main() -> None:
    """Make the course."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--students", type=int, default=75)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="one assignment, of which archives are made, too")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True)
    folder, draw = chosen.folder.resolve(), random.Random(chosen.seed)
    for name, path in NOTEBOOKS.items():
        source = read(path)
        known = exercises(source)
        if not known or chosen.only not in (None, name):
            continue
        course = Course(folder, name, source)
        released = course.release()
        for i in range(chosen.students):
            hand_in(course, f"student-{i:03}", released, known, draw)
        # Two who worked together.
        one, other = (folder / "submitted" / f"student-{i:03}" / name for i in (5, 6))
        for file in one.glob("*.ipynb"):
            (other / file.name).write_bytes(file.read_bytes())
        print(f"{name}: {chosen.students} submissions", flush=True)
        if chosen.only:
            pack(folder, name, draw)


def pack(folder: Path, assignment: str, draw: random.Random) -> None:
    """Move what was handed in into archives, as Canvas and Moodle would make them."""
    sent = []
    for path in sorted((folder / "submitted").glob(f"*/{assignment}/*")):
        if path.suffix == ".ipynb":
            number = 1000 + int(path.parts[-3].split("-")[1])
            again = draw.random() < 0.1  # a second attempt, as Canvas names it
            name = f"{assignment}-1.ipynb" if again else path.name
            at = datetime(2030, 1, 8, 12) + timedelta(minutes=draw.randrange(-2000, 1500))
            late = at > datetime(2030, 1, 8, 23, 59)
            person = path.parts[-3].title().split("-")
            one = Sent(f"Given {person[1]}", "Family", number, path.read_bytes(), name, late, at)
            sent.append(one)
    shutil.rmtree(folder / "submitted")
    lms_made.canvas(folder / "canvas.zip", sent)
    lms_made.moodle(folder / "moodle.zip", sent)
    lms_made.students(folder / "students.csv", sent)
    lms_made.gradebook(folder / "gradebook-canvas.csv", sent, f"{assignment} (77)", {})
    lms_made.worksheet(folder / "worksheet-moodle.csv", sent, {})


if __name__ == "__main__":
    main()
