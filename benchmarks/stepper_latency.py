"""How fast a stepper steps in JupyterLab, beside `interact` with an inline figure.

Run it with: python noxfile.py benchmarks benchmarks/stepper_latency.py (needs a Chromium browser).
Writes benchmarks/results/stepper_latency.md.

Both show the same EM run: 1,000 points coloured by responsibility, 3 ellipses, the log-likelihood
trace, 40 iterations.  A step is timed from the browser's own time stamp of the click or key to the
moment after the frame that shows the new picture was painted; it is in the next frame if no other
frame began since the input.  Steps of the two alternate, so that a busy machine disturbs both
alike.  The pauses between inputs are drawn anew each time: a constant one would fall into step with
the screen's frames, and measure the same part of a frame every time.
"""

from __future__ import annotations

import base64
import io
import itertools
import os
import platform
import random
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the browser tests know how to drive JupyterLab

from tests.browser.lab import LAUNCH_OPTIONS, Notebook, chromium, server  # noqa: E402

STEPS = 40
FIRST_DISPLAYS = 5
SCREENCAST_STEPS = 30
FRAME = 1000 / 60  # milliseconds

DATA = """\
import numpy as np
import matplotlib.pyplot as plt
from emlib import GaussianMixture, run_em
from emlib.steppers.runs import stepper

%matplotlib inline
rng = np.random.default_rng(1)
truth = GaussianMixture(
    [0.3, 0.3, 0.4], [[0, 0], [3, 3], [0, 5]], [np.eye(2), 2 * np.eye(2), 3 * np.eye(2)]
)
points, _ = truth.sample(1000, rng)
start = GaussianMixture([1 / 3] * 3, rng.normal(2, 1, (3, 2)), [4 * np.eye(2)] * 3)
run = run_em(start, points, tol=0, max_iter=40)
len(run)"""
STEPPER = "stepper(run)"
INTERACT = """\
from ipywidgets import IntSlider, interact

colours = np.array([[0, 114, 178], [213, 94, 0], [0, 158, 115]]) / 255
circle = np.array([np.cos(np.linspace(0, 2 * np.pi, 65)), np.sin(np.linspace(0, 2 * np.pi, 65))])

def show(t):
    figure, (rows, climb) = plt.subplots(1, 2, figsize=(9, 4))
    rows.scatter(*points.T, s=7, c=np.clip(run[t].responsibilities @ colours, 0, 1))
    for j in range(3):
        L = np.linalg.cholesky(run[t].model.covariances[j])
        for s in (1, 2):
            rows.plot(*(run[t].model.means[j][:, None] + s * L @ circle), color=colours[j])
    climb.plot(run.log_likelihoods)
    climb.plot(t, run[t].log_likelihood, "o")
    plt.show()

interact(show, t=IntSlider(0, 0, 40));"""

# Wait for the first change inside `node` after an input, for its images to be decoded, and for the
# frame to be painted: a message posted in an animation frame arrives after that frame.
TIMER = """
window.frameAndPaint = () => new Promise((done) => requestAnimationFrame((frame) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done([frame, performance.now()]);
    channel.port2.postMessage(null);
}));
window.afterPaint = async () => (await window.frameAndPaint())[1];
window.timeStep = (node, isChange) => {
    let pressed = null;
    for (const type of ["pointerup", "keydown"]) {
        document.addEventListener(type, (event) => { pressed ??= event.timeStamp; },
            { capture: true, once: true });
    }
    window.stepTime = new Promise((done) => {
        const observer = new MutationObserver(async (changes) => {
            if (pressed === null || !changes.some(isChange)) return;
            observer.disconnect();
            await Promise.all([...node.querySelectorAll("img")].map((image) => image.decode()));
            done((await window.frameAndPaint()).map((moment) => moment - pressed));
        });
        observer.observe(node, { subtree: true, childList: true, characterData: true });
    });
};
"""


