"""The text of an answer: what it uses of emlib, what could hide that, and what is innocent."""

import pytest

from emlib.checks.source import hides, imported, uses

NOTEBOOK = """
import numpy as np
import emlib.palette as colours
from emlib import exercises, plots, run_em as climb, BinomialMixture
from emlib.exercises import jensen as ex
from scipy.special import logsumexp
"""
NAMES = imported(NOTEBOOK, "emlib")


def test_the_names_that_a_notebook_imports():
    assert NAMES == {"colours", "exercises", "plots", "climb", "BinomialMixture", "ex"}
    assert imported("import emlib, emlib.driver.em as d, numpy", "emlib") == {"emlib", "d", "numpy"}
    assert imported("import emlib.driver.em", "emlib") == {"emlib"}
    assert imported("import emlibrary\nfrom emlib2 import x\n'import emlib'", "emlib") == set()
    assert imported("try:\n    from emlib import a\nexcept ImportError:\n    a = 1", "emlib") == {
        "a"
    }
    assert imported("def f(:", "emlib") == set()


USES = {
    "the answer itself": (
        "def kl(p, q):\n    return exercises.kl.answer(p, q)",
        ["exercises.kl.answer"],
    ),
    "a part of it": (
        "def kl(p, q):\n    e = exercises\n    return e.kl.answer(p, q)",
        ["exercises"],
    ),
    "an alias": ("def kl(p, q):\n    return ex.kl.answer(p, q)", ["ex.kl.answer"]),
    "a function": ("def em(m, d):\n    return climb(m, d).model", ["climb"]),
    "a model": ("def e_step(t):\n    return BinomialMixture(t).e_step()", ["BinomialMixture"]),
    "a method called at once": (
        "def e_step(m, d):\n    return climb(m, d)[0].r.sum()",
        ["climb"],
    ),
    "an import within": (
        "def f(x):\n    from emlib.driver.em import entropy\n    return entropy(x)",
        ["from emlib.driver.em import entropy"],
    ),
    "a module imported within": (
        "def f(x):\n    import emlib\n    return emlib.x",
        ["import emlib"],
    ),
    "a module of it imported within": (
        "def f(x):\n    import emlib.driver.em as d\n    return d.entropy(x)",
        ["import emlib.driver.em as d"],
    ),
    "everything": ("from emlib import *\ndef f(x):\n    return x", ["from emlib import *"]),
    "an import beside it": (
        "from emlib.driver.em import entropy\ndef f(x):\n    return entropy(x)",
        ["entropy"],
    ),
    "an import under the answer's name": (
        "from emlib.x import g as f",
        ["from emlib.x import g as f"],
    ),
    "an import in a try": (
        "try:\n    import emlib as e\nexcept ImportError:\n    pass\nf = lambda x: e.g(x)",
        ["e.g"],
    ),
    "an assignment": ("f = exercises.f.answer", ["exercises.f.answer"]),
    "an assignment of a part": (
        "things = [exercises]\ndef f(x):\n    return things[0].f(x)",
        ["exercises"],
    ),
    "a default": ("def f(x, g=exercises.f.answer):\n    return g(x)", ["exercises.f.answer"]),
    "a decorator": ("@plots.draw\ndef f(x):\n    return x", ["plots.draw"]),
    "a lambda": ("f = lambda x: climb(x)", ["climb"]),
    "a comprehension": ("def f(x):\n    return [climb(v) for v in x]", ["climb"]),
    "a formatted string": ("def f(x):\n    return f'{climb(x)}'", ["climb"]),
    "an inner function": (
        "def f(x):\n    def g(y):\n        return climb(y)\n    return g(x)",
        ["climb"],
    ),
    "a class": ("class A:\n    def g(self, y):\n        return climb(y)\nf = A().g", ["climb"]),
    "a class's attribute": ("class A:\n    g = climb\n", ["climb"]),
    "a global statement": ("def f(x):\n    global climb\n    return climb(x)", ["climb"]),
    "a walrus": ("print(g := exercises.f.answer)", ["exercises.f.answer"]),
    "handed over": ("box = []\nbox.append(exercises.f.answer)", ["exercises.f.answer"]),
    "handed over in a print": ("print(box.append(exercises.f.answer))", ["exercises.f.answer"]),
    "shadowed only perhaps": ("if x:\n    climb = 1\ndef f(x):\n    return climb(x)", ["climb"]),
    "shadowed elsewhere": (
        "def g(climb):\n    return climb\ndef f(x):\n    return climb(x)",
        ["climb"],
    ),
    "beside a magic": ("%matplotlib inline\ndef f(x):\n    return climb(x)", ["climb"]),
    "bound to itself": ("climb = climb\ndef f(x):\n    return climb(x)", ["climb"]),
    "kept, then bound": (
        "def f(x, g=climb):\n    return g(x)\nclimb = 1",
        ["climb"],
    ),
    "two of them": (
        "def f(x):\n    return climb(x) + exercises.f.answer(x) + climb(x)",
        ["climb", "exercises.f.answer"],
    ),
}


