"""Look at what arrives before anything runs: repair what is safe, set aside what is not."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.utils import parse_utc

from grading.master import Master, MasterCell
from grading.names import names

LARGEST = 20 * 1024 * 1024  # bytes of a notebook
MOST_CELLS = 1000
MOST_CODE = 1_000_000  # characters of code
MOST_ENTRIES = 1000
COPY = re.compile(r"([ _-]*\(\d+\)|[ _-]+copy\s*\d*|[ _-]+kopie)+$", re.IGNORECASE)


class SetAside(Exception):
    """A submission that cannot be graded; the words tell the student why and what to do."""


@dataclass
class Submission:
    """What a student handed in, read once.

    Attributes
    ----------
    student : str
    notebooks : dict of str to bytes
        By the names of the assignment's notebooks.
    timestamp : str
        When it was handed in, in UTC.
    secret : str
        nbgrader's key for handing back feedback; may be empty.
    guessed_time : bool
        Whether that was not recorded, and is the file's own.
    notes : list of str
    """

    student: str
    notebooks: dict[str, bytes] = field(default_factory=dict)
    timestamp: str = ""
    secret: str = ""
    guessed_time: bool = False
    notes: list[str] = field(default_factory=list)


def read_file(path: Path, most: int = LARGEST) -> bytes:
    """Read a regular file that is not too large; never follow a link.

    Raises
    ------
    SetAside
        If it is something else.
    """
    name = printable(path.name)
    try:
        if stat.S_ISLNK(path.lstat().st_mode):
            raise SetAside(f"`{name}` is a link to another place. Hand in the file itself.")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise SetAside(f"`{name}` is not an ordinary file. Hand in the notebook itself.")
            if status.st_size > most:
                size = f"{status.st_size / 1e6:.0f} MB; {most / 1e6:.0f} MB are allowed"
                words = "Clear the outputs (Kernel, Restart Kernel and Clear Outputs) and save."
                raise SetAside(f"`{name}` has {size}. {words}")
            return file.read(most + 1)
    except OSError as error:
        raise SetAside(f"`{name}` cannot be read: {error.strerror}.") from error


def read_folder(folder: Path, student: str, wanted: Iterable[str]) -> Submission:
    """Read a student's folder: the wanted notebooks, under whatever name they have.

    Raises
    ------
    SetAside
        If none of them can be read.
    """
    submission = Submission(student)
    paths = sorted(folder.iterdir())[:MOST_ENTRIES]
    files = [path for path in paths if stem(path)]
    problems = []
    for name in wanted:
        try:
            path = choose(name, files, submission.notes)
            submission.notebooks[name] = read_file(path)
        except SetAside as problem:
            problems.append(str(problem))
    if not submission.notebooks:
        raise SetAside(" ".join(problems))
    submission.notes += problems
    known = {"timestamp.txt", "submission_secret.txt"}
    others = [path for path in paths if path not in files and path.name not in known]
    if others:
        listed = ", ".join(printable(path.name) for path in others[:5])
        submission.notes.append(f"other files were not used: {listed}")
    recorded = handed_in(folder)
    submission.guessed_time = not recorded
    submission.timestamp = recorded or file_time(files)
    try:
        submission.secret = read_file(folder / "submission_secret.txt", 1000).decode()
    except (SetAside, UnicodeDecodeError):
        pass
    return submission


def stem(path: Path) -> str:
    """Return the name of a notebook without its ending; empty if it is none."""
    name = path.name.lower()
    for ending in (".ipynb", ".ipynb.txt", ".ipynb.json"):
        if name.endswith(ending):
            return path.name[: -len(ending)]
    return ""


def choose(wanted: str, files: list[Path], notes: list[str]) -> Path:
    """Choose the file that is meant by a notebook's name.

    Raises
    ------
    SetAside
        If there is none, or more than one.
    """
    for path in files:
        if path.name == f"{wanted}.ipynb":
            return path

    def plain(name: str) -> str:
        return re.sub(r"[\s_-]+", "-", COPY.sub("", name)).casefold()

    alike = [path for path in files if plain(stem(path)) == plain(wanted)]
    if len(alike) == 1:
        notes.append(f"`{printable(alike[0].name)}` was taken for `{wanted}.ipynb`")
        return alike[0]
    if alike:
        listed = ", ".join(f"`{printable(path.name)}`" for path in alike)
        raise SetAside(f"Which one is meant by `{wanted}.ipynb`: {listed}? Hand in one of them.")
    there = ", ".join(f"`{printable(path.name)}`" for path in files[:5]) or "no notebook"
    raise SetAside(f"`{wanted}.ipynb` is missing. Found: {there}.")


def handed_in(folder: Path) -> str:
    """Return when a submission was handed in, as nbgrader recorded it, or an empty string."""
    try:
        text = read_file(folder / "timestamp.txt", 200).decode().strip()
        parse_utc(text)
        return text
    except (SetAside, ValueError, OverflowError):
        return ""


def file_time(files: list[Path]) -> str:
    """Return the time of the newest file."""
    newest = max(path.lstat().st_mtime for path in files)
    return datetime.fromtimestamp(newest, UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def parse(data: bytes) -> Any:
    """Turn bytes into a notebook with clean cells.

    Raises
    ------
    SetAside
        If they are no notebook.
    """
    try:
        tree = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SetAside(_what(data)) from error
    if not isinstance(tree, dict) or not ("cells" in tree or "worksheets" in tree):
        raise SetAside("The file is not a notebook, though it has the name of one. " + AGAIN)
    version = tree.get("nbformat")
    if version not in (3, 4):
        words = (
            f"The notebook has format {printable(str(version))[:20]}; formats 3 and 4 can be read."
        )
        raise SetAside(words + " Open it in JupyterLab and save it again.")
    if version == 3:
        try:
            tree = nbformat.convert(nbformat.from_dict(tree), 4)
        except Exception as error:
            raise SetAside("The notebook is damaged and cannot be read. " + AGAIN) from error
    listed = tree.get("cells")
    cells = [_clean(cell) for cell in listed] if isinstance(listed, list) else []
    if len(cells) > MOST_CELLS:
        raise SetAside(f"The notebook has {len(cells)} cells; {MOST_CELLS} are allowed.")
    cells = [cell for cell in cells if cell]
    if sum(len(cell.source) for cell in cells) > MOST_CODE:
        raise SetAside(f"The notebook has more than {MOST_CODE:,} characters of text and code.")
    if not cells:
        raise SetAside("The notebook has no cells. " + AGAIN)
    return nbformat.v4.new_notebook(cells=cells)


AGAIN = "Open your notebook in JupyterLab, see that your work is there, save, and hand it in again."


def _what(data: bytes) -> str:
    """Say what a file is that is no notebook."""
    start = data[:2000].lstrip().lower()
    if not data.strip():
        kind = "The file is empty."
    elif start.startswith((b"<!doctype", b"<html")):
        kind = "The file is a web page, not a notebook."
    elif data.startswith(b"PK"):
        kind = "The file is a zip archive or a document, not a notebook."
    elif data.startswith(b"%PDF"):
        kind = "The file is a PDF document, not a notebook."
    elif start.startswith(b"{"):
        kind = "The notebook is damaged; perhaps it was not saved or uploaded to its end."
    else:
        kind = "The file is not a notebook, though it has the name of one."
    return f"{kind} {AGAIN}"


def _clean(cell: Any) -> Any:
    """Build a cell anew from what is needed of it; None if nothing is."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return None
    new = (
        nbformat.v4.new_code_cell if cell["cell_type"] == "code" else nbformat.v4.new_markdown_cell
    )
    made = new(source=printable(source, lines=True))
    identity, metadata = cell.get("id"), cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = mark.get("grade_id") if isinstance(mark, dict) else None
    submitted = {"id": identity, "name": name if isinstance(name, str) else ""}
    made.metadata["submitted"] = submitted
    attachments = cell.get("attachments")
    if made.cell_type == "markdown" and isinstance(attachments, dict):
        made["attachments"] = _pictures(attachments)
    return made


