"""What grading knows of an assignment's notebook: as released, and with its hidden tests."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files, is_grade, is_solution, is_task

from grading.names import imports, names
from grading.sandbox import location

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
    """

    id: str
    type: str
    source: str
    name: str = ""
    mark: dict[str, Any] = field(default_factory=dict)
    full: str = ""

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
        Names that the student's cells define.
    given : list of str
        Sources of released cells that tests need, to be run in the trusted process.
    uses : dict
        For each test cell, the student's names that it uses.
    imports : list of str
        Import statements of the notebook.
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
    imports: list[str] = field(default_factory=list)
    digest: str = ""

    def __post_init__(self) -> None:
        self.cells = [MasterCell(**c) if isinstance(c, dict) else c for c in self.cells]

    @property
    def tests(self) -> dict[str, MasterCell]:
        """The automatic test cells by name."""
        return {cell.name: cell for cell in self.cells if cell.test}

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
        raise NotReady(f"There is no released version of {assignment}: {advice}.")
    files = _files(folder, coursedir)
    masters = []
    with Gradebook(coursedir.db_url, coursedir.course_id) as book:
        try:
            notebooks = sorted(n.name for n in book.find_assignment(assignment).notebooks)
        except MissingEntry:
            raise NotReady(f"The gradebook does not know {assignment}: {advice}.") from None
        for name in notebooks:
            stored = {c.name: c for c in book.find_notebook(name, assignment).source_cells}
            released = nbformat.read(folder / f"{name}.ipynb", as_version=4)
            cells = [_cell(cell, stored) for cell in released.cells]
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
    answers = [cell.source for cell in cells if cell.solution and cell.type == "code"]
    if source.exists():  # the answers themselves may define more than their stubs
        written = nbformat.read(source, as_version=4).cells
        answers += [c.source for c in written if c.cell_type == "code" and is_solution(c)]
    students = set().union(*(names(answer).binds for answer in answers))
    given = [c.source for c in cells if c.type == "code" and not c.test and not c.solution]

    # What a released cell computes at once from the student's names belongs to the student too.
    growing = True
    while growing:
        theirs = [s for s in given if names(s).uses_now & students]
        more = set().union(*(names(s).binds for s in theirs)) - students
        students |= more
        growing = bool(more)
        given = [s for s in given if s not in theirs]

    needed: set[str] = set().union(*(names(cell.full).uses for cell in cells if cell.test))
    kept: list[str] = []
    growing = True
    while growing:
        kept, before = [s for s in given if names(s).binds & needed], len(kept)
        growing = len(kept) > before
        needed |= set().union(*(names(s).uses for s in kept))
    known = set().union(*(names(s).binds for s in kept))
    for cell in cells:
        if cell.test:
            wanted = names(cell.full).uses | set().union(*(names(s).uses for s in kept))
            own = names(cell.full).binds
            unknown = names(cell.full).uses - known - own
            master.uses[cell.name] = sorted((wanted & students) | unknown)
    master.students = sorted(students)
    master.given = kept
    code = [cell.source for cell in cells if cell.type == "code"]
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
    """Fingerprint the notebook, the course's packages and the grader."""
    told = json.dumps({**asdict(master), "digest": ""}, sort_keys=True)
    fingerprint = hashlib.sha256(told.encode())
    for package in ("grading", *packages):
        place = Path(location(package))
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            fingerprint.update(path.read_bytes())
    return fingerprint.hexdigest()
