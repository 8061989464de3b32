"""Exercise 1.2: the level of a noise that is not always equally loud."""

from __future__ import annotations

import numpy as np

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.jensen import _loops
from key.jensen._formulas import AVERAGED_TWICE, WEIGHTS_FORGOTTEN, Array


def _noise_level(levels: Array, w: Array) -> Array:
    return 10 * np.log10(w @ 10 ** (levels / 10))


def _draw(rng: Rng, k: int) -> tuple[Array, ...]:
    """Draw k levels, one of them below 0, and weights, from k = 3 on one of them 0."""
    levels = np.linspace(-12, 96, k) + rng.uniform(-9, 9, size=k)
    w = np.where(np.arange(k) == 1 if k > 2 else False, 0, rng.uniform(0.2, 1, size=k))
    order = rng.permutation(k)
    return levels[order], (w / w.sum())[order]


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    quiet = np.array([-rng.integers(6, 9), -1, rng.integers(1, 4)]), rng.dirichlet([8, 8, 8])
    drawn = [_draw(rng, k) for k in (2, 3, 5, 8)]
    levels = rng.permutation([rng.integers(118, 125), *rng.integers(31, 58, size=2)])
    rare = levels, np.where(levels > 100, 1e-7, (1 - 1e-7) / 2)  # and loud
    twice = rng.permutation([50, 50, 58]) + rng.uniform(-9, 9), rng.dirichlet([8, 8, 8])
    soft = rng.uniform([-70, -60], [-65, -55]), rng.dirichlet([8, 8])
    return [*drawn, quiet, rare, twice, soft]


noise_level = Exercise(
    name="noise_level",
    parameters=("levels", "w"),
    outputs=(Output("the level", "a single number"),),
    answer=_noise_level,
    examples=(
        (np.array([10.0, 20.0]), np.array([0.9, 0.1])),
        (np.array([70.0, 85.0, 76.0]), np.array([0.5, 0.2, 0.3])),
        (np.array([94.0, 61.0, -6.0]), np.array([0.0, 0.25, 0.75])),
        (np.array([-1, 3, -6]), np.array([0.5, 0.2, 0.3])),
        (np.array([52.0, 40.0, 52.0]), np.array([0.25, 0.5, 0.25])),
    ),
    mistakes=(
        Mistake(
            "f and the mean exchanged",
            "That is the mean of the levels, and a level is a logarithm: it is the mean of the "
            "log. Asked for is the log of the mean. Average the powers, then go back to decibels.",
            lambda levels, w: w @ levels,
        ),
        Mistake(
            "weights forgotten",
            WEIGHTS_FORGOTTEN,
            lambda levels, w: 10 * np.log10(np.mean(10 ** (levels / 10))),
        ),
        Mistake(
            "sum instead of mean",
            "It looks as if the powers were added without their weights: that is the level of all "
            "noises at the same time. A mean weighs each of them.",
            lambda levels, w: 10 * np.log10(np.sum(10 ** (levels / 10))),
        ),
        Mistake(
            "weighted and averaged too",
            AVERAGED_TWICE,
            lambda levels, w: 10 * np.log10(np.mean(w * 10 ** (levels / 10))),
        ),
        Mistake(
            "weights in the exponent",
            "It looks as if the levels were multiplied by their weights. It is the power that a "
            "weight multiplies, not its logarithm.",
            lambda levels, w: 10 * np.log10(np.sum(10 ** (w * levels / 10))),
        ),
        Mistake(
            "factor 10 left out",
            "It looks as if the factor 10 was left out on the way to the powers: a level of 20 "
            "decibels is a power of 10².",
            lambda levels, w: 10 * np.log10(w @ 10**levels),
        ),
        Mistake(
            "factor 10 left out",
            "It looks as if the factor 10 was left out on the way to the powers: a level of 20 "
            "decibels is a power of 10².",
            lambda levels, w: 10 * np.log10(w @ 10.0**levels),
        ),
        Mistake(
            "factor 10 left out",
            "It looks as if the factor 10 was left out on the way back to decibels.",
            lambda levels, w: np.log10(w @ 10 ** (levels / 10)),
        ),
        Mistake(
            "factor 20",
            "It looks as if 20 was taken for the factor 10. Here the power is averaged, and a "
            "level is 10 times its logarithm.",
            lambda levels, w: 20 * np.log10(w @ 10 ** (levels / 20)),
        ),
        Mistake(
            "another base",
            "It looks as if `np.log` and `np.exp` were used. A decibel is defined with the "
            "logarithm to base 10: `np.log10`, and powers of 10.",
            lambda levels, w: 10 * np.log(w @ np.exp(levels / 10)),
        ),
        Mistake(
            "another base",
            "It looks as if the powers are right, but `np.log` led back. A decibel is defined "
            "with the logarithm to base 10: `np.log10`.",
            lambda levels, w: 10 * np.log(w @ 10 ** (levels / 10)),
        ),
        Mistake(
            "another base",
            "It looks as if `np.exp` was used on the way to the powers. The inverse of the "
            "logarithm to base 10 is a power of 10.",
            lambda levels, w: 10 * np.log10(w @ np.exp(levels / 10)),
        ),
        Mistake(
            "power instead of level",
            "That is the mean power. One step is left: its level, in decibels.",
            lambda levels, w: w @ 10 ** (levels / 10),
        ),
        Mistake(
            "the loudest alone",
            "It looks as if the loudest noise decided alone. How long it lasts counts, too.",
            lambda levels, w: levels.max(),
        ),
        Mistake(
            "the loudest alone",
            "It looks as if the loudest noise decided alone. How long it lasts counts, too.",
            lambda levels, w: levels[w > 0].max(),
        ),
        Mistake(
            "the gap",
            "That is how far the mean of the levels lies below the level of the mean. The level "
            "of the mean itself is asked for.",
            lambda levels, w: _noise_level(levels, w) - w @ levels,
        ),
        Mistake(
            "decimals of the exponent cut off",
            "It looks as if a level was divided by `//`, which drops what stands behind the "
            "point. Divide with `/`.",
            lambda levels, w: 10 * np.log10(w @ 10 ** (levels // 10)),
        ),
        Mistake(
            "levels taken for powers",
            "It looks as if the levels were taken for powers. A level is a logarithm: go back to "
            "powers first.",
            lambda levels, w: 10 * np.log10(w @ levels),
        ),
        Mistake(
            "largest level not added back",
            "It looks as if the largest level was taken out, but not added again at the end.",
            lambda levels, w: 10 * np.log10(w @ 10 ** ((levels - levels.max()) / 10)),
        ),
    ),
    hints=(
        "There are three steps: from each level to its power, the mean of the powers, and from "
        "that mean back to a level.",
        "Solve L = 10 log₁₀ P for P. Which weights belong to the mean?",
        "The powers are `10 ** (levels / 10)`, and a mean with weights is `w @ something`. The "
        "last step is `10 * np.log10(...)`.",
    ),
    cases=cases,
    in_loops=_loops.noise_level,
    text={"w": 0.5},
)
