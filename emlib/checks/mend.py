"""Find the one place in an answer that has to change: with an edit there, every example is right.

What a mistake *gives* tells many mistakes apart, but not all.  For the others the student's own
program is edited, one thing at a time, and run on the visible examples.  So what is said is true:
this line is wrong, for with it mended nothing else is.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from emlib.checks.computing import only_computing
from emlib.checks.edits import Edit, applied, edits
from emlib.checks.limits import Budget, clock_of_this_thread
from emlib.checks.replacements import NUMPY

MOST = 6000  # edits that are tried
COMPUTING = 3.0  # seconds for all of them
MEMORY = 1 << 27  # bytes
ROUNDS = 10**7  # of a `range`
OF_ONE = 0.3  # seconds for one of them on one example

UNCHANGED = Edit("", 0, "", ())
UNUSED = "unused"

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

    If there is none, tell which arguments are never read, if there are any: its kind is `UNUSED`.

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
    functions = only_computing(function) if isinstance(function, FunctionType) else []
    if not functions:
        return None
    with _little_memory(), _same_draws():
        found = _found(functions, function, right, wanted, judge)
    return found or _unused(functions[0])


def _unused(function: ast.FunctionDef) -> Place | None:
    """Return the arguments that a function never reads: their names, and its line."""
    read = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    names = [one.arg for one in function.args.args if one.arg not in read]
    return Place(function.lineno, "`, `".join(names), UNUSED, ()) if names else None


def _found(
    functions: list[ast.FunctionDef],
    function: FunctionType,
    right: frozenset[str],
    wanted: frozenset[str],
    judge: Judge,
) -> Place | None:
    clock = clock_of_this_thread()
    begun = clock(), monotonic()

    def left() -> tuple[float, float]:
        """Everything counts: to write programs anew takes longer than to run most of them."""
        return begun[0] + COMPUTING - clock(), begun[1] + 2 * COMPUTING - monotonic()

    better: Place | None = None
    module: ast.Module = ast.Module([*functions], [])
    for edit in [UNCHANGED, *edits(functions)[:MOST]]:
        if min(left()) <= 0:
            break
        with applied(edit):
            edited = _made(module, function)
        parts = _tried(edited, judge, *left()) if edited else set()
        if edit is UNCHANGED:
            if parts > right:  # what runs is not what the text says
                return None
            continue
        place = Place(edit.line, edit.text, edit.kind, tuple(sorted(parts - right)))
        if parts == wanted:
            return place._replace(parts=())
        if parts > right and not better:
            better = place
    return better


@contextmanager
def _same_draws() -> Iterator[None]:
    """Let the notebook's random numbers go on as if no edited program had drawn any."""
    state = np.random.get_state()  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002


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


def _made(module: ast.Module, function: FunctionType) -> Callable[..., Any] | None:
    """Define the edited functions beside what the notebook holds, which stays as it is."""
    space = {"range": _short_range} | function.__globals__ | {NUMPY: np}
    try:
        with warnings.catch_warnings(action="ignore"):
            exec(compile(ast.fix_missing_locations(module), "<edited>", "exec"), space)
    except Exception:  # an edit may leave what is no program
        return None
    made: Callable[..., Any] = space[function.__name__]
    return made


def _short_range(*arguments: Any) -> range:
    """Return a range that is not too long to be summed: nothing can stop that."""
    made = range(*arguments)
    if made[ROUNDS:]:
        raise MemoryError
    return made


def _tried(edited: Callable[..., Any], judge: Judge, computing: float, waiting: float) -> set[str]:
    return judge(edited, Budget(min(OF_ONE, computing), min(2 * OF_ONE, waiting)))
