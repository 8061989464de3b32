"""Read a student's folder: which notebook is meant, and when it was handed in."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from grading.intake import (
    JUNK,
    MOST_CELLS,
    MOST_ENTRIES,
    SetAside,
    printable,
    read_file,
)
from grading.times import in_utc, moment

MOST_READ = 10  # notebooks of a student that are looked into
DEEPEST = 3  # folders within folders in which a notebook is looked for
KNOWN = {"timestamp.txt", "submission_secret.txt"}
DUE = "**Due:** "  # how the cell begins that tells when a notebook is due
COPY = re.compile(
    r"[ _-]*\(\d+\)$|[ _-]+(cop(y|ie|ia)|kopie)[ _-]*\d*$|[ _-]+final$|^copy of ",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class File:
    """A file that a student handed in.

    Attributes
    ----------
    name : str
    read : callable
        Returns its content.
    order : tuple
        What is larger was handed in later, where that is known.
    time : float
        Of the file itself.
    path : Path
    """

    name: str
    read: Callable[[], bytes]
    order: tuple[Any, ...] = ()
    time: float = 0.0
    path: Path = Path()


@dataclass(frozen=True)
class Known:
    """By what a notebook is recognised, whatever its name.

    Attributes
    ----------
    marks : frozenset of str
        nbgrader's names of its cells.
    sources : frozenset of str
        All cells as released.
    """

    marks: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()

    @classmethod
    def of(cls, cells: Iterable[Any]) -> Known:
        """Return what is known of released cells."""
        marks = {cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in cells}
        return cls(frozenset(marks - {""}), frozenset(even(cell.source) for cell in cells))

    def look(self, file: File) -> tuple[bool, int]:
        """Return whether it is this notebook, and 2 if it was worked on, 1 if who knows, 0 if not.

        Half of the cells make a notebook, by marks or by text: two assignments may share some.
        """
        try:
            cells = json.loads(file.read())["cells"][:MOST_CELLS]
            marks, sources = set(), set()
            for cell in cells:
                mark = cell.get("metadata", {}).get("nbgrader") or {}
                marks.add(str(mark.get("grade_id")))
                source = even("".join(cell.get("source", "")))
                if not source.startswith(DUE):  # that may have changed since, and is nobody's work
                    sources.add(source)
        except (SetAside, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return False, 1  # too broken to tell; but its name may
        half = [
            2 * len(found & known) >= len(known)
            for found, known in ((marks, self.marks), (sources, self.sources))
            if known
        ]
        return any(half), 2 if sources - self.sources - {""} else 0


def even(source: str) -> str:
    """Return a cell's source as it is compared: line ends differ between systems."""
    return source.replace("\r\n", "\n").strip()


NOTHING = Known()


@dataclass
class Submission:
    """What a student handed in, read once.

    Attributes
    ----------
    student : str
    notebooks : dict of str to bytes
        By the names of the assignment's notebooks.
    timestamp : str
        When it was handed in, in UTC; empty if not even a guess is possible.
    secret : str
        nbgrader's key for handing back feedback; may be empty.
    guessed_time : bool
        Whether that was not recorded, and is the file's own: nobody is late by it.
    notes : list of str
    """

    student: str
    notebooks: dict[str, bytes] = field(default_factory=dict)
    timestamp: str = ""
    secret: str = ""
    guessed_time: bool = False
    notes: list[str] = field(default_factory=list)


