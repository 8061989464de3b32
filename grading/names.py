"""Which names a cell defines and which it uses, read off its code without running it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager

NOTEBOOK = {"display", "get_ipython"}  # names that every notebook has

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class Names:
    """The names of one cell.

    Attributes
    ----------
    binds : frozenset of str
        What the cell defines in the notebook.
    uses : frozenset of str
        What it looks up, at once or later from within a function.
    uses_now : frozenset of str
        What it looks up at once.
    """

    binds: frozenset[str]
    uses: frozenset[str]
    uses_now: frozenset[str]


@lru_cache(maxsize=10_000)
def names(source: str) -> Names:
    """Return the names of a cell; of one that is no Python, none."""
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Names(frozenset(), frozenset(), frozenset())
    now = list(_outside_functions(tree))
    loops = [node.target for node in now if isinstance(node, ast.comprehension)]
    inner = {id(name) for target in loops for name in ast.walk(target)}
    stored = {
        node.id
        for node in now
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in inner
    }
    for node in now:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            stored.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            stored |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return Names(frozenset(stored), _loaded(list(ast.walk(tree))), _loaded(now))


def imports(source: str) -> list[str]:
    """Return the import statements of a cell."""
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return [ast.unparse(node) for node in found]


def _loaded(nodes: list[ast.AST]) -> frozenset[str]:
    loads = (n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
    return frozenset(n for n in loads if not hasattr(builtins, n) and n not in NOTEBOOK)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """Walk through what runs when the cell runs: not the bodies of functions."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield child
            outside = [] if isinstance(child, ast.Lambda) else child.decorator_list
            for part in [*outside, child.args]:
                yield from _outside_functions(part)
        else:
            yield from _outside_functions(child)
