"""What arrives is repaired where that is safe, and set aside with a reason where not.

Whole broken submissions are graded in `test_battery.py`.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import course
import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.coursedir import CourseDirectory

from grading.fanout import submissions, submitters
from grading.folder import (
    NOTHING,
    File,
    Known,
    choose,
    file_time,
    handed_in,
    notebooks_in,
    read_folder,
)
from grading.intake import SetAside, label, read_file, wrong_id
from grading.master import MasterCell, build
from grading.parse import parse
from grading.repair import repair
from grading.run import SET_ASIDE


def files(folder: Path, *names: str) -> list[File]:
    for name in names:
        (folder / name).write_text("{}", encoding="utf-8")
    return notebooks_in(folder)[0]


@pytest.mark.parametrize(
    "name",
    [
        "Unit 1.ipynb",
        "unit-1.ipynb",
        "Unit_1.IPYNB",
        "Unit 1 (1).ipynb",
        "Unit 1(2).ipynb",
        "Unit 1-Copy1.ipynb",
        "Unit 1 - Copy.ipynb",
        "Unit 1 copy 2.ipynb",
        "Unit 1.ipynb.txt",
        "Unit 1.ipynb.json",
    ],
)
def test_names_are_recognised(tmp_path: Path, name: str) -> None:
    found = files(tmp_path, name, "other.ipynb")
    assert choose("Unit 1", found, []).name == name


def test_the_exact_name_wins(tmp_path: Path) -> None:
    notes: list[str] = []
    found = files(tmp_path, "unit.ipynb", "unit (1).ipynb")
    assert choose("unit", found, notes).name == "unit.ipynb"
    assert notes == ["`unit.ipynb` counts, and not `unit (1).ipynb`"]


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (["unit-12.ipynb"], "missing. Found: `unit-12.ipynb`"),
        ([], "no notebook"),
    ],
)
def test_no_guessing(tmp_path: Path, there: list[str], words: str) -> None:
    with pytest.raises(SetAside, match=words):
        choose("unit", files(tmp_path, *there), [])


def notebook(**sources: str) -> bytes:
    """A notebook with these cells, named and as they stand."""
    cells = [
        nbformat.v4.new_code_cell(text, metadata={"nbgrader": {"grade_id": name}})
        for name, text in sources.items()
    ]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()


RELEASED = notebook(f="def f(): ...", g="def g(): ...", check_f="f()", check_g="g()")
WORKED = notebook(f="def f(): return 1", g="def g(): ...", check_f="f()", check_g="g()")
UNIT = Known.of(nbformat.reads(RELEASED.decode(), 4).cells)


@pytest.mark.parametrize(
    ("there", "chosen"),
    [
        ({"unit.ipynb": RELEASED, "unit-Copy1.ipynb": WORKED}, "unit-Copy1.ipynb"),
        ({"unit.ipynb": RELEASED, "Untitled.ipynb": WORKED}, "Untitled.ipynb"),
        ({"unit.ipynb": WORKED, "unit-Copy1.ipynb": RELEASED}, "unit.ipynb"),
        ({"homework 3.ipynb": WORKED}, "homework 3.ipynb"),
        ({"homework 3.ipynb": WORKED, "other.ipynb": notebook(z="1")}, "homework 3.ipynb"),
        ({"deep/down/unit.ipynb": WORKED}, "unit.ipynb"),
        ({"unit.ipynb": b"{ cut off", "original.ipynb": RELEASED}, "unit.ipynb"),
        ({"x.ipynb": WORKED.replace(b"grade_id", b"lost")}, "x.ipynb"),  # by what stands there
    ],
)
def test_what_was_worked_on_is_found_whatever_its_name(
    tmp_path: Path, there: dict[str, bytes], chosen: str
) -> None:
    for name, data in there.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    notes: list[str] = []
    assert choose("unit", notebooks_in(tmp_path)[0], notes, UNIT).name == chosen
    assert bool(notes) == (len(there) > 1 and "other.ipynb" not in there) or chosen in notes[0]


def test_a_notebook_of_another_assignment_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "other.ipynb").write_bytes(notebook(f="def f(): return 2", z="1", y="2"))
    with pytest.raises(SetAside, match="is missing"):
        choose("unit", notebooks_in(tmp_path)[0], [], UNIT)


def test_only_ordinary_files_are_read(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("secret", encoding="utf-8")
    link = tmp_path / "link"
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("this user may not make links")
    with pytest.raises(SetAside, match="is a link"):
        read_file(link)
    with pytest.raises(SetAside):
        read_file(tmp_path)
    with pytest.raises(SetAside, match="MB are allowed"):
        read_file(target, most=3)
    assert read_file(target) == b"secret"


def test_times_and_other_files(tmp_path: Path) -> None:
    files(tmp_path, "unit.ipynb", "numpy.py")
    os.utime(tmp_path / "unit.ipynb", (0, 0))
    found = read_folder(tmp_path, "ada", {"unit": NOTHING})
    assert found.guessed_time
    assert found.timestamp.startswith("1970-01-01 00:00:00")
    assert "other files were not used: numpy.py" in found.notes
    (tmp_path / "timestamp.txt").write_text("2030-01-01 10:00:00 UTC", encoding="utf-8")
    read = read_folder(tmp_path, "ada", {"unit": NOTHING})
    assert (read.timestamp, read.guessed_time) == ("2030-01-01 10:00:00.000000 UTC", False)
    (tmp_path / "timestamp.txt").write_text("tomorrow, maybe", encoding="utf-8")
    assert read_folder(tmp_path, "ada", {"unit": NOTHING}).guessed_time


CHOKES = "24:0010000000000000000000000999999202610000000000000000000000"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2030-07-01 10:00:00.250000 UTC", "2030-07-01 10:00:00.250000"),
        ("2030-07-01 10:00:00", "2030-07-01 10:00:00.000000"),
        ("2030-07-01T10:00:00Z", "2030-07-01 10:00:00.000000"),
        ("2030-07-01 10:00:00 +0200", "2030-07-01 08:00:00.000000"),
        ("2030-07-01 10:00:00 +02:00", "2030-07-01 08:00:00.000000"),
        ("2030-07-01 10:00:00 Europe/Berlin", "2030-07-01 08:00:00.000000"),
        ("2030-07-01 10:00:00 UTC+1", "2030-07-01 09:00:00.000000"),
        ("2030-01-01 10:00:00 CET", "2030-01-01 09:00:00.000000"),
        ("2030-07-01 10:00:00 CEST", "2030-07-01 08:00:00.000000"),  # nbgrader takes it for UTC
        ("2030-07-01 10:00:00 PDT", "2030-07-01 17:00:00.000000"),
        ("2030-07-01 10:00:00 CST", None),  # in Chicago, or in Shanghai?
        ("2030-07-01 10:00:00 XYZT", None),
        ("2030-07-01 10:00:00 Europe/Nowhere", None),
        ("07/01/2030 10:00 UTC", None),  # in July?
        ("10/11/12 10:00 UTC", None),
        ("07/07/2030 10:00 UTC", "2030-07-07 10:00:00.000000"),
        ("17/01/2030 10:00 UTC", "2030-01-17 10:00:00.000000"),
        ("1 July 2030 10:00 UTC", "2030-07-01 10:00:00.000000"),
        ("2030/07/01 10:00 UTC", "2030-07-01 10:00:00.000000"),
        ("20300701T100000Z", "2030-07-01 10:00:00.000000"),
        ("10:00 UTC", None),  # of which day?
        ("12", None),
        ("tomorrow, maybe", None),
        (CHOKES, None),
        ("", None),
    ],
)
def test_a_time_counts_as_recorded_only_if_it_can_be_told(
    tmp_path: Path, text: str, utc: str | None
) -> None:
    (tmp_path / "timestamp.txt").write_text(text, encoding="utf-8")
    assert handed_in(tmp_path) == (f"{utc} UTC" if utc else "")


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=80), st.text("0123456789:-+./ TZUAM", max_size=80)))
def test_no_record_of_a_time_stops_the_reader(
    tmp_path_factory: pytest.TempPathFactory, text: str | bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "timestamp.txt").write_bytes(text.encode() if isinstance(text, str) else text)
    assert handed_in(folder)[26:] in ("", " UTC")


@pytest.mark.parametrize("seconds", [1e12, -1e12, 1e300, float("nan"), float("inf")])
def test_a_file_may_be_older_or_newer_than_any_calendar(seconds: float) -> None:
    assert file_time([seconds]) == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes of that kind")
def test_a_record_that_is_no_file_is_none(tmp_path: Path) -> None:
    files(tmp_path, "unit.ipynb")
    os.mkfifo(tmp_path / "timestamp.txt")
    (tmp_path / "submission_secret.txt").mkdir()
    found = read_folder(tmp_path, "ada", {"unit": NOTHING})
    assert found.guessed_time
    assert not found.secret


def test_a_notebook_is_found_among_thousands_of_files(tmp_path: Path) -> None:
    files(tmp_path, *(f"picture-{i}.png" for i in range(2000)), "unit.ipynb")
    assert read_folder(tmp_path, "ada", {"unit": NOTHING}).notebooks


def test_a_missing_notebook_is_told_with_what_is_there(tmp_path: Path) -> None:
    files(tmp_path, "work.zip")
    (tmp_path / "unit").mkdir()
    with pytest.raises(SetAside, match=r"is missing.*other files were not used: work\.zip"):
        read_folder(tmp_path, "ada", {"unit": NOTHING})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Jos\udce9", "UTF-8"),
        ("line\nbreak", "line break"),
        ("x[1]", "nbgrader's commands"),
        ("a*b", "nbgrader's commands"),
        (".ada", "begin with a dot"),
        ("a" * 201, "longer"),
        ("学" * 70, "longer"),
    ],
)
def test_some_names_cannot_be_ids(name: str, words: str) -> None:
    assert words in wrong_id(name)
    assert wrong_id(label(name))
    assert label(name) != label(name + "x")
    assert len(os.fsencode(f".{label(name)}.json.new")) <= 255


@pytest.mark.parametrize("name", ["ada", "学生", "O'Neil, Pat", "=1+1", "{0}", "%s", "~x", "a]b"])
def test_other_names_can(name: str) -> None:
    assert not wrong_id(name)


@pytest.fixture
def master() -> Any:
    """The course's notebook as released, made without nbgrader."""
    cells = []
    for cell in course.source().cells:
        mark = dict(cell.metadata.get("nbgrader", {}))
        name = mark.get("grade_id", "")
        full = cell.source
        source = full.split("    ### BEGIN SOLUTION")[0].split("### BEGIN")[0]
        cells.append(MasterCell(cell["id"], cell.cell_type, source, name, mark, full))
    return build("unit", "unit", cells, {}, Path("there is none"))


