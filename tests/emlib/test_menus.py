"""Menus for what Python recomputes; tests/browser uses them in JupyterLab."""

import pytest

from emlib.steppers.menus import explore


@pytest.mark.parametrize(
    ("choices", "message"),
    [({}, "name an argument of show"), ({"k": [1], "seed": []}, "seed holds no value")],
)
def test_nothing_to_choose_from_is_refused(choices, message):
    with pytest.raises(ValueError, match=f"nothing to choose from: {message}"):
        explore(lambda **_: None, **choices)
