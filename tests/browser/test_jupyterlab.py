"""Every notebook in JupyterLab itself: run, step, change the theme, save, reopen, export."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.lab import GALLERY, Notebook
from tests.notebooks.course import NOTEBOOKS as ASSIGNMENTS
from tests.slowly import slowly

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
FOUND = {path.stem: path for path in [*sorted(FOLDER.glob("*.ipynb")), *ASSIGNMENTS.values()]}
NOTEBOOKS = slowly(["gallery", *FOUND], "03b-coin-toss-em")
OUTPUT = 'class="emlib"'


@pytest.fixture(scope="module")
def course(lab):
    """The folder JupyterLab serves, with every notebook of the collection in it."""
    for path in FOUND.values():
        copy = lab.folder / path.relative_to(FOLDER)
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(path, copy)
    return lab.folder


@pytest.fixture(scope="module")
def executed():
    """The names of the notebooks that have been run and saved."""
    return set()


@pytest.fixture
def saved(page, lab, course, executed):
    """Open a notebook that has been run and saved; run it if no test has done so yet."""

    def open_saved(name):
        if name not in executed:
            notebook = Notebook(page, lab, address(name))
            notebook.run_all()
            notebook.command("docmanager:save")
            notebook.shut_kernel_down()
            executed.add(name)
        return Notebook(page, lab, address(name))

    return open_saved


def read(course, name):
    return nbformat.read(course / address(name), as_version=4)


def address(name):
    return FOUND[name].relative_to(FOLDER).as_posix() if name in FOUND else f"{name}.ipynb"


def status(host):
    return host.locator(".status").inner_text()


def sound(host):
    """The picture is alive: its sentence is there, and a step or a move changes it."""
    before = status(host)
    if host.get_by_role("button", name="Next").count():
        host.get_by_role("button", name="Next").click()
    else:
        host.locator(".handle").first.focus()
        host.page.keyboard.press("ArrowRight")
    assert before != status(host) != ""


def check_axe(page):
    results = Axe().run(page, context=".emlib")
    assert results.response["violations"] == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_step_save_and_reopen(page, lab, course, executed, name):
    notebook = Notebook(page, lab, address(name))
    notebook.run_all()
    places = notebook.cells_with(OUTPUT)
    assert len(places) >= (len(GALLERY) if name == "gallery" else 0)
    for place in places:
        sound(notebook.show(place))
        check_axe(page)
    notebook.command("docmanager:save")
    assert not notebook.is_dirty()
    counts = [cell.get("execution_count") for cell in notebook.cells()]
    notebook.shut_kernel_down()
    executed.add(name)

    assert "widgets" not in read(course, name).metadata, (
        "widget state makes a saved notebook fragile"
    )
    reopened = Notebook(page, lab, address(name))
    reopened.shut_kernel_down()
    assert [cell.get("execution_count") for cell in reopened.cells()] == counts
    assert reopened.cells_with(OUTPUT) == places
    for place in places:
        sound(reopened.show(place))


@pytest.mark.slow
def test_keys_stay_in_the_stepper(page, saved):
    """Plain keys are JupyterLab's own commands: they move, cut and change cells."""
    notebook = saved("gallery")
    [place, *_] = notebook.cells_with(OUTPUT)
    host = notebook.show(place)
    before = notebook.cells()
    host.get_by_role("button", name="Next").click()
    for key in ("ArrowRight", "ArrowDown", "b", "d", "d", "m", "y", "x", "End", "Home", "Enter"):
        page.keyboard.press(key)
    assert [cell["cell_type"] for cell in notebook.cells()] == [c["cell_type"] for c in before]
    assert notebook.active_cell() == place
    assert "E-step" in status(host)  # Home, and Enter on the button Next
    host.get_by_role("slider", name="Start of theta A").focus()
    page.keyboard.press("ArrowUp")
    assert notebook.active_cell() == place
    assert "θA = 0.610" in status(host).replace("\n", "")


@pytest.mark.slow
def test_drag_in_jupyterlab(page, saved):
    notebook = saved("gallery")
    host = notebook.show(notebook.cells_with(OUTPUT)[1])
    ring = host.get_by_role("slider", name="Start of theta A and theta B")
    ring.scroll_into_view_if_needed()
    box = ring.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 30)
    page.mouse.move(x - 100, y - 60)
    page.mouse.up()
    assert float(ring.get_attribute("aria-valuenow")) < 0.5
    assert status(host).startswith("Start")


