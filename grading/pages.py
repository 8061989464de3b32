"""Pages made of students' notebooks: nothing on them can run in the browser of who reads them.

An instructor reads submissions in formgrader, logged in; a script there could give points.
"""

from __future__ import annotations

from html import escape
from typing import Any

import nh3
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbgrader.preprocessors import NbGraderPreprocessor

STYLES = {
    "background-color", "border", "border-color", "border-left-width", "border-radius",
    "border-style", "border-width", "color", "display", "font-family", "font-size", "font-style",
    "font-weight", "list-style", "margin", "margin-bottom", "margin-left", "margin-right",
    "margin-top", "max-width", "overflow-x", "padding", "padding-left", "text-align",
    "text-decoration", "vertical-align", "white-space", "width",
}  # fmt: skip
EVERYWHERE = {"style", "class", "title", "lang", "dir", "role", "aria-label", "aria-hidden"}
ATTRIBUTES = {**nh3.ALLOWED_ATTRIBUTES, "*": EVERYWHERE}
ATTRIBUTES["a"] = {"href"}
ATTRIBUTES["img"] = {"src", "alt", "width", "height"}
ATTRIBUTES["details"] = {"open"}
SHOWN = ("text/html", "text/markdown", "text/latex", "image/png", "image/jpeg", "text/plain")

LONGEST_LINE = 2_000  # characters of a line of code: the time to colour it grows with the square
LONGEST_TEXT = 20_000  # characters of Markdown, for the same reason


def safe_html(html: str) -> str:
    """Return HTML without scripts, forms, frames, or addresses that run something.

    Classes and styles mean what the page says they mean, such as a bar at its foot; but nothing is
    drawn outside of the box that it is in.
    """
    cleaned = nh3.clean(
        html,
        tags=nh3.ALLOWED_TAGS | {"details", "summary"},
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        filter_style_properties=STYLES,
        url_schemes={"http", "https", "mailto", "data", "attachment"},
    )
    return f'<div style="contain: content">{cleaned}</div>'


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Let pictures, and nothing else, bring their data with them, and none be fetched."""
    if name == "src":
        return value if value.startswith(("data:image/png;", "data:image/jpeg;")) else None
    if value.strip().lower().startswith("data:"):
        return None
    return value


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """Turn Markdown into safe HTML."""
    if len(source) > LONGEST_TEXT:
        return f"<pre>{escape(source)}</pre>"
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    try:
        return safe_html(MarkdownWithMath(renderer=renderer).render(source))
    except Exception:  # an attachment that is missing, or nested without end: show it as it is
        return f"<pre>{escape(source)}</pre>"


class SafeCells(NbGraderPreprocessor):
    """Makes cells safe, and not too slow, to show."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> Any:
        """Keep texts and pictures; clean HTML; cut lines of code without end."""
        if cell.cell_type == "code":
            cell.source = "\n".join(map(cut, cell.source.split("\n")))
        for output in cell.get("outputs", []):
            data = output.get("data")
            if data is None:
                continue
            for mime in set(data) - set(SHOWN):
                del data[mime]
            if "text/html" in data:
                data["text/html"] = safe_html(data["text/html"])
        return cell, resources


def cut(line: str) -> str:
    """Return a line of code, or its beginning; without spaces at its end, which take long, too."""
    line = line.rstrip()
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} ... (cut)"
