"""Courses to grade, made once and copied for each test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path.insert(0, str(HERE))  # its modules are found by their names, as those of a script

# The doctests' search would import these a second time, and list each case twice.
collect_ignore = [
    "attacks.py",
    "both.py",
    "broken.py",
    "cases.py",
    "course.py",
    "honest.py",
    "tricks.py",
    "lms_made.py",
    "make_class.py",
]
if find_spec("distributed") is None:  # the extra `grading` is not installed
    collect_ignore_glob = ["test_*.py"]

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment() -> dict[str, str]:
    """Return the environment in which the course's commands run."""
    from cases import CANARY

    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    ours = {"PATH": path, "PYTHONPATH": str(PROJECT), "PYTHONWARNINGS": "ignore"}
    return {**os.environ, **ours, "HUB_TOKEN": CANARY}


def run(root: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a module of Python in a course's folder."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=root,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if check and done.returncode:
        raise AssertionError(f"{' '.join(words)}:\n{done.stdout}\n{done.stderr}")
    return done


@pytest.fixture(scope="session")
def sandboxed() -> None:
    """Skip unless bubblewrap works here."""
    from grading.engine import trouble

    if trouble("bubblewrap"):
        pytest.skip("needs bubblewrap, and a system that lets it make user namespaces")


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose assignment was released."""
    import course

    root = tmp_path_factory.mktemp("released")
    course.write(root)
    run(root, "nbgrader", "generate_assignment", course.NAME)
    return root


@pytest.fixture
def fresh(released: Path, tmp_path: Path) -> Path:
    """A copy of that course, to grade in."""
    import course

    return course.copy(released, tmp_path / "course")
