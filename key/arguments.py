"""Mistakes in what is taken from the arguments, made from an exercise's right answer.

An exercise with an argument such as `log_s` gets those of `key.underflow`, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from emlib.checks.facts import Facts
from key.slip_words import FIRST, LAST, RETURN_INSIDE
from key.underflow import cures
from key.written_out import SMALL_NUMBERS, Kind

LOGARITHMS = re.compile("log_[a-z]")
TWO = "It looks as if only two components were counted. There may be any number of them."
# By the symbols of the course: on which axis of an argument the components lie.
COMPONENTS = {
    **dict.fromkeys(("theta", "alpha", "mu", "sigma", "Sigma", "rates"), 0),
    **dict.fromkeys(("r", "responsibilities", "q", "weights", "log_s", "log_p"), -1),
}
FIRST_FOR_ALL = (
    "It looks as if only the first entry of `{argument}`, or one value, were used for all of them. "
    "Each has its own."
)
# What has a row for each observation on axis 0, by the symbols of the course.
VECTORS, TABLES = (
    ("heads", "flips", "labels", "counts", "days"),
    (*("data", "weights", "responsibilities", "r", "q", "log_p", "starts"),),
)
ZEROS = (
    "It looks as if a whole row was left out because one of its entries is 0. Only that term "
    "counts as 0."
)
PROBABILITIES = ("theta", "alpha", "q", "r", "responsibilities", "weights")
SMALL = (
    "It looks as if a small number was added to probabilities, or they were limited, so that no "
    "logarithm of 0 is taken. That changes the result: treat the zeros by themselves."
)
RESHAPED = (
    "It looks as if `reshape` was used to exchange the axes of a table. It fills the new shape in "
    "reading order, so that numbers change their places: `.T` exchanges axes."
)
SQUARED = "It looks as if `{argument}` enters squared, or twice."
REST = "It looks as if 1 - `{argument}` stands where `{argument}` belongs."
ARGUMENT_SORTED = (
    "It looks as if `{argument}` were sorted first. Its entries belong to those of the other "
    "arguments, in the order in which they come."
)
EXCHANGED = "It looks as if `{one}` and `{other}` were exchanged."
HEADS_AND_TAILS = (
    "It looks as if heads and tails were exchanged: `theta` is the probability of heads, and "
    "`heads` counts them."
)
TEXT = (
    "It looks as if the numbers of the text were written into the function in the place of "
    "`{argument}`. Take them from the argument."
)
DIVIDED = (
    "{what} right but divided by a number of entries once too often: does `np.mean` stand where "
    "`np.sum` belongs?"
)
TYPICAL = {"flips": 10, "n": 272, "d": 2, "k": 2}  # what the texts of the course have
MULTIPLIED = (
    "{what} right but too large by a number of entries: does `np.sum` stand where `np.mean` "
    "belongs, or is a division missing?"
)


def read_wrongly(exercise: Facts) -> Iterator[Kind]:
    """Yield what comes of arguments that are read wrongly."""
    if COMPONENTS.keys() & set(exercise.parameters):
        for again in (False, True):
            yield "only two components", TWO, _only_two(exercise, again)
    for k, argument in enumerate(exercise.parameters):
        if argument not in ("heads", "flips") or not _refuses_more_heads_than_flips(exercise):
            says = FIRST_FOR_ALL.format(argument=argument)
            yield "first for all", says, _with(exercise, k, _first_for_all)
        if LOGARITHMS.fullmatch(argument):
            for name, says, patch, finish in cures(exercise.answer):
                yield name, says, _with(exercise, k, patch, finish)


def _only_two(exercise: Facts, again: bool) -> Callable[..., Any]:
    """Return the right function of two components, whose weights may be made to sum to 1 again."""

    def cut(name: str, values: Any) -> Any:
        if name not in COMPONENTS or not np.ndim(values):
            return values
        two = np.take(values, [0, 1], axis=COMPONENTS[name])
        return two / two.sum() if again and name == "alpha" else two

    named = exercise.parameters
    return lambda *x: exercise.answer(*(cut(*one) for one in zip(named, x, strict=True)))


def _refuses_more_heads_than_flips(exercise: Facts) -> bool:
    """Whether the right function stops where a student's would go on, and cannot play its part."""
    x = dict(zip(exercise.parameters, exercise.examples[0], strict=True))
    if not {"heads", "flips"} <= x.keys():
        return False
    try:
        exercise.answer(*(x | {"heads": np.asarray(x["flips"]) + 1}).values())
    except ValueError:
        return True
    return False


def _first_for_all(values: Any) -> Any:
    return np.broadcast_to(values[0], np.shape(values)) if np.ndim(values) else values


