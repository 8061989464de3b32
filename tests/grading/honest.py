"""Honest work, which must get exactly its points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import course
from cases import EVERYTHING, add, changed, some
from nbformat.v4 import new_code_cell


@changed("right", "all answers right", EVERYTHING, quick=True)
def _right(notebook: Any) -> None:
    pass


@add("blank", "honest", "nothing answered", quick=True)
def _blank(root: Path, student: str) -> None:
    course.submit(root, student, course.released(root))


@changed(
    "half",
    "two answers right, two wrong",
    some(mean=3, centre=4),
    quick=True,
    spread="def spread(values):\n    return np.var(values)",
    tallest="tallest = heights[0]",
)
def _half_right(notebook: Any) -> None:
    pass


@changed(
    "partly",
    "a result right, but its argument changed",
    {**EVERYTHING, "check_centre": 2.0},
    quick=True,
    centre="def centre(table):\n    table -= table.mean(axis=0)\n    return table",
)
def _partly(notebook: Any) -> None:
    pass


@changed(
    "slow",
    "slow, but in time",
    EVERYTHING,
    mean="import time\ndef mean(values):\n    time.sleep(1)\n    return sum(values) / len(values)",
)
def _slow(notebook: Any) -> None:
    notebook.cells.append(new_code_cell("time.sleep(2)"))


@changed(
    "noisy",
    "warns and writes to stderr",
    EVERYTHING,
    spread="import sys, warnings\ndef spread(values):\n    warnings.warn('hm')\n"
    "    print('note', file=sys.stderr)\n    np.log(np.zeros(1))\n    return np.std(values)",
)
def _noisy(notebook: Any) -> None:
    pass


@changed(
    "other-style",
    "other ways to the same results",
    EVERYTHING,
    mean="from statistics import fmean as mean",
    spread="class Spread:\n    def __call__(self, v):\n        v = list(v)\n        m = mean(v)\n"
    "        return (sum((x - m) ** 2 for x in v) / len(v)) ** 0.5\nspread = Spread()",
    centre="centre = lambda table: (np.array(table) - np.mean(table, 0)).tolist()",
    tallest="tallest = np.sort(heights)[-1]",
)
def _style(notebook: Any) -> None:
    pass


@changed("lively", "plots, magics, shell commands, widgets, progress, exit", EVERYTHING)
def _lively(notebook: Any) -> None:
    notebook.cells.insert(
        2,
        new_code_cell(
            "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot(heights); plt.show()"
        ),
    )
    notebook.cells.insert(3, new_code_cell("!echo hello\n%timeit -n1 -r1 sum(heights)"))
    notebook.cells.insert(4, new_code_cell("print(input('name?'))"))
    notebook.cells.insert(5, new_code_cell("import asyncio\nawait asyncio.sleep(0.01)\n1 / 0"))
    notebook.cells.insert(6, new_code_cell("%%time\nexit()"))


@changed(
    "moved",
    "answers moved behind their tests' places, with helpers",
    EVERYTHING,
    mean="def mean(values):\n    return total(values) / len(values)",
)
def _moved(notebook: Any) -> None:
    notebook.cells.insert(2, new_code_cell("def total(values):\n    return sum(values)"))
    notebook.cells.append(new_code_cell("def total(values):\n    return -1"))


@changed("rewritten", "a function written again later, and wrongly", EVERYTHING)
def _rewritten(notebook: Any) -> None:
    notebook.cells.append(new_code_cell("def mean(values):\n    return -1"))
