"""Rewrite the source of a function: each of these returns what changes its syntax tree in place.

A node is known by its place in the order in which `ast.walk` comes to it, so that it is found in a
copy, too.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from copy import deepcopy
from typing import Any


def replaced(at: int, new: Callable[[Any], Any]) -> Callable[[Any], None]:
    """Return what replaces a node, in place."""
    return lambda function: replaced_node(function, list(ast.walk(function))[at], new)


def replaced_node(function: Any, node: Any, new: Callable[[Any], Any]) -> None:
    for parent in ast.walk(function):
        for field, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, field, new(node))
                return
            if isinstance(value, list) and any(one is node for one in value):
                setattr(parent, field, [new(one) if one is node else one for one in value])
                return


def operator(at: int, kind: type) -> Callable[[Any], None]:
    return replaced(at, lambda node: ast.BinOp(node.left, kind(), node.right))


def becomes_assignment(at: int) -> Callable[[Any], None]:
    return replaced(at, lambda node: ast.Assign([node.target], node.value))


def other_range(at: int, first: int = 0, last: int = 0) -> Callable[[Any], None]:
    def change(function: Any) -> None:
        loop = list(ast.walk(function))[at]
        *begin, end = loop.iter.args
        one = ast.Constant(1)
        start = ast.BinOp(begin[0], ast.Add(), one) if begin and first else one
        begin = [start] if first else begin
        loop.iter.args = [*begin, ast.BinOp(end, ast.Sub(), one) if last else end]

    return change


def returning(at: int) -> Callable[[Any], None]:
    def change(function: Any) -> None:
        list(ast.walk(function))[at].body.append(deepcopy(function.body[-1]))

    return change


def hoisted(at: int, starts: list[int]) -> Callable[[Any], None]:
    """Move the starts of sums in front of a loop."""

    def change(function: Any) -> None:
        loop = list(ast.walk(function))[at]
        moved = [loop.body[k] for k in starts]
        loop.body = [one for k, one in enumerate(loop.body) if k not in starts]
        for parent in ast.walk(function):
            body = getattr(parent, "body", None)
            if isinstance(body, list) and any(one is loop for one in body):
                place = next(k for k, one in enumerate(body) if one is loop)
                body[place:place] = moved
                return

    return change


def wherever(right: Callable[[Any], bool], new: Callable[[Any], Any]) -> Callable[[Any], None]:
    def change(function: Any) -> None:
        nodes = list(ast.walk(function))
        for at in reversed([at for at, node in enumerate(nodes) if right(node)]):
            replaced_node(function, nodes[at], new)

    return change
