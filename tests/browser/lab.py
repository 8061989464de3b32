"""A JupyterLab of its own, driven in a real browser: shared by browser tests and benchmarks."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LAUNCH_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
SETTINGS = {
    # Otherwise a box asks whether JupyterLab may fetch news.
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
PATIENCE = 180  # seconds

GALLERY = {
    "two coins": """\
from emlib import BinomialMixture, GaussianMixture, Tosses, run_em
from emlib.steppers.runs import climb, stepper
import numpy as np

run = run_em(BinomialMixture([0.6, 0.5]), Tosses([5, 9, 8, 4, 7], flips=10))
stepper(run)""",
    "the climb": "climb(run)",
    "the climb of one coin": "climb(run, coin=0)",
    "three coins, many rows": """\
rng = np.random.default_rng(0)
heads = rng.binomial(20, rng.choice([0.2, 0.6, 0.9], 100))
stepper(run_em(BinomialMixture([0.2, 0.5, 0.9]), Tosses(heads, flips=20)))""",
    "two Gaussians in the plane": """\
left, right = rng.normal([0, 4], [1.7, 0.7], (600, 2)), rng.normal([-2, 0], [1, 1.4], (400, 2))
start = GaussianMixture([0.5, 0.5], [[0.3, 0.2], [0.7, 0.9]], [np.eye(2)] * 2)
stepper(run_em(start, np.vstack([left, right]), tol=1e-7))""",
    "two Gaussians on a line": """\
line = np.concatenate([rng.normal(0, 1, 60), rng.normal(6, 0.5, 40)])[:, None]
stepper(run_em(GaussianMixture([0.5, 0.5], [[1.0], [2.0]], [[[1.0]], [[4.0]]]), line))""",
    "a component that collapses": """\
outlier = np.vstack([rng.normal(0, 1, (30, 2)), [[6, 6]]])
start = GaussianMixture([0.5, 0.5], [[0, 0], [4, 4]], [np.eye(2), 4 * np.eye(2)])
stepper(run_em(start, outlier))""",
    "Jensen's inequality": """\
from emlib.steppers.manipulable import complete_likelihood, jensen

jensen([0.5, 1.5, 3.0], [0.5, 0.2, 0.3])""",
    "what Python recomputes": """\
from emlib.steppers.menus import explore

def show(k, seed):
    theta = np.random.default_rng(seed).random(k)
    return stepper(run_em(BinomialMixture(theta), Tosses([5, 9, 8, 4, 7], flips=10)))

explore(show, k=[2, 3], seed=[0, 1])""",
    "the labels known": "complete_likelihood(Tosses([7, 9, 2, 6, 0], flips=10), [0, 0, 1, 0, 1])",
}


def chromium() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def write_gallery(path: Path) -> None:
    """Write a notebook that shows every view."""
    cells = []
    for title, code in GALLERY.items():
        cells += [new_markdown_cell(f"## {title[0].upper()}{title[1:]}"), new_code_cell(code)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


class Server:
    """A running JupyterLab with settings, data and workspaces of its own."""

    def __init__(self, url: str, token: str, folder: Path) -> None:
        self.url = url
        self.token = token
        self.folder = folder  # of the notebooks

    def tree(self, path: str) -> str:
        """Return the address that opens a notebook in a fresh workspace."""
        workspace = secrets.token_hex(4)
        return f"{self.url}/lab/workspaces/{workspace}/tree/{path}?token={self.token}"


@contextlib.contextmanager
def server(home: Path, **variables: str) -> Iterator[Server]:
    """Run JupyterLab with everything it reads and writes inside `home`.

    Further environment variables change that: without ``JUPYTER_NO_CONFIG="1"`` it reads the
    settings of installed extensions too, and starts more slowly.
    """
    notebooks = home / "notebooks"
    notebooks.mkdir(parents=True)
    for name, values in SETTINGS.items():
        file = home / "settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    own = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    environment = os.environ | {name: str(home / folder) for name, folder in own.items()}
    environment |= {"JUPYTER_NO_CONFIG": "1", "JUPYTER_PREFER_ENV_PATH": "1"} | variables
    token, port = secrets.token_hex(16), _free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
    ]
    command += [f"--ServerApp.root_dir={notebooks}", f"--IdentityProvider.token={token}"]
    command += ["--LabApp.expose_app_in_browser=True"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with open(home / "log.txt", "wb") as log:
        process = subprocess.Popen(
            command, cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_up(f"{url}/api/status?token={token}", process, home / "log.txt")
            yield Server(url, token, notebooks)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def _wait_until_up(url: str, process: subprocess.Popen, log: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start:\n" + log.read_text(encoding="utf-8")[-2000:])


class Notebook:
    """An open notebook: commands go through JupyterLab's own API instead of its menus."""

    def __init__(self, page: Any, lab: Server, path: str) -> None:
        self.page = page
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(lab.tree(path))
        page.wait_for_function(
            """() => {
                const panel = window.jupyterapp?.shell.currentWidget;
                return panel?.context?.isReady && panel.content?.widgets?.length
                    && panel.sessionContext.session?.kernel?.status === "idle";
            }"""
        )

    def _panel(self, body: str, argument: Any = None) -> Any:
        """Evaluate an expression of `panel` (the open notebook), `app` and `given`."""
        return self.page.evaluate(
            "async (given) => { const app = window.jupyterapp;"
            f" const panel = app.shell.currentWidget; return {body}; }}",
            argument,
        )

    def command(self, name: str, arguments: dict[str, Any] | None = None) -> None:
        """Execute one of JupyterLab's commands and wait until it is done."""
        self._panel("void await app.commands.execute(given[0], given[1])", [name, arguments or {}])

    def run_all(self) -> None:
        """Run all cells and wait for the last; raise if one fails."""
        self.command("notebook:run-all-cells")
        self.page.wait_for_function(
            'window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === "idle"'
        )
        for cell in self.cells():
            for output in cell.get("outputs", []):
                if output["output_type"] == "error":
                    raise RuntimeError(f"a cell failed: {output['ename']}: {output['evalue']}")

    def cells(self) -> list[dict[str, Any]]:
        """Return the cells as they would be saved."""
        found: list[dict[str, Any]] = self._panel("panel.content.model.sharedModel.toJSON().cells")
        return found

    def cells_with(self, words: str) -> list[int]:
        """Return the places of the cells whose HTML output contains these words."""
        places = []
        for place, cell in enumerate(self.cells()):
            html = [
                "".join(o.get("data", {}).get("text/html", "")) for o in cell.get("outputs", [])
            ]
            if any(words in text for text in html):
                places.append(place)
        return places

    def scroll_to(self, place: int) -> None:
        """Bring a cell into view: JupyterLab keeps only those on the page that are."""
        self._panel(
            "void (panel.content.activeCellIndex = given,"
            " await panel.content.scrollToItem(given, 'start'))",
            place,
        )

    def show(self, place: int) -> Any:
        """Scroll to a cell and return its first stepper or movable picture."""
        self.scroll_to(place)
        host = self.page.locator(f'.jp-Cell[data-windowed-list-index="{place}"] .emlib').first
        host.locator(".card").wait_for()
        host.scroll_into_view_if_needed()
        return host

    def active_cell(self) -> int:
        """Return the place of the active cell."""
        return int(self._panel("panel.content.activeCellIndex"))

    def is_dirty(self) -> bool:
        """Tell whether there is something to save."""
        return bool(self._panel("panel.context.model.dirty"))

    def shut_kernel_down(self) -> None:
        """End the kernel: what is still alive needs none."""
        self._panel("void await panel.sessionContext.shutdown()")
