"""Tables that people keep in a spreadsheet, and the one of a course's students."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from grading.intake import wrong_id

STUDENTS = "students.csv"
NO = ("", "0", "no", "false", "n", "-")
FORMULA = re.compile(r"[=\t\r]|[-+@](?!\w*$)")  # `-5` and `@home` are ids that must match
INNER = re.compile(r"([;\t]\s*)(?=[=+@-])")  # a spreadsheet may end a cell at a semicolon


class Wrong(Exception):
    """Something that the instructor wrote is wrong; the words say what, and the cure."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known names are most like one that is not known."""
    known = list(known)
    lower = {one.casefold(): one for one in known}
    like = [lower[one] for one in get_close_matches(name.casefold(), lower, n=3, cutoff=0.5)]
    if like:
        return f"Did you mean {' or '.join(like)}?"
    return f"Known are: {', '.join(sorted(known)[:10]) or 'none'}."


def text_of(path: Path) -> str:
    """Read a table as text: UTF-8, or what Excel writes, with or without a byte order mark."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Wrong(f"The table {path} cannot be read: {error.strerror}.") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def rows_of(path: Path) -> list[list[str]]:
    """Read a table whose columns are divided by commas, semicolons or tabs."""
    text = text_of(path)
    said = re.match(r"sep=(.)\r?\n", text)  # which is how Excel is told
    text = text[said.end() :] if said else text
    first = text.lstrip().split("\n", 1)[0]
    divider = said[1] if said else max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=divider))
    except csv.Error as error:
        raise Wrong(f"The table {path} is damaged: {error}.") from error
    return [row for row in rows if any(value.strip() for value in row)]


def records(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the values of each row, by the names of the columns in lower case.

    Raises
    ------
    Wrong
        If a column that is needed is not there.
    """
    header, *rows = rows_of(path) or [[]]
    names = [re.sub(r"[\s-]+", "_", name.strip().lower()) for name in header]
    for name in needed:
        if name not in names:
            raise Wrong(f"{path.name} has no column {name}. Its columns are: {', '.join(names)}.")
    for number, row in enumerate(rows, 2):
        yield number, dict(zip(names, (value.strip() for value in row), strict=False))


def yes(value: str) -> bool:
    """Whether a table says yes."""
    return value.strip().lower() not in NO


def plain(value: Any) -> Any:
    """Return a value for a table; a text that a spreadsheet would compute stays a text."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = INNER.sub(r"\1'", value)
        return "'" + value if FORMULA.match(value) else value
    return value


def table(rows: Iterable[Iterable[Any]], guarded: bool = True) -> str:
    """Return a table as text, which a spreadsheet may open without running what stands there."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([plain(v) if guarded else v for v in row] for row in rows)
    return buffer.getvalue()


@dataclass(frozen=True)
class Person:
    """A student.

    Attributes
    ----------
    id, first_name, last_name, email, lms_user_id : str
    withdrawn : bool
        Whether they left: they are in no report and no table any more.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    withdrawn: bool = False

    @property
    def name(self) -> str:
        """First and last name, or else the id."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.id

    @property
    def called(self) -> str:
        """The name, and the id if that is something else."""
        return self.name if self.name == self.id else f"{self.name} ({self.id})"


FIELDS = ("first_name", "last_name", "email", "lms_user_id")


@dataclass
class Roster:
    """The students of a course: those of the gradebook, as students.csv says today.

    Attributes
    ----------
    people : dict of str to Person
    listed : bool
        Whether there is a table of students, so that all others are strangers.
    """

    people: dict[str, Person] = field(default_factory=dict)
    listed: bool = False

    def __getitem__(self, student: str) -> Person:
        return self.people.get(student, Person(student))

    @property
    def withdrawn(self) -> set[str]:
        """Who left."""
        return {person.id for person in self.people.values() if person.withdrawn}


def roster(coursedir: CourseDirectory) -> Roster:
    """Read students.csv, if there is one, into the gradebook; return all students.

    Raises
    ------
    Wrong
        If the table has no column ``id``, one that cannot be one, or names a student twice.
    """
    found: dict[str, Person] = {}
    path = Path(coursedir.root) / STUDENTS
    for number, row in records(path, ("id",)) if path.exists() else ():
        told = {name: row.get(name, "") for name in FIELDS}
        if not row["id"]:
            raise Wrong(f"Row {number} of {STUDENTS} has no id.")
        if problem := wrong_id(row["id"]):
            cure = "If letters became question marks, save the table as CSV UTF-8."
            raise Wrong(f"Row {number} of {STUDENTS}: {row['id']} is no id: {problem}. {cure}")
        if row["id"] in found:
            raise Wrong(f"Row {number} of {STUDENTS} names {row['id']} again: keep one of the two.")
        found[row["id"]] = Person(row["id"], withdrawn=yes(row.get("withdrawn", "")), **told)
    with Gradebook(coursedir.db_url, coursedir.course_id) as book:
        known = {
            s.id: Person(s.id, **{name: getattr(s, name) or "" for name in FIELDS})
            for s in book.students
        }
        for person in found.values():
            before = known.get(person.id, Person(person.id))
            told = {name: getattr(person, name) or getattr(before, name) for name in FIELDS}
            found[person.id] = Person(person.id, withdrawn=person.withdrawn, **told)
            if not person.withdrawn and (
                person.id not in known or told != {f: getattr(before, f) for f in FIELDS}
            ):
                filled = {name: value or None for name, value in told.items()}
                book.update_or_create_student(person.id, **filled)
    return Roster(known | found, bool(found))