def _pictures(attachments: dict[Any, Any]) -> dict[str, dict[str, str]]:
    """Keep the pictures that were pasted into a text."""
    kept = {}
    for name, data in attachments.items():
        if isinstance(data, dict):
            pictures = {m: d for m, d in data.items() if m in ("image/png", "image/jpeg")}
            if all(
                isinstance(d, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", d)
                for d in pictures.values()
            ):
                kept[str(name)] = pictures
    return kept


def repair(notebook: Any, master: Master) -> list[str]:
    """Bring a parsed notebook in line with the master, in place; return what was done.

    Afterwards each cell that nbgrader knows is there exactly once, with its own metadata;
    what students must not change is as released, with its hidden tests; all other cells are
    the student's and carry no metadata.
    """
    notes: list[str] = []
    cells = notebook.cells
    found: dict[str, Any] = {}
    for name, cell in master.named.items():
        same = [c for c in cells if c.metadata["submitted"]["name"] == name]
        if len(same) > 1:
            notes.append(
                f"`{name}` was there {len(same)} times; the last one that was worked on counts"
            )
            same = [c for c in same if c.source.strip() != cell.source.strip()] or same
        if same:
            found[name] = same[-1]
    _find_unmarked(master, cells, found, notes)
    for name, cell in master.named.items():
        if name not in found:
            found[name] = _add(cell, master, cells, found)
            what = "test" if cell.test else "cell"
            notes.append(f"the {what} `{name}` was missing and was put back")
        elif cell.locked and found[name].source.strip() != cell.source.strip():
            notes.append(f"`{name}` had been changed and is as released again")
    for cell in cells:
        cell.metadata = nbformat.from_dict({})
    for name, submitted in found.items():
        _mark(submitted, master.named[name])
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i}"
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        }
    )
    return notes


