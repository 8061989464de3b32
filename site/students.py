"""Makes of the students' kit what Binder and Colab open.

``python site/students.py KIT.zip FOLDER`` writes it; the forge publishes the folder as a branch.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

PYTHON = "3.12"  # for Binder, which else takes one that is too old


def for_colab(notebook: Any, wheel: str) -> Any:
    """Return a notebook, as JSON has it, with one cell on top that installs emlib.

    Colab opens a single file, without what lies beside it.
    """
    install = {
        "cell_type": "code",
        "execution_count": None,
        "id": "install-emlib",
        "metadata": {},
        "outputs": [],
        "source": [f"%pip install --quiet {wheel}"],
    }
    return notebook | {"cells": [install, *notebook["cells"]]}


def make(kit: Path, into: Path, repository: str) -> None:
    """Write what Binder needs, and a copy of each notebook for Colab.

    Parameters
    ----------
    kit : pathlib.Path
        The archive that ``python noxfile.py release`` makes.
    into : pathlib.Path
        A folder that is not there yet.
    repository : str
        Where the folder is published, as owner/name on GitHub: there Colab finds the package.
    """
    with tempfile.TemporaryDirectory() as folder:
        shutil.unpack_archive(kit, folder)
        (unpacked,) = Path(folder).iterdir()
        shutil.copytree(unpacked, into)
    (into / "runtime.txt").write_text(f"python-{PYTHON}\n", encoding="utf-8")
    (wheel,) = into.glob("*.whl")
    address = f"https://github.com/{repository}/raw/students/{wheel.name}"
    (into / "colab").mkdir()
    for path in sorted((into / "notebooks").rglob("*.ipynb")):
        notebook = for_colab(json.loads(path.read_text(encoding="utf-8")), address)
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        (into / "colab" / path.name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]), os.environ["SITE_REPOSITORY"])
