"""What a cell defines and uses is read off its code."""

from __future__ import annotations

import pytest

from grading.names import imports, names


@pytest.mark.parametrize(
    ("source", "binds"),
    [
        ("x = 1\ny, (z, *w) = 1, (2, 3)", "x y z w"),
        ("import numpy as np, scipy.stats\nfrom os import path as p", "np scipy p"),
        ("def f(a):\n    inside = 1\nclass C:\n    pass", "f C"),
        ("for i in range(3):\n    with open('f') as file:\n        x = i", "i file x"),
        ("if (n := 10) > 5: pass", "n"),
        ("%matplotlib inline\nx = 1\n!ls", "x"),
        ("def broken(", ""),
        ("lambda a: (b := a)", ""),
    ],
)
def test_binds(source: str, binds: str) -> None:
    assert names(source).binds == set(binds.split())


def test_uses_now_and_later() -> None:
    found = names("def f(a=default):\n    return later(a)\nprint(now)\ndisplay(f)")
    assert {"default", "now", "later"} <= found.uses
    assert "later" not in found.uses_now
    assert {"default", "now"} <= found.uses_now
    assert not {"print", "display"} & found.uses


def test_imports() -> None:
    source = "import numpy as np\nx = 1\nfrom scipy import stats\ndef f():\n    import os"
    assert imports(source) == ["import numpy as np", "from scipy import stats"]
    assert imports("not python at all") == []
