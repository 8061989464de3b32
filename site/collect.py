"""Collects what Sphinx makes the website of: the pages, and the notebooks as students get them.

``python site/collect.py FOLDER MATHJAX [solutions]`` writes it, with the project on PYTHONPATH.
"""

from __future__ import annotations

import importlib
import os
import posixpath
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from kit import solutions
from kit.released import SOURCES, assignments, write_all

HERE = Path(__file__).resolve().parent
COURSE = HERE.parent
# Documents that have a page on the site, and where. A notebook's page is where the notebook is.
DOCUMENTS = {
    "README.md": "start.md",
    "CONTRIBUTING.md": "contributors.md",
    "CHANGELOG.md": "changelog.md",
    "grading/README.md": "grading.md",
}
# What the reference tells of: each module, and a sentence on it.
REFERENCE = {
    "emlib": "Models, data and what runs EM.",
    "emlib.steppers": "Pictures to step through and to move by hand.",
    "emlib.data": "The data sets of the notebooks.",
    "emlib.guess": "What compares your guess.",
}
# Whose methods are not emlib's to explain.
FOREIGN = "tuple, str, Enum, Sequence, Exception, Warning"
# Of MathJax only what draws a formula: all of it is 24 MB.
MATHJAX = ["tex-chtml.js", "input/tex/extensions", "output/chtml/fonts"]
ASKS = re.compile(r"\*\*(Predict|Guess)\b")


@dataclass(frozen=True)
class Web:
    """Where on the web things are; what is empty is not linked to."""

    repository: str = ""  # of the sources, as owner/name on GitHub
    lite: bool = False  # whether JupyterLite is served beside the pages

    def source(self, path: str) -> str:
        """Return the address of a file of the project, or nothing."""
        return f"https://github.com/{self.repository}/blob/main/{path}" if self.repository else ""


def with_outputs(released: Any, source: Any) -> Any:
    """Return a released notebook with the outputs that its source has saved.

    A cell gets them only if its text is the source's: so nothing that a solution or a hidden test
    has printed comes along.

    Raises
    ------
    ValueError
        If the notebooks differ in the number of cells: the outputs could not be told apart.
    """
    if len(released.cells) != len(source.cells):
        raise ValueError(
            f"The released notebook has {len(released.cells)} cells, its source"
            f" {len(source.cells)}: release it anew."
        )
    shown = nbformat.from_dict(released)
    for cell, original in zip(shown.cells, source.cells, strict=True):
        if cell.cell_type == "code" and cell.source == original.source:
            cell.outputs = nbformat.from_dict(original.outputs)
    return shown


def fold(notebook: Any) -> Any:
    """Return a notebook whose outputs are folded where they answer what the reader is asked first.

    A cell with the tag ``predict``, or a text that says so, asks. What comes out up to the next
    text answers. Code that the notebook keeps out of sight is folded, too.
    """
    folded = nbformat.from_dict(notebook)
    asked = answered = False
    for cell in folded.cells:
        tags = cell.metadata.setdefault("tags", [])
        if cell.cell_type == "markdown":
            asked = bool(ASKS.search(cell.source)) or (asked and not answered)
            answered = False
            continue
        asked = asked or "predict" in tags
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            tags.append("hide-input")
        if asked and cell.outputs:
            answered = True
            tags.append("hide-output")
    return folded


def launch(name: str, web: Web) -> str:
    """Return the links with which a notebook is opened elsewhere, in HTML."""
    file, links = f"{name}.ipynb", []
    if web.lite:
        links.append((f"/lite/lab/index.html?path={file}", "Run in your browser", ""))
    links.append((f"/download/{file}", "Download", " download"))
    if web.repository:
        colab = f"https://colab.research.google.com/github/{web.repository}/blob/students/colab"
        binder = f"https://mybinder.org/v2/gh/{web.repository}/students?labpath=notebooks"
        folder = "" if not (COURSE / SOURCES / name).is_dir() else f"/{name}"
        links.append((f"{colab}/{file}", "Open in Colab", ""))
        links.append((f"{binder}{folder}/{file}", "Open in Binder", ""))
    root = ".." if not (COURSE / SOURCES / name).is_dir() else "../.."
    items = "".join(
        f'<li><a href="{root + at if at.startswith("/") else at}"{more}>{text}</a></li>'
        for at, text, more in links
    )
    return f'<nav class="launch" aria-label="Open this notebook"><ul>{items}</ul></nav>'


def relink(text: str, path: str, web: Web) -> str:
    """Return a document whose links lead to the site's own pages, and else to the repository.

    Parameters
    ----------
    text : str
        The document, in Markdown.
    path : str
        Where it is in the project, such as ``"grading/README.md"``.
    web : Web
        Where on the web things are. Without a repository, a link that leads there becomes text.
    """
    page = DOCUMENTS.get(path, path)

    def lead(link: re.Match[str]) -> str:
        target, _, fragment = link["target"].partition("#")
        if not target or "://" in target:
            return link[0]
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        own = DOCUMENTS.get(wanted, wanted.removeprefix("site/pages/"))
        if own != wanted or wanted.startswith((f"{SOURCES}/", "figs/")):
            new = posixpath.relpath(own, posixpath.dirname(page) or ".")
        elif web.repository:
            new = web.source(wanted)
        else:
            return link["text"]
        return f"[{link['text']}]({new}{'#' + fragment if fragment else ''})"

    return re.sub(r"\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<target>[^()\s]+)\)", lead, text)


