"""Released cells run quietly, and not at all if no check and no answer depends on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell

from grading.master import Master, MasterCell, _digest, build
from grading.run import plan


def cell(source: str, shows: bool = False, **mark: Any) -> MasterCell:
    name = mark.get("grade_id", "")
    return MasterCell("", "code", source, name, mark, source, shows)


RELEASED = [
    cell("import numpy as np"),
    cell("data = np.arange(3)"),
    cell("picture(np.ones(3))", shows=True),
    cell("def f(x):\n    raise NotImplementedError", grade_id="f", solution=True),
    cell("assert f(data) == 1", grade_id="check", grade=True, locked=True, points=1),
    cell("print(f(data))"),
    cell("rng = np.random.default_rng(1)\nnoise = rng.random(3)"),
    cell("more = rng.random(3)\nprint(more)"),
    cell("np.random.seed(1)"),
]


def how(answer: str, *added: str, released: list[MasterCell] = RELEASED, **how: Any) -> list[str]:
    """How each released cell is run, given an answer and cells that the student added."""
    master: Master = build("a", "a", released, {}, Path("none"))
    cells = [new_code_cell(c.source, metadata={"nbgrader": c.mark}) for c in master.cells]
    cells[3].source = answer
    planned = plan([*cells, *map(new_code_cell, added)], master, **how)
    kinds = {(True, False): "test", (False, True): "quiet", (False, False): "loud"}
    return [kinds[c.test, c.quiet] if c.source else "idle" for c in planned[: len(released)]]


def test_what_nothing_depends_on_is_idle() -> None:
    assert how("def f(x):\n    return 1") == [
        "quiet",  # the cell that sets the seed needs it
        "idle",
        "idle",
        "loud",
        "test",  # its own data are elsewhere
        "idle",  # it shows what f gives, and earns nothing
        "idle",
        "idle",
        "quiet",  # it does something that is not told by names
    ]


def test_what_a_student_uses_runs_and_so_does_what_may_change_it() -> None:
    found = how("def f(x):\n    return 1", "print(noise)")
    assert found[6] == "quiet"
    assert found[7] == "idle"
    found = how("def f(x):\n    return 1", "print(rng.random())")
    assert found[6:8] == ["quiet", "quiet"]


def test_what_may_change_what_is_needed_runs() -> None:
    released = [*RELEASED[:2], cell("picture(data)", shows=True), *RELEASED[3:]]
    assert how("def f(x):\n    return len(data)", released=released)[2] == "quiet"
    assert how("def f(x):\n    return len(x)", released=released)[2] == "idle"


def test_what_a_check_means_runs_though_it_comes_of_an_answer() -> None:
    check = cell("assert theirs == 1", grade_id="check", grade=True, locked=True, points=1)
    shown = [cell("theirs = f(data)\nother = f(2)"), cell("print(other)")]
    released = [*RELEASED[:4], *shown, check]
    assert how("def f(x):\n    return 1", released=released)[1:] == [
        "quiet", "idle", "loud", "loud", "idle", "test",
    ]  # fmt: skip
    again = how("def f(x):\n    return 1\ntheirs = None", released=released)
    assert again[4] == "loud"  # it defines anew what the answer defined


def test_what_an_answer_uses_runs_though_it_comes_of_another() -> None:
    released = [*RELEASED[:4], cell("made = f(data)\nprint(made)"), *RELEASED[4:]]
    assert how("def f(x):\n    return 1", "made + 1", released=released)[4] == "loud"
    assert how("def f(x):\n    return 1", "made = 1\nmade + 1", released=released)[4] == "idle"


def test_functions_that_only_show_need_not_run() -> None:
    released = [*RELEASED[:4], cell("compare(data[0], 1)"), *RELEASED[4:]]
    assert how("def f(x):\n    return 1", released=released)[4] == "quiet"
    assert how("def f(x):\n    return 1", released=released, only_show=["compare"])[4] == "idle"


def test_everything_runs_if_asked() -> None:
    assert "idle" not in how("def f(x):\n    return 1", everything=True)


def test_changed_cells_are_the_students() -> None:
    master = build("a", "a", RELEASED, {}, Path("none"))
    cells = [new_code_cell(c.source, metadata={"nbgrader": c.mark}) for c in master.cells]
    cells[1].source = "data = [1, 2, 3]"
    assert [c.quiet for c in plan(cells, master)[:3]] == [True, False, True]


def test_what_the_course_imports_is_part_of_a_grade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed answer key, or a file of data beside it, grades again; a cache does not."""
    monkeypatch.syspath_prepend(tmp_path)
    key = tmp_path / "some_key"
    (key / "__pycache__").mkdir(parents=True)
    seen = set()
    for name, text in [
        ("__init__.py", "right = 1"),
        ("__init__.py", "right = 2"),
        ("cases.json", "[1]"),
        ("cases.json", "[2]"),
        ("__pycache__/cases.pyc", "never mind"),
    ]:
        (key / name).write_text(text, encoding="utf-8")
        seen.add(_digest(build("a", "a", RELEASED, {}, Path("none")), ["some_key"]))
    assert len(seen) == 4
