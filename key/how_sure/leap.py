"""Exercise 5.3: the leap of SQUAREM, from three estimates in a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.how_sure import _loops

Array = Any  # numbers or arrays of numbers

SHORT = 2.0**-40  # a step beside which what is added "for safety" shows


def _steps(one: Array, two: Array, three: Array) -> tuple[Array, Array]:
    """Return the first step, and what the second step adds to it."""
    return np.subtract(two, one), np.subtract(three, two) - np.subtract(two, one)


def _length(r: Array, v: Array, least: float = 1.0) -> float:
    return max(least, float(np.linalg.norm(r) / np.linalg.norm(v))) if np.any(v) else 1.0


def _landed(start: Array, r: Array, v: Array, s: Array) -> Array:
    return start + 2 * s * r + s**2 * v


def _answer(*x: Array) -> tuple[float, Array]:
    r, v = _steps(*x)
    return _length(r, v), _landed(x[0], r, v, _length(r, v))


def _another(name: str, says: str, length: Callable[[Array, Array], Array]) -> Mistake:
    """Return the mistake that another length is, followed by the right leap."""

    def gives(*x: Array) -> tuple[Array, Array]:
        r, v = _steps(*x)
        return length(r, v), _landed(x[0], r, v, length(r, v))

    return Mistake(name, says, gives)


def _elsewhere(name: str, says: str, lands: Callable[..., Array]) -> Mistake:
    """Return the mistake of a leap to elsewhere; its length is right."""
    return Mistake(name, says, lambda *x: lands(*x, *_steps(*x), _answer(*x)[0]), "theta")


SECOND_STEP = (
    "It looks as if `v` was taken to be the second step. It is the *change* of the step: the "
    "second step minus the first."
)


def _second_step(*x: Array) -> tuple[Array, Array]:
    r, v = np.subtract(x[1], x[0]), np.subtract(x[2], x[1])
    return _length(r, v), _landed(x[0], r, v, _length(r, v))


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    """Draw three points of a contraction: slow, slower, one that needs no leap; then others.

    These are two equal steps; short steps, as near the top; and steps of whole numbers.
    """
    drawn = []
    for p, shrinks in ((3, (0.7, 0.98)), (2, (0.9, 0.95)), (4, (-0.9, 0.1)), (2, (0.996, 0.998))):
        end, error = rng.uniform(0.5, 3, p), rng.uniform(0.2, 1, p) * rng.choice([-1, 1], p)
        rates = rng.uniform(*shrinks, p)
        drawn.append(tuple(end + error * rates**t for t in range(3)))
    start, step = rng.uniform(0, 1, 2), rng.uniform(1, 2, 2)
    even = tuple(np.rint(8 * start) / 8 + t * np.rint(8 * step) / 8 for t in range(3))
    near, by = rng.integers(8, 16, 2) / 8, SHORT * rng.permutation([16, 27])  # sums are exact
    top = near, near + by, near + by + SHORT * rng.permutation([5, 7])
    steps = rng.integers(0, 9, 2), rng.permutation([3, 5]), rng.permutation([1, 2])
    change = rng.integers(12, 20) / 8  # it adds up to 0, and leads below 0
    below = np.array([np.rint(8 * start) / 8, [4, 1], [4 + change, 1 - change]])
    below = below[:, rng.permutation(2)]
    return [*drawn, even, top, tuple(np.cumsum(steps, axis=0)), tuple(np.cumsum(below, axis=0))]


leap = Exercise(
    name="leap",
    parameters=("theta_0", "theta_1", "theta_2"),
    outputs=(
        Output("length", "a single number"),
        Output("theta", "an array of shape `(p,)`, as long as `theta_0`"),
    ),
    answer=_answer,
    examples=(
        # Steps (3, 4) and (0, 4): r has length 5 and v length 3.
        (np.array([1, 2]), np.array([4, 6]), np.array([4, 10])),
        (np.array([0.3, 2.0, 1.0]), np.array([0.5, 1.6, 1.1]), np.array([0.65, 1.3, 1.18])),
        (np.array([1.0, 3.0]), np.array([2.0, 1.0]), np.array([0.5, 3.25])),
        (np.array([0.5, 0.25]), np.array([0.75, 0.5]), np.array([1.0, 0.75])),
        # What the steps change by adds up to 0, and the leap ends below 0.
        (np.array([0.5, 0.25]), np.array([4.5, 1.25]), np.array([10.5, 0.25])),
        # Near the top all steps are short: 8, 4 and then 6, 2, in units of 2 ** -40.
        tuple(np.array([1.0, 2.0]) + SHORT * np.array(by) for by in ((0, 0), (8, 4), (14, 6))),
    ),
    mistakes=(
        Mistake("second step for its change", SECOND_STEP, _second_step),
        _elsewhere(
            "a leap along the last step",
            "Your `theta` lies on the line of the last step. Put `length` into the formula of the "
            "statement, for s.",
            lambda one, two, three, r, v, s: three + np.subtract(three, two) * (s - 1),
        ),
        _another(
            "shorter than two steps",
            "A leap must not be shorter than the two steps already made: `length` is at least 1.",
            lambda r, v: _length(r, v, 0),
        ),
        _another(
            "another length",
            "Your `length` is the inverse: the first step is divided by its change.",
            lambda r, v: max(1, np.linalg.norm(v) / np.linalg.norm(r)),
        ),
        _another(
            "another length",
            "Your `length` looks like the quotient of the squared lengths. Take the lengths "
            "themselves.",
            lambda r, v: max(1.0, _length(r, v, 0) ** 2) if np.any(v) else 1.0,
        ),
        _another(
            "another length",
            "Your `length` seems to measure with sums of absolute values. The length of an arrow "
            "is the root of the sum of the squares.",
            lambda r, v: max(1.0, abs(r).sum() / abs(v).sum()) if np.any(v) else 1.0,
        ),
        _another(
            "another length",
            "Your `length` seems to measure by the largest coordinate. The length of an arrow is "
            "the root of the sum of the squares.",
            lambda r, v: max(1.0, abs(r).max() / abs(v).max()) if np.any(v) else 1.0,
        ),
        _another(
            "a small change taken for none",
            "It looks as if a small `v` counted as 0, as by `np.allclose`, or as if something was "
            "added to its length. Near the top all steps are small.",
            lambda r, v: 1.0 if np.allclose(v, 0) else _length(r, v),
        ),
        _another(
            "nothing to divide by",
            "If both steps are equal, `v` is 0 and there is nothing to divide by. Then `length` "
            "is 1.",
            lambda r, v: np.maximum(1, np.linalg.norm(r) / np.float64(np.linalg.norm(v))),
        ),
        Mistake(
            "sign of the length",
            "Your `length` is negative. Here it is positive, at least 1.",
            lambda *x: -_answer(*x)[0],
            "length",
        ),
        Mistake(
            "always 1",
            "Your `length` is always 1: then the leap ends where two EM steps end.",
            lambda *x: (1.0, x[2]),
        ),
        _elsewhere(
            "factor two forgotten",
            "In your `theta` the first step counts `length` times. It counts twice that.",
            lambda a, b, c, r, v, s: a + s * r + s**2 * v,
        ),
        _elsewhere(
            "length not squared",
            "In your `theta` the change of the step counts `length` times. The length is squared "
            "there.",
            lambda a, b, c, r, v, s: a + 2 * s * r + s * v,
        ),
        _elsewhere(
            "sign in the leap",
            "In your `theta` the first step is subtracted: that leaps backwards.",
            lambda a, b, c, r, v, s: a - 2 * s * r + s**2 * v,
        ),
        _elsewhere(
            "sign in the leap",
            "In your `theta` the change of the step is subtracted. It is added.",
            lambda a, b, c, r, v, s: a + 2 * s * r - s**2 * v,
        ),
        _elsewhere(
            "from another place",
            "Your leap begins at `theta_1`. It begins at `theta_0`.",
            lambda a, b, c, r, v, s: b + 2 * s * r + s**2 * v,
        ),
        _elsewhere(
            "from another place",
            "Your leap begins at `theta_2`. It begins at `theta_0`.",
            lambda a, b, c, r, v, s: c + 2 * s * r + s**2 * v,
        ),
        _elsewhere(
            "only the arrow",
            "Your `theta` is the arrow of the leap. Add it to `theta_0`.",
            lambda a, b, c, r, v, s: 2 * s * r + s**2 * v,
        ),
        _elsewhere(
            "no leap",
            "Your `theta` is `theta_2`, where two EM steps end.",
            lambda a, b, c, r, v, s: c,
        ),
    ),
    hints=(
        "Draw the first example on squared paper: which arrow is the first step, and which arrow "
        "has to be added to it to get the second?",
        "`np.linalg.norm` is the length of an arrow. If `v` is 0 everywhere, do not divide.",
        "`r = theta_1 - theta_0`, `v = theta_2 - theta_1 - r`, `length` the larger of 1 and "
        "|r| / |v|; land at `theta_0 + 2 * length * r + length**2 * v`.",
    ),
    cases=cases,
    in_loops=_loops.leap,
)