def read_folder(
    folder: Path, student: str, wanted: Mapping[str, Known], home: str = "UTC"
) -> Submission:
    """Read a student's folder: the wanted notebooks, under whatever name they have.

    Parameters
    ----------
    folder : Path
    student : str
    wanted : dict of str to Known
        The assignment's notebooks.
    home : str
        The course's time zone.

    Raises
    ------
    SetAside
        If none of them can be read.
    """
    submission = Submission(student)
    found, others = notebooks_in(folder)
    problems = []
    for name, known in wanted.items():
        try:
            submission.notebooks[name] = choose(name, found, submission.notes, known).read()
        except SetAside as problem:
            problems.append(str(problem))
    if others:
        problems.append(f"other files were not used: {', '.join(map(printable, others[:5]))}")
    if not submission.notebooks:
        raise SetAside(" ".join(problems))
    submission.notes += problems
    recorded = handed_in(folder, home)
    submission.guessed_time = not recorded
    submission.timestamp = recorded or file_time([file.time for file in found])
    try:
        submission.secret = read_file(folder / "submission_secret.txt", 1000).decode()
    except (SetAside, UnicodeDecodeError):
        pass
    return submission


def notebooks_in(folder: Path) -> tuple[list[File], list[str]]:
    """Return the notebooks of a folder, or of folders inside if it has none, and other names."""
    found: list[File] = []
    others: list[str] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not JUNK.fullmatch(name))
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in sorted([*names, *links]):
            path = Path(place) / name
            if stem(name):
                time = path.lstat().st_mtime
                found.append(File(name, partial(read_file, path), time=time, path=path))
            elif not JUNK.fullmatch(name) and name not in KNOWN:
                others.append(str(path.relative_to(folder)))
        deep = len(Path(place).relative_to(folder).parts)
        if found or deep >= DEEPEST or len(others) > MOST_ENTRIES:
            others += [str((Path(place) / name).relative_to(folder)) for name in folders]
            break
    return found, others


def stem(name: str) -> str:
    """Return the name of a notebook without its ending; empty if it is none."""
    for ending in (".ipynb", ".ipynb.txt", ".ipynb.json"):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return ""


def plain(name: str) -> str:
    """Return a name without what systems add to copies."""
    # One ending at a time: a pattern that repeats them takes for ever on some names.
    while (shorter := COPY.sub("", name)) != name:
        name = shorter
    return re.sub(r"[\s_-]+", "-", name).casefold()


def choose(wanted: str, files: list[File], notes: list[str], known: Known = NOTHING) -> File:
    """Choose the file that is meant by a notebook, by its name or else by its cells.

    What was worked on beats what was not, such as an original that was handed in beside a copy.

    Raises
    ------
    SetAside
        If there is none.
    """
    named = [file for file in files if plain(stem(file.name)) == plain(wanted)]
    if len(files) > 1 or not named:
        others = [file for file in files if file not in named]
        looked = {file: known.look(file) for file in (named + others)[:MOST_READ]}
        meant = [file for file, (alike, _) in looked.items() if alike or file in named]
    else:
        looked, meant = {}, named
    if not meant:
        there = ", ".join(f"`{printable(file.name)}`" for file in files[:5]) or "no notebook"
        raise SetAside(f"`{wanted}.ipynb` is missing. Found: {there}.")

    def better(file: File) -> tuple[Any, ...]:
        worked = looked.get(file, (True, 0))[1]
        return worked, file.order, file.name == f"{wanted}.ipynb", file in named, file.time

    best = max(meant, key=better)
    if best.name != f"{wanted}.ipynb":
        notes.append(f"`{printable(best.name)}` was taken for `{wanted}.ipynb`")
    if left := ", ".join(f"`{printable(file.name)}`" for file in meant if file is not best):
        notes.append(f"`{printable(best.name)}` counts, and not {left}")
    return best


def handed_in(folder: Path, home: str = "UTC") -> str:
    """Return when a submission was handed in, in UTC; an empty string if that is not recorded.

    Where the zone is not known, a part of the date is missing, or it can be read in two ways, the
    time may be any: it is none.
    """
    try:
        return in_utc(moment(read_file(folder / "timestamp.txt", 200).decode(), home))
    except (SetAside, ValueError, OverflowError):
        return ""


def file_time(times: Iterable[float]) -> str:
    """Return the newest time of files; an empty string if no calendar has it."""
    try:
        return in_utc(datetime.fromtimestamp(max(times), UTC))
    except (ValueError, OverflowError, OSError):
        return ""
