"""One page about an assignment: who is graded, what was lost, what to teach tomorrow."""

from __future__ import annotations

import difflib
import os
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
from jinja2 import Environment, PackageLoader
from nbgrader.utils import is_solution

from grading.alike import Pair, copies, pairs
from grading.book import Book, write_whole
from grading.changes import Record, total
from grading.intake import wrong_id
from grading.master import Master
from grading.roster import Roster, table
from grading.run import FAILED, GRADED, SET_ASIDE, TROUBLE
from grading.voices import Voices, gathered

STATES = (GRADED, TROUBLE, SET_ASIDE, FAILED)
BARS = 10
MARK = re.compile(r"^.*(BEGIN|END) SOLUTION.*$", re.MULTILINE)  # not students' to see
MOST_NAMED = 6  # mistakes of each exercise
MOST = 400  # lines, and characters of a line, that are shown side by side


@dataclass(frozen=True)
class Histogram:
    """How points are spread over a class.

    Attributes
    ----------
    most : float
        The points to be had.
    counts : list of int
        Students in each of ten classes of equal width; full points count in the last.
    """

    most: float
    counts: list[int]

    @classmethod
    def of(cls, points: list[float], most: float) -> Histogram:
        """Count points."""
        counts = [0] * BARS
        for value in points:
            counts[min(int(BARS * value / most), BARS - 1) if most else 0] += 1
        return cls(most, counts)

    @property
    def bars(self) -> list[dict[str, float]]:
        """Position and size of each bar, in a picture 100 wide and 40 high."""
        tallest = max(*self.counts, 1)
        heights = [36 * count / tallest for count in self.counts]
        return [{"x": 10 * i + 1, "y": 40 - h, "height": h} for i, h in enumerate(heights)]

    @property
    def words(self) -> str:
        """The text alternative."""
        edges = [f"{self.most * i / BARS:g}" for i in range(BARS + 1)]
        classes = zip(edges[:-1], edges[1:], self.counts, strict=True)
        parts = [f"{low} to {high}: {count}" for low, high, count in classes if count]
        return "Students by points. " + ", ".join(parts)


@dataclass
class Exercise:
    """What a class did with one check.

    Attributes
    ----------
    name : str
    worth : float
    points : list of float
    mistakes : list of tuples
        What was named, and for how many students, most frequent first.
    """

    name: str
    worth: float
    points: list[float] = field(default_factory=list)
    mistakes: list[tuple[str, int]] = field(default_factory=list)

    @property
    def mean(self) -> float:
        """The mean of the points."""
        return sum(self.points) / len(self.points) if self.points else 0.0

    @property
    def full(self) -> int:
        """How many students have full points."""
        return sum(points >= self.worth for points in self.points)

    @property
    def histogram(self) -> Histogram:
        """How the points are spread."""
        return Histogram.of(self.points, self.worth)


def mistakes(test: dict[str, Any]) -> list[str]:
    """Return the mistakes that a check named or, if it named none, what it said first."""
    if test["points"] is None or test["points"] >= test["worth"]:
        return []
    if test["mistakes"]:
        return list(test["mistakes"])
    lines = (re.sub(r"^\W+|`", "", line) for line in test["words"].splitlines())
    first = next(filter(None, lines), "")  # without a sign before it
    return [re.sub(r"-?\d+(\.\d+)?(e-?\d+)?", "#", first)[:160]] if first else []


def exercises(records: list[Record], masters: list[Master]) -> list[Exercise]:
    """Gather what the class did, check by check."""
    found = []
    for master in masters:
        for name, cell in master.tests.items():
            exercise = Exercise(name, float(cell.mark["points"]))
            named: Counter[str] = Counter()
            for record in records:
                test = record["tests"].get(master.notebook, {}).get(name)
                if test and test["points"] is not None:
                    exercise.points.append(test["points"])
                    named.update(set(mistakes(test)))
            frequent = sorted(named.items(), key=lambda item: (-item[1], item[0]))
            exercise.mistakes = frequent[:MOST_NAMED]
            found.append(exercise)
    return found


def lost(record: Record) -> bool:
    """Whether a check gave less than all of its points."""
    tests = [test for tests in record["tests"].values() for test in tests.values()]
    return any(test["points"] is not None and test["points"] < test["worth"] for test in tests)


def written(record: Record, masters: list[Master]) -> dict[str, str]:
    """Return what a student wrote into each answer, without what was released."""
    texts = {}
    for master in masters:
        for name, source in record["answers"].get(master.notebook, {}).items():
            released = master.named[name].source.splitlines() if name in master.named else []
            lines = [line for line in source.splitlines() if line not in released]
            if text := "\n".join(lines).strip():
                texts[f"{master.notebook}: {name}" if len(masters) > 1 else name] = text
    return texts


