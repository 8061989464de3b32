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

Function = Callable[..., Any]
Kind = tuple[str, str, Function]  # name, words, the function with that mistake

ABOUT = {
    **{"i": "row", "j": "component", "c": "coordinate", "t": "iteration", "v": "value"},
    **{"a": "share", "m": "candidate", "h": "count"},
}
ENTRY = "entry"
FIRST = (
    "It looks as if the first {what} was left out. Python counts from 0: where does the loop, or "
    "the slice, begin?"
)
LAST = (
    "It looks as if the last {what} was left out. `range(n)` and a slice up to `n` end before `n` "
    "by themselves."
)
NOT_SET_BACK = (
    "It looks as if each {what} counts what belongs to those before it, too. Is a sum not set back "
    "to 0 at the beginning of the loop? Or does `<=` stand where `==` belongs?"
)
RETURN_INSIDE = (
    "It looks as if only the first {what} was worked out. Does a `return` stand inside the loop? "
    "Then it ends there: mind how far the line is indented."
)
OVERWRITTEN = (
    "It looks as if only the last {what} counts. Does each round of the loop overwrite the one "
    "before, with `=` where `+=` belongs?"
)
LEFT = (
    "It looks as if the loop is left at the first term that should only be skipped: `continue` "
    "skips one, `break` and `return` skip all that follow."
)
LARGEST_LOST = (
    "It looks as if the largest logarithm was taken out before `np.exp`, but not added again after "
    "the logarithm of the sum."
)
INSIDE_LOG = (
    "It looks as if a factor stands inside the logarithm that should multiply it: `w * log(u)` is "
    "not `log(w * u)`."
)
SIGN = (
    "It looks as if one sign inside the formula is the wrong one: a plus where a minus belongs, or "
    "a minus where a plus belongs."
)
TIMES = (
    "It looks as if somewhere in the formula a product stands where a quotient belongs, or a "
    "quotient where a product belongs."
)
FACTOR = "It looks as if the factor {what} is missing somewhere in the formula."
DIVISOR = "It looks as if a division is missing somewhere in the formula, or done once too often."
TERM = "It looks as if a term of the formula is missing: something is not added or subtracted."
POWER = "It looks as if a square is missing in the formula, or a root."
ONE_ENTRY = (
    "It looks as if only the first entry of `{what}` were used, for all of them. Each has its own."
)
BASE = (
    "It looks as if a logarithm of the formula is to base {base}. In nats it is the natural one: "
    "`np.log`."
)
MEAN = (
    "It looks as if a mean was taken where a sum belongs, as by `np.mean`: it is divided by the "
    "number of entries, too."
)
BY_ONE = (
    "It looks as if a number that something is divided by is one too small or too large. Count "
    "everything once; n - 1 belongs to another formula, the sample variance."
)
BRACKETS = (
    "It looks as if brackets are missing, or stand in the wrong place: `a / b + c` is "
    "`(a / b) + c`, and `a * b ** c` is `a * (b ** c)`."
)
UPSIDE_DOWN = "It looks as if a fraction inside the formula stands upside down."
TURNED = "It looks as if a difference inside the formula is the wrong way round."
CUT = (
    "It looks as if decimals were cut off on the way: `//` drops what stands behind the point. "
    "Divide with `/`."
)
ABSOLUTE = "It looks as if absolute values were taken where squares belong."
FROM_ONE = "It looks as if labels were counted from 1. They go from 0 to k - 1."
ADDED = (
    "It looks as if a small number was added inside a logarithm, so that it is never that of 0. "
    "That changes the result: treat the zeros by themselves."
)
NO_LOG = "It looks as if a logarithm of the formula is missing."
NO_EXP = "It looks as if `np.exp` is missing somewhere: a logarithm stands for the number itself."
INTEGERS = (
    "It looks as if numbers on the way were written into an array of integers, which cuts off "
    "their decimals. `np.zeros_like` makes one of integers."
)


