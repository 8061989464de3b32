"""Print which common mistakes are named in which exercise: python -m tests.answers.kinds

Most are made from the exercise's right answer, see `key.everywhere`.  Of the others the words of
the exercise's own mistakes tell.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from key import writing
from key.tried import State, tried

NAMED, OWN, UNCLEAR, IMPOSSIBLE, NOT_APPLICABLE = "named", "own", "unclear", "impossible", "-"
COLUMNS = {
    "order": "order of the values",
    "cut off": "decimals cut off",
    "sign": "sign exchanged",
    "sorted": "sorted",
    "transp.": "transposed",
    "n - 1": "n - 1 for n",
    "first": "first for all",
    "two": "only two components",
    "first out": "first left out",
    "last out": "last left out",
    "return": "return inside the loop",
    "set back": "not set back",
    "text": "numbers of the text",
    "base 2": "logarithm to base 2",
    "base 10": "logarithm to base 10",
    "underfl.": "underflow",
    "patched": "underflow patched",
    "one max": "one maximum for all rows",
    "not max": "factor that is not the largest term",
}
TWO = re.compile(r"\b(only|just) (the first )?two\b|two (coins|components) (only|alone)")
UNDERFLOW = re.compile(r"underflow")
LEGEND = (
    f"{NAMED}: made from the right answer. {OWN}: among the exercise's own mistakes. {IMPOSSIBLE}: "
    f"it is right on all examples, or has no result. {UNCLEAR}: another slip gives the "
    f"same. {NOT_APPLICABLE}: not applicable."
)


def cells(exercise: Any) -> dict[str, str]:
    """Return what is known of each kind of mistake in an exercise."""
    states: dict[str, set[State]] = {}
    for mistake, state in tried(exercise, exercise.known, exercise.own):
        states.setdefault(mistake.name, set()).add(state)
    found = {column: _cell(states.get(name, set())) for column, name in COLUMNS.items()}
    says = " ".join(mistake.says for mistake in exercise.own)
    for column in ("underfl.", "patched"):
        if found[column] == NOT_APPLICABLE and UNDERFLOW.search(says):
            found[column] = OWN
    if found["two"] == IMPOSSIBLE and TWO.search(says):
        found["two"] = OWN
    lengths = {n for x in exercise.examples[-1] for n in np.shape(x)}
    found["shapes"] = NAMED if len(lengths) > 1 else NOT_APPLICABLE
    return found


def _cell(states: set[State]) -> str:
    for state, words in (
        (State.NEW, NAMED),
        (State.OWN, OWN),
        (State.AMBIGUOUS, UNCLEAR),
        (State.IMPOSSIBLE, IMPOSSIBLE),
    ):
        if state in states:
            return words
    return NOT_APPLICABLE


def rows() -> dict[str, dict[str, str]]:
    """Return the cells of all exercises that can be graded."""
    return {
        f"{notebook}.{name}": cells(exercise)
        for notebook in writing.NOTEBOOKS
        for name, exercise in writing.exercises(notebook).items()
        if hasattr(exercise, "own")
    }


def table(rows: dict[str, dict[str, str]]) -> str:
    """Return the table, with a line for each exercise."""
    columns = list(next(iter(rows.values())))
    lines = [f"{'':<34}" + "".join(f"{column:>11}" for column in columns)]
    for name, row in rows.items():
        lines.append(f"{name:<34}" + "".join(f"{row[column]:>11}" for column in columns))
    return "\n".join([*lines, "", LEGEND])


if __name__ == "__main__":
    print(table(rows()))
