"""The one place that has to change: what is found, what is said of it, and what is never done."""

import ast
import linecache
import os
import sys
from contextlib import suppress
from itertools import count

import numpy as np
import pytest

from emlib.checks import Exercise, Output, Part, phrases
from emlib.checks.edits import KINDS, applied, edits
from emlib.checks.judge import judge
from emlib.checks.mend import _little_memory, _short_range, one_change
from emlib.checks.relations import holds

TABLES = (
    np.array([[1.0, 4.0, 2.0], [3.0, 0.0, 5.0]]),
    np.array([[2.0, 2.0], [8.0, 1.0], [0.5, 6.0]]),
    np.array([[7.0], [0.25]]),
)
cells = count()


def answer(table):
    """Return the sum of each row, and the log of the sum of the squares of all entries."""
    return table.sum(axis=1), np.log((table**2).sum())


EXERCISE = Exercise(
    name="f",
    parameters=("table",),
    outputs=(Output("sums", "one number per row"), Output("size", "a number")),
    answer=answer,
    examples=tuple((table,) for table in TABLES),
    mistakes=(),
    hints=("Add.",),
)


def from_cell(text, **known):
    """Run a cell as a notebook does, which keeps its text, and return its function f."""
    name, text = f"<cell {next(cells)}>", text.strip() + "\n"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space = {"np": np, "__name__": "__main__", **known}
    exec(compile(text, name, "exec"), space)
    return space["f"]


def said(function):
    return " ".join(" ".join(judge(EXERCISE, function).says).split())


RIGHT = """
def f(table):
    sums = table.sum(axis=1)
    squares = table ** 2
    return sums, np.log(squares.sum())
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "text", "kind"),
    [
        ("axis=1", "axis=0", 2, "table.sum(axis=0)", "axis"),
        ("axis=1", "", 2, "table.sum()", "axis"),
        ("squares.sum()", "squares.max()", 4, "squares.max()", "function"),
        ("squares.sum()", "abs(table) ** 2", 4, "abs(table) ** 2", "sum"),
        ("np.log(squares.sum())", "squares.sum()", 4, "squares.sum()", "log"),
        ("table ** 2", "table ** 3", 3, "table ** 3", "number"),
        ("table ** 2", "np.clip(table, 1, 5) ** 2", 3, "np.clip(table, 1, 5)", "limit"),
        ("squares.sum()", "squares.sum() + 1", 4, "squares.sum() + 1", "superfluous"),
        ("squares.sum()", "sums.sum()", 4, "sums", "name"),
        ("table ** 2", "table[:-1] ** 2", 3, "table[:-1]", "index"),
        ("table ** 2", "table[1:] ** 2", 3, "table[1:]", "index"),
        (
            "axis=1)",
            "axis=1) / (table / table.sum(axis=1, keepdims=False)).sum(axis=1)",
            2,
            "table.sum(axis=1, keepdims=False)",
            "axis",
        ),
        ("squares.sum()", "squares[squares > 1].sum()", 4, "squares > 1", "mask"),
        (
            "squares = ",
            "if len(sums) > 2:\n        return sums, 0\n    squares = ",
            3,
            "if len(sums) > 2:",
            "never",
        ),
        (
            "squares = ",
            "squares = abs(table)\n    if len(sums) > 2:\n        squares = ",
            4,
            "if len(sums) > 2:",
            "always",
        ),
        ("squares = ", "sums[0] = 0\n    squares = ", 3, "sums[0] = 0", "line"),
    ],
)
def test_the_place_and_what_is_wrong_there_are_told(old, new, line, text, kind):
    assert RIGHT.count(old) == 1
    words = said(from_cell(RIGHT.replace(old, new)))
    assert phrases.ONE_CHANGE.format(line=line, text=text, kind=phrases.CHANGES[kind]) in words


@pytest.mark.parametrize(
    ("wrong", "right", "kind"),
    [
        ("(x > 1) | (x < 3)", "(x > 1) & (x < 3)", "condition"),
        ("a / b + c", "(a + c) / b", "brackets"),
        ("a[0]", "a[1]", "entry"),
        ("a[:, -1]", "a[:, -2]", "entry"),
        ("a if x else b", "b", "case"),
        ("a.sum(axis=0)", "a.sum(axis=1, keepdims=True)", "axis"),
        ("a + b", "_numpy_of_the_check.reshape(a, (-1, 1)) + b", "transpose"),
    ],
)
def test_a_slip_is_taken_back(wrong, right, kind):
    assert (kind, f"y = {right}") in _edited(f"y = {wrong}")


def test_a_number_without_which_all_is_right_is_called_superfluous():
    with_z = RIGHT.replace("table ** 2", "(table ** 2 + z * 3) / (1 + z)")
    words = said(from_cell(with_z.replace("    squares", "    z = 1.96\n    squares", 1)))
    kind = phrases.CHANGES["superfluous"]
    assert phrases.ONE_CHANGE.format(line=3, text="1.96", kind=kind) in words


def test_what_is_limited_is_not_replaced_by_its_limit():
    (function,) = ast.parse("def f(x):\n    return np.clip(x, 0, 1 - 1e-9) + max(0, x)").body
    new = [ast.unparse(one.changes[0][1]) for one in edits([function]) if one.kind == "limit"]
    assert new.count("x") == 2 and {"0", "1 - 1e-09"}.isdisjoint(new)


def test_a_search_for_the_largest_may_begin_below_all():
    assert ("number", "best = -1e309") in _edited("best = 0")  # as Python writes minus infinity


def test_what_is_unique_is_no_matter_of_axes():
    assert "axis" not in {kind for kind, _ in _edited("y = np.unique(x, axis=0)")}


def _edited(line):
    tree = ast.parse(f"def f(a, b, c, x):\n    {line}\n    return a")
    found = []
    for edit in edits(tree.body):
        with applied(edit):
            found.append((edit.kind, ast.unparse(tree).splitlines()[1].strip()))
    return found


def test_what_may_be_too_much_is_not_called_a_missing_sum():
    words = said(from_cell(RIGHT.replace("axis=1)", "axis=1)[None]")))
    assert phrases.CHANGES["sum or not"] in words


def test_nothing_is_looked_for_where_an_argument_is_changed():
    """Whatever makes a copy of it would seem to be missing."""
    words = said(from_cell(RIGHT.replace("    sums", "    table *= 2\n    sums", 1)))
    assert "changes its argument `table` in place" in words and "has to change" not in words


def test_an_argument_that_is_never_read_is_told():
    scaled = Exercise(
        name="f",
        parameters=("table", "by"),
        outputs=(Output("sum", "a number"),),
        answer=lambda table, by: by * table.sum(),
        examples=tuple((table, by) for table, by in zip(TABLES, (2.5, 3.7, 0.4), strict=True)),
        mistakes=(),
        hints=("Add.",),
    )
    function = from_cell("def f(table, by):\n    return table.sum()")
    words = " ".join(judge(scaled, function).says)
    assert phrases.UNUSED.format(names="by") in words
    assert "never uses" not in " ".join(judge(scaled, function, points=1).says)


def test_a_return_inside_the_loop_is_told():
    words = said(
        from_cell(
            """
