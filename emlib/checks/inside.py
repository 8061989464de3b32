"""Look inside a student's function, without running it."""

from __future__ import annotations

import ast
import dis
import inspect
import textwrap
from ast import AST
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from emlib.checks.elsewhere import Elsewhere
from emlib.checks.notebook import Notebook, hides, notebook
from emlib.checks.source import uses

DATA = (bool, int, float, complex, str, list, tuple, dict, np.ndarray, np.generic)


def notebook_data_read_by(function: Callable[..., Any]) -> list[str]:
    """Name the global variables with data, not functions or modules, that `function` reads.

    Empty where Python cannot look inside.
    """
    if isinstance(function, Elsewhere):
        return _of(function, "").data_read_by(function.__name__)
    read = globals_read_by(function)
    return [n for n, v in read.items() if not isinstance(v, ModuleType) and not callable(v)]


def package_used_by(
    function: Callable[..., Any], package: str, lent: Collection[str] = ()
) -> list[str]:
    """Name what a function visibly uses of a package, such as ``exercises.kl.answer``.

    Functions of the same notebook that it calls are looked at too, but for names in `lent`.
    Where the text of a function is not to be had, nothing is said of it.
    """
    if isinstance(function, Elsewhere):
        return _used_in(_of(function, package), function.__name__, lent)
    found: dict[str, None] = {}
    todo: list[Any] = _functions(function)
    seen = set()
    while todo:
        one = _plain(todo.pop())
        if not isinstance(one, FunctionType) or one in seen:
            continue
        seen.add(one)
        if _is_of(one, package):
            found[one.__qualname__] = None
            continue
        around = _enclosed(one)
        known = one.__globals__ | around
        names = [n for n, v in known.items() if _is_of(v, package) and not _is_lent(n, v, lent)]
        seen_in_it = uses(_text(one), package, names)
        found |= dict.fromkeys(use for use in seen_in_it if _runs(use, known))
        others = [*globals_read_by(one).values(), *around.values()]
        todo += [f for o in others for f in _functions(o) if f.__module__ == one.__module__]
    return list(found)


def _of(function: Elsewhere, package: str) -> Notebook:
    return notebook(tuple(text for text, _ in function.cells()), package)


def _used_in(cells: Notebook, name: str, lent: Collection[str]) -> list[str]:
    """Name what the cells of a function use: the same, where only the text is to be had."""
    package, known = cells.package, cells.known
    names = [n for n, value in known.items() if isinstance(value, AST) or _is_of(value, package)]
    names = [n for n in names if not _is_lent(n, known[n], lent)]
    found: dict[str, None] = {}
    for statement in cells.part_of(name):
        for use in uses(statement.text, package, names, answer=name):
            if use.partition(" ")[0] in ("import", "from") or _runs(use, known):
                found[use] = None
    return list(found)


def _functions(value: Any) -> list[Any]:
    """Return the functions that may run when a value of the notebook is called."""
    value = _plain(value)
    if isinstance(value, FunctionType | ModuleType):
        return [value] if isinstance(value, FunctionType) else []
    kind = value if isinstance(value, type) else type(value)
    return [f for f in vars(kind).values() if isinstance(f, FunctionType)]


def hidden_ways(function: Any) -> tuple[str, ...]:
    """Say how the student's cells could use something without naming it, for a human to look at."""
    return tuple(hides(function.cells())) if isinstance(function, Elsewhere) else ()


def _plain(function: Any) -> Any:
    """Return the function inside of a method, a `partial` or a decorated function."""
    while isinstance(function, partial | MethodType):
        function = function.func if isinstance(function, partial) else function.__func__
    return inspect.unwrap(function)


def _text(function: FunctionType) -> str:
    """Return the text of a function, empty if it is not to be had."""
    try:
        text = textwrap.dedent(inspect.getsource(function))
        if function.__name__ != "<lambda>":
            return text
        nodes = list(ast.walk(ast.parse(text)))  # of the whole line: perhaps that of a check
    except (OSError, TypeError, SyntaxError):
        return ""
    return "\n".join(f"f = {ast.unparse(n)}" for n in nodes if isinstance(n, ast.Lambda))


def _is_of(value: Any, package: str) -> bool:
    """Whether a value is a module, function, class or object of a package."""
    if isinstance(value, ModuleType):
        name = value.__name__
    else:
        value = _plain(value) if isinstance(value, MethodType | partial) else value
        owner = value if isinstance(value, type | FunctionType) else type(value)
        name = str(owner.__module__)
    return name.partition(".")[0] == package


def _is_lent(name: str, value: Any, lent: Collection[str]) -> bool:
    """Whether a name is lent, and stands for a function of that name, not for another one."""
    return name in lent and getattr(value, "__name__", None) == name


def _runs(use: str, known: dict[str, Any]) -> bool:
    """Whether a use is more than reading data, as ``exercises.kl.examples`` does."""
    first, *rest = use.split(".")
    value = known.get(first)
    for name in rest:
        value = inspect.getattr_static(value, name, None)
    return not rest or not isinstance(value, DATA)


def _enclosed(function: FunctionType) -> dict[str, Any]:
    """Return what a function reads from the function around it."""
    found = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        with suppress(ValueError):  # not bound yet
            found[name] = cell.cell_contents
    return found


def globals_read_by(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the global variables that a function reads, as far as Python can look inside."""
    if not isinstance(function, FunctionType):
        return {}
    function = inspect.unwrap(function)
    known = getattr(function, "__globals__", {})
    codes = [getattr(function, "__code__", None)]
    names: dict[str, None] = {}
    while codes:
        code = codes.pop()
        if isinstance(code, CodeType):
            codes += code.co_consts
            names |= {
                i.argval: None for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL"
            }
    return {name: known[name] for name in names if name in known}
