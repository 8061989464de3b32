"""Find the one place in an answer that has to change: with an edit there, every example is right.

What a mistake *gives* tells many mistakes apart, but not all.  For the others the student's own
program is edited, one thing at a time, and run on the visible examples.  So what is said is true:
this line is wrong, for with it mended nothing else is.
"""

from __future__ import annotations

import ast
import linecache
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from emlib.checks.edits import LARGEST, applied, edits
from emlib.checks.limits import Budget
from emlib.checks.replacements import NUMPY
from emlib.checks.source import hides, parsed

MOST = 6000  # edits that are tried
COMPUTING = 3.0  # seconds for all of them
MEMORY = 1 << 30  # bytes
OF_ONE = 0.3  # seconds for one of them on one example

COMPUTES = frozenset("numpy scipy math cmath statistics itertools functools collections".split())
ACTS = frozenset(["open", "input"])

Judge = Callable[[Callable[..., Any], Budget], set[str]]


class Place(NamedTuple):
    """What has to change: the line's number in its cell, the text, and the kind of the edit.

    And the parts that come out right by it; empty if all do.
    """

    line: int
    text: str
    kind: str
    parts: tuple[str, ...]


def one_change(
    function: Any, right: frozenset[str], wanted: frozenset[str], judge: Judge
) -> Place | None:
    """Return the place at which one edit makes a function right, or at least a part of it.

    Parameters
    ----------
    function : callable
        The student's function.  Where its text is not to be had, nothing is found; nor where it
        could do more than compute, since edits of such a program are better not run.
    right, wanted : frozenset of str
        The parts that are right already, and all parts.
    judge : callable
        ``judge(function, budget)``: the parts of a function that are right on every example.
    """
    if not isinstance(function, FunctionType) or function.__closure__:
        return None
    text = "".join(linecache.getlines(function.__code__.co_filename, function.__globals__))
    tree = parsed(text) if len(text) <= LARGEST else None
    if tree is None or hides(text):
        return None
    functions = _reached(tree, function.__name__)
    if not functions or not _only_compute(functions.values(), function.__globals__):
        return None
    module: ast.Module = ast.Module(list(functions.values()), [])
    with _little_memory():
        return _found(module, function, right, wanted, judge)


def _found(
    module: ast.Module,
    function: FunctionType,
    right: frozenset[str],
    wanted: frozenset[str],
    judge: Judge,
) -> Place | None:
    left = Budget(COMPUTING, 2 * COMPUTING)
    better: Place | None = None
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    for edit in edits(functions)[:MOST]:
        if min(left.computing, left.waiting) <= 0:
            break
        with applied(edit):
            edited = _made(module, function)
        parts = _tried(edited, judge, left) if edited else set()
        place = Place(edit.line, edit.text, edit.kind, tuple(sorted(parts - right)))
        if parts == wanted:
            return place._replace(parts=())
        if parts > right and not better:
            better = place
    return better


@contextmanager
def _little_memory() -> Iterator[None]:
    """Let this process grow by no more than `MEMORY`, where the system can see to that.

    An edited program may ask for any amount: it then gets a `MemoryError`, not the notebook's.
    """
    if not os.path.exists("/proc/self/statm"):
        yield
        return
    import resource

    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + MEMORY
    if soft != resource.RLIM_INFINITY:
        most = min(most, soft)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _reached(tree: ast.Module, name: str) -> dict[str, ast.FunctionDef]:
    """Return the functions of a cell that run when one of them is called."""
    all_of_them = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    found: dict[str, ast.FunctionDef] = {}
    todo = [name]
    while todo:
        one = all_of_them.get(todo.pop())
        if one and one.name not in found:
            found[one.name] = one
            todo += [node.id for node in ast.walk(one) if isinstance(node, ast.Name)]
    return found


def _only_compute(functions: Iterable[ast.AST], known: dict[str, Any]) -> bool:
    """Whether functions use no module, and nothing of Python's own, that does more than compute."""
    nodes = [node for function in functions for node in ast.walk(function)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    modules = {known[n].__name__ for n in names if isinstance(known.get(n), ModuleType)}
    for node in nodes:
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
    return {module.partition(".")[0] for module in modules} <= COMPUTES and not names & ACTS


def _made(module: ast.Module, function: FunctionType) -> Callable[..., Any] | None:
    """Define the edited functions beside what the notebook holds, which stays as it is."""
    space = function.__globals__ | {NUMPY: np}
    try:
        with warnings.catch_warnings(action="ignore"):
            exec(compile(ast.fix_missing_locations(module), "<edited>", "exec"), space)
    except Exception:  # an edit may leave what is no program
        return None
    made: Callable[..., Any] = space[function.__name__]
    return made


def _tried(edited: Callable[..., Any], judge: Judge, left: Budget) -> set[str]:
    budget = Budget(min(OF_ONE, left.computing), min(2 * OF_ONE, left.waiting))
    computing, waiting = budget.computing, budget.waiting
    try:
        return judge(edited, budget)
    finally:
        left.spend(computing - budget.computing, waiting - budget.waiting)
