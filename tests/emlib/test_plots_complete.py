"""The pictures of complete data: their words are right, and bad input is named."""

import io

import numpy as np
import pytest
from matplotlib.image import imread

from emlib import Tosses
from emlib.plots import complete_data as plots

TOSSES = Tosses([7, 9, 2, 6, 0], flips=10)
LABELS = [0, 0, 1, 0, 1]

PICTURES = {
    "coin_curves": (
        lambda: plots.coin_curves(TOSSES, LABELS),
        "coin A at 0.733 from 30 flips; coin B at 0.100 from 20 flips.",
    ),
    "coin_curves with parabolas": (
        lambda: plots.coin_curves(TOSSES, LABELS, parabolas=True),
        "Thin lines: the parabolas",
    ),
    "a coin that never showed heads": (
        lambda: plots.coin_curves(Tosses([0, 3, 5], [4, 6, 5]), [2, 0, 1]),
        "coin A at 0.500 from 6 flips; coin B at 1.000 from 5 flips; coin C at 0.000 from 4 flips",
    ),
    "spread": (
        lambda: plots.spread([0.25, 0.5, 0.5, 0.75], theta=0.5, flips=4),
        "4 estimates from 4 flips each, with mean 0.500 and standard deviation 0.177, "
        "beside the normal curve around 0.5 with standard deviation 0.250",
    ),
    "coverage_curves": (
        lambda: plots.coverage_curves(
            [0.1, 0.5, 0.9], {"few": [0.7, 0.9, 0.8], "many": [0.9, 0.95, 0.85]}, level=0.95
        ),
        "few: 0.90 at theta 0.50, lowest 0.70 at theta 0.100; "
        "many: 0.95 at theta 0.50, lowest 0.85 at theta 0.900",
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


def test_parabolas_are_drawn_only_if_asked_for():
    plain, more = (PICTURES[n][0]() for n in ("coin_curves", "coin_curves with parabolas"))
    assert "parabola" not in plain.alt
    assert plain.png != more.png


def test_the_histogram_counts_every_estimate():
    """One estimate more at another place changes the picture and the words."""
    estimates = np.array([0.25, 0.5, 0.5, 0.75])
    one = plots.spread(estimates, theta=0.5, flips=4)
    other = plots.spread([*estimates, 1.0], theta=0.5, flips=4)
    assert one.png != other.png
    assert "5 estimates from 4 flips each, with mean 0.600" in other.alt


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (
            lambda: plots.coin_curves(TOSSES, [0, 1]),
            "labels must hold one coin per row: 5",
        ),
        (
            lambda: plots.coin_curves(TOSSES, [0, 0, 2, 0, 2]),
            "labels must be 0, 1, ... with no number left out",
        ),
        (
            lambda: plots.coin_curves(TOSSES, [0, 0, -1, 0, -1]),
            "labels must be 0, 1, ... with no number left out",
        ),
        (
            lambda: plots.coin_curves(Tosses([1] * 7, 2), range(7)),
            "labels: at most 6 coins",
        ),
        (
            lambda: plots.coin_curves(Tosses([1, 0], flips=[2, 4]), [0, 1], parabolas=True),
            "parabolas: the estimate of coin B is 0",
        ),
        (lambda: plots.spread([1.5], theta=0.5, flips=4), "estimates must hold prob"),
        (lambda: plots.spread([0.5], theta=1, flips=4), "theta must be inside"),
        (lambda: plots.spread([0.5], theta=0.5, flips=0), "flips must be at least 1"),
        (lambda: plots.coverage_curves([0.5], {}, level=0.9), "series must hold 1 to 6"),
        (
            lambda: plots.coverage_curves([0.5], {"few": [0.5, 0.6]}, level=0.9),
            "few must hold one number per theta: 1, not 2",
        ),
        (
            lambda: plots.coverage_curves([0.5], {"few": [1.5]}, level=0.9),
            "few must hold probabilities",
        ),
        (
            lambda: plots.coverage_curves([0.5], {"few": [0.5]}, level=95),
            "level must be from 0 to 1, not 95",
        ),
    ],
)
def test_bad_input_names_the_argument(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()
