"""Exercise 1.1: convex, concave, both or neither."""

from __future__ import annotations

import numpy as np

from emlib.checks import Mistake, Output, Part
from emlib.checks.relations import holds
from key.exercise import Exercise, Rng
from key.jensen._formulas import Array

ROUNDING = 1e-9


def _bends(u: Array, y: Array) -> Array:
    """Return by how much the slope changes from each chord to the next, shape (k - 2,)."""
    return np.diff(np.diff(y) / np.diff(u))


def _signs(bends: Array, rounding: float = ROUNDING) -> tuple[bool, bool]:
    """Say whether all bends are upwards, and whether all are downwards."""
    return bool(np.all(bends >= -rounding)), bool(np.all(bends <= rounding))


def _curvature(u: Array, y: Array) -> tuple[bool, bool]:
    return _signs(_bends(u, y))


def _below_long_chord(u: Array, y: Array) -> Array:
    """Return how far the curve lies below the chord between its ends."""
    return np.interp(u, u[[0, -1]], y[[0, -1]]) - y


def _draw(rng: Rng, kind: str, k: int) -> tuple[Array, ...]:
    """Draw k points of a curve of that kind."""
    steps = rng.uniform(0.3, 1.5, size=k - 1)
    u = np.concatenate([[0.0], np.cumsum(steps)])
    slopes = np.cumsum(rng.uniform(0.2, 0.8, size=k - 1)) - 0.25 * k  # they only rise
    if kind == "concave":
        slopes = -slopes
    elif kind == "affine":
        slopes = np.full(k - 1, rng.uniform(-2, 2))
    elif kind == "wave":
        slopes[k // 2 :] = slopes[k // 2 :][::-1]
    elif kind == "dent":  # a convex curve but for one place
        slopes[[k // 2, k // 2 - 1]] = slopes[[k // 2 - 1, k // 2]]
    elif kind == "corner":
        slopes = np.where(np.arange(k - 1) < k // 2, -1.0, rng.uniform(0.5, 2))
    return u, rng.uniform(-1, 1) + np.concatenate([[0.0], np.cumsum(slopes * steps)])


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    kinds = ["convex", "concave", "affine", "wave", "dent", "corner"]
    return [_draw(rng, kind, k) for k, kind in enumerate(kinds, start=6)]


curvature = Exercise(
    name="curvature",
    parameters=("u", "y"),
    outputs=(Output("convex", "`True` or `False`"), Output("concave", "`True` or `False`")),
    answer=_curvature,
    examples=(
        (np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 9.0])),
        (np.array([1.0, 2.0, 4.0, 8.0]), np.array([0.0, 1.0, 2.0, 3.0])),
        (np.array([0.0, 0.1, 0.3, 0.7]), np.array([1.0, 0.8, 0.4, -0.4])),
        (np.array([0.0, 1.0, 2.0, 4.0, 5.0]), np.array([0.0, -1.0, -4.0, -5.0, 0.0])),
        (np.array([0.0, 0.5, 1.0, 3.0]), np.array([2.0, 0.75, 0.0, -2.5])),
    ),
    mistakes=(
        Mistake(
            "convex and concave swapped",
            "It looks as if the two were exchanged: a curve that bends upwards, as the square "
            "does, is convex. And `convex` comes first.",
            lambda u, y: _signs(-_bends(u, y)),
        ),
        Mistake(
            "spacing ignored",
            "It looks as if `y` alone was compared, as if all places in `u` were equally far "
            "apart. Divide by the distances: what must not fall, or rise, is the slope of the "
            "chords.",
            lambda u, y: _signs(np.diff(y, 2)),
        ),
        Mistake(
            "a straight line left out",
            "It looks as if every chord had to be strictly steeper (or flatter) than the last. A "
            "straight line is its own chord: it is convex and concave.",
            lambda u, y: (
                bool((_bends(u, y) > ROUNDING).all()),
                bool((_bends(u, y) < -ROUNDING).all()),
            ),
        ),
        Mistake(
            "no room for rounding",
            "On a straight line the slopes of neighbouring chords differ in their last digits: "
            "differences up to `1e-9` are rounding and should not count.",
            lambda u, y: _signs(_bends(u, y), 0.0),
        ),
        Mistake(
            "rising taken for convex",
            "It looks as if you tested whether the curve rises or falls. Convex and concave are "
            "about how it bends: whether its *slope* rises or falls.",
            lambda u, y: _signs(np.diff(y)),
        ),
        Mistake(
            "one chord only",
            "It looks as if only the chord from the first point to the last was tested. *No* chord "
            "may cross the curve: look for a dent in the middle.",
            lambda u, y: _signs(_below_long_chord(u, y)),
        ),
        Mistake(
            "some instead of all",
            "It looks as if one place that bends the right way was enough. The curve must bend "
            "that way everywhere: look at `np.all`.",
            lambda u, y: (bool((_bends(u, y) >= 0).any()), bool((_bends(u, y) <= 0).any())),
        ),
        Mistake(
            "one place only",
            "It looks as if only the first three points were tested. The curve must bend that way "
            "everywhere.",
            lambda u, y: _signs(_bends(u, y)[:1]),
        ),
        Mistake(
            "one place only",
            "It looks as if the first place that bends decided. The curve must bend that way "
            "everywhere: is there a `return` inside the loop?",
            lambda u, y: _signs(_bends(u, y)[abs(_bends(u, y)) > ROUNDING][:1]),
        ),
        Mistake(
            "one place left out",
            "It looks as if the last three points were not tested: how many neighbouring chords "
            "are there to compare?",
            lambda u, y: _signs(_bends(u, y)[:-1]),
        ),
        Mistake(
            "one place left out",
            "It looks as if the first three points were not tested: how many neighbouring chords "
            "are there to compare?",
            lambda u, y: _signs(_bends(u, y)[1:]),
        ),
        Mistake(
            "convex and concave swapped",
            "It looks as if the slopes were taken upside down. A slope is the difference of the "
            "values divided by the difference of the places.",
            lambda u, y: _signs(np.diff(np.diff(u) / np.diff(y))),
        ),
        Mistake(
            "gradient taken twice",
            "It looks as if `np.gradient` was taken twice. It averages over neighbours, so that a "
            "small dent disappears; the slopes of the chords show it.",
            lambda u, y: _signs(np.gradient(np.gradient(y, u), u)),
        ),
        Mistake(
            "gradient taken twice",
            "It looks as if `np.gradient` was used. At both ends it repeats a slope, and in "
            "between it averages two; compare the slopes of the chords themselves.",
            lambda u, y: _signs(np.diff(np.gradient(y, u))),
        ),
        Mistake(
            "one taken for the opposite of the other",
            "It looks as if `concave` was taken to mean `not convex`. A straight line is both, a "
            "wave is neither: test each by itself.",
            lambda u, y: not _curvature(u, y)[0],
            part="concave",
        ),
        Mistake(
            "one taken for the opposite of the other",
            "It looks as if `convex` was taken to mean `not concave`. A straight line is both, a "
            "wave is neither: test each by itself.",
            lambda u, y: not _curvature(u, y)[1],
            part="convex",
        ),
    ),
    hints=(
        "Walk along the curve from left to right. How does the slope of the small chords change if "
        "the curve is convex?",
        "The slope between two neighbours is the difference of the values divided by the "
        "difference of the places. `np.diff` takes all differences at once.",
        "Compute all slopes, then how much each differs from the one before. For a convex curve "
        "none of these changes is below `-1e-9`; `np.all` tells.",
    ),
    cases=cases,
    parts=tuple(
        Part(
            name,
            holds(("close", i)),
            f"`{name}` is not right. Draw the points of an example on paper and join them.",
        )
        for i, name in enumerate(("convex", "concave"))
    ),
)
