"""Which tests run when, and where what they start finds the grader and the answer key."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Neither is installed.
paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests that take minutes to `python noxfile.py slow`, unless -m speaks of them."""
    if "slow" in config.getoption("markexpr"):
        return
    left = [item for item in items if item.get_closest_marker("slow")]
    items[:] = [item for item in items if not item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=left)
