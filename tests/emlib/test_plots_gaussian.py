"""Pictures of Gaussian mixtures: drawn without a warning, with true words; nonsense is refused."""

import io

import numpy as np
import pytest
from matplotlib.image import imread

from emlib import GaussianMixture
from emlib.plots.gaussian_mixture import against_sigma, density_surface, scatter

HILLS = GaussianMixture(
    [0.1, 0.4, 0.5], [[0, 0], [3, 3], [0, 5]], [np.eye(2), 2 * np.eye(2), 3 * np.eye(2)]
)
LINE = GaussianMixture([1], [[0]], [[[1]]])
POINTS = HILLS.sample(40, 1)[0]
SIGMA = [0.01, 0.1, 1.0]

PICTURES = {
    "density_surface": (
        lambda: density_surface(HILLS),
        # .1 N(0; 0, I) + .4 N(0; (3, 3), 2I) + .5 N(0; (0, 5), 3I)
        "A (0.00, 0.00) 0.0167, B (3.00, 3.00) 0.0349, C (0.00, 5.00) 0.0278",
    ),
    "scatter": (
        lambda: scatter([[0, 1], [2, 3.5]]),
        "2 points, x_1 from 0.00 to 2.00, x_2 from 1.00 to 3.50.",
    ),
    "scatter with models": (
        lambda: scatter(POINTS, {"true": HILLS, "far": HILLS}, xlabel="length (m)"),
        "true: A with weight 0.10 and mean (0.00, 0.00), B with weight 0.40 and mean (3.00, 3.00), "
        "C with weight 0.50 and mean (0.00, 5.00). far: A",
    ),
    "against_sigma": (
        lambda: against_sigma(SIGMA, {"one": [3, 1, 2], "two": [-99, 5, 0]}, ylabel="nats"),
        "one is 3.00 at the smallest sigma, 0.01, and highest, 3.00, at 0.01; "
        "two is -99.00 at the smallest sigma, 0.01, and highest, 5.00, at 0.1",
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


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: density_surface(LINE), "model must be in 2 dimensions to be drawn"),
        (lambda: scatter([[1, 2, 3]]), "data must have 2 columns"),
        (lambda: scatter([1, 2]), "data must have 2 axes"),
        (lambda: scatter(POINTS, {}), "models must hold 1 to 3, not 0"),
        (lambda: scatter(POINTS, dict.fromkeys("abcd", HILLS)), "not 4"),
        (lambda: scatter(POINTS, {"mine": LINE}), "mine must be in 2 dimensions"),
        (
            lambda: density_surface(
                GaussianMixture(np.full(7, 1 / 7), np.eye(7)[:, :2], [np.eye(2)] * 7)
            ),
            "at most 6 components",
        ),
        (lambda: against_sigma([0, 1], {"y": [1, 2]}, ylabel=""), "sigma must be positive"),
        (lambda: against_sigma(SIGMA, {}, ylabel=""), "curves must hold 1 to 6"),
        (lambda: against_sigma(SIGMA, {"y": [1]}, ylabel=""), "y must hold one number per sigma"),
    ],
)
def test_bad_input_names_the_argument(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()