def f(table):
    sums = []
    for row in table:
        sums.append(row.sum())
        return np.array(sums), np.log((table ** 2).sum())
"""
        )
    )
    assert "line 5 " in words and phrases.CHANGES["place"] in words


def test_a_part_is_told_if_only_that_can_be_mended():
    text = RIGHT.replace("axis=1)", "axis=1) ** 0.5 + 7 * table.std()").replace("sum())", "max())")
    words = said(from_cell(text))
    assert "For `size` to come out right" in words and "another mistake" in words


def test_two_mistakes_in_one_part_are_not_told_as_one():
    text = RIGHT.replace("np.log(squares.sum())", "np.sqrt(squares.max()) / 3")
    assert "has to change" not in said(from_cell(text))


def test_helpers_of_the_same_cell_are_looked_at_too():
    text = """
def total(x):
    return (x ** 2).max()

def f(table):
    return table.sum(axis=1), np.log(total(table))
"""
    assert "line 2 " in said(from_cell(text))


def test_nothing_is_said_where_the_text_is_not_to_be_had():
    space = {"np": np}
    exec(RIGHT.replace("axis=1", "axis=0"), space)
    assert "has to change" not in said(space["f"])


@pytest.mark.parametrize("line", ["open('x')", "eval('1')", "import os"])
def test_what_could_do_more_than_compute_is_not_run_with_edits(line):
    calls = []
    text = RIGHT.replace("axis=1", "axis=0")
    text = text.replace("    sums =", f"    seen()\n    if 0:\n        {line}\n    sums =")
    assert "has to change" not in said(from_cell(text, seen=lambda: calls.append(1)))
    assert len(calls) == len(TABLES) + 1


ACTING = (
    "if table.size > 99:\n        remove('x')",
    "np.savetxt('x%d' % len(table), table)",
    "seen.append(len(table))",
    "n = 1\n    while n:\n        try:\n            n = 0\n        except:\n            pass",
)


@pytest.mark.parametrize("line", ACTING)
def test_an_edit_removes_writes_and_keeps_nothing(line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").write_text("kept")
    seen = []
    text = RIGHT.replace("axis=1", "axis=0").replace("    sums =", f"    {line}\n    sums =")
    assert "mended" not in said(from_cell(text, seen=seen, remove=os.remove))
    assert {path.name for path in tmp_path.iterdir()} <= {"x", "x1", "x2", "x3"}
    assert (tmp_path / "x").exists() and len(seen) <= len(TABLES) + 1


def test_the_notebook_s_random_numbers_go_on_as_without_the_search():
    function = from_cell(RIGHT.replace("axis=1", "axis=np.random.randint(1)"))

    def draws(edited, budget):
        with suppress(Exception):
            edited(TABLES[0])
        return set()

    before = np.random.get_state()[1:3]  # noqa: NPY002
    one_change(function, frozenset(), frozenset("x"), draws)
    after = np.random.get_state()[1:3]  # noqa: NPY002
    assert np.array_equal(before[0], after[0]) and before[1] == after[1]


def test_what_nothing_could_stop_is_not_run_with_edits():
    tree = ast.parse("def f(x):\n    return x + 3 ** 10 ** 4")
    texts = []
    for edit in edits(tree.body):
        with applied(edit):
            texts.append(ast.unparse(tree))
    assert not any("3 ** 10 ** 5" in text or "3 ** 10 ** 400" in text for text in texts)
    with pytest.raises(MemoryError):
        _short_range(10**10)


def test_a_helper_that_another_cell_defined_anew_is_not_read_from_the_old_cell():
    text = """
