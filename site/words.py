"""Sphinx extension: the first mention of a word in each notebook leads to Symbols and words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from glossary import anchor, pieces, words_of

GLOSSARY = "notebooks/symbols-and-words"
# Not in these: a link in a link, or in a heading that the contents repeat.
CLOSED = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.math, nodes.raw)


def mark_words(app: Any, doctree: nodes.document, docname: str) -> None:
    """Give the rows of the glossary their anchors, and link the mentions elsewhere."""
    if not docname.startswith("notebooks/"):
        return
    notebook = json.loads(Path(app.srcdir, f"{GLOSSARY}.ipynb").read_text("utf-8"))
    words = words_of("\n".join("".join(cell["source"]) for cell in notebook["cells"]))
    if docname == GLOSSARY:
        for row in doctree.findall(nodes.row):
            at = anchor(row[0].astext().split(", ")[0])
            if at in words.values():
                row["ids"].append(at)
        return
    address, met = app.builder.get_relative_uri(docname, GLOSSARY), set()
    for text in list(doctree.findall(nodes.Text)):
        if not is_closed(text):
            found = pieces(text.astext(), words, met)
            text.parent.replace(text, [node(said, address, at) for said, at in found])


def node(said: str, address: str, at: str) -> nodes.Node:
    """Return a piece of text, as a link if it leads somewhere."""
    if not at:
        return nodes.Text(said)
    return nodes.reference("", said, refuri=f"{address}#{at}", internal=True, classes=["word"])


def is_closed(text: nodes.Node) -> bool:
    """Whether a text stands where no link may."""
    inside = text.parent
    while inside is not None:
        if isinstance(inside, CLOSED):
            return True
        inside = inside.parent
    return False


def setup(app: Any) -> dict[str, bool]:
    """Tell Sphinx when to do what."""
    app.connect("doctree-resolved", mark_words)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
