"""A race: several ways to the same maximum, to step through beside each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from emlib._validate import FloatArray, real_array
from emlib.palette import COMPONENT_COLOURS
from emlib.plots import how_sure as plots
from emlib.steppers.runs import Interactive


def race(
    paths: Mapping[str, ArrayLike],
    height: Callable[[FloatArray], float],
    *,
    end: ArrayLike,
    axes: Sequence[str] = ("first parameter", "second parameter"),
) -> Interactive:
    """Return several runs, to be stepped through one EM step at a time.

    Parameters
    ----------
    paths : mapping from name to array_like, shape (steps + 1, p)
        The parameters at the start and after each EM step; one or more runs, not more than
        there are colours.  The picture shows the first two parameters.
    height : callable
        The log-likelihood of parameters, shape (p,).
    end : array_like, shape (p,)
        Where the maximum is.
    axes : sequence of two str, optional
        What the first two parameters are called.

    Returns
    -------
    Interactive

    Raises
    ------
    ValueError
        If there is no run or there are too many, or their shapes do not fit `end`.
    """
    top = real_array("end", end, 1)
    ways = {name: real_array(name, path, 2) for name, path in paths.items()}
    if not 0 < len(ways) <= len(COMPONENT_COLOURS):
        raise ValueError(f"paths must hold 1 to {len(COMPONENT_COLOURS)} runs, not {len(ways)}")
    for name, way in ways.items():
        if not way.shape[1] == len(top) >= 2:
            raise ValueError(
                f"{name} must have a column for each parameter in end, two at least: "
                f"{len(top)}, not {way.shape[1]}"
            )
    heights = {name: np.array([height(theta) for theta in way]) for name, way in ways.items()}
    highest = max(height(top), *(values.max() for values in heights.values()))
    runs = [
        {
            "name": name,
            "way": [[_short(number) for number in theta[:2]] for theta in way],
            "below": [_short(left) for left in plots.below(name, heights[name], highest)],
        }
        for name, way in ways.items()
    ]
    last = max(map(len, ways.values())) - 1
    spec = {"runs": runs, "stops": _stops(last), "end": top[:2].tolist(), "axes": list(axes)}
    return Interactive(plots.race(heights, top=highest), spec, "race", "race")


def _short(number: float) -> float:
    """Leave five significant digits: more cannot be seen, and each costs a byte of the page."""
    return float(f"{number:.5g}")


def _stops(last: int) -> list[int]:
    """Return where to stop: at each of the first 60 steps, then about 5 % later each time."""
    stops = list(range(min(last, 60) + 1))
    while stops[-1] < last:
        stops.append(min(last, round(1.05 * stops[-1])))
    return stops
