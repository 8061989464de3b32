"""What drives a real browser; without one, these tests are skipped and say why."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from emlib.steppers.runs import Interactive
from tests.browser.lab import BROWSERS, LAUNCH_OPTIONS, Server, chromium, server, write_gallery
from tests.notebooks.course import ROOT

REASON = f"needs a Chromium browser on the path: one of {', '.join(BROWSERS)}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser tests where there is no browser."""
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=REASON))


@pytest.fixture(scope="session")
def base_url() -> None:
    """No base address; the plugin's own fixture is written in a way that pytest warns of."""


@pytest.fixture(scope="session")
def _pw_artifacts_folder(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Where the plugin keeps traces; its own folder is left behind, with a warning, by xdist."""
    return SimpleNamespace(name=str(tmp_path_factory.mktemp("artifacts")))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Let pytest-playwright use the installed browser, not one of its own."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": LAUNCH_OPTIONS}


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running JupyterLab with the gallery in its folder."""
    with server(tmp_path_factory.mktemp("lab")) as running:
        write_gallery(running.folder / "gallery.ipynb")
        yield running


@pytest.fixture(scope="session")
def built() -> Path:
    """JupyterLite as README's command builds it, or the one that a variable names."""
    ready = ROOT / os.environ.get("EM_LITE_SITE", "build/lite")
    if not ready.is_dir():
        pytest.skip("needs the site: python noxfile.py lite")
    return ready


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Ask for less motion, so that a step is drawn at once; test_motion looks at the way."""
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture
def page(page: Any) -> Iterator[Any]:
    """A page whose scripts must not complain."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    # JupyterLab 4.4's own, when a kernel is shut down while its debugger is still asked.
    assert not [said for said in complaints if not said.startswith("Canceled future for debug_")]


@pytest.fixture
def show(page: Any, tmp_path: Path) -> Callable[..., Any]:
    """Open interactive pictures from a file, with the network cut; return the first."""

    def open_page(*shown: Interactive, folded: bool = False) -> Any:
        """Their tables are open, as for readers who opened them once, or folded."""
        if not folded:
            page.add_init_script("localStorage.setItem('emlib.numbers', 'open')")
        file = tmp_path / "page.html"
        body = "\n".join(one.html() for one in shown)
        head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>'
        file.write_text(
            f"{head}</head><body><main><h1>Page</h1>{body}</main></body></html>", encoding="utf-8"
        )
        page.context.set_offline(True)
        page.goto(file.as_uri())
        return page.locator(".emlib").first

    return open_page
