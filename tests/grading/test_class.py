"""A class is graded once, whatever stops the run, and again only where something changed."""

from __future__ import annotations

import csv
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

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

from grading.__main__ import alone
from grading.book import Book
from grading.fanout import Unsound, connect, grade_class
from grading.roster import Wrong, plain
from grading.run import FAILED, GRADED, Result
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


def started(root: Path) -> NbGrader:
    """nbgrader, with the settings of a course."""
    with chdir(root):  # nbgrader reads the settings of where it is started
        app = NbGrader()
        app.initialize([])
    return app


def grade(client: Client, root: Path, **options: Any) -> dict[str, int]:
    """Grade a class; return how many submissions came into which state."""
    app = started(root)
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


@pytest.mark.slow
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
    check.source = check.source.replace("### END", "assert mean([2, 2]) == 2\n### END")
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

class Half(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2

class KnowsOnlyBob(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {"bob": 1}[student_id]
"""


@pytest.fixture
def late(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with late days: two students at 3:04 on 2 January, and one of an unknown time."""
    root = course.copy(released, tmp_path / "course")
    (root / "late_days.py").write_text(LATE, encoding="utf-8")
    monkeypatch.syspath_prepend(root)
    charge(root, "OnePointADay")
    for student in ("ada", "bob", "guessed"):
        course.submit(root, student, course.answered(root, explain="Outliers."))
    (course.folder(root, "guessed") / "timestamp.txt").unlink()
    return root


def charge(root: Path, plugin: str) -> None:
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"\nc.AssignLatePenalties.plugin_class = 'late_days.{plugin}'\n")


def due(root: Path, date: str | None) -> None:
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        book.update_or_create_assignment(course.NAME, duedate=date)


def penalties(root: Path) -> dict[str, float]:
    """What lateness costs, who is charged at all."""
    told = {name: entry[2][1] for name, entry in gradebook(root).items() if name != "all students"}
    return {name: penalty for name, penalty in told.items() if penalty is not None}


def test_penalties_follow_the_due_date_extensions_and_points_by_hand(
    client: Client, late: Path
) -> None:
    assert grade(client, late) == {"graded": 3}
    assert penalties(late) == {}

    due(late, "2030-01-01 03:04:05 UTC")
    assert grade(client, late) == {"unchanged": 3}
    assert penalties(late) == {"ada": 1, "bob": 1}

    due(late, "2030-01-20 00:00:00 UTC")
    assert grade(client, late) == {"unchanged": 3}
    assert penalties(late) == {}

    due(late, "2030-01-01 03:04:05 UTC")
    with Gradebook(f"sqlite:///{late}/gradebook.db") as book:
        book.grant_extension(course.NAME, "bob", days=5)
    assert grade(client, late) == {"unchanged": 3}
    assert penalties(late) == {"ada": 1}

    charge(late, "Half")
    assert grade(client, late) == {"unchanged": 3}
    assert penalties(late) == {"ada": course.FULL / 2}
    with Gradebook(f"sqlite:///{late}/gradebook.db") as book:
        by_hand = book.find_grade("explain", course.NAME, course.NAME, "ada")
        by_hand.manual_score, by_hand.needs_manual_grade = 2, False
        book.db.commit()
    assert grade(client, late) == {"unchanged": 3}
    assert penalties(late) == {"ada": (course.FULL + 2) / 2}

    due(late, None)  # and bob's extension is of nothing now
    assert grade(client, late) == {"unchanged": 3}
    assert penalties(late) == {}


def test_exports_and_feedback_work_penalties_out_themselves(client: Client, late: Path) -> None:
    grade(client, late)
    for day, penalty in (("01", 1), ("20", 0)):
        due(late, f"2030-01-{day} 03:04:05 UTC")
        run(late, "nbgrader", "generate_feedback", course.NAME, "--force")
        assert penalties(late).get("ada", 0) == penalty
        assert "guessed" not in penalties(late)
    due(late, "2030-01-01 03:04:05 UTC")
    with Gradebook(f"sqlite:///{late}/gradebook.db") as book:
        for student in ("ada", "guessed"):
            by_hand = book.find_grade("explain", course.NAME, course.NAME, student)
            by_hand.manual_score, by_hand.needs_manual_grade = 2, False
        book.db.commit()
    run(late, "nbgrader", "export")
    rows = {row["student_id"]: row for row in table(late / "grades.csv")}
    assert float(rows["ada"]["score"]) == course.FULL + 2 - 1
    assert float(rows["guessed"]["score"]) == course.FULL + 2


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_report_says_whose_time_was_guessed(client: Client, late: Path) -> None:
    grade(client, late)
    page = (late / "reports" / f"{course.NAME}.html").read_text(encoding="utf-8")
    assert "lateness costs them nothing: guessed.</p>" in page
    assert page.count("(the file&#39;s own)") + page.count("(the file's own)") == 1
    told = f"assignment,student,handed_in\n{course.NAME},guessed,2030-01-02 05:06\n"
    (late / "deadlines.csv").write_text(told, encoding="utf-8")
    grade(client, late)
    page = (late / "reports" / f"{course.NAME}.html").read_text(encoding="utf-8")
    assert "lateness costs them nothing" not in page and "2030-01-02 05:06" in page


def test_a_guess_that_was_once_charged_for_is_not_any_more(client: Client, late: Path) -> None:
    due(late, "2030-01-01 03:04:05 UTC")
    grade(client, late)
    with Gradebook(f"sqlite:///{late}/gradebook.db") as book:  # as earlier versions left it
        submission = book.find_submission(course.NAME, "guessed")
        submission.timestamp = submission.assignment.duedate + timedelta(days=3)
        submission.notebooks[0].late_submission_penalty = 3
        book.db.commit()
    assert grade(client, late) == {"unchanged": 3}
    assert "guessed" not in penalties(late)


def test_a_time_that_is_gone_is_charged_by_no_command(client: Client, late: Path) -> None:
    due(late, "2030-01-01 03:04:05 UTC")
    grade(client, late)
    assert penalties(late) == {"ada": 1, "bob": 1}
    (course.folder(late, "ada") / "timestamp.txt").unlink()
    (course.folder(late, "bob") / "timestamp.txt").write_text("02/01/2030 03:04 UTC", "utf-8")
    run(late, "nbgrader", "autograde", course.NAME, "--force")
    assert penalties(late) == {}
    run(late, "nbgrader", "export")
    assert {row["timestamp"] for row in table(late / "grades.csv")} == {""}
    assert penalties(late) == {}


def test_a_plugin_that_fails_for_one_charges_the_others(client: Client, late: Path) -> None:
    charge(late, "KnowsOnlyBob")
    due(late, "2030-01-01 03:04:05 UTC")
    grade(client, late)
    assert penalties(late) == {"bob": 1}


def test_autograde_costs_nothing_for_a_guess_either(late: Path) -> None:
    due(late, "2030-01-01 03:04:05 UTC")
    os.utime(course.folder(late, "guessed") / f"{course.NAME}.ipynb", (2e9, 2e9))
    stamp = course.folder(late, "bob") / "timestamp.txt"
    stamp.write_text("2030-01-02 03:04:05 CST", encoding="utf-8")  # Chicago, or Shanghai?
    os.utime(course.folder(late, "bob") / f"{course.NAME}.ipynb", (2e9, 2e9))
    stamp = course.folder(late, "ada") / "timestamp.txt"
    stamp.write_text("2030-01-02 05:04:05 +0200", encoding="utf-8")  # nbgrader: 200 seconds
    run(late, "nbgrader", "autograde", course.NAME)
    assert penalties(late) == {"ada": 1}
    records = Book(started(late).coursedir, course.NAME).records()
    assert [s for s, record in records.items() if record["guessed_time"]] == ["bob", "guessed"]
    run(late, "nbgrader", "generate_feedback", course.NAME)
    for student in ("ada", "bob", "guessed"):  # nbgrader release_feedback needs it
        assert (late / "feedback" / student / course.NAME / "timestamp.txt").exists()


# Of all these, only the last two are names that a student can have.
ODD_NAMES = [
    b"Jos\xe9",
    b"n" * 250,
    b"line\nbreak",
    b"x[1]",
    b"a*b",
    b".hidden",
    "学生".encode(),
    b"=1+1; {0} 100% ~x",
]
ODD_TIMES = [
    b"24:0010000000000000000000000999999202610000000000000000000000",
    b"\xff\xfe",
    b"2030-01-02 03:04:05 CST",
]


def odd_names(count: int) -> list[bytes]:
    """Names of folders, some of them drawn at random."""
    draw = random.Random(11)
    letters = [bytes([i]) for i in range(1, 256) if i != ord("/")]
    made = [b"".join(draw.choices(letters, k=draw.randrange(1, 40))) for _ in range(count)]
    return ODD_NAMES + [name for name in made if name not in (b".", b"..")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes of that kind")
def test_odd_folders_cost_no_traceback(released: Path, emptied: Path) -> None:
    root = course.copy(released, emptied / "course")
    for student in ("ada", "zoe"):
        course.submit(root, student, course.answered(root))
    folder = course.folder(root, "ada")
    nested(folder / "deep", 1100)
    for place in (folder, root / "set-aside" / "ada" / course.NAME):
        place.mkdir(parents=True, exist_ok=True)
        os.mkfifo(place / "pipe")
    done = run(root, "nbgrader", "autograde", course.NAME)
    assert "Traceback" not in done.stdout + done.stderr
    assert {s: sum(g[0] or 0 for g in graded(root, s).values()) for s in ("ada", "zoe")} == {
        "ada": course.FULL,
        "zoe": course.FULL,
    }


@pytest.fixture
def emptied(tmp_path: Path) -> Iterator[Path]:
    """A folder that is gone after the test: pytest's own cleaning stops at folders so deep."""
    yield tmp_path
    subprocess.run(["rm", "-rf", *tmp_path.iterdir()], check=True)


def nested(folder: Path, depth: int) -> None:
    """Make folders within folders, deeper than one path can tell."""
    folder.mkdir()
    opened = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("deep", dir_fd=opened)
        inner = os.open("deep", os.O_RDONLY, dir_fd=opened)
        os.close(opened)
        opened = inner
    os.close(opened)


def graded(root: Path, student: str) -> dict[str, Any]:
    found: dict[str, Any] = gradebook(root)[student][0]
    return found


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="names as only Linux allows them")
def test_no_folder_stops_a_class(released: Path, tmp_path: Path) -> None:
    root = course.copy(released, tmp_path / "course")
    for student in ("ada", "zoe"):
        course.submit(root, student, course.answered(root))
    names = odd_names(60)
    for i, name in enumerate(names):
        folder = os.path.join(os.fsencode(root), b"submitted", name, course.NAME.encode())
        os.makedirs(folder)
        notebook = os.path.join(folder, f"{course.NAME}.ipynb".encode())
        with open(notebook, "wb") as file:
            file.write(b"{}" if i % 3 else b"")
        os.utime(notebook, ([-(10**10), 0, 10**11][i % 3],) * 2)
        with open(os.path.join(folder, b"timestamp.txt"), "wb") as file:
            file.write(ODD_TIMES[i % len(ODD_TIMES)])
    good = course.submit(root, "学生", course.answered(root))
    (good.parent / "timestamp.txt").write_bytes(ODD_TIMES[0])
    loop = root / "submitted" / "loop"
    loop.symlink_to(loop)
    (root / "submitted" / "pipe").mkdir()
    os.mkfifo(root / "submitted" / "pipe" / course.NAME)
    (root / "submitted" / "read me.txt").write_text("no student's", encoding="utf-8")

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONIOENCODING", "cp1252")
        words = ("grading", course.NAME, "--workers", "2")
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=root, env=environment(), capture_output=True
        )
    assert done.returncode == 1, done.stderr.decode("cp1252", "replace")
    assert b"Report:" in done.stdout  # it came to its end
    book = gradebook(root)
    for student in ("ada", "zoe", "学生"):
        assert sum(score or 0 for score, *_ in book[student][0].values()) == course.FULL
    rows = {row["student"]: row for row in table(root / "reports" / f"{course.NAME}.csv")}
    assert len(rows) == len(names) + 4  # ada, zoe, the loop and the pipe
    assert all(row["why"] for row in rows.values() if row["state"] != GRADED)
    assert any("Rename the folder" in row["why"] for row in rows.values())

    for kind in ("Plain",):
        run(root, "nbgrader", "export", f"--exporter=grading.export.{kind}")
    scores = {row["student_id"]: row["raw_score"] for row in table(root / "grades.csv")}
    assert "Jos" not in "".join(scores)  # nor any other name that is nobody's
    run(root, "nbgrader", "generate_feedback", course.NAME)
    pages = (root / "feedback").glob(f"*/{course.NAME}/{course.NAME}.html")
    assert {page.parts[-3] for page in pages} >= {"ada", "zoe", "学生"}


