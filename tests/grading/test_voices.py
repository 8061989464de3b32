"""What students say of a notebook reaches the instructor, without names and without harm."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.coursedir import CourseDirectory

from grading import report
from grading.roster import Roster
from grading.run import GRADED
from grading.voices import gathered, heard

CELL = "minutes = {}  # how long it took you\nhardest = {}\nremark = {}"


def said(minutes="70", hardest="'Section 3'", remark="'More pictures'"):
    cells = [new_markdown_cell("minutes hardest remark"), new_code_cell("x = 1")]
    return heard([*cells, new_code_cell(CELL.format(minutes, hardest, remark))])


def test_what_was_said_is_read():
    assert said() == {"minutes": 70, "hardest": "Section 3", "remark": "More pictures"}
    assert said(minutes="None", hardest="''", remark="' '") == {}
    assert heard([new_code_cell("x = 1")]) == {}


@pytest.mark.parametrize(
    "minutes",
    ["-3", "0", "1e9", "True", "'an hour'", "[60]", "float('nan')", "1/0", "(", "9**9**9"],
)
def test_odd_minutes_are_not_said(minutes):
    assert "minutes" not in said(minutes=minutes)


def test_nothing_is_run():
    assert said(remark="print('heard')") == {}
    assert heard([new_code_cell("minutes = hardest = remark = open('/etc/passwd').read()")]) == {}


def test_too_few_could_be_told_apart():
    assert gathered([said(), said(), {}]) is None


def test_the_report_shows_medians_and_places_without_names(tmp_path: Path):
    words = [
        said("50", "'E-step'", "'b <script>alert(1)</script>'"),
        said("90", "'e-step '", "'a good one'"),
        said("60", "'the loop'", "''"),
    ]
    records = {
        f"student-{i}": {
            "student": f"student-{i}",
            "state": GRADED,
            "reason": "",
            "notes": [],
            "timestamp": "",
            "tests": {},
            "answers": {},
            "said": {"nb": one},
        }
        for i, one in enumerate(words)
    }

    class Master:
        notebook, assignment, tests, named = "nb", "nb", {}, {}

    coursedir = CourseDirectory(root=str(tmp_path))
    book = SimpleNamespace(coursedir=coursedir, folder=tmp_path / "nb", assignment="nb")
    page = report.write(book, records, [Master], Roster(), {}).read_text(encoding="utf-8")
    section = page.partition("What students say of nb")[2].partition("<h2>")[0]
    assert "median 60, from 50 to 90, told by 3" in section
    assert "<strong>2</strong> e-step" in section
    assert section.index("a good one") < section.index("b &lt;script&gt;")
    assert "student-" not in section
