"""The one place that simulates a student's loop of EM that goes wrong.

Each mistake is a way: a function of the arguments x, then tol and max_iter, that returns the
path which the student's function would return.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from emlib.checks import Mistake
from key.loop import Array, Loop, Path, X, first
from key.stopping import FIXED_TOL, q_along, rules_on_q, wrong_rules

Way = Callable[..., Path]
FOR_EVER = 1000  # iterations


# Off by one.

EVERY, NOT_FIRST, NOT_LAST = slice(None), slice(1, None), slice(-1)
NO_START = (
    "It looks as if the start is missing: row 0 of {thetas} is the start itself, and entry 0 of "
    "`log_likelihoods` belongs to it."
)
LAGGING = (
    "It looks as if each {theta} stands beside the log-likelihood of the one before it. Entry t "
    "of all arrays must belong to the same parameters."
)
LAST_TWICE = (
    "It looks as if the log-likelihood is computed at the {theta} with which an iteration begins, "
    "so that the last one has none of its own and the loop notices too late that it is done."
)
LAST_LOST = (
    "It looks as if the last iteration was lost: the one that gains less than `tol`, or the last "
    "of `max_iter`, belongs to the result too."
)
LEFT_EARLY = (
    "It looks as if the last iteration was lost: the loop is left before the last {theta} is kept. "
    "The iteration that gains less than `tol` belongs to the result."
)
END_MISSING = (
    "It looks as if the last log-likelihood is missing where `max_iter` ends the loop: the "
    "parameters of the last M-step have one too."
)


def _cut(loop: Loop, thetas: slice, values: slice, longer: int = 0, beyond: int = 0) -> Way:
    """Return slices of the path; the loop notices `longer` iterations too late that it is done.

    It may run for `beyond` iterations more than `max_iter`.
    """

    def way(x: X, tol: float, max_iter: int) -> Path:
        rows = len(loop.right(x, tol, max_iter)[-1]) + longer
        *parameters, lls = first(loop.run(x, max_iter + beyond), rows)
        return *(one[thetas] for one in parameters), lls[values]

    return way


def _late_values(way: Way, order: Callable[[Array], Array]) -> Way:
    """Return the way with other log-likelihoods than its own."""

    def late(x: X, tol: float, max_iter: int) -> Path:
        *parameters, lls = way(x, tol, max_iter)
        return *parameters, order(lls)

    return late


def _by_tol(loop: Loop, thetas: slice, values: slice, otherwise: slice) -> Way:
    """Return slices of the path if `tol` ends it, and others of its values if `max_iter` does."""

    def way(x: X, tol: float, max_iter: int) -> Path:
        *parameters, lls = loop.right(x, tol, max_iter)
        if (np.diff(lls)[-1:] < tol).any():
            return *(one[thetas] for one in parameters), lls[values]
        return *parameters, lls[otherwise]

    return way


def off_by_one(loop: Loop) -> Iterator[tuple[str, str, Way]]:
    """Yield the ways that lose, repeat or shift an iteration."""
    cut = partial(_cut, loop)
    for slices in ((NOT_FIRST, NOT_FIRST), (NOT_FIRST, EVERY), (EVERY, NOT_FIRST)):
        yield "start missing", NO_START, cut(*slices)
    for longer in (0, 1):
        for beyond in (0, 1):
            way = cut(NOT_FIRST, NOT_LAST, longer, beyond)
            yield "theta beside the wrong log-likelihood", LAGGING, way
        way = _late_values(cut(EVERY, EVERY, longer), lambda lls: np.append(lls[:1], lls[:-1]))
        yield "theta beside the wrong log-likelihood", LAGGING, way
    twice = _late_values(cut(EVERY, EVERY, 1), lambda lls: np.append(lls[:-1], lls[-2:-1]))
    for way in (cut(EVERY, NOT_LAST, 1), twice):
        yield "theta beside the wrong log-likelihood", LAST_TWICE, way
    for slices in ((NOT_LAST, NOT_LAST), (NOT_LAST, EVERY), (EVERY, NOT_LAST)):
        yield "one iteration too few", LAST_LOST, cut(*slices)
    yield "one iteration too few", LEFT_EARLY, _by_tol(loop, NOT_LAST, NOT_LAST, EVERY)
    yield "log-likelihood of the end missing", END_MISSING, _by_tol(loop, EVERY, EVERY, NOT_LAST)
    for by, name, says in (
        (
            -1,
            "one iteration too few",
            "It looks as if a run that `max_iter` ends has one iteration too few: is it not made, "
            "or is its row cut off?",
        ),
        (
            +1,
            "one iteration too many",
            "It looks as if the loop makes `max_iter` + 1 iterations at most.",
        ),
    ):
        yield name, says, lambda x, tol, most, by=by: loop.right(x, tol, most + by)
    says = "It looks as if the loop makes one more iteration after {}."
    yield "one iteration too many", says.format("a gain below `tol`"), cut(EVERY, EVERY, 1)
    yield "one iteration too many", says.format("it should have stopped"), cut(EVERY, EVERY, 1, 1)


# Wrong all the way.

KEPT = (
    "Every row of {thetas} holds the last {theta}: it looks as if one array was changed in place "
    "and kept many times."
)
ONE_E_STEP = (
    "It looks as if the responsibilities were computed once, before the loop. Each iteration "
    "starts with a new E-step, at the newest {theta}."
)
NOT_CUT = (
    "The arrays end in zeros that were never filled. Return only the rows that the loop reached."
)
ONLY_THE_END = (
    "It looks as if you returned the last parameters alone. Keep those of every iteration, from "
    "the start on: row t belongs to $\\theta_t$."
)
RETURNS_Q = (
    "Your `log_likelihoods` hold Q. The log-likelihood sums over the {components} inside the "
    "logarithm."
)
OWN_NUMBERS = (
    "It looks as if the loop has a tolerance and a number of iterations of its own, such as those "
    "of the text. Use `tol` and `max_iter`."
)
NOT_UPDATED = "It looks as if `{}` is never updated: each M-step gives new values of all."


def all_the_way(loop: Loop) -> Iterator[tuple[str, str, Way]]:
    """Yield the ways that go wrong in other respects."""
    for most in (100, FOR_EVER):
        way = lambda x, tol, _, most=most: loop.climb(x, tol, most)  # noqa: E731
        yield "max_iter ignored", "It looks as if `max_iter` is not heeded.", way
    for tol, most in product(FIXED_TOL, (100, 200, 500, FOR_EVER)):
        way = lambda x, _, __, to=(tol, most): loop.right(x, *to)  # noqa: E731
        yield "numbers of the text", OWN_NUMBERS, way
    yield "one array kept many times", KEPT, _the_last_for_all(loop)
    yield (
        "E-step outside the loop",
        ONE_E_STEP,
        lambda x, *to: loop.climb(
            x, *to, maximise=lambda r, *now: loop.maximise(loop.expect(*x)[0], *now)
        ),
    )
    for i, name in enumerate(loop.parameters if len(loop.parameters) > 1 else ()):
        yield "not updated", NOT_UPDATED.format(name), partial(_keeping, loop, i)
    yield "arrays not cut", NOT_CUT, partial(_not_cut, loop)
    end = lambda *x: tuple(one[-1] for one in loop.right(*x))  # noqa: E731
    yield "only the end returned", ONLY_THE_END, end
    for lag, kind in product((0, 1), range(len(loop.log_joints))):
        q = partial(q_along, loop, lag, kind)
        for way in (loop.right, *(partial(rule.path, loop) for rule in rules_on_q(q))):
            yield "Q taken for the log-likelihood", RETURNS_Q, partial(_returning, q, way)


def _the_last_for_all(loop: Loop) -> Way:
    def way(x: X, tol: float, max_iter: int) -> Path:
        types = [np.asarray(one).dtype for one in loop.start(x)]  # which an array in place keeps

        def maximise(r: Array, *now: Any) -> tuple[Array, ...]:
            new = zip(loop.maximise(r, *now), types, strict=True)
            return tuple(one.astype(kind) for one, kind in new)

        with np.errstate(all="ignore"):
            *thetas, lls = loop.climb(x, tol, max_iter, maximise=maximise)
        return *(np.broadcast_to(one[-1], one.shape) for one in thetas), lls

    return way


def _keeping(loop: Loop, which: int, x: X, tol: float, max_iter: int) -> Path:
    """Never update one of the parameters."""

    def maximise(r: Array, *now: Any) -> tuple[Array, ...]:
        new = list(loop.maximise(r, *now))
        new[which] = loop.start(x)[which]
        return tuple(new)

    return loop.climb(x, tol, max_iter, maximise=maximise)


def _not_cut(loop: Loop, x: X, tol: float, max_iter: int) -> Path:
    path = loop.right(x, tol, max_iter)
    rest = max_iter + 1 - len(path[-1])
    return tuple(np.pad(one, [(0, rest)] + [(0, 0)] * (one.ndim - 1)) for one in path)


def _returning(watched: Callable[[X, Path], Array], way: Way, x: X, *to: Any) -> Path:
    path = way(x, *to)
    return *path[:-1], watched(x, path)


def mistakes(loop: Loop) -> tuple[Mistake, ...]:
    """Return the mistakes that a loop of EM can make."""
    rules = ((r.name, r.says, partial(r.path, loop)) for r in wrong_rules(loop))
    return tuple(mistake(loop, *one) for one in (*rules, *off_by_one(loop), *all_the_way(loop)))


def mistake(loop: Loop, name: str, says: str, way: Way) -> Mistake:
    """Return a mistake of an exercise's function, whose last arguments are tol and max_iter."""
    for word in ("theta", "thetas", "components"):
        says = says.replace(f"{{{word}}}", getattr(loop, word))
    return Mistake(name, says, lambda *x: way(x[:-2], *x[-2:]))
