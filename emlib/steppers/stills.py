"""Still pictures: what stands in a stepper's place where scripts do not run.

Each is a pure function of a run; its text alternative is written from the numbers it draws.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image
from scipy.special import boxcox, xlog1py, xlogy
from scipy.stats import norm

from emlib._validate import FloatArray
from emlib.driver.run import Run
from emlib.models.binomial import BinomialMixture
from emlib.models.gaussian.mixture import GaussianMixture
from emlib.palette import (
    COMPONENT_COLOURS,
    COMPONENT_DASHES,
    COMPONENT_MARKERS,
    NEUTRAL,
    component_name,
)
from emlib.plots.jensen import jensen as jensen_gap
from emlib.plots.picture import Picture, in_few_colours
from emlib.steppers import telling
from emlib.steppers.slices import along
from emlib.words import _

HATCHES = ("", "///", "...", "xx", "--", "++")
FEW_ROWS = 12
COLOURS = 48


def coins(run: Run) -> Picture:
    """Draw the last step of a run of coins: responsibilities, theta and log-likelihood."""
    tosses, k = run.data, run.model.k
    figure, (rows, paths, climb) = _figure(3, (1.2, 1, 1), left=0.125, wspace=0.36)
    are_few = len(tosses) <= FEW_ROWS
    # Many rows, sorted, make one area; few stand apart.
    order = slice(None) if are_few else np.argsort(-tosses.heads / tosses.flips, kind="stable")
    responsibilities = run[-1].responsibilities[order]
    shown = np.arange(1, len(tosses) + 1)
    left = np.zeros(len(tosses))
    for j in range(k):
        style: dict[str, Any] = {
            "facecolor": _colour(j),
            "hatch": HATCHES[j % len(HATCHES)],
            "edgecolor": "white",
        }
        right = left + responsibilities[:, j]
        if are_few:
            rows.barh(shown, right - left, left=left, **style)
        else:
            edges = np.append(shown, len(tosses) + 1) - 0.5
            start, end = (np.append(side, side[-1]) for side in (left, right))
            rows.fill_betweenx(edges, start, end, step="post", linewidth=0, **style)
        left = right
    rows.set(title=_("whose row? (responsibilities)"), xlim=(0, 1))
    if are_few:
        counts = zip(shown, tosses.heads, tosses.tails, strict=True)
        rows.set_yticks(
            shown, [_("{i}: {h:g} H {t:g} T").format(i=i, h=h, t=t) for i, h, t in counts]
        )
    else:
        rows.set(ylabel=_("rows, most heads first"), ylim=(0.5, len(tosses) + 0.5))
    rows.invert_yaxis()

    theta = run.trace("theta")
    for j in range(k):
        paths.plot(
            theta[:, j], color=_colour(j), ls=_cycled(COMPONENT_DASHES, j), ms=4, markevery=0.1,
            marker=_cycled(COMPONENT_MARKERS, j), label=telling.coin(j, k),
        )  # fmt: skip
    paths.set(title=_(r"$\theta$, probability of heads"), xlabel=_("iteration $t$"), ylim=(0, 1))
    paths.locator_params(axis="x", integer=True)
    paths.legend(frameon=False, fontsize=9)
    _trace(climb, run)
    return _draw(
        figure,
        _("EM for {coins} on {rows} of tosses, {iterations}: {moves}. {ending}").format(
            coins=telling.coins(k),
            rows=telling.rows(len(tosses)),
            iterations=telling.iterations(run),
            moves=telling.moves(run),
            ending=telling.ending(run),
        ),
    )


def climb(run: Run, coin: int | None) -> Picture:
    """Draw the way of a run of coins up the log-likelihood: as a map, or as bounds on a curve."""
    k = run.model.k
    figure, (left, right) = _figure(2, (1.2, 1))
    if k == 2 and coin is None:
        words = _map(left, run)
    else:
        run = along(run, coin or 0)
        words = _bounds(left, run, coin or 0)
    _trace(right, run)
    return _draw(figure, f"{words} {telling.ending(run)}")


def _map(axes: Axes, run: Run) -> str:
    """Draw the log-likelihood over two thetas with the way of EM; return it in words."""
    grid = (np.arange(60) + 0.5) / 60
    weights = run.model.mixing_weights
    surface = np.array(
        [[BinomialMixture([a, b], weights).log_likelihood(run.data) for a in grid] for b in grid]
    )
    top, low = surface.max(), np.quantile(surface, 0.1)
    levels = top - (top - low) * 0.5 ** np.arange(9)
    axes.contour(grid, grid, surface, levels=levels, colors=NEUTRAL, linestyles="-", linewidths=0.8)
    axes.plot([0, 1], [0, 1], color=NEUTRAL, ls=":", lw=1.2)
    axes.plot(*run.trace("theta").T, "o-", color="black", ms=4)
    axes.plot(*run.trace("theta")[0], "o", ms=11, mfc="none", mec="black", ls="none")
    axes.set(xlabel=r"$\theta_A$", ylabel=r"$\theta_B$", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.set_title(_("log-likelihood, and the way of EM"))
    words = _("A map of the log-likelihood of two coins, with the way of EM on it: {moves}.")
    return words.format(moves=telling.moves(run))


def _bounds(axes: Axes, run: Run, coin: int) -> str:
    """Draw bounds on the log-likelihood over one theta; return it in words."""
    tosses, name = run.data, component_name(coin, run.model.k)
    model = cast(BinomialMixture, run[0].model)

    def moved(value: float) -> BinomialMixture:
        theta = model.theta.copy()
        theta[coin] = value
        return BinomialMixture(theta, model.mixing_weights)

    grid = np.linspace(0.002, 0.998, 499)
    models = [moved(value) for value in grid]
    curve = np.array([m.log_likelihood(tosses) for m in models])
    axes.plot(grid, curve, color="black", lw=2.2)
    path = run.trace("theta")[:4, coin]
    for t, step in enumerate(run[:3]):
        q = step.expectation
        axes.plot(
            grid, [q.elbo(m) for m in models], color=_colour(t), ls=COMPONENT_DASHES[t + 1], lw=1.6
        )
        axes.plot(path[t], q.log_likelihood, COMPONENT_MARKERS[t], color=_colour(t))
    depth = max(curve.max() - run[0].log_likelihood, 0.5)
    axes.set(xlim=(0, 1), ylim=(curve.max() - 2.2 * depth, curve.max() + 0.12 * depth))
    axes.set(title=_("log-likelihood (solid) and bounds, nats"), xlabel=rf"$\theta_{{{name}}}$")
    held = _(", the other coins held at their start") if run.model.k > 1 else ""
    steps = ", ".join(f"{value:.3f}" for value in path)
    words = _(
        "The log-likelihood over theta {name}{held}, and bounds below it: each touches it at the "
        "present theta {name} and has its maximum where the next one touches: {steps}."
    )
    return words.format(name=name, held=held, steps=steps)


def gaussians(run: Run) -> Picture:
    """Draw the last step of a run of Gaussians: the rows, the components, the log-likelihood."""
    points, model = np.asarray(run.data), cast(GaussianMixture, run.model)
    n, d = points.shape
    k = model.k
    figure, (rows, climb) = _figure(2, (1.2, 1))
    responsibilities = run[-1].responsibilities
    colours = responsibilities @ np.array([to_rgb(_colour(j)) for j in range(k)])
    owners = responsibilities.argmax(axis=1)
    heights = points[:, 1] if d > 1 else np.zeros(n)
    for j in range(k):
        own = owners == j
        marker = _cycled(COMPONENT_MARKERS, j)
        rows.scatter(
            points[own, 0], heights[own], c=np.clip(colours[own], 0, 1), marker=marker,
            s=30 if n <= 60 else 7, linewidths=0,
        )  # fmt: skip
        style = {"color": _colour(j), "ls": _cycled(COMPONENT_DASHES, j), "lw": 1.8}
        if d > 1:
            angle = np.linspace(0, 2 * np.pi, 65)
            factor = model.cholesky[j][:2, :2]
            for s in (1, 2):
                around = model.means[j, :2, None] + s * factor @ [np.cos(angle), np.sin(angle)]
                rows.plot(*around, **style)
        else:
            x = np.linspace(points.min(), points.max(), 400)
            density = norm(model.means[j, 0], model.cholesky[j].item()).pdf(x)
            rows.plot(x, model.mixing_weights[j] * density, **style)
    rows.set(title=_("rows and components"), xlabel="$x_1$")
    rows.set_ylabel("$x_2$" if d > 1 else _("density"))
    _trace(climb, run)
    shares = ", ".join(
        _("{name} weight {weight:.3f} and mean ({mean})").format(
            name=component_name(j, k),
            weight=model.mixing_weights[j],
            mean=", ".join(f"{value:.2f}" for value in model.means[j]),
        )
        for j in range(k)
    )
    return _draw(
        figure,
        _("EM for {gaussians} on {rows}, {iterations}. At the end: {shares}. {ending}").format(
            gaussians=telling.gaussians(k),
            rows=telling.rows(n),
            iterations=telling.iterations(run),
            shares=shares,
            ending=telling.ending(run),
        ),
    )


def jensen(u: FloatArray, w: FloatArray, power: float) -> Picture:
    """Draw the two sides of Jensen's inequality for f(u) = (u^power - 1) / power."""
    name = r"$f(u) = \log\,u$" if power == 0 else rf"$f(u) = (u^{{{power:g}}} - 1) / {power:g}$"
    drawn = jensen_gap({name: (lambda values: boxcox(values, power), u, w)})
    with Image.open(BytesIO(drawn.png)) as image:
        return replace(drawn, png=in_few_colours(image, COLOURS))


