"""From the source to the students and back: the real nbgrader on a copy of each notebook."""

import ast
import csv
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from kit.released import release
from tests.notebooks.course import (
    NOTEBOOKS,
    ROOT,
    Course,
    Notebook,
    cell_of,
    exercises,
    graded,
    outcomes,
    read,
    said,
    thin,
)

POINTS = 10  # in each notebook
QUICK = "03b-coin-toss-em"  # its cycle shows what concerns all; the others' take minutes
CYCLES = [n if n == QUICK else pytest.param(n, marks=pytest.mark.slow) for n in NOTEBOOKS]
NOISE = """
    import logging, sys, warnings
    print("to stdout")
    print("to stderr", file=sys.stderr)
    warnings.warn("a warning")
    logging.getLogger("student").error("to the log")
    np.log(np.zeros(1))
"""

PATCHES = """
import emlib.checks.exercise as one, emlib.checks.judge as two, emlib.checks.read as three
import numpy as np

for module in (one, two, three, np, np.testing):
    for name, value in list(vars(module).items()):
        if callable(value) and not isinstance(value, type) and ("all" in name or "judge" in name):
            setattr(module, name, lambda *a, **k: True)
one.Exercise.grade = lambda self, *steps, cases=(), points=0: points
one.Exercise.check = lambda self, *steps: None
"""


@dataclass
class Cycle:
    """A notebook, released, handed in by five students, and graded."""

    course: Course
    source: Notebook
    released: Notebook
    scores: dict[str, dict[str, float | None]]


def _noisy(source: Notebook) -> Notebook:
    """Return the solved notebook, every function of which prints and warns before it works."""
    notebook = thin(source)
    for exercise in exercises(source):
        cell = cell_of(notebook, exercise.name)
        cell.source = cell.source.replace("    ### BEGIN SOLUTION", NOISE)
        assert NOISE in cell.source
    return notebook


def _torn(released: Notebook) -> Notebook:
    """Return the blank notebook after a student has deleted every check."""
    notebook = thin(released)
    notebook.cells = [c for c in notebook.cells if not (graded(c) and c.cell_type == "code")]
    return notebook


