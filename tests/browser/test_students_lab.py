"""What a student's JupyterLab shows, and what it leaves to instructors."""

import nbformat
import pytest

from tests.browser.lab import Notebook, server
from tests.notebooks.course import NOTEBOOKS, ROOT
from tests.slowly import slowly

pytestmark = pytest.mark.browser

SETTINGS = {
    "student": {"JUPYTER_CONFIG_PATH": str(ROOT / "kit" / "jupyter")},
    "instructor": {},
}


@pytest.mark.parametrize("who", slowly(SETTINGS))
def test_only_instructors_see_the_tools_of_nbgrader(page, tmp_path, who):
    """Its menu, and what checks a notebook or makes an assignment of it."""
    # Without JUPYTER_NO_CONFIG, extensions that are installed are switched on.
    with server(tmp_path / "lab", JUPYTER_NO_CONFIG="", **SETTINGS[who]) as lab:
        source = nbformat.read(NOTEBOOKS["01-jensens-inequality"], as_version=4)
        nbformat.write(source, lab.folder / "some.ipynb")
        Notebook(page, lab, "some.ipynb")
        menus = page.locator(".lm-MenuBar-itemLabel").all_inner_texts()
        commands = page.evaluate("window.jupyterapp.commands.listCommands()")
        words = page.locator("body").inner_text() + page.content()
    there = who == "instructor"
    assert {"File", "Run", "Help"} <= set(menus)
    assert ("Nbgrader" in menus) == there
    assert any("nbgrader" in name for name in commands) == there
    for tool in ("Validate", "Create Assignment"):
        assert (tool in words) == there, tool
    assert ("nbgrader" in (tmp_path / "lab" / "log.txt").read_text(encoding="utf-8")) == there
