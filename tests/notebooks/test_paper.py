"""What LaTeX, and so a PDF, is made of: it shows every picture that the notebook shows."""

import re

import nbformat
import pytest
from nbconvert.exporters import LatexExporter

from tests.notebooks.test_every_notebook import COLLECTION, code, read

SHOWN = re.compile(r'<img alt="[^"]+" [^>]*src="data:image/png;base64,')


@pytest.mark.parametrize("name", COLLECTION)
def test_latex_holds_as_many_pictures_as_the_notebook(name):
    """Only the cells of code are converted, for those of text need pandoc."""
    cells = code(read(COLLECTION[name]))
    bundles = [output.get("data", {}) for cell in cells for output in cell.outputs]
    pictures = sum(len(SHOWN.findall(data.get("text/html", ""))) for data in bundles)
    paper, extracted = LatexExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    assert paper.count(r"\adjustimage") == pictures > 0
    assert sum(name.endswith(".png") for name in extracted["outputs"]) == pictures
    assert max(map(len, extracted["outputs"].values())) <= 25_000
