"""What all notebooks have in common, 00 included, and what they must not say differently."""

import html
import re
from statistics import median

import numpy as np
import pytest

from emlib import BinomialMixture, GaussianMixture, Tosses, run_em
from emlib.steppers.menus import VIEW
from tests.notebooks.course import NOTEBOOKS, ROOT, graded, number, outcomes, read
from tests.notebooks.minutes import EXERCISE, total

FOLDER = ROOT / "notebooks"
START = "00-start-here"
COLLECTION = {START: FOLDER / f"{START}.ipynb", **NOTEBOOKS}
REFERENCE = FOLDER / "symbols-and-words.ipynb"


@pytest.fixture(params=COLLECTION)
def notebook(request):
    return read(COLLECTION[request.param])


def text_of(path):
    """All text of a notebook, line breaks aside."""
    cells = read(path).cells
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
    assert re.findall(r"^\* ", reading, re.MULTILINE)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_one_sitting(name):
    notebook = read(NOTEBOOKS[name])
    whole = total(notebook)
    assert whole.words <= 1600
    assert whole.longest <= 150
    assert whole.reading + whole.doing <= 60
    assert whole.doing >= whole.reading
    assert "minutes, by a model" in notebook.cells[0].source


def test_the_course_is_not_longer_than_its_sittings():
    assert sum(total(read(path)).words for path in NOTEBOOKS.values()) <= 1_250 * len(NOTEBOOKS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_four_exercises_are_worth_ten_points(name):
    cells = [c for c in read(NOTEBOOKS[name]).cells if graded(c)]
    values = [c.metadata.nbgrader.points for c in cells]
    assert sum(values) == 10
    assert all(value == int(value) for value in values)
    in_words = [c for c in cells if c.cell_type == "markdown"]
    assert (len(cells), len(in_words)) == (4, 1)
    headings = EXERCISE.findall("\n".join(c.source for c in read(NOTEBOOKS[name]).cells))
    assert [float(value) for value, _ in headings] == values


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_something_to_do_comes_first(name):
    cells = read(NOTEBOOKS[name]).cells
    tags = [set(cell.metadata.get("tags", [])) for cell in cells]
    first = next(i for i, found in enumerate(tags) if any(_is_done(tag) for tag in found))
    assert first <= 4
    assert "feedback" in tags[-2]


def _is_done(tag):
    return tag == "predict" or tag.startswith("do-")


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
        kinds = output.get("data", {})  # a view without its model would be an error
        assert VIEW not in kinds


def test_every_picture_has_a_text_alternative(notebook):
    alternatives = []
    for cell in notebook.cells:
        alternatives += re.findall(r"!\[(.*?)\]\(", cell.source)
        for data in (output.get("data", {}) for output in cell.get("outputs", [])):
            assert {kind for kind in data if kind.startswith("image/")} <= {"image/png"}
            if "image/png" in data:  # for paper; where there are readers, HTML comes first
                words = html.escape(data["text/plain"])
                assert f'<img alt="{words}"' in data["text/html"], cell.id
            for tag in re.findall(r"<img\b[^>]*>", data.get("text/html", "")):
                alternatives += re.findall(r'\balt="([^"]*)"', tag) or [""]
    assert all(len(html.unescape(words)) >= 40 for words in alternatives)


def test_links_lead_somewhere():
    for path in [*COLLECTION.values(), REFERENCE]:
        for target in re.findall(r"\]\(([^)#]+)\)", text_of(path)):
            if not target.startswith("https://"):
                assert (path.parent / target).exists(), f"{path.stem}: {target}"


def test_references_are_well_formed_and_say_the_same_everywhere():
    cited = {}
    for name, path in COLLECTION.items():
        last = re.sub(r" <!--.*?-->", "", read(path).cells[-1].source)
        entries = [" ".join(entry.split()) for entry in last.split("\n* ")[1:]]
        links = [re.search(r"(.*) \[doi:(\S+)\]\((\S+)\)", entry) for entry in entries]
        found = [link.groups() for link in links if link]  # some books and papers have none
        assert len(found) == len(re.findall("doi:", text_of(path), re.IGNORECASE)) > 0, name
        for words, doi, address in found:
            assert re.fullmatch(r"10\.\d{4,9}/\S+", doi)
            assert address == f"https://doi.org/{doi}"
            assert cited.setdefault(doi, words) == words, name


def test_the_course_and_its_minutes_are_the_same_wherever_they_are_told():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    start = "\n\n".join(cell.source for cell in read(COLLECTION[START]).cells)
    told = {
        "README": table(readme, "| sitting | notebook | what you learn | minutes |"),
        START: table(start, "| sitting | notebook | what happens | minutes |"),
    }
    expected = {name: minutes(name) for name in COLLECTION}
    for place, rows in told.items():
        if place == START:
            del expected[START]
        links = [re.search(r"/?([\w-]+)\.ipynb\)", row[1]).group(1) for row in rows]
        assert dict(zip(links, [int(row[3]) for row in rows], strict=True)) == expected, place
        sittings = [row[0].strip("*") for row in rows if row[0] not in ("", "detour")]
        assert sittings == list("12345"), place


@pytest.mark.parametrize("name", COLLECTION)
def test_minutes_are_those_of_the_model(name):
    whole = total(read(COLLECTION[name]))
    assert minutes(name) == 5 * round((whole.reading + whole.doing) / 5)


# ---------------------------------------------------- symbols and words: one place, one page


def names(cell):
    """Names in code, and shapes."""
    return set(re.findall(r"`([^`]+)`", cell))


def section(title):
    """The text of one section of the page of reference."""
    (cell,) = (c for c in read(REFERENCE).cells if c.source.startswith(f"## {title}\n"))
    return cell.source + "\n\n"


def notation():
    return table(section("Symbols"), "| symbol | meaning | in code | shape | in `emlib` |")


def test_no_symbol_and_no_word_is_explained_twice():
    words = [row[0] for row in table(section("Words"), "| word | meaning | in |")]
    symbols = [row[0] for row in notation()]
    assert len(words) == len(set(words)) > 20
    assert len(symbols) == len(set(symbols)) > 20


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


def test_words_are_explained_where_the_page_says():
    texts = {number(name): text_of(path).lower() for name, path in NOTEBOOKS.items()}
    for word, _, where in table(section("Words"), "| word | meaning | in |"):
        for one in word.lower().split(", "):
            assert one in texts[where], f"{one} is not in {where}"


def test_the_tour_shows_all_four_outcomes_of_a_check():
    shown = [
        report["outcome"] for cell in code(read(COLLECTION[START])) for report in outcomes(cell)
    ]
    assert shown == ["not_attempted", "error", "not_yet", "passed"]