def test_a_folder_with_a_better_name_leaves_no_old_record(
    client: Client, released: Path, tmp_path: Path
) -> None:
    root = course.copy(released, tmp_path / "course")
    course.submit(root, "x[1]", course.answered(root))
    assert grade(client, root) == {"not gradable": 1}
    assert gradebook(root)["all students"] == []
    (root / "submitted" / "x[1]").rename(root / "submitted" / "x1")
    assert grade(client, root) == {"graded": 1}
    assert list(reports(root)) == ["x1.json"]


def test_a_result_that_cannot_be_written_is_one_students_trouble(late: Path) -> None:
    """Without kernels: the gradebook and the files are what is tried."""
    name = course.NAME
    book = Book(started(late).coursedir, name)
    made = [
        Result(
            student,
            GRADED,
            "",
            timestamp=time,
            submitted={name: ""},
            notebooks={name: "{}"},
            scores={name: {"check_mean": 3.0}},
            blank={name: []},
        )
        for student, time in [("ada", ""), ("bob", "2030-01-02 03:04:05 UTC"), ("eve", "never")]
    ]
    (late / "autograded").mkdir()
    (late / "autograded" / "ada").write_text("in the way of her folder", encoding="utf-8")
    records: dict[str, Any] = {}
    book.write(made, records)
    assert [result.state for result in made] == [FAILED, GRADED, FAILED]
    assert {s: r["state"] for s, r in book.records().items()} == {
        student: record["state"] for student, record in records.items()
    }
    assert gradebook(late)["bob"][0]["check_mean"][0] == 3
    assert set(gradebook(late)) == {"bob", "all students"}


