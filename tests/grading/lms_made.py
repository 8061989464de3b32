"""Archives and tables as learning systems make them, of people who are made up."""

from __future__ import annotations

import csv
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

MADE = datetime(2030, 1, 20, 9, 0, 0)  # when the archive was


@dataclass(frozen=True)
class Sent:
    """One file that somebody handed in."""

    first: str
    last: str
    number: int
    data: bytes
    name: str = "01-averages.ipynb"
    late: bool = False
    at: datetime = datetime(2030, 1, 2, 3, 4, 6)

    @property
    def login(self) -> str:
        """A name without anything odd."""
        name = unicodedata.normalize("NFKD", f"{self.first}{self.last}".lower())
        return re.sub(r"[^a-z]", "", name) + str(self.number)

    @property
    def email(self) -> str:
        """An address."""
        return f"{self.login}@example.org"


def write(path: Path, entries: list[tuple[str, bytes, datetime]]) -> Path:
    """Write an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, at in entries:
            info = zipfile.ZipInfo(name, at.timetuple()[:6])
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def squashed(sent: Sent) -> str:
    """A name as Canvas writes it into names of files."""
    return re.sub(r"[^\w]", "", f"{sent.last}, {sent.first}".lower())


def canvas(path: Path, sent: list[Sent]) -> Path:
    """What Canvas's "Download Submissions" gives: all entries bear the time of making it."""
    entries = []
    for i, one in enumerate(sent):
        late = "LATE_" if one.late else ""
        name = re.sub(r'[\x00/\\:*?"<>|]+', "_", one.name)
        made = MADE + timedelta(seconds=i // 10)
        entries.append((f"{squashed(one)}_{late}{one.number}_{9000 + i}_{name}", one.data, made))
    return write(path, entries)


def moodle(path: Path, sent: list[Sent], blind: bool = False, folders: bool = True) -> Path:
    """What Moodle's "Download all submissions" gives, with the times of the files."""
    entries = []
    for one in sent:
        full = "Participant" if blind else f"{one.first} {one.last}".replace("_", " ")
        start = f"{full}_{one.number}_assignsubmission_file"
        entries.append(
            (f"{start}/{one.name}" if folders else f"{start}_{one.name}", one.data, one.at)
        )
    return write(path, entries)


def attempts(path: Path, sent: list[Sent], assignment: str) -> Path:
    """What nbgrader's own manual shows for `nbgrader zip_collect`."""
    return write(
        path,
        [
            (f"{assignment}_{s.login}_attempt_{s.at:%Y-%m-%d-%H-%M-%S}_{s.name}", s.data, MADE)
            for s in sent
        ],
    )


def students(path: Path, sent: list[Sent]) -> None:
    """The table of students, as Excel saves it in Europe."""
    with path.open("w", encoding="cp1252", errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["id", "first_name", "last_name", "email", "lms_user_id", "withdrawn"])
        for s in {one.number: one for one in sent}.values():
            writer.writerow([s.login, s.first, s.last, s.email, s.number, ""])


def gradebook(path: Path, sent: list[Sent], column: str, scores: dict[int, str]) -> Path:
    """What Canvas's gradebook exports."""
    rows: list[list[object]] = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Homework 0 (11)", column],
        ["    Points Possible", "", "", "", "", "5.0", "15.0"],
    ]
    for s in {one.number: one for one in sent}.values():
        name = f"{s.last}, {s.first}"
        rows.append([name, s.number, "", s.login, "EM", "4.5", scores.get(s.number, "")])
    return written(path, rows)


def worksheet(path: Path, sent: list[Sent], scores: dict[int, str]) -> Path:
    """What Moodle's "Download grading worksheet" gives."""
    header = "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    header += "Last modified (submission),Last modified (grade),Feedback comments"
    rows: list[list[object]] = [header.split(",")]
    for s in {one.number: one for one in sent}.values():
        at = f"{s.at:%A}, {s.at.day} {s.at:%B %Y, %I:%M %p}"
        status = "Submitted for grading"
        told = [f"Participant {s.number}", f"{s.first} {s.last}", s.email, status]
        rows.append([*told, scores.get(s.number, ""), "15.00", "Yes", at, "-", ""])
    return written(path, rows)


def written(path: Path, rows: list[list[object]]) -> Path:
    """Write a table."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path
