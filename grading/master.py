"""What grading knows of an assignment's notebook: as released, and with its hidden tests."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files, is_grade, is_solution, is_task

from grading.engine import fingerprint
from grading.folder import Known, even
from grading.names import imports, names
from grading.roster import nearest

DUE = "due-date"  # the id of the cell that tells it, which may change: no grade depends on it
MOST_FILES = 20 * 1024 * 1024


class NotReady(Exception):
    """The assignment cannot be graded yet; the words say what to do."""


@dataclass(frozen=True)
class MasterCell:
    """A cell as students got it.

    Attributes
    ----------
    id, type, source : str
    name : str
        nbgrader's name of the cell; empty for cells that nbgrader does not know.
    mark : dict
        nbgrader's metadata.
    full : str
        The source with its hidden tests.
    shows : bool
        Whether the instructor's copy shows a value below it.
    """

    id: str
    type: str
    source: str
    name: str = ""
    mark: dict[str, Any] = field(default_factory=dict)
    full: str = ""
    shows: bool = False

    @property
    def test(self) -> bool:
        """Whether it is an automatic test."""
        graded = self.mark.get("grade") and not self.mark.get("solution")
        return bool(graded and self.type == "code")

    @property
    def solution(self) -> bool:
        """Whether students write in it."""
        return bool(self.mark.get("solution") or self.mark.get("task"))

    @property
    def locked(self) -> bool:
        """Whether students must leave it as it is."""
        return bool(self.name) and not self.solution


@dataclass
class Master:
    """One notebook of an assignment.

    Attributes
    ----------
    assignment, notebook : str
    cells : list of MasterCell
    students : list of str
        Names that are the student's at the end of the notebook.
    given : list of str
        Sources of released cells that tests need, to be run in the trusted process.
    uses : dict
        For each test cell, the student's names that it uses.
    before : dict
        For each test cell, how many of the `given` cells come before it.
    imports : list of str
        Import statements of the notebook.
    fixed : list of str
        Names that released cells define by ``import``, ``def`` or ``class``.
    files : dict
        Files that were released beside the notebook, base64.
    digest : str
        Changes when anything changes that a grade may depend on.
    """

    assignment: str
    notebook: str
    cells: list[MasterCell]
    files: dict[str, str] = field(default_factory=dict)
    students: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    uses: dict[str, list[str]] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)
    imports: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    digest: str = ""

    def __post_init__(self) -> None:
        self.cells = [MasterCell(**c) if isinstance(c, dict) else c for c in self.cells]

    @property
    def tests(self) -> dict[str, MasterCell]:
        """The automatic test cells by name."""
        return {cell.name: cell for cell in self.cells if cell.test}

    @property
    def known(self) -> Known:
        """By what a notebook that was handed in is recognised."""
        return Known(frozenset(self.named), frozenset(even(cell.source) for cell in self.cells))

    @property
    def named(self) -> dict[str, MasterCell]:
        """All cells that nbgrader knows, by name."""
        return {cell.name: cell for cell in self.cells if cell.name}


def released(coursedir: CourseDirectory) -> list[str]:
    """Return the names of all assignments that were released."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as book:
        names = sorted(assignment.name for assignment in book.assignments)
    step = coursedir.release_directory
    return [name for name in names if Path(coursedir.format_path(step, ".", name)).is_dir()]


def load(coursedir: CourseDirectory, assignment: str, packages: Iterable[str]) -> list[Master]:
    """Read the notebooks of an assignment, as released, with tests from the gradebook.

    Raises
    ------
    NotReady
        If the assignment was not released.
    """
    folder = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
    advice = f"run `nbgrader generate_assignment {assignment}` first"
    if not folder.is_dir():
        words = f"There is no released version of {assignment}: {advice}."
        raise NotReady(f"{words} {nearest(assignment, released(coursedir))}")
    files = _files(folder, coursedir)
    masters = []
    with Gradebook(coursedir.db_url, coursedir.course_id) as book:
        try:
            notebooks = sorted(n.name for n in book.find_assignment(assignment).notebooks)
        except MissingEntry:
            raise NotReady(f"The gradebook does not know {assignment}: {advice}.") from None
        for name in notebooks:
            stored = {c.name: c for c in book.find_notebook(name, assignment).source_cells}
            students_copy = nbformat.read(folder / f"{name}.ipynb", as_version=4)
            cells = [_cell(cell, stored) for cell in students_copy.cells if cell.get("id") != DUE]
            missing = [c.name for c in cells if c.name and c.name not in stored]
            if missing:
                raise NotReady(f"The gradebook does not know the cells {missing}: {advice}.")
            source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
            masters.append(build(assignment, name, cells, files, source / f"{name}.ipynb"))
    for master in masters:
        master.digest = _digest(master, packages)
    return masters


