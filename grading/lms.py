"""What a learning system's own table tells: Canvas's gradebook, Moodle's grading worksheet."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from grading.roster import STUDENTS, Person, Roster, Wrong, rows_of
from grading.times import in_utc, moment

CANVAS, MOODLE = "Canvas", "Moodle"
MINE = {  # what a column of ours is called there
    CANVAS: {"number": "ID", "full": "Student", "login": "SIS Login ID", "other": "SIS User ID"},
    MOODLE: {
        "number": "Identifier",
        "full": "Full name",
        "login": "Username",
        "other": "ID number",
        "email": "Email address",
        "time": "Last modified (submission)",
        "most": "Maximum grade",
    },
}


@dataclass
class Table:
    """A table as the learning system wrote it.

    Attributes
    ----------
    system : str
    header : list of str
    rows : list of list of str
        All rows below it, as they are.
    """

    system: str
    header: list[str]
    rows: list[list[str]]

    def value(self, row: list[str], name: str) -> str:
        """Return a value by the name that it has with us; empty if there is none."""
        column = MINE[self.system].get(name, "")
        at = self.header.index(column) if column in self.header else len(row)
        return row[at].strip() if at < len(row) else ""

    def number(self, row: list[str]) -> str:
        """Return the number by which the system's archives name a student."""
        digits = re.search(r"\d+$", self.value(row, "number"))
        return digits[0] if digits else ""

    def person(self, row: list[str]) -> Person:
        """Return whom a row is about."""
        full, email = self.value(row, "full"), self.value(row, "email")
        first, last = "", full
        if self.system == CANVAS and "," in full:
            last, first = (part.strip() for part in full.split(",", 1))
        login = self.value(row, "login") or self.value(row, "other")
        number = self.number(row)
        shown = login or email or (number if self.system == CANVAS else full)
        canvas = number if self.system == CANVAS else ""
        return Person(shown, first, last, email, canvas)

    def most(self) -> list[list[str]]:
        """Return Canvas's row of what all assignments are worth, if it is there."""
        named = [row for row in self.rows if self.value(row, "full") == "Points Possible"]
        return named if self.system == CANVAS else []

    def worth(self, assignment: str, column: str = "") -> float | None:
        """Return what an assignment is worth there, if the table tells."""
        at = self.column(assignment, column)
        told = [row[at] for row in self.most() if at < len(row)]
        told += [self.value(row, "most") for row in self.rows[:1] if self.system == MOODLE]
        with suppress(ValueError, IndexError):
            return float(told[0].replace(",", "."))
        return None

    def column(self, assignment: str, column: str = "") -> int:
        """Return where an assignment's points are to stand; `column` names it.

        Raises
        ------
        Wrong
            If no column, or more than one, can be the assignment's.
        """
        if column:
            if column not in self.header:
                words = ", ".join(self.header)[:500]
                raise Wrong(f"The table has no column {column}. It has: {words}.")
            return self.header.index(column)
        if self.system == MOODLE:
            found = [i for i, name in enumerate(self.header) if name == "Grade"]
        else:
            wanted = named_like(assignment)
            columns = [
                (i, named_like(re.sub(r"\s*\(\d+\)$", "", n))) for i, n in enumerate(self.header)
            ]
            found = [i for i, name in columns if name == wanted] or [
                i for i, name in columns if wanted in name
            ]
        if len(found) != 1:
            what = f"{len(found) or 'no'} columns for {assignment}: {', '.join(self.header)[:500]}"
            cure = "Make it in English." if self.system == MOODLE else "Give it with --column."
            raise Wrong(f"The table has {what}. {cure}")
        return found[0]


def read_table(path: Path) -> Table:
    """Read the table of a learning system.

    Raises
    ------
    Wrong
        If it is of none that is known.
    """
    header, *rows = rows_of(path) or [[]]
    header = [name.strip() for name in header]
    for system, needed in ((CANVAS, ("Student", "ID")), (MOODLE, ("Identifier", "Grade"))):
        if all(name in header for name in needed):
            return Table(system, header, rows)
    raise Wrong(
        f"{path} is neither Canvas's gradebook (columns Student and ID) nor Moodle's grading "
        f"worksheet (Identifier and Grade; make it in English). It has: {', '.join(header)[:300]}."
    )


def named_like(text: str) -> str:
    """Return a name without all by which systems write the same one differently."""
    apart = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]", "", apart)


def spellings(person: Person) -> set[str]:
    """Return how learning systems may write a person's name."""
    one, other = person.first_name, person.last_name
    return {named_like(one + other), named_like(other + one)} - {""}


@dataclass
class Senders:
    """Who is who in a learning system, as far as its own table tells.

    Attributes
    ----------
    people : dict of str to Person
        By number.
    times : dict of str to str
        When they handed in, by number, in UTC.
    """

    people: dict[str, Person] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Table | None, home: str) -> Senders:
        """Read them off a table."""
        made = cls()
        for row in given.rows if given else ():
            assert given
            if number := given.number(row):
                made.people[number] = given.person(row)
                try:
                    made.times[number] = in_utc(moment(given.value(row, "time"), home, home))
                except ValueError:
                    pass
        return made

    def whose(self, system: str, number: str, name: str, people: Roster) -> tuple[str, str]:
        """Return the id of a sender, and what the instructor should know about how it was found.

        Parameters
        ----------
        system, number, name : str
            As the archive says.
        people : Roster
        """
        if system not in (CANVAS, MOODLE):
            return number, "" if number in people.people or not people.listed else STRANGER
        told = self.people.get(number)
        known = people.people
        if system == CANVAS:
            same = [p.id for p in known.values() if p.lms_user_id == number]
            if same:
                return same[0], ""
        if told:
            ids = {told.id, told.email} - {""}
            same = [p.id for p in known.values() if {p.id, p.email, p.lms_user_id} & ids]
            if len(same) == 1:
                return same[0], ""
        wanted = spellings(told) if told else {named_like(name)} - {""}
        same = [p.id for p in known.values() if spellings(p) & wanted]
        if len(same) == 1:
            return same[0], ""
        if same:
            return "", f"{', '.join(same)} have this name: give the system's table with --table"
        if told:
            return told.id, STRANGER if people.listed else ""
        shown = number if system == CANVAS or not name else name
        return shown, STRANGER if people.listed else ""


STRANGER = f"not in {STUDENTS}"