def notebook_page(released: Any, source: Any, path: str, web: Web) -> Any:
    """Return the notebook that Sphinx makes a page of."""
    page = fold(with_outputs(released, source))
    for cell in page.cells:
        if cell.cell_type == "markdown":
            cell.source = relink(cell.source, path, web)
    title, _, rest = page.cells[0].source.partition("\n")
    page.cells[0].source = f"{title}\n\n{launch(Path(path).stem, web)}\n{rest}"
    return page


def reference_pages() -> dict[str, str]:
    """Return the pages of the reference, by path: one for each module, and the list of them."""
    pages, index = {}, [(HERE / "reference.md").read_text("utf-8")]
    for module, says in REFERENCE.items():
        names = public(module)
        listed = [f"   {module}.{name}" for name in names]
        table = [".. autosummary::", "   :nosignatures:", "", *listed, ""]
        index += [f"## {module}", says, "```{eval-rst}", *table, "```"]
        page = [module, "=" * len(module), "", says, ""]
        for name, kind in names.items():
            page += [name, "-" * len(name), "", f".. auto{kind}:: {module}.{name}"]
            if kind == "class":
                page += ["   :members:", f"   :inherited-members: {FOREIGN}"]
            page.append("")
        pages[f"reference/{module}.rst"] = "\n".join(page)
    index += ["```{toctree}", ":hidden:", "", *(path[:-4] for path in pages), "```"]
    return pages | {"reference.md": "\n".join(index) + "\n"}


def public(module: str) -> dict[str, str]:
    """Return what a module makes public, and what kind each is for Sphinx."""
    found = importlib.import_module(module)
    own = [name for name, value in vars(found).items() if _is_from(module, value)]
    names = getattr(found, "__all__", None) or [name for name in own if name[0] != "_"]
    return {
        name: "class" if isinstance(getattr(found, name), type) else "function"
        for name in sorted(names, key=str.lower)
    }


def _is_from(module: str, value: Any) -> bool:
    return callable(value) and value.__module__ == module


def collect(into: Path, mathjax: Path, web: Web, with_solutions: bool = False) -> None:
    """Write the source of the site; what the folder held before is removed.

    Parameters
    ----------
    into : pathlib.Path
        The folder.
    mathjax : pathlib.Path
        The folder with MathJax 3 as npm installs it.
    web : Web
        Where on the web things are.
    with_solutions : bool
        Whether worked solutions get pages, too.
    """
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(HERE / "pages", into)
    for name in ("look", "templates"):
        shutil.copytree(HERE / name, into / name)
    for name in ("conf.py", "words.py", "glossary.py"):
        shutil.copy(HERE / name, into)
    shutil.copy(COURSE / "figs" / "coin-stepper.png", into / "look" / "preview.png")
    for part in MATHJAX:
        place = into / "look" / "mathjax" / part
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (mathjax / part).is_dir() else shutil.copy)(mathjax / part, place)
    for path, page in DOCUMENTS.items():
        text = relink((COURSE / path).read_text("utf-8"), path, web)
        # README has no page of its own: several pages take their part of it.
        place = into / "_included" / path if (into / page).exists() else into / page
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, "utf-8")
    for page, text in reference_pages().items():
        (into / page).parent.mkdir(exist_ok=True)
        (into / page).write_text(text, "utf-8")
    download = into / "_extra" / "download"
    download.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        write_all(COURSE, Path(folder))
        for released in sorted(Path(folder).rglob("*.ipynb")):
            path = f"{SOURCES}/{released.relative_to(folder).as_posix()}"
            shutil.copy(released, download)
            page = notebook_page(
                nbformat.read(released, as_version=4),
                nbformat.read(COURSE / path, as_version=4),
                path,
                web,
            )
            (into / path).parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(page, into / path)
    (into / "_included" / "stepper.html").write_text(front_picture(), "utf-8")
    if with_solutions:
        write_solutions(into)


def front_picture() -> str:
    """Return the first live picture of the first notebook, as it was saved."""
    first = nbformat.read(COURSE / SOURCES / "00-start-here.ipynb", as_version=4)
    outputs = (output for cell in first.cells for output in cell.get("outputs", []))
    pages = ("".join(output.get("data", {}).get("text/html", "")) for output in outputs)
    return next(page for page in pages if "<script" in page)


def write_solutions(into: Path) -> None:
    """Write pages of worked solutions and answers, and list them on the front page."""
    (into / "solutions").mkdir()
    shutil.copy(HERE / "exam-answers.md", into / "solutions")
    names = assignments(COURSE)
    for name in names:
        notebook = nbformat.read(COURSE / SOURCES / name / f"{name}.ipynb", as_version=4)
        (into / "solutions" / f"{name}.md").write_text(solutions.page(notebook), "utf-8")
    listed = "\n".join(f"solutions/{name}" for name in [*names, "exam-answers"])
    with open(into / "index.md", "a", encoding="utf-8") as front:
        front.write(f"\n```{{toctree}}\n:hidden:\n:caption: Worked solutions\n\n{listed}\n```\n")


if __name__ == "__main__":
    web = Web(os.environ.get("SITE_REPOSITORY", ""), bool(os.environ.get("SITE_LITE")))
    collect(Path(sys.argv[1]), Path(sys.argv[2]), web, "solutions" in sys.argv[3:])