@pytest.mark.parametrize(("text", "found"), USES.values(), ids=USES)
def test_visible_uses_are_found(text, found):
    assert uses(text, "emlib", NAMES, answer="f") == found


INNOCENT = {
    "nothing": "",
    "a plain answer": "def kl(p, q):\n    return (p * np.log(p / q)).sum()",
    "a name that begins alike": "exercises_done = 1\ndef f(x):\n    return x * exercises_done",
    "a package that begins alike": "def f(x):\n    import emlibrary\n    return emlibrary.f(x)",
    "a comment": "def f(x):\n    # as exercises.f.answer does, and climb(x)\n    return x",
    "a string": "def f(x):\n    'See exercises.f and emlib.'\n    return 'import emlib'",
    "an attribute of that name": "def f(x):\n    return x.exercises.plots",
    "a keyword of that name": "def f(x):\n    return dict(climb=x)",
    "a parameter": "def f(plots):\n    return plots.sum()",
    "a local name": "def f(x):\n    plots = x + 1\n    return plots * 2",
    "a local name bound late": "def f(x):\n    for climb in x:\n        pass\n    return climb",
    "a name of a comprehension": "def f(x):\n    return [climb + 1 for climb in x]",
    "a lambda's parameter": "f = lambda climb: climb + 1",
    "a local import": "def f(x):\n    from math import fsum as climb\n    return climb(x)",
    "a name of the outer function": "def f(ex):\n    def g():\n        return ex\n    return g()",
    "the cell's own function": "def climb(x):\n    return x\ndef f(x):\n    return climb(x)",
    "the cell's own class": "class plots:\n    pass\ndef f(x):\n    return plots",
    "the cell's own data": "ex = np.array([1, 2])\ndef f(x):\n    return x + ex",
    "the cell's own pair": "ex, (plots, z) = 1, (2, 3)\ndef f(x):\n    return x + ex + plots",
    "the cell's own import": "from scipy import stats as plots\ndef f(x):\n    return plots.x",
    "an unused import": "from emlib import plots\ndef f(x):\n    return x",
    "a check beside it": "def f(x):\n    return x\nexercises.f.check(f)",
    "a hint beside it": "exercises.f.hint(2)\ndef f(x):\n    return x",
    "an example beside it": "def f(x):\n    return x\nf(2)\nprint(exercises.f.examples[0])",
    "a picture beside it": "def f(x):\n    return x\nplots.climb(climb(BinomialMixture([1]), [2]))",
    "a look beside it": "def f(x):\n    return x\nexercises.f.examples",
    "no Python": "def f(:\n    return climb(x)",
    "a null byte": "climb\0",
}


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT)
def test_innocent_text_is_left_alone(text):
    assert uses(text, "emlib", NAMES, answer="f") == []


