"""Which of many alike are tried at once: what concerns all of them shows in a few."""

from collections.abc import Iterable
from typing import Any

import pytest


def slowly(names: Iterable[Any], *quick: Any) -> list[Any]:
    """Leave all but the quick ones to `python noxfile.py slow`."""
    listed = list(names)
    assert set(quick) <= set(listed), (quick, listed)
    return [n if n in quick else pytest.param(n, marks=pytest.mark.slow) for n in listed]
