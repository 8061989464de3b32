"""The pictures of complete data: their words are right, and bad input is named."""

import io

import numpy as np
import pytest
from matplotlib.image import imread

from emlib.plots import complete_data as plots

GRID = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
LOGS = {"A": np.array([-4, -1, 0, -1, -4.0]), "B": np.array([3, 2, 1, 0, -9.0])}

PICTURES = {
    "tried": (
        lambda: plots.tried([0.5, 0.75, 0.25], heads=3, flips=4),
        "3 heads in 4 flips are: 0.047 at theta 0.25, tried last; of 3 tried, highest at theta "
        "0.75, 0.42",
    ),
    "nothing but tails": (lambda: plots.tried([0], heads=0, flips=4), "1 at theta 0, tried last"),
    "curves": (
        lambda: plots.curves(GRID, LOGS),
        "Curves over theta. A: highest at theta 0.500; B: highest at theta 0.100.",
    ),
    "curves with a line": (
        lambda: plots.curves(GRID, LOGS, line=1.5),
        "A: highest at theta 0.500, above the line from 0.250 to 0.750; "
        "B: highest at theta 0.100, above the line from the left edge to 0.250; "
        "dashed line 1.5 nats below the maximum.",
    ),
    "relative curves": (
        lambda: plots.curves(GRID, LOGS, relative=True),
        "A: highest at theta 0.500; B: highest at theta 0.100.",
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


def test_a_line_and_the_scale_change_the_picture():
    names = ("curves", "curves with a line", "relative curves")
    assert len({PICTURES[name][0]().png for name in names}) == 3


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
        (lambda: plots.tried([1.5], heads=3, flips=4), "theta must hold prob"),
        (lambda: plots.tried([0.5], heads=5, flips=4), "heads must be from 0 to 4"),
        (lambda: plots.curves(GRID, {}), "logs must hold 1 to 6, not 0"),
        (
            lambda: plots.curves(GRID, {str(i): GRID for i in range(7)}),
            "logs must hold 1 to 6, not 7",
        ),
        (lambda: plots.curves(GRID, {"A": [0.0]}), "A must hold one number per theta: 5, not 1"),
        (lambda: plots.curves([0.5], {"A": [-np.inf]}), "A must be finite"),
        (lambda: plots.spread([1.5], theta=0.5, flips=4), "estimates must hold prob"),
        (lambda: plots.spread([0.5], theta=1, flips=4), "theta must be inside"),
        (lambda: plots.spread([0.5], theta=0.5, flips=0), "flips must be at least 1"),
        (lambda: plots.coverage_curves([0.5], {}, level=0.9), "series must hold 1 to 6, not 0"),
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
