"""The picture of notebook 06 says in words what it shows."""

import numpy as np
import pytest

from emlib.plots.many_models import filled_in

DATA = np.array([[0.0, 1.0], [1.0, 4.0], [2.0, np.nan], [3.0, np.nan], [4.0, np.nan]])
LABELS = {"xlabel": "a", "ylabel": "b"}


def test_points_on_a_line_are_called_that():
    line = np.where(np.isnan(DATA), 2 * DATA[:, :1] + 1, DATA)
    assert filled_in(DATA, line, **LABELS).alt == (
        "2 points that are seen, b against a, and 3 that are filled in, all on one straight line."
    )
    line[-1, 1] += 1
    assert "straight" not in filled_in(DATA, line, **LABELS).alt


def test_nothing_missing():
    assert "nothing is missing" in filled_in(DATA[:2], DATA[:2], **LABELS).alt


def test_points_must_match():
    with pytest.raises(ValueError, match=r"filled must have shape \(n, 2\) = \(5, 2\), not"):
        filled_in(DATA, DATA[:2], **LABELS)
