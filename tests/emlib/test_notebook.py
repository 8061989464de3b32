"""What an answer uses of emlib is said alike of a function here and of cells that ran elsewhere."""

import linecache
from itertools import count

import pytest

from emlib.checks.inside import hidden_ways, notebook_data_read_by, package_used_by
from emlib.checks.notebook import HARMLESS
from tests.answers.bank import FOLDER, answers

NUMBER = count()


class Cells:
    """A function of which there are only its name and the cells of its notebook."""

    def __init__(self, *cells, own=True):
        self.texts, self.own, self.__name__ = cells, own, "f"

    def cells(self):
        return [(text, self.own) for text in self.texts]

    def observe(self, arguments, through, computing, waiting):
        raise AssertionError("nothing runs")


def here(*cells):
    """Run the cells; return the function `f`."""
    names = {"__name__": "__main__"}
    for cell in cells:
        file = f"<cell {next(NUMBER)} of test_notebook>"
        linecache.cache[file] = (len(cell), None, cell.splitlines(keepends=True), file)
        exec(compile(cell, file, "exec"), names)
    return names["f"]


IMPORTS = """import numpy as np
import functools
from emlib import exercises, run_em as climb, BinomialMixture, Tosses
from emlib.checks import close
flips = np.full(5, 10)
"""
USES = {
    "a function": (["def f(x):\n    return climb(x)"], ["climb"]),
    "a part": (["def f(x):\n    return exercises.start_here(x)"], ["exercises.start_here"]),
    "a class": (["def f(x):\n    return BinomialMixture(x)"], ["BinomialMixture"]),
    "an import within": (
        ["def f(x):\n    from emlib.driver.em import run_em\n    return run_em(x)"],
        ["from emlib.driver.em import run_em"],
    ),
    "by a function of the notebook": (
        ["def help(x):\n    return climb(x)", "def f(x):\n    return help(x)"],
        ["climb"],
    ),
    "by a function of a function": (
        ["def a(x):\n    return climb(x)\ndef b(x):\n    return a(x)", "f = lambda x: b(x)"],
        ["climb"],
    ),
    "by a class of the notebook": (
        [
            "class A:\n    def g(self, x):\n        return climb(x)",
            "def f(x):\n    return A().g(x)",
        ],
        ["climb"],
    ),
    "by a decorator that keeps": (
        ["@functools.lru_cache\ndef f(x):\n    return climb(x)"],
        ["climb"],
    ),
    "by a name for it": (["up = climb", "def f(x):\n    return up(x)"], ["up"]),
    "by an object of it": (
        [
            "model = BinomialMixture([0.2, 0.8], [0.5, 0.5])",
            "def f(x):\n    return model.e_step(x)",
        ],
        ["model.e_step"],
    ),
    "after the profiler is switched off": (
        ["def f(x):\n    __import__('sys').setprofile(None)\n    return climb(x)"],
        ["climb"],
    ),
    "beside a global of the name of an argument": (
        ["x = 3", "def f(x):\n    return climb(x)"],
        ["climb"],
    ),
    "in a loop's cell": (["for i in range(1):\n    def f(x):\n        return climb(x)"], ["climb"]),
    "nothing": (["def f(x):\n    return x"], []),
    "data": (["def f(x):\n    return x + flips"], []),
    "only beside it": (["def f(x):\n    return x\nprint(close)", "run = climb"], []),
    "an argument of that name": (["def f(climb):\n    return climb"], []),
    "a local of that name": (["def f(x):\n    climb = x\n    return climb"], []),
    "a name that is another's now": (
        ["def climb(x):\n    return x", "def f(x):\n    return climb(x)"],
        [],
    ),
    "an earlier try": (["def f(x):\n    return climb(x)", "def f(x):\n    return x"], []),
    "an earlier try in the same cell": (
        ["def f(x):\n    return climb(x)\ndef f(x):\n    return x"],
        [],
    ),
    "a later name": (["def f(x):\n    return up(x)\nup = abs"], []),
    "a recursion": (["def f(x):\n    return f(x - 1) if x else 1"], []),
    "what emlib once gave": (["theta = len(close.__name__)", "def f(x):\n    return theta"], []),
}


@pytest.mark.parametrize(("cells", "found"), USES.values(), ids=USES)
def test_both_sides_find_the_same(cells, found):
    assert package_used_by(here(IMPORTS, *cells), "emlib") == found
    assert package_used_by(Cells(IMPORTS, *cells), "emlib") == found


LENT = "from emlib.stand_ins.coin_toss_em import e_step, em, m_step"
BY_ANOTHER_NAME = "from emlib.stand_ins.misleads import best_of_starts as em"


