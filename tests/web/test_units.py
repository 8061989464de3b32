"""The front end's own unit tests, run by Node.js; and that they leave nothing out."""

import re

import pytest

from emlib.steppers.program import WEB
from tests.web.conftest import FOLDER, run_node

UNITS = sorted(FOLDER.glob("*.test.mjs"))
# Modules that only compute; the others draw, too, and tests/browser looks at what they draw.
COMPUTING = ["em", "normal", "numbers", "run", "tosses", "words"]
EXPORTED = re.compile(r"^export (?:function|const|class) (\w+)", re.MULTILINE)


@pytest.mark.parametrize("file", UNITS, ids=[file.stem for file in UNITS])
def test_units_in_node(file):
    run_node("--test", str(file))


def test_every_function_that_only_computes_is_tested():
    tests = "".join(
        path.read_text(encoding="utf-8") for path in [*UNITS, FOLDER / "test_numbers.py"]
    )
    known = {
        name
        for module in COMPUTING
        for name in EXPORTED.findall((WEB / f"{module}.js").read_text(encoding="utf-8"))
    }
    assert {name for name in known if not re.search(rf"\b{name}\b", tests)} == set()