def solutions(book: Book, masters: list[Master]) -> dict[str, str]:
    """Return the worked solutions, as `written` returns a student's answers."""
    answers: dict[str, dict[str, str]] = {}
    for master in masters:
        step = book.coursedir.source_directory
        path = Path(book.coursedir.format_path(step, ".", master.assignment))
        path /= f"{master.notebook}.ipynb"
        if path.exists():
            cells = filter(is_solution, nbformat.read(path, as_version=4).cells)
            answers[master.notebook] = {
                cell.metadata.nbgrader.grade_id: MARK.sub("", cell.source) for cell in cells
            }
    return written({"answers": answers}, masters)


def voices(records: list[Record], notebook: str) -> Voices | None:
    """Return what the class says of a notebook, or None if too few do."""
    return gathered([record.get("said", {}).get(notebook, {}) for record in records])


def side_by_side(pair: Pair) -> list[tuple[str, str, bool]]:
    """Return rows of two texts: left, right, and whether they are the same."""
    left, right = ([line[:MOST] for line in text.splitlines()[:MOST]] for text in pair.texts)
    rows = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right).get_opcodes():
        for one, other in zip_longest(left[a:b], right[c:d], fillvalue=""):
            rows.append((one, other, kind == "equal"))
    return rows


def write(
    book: Book,
    records: dict[str, Record],
    masters: list[Master],
    people: Roster,
    points: dict[str, float | None],
) -> Path:
    """Write the report, as a page and as a table; return the page's path.

    Parameters
    ----------
    book : Book
    records : dict of str to dict
        Of all students who have not withdrawn.
    masters : list of Master
    people : Roster
    points : dict of str to float or None
        What counts, with lateness; None as long as an answer is not read.
    """
    folder, assignment = book.folder, book.assignment
    by_state: dict[str, list[Record]] = defaultdict(list)
    for _, record in sorted(records.items()):
        by_state[record["state"]].append(record)
    graded = by_state[GRADED] + by_state[TROUBLE]
    done = exercises(graded, masters)
    totals = [p for record in graded if (p := total(record)) is not None]
    own = {record["student"]: written(record, masters) for record in graded}
    alike = pairs({student: "\n\n".join(texts.values()) for student, texts in own.items()})
    copied = copies(own, solutions(book, masters))
    page = Environment(loader=PackageLoader("grading", "."), autoescape=True).get_template(
        "report.html.j2"
    )
    text = page.render(
        assignment=assignment,
        now=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        states=[(state, len(by_state[state])) for state in STATES if by_state[state]],
        records=records,
        who=lambda student: people[student].called,
        pages={s: pages_of(book, s) for s in records},
        changes=sorted(path.name for path in folder.glob("changes *.html")),
        strangers=sorted(records.keys() - people.people.keys()) if people.listed else [],
        counts=points,
        trouble=by_state[TROUBLE],
        set_aside=by_state[SET_ASIDE] + by_state[FAILED],
        guessed=[record["student"] for record in graded if record.get("guessed_time")],
        slow=[record for record in graded if record.get("slow") and lost(record)],
        look=[record for record in graded if record.get("look")],
        exercises=done,
        totals=Histogram.of(totals, sum(exercise.worth for exercise in done)),
        mean=sum(totals) / len(totals) if totals else 0.0,
        pairs=[(pair, side_by_side(pair)) for pair in alike],
        copies=[(pair, side_by_side(pair)) for pair in copied],
        voices=[(m.notebook, v) for m in masters if (v := voices(graded, m.notebook))],
        points=lambda record: "" if total(record) is None else f"{total(record):g}",
    )
    path = folder.parent / f"{assignment}.html"
    write_whole(path, text)
    write_whole(folder.parent / f"{assignment}.csv", listed(records, masters, people, points))
    return path


def pages_of(book: Book, student: str) -> list[tuple[str, str]]:
    """Return names and links of a student's pages, from the report: feedback, if it is there."""
    step = book.coursedir.feedback_directory
    folder = Path(book.coursedir.format_path(step, student, book.assignment))
    found = sorted(folder.glob("*.html")) if not wrong_id(student) else []
    start = book.folder.parent
    return [(path.stem, quote(os.path.relpath(path, start).replace(os.sep, "/"))) for path in found]


def listed(
    records: dict[str, Record],
    masters: list[Master],
    people: Roster,
    points: dict[str, float | None],
) -> str:
    """Return the table: a row for each student, blank where nothing is graded."""
    names = [(master.notebook, name) for master in masters for name in master.tests]
    columns = ["student", "name", "state", "why", "timestamp", *(name for _, name in names)]
    rows: list[list[Any]] = [[*columns, "checks", "counts"]]
    for student, record in sorted(records.items()):
        why = record["reason"] or "; ".join(record["notes"])
        each = [record["tests"].get(nb, {}).get(name, {}).get("points") for nb, name in names]
        told = [student, people[student].name, record["state"], why, record["timestamp"], *each]
        rows.append([*told, total(record), points.get(student)])
    return table(rows)
