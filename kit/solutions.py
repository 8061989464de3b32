"""Worked solutions: for each notebook a page with its exercises, the way there, and an answer.

``python -m kit.solutions [NAME ...]`` writes them to ``solutions/``, which no student gets by
itself: publish a page when you like, or reach for it after you have tried.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

import emlib.exercises
from kit.released import SOURCES, assignments

PLACE = "solutions"
MARKER = r"### (BEGIN|END) SOLUTION|<!-- (BEGIN|END) SOLUTION -->"


def page(notebook: Any) -> str:
    """Return the page of a notebook, in Markdown."""
    title = notebook.cells[0].source.partition("\n")[0]
    return "\n\n".join([f"{title}: worked solutions", *_exercises(notebook)]) + "\n"


def _exercises(notebook: Any) -> Iterator[str]:
    """Yield statements, hints and answers as they stand in the notebook."""
    cards = _cards(notebook)
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        _, heading, statement = cell.source.partition("### Exercise")
        if cell.cell_type == "markdown" and heading:
            yield f"## Exercise{statement}"
        elif mark.get("solution") and cell.cell_type == "code":
            exercise = cards.get(mark["grade_id"])
            if exercise:
                yield "**The way there**"
                yield "\n".join(f"{i}. {hint}" for i, hint in enumerate(exercise.hints, 1))
            yield f"**An answer**\n\n```python\n{_open(cell.source)}\n```"
        elif mark.get("solution"):
            yield f"**An answer**\n\n{_open(cell.source)}"


def _open(source: str) -> str:
    """Return a source without the markers of its solution."""
    lines = [line for line in source.splitlines() if not re.fullmatch(MARKER, line.strip())]
    return "\n".join(lines).strip()


def _cards(notebook: Any) -> dict[str, Any]:
    """Return the exercises that a notebook imports, by name."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    found = re.search(r"^from emlib\.exercises import (\w+) as exercises$", code, re.MULTILINE)
    return vars(getattr(emlib.exercises, found.group(1))) if found else {}


def main(names: list[str], course: Path) -> None:
    """Write the pages of the notebooks named, or of all."""
    folder = course / PLACE
    folder.mkdir(exist_ok=True)
    for name in names or assignments(course):
        path = course / SOURCES / name / f"{name}.ipynb"
        if not path.exists():
            sys.exit(f"There is no notebook {name!r}: {', '.join(assignments(course))}.")
        text = page(nbformat.read(path, as_version=4))
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    print(f"Worked solutions are in {PLACE}/. Students get them when you hand them out.")


if __name__ == "__main__":
    main(sys.argv[1:], Path(__file__).resolve().parents[1])
