"""The limits on a check: one on computing, one by the clock, each by every means there is."""

import builtins
import io
import os
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from emlib.checks import Exercise, Output, limits
from emlib.checks.calls import observe
from emlib.checks.judge import judge
from emlib.checks.limits import Budget, TimeUp, limited
from emlib.checks.report import Outcome

__name__ = "__main__"  # as in a notebook: what stands here is the student's own code

half = Exercise(
    name="half",
    parameters=("x",),
    outputs=(Output("y", "a single number"),),
    answer=lambda x: x / 2,
    examples=((3.0,), (5.0,)),
    mistakes=(),
    hints=("only",),
)
LONG = 1000.0
no_events = pytest.mark.skipif(not hasattr(sys, "monitoring"), reason="new in Python 3.12")
MEANS = [limits.by_thread, pytest.param(limits.by_events, marks=no_events)]


def words(report):
    return " ".join(report.text().split())


@pytest.fixture(params=MEANS)
def means(request, monkeypatch):
    monkeypatch.setattr(limits, "MEANS", request.param)
    return request.param


def loops(x):
    while True:
        x = x + 1


def loops_over_errors(x):
    while True:
        try:
            x = x + 1
        except:  # noqa: E722
            pass


def calls_itself(x, depth=400):
    return calls_itself(x, depth - 1) + calls_itself(x, depth - 1) if depth else 0


def iterates(x):
    return [y for y in iter(int, 1) if y]


def sleeps(x):
    while True:
        time.sleep(0.001)


@pytest.mark.parametrize("student", [loops, loops_over_errors, calls_itself, iterates])
def test_a_loop_is_stopped_when_it_has_computed_for_long_enough(means, student):
    budget = Budget(0.1, LONG)
    call = observe(student, (1.0,), budget)
    assert call.hung and call.error == "TimeUp" and call.line
    assert (budget.over, budget.computing) == ("computing", 0)
    assert 0 < budget.waiting < LONG


def test_what_sleeps_is_stopped_by_the_clock(means):
    budget = Budget(LONG, 0.1)
    call = observe(sleeps, (1.0,), budget)
    assert call.hung and call.inside == "sleeps"
    assert (budget.over, budget.waiting) == ("waiting", 0)


def test_sleep_is_no_computing(means):
    budget = Budget(LONG, LONG)
    observe(lambda x: time.sleep(0.2), (1.0,), budget)
    assert budget.over == "" and LONG - budget.computing < LONG - budget.waiting


def test_calls_share_one_budget(means):
    budget = Budget(0.2, LONG)
    calls = [observe(lambda x: sum(range(10**5)), (1.0,), budget).hung for _ in range(300)]
    assert not calls[0] and budget.computing == 0
    assert observe(loops, (1.0,), budget).hung


@pytest.mark.skipif(not hasattr(os, "fork"), reason="signals wake nobody on Windows")
@pytest.mark.parametrize("wait", [lambda r: os.read(r, 1), lambda r: time.sleep(40)])
def test_what_blocks_in_one_call_is_woken(wait):
    read, write = os.pipe()
    rescued = threading.Event()
    rescue = threading.Timer(20, lambda: (rescued.set(), os.write(write, b"x")))
    rescue.start()
    try:
        assert observe(lambda x: wait(read), (1.0,), Budget(LONG, 0.1)).hung
        assert not rescued.is_set()
    finally:
        rescue.cancel()
        os.close(read)
        os.close(write)


def test_in_another_thread_than_the_main_one():
    found = []
    thread = threading.Thread(
        target=lambda: found.append(observe(loops, (1.0,), Budget(0.1, LONG)))
    )
    thread.start()
    thread.join()
    assert found[0].hung


def test_nothing_strikes_later(means):
    for _ in range(20):
        budget = Budget(LONG, 0.02)
        observe(lambda x: time.sleep(0.0195), (1.0,), budget)
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        pass


def test_only_the_students_code_is_stopped(means):
    left = []

    @contextmanager
    def ours():
        try:
            yield
        finally:
            left.append(1)

    def works():
        with ours():
            loops(1)

    with pytest.raises(TimeUp):
        limited(Budget(0.05, LONG), works, __name__)
    assert left


