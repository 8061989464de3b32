"""Mistakes of a student who takes a special case for granted, or does something to numbers first.

They are made from the right answer: of other arguments, or from what it returns.  All are tried in
every exercise; `key.tried` keeps those which make a difference there and look like no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from emlib.checks.facts import Facts
from emlib.checks.read import as_values
from key import granted_words as words

Change = Callable[[Any], Any]
Kind = tuple[str, str, Callable[..., Any]]

SHARES = ("r", "q", "weights", "responsibilities", "alpha", "theta", "r_last")
SPREADS = ("sigma", "rates", "Sigma", "C", "s")
FLOORS = (-1000, -745, -708, -700, -690.8, -500, -300, -100, -50, -30)
LEAST = (1e-6, 1e-4, 1e-3, 0.01)
EDGES = (1e-4, 1e-3, 0.01, 0.05, 0.1)
DROPPED = (0.01, 0.05, 0.1, 0.5)
OF_LOOPS = ("tol", "max_iter")  # `key.paths` knows what becomes of these
MANY = 100  # iterations where one is asked for


def in_arguments(exercise: Facts) -> Iterator[Kind]:
    """Yield what comes of something done to one argument first."""
    named = [one for one in enumerate(exercise.parameters) if one[1] not in OF_LOOPS]
    for k, name in named:
        for kind, says, change in _changes(name, _with_decimals(exercise, k)):
            yield kind, says.format(argument=name), partial(_with, exercise, k, change)
    for k, name in named:
        first = exercise.examples[0][k]
        says = words.FIRST_EXAMPLE.format(argument=name)
        if np.asarray(first).dtype.kind in "iuf":
            yield "numbers of the text", says, partial(_with, exercise, k, partial(_as_in, first))
    if {"heads", "flips"} <= set(exercise.parameters):
        yield "mean of the ratios", words.MEAN_RATIO, partial(_mean_ratio, exercise)
    yield from _iterations(exercise)


def _with_decimals(exercise: Facts, k: int) -> Any:
    """Return an argument in the first example in which it need not be whole, or in the first."""
    values = [np.asarray(one[k]) for one in exercise.examples]
    return next((one for one in values if one.dtype.kind == "f"), values[0])


def _with(exercise: Facts, k: int, change: Change, *x: Any) -> Any:
    return exercise.answer(*(change(one) if i == k else one for i, one in enumerate(x)))


def _changes(name: str, x: Any) -> Iterator[tuple[str, str, Change]]:
    whole = x.dtype.kind in "iu"
    known = name == "alpha"  # exercises with mixing weights have words of their own for these
    if x.ndim == 1:
        for number in () if known else (np.mean, np.max, np.min, lambda a: a[-1]):
            yield "one value for all", words.ONE_FOR_ALL, partial(_one_for_all, number)
        yield "argument reversed", words.REVERSED, lambda a: a[::-1]
        for by in (1, -1):
            yield "index off by one", words.ROLLED, lambda a, by=by: np.roll(a, by)
    if x.ndim and (name in SHARES):
        yield "rest for all others", words.REST_FOR_OTHERS, _rest_for_others
        if not known:
            yield "equal shares", words.EQUAL, lambda a: np.full(np.shape(a), 1 / np.shape(a)[-1])
    for least in LEAST if name in (*SPREADS[:2], "theta", "alpha") and not whole else ():
        yield "argument kept away from 0", words.KEPT, partial(_kept_away, name, least)
    if name == "w":
        for least in DROPPED[:2]:
            yield "small shares dropped", words.DROPPED, partial(_dropped, least)
    if x.ndim == 2 and name in SHARES:
        yield "hard labels", words.HARD, _hard
        yield "rows made to sum to 1", words.ROWS_TO_ONE, lambda a: a / a.sum(axis=1)[:, None]
        for least in DROPPED:
            yield "small shares dropped", words.DROPPED, partial(_dropped, least)
    if x.ndim == 2:
        yield "argument sorted", words.ROWS_SORTED, lambda a: np.sort(a, axis=1)
    if not whole:
        yield "argument doubled", words.DOUBLED, lambda a: 2 * a
        yield "argument halved", words.HALVED, lambda a: a / 2
        yield "argument rounded", words.ROUNDED, np.rint
        yield "argument rounded", words.ROUNDED, np.floor
        yield "absolute values", words.ABSOLUTE, np.abs
    else:
        for more in (1, -1):
            yield "one too many or too few", words.ONE_MORE, lambda a, more=more: a + more
        yield "counted once", words.COUNTED_ONCE, lambda a: np.minimum(a, 1)
    if name in SPREADS:
        yield "square or root of an argument", words.SQUARES, np.square
        yield "square or root of an argument", words.SQUARES, np.sqrt
    if x.ndim > 1 and x.shape[-1] == x.shape[-2]:
        yield "argument transposed", words.TRANSPOSED, lambda a: np.swapaxes(a, -1, -2)
        yield "symmetry taken for granted", words.SYMMETRIC, _symmetrised
        yield "symmetry taken for granted", words.SYMMETRIC, _lower
        yield "only the diagonal", words.DIAGONAL, lambda a: a * np.eye(a.shape[-1])
        if name in SPREADS:
            yield "inverse of an argument", words.INVERSE, np.linalg.inv
    if name == "pairs":
        yield "hard labels", words.HARD, _hard_pairs
        for more in (1, 1e-3, 1e-6):
            yield "something added to counts", words.ADDED, lambda a, e=more: a + e / len(a)
    if name.startswith("log_"):
        for floor in FLOORS:
            yield "a floor", words.FLOOR, lambda a, least=floor: np.maximum(a, least)


def _as_in(first: Any, values: Any) -> Any:
    """Return an argument of the first example in the place of one of the same form."""
    return first if np.shape(first) == np.shape(values) else values


def _one_for_all(number: Callable[[Any], Any], values: Any) -> Any:
    return np.full(np.shape(values), number(values))


def _kept_away(name: str, least: float, values: Any) -> Any:
    """Limit from below; probabilities of heads from above, too."""
    return np.clip(values, least, 1 - least if name == "theta" else None)


def _dropped(least: float, shares: Any) -> Any:
    return np.where(shares < least, 0, shares)


def _rest_for_others(shares: Any) -> Any:
    rest = np.array(shares, float)
    rest[..., 1:] = 1 - rest[..., :1]
    return rest


def _hard(shares: Any) -> Any:
    return np.eye(shares.shape[1])[np.argmax(shares, axis=1)]


def _hard_pairs(pairs: Any) -> Any:
    flat = pairs.reshape(len(pairs), -1)
    return _hard(flat).reshape(pairs.shape)


def _symmetrised(a: Any) -> Any:
    return (a + np.swapaxes(a, -1, -2)) / 2


def _lower(a: Any) -> Any:
    """Return what a routine for symmetrical matrices reads: the lower half, twice."""
    return np.tril(a) + np.swapaxes(np.tril(a, -1), -1, -2)


def _mean_ratio(exercise: Facts, *x: Any) -> Any:
    heads, flips = map(exercise.parameters.index, ("heads", "flips"))
    changed = list(x)
    changed[heads] = x[flips] * np.mean(x[heads] / x[flips])
    return exercise.answer(*changed)


def _iterations(exercise: Facts) -> Iterator[Kind]:
    """Yield what comes of a step that is made more than once, or not wholly."""
    named = exercise.parameters
    again = {
        i: named.index(output.name.removesuffix("_new"))
        for i, output in enumerate(exercise.outputs)
        if output.name.removesuffix("_new") in named
    }
    if again:
        for times in (2, MANY):
            yield "more than one step", words.MORE_STEPS, partial(_repeated, exercise, again, times)
        yield "half of the step", words.HALF_STEP, partial(_half, exercise, again)


def _repeated(exercise: Facts, again: dict[int, int], times: int, *x: Any) -> Any:
    x, result = tuple(x), None
    for _ in range(times):
        result = exercise.answer(*x)
        values = as_values(exercise.outputs, result)
        new = {k: values[i] for i, k in again.items()}
        x = tuple(new.get(k, one) for k, one in enumerate(x))
    return result


def _half(exercise: Facts, again: dict[int, int], *x: Any) -> Any:
    values = list(as_values(exercise.outputs, exercise.answer(*x)))
    for i, k in again.items():
        values[i] = (values[i] + x[k]) / 2
    return tuple(values) if len(values) > 1 else values[0]


def in_results(name: str, rights: Sequence[Any]) -> Iterator[Kind]:
    """Yield what may have been done to one right result, to follow "{what} right"."""
    for kind, says, change in _of_results(name, rights):
        yield kind, says, partial(_first_of, change)


def _first_of(change: Change, values: Any, *_: Any) -> Any:
    return change(values)


def _of_results(name: str, rights: Sequence[Any]) -> Iterator[tuple[str, str, Change]]:
    rank = np.ndim(rights[0])
    yield "doubled", words.TWICE, lambda a: 2 * a
    yield "halved", words.HALF, lambda a: a / 2
    yield "squared", words.SQUARED, np.square
    yield "root", words.ROOT, np.sqrt
    yield "exponential", words.EXP, np.exp
    yield "logarithm", words.LOG, np.log
    yield "absolute value", words.ABS, np.abs
    yield "reciprocal", words.RECIPROCAL, lambda a: 1 / a
    yield "rest to 1", words.REST, lambda a: 1 - a
    yield "limited from below", words.AT_LEAST, lambda a: np.maximum(a, 0)
    yield "limited from above", words.AT_MOST, lambda a: np.minimum(a, 0)
    if name in SPREADS:
        for small in (1e-6, 1e-4, 1e-3, 1e-2):
            yield "something added", words.MORE, partial(_more_spread, small)
    if not rank:
        return
    yield "relative to the largest", words.RELATIVE, lambda a: a - np.max(a)
    yield "divided by the largest", words.BY_LARGEST, lambda a: a / np.max(a, axis=-1)[..., None]
    yield "not divided by the right sum", words.BY_MEAN, lambda a: a / a.mean(axis=-1)[..., None]
    yield "length made 1", words.BY_LENGTH, _by_length
    yield "odds", words.ODDS, lambda a: a / (1 - a)
    yield "made to sum to 1", words.TO_ONE, lambda a: a / np.sum(a, axis=-1)[..., None]
    yield "cumulated", words.CUMULATED, lambda a: np.cumsum(a, axis=0)
    yield "in reverse order", words.REVERSED_RESULT, lambda a: a[::-1]
    yield "pooled", words.POOLED, _pooled
    yield "pooled", words.POOLED, lambda a: np.sqrt(_pooled(np.square(a)))
    yield "the first for all", words.FIRST_FOR_ALL, lambda a: np.broadcast_to(a[0], a.shape)
    for edge in EDGES if all(((a >= 0) & (a <= 1)).all() for a in rights) else ():
        clip = lambda a, e=edge: np.clip(a, e, 1 - e)  # noqa: E731
        yield "kept away from 0 and 1", words.CLIPPED, clip
        yield "kept away from 0 and 1", words.CLIPPED, partial(_floored, edge)
    if rank == 2:
        yield "columns made to sum to 1", words.COLUMNS, lambda a: a / a.sum(axis=0)


def _more_spread(small: float, a: Any) -> Any:
    """Return standard deviations of which the variances have something added, or covariances."""
    if np.ndim(a) == 3:
        return a + small * np.eye(np.shape(a)[-1])
    return np.sqrt(np.square(a) + small)


def _by_length(a: Any) -> Any:
    return a / np.linalg.norm(a, axis=-1)[..., None]


def _pooled(a: Any) -> Any:
    return np.broadcast_to(np.mean(a, axis=0), a.shape)


def _floored(least: float, a: Any) -> Any:
    """Return probabilities that are no less than a number and sum to 1 again."""
    floored = np.maximum(a, least)
    return floored / floored.sum(axis=-1)[..., None]
