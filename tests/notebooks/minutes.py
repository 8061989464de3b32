"""How long a notebook takes, by a model: ``python -m tests.notebooks.minutes [NAME ...]``.

Reading takes a minute for 115 words and for each annotated line of a derivation, and 40 seconds
for each cell of code that is given.  Doing takes what is declared: 1.5 minutes for a cell with
the tag ``predict``, N minutes for one with the tag ``do-N``, and for an exercise what its heading
says: ``### Exercise 3b.1 · Title (2 points, 8 minutes)``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.notebooks.course import NOTEBOOKS, Notebook, read

WORDS_A_MINUTE = 115
CELL, PREDICTION, LINE = 40 / 60, 1.5, 1.0
EXERCISE = re.compile(r"^### Exercise .*\((\d+) points?, (\d+) minutes\)$", re.MULTILINE)


@dataclass
class Section:
    """Minutes, words and the longest way between two things to do, in one section."""

    title: str
    words: int = 0
    reading: float = 0.0
    doing: float = 0.0
    longest: int = 0


def words(text: str) -> int:
    """Count the words of Markdown: a formula or a piece of code is one word, a link its text."""
    text = re.sub(r"<!--.*?-->", " ", text, flags=re.DOTALL)  # what students are not shown
    text = re.sub(r"\$\$.*?\$\$|```.*?```", " x ", text, flags=re.DOTALL)
    text = re.sub(r"\$[^$]+\$|`[^`]+`", "x", text)
    text = re.sub(r"\]\([^)]*\)|</?[a-z][^>]*>", " ", text)
    return sum(1 for word in text.split() if re.search(r"\w", word))


def shown(source: str) -> str:
    """Return what students see of a cell: no solution, no mark scheme."""
    hidden = r"(### |<!-- )BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME).*?END \2( -->)?"
    return re.sub(hidden, "", source, flags=re.DOTALL)


def sections(notebook: Notebook) -> Iterator[Section]:
    """Yield the sections of a notebook, the opening first."""
    section, stretch = Section("opening"), 0
    for cell in notebook.cells:
        facts, tags = cell.metadata.get("nbgrader", {}), cell.metadata.get("tags", [])
        text = shown(cell.source)
        if cell.cell_type == "markdown" and (title := re.search(r"^## (.+)", text, re.MULTILINE)):
            yield section
            section = Section(title.group(1))
        doing = sum(float(tag.removeprefix("do-")) for tag in tags if tag.startswith("do-"))
        doing += PREDICTION * ("predict" in tags)
        if cell.cell_type == "markdown":
            section.words += words(text)
            stretch += words(text)
            section.longest = max(section.longest, stretch)
            section.reading += words(text) / WORDS_A_MINUTE + text.count("&&") * LINE
            section.doing += sum(float(told) for _, told in EXERCISE.findall(text))
        elif not doing and not facts and "feedback" not in tags and not _folded(cell):
            section.reading += CELL
        section.doing += doing
        if doing or facts.get("solution"):
            stretch = 0
    yield section


def _folded(cell: Notebook) -> bool:
    """Whether a cell shows its output alone: code that would give the answer away."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def total(notebook: Notebook) -> Section:
    """Return the sums over a notebook, and its longest way between two things to do."""
    whole = Section("all")
    for part in sections(notebook):
        whole.words += part.words
        whole.reading += part.reading
        whole.doing += part.doing
        whole.longest = max(whole.longest, part.longest)
    return whole


def line(part: Section) -> str:
    """Return a line of the table."""
    minutes = part.reading + part.doing
    numbers = f"{minutes:7.0f} {part.reading:8.0f} {part.doing:6.0f}"
    return f"{part.title[:46]:46} {numbers} {part.words:6} {part.longest:8}"


def main(names: list[str]) -> None:
    """Print the tables of the notebooks named, with their sections; of all, only the sums."""
    print(f"{'':46} minutes  reading  doing  words  longest")
    for name in names:
        print(name)
        for part in sections(read(NOTEBOOKS[name])):
            print(line(part))
    for name in names or NOTEBOOKS:
        whole = total(read(NOTEBOOKS[name]))
        whole.title = name
        print(line(whole))


if __name__ == "__main__":
    main(sys.argv[1:])
