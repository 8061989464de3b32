"""Put today's pictures into the saved notebooks: python -m tests.notebooks.steppers

Executes each notebook and takes over its pictures, the live ones and the others; everything else
stays as it was saved.
"""

import nbformat
from nbclient import NotebookClient

from tests.notebooks.course import NOTEBOOKS, ROOT, Notebook, read

PICTURE = '<img alt="'


def pictures(cell: Notebook) -> list[Notebook]:
    """Return a cell's outputs that are pictures, alive or not."""
    outputs = cell.get("outputs", [])
    return [output for output in outputs if PICTURE in output.get("data", {}).get("text/html", "")]


def main() -> None:
    """Execute, take over, save."""
    for path in [*sorted((ROOT / "notebooks").glob("*.ipynb")), *NOTEBOOKS.values()]:
        saved, fresh = read(path), read(path)
        NotebookClient(fresh, resources={"metadata": {"path": path.parent}}).execute()
        for old, new in zip(saved.cells, fresh.cells, strict=True):
            for was, now in zip(pictures(old), pictures(new), strict=True):
                was.data = now.data
        nbformat.write(saved, path)


if __name__ == "__main__":
    main()