def _with(
    exercise: Facts, k: int, change: Callable[[Any], Any], finish: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """Return the right function of another argument `k`."""

    def gives(*arguments: Any) -> Any:
        changed = [change(x) if i == k else x for i, x in enumerate(arguments)]
        return (finish or exercise.answer)(*changed)

    return gives


def left_out(exercise: Facts) -> Iterator[Kind]:
    """Yield what comes of rows that are left out, and of numbers put in the place of zeros."""
    x = exercise.examples[0]
    lengths = {len(one) for k, one in _rows(exercise, x)}
    if len(lengths) == 1:
        for name, says, some in (
            ("first left out", FIRST.format(what="row"), lambda n: np.arange(1, n)),
            ("last left out", LAST.format(what="row"), lambda n: np.arange(n - 1)),
            ("return inside the loop", RETURN_INSIDE.format(what="row"), lambda n: np.arange(1)),
        ):
            yield name, says, partial(_only_rows, exercise, some)
        yield "rows with a zero left out", ZEROS, partial(_without_zeros, exercise)
    for k, argument in enumerate(exercise.parameters):
        if argument in PROBABILITIES:
            for small in SMALL_NUMBERS:
                name = "small number against log 0"
                for change in (
                    lambda p, e=small: p + e,
                    lambda p, e=small: np.maximum(p, e),
                    lambda p, e=small: np.clip(p, e, 1 - e),
                    partial(_smoothed, small),
                ):
                    yield name, SMALL, partial(_finite, _with(exercise, k, change))
        if np.ndim(x[k]) == 2 and argument in TABLES:
            yield "reshape for a transpose", RESHAPED, _with(exercise, k, _reshaped)


def _finite(function: Callable[..., Any], *x: Any) -> Any:
    """Return what a function does, if it is finite: for that the small number was added."""
    result = function(*x)
    if not all(np.isfinite(one).all() for one in (result if type(result) is tuple else [result])):
        raise ValueError("not finite")
    return result


def changed(exercise: Facts) -> Iterator[Kind]:
    """Yield what comes of arguments that are exchanged, sorted, squared or taken from 1."""
    x, named = exercise.examples[0], exercise.parameters
    for k, argument in enumerate(named):
        if argument in PROBABILITIES or argument == "w":
            square, rest = SQUARED.format(argument=argument), REST.format(argument=argument)
            yield "argument squared", square, _with(exercise, k, np.square)
            yield "rest of an argument", rest, _with(exercise, k, lambda p: 1 - p)
        if np.ndim(x[k]) == 1:
            says = ARGUMENT_SORTED.format(argument=argument)
            yield "argument sorted", says, _with(exercise, k, np.sort)
    for i, j in combinations(range(len(named)), 2):
        if np.shape(x[i]) == np.shape(x[j]):
            says = EXCHANGED.format(one=named[i], other=named[j])
            yield "arguments exchanged", says, partial(_exchanged, exercise, i, j)
    if {"heads", "flips"} <= set(named):
        yield "heads and tails exchanged", HEADS_AND_TAILS, partial(_tails, exercise)


def _exchanged(exercise: Facts, i: int, j: int, *x: Any) -> Any:
    changed = list(x)
    changed[i], changed[j] = x[j], x[i]
    return exercise.answer(*changed)


def _tails(exercise: Facts, *x: Any) -> Any:
    heads, flips = map(exercise.parameters.index, ("heads", "flips"))
    changed = list(x)
    changed[heads] = x[flips] - x[heads]
    return exercise.answer(*changed)


def _smoothed(small: float, p: Any) -> Any:
    return (p + small) / np.sum(p + small, axis=-1, keepdims=np.ndim(p) > 0)


def _reshaped(table: Any) -> Any:
    return table.reshape(table.shape[::-1]).T


def _rows(exercise: Facts, x: tuple[Any, ...]) -> list[tuple[int, Any]]:
    named = enumerate(zip(exercise.parameters, x, strict=True))
    return [
        (k, one)
        for k, (name, one) in named
        if np.ndim(one) == (1 if name in VECTORS else 2 if name in TABLES else None)
    ]


def _only_rows(exercise: Facts, some: Callable[[int], Any], *x: Any) -> Any:
    found = _rows(exercise, x)
    return _of_rows(exercise, x, some(len(found[0][1])))


def _of_rows(exercise: Facts, x: tuple[Any, ...], kept: Any) -> Any:
    changed = list(x)
    for k, one in _rows(exercise, x):
        changed[k] = one[kept]
    return exercise.answer(*changed)


def _without_zeros(exercise: Facts, *x: Any) -> Any:
    tables = [one for _, one in _rows(exercise, x) if np.ndim(one) == 2]
    if not tables:
        raise ValueError("no table")
    return _of_rows(exercise, x, np.all([(one != 0).all(axis=1) for one in tables], axis=0))


def of_the_text(
    exercise: Facts, text: Mapping[str, Any], in_loops: Callable[..., Any] | None
) -> Iterator[Kind]:
    """Yield what comes of numbers of the text in the place of arguments."""
    known = {k: v for k, v in TYPICAL.items() if k in exercise.parameters} | dict(text)
    for argument, several in known.items():
        k = exercise.parameters.index(argument)
        says = TEXT.format(argument=argument)
        for values in several if isinstance(several, tuple) else (several,):
            change = partial(_in_form_of, values)
            yield "numbers of the text", says, _with(exercise, k, change, in_loops)


def _in_form_of(values: Any, argument: Any) -> Any:
    """Return numbers of the text, one of them for every entry if there is only one."""
    return np.full_like(argument, values) if np.ndim(argument) > np.ndim(values) else values


def lengths(exercise: Facts) -> Iterator[Kind]:
    """Yield what a mean for a sum makes of a result, over each axis of the arguments."""
    for k, one in enumerate(exercise.examples[0]):
        for axis in range(np.ndim(one)):
            yield (
                "mean instead of sum",
                DIVIDED,
                lambda values, *x, k=k, a=axis: values / np.shape(x[k])[a],
            )
            yield (
                "sum instead of mean",
                MULTIPLIED,
                lambda values, *x, k=k, a=axis: values * np.shape(x[k])[a],
            )
