"""The house style of Matplotlib pictures."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

FONT_SIZE = 11


def new_axes(width: float = 7.0, height: float = 4.2) -> tuple[Figure, Axes]:
    """Return a figure with one axes in the house style, without pyplot's global state."""
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=FONT_SIZE - 1)
    return figure, axes


def legend_below(figure: Figure) -> None:
    """Name what is drawn below it, where no data that a reader chooses can lie under the names."""
    figure.legend(loc="outside lower center", frameon=False, fontsize=FONT_SIZE - 1, ncols=2)
