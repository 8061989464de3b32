"""Checks: the four outcomes, each diagnosis, and every mistake that an exercise knows."""

import functools
import html
import json
import logging
import math
import re
import sys
import time
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from emlib.checks import Exercise, Mistake, Output, Part, close
from emlib.checks.calls import observe
from emlib.checks.judge import judge
from emlib.checks.limits import Budget
from emlib.checks.read import Reading
from emlib.checks.recognise import Try, overall
from emlib.checks.report import Hint, NotPassed, Outcome, Report, show
from emlib.exercises import coin_toss_em
from key import coin_toss_em as key
from key import misleads
from key.exercise import Exercise as Graded

__name__ = "__main__"  # as in a notebook: what stands here is the student's own code

A, B = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 9.0]]), np.array([[7.0, 1.0], [2.0, 2.0], [0.0, 4.0]])
HIDDEN = [(np.array([[31.25, 1.0], [2.0, 77.5]]),), (np.array([[0.5, 8.0, 1.0]]),)]

rows = Graded(
    name="rows",
    parameters=("table",),
    outputs=(Output("shares", "an array like the table", rows_sum_to_one=True),),
    answer=lambda table: table / table.sum(axis=1, keepdims=True),
    examples=((A,), (B,)),
    mistakes=(
        Mistake("wrong axis", "WRONG AXIS", lambda table: table / table.sum(axis=0)),
        Mistake("raises", "RAISES", lambda table: [][1]),
        Mistake("zero", "ZERO", lambda table: table / 0),
    ),
    hints=("first", "second"),
    cases=lambda rng: HIDDEN,
    drawn=False,
)
moments = Exercise(
    name="moments",
    parameters=("x", "y"),
    outputs=(Output("mean", "a single number"), Output("spread", "a single number")),
    answer=lambda x, y: (x.mean(), x.std()),
    examples=((A[0], 0), (A[1], 1)),
    mistakes=(
        Mistake("variance", "VARIANCE", lambda x, y: x.var(), "spread"),
        Mistake("median", "MEDIAN", lambda x, y: np.median(x) + 1, "mean"),
        Mistake("swapped", "SWAPPED", lambda x, y: (x.std(), x.mean())),
    ),
    hints=("only",),
)


def right_rows(table):
    return table / table.sum(axis=1, keepdims=True)


def words(report):
    return " ".join(report.text().split())


# The four outcomes.


def test_not_attempted():
    def rows_(table):
        raise NotImplementedError("your code goes here")

    report = judge(rows, rows_)
    assert report.outcome is Outcome.NOT_ATTEMPTED
    graded = judge(rows, rows_, cases=HIDDEN, points=3)
    assert (graded.outcome, graded.points) == (Outcome.NOT_ATTEMPTED, 0)


def test_error_shows_the_students_line_and_none_of_ours():
    def student(table):
        total = 1 / 0
        return total

    text = judge(rows, student).text()
    assert "error in your code" in text
    assert "`ZeroDivisionError: division by zero`" in text
    assert "total = 1 / 0" in text
    line = student.__code__.co_firstlineno + 1
    assert f"in line {line} of its cell: total = 1 / 0" in " ".join(text.split())
    assert "Traceback" not in text and "emlib" not in text.replace("exercises.", "")


def test_not_yet_and_passed():
    assert judge(rows, lambda table: table + 1).outcome is Outcome.NOT_YET
    passed = judge(rows, right_rows)
    assert passed.outcome is Outcome.PASSED
    assert "visible checks passed" in words(passed)
    assert "other inputs" in words(passed)
    assert "all tests" not in words(passed).lower()


