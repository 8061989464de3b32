"""What stands in for the functions of 02a and 02b gives what a right answer gives."""

import numpy as np
import pytest

from emlib.stand_ins import complete_data, trust
from key import complete_data as complete_key
from key import trust as trust_key

# Simulated experiments are off by some thousandths; an optimiser stops a little early.
TOLERANCE = {"coverage": 0.03, "map_estimate": 1e-4}
EXERCISES = [
    pytest.param(getattr(module, name), getattr(key, name), id=name)
    for module, key in [(complete_data, complete_key), (trust, trust_key)]
    for name in key.__all__
]


@pytest.mark.parametrize(("stand_in", "exercise"), EXERCISES)
def test_a_stand_in_gives_what_is_right(stand_in, exercise):
    tolerance = TOLERANCE.get(exercise.name, 1e-9)
    for arguments in [*exercise.examples, *exercise.cases(np.random.default_rng(1))]:
        expected, given = exercise.answer(*arguments), stand_in(*arguments)
        many = isinstance(expected, tuple)
        for right, value in zip(
            expected if many else [expected], given if many else [given], strict=True
        ):
            np.testing.assert_allclose(value, right, rtol=0, atol=tolerance)
