"""How smoothly a picture of Gaussians follows a hand, in a page of its own.

Run it with: python noxfile.py benchmarks benchmarks/stepper_drag.py (needs a Chromium browser).
Writes benchmarks/results/stepper_drag.md.

A mean is dragged, and all work of the page is timed, in pieces between which the browser can draw:
one longer than a frame is seen as a jerk.  The baseline is the same page with a clock that stands
still, so that each move computes its whole run of EM at once instead of in slices.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the browser tests know where a browser is

from emlib import GaussianMixture, run_em  # noqa: E402
from emlib.steppers import stepper  # noqa: E402
from tests.browser.lab import LAUNCH_OPTIONS, chromium  # noqa: E402

FRAME = 1000 / 60  # milliseconds
DRAGS = {  # components, rows, moves, and whether EM is computed in slices
    "8 Gaussians, 2,000 points": (8, 2000, 100, True),
    "the same, all EM steps of a move at once": (8, 2000, 20, False),
    "20 Gaussians, 5,000 points": (20, 5000, 60, True),
}

# Times all that answers to a move: at the pointer's event, at the frame, and between frames.
PIECES = """(() => {
    window.pieces = [];
    const now = performance.now.bind(performance);
    window.stopTheClock = () => { performance.now = () => 0; };
    const timed = (act) => function (...given) {
        const began = now();
        try { return act.apply(this, given); } finally {
            window.pieces.push(now() - began);
        }
    };
    for (const name of ["requestAnimationFrame", "requestIdleCallback", "setTimeout"]) {
        const own = window[name].bind(window);
        window[name] = (act, ...given) => own(timed(act), ...given);
    }
    const { addEventListener } = EventTarget.prototype;
    EventTarget.prototype.addEventListener = function (kind, act, ...given) {
        const own = kind === "pointermove" ? timed(act) : act;
        return addEventListener.call(this, kind, own, ...given);
    };
})()"""


def main() -> None:
    """Measure, print and write the table."""
    browser_path = chromium()
    if browser_path is None:
        sys.exit("This benchmark needs a Chromium browser on the path.")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    with tempfile.TemporaryDirectory() as home, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=LAUNCH_OPTIONS)
        rows = [
            drag_row(name, drag(browser, Path(home) / "drag.html", *how))
            for name, how in DRAGS.items()
        ]
        version = browser.version
        browser.close()
    text = "\n".join(
        [
            "# Dragging a mean",
            "",
            "| what | moves | pieces of work | ms median | 95th percentile | longest "
            "| within a frame |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            f"A frame at 60 Hz is {FRAME:.1f} ms. Chromium {version}, {os.cpu_count()} cores, "
            f"load {load:.1f} at the beginning.",
            "",
        ]
    )
    print(text)
    (ROOT / "benchmarks" / "results" / "stepper_drag.md").write_text(text, encoding="utf-8")


def drag(browser: Any, file: Path, k: int, n: int, moves: int, sliced: bool) -> list[float]:
    """Drag a mean of k Gaussians on n points; return the milliseconds of each piece of work."""
    rng = np.random.default_rng(1)
    centres = rng.uniform(0, 12, (k, 2))
    points = np.vstack([rng.normal(centre, 1, (n // k, 2)) for centre in centres])
    start = GaussianMixture([1 / k] * k, rng.uniform(0, 12, (k, 2)), [4 * np.eye(2)] * k)
    shown = stepper(run_em(start, points, max_iter=200))
    file.write_text(f'<!doctype html><meta charset="utf-8">{shown.html()}', encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.add_init_script(PIECES)
    page.goto(file.as_uri())
    box = page.locator(".handle").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    if not sliced:
        page.evaluate("window.stopTheClock()")
    page.evaluate("window.pieces = []")
    chance = random.Random(0)
    for _ in range(moves):
        page.mouse.move(x + chance.uniform(-60, 60), y + chance.uniform(-60, 60))
        page.wait_for_timeout(chance.uniform(15, 40))
    pieces = page.evaluate("window.pieces")
    page.close()
    return [piece for piece in pieces if piece > 0.1]  # less is none


def drag_row(name: str, pieces: list[float]) -> str:
    """Return the row of one way to drag."""
    median, late = np.percentile(pieces, [50, 95])
    share = np.mean(np.less(pieces, FRAME))
    cells = [name, DRAGS[name][2], len(pieces), f"{median:.1f}", f"{late:.1f}"]
    return f"| {' | '.join(map(str, cells))} | {max(pieces):.1f} | {share:.0%} |"


if __name__ == "__main__":
    main()
