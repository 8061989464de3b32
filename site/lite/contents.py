"""The notebooks for the browser: as students get them, all in one folder.

``python site/lite/contents.py FOLDER`` writes them to ``FOLDER/contents`` and emlib's wheel beside
them.  One folder, because a browser offers a download under its whole path, and nbgrader collects a
notebook by its name.  Each bears its edition, which a reader's own copy keeps: so the site can tell
when there is a newer one.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import nbformat

from kit.archive import build_wheel
from kit.copies import fingerprint
from kit.released import write_all

LINK = re.compile(r"\]\((?!https?://)(?:[^)#]*/)?([^)/#]+\.ipynb)")
README = re.compile(r"\[([^\]]+)\]\((?:\.\./)*README\.md[^)]*\)")


def flatten(notebook: nbformat.NotebookNode) -> None:
    """Let links lead to the notebooks beside this one; README is not there."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = README.sub(r"\1", LINK.sub(r"](\1", cell.source))


def main() -> None:
    """Write what the site serves."""
    course, into = Path(__file__).resolve().parents[2], Path(sys.argv[1])
    contents = into / "contents"
    contents.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        write_all(course, Path(folder))
        for path in sorted(Path(folder).rglob("*.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            flatten(notebook)
            nbformat.write(notebook, contents / path.name)
            notebook.metadata["edition"] = fingerprint(contents / path.name)[:12]
            nbformat.write(notebook, contents / path.name)
    build_wheel(course, into)


if __name__ == "__main__":
    main()
