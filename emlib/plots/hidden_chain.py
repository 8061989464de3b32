"""Pictures of a chain of hidden states: each is a pure function of plain numbers.

Every picture's text alternative is written from the same numbers that are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from emlib._validate import FloatArray, real_array
from emlib.palette import COMPONENT_COLOURS, COMPONENT_DASHES, COMPONENT_MARKERS, NEUTRAL
from emlib.plots.picture import Picture


def in_order(values: ArrayLike, *, ylabel: str, border: float, below: str, above: str) -> Picture:
    """Draw a series in its order, what lies below a border marked otherwise than what lies above.

    Parameters
    ----------
    values : array_like, shape (n,)
    ylabel : str
    border : float
    below, above : str
        What the two kinds are called.

    Returns
    -------
    Picture
    """
    x = real_array("values", values, 1)
    rows = np.arange(1, len(x) + 1)
    figure = Figure(figsize=(9.4, 2.7), layout="constrained")
    axes = figure.add_subplot()
    axes.plot(rows, x, color=NEUTRAL, lw=0.8, zorder=1)
    for j, (name, own) in enumerate(((below, x <= border), (above, x > border))):
        axes.plot(rows[own], x[own], COMPONENT_MARKERS[j], color=COMPONENT_COLOURS[j], label=name)
    axes.axhline(border, color=NEUTRAL, ls=":", lw=1)
    axes.set(xlabel="row", ylabel=ylabel)
    axes.margins(x=0.01)
    figure.legend(loc="outside right upper")
    letters = "".join(above[0] if high else below[0] for high in x > border)
    return Picture.draw(
        figure,
        f"{len(x)} values of {ylabel} in their order, from {x.min():.2f} to {x.max():.2f}, "
        f"{np.sum(x <= border)} of them {below} and {np.sum(x > border)} {above}: {letters}.",
    )


def posteriors(curves: Mapping[str, ArrayLike], state: str, true: ArrayLike) -> Picture:
    """Draw posterior probabilities of one state over time, on bands where it truly was.

    Parameters
    ----------
    curves : mapping of str to array_like, shape (n,)
        Probabilities of the state at each row, by what they know.
    state : str
        Its name.
    true : array_like of bool, shape (n,)
        Where the chain was in that state.

    Returns
    -------
    Picture
    """
    truth = np.asarray(true, dtype=bool)
    figure = Figure(figsize=(9.4, 3.0), layout="constrained")
    axes = figure.add_subplot()
    told = []
    for first, last in _stretches(truth):
        axes.axvspan(first + 0.5, last + 1.5, color=NEUTRAL, alpha=0.25, lw=0)
    for j, (name, curve) in enumerate(curves.items()):
        p = real_array(name, curve, 1)
        rows = np.arange(1, len(p) + 1)
        (line,) = axes.plot(rows, p, drawstyle="steps-mid", label=name)
        line.set(color=COMPONENT_COLOURS[j], linestyle=COMPONENT_DASHES[j], linewidth=2.2 - j)
        told.append(f"{name}: right in {np.mean((p > 0.5) == truth):.0%} of the rows")
    axes.axhline(0.5, color=NEUTRAL, ls=":", lw=1)
    axes.set(xlabel="row", ylabel=f"probability of {state}", ylim=(-0.03, 1.03))
    axes.margins(x=0.01)
    figure.legend(loc="outside upper right", ncols=len(curves))
    bands = ", ".join(f"{first + 1} to {last + 1}" for first, last in _stretches(truth))
    return Picture.draw(
        figure,
        f"Probability of {state} over {len(truth)} rows, on grey bands where it is true (rows "
        f"{bands}). {'; '.join(told)}.",
    )


def _stretches(truth: FloatArray) -> list[tuple[int, int]]:
    """Return the first and the last row of each stretch that is true."""
    edges = np.flatnonzero(np.diff(np.r_[0, truth.astype(int), 0]))
    return [(int(first), int(last) - 1) for first, last in edges.reshape(-1, 2)]