@pytest.mark.parametrize(
    "student",
    [
        right_rows,
        lambda table: [[float(v) / sum(row) for v in row] for row in table.tolist()],
        lambda table: (right_rows(table)).astype(np.float32),
        lambda table: np.einsum("ij,i->ij", table, 1 / np.einsum("ij->i", table)),
        lambda table: tuple(map(tuple, right_rows(table))),
        lambda values: right_rows(values).astype(object),
    ],
)
def test_every_right_answer_is_accepted(student):
    report = judge(rows, student, cases=HIDDEN, points=3)
    assert (report.outcome, report.points) == (Outcome.PASSED, 3)


@pytest.mark.parametrize(
    "wrap",
    [
        tuple,
        list,
        np.array,
        lambda pair: (np.float32(pair[0]), np.array(pair[1])),
        lambda pair: (float(pair[0]), pair[1]),
        iter,
    ],
)
def test_several_values_in_any_harmless_form(wrap):
    assert judge(moments, lambda x, y: wrap((x.mean(), x.std()))).outcome is Outcome.PASSED


# Points.


def test_each_part_earns_its_share():
    report = judge(moments, lambda x, y: (x.mean(), x.var()), cases=[(B[0], 3)], points=3)
    assert report.points == 1.5
    assert report.parts == (("mean", True), ("spread", False))
    assert report.mistakes == ("variance",)
    assert "mean: right" in words(report) and "spread: not yet right" in words(report)


def test_a_part_is_right_only_if_it_is_right_everywhere():
    cases = [(np.array([1.0, 5.0]), 0), (np.array([500.0, 1.0]), 0)]
    student = lambda x, y: (min(x.mean(), 100.0), x.std())  # noqa: E731
    assert judge(moments, student).outcome is Outcome.PASSED
    report = judge(moments, student, cases=cases, points=2)
    assert (report.outcome, report.points) == (Outcome.NOT_YET, 1)
    assert "right on the visible examples but not on other inputs" in words(report)


def test_parts_of_ones_own():
    exercise = Exercise(
        name="rows",
        parameters=("table",),
        outputs=(Output("shares", "an array of any length", any_length=True),),
        answer=right_rows,
        examples=((A,), (B,)),
        mistakes=(),
        hints=("a hint",),
        parts=(
            Part("length", lambda values, right: len(values[0]) == len(right[0]), "LENGTH"),
            Part("first", lambda values, right: close(values[0][0], right[0][0]), "FIRST"),
        ),
    )
    report = judge(exercise, lambda table: right_rows(table)[:1], cases=[(B,)], points=1)
    assert (report.points, report.parts) == (0.5, (("length", False), ("first", True)))
    assert "LENGTH" in words(report) and "FIRST" not in words(report)


# What can be told of every function.


def _prints(table):
    print(right_rows(table))


def _changes(table):
    table /= table.sum(axis=1, keepdims=True)
    return table


_memory: list[float] = []


def _remembers(table):
    _memory.append(1.0)
    return right_rows(table) * len(_memory)


_data = A.copy()


def _reads_a_global(table):
    return right_rows(_data)[: len(table), : table.shape[1]] + np.sum(_data) * 0


def _reads_a_global_within(table):
    return np.array([[v * scale for v in row] for row in table for scale in [_data[0, 0] / 9]])


def _falls_off_the_end(table):
    if len(table) > 100:
        return table


