"""Pictures of models other than mixtures: pure functions of plain numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from emlib._validate import real_array
from emlib.models.gaussian.incomplete import IncompletePoints
from emlib.palette import COMPONENT_COLOURS, COMPONENT_MARKERS, NEUTRAL
from emlib.plots.picture import Picture
from emlib.plots.style import new_axes


def filled_in(data: ArrayLike, filled: ArrayLike, *, xlabel: str, ylabel: str) -> Picture:
    """Draw points in the plane, and where those with a missing coordinate were filled in.

    Parameters
    ----------
    data : array_like, shape (n, 2)
        NaN where a coordinate is missing.
    filled : array_like, shape (n, 2)
        The same points without NaN.
    xlabel, ylabel : str

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If the shapes are wrong.
    """
    seen = np.asarray(IncompletePoints(data).seen.all(axis=1))
    points = real_array("filled", filled, 2)
    if points.shape != (len(seen), 2):
        raise ValueError(f"filled must have shape (n, 2) = ({len(seen)}, 2), not {points.shape}")
    figure, axes = new_axes()
    for rows, label, marker, colour in (
        (seen, "seen", COMPONENT_MARKERS[0], NEUTRAL),
        (~seen, "filled in", "x", COMPONENT_COLOURS[1]),
    ):
        if rows.any():
            axes.plot(*points[rows].T, marker, ms=4.5, color=colour, alpha=0.7, label=label)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.legend(frameon=False)
    return Picture.draw(figure, _in_words(points, seen, xlabel, ylabel))


def _in_words(points: np.ndarray, seen: np.ndarray, xlabel: str, ylabel: str) -> str:
    words = f"{int(seen.sum())} points that are seen, {ylabel} against {xlabel}"
    if seen.all():
        return f"{words}; nothing is missing."
    correlation = np.corrcoef(points[~seen].T)[0, 1]
    line = ", all on one straight line" if abs(correlation) > 1 - 1e-9 else ""
    return f"{words}, and {int((~seen).sum())} that are filled in{line}."
