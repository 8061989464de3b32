"""Pictures of complete data: log-likelihood curves, the spread of the estimator, coverage.

Each is a pure function of plain numbers and returns a `Picture`, whose text alternative is
written from the same numbers that are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from scipy.special import xlog1py, xlogy
from scipy.stats import norm

from emlib._validate import positive_integer, probabilities, real_array
from emlib.models.binomial import Tosses
from emlib.models.rows import expected_counts
from emlib.palette import (
    COMPONENT_COLOURS,
    COMPONENT_DASHES,
    COMPONENT_MARKERS,
    NEUTRAL,
    component_name,
)
from emlib.plots.picture import Picture
from emlib.plots.style import FONT_SIZE, new_axes


def coin_curves(tosses: Tosses, labels: ArrayLike, *, parabolas: bool = False) -> Picture:
    """Draw each coin's own log-likelihood, less its maximum, over theta.

    Parameters
    ----------
    tosses : Tosses, n rows
    labels : array_like of int, shape (n,)
        The coin of each row, from 0; every coin up to the largest label needs a row.
    parabolas : bool, default False
        Whether to draw, too, the parabola with the same maximum and the same curvature,
        flips / (theta (1 - theta)), the Fisher information.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If labels are not one per row, are not 0, 1, ... or there are more than six coins; or
        if a parabola is asked for where the maximum lies at 0 or 1 and has no curvature.
    """
    labels = _labels(labels, len(tosses))
    k = int(labels.max()) + 1
    counts = expected_counts(tosses, np.eye(k)[labels])
    heads, tails = tosses.heads @ counts, tosses.tails @ counts
    theta = heads / (heads + tails)
    at_edge = np.flatnonzero((theta == 0) | (theta == 1))
    if parabolas and len(at_edge):
        raise ValueError(
            f"parabolas: the estimate of coin {component_name(int(at_edge[0]), k)} is "
            f"{theta[at_edge[0]]:g}, where the curve has no parabola; leave parabolas out"
        )
    grid = np.linspace(0, 1, 1001)[1:-1]
    figure, axes = new_axes(7.0, 4.0)
    for j in range(k):
        name = component_name(j, k)
        top = xlogy(heads[j], theta[j]) + xlog1py(tails[j], -theta[j])
        curve = xlogy(heads[j], grid) + xlog1py(tails[j], -grid) - top
        colour = COMPONENT_COLOURS[j]
        label = f"coin {name}: {heads[j]:g} heads of {heads[j] + tails[j]:g}"
        axes.plot(grid, curve, color=colour, ls=COMPONENT_DASHES[j], lw=2, label=label)
        axes.plot(theta[j], 0, COMPONENT_MARKERS[j], color=colour, ms=8, zorder=3, clip_on=False)
        if parabolas:
            information = (heads[j] + tails[j]) / (theta[j] * (1 - theta[j]))
            wide = np.linspace(-0.15, 1.15, 400)
            axes.plot(wide, -0.5 * information * (wide - theta[j]) ** 2, color=colour, lw=0.9)
    axes.set(
        xlabel=r"$\theta$",
        ylabel="nats below the maximum",
        xlim=(-0.15, 1.15) if parabolas else (0, 1),
        ylim=(-6, 0.4),
    )
    if parabolas:
        for edge in (0, 1):
            axes.axvline(edge, color=NEUTRAL, lw=0.8, ls=":")
    axes.legend(frameon=False, fontsize=FONT_SIZE - 1, loc="lower center", bbox_to_anchor=(0.5, 1))
    tops = "; ".join(
        f"coin {component_name(j, k)} at {theta[j]:.3f} from {heads[j] + tails[j]:g} flips"
        for j in range(k)
    )
    return Picture.draw(
        figure,
        f"The log-likelihood of each coin over theta, with one maximum each: {tops}."
        + (" Thin lines: the parabolas with the same maximum and curvature." if parabolas else ""),
    )


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
    axes.legend(frameon=False, fontsize=FONT_SIZE - 1, loc="lower center", bbox_to_anchor=(0.5, 1))
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
    if not 0 < len(series) <= len(COMPONENT_COLOURS):
        raise ValueError(f"series must hold 1 to {len(COMPONENT_COLOURS)} sequences")
    if not 0 <= level <= 1:
        raise ValueError(f"level must be from 0 to 1, not {level}")
    figure = Figure(figsize=(7.0, 3.2), layout="constrained")
    panels = figure.subplots(1, len(series), squeeze=False, sharey=True)[0]
    words = []
    for i, (axes, (name, values)) in enumerate(zip(panels, series.items(), strict=True)):
        y = probabilities(name, values)
        if len(y) != len(theta):
            raise ValueError(f"{name} must hold one number per theta: {len(theta)}, not {len(y)}")
        axes.axhline(level, color=NEUTRAL, ls="--", lw=1)
        axes.plot(theta, y, color=COMPONENT_COLOURS[i], lw=1.2)
        axes.set(title=name, xlabel=r"true $\theta$", xlim=(0, 1), ylim=(0, 1.02))
        axes.spines[["top", "right"]].set_visible(False)
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


def _labels(value: ArrayLike, n: int) -> np.ndarray:
    """Return `value` as n coin numbers, every one from 0 to the largest present, or raise."""
    labels = real_array("labels", value, 1)
    if len(labels) != n:
        raise ValueError(f"labels must hold one coin per row: {n}, not {len(labels)}")
    present = np.unique(labels)
    if not np.array_equal(present, np.arange(len(present))):
        raise ValueError("labels must be 0, 1, ... with no number left out; number the coins anew")
    if len(present) > len(COMPONENT_COLOURS):
        raise ValueError(f"labels: at most {len(COMPONENT_COLOURS)} coins can be told apart")
    return labels.astype(int)
