"""What notebook 05 is given: stand-ins, and the race of two ways to one maximum."""

import numpy as np
import pytest

from emlib.plots import how_sure as plots
from emlib.stand_ins import how_sure as stand_ins
from emlib.steppers import race
from key import how_sure as key

SLOW = 1 - 0.9 ** np.arange(80)
WAYS = {"slow": np.column_stack([SLOW, 2 * SLOW]), "fast": np.array([[0.0, 0.0], [1, 2]])}


def height(theta):
    return -float(np.sum((theta - [1, 2]) ** 2))


@pytest.mark.parametrize("name", key.__all__)
def test_a_stand_in_gives_what_the_key_gives(name):
    exercise = getattr(key, name)
    for arguments in [*exercise.examples, *exercise.cases(np.random.default_rng(1))]:
        ours, right = getattr(stand_ins, name)(*arguments), exercise.answer(*arguments)
        near, size = 1e-9, 1.0
        if name == "information":  # second derivatives by differences
            near, size = 1e-6, np.abs(right[0]).max()
        for one, other in zip(ours, right, strict=True):
            np.testing.assert_allclose(one, other, rtol=near, atol=near * size)


def test_a_race_tells_where_each_is_and_how_far_below_the_top():
    shown = race(WAYS, height, end=[1, 2], axes=("a", "b"))
    slow, fast = shown.spec["runs"]
    assert (slow["name"], fast["name"]) == ("slow", "fast")
    np.testing.assert_allclose(slow["way"], WAYS["slow"], rtol=1e-4)
    np.testing.assert_allclose(slow["below"], np.maximum(5 * 0.81 ** np.arange(80), 1e-9), 1e-4)
    assert fast["below"] == [5, plots.FLOOR]
    stops = shown.spec["stops"]
    assert (stops[:61], stops[-1]) == (list(range(61)), 79)
    assert all(np.diff(stops) > 0)
    assert "slow begins 5 below" in shown.picture.alt
    assert "within 0.001 after 41; fast" in shown.picture.alt  # 5 * 0.81**41 < 0.001


def test_a_race_refuses_what_it_cannot_show():
    with pytest.raises(ValueError, match="paths must hold 1 to 6 runs, not 0"):
        race({}, height, end=[1, 2])
    with pytest.raises(ValueError, match="slow must have a column for each parameter in end"):
        race(WAYS, height, end=[1, 2, 3])
    with pytest.raises(ValueError, match="heights must hold 1 to 6, not 0"):
        plots.race({}, top=0)
    with pytest.raises(ValueError, match="one lies 1 nats above top: give a higher top"):
        plots.race({"one": [-1, 1]}, top=0)
