"""Submissions to the course of `course.py`, and what each must get; listed in three modules."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import course
from nbformat.v4 import new_code_cell

CANARY = "canary-of-the-instructor"  # in files, variables and processes no student may see
NEIGHBOUR = "canary-of-a-neighbour"
LISTENING = 9  # a port of this machine that must not be reached
NOTHING = {"check_mean": 0.0, "check_spread": 0.0, "check_centre": 0.0, "check_tallest": 0.0}
EVERYTHING = {"check_mean": 3.0, "check_spread": 3.0, "check_centre": 4.0, "check_tallest": 2.0}


@dataclass(frozen=True)
class Case:
    """A submission and what it must get.

    Attributes
    ----------
    name : str
    kind : str
        ``attack``, ``broken`` or ``honest``.
    what : str
        What it does, in a few words.
    hand_in : callable
        Puts it into a course: ``hand_in(root, student)``.
    points : dict or None
        Points of each check; None if it must be set aside.
    quick : bool
        Whether every run of the tests includes it.
    """

    name: str
    kind: str
    what: str
    hand_in: Callable[[Path, str], None]
    points: dict[str, float] | None
    quick: bool = False


CASES: dict[str, Case] = {}


def add(
    name: str,
    kind: str,
    what: str,
    points: dict[str, float] | None = NOTHING,
    quick: bool = False,
) -> Callable[[Callable[[Path, str], None]], None]:
    """Register the function that hands in a case."""

    def register(hand_in: Callable[[Path, str], None]) -> None:
        assert name not in CASES, name
        CASES[name] = Case(name, kind, what, hand_in, points, quick)

    return register


def attack(
    name: str,
    what: str,
    code: str,
    points: dict[str, float] | None = NOTHING,
    quick: bool = False,
    kind: str = "attack",
    after: bool = False,
    **answers: str,
) -> None:
    """Register a case: code in a cell of its own behind the first, or at the end.

    In the code, ROOT stands for the course's folder and ME for the student.
    """

    def hand_in(root: Path, student: str) -> None:
        notebook = course.released(root)
        for answer, text in answers.items():
            course.cell(notebook, answer).source = place(text, root, student)
        if code:
            notebook.cells.insert(
                len(notebook.cells) if after else 2, new_code_cell(place(code, root, student))
            )
        course.submit(root, student, notebook)

    add(name, kind, what, points, quick)(hand_in)


def place(code: str, root: Path, student: str) -> str:
    """Fill in what an attacker may have found out."""
    package = Path(__file__).resolve().parents[2] / "grading"
    words = {"ROOT": str(root), "ME": student, "GRADER": str(package), "PORT": str(LISTENING)}
    return re.sub(r"\b(ROOT|ME|GRADER|PORT)\b", lambda found: words[found[0]], code)


def some(**points: float) -> dict[str, float]:
    """Points of a submission that is right in part."""
    return {**NOTHING, **{f"check_{name}": value for name, value in points.items()}}


def changed(
    name: str,
    what: str,
    points: dict[str, float],
    kind: str = "honest",
    quick: bool = False,
    **answers: str,
) -> Callable[[Callable[[Any], Any]], None]:
    """Register the right notebook, changed by the function that follows."""

    def register(change: Callable[[Any], Any]) -> None:
        def hand_in(root: Path, student: str) -> None:
            notebook = course.answered(root, **answers)
            course.submit(root, student, change(notebook) or notebook)

        add(name, kind, what, points, quick)(hand_in)

    return register
