"""Slips in a plain function where one thing stands for another: names, indices, comparisons.

Their kind is that of `key.written_out`, which asks for them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from typing import Any

from key import mixed_up_words as words
from key import rewriting as edit
from key.slip_words import SIGN

Slip = tuple[str, str, Callable[[Any], None]]

FLOORS = (1e-300, 1e-100, 1e-16, 1e-12, 1e-10, 1e-8, 1e-6, 1e-3)
LEAST_LOGARITHMS = (-745.0, -700.0, -500.0, -300.0, -100.0, -50.0, -30.0)


def slips(function: Any) -> Iterator[Slip]:
    """Yield slips of one place each, then those that are made wherever a thing stands."""
    named = [one.arg for one in function.args.args]
    forms = _forms(function, named)
    counts = _counts(function)
    for at, node in enumerate(ast.walk(function)):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            yield from _of_index(node, at)
            yield from _of_name(node, at, forms)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("max", "min") and len(node.args) > 1:
                yield "max for min", words.MAX_MIN, edit.replaced(at, _other_limit)
                for one in (0, 1):
                    argument = edit.replaced(at, lambda call, one=one: call.args[one])
                    yield "no limit", words.NO_LIMIT, argument
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            yield "sign inside the formula", SIGN, edit.replaced(at, lambda minus: minus.operand)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield from _of_divisor(node, at, counts)
        elif isinstance(node, ast.BoolOp):
            yield "and for or", words.AND_OR, edit.replaced(at, _other_join)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            for factor in (node.left, node.right):
                if not isinstance(factor, ast.Constant):
                    twice = edit.replaced(at, partial(_twice, factor))
                    yield "factor twice", words.TWICE, twice
    for least in FLOORS:
        floor = partial(_floored, least)
        yield "a floor in a logarithm", words.FLOOR, edit.wherever(partial(_is, "log"), floor)
        guard = edit.wherever(_is_quotient, partial(_guarded, least))
        yield "something added to a divisor", words.GUARD, guard
    for least in LEAST_LOGARITHMS:
        floor = partial(_floored, least)
        yield (
            "a floor in an exponential",
            words.FLOOR_EXP,
            edit.wherever(partial(_is, "exp"), floor),
        )


def _counts(function: Any) -> list[str]:
    """Return the names of lengths, such as those in ``n, k = r.shape``, and of sums."""
    found: dict[str, None] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                one = node.value
                length = isinstance(one, ast.Attribute | ast.Call | ast.Tuple | ast.Subscript)
                shape = length and ("shape" in ast.dump(one) or "'len'" in ast.dump(one))
                if shape or (isinstance(one, ast.Constant) and one.value == 0):
                    found |= {name.id: None for name in names if isinstance(name, ast.Name)}
    return list(found)


def _of_divisor(node: Any, at: int, counts: list[str]) -> Iterator[Slip]:
    if isinstance(node.right, ast.Name) and node.right.id in counts:
        for other in counts:
            if other != node.right.id:
                change = edit.replaced(at, partial(_divided_by, other))
                yield "another divisor", words.DIVISOR, change


def _divided_by(name: str, node: Any) -> Any:
    return ast.BinOp(node.left, ast.Div(), ast.Name(name, ast.Load()))


def _forms(function: Any, named: list[str]) -> dict[str, int]:
    """Return with how many indices each argument is used."""
    forms: dict[str, int] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            if node.value.id in named:
                forms.setdefault(node.value.id, _indices(node))
    return forms


def _indices(node: Any) -> int:
    return len(node.slice.elts) if isinstance(node.slice, ast.Tuple) else 1


def _of_name(node: Any, at: int, forms: dict[str, int]) -> Iterator[Slip]:
    name = getattr(node.value, "id", "")
    if name in forms:
        for other, form in forms.items():
            if other != name and form == _indices(node):
                says = words.OTHER_NAME.format(name=name, other=other)
                yield "another argument", says, edit.replaced(at, partial(_renamed, other))


def _renamed(name: str, node: Any) -> Any:
    return ast.Subscript(ast.Name(name, ast.Load()), node.slice, ast.Load())


def _of_index(node: Any, at: int) -> Iterator[Slip]:
    index = node.slice
    if isinstance(index, ast.Constant) and isinstance(index.value, int):
        for other in range(4):
            if other != index.value:
                change = edit.replaced(at, partial(_index, lambda _, to=other: ast.Constant(to)))
                yield "another entry", words.OTHER_ENTRY, change
    if isinstance(index, ast.Tuple) and len(index.elts) == 2:
        yield "indices exchanged", words.INDICES, edit.replaced(at, _indices_exchanged)
    first = index.elts[0] if isinstance(index, ast.Tuple) else index
    if isinstance(first, ast.Name):
        yield "index off by one", words.BEFORE, edit.replaced(at, partial(_index, _one_before))
    elif isinstance(first, ast.BinOp) and isinstance(first.left, ast.Name):
        yield "index off by one", words.SAME, edit.replaced(at, partial(_index, _without_shift))


def _indices_exchanged(node: Any) -> Any:
    one, other = node.slice.elts
    index = ast.Tuple([deepcopy(other), deepcopy(one)], ast.Load())
    return ast.Subscript(node.value, index, ast.Load())


def _index(change: Callable[[Any], Any], node: Any) -> Any:
    index = node.slice
    if isinstance(index, ast.Tuple):
        new: Any = ast.Tuple([change(index.elts[0]), *index.elts[1:]], ast.Load())
    else:
        new = change(index)
    return ast.Subscript(node.value, new, ast.Load())


def _one_before(index: Any) -> Any:
    return ast.BinOp(index, ast.Sub(), ast.Constant(1))


def _without_shift(index: Any) -> Any:
    return index.left


def _other_limit(call: Any) -> Any:
    other = "min" if call.func.id == "max" else "max"
    return ast.Call(ast.Name(other, ast.Load()), call.args, call.keywords)


def _other_join(node: Any) -> Any:
    return ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _twice(factor: Any, node: Any) -> Any:
    return ast.BinOp(node, ast.Mult(), deepcopy(factor))


def _is(name: str, node: Any) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr == name


def _is_quotient(node: Any) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)


def _floored(least: float, call: Any) -> Any:
    floor = ast.Attribute(ast.Name("np", ast.Load()), "maximum", ast.Load())
    return ast.Call(call.func, [ast.Call(floor, [call.args[0], ast.Constant(least)], [])], [])


def _guarded(small: float, node: Any) -> Any:
    more = ast.BinOp(node.right, ast.Add(), ast.Constant(small))
    return ast.BinOp(node.left, ast.Div(), more)