@pytest.mark.slow
def test_the_theme_is_followed_at_once(page, saved):
    notebook = saved("gallery")
    host = notebook.show(notebook.cells_with(OUTPUT)[0])

    def paper():
        colour = host.evaluate(
            "(h) => getComputedStyle(h.shadowRoot.querySelector('.card')).backgroundColor"
        )
        return sum(int(part) for part in re.findall(r"\d+", colour)[:3])

    assert paper() > 600
    notebook.command("apputils:change-theme", {"theme": "JupyterLab Dark"})
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    assert paper() < 200
    for place in notebook.cells_with(OUTPUT):
        sound(notebook.show(place))
        check_axe(page)
    notebook.command("apputils:change-theme", {"theme": "JupyterLab Light"})
    page.wait_for_function("document.body.dataset.jpThemeLight === 'true'")


@pytest.mark.slow
def test_menus_have_python_compute_anew(page, lab, course):
    notebook = Notebook(page, lab, "gallery.ipynb")
    notebook.run_all()
    places = dict(zip(GALLERY, notebook.cells_with(OUTPUT), strict=True))
    place = places["what Python recomputes"]
    host = notebook.show(place)
    assert host.locator(".title").inner_text() == "EM for 2 coins, 5 rows"
    first = status(host)
    page.get_by_role("combobox", name="seed").select_option("1")
    page.wait_for_function(
        "([area, first]) => document.querySelector(area)?.shadowRoot"
        "?.querySelector('.status').innerText !== first",
        arg=[f'.jp-Cell[data-windowed-list-index="{place}"] .emlib', first],
    )
    page.get_by_role("combobox", name="k", exact=True).select_option("3")
    page.get_by_text("EM for 3 coins, 5 rows").wait_for()
    sound(notebook.show(place))
    results = Axe().run(page, context=".jupyter-widgets")
    assert results.response["violations"] == []
    [html] = ["".join(o["data"]["text/html"]) for o in notebook.cells()[place]["outputs"]
              if OUTPUT in "".join(o["data"].get("text/html", ""))]  # fmt: skip
    assert "EM for 3 coins on 5 rows" in html  # what a saved notebook keeps


@pytest.mark.slow
def test_an_untrusted_notebook_shows_still_pictures(page, lab, course, saved):
    saved("gallery")
    stranger = read(course, "gallery")
    stranger.cells[0].source += " from a stranger"  # no longer what was signed here
    nbformat.write(stranger, course / "stranger.ipynb")
    opened = Notebook(page, lab, "stranger.ipynb")
    for place in opened.cells_with(OUTPUT):
        opened.scroll_to(place)
        cell = page.locator(f'.jp-Cell[data-windowed-list-index="{place}"]')
        picture = cell.locator('img[src^="data:image/png"]').first
        picture.wait_for()
        assert len(picture.get_attribute("alt")) > 80
        assert cell.locator("button", has_text="Next").count() == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_export_is_alive_offline(page, course, saved, name, tmp_path):
    places = saved(name).cells_with(OUTPUT)
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", str(tmp_path)]
    subprocess.run([*command, str(course / address(name))], check=True, capture_output=True)
    page.context.set_offline(True)
    page.goto((tmp_path / f"{Path(address(name)).stem}.html").as_uri())
    hosts = page.locator(".emlib")
    assert hosts.count() == len(places)
    for i in range(len(places)):
        sound(hosts.nth(i))
    if places:
        check_axe(page)


@pytest.mark.parametrize("name", slowly(ASSIGNMENTS))
def test_a_released_notebook_runs_to_its_end(page, lab, tmp_path, name):
    """What students get, with nothing answered, reaches its last cell without a traceback."""
    settings = ROOT / "nbgrader_config.py"
    shutil.copy(settings, tmp_path)
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", name, "--create"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    shutil.copytree(tmp_path / "release" / name, lab.folder / f"released-{name}")
    notebook = Notebook(page, lab, f"released-{name}/{name}.ipynb")
    notebook.run_all()
    for place in notebook.cells_with(OUTPUT):
        sound(notebook.show(place))