def complete_likelihood(heads: FloatArray, tails: FloatArray, theta: FloatArray) -> Picture:
    """Draw the log-likelihood of tosses with known coins, one curve for each coin."""
    k = len(heads)
    figure, (axes,) = _figure(1, (1,))
    grid = np.linspace(0.002, 0.998, 499)
    best = heads / (heads + tails)
    for j in range(k):
        curve = xlogy(heads[j], grid) + xlog1py(tails[j], -grid)
        top = xlogy(heads[j], best[j]) + xlog1py(tails[j], -best[j])
        name = _("{coin}: {heads:g} heads, {tails:g} tails")
        name = name.format(coin=telling.coin(j, k), heads=heads[j], tails=tails[j])
        axes.plot(grid, curve - top, color=_colour(j), ls=_cycled(COMPONENT_DASHES, j), label=name)
        axes.plot(best[j], 0, _cycled(COMPONENT_MARKERS, j), color=_colour(j), ms=8)
    axes.set(xlabel=r"$\theta$", ylabel=_("nats below the maximum"), ylim=(-6, 0.4), xlim=(0, 1))
    axes.legend(frameon=False)
    total = (xlogy(heads, theta) + xlog1py(tails, -theta)).sum()
    maximum = (xlogy(heads, best) + xlog1py(tails, -best)).sum()
    at = _("theta {name} = {value:.3f}")
    tops = (at.format(name=component_name(j, k), value=best[j]) for j in range(k))
    words = _(
        "The log-likelihood of {coins} whose rows are known, coin by coin: its one maximum "
        "{maximum:.3f} is at {tops}. At the start, theta = {theta}, it is {total:.3f}."
    ).format(
        coins=telling.coins(k),
        maximum=maximum,
        tops=", ".join(tops),
        theta=", ".join(f"{value:.2f}" for value in theta),
        total=total,
    )
    return _draw(figure, words)


