"""Pictures of how fast EM goes: pure functions of plain numbers that return a `Picture`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from emlib._validate import FloatArray, real_array
from emlib.palette import COMPONENT_MARKERS
from emlib.plots.picture import Picture
from emlib.plots.style import FONT_SIZE, line, new_axes, told_apart

FLOOR = 1e-9  # nats below the top: what is nearer cannot be told apart in a picture


def race(heights: Mapping[str, ArrayLike], *, top: float) -> Picture:
    """Draw how far below the top several runs are after each EM step, both axes logarithmic.

    Parameters
    ----------
    heights : mapping from name to array_like, shape (steps + 1,)
        The log-likelihood at the start and after each step of each run, in nats.
    top : float
        The log-likelihood of the maximum.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is no run, there are too many to be told apart, or one lies above the top.
    """
    runs = {name: below(name, values, top) for name, values in heights.items()}
    told_apart("heights", runs)
    figure, axes = new_axes()
    for j, (name, left) in enumerate(runs.items()):
        axes.loglog(
            np.arange(1, len(left) + 1), left, **line(j), marker=COMPONENT_MARKERS[j], ms=4,
            markevery=(0.0, 0.04), label=name,
        )  # fmt: skip
    axes.set_xlabel("EM steps, the start counted as 1")
    axes.set_ylabel("nats below the top")
    axes.legend(frameon=False, fontsize=FONT_SIZE)
    ends = "; ".join(
        f"{name} begins {left[0]:.3g} below and is {left[-1]:.1g} below after "
        f"{len(left) - 1} steps, within 0.001 after {_within(left)}"
        for name, left in runs.items()
    )
    return Picture.draw(figure, f"Nats below the top against EM steps: {ends}.")


def below(name: str, values: ArrayLike, top: float) -> FloatArray:
    """Return how far below the top a run is at each step, at least `FLOOR`, shape (steps + 1,)."""
    left = top - real_array(name, values, 1)
    if left.min() < -1e-6:
        raise ValueError(f"{name} lies {-left.min():g} nats above top: give a higher top")
    return np.asarray(np.maximum(left, FLOOR))


def _within(left: FloatArray, near: float = 1e-3) -> int | str:
    far = np.flatnonzero(left > near)
    if not len(far):
        return 0
    return int(far[-1]) + 1 if far[-1] + 1 < len(left) else "more steps than these"
