"""What stands in in notebook 03a gives what the answer key gives, on every example."""

import numpy as np
import pytest

from emlib.checks.read import as_values, close
from emlib.stand_ins import bound as stand_ins
from key import bound as key

EXAMPLES = [(name, x) for name in key.__all__ for x in getattr(key, name).examples]


@pytest.mark.parametrize(("name", "arguments"), EXAMPLES)
def test_as_the_key(name, arguments):
    exercise = getattr(key, name)
    given = as_values(exercise.outputs, getattr(stand_ins, name)(*arguments))
    right = as_values(exercise.outputs, exercise.answer(*arguments))
    assert all(map(close, given, right))


def test_a_weight_of_0_stays_0_without_a_warning():
    alphas, _ = stand_ins.fit_weights(np.log([[0.5, 0.1], [0.2, 0.4]]), np.array([1.0, 0.0]), 5)
    np.testing.assert_array_equal(alphas, [[1, 0]] * 6)


def test_arguments_stay_as_they_are():
    alpha = np.array([0.5, 0.5])
    stand_ins.fit_weights(np.log([[0.5, 0.1]]), alpha, 2)
    alpha[0] = 0.4  # and may be changed
