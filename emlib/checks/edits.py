"""Small edits of a program: those by which many a wrong function turns into a right one.

Each edit changes one thing: a function, an axis, an operator, a number, a name, the place of a
line.  Nothing is run here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from emlib.checks.replacements import STEPS, replacements

Slot = tuple[Any, str, int | None]  # where a part of a tree hangs: its parent, field and place


class Edit(NamedTuple):
    """One edit: its kind, the line and the text that it changes, and what does it and undoes it."""

    kind: str
    line: int
    text: str
    changes: tuple[tuple[Slot, Any], ...]


def edits(functions: list[ast.FunctionDef]) -> list[Edit]:
    """Return the edits of functions of one cell, the likeliest kinds first.

    Parameters
    ----------
    functions : list of ast.FunctionDef
        They are not changed; `applied` does that.
    """
    found: list[Edit] = []
    for function in functions:
        names = _names(function)
        around = {
            child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)
        }
        slots = [slot for slot in _slots(function) if isinstance(_get(slot), ast.expr)]
        for slot in slots:
            node = _get(slot)
            if not hasattr(node, "lineno") or _is_a_power_of_numbers(slot[0]):
                continue
            for kind, new in replacements(node, names, slot[0], slot[1]):
                text = ast.unparse(_seen_in(node, around))
                if kind == "number" and _is_an_index(node, around):
                    kind = "entry"
                found.append(Edit(kind, node.lineno, text, ((slot, new),)))
        found += _of_statements(function)
        adding = [slot for slot in slots if _adds_a_number(_get(slot))]
        for line in dict.fromkeys(_get(slot).lineno for slot in adding):
            counts = [slot for slot in adding if _get(slot).lineno == line]
            first = _get(counts[0])
            changes = tuple((slot, _get(slot).left) for slot in reversed(counts))
            found.append(Edit("superfluous", first.lineno, ast.unparse(first), changes))
    found += list(_everywhere(found))
    # A step that is missing is best made late, when all is at hand.
    late = sorted(found, key=lambda edit: -edit.line if edit.kind in STEPS else 0)
    return sorted(late, key=lambda edit: KINDS.index(edit.kind))


KINDS = (
    "axis limit never always condition mask case function superfluous sum operator swap order "
    "brackets index number entry line place name log float transpose".split()
)


@contextmanager
def applied(edit: Edit) -> Iterator[None]:
    """Make an edit, and undo it at the end."""
    before = [(slot, _get(slot)) for slot, _ in edit.changes]
    for slot, new in edit.changes:
        _set(slot, new)
    try:
        yield
    finally:
        for slot, old in before:
            _set(slot, old)


def _get(slot: Slot) -> Any:
    parent, field, place = slot
    value = getattr(parent, field)
    return value if place is None else value[place]


def _set(slot: Slot, value: Any) -> None:
    parent, field, place = slot
    if place is None:
        setattr(parent, field, value)
    else:
        getattr(parent, field)[place] = value


def _slots(node: ast.AST) -> Iterator[Slot]:
    """Yield every place in a tree where a node hangs, but for annotations and decorators."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "ctx", "ops", "op"):
            continue
        places = enumerate(value) if isinstance(value, list) else [(None, value)]
        for place, child in places:
            if isinstance(child, ast.AST):
                yield node, field, place
                yield from _slots(child)


def _names(function: ast.FunctionDef) -> list[str]:
    """Return the parameters and variables of a function."""
    args = [arg.arg for arg in ast.walk(function.args) if isinstance(arg, ast.arg)]
    stored = (n for n in ast.walk(function) if isinstance(n, ast.Name))
    return list(dict.fromkeys([*args, *(n.id for n in stored if isinstance(n.ctx, ast.Store))]))


def _seen_in(node: ast.AST, around: dict[ast.AST, ast.AST]) -> ast.AST:
    """Return what to show of a number: the call or operation in which it stands."""
    while isinstance(node, ast.Constant | ast.keyword | ast.UnaryOp | ast.Tuple | ast.Slice):
        if not isinstance(around[node], ast.expr | ast.keyword | ast.Slice):
            break
        node = around[node]
    return node


