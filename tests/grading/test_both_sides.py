"""Home and grader agree: the same points and words, whatever a function returns or does."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from time import monotonic

import numpy as np
import pytest
from both import at_home, in_grader, look, told

from grading.limits import Budget
from grading.trusted import Trusted

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def trusted() -> Iterator[Trusted]:
    process = Trusted()
    yield process
    process.close()


# What a function returns.

KINDS = '''
import array, ctypes, itertools
from collections import ChainMap, OrderedDict, UserDict, UserList, UserString, deque, namedtuple
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace
import numpy as np

class Complex:
    """Has `__complex__` and nothing else."""
    def __init__(self, value): self.value = value
    def __complex__(self): return complex(self.value)
class Number:
    def __init__(self, value): self.value = value
    def __float__(self): return float(self.value)
class Callable(Number):
    """Has `__float__`, and can be called."""
    def __call__(self): return self.value
class Whole:
    def __index__(self): return 2
class Row:
    def __len__(self): return 2
    def __getitem__(self, i): return (1.5, 2.5)[i]
class Pair:
    def __iter__(self): return iter([np.array([1.5, 2.5]), 1.5])
class Array:
    def __array__(self, dtype=None, copy=None): return np.array([1.5, 2.5])
class Told:
    def __init__(self):
        self.kept = np.array([1.5, 2.5])
        self.__array_interface__ = self.kept.__array_interface__
class Raises:
    def __float__(self): raise RuntimeError
    def __iter__(self): raise RuntimeError
class Odd:
    def __getattr__(self, name): raise RuntimeError(name)
class Fine:
    def __getattr__(self, name): return lambda *a, **k: True
class Badly(float):
    def __float__(self): raise ValueError
class Liar(float):
    def __eq__(self, other): return True
    __hash__ = float.__hash__
Point = namedtuple("Point", "x y")
def fails():
    yield 1.5
    raise ZeroDivisionError("no")
deep = []
deep.append(deep)
'''
# One output; of the right ones, an example has [1.5, 2.5].
ONE = (
    "a + b",
    "(a + b).tolist()",
    "tuple(a + b)",
    "deque(a + b)",
    "UserList(a + b)",
    "iter(a + b)",
    "map(float, a + b)",
    "(v for v in a + b)",
    "(v + b for v in map(Fraction, a))",
    "dict(enumerate(a + b)).values()",
    "dict.fromkeys(a + b).keys()",
    "array.array('d', a + b)",
    "memoryview(a + b)",
    "(ctypes.c_double * len(a))(*(a + b))",
    "np.ma.masked_array(a + b, a > 0)",
    "np.matrix(a + b)",
    "(a + b).astype(object)",
    "(a + b).astype('f4')",
    "np.longdouble(a) + b",
    "a + b + 0j",
    "a + b + 1j",
    "[Fraction(v + b) for v in a]",
    "[Decimal(v + b) for v in a]",
    "[Number(v + b) for v in a]",
    "[Complex(v + b) for v in a]",
    "[Callable(v + b) for v in a]",
    "np.array([Callable(v + b) for v in a])",
    "[np.array([v + b]) for v in a]",
    "[iter([v + b]) for v in a]",
    "[Liar(v + b) for v in a]",
    "[Badly(v + b) for v in a]",
    "Array()", "Told()", "Row()", "Pair()", "Point(1.5, 2.5)", "range(1, 3)", "[True, False]",
    "Number(1.5)", "Complex(1.5)", "Callable(1.5)", "Whole()", "Fraction(3, 2)", "Decimal('1.5')",
    "1.5", "1", "True", "1j", "10**400", "float('nan')", "np.float32(1.5)", "np.array(1.5)",
    "None", "[1.5, None]", "np.array([1.5, None])", "'1.5'", "['1.5', '2.5']", "b'1.5'",
    "bytearray(b'12')", "np.array(['1.5'])", "np.array(['2030-01-01'], 'M8[D]')",
    "np.zeros(2, [('a', 'f8')])", "UserString('12')",
    "[[1], [1, 2]]", "[]", "()", "{}", "{1.5}", "{0: 1.5}", "OrderedDict({0: 1.5})",
    "UserDict({0: 1.5})", "ChainMap({0: 1.5})", "MappingProxyType({0: 1.5})",
    "SimpleNamespace(x=1)", "abs", "Number", "np", "Raises()", "Odd()", "Fine()", "[1.5, Raises()]",
    "itertools.count()", "fails()", "[1.5, fails()]", "deep", "ctypes.c_double(1.5)",
    "np.poly1d([1.5, 2.5])", "np.random.default_rng(1)", "slice(1)", "...", "NotImplemented",
    "ValueError('x')", "np.zeros(2_000_000)",
)  # fmt: skip
TWO = (
    "(a + b, b)",
    "[a + b, b]",
    "iter([a + b, b])",
    "(v for v in (a + b, b))",
    "deque([a + b, b])",
    "map(np.array, (a + b, b))",
    "{'x': a + b, 'y': b}.values()",
    "Point(a + b, b)",
    "Point((v + b for v in a), Fraction(b))",
    "(map(float, a + b), Number(b))",
    "((Complex(v + b) for v in a), Callable(b))",
    "np.array([a + b, b], dtype=object)",
    "(a + b, None)",
    "(None, b)",
    "(a + b, 'b')",
    "(a + b, fails())",
    "(fails(), b)",
    "((1 / 0 for _ in a), b)",
    "(a + b, Raises())",
    "(a + b, {1: b})",
    "(a + b, abs)",
    "(a + b, 1j)",
    "(a + b, 10**400)",
    "(a + b, np.zeros(2_000_000))",
    "(a + b, deep)",
    "(a + b, itertools.count())",
    "fails()",
    "zip(a + b, [b, b])",
    "np.ones((2, 2))",
    "{'x': a + b, 'y': b}",
    "{1.5, b}",
    "MappingProxyType({'x': 1, 'y': 2})",
    "Pair()",
    "Row()",
    "itertools.islice(itertools.count(), 2)",
    "itertools.count()",
    "iter([1, 2, 3])",
    "a + b",
    "1.5",
    "'12'",
    "None",
    "abs",
    "Raises()",
    "Fine()",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("exercise", "kinds"), [("one", ONE), ("two", TWO)])
def test_what_is_returned_is_read_alike(
    trusted: Trusted, exercise: str, kinds: tuple[str, ...]
) -> None:
    cells = [f"def f{i}(a, b):\n    return {kind}" for i, kind in enumerate(kinds)]
    notebooks = [([KINDS] * (i == 0) + [cell], f"f{i}", exercise) for i, cell in enumerate(cells)]
    *graded, _ = in_grader(trusted, notebooks)
    for i, result in enumerate(graded):
        points, words = at_home([KINDS, cells[i]], f"f{i}", exercise)
        assert told(result) == (points, words), kinds[i]


@pytest.mark.parametrize(
    ("kind", "points", "words"),
    [
        ("(a + b, fails())", 1, "Working out `y` ends with a `ZeroDivisionError`."),
        ("((Complex(v + b) for v in a), Callable(b))", 2, "right on every input"),
        ("(a + b, abs)", 1, "Yours, of type `builtin_function_or_method`, cannot be read"),
        ("{'x': a + b, 'y': b}", 0, "Yours is a `dict`."),
        ("fails()", 0, "ZeroDivisionError"),
    ],
)
def test_an_output_without_numbers_costs_itself_only(kind: str, points: float, words: str) -> None:
    earned, text = at_home([KINDS, f"def f(a, b):\n    return {kind}"], "f", "two")
    assert earned == points
    assert words in " ".join(text.split())


# What a student's notebook does to the world.

RIGHT = "def f(a, b):\n    return a + b"
WORLD = {
    "warnings that are errors": (
        "import warnings\nimport numpy as np\nwarnings.simplefilter('error')",
        "def f(a, b):\n    np.log(np.zeros(1))\n    warnings.warn('hm')\n    return a + b",
        2,
        "Python warned while it ran (RuntimeWarning, UserWarning), which costs nothing.",
    ),
    "NumPy's errors that are raised": (
        "np.seterr(all='raise')",
        "def f(a, b):\n    np.log(np.zeros(1)), np.exp(np.array([-1e4]))\n    return a + b",
        2,
        "Python warned while it ran (RuntimeWarning), which costs nothing.",
    ),
    "how NumPy prints": (
        "np.set_printoptions(precision=1, formatter={'all': lambda x: '?'})",
        RIGHT,
        2,
        "right on every input",
    ),
    "printing": ("print('hm')", "def f(a, b):\n    print(a)\n    return a + b", 2, "right on"),
    "another print": ("print = None", RIGHT, 2, "right on every input"),
    "globals with the names of arguments": ("a, b = 5, 7", RIGHT, 2, "right on every input"),
    "globals instead of arguments": (
        "a, b = np.arange(2.0), 1.5",
        "def f(x, y):\n    return a + b",
        0,
        "It reads `a`, `b` from the notebook instead of from its arguments.",
    ),
    "a deleted import": (
        "del np",
        "def f(a, b):\n    return np.add(a, b)",
        0,
        "It stopped with `NameError: name 'np' is not defined",
    ),
    "a profiler switched off, and emlib": (
        "import sys\nfrom emlib import run_em",
        "def f(a, b):\n    sys.setprofile(None)\n    run_em\n    return a + b",
        0,
        "It calls emlib: `run_em`.",
    ),
    "emlib, hidden": (
        "import importlib",
        "def f(a, b):\n    importlib.import_module('em' + 'lib')\n    return a + b",
        2,
        "right on every input",
    ),
}


def test_what_surrounds_a_function_counts_alike(trusted: Trusted) -> None:
    for name, (before, text, points, words) in WORLD.items():
        cells = ["import numpy as np", before, text]
        result, _ = in_grader(trusted, [(cells, "f", "one")])
        with np.errstate(), np.printoptions(), warnings.catch_warnings():
            home = at_home(cells, "f", "one")
        assert told(result) == home, name
        assert home[0] == points, (name, home)
        assert words in " ".join(home[1].split()), (name, home)
        hidden = {"a profiler switched off, and emlib": "sys.setprofile"}
        hidden["emlib, hidden"] = "import importlib"
        assert hidden.get(name, "") in " ".join(look(result))
        assert bool(look(result)) == (name in hidden), name


BUSY = "while True: pass"
SLOW = """
import time
def f(a, b):
    begun = time.process_time()
    while time.process_time() - begun < 0.7:
        pass
    return a + b
