"""Pictures of EM for coins: each is a pure function of plain numbers and returns a `Picture`.

Every picture's text alternative is written from the same numbers that are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from emlib._validate import FloatArray, real_array
from emlib.models.binomial import BinomialMixture, Tosses
from emlib.models.rows import expected_counts
from emlib.palette import (
    COMPONENT_COLOURS,
    COMPONENT_MARKERS,
    NEUTRAL,
)
from emlib.plots.picture import Picture
from emlib.plots.style import legend_below, line, new_axes, new_panels, told_apart

BOUNDS = 3  # that are drawn of a climb


def bound_climb(tosses: Tosses, *, theta_A: float, theta_B: float) -> Picture:
    """Draw the bound climbing the log-likelihood, theta_B held fixed so that one axis suffices.

    Each bound ELBO(q_t, theta_A) touches the log-likelihood at theta_A,t (E-step) and has
    its maximum at theta_A,t+1 (M-step).

    Parameters
    ----------
    tosses : Tosses
    theta_A : float
        Where coin A starts, inside (0, 1).
    theta_B : float
        Held fixed, inside (0, 1).

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    for name, value in (("theta_A", theta_A), ("theta_B", theta_B)):
        if not 0 < value < 1:
            raise ValueError(f"{name} must be inside (0, 1), not {value}")
    grid = np.linspace(0.02, 0.98, 385)
    tosses = Tosses.of(tosses).distinct
    A, B = np.log(0.5) + _of_each_coin(tosses, grid), np.log(0.5) + _of_each_coin(tosses, theta_B)
    log_likelihood = np.logaddexp(A, B) @ tosses.row_weights

    figure, axes = new_axes()
    axes.plot(grid, log_likelihood, color="black", lw=2.5, label=r"log-likelihood $\ell(\theta_A)$")
    path = [theta_A]
    for t in range(BOUNDS):
        model = BinomialMixture([path[-1], theta_B])
        q = model.expectation(tosses)
        r_A, r_B = expected_counts(tosses, q.responsibilities).T
        bound = A @ r_A + B @ r_B + q.entropy  # Q + H(q), for all theta_A at once
        axes.plot(grid, bound, **line(t), lw=1.8, label=f"bound at $t = {t}$")
        marker, colour = COMPONENT_MARKERS[t], COMPONENT_COLOURS[t]
        axes.plot(path[-1], q.log_likelihood, marker, color=colour, ms=8, zorder=3)
        path.append(float(model.m_step(tosses, q.responsibilities).theta[0]))
    top = log_likelihood.max()
    depth = top - min(log_likelihood[np.argmin(np.abs(grid - theta_A))], top - 1)
    axes.set_ylim(top - 1.6 * depth, top + 0.25 * depth)
    for t, theta in enumerate(path):
        axes.axvline(theta, color=NEUTRAL, lw=0.8, ls=":")
        axes.annotate(f"{t}", (theta, top + 0.17 * depth), ha="center", color=NEUTRAL)
    axes.set_xlabel(
        rf"$\theta_A$   ($\theta_B$ held at {theta_B:g}; dotted: $\theta_A$ after $t$ iterations)"
    )
    axes.set_ylabel("nats")
    legend_below(figure)
    steps = ", ".join(f"{theta:.3f}" for theta in path)
    return Picture.draw(
        figure,
        f"The log-likelihood over theta A, with theta B held at {theta_B:g}, and below it "
        f"{BOUNDS} bounds. Each bound touches the log-likelihood at the present theta A and "
        f"has its maximum further up the hill, where the next one touches: theta A = {steps}.",
    )


