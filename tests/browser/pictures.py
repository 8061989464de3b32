"""The interactive pictures of every notebook, drawn by today's program."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jupyterlab
import nbformat

from emlib.plots.picture import Picture
from emlib.steppers.runs import Interactive
from tests.notebooks.course import NOTEBOOKS, ROOT, number

MODULES = {
    "showCoins": "coins",
    "showClimb": "climb",
    "showGaussians": "gaussians",
    "jensen": "jensen",
    "completeLikelihood": "complete",
    "race": "race",
    "chain": "chain",
}
# The colours of JupyterLab's themes.
THEMES = Path(jupyterlab.__file__).parent / "themes" / "@jupyterlab"
LIGHT, DARK = (
    (THEMES / f"theme-{name}-extension" / "index.css").read_text(encoding="utf-8")
    for name in ("light", "dark")
)
# The room for a picture in a window of that width: a notebook has margins, beside its prompts too.
WIDTHS = {390: 374, 768: 700, 1366: 980}
MOUNT = re.compile(r"\nmount\(document\.currentScript, (\{.*\}), (\w+)\);\n")


def saved_pictures() -> Iterator[tuple[str, Interactive]]:
    """Yield each picture that a notebook was saved with, under the notebook's and cell's number."""
    for path in [*sorted((ROOT / "notebooks").glob("*.ipynb")), *NOTEBOOKS.values()]:
        for place, cell in enumerate(nbformat.read(path, as_version=4).cells):
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                if found := MOUNT.search(data.get("text/html", "")):
                    spec, show = json.loads(found.group(1)), found.group(2)
                    still = Picture(b"", data["text/plain"], 1)
                    shown = Interactive(still, spec, show, MODULES[show])
                    yield f"{number(path.stem)}-{place}", shown


PICTURES = dict(saved_pictures())
# A race and a chain have a slider and buttons, and nothing to drag.
# What concerns all pictures shows in this.
QUICK = next(name for name, shown in PICTURES.items() if shown.show == "showGaussians")
WITH_HANDLES = [name for name, shown in PICTURES.items() if shown.show not in ("race", "chain")]