@pytest.mark.parametrize(
    ("student", "says"),
    [
        (_prints, "printed something and returned `None`"),
        (_falls_off_the_end, "It returned `None`"),
        (lambda table: right_rows(table).T, "rows and columns were exchanged"),
        (lambda table: right_rows(table)[0], "Yours is an array of shape `(3,)`"),
        (lambda table: table.sum(), "Yours is a single number"),
        (lambda table: "no", "of type `str`"),
        (lambda table: {"a": 1}, "of type `dict`"),
        (lambda table: [[1, 2], [3]], "of type `list`"),
        (lambda table: right_rows(table) + 1j, "cannot be read as numbers"),
        (lambda table: right_rows(table).round(2), "rounded to 2 decimals"),
        (lambda table: right_rows(A), "same numbers whatever its arguments are"),
        (lambda table: np.where(table > 8, np.nan, right_rows(table)), "holds `nan` or infinity"),
        (lambda table: table / table.sum(axis=0), "WRONG AXIS"),
        (lambda table: table / table.sum(axis=0), "Each row of `shares` should sum to 1"),
        (lambda table: right_rows(table**2), "Work that number out by hand"),
        (lambda table: right_rows(table**2), "rows(*exercises.rows.examples[0])"),
        (lambda table: [][1], "RAISES"),
        (lambda table: [[v / 0 for v in row] for row in table.tolist()], "ZERO"),
        (_changes, "changes its argument `table` in place"),
        (_remembers, "two different results"),
        (_reads_a_global, "reads `_data` from the notebook"),
        (_reads_a_global_within, "reads `_data` from the notebook"),
        (lambda table, more: table, "keep the first line `def rows(table):`"),
        (lambda: 1, "keep the first line `def rows(table):`"),
        (A, "is not a function but a ndarray"),
        (None, "is not a function but a NoneType"),
    ],
)
def test_diagnosis(student, says):
    report = judge(rows, student)
    assert report.outcome in (Outcome.NOT_YET, Outcome.ERROR)
    assert says in words(report)
    assert report.mistakes


def test_wrong_number_of_values():
    assert "should return 2 values, `mean, spread`" in words(judge(moments, lambda x, y: x.mean()))
    assert "should return 2 values" in words(judge(moments, lambda x, y: (1, 2, 3)))


def test_two_mistakes_are_both_named():
    report = judge(moments, lambda x, y: (np.median(x) + 1, x.var()))
    assert report.mistakes == ("median", "variance")


def test_a_mistake_is_named_only_if_it_explains_everything():
    student = lambda x, y: (x.mean(), x.var() if y == 0 else x.std() + 1)  # noqa: E731
    assert "VARIANCE" not in words(judge(moments, student))


def test_shapes_that_do_not_fit_are_not_taken_for_an_overflow():
    told = judge(rows, lambda table: table + np.ones(7)).mistakes
    assert told == ("error", "shapes that do not fit")


def test_a_right_function_may_read_globals():
    factor = 1.0
    assert judge(rows, lambda table: right_rows(table) * factor).outcome is Outcome.PASSED
    assert judge(rows, lambda table: right_rows(table) * _data[0, 0]).outcome is Outcome.PASSED


def _drifts(table):
    _memory.append(1.0)
    return right_rows(table) * (1 + 1e-6 * len(_memory))


@pytest.mark.parametrize("student", [_changes, _drifts])
def test_side_effects_cost_half(student):
    report = judge(rows, student, cases=HIDDEN, points=3)
    assert (report.outcome, report.points) == (Outcome.NOT_YET, 1.5)


def test_arguments_of_the_exercise_are_never_changed():
    before = A.copy()
    judge(rows, _changes)
    np.testing.assert_array_equal(A, before)


def _with_an_enclosed_name():
    from emlib.models.mixture import entropy

    return lambda table: right_rows(table) + 0 * entropy(np.ones((1, 1)))


def _with_an_import(table):
    import emlib.driver.em as em

    return right_rows(table) + 0 * em.entropy(np.ones((1, 1)))


def _with_a_global_name(table):
    return right_rows(table) + 0 * coin_toss_em.em.answer(1)


def _helps(table):
    return _with_a_global_name(table)


def _by_a_function_of_the_notebook(table):
    return sum([_helps(table)])


def _without_a_text():
    found = dict(globals())
    exec("f = lambda table: right_rows(table) + 0 * len(coin_toss_em.__name__)", found)
    return found["f"]


def _reads_examples(table):
    return right_rows(table) + 0 * len(coin_toss_em.em.examples)


def _only_named_alike(table):
    coin_toss_em = right_rows(table)  # as emlib does
    return coin_toss_em


class Called:
    def __call__(self, table):
        return Exercise.__name__ and close(table, table) * right_rows(table)