def submitted(cells: list[dict[str, Any]]) -> Any:
    import json

    return parse(json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": cells}).encode())


def as_released(master: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": cell.id,
            "cell_type": cell.type,
            "source": cell.source,
            "metadata": {"nbgrader": cell.mark} if cell.name else {},
        }
        for cell in master.cells
    ]


def names_in(notebook: Any) -> list[str]:
    marks = (cell.metadata.get("nbgrader", {}) for cell in notebook.cells)
    return [mark["grade_id"] for mark in marks if mark]


def test_what_is_as_released_stays(master: Any) -> None:
    notebook = submitted(as_released(master))
    assert repair(notebook, master) == []
    assert names_in(notebook) == list(master.named)
    checks = [c.source for c in notebook.cells if "BEGIN HIDDEN TESTS" in c.source]
    assert len(checks) == 3


def test_hidden_tests_come_back_whatever_the_student_did(master: Any) -> None:
    cells = as_released(master)
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "check_mean":
            cell["source"] = "assert True"
    notebook = submitted(cells)
    assert "as released again" in repair(notebook, master)[0]
    assert "assert True" not in [cell.source for cell in notebook.cells]


@pytest.mark.parametrize("mask", range(1, 16))
def test_deleted_cells_come_back_in_order(master: Any, mask: int) -> None:
    names = ["mean", "check_mean", "check_centre", "explain"]
    gone = {name for i, name in enumerate(names) if mask >> i & 1}
    kept = [
        cell
        for cell in as_released(master)
        if cell["metadata"].get("nbgrader", {}).get("grade_id") not in gone
    ]
    notebook = submitted(kept)
    notes = repair(notebook, master)
    assert names_in(notebook) == list(master.named)
    assert len(notes) == len(gone)


