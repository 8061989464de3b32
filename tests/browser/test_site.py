"""The website as it is published: built by its chore, read in a browser with the network cut.

A build takes a minute and the pages take some more, so all this is slow. What makes the site is
tested, piece by piece, in tests/project/test_site.py.
"""

import functools
import html
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.notebooks.course import ROOT
from tests.project.test_kit import MARKS, secrets

pytestmark = pytest.mark.slow
browser = pytest.mark.browser
INSTRUCTORS = {"grading", "key"}  # packages that students do not get
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").rglob("*.ipynb"))


def build(*options: str, **variables: str) -> Path:
    """Let the chore make the site anew, where it has been made before; return where."""
    if not (ROOT / "build" / "site").is_dir():
        pytest.skip("needs the website: python noxfile.py site")
    command = [sys.executable, "noxfile.py", "site", *options]
    environment = os.environ | variables
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8")
    assert told.returncode == 0, told.stdout + told.stderr
    return ROOT / "build" / ("site-with-solutions" if options else "site")


@pytest.fixture(scope="module")
def site() -> Path:
    return build()


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served; below a folder, as the forge does it."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return super().translate_path(path.removeprefix("/course"))

        def log_message(self, *words: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/course"
        server.shutdown()


def pages(site: Path) -> list[str]:
    """All pages, apart from those of JupyterLite."""
    found = [path.relative_to(site) for path in sorted(site.rglob("*.html"))]
    return [path.as_posix() for path in found if path.parts[0] not in ("lite", "_static")]


def page_of(site: Path, notebook: str, kind: str = "html") -> Path:
    (path,) = (site / "notebooks").rglob(f"{notebook}.{kind}")
    return path


# ------------------------------------------------------------------------- nothing that is secret


def words_in(path: Path) -> set[str]:
    """The lines that a file of the site shows."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = html.unescape(re.sub(r"<[^>]+>", "", text))
    if path.suffix == ".ipynb":
        text = "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
    return {line.strip() for line in text.splitlines()}


def answers_in(folder: Path) -> list[str]:
    """What of solutions, hidden tests and mark schemes stands in a folder, and in which file."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
    kept, found = secrets(ROOT) - set(guide), []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".whl":
            inside = {entry.split("/")[0] for entry in zipfile.ZipFile(path).namelist()}
            found += [f"{name}: {package}" for package in sorted(inside & INSTRUCTORS)]
        if path.suffix in (".html", ".ipynb", ".js", ".txt", ".md", ".rst"):
            raw = path.read_text(encoding="utf-8")
            # The guide for contributors shows how such regions are marked.
            if not name.startswith("contributors"):
                found += [f"{name}: {mark}" for mark in MARKS if mark in raw]
            found += [f"{name}: {line}" for line in sorted(words_in(path) & kept)]
    return found


def test_the_site_holds_no_solution_hidden_test_or_mark_scheme(site: Path) -> None:
    assert answers_in(site) == []


@pytest.mark.parametrize("kind", [".html", ".ipynb"])
def test_a_planted_solution_would_be_found(site: Path, tmp_path: Path, kind: str) -> None:
    source = next((ROOT / "notebooks").glob("03b*/*.ipynb")).read_text(encoding="utf-8")
    if kind == ".html":
        cells = json.loads(source)["cells"]
        code = "".join("".join(cell["source"]) + "\n" for cell in cells)
        source = "<pre>" + html.escape(code.replace("### BEGIN", "").replace("### END", ""))
    (tmp_path / f"planted{kind}").write_text(source, encoding="utf-8")
    assert len(answers_in(tmp_path)) > 10


def test_a_planted_answer_key_would_be_found(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "emlib-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("emlib/__init__.py", "")
        wheel.writestr("key/bound.py", "")
    assert answers_in(tmp_path) == ["emlib-1-py3-none-any.whl: key"]


@pytest.fixture(scope="module")
def other_site() -> Path:
    """With solutions, and with addresses as the forge gives them."""
    return build("solutions", SITE_URL="https://example.org/em/", SITE_REPOSITORY="ada/em")


def test_worked_solutions_are_on_pages_of_their_own(site: Path, other_site: Path) -> None:
    told = {line.partition(": ")[0] for line in answers_in(other_site)}
    with_answers = {name for name in told if not name.startswith("searchindex")}
    assert with_answers
    assert all(name.startswith("solutions/") for name in with_answers), with_answers
    assert (other_site / "solutions" / "exam-answers.html").is_file()
    assert not list(site.rglob("*exam-answers*"))


def test_addresses_are_whole_where_the_forge_gives_them(other_site: Path) -> None:
    page = page_of(other_site, "03b-coin-toss-em").read_text(encoding="utf-8")
    assert '"og:image" content="https://example.org/em/_static/preview.png"' in page
    path = "notebooks/03b-coin-toss-em/03b-coin-toss-em"
    assert f'"og:url" content="https://example.org/em/{path}.html"' in page
    assert "https://colab.research.google.com/github/ada/em/" in page
    assert f"https://mybinder.org/v2/gh/ada/em/students?labpath={path}.ipynb" in page


# ------------------------------------------------------------------------------- what a page has


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_notebook_has_a_page_and_a_download(site: Path, notebook: str) -> None:
    page = page_of(site, notebook).read_text(encoding="utf-8")
    assert f'download/{notebook}.ipynb" download>Download</a>' in page
    released = nbformat.read(site / "download" / f"{notebook}.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in released.cells)
    assert re.search(r'<meta property="og:description" content="[^"]{60,}"', page)
    assert re.search(r'<meta property="og:image" content="[^"]+preview\.png"', page)
    assert (site / "_static" / "preview.png").is_file()


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_what_answers_a_guess_is_folded(site: Path, notebook: str) -> None:
    (source,) = (ROOT / "notebooks").rglob(f"{notebook}.ipynb")
    cells = nbformat.read(source, as_version=4).cells
    asked = sum("predict" in cell.metadata.get("tags", []) for cell in cells)
    page = page_of(site, notebook).read_text(encoding="utf-8")
    assert page.count("Show the output") >= asked
    assert "<details open" not in page


def test_every_page_can_be_skipped_to_and_has_its_own_title(site: Path) -> None:
    titles = []
    for path in pages(site):
        text = (site / path).read_text(encoding="utf-8")
        titles.append(re.findall(r"<title>(.+?)</title>", text)[0])
        first_link = re.search(r"<body>.*?<a ([^>]+)>", text, re.DOTALL)
        assert first_link and 'class="skip-to-content' in first_link[1], path
        assert 'id="furo-main-content"' in text, path
    assert len(titles) == len(set(titles)) == len(pages(site))


def test_links_lead_somewhere_and_nothing_comes_from_elsewhere(site: Path, tmp_path: Path) -> None:
    check = [sys.executable, ROOT / "site" / "links.py"]
    assert subprocess.run([*check, site]).returncode == 0
    planted = '<a href="gone.html">x</a><script src="https://example.org/x.js"></script>'
    (tmp_path / "index.html").write_text(planted, encoding="utf-8")
    told = subprocess.run([*check, tmp_path], capture_output=True, encoding="utf-8")
    assert (told.returncode, told.stdout.count("\n")) == (1, 2)


# ---------------------------------------------------------------------------------- in a browser


@pytest.fixture
def visit(page: Any, address: str) -> Iterator[Any]:
    """Open a page of the site; whatever it asks of another host, or in vain, is a failure."""
    wrong: list[str] = []
    page.on("request", lambda asked: asked.url.startswith(address) or wrong.append(asked.url))
    page.on("response", lambda given: given.status >= 400 and wrong.append(given.url))
    page.set_default_timeout(120_000)

    def open_page(path: str, width: int = 1300) -> Any:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{address}/{path}")
        page.wait_for_function("async () => { await window.MathJax?.startup.promise; return 1 }")
        return page

    yield open_page
    wrong = [url for url in wrong if not url.startswith(("data:", "blob:"))]
    assert wrong == []


@browser
def test_contents_stand_whole_beside_a_page_on_a_laptop(visit: Any) -> None:
    page = visit("instructors.html", 1366)
    box = page.locator(".toc-drawer").bounding_box()
    assert box["x"] + box["width"] <= 1366


@browser
@pytest.mark.parametrize("width", [1300, 390])
def test_every_page_is_accessible_and_fits(site: Path, visit: Any, width: int) -> None:
    found = []
    for path in pages(site):
        page = visit(path, width)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{path} is wider than {width}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for violation in Axe().run(page).response["violations"]:
                places = [node["target"] for node in violation["nodes"]]
                found.append(f"{path}, {scheme}: {violation['id']} at {places}")
    assert found == []


@browser
def test_pictures_are_alive_and_formulas_are_set(site: Path, visit: Any) -> None:
    formulas = 0
    for notebook in NOTEBOOKS:
        saved = page_of(ROOT, notebook, "ipynb").read_text(encoding="utf-8").count("<script")
        page = visit(page_of(site, notebook).relative_to(site).as_posix())
        hosts = page.evaluate(
            "[...document.querySelectorAll('.emlib')].map((host) => Boolean(host.shadowRoot))"
        )
        assert hosts == [True] * saved, notebook
        assert page.locator("mjx-merror").count() == 0, notebook
        formulas += page.locator("mjx-container").count()
    assert formulas > 500


@browser
def test_from_the_front_page_a_reader_plays_and_finds(visit: Any) -> None:
    page = visit("index.html")
    picture = page.locator(".emlib").first
    before = picture.locator(".status").inner_text()
    picture.get_by_role("button", name="Next", exact=True).click()
    assert picture.locator(".status").inner_text() != before
    page.get_by_role("textbox", name="Search").first.fill("responsibilities")
    page.keyboard.press("Enter")
    page.locator("#search-results li").first.wait_for()
    found = " ".join(page.locator("#search-results li a").all_inner_texts())
    assert "EM for the coin toss" in found
    assert "emlib" in found


@browser
def test_a_word_leads_to_its_explanation_and_a_fold_opens(visit: Any) -> None:
    page = visit("notebooks/03b-coin-toss-em/03b-coin-toss-em.html")
    fold = page.locator("details", has_text="Show the output").first
    assert not fold.locator(".cell_output").is_visible()
    fold.locator("summary").click()
    assert fold.locator(".cell_output").is_visible()
    page.locator("a.word", has_text="responsibility").first.click()
    page.wait_for_url("**/symbols-and-words.html#word-responsibility")
    row = page.locator("#word-responsibility")
    assert "posterior probability of a component for a row" in row.inner_text()


@browser
def test_dark_follows_the_system_and_the_switch(visit: Any) -> None:
    page = visit("notebooks/00-start-here.html")
    ground = """() => {
        const card = document.querySelector(".emlib").shadowRoot.querySelector(".card");
        return [document.body, card].map((one) => getComputedStyle(one).backgroundColor);
    }"""
    page.emulate_media(color_scheme="dark")
    body, card = page.evaluate(ground)
    assert body == card != "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground)[1] == "rgb(255, 255, 255)"
    switch = page.locator(".theme-toggle-content button")
    while page.locator("body").get_attribute("data-theme") != "dark":
        switch.click()
    assert page.evaluate(ground) == [body, card]


@browser
def test_print_leaves_out_what_paper_cannot_use(visit: Any) -> None:
    page = visit("notebooks/03b-coin-toss-em/03b-coin-toss-em.html")
    assert page.locator(".launch").is_visible()
    page.emulate_media(media="print")
    for left_out in (".launch", ".sidebar-drawer", ".theme-toggle-content"):
        assert not page.locator(left_out).is_visible(), left_out
    assert page.get_by_role("heading", name="3b · EM for the coin toss").is_visible()
    assert page.locator(".emlib").first.is_visible()
