"""Pages are quick to make, whatever is on them, and the report says whom to look at."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from types import SimpleNamespace
from typing import Any

from nbconvert.filters import Highlight2HTML
from nbformat.v4 import new_code_cell
from nbgrader.coursedir import CourseDirectory

from grading import report
from grading.pages import LONGEST_LINE, SafeCells, safe_html
from grading.roster import Roster, plain


def test_white_space_is_coloured_in_no_time() -> None:
    cell = new_code_cell("\n".join(490 * [2_000 * " "]) + "\nx = 1  \n" + 3_000 * "y")
    cell, _ = SafeCells().preprocess_cell(cell, {}, 0)
    assert cell.source == 490 * "\n" + "x = 1\n" + LONGEST_LINE * "y" + " ... (cut)"
    begun = process_time()
    assert "x" in Highlight2HTML(pygments_lexer="ipython3")(cell.source)
    assert process_time() - begun < 5  # it was a minute


def record(student: str, points: float, **more: Any) -> dict[str, Any]:
    test = {"points": points, "worth": 2.0, "words": "", "mistakes": []}
    told = {"student": student, "state": "graded", "reason": "", "notes": [], "timestamp": ""}
    return {**told, "answers": {}, "tests": {"unit": {"check": test}}, **more}


def test_the_report_says_who_was_out_of_time_and_whom_to_look_at(tmp_path: Path) -> None:
    records = {
        "ada": record("ada", 0.0, slow=["`kl`", "cell 3"]),
        "bob": record("bob", 2.0, slow=["cell 4"]),  # it cost nothing
        "eve": record("eve", 2.0, look=["cell 7: `sys.modules`, `<b>`"]),
        "zoe": record("zoe", 1.0),
    }
    coursedir = CourseDirectory(root=str(tmp_path))
    book = SimpleNamespace(coursedir=coursedir, folder=tmp_path / "unit", assignment="unit")
    page = report.write(book, records, [], Roster(), {}).read_text(encoding="utf-8")
    assert "For 1 of them a time limit ended something" in page
    assert "points: ada (kl, cell 3). If" in page
    assert "<li>cell 7: sys.modules, &lt;b&gt;</li>" in page
    assert "Worth a look" in page and "bob (cell 4)" not in page


def test_html_stays_in_a_box_of_its_own() -> None:
    box = '<div style="contain: content">'  # in which even `position: fixed` ends
    assert safe_html('</div></div><div class="modal in">x') == (
        f'{box}<div class="modal in">x</div></div>'
    )


def test_a_spreadsheet_that_divides_at_semicolons_computes_nothing_either() -> None:
    assert plain("x;=HYPERLINK(1);y.txt") == "x;'=HYPERLINK(1);y.txt"
    assert plain("x; =1") == "x; '=1"
    assert plain("late, which costs 2; a copy") == "late, which costs 2; a copy"
