"""What students say of a notebook in its last cell: minutes, the hardest place, a remark."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

ASKED = ("minutes", "hardest", "remark")
FEWEST = 3  # fewer could be told apart
LONGEST = 300  # characters of an answer
MOST_PLACES = 8


@dataclass(frozen=True)
class Voices:
    """What a class says, without names.

    Attributes
    ----------
    minutes : list of float
    places : list of tuples
        The hardest places, and for how many students, most frequent first.
    remarks : list of str
        In alphabetical order, so that none is beside its author.
    """

    minutes: list[float]
    places: list[tuple[str, int]]
    remarks: list[str]

    @property
    def median(self) -> float:
        """The median of the minutes."""
        return median(self.minutes)


def heard(cells: Iterable[Any]) -> dict[str, Any]:
    """Read a student's words off the cell that assigns to `ASKED`, without running it."""
    for cell in cells:
        if cell.cell_type == "code" and all(name in cell.source for name in ASKED):
            said = _assigned(cell.source)
            if set(said) == set(ASKED):
                return {name: value for name, value in said.items() if _kept(name, value)}
    return {}


def _assigned(source: str) -> dict[str, Any]:
    """Return the constants that a cell of nothing but assignments assigns."""
    try:
        body = ast.parse(source).body
        return {line.targets[0].id: ast.literal_eval(line.value) for line in body}  # type: ignore[attr-defined]
    except (SyntaxError, ValueError, AttributeError, RecursionError, MemoryError):
        return {}


def _kept(name: str, value: Any) -> bool:
    if name == "minutes":
        return type(value) in (int, float) and 0 < value <= 24 * 60
    return isinstance(value, str) and bool(value.strip())


def gathered(said: list[dict[str, Any]]) -> Voices | None:
    """Put the words of a class together; None if too few said anything."""
    said = [one for one in said if one]
    if len(said) < FEWEST:
        return None
    places = Counter(_short(one["hardest"]).lower() for one in said if "hardest" in one)
    ordered = sorted(places.items(), key=lambda item: (-item[1], item[0]))
    remarks = sorted(_short(one["remark"]) for one in said if "remark" in one)
    minutes = [float(one["minutes"]) for one in said if "minutes" in one]
    return Voices(minutes, ordered[:MOST_PLACES], remarks)


def _short(text: str) -> str:
    return " ".join(text.split())[:LONGEST]
