"""The pictures of notebook 03a: their words are right, and bad input is named."""

import io

import numpy as np
import pytest
from matplotlib.image import imread

from emlib.plots import bound as plots

LOG_P = np.log([[0.5, 0.1], [0.2, 0.4], [0.3, 0.3]])
# First responsibilities at alpha = 0.5: 5/6, 1/3 and 1/2, with mean 5/9.
ALPHAS = np.array([[0.5, 0.5], [5 / 9, 4 / 9]])
VALUES = np.log(ALPHAS @ np.exp(LOG_P).T).sum(axis=1)

PICTURES = {
    "bounds at some q": (
        lambda: plots.bound_over_q([0.06, 0.02], [0.3, 1], curve=False),
        ["The log of the sum, -2.526", "The gap is 0.446 at q_A = 0.3, 0.288 at q_A = 1."],
    ),
    "the bound over all q": (
        lambda: plots.bound_over_q([1, 3], [0]),
        ["The gap is 0.288 at q_A = 0.", "touches the line at q_A = 0.250"],
    ),
    "a climb": (
        lambda: plots.weight_climb(LOG_P, ALPHAS, VALUES),
        ["the present alpha: 0.500, 0.556 and so on to 0.556", f"{VALUES[-1]:.4f}."],
    ),
    "a climb that has arrived": (
        lambda: plots.weight_climb([[0.0, 0.0]], [[0.3, 0.7]] * 2, [0.0, 0.0]),
        ["0.300, 0.300 and so on to 0.300"],
    ),
    "a trace": (
        lambda: plots.weight_trace(ALPHAS, VALUES),
        ["over 1 iterations", "component A from 0.500 to 0.556", f"to {VALUES[-1]:.4f} nats"],
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


def test_without_the_curve_the_words_do_not_tell_where_it_touches():
    assert "0.75" not in plots.bound_over_q([0.06, 0.02], [0.3], curve=False).alt


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.bound_over_q([1, 2, 3], [0.5]), "s must hold two positive terms"),
        (lambda: plots.bound_over_q([1, 0], [0.5]), "s must hold two positive terms"),
        (lambda: plots.bound_over_q([1, 2], [1.5]), "tried must hold probabilities"),
        (lambda: plots.weight_climb([[0.0]], ALPHAS, VALUES), "log_p must have two columns"),
        (lambda: plots.weight_climb(LOG_P, [[1]], [0]), "alphas must have two columns"),
        (lambda: plots.weight_climb(LOG_P, ALPHAS, VALUES[:1]), "one number per row of alphas: 2"),
        (lambda: plots.weight_climb(LOG_P, [[0, 1]], [0]), "alphas must be positive where"),
        (lambda: plots.weight_trace(np.full((1, 7), 1 / 7), [0]), "alphas must hold 1 to 6, not 7"),
        (lambda: plots.weight_trace(ALPHAS, [0]), "one number per row of alphas: 2, not 1"),
    ],
)
def test_bad_input_names_the_argument(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()
