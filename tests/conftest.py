"""Which tests run when."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests that take minutes to `python noxfile.py slow`, unless -m speaks of them."""
    if "slow" in config.getoption("markexpr"):
        return
    left = [item for item in items if item.get_closest_marker("slow")]
    items[:] = [item for item in items if not item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=left)
