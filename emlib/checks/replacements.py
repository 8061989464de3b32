"""What could stand in the place of an expression: the small slips of a program, taken back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import permutations

import numpy as np

ALIKE = (
    "sum mean prod max min median",
    "log log2 log10 log1p",
    "exp expm1",
    "argmax argmin",
    "pmf cdf logpmf logcdf sf",
    "pdf cdf logpdf sf",
    "std var",
    "any all",
    "cumsum cumprod",
    "floor ceil",
    "maximum minimum",
    "zeros ones",
)
OPERATORS: tuple[tuple[type[ast.operator], ...], ...] = (
    (ast.Add, ast.Sub),
    (ast.Mult, ast.Div, ast.FloorDiv, ast.Add),
    (ast.Pow, ast.Mult),
)
COMPARISONS: tuple[type[ast.cmpop], ...] = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
REDUCTIONS = (ALIKE[0] + " logsumexp argmax argmin cumsum any all").split()
LIMITS = "abs clip maximum minimum max min where round around rint floor int nan_to_num".split()
NUMPY = "_numpy_of_the_check"  # what NumPy is called in the edited program
STEPS = {  # one more step after an expression, by its kind
    "sum": ("sum({})", "sum({}, axis=0)", "sum({}, axis=-1)", "mean({})"),
    "log": (
        "log({})",
        "exp({})",
        "sqrt({})",
        "negative({})",
        "subtract(1, {})",
        "square({})",
        "reciprocal({})",
    ),
    "float": ("asarray({}, dtype=float)",),
    "transpose": ("transpose({})", "reshape({}, (-1, 1))", "abs({})", "diag({})"),
}


def replacements(
    node: ast.expr, names: list[str], parent: ast.AST, field: str
) -> Iterator[tuple[str, ast.expr]]:
    """Yield what could stand in the place of an expression, each with the kind of the edit."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if field != "func":
            if name in names:
                yield from (("name", _name(other)) for other in names if other != name)
            alone = isinstance(parent, ast.Call) and len(parent.args) == 1
            if isinstance(parent, ast.Slice) or alone or _is_called(parent, "range"):
                for operator in (ast.Add(), ast.Sub()):
                    yield "number", ast.BinOp(_name(name), operator, ast.Constant(1))
        case ast.Constant(value=bool(value)):
            keeps = isinstance(parent, ast.keyword) and parent.arg == "keepdims"
            yield "axis" if keeps else "condition", ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            near = (0, 1, 2, -1, value + 1, value - 1, -value, value / 10, value / 100, value * 100)
            others = dict.fromkeys(v for v in near if v != value)
            if value == 0 and isinstance(
                parent, ast.Assign | ast.Tuple
            ):  # what a search begins with
                yield "number", _number(-np.inf)
            if isinstance(parent, ast.keyword) and parent.arg == "axis":
                return  # its call is edited
            for number in others:
                # If 0 will do for a number such as 1.96, what it belongs to is too much.
                vanishes = number == 0 and value % 1 != 0
                yield "superfluous" if vanishes else "number", _number(number)
            if not _is_called(parent, *LIMITS):  # which would hand its bound on
                yield from (("number", _name(name)) for name in names)
        case ast.Call():
            yield from _of_call(node)
        case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr() as both, right=right):
            otherwise = ast.BitOr() if isinstance(both, ast.BitAnd) else ast.BitAnd()
            joined = ast.BinOp(left, otherwise, right)
            yield from (("condition", new) for new in (joined, left, right))
        case ast.BinOp():
            yield from _of_operation(node)
        case ast.UnaryOp(operand=inner):
            yield "operator", inner
        case ast.BoolOp(values=values):
            yield (
                "condition",
                ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), values),
            )
            yield from (("condition", value) for value in values)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            for other in COMPARISONS:
                if type(op) in COMPARISONS and type(op) is not other:
                    yield "condition", ast.Compare(left, [other()], [right])
            if not isinstance(parent, ast.If | ast.While | ast.IfExp | ast.BoolOp):  # of an array
                yield "mask", ast.BinOp(node, ast.BitOr(), ast.Constant(True))
                if not (isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store)):
                    yield "condition", ast.BinOp(node, ast.BitAnd(), ast.Constant(False))
        case ast.IfExp(body=body, orelse=orelse):
            yield "case", body
            yield "case", orelse
            yield "condition", ast.IfExp(node.test, orelse, body)
        case ast.Subscript(value=value, ctx=ast.Load()):
            yield "index", value
        case ast.Attribute(attr="T", value=value):
            yield "superfluous", value
        case ast.Tuple(elts=elements, ctx=ast.Load()) if 1 < len(elements) < 4:
            for some in list(permutations(elements))[1:]:
                yield "order", ast.Tuple(list(some), ast.Load())
    if isinstance(parent, ast.Return) and not isinstance(node, ast.Name):
        yield from (("name", _name(name)) for name in names)
    if isinstance(parent, ast.Return) and isinstance(node, ast.Tuple) and len(node.elts) == 2:
        yield "sum", ast.BinOp(node.elts[0], ast.Sub(), node.elts[1])
    if isinstance(parent, ast.If | ast.While) and field == "test":
        yield "condition", ast.UnaryOp(ast.Not(), node)
    if _is_value(parent, field):
        plain = isinstance(node, ast.Name | ast.Constant)
        within = plain and isinstance(parent, ast.Call | ast.BinOp)
        for kind, templates in STEPS.items():
            if kind != "sum" or not within:
                yield from ((kind, _step(template, node)) for template in templates)


