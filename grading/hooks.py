"""nbgrader's own steps, hardened: what `grading.configure` puts in their place."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from itertools import chain, count
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor
from traitlets import Bool

from grading import run
from grading.book import Book, write_whole
from grading.checks import visible
from grading.folder import DUE as DUE_WORDS
from grading.folder import NOTHING, Known, Submission, choose, handed_in, notebooks_in, read_folder
from grading.intake import LARGEST, SetAside
from grading.lateness import Deadlines, zone
from grading.master import DUE, Master, load
from grading.parse import parse
from grading.repair import repair
from grading.settings import Grading
from grading.trusted import Trusted

DEEPEST = 20  # folders within folders of a submission
_trusted = Trusted()
_masters: dict[tuple[str, float], list[Master]] = {}  # by path and time of the release


def prepare_folder(coursedir: CourseDirectory, notebooks: list[str]) -> None:
    """Before nbgrader copies a submission: move away what is odd, settle names and times.

    Parameters
    ----------
    coursedir : CourseDirectory
    notebooks : list of str
        Paths of the notebooks that nbgrader is about to grade; changed in place.
    """
    folder = Path(notebooks[0]).parent
    student, assignment = folder.parts[-2:]
    aside = Path(coursedir.root) / "set-aside" / student / assignment
    for path in sorted(folder.iterdir()):
        # What bears a notebook's name stays, to be set aside with a reason, but for a folder.
        if odd(path) and (path.suffix != ".ipynb" or stat.S_ISDIR(path.lstat().st_mode)):
            move(path, aside)
    files, _ = notebooks_in(folder)
    release = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
    for released in release.glob("*.ipynb"):
        try:
            known = Known.of(nbformat.read(released, as_version=4).cells)
            found = choose(released.stem, files, [], known).path
        except SetAside as problem:
            set_aside(Book(coursedir, assignment), student, problem)
            continue
        if found != (place := folder / released.name):
            if os.path.lexists(place):
                move(place, aside)
            else:
                notebooks.append(str(place))
            shutil.copyfile(found, place, follow_symlinks=False)
            os.utime(place, (found.stat().st_mtime,) * 2)
    stamp = folder / "timestamp.txt"
    if recorded := handed_in(folder, zone(coursedir)):
        write_whole(stamp, recorded)  # in words that nbgrader does not misread
    elif os.path.lexists(stamp):
        move(stamp, aside)
    secret = folder / "submission_secret.txt"
    if not secret.exists():  # without it nbgrader cannot hand back feedback
        secret.write_text(secrets.token_hex(16), encoding="utf-8")


def odd(path: Path, depth: int = 0) -> bool:
    """Whether it is, or holds, what is no ordinary file, or is too large or nested too deeply."""
    status = path.lstat()
    if stat.S_ISDIR(status.st_mode):
        return depth > DEEPEST or any(odd(inner, depth + 1) for inner in path.iterdir())
    return not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST


def move(path: Path, folder: Path) -> None:
    """Move whatever it is into a folder, beside what may be there under its name."""
    folder.mkdir(parents=True, exist_ok=True)
    names = (f"{path.name[:200]}{suffix}" for suffix in chain([""], (f" ({n})" for n in count(2))))
    os.rename(path, next(folder / name for name in names if not os.path.lexists(folder / name)))


def set_aside(book: Book, student: str, problem: SetAside) -> None:
    """Record why a submission cannot be graded."""
    book.record(run.Result(student, run.SET_ASIDE, "", reason=str(problem)))


class SubmittedNotebookExporter(NotebookExporter):
    """Reads a submitted notebook only after it was looked at, and repairs it."""

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> Any:
        """Read a notebook: a submitted one through intake, our own as it is."""
        place = Place(self, resources)
        if Path(filename).parent == place.autograded:
            return super().from_filename(filename, resources=resources, **options)
        submission = Submission(place.student)
        try:
            wanted = {place.notebook: NOTHING}  # `prepare_folder` chose it
            home = zone(place.coursedir)
            submission = read_folder(Path(filename).parent, place.student, wanted, home)
            notebook = parse(submission.notebooks[place.notebook])
            submission.notes += repair(notebook, place.master())
        except SetAside as problem:
            self.log.error("%s: not gradable: %s", place.student, problem)
            set_aside(place.book, place.student, problem)
            raise
        for note in submission.notes:
            self.log.warning("%s: %s", place.student, note)
        notebook.metadata["grading"] = {
            "notes": submission.notes,
            "timestamp": submission.timestamp,
            "guessed_time": submission.guessed_time,
        }
        return self.from_notebook_node(notebook, resources=resources, **options)


class RunTrusted(NbGraderPreprocessor):
    """Runs the student's cells in the sandbox and the checks in a process of their own."""

    # Not to be configured: unexecuted notebooks would be paid for outputs they brought along.
    enabled = Bool(True)

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Execute a repaired notebook."""
        place = Place(self.parent, resources)
        limits = Grading(parent=self).job(hidden=[str(Path(place.coursedir.root).resolve())])
        master = place.master()
        result = run.Result(place.student, run.GRADED, "", **nb.metadata.pop("grading", {}))
        run.execute(nb, master, limits, _trusted, result)
        if result.notes:
            result.state = run.TROUBLE
        if result.guessed_time:  # nbgrader cannot hand back feedback without one
            write_whole(place.autograded / "timestamp.txt", result.timestamp)
        run.note(nb, master, result)
        place.book.record(result)
        return nb, resources


class ChargeLateness(AssignLatePenalties):
    """Works out what lateness costs, of what the gradebook says now."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Charge one student."""
        coursedir, told = self.parent.parent.coursedir, resources["nbgrader"]
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            Book(coursedir, told["assignment"], self).charge(gradebook, told["student"])
        return nb, resources


