"""A student's function at work in the notebook, or what stands in for it; and guesses."""

import numpy as np
import pytest

from emlib.exercises import complete_data as exercises
from emlib.guess import compare


def right(heads, flips, weights):
    theta = (heads @ weights) / (flips @ weights)
    return weights.sum(axis=0) / weights.sum(), theta


def wrong(heads, flips, weights):
    return 0.0


def stand_in(heads, flips, weights):
    raise AssertionError("nothing is run")


def checked(function, capsys):
    exercises.weighted_mle.check(function)
    capsys.readouterr()
    return exercises.weighted_mle.yours(function, stand_in)


def test_a_function_that_passed_is_at_work(capsys):
    before = exercises.weighted_mle.yours(right, stand_in)
    assert before is stand_in
    assert "has not passed its check yet" in capsys.readouterr().out
    assert checked(right, capsys) is right
    assert not capsys.readouterr().out


def test_a_function_that_failed_or_was_defined_anew_is_not(capsys):
    assert checked(wrong, capsys) is stand_in

    def defined_anew(heads, flips, weights):
        return right(heads, flips, weights)

    assert exercises.weighted_mle.yours(defined_anew, stand_in) is stand_in


@pytest.mark.parametrize("strange", [[1], {}, None, 3])
def test_what_is_no_function_is_not(strange, capsys):
    assert checked(strange, capsys) is stand_in


def test_a_failed_check_is_remembered_too(capsys):
    verdict = {"works": True}

    def changing(heads, flips, weights):
        return right(heads, flips, weights) if verdict["works"] else 0.0

    assert checked(changing, capsys) is changing
    verdict["works"] = False
    assert checked(changing, capsys) is stand_in


@pytest.mark.parametrize(
    ("guess", "answer", "says"),
    [
        (0.75, 0.7483, "You guessed 0.75, and it is 0.748: close."),
        (0.9, 0.75, "You guessed 0.9. It is 0.75, which is less by 0.15."),
        (None, 0.75, "No guess yet. It is 0.75."),
        ("", 0.75, "No guess yet"),
        ("many", 0.75, "A guess here is a number, such as `guess = 0.75`, not 'many'."),
        ([1, 2], 0.75, "not [1, 2]"),
        (np.array([1, 2]), 0.75, "not array([1, 2])"),
        (" B", "b", "You said b, and so it is."),
        ("a", "b", "You said a. It is b."),
        (None, "b", "No guess yet. It is b."),
        (2, "b", "You said 2. It is b."),
        (0.1, 0, "which is less by 0.1"),
    ],
)
def test_a_guess_is_compared(guess, answer, says, capsys):
    compare(guess, answer)
    assert says in capsys.readouterr().out
