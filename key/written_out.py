"""Mistakes of a student who writes loops, made from the source of a right function with loops.

Such a function is plain: each loop is ``for ... in range(...)``, a sum begins with ``name = 0``,
the largest of some logarithms is called `largest`, and what is skipped is skipped by ``continue``.
The names of loop variables say what a loop is about.
"""

from __future__ import annotations

import ast
import inspect
import math
import textwrap
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from typing import Any

import numpy as np

from key import mixed_up
from key import rewriting as edit
from key import slip_words as words
from key.mixed_up_words import NAN_HIDDEN

Function = Callable[..., Any]
Kind = tuple[str, str, Function]  # name, words, the function with that mistake

ABOUT = {
    **{"i": "row", "j": "component", "c": "coordinate", "t": "iteration", "v": "value"},
    **{"a": "share", "m": "candidate", "h": "count"},
    **{"s": "state", "e": "state", "o": "annotator", "g": "label"},
}
ENTRY = "entry"
SKIPPED = "nothing skipped"
# What students add so that no logarithm of 0 is taken.
SMALL_NUMBERS = (1e-3, 1e-6, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-300)


def mistakes(function: Function) -> Iterator[Kind]:
    """Yield what comes of one slip in a function with loops.

    Parameters
    ----------
    function : callable
        A plain right function, defined in a file.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    plain = tree.body[0]
    for name, says, change in (*_slips(plain), *_everywhere_at_once(plain), *mixed_up.slips(plain)):
        changed = deepcopy(tree)
        change(changed.body[0])
        ast.fix_missing_locations(changed)
        scope = dict(function.__globals__)
        exec(compile(changed, "written out", "exec"), scope)
        made = scope[function.__name__]
        yield name, says, made
        if name == SKIPPED:
            yield "nan turned into 0", NAN_HIDDEN, partial(_without_nan, made)


def _without_nan(function: Function, *x: Any) -> Any:
    result = function(*x)
    return tuple(map(np.nan_to_num, result)) if type(result) is tuple else np.nan_to_num(result)


Slip = tuple[str, str, Callable[[Any], None]]


def _slips(function: Any) -> Iterator[Slip]:
    nodes = list(ast.walk(function))  # a copy is walked in the same order
    for at, node in enumerate(nodes):
        if isinstance(node, ast.For):
            yield from _of_loop(node, at)
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
            loops = [one for one in nodes if isinstance(one, ast.For) and node in ast.walk(one)]
            yield from _of_sum(node, at, loops)
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            yield "labels from 1", words.FROM_ONE, edit.replaced(at, _one_more)
        elif isinstance(node, ast.Continue):
            yield "loop left too early", words.LEFT, edit.replaced(at, lambda _: ast.Break())
            yield SKIPPED, words.NOT_SKIPPED, edit.replaced(at, lambda _: ast.Pass())
        elif isinstance(node, ast.BinOp):
            yield from _of_formula(node, at)
        elif isinstance(node, ast.Call):
            yield from _of_call(node, at)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Name):
                if node.value.id in [one.arg for one in function.args.args]:
                    says = words.ONE_ENTRY.format(what=node.value.id)
                    yield "first for all", says, edit.replaced(at, _first_entry)


def _everywhere_at_once(function: Any) -> Iterator[Slip]:
    """Yield the slips that one makes wherever a thing stands."""
    for name in [one.arg for one in function.args.args]:
        says = words.ONE_ENTRY.format(what=name)
        yield "first for all", says, edit.wherever(partial(_is_entry_of, name), _first_entry)
    for small in SMALL_NUMBERS:
        add = partial(_argument_more, small)
        yield "small number against log 0", words.ADDED, edit.wherever(_is_log, add)


def _is_entry_of(name: str, node: Any) -> bool:
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.slice, ast.Name)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    )


def _is_log(node: Any) -> bool:
    return isinstance(node, ast.Call) and _called(node) == "log"


def _argument_more(small: float, node: Any) -> Any:
    return ast.Call(node.func, [ast.BinOp(node.args[0], ast.Add(), ast.Constant(small))], [])


def _what(loop: Any) -> str:
    return ABOUT.get(loop.target.id, ENTRY) if isinstance(loop.target, ast.Name) else ENTRY


def _called(call: Any) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _of_loop(loop: Any, at: int) -> Iterator[Slip]:
    what = _what(loop)
    yield "first left out", words.FIRST.format(what=what), edit.other_range(at, first=1)
    yield "last left out", words.LAST.format(what=what), edit.other_range(at, last=1)
    yield "return inside the loop", words.RETURN_INSIDE.format(what=what), edit.returning(at)
    starts = [k for k, one in enumerate(loop.body) if _starts_sum(one)]
    if starts:
        yield "not set back", words.NOT_SET_BACK.format(what=what), edit.hoisted(at, starts)
    for k in starts if len(starts) > 1 else ():
        yield "not set back", words.NOT_SET_BACK.format(what=what), edit.hoisted(at, [k])


def _of_sum(node: Any, at: int, loops: list[Any]) -> Iterator[Slip]:
    what = _what(loops[-1]) if loops else ENTRY
    yield (
        "only the last counts",
        words.OVERWRITTEN.format(what=what),
        edit.becomes_assignment(at),
    )
    yield "term missing", words.TERM, edit.replaced(at, lambda _: ast.Pass())
    if loops:
        end = loops[-1].iter.args[-1]
        yield (
            "mean instead of sum",
            words.MEAN,
            edit.replaced(at, lambda one: _divided(one, end)),
        )


def _divided(node: Any, end: Any) -> Any:
    return ast.AugAssign(node.target, node.op, ast.BinOp(node.value, ast.Div(), deepcopy(end)))


def _one_more(node: Any) -> Any:
    more = ast.BinOp(node.comparators[0], ast.Add(), ast.Constant(1))
    return ast.Compare(node.left, node.ops, [more])


def _starts_sum(statement: Any) -> bool:
    return (
        isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        and statement.value.value == 0
    )


def _of_formula(node: Any, at: int) -> Iterator[Slip]:
    left, right = (
        edit.replaced(at, lambda one: one.left),
        edit.replaced(at, lambda one: one.right),
    )
    yield from _of_brackets(node, at)
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    if isinstance(node.op, ast.Add | ast.Sub):
        if isinstance(node.left, ast.Name) and node.left.id == "largest":
            yield "largest term not added back", words.LARGEST_LOST, right
            return
        if "largest" in names and isinstance(node.right, ast.Name) and node.right.id == "largest":
            return  # taking nothing out makes no difference, or underflows
        other = ast.Sub if isinstance(node.op, ast.Add) else ast.Add
        yield "sign inside the formula", words.SIGN, edit.operator(at, other)
        if isinstance(node.op, ast.Sub):
            turned = edit.replaced(at, lambda one: ast.BinOp(one.right, ast.Sub(), one.left))
            yield "difference the wrong way round", words.TURNED, turned
        yield "term missing", words.TERM, left
        yield "term missing", words.TERM, right
    elif isinstance(node.op, ast.Mult | ast.Div):
        other = ast.Div if isinstance(node.op, ast.Mult) else ast.Mult
        yield "product or quotient", words.TIMES, edit.operator(at, other)
        if isinstance(node.op, ast.Div):
            yield "not divided", words.DIVISOR, left
            upside = edit.replaced(at, lambda one: ast.BinOp(one.right, ast.Div(), one.left))
            yield "upside down", words.UPSIDE_DOWN, upside
            yield "decimals cut off", words.CUT, edit.operator(at, ast.FloorDiv)
            yield "n - 1 for n", words.BY_ONE, edit.replaced(at, _less_one)
            return
        for kept, gone in ((left, node.right), (right, node.left)):
            yield "factor missing", words.FACTOR.format(what=_factor(gone)), kept
        if isinstance(node.right, ast.Call) and _called(node.right) == "log":
            yield "factor inside the logarithm", words.INSIDE_LOG, edit.replaced(at, _into_log)
    elif isinstance(node.op, ast.Pow):
        yield "square or root missing", words.POWER, left
        if isinstance(node.right, ast.Constant) and node.right.value == 2:
            yield "absolute values for squares", words.ABSOLUTE, edit.replaced(at, _absolute)


def _of_brackets(node: Any, at: int) -> Iterator[Slip]:
    """Yield what comes of brackets that are missing around an operand."""
    weak = ast.Add | ast.Sub if isinstance(node.op, ast.Mult | ast.Div) else ast.Mult | ast.Div
    if isinstance(node.op, ast.Add):
        return
    if isinstance(node.op, ast.Sub):
        weak = ast.Add | ast.Sub
    if isinstance(node.right, ast.BinOp) and isinstance(node.right.op, weak):
        yield "brackets missing", words.BRACKETS, edit.replaced(at, _regrouped_right)
    inside = node.left
    if not isinstance(node.op, ast.Sub) and isinstance(inside, ast.BinOp):
        if isinstance(inside.op, weak):
            yield "brackets missing", words.BRACKETS, edit.replaced(at, _regrouped_left)


def _regrouped_right(node: Any) -> Any:
    """Turn a * (b + c) into a * b + c."""
    inside = node.right
    return ast.BinOp(ast.BinOp(node.left, node.op, inside.left), inside.op, inside.right)


def _regrouped_left(node: Any) -> Any:
    """Turn (a + b) * c into a + b * c."""
    inside = node.left
    return ast.BinOp(inside.left, inside.op, ast.BinOp(inside.right, node.op, node.right))


def _less_one(node: Any) -> Any:
    return ast.BinOp(node.left, ast.Div(), ast.BinOp(node.right, ast.Sub(), ast.Constant(1)))


def _absolute(node: Any) -> Any:
    return ast.Call(ast.Name("abs", ast.Load()), [node.left], [])


def _factor(node: Any) -> str:
    """Name a factor, without giving the formula away."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    while isinstance(node, ast.Subscript):
        node = node.value
    return f"`{node.id}`" if isinstance(node, ast.Name) else "before or after a product"


def _of_call(call: Any, at: int) -> Iterator[Slip]:
    inside = edit.replaced(at, lambda node: node.args[0])
    match _called(call):
        case "sqrt":
            yield "square or root missing", words.POWER, inside
        case "log":
            for base in (2, 10):
                name = f"logarithm to base {base}"
                yield name, words.BASE.format(base=base), edit.replaced(at, _of_base(base))
            yield "logarithm missing", words.NO_LOG, inside
        case "exp":
            yield "exponential missing", words.NO_EXP, inside
        case "zeros":
            yield "decimals cut off", words.INTEGERS, edit.replaced(at, _of_integers)


def _of_base(base: int) -> Callable[[Any], Any]:
    return lambda node: ast.BinOp(node, ast.Div(), ast.Constant(math.log(base)))


def _of_integers(call: Any) -> Any:
    return ast.Call(call.func, call.args, [ast.keyword("dtype", ast.Constant("int64"))])


def _first_entry(node: Any) -> Any:
    return ast.Subscript(node.value, ast.Constant(0), ast.Load())


def _into_log(node: Any) -> Any:
    call = deepcopy(node.right)
    call.args[0] = ast.BinOp(deepcopy(node.left), ast.Mult(), call.args[0])
    return call
