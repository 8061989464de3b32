"""Read an answer off the cells of its notebook, where the function itself runs elsewhere.

What is said here is what `emlib.checks.inside` says of a function in this process.
"""

from __future__ import annotations

import ast
import inspect
import re
import symtable
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from emlib.checks import source

# Commands of IPython that run nothing but the line itself, and show something.
HARMLESS = re.compile(r"[?]|%%?(matplotlib|time|timeit|config|pip|precision|xmode|pprint)\b|.*\?$")


class Statement(NamedTuple):
    """A statement at the top of a cell: its tree and text, and its global names."""

    tree: ast.stmt
    text: str
    binds: frozenset[str]
    reads: frozenset[str]


class Notebook:
    """The code cells of a notebook, in the order in which they ran.

    Parameters
    ----------
    cells : tuple of str
    package : str
        The package that must not do a student's work.
    resolve : callable
        Return what an import statement of one name of the package binds; it may raise anything.
    """

    def __init__(
        self, cells: tuple[str, ...], package: str, resolve: Callable[[source.Import], Any]
    ) -> None:
        self.package = package
        self.statements = [statement for text in cells for statement in _statements(text)]
        self.known: dict[str, Any] = {}
        for statement in self.statements:
            for name in statement.binds:
                self.known.pop(name, None)
            for node, _ in source.imports(ast.Module([statement.tree], [])):
                for one in _split(node):
                    if source.is_of(one, package):
                        self._note(one, statement.binds, resolve)
            if isinstance(statement.tree, ast.Assign):
                value = self._value(statement.tree.value)
                self.known |= {} if value is None else dict.fromkeys(statement.binds, value)

    def _note(
        self, node: source.Import, binds: frozenset[str], resolve: Callable[[source.Import], Any]
    ) -> None:
        for name in source.bound_by(node) & binds:
            try:
                self.known[name] = resolve(node)
            except Exception:
                self.known[name] = node  # it stands for something of the package

    def _value(self, node: ast.expr) -> Any:
        """Return what an expression stands for, if that is a part of the package or made by one."""
        if isinstance(node, ast.Name):
            return self.known.get(node.id)
        if isinstance(node, ast.Attribute):
            return inspect.getattr_static(self._value(node.value), node.attr, None)
        made = isinstance(node, ast.Call) and isinstance(self._value(node.func), type)
        return node if made else None

    def giving(self, name: str) -> list[Statement]:
        """Return the statements that give a name its value: the last, and what that builds on."""
        found: list[Statement] = []
        for one in reversed(self.statements):
            if name in one.binds:
                found.append(one)
                if name not in one.reads or isinstance(one.tree, _WITH_A_BODY):
                    break
        return found

    def part_of(self, name: str) -> list[Statement]:
        """Return the statements that make up a function: its own and those of what it calls."""
        todo, seen, found = [name], set(), list[Statement]()
        while todo:
            one = todo.pop()
            seen.add(one)
            for statement in self.giving(one):
                own = one not in self.known and _makes_a_function(statement.tree)
                if one == name or own:
                    found.append(statement)
                    todo += statement.reads - seen
        return found

    def data_read_by(self, name: str) -> list[str]:
        """Name the data of the notebook that a function reads."""
        parts = [s for s in self.giving(name) if isinstance(s.tree, _WITH_A_BODY)]
        calls = (n for p in parts for n in ast.walk(p.tree) if isinstance(n, ast.Call))
        called = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
        read = sorted({other for part in parts for other in part.reads} - called - {name})
        return [other for other in read if any(map(_makes_data, self.giving(other)))]


_WITH_A_BODY = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@lru_cache(maxsize=64)
def notebook(cells: tuple[str, ...], package: str) -> Notebook:
    """Return the notebook of these cells; it is read once."""
    return Notebook(cells, package, _imported)


def hides(cells: Sequence[tuple[str, bool]]) -> list[str]:
    """Say by what the student's cells could use something without naming it: see `source.hides`."""
    found = []
    for number, (text, own) in enumerate(cells, 1):
        ways = [way for way in (_hides(text) if own else ()) if not HARMLESS.match(way)]
        if len(text) <= source.LONGEST and "not Python" in ways:
            ways.remove("not Python")  # so it did not run either
        if ways:
            found.append(f"cell {number}: " + ", ".join(f"`{way[:80]}`" for way in ways[:5]))
    return found


@lru_cache(maxsize=4096)
def _hides(text: str) -> list[str]:
    return source.hides(text)


@lru_cache(maxsize=4096)
def _statements(text: str) -> list[Statement]:
    tree = source.parsed(text)
    return [_statement(node) for node in (tree.body if tree else [])]


def _statement(node: ast.stmt) -> Statement:
    text = ast.unparse(node)
    binds: set[str] = set()
    reads: set[str] = set()
    tables = [symtable.symtable(text, "cell", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if table.get_type() == "module" or symbol.is_global():
                binds |= {symbol.get_name()} if _is_bound(symbol) else set()
                reads |= {symbol.get_name()} if symbol.is_referenced() else set()
    return Statement(node, text, frozenset(binds), frozenset(reads))


def _is_bound(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported()


def _makes_a_function(node: ast.stmt) -> bool:
    """Whether a statement defines a function, or gives one another name."""
    if isinstance(node, ast.Assign):
        inner: ast.AST = node.value
        while isinstance(inner, ast.Attribute):
            inner = inner.value
        return isinstance(inner, ast.Lambda | ast.Name)
    return isinstance(node, _WITH_A_BODY)


def _makes_data(statement: Statement) -> bool:
    """Whether a statement gives a name to a value that is no function, class or module."""
    node = statement.tree
    return isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For) and not (
        _makes_a_function(node)
    )


def _split(node: source.Import) -> list[source.Import]:
    """Return an import statement for each name that a statement imports."""
    if isinstance(node, ast.ImportFrom):
        return [ast.ImportFrom(node.module, [alias], node.level) for alias in node.names]
    return [ast.Import([alias]) for alias in node.names]


def _imported(node: source.Import) -> Any:
    """Return what an import statement of one name binds; of the package, which is trusted."""
    (alias,) = node.names
    if isinstance(node, ast.Import):
        return import_module(alias.name if alias.asname else alias.name.partition(".")[0])
    with suppress(ImportError):
        return import_module(f"{node.module}.{alias.name}")
    return getattr(import_module(node.module or ""), alias.name)
