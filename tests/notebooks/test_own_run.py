"""The pictures that follow the large exercise show the reader's own run, not emlib's.

Handed in are answers that pass their checks, and on the notebook's own data go another way than
any program of emlib's would.
"""

import re

import pytest
from nbclient import NotebookClient

from tests.notebooks.course import NOTEBOOKS, Notebook, cell_of, read
from tests.slowly import slowly

# (notebook, where its stepper is, what is put into its solution, what the picture then says)
CASES = {
    "coins, seven iterations and no more": (
        "03b-coin-toss-em",
        "flow",
        "    max_iter = 7 if tol < 0 else max_iter\n",
        "5 rows of tosses, 7 iterations: theta A goes from 0.600 to 0.796",
    ),
    "the geyser, two iterations": (
        "04a-gaussian-mixture-em",
        "4a-own-steps",
        "    max_iter = 2 if len(data) == 272 else max_iter\n",
        "272 rows, 2 iterations. At the end: A weight 0.357 and mean (2.04, 54.50)",
    ),
}


def run_with(name: str, last: str, solution: str) -> Notebook:
    """Run a notebook up to the cell named `last` with another solution; return that cell."""
    notebook = read(NOTEBOOKS[name])
    place = [cell.id for cell in notebook.cells].index(last)
    notebook.cells = notebook.cells[: place + 1]
    cell_of(notebook, "em").source = solution
    folder = NOTEBOOKS[name].parent
    NotebookClient(notebook, resources={"metadata": {"path": folder}}).execute()
    return notebook.cells[-1]


def said(cell: Notebook) -> str:
    """Return what a cell's pictures say in words."""
    return " ".join(output.data["text/plain"] for output in cell.outputs)


@pytest.mark.parametrize("case", CASES)
def test_a_right_answer_is_what_one_steps_through(case):
    name, place, line, words = CASES[case]
    solution = cell_of(read(NOTEBOOKS[name]), "em").source
    begin = "    ### BEGIN SOLUTION\n"
    told = said(run_with(name, place, solution.replace(begin, begin + line)))
    assert words in told
    assert "EM stopped (own rule)" in told


@pytest.mark.parametrize("case", slowly(CASES, next(iter(CASES))))
def test_what_is_not_written_yet_has_its_stand_in(case):
    name, place, _, words = CASES[case]
    signature = re.match(r"def em\(.*\):\n", cell_of(read(NOTEBOOKS[name]), "em").source)
    told = said(run_with(name, place, signature[0] + "    raise NotImplementedError\n"))
    assert "The log-likelihood climbs from" in told
    assert words not in told
