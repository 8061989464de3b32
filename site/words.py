"""Sphinx extension: the first mention of a word in each notebook leads to Symbols and words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes

GLOSSARY = "notebooks/symbols-and-words"
ROW = re.compile(r"^\| (?P<word>[^|]+?) \| (?P<meaning>.+?) \| \w+ \|$", re.MULTILINE)
# Not in these: a link in a link, or in a heading that the contents repeat.
CLOSED = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.math, nodes.raw)


def words_of(text: str) -> dict[str, str]:
    """Return the words that the section "Words" explains, with the anchor of each.

    >>> words_of("## Words\\n\\n| E-step | share out | 03b |\\n| concave, convex | bent | 01 |")
    {'E-step': 'word-e-step', 'concave': 'word-concave', 'convex': 'word-concave'}
    """
    section = text.partition("## Words")[2].partition("\n## ")[0]
    found = {}
    for row in ROW.finditer(section):
        names = row["word"].replace("$", "").split(", ")
        if set(names[0]) != {"-"} and names != ["word"]:
            found |= dict.fromkeys(names, anchor(names[0]))
    return found


def anchor(word: str) -> str:
    """Return the anchor of a word in the glossary."""
    return "word-" + re.sub(r"[^a-z]+", "-", word.replace("$", "").lower()).strip("-")


def mentions(words: dict[str, str]) -> re.Pattern[str]:
    """Return what finds a word in a text, longer words first, in the plural too."""
    longest = sorted(words, key=len, reverse=True)
    alternatives = "|".join(re.sub("y$", "(?:y|ie)", re.escape(word)) for word in longest)
    return re.compile(rf"(?<![\w-])({alternatives})(?:e?s)?(?![\w-])", re.IGNORECASE)


def singular(mention: str, words: dict[str, str]) -> str:
    """Return the anchor of a word as it stands in a text."""
    lower = {word.lower(): at for word, at in words.items()}
    said = mention.lower()
    for form in (said, said.removesuffix("s"), re.sub("ies$", "y", said), said.removesuffix("es")):
        if form in lower:
            return lower[form]
    raise KeyError(mention)


def linked(text: str, words: dict[str, str], address: str, met: set[str]) -> list[nodes.Node]:
    """Return a text in pieces, the first mention of each word as a link; `met` remembers which."""
    pieces: list[nodes.Node] = []
    end = 0
    for mention in mentions(words).finditer(text):
        at = singular(mention[0], words)
        if at in met:
            continue
        met.add(at)
        pieces.append(nodes.Text(text[end : mention.start()]))
        link = nodes.reference("", mention[0], refuri=f"{address}#{at}", internal=True)
        link["classes"].append("word")
        pieces.append(link)
        end = mention.end()
    return [*pieces, nodes.Text(text[end:])] if pieces else []


def read_words(app: Any) -> None:
    """Read the glossary before the pages."""
    notebook = json.loads(Path(app.srcdir, f"{GLOSSARY}.ipynb").read_text("utf-8"))
    text = "\n".join("".join(c["source"]) for c in notebook["cells"])
    app.env.em_words = words_of(text)


def mark_words(app: Any, doctree: nodes.document, docname: str) -> None:
    """Give the rows of the glossary their anchors, and link the mentions elsewhere."""
    words = app.env.em_words
    if docname == GLOSSARY:
        for row in doctree.findall(nodes.row):
            at = anchor(row[0].astext().split(", ")[0])
            if at in words.values():
                row["ids"].append(at)
    elif docname.startswith("notebooks/"):
        address, met = app.builder.get_relative_uri(docname, GLOSSARY), set()
        for text in list(doctree.findall(nodes.Text)):
            if not any(isinstance(p, CLOSED) for p in parents(text)):
                pieces = linked(text.astext(), words, address, met)
                if pieces:
                    text.parent.replace(text, pieces)


def parents(node: nodes.Node) -> list[nodes.Node]:
    """Return all that a node stands in."""
    found = []
    while node.parent is not None:
        node = node.parent
        found.append(node)
    return found


def setup(app: Any) -> dict[str, bool]:
    """Tell Sphinx when to do what."""
    app.connect("builder-inited", read_words)
    app.connect("doctree-resolved", mark_words)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