def build(
    assignment: str, notebook: str, cells: list[MasterCell], files: dict[str, str], source: Path
) -> Master:
    """Work out what the tests need and where it comes from."""
    master = Master(assignment, notebook, cells, files)
    answers: dict[str, list[str]] = {}
    if source.exists():  # the answers themselves may define more than their stubs
        written = [c for c in nbformat.read(source, as_version=4).cells if c.cell_type == "code"]
        for cell in filter(is_solution, written):
            answers.setdefault(cell.metadata.nbgrader.grade_id, []).append(cell.source)
        showing = {cell.source for cell in written if _shows(cell)}
        master.cells = [replace(cell, shows=cell.source in showing) for cell in cells]
    # In the order of the notebook: what a released cell computes at once from a student's
    # names is the student's too, until a released cell defines the name anew.
    students: set[str] = set()
    theirs: dict[str, set[str]] = {}  # by test: what is the student's when it runs
    given: list[tuple[int, str]] = []
    for i, cell in enumerate(master.cells):
        found = names(cell.source)
        if cell.test:
            theirs[cell.name] = set(students)
        elif cell.solution:
            students |= found.binds.union(*(names(a).binds for a in answers.get(cell.name, [])))
        elif cell.type == "code" and found.uses_now & students:
            students |= found.binds
        elif cell.type == "code":
            students -= found.binds
            given.append((i, cell.source))
    master.students = sorted(students)

    needed: set[str] = set()
    for name, cell in master.tests.items():
        needed |= names(cell.full).uses - theirs[name]
    kept: list[tuple[int, str]] = []
    growing = True
    while growing:
        before = len(kept)
        kept = [(i, source) for i, source in given if names(source).binds & needed]
        needed |= set().union(*(names(source).uses for _, source in kept))
        growing = len(kept) > before
    master.given = [source for _, source in kept]
    for i, cell in enumerate(master.cells):
        if cell.test:
            earlier = [names(source) for j, source in kept if j < i]
            known = set().union(*(found.binds for found in earlier))
            later = set().union(*(found.uses for found in earlier)) & theirs[cell.name]
            uses = names(cell.full).uses
            master.uses[cell.name] = sorted((uses & theirs[cell.name]) | later | (uses - known))
            master.before[cell.name] = len(earlier)
    code = [cell.source for cell in cells if cell.type == "code"]
    master.fixed = sorted(set().union(*(names(source).fixed for source in code)))
    master.imports = list(dict.fromkeys(line for source in code for line in imports(source)))
    return master


def _cell(cell: Any, stored: dict[str, Any]) -> MasterCell:
    known = is_grade(cell) or is_solution(cell) or is_task(cell)
    mark = dict(cell.metadata.get("nbgrader", {}))
    name = mark.get("grade_id", "") if known or mark.get("locked") else ""
    full = cell.source
    if name in stored:
        mark["checksum"] = stored[name].checksum
        if not is_solution(cell):
            full = stored[name].source
    return MasterCell(cell.get("id", ""), cell.cell_type, cell.source, name, mark, full)


def _shows(cell: Any) -> bool:
    return any(output.output_type == "execute_result" for output in cell.outputs)


def _files(folder: Path, coursedir: CourseDirectory) -> dict[str, str]:
    """Read the files that were released beside the notebooks."""
    found, size = {}, 0
    for path in map(Path, find_all_files(str(folder), [*coursedir.ignore, "*.ipynb"])):
        data = path.read_bytes()
        size += len(data)
        if size > MOST_FILES:
            raise NotReady(f"The files beside the notebook in {folder} are larger than 20 MB.")
        found[path.relative_to(folder).as_posix()] = base64.b64encode(data).decode()
    return found


def _digest(master: Master, packages: Iterable[str]) -> str:
    """Fingerprint the notebook, the course's packages, data files and all, and the grader."""
    told = json.dumps({**asdict(master), "digest": ""}, sort_keys=True)
    told += fingerprint(["grading", *packages])
    return hashlib.sha256(told.encode()).hexdigest()