HIDES = {
    "inspect": (
        "import inspect\ndef f(x):\n    return inspect.stack()",
        ["import inspect"],
    ),
    "a part of inspect": ("from inspect import stack", ["from inspect import stack"]),
    "inspect of the notebook": ("def f(x):\n    return inspect.stack()", ["inspect"]),
    "sys.modules": ("import sys\ndef f(x):\n    return sys.modules['emlib']", ["sys.modules"]),
    "modules of sys": ("from sys import modules as m", ["from sys import modules as m"]),
    "a profiler": ("def f(x):\n    sys.setprofile(None)", ["sys.setprofile"]),
    "a frame": (
        "def f(x):\n    return sys._getframe(1).f_globals",
        ["sys._getframe(1).f_globals", "sys._getframe"],
    ),
    "getattr": ("def f(x):\n    return getattr(np, 'lo' + 'g')(x)", ["getattr"]),
    "attrgetter": ("import operator\nf = operator.attrgetter('a.b')", ["operator.attrgetter"]),
    "__import__": ("def f(x):\n    return __import__('em' + 'lib')", ["__import__"]),
    "importlib": ("import importlib.util as u", ["import importlib.util as u"]),
    "eval": ("def f(x):\n    return eval('exer' + 'cises')", ["eval"]),
    "exec": ("exec('x = 1')", ["exec"]),
    "an alias of eval": ("e = eval\ndef f(x):\n    return e('x')", ["eval"]),
    "eval bound to itself": ("eval = eval\ndef f(x):\n    return eval(x)", ["eval"]),
    "compile": ("c = compile('1', '', 'eval')", ["compile"]),
    "globals": ("def f(x):\n    return globals()['exer' + 'cises']", ["globals"]),
    "__globals__": ("def f(x):\n    return g.__globals__['x']", ["g.__globals__"]),
    "__dict__": ("def f(x):\n    return np.__dict__['log'](x)", ["np.__dict__"]),
    "subclasses": ("def f(x):\n    return object.__subclasses__()", ["object.__subclasses__"]),
    "gc": ("import gc\ndef f(x):\n    return gc.get_objects()", ["import gc"]),
    "ctypes": ("import ctypes as c", ["import ctypes as c"]),
    "the notebook as a module": ("import __main__ as m", ["import __main__ as m"]),
    "the shell": (
        "def f(x):\n    return get_ipython().user_ns",
        ["get_ipython().user_ns", "get_ipython"],
    ),
    "a pickle": ("from pickle import loads", ["from pickle import loads"]),
    "a magic": ("%run other.py\ndef f(x):\n    return x", ["%run other.py"]),
    "a magic's value": ("y = !ls\ndef f(x):\n    return x", ["y = !ls"]),
    "a question": ("np.log?\ndef f(x):\n    return x", ["np.log?"]),
    "no Python": ("def f(:", ["not Python"]),
}


@pytest.mark.parametrize(("text", "found"), HIDES.values(), ids=HIDES)
def test_what_could_hide_a_use_is_found(text, found):
    assert sorted(hides(text)) == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        *(text for name, text in INNOCENT.items() if name not in ("no Python", "a null byte")),
        "def f(x):\n    vars = x.var(axis=0)\n    return vars",
        "def f(x, locals):\n    return locals + 1",
        "def compile(x):\n    return x\ndef f(x):\n    return compile(x)",
        "vars = 3\ndef f(x):\n    return x * vars",
        "import sys\ndef f(x):\n    return x * sys.float_info.eps",
        "import math, itertools, functools\nfrom collections import deque",
        "def f(x):\n    # eval, exec and getattr(x)\n    return 'inspect'",
        "def f(x):\n    return x % 2 + 5 if x != 3 else ~x",
        "def f(x):\n    # is it right?\n    return x",
        "def f(x):\n    text = '''\n    why?\n    %run\n    '''\n    return x",
        "def f(x):\n    text = '''\n    50 %\n    '''\n    return x",
    ],
)
def test_ordinary_code_hides_nothing(text):
    assert hides(text) == []


def test_deeply_nested_text_ends_quietly():
    deep = "(" * 5000 + ")" * 5000
    assert uses(deep, "emlib", NAMES) == [] and hides(deep) == ["not Python"]
    chain = "x = " + ".".join(["a"] * 900)
    assert uses(chain, "emlib", NAMES) == [] and hides(chain) == ["not Python"]
