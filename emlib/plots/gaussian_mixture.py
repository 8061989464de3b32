"""Pictures of Gaussian mixtures: each is a pure function of models or plain numbers.

Every picture's text alternative is written from the same numbers that are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from numpy.typing import ArrayLike

from emlib._validate import FloatArray, real_array
from emlib.models.gaussian.mixture import GaussianMixture
from emlib.palette import (
    COMPONENT_COLOURS,
    COMPONENT_MARKERS,
    NEUTRAL,
    component_name,
)
from emlib.plots.picture import Picture
from emlib.plots.style import as_many, line, new_axes, new_panels, told_apart

COLOUR_MAP = "viridis"  # perceptually uniform, safe for colour-blind readers, prints in grey
ELLIPSE_RADIUS = 2.0  # standard deviations


def density_surface(model: GaussianMixture) -> Picture:
    """Draw the density of a mixture in the plane as a surface, and beside it as contours.

    Parameters
    ----------
    model : GaussianMixture
        In two dimensions, with at most six components.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If the model has not two dimensions or too many components.
    """
    _require_plane("model", model)
    x, y, density = _density_grid(model, *_limits(model.means, model, radius=3))
    figure = Figure(figsize=(9.4, 4.2), layout="constrained")
    surface = figure.add_subplot(1, 2, 1, projection="3d")
    surface.plot_surface(x, y, density, cmap=COLOUR_MAP, rcount=80, ccount=80)
    surface.set(xlabel="$x_1$", ylabel="$x_2$")
    surface.set_zlabel("density", labelpad=9, rotation=90)
    for axis in (surface.xaxis, surface.yaxis, surface.zaxis):
        axis.set_rotate_label(False)  # else the words stand on their heads
    surface.locator_params(nbins=5)
    surface.view_init(elev=32, azim=-118)
    surface.set_box_aspect(None, zoom=0.86)
    plane = figure.add_subplot(1, 2, 2)
    contours = plane.contour(x, y, density, levels=12, cmap=COLOUR_MAP)
    figure.colorbar(contours, ax=plane, label="density")
    plane.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    summits = []
    for j, mean in enumerate(model.means):
        plane.plot(*mean, COMPONENT_MARKERS[j], color=COMPONENT_COLOURS[j], ms=8, mec="black")
        plane.annotate(f"{component_name(j, model.k)}", mean, (6, 6), textcoords="offset points")
        height = np.exp(model.log_likelihood(mean[None]))
        summits.append(f"{component_name(j, model.k)} {_point(mean)} {height:.4f}")
    return Picture.draw(
        figure,
        f"Density of a mixture of {model.k} Gaussians in the plane, as a surface and as contours. "
        f"Density at the means: {', '.join(summits)}.",
    )


def scatter(
    data: ArrayLike,
    models: Mapping[str, GaussianMixture] | None = None,
    *,
    xlabel: str = "$x_1$",
    ylabel: str = "$x_2$",
) -> Picture:
    """Draw points, and over them, in one panel for each model, the fitted mixture.

    Points take the colour and marker of their most responsible component.  Grey lines are
    contours of the density; each dashed ellipse lies at two standard deviations of a component,
    and each mean is a large marker.

    Parameters
    ----------
    data : array_like, shape (n, 2)
    models : mapping from title to GaussianMixture, optional
        One to three models in two dimensions.  Without it, the points alone.
    xlabel, ylabel : str, optional
        What the two columns are, with their units.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If data or a model has not two dimensions, or there are too many models or components.
    """
    points = real_array("data", data, 2)
    if points.shape[1] != 2:
        raise ValueError(f"data must have 2 columns, but its shape is {points.shape}")
    if models is not None:
        told_apart("models", models, 3)
    for title, model in (models or {}).items():
        _require_plane(title, model)
    count = len(models) if models else 1
    width = 6.2 if count == 1 else min(4.6 * count, 10.4)
    figure, panels = new_panels(count, width, 4.2, sharex=True, sharey=True)
    words = f"{len(points)} points, {_range(xlabel, points[:, 0])}, {_range(ylabel, points[:, 1])}."
    for axes in panels:
        axes.set_xlabel(xlabel)
    panels[0].set_ylabel(ylabel)
    if not models:
        panels[0].plot(*points.T, "o", ms=3, color=NEUTRAL, alpha=0.7, mew=0)
    for axes, (title, model) in zip(panels, (models or {}).items(), strict=False):
        _draw_fit(axes, points, model)
        axes.set_title(title)
        parts = [
            f"{component_name(j, model.k)} with weight {weight:.2f} and mean {_point(mean)}"
            for j, (weight, mean) in enumerate(zip(model.mixing_weights, model.means, strict=True))
        ]
        words += f" {title}: {', '.join(parts)}."
    return Picture.draw(figure, words)


def against_sigma(sigma: ArrayLike, curves: Mapping[str, ArrayLike], *, ylabel: str) -> Picture:
    """Draw curves over the standard deviation of one component, on a logarithmic axis.

    The vertical axis is fitted to the first curve; others may leave it.

    Parameters
    ----------
    sigma : array_like, shape (m,)
        Positive.
    curves : mapping from name to array_like, shape (m,)
        One to six.
    ylabel : str
        What the curves are, with their unit.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If an argument is not of that form.
    """
    s = real_array("sigma", sigma, 1)
    if (s <= 0).any():
        raise ValueError("sigma must be positive: it stands on a logarithmic axis")
    told_apart("curves", curves)
    figure, axes = new_axes(7.0, 3.6)
    words = []
    for j, (name, values) in enumerate(curves.items()):
        y = as_many(name, values, len(s), "sigma")
        axes.semilogx(s, y, **line(j), lw=2, label=name)
        words.append(
            f"{name} is {y[s.argmin()]:.2f} at the smallest sigma, {s.min():.1g}, and highest, "
            f"{y.max():.2f}, at {s[y.argmax()]:.1g}"
        )
    first = np.asarray(next(iter(curves.values())))
    room = 0.5 * max(float(np.ptp(first)), 1.0)
    axes.set(xlabel=r"$\sigma$ (logarithmic axis)", ylabel=ylabel)
    axes.set_ylim(first.min() - room, first.max() + room)
    axes.legend(frameon=False)
    return Picture.draw(figure, f"Against sigma: {'; '.join(words)}.")


def _draw_fit(axes: Axes, points: FloatArray, model: GaussianMixture) -> None:
    """Draw points, density contours, ellipses and means of one model."""
    owner = model.e_step(points).argmax(axis=1)
    x, y, density = _density_grid(model, *_limits(points, model, radius=1.5 * ELLIPSE_RADIUS))
    levels = density.max() * np.array([0.05, 0.2, 0.4, 0.6, 0.8])
    axes.contour(x, y, density, levels=levels, colors=NEUTRAL, linewidths=0.8)
    for j in range(model.k):
        colour, marker = COMPONENT_COLOURS[j], COMPONENT_MARKERS[j]
        axes.plot(*points[owner == j].T, marker, ms=3.5, color=colour, alpha=0.55, mew=0)
        variances, directions = np.linalg.eigh(model.covariances[j])
        width, height = 2 * ELLIPSE_RADIUS * np.sqrt(variances)
        angle = np.degrees(np.arctan2(directions[1, 0], directions[0, 0]))
        axes.add_patch(
            Ellipse(tuple(model.means[j]), width, height, angle=angle, fill=False, ls="--", lw=1.8)
        )
        axes.plot(*model.means[j], marker, ms=10, color=colour, mec="black", mew=1.5)


def _require_plane(name: str, model: GaussianMixture) -> None:
    """Raise an error unless the model can be drawn in the plane."""
    if model.means.shape[1] != 2:
        raise ValueError(
            f"{name} must be in 2 dimensions to be drawn, but it is in {model.means.shape[1]}"
        )
    if model.k > len(COMPONENT_COLOURS):
        raise ValueError(f"{name}: at most {len(COMPONENT_COLOURS)} components can be told apart")


def _limits(
    points: FloatArray, model: GaussianMixture, *, radius: float
) -> tuple[FloatArray, FloatArray]:
    """Return corners that hold the points and `radius` standard deviations of each component."""
    reach = radius * np.sqrt(np.diagonal(model.covariances, axis1=1, axis2=2))
    low = np.concatenate([points, model.means - reach]).min(axis=0)
    high = np.concatenate([points, model.means + reach]).max(axis=0)
    return low, high


def _density_grid(
    model: GaussianMixture, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return x, y and the mixture density on a grid of 120 by 120 points."""
    x, y = np.meshgrid(*np.linspace(low, high, 120).T)
    log_joint = model.log_joint(np.column_stack([x.ravel(), y.ravel()]))
    return x, y, np.exp(log_joint).sum(axis=1).reshape(x.shape)


def _point(mean: FloatArray) -> str:
    return f"({mean[0]:.2f}, {mean[1]:.2f})"


def _range(name: str, values: FloatArray) -> str:
    return f"{name.replace('$', '')} from {values.min():.2f} to {values.max():.2f}"