@pytest.mark.slow
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


@pytest.mark.parametrize("text", ["-5", "@home", "+x", "ada"])
def test_ids_in_tables_are_as_the_learning_system_has_them(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("text", ["=1", "-2+3", "@SUM(A1)", "+a|b", "-5\n=1"])
def test_no_text_in_a_table_is_a_formula(text: str) -> None:
    assert plain(text) == "'" + text


@pytest.mark.parametrize(("text", "said"), [("-x;=1", "'-x;'=1"), ("\t=1", "'\t'=1")])
def test_no_part_of_a_text_is_a_formula(text: str, said: str) -> None:
    assert plain(text) == said


def test_a_name_that_nobody_has_is_an_error(client: Client, late: Path) -> None:
    with pytest.raises(Wrong, match=r"Nobody is called adda\. Did you mean ada"):
        grade(client, late, students=["adda"])
    (late / "deadlines.csv").write_text(f"assignment,student\n{course.NAME},bobb\n", "utf-8")
    with pytest.raises(Wrong, match="Did you mean bob"):
        grade(client, late)
    assert not reports(late)


def test_who_withdrew_stays_away_and_the_report_has_names(client: Client, late: Path) -> None:
    people = "id;first_name;last_name;withdrawn\nada;Ada;Müller;\nbob;Bob;B;yes\n"
    (late / "students.csv").write_bytes(people.encode("cp1252"))
    assert grade(client, late) == {"graded": 2}
    assert list(reports(late)) == ["ada.json", "guessed.json"]
    page = (late / "reports" / f"{course.NAME}.html").read_text(encoding="utf-8")
    assert "Ada Müller (ada)" in page
    assert "Not in students.csv: guessed." in page
    assert "bob" not in page
    assert gradebook(late)["all students"] == ["ada", "guessed"]
    with pytest.raises(Wrong, match=r"Bob B \(bob\) has withdrawn"):
        grade(client, late, students=["bob"])
    people = people.replace("ada;Ada;Müller;", "ada;Ada;Müller;yes")
    (late / "students.csv").write_bytes(people.encode("cp1252"))
    assert grade(client, late) == {"unchanged": 1}
    page = (late / "reports" / f"{course.NAME}.html").read_text(encoding="utf-8")
    assert "Ada" not in page
    run(late, "nbgrader", "export")
    assert [row["student_id"] for row in table(late / "grades.csv")] == ["guessed"]


def test_what_changed_between_two_runs_is_a_page(client: Client, late: Path) -> None:
    grade(client, late)
    assert not list((late / "reports" / course.NAME).glob("changes *.html"))
    course.submit(late, "ada", course.answered(late, mean="def mean(values):\n    return 0"))
    grade(client, late)
    (page,) = (late / "reports" / course.NAME).glob("changes *.html")
    text = page.read_text(encoding="utf-8")
    assert "0 gained, 1 lost" in text
    assert "<td>ada</td><td>12</td><td>9</td><td>handed in again</td>" in text
    assert "the mean of 1, 2, 3 should be 2" in text
    assert "bob" not in text
    report = (late / "reports" / f"{course.NAME}.html").read_text(encoding="utf-8")
    assert f'<a href="{course.NAME}/{quote(page.name)}">' in report


def test_two_instructors_at_once_get_a_sentence(late: Path) -> None:
    with alone(late):
        done = run(late, "grading", course.NAME, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Somebody else is grading, collecting or handing back in ")
    assert not reports(late)


def test_a_folder_that_is_not_shared_with_the_second_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Wrong, match=r"another instructor's.*umask 002"), alone(tmp_path):
        pass