def _find_unmarked(
    master: Master, cells: list[Any], found: dict[str, Any], notes: list[str]
) -> None:
    """Recognise cells whose metadata another editor has lost."""
    lost = []
    for name, cell in master.named.items():
        if name in found:
            continue
        taken = [id(c) for c in found.values()]
        free = [c for c in cells if id(c) not in taken and not c.metadata["submitted"]["name"]]
        alike = (
            [c for c in free if cell.id and c.metadata["submitted"]["id"] == cell.id]
            or [c for c in free if c.source.strip() == cell.source.strip()]
            or [c for c in free if _defines_the_same(c, cell)]
        )
        if alike:
            found[name] = alike[-1]
            lost.append(name)
    if lost:
        words = f"the marks of {len(lost)} cells were lost, perhaps in another editor"
        notes.append(f"{words}; the cells were recognised")


def _defines_the_same(submitted: Any, cell: MasterCell) -> bool:
    """Whether both cells of code define the same functions."""
    if submitted.cell_type != "code" or cell.type != "code" or not cell.solution:
        return False
    wanted = names(cell.source).binds
    return bool(wanted) and wanted <= names(submitted.source).binds


def _add(cell: MasterCell, master: Master, cells: list[Any], found: dict[str, Any]) -> Any:
    """Put a missing cell back behind the one that came before it."""
    made = _clean({"cell_type": cell.type, "source": cell.source})
    if cell.solution and not cell.test and cell.type == "markdown":
        made.source += "\n\n(This cell was missing from the submission.)"  # a human should look
    position = 0
    for name in master.named:
        if name == cell.name:
            break
        position = next(i for i, c in enumerate(cells) if c is found[name]) + 1
    cells.insert(position, made)
    return made


def _mark(submitted: Any, cell: MasterCell) -> None:
    """Give a cell nbgrader's metadata and, if it is locked, its released source."""
    if submitted.cell_type != cell.type:
        fresh = _clean({"cell_type": cell.type, "source": submitted.source})
        submitted.clear()
        submitted.update(fresh)
    if cell.locked:
        submitted.source = cell.full
    submitted.metadata = nbformat.from_dict({"nbgrader": dict(cell.mark)})


def printable(text: str, lines: bool = False) -> str:
    """Return a text without half characters and, unless it may have lines, control characters."""
    text = text.encode("utf-8", "replace").decode()
    return text if lines else re.sub(r"[\x00-\x1f\x7f]", "?", text)[:200]
