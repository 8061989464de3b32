"""The rules by which a loop of EM may stop, and a `tol` at which a wrong one shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from scipy.special import softmax

from key.loop import Array, Loop, Path, X, end, first

FIXED_TOL = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10)


class Rule(NamedTuple):
    """A wrong rule, what to say about it, and what it compares with `tol`.

    ``watched(x, path)`` is that number after each iteration.  The loop ends once it is smaller, or
    `late` iterations later.
    """

    name: str
    says: str
    watched: Callable[[X, Path], Array]
    late: int = 0

    def path(self, loop: Loop, x: X, tol: float, max_iter: int) -> Path:
        """Return the path that stops by this rule."""
        path = loop.run(x, max_iter)
        return first(path, self.end(self.watched(x, path), tol, max_iter) + 1)

    def end(self, watched: Array, tol: float, max_iter: int) -> int:
        """Return the iteration after which the loop ends."""
        return end(watched < tol, max_iter, self.late)


def _gain(values: Array) -> Array:
    return np.diff(values)


def _change(values: Array) -> Array:
    return np.abs(np.diff(values, axis=0)).reshape(len(values) - 1, -1).max(axis=1, initial=0)


def _length(values: Array) -> Array:
    return np.linalg.norm(np.diff(values, axis=0).reshape(len(values) - 1, -1), axis=1)


def q_along(loop: Loop, lag: int, kind: int, x: X, path: Path) -> Array:
    """Return Q at each theta_t of a path, under the responsibilities of theta_(t - lag)."""
    logs = loop.along(x, path, loop.log_joints[kind])
    r = softmax(loop.along(x, path, loop.log_joints[0]), axis=2)
    return (r[np.maximum(np.arange(len(r)) - lag, 0)] * logs).sum(axis=(1, 2))


STOPS_ON_Q = (
    "It looks as if the loop stops when Q changes little. Q is not what EM climbs, it may even "
    "fall: watch the log-likelihood."
)
STOPS_ON = (
    "It looks as if the loop stops when {} little. It should watch the gain of the log-likelihood."
)
DIVIDED = (
    "It looks as if the gain was divided by the {} before it was compared with `tol`. Compare the "
    "gain itself."
)
NO_TOL = (
    "It looks as if the loop always runs for `max_iter` iterations. It should stop as soon as an "
    "iteration gains less than `tol`."
)
OWN_TOL = "It looks as if the gain was compared with a fixed number. Compare it with `tol`."
ONE_ITERATION = (
    "It looks as if the loop always ends after its first iteration. Does `return` stand inside it, "
    "is the gain taken the wrong way round, or does it not begin with the start's log-likelihood?"
)
FROM_START = (
    "It looks as if the gain was measured from the start's log-likelihood. The gain of an "
    "iteration is measured from the iteration before: is the old value renewed in each?"
)


def wrong_rules(loop: Loop) -> Iterator[Rule]:
    """Yield the rules by which a loop that is right otherwise may stop."""
    for lag, kind in product((0, 1), range(len(loop.log_joints))):
        found = rules_on_q(partial(q_along, loop, lag, kind))
        yield from found
        if lag == 0:  # as the published programs do it: Q at the theta an iteration begins with
            yield from (rule._replace(late=1) for rule in found)
    for measure in (_change, _length):
        for i, name in enumerate(loop.parameters):
            one = partial(_measured, measure, lambda _, path, i=i: path[i])
            yield Rule(f"stops on {name}", STOPS_ON.format(f"`{name}` changes"), one)
        if len(loop.parameters) > 1:
            every = partial(_measured, measure, _in_one_row)
            yield Rule("stops on the parameters", STOPS_ON.format("the parameters change"), every)
    r = partial(_measured, _change, partial(_responsibilities, loop))
    yield Rule("stops on the responsibilities", STOPS_ON.format("the responsibilities change"), r)
    for name, by, unit in (
        ("relative instead of absolute gain", _size_before, "log-likelihood"),
        ("mean instead of sum", partial(_number_of_rows, loop), f"number of {loop.rows}"),
    ):
        gain = lambda x, path, by=by: np.diff(path[-1]) / by(x, path)  # noqa: E731
        yield Rule(name, DIVIDED.format(unit), gain)
    since_start = lambda _, path: path[-1][1:] - path[-1][0]  # noqa: E731
    yield Rule("gain from the start", FROM_START, since_start)
    yield Rule("tol ignored", NO_TOL, lambda _, path: np.full(len(path[-1]) - 1, np.inf))
    for tol in FIXED_TOL:
        yield Rule("tol ignored", OWN_TOL, partial(_by_a_tol_of_its_own, tol))
    at_once = lambda _, path: np.full(len(path[-1]) - 1, -np.inf)  # noqa: E731
    yield Rule("stops after the first iteration", ONE_ITERATION, at_once)


def rules_on_q(q: Callable[[X, Path], Array]) -> list[Rule]:
    """Return the rules that watch a Q."""
    return [Rule("stops on Q", STOPS_ON_Q, partial(_measured, m, q)) for m in (_gain, _change)]


def _measured(measure: Callable[[Array], Array], values: Any, x: X, path: Path) -> Array:
    return measure(values(x, path))


def _in_one_row(x: X, path: Path) -> Array:
    return np.concatenate([values.reshape(len(values), -1) for values in path[:-1]], axis=1)


def _responsibilities(loop: Loop, x: X, path: Path) -> Array:
    return softmax(loop.along(x, path, loop.log_joints[0]), axis=2)


def _size_before(x: X, path: Path) -> Array:
    return np.abs(path[-1][:-1])


def _number_of_rows(loop: Loop, x: X, path: Path) -> int:
    return len(loop.log_joints[0](*x))


def _by_a_tol_of_its_own(tol: float, x: X, path: Path) -> Array:
    return np.where(np.diff(path[-1]) < tol, -np.inf, np.inf)


def ended_by_tol(loop: Loop, starts: Iterable[X], max_iter: int) -> X:
    """Return one of a few starts with a `tol` at which the fewest wrong rules stop as they should.

    It lies between the gain of an iteration and the smallest one before, far enough from both for
    sums in another order, or in single precision.  That iteration is not one of the first three,
    unless there is no other.
    """
    *best, tol = max((_telling(loop, x, max_iter) for x in starts), key=lambda found: found[0])[1]
    return *best, tol, max_iter


def _telling(loop: Loop, x: X, max_iter: int) -> tuple[tuple[bool, int, float], X]:
    """Return the best `tol` for a start, after how good it is."""
    path = loop.run(x, max_iter)
    gains = np.diff(path[-1])
    watched = [(rule, rule.watched(x, path)) for rule in wrong_rules(loop)]
    lowest = np.minimum.accumulate(gains)
    found = [((False, -len(watched), 0.0), (*x, 1.0))]
    for t in range(1, max_iter):
        if 0 < 1.02 * gains[t] < lowest[t - 1]:
            tol = float(f"{np.sqrt(gains[t] * lowest[t - 1]):.4g}")
            ends = [rule.end(numbers, tol, max_iter) for rule, numbers in watched]
            good = (t > 2 and gains[t] > 1e-3, -ends.count(t + 1), lowest[t - 1] / gains[t])
            found.append((good, (*x, tol)))
    return max(found, key=lambda one: one[0])


def ended_by_max_iter(loop: Loop, starts: Iterable[X], max_iter: int) -> X:
    """Return the one of a few starts that is farthest from its end, with a `tol` it never meets."""

    def least(x: X) -> float:
        return float(np.diff(loop.run(x, max_iter + 1)[-1]).min())

    x = max(starts, key=least)
    return *x, float(f"{least(x) / 2:.1g}"), max_iter
