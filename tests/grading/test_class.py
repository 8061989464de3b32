"""A class is graded once, whatever stops the run, and again only where something changed."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

import attacks
import broken
import course
import honest
import nbformat
import psutil
import pytest
from cases import CASES
from conftest import environment, run
from dask.distributed import Client
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from nbgrader.preprocessors import AssignLatePenalties

from grading.book import Book
from grading.fanout import Unsound, connect, grade_class
from grading.settings import Grading

assert attacks and broken and honest  # importing them lists their cases
pytestmark = [
    pytest.mark.usefixtures("sandboxed"),
    pytest.mark.filterwarnings("ignore"),  # of nbgrader, SQLAlchemy and dask
]
GRADE = ["grading", course.NAME, "--workers", "2", "--quiet"]


def gradebook(root: Path) -> dict[str, Any]:
    """All that the gradebook says of students' work."""
    found = {}
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        for submission in book.assignment_submissions(course.NAME):
            for notebook in submission.notebooks:
                grades = {
                    g.name: (g.auto_score, g.manual_score, g.needs_manual_grade)
                    for g in notebook.grades
                }
                comments = {c.name: c.auto_comment for c in notebook.comments}
                told = (submission.timestamp, notebook.late_submission_penalty)
                found[submission.student.id] = (grades, comments, told)
        found["all students"] = sorted(student.id for student in book.students)
    return found


def reports(root: Path) -> dict[str, str]:
    """The records of all submissions."""
    folder = root / "reports" / course.NAME
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json"))}


