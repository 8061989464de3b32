"""Every attack earns nothing and harms nobody; all honest work gets exactly its points."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import attacks
import broken
import cases
import course
import honest
import nbformat
import psutil
import pytest
import tricks
from bs4 import BeautifulSoup
from cases import CASES, Case
from conftest import run
from nbgrader.api import Gradebook, MissingEntry

assert attacks and broken and honest and tricks  # importing them lists their cases
QUICK = [name for name, case in CASES.items() if case.quick]
UNSEEN = ("nothing", "other-case", "saved-as-text")  # by nbgrader's own command


def digests(root: Path, *folders: str) -> dict[str, str]:
    """Fingerprint every file, without following links."""
    found = {}
    for folder in folders:
        for path in [root / folder, *sorted((root / folder).rglob("*"))]:
            if path.is_symlink():
                found[str(path)] = os.readlink(path)
            elif path.is_file():
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


class Graded:
    """A class that was graded, attackers and neighbours together."""

    def __init__(self, root: Path, names: list[str], command: list[str]) -> None:
        self.root, self.plain = root, command[0] == "nbgrader"
        (root / "secrets").mkdir()
        (root / "secrets" / "exam.txt").write_text(cases.CANARY, encoding="utf-8")
        (root / "notebooks" / "notes.txt").write_text(cases.CANARY, encoding="utf-8")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0)
            cases.LISTENING = listener.getsockname()[1]
            for name in ("neighbour", "zoe"):
                answers = course.answered(root, explain=cases.NEIGHBOUR)
                course.submit(root, name, answers)
            for name in names:
                CASES[name].hand_in(root, name)
            kept = ("notebooks", "release", "secrets", "submitted", "nbgrader_config.py")
            kept += ("answer_key/__init__.py",)
            self.before = digests(root, *kept)
            sleep = [sys.executable, "-c", "import time; time.sleep(3600)", cases.CANARY]
            with subprocess.Popen(sleep) as seen:  # in the list of processes
                self.output = run(root, *command, check=False)
                seen.kill()
            self.after = digests(root, *kept)
            try:
                listener.accept()
                self.called = True
            except BlockingIOError:
                self.called = False
        run(root, "nbgrader", "generate_feedback", course.NAME, check=False)

    def points(self, student: str) -> dict[str, float | None] | None:
        """What the gradebook says of the checks; None without a submission."""
        with Gradebook(f"sqlite:///{self.root}/gradebook.db") as book:
            try:
                notebook = book.find_submission_notebook(course.NAME, course.NAME, student)
            except MissingEntry:
                return None
            return {g.name: g.score for g in notebook.grades if g.name.startswith("check")}

    def ungraded(self, student: str) -> bool:
        """Whether the gradebook holds no points at all for a student."""
        with Gradebook(f"sqlite:///{self.root}/gradebook.db") as book:
            try:
                notebook = book.find_submission_notebook(course.NAME, course.NAME, student)
            except MissingEntry:
                return True
            return all(grade.auto_score is None for grade in notebook.grades)

    def record(self, student: str) -> str:
        """The record of a submission, as text."""
        path = self.root / "reports" / course.NAME / f"{student}.json"
        return path.read_text(encoding="utf-8")

    def page(self, student: str) -> str:
        """The feedback that a student gets."""
        path = self.root / "feedback" / student / course.NAME / f"{course.NAME}.html"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def shown(self, student: str) -> str:
        """What the student's own cells showed."""
        path = self.root / "autograded" / student / course.NAME / f"{course.NAME}.ipynb"
        if not path.exists():
            return ""
        notebook = nbformat.read(path, as_version=4)
        return "".join(str(cell.get("outputs", "")) for cell in notebook.cells)

    def check(self, case: Case) -> None:
        """Everything that must hold of one submission."""
        self.check_points(case)
        self.check_pages(case)

    def check_points(self, case: Case) -> None:
        """Exactly the points it earned, or none, with a reason."""
        if self.plain and case.name in UNSEEN:
            assert self.ungraded(case.name)
        elif case.points is None:
            assert self.ungraded(case.name)
            assert '"state": "not gradable"' in self.record(case.name)
            assert re.search(r'"reason": ".{20,}"', self.record(case.name))
        else:
            assert self.points(case.name) == case.points, self.record(case.name)

    def check_pages(self, case: Case) -> None:
        """Nothing that is hidden, of others, or can run stands on a page."""
        page, shown = self.page(case.name), self.shown(case.name)
        unseen = self.plain and case.name in UNSEEN
        assert bool(page) == (case.points is not None and not unseen)
        for secret in (*course.SECRETS, cases.CANARY, cases.NEIGHBOUR, "HIDDEN TESTS"):
            assert secret not in page
            assert secret not in shown
        assert len(page) < 30_000_000
        soup = BeautifulSoup(page, "html.parser")
        assert not [s for s in soup.find_all("script") if "broken" in s.text]
        assert not soup.find_all(["iframe", "object", "embed", "svg"])
        for tag in soup.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on")], tag
            addresses = str(tag.get("href", "")) + str(tag.get("src", ""))
            assert "javascript:" not in addresses

    def check_course(self) -> None:
        """The instructor's and the neighbours' things are as they were; nothing is left over."""
        if self.plain:  # nbgrader's own command needs names and times settled in the folder
            moved = {path for path in self.before if Path(path).name in ("data", "data.txt")}
            settled = {path: value for path, value in self.before.items() if path not in moved}
            assert settled.items() <= self.after.items()
        else:
            assert self.after == self.before
        assert not self.called
        for folder in ("autograded", "feedback", "reports"):  # all that comes back
            for path in (self.root / folder).rglob("*.*"):
                assert cases.CANARY.encode() not in path.read_bytes(), path
        assert cases.CANARY.encode() not in (self.root / "gradebook.db").read_bytes()
        assert cases.CANARY not in self.output.stdout + self.output.stderr
        for name in ("neighbour", "zoe"):
            assert self.points(name) == cases.EVERYTHING
        left = {path.name for path in self.root.iterdir()}
        known = {"notebooks", "release", "secrets", "submitted", "autograded", "feedback"}
        known |= {"answer_key"}
        known |= {"reports", "set-aside", "gradebook.db", "nbgrader_config.py", ".nbgrader.log"}
        known |= {".grading.lock"}
        assert left <= known
        assert not list(Path(tempfile.gettempdir()).glob("left*"))
        for process in psutil.process_iter(["cmdline"]):
            words = " ".join(process.info["cmdline"] or [])
            assert "left-behind-by-a-student" not in words
            assert str(self.root) not in words