def _is_an_index(node: ast.AST, around: dict[ast.AST, ast.AST]) -> bool:
    """Whether a number, a bound or one of several tells which entries are picked."""
    while isinstance(around.get(node), ast.Tuple | ast.List | ast.Slice | ast.UnaryOp):
        node = around[node]
    outer = around.get(node)
    return isinstance(outer, ast.Subscript) and node is outer.slice


def _is_a_power_of_numbers(node: ast.AST) -> bool:
    """Whether an expression is as ``10 ** 6``: of other numbers it might be beyond all measure."""
    power = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
    return power and not any(isinstance(one, ast.Name) for one in ast.walk(node))


def _adds_a_number(node: ast.AST) -> bool:
    """Whether a number is added, as pseudo-counts and small safeguards are."""
    match node:
        case ast.BinOp(op=ast.Add(), right=ast.Constant(value=int() | float())):
            return True
    return False


def _of_statements(function: ast.FunctionDef) -> Iterator[Edit]:
    """Yield edits that leave a line out or move it."""
    todo: list[tuple[Slot, list[ast.stmt]]] = [((function, "body", None), function.body)]
    while todo:
        slot, body = todo.pop()
        for i, one in enumerate(body):
            rest = body[:i] + body[i + 1 :]
            if not isinstance(one, ast.Return) and rest:
                yield _whole("never" if isinstance(one, ast.If) else "line", one, slot, rest)
            if i and not isinstance(one, ast.FunctionDef | ast.Return):
                yield _whole("place", one, slot, [*body[: i - 1], one, body[i - 1], *body[i + 1 :]])
            if isinstance(one, ast.If):
                yield _whole("always", one, slot, [*body[:i], *one.body, *body[i + 1 :]])
            if isinstance(one, ast.AugAssign) and isinstance(one.op, ast.Add):
                value = ast.Assign([one.target], one.value)
                yield _whole("operator", one, slot, [*body[:i], value, *body[i + 1 :]])
            if isinstance(one, ast.For | ast.While):
                inner, after = one.body, body[i + 1 :]
                moves = []
                if len(inner) > 1:
                    moves += [(inner[-1], inner[:-1], [one, inner[-1], *after])]
                    moves += [(inner[0], inner[1:], [inner[0], one, *after])]
                if after and not isinstance(after[0], ast.Return):
                    moves += [(after[0], [*inner, after[0]], [one, *after[1:]])]
                if i:
                    before = body[i - 1]
                    changes = (
                        ((one, "body", None), [before, *inner]),
                        (slot, [*body[: i - 1], one, *after]),
                    )
                    yield Edit("place", before.lineno, _first_line(before), changes)
                for moved, new, around in moves:
                    changes = (((one, "body", None), new), (slot, [*body[:i], *around]))
                    yield Edit("place", moved.lineno, _first_line(moved), changes)
            for field in ("body", "orelse"):
                if isinstance(getattr(one, field, None), list):
                    todo.append(((one, field, None), getattr(one, field)))


def _whole(kind: str, one: ast.stmt, slot: Slot, body: list[ast.stmt]) -> Edit:
    return Edit(kind, one.lineno, _first_line(one), ((slot, body),))


def _first_line(node: ast.stmt) -> str:
    return ast.unparse(node).splitlines()[0]


def _everywhere(found: Iterable[Edit]) -> Iterator[Edit]:
    """Yield the same edit made at all places of a line that read alike: one line is told."""
    alike: dict[tuple[str, int, str, str], list[Edit]] = {}
    for edit in found:
        (_, new), *more = edit.changes
        if not more and isinstance(new, ast.expr):
            alike.setdefault((edit.kind, edit.line, edit.text, ast.unparse(new)), []).append(edit)
    for some in alike.values():
        slots = {(id(slot[0]), slot[1:]) for edit in some for slot, _ in edit.changes}
        if 1 < len(slots) == len(some):
            changes = tuple(change for edit in some for change in edit.changes)
            yield some[0]._replace(changes=changes)