"""


@pytest.mark.slow
def test_points_do_not_depend_on_what_else_the_machine_does(trusted: Trusted) -> None:
    budget = Budget(cells=60, checks=60, cell=15, call=3)
    with ExitStack() as stack:
        for _ in range(8):
            busy = stack.enter_context(subprocess.Popen([sys.executable, "-c", BUSY]))
            stack.callback(busy.kill)
        begun = monotonic()
        result, notes = in_grader(trusted, [([SLOW], "f", "one")], budget)
        took = monotonic() - begun
    assert told(result)[0] == 2, (told(result), took)
    assert notes == {"notes": [], "slow": []}


def test_who_computes_too_long_is_named(trusted: Trusted) -> None:
    budget = Budget(cells=60, checks=60, cell=1, call=1)
    cells = ["while True: pass", "def f(a, b):\n    while True: pass"]
    result, notes = in_grader(trusted, [(cells, "f", "one")], budget)
    assert told(result)[0] == 0 and "TimeoutError: it did not finish" in told(result)[1]
    assert notes["slow"] == ["cell 1", "`f`"]


WAITS = "import time\ntime.sleep(4)"
COMPUTES = (
    "import time\nend = time.process_time() + 1.5\nwhile time.process_time() < end:\n    pass"
)


@pytest.mark.parametrize(("cell", "points"), [(WAITS, 2), (COMPUTES, 0)], ids=["waits", "computes"])
def test_a_notebook_has_so_much_time_as_a_whole(trusted: Trusted, cell: str, points: int) -> None:
    """What only waits is ended too, but what comes after it still runs."""
    budget = Budget(cells=2, checks=60, cell=15, call=8)
    cells = [cell, cell, cell, "def f(a, b):\n    return a + b"]
    result, notes = in_grader(trusted, [(cells, "f", "one")], budget)
    assert told(result)[0] == points
    assert {"cell 2", "cell 3"} <= set(notes["slow"])
