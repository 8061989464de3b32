"""Pictures: each is drawn without a warning, says in words what it shows, and refuses nonsense."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from emlib import BinomialMixture, Tosses, run_em
from emlib.palette import COMPONENT_COLOURS, COMPONENT_DASHES, COMPONENT_MARKERS, component_name
from emlib.plots import coin_toss_em as plots
from emlib.plots.picture import Picture

TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)


def way(*theta):
    return run_em(BinomialMixture(theta), TOSSES).trace("theta")


PICTURES = {
    "bound_climb": (
        lambda: plots.bound_climb(TOSSES, theta_A=0.25, theta_B=0.5),
        "theta A = 0.250, 0.449, 0.619",
    ),
    "likelihood_surface": (
        lambda: plots.likelihood_surface(TOSSES, [way(0.2, 0.9), way(0.3, 0.3)]),
        "from (0.2, 0.9) to (0.52, 0.80); from (0.3, 0.3) to (0.66, 0.66)",
    ),
    "likelihood_surface with unequal weights": (
        lambda: plots.likelihood_surface(TOSSES, mixing_weights=[0.6, 0.4]),
        "-31.59 near (0.78, 0.50) and -31.61 near (0.55, 0.81).",
    ),
    "traces": (
        lambda: plots.traces({"log-likelihood": [-2.0, -1.0]}, ylabel="nats"),
        "log-likelihood goes from -2.0000 to -1.0000",
    ),
}


@pytest.mark.filterwarnings("ignore::emlib.SaddleWarning")
@pytest.mark.parametrize("name", PICTURES)
def test_picture_and_its_words(name):
    draw, words = PICTURES[name]
    picture = draw()
    pixels = imread(io.BytesIO(picture.png))
    assert pixels.shape[1] > 500
    assert pixels[..., :3].std() > 0.01  # something is drawn
    assert words in picture.alt
    bundle = picture._repr_mimebundle_()
    assert bundle["text/plain"] == picture.alt
    assert "<img alt=" in bundle["text/html"]


def test_the_words_are_escaped():
    assert 'alt="a &lt; &quot;b&quot;"' in Picture(b"", 'a < "b"', 100).html()


def test_a_picture_needs_words():
    with pytest.raises(ValueError, match="alt is empty"):
        Picture.draw(Figure(), " ")


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.bound_climb(TOSSES, theta_A=0, theta_B=0.5), "theta_A must be inside"),
        (lambda: plots.bound_climb(TOSSES, theta_A=0.5, theta_B=1), "theta_B must be inside"),
        (lambda: plots.likelihood_surface(TOSSES, [way(0.5)]), "paths must be of two coins"),
        (lambda: plots.likelihood_surface(TOSSES, [way(0.6, 0.5)] * 7), "1 to 6, not 7"),
        (lambda: plots.traces({}, ylabel=""), "series must hold 1 to 6"),
        (lambda: plots.traces({"y": [np.nan]}, ylabel=""), "y must be finite"),
        (lambda: component_name(3, 3), "j must be a component from 0 to 2"),
    ],
)
def test_bad_input_names_the_argument(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


def test_every_component_has_its_own_colour_dash_and_marker():
    for looks in (COMPONENT_COLOURS, COMPONENT_DASHES, COMPONENT_MARKERS):
        assert len(set(looks)) == len(COMPONENT_COLOURS)
    assert [component_name(j, 3) for j in range(3)] == ["A", "B", "C"]
