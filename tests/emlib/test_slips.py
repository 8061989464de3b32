"""Mistakes made from slips in a plain function, and what errors of Python's mean."""

from collections import defaultdict
from contextlib import suppress

import numpy as np
import pytest

from emlib.checks.errors import meaning
from emlib.checks.read import as_values, close
from key import writing
from key.written_out import mistakes

EXERCISES = [
    exercise
    for notebook in writing.NOTEBOOKS
    for exercise in writing.exercises(notebook).values()
    if getattr(exercise, "in_loops", None)
]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_right_function_in_loops_is_right(exercise):
    for arguments in [*exercise.examples, *exercise.cases(np.random.default_rng(1))]:
        right = as_values(exercise.outputs, exercise.answer(*arguments))
        assert all(map(close, as_values(exercise.outputs, exercise.in_loops(*arguments)), right))


def total(rows, w):
    """Add up logarithms, row by row."""
    sums = np.zeros(len(rows))
    for i in range(len(rows)):
        value = 0
        for j in range(len(w)):
            if w[j] == 0:
                continue
            value += w[j] * np.log(rows[i, j])
        sums[i] = value
    return sums


def test_slips_give_what_a_student_with_that_slip_returns():
    rows, w = np.array([[2.0, 3.0, 5.0], [7.0, 2.0, 4.0]]), np.array([0.5, 0.0, 2.0])
    found = defaultdict(list)
    for name, _, function in mistakes(total):
        with np.errstate(all="ignore"), suppress(IndexError):  # exchanged indices may lead outside
            found[name].append(np.asarray(function(rows, w)).tolist())
    logs = np.log(rows)
    right = logs @ w
    wanted = {
        "first left out": [0, right[1]],
        "last left out": [right[0], 0],
        "return inside the loop": [right[0], 0],
        "not set back": np.cumsum(right),
        "only the last counts": 2 * logs[:, 2],
        "loop left too early": 0.5 * logs[:, 0],
        "factor inside the logarithm": np.log(0.5 * rows[:, 0]) + np.log(2 * rows[:, 2]),
        "logarithm missing": rows @ w,
        "decimals cut off": np.trunc(right),
        "logarithm to base 2": right / np.log(2),
    }
    for name, values in wanted.items():
        assert any(np.allclose(one, values) for one in found[name]), name


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("unknown", "`unknown`"),
        ("if np.zeros(2): pass", "each entry has its own answer"),
        ("math.log(np.ones(2))", "takes one number"),
        ("np.zeros(2)[5]", "Entry number 5"),
        ("[1, 2] - 1", "A list or a tuple"),
        ("a, b = (1, 2, 3)", "another number of names"),
        ("None + 1", "`list.append`"),
        ("1 / 0", "divided by 0"),
        ("np.arange(3) ** -1", "no negative power"),
        ("len(2.0)", "single number"),
        ("np.array([[1, 2], [3]])", "Pieces of different shapes"),
    ],
)
def test_common_errors_get_a_sentence(code, words):
    with pytest.raises(Exception) as caught:
        exec(code, {"np": np, "math": __import__("math")})
    assert words in meaning(caught.type.__name__, str(caught.value), seen=True)


def test_numbers_of_hidden_inputs_are_not_told():
    message = "index 5 is out of bounds for axis 0 with size 2"
    assert meaning("IndexError", message, seen=True)
    assert not meaning("IndexError", message, seen=False)
    assert meaning("NameError", "name 'geyser' is not defined", seen=False)
