"""Collect from the archive that a learning system offers for download, as it is.

How its names are made was read in the systems' sources (Canvas: lib/content_zipper.rb; Moodle:
mod/assign/classes/downloader.php).  All that a student can choose is the end of a name, behind what
the system wrote: it decides nothing about whose file it is.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from grading.folder import File, stem
from grading.intake import JUNK, LARGEST, SetAside, printable, read_file
from grading.roster import Wrong
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
    named = {
        "Canvas": CANVAS.pattern,
        "Moodle": MOODLE.pattern,
        "nbgrader's attempts": ATTEMPT.format(re.escape(assignment)),
        "nbgrader's folders": TREE.format(re.escape(assignment)),
    }
    skips = (0, 1) if inner else (0,)  # packed again, within a folder
    # The outer name counts: where only one student's folder is there, its files may be called
    # anything.
    tries = [(*one, skip) for skip in skips for one in named.items()]
    for system, pattern, skip in [*tries, *(("folders", FOLDER, skip) for skip in skips)]:
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


def prefix_of(system: str, sent: list[Entry]) -> str:
    """Return how the system's names of a student begin."""
    notebooks = [entry for entry in sent if stem(entry.file.name)] or sent
    path, told = notebooks[-1].path, notebooks[-1].told
    if system == "Canvas":
        return path[: -len(told["file"])]
    if system == "Moodle":
        return f"{told['name']}_{told['number']}_assignsubmission_file_"
    return ""


def time_of(system: str, sent: list[Entry], told: bool, home: str) -> str:
    """Return when a student handed in, as far as names, a stamp or the archive's times tell."""
    own = system in ("Canvas", "Moodle")  # whatever lies beside a notebook there is the student's
    stamps = [entry for entry in sent if not own and entry.file.name == "timestamp.txt"]
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