def test_lost_marks_are_found_by_id_text_or_function(master: Any) -> None:
    cells = as_released(master)
    for cell in cells:
        cell["metadata"] = {}
        if "def spread" in cell["source"]:
            cell.update(id="another", source="def spread(v):\n    return 1")
    notebook = submitted(cells)
    (note,) = repair(notebook, master)
    assert "marks of 9 cells were lost" in note
    assert names_in(notebook) == list(master.named)


def test_of_copies_the_one_that_was_worked_on_counts(master: Any) -> None:
    cells = as_released(master)
    worked_on = {**cells[-1], "id": "copy", "source": "Outliers."}
    notebook = submitted([*cells[:-1], worked_on, cells[-1]])
    notes = repair(notebook, master)
    assert "2 times" in notes[0]
    assert course.cell(notebook, "explain").source == "Outliers."
    assert len(notebook.cells) == len(cells) + 1


def test_metadata_of_students_is_dropped(master: Any) -> None:
    cells = as_released(master)
    cells[1]["metadata"] = {"tags": ["skip-execution"], "nbgrader": {"grade_id": "bonus"}}
    notebook = submitted(cells)
    repair(notebook, master)
    assert notebook.cells[1].metadata == {}
    assert notebook.metadata.kernelspec.name == "python3"


