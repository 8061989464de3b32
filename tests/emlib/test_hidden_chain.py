"""What notebook 07 brings along: stand-ins that agree with the key, pictures with true words."""

import io

import numpy as np
import pytest
from matplotlib.image import imread

from emlib.plots.hidden_chain import in_order, posteriors
from emlib.stand_ins import hidden_chain as stand_ins
from key import hidden_chain as key


@pytest.mark.parametrize("name", key.__all__)
def test_a_stand_in_gives_what_the_key_gives(name):
    stand_in, exercise = getattr(stand_ins, name), getattr(key, name)
    for arguments in [*exercise.examples, *exercise.cases(np.random.default_rng(1))]:
        for ours, right in zip(stand_in(*arguments), exercise.answer(*arguments), strict=True):
            np.testing.assert_allclose(ours, right, rtol=1e-9, atol=1e-9)


PICTURES = {
    "in_order": (
        lambda: in_order([4, 1.5, 2, 5], ylabel="x", border=3, below="short", above="long"),
        "4 values of x in their order, from 1.50 to 5.00, 2 of them short and 2 long: lssl.",
    ),
    "posteriors": (
        lambda: posteriors(
            {"one": [0.9, 0.2, 0.1, 0.7], "two": [0.1] * 4}, "A", [True, True, False, True]
        ),
        "(rows 1 to 2, 4 to 4). one: right in 75% of the rows; two: right in 25% of the rows.",
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture_and_its_words(name):
    draw, words = PICTURES[name]
    picture = draw()
    pixels = imread(io.BytesIO(picture.png))
    assert pixels.shape[1] > 500
    assert pixels[..., :3].std() > 0.01  # something is drawn
    assert words in picture.alt
