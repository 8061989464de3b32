"""Every kind of input is in every draw, and among the visible examples."""

import numpy as np
import pytest

from tests.answers.extremes import (
    KINDS,
    MORE_THAN_TWO,
    ONE,
    RARE,
    SMALL,
    WHOLE,
    counts,
    exercises,
    table,
)

GRADED = exercises()


@pytest.mark.parametrize("draws", [5, pytest.param(60, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", GRADED)
def test_every_kind_of_input_is_in_every_draw_and_visible(name, draws):
    exercise = GRADED[name]
    drawn = [exercise.cases(np.random.default_rng(seed)) for seed in range(1, 1 + draws)]
    for kind in KINDS:
        for cases in (exercise.examples, *drawn):
            assert 0 not in counts(name, exercise, kind, cases), kind


def test_what_the_table_is_made_of_are_exercises():
    for of_kind in (WHOLE, RARE, SMALL, MORE_THAN_TWO, ONE):
        assert {*of_kind} <= {*GRADED}


@pytest.mark.parametrize(
    ("name", "kind", "case"),
    [
        ("choice.icl", "whole", (20.0, np.array([[0.5, 0.5]]))),
        ("how_sure.leap", "small", tuple(np.array([one, 1.0]) for one in (0.1, 0.3, 0.4))),
        ("trust.map_estimate", "one", (np.array([1, 2]), np.array([3, 4]), 2, 3)),
        ("many_models.fill_in", "missing", (np.array([[np.nan, 1]]), np.zeros(2), np.eye(2))),
    ],
)
def test_a_kind_that_is_missing_is_noticed(name, kind, case):
    assert 0 in counts(name, GRADED[name], kind, [case])


def test_a_loop_that_ends_too_early_is_noticed():
    exercise = GRADED["misleads.best_of_starts"]
    assert 0 in counts("misleads.best_of_starts", exercise, "long", exercise.examples[:3])


def test_the_table_has_a_line_for_each_exercise():
    assert len(table().splitlines()) == len(GRADED) + 1
