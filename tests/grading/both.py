"""Check a notebook's function as its student does at home, and as the grader does."""

from __future__ import annotations

import linecache
from dataclasses import asdict
from typing import Any

from emlib.checks.judge import judge
from grading.engine import Rules
from grading.limits import Budget
from grading.session import Cell
from grading.trusted import Trusted

SETUP = """
import numpy as np
from emlib.checks import Exercise, Output
X, Y = Output("x", "an array"), Output("y", "an array")
one = Exercise(name="one", parameters=("a", "b"), outputs=(X,), answer=lambda a, b: a + b,
    examples=((np.arange(2.0), 1.5), (np.arange(3.0), -1.0)), mistakes=(), hints=())
two = Exercise(name="two", parameters=("a", "b"), outputs=(X, Y), answer=lambda a, b: (a + b, b),
    examples=((np.arange(2.0), 1.5), (np.arange(3.0), -1.0)), mistakes=(), hints=())
"""
CHECK = """
from emlib.checks.judge import judge
from emlib.checks.report import show
report = judge({exercise}, {name}, points=2)
show(report)
report.points
"""
BUDGET = Budget(cells=60, checks=60, cell=15, call=15)
Told = tuple[float | None, str]


def namespace() -> dict[str, Any]:
    """The names of a check."""
    names: dict[str, Any] = {}
    exec(SETUP, names)
    return names


def at_home(cells: list[str], name: str, exercise: str) -> Told:
    """Run cells here; return points and words."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate((cell.lstrip() for cell in cells), 1):  # as IPython does
        file = f"<cell {number} of {id(cells)}>"
        linecache.cache[file] = (len(cell), None, cell.splitlines(keepends=True), file)
        exec(compile(cell, file, "exec"), names)
    report = judge(namespace()[exercise], names[name], points=2)
    return report.points, report.text()


def in_grader(
    trusted: Trusted, notebooks: list[tuple[list[str], str, str]], budget: Budget = BUDGET
) -> list[dict[str, Any]]:
    """Run cells and checks, one after the other; return what came of each check, and the notes."""
    cells = []
    for texts, name, exercise in notebooks:
        cells += [Cell(text) for text in texts]
        check = CHECK.format(name=name, exercise=exercise)
        cells.append(Cell(check, True, (name,), 1, 2))
    told = {
        "digest": "both",
        "given": [SETUP],
        "rules": asdict(Rules(engine="none")),
        "budget": asdict(budget),
        "trusted": {"paths": [], "digest": ""},
        "cells": [asdict(cell) for cell in cells],
        "files": {},
        "imports": ["import numpy as np"],
    }
    return [result for result in trusted.run(told) if "number" not in result]


def told(result: dict[str, Any]) -> Told:
    """Return points and words."""
    return result["points"], "".join(
        output.get("data", {}).get("text/plain", "") + output.get("evalue", "")
        for output in result["outputs"]
        if output["output_type"] != "execute_result"
    )


def look(result: dict[str, Any]) -> list[str]:
    """Return what a human should look at."""
    found: list[str] = []
    for output in result["outputs"]:
        for facts in output.get("data", {}).values():
            found += facts.get("look", []) if isinstance(facts, dict) else []
    return found