@pytest.mark.parametrize(
    ("student", "seen"),
    [
        (_with_an_enclosed_name(), ": `entropy`"),
        (_with_an_import, ": `import emlib.driver.em as em`"),
        (_with_a_global_name, ": `coin_toss_em.em.answer`"),
        (_by_a_function_of_the_notebook, ": `coin_toss_em.em.answer`"),
        (functools.partial(_with_a_global_name), ": `coin_toss_em.em.answer`"),
        (close, ": `close`"),
        (functools.partial(close, A), ": `close`"),
        (rows.check, ": `Exercise.check`"),
        (Called(), ": `Exercise.__name__`, `close`"),
        (lambda table: coin_toss_em.em.answer, ": `coin_toss_em.em.answer`"),
    ],
)
def test_emlib_must_not_do_the_work(student, seen):
    report = judge(rows, student, cases=HIDDEN, points=3)
    assert (report.points, report.mistakes) == (0, ("calls emlib",))
    assert f"It calls emlib{seen}. This" in words(report)


@pytest.mark.parametrize("student", [_without_a_text(), _reads_examples, _only_named_alike])
def test_what_does_not_call_emlib_is_not_said_to(student):
    assert judge(rows, student, cases=HIDDEN, points=3).points == 3


class Proxy:
    """A function of another process: it can be called, and nothing else is known of it."""

    __slots__ = ("_call",)

    def __init__(self, call):
        self._call = call

    def __call__(self, *arguments):
        return self._call(*arguments)


def _raise(error):
    raise error


@pytest.mark.parametrize(
    ("student", "outcome", "points"),
    [
        (right_rows, Outcome.PASSED, 3),
        (_changes, Outcome.NOT_YET, 1.5),
        (lambda table: table / table.sum(axis=0), Outcome.NOT_YET, 0),
        (lambda table: None, Outcome.NOT_YET, 0),
        (lambda table: _raise(ValueError("no")), Outcome.ERROR, 0),
        (lambda table: _raise(NotImplementedError()), Outcome.NOT_ATTEMPTED, 0),
    ],
)
def test_a_function_of_another_process(student, outcome, points):
    report = judge(rows, Proxy(student), cases=HIDDEN, points=3)
    assert (report.outcome, report.points) == (outcome, points)


def test_a_loop_of_another_process():
    steps = tuple(map(Proxy, (_e_step, _m_step)))
    em = Proxy(_student_em((_e_step, _m_step)))
    assert judge(key.em, em, steps, _cases("em"), 4).points == 4


# Time.


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("emlib.checks.limits.COMPUTING", 0.2)


def test_an_endless_loop_is_stopped_and_not_called_again(impatient):
    calls = []

    def student(table):
        calls.append(1)
        while True:
            table = table + 1

    report = judge(rows, student, cases=HIDDEN, points=3)
    assert (report.outcome, report.points) == (Outcome.ERROR, 0)
    assert "After 0.2 seconds of computing it was still running" in words(report)
    assert re.search(r"of its cell:\n +(while True|table = table \+ 1)", report.text())
    assert "was not called again" in words(judge(rows, student))
    assert len(calls) == 1


def test_an_endless_loop_that_swallows_errors_is_stopped(impatient):
    def student(table):
        while True:
            try:
                table = table + 1
            except Exception:
                pass

    assert "still running" in words(judge(rows, student))


def test_an_endless_loop_that_swallows_the_first_strike_is_stopped(impatient):
    def student(table):
        swallowed, deadline = 0, time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                while time.monotonic() < deadline:
                    pass
            except BaseException:
                swallowed += 1
                if swallowed == 2:
                    raise
        return right_rows(table)

    assert "still running" in words(judge(rows, student))


def test_nothing_strikes_later(impatient):
    def just_in_time(table):
        time.sleep(0.199)
        return right_rows(table)

    for _ in range(5):
        judge(rows, just_in_time)
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        pass


