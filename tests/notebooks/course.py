"""A course in a temporary folder, graded by the real nbgrader: what several tests share."""

from __future__ import annotations

import ast
import html
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 1800  # seconds
Notebook = nbformat.NotebookNode
NOTEBOOKS = {
    path.stem: path
    for path in sorted((ROOT / "notebooks").glob("*/*.ipynb"))
    if path.stem == path.parent.name
}


def number(name: str) -> str:
    """Return what a notebook is called in short: 02a of 02a-complete-data-mle."""
    return name.partition("-")[0]


def read(path: Path) -> Notebook:
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


def graded(cell: Notebook) -> bool:
    """Whether nbgrader gives points for a cell."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def cell_of(notebook: Notebook, grade_id: str) -> Notebook:
    """Find a cell by nbgrader's name for it."""
    named = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    ]
    assert len(named) == 1, f"{grade_id}: {len(named)} cells"
    return named[0]


@dataclass(frozen=True)
class Exercise:
    """An exercise that is graded automatically: its cell of tests and what it calls."""

    name: str  # of the function, of the cell with the solution, and of the file of answers
    needs: tuple[str, ...]  # earlier functions of the student's that it builds on
    check_id: str
    points: float


def exercises(notebook: Notebook) -> list[Exercise]:
    """List the auto-graded exercises of a notebook with its hidden tests."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code" and graded(cell):
            calls = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Call)]
            (call,) = (c for c in calls if ast.unparse(c.func).endswith(".grade"))
            names = tuple(ast.unparse(argument) for argument in call.args)
            facts = cell.metadata.nbgrader
            found.append(Exercise(names[0], names[1:], facts.grade_id, facts.points))
            assert ast.unparse(call.func) == f"key.{names[0]}.grade"
            cell_of(notebook, names[0])
    return found


def thin(notebook: Notebook) -> Notebook:
    """Leave only imports and what nbgrader knows, so that it runs in no time."""
    copy = nbformat.from_dict(notebook)
    copy.cells = [c for c in copy.cells if "nbgrader" in c.metadata or _only_imports(c)]
    return copy


def _only_imports(cell: Notebook) -> bool:
    if cell.cell_type != "code" or cell.source.lstrip().startswith("%"):
        return False
    return all(isinstance(n, ast.Import | ast.ImportFrom) for n in ast.parse(cell.source).body)


class Course:
    """One assignment with its students, in a folder of its own."""

    def __init__(self, folder: Path, name: str, source: Notebook) -> None:
        self.folder, self.name = folder, name
        settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
        # CI may be root; whoever runs these tests trusts the answers in them.
        settings += "\nc.Grading.as_root = True\n"
        (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
        nbformat.write(source, self.path("notebooks"))

    def path(self, step: str, student: str = "") -> Path:
        """Where nbgrader keeps the assignment at one step; the folder is made."""
        folder = self.folder / step / student / self.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{self.name}.ipynb"

    def nbgrader(self, *arguments: str) -> str:
        """Run nbgrader as an instructor does, and return what it said."""
        return self._run("nbgrader", *arguments)

    def run_all(self, notebook: Notebook) -> Notebook:
        """Run a notebook from top to bottom; an error that a cell raises ends the test."""
        path = self.folder / "run_all" / f"{self.name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
        self._run("nbconvert", "--to=notebook", "--execute", "--inplace", str(path))
        return read(path)

    def _run(self, *arguments: str) -> str:
        command = [sys.executable, "-m", *arguments]
        settings = self.folder / "settings"
        environment = dict(os.environ, PYTHONWARNINGS="default", PYTHONUTF8="1")
        environment["PYTHONPATH"] = str(ROOT)  # the instructor's: for `grading` and the key
        for variable in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
            environment[variable] = str(settings / variable.lower())
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def release(self) -> Notebook:
        """Make the students' version and return it."""
        self.nbgrader("generate_assignment", self.name)
        return read(self.path("release"))

    def submit(self, student: str, notebook: Notebook) -> None:
        """Hand in a notebook."""
        nbformat.write(notebook, self.path("submitted", student))

    def autograded(self, student: str) -> Notebook:
        """Return a graded notebook, with the outputs that its tests left."""
        return read(self.path("autograded", student))

    def feedback(self, student: str) -> str:
        """Return the words on a student's feedback page."""
        page = self.path("feedback", student).with_suffix(".html").read_text(encoding="utf-8")
        body = page.partition("<body")[2]
        return " ".join(html.unescape(re.sub(r"<[^>]+>", "", body)).split())

    def scores(self) -> dict[str, dict[str, float | None]]:
        """Return the points in the gradebook: student -> cell -> points, None if not graded."""
        from nbgrader.api import Gradebook  # slow, and most tests do without

        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as book:
            return {
                submission.student.id: {
                    grade.name: grade.auto_score
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for submission in book.assignment_submissions(self.name)
            }


def said(cell: Notebook) -> str:
    """Return the words of the checks in a cell's outputs, in one line."""
    texts = [o.data.get("text/plain", "") for o in cell.outputs if o.output_type == "display_data"]
    return " ".join(" ".join(texts).split())


def outcomes(cell: Notebook) -> list[Any]:
    """Return what the checks in a cell's outputs report, for programs."""
    kind = "application/vnd.emlib.report+json"
    return [o.data[kind] for o in cell.get("outputs", []) if kind in o.get("data", {})]
