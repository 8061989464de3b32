"""What a picture to be moved by hand sends to the page; tests/browser moves it."""

import json
import re

import numpy as np
import pytest

from emlib import Tosses
from emlib.steppers.manipulable import complete_likelihood, jensen
from emlib.steppers.runs import Interactive

TOSSES = Tosses([7, 9, 2, 6, 0], flips=10)
LABELS = [0, 0, 1, 0, 1]


def sent(shown: Interactive) -> dict:
    """Read back what the HTML hands to `mount`."""
    found = re.search(r"\nmount\(document\.currentScript, (\{.*\}), \w+\);\n", shown.html())
    assert found
    return json.loads(found.group(1))


def test_jensen_sends_points_weights_and_power():
    spec = sent(jensen([1, 2, 4], [0.2, 0.2, 0.1], power=-0.5))
    assert spec["points"] == [1, 2, 4]
    assert spec["weights"] == [0.2, 0.2, 0.1]
    assert spec["power"] == -0.5
    assert spec["high"] >= 4


@pytest.mark.parametrize("power", [-1, 0, 0.5, 1, 2, 3])
def test_the_still_picture_tells_the_two_sides(power):
    u, w = np.array([0.5, 3.0]), np.array([0.25, 0.75])
    f = np.log if power == 0 else lambda values: (values**power - 1) / power
    alt = jensen(u, w, power=power).picture.alt
    assert f"f of the mean is {f(w @ u):.3f} and the mean of f is {w @ f(u):.3f}" in alt


def test_complete_likelihood_counts_each_coin():
    shown = complete_likelihood(TOSSES, LABELS, theta=[0.6, 0.5])
    assert sent(shown)["heads"] == [22, 2]
    assert sent(shown)["tails"] == [8, 18]
    assert "theta A = 0.733, theta B = 0.100" in shown.picture.alt
    log_likelihood = 22 * np.log(0.6) + 8 * np.log(0.4) + 20 * np.log(0.5)
    assert f"it is {log_likelihood:.3f}" in shown.picture.alt


def test_rows_count_as_often_as_they_weigh():
    weighted = Tosses([7, 2], flips=10, row_weights=[3, 1])
    assert sent(complete_likelihood(weighted, [0, 1]))["heads"] == [21, 2]


@pytest.mark.parametrize(
    ("points", "weights"), [([2.0], None), ([1.0, 1.0], [0, 1]), ([0.01] * 6, [1] * 6)]
)
def test_extremes_of_jensen(points, weights):
    assert jensen(points, weights).picture.png.startswith(b"\x89PNG")


@pytest.mark.parametrize("heads", [[0, 10], [10, 10], [5, 0]])
def test_extremes_of_the_likelihood(heads):
    shown = complete_likelihood(Tosses(heads, flips=10), [0, 1], theta=[0, 1])
    assert shown.picture.png.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: jensen([0.0, 1.0]), "points must be positive"),
        (lambda: jensen(range(1, 8)), "points must be at most 6, not 7"),
        (lambda: jensen([1, 2], [1]), "weights must hold one weight per point: 2, not 1"),
        (lambda: jensen([1, 2], [0, 0]), "weights must not all be 0"),
        (lambda: jensen(power=4), "power must be from -1 to 3, not 4"),
        (lambda: complete_likelihood(TOSSES, [0, 1]), "labels must hold one coin per row: 5"),
        (lambda: complete_likelihood(TOSSES, [0, 0, 2, 0, 2]), "with no number left out"),
        (lambda: complete_likelihood(TOSSES, LABELS, theta=[0.5]), "one value per coin: 2, not 1"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
