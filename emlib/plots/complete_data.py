"""Pictures of one coin: likelihoods over theta, the spread of the estimator, coverage.

Each is a pure function of plain numbers and returns a `Picture`, whose text alternative is
written from the same numbers that are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom, norm

from emlib._validate import positive_integer, probabilities
from emlib.palette import COMPONENT_COLOURS, COMPONENT_MARKERS, NEUTRAL
from emlib.plots.picture import Picture
from emlib.plots.style import SMALL, as_many, new_axes, new_panels, told_apart
from emlib.plots.style import line as line_of


def tried(theta: ArrayLike, *, heads: int, flips: int) -> Picture:
    """Draw how probable a number of heads is at each theta that was tried.

    Parameters
    ----------
    theta : array_like, shape (m,)
        The probabilities of heads that were tried, in this order.
    heads, flips : int
        What was seen.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form.
    """
    theta = probabilities("theta", theta)
    flips = positive_integer("flips", flips)
    if not 0 <= heads <= flips:
        raise ValueError(f"heads must be from 0 to {flips}, the number of flips, not {heads}")
    heights = binom.pmf(heads, flips, theta)
    figure, axes = new_axes(7.0, 3.0)
    axes.vlines(theta, 0, heights, color=NEUTRAL, lw=1)
    axes.plot(theta, heights, "o", color=COMPONENT_COLOURS[0], ms=6)
    axes.plot(theta[-1], heights[-1], "o", color=COMPONENT_COLOURS[1], ms=10, mfc="none", mew=2)
    axes.set(
        xlabel=r"$\theta$",
        ylabel=f"P({heads} heads in {flips} flips)",
        xlim=(0, 1),
        ylim=(0, 1.15 * binom.pmf(heads, flips, heads / flips)),
    )
    best = int(heights.argmax())
    return Picture.draw(
        figure,
        f"How probable {heads} heads in {flips} flips are: {heights[-1]:.2g} at theta "
        f"{theta[-1]:g}, tried last; of {len(theta)} tried, highest at theta {theta[best]:g}, "
        f"{heights[best]:.2g}.",
    )


def curves(
    theta: ArrayLike,
    logs: Mapping[str, ArrayLike],
    *,
    relative: bool = False,
    line: float | None = None,
) -> Picture:
    """Draw log-likelihoods, or other logarithms, over theta, each less its own maximum.

    Parameters
    ----------
    theta : array_like, shape (points,)
        From 0 to 1, ascending.
    logs : mapping from name to array_like, shape (points,)
        What to draw, in nats; at most six.
    relative : bool, default False
        Whether to draw them without the logarithm: each divided by its own maximum.
    line : float, optional
        How many nats below the maximum to draw a line across; with `relative` none.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is nothing to draw, too much, or a number that is not finite.
    """
    theta = probabilities("theta", theta)
    told_apart("logs", logs)
    figure, axes = new_axes(7.0, 3.6)
    words = []
    for j, (name, values) in enumerate(logs.items()):
        y = as_many(name, values, len(theta), "theta")
        below, top = y - y.max(), int(y.argmax())
        shown = np.exp(below) if relative else below
        axes.plot(theta, shown, **line_of(j), lw=2, label=name)
        marker, colour = COMPONENT_MARKERS[j], COMPONENT_COLOURS[j]
        axes.plot(theta[top], shown[top], marker, color=colour, ms=8, clip_on=False)
        words.append(f"{name}: highest at theta {theta[top]:.3f}")
        if line is not None and not relative:
            inside = theta[below >= -line]
            left = "the left edge" if inside[0] == theta[0] else f"{inside[0]:.3f}"
            right = "the right edge" if inside[-1] == theta[-1] else f"{inside[-1]:.3f}"
            words[-1] += f", above the line from {left} to {right}"
    axes.set(xlabel=r"$\theta$", xlim=(0, 1))
    if relative:
        axes.set(ylabel="relative to the maximum", ylim=(0, 1.05))
    else:
        axes.set(ylabel="nats below the maximum", ylim=(-6, 0.4))
        if line is not None:
            axes.axhline(-line, color=NEUTRAL, lw=1, ls="--")
            words.append(f"dashed line {line:g} nats below the maximum")
    axes.legend(**SMALL, loc="center left", bbox_to_anchor=(1, 0.5))
    return Picture.draw(figure, f"Curves over theta. {'; '.join(words)}.")


def spread(estimates: ArrayLike, *, theta: float, flips: int) -> Picture:
    """Draw the estimates of many experiments beside the normal curve that theory foretells.

    Parameters
    ----------
    estimates : array_like, shape (experiments,)
        Heads divided by flips, one number per experiment.
    theta : float
        The probability of heads behind them, inside (0, 1).
    flips : int
        Flips in each experiment.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form.
    """
    estimates = probabilities("estimates", estimates)
    flips = positive_integer("flips", flips)
    if not 0 < theta < 1:
        raise ValueError(f"theta must be inside (0, 1), not {theta}")
    error = np.sqrt(theta * (1 - theta) / flips)
    counts = np.bincount(np.rint(estimates * flips).astype(int), minlength=flips + 1)
    figure, axes = new_axes(7.0, 3.6)
    axes.bar(
        np.arange(flips + 1) / flips, counts / len(estimates), width=0.8 / flips,
        color=COMPONENT_COLOURS[5], edgecolor=COMPONENT_COLOURS[0],
        label=f"{len(estimates):,} estimates",
    )  # fmt: skip
    low, high = max(0.0, theta - 5 * error), min(1.0, theta + 5 * error)
    grid = np.linspace(low, high, 400)
    axes.plot(
        grid, norm.pdf(grid, theta, error) / flips, color="black", lw=2,
        label=f"normal curve, standard deviation {error:.3f}",
    )  # fmt: skip
    axes.axvline(theta, color=NEUTRAL, ls=":", lw=1.2)
    axes.set(xlabel=r"estimate of $\theta$", ylabel="share of the experiments", xlim=(low, high))
    axes.legend(**SMALL, loc="lower center", bbox_to_anchor=(0.5, 1))
    return Picture.draw(
        figure,
        f"{len(estimates):,} estimates from {flips} flips each, with mean {estimates.mean():.3f} "
        f"and standard deviation {estimates.std():.3f}, beside the normal curve around "
        f"{theta:g} with standard deviation {error:.3f}.",
    )


def coverage_curves(theta: ArrayLike, series: Mapping[str, ArrayLike], *, level: float) -> Picture:
    """Draw how often intervals contain the truth, against the truth, one panel each.

    Parameters
    ----------
    theta : array_like, shape (points,)
        True probabilities of heads.
    series : mapping from name to array_like, shape (points,)
        Coverage at each theta, from 0 to 1; at most six.
    level : float
        What the coverage should be, from 0 to 1.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is nothing to draw, too much, or a number is not a probability.
    """
    theta = probabilities("theta", theta)
    told_apart("series", series)
    if not 0 <= level <= 1:
        raise ValueError(f"level must be from 0 to 1, not {level}")
    figure, panels = new_panels(len(series), 7.0, 3.2, sharey=True)
    words = []
    for i, (axes, (name, values)) in enumerate(zip(panels, series.items(), strict=True)):
        y = probabilities(name, np.round(as_many(name, values, len(theta), "theta"), 12))
        axes.axhline(level, color=NEUTRAL, ls="--", lw=1)
        axes.plot(theta, y, color=COMPONENT_COLOURS[i], lw=1.2)
        axes.set(title=name, xlabel=r"true $\theta$", xlim=(0, 1), ylim=(0, 1.02))
        centre = int(np.abs(theta - 0.5).argmin())
        words.append(
            f"{name}: {y[centre]:.2f} at theta {theta[centre]:.2f}, "
            f"lowest {y.min():.2f} at theta {theta[y.argmin()]:.3f}"
        )
    panels[0].set_ylabel("coverage")
    return Picture.draw(
        figure,
        f"Coverage of the interval over the true theta, dashed line at {level:g}. "
        f"{'; '.join(words)}.",
    )
