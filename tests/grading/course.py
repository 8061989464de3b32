"""A small course to grade: nothing of it is about EM, and its checks are plain asserts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

NAME = "01-averages"
SECRETS = ("8123.25", "417.625", "2906.5")  # numbers that only hidden tests hold
FULL = 12.0  # points that need no human

CONFIG = """
import os, sys
sys.path.append(os.getcwd())
os.environ["PYTHONPATH"] = os.pathsep.join([os.getcwd(), os.environ.get("PYTHONPATH", "")])

import grading

c = get_config()
c.CourseDirectory.source_directory = "notebooks"
c.CourseDirectory.course_id = "averages"
grading.configure(c)
c.Grading.trusted_packages = ["answer_key"]
c.Grading.as_root = True
c.Grading.cell_seconds = 15
c.Grading.call_seconds = 8
c.Grading.seconds = 40
c.Grading.memory = 1024
"""

KEY = '''"""Right answers, which students must not see."""


def mean(values):
    return sum(values) / len(values)
'''
SETUP = "import numpy as np\n\nheights = np.array([1.62, 1.75, 1.81])"
MEAN = '''def mean(values):
    """Return the arithmetic mean."""
    ### BEGIN SOLUTION
    return sum(values) / len(values)
    ### END SOLUTION'''
CHECK_MEAN = """# Checks your mean.
assert mean([1, 2, 3]) == 2, "the mean of 1, 2, 3 should be 2"
### BEGIN HIDDEN TESTS
import answer_key

right = answer_key.mean([8123.25, 8124.25])
assert mean([8123.25, 8124.25]) == right, "the mean of two large numbers is wrong"
### END HIDDEN TESTS"""
SPREAD = '''def spread(values):
    """Return the standard deviation, divided by n."""
    ### BEGIN SOLUTION
    return np.sqrt(np.mean((np.asarray(values) - np.mean(values)) ** 2))
    ### END SOLUTION'''
CHECK_SPREAD = """# Checks your spread.
np.testing.assert_allclose(spread([1, 1, 3, 3]), 1)
### BEGIN HIDDEN TESTS
hidden = np.array([417.625, 1.5, 2.5])
right = hidden.std()  # before the call, which may change its argument
np.testing.assert_allclose(spread(hidden), right, strict=True)  # no numbers are all right
### END HIDDEN TESTS"""
CENTRE = '''def centre(table):
    """Return the table with the mean of each column taken off."""
    ### BEGIN SOLUTION
    return table - table.mean(axis=0)
    ### END SOLUTION'''
CHECK_CENTRE = """# Checks your centre: two points for the numbers, two for an argument left alone.
table = np.array([[1.0, 2.0], [3.0, 6.0]])
print("columns of the example sum to", np.sum(centre(table.copy()), axis=0))
### BEGIN HIDDEN TESTS
hidden = np.array([[2906.5, 2.0], [4.0, 6.0], [5.0, 5.0]])
before = hidden.copy()
result = centre(hidden)
right = np.shape(result) == (3, 2) and np.allclose(result, before - before.mean(axis=0))
2 * bool(right) + 2 * bool(right and np.array_equal(hidden, before))
### END HIDDEN TESTS"""
ANSWER = """# Put into `tallest` the largest of `heights`.
### BEGIN SOLUTION
tallest = heights.max()
### END SOLUTION"""
CHECK_ANSWER = """# Checks tallest.
assert tallest == heights.max(), "that is not the largest of heights"
"""
EXPLAIN = "When is the mean a poor summary? Answer in two sentences.\n\n(your answer)"


def _solution(name: str, source: str) -> Any:
    mark = {"grade": False, "locked": False, "solution": True, "task": False}
    return _marked(new_code_cell(source), name, mark)


def _check(name: str, source: str, points: float) -> Any:
    mark = {"grade": True, "locked": True, "solution": False, "task": False, "points": points}
    return _marked(new_code_cell(source), name, mark)


def _marked(cell: Any, name: str, mark: dict[str, Any]) -> Any:
    cell.metadata["nbgrader"] = {**mark, "grade_id": name, "schema_version": 3}
    return cell


def source() -> Any:
    """The instructor's notebook."""
    manual = {"grade": True, "locked": False, "solution": True, "task": False, "points": 3}
    cells = [
        new_markdown_cell("# Averages"),
        new_code_cell(SETUP),
        _solution("mean", MEAN),
        _check("check_mean", CHECK_MEAN, 3),
        new_code_cell("print('mean height', mean(heights))"),
        _solution("spread", SPREAD),
        _check("check_spread", CHECK_SPREAD, 3),
        _solution("centre", CENTRE),
        _check("check_centre", CHECK_CENTRE, 4),
        _solution("tallest", ANSWER),
        _check("check_tallest", CHECK_ANSWER, 2),
        _marked(new_markdown_cell(EXPLAIN), "explain", manual),
    ]
    for i, cell in enumerate(cells):
        cell["id"] = f"averages-{i}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def write(root: Path) -> None:
    """Write the course's files."""
    folder = root / "notebooks" / NAME
    folder.mkdir(parents=True)
    nbformat.write(source(), folder / f"{NAME}.ipynb")
    (root / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    (root / "answer_key").mkdir()
    (root / "answer_key" / "__init__.py").write_text(KEY, encoding="utf-8")


RIGHT = {
    "mean": "def mean(values):\n    return sum(values) / len(values)",
    "spread": "def spread(values):\n    v = np.array(values)\n    return (v - v.mean()).std()",
    "centre": "def centre(table):\n    return table - table.mean(axis=0)",
    "tallest": "tallest = max(heights)",
}


def released(root: Path) -> Any:
    """The notebook that students get."""
    return nbformat.read(root / "release" / NAME / f"{NAME}.ipynb", as_version=4)


def cell(notebook: Any, name: str) -> Any:
    """A cell by nbgrader's name."""
    found = (c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)
    return next(found)


def answered(root: Path, **answers: str) -> Any:
    """The released notebook with right answers, or those that are given."""
    notebook = released(root)
    for name, text in {**RIGHT, **answers}.items():
        cell(notebook, name).source = text
    return notebook


def folder(root: Path, student: str) -> Path:
    """Where a student's submission lies."""
    path = root / "submitted" / student / NAME
    path.mkdir(parents=True, exist_ok=True)
    return path


def submit(root: Path, student: str, notebook: Any, name: str = f"{NAME}.ipynb") -> Path:
    """Hand in a notebook, or any bytes or text."""
    path = folder(root, student) / name
    if isinstance(notebook, bytes):
        path.write_bytes(notebook)
    elif isinstance(notebook, str):
        path.write_text(notebook, encoding="utf-8")
    else:
        for i, new in enumerate(notebook.cells):
            if "id" in new and not new["id"].startswith("averages-"):
                new["id"] = f"added-{i}"  # the same every time
        nbformat.write(notebook, path)
    stamp = path.parent / "timestamp.txt"
    stamp.write_text("2030-01-02 03:04:05.000000 UTC", encoding="utf-8")
    return path


def copy(root: Path, target: Path) -> Path:
    """Copy a course that was written and released before."""
    shutil.copytree(root, target, symlinks=True)
    return target
