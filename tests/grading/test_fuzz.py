"""Whatever students hand in, under whatever name and time: no traceback, and nobody is stopped.

Nothing runs here but what looks at files: what code may do is the business of the attacks.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import course
import lms_made
import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.coursedir import CourseDirectory

from grading import archives, collected, run
from grading.archives import recognised
from grading.fanout import submissions, submitters
from grading.folder import Known, Submission
from grading.intake import SetAside, wrong_id
from grading.lms import Senders
from grading.master import Master, MasterCell, build
from grading.parse import parse
from grading.repair import repair
from grading.run import Result
from grading.times import moment

NAME = course.NAME
CELLS = [
    MasterCell(
        cell["id"],
        cell.cell_type,
        cell.source,
        cell.metadata.get("nbgrader", {}).get("grade_id", ""),
        dict(cell.metadata.get("nbgrader", {})),
        cell.source,
    )
    for cell in course.source().cells
]
MASTER: Master = build(NAME, NAME, CELLS, {}, Path("none"))
ORIGINAL = course.source()

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
marks = st.sampled_from([cell.name for cell in CELLS if cell.name]) | st.text(max_size=10)
cells = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading", ""]) | json_values,
        "source": st.text(max_size=60)
        | st.lists(st.text(max_size=20), max_size=3)
        | st.sampled_from([cell.source for cell in CELLS])
        | json_values,
        "metadata": st.fixed_dictionaries({"nbgrader": st.fixed_dictionaries({"grade_id": marks})})
        | json_values,
    },
    optional={"id": json_values, "outputs": json_values, "attachments": json_values},
)


@st.composite
def honest(draw: st.DrawFn) -> bytes:
    """A worked copy, with cells lost, doubled, moved or changed, and in another encoding."""
    notebook = json.loads(nbformat.writes(ORIGINAL))
    listed: list[Any] = notebook["cells"]
    for _ in range(draw(st.integers(0, 4))):
        i = draw(st.integers(0, len(listed) - 1))
        act = draw(st.sampled_from(["copy", "drop", "move", "edit", "strip", "retype", "add"]))
        if act == "copy":
            listed.append(dict(listed[i]))
        elif act == "drop" and len(listed) > 1:
            del listed[i]
        elif act == "move":
            listed.insert(draw(st.integers(0, len(listed) - 1)), listed.pop(i))
        elif act == "edit":
            listed[i] = {**listed[i], "source": draw(st.text(max_size=40))}
        elif act == "strip":
            listed[i] = {**listed[i], "metadata": {}}
        elif act == "retype":
            listed[i] = {**listed[i], "cell_type": draw(st.sampled_from(["markdown", "raw"]))}
        else:
            listed.insert(i, {"cell_type": "code", "source": "x = 1", "metadata": {}})
    text = json.dumps(notebook)
    return draw(st.sampled_from([text.encode(), b"\xef\xbb\xbf" + text.encode()]))


broken = st.one_of(
    st.binary(max_size=200),
    json_values.map(lambda value: json.dumps(value).encode()),
    st.builds(
        lambda found, version: json.dumps({"cells": found, "nbformat": version}).encode(),
        st.lists(cells, max_size=6) | json_values,
        st.sampled_from([4, 3, 5, "4", None]),
    ),
    st.binary(max_size=40).map(lambda noise: nbformat.writes(ORIGINAL).encode()[:500] + noise),
)
letters = st.characters(exclude_characters="/\0")
names = st.text(letters, min_size=1, max_size=40).filter(lambda text: text not in (".", ".."))
files = st.sampled_from(
    [f"{NAME}.ipynb", f"{NAME} (1).ipynb", f"{NAME}-1.ipynb", "Untitled.ipynb", "timestamp.txt"]
)
digits = st.text("0123456789:-+./ TZUCES", max_size=30)
stamps = st.text(max_size=40) | st.datetimes().map(str) | digits


def look(submission: Submission) -> Any:
    """Read a notebook as far as nothing of it runs."""
    try:
        notebook = parse(submission.notebooks[NAME])
    except SetAside as reason:
        assert str(reason)
        return None
    repair(notebook, MASTER)
    run.plan([cell for cell in notebook.cells if cell.cell_type == "code"], MASTER)
    nbformat.validate(notebook)
    return notebook


def written(folder: Path, name: str, data: bytes) -> bool:
    try:
        (folder / name).write_bytes(data)
    except (OSError, UnicodeError):  # a name that this file system does not take
        return False
    return True


def check_a_class(students: dict[str, dict[str, bytes]]) -> None:
    """All are read, each is what it is: something to grade, or a reason."""
    with tempfile.TemporaryDirectory() as root:
        made = set()
        for student, handed_in in students.items():
            folder = Path(root, "submitted", student, NAME)
            try:
                folder.mkdir(parents=True)
            except (OSError, UnicodeError):
                continue
            made.add(student)
            for name, data in handed_in.items():
                written(folder, name, data)
        there = submitters(CourseDirectory(root=root), NAME)
        assert {name for name, *_ in there} == made
        read = list(submissions(there, [MASTER], made, "Europe/Berlin"))
        assert len(read) == len(made)  # nobody is lost, nobody is two
        for one in read:
            if isinstance(one, Result):
                assert one.reason
            else:
                assert not wrong_id(one.student)
                look(one)


@pytest.fixture(scope="module")
def gradebook(released: Path) -> Path:
    """An empty gradebook: to make one takes a second."""
    return released / "gradebook.db"


def check_an_archive(entries: list[tuple[str, bytes, datetime]], gradebook: Path) -> None:
    """Everything in an archive is somebody's or nobody's, and said so."""
    with tempfile.TemporaryDirectory() as root:
        path = Path(root, "archive.zip")
        try:
            lms_made.write(path, entries)
        except UnicodeEncodeError:
            return  # no archive can hold such a name
        found = archives.read_entries(path)
        try:
            _, theirs, others = recognised(found, NAME)
        except archives.Wrong as reason:
            assert str(reason)
            return
        assert len(theirs) + len(others) == len(found)
        shutil.copy(gradebook, root)
        coursedir = CourseDirectory(root=root, db_url=f"sqlite:///{root}/gradebook.db")
        taken, _ = collected.collect(coursedir, [MASTER], path, Senders())
        assert {one.number for one in taken} == {entry.told["number"] for entry in theirs}
        assert all(one.files or one.said for one in taken)
        written_to = {p.parts[-3] for p in Path(root, "submitted").glob(f"*/{NAME}/*.ipynb")}
        assert written_to <= {one.student for one in taken}
        assert {p.name for p in Path(root).iterdir()} <= {
            "archive.zip", "gradebook.db", "submitted", "downloaded",
        }  # fmt: skip


contents = honest() | broken | stamps.map(lambda text: text.encode("utf-8", "replace"))
classes = st.dictionaries(names, st.dictionaries(files | names, contents, max_size=3), max_size=5)
years = st.datetimes(datetime(1980, 1, 1), datetime(2107, 1, 1))
senders = st.tuples(names, st.integers(0, 10**9), st.booleans())
pieces = st.one_of(
    st.builds(
        lambda who, name: f"{who[0]}_{'LATE_' if who[2] else ''}{who[1]}_9_{name}", senders, files
    ),
    st.builds(lambda who, name: f"{who[0]}_{who[1]}_assignsubmission_file_/{name}", senders, files),
    st.builds(lambda who, name: f"{who[0]}_{who[1]}_assignsubmission_file_{name}", senders, files),
    st.builds(lambda who, name: f"{who[0]}/{NAME}/{name}", senders, files),
    st.builds(lambda who, rest: f"{who[0]}/{rest}", senders, names),
    st.text(max_size=60).filter(lambda text: text.strip("\0/")),
    st.just(f"../../{NAME}.ipynb"),
)
zipped = st.lists(st.tuples(pieces, honest() | broken, years), max_size=8)
# The quick ones try the same at each run; thousands, and new ones, are tried when asked for.
quick = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
long = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
asked_for = pytest.mark.skipif("EM_FUZZ" not in os.environ, reason="set EM_FUZZ: it takes an hour")


@quick
@given(students=classes)
def test_no_class_stops_reading(students: dict[str, dict[str, bytes]]) -> None:
    check_a_class(students)


@quick
@given(entries=zipped)
@pytest.mark.filterwarnings("ignore")
def test_no_archive_stops_collecting(
    gradebook: Path, entries: list[tuple[str, bytes, datetime]]
) -> None:
    check_an_archive(entries, gradebook)


@quick
@given(honest())
def test_no_honest_notebook_is_set_aside(data: bytes) -> None:
    assert look(Submission("ada", {NAME: data})) is not None


@pytest.mark.slow
@asked_for
@long
@given(students=classes)
def test_thousands_of_classes(students: dict[str, dict[str, bytes]]) -> None:
    check_a_class(students)


@pytest.mark.slow
@asked_for
@long
@given(entries=zipped)
@pytest.mark.filterwarnings("ignore")
def test_thousands_of_archives(gradebook: Path, entries: list[tuple[str, bytes, datetime]]) -> None:
    check_an_archive(entries, gradebook)


@pytest.mark.slow
@asked_for
@long
@given(honest())
def test_thousands_of_honest_notebooks(data: bytes) -> None:
    assert look(Submission("ada", {NAME: data})) is not None


@settings(derandomize=True)
@given(stamps)
def test_no_time_raises_anything_unforeseen(text: str) -> None:
    try:
        assert moment(text, "Europe/Berlin").tzinfo
    except ValueError as reason:
        assert str(reason)


def test_honest_copies_are_recognised() -> None:
    known = Known.of(ORIGINAL.cells)
    assert known.marks == set(MASTER.named)
