"""The site without an install, served to a browser that reaches nothing else."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.browser.lab import LAUNCH_OPTIONS, PATIENCE, Notebook, chromium

SLOW = 3 * PATIENCE  # a browser's Python is slow, and starts anew with each page
# No name is found, so no request leaves for another host; neither do a worker's.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


class Site:
    """A served folder, and what was asked of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.failed: list[str] = []  # addresses that were not there
        self.sent = 0  # bytes of the bodies

    def tree(self, path: str) -> str:
        """Return the address that opens a notebook."""
        return f"{self.url}/lab/index.html?path={path}"


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """Serve a folder on this machine alone, as a host of files does."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def send_response(self, code: int, message: str | None = None) -> None:
            if code >= 400 and self.path != "/favicon.ico":
                site.failed.append(self.path)
            super().send_response(code, message)

        def copyfile(self, source: Any, outputfile: Any) -> None:
            with contextlib.suppress(ConnectionError):  # a page that is left takes no more
                while chunk := source.read(1 << 16):
                    outputfile.write(chunk)
                    site.sent += len(chunk)

    bound = functools.partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), bound) as server:
        site = Site(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def visitor(playwright: Any, site: Site, profile: Path | str = "") -> Iterator[Any]:
    """A page of a reader's browser; it must have asked nobody but the site.

    The reader is a new one, unless the folder that their browser keeps things in is given.
    """
    browser = playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium(), args=[*LAUNCH_OPTIONS, ALONE]
    )
    try:
        page = browser.new_page()
        page.set_default_timeout(1000 * SLOW)
        elsewhere: list[str] = []
        browser.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((site.url, "blob:", "data:"))
                else elsewhere.append(request.url)
            ),
        )
        yield page
        assert not elsewhere, elsewhere
        assert not site.failed, site.failed
    finally:
        browser.close()


class LiteNotebook(Notebook):
    """An open notebook whose kernel is in the page."""

    def __init__(self, page: Any, site: Site, path: str) -> None:
        page.goto(site.tree(path))
        self._wait(page)

    @classmethod
    def shown(cls, page: Any) -> LiteNotebook:
        """Return the notebook that a page shows already, or will."""
        notebook = cls.__new__(cls)
        notebook._wait(page)
        return notebook

    def _wait(self, page: Any) -> None:
        self.page = page
        # It is shown and has a kernel, which may still be starting.
        page.wait_for_function(
            """() => {
                const panel = window.jupyterapp?.shell.currentWidget;
                return panel?.context?.isReady && panel.content?.widgets?.length
                    && panel.sessionContext.isReady && panel.sessionContext.session?.kernel;
            }"""
        )

    def begin(self, place: int) -> None:
        """Let one cell run, and do not wait for it."""
        self._panel("void (panel.content.activeCellIndex = given)", place)
        self._panel('void app.commands.execute("notebook:run-cell")')

    def restart_kernel(self) -> None:
        """Do what the menu's command does once the reader has said yes."""
        self._panel("void await panel.sessionContext.restartKernel()")

    def run(self, place: int) -> list[dict[str, Any]]:
        """Run one cell, and return its outputs once it is done."""
        self._panel("void (panel.content.activeCellIndex = given)", place)
        self.command("notebook:run-cell")
        cell = self._panel("panel.content.model.sharedModel.getCell(given).toJSON()", place)
        outputs: list[dict[str, Any]] = cell["outputs"]
        return outputs

    def write(self, place: int, source: str) -> None:
        """Replace the text of a cell."""
        self._panel(
            "void panel.content.model.sharedModel.getCell(given[0]).setSource(given[1])",
            [place, source],
        )

    def place_of(self, grade_id: str) -> int:
        """Return the place of a cell by nbgrader's name for it."""
        (place,) = [
            place
            for place, cell in enumerate(self.cells())
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
        ]
        return place
