"""The house style of Matplotlib pictures, and the checks that they share."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from emlib._validate import FloatArray, real_array
from emlib.palette import COMPONENT_COLOURS, COMPONENT_DASHES

FONT_SIZE = 11
SMALL: dict[str, Any] = {"frameon": False, "fontsize": FONT_SIZE - 1}  # of legends


def new_panels(
    count: int, width: float, height: float, **options: Any
) -> tuple[Figure, list[Axes]]:
    """Return a figure with axes side by side in the house style, without pyplot's global state.

    Options are those of ``Figure.subplots``.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    panels = list(figure.subplots(1, count, squeeze=False, **options)[0])
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=FONT_SIZE - 1)
    return figure, panels


def new_axes(width: float = 7.0, height: float = 4.2) -> tuple[Figure, Axes]:
    """Return a figure with one axes in the house style."""
    figure, [axes] = new_panels(1, width, height)
    return figure, axes


def legend_below(figure: Figure, columns: int = 2, **options: Any) -> None:
    """Name what is drawn below it, where no data that a reader chooses can lie under the names."""
    figure.legend(loc="outside lower center", ncols=columns, **SMALL, **options)


def line(j: int) -> dict[str, Any]:
    """Return the colour and the dashes of line j."""
    return {"color": COMPONENT_COLOURS[j], "ls": COMPONENT_DASHES[j]}


def told_apart(name: str, things: Sized, most: int = len(COMPONENT_COLOURS)) -> None:
    """Raise a ValueError unless there is something to draw, and not too much."""
    if not 0 < len(things) <= most:
        raise ValueError(f"{name} must hold 1 to {most}, not {len(things)}")


def as_many(name: str, values: ArrayLike, n: int, what: str) -> FloatArray:
    """Return `n` numbers, or raise an error that says of what there must be one each."""
    array = real_array(name, values, 1)
    if len(array) != n:
        raise ValueError(f"{name} must hold one number per {what}: {n}, not {len(array)}")
    return array
