"""Look at what arrives before anything runs: which files are meant, and whether they are files."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from dateutil import parser, tz

LARGEST = 20 * 1024 * 1024  # bytes of a notebook
MOST_ENTRIES = 1000  # files that are collected of a student
LONGEST = 200  # bytes of a student's id, which becomes part of names of files
ORDERS: tuple[dict[str, bool], ...] = ({}, {"dayfirst": True}, {"yearfirst": True})
COPY = re.compile(r"([ _-]*\(\d+\)|[ _-]+copy\s*\d*|[ _-]+kopie)$", re.IGNORECASE)


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


def wrong_id(student: str) -> str:
    """Say why a name cannot be a student's id, or return an empty string.

    An id becomes a row of the gradebook, a name of files, and part of patterns in nbgrader's own
    commands, which one odd name stops for everybody.
    """
    if re.search(r"[\ud800-\udfff]", student):
        return "it is not written in UTF-8"
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", student):
        return "it has a line break or another character that cannot be seen"
    if re.search(r"[*?[]", student):
        return "`*`, `?` and `[` have a meaning of their own in nbgrader's commands"
    if student.startswith("."):
        return "nbgrader does not see folders whose names begin with a dot"
    if len(os.fsencode(student)) > LONGEST:
        return f"it is longer than {LONGEST} bytes"
    return ""


def label(folder: str) -> str:
    """Return a name for a folder whose own name cannot be an id; it is nobody's id either."""
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:6]
    return re.sub(r"[^\w .,@+-]", "_", folder)[:40] + f" [{digest}]"


def read_file(path: Path, most: int = LARGEST) -> bytes:
    """Read a regular file that is not too large; never follow a link.

    Raises
    ------
    SetAside
        If it is something else.
    """
    name = printable(path.name)
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise SetAside(f"`{name}` is a link to another place. Hand in the file itself.")
        if not stat.S_ISREG(mode):  # to open a device may do something already
            raise SetAside(f"`{name}` is not an ordinary file. Hand in the notebook itself.")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            status = os.fstat(file.fileno())
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
    paths = sorted(folder.iterdir())
    files = [path for path in paths if stem(path)]
    problems = []
    for name in wanted:
        try:
            path = choose(name, files, submission.notes)
            submission.notebooks[name] = read_file(path)
        except SetAside as problem:
            problems.append(str(problem))
    known = {"timestamp.txt", "submission_secret.txt"}
    others = [path.name for path in paths if not stem(path) and path.name not in known]
    if others:
        problems.append(f"other files were not used: {', '.join(map(printable, others[:5]))}")
    if not submission.notebooks:
        raise SetAside(" ".join(problems))
    submission.notes += problems
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
        # One ending at a time: a pattern that repeats them takes for ever on some names.
        while (shorter := COPY.sub("", name)) != name:
            name = shorter
        return re.sub(r"[\s_-]+", "-", name).casefold()

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
    """Return when a submission was handed in, in UTC; an empty string if that is not recorded.

    Where the zone is not known, a part of the date is missing, or it can be read in two ways (is
    07/01 in July?), the time may be any: it is none.
    """
    try:
        text = read_file(folder / "timestamp.txt", 200).decode()
        *words, last = text.split()
        place = tz.gettz(last) if re.fullmatch(r"[A-Za-z][\w/+-]*", last) else None

        def zone(name: str | None, seconds: int | None) -> tzinfo:
            if name and seconds is None:
                raise ValueError(f"the zone {name} is not known")
            return place or UTC if seconds is None else tz.tzoffset(None, seconds)

        text = " ".join(words) if place else text
        orders = (
            ({},) if re.match(r"\s*\d{4}(\D|\d{4}T)", text) else ORDERS
        )  # then the month comes next
        moments = {  # what is missing is taken from the default
            parser.parse(text, default=default, tzinfos=zone, **order)
            for default in (datetime(2000, 1, 1), datetime(2004, 2, 2))
            for order in orders
        }
        return in_utc(moments.pop()) if len(moments) == 1 else ""
    except Exception:  # the parser raises much else than ValueError
        return ""


def file_time(files: list[Path]) -> str:
    """Return the time of the newest file; an empty string if no calendar has it."""
    try:
        return in_utc(datetime.fromtimestamp(max(path.lstat().st_mtime for path in files), UTC))
    except (ValueError, OverflowError, OSError):
        return ""


def in_utc(moment: datetime) -> str:
    """Return a moment as nbgrader writes it."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(' ', 'microseconds')} UTC"


def printable(text: str, lines: bool = False) -> str:
    """Return a text without half characters and, unless it may have lines, control characters."""
    text = text.encode("utf-8", "replace").decode()
    return text if lines else re.sub(r"[\x00-\x1f\x7f]", "?", text)[:200]