FAN_OUT = ["grading", course.NAME, "--workers", "2", "--quiet"]
PLAIN = ["nbgrader", "autograde", course.NAME]


@pytest.fixture(scope="module")
def quick(
    released: Path, tmp_path_factory: pytest.TempPathFactory, sandboxed: None
) -> Iterator[Graded]:
    """The quick cases, graded many at a time."""
    root = course.copy(released, tmp_path_factory.mktemp("quick") / "course")
    yield Graded(root, QUICK, FAN_OUT)


@pytest.mark.parametrize("name", QUICK)
def test_case(quick: Graded, name: str) -> None:
    quick.check(CASES[name])


def test_course_is_untouched(quick: Graded) -> None:
    quick.check_course()


@pytest.fixture(scope="module", params=[FAN_OUT, PLAIN], ids=["fan-out", "plain-nbgrader"])
def everything(
    released: Path,
    tmp_path_factory: pytest.TempPathFactory,
    sandboxed: None,
    request: pytest.FixtureRequest,
) -> Iterator[Graded]:
    """All cases, graded many at a time, or by nbgrader's own command."""
    root = course.copy(released, tmp_path_factory.mktemp("everything") / "course")
    yield Graded(root, list(CASES), request.param)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CASES))
def test_every_case(everything: Graded, name: str) -> None:
    everything.check(CASES[name])


@pytest.mark.slow
def test_course_is_untouched_by_everything(everything: Graded) -> None:
    everything.check_course()
