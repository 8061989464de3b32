"""What the exercises that write a whole loop of EM have in common.

A `Loop` knows how an iteration goes, and log p(x, z).  Out of that come the right path, what earns
points, all that goes wrong (`key.paths`), and a `tol` at which it shows (`key.stopping`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from emlib.checks import Part
from emlib.checks.relations import holds

Array = Any
X = tuple[Any, ...]  # the arguments before tol and max_iter
Path = tuple[Array, ...]  # one array for each parameter, and last the log-likelihoods


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
    theta, thetas, rows, components : str
        How sentences call the parameters of an iteration, those of all, and the rest.
    """

    parameters: dict[str, int]
    expect: Callable[..., tuple[Array, Array]]
    maximise: Callable[..., tuple[Array, ...]]
    log_joints: Sequence[Callable[..., Array]]
    theta: str
    thetas: str
    rows: str
    components: str

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


def answer(right: Loop) -> Callable[..., Path]:
    """Return the right function."""

    def function(*x: Any) -> Path:
        *start, tol, max_iter = x
        return right.right(tuple(start), tol, max_iter)

    return function


WAY = (
    "{thetas} not right: row 0 is the start, and each further row comes from the row before it by "
    "one E-step and one M-step."
)
VALUES = (
    "`log_likelihoods` is not right: entry t is the log-likelihood at row t of {thetas}, and there "
    "are as many of the one as of the other."
)
STOP = (
    "It stops too early or too late. It should stop after the first iteration that gains less than "
    "`tol`, or after `max_iter` iterations."
)


def parts(loop: Loop, name: str, outputs: tuple[str, ...], step: str, i: int) -> tuple[Part, ...]:
    """Return what earns points: the way, the log-likelihoods that belong to it, and its end.

    The log-likelihood is what a student's `step` returns as its value `i`, counted from 0.
    """
    along = (step, i, tuple((one, k) for k, one in enumerate(loop.parameters)))
    last = len(outputs)
    way = f"{loop.thetas[0].upper()}{loop.thetas[1:]} {'is' if last == 1 else 'are'}"
    return (
        Part(name, holds(*(("agrees", k) for k in range(last))), WAY.format(thetas=way), outputs),
        Part(
            "log_likelihoods",
            holds(("as long as the first", last), ("belongs", last, *along)),
            VALUES.format(thetas=loop.thetas),
        ),
        Part("stopping rule", holds(("stops", *along, "tol", "max_iter")), STOP),
    )


def first(path: Path, rows: int) -> Path:
    return tuple(values[:rows] for values in path)


def end(enough: Array, max_iter: int, late: int = 0) -> int:
    """Return the iteration after which a loop ends that has had `enough` after some."""
    found = np.flatnonzero(enough)
    return min(int(found[0]) + 1 + late if len(found) else max_iter, max_iter)
