"""Pictures of Jensen's inequality: pure functions of plain numbers that return a `Picture`.

Every picture's text alternative is written from the same numbers that are drawn.  The
inequality, for a concave function f and a random U that takes the value u_j with
probability w_j (Jensen 1906, doi:10.1007/BF02418571)::

    f(sum_j w_j u_j) >= sum_j w_j f(u_j)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from emlib._validate import (
    WEIGHT_SUM_TOLERANCE,
    FloatArray,
    probabilities,
    real_array,
)
from emlib.palette import (
    COMPONENT_COLOURS,
    COMPONENT_DASHES,
    COMPONENT_MARKERS,
    NEUTRAL,
)
from emlib.plots.picture import Picture
from emlib.plots.style import (
    SMALL,
    as_many,
    legend_below,
    line,
    new_axes,
    new_panels,
    told_apart,
)

Function = Callable[[Any], Any]
BELOW, ABOVE, GAP = COMPONENT_COLOURS[:3]
MAX_PANELS = 3


def jensen(cases: Mapping[str, tuple[Function, ArrayLike, ArrayLike]]) -> Picture:
    """Draw f(E[U]) and E[f(U)], the gap between them, the tangent, and where E[f(U)] can lie.

    Parameters
    ----------
    cases : mapping from title to (f, u, w)
        A function of an array, the points and their weights, shape (k,) each; the weights
        are not negative and sum to 1.  At most three.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is nothing to draw, too much, or a case is not of that form.
    """
    told_apart("cases", cases, MAX_PANELS)
    figure, panels = new_panels(len(cases), 5.6 if len(cases) == 1 else 4.0 * len(cases), 4.0)
    words = []
    for axes, (title, (f, u, w)) in zip(panels, cases.items(), strict=True):
        u, w = _points_and_weights(u, w)
        y = _values(f, u)
        mean = float(w @ u)
        mean_of_f, f_of_mean = float(w @ y), float(_values(f, np.array([mean]))[0])
        spread = np.ptp(u)
        pad = 0.15 * spread if spread > 0 else 0.5 * max(abs(mean), 1.0)
        grid = np.linspace(u.min() - pad, u.max() + pad, 241)
        with np.errstate(all="ignore"):  # the margin may leave the domain of f: not drawn there
            curve = f(grid)
        axes.plot(grid, curve, color="black", lw=2.5, label="$f$")
        axes.scatter(
            u, y, s=40 + 360 * w, color=BELOW, alpha=0.6, marker="o", zorder=3,
            label="points $u_j$, area by weight $w_j$",
        )  # fmt: skip
        hull = np.argsort(u)[np.arange(len(u) + 1) % len(u)]
        axes.plot(
            u[hull], y[hull], color=BELOW, ls=COMPONENT_DASHES[2], lw=1,
            label=r"where $\mathbb{E}[f(U)]$ can lie",
        )  # fmt: skip
        axes.plot([mean, mean], [mean_of_f, f_of_mean], color=GAP, lw=4, label="the gap")
        axes.plot(mean, f_of_mean, "s", color=ABOVE, ms=9, zorder=4, label=r"$f(\mathbb{E}[U])$")
        axes.plot(
            mean, mean_of_f, "D", color=ABOVE, mfc="white", ms=8, zorder=4,
            label=r"$\mathbb{E}[f(U)]$",
        )  # fmt: skip
        tangent = _tangent(f, mean, grid)
        axes.plot(
            grid, tangent, color=NEUTRAL, ls=COMPONENT_DASHES[1], label="tangent at the mean"
        )  # fmt: skip
        if spread > 0:  # the points fill the picture, even where f falls steeply beside them
            low, high = min(y.min(), tangent.min()), max(y.max(), tangent.max())
            axes.set_ylim(low - 0.1 * (high - low), high + 0.1 * (high - low))
        axes.set(title=title, xlabel="$u$")
        words.append(
            f"{title}: at the mean {mean:.3f}, f of the mean is {f_of_mean:.3f} and "
            f"the mean of f is {mean_of_f:.3f}, a gap of {_rounded(f_of_mean - mean_of_f)}"
        )
    handles, labels = panels[0].get_legend_handles_labels()  # one legend serves all panels
    legend_below(figure, 3 if len(panels) > 1 else 2, handles=handles, labels=labels)
    return Picture.draw(figure, "Points on a curve, their mean, and Jensen's gap. " + _list(words))


def growth(shares: ArrayLike, games: Mapping[str, tuple[ArrayLike, float]]) -> Picture:
    """Draw how fast a stake grows, over the share of it that is risked.

    Parameters
    ----------
    shares : array_like, shape (m,)
        The shares, each from 0 to 1, in increasing order.
    games : mapping from name to (rates, best)
        For each game the rates, shape (m,), and the share that is marked; at most three.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is nothing to draw, too much, or the rates are not one per share.
    """
    shares = probabilities("shares", shares)
    told_apart("games", games, MAX_PANELS)
    figure, axes = new_axes(6.4, 3.6)
    axes.axhline(0, color=NEUTRAL, lw=1)
    words = []
    for i, (name, (rates, best)) in enumerate(games.items()):
        rates, best = as_many(f"rates of {name}", rates, len(shares), "share"), float(best)
        rate = float(np.interp(best, shares, rates))
        axes.plot(shares, rates, lw=2, **line(i), label=name)
        axes.plot(best, rate, COMPONENT_MARKERS[i], color=COMPONENT_COLOURS[i], ms=9)
        words.append(
            f"{name}: {rates[0]:.4f} at share {shares[0]:g}, {rates[-1]:.4f} at share "
            f"{shares[-1]:g}, marked at share {best:g}, where it is {rate:.4f}"
        )
    axes.set(xlabel="share of the stake that is risked", ylabel="growth rate of a flip")
    axes.legend(**SMALL)
    return Picture.draw(figure, "How fast what you have grows. " + _list(words))


def _points_and_weights(u: ArrayLike, w: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return points and weights as arrays, or raise an error that says what is wrong."""
    points = real_array("u", u, 1)
    weights = as_many("w", probabilities("w", w), len(points), "point")
    total = float(weights.sum())
    if abs(total - 1) > WEIGHT_SUM_TOLERANCE:
        raise ValueError(f"w must sum to 1, but they sum to {total:g}; divide by their sum")
    return points, weights


def _values(f: Function, u: FloatArray) -> FloatArray:
    """Return f(u), or raise an error where f is not finite."""
    with np.errstate(all="ignore"):
        y = np.asarray(f(u), dtype=float)
    if y.shape != u.shape or not np.isfinite(y).all():
        raise ValueError(
            "f must take an array and return one finite value per point; "
            f"between {u.min():g} and {u.max():g} it does not"
        )
    return y


def _tangent(f: Function, at: float, u: FloatArray) -> FloatArray:
    """Return the tangent of f at a point, its slope by central differences."""
    h = 1e-6 * max(1.0, abs(at))
    below, here, above = _values(f, np.array([at - h, at, at + h]))
    return np.asarray(here + (above - below) / (2 * h) * (u - at))


def _rounded(gap: float) -> str:
    """Return a gap to three digits, and never -0.000."""
    return f"{gap if abs(gap) >= 0.0005 else 0:.3f}"


def _list(words: list[str]) -> str:
    """Join what is said of the panels; their titles may hold LaTeX, which reads badly aloud."""
    return re.sub(r"[$\\{}]", "", "; ".join(words).replace(r"\,", " ")) + "."
