"""Coming back to JupyterLite: answers return, little is downloaded, a newer edition shows."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell

from tests.browser.lite import LiteNotebook, serve, visitor
from tests.notebooks.course import read

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAME = "03b-coin-toss-em"
FILE = f"{NAME}.ipynb"
ANSWER = "# An answer of mine."
NEWER = "There is a newer edition of this notebook. Yours is kept as it is."


def code_cells(notebook: LiteNotebook) -> list[int]:
    return [i for i, cell in enumerate(notebook.cells()) if cell["cell_type"] == "code"]


def reload(page: Any) -> LiteNotebook:
    """The reader presses the browser's button; nothing else leads back to the notebook."""
    page.reload()
    return LiteNotebook.shown(page)


def test_a_reload_and_a_second_visit_bring_the_answers_back(
    playwright: Any, built: Path, tmp_path: Path
) -> None:
    sent = []
    with serve(built) as site:
        for visit in (1, 2):
            with visitor(playwright, site, tmp_path / "profile") as page:
                begun, before = time.monotonic(), site.sent
                notebook = LiteNotebook(page, site, FILE)
                first, *_, last = code_cells(notebook)
                assert notebook.run(first) == []
                seconds = time.monotonic() - begun
                sent.append(site.sent - before)
                print(f"visit {visit}: first cell after {seconds:.0f} s, {sent[-1] / 1e6:.1f} MB")
                if visit == 1:
                    notebook.write(last, ANSWER)
                    notebook.command("docmanager:save")
                    notebook = reload(page)
                assert notebook.cells()[last]["source"] == ANSWER
    assert sent[1] < sent[0] / 10  # the browser has kept what does not change


def test_what_is_not_saved_yet_is_there_after_a_kernel_is_restarted(
    playwright: Any, built: Path
) -> None:
    with serve(built) as site, visitor(playwright, site) as page:
        notebook = LiteNotebook(page, site, FILE)
        first = code_cells(notebook)[0]
        notebook.write(first, "while True:\n    pass")
        notebook.begin(first)
        page.wait_for_timeout(5000)
        assert page.evaluate("1 + 1") == 2  # the page survives a loop without end
        notebook.restart_kernel()
        notebook.write(first, "print(2 * 21)")
        (said,) = notebook.run(first)
        assert said["text"].strip() == "42"


@pytest.fixture
def edition(built: Path, tmp_path: Path) -> Callable[[Path, str], None]:
    """Change the notebook that a copy of the site serves, as a newer edition would."""

    def change(folder: Path, word: str) -> None:
        if not folder.exists():
            shutil.copytree(built, folder, copy_function=os.link)
        path = folder / "files" / FILE
        notebook = read(path)
        notebook.cells.append(new_markdown_cell(word))
        notebook.metadata["edition"] = word
        path.unlink()
        nbformat.write(notebook, path)

    return change


def test_a_newer_edition_neither_overwrites_work_nor_stays_hidden(
    playwright: Any, edition: Callable[[Path, str], None], tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    edition(folder, "first")
    with serve(folder) as site, visitor(playwright, site) as page:
        notebook = LiteNotebook(page, site, FILE)
        notebook.write(code_cells(notebook)[0], ANSWER)
        notebook.command("docmanager:save")
        notebook = reload(page)
        page.wait_for_timeout(3000)
        assert page.get_by_text(NEWER).count() == 0  # it is the newest

        edition(folder, "second")
        notebook = reload(page)
        page.get_by_text(NEWER).wait_for(timeout=120_000)
        assert notebook.cells()[code_cells(notebook)[0]]["source"] == ANSWER
        page.get_by_role("button", name="Open the newer one").click()
        page.wait_for_function(
            """() => {
                const { context, content } = window.jupyterapp.shell.currentWidget;
                return context.isReady && content.model?.getMetadata("edition") === "second";
            }"""
        )
        notebook = LiteNotebook.shown(page)
        assert notebook.cells()[-1]["source"] == "second"
        assert notebook.cells()[code_cells(notebook)[0]]["source"] != ANSWER

        earlier = LiteNotebook(page, site, f"{NAME}-earlier.ipynb")
        assert earlier.cells()[code_cells(earlier)[0]]["source"] == ANSWER
        assert earlier.cells()[-1]["source"] == "first"
