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
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from scipy.special import entr, logsumexp, rel_entr, softmax

from emlib._validate import (
    WEIGHT_SUM_TOLERANCE,
    FloatArray,
    positive_integer,
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
from emlib.plots.style import FONT_SIZE, new_axes

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
    panels = _panels("cases", cases)
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
    _legend_below(panels)
    return Picture.draw(
        _figure(panels), "Points on a curve, their mean, and Jensen's gap. " + _list(words)
    )


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
    if not 0 < len(games) <= MAX_PANELS:
        raise ValueError(f"games must hold 1 to {MAX_PANELS} games, not {len(games)}")
    figure, axes = new_axes(6.4, 3.6)
    axes.axhline(0, color=NEUTRAL, lw=1)
    words = []
    for i, (name, (rates, best)) in enumerate(games.items()):
        rates = real_array(f"rates of {name}", rates, 1)
        if len(rates) != len(shares):
            raise ValueError(f"rates of {name} must hold one per share: {len(shares)}")
        best = float(best)
        rate = float(np.interp(best, shares, rates))
        style = {"color": COMPONENT_COLOURS[i], "ls": COMPONENT_DASHES[i]}
        axes.plot(shares, rates, lw=2, **style, label=name)
        axes.plot(best, rate, COMPONENT_MARKERS[i], color=COMPONENT_COLOURS[i], ms=9)
        words.append(
            f"{name}: {rates[0]:.4f} at share {shares[0]:g}, {rates[-1]:.4f} at share "
            f"{shares[-1]:g}, marked at share {best:g}, where it is {rate:.4f}"
        )
    axes.set(xlabel="share of the stake that is risked", ylabel="growth rate of a flip")
    axes.legend(frameon=False, fontsize=FONT_SIZE - 1)
    return Picture.draw(figure, "How fast a stake grows. " + _list(words))


def bound_over_q(s: ArrayLike, q: float) -> Picture:
    """Draw the lower bound sum_j q_j log(s_j / q_j) on log(s_1 + s_2) over all q = (q_1, 1 - q_1).

    Parameters
    ----------
    s : array_like, shape (2,)
        The two terms of the sum, positive.
    q : float
        Where to show the gap: q_1, from 0 to 1.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there are not two positive terms, or q is outside [0, 1].
    """
    s = real_array("s", s, 1)
    if len(s) != 2 or not (s > 0).all():
        raise ValueError(f"s must hold two positive terms, not {s}")
    if not 0 <= q <= 1:
        raise ValueError(f"q must be from 0 to 1, not {q}")
    grid = np.linspace(0, 1, 401)
    bounds = _bound(grid, s)
    top, r = float(np.log(s.sum())), float(s[0] / s.sum())
    here = float(_bound(np.array([q]), s)[0])
    figure, axes = new_axes(7.0, 3.8)
    axes.axhline(top, color="black", lw=2.5, label=r"$\log(s_1 + s_2)$")
    axes.plot(
        grid, bounds, color=BELOW, ls=COMPONENT_DASHES[1], lw=2,
        label=r"bound $\sum_j q_j \log(s_j / q_j)$",
    )  # fmt: skip
    axes.plot(r, top, COMPONENT_MARKERS[0], color=BELOW, ms=9, label=f"touches at $q_1$ = {r:.3f}")
    axes.plot([q, q], [here, top], color=GAP, lw=4, label=f"gap at $q_1$ = {q:g}: {top - here:.3f}")
    axes.set(xlabel="$q_1$   ($q_2 = 1 - q_1$)", ylabel="nats", xlim=(-0.02, 1.02))
    axes.legend(frameon=False, fontsize=FONT_SIZE - 1)
    return Picture.draw(
        figure,
        f"The log of the sum, {top:.3f}, as a level line, and below it the bound over q1, "
        f"an arch from {bounds[0]:.3f} at q1 = 0 to {bounds[-1]:.3f} at q1 = 1. It touches the "
        f"line at q1 = {r:.3f}. At q1 = {q:g} the gap is {top - here:.3f}.",
    )


def weight_climb(log_p: ArrayLike, alpha: float, iterations: int = 3) -> Picture:
    """Draw the bound climbing the log-likelihood of one mixing weight, both components known.

    The log-likelihood is sum_i log(alpha p_i1 + (1 - alpha) p_i2).  Each bound touches it
    at the present alpha and has its maximum at the next one.

    Parameters
    ----------
    log_p : array_like, shape (n, 2)
        log p(x_i | z_i = j) under the two components, in nats.
    alpha : float
        Where the first component's weight starts, inside (0, 1).
    iterations : int, default 3
        How many bounds to draw, 1 to 6.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    log_p = real_array("log_p", log_p, 2)
    if log_p.shape[1] != 2:
        raise ValueError(f"log_p must have two columns, one per component, not {log_p.shape[1]}")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must be inside (0, 1), not {alpha}")
    if positive_integer("iterations", iterations) > len(COMPONENT_COLOURS):
        raise ValueError(f"iterations must be at most {len(COMPONENT_COLOURS)}, not {iterations}")
    grid = np.linspace(0.005, 0.995, 397)
    log_joint = np.log(np.stack([grid, 1 - grid]).T)[:, None, :] + log_p  # (grid, n, 2)
    log_likelihood = logsumexp(log_joint, axis=2).sum(axis=1)
    figure, axes = new_axes()
    axes.plot(grid, log_likelihood, color="black", lw=2.5, label=r"log-likelihood $\ell(\alpha)$")
    path = [float(alpha)]
    floor = log_likelihood.max()
    for t in range(iterations):
        here = np.log([path[-1], 1 - path[-1]]) + log_p
        q = softmax(here, axis=1)
        bound = (q * log_joint).sum(axis=(1, 2)) + entr(q).sum()
        touch = float(logsumexp(here, axis=1).sum())
        floor = min(floor, touch)
        axes.plot(
            grid, bound, color=COMPONENT_COLOURS[t], ls=COMPONENT_DASHES[t], lw=1.8,
            label=f"bound at $t = {t}$",
        )  # fmt: skip
        axes.plot(path[-1], touch, COMPONENT_MARKERS[t], color=COMPONENT_COLOURS[t], ms=8, zorder=3)
        path.append(float(q[:, 0].mean()))
    top = log_likelihood.max()
    depth = max(top - floor, 0.1)
    axes.set_ylim(top - 1.8 * depth, top + 0.3 * depth)
    for t, a in enumerate(path):
        axes.axvline(a, color=NEUTRAL, lw=0.8, ls=":")
        axes.annotate(f"{t}", (a, top + 0.2 * depth), ha="center", color=NEUTRAL)
    axes.set(xlabel=r"$\alpha$   (dotted: $\alpha$ after $t$ iterations)", ylabel="nats")
    axes.legend(edgecolor="none", framealpha=1, fontsize=FONT_SIZE - 1, loc="lower center")
    return Picture.draw(
        figure,
        f"The log-likelihood over the mixing weight alpha, and below it {iterations} "
        f"{'bound' if iterations == 1 else 'bounds'}. Each "
        "touches it at the present alpha and has its maximum at the next: alpha = "
        + ", ".join(f"{a:.3f}" for a in path)
        + ".",
    )


def _panels(name: str, cases: Mapping[str, Any]) -> list[Axes]:
    """Return one axes per case, side by side, in the house style."""
    if not 0 < len(cases) <= MAX_PANELS:
        raise ValueError(f"{name} must hold 1 to {MAX_PANELS} panels, not {len(cases)}")
    width = 5.6 if len(cases) == 1 else 4.0 * len(cases)
    figure = Figure(figsize=(width, 4.0), layout="constrained")
    panels = list(figure.subplots(1, len(cases), squeeze=False)[0])
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=FONT_SIZE - 1)
    return panels


def _figure(panels: list[Axes]) -> Figure:
    figure = panels[0].figure
    assert isinstance(figure, Figure)
    return figure


def _legend_below(panels: list[Axes]) -> None:
    """One legend serves all panels."""
    handles, labels = panels[0].get_legend_handles_labels()
    _figure(panels).legend(
        handles, labels, loc="outside lower center", ncols=3 if len(panels) > 1 else 2,
        frameon=False, fontsize=FONT_SIZE - 1,
    )  # fmt: skip


def _points_and_weights(u: ArrayLike, w: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return points and weights as arrays, or raise an error that says what is wrong."""
    points, weights = real_array("u", u, 1), probabilities("w", w)
    if len(points) != len(weights):
        raise ValueError(f"w must hold one weight per point: {len(points)}, not {len(weights)}")
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


def _bound(q: FloatArray, s: FloatArray) -> FloatArray:
    """Return sum_j q_j log(s_j / q_j) for q = (q_1, 1 - q_1); 0 log 0 counts as 0."""
    return np.asarray(-rel_entr(q, s[0]) - rel_entr(1 - q, s[1]))


def _rounded(gap: float) -> str:
    """Return a gap to three digits, and never -0.000."""
    return f"{gap if abs(gap) >= 0.0005 else 0:.3f}"


def _list(words: list[str]) -> str:
    """Join what is said of the panels; their titles may hold LaTeX, which reads badly aloud."""
    return re.sub(r"[$\\{}]", "", "; ".join(words).replace(r"\,", " ")) + "."
