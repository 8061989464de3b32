"""Say what the calls have in common on which an answer is wrong, though it is right on others.

Many a wrong function is right in a special case: for two components, for rows of the same length,
as long as nothing is 0.  No single formula tells such a mistake, but the arguments do.  What is
said here is a fact about the calls that were made, and no guess.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from emlib._validate import FloatArray
from emlib.checks import phrases
from emlib.checks.facts import Facts
from emlib.checks.read import ABSOLUTE, RELATIVE
from emlib.checks.recognise import Try

MOST = 2  # facts that are told
ENOUGH = 2  # calls on which it is right, and on which it is wrong, so that this is no chance
UNDERFLOWS = -700  # exponentials of less are hardly a number
LARGE = 10  # times as large as where it is right

# Words, the argument or output that they are about, whether they hold of each call, and whether
# one such call is enough.
Fact = tuple[str, str, tuple[bool, ...], bool]
Test = tuple[bool, str, Callable[[Any], Any]]


def special_case(exercise: Facts, tries: Sequence[Try], part: str) -> str:
    """Return a sentence on where a part is right and where not, or an empty string.

    Parameters
    ----------
    exercise : Facts
    tries : sequence of Try
        All calls, with their marks.
    part : str
        The name of a part that is wrong on some.
    """
    seen = [one for one in tries if one.example is not None]
    some = seen if any(_mark(one, part) is False for one in seen) else list(tries)
    marked = [(one, mark) for one in some if (mark := _mark(one, part)) is not None]
    wrong = tuple(not mark for _, mark in marked)
    outputs = [output.name for output in exercise.outputs]
    if part in outputs:
        words = _entries(exercise, [one for one, _ in marked], outputs.index(part))
        if words:
            return words
    right = len(wrong) - sum(wrong)
    if right < ENOUGH or not any(wrong):
        return ""
    facts = _facts(exercise, [one for one, _ in marked])
    found: dict[str, tuple[bool, str]] = {}  # the same is told of one argument only
    for words, name, holds, alone in facts:
        if holds == wrong and (alone or sum(wrong) >= ENOUGH):
            found.setdefault(words, (not alone, words.format(name=name)))
    if not found:
        return ""
    told = [words for _, words in sorted(found.values(), key=lambda one: one[0])]
    where = phrases.AS_WELL.join(told[:MOST])
    return phrases.RIGHT_BUT.format(part=part, where=where, right=right, n=len(wrong))


def _mark(one: Try, part: str) -> bool | None:
    return False if one.call.error else one.marks.get(part)


def _facts(exercise: Facts, tries: Sequence[Try]) -> Iterator[Fact]:
    """Yield what may hold of a call, first what people take for granted most often."""
    for k, name in enumerate(exercise.parameters):
        values = [np.asarray(one.arguments[k]) for one in tries]
        if any(one.dtype.kind not in "biuf" for one in values):
            continue
        if len({one.ndim for one in values}) == 1:
            seen = [one for one, t in zip(values, tries, strict=True) if t.example is not None]
            tests = _of_array(values) if values[0].ndim else _of_number(seen)
            for alone, words, test in tests:
                yield words, name, tuple(bool(test(one)) for one in values), alone
        yield from _large(name, values)
    yield from _of_pairs(exercise, tries)
    failed = any(one.call.error for one in tries)  # on arguments, hardly on what should come out
    for i, output in enumerate(exercise.outputs if not failed else ()):
        rights = [one.right[i] for one in tries]
        words = phrases.WHERE_EDGE if _probabilities(rights) else phrases.WHERE_RESULT_ZERO
        holds = tuple(bool(_at_edge(one, _probabilities(rights)).any()) for one in rights)
        yield words, output.name, holds, True


def _of_array(values: Sequence[Any]) -> Iterator[Test]:
    whole = all(one.dtype.kind in "biu" for one in values)
    if values[0].ndim == 1:
        yield True, phrases.WHERE_MORE_THAN_TWO, lambda x: len(x) > 2
        yield True, phrases.WHERE_DIFFERENT, lambda x: len(x) > 1 and np.ptp(x) > 0
        yield False, phrases.WHERE_NOT_SIDE_BY_SIDE, lambda x: _blocks(x) > len(np.unique(x))
        yield False, phrases.WHERE_NOT_ASCENDING, lambda x: (np.diff(x) < 0).any()
        yield False, phrases.WHERE_NOT_DESCENDING, lambda x: (np.diff(x) > 0).any()
        yield False, phrases.WHERE_TWICE, lambda x: len(np.unique(x)) < len(x)
        yield False, phrases.WHERE_MORE_THAN_ONE, lambda x: len(x) > 1
    else:
        yield True, phrases.WHERE_COLUMNS, lambda x: x.shape[1] > 2
        yield False, phrases.WHERE_ROWS, lambda x: x.shape[0] > 2
        yield False, phrases.WHERE_ONE_ROW, lambda x: x.shape[0] > 1
        yield False, phrases.WHERE_ONE_COLUMN, lambda x: x.shape[1] > 1
        yield True, phrases.WHERE_SUMS, lambda x: _sums_differ(x, whole)
        yield True, phrases.WHERE_EMPTY_ROW, lambda x: (~x.any(axis=-1)).any()
        yield True, phrases.WHERE_NOT_SYMMETRIC, _not_symmetric
        for column in (0, 1):
            words = phrases.WHERE_NAN_COLUMN.replace("{column}", str(column))
            yield True, words, partial(_lost_in, column)
    yield True, phrases.WHERE_ZERO, lambda x: (x == 0).any()
    yield True, phrases.WHERE_NEGATIVE, lambda x: (x < 0).any()
    yield True, phrases.WHERE_NAN, lambda x: np.isnan(x).any()
    yield False, phrases.WHERE_NOT_WHOLE, lambda x: (x != np.rint(x)).any()


def _of_number(values: Sequence[Any]) -> Iterator[Test]:
    """Yield what may hold of a number; only numbers of examples are told."""
    whole = all(one == np.rint(one) for one in values)
    for least in sorted({float(one) for one in values})[:-1][:3] if whole else ():
        words = phrases.WHERE_LARGER.replace("{least}", f"{least:g}")
        yield True, words, partial(operator.lt, least)
    yield True, phrases.WHERE_IS_ZERO, lambda x: x == 0
    yield False, phrases.WHERE_IS_NEGATIVE, lambda x: x < 0
    yield True, phrases.WHERE_IS_NOT_WHOLE, lambda x: x != np.rint(x)


def _of_pairs(exercise: Facts, tries: Sequence[Try]) -> Iterator[Fact]:
    """Yield of arguments of the same form that they are not the same."""
    for k, name in enumerate(exercise.parameters):
        for other in range(k + 1, len(exercise.parameters)):
            pairs = [(one.arguments[k], one.arguments[other]) for one in tries]
            if all(np.shape(a) == np.shape(b) == () for a, b in pairs):
                words = phrases.WHERE_UNEQUAL.replace("{other}", exercise.parameters[other])
                yield words, name, tuple(bool(a != b) for a, b in pairs), True


def _large(name: str, values: Sequence[Any]) -> Iterator[Fact]:
    """Yield of an argument that its numbers are very large, or those of logarithms very small."""
    if name.startswith("log_"):
        holds = tuple(bool((one < UNDERFLOWS).any()) for one in values)
        yield phrases.WHERE_UNDERFLOWS, name, holds, True
        return
    sizes = [np.max(np.abs(one[np.isfinite(one)]), initial=0.0) for one in values]
    for least in sorted(sizes)[1:]:
        below = [size for size in sizes if size < least]
        if below and least >= LARGE * max(1, *below):
            holds = tuple(bool(size >= least) for size in sizes)
            yield phrases.WHERE_LARGE, name, holds, True


def _lost_in(column: int, x: Any) -> bool:
    return x.shape[1] > column and bool(np.isnan(x[:, column]).any())


def _blocks(x: Any) -> int:
    return int((np.diff(x) != 0).sum()) + 1


def _sums_differ(x: Any, whole: bool) -> bool:
    sums = x.reshape(len(x), -1).sum(axis=1)
    return bool(np.ptp(sums) > 0) if whole else not np.allclose(sums, 1)


def _not_symmetric(x: Any) -> bool:
    last = x.sum(axis=0) if x.ndim == 3 else x
    return last.shape[0] == last.shape[1] and not np.allclose(last, last.T)


def _probabilities(rights: Sequence[FloatArray]) -> bool:
    return all(((one >= 0) & (one <= 1)).all() for one in rights)


def _at_edge(right: FloatArray, probabilities: bool) -> Any:
    return (right == 0) | (right == 1) if probabilities else right == 0


def _entries(exercise: Facts, tries: Sequence[Try], i: int) -> str:
    """Say which entries of an output are wrong, if the same is true of all these and no other."""
    pairs = [(one, yours, one.right[i]) for one in tries if (yours := one.numbers(i)) is not None]
    if len(pairs) < len(tries) or any(a.shape != b.shape or not b.ndim for _, a, b in pairs):
        return ""
    wrong = [_far(yours, right) for _, yours, right in pairs]
    count = sum(int(one.sum()) for one in wrong)
    if not count or all(one.all() for one in wrong):
        return ""
    rights = [right for *_, right in pairs]
    tries = [one for one, *_ in pairs]
    for words, holds in _of_entries(exercise, tries, rights):
        if all(np.array_equal(a, b) for a, b in zip(holds, wrong, strict=True)):
            return phrases.ENTRIES_BUT.format(name=exercise.outputs[i].name, where=words)
    return ""


def _far(yours: FloatArray, right: FloatArray) -> Any:
    near = np.isclose(yours, right, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    return ~near


def _of_entries(
    exercise: Facts, tries: Sequence[Try], rights: Sequence[FloatArray]
) -> Iterator[tuple[str, list[Any]]]:
    """Yield what may hold of an entry, and of which entries of each result it does."""
    edges = _probabilities(rights)
    words = phrases.ENTRY_EDGE if edges else phrases.ENTRY_ZERO
    yield words, [_at_edge(one, edges) for one in rights]
    rank = rights[0].ndim
    places = [np.indices(one.shape) for one in rights]
    for axis in range(rank):
        what = phrases.PLACES if rank == 1 else phrases.PLACES_OF[axis - rank]
        for first in (1, 2):
            words = phrases.ENTRY_FROM.format(what=what, first=first)
            yield words, [one[axis] >= first for one in places]
        yield phrases.ENTRY_FIRST.format(what=what), [one[axis] == 0 for one in places]
        last = [
            one[axis] == right.shape[axis] - 1 for one, right in zip(places, rights, strict=True)
        ]
        yield phrases.ENTRY_LAST.format(what=what), last
    if rank > 1 and all(one.shape[-1] == one.shape[-2] for one in rights):
        yield phrases.ENTRY_BESIDE, [one[-2] != one[-1] for one in places]
        yield phrases.ENTRY_DIAGONAL, [one[-2] == one[-1] for one in places]
    for k, name in enumerate(exercise.parameters):
        for axis in range(rank):
            yield from _beside(name, [one.arguments[k] for one in tries], rights, axis)


def _beside(
    name: str, values: Sequence[Any], rights: Sequence[FloatArray], axis: int
) -> Iterator[tuple[str, list[Any]]]:
    """Yield what holds of the row of an argument that an entry of the result belongs to."""
    rows = [np.asarray(one) for one in values]
    fits = [
        one.ndim and len(one) == right.shape[axis] for one, right in zip(rows, rights, strict=True)
    ]
    if not all(fits) or any(one.dtype.kind not in "biuf" for one in rows):
        return
    flat = [one.reshape(len(one), -1) for one in rows]
    tests: list[tuple[str, Callable[[Any], Any]]] = [
        (phrases.ROW_ZERO, lambda x: (x == 0).any(axis=1)),
        (phrases.ROW_NAN, lambda x: np.isnan(x).any(axis=1)),
        (phrases.ROW_NEGATIVE, lambda x: (x < 0).any(axis=1)),
        (phrases.ROW_AGAIN, _again),
    ]
    if name.startswith("log_"):
        tests.append((phrases.ROW_UNDERFLOWS, lambda x: (x < UNDERFLOWS).any(axis=1)))
    for words, test in tests:
        holds = [
            np.broadcast_to(_along(test(one), axis, right.ndim), right.shape)
            for one, right in zip(flat, rights, strict=True)
        ]
        yield words.format(name=name), holds


def _again(rows: Any) -> Any:
    """Whether a row was there before."""
    return np.array([any((rows[:i] == row).all(axis=1)) for i, row in enumerate(rows)], bool)


def _along(flags: Any, axis: int, rank: int) -> Any:
    return flags.reshape([-1 if a == axis else 1 for a in range(rank)])
