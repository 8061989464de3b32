"""What stands in for a student's function of notebook 04a or 04b gives what the key gives."""

import numpy as np
import pytest

from emlib.stand_ins import choice, gaussian_mixture
from key import choice as key_choice
from key import gaussian_mixture as key_gaussian

PAIRS = [
    (getattr(stand_ins, name), getattr(key, name))
    for stand_ins, key, names in (
        (gaussian_mixture, key_gaussian, ("e_step", "m_step")),
        (choice, key_choice, ("choose_k", "icl", "map_em_step")),
    )
    for name in names
]


@pytest.mark.parametrize(("stand_in", "exercise"), PAIRS, ids=lambda x: getattr(x, "name", ""))
def test_a_stand_in_gives_what_the_key_gives(stand_in, exercise):
    for arguments in [*exercise.examples, *exercise.cases(np.random.default_rng(1))]:
        for ours, right in zip(stand_in(*arguments), exercise.answer(*arguments), strict=True):
            np.testing.assert_allclose(ours, right, rtol=1e-9, atol=1e-9)


def test_the_loop_that_stands_in_goes_the_right_way_and_stops_near_its_end():
    exercise = key_gaussian.em
    for arguments in exercise.examples:
        ours, right = gaussian_mixture.em(*arguments), exercise.answer(*arguments)
        assert len(ours[-1]) == len(right[-1])
        for one, other in zip(ours, right, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-8)
