"""Every picture of every notebook lives in Firefox and in WebKitGTK, where these are installed.

The page steps through itself and tells a server on this machine what its pictures said, so no
engine needs a driver.
"""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from tests.browser.pictures import PICTURES, WITH_HANDLES

pytestmark = pytest.mark.slow

PATIENCE = 300  # seconds
FIREFOX = ["firefox-esr", "firefox"]
WEBKIT = glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser") + glob("/usr/libexec/webkit2gtk-4.*/Mini*")
HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>
<script>const errors = []; addEventListener("error", (event) => errors.push(event.message));
</script></head><body>"""
STEPS = """<script>addEventListener("load", async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const said = [];
  for (const { shadowRoot } of document.querySelectorAll(".emlib")) {
    const words = [];
    const look = async () => {
      for (let i = 0; i < 5; i += 1) await frame();
      words.push(shadowRoot?.querySelector(".status")?.textContent ?? "");
    };
    await look();
    shadowRoot?.querySelector("[aria-label=Next]")?.click();
    await look();
    const arrow = new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true });
    shadowRoot?.querySelector(".handle")?.dispatchEvent(arrow);
    await look();
    said.push(words);
  }
  fetch("/said", { method: "POST", body: JSON.stringify({ said, errors }) });
});</script></body></html>"""


@contextmanager
def told_by(page: str) -> Iterator[tuple[str, Queue[Any]]]:
    """Serve a page; yield its address and where what it tells arrives."""
    told: Queue[Any] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode() if self.path == "/" else b"")

        def do_POST(self) -> None:
            told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", told
        server.shutdown()


def command(engine: str, home: Path, screen: Path) -> list[str]:
    """Return what starts an engine without a screen, or skip the test."""
    if engine == "Firefox":
        found = next(filter(None, map(shutil.which, FIREFOX)), None)
        if found:
            return [found, "--headless", "--no-remote", "--profile", str(home)]
    elif WEBKIT and (server := shutil.which("xvfb-run")):
        return [server, "-a", "-f", str(screen), WEBKIT[-1]]
    pytest.skip(f"needs {engine}: firefox-esr, or webkit2gtk-driver and xvfb, of Debian")


@pytest.mark.parametrize("engine", ["Firefox", "WebKitGTK"])
def test_every_picture_steps_and_moves(engine, tmp_path):
    start = command(engine, tmp_path, tmp_path / "screen")
    body = "".join(shown.html() for shown in PICTURES.values())
    own = os.environ | {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    with told_by(HEAD + body + STEPS) as (address, told):
        running = subprocess.Popen(
            [*start, address], env=own, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            answer = told.get(timeout=PATIENCE)
        finally:
            os.killpg(running.pid, signal.SIGTERM)
            running.wait(timeout=PATIENCE)
    assert answer["errors"] == []
    for (name, shown), words in zip(PICTURES.items(), answer["said"], strict=True):
        first, stepped, moved = words
        assert first and not re.search(r"NaN|undefined|Infinity", " ".join(words)), name
        if shown.show not in ("jensen", "completeLikelihood"):
            assert stepped != first, name
        if name in WITH_HANDLES:
            assert moved != stepped, name