def total(x):
    return (x ** 2).sum()

def f(table):
    return table.sum(axis=1), np.log(total(table))
"""
    function = from_cell(text)
    function.__globals__["total"] = from_cell("def f(x):\n    return (x ** 2).max()")
    assert "mended" not in said(function)


def test_one_line_is_told_only_if_one_line_is_enough():
    text = """
def f(table):
    sums = table.sum(axis=0)
    sums = table.sum(axis=0) + 0 * sums.sum()
    squares = table ** 3
    power = 3
    total = (table ** 3).sum() - squares.sum() + (table ** power).sum()
    return table.sum(axis=1), np.log(total)
"""
    for edit in edits(ast.parse(text.strip()).body):
        lines = {getattr(slot[0], "lineno", edit.line) for slot, new in edit.changes}
        assert lines == {edit.line} or edit.kind in ("line", "place", "condition", "operator")


def test_nothing_is_looked_for_among_hidden_cases():
    function = from_cell(RIGHT.replace("axis=1", "axis=0"))
    report = judge(EXERCISE, function, cases=[(np.ones((2, 2)),)], points=1)
    assert "has to change" not in " ".join(report.says)


def test_the_notebook_stays_as_it_is():
    function = from_cell(RIGHT.replace("axis=1", "axis=0"))
    before = dict(function.__globals__)
    judge(EXERCISE, function)
    assert function.__globals__ == before


def test_an_edit_is_undone_and_every_kind_has_words():
    tree = ast.parse(RIGHT)
    found = edits(tree.body)
    for edit in found:
        with applied(edit):
            ast.unparse(tree)
        assert ast.unparse(tree) == ast.unparse(ast.parse(RIGHT))
    assert {edit.kind for edit in found} <= set(KINDS) == set(phrases.CHANGES) - {"sum or not"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing limits a process's memory")
def test_edited_programs_get_little_memory():
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    with _little_memory(), pytest.raises(MemoryError):
        np.ones(1 << 28, dtype=np.int8)
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_nothing_is_looked_for_if_only_the_outcome_is_wanted():
    function = from_cell(RIGHT.replace("axis=1", "axis=0"))
    assert "has to change" in said(function)
    assert "has to change" not in " ".join(judge(EXERCISE, function, search=False).says)


def test_a_loop_that_stops_before_it_goes_wrong_is_no_part_mended():
    path = Exercise(
        name="f",
        parameters=("start",),
        outputs=(Output("halves", "an array", any_length=True), Output("last", "a number")),
        answer=lambda start: (start / 2.0 ** np.arange(5), start / 16),
        examples=((8.0,), (3.0,)),
        mistakes=(),
        hints=("Halve.",),
        parts=(Part("halves", halved), Part("last", holds(("close", 1)))),
    )
    function = from_cell(
        """
def f(start):
    halves = [start]
    for t in range(4):
        halves.append(np.interp(t, [0, 9], [start / 2, start]))
    return np.array(halves), 5.0
"""
    )
    assert "`halves` to come out right" not in " ".join(judge(path, function).says)


def halved(seen, right):
    """Whether each number is half of the one before, however many there are."""
    return bool(np.allclose(seen[0][1:], seen[0][:-1] / 2))