def likelihood_surface(
    tosses: Tosses, paths: Sequence[ArrayLike] = (), *, mixing_weights: ArrayLike | None = None
) -> Picture:
    """Draw the log-likelihood of two coins as contours, with paths of EM on it.

    Parameters
    ----------
    tosses : Tosses
    paths : sequence of array_like, shape (iterations, 2)
        The theta of each iteration, from the start on; at most six paths, so that each keeps its
        own colour and marker.
    mixing_weights : array_like, shape (2,), optional
        How often each coin is picked; equal by default.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If a path is not of two coins or there are too many paths.
    """
    if paths:
        told_apart("paths", paths)
    ways = [real_array("a path", path, 2) for path in paths]
    if any(way.shape[1] != 2 for way in ways):
        raise ValueError("paths must be of two coins, one for each axis")
    grid = np.linspace(0.01, 0.99, 99)
    alpha = BinomialMixture([0.5, 0.5], mixing_weights).mixing_weights
    rows, each = Tosses.of(tosses).distinct, _of_each_coin(tosses, grid)
    pairs = np.logaddexp(np.log(alpha[0]) + each, np.log(alpha[1]) + each[:, None])
    surface = pairs @ rows.row_weights
    levels = surface.max() - np.array([60, 30, 16, 8, 4, 2, 1, 0.5, 0.1])
    figure, axes = new_axes(5.6, 5.0)
    axes.contour(grid, grid, surface, levels=levels, colors=NEUTRAL, linestyles="-", linewidths=0.8)
    axes.plot([0, 1], [0, 1], color=NEUTRAL, ls=":", lw=1.2)
    for i, way in enumerate(ways):
        axes.plot(
            *way.T, **line(i), lw=1.8, marker=COMPONENT_MARKERS[i], ms=5,
            label=f"from ({way[0, 0]:.4g}, {way[0, 1]:.4g})",
        )  # fmt: skip
        axes.plot(*way[0], COMPONENT_MARKERS[i], color=COMPONENT_COLOURS[i], ms=10, mfc="white")
    axes.set(xlabel=r"$\theta_A$", ylabel=r"$\theta_B$", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    if ways:
        legend_below(figure)
    return Picture.draw(figure, _surface_in_words(grid, surface, ways))


def _of_each_coin(tosses: Tosses, theta: ArrayLike) -> FloatArray:
    """Return the log-probability that each coin gives each distinct row, shape (coins, rows)."""
    coins = BinomialMixture(np.atleast_1d(theta))
    return np.asarray(coins.log_joint(Tosses.of(tosses).distinct).T + np.log(coins.k))


def _surface_in_words(grid: FloatArray, surface: FloatArray, ways: Sequence[FloatArray]) -> str:
    """Say where the log-likelihood is highest on either side of the diagonal, and the ways."""
    peaks = []
    for side in (np.tril(np.ones_like(surface), -1), np.triu(np.ones_like(surface), 1)):
        b, a = np.unravel_index(np.where(side > 0, surface, -np.inf).argmax(), surface.shape)
        peaks.append(f"{surface[b, a]:.2f} near ({grid[a]:.2f}, {grid[b]:.2f})")
    ends = "; ".join(
        f"from ({way[0, 0]:.4g}, {way[0, 1]:.4g}) to ({way[-1, 0]:.2f}, {way[-1, 1]:.2f})"
        for way in ways
    )
    return (
        "Contours of the log-likelihood over theta A and theta B, with a peak on either side of "
        f"the diagonal: {peaks[1]} and {peaks[0]}."
        + (f" EM paths, open marker at the start: {ends}." if ways else "")
    )


def traces(series: Mapping[str, ArrayLike], *, ylabel: str, first: int = 0) -> Picture:
    """Draw sequences of numbers against the iteration t, one panel each.

    Parameters
    ----------
    series : mapping from name to array_like, shape (iterations,)
        At most six.
    ylabel : str
        What the numbers are, with their unit.
    first : int, default 0
        The iteration t of the first number.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is nothing to draw, or more than six series.
    """
    told_apart("series", series)
    figure, panels = new_panels(len(series), 7.0, 3.2)
    words = []
    for i, (axes, (name, values)) in enumerate(zip(panels, series.items(), strict=True)):
        y = real_array(name, values, 1)
        t = np.arange(first, first + len(y))
        axes.plot(t, y, COMPONENT_MARKERS[i], **line(i))
        axes.set(title=name, xlabel="iteration $t$", xticks=t if len(t) < 12 else t[::5])
        axes.ticklabel_format(useOffset=False)
        words.append(f"{name} goes from {y[0]:.4f} to {y[-1]:.4f}")
    panels[0].set_ylabel(ylabel)
    return Picture.draw(figure, f"Against the iteration: {'; '.join(words)}.")