def _hostile(source: Notebook, released: Notebook) -> Notebook:
    """Return a notebook that changes the checks, and whose functions return their arguments."""
    notebook = thin(released)
    for exercise in exercises(source):
        cell = cell_of(notebook, exercise.name)
        cell.source = f"def {exercise.name}(*given):\n    return given"
    notebook.cells.insert(len(notebook.cells) // 2, nbformat.v4.new_code_cell(PATCHES))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(PATCHES))
    return notebook


@pytest.fixture(scope="module", params=CYCLES)
def cycle(request, tmp_path_factory) -> Cycle:
    folder: Path = tmp_path_factory.mktemp("course")
    source = read(NOTEBOOKS[request.param])
    course = Course(folder, request.param, source)
    # A loose notebook beside the assignments must not disturb them.
    nbformat.write(nbformat.v4.new_notebook(), folder / "notebooks" / "00-start-here.ipynb")
    released = course.release()
    course.submit("blank", released)
    course.submit("solved", source)
    course.submit("noisy", _noisy(source))
    course.submit("torn", _torn(released))
    course.submit("hostile", _hostile(source, released))
    course.nbgrader("autograde", course.name)
    course.nbgrader("generate_feedback", course.name)
    course.nbgrader("export")
    return Cycle(course, source, released, course.scores())


def test_it_was_graded_under_protection(cycle):
    """By the project's own settings: each submission leaves a record of the grader's."""
    records = cycle.course.folder / "reports" / cycle.course.name
    assert {path.stem for path in records.glob("*.json")} == set(cycle.scores)


def test_a_students_own_copy_is_what_nbgrader_releases(cycle, tmp_path):
    """Cell by cell, with all metadata: so it can be handed in."""
    release(ROOT, cycle.course.name, tmp_path)
    own = read(tmp_path / cycle.course.name / f"{cycle.course.name}.ipynb")
    assert own == cycle.released != cycle.source


def test_points(cycle):
    worth = [c.metadata.nbgrader.points for c in cycle.source.cells if graded(c)]
    assert sum(worth) == POINTS
    assert any(graded(c) and c.cell_type == "markdown" for c in cycle.source.cells)


def test_nothing_is_left_of_solutions_and_hidden_tests(cycle):
    for cell in cycle.released.cells:
        assert not cell.get("outputs")
        for mark in ("BEGIN SOLUTION", "HIDDEN TESTS", "MARK SCHEME", ".grade(", "cases="):
            assert mark not in cell.source
    for exercise in exercises(cycle.source):
        stub = ast.parse(cell_of(cycle.released, exercise.name).source).body[-1]
        assert ast.unparse(stub).endswith("raise NotImplementedError('your code goes here')")


def test_a_blank_notebook_runs_from_top_to_bottom(cycle):
    notebook = cycle.course.run_all(cycle.released)
    for cell in notebook.cells:
        kinds = [o.get("name", o.output_type) for o in cell.get("outputs", [])]
        assert not {"stderr", "error"} & set(kinds), cell.source
    for exercise in exercises(cycle.source):
        (report,) = outcomes(cell_of(notebook, exercise.check_id))
        assert report["outcome"] == "not_attempted"
        assert report["exercise"] == exercise.name


def test_a_blank_notebook_earns_nothing(cycle):
    assert set(cycle.scores["blank"].values()) == {0}
    for exercise in exercises(cycle.source):
        assert "not attempted" in said(cell_of(cycle.course.autograded("blank"), exercise.check_id))


@pytest.mark.parametrize("student", ["solved", "noisy"])
def test_the_solutions_earn_full_points(cycle, student):
    """Whatever is printed, logged or warned on the way."""
    notebook = cycle.course.autograded(student)
    for exercise in exercises(cycle.source):
        cell = cell_of(notebook, exercise.check_id)
        assert cycle.scores[student][exercise.check_id] == exercise.points, said(cell)
        if student == "noisy":
            assert "Python warned" in said(cell) and "to stdout" in said(cell)


def test_changing_the_checks_earns_nothing(cycle):
    scores = [cycle.scores["hostile"][exercise.check_id] for exercise in exercises(cycle.source)]
    assert scores and set(scores) == {0}


def test_deleted_checks_come_back(cycle):
    assert cycle.scores["torn"].keys() == cycle.scores["blank"].keys()
    for exercise in exercises(cycle.source):
        assert cycle.scores["torn"][exercise.check_id] == 0


def test_feedback_shows_the_words_of_the_checks(cycle):
    blank, solved = cycle.course.feedback("blank"), cycle.course.feedback("solved")
    for exercise in exercises(cycle.source):
        assert f"{exercise.name}, graded" not in said(  # code stands in backticks there
            cell_of(cycle.course.autograded("blank"), exercise.check_id)
        )
        assert f"{exercise.name}, graded: not attempted" in blank
        assert f"{exercise.name}, graded: right on the hidden inputs too" in solved
    assert "Mark scheme" in blank


def test_the_mark_scheme_is_there_when_it_is_graded_by_hand(cycle):
    answers = [c for c in cycle.source.cells if graded(c) and c.cell_type == "markdown"]
    for cell in answers:
        assert cycle.scores["solved"][cell.metadata.nbgrader.grade_id] is None  # for a human
    words = "\n".join(cell.source for cell in cycle.course.autograded("solved").cells)
    assert words.count("BEGIN MARK SCHEME") == len(answers)


def test_export(cycle):
    with (cycle.course.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    # Whoever wrote an answer that a human has not read yet has no grade, which is not 0.
    expected = {"blank": "0.0", "torn": "0.0", "hostile": "0.0", "solved": "", "noisy": ""}
    assert {student: row["score"] for student, row in rows.items()} == expected
    assert {float(row["max_score"]) for row in rows.values()} == {POINTS}


def test_validate_tells_the_truth(cycle):
    blank, solved = cycle.course.folder / "blank.ipynb", cycle.course.folder / "solved.ipynb"
    nbformat.write(thin(cycle.released), blank)
    nbformat.write(thin(cycle.source), solved)
    words = cycle.course.nbgrader("validate", str(blank))
    assert "VALIDATION FAILED" in words and "Traceback" not in words
    for exercise in exercises(cycle.source):
        assert f"`{exercise.name}`: not attempted" in words
    assert "Success! Your notebook passes all the tests." in cycle.course.nbgrader(
        "validate", str(solved)
    )
