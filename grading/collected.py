"""Put what an archive holds into the folders of students, and say what was taken for whom."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from grading.archives import MADE_WITHIN, Entry, prefix_of, read_entries, recognised, time_of
from grading.book import write_whole
from grading.folder import File, choose, handed_in, notebooks_in, stem
from grading.intake import SetAside, printable, wrong_id
from grading.lateness import DEADLINES, zone
from grading.lms import Senders
from grading.master import Master
from grading.roster import STUDENTS, Person, Roster, roster, table

ARCHIVES = (".zip", ".gz", ".tar", ".rar", ".7z")


@dataclass
class Taken:
    """What came of one sender.

    Attributes
    ----------
    student, system, number, name : str
        ``number`` and ``name`` are the learning system's.
    prefix : str
        With which the system's files of this student begin; feedback must, too.
    late : bool
        Whether the system says so.
    time : str
        In UTC; empty if nothing tells it.
    files : list of str
        That were taken.
    said : str
        What the instructor should know.
    """

    student: str
    system: str
    number: str
    name: str
    prefix: str
    late: bool = False
    time: str = ""
    files: list[str] = field(default_factory=list)
    said: str = ""


def collect(
    coursedir: CourseDirectory,
    masters: list[Master],
    archive: Path,
    senders: Senders,
) -> tuple[list[Taken], list[str]]:
    """Put what an archive holds into the folders of the students; say what was taken for whom.

    Parameters
    ----------
    coursedir : CourseDirectory
    masters : list of Master
        The assignment's notebooks.
    archive : Path
    senders : Senders
        What the learning system's own table tells of who is who, and when they handed in.

    Returns
    -------
    list of Taken, list of str
        What came of each sender, and the paths that nobody sent.

    Raises
    ------
    Wrong
        If the archive cannot be read.
    """
    assignment, home = masters[0].assignment, zone(coursedir)
    system, entries, others = recognised(read_entries(archive), assignment)
    people = roster(coursedir)
    by_sender: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_sender[entry.told["number"]].append(entry)
    times = sorted(entry.made for entry in entries if entry.made)
    told = system != "Canvas" and bool(times)  # Canvas's are those of making the archive
    told = told and (times[-1] - times[0]).total_seconds() > MADE_WITHIN
    taken: list[Taken] = []
    placed: list[Taken] = []
    for number, sent in by_sender.items():
        first = sent[0].told
        name = first.get("name", "")
        one = Taken("", system, number, name, prefix_of(system, sent))
        one.late = "late" in first
        one.student, one.said = senders.whose(system, number, name, people)
        one.time = senders.times.get(number, "") or time_of(system, sent, told, home)
        taken.append(one)
    shared = {s for s, count in Counter(one.student for one in taken).items() if s and count > 1}
    for one in taken:
        number, sent = one.number, by_sender[one.number]
        if one.student in shared:
            one.said = f"{one.name or one.number} and another are both taken for {one.student}"
            one.said += f": give them different rows in {STUDENTS}"
        elif len({entry.told.get("name") for entry in sent}) > 1:
            one.said = f"two names go by the number {number}: look into the archive"
        elif not one.student:
            continue
        elif people[one.student].withdrawn:
            one.said = "has withdrawn"
        elif problem := wrong_id(one.student) or ("/" in one.student and "it has a slash"):
            one.said = f"the name cannot be a student's id: {problem}"
        else:
            place(coursedir, masters, one, sent)
            placed.append(one)
    remember_names(coursedir, placed, senders, people)
    remember(coursedir, assignment, taken, placed)
    return taken, others


def place(coursedir: CourseDirectory, masters: list[Master], one: Taken, sent: list[Entry]) -> None:
    """Choose a student's notebooks, and write them."""
    target = coursedir.format_path(
        coursedir.submitted_directory, one.student, masters[0].assignment
    )
    folder, notes = Path(target), [one.said] if one.said else []
    files = [
        File(
            entry.told["file"],
            entry.file.read,
            (entry.told.get("time", ""), int(entry.told.get("part", 0))),
            entry.made.timestamp() if entry.made else 0,
        )
        for entry in sent
    ]
    found = [file for file in files if stem(file.name)]
    before = {file.name: file for file in notebooks_in(folder)[0]} if folder.is_dir() else {}
    news = False
    for master in masters:
        try:
            best = choose(master.notebook, found, notes, master.known)
            data = best.read()
            old = before.get(f"{master.notebook}.ipynb")
            if old and master.known.look(old)[1] == 2 and master.known.look(best)[1] == 0:
                notes.append("what was collected before stays, for this is not worked on")
                continue
            news = news or not old or old.read() != data
            write_whole(folder / f"{master.notebook}.ipynb", data)
            one.files.append(best.name)
        except SetAside as problem:
            notes.append(str(problem))
    if not one.files and not before:  # so that the report, and the student, are told what was there
        shown = ", ".join(printable(file.name) for file in files[:3])
        packed = any(Path(file.name).suffix.lower() in ARCHIVES for file in files)
        notes.append(f"handed in: {shown}" + "; archives inside are not unpacked" * packed)
        for file in files[:3]:
            with suppress(SetAside):
                name = re.sub(r"[^\w .()-]", "_", file.name)[-100:].lstrip(".") or "file"
                write_whole(folder / name, file.read())
        folder.mkdir(parents=True, exist_ok=True)
    if one.files:
        stamp = folder / "timestamp.txt"
        if one.time:
            write_whole(stamp, one.time)
        elif news and handed_in(folder):
            stamp.unlink()  # it was that of other work
        if one.late and not one.time:
            notes.append(
                f"late, says {one.system}, whose archive does not tell by how much: write the "
                f"time into the column handed_in of {DEADLINES}"
            )
    one.said = "; ".join(note.rstrip(".") for note in notes)


def remember_names(
    coursedir: CourseDirectory, taken: list[Taken], senders: Senders, people: Roster
) -> None:
    """Let the gradebook know the names of those whom it did not know."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as book:
        for one in taken:
            if one.student not in people.people:
                told = senders.people.get(one.number, Person(one.student, "", one.name))
                names = {"first_name": told.first_name, "last_name": told.last_name}
                names |= {"email": told.email, "lms_user_id": told.lms_user_id}
                book.update_or_create_student(
                    one.student, **{name: value or None for name, value in names.items()}
                )


def remember(
    coursedir: CourseDirectory, assignment: str, taken: list[Taken], placed: list[Taken]
) -> None:
    """Keep who is who in the learning system, for the way back."""
    known = remembered(coursedir, assignment) | {one.student: one for one in placed}
    folder = Path(coursedir.root) / "downloaded" / assignment
    text = json.dumps([vars(one) for one in known.values()], indent=1)
    write_whole(folder / "collected.json", text)
    columns = "student system number name late time files said".split()
    rows = [[" ".join(map(str, v)) if isinstance(v := vars(one)[c], list) else v for c in columns]
            for one in taken]  # fmt: skip
    write_whole(folder / "collected.csv", "\ufeff" + table([columns, *rows]))


def remembered(coursedir: CourseDirectory, assignment: str) -> dict[str, Taken]:
    """Return what was collected, by student."""
    path = Path(coursedir.root) / "downloaded" / assignment / "collected.json"
    try:
        told: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {one["student"]: Taken(**one) for one in told}
