"""What the tests of the repository read: its metadata and the names of its files."""

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def pyproject() -> dict[str, Any]:
    """The project's metadata and settings."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """All files in version control."""
    if not (ROOT / ".git").exists():
        pytest.skip("Not a git checkout: cannot tell the project's own files from others.")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    return [ROOT / name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]
