"""Give grades and feedback back to a learning system, and to those who could not be graded.

An import of ours overwrites no score that we do not know: it names only students whose score there
is blank, or still the one that we handed back before.  (Canvas takes a blank cell for a change and
would erase a score, so whoever has none here has no row; Moodle skips blank ones.)
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from grading.book import Book, write_whole
from grading.collected import Taken, remembered
from grading.export import scores
from grading.intake import wrong_id
from grading.lms import CANVAS, MOODLE, Table
from grading.roster import Roster, Wrong, roster, table
from grading.run import FAILED, SET_ASIDE

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1>
{body}
</body></html>
"""


@dataclass
class HandedBack:
    """What was written for the way back.

    Attributes
    ----------
    folder : Path
    files : list of str
        Names in it.
    kept : list of tuples
        Whose score there was not ours, so that it stays: student, theirs, ours.
    missing : list of str
        Graded students whom the learning system's table does not name.
    worth : tuple of float
        What the assignment is worth there, and here.
    waiting : int
        Students with an answer that nobody has read yet, who have no points so far.
    """

    folder: Path
    files: list[str] = field(default_factory=list)
    kept: list[tuple[str, str, float]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    waiting: int = 0
    worth: tuple[float, float] = (0.0, 0.0)


def hand_back(
    coursedir: CourseDirectory,
    book: Book,
    given: Table | None = None,
    column: str = "",
    feedback: NbGraderAPI | None = None,
) -> HandedBack:
    """Write all that goes back to students, into the folder ``handed-back``.

    Parameters
    ----------
    coursedir : CourseDirectory
    book : Book
    given : Table, optional
        As it was downloaded from the learning system: it is filled in.
    column : str
        Its column for the assignment, where that cannot be told.
    feedback : NbGraderAPI, optional
        Makes the pages of feedback anew.

    Raises
    ------
    Wrong
        If the table does not fit the assignment.
    """
    assignment = book.assignment
    made = HandedBack(Path(coursedir.root) / "handed-back" / assignment)
    if feedback:
        told = feedback.generate_feedback(assignment, force=True)
        if not told["success"] and "No notebooks were matched" not in told.get("log", ""):
            raise Wrong(f"nbgrader could not make the feedback:\n{told['error']}")
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        points = scores(gradebook, book)
        worth = float(gradebook.find_assignment(assignment).max_score)
        lateness = {
            s.student_id: s.late_submission_penalty
            for s in gradebook.assignment_submissions(assignment)
        }
    people, records = roster(coursedir), book.records()
    for left in people.withdrawn:
        points.pop(left, None)
        records.pop(left, None)
    made.waiting = sum(earned is None for earned in points.values())
    sent = remembered(coursedir, assignment)
    not_graded = {
        student: record["reason"]
        for student, record in records.items()
        if record["state"] in (SET_ASIDE, FAILED)
    }
    if given:
        fill_in(made, given, column, book, points, people, sent)
        made.worth = given.worth(assignment, column) or worth, worth
    rows: list[list[Any]] = [["name", "email", "id", "points", "reason"]]
    for student in sorted({*points, *records, *(people.people if people.listed else ())}):
        person = people[student]
        if person.withdrawn:
            continue
        reason = not_graded.get(student, "") or why(student, points, lateness, records)
        rows.append([person.name, person.email, student, points.get(student), reason])
    keep(made, "mail-merge.csv", "\ufeff" + table(rows))
    said = [
        f"<h2>{escape(people[student].called)}</h2><p>{escape(people[student].email)}</p>"
        f"<p>{escape(reason.replace('`', ''))}</p>"
        for student, reason in sorted(not_graded.items())
    ]
    title = f"{assignment}: who could not be graded"
    body = "\n".join(said) or "<p>Nobody.</p>"
    keep(made, "not-graded.html", PAGE.format(title=title, body=body))
    pack(made, coursedir, assignment, sent, {*points, *not_graded}, not_graded)
    return made


def why(
    student: str,
    points: dict[str, float | None],
    lateness: dict[str, float],
    records: dict[str, dict[str, object]],
) -> str:
    """Say what a student with these points should know."""
    if student not in points:
        return "nothing was handed in"
    if points[student] is None:
        return "not graded to the end yet"
    notes = records.get(student, {}).get("notes", [])
    assert isinstance(notes, list)
    late = [f"late, which costs {lateness[student]:g}"] if lateness.get(student) else []
    return "; ".join([*late, *notes])


def fill_in(
    made: HandedBack,
    given: Table,
    column: str,
    book: Book,
    points: dict[str, float | None],
    people: Roster,
    sent: dict[str, Taken],
) -> None:
    """Write the learning system's table with our points, for those of whom we may."""
    at = given.column(book.assignment, column)
    memory = made.folder / "handed-back.json"
    before = json.loads(memory.read_text(encoding="utf-8")) if memory.exists() else {}
    by_number = {one.number: one.student for one in sent.values() if one.system == given.system}
    by_id = {name: p.id for p in people.people.values() for name in (p.email, p.id) if name}
    by_canvas = {p.lms_user_id: p.id for p in people.people.values() if p.lms_user_id}
    if given.system == CANVAS:
        by_number = by_canvas | by_number
    rows, done = [given.header], set()
    rows += given.most()
    for row in given.rows:
        told, number = given.person(row), given.number(row)
        student = by_number.get(number) or by_id.get(told.id) or by_id.get(told.email, "")
        ours = points.get(student)
        if not student or ours is None:
            continue
        done.add(student)
        theirs = row[at].strip() if at < len(row) else ""
        if same(theirs, ours) or theirs in ("", "-") or same(theirs, before.get(student)):
            before[student] = ours
            rows.append([*row[:at], f"{ours:g}", *row[at + 1 :]])
        else:
            made.kept.append((people[student].called, theirs, ours))
    if given.system == CANVAS:  # all other columns may have changed since
        first = [i for i, n in enumerate(given.header) if n in COLUMNS]
        rows = [[row[i] for i in [*first, at] if i < len(row)] for row in rows]
    keep(made, f"{given.system.lower()}.csv", table(rows, guarded=False))
    write_whole(memory, json.dumps(before, indent=1))
    graded = {student for student, earned in points.items() if earned is not None}
    made.missing = sorted(people[student].called for student in graded - done)


COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def same(theirs: str, ours: float | None) -> bool:
    """Whether a score there is one of ours, as systems write numbers."""
    try:
        return ours is not None and abs(float(theirs.replace(",", ".")) - ours) < 0.005
    except ValueError:
        return False


def keep(made: HandedBack, name: str, text: str) -> None:
    """Write one of the files."""
    write_whole(made.folder / name, text)
    made.files.append(name)


def pack(
    made: HandedBack,
    coursedir: CourseDirectory,
    assignment: str,
    sent: dict[str, Taken],
    students: set[str],
    not_graded: dict[str, str],
) -> None:
    """Pack the pages of feedback, under the names that each learning system takes."""
    by_system: dict[str, dict[str, str]] = {}
    for student in sorted(students):
        if wrong_id(student):
            continue
        one = sent.get(student, Taken(student, "", "", "", ""))
        step = coursedir.feedback_directory
        folder = Path(coursedir.format_path(step, student, assignment))
        pages = {
            path.name: path.read_text(encoding="utf-8", errors="replace")
            for path in sorted(folder.glob("*.html"))
        }
        if student in not_graded:
            words = f"<p>{escape(not_graded[student].replace('`', ''))}</p>"
            title = f"{assignment}: not graded"
            pages = {f"{assignment} not graded.html": PAGE.format(title=title, body=words)}
        start = {CANVAS: one.prefix, MOODLE: f"{one.prefix}/"}.get(one.system, f"{student}/")
        files = by_system.setdefault(one.system if one.system in (CANVAS, MOODLE) else "", {})
        files |= {start + name: text for name, text in pages.items()}
    for system, files in by_system.items():
        name = f"feedback-{system.lower()}.zip" if system else "feedback.zip"
        made.folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(made.folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, text in files.items():
                archive.writestr(path, text)
        made.files.append(name)
