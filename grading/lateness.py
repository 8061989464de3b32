"""What lateness costs whom: due dates, extensions and excuses, all in one table, deadlines.csv."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from grading.roster import Wrong, nearest, records, yes
from grading.times import in_words, moment

DEADLINES = "deadlines.csv"
COLUMNS = "assignment student due extension excused handed_in per_day rounding remark".split()
UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}


@dataclass(frozen=True)
class Terms:
    """The terms on which one student hands in one assignment.

    Attributes
    ----------
    due, handed_in : datetime or None
        In UTC.  The second is set where no other record tells it, as for Canvas.
    extension : timedelta
    excused : bool
    per_day : str
        What each day that has begun costs: points, or ``10%`` of those to be had.  If empty,
        nbgrader's plugin decides.
    rounding : float
        The points are a multiple of it, such as 0.5; 0 for no rounding.
    """

    due: datetime | None = None
    extension: timedelta = timedelta()
    excused: bool = False
    handed_in: datetime | None = None
    per_day: str = ""
    rounding: float = 0.0

    def penalty(self, late: float, worth: float, share: float = 1.0) -> float | None:
        """Return what so many seconds cost; None if the plugin decides.

        Parameters
        ----------
        late : float
        worth, share : float
            The points of a notebook, and its part of those of the assignment.
        """
        if self.excused:
            return 0.0
        if not self.per_day:
            return None
        days = math.ceil(late / UNITS["day"])
        value = float(self.per_day.rstrip("% "))
        return days * (value * worth / 100 if self.per_day.endswith("%") else value * share)

    def rounded(self, points: float) -> float:
        """Return points as they count; halves are rounded up."""
        if not self.rounding:
            return round(points, 2)
        return round(math.floor(points / self.rounding + 0.5) * self.rounding, 6)


def zone(coursedir: CourseDirectory) -> str:
    """Return the course's time zone: nbgrader's own setting."""
    config = (coursedir.parent or coursedir).config  # its own may be older than the settings
    return str(config.Exchange.get("timezone", "UTC"))


class Deadlines:
    """The table of a course; empty if there is none.

    Parameters
    ----------
    root : Path
    home : str
        The course's time zone.

    Raises
    ------
    Wrong
        If a value cannot be read.
    """

    def __init__(self, root: Path, home: str = "UTC") -> None:
        self.path, self.home = root / DEADLINES, home
        self.rows: dict[tuple[str, str], dict[str, str]] = {}
        for number, row in records(self.path, ("assignment",)) if self.path.exists() else ():
            if odd := sorted(set(row) - set(COLUMNS)):
                raise Wrong(f"{DEADLINES} has a column {odd[0]}. {nearest(odd[0], COLUMNS)}")
            key = row["assignment"], row.get("student", "")
            if key in self.rows:
                raise Wrong(f"Row {number} of {DEADLINES} is for the same as an earlier one.")
            self.rows[key] = {name: value for name, value in row.items() if value}
            self._read(self.rows[key], number)

    def _read(self, row: dict[str, str], number: int) -> Terms:
        """Read the values of a row."""

        def told(column: str, why: object) -> Wrong:
            return Wrong(f"Row {number} of {DEADLINES}: {column} `{row[column]}` is wrong, {why}.")

        times: dict[str, datetime] = {}
        for column in ("due", "handed_in"):
            try:
                if column in row:
                    times[column] = moment(row[column], self.home, self.home)
            except ValueError as error:
                raise told(column, f"{error}; write 2030-01-08 23:59 {self.home}") from None
        extension = re.fullmatch(r"(\d+)\s*(minute|hour|day|week)s?", row.get("extension", ""))
        if "extension" in row and not extension:
            raise told("extension", "write it as 3 days, or 12 hours")
        if not re.fullmatch(r"(\d+(\.\d+)? ?%?)?", row.get("per_day", "")):
            raise told("per_day", "write points, as 1.5, or a part of them, as 10%")
        if not re.fullmatch(r"(\d*\.?\d+)?", row.get("rounding", "")):
            raise told("rounding", "write what points are a multiple of, as 0.5")
        return Terms(
            times.get("due"),
            timedelta(seconds=int(extension[1]) * UNITS[extension[2]] if extension else 0),
            yes(row.get("excused", "")),
            times.get("handed_in"),
            row.get("per_day", ""),
            float(row.get("rounding", 0)),
        )

    def check(self, assignments: Iterable[str], students: Iterable[str]) -> None:
        """Refuse names that nobody has.

        Raises
        ------
        Wrong
            With the names that are most like them.
        """
        assignments, students = list(assignments), list(students)
        for assignment, student in self.rows:
            if assignment and assignment not in assignments:
                words = f"{DEADLINES} names the assignment {assignment}, which was not released."
                raise Wrong(f"{words} {nearest(assignment, assignments)}")
            if student and student not in students:
                words = f"{DEADLINES} names the student {student}, whom nobody knows."
                raise Wrong(f"{words} {nearest(student, students)}")

    def terms(self, assignment: str, student: str = "") -> Terms:
        """Return the terms of a student, or of all; what is said for one beats what is for all."""
        merged: dict[str, str] = {}
        for key in (("", ""), (assignment, ""), ("", student), (assignment, student)):
            merged |= self.rows.get(key, {})
        return self._read(merged, 0)

    def due_in_words(self, assignment: str, stored: datetime | None = None) -> str:
        """Return when an assignment is due, for students; empty if that is not said."""
        due = self.terms(assignment).due or (stored and stored.replace(tzinfo=UTC))
        return in_words(due, self.home) if due else ""
