"""Pictures of a chain of hidden states: each is a pure function of plain numbers.

Every picture's text alternative is written from the same numbers that are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


def moves(r: ArrayLike, pairs: ArrayLike, states: Sequence[str], n: int) -> Picture:
    """Draw the posterior of each state over time, and expected moves as flows between states.

    Parameters
    ----------
    r : array_like, shape (rows, k)
        Posterior of the states at the first rows.
    pairs : array_like, shape (k, k)
        Expected moves from one state to another.
    states : sequence of str
        Their names.
    n : int
        How many rows there are in all.

    Returns
    -------
    Picture
    """
    shares, flow = real_array("r", r, 2), real_array("pairs", pairs, 2)
    rows, gap = np.arange(1, len(shares) + 1), 0.06 * flow.sum()
    figure = Figure(figsize=(9.4, 3.0), layout="constrained")
    lanes, between = figure.subplots(1, 2, width_ratios=(3, 2))
    x = np.linspace(0, 1, 40)
    left, right = (
        np.cumsum(flow, axis=axis) - flow + _tops(flow.sum(axis=axis), gap, axis) for axis in (1, 0)
    )
    often, told = [], []
    for j, (name, colour) in enumerate(zip(states, COMPONENT_COLOURS, strict=False)):
        lanes.bar(rows, 0.9 * shares[:, j], 1, -j, color=colour)
        often.append(f"{name} likelier than not in {np.sum(shares[:, j] > 0.5)}")
        told.append(
            f"from {name} "
            + ", ".join(f"{c:.1f} to {to}" for c, to in zip(flow[j], states, strict=True))
        )
        between.text(-0.02, left[j, 0] + flow[j].sum() / 2, name, ha="right", va="center")
        between.text(1.02, right[0, j] + flow[:, j].sum() / 2, name, va="center")
        for start, end, count in zip(left[j], right[j], flow[j], strict=True):
            low = start + (end - start) * x**2 * (3 - 2 * x)
            between.fill_between(x, low, low + count, color=colour, alpha=0.4, lw=0.6)
            if count > gap:
                between.text(0.03, start + count / 2, f"{count:.1f}", va="center")
    lanes.set_yticks(0.45 - np.arange(len(states)), states)
    lanes.set(xlabel="row", title="posterior of each state")
    lanes.margins(x=0.01)
    between.set(title="expected moves to the next row", xlim=(-0.2, 1.2))
    between.invert_yaxis()
    between.set_axis_off()
    return Picture.draw(
        figure,
        f"Posterior of {len(states)} states over rows 1 to {len(rows)} of {n}: {', '.join(often)}. "
        f"Expected moves between all rows: {'; '.join(told)}.",
    )


def _tops(counts: FloatArray, gap: float, axis: int) -> FloatArray:
    """Return where bars begin that stand below each other, in a column or a row."""
    return np.expand_dims(np.cumsum(counts + gap) - counts - gap, axis)


def _stretches(truth: FloatArray) -> list[tuple[int, int]]:
    """Return the first and the last row of each stretch that is true."""
    edges = np.flatnonzero(np.diff(np.r_[0, truth.astype(int), 0]))
    return [(int(first), int(last) - 1) for first, last in edges.reshape(-1, 2)]
