"""Exercise 1.1: the gap of Jensen's inequality for f(u) = 1 / u."""

from __future__ import annotations

import numpy as np

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.jensen import _loops
from key.jensen._formulas import AVERAGED_TWICE, WEIGHTS_FORGOTTEN, Array


def _jensen_gap(u: Array, w: Array) -> Array:
    return w @ (1 / u) - 1 / (w @ u)


def _draw(rng: Rng, k: int) -> tuple[Array, ...]:
    """Draw k values and weights, from k = 3 on one of them 0."""
    w = rng.uniform(0.2, 1, size=k) * (np.arange(k) != 1 if k > 2 else 1)
    return rng.permutation(np.geomspace(0.3, 6, k)) * rng.uniform(0.8, 1.2, size=k), w / w.sum()


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    drawn = [_draw(rng, k) for k in (2, 3, 5, 8)]
    u = rng.permutation([3.5e-7, 2.0, 3.0]) * rng.uniform(0.8, 1.2, 3)
    rare = u, np.where(u < 1, 1e-7, (1 - 1e-7) / 2)  # and slow
    twice = rng.permutation([0.4, 0.4, 3.0]) * rng.uniform(0.8, 1.2), rng.dirichlet([8, 8, 8])
    return [*drawn, rare, twice]


# Many take the absolute value of what they have found, so these are told with either sign.
MISTAKES = (
    Mistake(
        "another function",
        "It looks as if the gap of the logarithm was computed. Here the function is 1/u.",
        lambda u, w: np.log(w @ u) - w @ np.log(u),
    ),
    Mistake(
        "another function",
        "It looks as if the gap of the logarithm was computed. Here the function is 1/u.",
        lambda u, w: w @ np.log(u) - np.log(w @ u),
    ),
    Mistake(
        "weights forgotten",
        WEIGHTS_FORGOTTEN,
        lambda u, w: np.mean(1 / u) - 1 / np.mean(u),
    ),
    Mistake(
        "weights forgotten",
        "It looks as if sums without weights were taken. Expectations are weighted means.",
        lambda u, w: np.sum(1 / u) - 1 / np.sum(u),
    ),
    Mistake(
        "weights forgotten",
        "It looks as if the weights `w` served only to leave out what has weight 0. A value "
        "that is more probable should count more.",
        lambda u, w: np.mean(1 / u[w > 0]) - 1 / np.mean(u[w > 0]),
    ),
    Mistake(
        "weights inside f",
        "It looks as if f was taken of the products w u. A mean of f weighs the values of f: "
        "f first, then the weights.",
        lambda u, w: np.sum(1 / (w * u)) - 1 / (w @ u),
    ),
    Mistake(
        "weights used on one side only",
        "It looks as if the weights were used in one expectation but not in the other.",
        lambda u, w: np.mean(1 / u) - 1 / (w @ u),
    ),
    Mistake(
        "weights used on one side only",
        "It looks as if the weights were used in one expectation but not in the other.",
        lambda u, w: w @ (1 / u) - 1 / np.mean(u),
    ),
    Mistake(
        "weights used on one side only",
        "It looks as if the weights were used in one expectation but not in the other.",
        lambda u, w: abs(w @ (1 / u) - 1 / np.mean(u)),
    ),
    Mistake(
        "mean of the distances",
        "It looks as if the distances of the values of f from f of the mean were averaged, "
        "each without its sign. The gap is one distance, between two means.",
        lambda u, w: w @ abs(1 / u - 1 / (w @ u)),
    ),
    Mistake(
        "weighted and averaged too",
        AVERAGED_TWICE,
        lambda u, w: np.mean(w / u) - 1 / np.mean(w * u),
    ),
    Mistake(
        "one side only",
        "That is the mean of f. The gap is its distance from f of the mean.",
        lambda u, w: w @ (1 / u),
    ),
    Mistake(
        "one side only",
        "That is f of the mean. The gap is its distance from the mean of f.",
        lambda u, w: 1 / (w @ u),
    ),
    Mistake(
        "a ratio instead of a difference",
        "It looks as if one side was divided by the other. The gap is a difference.",
        lambda u, w: (w @ (1 / u)) * (w @ u),
    ),
    Mistake(
        "means of u instead of f",
        "It looks as if you compared the mean of u with another mean of u. Compare two values "
        "of f: f of the mean, and the mean of f.",
        lambda u, w: w @ u - 1 / (w @ (1 / u)),
    ),
    Mistake(
        "the variance",
        "That is the variance, the gap of the square. Here the function is 1/u.",
        lambda u, w: w @ u**2 - (w @ u) ** 2,
    ),
    Mistake(
        "order of operations",
        "It looks as if `1 / w @ u` was written, which is `(1 / w) @ u`: `/` and `@` go from "
        "left to right. The mean needs brackets.",
        lambda u, w: w @ (1 / u) - (1 / w) @ u,
    ),
    Mistake(
        "only the first two values",
        "It looks as if only two values were counted. There may be any number of them.",
        lambda u, w: w[:2] @ (1 / u[:2]) - 1 / (w[:2] @ u[:2]),
    ),
)


jensen_gap = Exercise(
    name="jensen_gap",
    parameters=("u", "w"),
    outputs=(Output("the gap", "a single number"),),
    answer=_jensen_gap,
    examples=(
        (np.array([1.0, 2.0]), np.array([0.5, 0.5])),
        (np.array([0.5, 2.0, 8.0]), np.array([0.2, 0.5, 0.3])),
        (np.array([0.25, 3.0, 1.0]), np.array([0.0, 0.75, 0.25])),
        (np.array([2.0, 0.5, 2.0]), np.array([0.25, 0.25, 0.5])),
    ),
    mistakes=(
        Mistake(
            "direction of Jensen's inequality",
            "The gap should not be negative. 1/u is convex, so Jensen's inequality points the "
            "other way than for the logarithm: which side is larger now?",
            lambda u, w: -_jensen_gap(u, w),
        ),
        *MISTAKES,
        *(Mistake(m.name, m.says, lambda u, w, f=m.gives: abs(f(u, w))) for m in MISTAKES),
    ),
    hints=(
        "Two numbers are to be compared: f of the mean of U, and the mean of f(U). Work them out "
        "by hand for two values.",
        "The second derivative of 1/u on the positive numbers is 2/u³. What does its sign say "
        "about which side is larger?",
        "A mean with weights is `w @ something`. One of the two is `w @ u`, put into f; for the "
        "other, f is applied to `u` first.",
    ),
    cases=cases,
    in_loops=_loops.jensen_gap,
    text={"w": (0.5, np.array([0.5, 0.5])), "u": np.array([1.5, 0.6])},
)