def test_pasted_pictures_stay_if_they_are_pictures() -> None:
    good, bad = {"image/png": "iVBOR+/=\n"}, {"image/png": '"><script>'}
    cell = {"cell_type": "markdown", "source": "x", "attachments": {"a": good, "b": bad, "c": 1}}
    notebook = submitted([cell])
    assert notebook.cells[0].attachments == {"a": good}


def test_what_tests_need_is_told_from_what_students_write(master: Any) -> None:
    assert master.students == ["centre", "mean", "spread"]
    assert master.given == [course.SETUP]
    assert master.uses["check_spread"] == ["spread"]
    assert master.uses["check_tallest"] == ["tallest"]


def test_what_is_computed_from_answers_belongs_to_the_student() -> None:
    def cell(source: str, **mark: Any) -> MasterCell:
        name = mark.get("grade_id", "")
        return MasterCell("", "code", source, name, mark, source)

    cells = [
        cell("import math\nstep = 2"),
        cell("def f(x):\n    pass", grade_id="f", solution=True),
        cell("values = [f(x) for x in range(3)]"),
        cell("def helper(x):\n    return f(x) + step"),
        cell("picture = math.pi"),
        cell("assert helper(1) and values", grade_id="t", grade=True, locked=True, points=1),
    ]
    master = build("a", "a", cells, {}, Path("none"))
    assert master.given == ["import math\nstep = 2", "def helper(x):\n    return f(x) + step"]
    assert master.uses == {"t": ["f", "values"]}


def test_a_name_of_many_endings_is_read_in_no_time(tmp_path: Path) -> None:
    path = tmp_path / ("01-averages" + " copy   " * 27 + "x.ipynb")
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(SetAside, match="is missing"):
        read_folder(tmp_path, "eve", {"01-averages": NOTHING})
    path.rename(tmp_path / ("01-averages" + " copy (1) - Kopie" * 3 + ".ipynb"))
    assert read_folder(tmp_path, "eve", {"01-averages": NOTHING}).notebooks


def test_a_linked_folder_earns_no_points_of_another(tmp_path: Path) -> None:
    hand_in = tmp_path / "submitted" / "zoe" / "unit"
    hand_in.mkdir(parents=True)
    (hand_in / "unit.ipynb").write_text("{}", encoding="utf-8")
    (tmp_path / "submitted" / "eve").symlink_to(tmp_path / "submitted" / "zoe")
    coursedir = CourseDirectory(root=str(tmp_path))
    handed_in = submitters(coursedir, "unit")
    master: Any = SimpleNamespace(notebook="unit", known=NOTHING)
    read = submissions(handed_in, [master], ["eve", "zoe"], "UTC")
    eve, zoe = sorted(read, key=lambda one: one.student)
    assert (eve.state, zoe.notebooks) == (SET_ASIDE, {"unit": b"{}"})
