"""Which names a cell defines and which it uses, read off its code without running it."""

from __future__ import annotations

import ast
import builtins
import re
import symtable
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager

EVERYWHERE = {*dir(builtins), "display", "get_ipython"}  # names that every notebook has
HARMLESS = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef
HARMLESS |= ast.Pass | ast.Break | ast.Continue
LONGEST = 20_000  # characters: much longer ones can crash Python's compiler
MAGIC = re.compile(r"^\s*[%!?]|\?\s*$|=\s*[%!]", re.MULTILINE)
MOST_WORK = 2_000_000  # characters that IPython reads again for each line of its own syntax
COMPOUND = ast.For | ast.If | ast.With | ast.While


@dataclass(frozen=True)
class Names:
    """The names of one cell.

    Attributes
    ----------
    binds : frozenset of str
        What the cell defines in the notebook.
    uses : frozenset of str
        What it looks up in the notebook, at once or later from within a function.
    uses_now : frozenset of str
        What it looks up at once.
    fixed : frozenset of str
        What it defines by ``import``, ``def`` or ``class``.
    """

    binds: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    uses_now: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()


@lru_cache(maxsize=10_000)
def names(source: str) -> Names:
    """Return the names of a cell; of one that is no Python, none.

    What a cell defines before it looks it up is not counted as used.  Of a cell that is not
    `readable`, nothing is known.
    """
    tree = _parsed(source)
    if tree is None:
        return Names()
    order = _Order()
    order.read(tree.body)
    fixed = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            fixed |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return Names(*map(frozenset, (order.binds, order.uses, order.uses_now, fixed)))


class _Order:
    """Reads statements in the order in which they run."""

    def __init__(self) -> None:
        self.binds: set[str] = set()
        self.uses: set[str] = set()
        self.uses_now: set[str] = set()

    def read(self, body: list[ast.stmt]) -> None:
        for node in body:
            if isinstance(node, ast.For):
                self.leaf(ast.Assign([node.target], node.iter))
                self.read(node.body + node.orelse)
            elif isinstance(node, ast.If | ast.While):
                self.leaf(ast.Expr(node.test))
                self.branch(node.body, node.orelse)
            elif isinstance(node, ast.With):
                for item in node.items:
                    targets = [item.optional_vars] if item.optional_vars else []
                    self.leaf(ast.Assign(targets, item.context_expr) if targets
                              else ast.Expr(item.context_expr))  # fmt: skip
                self.read(node.body)
            else:
                if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                    self.leaf(ast.Expr(ast.Name(node.target.id, ast.Load())))
                self.leaf(node)

    def branch(self, *bodies: list[ast.stmt]) -> None:
        """Read what may or may not run: what only some of it defines may still be missing."""
        before, after = set(self.binds), []
        for body in bodies:
            self.binds = set(before)
            self.read(body)
            after.append(self.binds)
        self.binds = set.union(*after)

    def leaf(self, node: ast.stmt) -> None:
        """Read a statement that holds no others that run now."""
        binds: set[str] = set()

        def look(table: symtable.SymbolTable, now: bool) -> None:
            module = table.get_type() == "module"
            for symbol in table.get_symbols():
                name = symbol.get_name()
                if not (module or symbol.is_global()):
                    continue
                if symbol.is_assigned() or symbol.is_imported():
                    binds.add(name)
                if symbol.is_referenced() and name not in EVERYWHERE | self.binds:
                    self.uses.add(name)
                    if now:
                        self.uses_now.add(name)
            for child in table.get_children():
                kind = child.get_type()  # of `T` in `class C[T]`: with or without an s at its end
                at_once = kind == "class" or kind.startswith("type parameter")
                look(child, now and (at_once or child.get_name() == "genexpr"))

        code = ast.unparse(ast.fix_missing_locations(ast.Module([node], [])))
        look(symtable.symtable(code, "cell", "exec"), True)
        self.binds |= binds


class _Alike(ast.NodeTransformer):
    """Writes a cell so that every Python finds the same names in it.

    The names inside of a list comprehension have a scope of their own in Python 3.11 only, those
    inside of a generator expression in all; not every Python can write every f-string.
    """

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp) -> ast.AST:
        return self.visit(ast.GeneratorExp(node.elt, node.generators))

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        both = ast.Tuple([node.key, node.value], ast.Load())
        return self.visit(ast.GeneratorExp(both, node.generators))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return self.generic_visit(ast.Tuple(node.values, ast.Load()))

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        parts = [node.value, *([node.format_spec] if node.format_spec else [])]
        return self.generic_visit(ast.Tuple(parts, ast.Load()))


def imports(source: str) -> list[str]:
    """Return the import statements of a cell."""
    tree = _parsed(source)
    found = tree.body if tree else []
    return [ast.unparse(node) for node in found if isinstance(node, ast.Import | ast.ImportFrom)]


def inert(source: str, shows: bool, only_show: Collection[str] = ()) -> bool:
    """Whether a cell matters to others only by the names that it defines.

    Parameters
    ----------
    source : str
    shows : bool
        Whether its last expression has a value that is shown, so that it was not called for
        what it does.
    only_show : collection of str
        Functions that do no more than `print` does.
    """
    tree = _parsed(source)
    if tree is None or not tree.body:
        return False
    *first, last = tree.body
    shown = shows and isinstance(last, ast.Expr)
    return all(_inert(node, only_show) for node in first) and (shown or _inert(last, only_show))


def _inert(node: ast.stmt, only_show: Collection[str]) -> bool:
    if isinstance(node, HARMLESS):
        return True
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        inside = [part for target in targets for part in ast.walk(target)]
        return not any(isinstance(part, ast.Attribute | ast.Subscript) for part in inside)
    if isinstance(node, ast.Expr):
        value = node.value
        called = ast.unparse(value.func) if isinstance(value, ast.Call) else ""
        tells = called in ("print", *only_show) or called.startswith("warnings.")
        return tells or isinstance(value, ast.Constant | ast.Name)
    if isinstance(node, COMPOUND):
        return all(_inert(n, only_show) for n in [*node.body, *getattr(node, "orelse", [])])
    return False


def readable(source: str) -> bool:
    """Whether a cell is short enough to be read here, outside of the sandbox."""
    return len(source) <= LONGEST


@lru_cache(maxsize=10_000)
def _parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell, written alike, if it is Python or IPython makes it so."""
    if not readable(source):
        return None
    with warnings.catch_warnings():  # about odd code, which is the student's affair
        warnings.simplefilter("ignore")
        tree = _checked(source)
        if tree is None and len(source) * len(MAGIC.findall(source)) <= MOST_WORK:
            try:
                tree = _checked(TransformerManager().transform_cell(source))
            except (SyntaxError, RuntimeError):  # too many lines for IPython, too
                return None
        return tree


def _checked(code: str) -> ast.Module | None:
    try:
        compile(code, "cell", "exec", dont_inherit=True, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        tree = _Alike().visit(ast.parse(code))
        symtable.symtable(ast.unparse(tree), "cell", "exec")
        return tree
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