# Nothing leaks: neither onto stderr nor about hidden inputs.


def test_what_a_function_prints_is_kept(capfd):
    handler = logging.StreamHandler()  # as logging.basicConfig leaves it, with today's stderr
    student = logging.getLogger("student")
    student.addHandler(handler)

    def noisy(table):
        print("to stdout")
        print("to stderr", file=sys.stderr)
        warnings.warn("a warning", stacklevel=1)
        student.error("to the log")
        np.log(np.zeros(1))
        return right_rows(table)

    report = judge(rows, noisy)
    assert report.outcome is Outcome.PASSED
    assert "to stdout" in report.text() and "to stderr" in report.text()
    assert "Python warned, which costs nothing: UserWarning: a warning" in words(report)
    graded = judge(rows, noisy, cases=HIDDEN, points=3)
    assert graded.points == 3
    assert "to stdout" not in graded.text()
    assert "Python warned while it ran (UserWarning, RuntimeWarning)" in words(graded)
    assert capfd.readouterr() == ("", "")
    assert student.isEnabledFor(logging.WARNING)
    student.removeHandler(handler)


def _visible(table):
    return any(np.array_equal(table, example) for (example,) in rows.examples)


def _hidden_only(table):
    if not _visible(table):
        print(table)
        warnings.warn(str(table), stacklevel=1)
        return table
    return right_rows(table)


def _raises_hidden(table):
    if len(table) == 1:
        raise ValueError(f"{table}")
    return right_rows(table)


@pytest.mark.parametrize(
    "student",
    [
        _hidden_only,
        _raises_hidden,
        lambda table: table[:1, :2],
        lambda table: right_rows(table) if _visible(table) else table.T[:1],
        lambda table: table,
        lambda table: table * np.nan,
        right_rows,
        print,
    ],
)
def test_hidden_inputs_stay_hidden(student):
    report = judge(rows, student, cases=HIDDEN, points=3)
    everything = report.text() + report.html() + json.dumps(report._repr_mimebundle_())
    for number in ("31.25", "77.5", "8.0", "32.2", "79.5", "9.5", "(2, 2)", "(1, 3)"):
        assert number not in everything


def test_an_error_on_hidden_inputs_names_its_type_and_line():
    text = words(judge(rows, _raises_hidden, cases=HIDDEN, points=3))
    assert "On other inputs than the visible ones it stopped with `ValueError`" in text
    assert "raise ValueError" in text


# How a report is shown.

EVERY_REPORT = [
    judge(rows, right_rows),
    judge(rows, lambda table: table.T < 0),
    judge(rows, lambda table: [][1]),
    judge(rows, right_rows, cases=HIDDEN, points=3),
    judge(moments, lambda x, y: (x.mean(), x.var())),
]


@pytest.mark.parametrize("report", EVERY_REPORT)
def test_the_box_and_its_plain_twin_say_the_same(report):
    bundle = report._repr_mimebundle_()
    box = html.unescape(re.sub(r"<[^>]+>", " ", bundle["text/html"]))
    plain = re.sub(r"^ *- ", "", bundle["text/plain"], flags=re.MULTILINE).replace("`", "")
    assert re.sub(r"\s+", "", box) == re.sub(r"\s+", "", plain)
    assert bundle["text/plain"] == str(report)
    # Code stays as it is; words are at most 80 wide, since nbgrader cuts off longer lines.
    assert all(len(line) <= 80 for line in plain.splitlines())


def test_no_meaning_by_colour_alone():
    for outcome in Outcome:
        report = Report("f", outcome)
        assert outcome.sign in report.text() and outcome.words in report.text()
        assert f'aria-label="f: {outcome.words}"' in report.html()
    assert len({outcome.sign for outcome in Outcome}) == len(Outcome)


