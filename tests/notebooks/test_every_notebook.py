"""What all notebooks have in common, 00 included, and what they must not say differently."""

import html
import re
from statistics import median

import numpy as np
import pytest

from emlib import BinomialMixture, GaussianMixture, Tosses, run_em
from tests.notebooks.course import NOTEBOOKS, ROOT, number, outcomes, read

FOLDER = ROOT / "notebooks"
COLLECTION = {path.stem: path for path in [*sorted(FOLDER.glob("*.ipynb")), *NOTEBOOKS.values()]}
START = "00-start-here"


@pytest.fixture(params=COLLECTION)
def notebook(request):
    return read(COLLECTION[request.param])


def text_of(name):
    """All text of a notebook, line breaks aside."""
    cells = read(COLLECTION[name]).cells
    return " ".join(" ".join(cell.source for cell in cells if cell.cell_type == "markdown").split())


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def points(text):
    return re.findall(r"^\d+\. ", text, re.MULTILINE)


def minutes(name):
    opening = read(COLLECTION[name]).cells[0].source
    return int(re.search(r"^\*\*Time\*\* about (\d+) minutes", opening, re.MULTILINE).group(1))


def table(text, header):
    """Cells of the rows below a header."""
    rows = text.split(header + "\n")[1].split("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def test_opens_with_objectives_and_closes_with_a_recap_of_each(notebook):
    opening, closing = notebook.cells[0].source, notebook.cells[-1].source
    assert re.match(r"# \d[a-z]? · \w", opening)
    for words in ("\n**Afterwards you can**\n", "\n**You need** ", "\n**Time** about "):
        assert words in opening
    recap, _, reading = closing.partition("\n**Further reading**\n")
    assert recap.startswith("## Recap\n")
    assert len(points(recap)) == len(points(opening)) >= 3
    assert len(re.findall(r"^\* ", reading, re.MULTILINE)) >= 3


def test_code_comes_in_small_pieces(notebook):
    taught = [c for c in code(notebook) if "nbgrader" not in c.metadata]
    given = [c for c in code(notebook) if not c.metadata.get("nbgrader", {}).get("solution")]
    sizes = {c.id: len([line for line in c.source.splitlines() if line.strip()]) for c in given}
    assert median(sizes[c.id] for c in taught) <= 6
    assert {name: size for name, size in sizes.items() if size > 20} == {}


def test_is_saved_from_a_run_from_top_to_bottom_without_leftovers(notebook):
    assert "widgets" not in notebook.metadata
    cells = code(notebook)
    assert [c.execution_count for c in cells] == list(range(1, len(cells) + 1))
    for output in (output for cell in cells for output in cell.outputs):
        assert output.output_type != "error"
        assert output.get("name") != "stderr"


def test_every_picture_has_a_text_alternative(notebook):
    alternatives = []
    for cell in notebook.cells:
        alternatives += re.findall(r"!\[(.*?)\]\(", cell.source)
        for data in (output.get("data", {}) for output in cell.get("outputs", [])):
            assert not [kind for kind in data if kind.startswith("image/")], cell.id
            for tag in re.findall(r"<img\b[^>]*>", data.get("text/html", "")):
                alternatives += re.findall(r'\balt="([^"]*)"', tag) or [""]
    assert all(len(html.unescape(words)) >= 40 for words in alternatives)


def test_links_lead_somewhere():
    for name, path in COLLECTION.items():
        for target in re.findall(r"\]\(([^)#]+)\)", text_of(name)):
            if not target.startswith("https://"):
                assert (path.parent / target).exists(), f"{name}: {target}"


def test_references_are_well_formed_and_say_the_same_everywhere():
    cited = {}
    for name, path in COLLECTION.items():
        last = re.sub(r" <!--.*?-->", "", read(path).cells[-1].source)
        entries = [" ".join(entry.split()) for entry in last.split("\n* ")[1:]]
        links = [re.search(r"(.*) \[doi:(\S+)\]\((\S+)\)", entry) for entry in entries]
        found = [link.groups() for link in links if link]  # some books and papers have none
        assert len(found) == len(re.findall("doi:", text_of(name), re.IGNORECASE)) > 1, name
        for words, doi, address in found:
            assert re.fullmatch(r"10\.\d{4,9}/\S+", doi)
            assert address == f"https://doi.org/{doi}"
            assert cited.setdefault(doi, words) == words, name


def test_minutes_are_the_same_wherever_they_are_told():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    start = "\n\n".join(cell.source for cell in read(COLLECTION[START]).cells)
    told = {
        "README": table(readme, "| notebook | what you learn | minutes |"),
        START: table(start, "| notebook | what happens | minutes | builds on |"),
    }
    expected = {name: minutes(name) for name in COLLECTION}
    for place, rows in told.items():
        if place == START:
            del expected[START]
        links = [re.search(r"/?([\w-]+)\.ipynb\)", row[0]).group(1) for row in rows]
        assert dict(zip(links, [int(row[2]) for row in rows], strict=True)) == expected, place


# ---------------------------------------------------- notation and words: one place, notebook 00


def symbols(cell):
    r"""$f_i,\ h_i$ are two symbols; what a symbol depends on is not part of it."""
    return [re.sub(r"\(.*", "", symbol) for symbol in cell.strip("$").split(r",\ ")]


def names(cell):
    """Names in code, and shapes."""
    return set(re.findall(r"`([^`]+)`", cell))


def notation():
    (cell,) = (c for c in read(COLLECTION[START]).cells if c.source.startswith("## 5 · Notation"))
    return table(cell.source + "\n\n", "| symbol | meaning | in code | shape | in `emlib` |")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notation_is_that_of_notebook_00(name):
    known = {}
    for symbol_cell, _, in_code, shape, in_emlib in notation():
        said = names(f"{in_code} {shape} {in_emlib}")
        known |= dict.fromkeys(symbols(symbol_cell), said)
    header = "| symbol | meaning | in code |"
    (cell,) = (cell for cell in read(COLLECTION[name]).cells if header in cell.source)
    for symbol_cell, _, in_code in table(cell.source + "\n\n", header):
        assert set(symbols(symbol_cell)) <= set(known), f"{symbol_cell} is not in {START}"
        if "=" not in symbol_cell:  # not an index: its axis depends on the array
            assert names(in_code) <= set().union(*map(known.get, symbols(symbol_cell)))


def test_notation_is_that_of_emlib():
    coins = run_em(BinomialMixture([0.6, 0.5]), Tosses([5, 9, 8, 4, 7], flips=10))
    points = np.random.default_rng(1).normal(size=(40, 3))
    start = GaussianMixture([0.5, 0.5], points[:2], [np.eye(3)] * 2)
    runs = [(coins, {"n": 5, "k": 2}), (run_em(start, points), {"n": 40, "k": 2, "d": 3})]
    for _, _, _, shape, in_emlib in notation():
        for name in names(in_emlib):
            found = []
            for run, sizes in runs:
                known = {"run": run, "model": run.model, "step": run[0], "data": run.data}
                try:
                    found.append((np.shape(eval(name, known)), sizes))
                except AttributeError:  # coins have no means, points no heads
                    continue
            assert found, name
            if shape and name != "run.data":
                assert all(eval(shape.strip("`"), sizes) == is_ for is_, sizes in found), name


def test_words_are_explained_where_notebook_00_says():
    (cell,) = (c for c in read(COLLECTION[START]).cells if c.source.startswith("## 6 · Words"))
    texts = {number(name): text_of(name).lower() for name in NOTEBOOKS}
    for word, _, where in table(cell.source + "\n\n", "| word | meaning | in |"):
        for one in word.lower().split(", "):
            assert one in texts[where], f"{one} is not in {where}"


def test_the_tour_shows_all_four_outcomes_of_a_check():
    shown = [
        report["outcome"] for cell in code(read(COLLECTION[START])) for report in outcomes(cell)
    ]
    assert shown == ["not_attempted", "error", "not_yet", "passed"]
