"""Read the text of an answer: what of a package it uses visibly, and what could hide a use.

Nothing is run and nothing is imported: everything is read off the syntax tree.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Collection, Iterator

DEEPEST = 200
LONGEST = 20_000  # characters: much longer texts can crash Python's compiler
SHOWS = frozenset({"print", "display"})

# By these a program gets at what it does not name, or looks at who called it.
HIDING_NAMES = frozenset(
    "__builtins__ __import__ __loader__ __main__ builtins compile ctypes delattr eval exec gc "
    "get_ipython getattr globals importlib inspect locals marshal pickle pkgutil runpy setattr "
    "subprocess vars".split()
)
HIDING_ATTRIBUTES = frozenset(
    "__builtins__ __closure__ __code__ __dict__ __getattribute__ __globals__ __loader__ __spec__ "
    "__subclasses__ _current_frames _getframe attrgetter f_back f_builtins f_globals f_locals "
    "gi_frame methodcaller modules monitoring setprofile settrace tb_frame user_global_ns "
    "user_ns".split()
)

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
Import = ast.Import | ast.ImportFrom


def imported(source: str, package: str) -> set[str]:
    """Return the names that the import statements in a text bind to things of a package."""
    tree = parsed(source)
    found = imports(tree) if tree else []
    return {name for node, _ in found if is_of(node, package) for name in bound_by(node)}


def uses(source: str, package: str, names: Collection[str] = (), answer: str = "") -> list[str]:
    """Find what a cell uses of a package, as far as it says so.

    What is only shown, as by ``exercises.kl.check(kl)`` or ``print(...)`` beside the functions,
    does not count.

    Parameters
    ----------
    source : str
        The text of the cell, or of one function.
    package : str
    names : collection of str, optional
        What stands for the package and its parts in the notebook: see `imported`.
    answer : str, optional
        The name that the cell is to define: importing that is a use.

    Returns
    -------
    list of str
        As ``exercises.kl.answer`` or ``import emlib.driver``; empty if the text is no Python, or
        nested beyond all measure.
    """
    tree = parsed(source)
    if tree is None:
        return []
    found: dict[str, None] = {}
    known = set(names) - _bound_otherwise(tree, package)
    for node, inside in imports(tree):
        if is_of(node, package):
            bound = bound_by(node)
            known |= bound
            if inside or answer in bound or "*" in bound:
                found[ast.unparse(node)] = None
    tree.body = [node for node in tree.body if not _only_shows(node, known)]
    used = known & _global_names(tree)
    for chain in _chains(tree):
        if chain.partition(".")[0] in used:
            found[chain] = None
    return list(found)


def hides(source: str) -> list[str]:
    """Find by what a cell could use something without naming it, such as `eval` or `getattr`.

    Lines that are not Python, such as ``%run``, are found too; of a text that `uses` cannot read
    "not Python" is said.
    """
    magics, tree = _magics(source), parsed(source)
    if tree is None:
        return [*magics, "not Python"]
    names = HIDING_NAMES - _bound_otherwise(tree, "")
    found: dict[str, None] = dict.fromkeys(magics)
    for statement, _ in imports(tree):
        modules = [statement.module or ""] if isinstance(statement, ast.ImportFrom) else []
        modules += [alias.name for alias in statement.names]
        if any({*module.split(".")} & (HIDING_NAMES | HIDING_ATTRIBUTES) for module in modules):
            found[ast.unparse(statement)] = None
    read = names & _global_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in read:
            found[node.id] = None
        if isinstance(node, ast.Attribute) and node.attr in HIDING_ATTRIBUTES:
            found[ast.unparse(node)] = None
    return list(found)


# Lines that only IPython understands: `%run x`, `!ls`, `?f`, `f?`, `y = %time f()`.
MAGIC = re.compile(r"(?m)^([^\S\n]*)((?:\w[\w.]* *= *)?[%!?].*|[\w.]+\?+ *)$")


def parsed(source: str) -> ast.Module | None:
    """Parse a text, if need be without the lines that only IPython understands."""
    if len(source) > LONGEST:
        return None
    for text in (source, MAGIC.sub(r"\1pass", source)):
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return None if _deep(tree) else tree
    return None


def _magics(source: str) -> list[str]:
    """Return the lines that only IPython understands, if there are any."""
    if len(source) > LONGEST:
        return []
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [match[2].strip() for match in MAGIC.finditer(source)]
    return []


def _deep(tree: ast.AST) -> bool:
    """Whether a tree is nested too deeply for functions that call themselves."""
    level = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return bool(level)


def imports(tree: ast.AST, inside: bool = False) -> Iterator[tuple[Import, bool]]:
    """Yield the import statements, and whether they stand in a function or class."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Import):
            yield node, inside
        yield from imports(node, inside or isinstance(node, Scope))


def is_of(node: Import, package: str) -> bool:
    """Whether an import statement imports from a package."""
    modules = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        modules = [node.module or ""]
    return any(module.partition(".")[0] == package for module in modules)


def bound_by(node: Import) -> set[str]:
    """Return the names that an import statement binds."""
    return {alias.asname or alias.name.partition(".")[0] for alias in node.names}


def _bound_otherwise(tree: ast.Module, package: str) -> set[str]:
    """Return the names to which the cell itself gives another meaning before it reads them."""
    bound: set[str] = set()
    read: set[str] = set()
    for node in tree.body:
        read |= _read_at_once(node) - bound
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, Import) and not is_of(node, package):
            bound |= bound_by(node)
        elif isinstance(node, ast.Assign):
            inner = (n for target in node.targets for n in ast.walk(target))
            stored = (n for n in inner if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
            bound |= {name.id for name in stored}
    return bound - read


def _read_at_once(node: ast.AST) -> set[str]:
    """Return the names that a statement reads when it runs, not when a function of it is called."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else set()
    children = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        children = [node.args, *node.decorator_list]
    elif isinstance(node, ast.Lambda):
        children = [node.args]
    return set().union(*map(_read_at_once, children))


def _only_shows(node: ast.stmt, known: set[str]) -> bool:
    """Whether a statement drops its value and hands nothing known to anybody else."""
    if not isinstance(node, ast.Expr):
        return False
    inner = list(ast.walk(node))
    calls = [n for n in inner if isinstance(n, ast.Call) and _root(n.func) not in known | SHOWS]
    handed = {n.id for call in calls for n in ast.walk(call) if isinstance(n, ast.Name)}
    return not handed & known and not any(isinstance(n, ast.NamedExpr) for n in inner)


def _root(node: ast.AST) -> str:
    """Return the name with which an expression such as ``a.b(c).d`` begins."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _global_names(tree: ast.Module) -> set[str]:
    """Return the names that are read from the notebook, not from a function of the cell."""
    found = set()
    tables = [symtable.symtable(ast.unparse(tree), "cell", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        module = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (module or symbol.is_global()):
                found.add(symbol.get_name())
    return found


def _chains(tree: ast.AST) -> Iterator[str]:
    """Yield names with their attributes, as ``exercises.kl.answer``, each as long as it is."""
    for node in ast.iter_child_nodes(tree):
        inner: ast.AST = node
        while isinstance(inner, ast.Attribute):
            inner = inner.value
        if isinstance(inner, ast.Name):
            if isinstance(inner.ctx, ast.Load):
                yield ast.unparse(node)
        else:
            yield from _chains(node)