@no_events
def test_a_browser_starts_no_thread(monkeypatch):
    def no_thread(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(limits, "MEANS", limits.by_events)
    monkeypatch.setattr(threading.Thread, "start", no_thread)
    assert judge(half, lambda x: x / 2).outcome is Outcome.PASSED
    monkeypatch.setattr(limits, "COMPUTING", 0.1)
    assert "seconds of computing it was still running" in words(judge(half, loops))


def test_the_tool_of_the_events_is_given_back():
    if hasattr(sys, "monitoring"):
        tool = limits.by_events(lambda: LONG, lambda: sys.monitoring.get_tool(limits.TOOL), "")
        assert tool == "emlib"
        assert sys.monitoring.get_tool(limits.TOOL) is None


# What a check says.


def test_a_check_says_which_limit_struck(means, monkeypatch):
    monkeypatch.setattr(limits, "COMPUTING", 0.1)
    report = judge(half, lambda x: loops(x))
    assert (report.outcome, report.mistakes) == (Outcome.ERROR, ("endless loop",))
    assert "never ends? After 0.1 seconds of computing it was still running in line" in words(
        report
    )

    monkeypatch.setattr(limits, "COMPUTING", LONG)
    monkeypatch.setattr(limits, "WAITING", 0.1)
    report = judge(half, lambda x: sleeps(x), points=2)
    assert (report.outcome, report.mistakes) == (Outcome.ERROR, ("waits too long",))
    assert (
        "After 0.1 seconds by the clock, 0 of them spent computing, it was still running"
        in words(report)
    )


class Elsewhere:
    """A function of another process, which says that each call computes for 0.06 seconds."""

    __name__ = "half"

    def __call__(self, x):
        raise AssertionError("a check observes it instead")

    def cells(self):
        return [("def half(x):\n    return x / 2", True)]

    def observe(self, arguments, through, computing, waiting):
        over = "computing" if computing < 0.06 else ""
        value = np.array(arguments[0] / 2)
        told = {"value": value, "over": over, "computed": 0.06, "waited": 0.1}
        nothing = {"error": "", "message": "", "line": 0, "code": "", "inside": "", "printed": ""}
        return SimpleNamespace(**told, **nothing, warned=[], changed=[])


def test_a_function_of_another_process_spends_the_time_that_it_tells(monkeypatch):
    assert judge(half, Elsewhere()).outcome is Outcome.PASSED
    monkeypatch.setattr(limits, "COMPUTING", 0.1)
    report = judge(half, Elsewhere())
    assert report.mistakes == ("endless loop",)
    assert "never ends? After 0.1 seconds of computing it was still running" in words(report)


# Input.


def test_nobody_is_asked_for_input(monkeypatch):
    asked = []
    monkeypatch.setattr(builtins, "input", lambda *prompt: asked.append(prompt) or "3")
    monkeypatch.setattr(sys, "stdin", io.StringIO("7\n"))
    theirs = builtins.input, sys.stdin

    def asks(x):
        return float(input("x? ")) / 2

    report = judge(half, asks)
    assert (report.outcome, asked) == (Outcome.ERROR, [])
    assert "EOFError" in words(report) and "nobody types anything" in words(report)
    assert 'float(input("x? "))' in report.text()
    assert judge(half, lambda x: x / 2 if sys.stdin.read() == "" else 0).outcome is Outcome.PASSED
    assert (builtins.input, sys.stdin) == theirs


def test_right_answers_pass_by_every_means(means):
    assert judge(half, lambda x: np.mean([x, 0])).outcome is Outcome.PASSED


def test_a_step_that_never_ends_is_not_waited_for(means, monkeypatch):
    monkeypatch.setattr(limits, "COMPUTING", 0.1)
    builds_on = replace(half, steps=(replace(half, name="step"),))
    assert judge(builds_on, lambda x: x / 2, steps=[loops]).outcome is Outcome.PASSED