def mistakes(function: Function) -> Iterator[Kind]:
    """Yield what comes of one slip in a function with loops.

    Parameters
    ----------
    function : callable
        A plain right function, defined in a file.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for name, says, change in (*_slips(tree.body[0]), *_everywhere_at_once(tree.body[0])):
        changed = deepcopy(tree)
        change(changed.body[0])
        ast.fix_missing_locations(changed)
        scope = dict(function.__globals__)
        exec(compile(changed, "written out", "exec"), scope)
        yield name, says, scope[function.__name__]


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
            yield "labels from 1", FROM_ONE, _replaced(at, _one_more)
        elif isinstance(node, ast.Continue):
            yield "loop left too early", LEFT, _replaced(at, lambda _: ast.Break())
        elif isinstance(node, ast.BinOp):
            yield from _of_formula(node, at)
        elif isinstance(node, ast.Call):
            yield from _of_call(node, at)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Name):
                if node.value.id in [one.arg for one in function.args.args]:
                    says = ONE_ENTRY.format(what=node.value.id)
                    yield "first for all", says, _replaced(at, _first_entry)


def _everywhere_at_once(function: Any) -> Iterator[Slip]:
    """Yield the slips that one makes wherever a thing stands."""
    for name in [one.arg for one in function.args.args]:
        says = ONE_ENTRY.format(what=name)
        yield "first for all", says, _wherever(partial(_is_entry_of, name), _first_entry)
    for small in (1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-300):
        add = partial(_argument_more, small)
        yield "small number against log 0", ADDED, _wherever(_is_log, add)


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


def _wherever(right: Callable[[Any], bool], new: Callable[[Any], Any]) -> Callable[[Any], None]:
    def change(function: Any) -> None:
        nodes = list(ast.walk(function))
        for at in reversed([at for at, node in enumerate(nodes) if right(node)]):
            _replaced_node(function, nodes[at], new)

    return change


def _what(loop: Any) -> str:
    return ABOUT.get(loop.target.id, ENTRY) if isinstance(loop.target, ast.Name) else ENTRY


def _called(call: Any) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _of_loop(loop: Any, at: int) -> Iterator[Slip]:
    what = _what(loop)
    yield "first left out", FIRST.format(what=what), _other_range(at, first=1)
    yield "last left out", LAST.format(what=what), _other_range(at, last=1)
    yield "return inside the loop", RETURN_INSIDE.format(what=what), _returning(at)
    starts = [k for k, one in enumerate(loop.body) if _starts_sum(one)]
    if starts:
        yield "not set back", NOT_SET_BACK.format(what=what), _hoisted(at, starts)
    for k in starts if len(starts) > 1 else ():
        yield "not set back", NOT_SET_BACK.format(what=what), _hoisted(at, [k])


def _of_sum(node: Any, at: int, loops: list[Any]) -> Iterator[Slip]:
    what = _what(loops[-1]) if loops else ENTRY
    yield "only the last counts", OVERWRITTEN.format(what=what), _becomes_assignment(at)
    yield "term missing", TERM, _replaced(at, lambda _: ast.Pass())
    if loops:
        end = loops[-1].iter.args[-1]
        yield "mean instead of sum", MEAN, _replaced(at, lambda one: _divided(one, end))


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
    left, right = _replaced(at, lambda one: one.left), _replaced(at, lambda one: one.right)
    yield from _of_brackets(node, at)
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    if isinstance(node.op, ast.Add | ast.Sub):
        if isinstance(node.left, ast.Name) and node.left.id == "largest":
            yield "largest term not added back", LARGEST_LOST, right
            return
        if "largest" in names and isinstance(node.right, ast.Name) and node.right.id == "largest":
            return  # taking nothing out makes no difference, or underflows
        other = ast.Sub if isinstance(node.op, ast.Add) else ast.Add
        yield "sign inside the formula", SIGN, _operator(at, other)
        if isinstance(node.op, ast.Sub):
            turned = _replaced(at, lambda one: ast.BinOp(one.right, ast.Sub(), one.left))
            yield "difference the wrong way round", TURNED, turned
        yield "term missing", TERM, left
        yield "term missing", TERM, right
    elif isinstance(node.op, ast.Mult | ast.Div):
        other = ast.Div if isinstance(node.op, ast.Mult) else ast.Mult
        yield "product or quotient", TIMES, _operator(at, other)
        if isinstance(node.op, ast.Div):
            yield "not divided", DIVISOR, left
            upside = _replaced(at, lambda one: ast.BinOp(one.right, ast.Div(), one.left))
            yield "upside down", UPSIDE_DOWN, upside
            yield "decimals cut off", CUT, _operator(at, ast.FloorDiv)
            for kind in (ast.Add, ast.Sub):
                yield "n - 1 for n", BY_ONE, _replaced(at, partial(_divisor_by_one, kind))
            return
        for kept, gone in ((left, node.right), (right, node.left)):
            yield "factor missing", FACTOR.format(what=_factor(gone)), kept
        if isinstance(node.right, ast.Call) and _called(node.right) == "log":
            yield "factor inside the logarithm", INSIDE_LOG, _replaced(at, _into_log)
    elif isinstance(node.op, ast.Pow):
        yield "square or root missing", POWER, left
        if isinstance(node.right, ast.Constant) and node.right.value == 2:
            yield "absolute values for squares", ABSOLUTE, _replaced(at, _absolute)


def _of_brackets(node: Any, at: int) -> Iterator[Slip]:
    """Yield what comes of brackets that are missing around an operand."""
    weak = ast.Add | ast.Sub if isinstance(node.op, ast.Mult | ast.Div) else ast.Mult | ast.Div
    if isinstance(node.op, ast.Add):
        return
    if isinstance(node.op, ast.Sub):
        weak = ast.Add | ast.Sub
    if isinstance(node.right, ast.BinOp) and isinstance(node.right.op, weak):
        yield "brackets missing", BRACKETS, _replaced(at, _regrouped_right)
    inside = node.left
    if not isinstance(node.op, ast.Sub) and isinstance(inside, ast.BinOp):
        if isinstance(inside.op, weak):
            yield "brackets missing", BRACKETS, _replaced(at, _regrouped_left)


def _regrouped_right(node: Any) -> Any:
    """Turn a * (b + c) into a * b + c."""
    inside = node.right
    return ast.BinOp(ast.BinOp(node.left, node.op, inside.left), inside.op, inside.right)


def _regrouped_left(node: Any) -> Any:
    """Turn (a + b) * c into a + b * c."""
    inside = node.left
    return ast.BinOp(inside.left, inside.op, ast.BinOp(inside.right, node.op, node.right))


def _divisor_by_one(kind: type, node: Any) -> Any:
    return ast.BinOp(node.left, ast.Div(), ast.BinOp(node.right, kind(), ast.Constant(1)))


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
    inside = _replaced(at, lambda node: node.args[0])
    match _called(call):
        case "sqrt":
            yield "square or root missing", POWER, inside
        case "log":
            for base in (2, 10):
                name = f"logarithm to base {base}"
                yield name, BASE.format(base=base), _replaced(at, _of_base(base))
            yield "logarithm missing", NO_LOG, inside
        case "exp":
            yield "exponential missing", NO_EXP, inside
        case "zeros":
            yield "decimals cut off", INTEGERS, _replaced(at, _of_integers)


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


def _replaced(at: int, new: Callable[[Any], Any]) -> Callable[[Any], None]:
    """Return what replaces a node, in place."""
    return lambda function: _replaced_node(function, list(ast.walk(function))[at], new)


def _replaced_node(function: Any, node: Any, new: Callable[[Any], Any]) -> None:
    for parent in ast.walk(function):
        for field, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, field, new(node))
                return
            if isinstance(value, list) and any(one is node for one in value):
                setattr(parent, field, [new(one) if one is node else one for one in value])
                return


def _operator(at: int, kind: type) -> Callable[[Any], None]:
    return _replaced(at, lambda node: ast.BinOp(node.left, kind(), node.right))


def _becomes_assignment(at: int) -> Callable[[Any], None]:
    return _replaced(at, lambda node: ast.Assign([node.target], node.value))


def _other_range(at: int, first: int = 0, last: int = 0) -> Callable[[Any], None]:
    def change(function: Any) -> None:
        loop = list(ast.walk(function))[at]
        *begin, end = loop.iter.args
        one = ast.Constant(1)
        start = ast.BinOp(begin[0], ast.Add(), one) if begin and first else one
        begin = [start] if first else begin
        loop.iter.args = [*begin, ast.BinOp(end, ast.Sub(), one) if last else end]

    return change


def _returning(at: int) -> Callable[[Any], None]:
    def change(function: Any) -> None:
        list(ast.walk(function))[at].body.append(deepcopy(function.body[-1]))

    return change


def _hoisted(at: int, starts: list[int]) -> Callable[[Any], None]:
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
