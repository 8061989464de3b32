"""The pictures of Jensen's inequality: their words are right, and bad input is named."""

import io

import numpy as np
import pytest
from matplotlib.image import imread

from emlib.plots import jensen as plots


def minimum(u):
    return np.minimum(u, 3)


PICTURES = {
    "a gap": (
        lambda: plots.jensen({r"$\log\,u$": (np.log, [1, 4], [0.5, 0.5])}),
        [" log u: at the mean 2.500, f of the mean is 0.916", "of f is 0.693, a gap of 0.223"],
    ),
    "the gap of a convex function is negative": (
        lambda: plots.jensen({"square": (np.square, [0, 2], [0.75, 0.25])}),
        ["f of the mean is 0.250 and the mean of f is 1.000, a gap of -0.750"],
    ),
    "two ways to close the gap, and one that does not": (
        lambda: plots.jensen(
            {
                "constant": (np.log, [2, 2, 7], [0.5, 0.5, 0]),
                "affine": (minimum, [1, 1.5, 2.5], [0.5, 0.2, 0.3]),
                "neither": (minimum, [1, 1.5, 5], [0.5, 0.2, 0.3]),
            }
        ),
        ["0.693, a gap of 0.000", "is 1.550, a gap of 0.000", "neither: at the mean 2.300"],
    ),
    "points near the end of the domain": (
        lambda: plots.jensen({"log u": (np.log, [0.01, 4], [0.5, 0.5])}),
        ["at the mean 2.005"],
    ),
    "growth": (
        lambda: plots.growth(
            [0, 0.5, 1], {"a coin": ([0, 0.1, -0.2], 0.5), "a trap": ([0, -1, -2], 0)}
        ),
        [
            "a coin: 0.0000 at share 0, -0.2000 at share 1, marked at share 0.5, where it is 0.10",
            "a trap: 0.0000 at share 0, -2.0000 at share 1, marked at share 0, where it is 0.00",
        ],
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture_and_its_words(name):
    draw, words = PICTURES[name]
    picture = draw()
    pixels = imread(io.BytesIO(picture.png))
    assert pixels.shape[1] > 500
    assert pixels[..., :3].std() > 0.01  # something is drawn
    for phrase in words:
        assert phrase in picture.alt


def test_arguments_stay_as_they_are():
    u, w = np.array([1.0, 4.0]), np.array([0.5, 0.5])
    plots.jensen({"log u": (np.log, u, w)})
    assert (u.tolist(), w.tolist()) == ([1, 4], [0.5, 0.5])


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.jensen({}), "cases must hold 1 to 3, not 0"),
        (lambda: plots.jensen({"f": (np.log, [1, 2], [1])}), "w must hold one number per point: 2"),
        (lambda: plots.jensen({"f": (np.log, [1, 2], [1, 1])}), "w must sum to 1, but they sum"),
        (lambda: plots.jensen({"f": (np.log, [1, 2], [2, -1])}), "w must hold probabilities"),
        (lambda: plots.jensen({"f": (np.log, [0, 2], [0.5, 0.5])}), "between 0 and 2 it does not"),
        (lambda: plots.jensen({"f": (np.sum, [1, 2], [0.5, 0.5])}), "one finite value per point"),
        (lambda: plots.growth([0, 1], {}), "games must hold 1 to 3, not 0"),
        (lambda: plots.growth([0, 2], {"a": ([0, 1], 0)}), "shares must hold probabilities"),
        (
            lambda: plots.growth([0, 1], {"a": ([0], 0)}),
            "rates of a must hold one number per share: 2",
        ),
    ],
)
def test_bad_input_names_the_argument(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()
