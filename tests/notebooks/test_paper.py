"""What LaTeX, and so a PDF, is made of: it shows every picture that the notebook shows."""

import re
from typing import Any

import pytest
from nbconvert.exporters import LatexExporter

from tests.notebooks.test_every_notebook import COLLECTION, code, read

SHOWN = re.compile(r'<img alt="[^"]+" [^>]*src="data:image/png;base64,')
PANDOC = [
    "convert_explicitly_relative_paths",
    "convert_pandoc",
    "markdown2latex",
    "resolve_references",
]


@pytest.mark.parametrize("name", COLLECTION)
def test_latex_holds_as_many_pictures_as_the_notebook(name):
    """The text is left as it is, for turning it into LaTeX needs pandoc."""
    notebook = read(COLLECTION[name])
    bundles = [output.get("data", {}) for cell in code(notebook) for output in cell.outputs]
    pictures = sum(len(SHOWN.findall(data.get("text/html", ""))) for data in bundles)
    exporter = LatexExporter(filters=dict.fromkeys(PANDOC, _as_it_is))
    paper, extracted = exporter.from_notebook_node(notebook)
    assert paper.count(r"\adjustimage") == pictures > 0
    sizes = {file: len(content) for file, content in extracted["outputs"].items()}
    assert sum(file.endswith(".png") for file in sizes) == pictures
    assert max(sizes.values()) <= 25_000


def _as_it_is(text: str, *_: Any, **__: Any) -> str:
    return text
