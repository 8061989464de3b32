"""The paths of a loop of EM: where it goes, and the rules by which it may stop.

Of an exercise a `Loop` knows how an iteration goes, and log p(x, z).  Out of that come the right
path, `key.wrong_paths`, and a `tol` at which a wrong rule shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from scipy.special import softmax

Array = Any
X = tuple[Any, ...]  # the arguments before tol and max_iter
Path = tuple[Array, ...]  # one array for each parameter, and last the log-likelihoods
FIXED_TOL = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10)


@dataclass(frozen=True, eq=False)
class Loop:
    """EM as an exercise asks for it.

    Attributes
    ----------
    parameters : dict of str to int
        What an iteration renews, and where that stands among the arguments.
    expect : callable
        Of the arguments: the responsibilities and the log-likelihood.
    maximise : callable
        Of the responsibilities, then the arguments: the new parameters, a tuple.
    log_joints : sequence of callables
        Of the arguments: log p(x, z), shape (n, k); then what else a Q may be made of.
    theta, thetas, rows : str
        How sentences call the parameters of an iteration, those of all, and the data.
    """

    parameters: dict[str, int]
    expect: Callable[..., tuple[Array, Array]]
    maximise: Callable[..., tuple[Array, ...]]
    log_joints: Sequence[Callable[..., Array]]
    theta: str
    thetas: str
    rows: str

    def at(self, x: X, theta: tuple[Array, ...]) -> X:
        """Return the arguments with other parameters."""
        new = dict(zip(self.parameters.values(), theta, strict=True))
        return tuple(new.get(i, old) for i, old in enumerate(x))

    def start(self, x: X) -> tuple[Array, ...]:
        """Return the parameters among the arguments."""
        return tuple(x[i] for i in self.parameters.values())

    def climb(
        self, x: X, tol: float, max_iter: int, expect: Any = None, maximise: Any = None
    ) -> Path:
        """Run EM, with other steps if they are given."""
        expect, maximise = expect or self.expect, maximise or self.maximise
        r, value = expect(*x)
        thetas, values = [self.start(x)], [value]
        for _ in range(max_iter):
            x = self.at(x, maximise(r, *x))
            r, value = expect(*x)
            thetas.append(self.start(x))
            values.append(value)
            if values[-1] - values[-2] < tol:
                break
        return *(np.array(one) for one in zip(*thetas, strict=True)), np.array(values)

    def run(self, x: X, iterations: int) -> Path:
        """Return the right path after so many iterations; kept, for most mistakes begin with it."""
        arrays = [np.asarray(value, dtype=float) for value in x]
        return _kept(self, tuple((a.tobytes(), a.shape) for a in arrays), max(iterations, 0))

    def right(self, x: X, tol: float, max_iter: int) -> Path:
        """Return the right path, which stops where it should."""
        path = self.run(x, max_iter)
        return first(path, end(np.diff(path[-1]) < tol, max_iter) + 1)

    def along(self, x: X, path: Path, function: Callable[..., Array]) -> Array:
        """Return what a function of the arguments is at each step of a path."""
        return np.array([function(*self.at(x, theta)) for theta in zip(*path[:-1], strict=True)])


@lru_cache(maxsize=256)
def _kept(loop: Loop, packed: tuple[tuple[bytes, tuple[int, ...]], ...], iterations: int) -> Path:
    x = tuple(np.frombuffer(raw).reshape(shape) for raw, shape in packed)
    with np.errstate(all="ignore"):  # a run may collapse
        return loop.climb(x, -np.inf, iterations)


def first(path: Path, rows: int) -> Path:
    return tuple(values[:rows] for values in path)


def end(enough: Array, max_iter: int, late: int = 0) -> int:
    """Return the iteration after which a loop ends that has had `enough` after some."""
    found = np.flatnonzero(enough)
    return min(int(found[0]) + 1 + late if len(found) else max_iter, max_iter)


# Stopping rules: the right one, and all others.


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
ONE_ITERATION = "It looks as if the loop always ends after its first iteration."


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


def telling_tol(loop: Loop, x: X, max_iter: int) -> float:
    """Return the `tol` at which the fewest wrong rules stop where the right one does.

    It lies between the gain of an iteration and the smallest one before, far enough from both for
    sums in another order, or in single precision.  The iteration is not one of the first few,
    unless the path has no other.
    """
    path = loop.run(x, max_iter)
    gains = np.diff(path[-1])
    watched = [(rule, rule.watched(x, path)) for rule in wrong_rules(loop)]
    lowest = np.minimum.accumulate(gains)[:-1]  # before the second gain, the third ...

    def worth(t: int) -> tuple[bool, int, float]:
        ends = [rule.end(numbers, tol(t), max_iter) for rule, numbers in watched]
        plain = t > 2 and gains[t] > 1e-3
        return plain, -ends.count(t + 1), lowest[t - 1] / gains[t]

    def tol(t: int) -> float:
        return float(f"{np.sqrt(gains[t] * lowest[t - 1]):.4g}")

    falls = 1 + np.flatnonzero((gains[1:] > 0) & (1.02 * gains[1:] < lowest))
    return tol(max(falls.tolist(), key=worth))