def hand_in_class(root: Path, size: int) -> None:
    """Hand in a mixed class: right, wrong, blank, broken and hostile."""
    quick = ("blank", "cut-off", "segfault", "copied-cells", "half", "partly", "output-bomb")
    for i in range(size):
        student = f"student-{i:03}"
        if i % 2:
            CASES[quick[i // 2 % len(quick)]].hand_in(root, student)
        else:
            course.submit(root, student, course.answered(root, explain=f"Outliers, {i}."))


@pytest.fixture(scope="module")
def client(sandboxed: None) -> Iterator[Client]:
    """Two workers, for all tests that need no process of their own."""
    with connect(2, None) as client:
        yield client


def grade(client: Client, root: Path, **options: Any) -> dict[str, int]:
    """Grade a class; return how many submissions came into which state."""
    with chdir(root):  # nbgrader reads the settings of where it is started
        app = NbGrader()
        app.initialize([])
    book = Book(app.coursedir, course.NAME, AssignLatePenalties(parent=app))
    summary = grade_class(client, book, Grading(parent=app), quiet=True, **options)
    return summary.states | ({"unchanged": summary.unchanged} if summary.unchanged else {})


@pytest.fixture(scope="module", params=[8, pytest.param(30, marks=pytest.mark.slow)])
def undisturbed(
    released: Path,
    tmp_path_factory: pytest.TempPathFactory,
    client: Client,
    request: pytest.FixtureRequest,
) -> Path:
    """A class, graded without disturbance."""
    root = course.copy(released, tmp_path_factory.mktemp("undisturbed") / "course")
    hand_in_class(root, request.param)
    grade(client, root)
    return root


def same_class(undisturbed: Path, released: Path, target: Path) -> Path:
    """The same class, not graded yet."""
    root = course.copy(released, target)
    hand_in_class(root, len(list((undisturbed / "submitted").iterdir())))
    return root


@contextmanager
def running(root: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A run in the background, with everything that it starts."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "-m", *words], cwd=root, env=environment(), stdout=quiet, stderr=quiet
    )
    try:
        yield process
    finally:
        for child in [*children(process.pid), *([process] if process.poll() is None else [])]:
            child.kill()
        process.wait()


def children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a run as the system would, and see that all it started is gone soon."""
    started = children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, left = psutil.wait_procs(started, timeout=20)
    assert not [p for p in left if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def check_same(root: Path, undisturbed: Path) -> None:
    """Everything is as if nothing had happened."""
    assert gradebook(root) == gradebook(undisturbed)
    assert reports(root) == reports(undisturbed)
    for name in ("autograded",):
        one = sorted(p.relative_to(root) for p in (root / name).rglob("*"))
        assert one == sorted(p.relative_to(undisturbed) for p in (undisturbed / name).rglob("*"))


def test_killed_once(client: Client, released: Path, undisturbed: Path, tmp_path: Path) -> None:
    root = same_class(undisturbed, released, tmp_path / "course")
    with running(root, *GRADE) as process:
        while len(reports(root)) < 3 and process.poll() is None:
            time.sleep(0.05)
        kill(process)
    assert len(reports(root)) >= 3
    check_half_done(root, undisturbed)
    grade(client, root)
    check_same(root, undisturbed)


def check_half_done(root: Path, undisturbed: Path) -> None:
    """Each submission is graded as it will be in the end, or not at all: never 0 instead."""
    book, whole = gradebook(root), gradebook(undisturbed)
    for student in book.keys() - {"all students"}:
        scores = [score for score, *_ in book[student][0].values()]
        assert book[student] == whole[student] or set(scores) == {None}


@pytest.mark.slow
def test_killed_at_20_random_moments(
    client: Client, released: Path, undisturbed: Path, tmp_path: Path
) -> None:
    moments = random.Random(7)
    for i in range(20):
        if i % 4 == 0:  # from the beginning again: a class is soon done
            root = same_class(undisturbed, released, tmp_path / f"course-{i}")
        with running(root, *GRADE) as process:
            enough = len(reports(root)) + moments.randrange(6)
            while len(reports(root)) < enough and process.poll() is None:
                time.sleep(0.02)
            time.sleep(moments.random() * 3)
            kill(process)
        check_half_done(root, undisturbed)
        if i % 4 == 3:
            grade(client, root)
            check_same(root, undisturbed)


def test_what_is_done_is_not_done_again(client: Client, released: Path, tmp_path: Path) -> None:
    root = course.copy(released, tmp_path / "course")
    for name in ("ada", "bob"):
        course.submit(root, name, course.answered(root, explain="Outliers."))
    assert grade(client, root) == {"graded": 2}
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        for name in ("ada", "bob"):
            by_hand = book.find_grade("explain", course.NAME, course.NAME, name)
            assert by_hand.needs_manual_grade
            by_hand.manual_score, by_hand.needs_manual_grade = 2.5, False
        book.db.commit()

    # Nothing changed.
    assert grade(client, root) == {"unchanged": 2}

    # One hands in again: only that is graded, and the human's points wait for another look.
    course.submit(root, "bob", course.answered(root, mean="def mean(v):\n    return 2"))
    assert grade(client, root) == {"unchanged": 1, "graded": 1}
    assert gradebook(root)["ada"][0]["explain"] == (None, 2.5, False)
    assert gradebook(root)["bob"][0]["explain"] == (0, 2.5, True)
    assert gradebook(root)["bob"][0]["check_mean"][0] == 0

    # A test changes: all are graded again, and the human's points stay.
    path = root / "notebooks" / course.NAME / f"{course.NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    check = course.cell(notebook, "check_mean")
    check.source = check.source.replace("8123.75", "8123.75, 'no'\nassert mean([2, 2]) == 2")
    nbformat.write(notebook, path)
    run(root, "nbgrader", "generate_assignment", course.NAME, "--force")
    assert grade(client, root) == {"graded": 2}
    assert gradebook(root)["ada"][0]["explain"] == (None, 2.5, False)

    # The gradebook is lost: what the records say is done is done again.
    (root / "gradebook.db").unlink()
    run(root, "nbgrader", "generate_assignment", course.NAME, "--force")
    assert grade(client, root) == {"graded": 2}


def test_an_assignment_that_refuses_its_own_answers_is_not_graded(
    client: Client, released: Path, tmp_path: Path
) -> None:
    root = course.copy(released, tmp_path / "course")
    path = root / "notebooks" / course.NAME / f"{course.NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    answer = course.cell(notebook, "mean")
    answer.source = answer.source.replace("len(values)", "(len(values) + 1)")
    nbformat.write(notebook, path)
    run(root, "nbgrader", "generate_assignment", course.NAME, "--force")
    course.submit(root, "ada", course.answered(root))
    with pytest.raises(Unsound, match=r"check_mean: 0 of 3 points.*the mean of 1, 2, 3"):
        grade(client, root)
    assert not (root / "autograded").exists()


def test_workers_listen_only_to_the_run_that_started_them(client: Client) -> None:
    address = client.cluster.scheduler_address  # type: ignore[union-attr]
    assert address.startswith("tls://")
    with pytest.raises((OSError, TypeError)):
        Client(address, timeout=2)


def test_unreleased_assignments_are_named(released: Path, tmp_path: Path) -> None:
    root = course.copy(released, tmp_path / "course")
    done = run(root, "grading", "02-medians", check=False)
    assert done.returncode == 2
    assert "run `nbgrader generate_assignment 02-medians` first" in done.stderr


LATE = """
from nbgrader.plugins import BasePlugin

class OnePointADay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 86400
"""


def test_late_days_cost_what_the_plugin_says(
    client: Client, released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = course.copy(released, tmp_path / "course")
    (root / "late_days.py").write_text(LATE, encoding="utf-8")
    monkeypatch.syspath_prepend(root)
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("\nc.AssignLatePenalties.plugin_class = 'late_days.OnePointADay'\n")
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        book.update_or_create_assignment(course.NAME, duedate="2030-01-01 03:04:05 UTC")
    course.submit(root, "late", course.answered(root))  # one day late
    course.submit(root, "in-time", course.answered(root))
    stamp = course.folder(root, "in-time") / "timestamp.txt"
    stamp.write_text("2029-12-31 00:00:00 UTC", encoding="utf-8")
    grade(client, root)
    assert gradebook(root)["late"][2][1] == 1
    assert gradebook(root)["in-time"][2][1] is None


def test_a_scheduler_and_two_workers(released: Path, undisturbed: Path, tmp_path: Path) -> None:
    root = same_class(undisturbed, released, tmp_path / "course")
    told = tmp_path / "scheduler.json"
    dask = (
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
    )
    worker = ("distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard")
    file = ("--scheduler-file", str(told))
    with (
        running(tmp_path, *dask, *file),
        running(tmp_path, *worker, *file),
        running(tmp_path, *worker, *file),
    ):
        deadline = time.monotonic() + 60
        while not told.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        address = re.search(r'"address": "(.*?)"', told.read_text(encoding="utf-8"))
        assert address
        run(root, "grading", course.NAME, "--quiet", "--scheduler", address[1], check=False)
    check_same(root, undisturbed)
