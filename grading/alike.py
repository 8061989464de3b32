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
        The students, or a student and an answer.
    texts : tuple of str
        What each of them wrote, or the student and the instructor.
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


def copies(written: dict[str, dict[str, str]], solutions: dict[str, str]) -> list[Pair]:
    """Find answers that are nearly the worked solution; ``other`` is the answer's name.

    Short ones do not count: there, what is right looks alike.

    Parameters
    ----------
    written : dict of str to dict of str to str
        For each student, the text of each answer, without what was released.
    solutions : dict of str to str
        The same of the worked solutions.
    """
    found = []
    for student, answers in written.items():
        for name, answer in answers.items():
            solution = solutions.get(name, "")
            texts = ["\n".join(_lines(text))[:LONGEST] for text in (answer, solution)]
            percent = fuzz.ratio(*texts, score_cutoff=ALIKE)
            if percent and min(map(len, texts)) >= SHORTEST:
                found.append(Pair(percent, student, name, (answer, solution)))
    return sorted(found, key=lambda pair: (-pair.percent, pair.one, pair.other))


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