def _is_value(parent: ast.AST, field: str) -> bool:
    """Whether an expression is what is returned, assigned or handed on."""
    kinds = (ast.Return, ast.Assign, ast.AugAssign, ast.Call, ast.Tuple, ast.BinOp, ast.keyword)
    return isinstance(parent, kinds) and field in ("value", "args", "elts", "left", "right")


def _is_called(node: ast.AST, *names: str) -> bool:
    return isinstance(node, ast.Call) and _called(node) in names


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _number(value: float) -> ast.expr:
    constant = ast.Constant(abs(value))
    return ast.UnaryOp(ast.USub(), constant) if value < 0 else constant


def _step(template: str, node: ast.expr) -> ast.expr:
    call = ast.parse(f"{NUMPY}.{template.format('_')}", mode="eval").body
    assert isinstance(call, ast.Call)
    place = next(
        i for i, one in enumerate(call.args) if isinstance(one, ast.Name) and one.id == "_"
    )
    call.args[place] = node
    return call


def _of_call(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    func, args, keywords = node.func, node.args, node.keywords
    name = _called(node)
    for group in ALIKE:
        for other in group.split():
            if name in group.split() and other != name and not _are_numbers(node):
                new: ast.expr = ast.Attribute(_name(NUMPY), other, ast.Load())
                if isinstance(func, ast.Attribute):
                    new = ast.Attribute(func.value, other, ast.Load())
                yield "function", ast.Call(new, args, keywords)
    if not any(keyword.arg == "axis" for keyword in keywords):
        if name in REDUCTIONS:
            for axis in (0, 1, -1):
                one = ast.keyword("axis", _number(axis))
                keep = ast.keyword("keepdims", ast.Constant(True))
                yield "axis", ast.Call(func, args, [*keywords, one])
                yield "axis", ast.Call(func, args, [*keywords, one, keep])
    for keyword in keywords if name != "unique" else ():  # what is unique is no matter of axes
        if keyword.arg == "axis":
            kept = any(one.arg == "keepdims" for one in keywords)
            others = [one for one in keywords if one is not keyword]
            for axis in (0, 1, -1):
                one = ast.keyword("axis", _number(axis))
                yield "axis", ast.Call(func, args, [*others, one])
                if not kept:
                    keep = ast.keyword("keepdims", ast.Constant(True))
                    yield "axis", ast.Call(func, args, [*others, one, keep])
        yield (
            "axis" if keyword.arg in ("axis", "keepdims") else "superfluous",
            ast.Call(func, args, [other for other in keywords if other is not keyword]),
        )
    for i in range(len(args) - 1):
        yield "swap", ast.Call(func, [*args[:i], args[i + 1], args[i], *args[i + 2 :]], keywords)
    if len(args) > 1:
        yield "superfluous", ast.Call(func, args[:-1], keywords)
    if name != "copy":
        kind = "limit" if name in LIMITS else "superfluous"
        yield from ((kind, arg) for arg in args if _could_stand_alone(arg))
        if isinstance(func, ast.Attribute):
            yield kind, func.value


def _could_stand_alone(argument: ast.expr) -> bool:
    """Whether an argument may take the place of its call: not a limit made of numbers only."""
    named = any(isinstance(one, ast.Name | ast.Attribute) for one in ast.walk(argument))
    return named and not isinstance(argument, ast.Starred)


def _are_numbers(call: ast.Call) -> bool:
    """Whether a function, not a method of an array, is called with numbers only."""
    return bool(call.args) and all(isinstance(arg, ast.Constant) for arg in call.args)


def _of_operation(node: ast.BinOp) -> Iterator[tuple[str, ast.expr]]:
    left, op, right = node.left, node.op, node.right
    for group in OPERATORS:
        for other in group:
            # Powers may be huge; and of a number that is added, another number may be meant.
            added = type(op) in OPERATORS[0] and isinstance(right, ast.Constant)
            if type(op) in group and other not in (type(op), ast.Pow) and not added:
                yield "operator", ast.BinOp(left, other(), right)
    if isinstance(op, ast.Mult):
        yield "sum", ast.BinOp(left, ast.MatMult(), right)
    yield "swap", ast.BinOp(right, op, left)
    match right:  # 1 - log(x): log(1 - x)
        case ast.Call(func=func, args=[arg], keywords=[]):
            yield "brackets", ast.Call(func, [ast.BinOp(left, op, arg)], [])
    match left:
        case ast.Call(func=func, args=[arg], keywords=[]):
            yield "brackets", ast.Call(func, [ast.BinOp(arg, op, right)], [])
    if isinstance(right, ast.BinOp):  # a / (b + c): the same without brackets
        yield "brackets", ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right)
    if isinstance(left, ast.BinOp):  # a + b / c: with brackets, and the other way round
        yield "brackets", ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
        divided = isinstance(left.op, ast.Div) and not isinstance(left.right, ast.Constant)
        if divided and isinstance(op, ast.Add | ast.Sub):  # a / b + c
            yield "brackets", ast.BinOp(ast.BinOp(left.left, op, right), left.op, left.right)
    yield "superfluous", left
    yield "superfluous", right
    if isinstance(left, ast.BinOp):
        yield "superfluous", left.left
