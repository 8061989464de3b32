"""Bring a notebook in line with what was released: repair what is safe."""

from __future__ import annotations

from typing import Any

import nbformat

from grading.master import Master, MasterCell
from grading.names import names
from grading.parse import clean_cell


def repair(notebook: Any, master: Master) -> list[str]:
    """Bring a parsed notebook in line with the master, in place; return what was done.

    Afterwards each cell that nbgrader knows is there exactly once, with its own metadata;
    what students must not change is as released, with its hidden tests; all other cells are
    the student's and carry no metadata.
    """
    notes: list[str] = []
    cells = notebook.cells
    found: dict[str, Any] = {}
    for name, cell in master.named.items():
        same = [c for c in cells if c.metadata["submitted"]["name"] == name]
        if len(same) > 1:
            notes.append(
                f"`{name}` was there {len(same)} times; the last one that was worked on counts"
            )
            same = [c for c in same if c.source.strip() != cell.source.strip()] or same
        if same:
            found[name] = same[-1]
    _find_unmarked(master, cells, found, notes)
    for name, cell in master.named.items():
        if name not in found:
            found[name] = _add(cell, master, cells, found)
            what = "test" if cell.test else "cell"
            notes.append(f"the {what} `{name}` was missing and was put back")
        elif cell.locked and found[name].source.strip() != cell.source.strip():
            notes.append(f"`{name}` had been changed and is as released again")
    for cell in cells:
        cell.metadata = nbformat.from_dict({})
    for name, submitted in found.items():
        _mark(submitted, master.named[name])
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i}"
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        }
    )
    return notes


def _find_unmarked(
    master: Master, cells: list[Any], found: dict[str, Any], notes: list[str]
) -> None:
    """Recognise cells whose metadata another editor has lost."""
    lost = []
    for name, cell in master.named.items():
        if name in found:
            continue
        taken = [id(c) for c in found.values()]
        free = [c for c in cells if id(c) not in taken and not c.metadata["submitted"]["name"]]
        alike = (
            [c for c in free if cell.id and c.metadata["submitted"]["id"] == cell.id]
            or [c for c in free if c.source.strip() == cell.source.strip()]
            or [c for c in free if _defines_the_same(c, cell)]
        )
        if alike:
            found[name] = alike[-1]
            lost.append(name)
    if lost:
        words = f"the marks of {len(lost)} cells were lost, perhaps in another editor"
        notes.append(f"{words}; the cells were recognised")


def _defines_the_same(submitted: Any, cell: MasterCell) -> bool:
    """Whether both cells of code define the same functions."""
    if submitted.cell_type != "code" or cell.type != "code" or not cell.solution:
        return False
    wanted = names(cell.source).binds
    return bool(wanted) and wanted <= names(submitted.source).binds


def _add(cell: MasterCell, master: Master, cells: list[Any], found: dict[str, Any]) -> Any:
    """Put a missing cell back behind the one that came before it."""
    made = clean_cell({"cell_type": cell.type, "source": cell.source})
    if cell.solution and not cell.test and cell.type == "markdown":
        made.source += "\n\n(This cell was missing from the submission.)"  # a human should look
    position = 0
    for name in master.named:
        if name == cell.name:
            break
        position = next(i for i, c in enumerate(cells) if c is found[name]) + 1
    cells.insert(position, made)
    return made


def _mark(submitted: Any, cell: MasterCell) -> None:
    """Give a cell nbgrader's metadata and, if it is locked, its released source."""
    if submitted.cell_type != cell.type:
        fresh = clean_cell({"cell_type": cell.type, "source": submitted.source})
        submitted.clear()
        submitted.update(fresh)
    if cell.locked:
        submitted.source = cell.full
    submitted.metadata = nbformat.from_dict({"nbgrader": dict(cell.mark)})