def main() -> None:
    """Measure and print the table."""
    browser_path = chromium()
    if browser_path is None:
        sys.exit("This benchmark needs a Chromium browser on the path.")
    with tempfile.TemporaryDirectory() as home, server(Path(home) / "lab") as lab:
        write_notebook(lab.folder / "latency.ipynb")
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=browser_path, args=LAUNCH_OPTIONS)
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            notebook = Notebook(page, lab, "latency.ipynb")
            notebook.run_all()
            page.evaluate(TIMER)
            first = [first_display(notebook, place) for place in (1, 2)]
            steps = time_steps(notebook)
            film = screencast(notebook)
            notebook.command("docmanager:save")
            version = browser.version
            browser.close()
        saved = nbformat.read(lab.folder / "latency.ipynb", as_version=4)
    sizes = [added_bytes(saved.cells[place]) / 1000 for place in (1, 2)]
    text = report(steps, first, sizes, film, version)
    print(text)
    (ROOT / "benchmarks" / "results" / "stepper_latency.md").write_text(text, encoding="utf-8")


def write_notebook(path: Path) -> None:
    """Write the notebook that shows both."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [new_code_cell(code) for code in (DATA, STEPPER, INTERACT)]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def output(place: int) -> str:
    """Return the JavaScript expression of a cell's output area."""
    return (
        f"""document.querySelector('.jp-Cell[data-windowed-list-index="{place}"] .jp-OutputArea')"""
    )


def first_display(notebook: Notebook, place: int) -> float:
    """Run a cell anew a few times; return the median time until it is painted."""
    ready = {
        1: "area.querySelector('.emlib')?.shadowRoot?.querySelector('.card')",
        2: "area.querySelector('.jupyter-widgets img')?.complete",
    }[place]
    times = []
    for _ in range(FIRST_DISPLAYS):
        notebook.scroll_to(place)
        times.append(
            notebook.page.evaluate(
                f"""async () => {{
                    const panel = window.jupyterapp.shell.currentWidget;
                    const cell = panel.content.widgets[{place}];
                    cell.model.sharedModel.setOutputs([]);
                    await window.afterPaint();
                    const began = performance.now();
                    window.jupyterapp.commands.execute("notebook:run-cell");
                    for (;;) {{
                        const now = await window.afterPaint();
                        const area = {output(place)};
                        if (area && ({ready})) return now - began;
                    }}
                }}"""
            )
        )
        notebook.page.wait_for_timeout(500)
    return statistics.median(times)


def time_steps(notebook: Notebook) -> dict[str, list[list[float]]]:
    """Step both in turn; return the milliseconds to the frame and to its paint, of every step."""
    page = notebook.page
    times: dict[str, list[list[float]]] = {"click": [], "key": [], "interact": []}
    root = f"{output(1)}.querySelector('.emlib').shadowRoot"
    chance = random.Random(0)

    def pause() -> None:
        page.wait_for_timeout(chance.uniform(50, 100))

    for step in range(STEPS):
        notebook.scroll_to(1)
        button = page.get_by_role("button", name="Next")
        button.focus()
        # Each in turn shows an E-step, which colours all points anew, and an M-step.
        for way in (("click", "key"), ("key", "click"))[step % 2]:
            pause()
            page.evaluate(f"() => window.timeStep({root}, () => true)")
            if way == "click":
                button.hover()
                page.mouse.down()
                pause()  # as a hand does
                page.mouse.up()
            else:
                pause()
                page.keyboard.press("ArrowRight")
            times[way].append(page.evaluate("window.stepTime"))
        notebook.scroll_to(2)
        slider = page.locator(".noUi-handle")
        slider.focus()
        pause()
        new_image = (
            "[...change.addedNodes].some((n) => n.querySelector?.('img') ?? n.tagName === 'IMG')"
        )
        page.evaluate(f"() => window.timeStep({output(2)}, (change) => {new_image})")
        pause()
        page.keyboard.press("ArrowRight")
        times["interact"].append(page.evaluate("window.stepTime"))
    return times


