"""Tell whether a function does nothing but compute, so that edits of it may be run.

An edit leads where the program never went: into the branch that removes a file, to another name
for the file that is written, round a loop that no longer ends.  So whatever could do harm by that
is not edited at all.
"""

from __future__ import annotations

import ast
import linecache
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from emlib.checks.inside import globals_read_by
from emlib.checks.source import hides, parsed

LARGEST = 4000  # characters of a text in which edits are looked for
COMPUTES = frozenset(
    "builtins numpy scipy math cmath statistics itertools functools collections".split()
)
TRUSTED = COMPUTES | {__name__.partition(".")[0]}
IMMUTABLE = (bool, int, float, complex, str, np.generic, type(None))

# What reads or writes files, asks or tells somebody, changes a setting, or has no end.
ACTS = frozenset(
    "BaseException KeyboardInterrupt breakpoint count cycle dump exit fromfile genfromtxt help "
    "input iter load loadtxt memmap open open_memmap quit repeat save savetxt savez "
    "savez_compressed set_printoptions setbufsize seterr seterrcall tofile".split()
)


def only_computing(function: FunctionType) -> list[ast.FunctionDef]:
    """Return what runs of a function's cell when it is called; empty if it might do harm.

    Parameters
    ----------
    function : function

    Returns
    -------
    list of ast.FunctionDef
        The function first, then those of the same cell that it calls.
    """
    found: list[ast.FunctionDef] = []
    todo, seen = [function], set()
    while todo:
        one = todo.pop(0)
        if one in seen:
            continue
        seen.add(one)
        node = _definition(one)
        if node is None or not _harmless(node):
            return []
        if one.__code__.co_filename == function.__code__.co_filename:
            if isinstance(node, ast.FunctionDef):
                found.append(node)
        for value in globals_read_by(one).values():
            if isinstance(value, FunctionType) and value.__module__ == function.__module__:
                todo.append(value)
            elif not _only_computes(value):
                return []
    return found


def _definition(function: FunctionType) -> ast.FunctionDef | ast.Lambda | None:
    """Return the text's own definition of a function, if it is the one that runs."""
    if function.__closure__ or hasattr(function, "__wrapped__"):
        return None
    code = function.__code__
    text = "".join(linecache.getlines(code.co_filename, function.__globals__))
    tree = parsed(text) if len(text) <= LARGEST else None
    if tree is None or hides(text):
        return None
    there = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.Lambda) and node.lineno == code.co_firstlineno
    ]
    if len(there) != 1:  # none: its text has changed, or a decorator stands above it
        return None
    name = there[0].name if isinstance(there[0], ast.FunctionDef) else "<lambda>"
    return there[0] if name == function.__name__ == code.co_name else None


def _harmless(function: ast.FunctionDef | ast.Lambda) -> bool:
    """Whether a function's own text leads to nothing but computing that can be stopped."""
    modules = set()
    for node in ast.walk(function):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in ACTS:
                return False
            case ast.ClassDef() | ast.AsyncFunctionDef() | ast.ExceptHandler(type=None):
                return False
            case ast.Try(finalbody=[_, *_]):  # it may swallow what stops a loop
                return False
            case ast.Import(names=names):
                modules |= {alias.name.partition(".")[0] for alias in names}
            case ast.ImportFrom(module=module, names=names):
                modules.add((module or "").partition(".")[0])
                if any(alias.name in ACTS for alias in names):
                    return False
    # What stands in the head of a function runs whenever an edit is made, and nothing stops it.
    head = [function.args, *([function.returns] if isinstance(function, ast.FunctionDef) else [])]
    runs = any(isinstance(node, ast.Call) for one in head if one for node in ast.walk(one))
    return modules <= COMPUTES and not runs


def _only_computes(value: Any) -> bool:
    """Whether what the notebook holds under a name can neither do harm nor be changed."""
    if isinstance(value, IMMUTABLE):
        return True
    if isinstance(value, tuple):
        return all(_only_computes(one) for one in value)
    if isinstance(value, ModuleType):
        return value.__name__.partition(".")[0] in COMPUTES
    if isinstance(value, np.ufunc):
        return True
    if not callable(value) or getattr(value, "__name__", "") in ACTS:
        return False
    owner = value if isinstance(value, type) or hasattr(value, "__name__") else type(value)
    return str(getattr(owner, "__module__", "")).partition(".")[0] in TRUSTED
