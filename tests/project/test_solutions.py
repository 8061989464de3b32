"""The pages of worked solutions: every exercise with an answer, and no hidden test."""

import re

import pytest

from kit import solutions
from tests.notebooks.course import NOTEBOOKS, graded, read


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_has_an_answer_to_every_exercise(name):
    notebook = read(NOTEBOOKS[name])
    page = solutions.page(notebook)
    headings = re.findall(r"^## Exercise .*$", page, re.MULTILINE)
    assert len(headings) == len([cell for cell in notebook.cells if graded(cell)])
    assert page.count("**An answer**") >= len(headings)
    assert page.count("**The way there**") == page.count("```python\ndef ")
    assert not re.search(r"SOLUTION|HIDDEN TESTS|MARK SCHEME|key\.", page)


def test_pages_are_written_into_a_folder_of_their_own(tmp_path):
    name, path = next(iter(NOTEBOOKS.items()))
    copy = tmp_path / "notebooks" / name / path.name
    copy.parent.mkdir(parents=True)
    copy.write_bytes(path.read_bytes())
    solutions.main([], tmp_path)
    assert (tmp_path / "solutions" / f"{name}.md").exists()
    with pytest.raises(SystemExit, match=f"There is no notebook '99': {name}"):
        solutions.main(["99"], tmp_path)