def screencast(notebook: Notebook) -> tuple[int, int, int]:
    """Film steps of the stepper; return frames, changes between them, and blank ones."""
    page = notebook.page
    notebook.scroll_to(1)
    page.get_by_role("button", name="First").click()
    box = page.locator(".emlib canvas").bounding_box()
    area = tuple(
        round(v) for v in (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])
    )
    frames: list[Any] = []
    session = page.context.new_cdp_session(page)

    def keep(event: dict[str, Any]) -> None:
        frames.append(base64.b64decode(event["data"]))
        session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    session.on("Page.screencastFrame", keep)
    session.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})
    for _ in range(SCREENCAST_STEPS):
        page.get_by_role("button", name="Next").click()
        page.wait_for_timeout(60)
    session.send("Page.stopScreencast")
    pictures = [
        np.asarray(Image.open(io.BytesIO(frame)).convert("RGB").crop(area), dtype=int)
        for frame in frames
    ]
    drawn = [float((np.ptp(p.reshape(-1, 3), axis=0) > 40).all()) and inked(p) for p in pictures]
    usual = statistics.median(drawn)
    changed = sum(bool((a != b).any()) for a, b in itertools.pairwise(pictures))
    return len(frames), changed, sum(share < 0.5 * usual for share in drawn)


def inked(picture: np.ndarray) -> float:
    """Return the share of a picture that is not its commonest colour."""
    _, counts = np.unique(picture.reshape(-1, 3), axis=0, return_counts=True)
    return 1 - counts.max() / counts.sum()


def added_bytes(cell: Any) -> int:
    """Return how many bytes a cell's output adds to a saved notebook."""
    bare = nbformat.from_dict({**cell, "outputs": []})
    with_output, without = (
        len(nbformat.writes(new_notebook(cells=[one])).encode()) for one in (cell, bare)
    )
    return with_output - without


def report(
    steps: dict[str, list[list[float]]],
    first: list[float],
    sizes: list[float],
    film: tuple[int, int, int],
    browser: str,
) -> str:
    """Return what was measured, as Markdown."""

    def row(name: str, times: list[list[float]], display: float, size: float) -> str:
        frames, paints = np.transpose(times)
        next_frame = (frames <= FRAME).mean()
        median, late = np.percentile(paints, [50, 95])
        cells = [f"{median:.1f}", f"{late:.1f}", f"{next_frame:.0%}", f"{display:.0f}"]
        return f"| {name} | {' | '.join(cells)} | {size:.0f} |"

    late = [float(np.percentile(steps[name], 95, axis=0)[1]) for name in ("click", "interact")]
    frames, changed, blank = film
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return "\n".join(
        [
            "# Latency of a step",
            "",
            "| way | step, ms median | 95th percentile | in the next frame | first display, ms "
            "| kB saved |",
            "|---|---|---|---|---|---|",
            row("stepper, click on Next", steps["click"], first[0], sizes[0]),
            row("stepper, arrow key", steps["key"], first[0], sizes[0]),
            row("interact, inline figure", steps["interact"], first[1], sizes[1]),
            "",
            f"At the 95th percentile a click is {late[1] / late[0]:.0f} times faster than "
            f"interact. A frame at 60 Hz is {FRAME:.1f} ms and an input comes at any moment of it: "
            f"a step without any work would have a 95th percentile of {0.95 * FRAME:.1f} ms. "
            "Without widget state, interact saves no picture.",
            f"Screencast of {SCREENCAST_STEPS} steps: {frames} frames, {changed} changes of the "
            f"picture, {blank} blank frames.",
            f"{STEPS} steps each; Chromium {browser}, Python {platform.python_version()}, "
            f"{os.cpu_count()} cores{load}.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