@pytest.mark.parametrize(
    ("cells", "found"),
    {
        "lent": ([LENT, "def f(x):\n    return em(x), e_step(x), m_step(x)"], []),
        "through a helper": ([LENT, "def g(x):\n    return em(x)", "f = lambda x: g(x)"], []),
        "and more than is lent": ([LENT, "def f(x):\n    return em(climb(x))"], ["climb"]),
        "another function of that name": ([BY_ANOTHER_NAME, "def f(x):\n    return em(x)"], ["em"]),
        "the student's own": (["def em(x):\n    return x", "def f(x):\n    return em(x)"], []),
    }.values(),
)
def test_what_is_lent_may_be_called_on_both_sides(cells, found):
    lent = ("em", "e_step", "m_step")
    assert package_used_by(here(IMPORTS, *cells), "emlib", lent) == found
    assert package_used_by(Cells(IMPORTS, *cells), "emlib", lent) == found
    if LENT in cells:
        assert "em" in package_used_by(Cells(IMPORTS, *cells), "emlib")


def test_no_right_answer_of_the_bank_is_suspected():
    seen = 0
    for path in sorted(FOLDER.glob("*/*.py")):
        for answer in answers(path.parent.name, path.stem):
            if answer.right:
                cells = Cells(IMPORTS, answer.code)
                cells.__name__ = path.stem
                assert package_used_by(cells, "emlib") == [], (path, answer.title)
                assert notebook_data_read_by(cells) == [], (path, answer.title)
                assert hidden_ways(cells) == (), (path, answer.title)
                seen += 1
    assert seen > 100


def test_reading_imports_nothing_else(monkeypatch):
    """The cells are a student's: only the package itself is trusted."""
    asked = []

    def import_nothing(name):
        asked.append(name)
        raise ImportError

    monkeypatch.setattr("emlib.checks.notebook.import_module", import_nothing)
    cells = ["import os, antigravity, emlib.driver.em as d", "from this import d as e"]
    assert package_used_by(Cells(*cells, "def f(x):\n    return os, e, d"), "emlib") == ["d"]
    assert asked == ["emlib.driver.em"]


@pytest.mark.parametrize("cell", ["from emlib.driver.em import run_em as f", "f = climb"])
def test_both_sides_find_what_is_emlibs_own(cell):
    assert package_used_by(here(IMPORTS, cell), "emlib") == ["run_em"]
    assert package_used_by(Cells(IMPORTS, cell), "emlib") in ([cell], ["climb"])


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["def f(x):\n    return x + flips"], ["flips"]),
        (["a = 1\nb = 2", "def f(x):\n    return a + b * x"], ["a", "b"]),
        (["x = 1", "def f(x):\n    return x"], []),
        (["def g(x):\n    return x", "def f(x):\n    return g(x) + np.sum(x)"], []),
        (["g = lambda x: x", "def f(x):\n    return g(x)"], []),
        (["g = functools.partial(max, 1)", "def f(x):\n    return g(x)"], []),
    ],
)
def test_both_sides_find_the_same_data(cells, read):
    assert sorted(notebook_data_read_by(here(IMPORTS, *cells))) == read
    assert notebook_data_read_by(Cells(IMPORTS, *cells)) == read


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("import inspect", "`import inspect`"),
        ("def f(x):\n    return sys.modules['em' + 'lib'].run_em(x)", "`sys.modules`"),
        ("def f(x):\n    return eval('climb')(x)", "`eval`"),
        ("def f(x):\n    return __import__('em' + 'lib').run_em(x)", "`__import__`"),
        ("import gc\nfound = gc.get_objects()", "`import gc`"),
        ("globals()['f'] = 1", "`globals`"),
        ("sys.setprofile(None)", "`sys.setprofile`"),
        ("%run other.py", "`%run other.py`"),
        ("x = 1  # " + 20_000 * "x", "`not Python`"),
    ],
)
def test_what_hides_a_use_is_told_to_a_human(text, seen):
    cells = Cells(IMPORTS, text, "def f(x):\n    return x")
    assert hidden_ways(cells) == (f"cell 2: {seen}",)
    assert package_used_by(cells, "emlib") == []
    assert hidden_ways(Cells(IMPORTS, text, own=False)) == ()


@pytest.mark.parametrize(
    "text",
    ["%matplotlib inline\nx = 1", "%timeit f(1)", "f?", "def f(x:", "x = [i for i in range(3)]"],
)
def test_what_hides_nothing_is_not_told(text):
    assert hidden_ways(Cells(IMPORTS, text)) == ()
    assert HARMLESS.match("%timeit f(1)") and not HARMLESS.match("%run x")
