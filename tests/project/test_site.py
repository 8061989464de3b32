"""What makes the website, piece by piece; tests/browser/test_site.py reads what comes out."""

import importlib.util
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import emlib
from tests.notebooks.course import NOTEBOOKS, ROOT, read


def load(name: str) -> ModuleType:
    """Import a file of site/, a name that Python's own library has taken."""
    spec = importlib.util.spec_from_file_location(f"site_{name}", ROOT / "site" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


collect, glossary, links, students = map(load, ("collect", "glossary", "links", "students"))
KNOWN = collect.Web("ada/em", lite=True)
NOWHERE = collect.Web()


def code(source: str, said: str = "", **metadata: Any) -> nbformat.NotebookNode:
    outputs = [new_output("stream", text=said)] if said else []
    return new_code_cell(source, outputs=outputs, metadata=metadata)


def tags(notebook: nbformat.NotebookNode) -> list[list[str]]:
    return [cell.metadata.tags for cell in notebook.cells if cell.cell_type == "code"]


# ------------------------------------------------------------------------------- the notebooks


def test_only_a_cell_whose_text_is_unchanged_gets_its_output() -> None:
    source = new_notebook(cells=[code("a", "1"), code("### BEGIN SOLUTION", "2")])
    released = new_notebook(cells=[code("a"), code("raise NotImplementedError")])
    shown = collect.with_outputs(released, source)
    assert [len(cell.outputs) for cell in shown.cells] == [1, 0]
    assert not released.cells[0].outputs
    with pytest.raises(ValueError, match="has 1 cells, its source 2: release it anew"):
        collect.with_outputs(new_notebook(cells=[code("a")]), source)


def test_outputs_are_folded_from_a_question_to_the_text_after_the_answer() -> None:
    notebook = new_notebook(
        cells=[
            code("before", "shown"),
            code("guess = None", tags=["predict"]),
            code("answer", "folded"),
            code("more of it", "folded"),
            new_markdown_cell("The answer, in words."),
            code("after", "shown"),
            new_markdown_cell("**Predict.** What comes now?"),
            new_markdown_cell("A text before the answer."),
            code("silent"),
            code("answer", "folded", jupyter={"source_hidden": True}),
            new_markdown_cell("In words."),
            code("after", "shown"),
        ]
    )
    folded = ["hide-output"]
    expected = [[], ["predict"], folded, folded, [], [], ["hide-input", *folded], []]
    assert tags(collect.fold(notebook)) == expected


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_question_of_a_notebook_folds_an_output(name: str) -> None:
    notebook = collect.fold(read(NOTEBOOKS[name]))
    open_questions = 0
    for cell in notebook.cells:
        open_questions += "predict" in cell.metadata.tags
        if "hide-output" in cell.metadata.tags:
            open_questions = 0
        elif cell.get("outputs"):
            assert open_questions == 0, cell.source
    assert open_questions == 0


def test_a_page_says_where_else_its_notebook_opens() -> None:
    name = "03b-coin-toss-em"
    bar = collect.launch(name, KNOWN)
    assert re.findall(r'href="([^"]+)"', bar) == [
        f"../../lite/lab/index.html?path={name}.ipynb",
        f"../../download/{name}.ipynb",
        f"https://colab.research.google.com/github/ada/em/blob/students/colab/{name}.ipynb",
        f"https://mybinder.org/v2/gh/ada/em/students?labpath=notebooks/{name}/{name}.ipynb",
    ]
    assert re.findall(r'href="([^"]+)"', collect.launch("00-start-here", NOWHERE)) == [
        "../download/00-start-here.ipynb"
    ]


def test_colab_gets_the_package_and_binder_gets_the_kit(tmp_path: Path) -> None:
    kit = tmp_path / "em-notebooks"
    (kit / "notebooks" / "01").mkdir(parents=True)
    (kit / "emlib-1-py3-none-any.whl").write_bytes(b"")
    released = new_notebook(cells=[new_markdown_cell("# One")])
    nbformat.write(released, kit / "notebooks" / "01" / "01.ipynb")
    archive = shutil.make_archive(str(tmp_path / "kit"), "zip", tmp_path, "em-notebooks")
    students.make(Path(archive), tmp_path / "made", "ada/em")
    made = tmp_path / "made"
    assert read(made / "notebooks" / "01" / "01.ipynb") == released
    first, *rest = read(made / "colab" / "01.ipynb").cells
    wheel = "https://github.com/ada/em/raw/students/emlib-1-py3-none-any.whl"
    assert first.source == f"%pip install --quiet {wheel}"
    assert rest == released.cells
    assert (made / "runtime.txt").read_text(encoding="utf-8") == "python-3.12\n"


# ------------------------------------------------------------------------------------- the pages


@pytest.mark.parametrize(
    ("path", "link", "known", "nowhere"),
    [
        ("README.md", "[a](CONTRIBUTING.md#get-a-copy)", "[a](contributors.md#get-a-copy)", None),
        ("README.md", "[a](notebooks/x/x.ipynb)", "[a](notebooks/x/x.ipynb)", None),
        ("grading/README.md", "[a](../CONTRIBUTING.md)", "[a](contributors.md)", None),
        ("grading/README.md", "[a](#settings)", "[a](#settings)", None),
        ("notebooks/x.ipynb", "[a](../README.md)", "[a](../start.md)", None),
        ("notebooks/x/x.ipynb", "[a](../y/y.ipynb)", "[a](../y/y.ipynb)", None),
        ("CONTRIBUTING.md", "[a](site/pages/lesson-plans.md)", "[a](lesson-plans.md)", None),
        ("README.md", "[a](https://example.org/b)", "[a](https://example.org/b)", None),
        ("README.md", "[a](LICENSE)", "[a](https://github.com/ada/em/blob/main/LICENSE)", "a"),
        ("x.md", "[`k`](k/k)", "[`k`](https://github.com/ada/em/blob/main/k/k)", "`k`"),
    ],
)
def test_links_lead_to_pages_else_to_the_repository_else_nowhere(
    path: str, link: str, known: str, nowhere: str | None
) -> None:
    assert collect.relink(link, path, KNOWN) == known
    assert collect.relink(link, path, NOWHERE) == (known if nowhere is None else nowhere)


def test_the_reference_lists_all_that_is_public() -> None:
    pages = collect.reference_pages()
    for name in emlib.__all__:
        assert re.search(rf"^\.\. auto\w+:: emlib\.{name}$", pages["reference/emlib.rst"], re.M)
        assert f"   emlib.{name}\n" in pages["reference.md"]


GLOSSARY = """# Symbols

| word | not | 01 |

## Words

| word | meaning | in |
|---|---|---|
| E-step | shares | 03b |
| concave, convex | bent | 01 |
| $k$-means | a limit | 04b |
| entropy | how undecided | 03a |
| log-likelihood | its log | 02a |
| likelihood | of data | 02a |
"""


def test_words_lead_to_the_glossary_once_on_a_page() -> None:
    words = glossary.words_of(GLOSSARY)
    assert words["e-step"] == "word-e-step"
    assert words["convex"] == words["concave"] == "word-concave"
    assert words["k-means"] == "word-k-means"
    assert "word" not in words
    met: set[str] = set()
    text = (
        "Entropies, a log-likelihood; the entropy, the unlikelihood, the likelihood, an M-E-step."
    )
    found = glossary.pieces(text, words, met)
    assert "".join(said for said, _ in found) == text
    assert [(said, at) for said, at in found if at] == [
        ("Entropies", "word-entropy"),
        ("log-likelihood", "word-log-likelihood"),
        ("likelihood", "word-likelihood"),
    ]
    assert glossary.pieces("The entropy again.", words, met) == [("The entropy again.", "")]


def test_the_words_of_the_course_are_found() -> None:
    notebook = read(ROOT / "notebooks" / "symbols-and-words.ipynb")
    text = "\n".join(cell.source for cell in notebook.cells)
    rows = text.partition("## Words")[2].partition("\n## ")[0].count("\n| ") - 1  # the head
    words = glossary.words_of(text)
    assert len(set(words.values())) == rows
    assert {"responsibility", "bic", "k-means", "convex"} <= set(words)


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("other.html#there", False),
        ("other.html#gone", True),
        ("gone.html", True),
        ("sub/", False),
        ("/other.html", True),
        ("../outside.html", True),
        ("#own", False),
        ("https://example.org/a", False),
    ],
)
def test_a_link_that_leads_nowhere_is_found(tmp_path: Path, address: str, wrong: bool) -> None:
    site = tmp_path / "site"
    (site / "sub").mkdir(parents=True)
    (tmp_path / "outside.html").write_text("outside", encoding="utf-8")
    for name in ("other.html", "sub/index.html"):
        (site / name).write_text('<p id="there">', encoding="utf-8")
    (site / "index.html").write_text(f'<p id="own"><a href="{address}">', encoding="utf-8")
    assert bool(links.problems(site)) == wrong


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("index.html", '<script src="https://example.org/x.js"></script>'),
        ("index.html", '<link rel="stylesheet" href="//example.org/x.css">'),
        ("index.html", '<img src="http://example.org/x.png">'),
        ("look.css", "@font-face { src: url('https://example.org/x.woff') }"),
    ],
)
def test_what_comes_from_another_host_is_found(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert len(links.problems(tmp_path)) == 1
