"""Submissions that are broken: some can be repaired, some must be set aside."""

from __future__ import annotations

import copy
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import course
import nbformat
from cases import EVERYTHING, add, changed, some


def broken(name: str, what: str, data: Callable[[bytes], bytes], quick: bool = False) -> None:
    """Register a file that is no notebook any more."""

    def hand_in(root: Path, student: str) -> None:
        text = nbformat.writes(course.answered(root)).encode()
        course.submit(root, student, data(text))

    add(name, "broken", what, None, quick)(hand_in)


def _zip(text: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("01-averages.ipynb", text)
    return buffer.getvalue()


broken("empty", "an empty file", lambda text: b"", quick=True)
broken(
    "cut-off", "a notebook cut off in the middle", lambda text: text[: len(text) // 2], quick=True
)
broken("web-page", "a web page", lambda text: b"<!DOCTYPE html><html>log in</html>")
broken("zip", "a zip archive", _zip)
broken("pdf", "a PDF document", lambda text: b"%PDF-1.7 ...")
broken("utf-16", "another encoding", lambda text: text.decode().encode("utf-16"))
broken("zeros", "a file of zeros", lambda text: bytes(5000))
broken("a-list", "JSON that is a list", lambda text: b"[1, 2, 3]")
broken("no-cells", "a notebook without cells", lambda text: b'{"cells": [], "nbformat": 4}')
broken(
    "format-9",
    "a format from the future",
    lambda text: text.replace(b'"nbformat": 4', b'"nbformat": 9'),
)
broken("deep", "JSON nested 100,000 deep", lambda text: b'{"cells":' + b"[" * 100_000)
broken("too-large", "a notebook of 25 MB", lambda text: text + b" " * 25_000_000)
broken(
    "odd-cells",
    "cells that are no cells",
    lambda text: b'{"cells": [1, null, "x", {}], "nbformat": 4}',
)
broken(
    "many-cells",
    "100,000 cells",
    lambda text: (
        b'{"nbformat": 4, "cells": ['
        + b",".join([b'{"cell_type": "code", "source": "1"}'] * 100_000)
        + b"]}"
    ),
)


@add("wrong-name", "broken", "this assignment under the name of another", EVERYTHING)
def _wrong_name(root: Path, student: str) -> None:
    course.submit(root, student, course.answered(root), "02-medians.ipynb")


@add("wrong-notebook", "broken", "another assignment's notebook", None)
def _wrong_notebook(root: Path, student: str) -> None:
    notebook = course.answered(root)
    for number, cell in enumerate(notebook.cells):
        cell.source = f"cell {number} of another assignment"
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade_id = f"median_{number}"
    course.submit(root, student, notebook, "02-medians.ipynb")


@add("two-copies", "broken", "two copies, both worked on: the newer one counts", EVERYTHING)
def _two(root: Path, student: str) -> None:
    wrong = course.answered(root, mean="def mean(values):\n    return 0")
    older = course.submit(root, student, wrong, "01-averages (1).ipynb")
    os.utime(older, (1_000_000_000, 1_000_000_000))
    course.submit(root, student, course.answered(root), "01-averages (2).ipynb")


@add("nothing", "broken", "an empty folder", None)
def _nothing(root: Path, student: str) -> None:
    course.folder(root, student)


@changed("no-metadata", "all metadata lost in another editor", EVERYTHING, "broken")
def _no_metadata(notebook: Any) -> None:
    for cell in notebook.cells:
        cell.metadata = {}
        del cell["id"]
    notebook.nbformat_minor = 4


@changed("copied-cells", "cells copied with their marks", EVERYTHING, "broken", quick=True)
def _copied(notebook: Any) -> None:
    for name in ("mean", "check_mean", "explain"):
        twin = copy.deepcopy(course.cell(notebook, name))
        twin["id"] = f"twin-{name}"
        notebook.cells.append(twin)


@changed("deleted-tests", "test cells deleted", EVERYTHING, "broken", quick=True)
def _deleted(notebook: Any) -> None:
    notebook.cells = [c for c in notebook.cells if "assert" not in c.source]


@changed(
    "deleted-answer", "an answer's cell deleted", some(spread=3, centre=4, tallest=2), "broken"
)
def _deleted_answer(notebook: Any) -> None:
    notebook.cells.remove(course.cell(notebook, "mean"))


@changed(
    "changed-types",
    "code turned into text and text into code",
    some(spread=3, centre=4, tallest=2),
    "broken",
)
def _types(notebook: Any) -> None:
    cell = course.cell(notebook, "check_mean")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]
    cell = course.cell(notebook, "mean")
    cell.source = "def mean(values): this is no code"


@changed("odd-metadata", "metadata of the wrong types", EVERYTHING, "broken")
def _odd(notebook: Any) -> bytes:
    tree = json.loads(nbformat.writes(notebook))
    tree["metadata"] = {"kernelspec": {"name": "ruby"}, "language_info": 7}
    for cell in tree["cells"]:
        cell["id"] = 5
        cell["metadata"] = {**cell["metadata"], "tags": 3, "name": ""}
        cell["source"] = cell["source"] if isinstance(cell["source"], str) else [*cell["source"]]
    tree["cells"].insert(0, {"cell_type": "code", "source": None, "metadata": None})
    return json.dumps(tree).encode()


@changed("half-characters", "half characters and control characters in texts", EVERYTHING, "broken")
def _half(notebook: Any) -> bytes:
    tree = json.loads(nbformat.writes(notebook))
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cell["source"] = "print('\\ud800', chr(0xd800), chr(0))\n'\\udcff'"
    tree["cells"].insert(2, cell)
    return json.dumps(tree).encode()


@changed("old-format", "a notebook in format 3", EVERYTHING, "broken")
def _old(notebook: Any) -> bytes:
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            made = {"cell_type": "code", "language": "python", "input": cell.source}
            made.update(outputs=[], collapsed=False, metadata=cell.metadata)
        else:
            made = {"cell_type": "markdown", "source": cell.source, "metadata": cell.metadata}
        cells.append(made)
    return json.dumps({**old, "worksheets": [{"cells": cells, "metadata": {}}]}).encode()


def renamed(name: str, file: str) -> None:
    """Register the right notebook under another file name."""

    def hand_in(root: Path, student: str) -> None:
        course.submit(root, student, course.answered(root), file)
        (course.folder(root, student) / "timestamp.txt").unlink()

    add(name, "broken", f"the file is called {file}", EVERYTHING, name == "downloaded-twice")(
        hand_in
    )


renamed("downloaded-twice", "01-averages (1).ipynb")
renamed("other-case", "01-Averages.IPYNB")
renamed("duplicated-in-lab", "01-averages-Copy1.ipynb")
renamed("saved-as-text", "01_averages.ipynb.txt")
