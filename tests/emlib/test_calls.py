"""A student's function is called under the same settings, whatever a cell of theirs has set."""

import warnings

import numpy as np
import pytest

from emlib.checks.calls import observe
from emlib.checks.limits import Budget


def rough(x):
    """Underflow, a division by 0, an overflow and a nan, none of which is an error by itself."""
    x = np.array([x])
    return np.exp(-1e4 * x), 1 / (0 * x), np.exp(1e4 * x), np.log(-x)


@pytest.mark.parametrize("settings", [{}, {"all": "raise"}, {"all": "ignore"}, {"under": "warn"}])
def test_settings_of_numpy_change_nothing(settings):
    with np.errstate(**settings):
        call = observe(rough, (1.0,), Budget())
    assert not call.error, call.message
    assert [float(value[0]) for value in call.value[:3]] == [0, np.inf, np.inf]
    assert len(call.warned) == 3
    assert not any("underflow" in words for words in call.warned)


def test_warnings_are_no_errors_though_a_cell_made_them_so():
    def warn():
        warnings.warn("hm", stacklevel=1)
        return 1.5

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call = observe(warn, (), Budget())
    assert (call.value, call.warned) == (1.5, ["UserWarning: hm"])
