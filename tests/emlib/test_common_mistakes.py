"""What is said of mistakes that can be made in every exercise."""

import numpy as np
import pytest

from emlib import exercises as home
from emlib.checks.judge import judge
from emlib.checks.read import as_values
from emlib.checks.shapes import misfit
from key import writing
from key.underflow import cures
from tests.answers.kinds import COLUMNS, IMPOSSIBLE, rows, table

GRADED = {
    f"{notebook}.{name}": exercise
    for notebook in writing.NOTEBOOKS
    for name, exercise in writing.exercises(notebook).items()
    if hasattr(exercise, "own")
}


# Shapes that NumPy refuses.

ONES = np.ones


@pytest.mark.parametrize(
    ("does", "told"),
    [
        (lambda: ONES(5) * ONES((5, 2)), "`(5,)` and `(5, 2)` met, so 5 stood beside 2"),
        (lambda: ONES((4, 3)) + ONES((2, 3)), "`(4, 3)` and `(2, 3)` met, so 4 stood beside 2"),
        (lambda: ONES(3).__setitem__(slice(None), ONES(5)), "so 5 stood beside 3"),
        (lambda: np.add(ONES(3), ONES((2, 3)), out=ONES(3)), "could not pair two arrays"),
        (lambda: ONES((3, 2)) @ ONES((4, 2)), "Here 4 met 2"),
        (lambda: np.dot(ONES(5), ONES((3, 2))), "Here 5 met 3"),
    ],
)
def test_a_shape_that_numpy_refuses_is_explained(does, told):
    with pytest.raises(ValueError) as error:
        does()
    assert told in misfit(str(error.value), seen=True)
    hidden = misfit(str(error.value), seen=False)
    assert hidden and not any(digit in hidden for digit in "2345")


@pytest.mark.parametrize("message", ["", "math domain error", "x must be positive, not -1"])
def test_other_errors_are_left_alone(message):
    assert misfit(message, seen=True) == ""


def test_the_sentence_stands_in_the_report_at_home_and_in_grading():
    def e_step(theta, alpha, heads, flips):
        return alpha * theta**heads

    key = writing.exercises("coin_toss_em")["e_step"]
    cases = key.cases(np.random.default_rng(1))
    for report in (judge(home.coin_toss_em.e_step, e_step), judge(key, e_step, (), cases, 2)):
        assert report.mistakes == ("error", "shapes that do not fit")
        assert "`x[:, None]` makes a column" in report.says[1]


# Underflow.


def test_cures_of_underflow_agree_with_the_right_answer_for_ordinary_terms():
    logs = np.log([[0.2, 0.3], [0.5, 0.25]])
    found = list(cures(lambda x: np.logaddexp.reduce(x, axis=-1)))
    for _, _, patch, finish in found:
        np.testing.assert_allclose(finish(patch(logs)), np.log([0.5, 0.75]), rtol=1e-5)
    assert {name for name, *_ in found} == {
        COLUMNS[column] for column in ("underfl.", "patched", "one max", "not max")
    }


@pytest.mark.parametrize(
    ("q_of", "told"),
    [
        (lambda s: np.exp(s) + 1e-20, "A small number added"),
        (lambda s: np.clip(np.exp(s), 1e-12, None), "A small number added"),
        (lambda s: np.exp(s - np.median(s)), "a factor was taken out that is not the largest"),
    ],
)
def test_underflow_that_was_hidden_is_named_however_it_was(q_of, told):
    def closest_q(log_s):
        with np.errstate(all="ignore"):
            return q_of(log_s) / q_of(log_s).sum()

    key = writing.exercises("bound")["closest_q"]
    cases = key.cases(np.random.default_rng(1))
    for report in (judge(home.bound.closest_q, closest_q), judge(key, closest_q, (), cases, 2)):
        assert told in report.says[0]


def test_nothing_but_zeros_is_not_said_to_be_copied():
    report = judge(home.jensen.jensen_gap, lambda *x: 0)
    assert "Are decimals cut off, by `//`" in report.says[0]


# The table.


@pytest.fixture(scope="module")
def found():
    return rows()


@pytest.mark.slow
@pytest.mark.parametrize("name", GRADED)
def test_what_applies_to_an_exercise_is_named_in_it(name, found):
    """Impossible are only mistakes that are right on the examples."""
    row = found[name]
    assert len(row) == len(COLUMNS) + 1
    assert "sign" in row and row["cut off"] != "-"
    assert [c for c in ("order", "base 2", "base 10") if row[c] == IMPOSSIBLE] == []


@pytest.mark.slow
def test_the_table_has_a_line_for_each_exercise(found):
    lines = table(found).splitlines()
    assert len(lines) == len(GRADED) + 3


# What can happen in every function gets a sentence in every exercise.


HAPPENS = {
    "prints": (lambda values: print(*values), "replace the `print` by a `return`"),
    "returns nothing": (lambda values: None, "It returned `None`"),
    "is not finite": (lambda values: tuple(np.log(0 * one - 1) for one in values), "nan"),
    "shapes": (lambda values: np.ones(7) + np.ones(5), "so 7 stood beside 5"),
    "off by one": (lambda values: np.ones(3)[3], "Entry number 3 was asked for where there are 3"),
    "a matrix": (lambda values: np.ones((2, 3)) @ np.ones((2, 3)), "`.T` exchanges the axes"),
}


@pytest.mark.parametrize("kind", HAPPENS)
@pytest.mark.parametrize("name", GRADED)
def test_what_can_happen_everywhere_gets_a_sentence(name, kind):
    notebook, _, exercise = name.partition(".")
    card, (happens, says) = getattr(getattr(home, notebook), exercise), HAPPENS[kind]
    right = {str(x): as_values(card.outputs, card.answer(*x)) for x in card.examples}
    several = len(card.outputs) > 1

    def function(*x):
        result = happens(right[str(x)])
        return result if several or result is None else result[0]

    text = " ".join(judge(card, function).text().split())
    if kind == "is not finite":
        assert "costs nothing: RuntimeWarning: invalid value" in text
        assert "holds `nan`" in text or "0 counts as 0" in text.replace("$", "")
    else:
        assert says in text


@pytest.mark.parametrize("name", GRADED)
def test_an_argument_that_is_changed_gets_a_sentence(name):
    notebook, _, exercise = name.partition(".")
    card = getattr(getattr(home, notebook), exercise)
    right = {str(x): card.answer(*x) for x in card.examples}

    def function(*x):
        result = right[str(x)]
        for one in x:
            if isinstance(one, np.ndarray):
                one += 1
        return result

    arrays = [any(isinstance(one, np.ndarray) for one in x) for x in card.examples]
    text = " ".join(judge(card, function).text().split())
    assert ("This costs half of the points." in text) == any(arrays)