class Due(NbGraderPreprocessor):
    """Tells students, below the title of what is released, when it is due."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Add a cell, if there is a due date; grading knows it by its id, and leaves it out."""
        coursedir, name = self.parent.parent.coursedir, resources["nbgrader"]["assignment"]
        stored = None
        if Path(coursedir.db_url.removeprefix("sqlite:///")).exists():  # to ask must not make one
            with Gradebook(coursedir.db_url, coursedir.course_id) as book:
                stored = next((a.duedate for a in book.assignments if a.name == name), None)
        deadlines = Deadlines(Path(coursedir.root), zone(coursedir))
        if due := deadlines.due_in_words(name, stored):
            words = f"{DUE_WORDS}{due}. An extension that you were given counts, too."
            nb.cells.insert(1, nbformat.v4.new_markdown_cell(words, id=DUE))
        return nb, resources


class HideTests(NbGraderPreprocessor):
    """Takes hidden tests off the pages that students get."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> Any:
        """Cut the hidden region out of a test cell."""
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade") and mark.get("locked"):
            cell.source = visible(cell.source)
        return cell, resources


class Place:
    """Where in the course a converter is, as told by its resources."""

    def __init__(self, exporter: Any, resources: Any) -> None:
        told = resources["nbgrader"]
        self.student, self.assignment = told["student"], told["assignment"]
        self.notebook = told["notebook"]
        self.exporter = exporter
        self.coursedir: CourseDirectory = exporter.parent.coursedir
        step = self.coursedir.autograded_directory
        self.autograded = Path(self.coursedir.format_path(step, self.student, self.assignment))
        self.book = Book(self.coursedir, self.assignment)

    def master(self) -> Master:
        """Return what was released; read once, unless it is released anew."""
        release = self.coursedir.format_path(self.coursedir.release_directory, ".", self.assignment)
        path = Path(release) / f"{self.notebook}.ipynb"
        key = (str(path), path.stat().st_mtime)
        if key not in _masters:
            settings = Grading(parent=self.exporter)
            packages = [*settings.packages, *settings.trusted_packages]
            _masters[key] = load(self.coursedir, self.assignment, packages)
        return next(m for m in _masters[key] if m.notebook == self.notebook)
