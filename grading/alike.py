"""Submissions that are nearly identical: a hint to look, not a verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from rapidfuzz import fuzz, process

SHORTEST = 120  # characters that must be left to compare
LONGEST = 20_000  # characters that are compared: more would take hours
ALIKE = 92.0  # percent
MOST_PAIRS = 30


@dataclass(frozen=True)
class Pair:
    """Two submissions that look alike.

    Attributes
    ----------
    percent : float
        Similarity of what only few students wrote.
    one, other : str
        The students.
    texts : tuple of str
        What each of them wrote.
    """

    percent: float
    one: str
    other: str
    texts: tuple[str, str]


def pairs(written: dict[str, str]) -> list[Pair]:
    """Find pairs of students whose own lines are nearly the same.

    Lines that more than a quarter of the class wrote (but at least five students) do not count:
    short right answers look alike.

    Parameters
    ----------
    written : dict of str to str
        For each student, the text of all answers, without what was released.
    """
    lines = {student: _lines(text) for student, text in written.items()}
    common = Counter(line for one in lines.values() for line in set(one))
    usual = max(5, len(lines) / 4)
    own = {
        student: "\n".join(line for line in one if common[line] <= usual)[:LONGEST]
        for student, one in lines.items()
    }
    students = [student for student, text in own.items() if len(text) >= SHORTEST]
    if len(students) < 2:
        return []
    texts = [own[student] for student in students]
    table = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=ALIKE)
    found = [
        (float(table[i, j]), len(texts[i]), students[i], students[j])
        for i in range(len(students))
        for j in range(i + 1, len(students))
        if table[i, j] >= ALIKE
    ]
    found.sort(key=lambda pair: (-pair[0] * pair[1], pair[2:]))
    return [Pair(p, a, b, (written[a], written[b])) for p, _, a, b in found[:MOST_PAIRS]]


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