def _figure(
    panels: int, widths: tuple[float, ...], *, left: float = 0.09, wspace: float = 0.28
) -> tuple[Figure, list[Axes]]:
    """Return panels side by side; finding the best margins would take a second draw."""
    figure = Figure(figsize=(9.0, 3.4))
    margins = {"left": left, "right": 0.98, "top": 0.9, "bottom": 0.16, "wspace": wspace}
    grid = figure.subplots(1, panels, width_ratios=widths, squeeze=False, gridspec_kw=margins)
    drawn = list(grid[0])
    for axes in drawn:
        axes.spines[["top", "right"]].set_visible(False)
    return figure, drawn


def _draw(figure: Figure, alt: str) -> Picture:
    """Render a figure in a third of the bytes, in every notebook that shows it."""
    return Picture.draw(figure, alt, dpi=120, colours=COLOURS)


def _trace(axes: Axes, run: Run) -> None:
    axes.plot(run.log_likelihoods, color="black", marker="o", ms=3)
    axes.set(title=_("log-likelihood, nats"), xlabel=_("iteration $t$"))
    axes.ticklabel_format(useOffset=False)
    axes.locator_params(axis="x", integer=True)


def _cycled(styles: tuple[Any, ...], j: int) -> Any:
    """Return the dash or marker of component j; of the same colour, the seventh has another."""
    return styles[(j + j // len(styles)) % len(styles)]


def _colour(j: int) -> str:
    return COMPONENT_COLOURS[j % len(COMPONENT_COLOURS)]
