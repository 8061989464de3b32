"""Turn what was handed in into a notebook of which nothing but cells is left."""

from __future__ import annotations

import json
import re
from typing import Any

import nbformat

from grading.intake import MOST_CELLS, SetAside, printable

MOST_CODE = 1_000_000  # characters of code
AGAIN = "Open your notebook in JupyterLab, see that your work is there, save, and hand it in again."


def parse(data: bytes) -> Any:
    """Turn bytes into a notebook with clean cells.

    Raises
    ------
    SetAside
        If they are no notebook.
    """
    try:
        tree = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SetAside(_what(data)) from error
    if not isinstance(tree, dict) or not ("cells" in tree or "worksheets" in tree):
        raise SetAside("The file is not a notebook, though it has the name of one. " + AGAIN)
    version = tree.get("nbformat")
    if version not in (3, 4):
        words = (
            f"The notebook has format {printable(str(version))[:20]}; formats 3 and 4 can be read."
        )
        raise SetAside(words + " Open it in JupyterLab and save it again.")
    if version == 3:
        try:
            tree = nbformat.convert(nbformat.from_dict(tree), 4)
        except Exception as error:
            raise SetAside("The notebook is damaged and cannot be read. " + AGAIN) from error
    listed = tree.get("cells")
    cells = [clean_cell(cell) for cell in listed] if isinstance(listed, list) else []
    if len(cells) > MOST_CELLS:
        raise SetAside(f"The notebook has {len(cells)} cells; {MOST_CELLS} are allowed.")
    cells = [cell for cell in cells if cell]
    if sum(len(cell.source) for cell in cells) > MOST_CODE:
        raise SetAside(f"The notebook has more than {MOST_CODE:,} characters of text and code.")
    if not cells:
        raise SetAside("The notebook has no cells. " + AGAIN)
    return nbformat.v4.new_notebook(cells=cells)


def _what(data: bytes) -> str:
    """Say what a file is that is no notebook."""
    start = data[:2000].lstrip().lower()
    if not data.strip():
        kind = "The file is empty."
    elif start.startswith((b"<!doctype", b"<html")):
        kind = "The file is a web page, not a notebook."
    elif data.startswith(b"PK"):
        kind = "The file is a zip archive or a document, not a notebook."
    elif data.startswith(b"%PDF"):
        kind = "The file is a PDF document, not a notebook."
    elif start.startswith(b"{"):
        kind = "The notebook is damaged; perhaps it was not saved or uploaded to its end."
    else:
        kind = "The file is not a notebook, though it has the name of one."
    return f"{kind} {AGAIN}"


def clean_cell(cell: Any) -> Any:
    """Build a cell anew from what is needed of it; None if nothing is."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return None
    new = (
        nbformat.v4.new_code_cell if cell["cell_type"] == "code" else nbformat.v4.new_markdown_cell
    )
    made = new(source=printable(source, lines=True).replace("\r\n", "\n"))
    identity, metadata = cell.get("id"), cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = mark.get("grade_id") if isinstance(mark, dict) else None
    submitted = {"id": identity, "name": name if isinstance(name, str) else ""}
    made.metadata["submitted"] = submitted
    attachments = cell.get("attachments")
    if made.cell_type == "markdown" and isinstance(attachments, dict):
        made["attachments"] = _pictures(attachments)
    return made


def _pictures(attachments: dict[Any, Any]) -> dict[str, dict[str, str]]:
    """Keep the pictures that were pasted into a text."""
    kept = {}
    for name, data in attachments.items():
        if isinstance(data, dict):
            pictures = {m: d for m, d in data.items() if m in ("image/png", "image/jpeg")}
            if all(
                isinstance(d, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", d)
                for d in pictures.values()
            ):
                kept[str(name)] = pictures
    return kept