def test_markup_in_what_students_write_is_shown_as_text():
    def student(table):
        raise ValueError("<script>alert(1)</script> & `x`")

    page = judge(rows, student).html()
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_check_shows_and_returns_nothing(capsys):
    returned = [rows.check(right_rows)]  # type: ignore[func-returns-value]
    assert returned == [None]
    assert "visible checks passed" in capsys.readouterr().out


def test_grade_shows_and_returns_a_plain_number(capsys):
    points = rows.grade(right_rows, points=3)
    assert (type(points), points) == (float, 3.0)
    assert "graded: right on the hidden inputs too (3 of 3 points)" in capsys.readouterr().out
    assert type(rows.grade(None, points=3)) is float
    thirds = Report("f", Outcome.NOT_YET, points=round(2 / 3, 2), worth=1)
    assert "(0.67 of 1 points)" in thirds.text()


def test_while_nbgrader_validates_a_check_raises_its_words(monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    rows.check(right_rows)
    assert capsys.readouterr().out == ""
    with pytest.raises(NotPassed) as caught:
        rows.check(lambda table: table / table.sum(axis=0))
    assert str(caught.value) == judge(rows, lambda table: table / table.sum(axis=0)).text()
    assert "\n".join(caught.value._render_traceback_()) == str(caught.value)


@pytest.mark.parametrize("execution", ["autograde", ""])
def test_otherwise_a_check_never_raises(monkeypatch, execution, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", execution)
    students: list[Any] = [None, A, lambda table: [][1], lambda: 1, type, print, sys.exit]
    for student in [*students, math.sqrt]:
        rows.check(student)
        rows.grade(student, points=1)
    assert capsys.readouterr().err == ""


def test_hints(capsys):
    rows.hint()
    assert capsys.readouterr().out.split("\n")[0] == (
        "Hint 1 of 2: first For the next one, run `exercises.rows.hint(2)`."
    )
    rows.hint(2)
    assert capsys.readouterr().out == "Hint 2 of 2: second\n"
    for level in (0, 3, -1, "1", 1.5, None):
        with pytest.raises(ValueError, match="level must be a whole number from 1 to 2"):
            rows.hint(level)
    assert Hint("x")._repr_mimebundle_() == {"text/markdown": "x", "text/plain": "x"}


def test_show_outside_a_notebook(capsys):
    show(Report("f", Outcome.NOT_YET, ("because",)))
    assert capsys.readouterr().out == "✗ `f`: not yet\n  - because\n"


# Functions that build on others.


def _student_em(steps):
    def em(theta, alpha, heads, flips, tol, max_iter):
        expect, maximise = steps
        r, ll = expect(theta, alpha, heads, flips)
        thetas, lls = [theta], [ll]
        while len(lls) <= max_iter and (len(lls) < 2 or lls[-1] - lls[-2] >= tol):
            thetas.append(maximise(r, heads, flips))
            r, ll = expect(thetas[-1], alpha, heads, flips)
            lls.append(ll)
        return np.array(thetas), np.array(lls)

    return em


def _e_step(theta, alpha, heads, flips):
    logs = np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    logs = logs + np.log(alpha)
    of_rows = np.logaddexp.reduce(logs, axis=1, keepdims=True)
    return np.exp(logs - of_rows), of_rows.sum()


def _e_step_without_weights(theta, alpha, heads, flips):
    """Forget the mixing weights in the responsibilities alone."""
    r, _ = _e_step(theta, np.ones_like(alpha), heads, flips)
    return r, _e_step(theta, alpha, heads, flips)[1]


def _m_step(r, heads, flips):
    return heads @ r / (flips @ r)


@functools.cache
def _cases(name):
    return EXERCISES[name].cases(np.random.default_rng(2))


@pytest.mark.parametrize("steps_known", [True, False])
def test_a_mistake_in_a_step_costs_only_what_follows_from_it(steps_known):
    """The way is another; its log-likelihoods are its own, and it stops by the rule."""
    steps = (_e_step_without_weights, _m_step)
    report = judge(key.em, _student_em(steps), steps if steps_known else (), _cases("em"), 4)
    assert report.points == 2 and dict(report.parts)["thetas"] is False
    assert ("It builds on your `e_step`, which is not right yet" in words(report)) == steps_known


def _claims(way):
    """Return an `em` without a loop, which claims a way."""
    return lambda theta, alpha, heads, flips, tol, max_iter: way(theta, max_iter + 1)


@pytest.mark.parametrize(
    "way",
    [
        lambda theta, n: (np.array([theta, 0 * theta]), np.zeros(2)),
        lambda theta, n: (np.array([theta, theta]), np.zeros(2)),
        lambda theta, n: (np.tile(theta, (n, 1)), np.zeros(n)),
        lambda theta, n: (np.tile(theta * np.nan, (n, 1)), np.full(n, np.nan)),
        lambda theta, n: (np.array([theta, theta * 2, theta]), np.full(3, -np.inf)),
        lambda theta, n: (np.array([theta]), np.zeros(1)),
    ],
)
def test_steps_that_turn_trivial_once_the_loop_was_called_earn_nothing(way):
    called = []

    def em(*arguments):
        called.append(1)
        return _claims(way)(*arguments)

    def trivial(step, value):
        return lambda *x: value(*x) if called else step(*x)

    steps = (
        trivial(_e_step, lambda theta, a, heads, n: (np.ones((len(heads), len(theta))), 0.0)),
        trivial(_m_step, lambda r, heads, flips: np.zeros(r.shape[1])),
    )
    assert judge(key.em, em, steps, _cases("em"), 4).points == 0
    called.clear()
    told = judge(coin_toss_em.em, em, steps)
    assert [mark for _, mark in told.parts] == [False] * 3


@pytest.mark.parametrize(
    ("way", "held"),
    [
        (lambda theta: [theta, theta], 0),  # nothing is gained: does it stop by the rule?
        (lambda theta: [theta, theta / 2], 0),
        (lambda theta: [theta, theta / 2, theta / 4], 1),  # the log-likelihoods of a way
    ],
)
def test_right_log_likelihoods_of_a_way_that_goes_nowhere_earn_nothing(way, held):
    def em(theta, alpha, heads, flips, tol, max_iter):
        thetas = way(theta)
        lls = [_e_step(one, alpha, heads, flips)[1] for one in thetas]
        return np.array(thetas), np.array(lls)

    steps = (_e_step, _m_step)
    for report in (
        judge(coin_toss_em.em, em, steps),
        judge(key.em, em, steps, _cases("em"), 4),
    ):
        assert sum(mark is True for _, mark in report.parts) == held


@pytest.mark.parametrize(
    ("marks", "there", "wanted"),
    [
        ([True, None], True, True),  # on one example the path ends at once: that tells nothing
        ([False, None], True, False),
        ([None, None], True, None),
        ([True, None], False, None),  # there is nothing to look at
    ],
)
def test_what_tells_nothing_of_a_part_neither_costs_nor_earns(marks, there, wanted):
    reading = Reading(np.zeros(2) if there else None)
    call = observe(lambda: 0, (), Budget())
    tries = [Try((), call, 0, (reading,), marks={"stopping rule": mark}) for mark in marks]
    assert overall("stopping rule", tries) is wanted


def test_steps_that_fail_do_not_matter_to_a_loop_without_them():
    broken: tuple[Any, ...] = (lambda *x: None, lambda *x: [][1])
    em = _student_em((_e_step, _m_step))
    assert judge(key.em, em, broken, _cases("em"), 4).points == 4


def test_a_step_that_is_not_written_yet_is_named():
    def e_step(theta, alpha, heads, flips):
        raise NotImplementedError("your code goes here")

    steps = (e_step, _m_step)
    report = judge(key.em, _student_em(steps), steps)
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert "It calls your `e_step`, which is not written yet" in words(report)


# The exercises of notebooks 03b and 03c.

EXERCISES = {
    name: value
    for name, value in (vars(key) | vars(misleads)).items()
    if isinstance(value, Exercise)
}


def _key(arguments):
    return tuple(np.asarray(argument).tobytes() for argument in arguments)


def _replay(exercise, mistake, inputs):
    """Return a function that gives what the mistake gives, without calling emlib."""
    known = {}
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for arguments in inputs:
            try:
                values = mistake.gives(*arguments)
            except Exception as error:
                known[_key(arguments)] = error
                continue
            if mistake.part:
                right = exercise.answer(*arguments)
                names = [output.name for output in exercise.outputs]
                values = tuple(
                    values if name == mistake.part else value
                    for name, value in zip(names, right, strict=True)
                )
            known[_key(arguments)] = values

    def replay(*arguments):
        result = known[_key(arguments)]
        if isinstance(result, Exception):
            raise result
        return result

    return replay


# Names of mistakes that can have the same result.
SAME = {
    "mixing weights taken as equal": ["mixing weights forgotten"],
    "same weight for both coins": ["mixing weights forgotten"],
}

MISTAKES = [(name, i) for name, e in EXERCISES.items() for i in range(len(e.mistakes))]


@pytest.mark.parametrize(("name", "i"), MISTAKES)
def test_each_mistake_is_caught_and_named(name, i):
    exercise, mistake = EXERCISES[name], EXERCISES[name].mistakes[i]
    cases = _cases(name)
    student = _replay(exercise, mistake, [*exercise.examples, *cases])
    report = judge(exercise, student, cases=cases, points=1)
    assert report.points != 1
    assert report.mistakes
    if report.mistakes[0] != "wrong type or shape":  # which says enough by itself
        assert mistake.name in report.mistakes or report.mistakes[-1] in SAME.get(mistake.name, ())


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_says_what_it_is(name):
    exercise = EXERCISES[name]
    assert exercise.name == name
    assert len(exercise.examples) >= 2
    assert len(exercise.hints) >= 2
    for arguments in exercise.examples:
        assert len(arguments) == len(exercise.parameters)


@pytest.mark.parametrize("seed", range(3))
def test_random_inputs_are_legal_and_asymmetric(seed):
    rng = np.random.default_rng(seed)
    theta, alpha, heads, flips = key.e_step.cases(rng)[0]
    assert ((0 < theta) & (theta < 1)).all() and len(set(theta)) == 3
    assert alpha.sum() == pytest.approx(1) and np.ptp(alpha) > 0.1
    assert ((0 <= heads) & (heads <= flips)).all() and len(set(flips)) > 3
    q, *_ = misleads.bound.cases(rng)[0]
    np.testing.assert_allclose(q.sum(axis=1), 1)
    assert (q == 0).any()


def test_a_mistake_that_is_recognised_is_not_taken_for_a_constant_or_for_rounding():
    zeros = Mistake("zeros", "ALL ZERO", lambda table: 0 * table)
    hard = Mistake("hard", "HARD", lambda table: right_rows(table).round())
    exercise = replace(rows, mistakes=(zeros, hard))
    for mistake in (zeros, hard):
        report = judge(exercise, mistake.gives)
        assert report.mistakes[-1:] == (mistake.name,)
        assert "rounded" not in report.mistakes and "constant result" not in report.mistakes


def test_a_class_is_graded_with_several_draws():
    """What is prepared once for a class must not be one draw, whose numbers all would share."""
    drawn, asked = [], set()

    def cases(rng):
        drawn.append(rng.uniform(1, 99))
        return [(np.array([[drawn[-1], 1.0]]),)]

    def watched(table):
        asked.add(table[0, 0])
        return rows.answer(table)

    prepared = replace(rows, cases=cases)
    prepared.prepare()
    many = len(drawn)
    assert [prepared.grade(watched, points=1) for _ in range(60)] == [1] * 60
    assert len(drawn) == many > 1
    assert len(asked & {*drawn}) > 1
