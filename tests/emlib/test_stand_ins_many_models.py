"""What stands in for a student's function of notebook 06 gives what the key gives."""

import numpy as np
import pytest

from emlib.stand_ins import many_models
from key import many_models as key


@pytest.mark.parametrize("name", key.__all__)
def test_a_stand_in_gives_what_the_key_gives(name):
    exercise = getattr(key, name)
    for arguments in [*exercise.examples, *exercise.cases(np.random.default_rng(1))]:
        results = getattr(many_models, name)(*arguments), exercise.answer(*arguments)
        for ours, right in zip(*results, strict=True):
            np.testing.assert_allclose(ours, right, rtol=1e-9, atol=1e-9)
