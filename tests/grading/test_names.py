"""What a cell defines and uses is read off its code."""

from __future__ import annotations

import pytest

from grading.names import imports, inert, names


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


@pytest.mark.parametrize(
    ("source", "uses"),
    [
        ("x = 1\nprint(x)", ""),
        ("print(x)\nx = 1", "x"),
        ("x = x + 1", "x"),
        ("x += 1", "x"),
        ("for i in xs:\n    y = i\n    print(y)", "xs"),
        ("for i in xs:\n    total += i", "xs total"),
        ("if a:\n    b = 1\nelse:\n    c = 1\nprint(b)", "a"),
        ("with f() as g:\n    g.read()", "f"),
        ("[a * b for a in as_]", "b as_"),
        ("def f(heads):\n    h = heads[:, None]\n    return np.log(h)", "np"),
        ("class A(B):\n    x = y", "B y"),
        ("while go:\n    go = step(go)", "go step"),
    ],
)
def test_what_is_defined_before_is_not_used(source: str, uses: str) -> None:
    assert names(source).uses == set(uses.split())


@pytest.mark.parametrize(
    ("source", "shows", "expected"),
    [
        ("x = f(1)\nprint(x)", False, True),
        ("for i in range(3):\n    x = i\n    if x: break\n    print(i)", False, True),
        ("import numpy as np\ndef f(): np.random.seed(1)", False, True),
        ("plots.surface(data)", True, True),
        ("plots.surface(data)", False, False),
        ("np.random.seed(1)", False, False),
        ("np.random.seed(1)\nx", True, False),
        ("data[0] = 1", False, False),
        ("plt.rcParams['x'] = 1", False, False),
        ("%matplotlib inline", False, False),
        ("del x", False, False),
        ("warnings.simplefilter('ignore')", False, True),
        ("not python (", False, False),
    ],
)
def test_cells_that_matter_by_their_names_alone(source: str, shows: bool, expected: bool) -> None:
    assert inert(source, shows) is expected
