"""Collect from the archive that a learning system offers for download, as it is.

How its names are made was read in the systems' sources (Canvas: lib/content_zipper.rb; Moodle:
mod/assign/classes/downloader.php).  All that a student can choose is the end of a name, behind what
the system wrote: it decides nothing about whose file it is.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from grading.book import write_whole
from grading.folder import File, choose, handed_in, notebooks_in, stem
from grading.intake import JUNK, LARGEST, SetAside, printable, read_file, wrong_id
from grading.lateness import DEADLINES, zone
from grading.lms import Senders
from grading.master import Master
from grading.roster import STUDENTS, Person, Roster, Wrong, roster, table
from grading.times import in_utc, moment

MOST_FILES = 100_000  # of an archive
MADE_WITHIN = 15 * 60  # seconds: if all times lie so close, they are those of making the archive
CANVAS = re.compile(
    r"(?:(?P<name>\w*?)_)?(?P<late>LATE_)?(?P<number>\d+|anon_\w+?)_(?P<part>\d+)_(?P<file>[^/]+)"
)
MOODLE = re.compile(
    r"(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_(?P<flat>[^/]*))?(?P<file>/.*)?"
)
ATTEMPT = r"(?:{}_)?(?P<number>[^/]+?)_attempt_(?P<time>\d{{4}}(?:-\d\d){{5}})_(?P<file>[^/]+)"
TREE = r"(?P<number>[^/]+)/{}/(?P<file>.+)"
FOLDER = r"(?P<number>[^/]+)/(?P<file>.+)"


@dataclass(frozen=True)
class Entry:
    """A file of an archive.

    Attributes
    ----------
    path : str
    file : File
    made : datetime or None
        Its time, in the clock of who made the archive.
    told : dict of str to str
        What its name tells: ``name``, ``number``, ``late``, ``part`` and ``file``.
    """

    path: str
    file: File
    made: datetime | None = None
    told: dict[str, str] = field(default_factory=dict)


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


def read_entries(archive: Path) -> list[Entry]:
    """List the files of an archive, or of the folder that a browser made of it.

    Raises
    ------
    Wrong
        If it is neither.
    """
    if archive.is_dir():
        paths = [path for path in sorted(archive.rglob("*")) if path.is_file()]
        made = [
            Entry(path.relative_to(archive).as_posix(), File(path.name, partial(read_file, path)))
            for path in paths[:MOST_FILES]
        ]
    else:
        try:
            opened = zipfile.ZipFile(archive)
        except (OSError, zipfile.BadZipFile) as error:
            words = f"{archive} is no archive that can be read ({error}). Download it once more"
            raise Wrong(f"{words}; what ends in .tar.gz must be made a .zip first.") from None
        if len(opened.infolist()) > MOST_FILES:
            raise Wrong(f"{archive} holds more than {MOST_FILES:,} files. Is it the right one?")
        made = [_entry(opened, info) for info in opened.infolist() if not info.is_dir()]
    return [e for e in made if not any(JUNK.fullmatch(p) for p in e.path.split("/"))]


def _entry(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    path = info.filename
    if not info.flag_bits & 0x800:  # it does not say that it is UTF-8, but may be
        try:
            path = path.encode("cp437").decode()
        except UnicodeError:
            pass
    path = "/".join(part for part in path.replace("\\", "/").split("/") if part not in ("", ".."))
    try:
        made = datetime(*info.date_time)
    except ValueError:
        made = None
    name = PurePosixPath(path).name
    return Entry(path, File(name, partial(unpacked, opened, info, name)), made)


def unpacked(opened: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """Unpack one file, but never more than a notebook may have, whatever the archive says.

    Raises
    ------
    SetAside
        If it is larger, or damaged.
    """
    try:
        with opened.open(info) as file:
            data = file.read(LARGEST + 1)
    except Exception as error:  # a damaged archive raises much else than BadZipFile
        raise SetAside(f"`{printable(name)}` is damaged in the archive ({error}).") from error
    if len(data) > LARGEST:
        raise SetAside(f"`{printable(name)}` is larger than {LARGEST // 2**20} MB.")
    return data


def recognised(entries: list[Entry], assignment: str) -> tuple[str, list[Entry], list[str]]:
    """Tell which system made an archive; return it, the entries it named, and all other paths.

    Raises
    ------
    Wrong
        If none of them did.
    """
    tops = {entry.path.split("/")[0] for entry in entries}
    inner = len(tops) == 1 and all("/" in entry.path for entry in entries)
    best: tuple[str, list[Entry]] = ("", [])
    for system, pattern in {
        "Canvas": CANVAS.pattern,
        "Moodle": MOODLE.pattern,
        "nbgrader's attempts": ATTEMPT.format(re.escape(assignment)),
        "nbgrader's folders": TREE.format(re.escape(assignment)),
        "folders": FOLDER,
    }.items():
        for skip in (0, 1) if inner else (0,):  # packed again, within a folder
            found = []
            for entry in entries:
                path = entry.path.split("/", skip)[-1]
                if told := re.fullmatch(pattern, path):
                    parts = {k: v for k, v in told.groupdict().items() if v}
                    parts["file"] = parts.get("file", parts.get("flat", "")).rsplit("/", 1)[-1]
                    found.append(Entry(path, entry.file, entry.made, parts))
            # What half of all names are made like is the system's; the rest is nobody's.
            if len(found) > len(best[1]) and 2 * len(best[1]) < len(entries):
                best = system, found
    if not best[1]:
        shown = ", ".join(sorted(printable(entry.path) for entry in entries)[:3]) or "nothing"
        raise Wrong(
            f"No name in the archive is one that Canvas, Moodle or nbgrader makes. It holds: "
            f"{shown}. Take the archive as it was downloaded; do not rename its files."
        )
    taken = {id(entry.file) for entry in best[1]}
    return *best, [entry.path for entry in entries if id(entry.file) not in taken]


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
        one.time = senders.times.get(number, "") or time_of(sent, told, home)
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


def prefix_of(system: str, sent: list[Entry]) -> str:
    """Return how the system's names of a student begin."""
    notebooks = [entry for entry in sent if stem(entry.file.name)] or sent
    path, told = notebooks[-1].path, notebooks[-1].told
    if system == "Canvas":
        return path[: -len(told["file"])]
    if system == "Moodle":
        return f"{told['name']}_{told['number']}_assignsubmission_file_"
    return ""


def time_of(sent: list[Entry], told: bool, home: str) -> str:
    """Return when a student handed in, as far as names, a stamp or the archive's times tell."""
    stamps = [entry for entry in sent if entry.file.name == "timestamp.txt"]
    try:
        if stamps:
            return in_utc(moment(stamps[0].file.read()[:200].decode(), home))
        if attempts := [entry.told["time"] for entry in sent if "time" in entry.told]:
            year, month, day, *clock = max(attempts).split("-")
            return in_utc(moment(f"{year}-{month}-{day} {':'.join(clock)}", home, home))
        made = [entry.made for entry in sent if entry.made and stem(entry.file.name)]
        if told and made:
            return in_utc(max(made).replace(tzinfo=ZoneInfo(home)))
    except (ValueError, SetAside):
        pass
    return ""


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
    if not one.files:  # so that the report, and the student, are told what was there instead
        shown = ", ".join(printable(file.name) for file in files[:3])
        notes.append(f"handed in: {shown}; archives inside are not unpacked")
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
    one.said = "; ".join(notes)


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
