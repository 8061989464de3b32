"""What a cell defines and uses is read off its code."""

from __future__ import annotations

import sys

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


# What differs between Pythons: comprehensions have a scope of their own or not, quotes may be used
# again inside of f-strings or not.
@pytest.mark.parametrize(
    ("source", "binds", "uses", "uses_now"),
    [
        ("y = [f(a) for a in xs]", "y", "f xs", "f xs"),
        ("y = {a for a in xs if a in keep}", "y", "xs keep", "xs keep"),
        ("y = {k: v for k, v in d.items()}", "y", "d", "d"),
        ("y = {k + b: g(v) for k, v in d}", "y", "b g d", "b g d"),
        ("y = sum(a * b for a in as_)", "y", "b as_", "b as_"),
        ("y = [[a * b for a in row] for row in rows]", "y", "b rows", "b rows"),
        ("[a for a in a]", "", "a", "a"),
        ("a = [a for a in xs]\nprint(a)", "a", "xs", "xs"),
        ("[a for a in xs]\nprint(a)", "", "xs a", "xs a"),
        ("y = [last := a for a in xs]\nprint(last)", "y last", "xs", "xs"),
        ("y = {(k := a): (v := b) for a, b in xs}", "y k v", "xs", "xs"),
        ("fs = [lambda a: a + b + c for b in xs]", "fs", "c xs", "xs"),
        ("f = lambda xs: [a + b for a in xs]", "f", "b", ""),
        ("def f(xs):\n    return [g(a) for a in xs]", "f", "g", ""),
        ("def f():\n    n = 1\n    return {n: a for a in xs}", "f", "xs", ""),
        ("def f():\n    return [n := a for a in xs]", "f", "xs", ""),
        ("def f():\n    global n\n    return [n := a for a in xs]", "f n", "xs", ""),
        ("class C:\n    w = 1\n    y = [a for a in w]", "C", "", ""),
        ("class C:\n    y = [w for a in xs]\n    w = 1", "C", "w xs", "w xs"),
        ("@deco(n for n in ns)\ndef f(a=[b for b in bs]): pass", "f", "deco ns bs", "deco ns bs"),
        ("y = [await f(a) for a in xs]", "y", "f xs", "f xs"),
        ("y = [a async for a in stream]", "y", "stream", "stream"),
        ("print(f'{x:{w}.2f} {[a for a in xs]!r}')", "", "x w xs", "x w xs"),
        ("def f(): return f'{[a + b for a in xs]}'", "f", "b xs", ""),
        ("try:\n    x = 1\nexcept E as e:\n    y = [e for a in z]", "x e y", "E e z", "E e z"),
        ("match p:\n    case [a, *b] if [c for c in a]: pass", "a b", "p a", "p a"),
    ],
)
def test_comprehensions_and_f_strings_are_read_alike_on_every_python(
    source: str, binds: str, uses: str, uses_now: str
) -> None:
    found = names(source)
    assert found.binds == set(binds.split())
    assert found.uses == set(uses.split())
    assert found.uses_now == set(uses_now.split())


@pytest.mark.skipif(sys.version_info < (3, 12), reason="syntax of Python 3.12")
@pytest.mark.parametrize(
    ("source", "uses", "uses_now"),
    [
        ("class C[T](B):\n    x = y", "B y", "B y"),
        ("def f[T](a: T = b) -> list[T]:\n    return c", "b c", "b"),
        ("print(f'{d['a']}')", "d", "d"),
    ],
)
def test_newer_syntax(source: str, uses: str, uses_now: str) -> None:
    assert names(source).uses == set(uses.split())
    assert names(source).uses_now == set(uses_now.split())


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
