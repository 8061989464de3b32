"""What a check says: a report in words, shown as a box, with a plain-text twin."""

from __future__ import annotations

import html
import os
import re
import textwrap
from dataclasses import dataclass
from enum import Enum
from typing import Any

from IPython.display import display

from emlib.checks import phrases
from emlib.palette import COMPONENT_COLOURS, NEUTRAL
from emlib.words import _

NOTEBOOK_MIME = "application/vnd.emlib.report+json"


class Outcome(Enum):
    """The four outcomes of a check: words, sign and colour, so that none stands alone."""

    NOT_ATTEMPTED = ("○", NEUTRAL)
    ERROR = ("!", COMPONENT_COLOURS[1])
    NOT_YET = ("✗", COMPONENT_COLOURS[0])
    PASSED = ("✓", COMPONENT_COLOURS[2])

    def __init__(self, sign: str, colour: str) -> None:
        self.sign, self.colour = sign, colour

    @property
    def words(self) -> str:
        """The outcome in words."""
        return phrases.OUTCOMES[self.name]


@dataclass(frozen=True)
class Report:
    """The result of a check, shown by Jupyter as a box.

    Attributes
    ----------
    exercise : str
        The function that was checked.
    outcome : Outcome
    says : tuple of str
        What there is to say, most important first; code stands in backticks.
    parts : tuple of (str, bool or None)
        For an answer with several parts: which of them are right; None if that was not seen.
    mistakes : tuple of str
        The names of the mistakes that were recognised.
    points, worth : float or None
        Points earned and points to be had; None if the check is not graded.
    look : tuple of str
        What an instructor should look at; it costs nothing and is not shown.
    """

    exercise: str
    outcome: Outcome
    says: tuple[str, ...] = ()
    parts: tuple[tuple[str, bool | None], ...] = ()
    mistakes: tuple[str, ...] = ()
    points: float | None = None
    worth: float | None = None
    look: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The exercise and the outcome in one line."""
        if self.points is None:
            return f"`{self.exercise}`: {self.outcome.words}"
        passed = self.outcome is Outcome.PASSED
        words = phrases.PASSED_HIDDEN if passed else self.outcome.words
        exercise, points = f"`{self.exercise}`", {"points": self.points, "worth": self.worth}
        return phrases.GRADED.format(exercise=exercise, outcome=words, **points)

    def _part_words(self) -> list[str]:
        return [f"{_(name)}: {phrases.MARKS[right]}" for name, right in self.parts]

    def text(self) -> str:
        """Return the report as plain text, at most 80 characters wide."""
        lines = [f"{self.outcome.sign} {self.heading}"]
        for item in (*self._part_words(), *self.says):
            lines += _wrapped(item)
        return "\n".join(lines)

    def __str__(self) -> str:
        """Return the plain text: what a program without a notebook shows."""
        return self.text()

    def html(self) -> str:
        """Return the report as a box; it takes its text colour and background from the page."""
        items = "".join(f"<li>{_code(item)}</li>" for item in (*self._part_words(), *self.says))
        label = html.escape(self.heading.replace("`", ""))
        return (
            f'<div role="group" aria-label="{label}" style="'
            f"border: 1px solid {self.outcome.colour};"
            " border-left-width: 6px; border-radius: 4px; padding: 0.5em 1em; margin: 0.5em 0;"
            ' max-width: 46em; color: var(--jp-content-font-color1, inherit)">'
            f'<strong><span aria-hidden="true">{self.outcome.sign}</span> {_code(self.heading)}'
            f'</strong><ul style="margin: 0.3em 0 0; padding-left: 1.2em">{items}</ul></div>'
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Tell Jupyter how to show it, and other programs what it says."""
        facts = {
            "exercise": self.exercise,
            "outcome": self.outcome.name.lower(),
            "mistakes": list(self.mistakes),
            "points": self.points,
            "look": list(self.look),
        }
        return {"text/html": self.html(), "text/plain": self.text(), NOTEBOOK_MIME: facts}


class NotPassed(Exception):
    """Raised only while nbgrader validates: it is how nbgrader learns that a check failed."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()  # the words alone, instead of a traceback


@dataclass(frozen=True)
class Hint:
    """A hint, shown by Jupyter as Markdown."""

    words: str

    def __str__(self) -> str:
        """Return the words: what a program without a notebook shows."""
        return self.words

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/markdown": self.words, "text/plain": self.words}


def show(report: Report) -> None:
    """Show a report; raise `NotPassed` with the same words if nbgrader asks for errors."""
    validating = os.environ.get("NBGRADER_EXECUTION") == "validate"
    if validating and report.outcome is not Outcome.PASSED:
        raise NotPassed(report.text())
    if not validating:
        present(report)


def present(thing: Report | Hint) -> None:
    """Let Jupyter show it; elsewhere its plain text is printed."""
    display(thing)  # type: ignore[no-untyped-call]


def _wrapped(item: str) -> list[str]:
    """Break an item of the list into lines; code on lines of its own stays as it is."""
    first, *code = item.split("\n")
    lines = textwrap.wrap(
        first, 80, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False
    )
    return lines + ["      " + line for line in code]


def _code(item: str) -> str:
    """Turn words with `code` in backticks, and lines of code below them, into HTML."""
    first, *code = html.escape(item, quote=False).split("\n")
    words = re.sub(r"`([^`]+)`", r"<code>\1</code>", first)
    block = "\n".join(code)
    style = "margin: 0.2em 0; font-family: var(--jp-code-font-family, monospace)"
    return words + (f'<pre style="{style}">{block}</pre>' if code else "")
