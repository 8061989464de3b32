"""How long the notebooks take from a cold kernel, and whether they print the same twice.

Run it with: python noxfile.py benchmarks benchmarks/notebooks.py
"""

from __future__ import annotations

import platform
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parents[1]
IGNORED = "nbval-ignore-output"  # the tag of cells whose output may differ, such as times


def execute(notebook: Any, folder: Path) -> tuple[float, list[str]]:
    """Run all cells in a kernel of their own; return the seconds and the texts they printed."""
    began = time.perf_counter()
    NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}).execute()
    return time.perf_counter() - began, texts(notebook)


def texts(notebook: Any) -> list[str]:
    """Return the text output of every cell that promises to print the same again."""
    return [
        "".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code" and IGNORED not in cell.metadata.get("tags", [])
    ]


def main() -> None:
    """Measure and print the table."""
    empty, _ = execute(new_notebook(cells=[new_code_cell("1")]), ROOT)
    print(f"Python {platform.python_version()}; an empty notebook takes {empty:.1f} s.\n")
    print("| notebook | seconds, two runs | times an empty one | same text twice |")
    print("|---|---|---|---|")
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        runs = [execute(nbformat.read(path, as_version=4), path.parent) for _ in range(2)]
        (first, said), (second, said_again) = runs
        same = "yes" if said == said_again else "no"
        ratio = min(first, second) / empty
        print(f"| {path.stem} | {first:.1f}, {second:.1f} | {ratio:.1f} | {same} |", flush=True)


if __name__ == "__main__":
    main()
