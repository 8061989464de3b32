"""Pictures of the bound on the log of a sum: pure functions of numbers that return a `Picture`.

Every picture's text alternative is written from the same numbers that are drawn.  For positive
terms s_j and any distribution q over them::

    log sum_j s_j >= sum_j q_j log(s_j / q_j)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import entr, logsumexp, rel_entr, softmax

from emlib._validate import FloatArray, probabilities, real_array
from emlib.palette import (
    COMPONENT_COLOURS,
    COMPONENT_DASHES,
    COMPONENT_MARKERS,
    component_name,
)
from emlib.plots.picture import Picture
from emlib.plots.style import SMALL, as_many, legend_below, line, new_axes, told_apart

BOUND, GAP = COMPONENT_COLOURS[0], COMPONENT_COLOURS[2]
BOUNDS = 3  # of a run are drawn, or fewer if it is shorter


def bound_over_q(s: ArrayLike, tried: ArrayLike, *, curve: bool = True) -> Picture:
    """Draw the bound on log(s_A + s_B) for some q = (q_A, 1 - q_A), and the gaps above it.

    Parameters
    ----------
    s : array_like, shape (2,)
        The two terms of the sum, positive.
    tried : array_like, shape (m,)
        The values of q_A to show, from 0 to 1.
    curve : bool, default True
        Whether to draw the bound over all q_A, too, and where it touches.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there are not two positive terms, or a q is outside [0, 1].
    """
    s, tried = real_array("s", s, 1), probabilities("tried", tried)
    if len(s) != 2 or not (s > 0).all():
        raise ValueError(f"s must hold two positive terms, not {s}")
    top, r = float(np.log(s.sum())), float(s[0] / s.sum())
    bounds = _bound(tried, s)
    figure, axes = new_axes(7.0, 3.4)
    axes.axhline(top, color="black", lw=2.5, label=r"$\log(s_A + s_B)$")
    axes.vlines(tried, bounds, top, color=GAP, lw=3, label="the gap")
    axes.plot(tried, bounds, "o", color=BOUND, ms=7, ls="none", label="the bound at a $q_A$")
    words = ""
    if curve:
        grid = np.linspace(0, 1, 401)
        axes.plot(
            grid, _bound(grid, s), color=BOUND, ls=COMPONENT_DASHES[1], lw=2,
            label="the bound over all $q_A$",
        )  # fmt: skip
        axes.plot(r, top, "s", color=BOUND, ms=9, label=f"touches at $q_A$ = {r:.3f}")
        words = f" Over all q_A the bound is an arch, which touches the line at q_A = {r:.3f}."
    ends = _bound(np.array([0.0, 1.0]), s)
    axes.set(xlabel="$q_A$   ($q_B = 1 - q_A$)", ylabel="nats", xlim=(-0.02, 1.02))
    axes.set_ylim(ends.min() - 0.05 * (top - ends.min()), top + 0.12 * (top - ends.min()))
    axes.legend(**SMALL)
    gaps = ", ".join(
        f"{top - here:.3f} at q_A = {q:g}" for q, here in zip(tried, bounds, strict=True)
    )
    return Picture.draw(
        figure,
        f"The log of the sum, {top:.3f}, as a level line, and the bound below it. "
        f"The gap is {gaps}.{words}",
    )


def weight_climb(log_p: ArrayLike, alphas: ArrayLike, log_likelihoods: ArrayLike) -> Picture:
    """Draw a run over the weight of the first of two known components, with its first bounds.

    The log-likelihood is sum_i log(alpha p_i1 + (1 - alpha) p_i2).  Each bound touches it at
    row t of `alphas` and has its maximum where row t + 1 should be.

    Parameters
    ----------
    log_p : array_like, shape (n, 2)
        log p(x_i | z_i = j) under the two components, in nats.
    alphas : array_like, shape (T + 1, 2)
        The mixing weights of the run; where a bound is drawn, positive.
    log_likelihoods : array_like, shape (T + 1,)
        Where to draw them.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If an argument is out of range, or the rows of two are not as many.
    """
    log_p, alphas = real_array("log_p", log_p, 2), real_array("alphas", alphas, 2)
    values = as_many("log_likelihoods", log_likelihoods, len(alphas), "row of alphas")
    for name, array in (("log_p", log_p), ("alphas", alphas)):
        if array.shape[1] != 2:
            raise ValueError(
                f"{name} must have two columns, one per component, not {array.shape[1]}"
            )
    touching = alphas[:BOUNDS]
    if not (touching > 0).all():
        raise ValueError("alphas must be positive where a bound is drawn: start inside (0, 1)")
    grid = np.linspace(0.005, 0.995, 397)
    log_joint = np.log(np.stack([grid, 1 - grid]).T)[:, None, :] + log_p  # (grid, n, 2)
    curve = logsumexp(log_joint, axis=2).sum(axis=1)
    figure, axes = new_axes()
    axes.plot(grid, curve, color="black", lw=2.5, label=r"log-likelihood $\ell(\alpha)$")
    axes.plot(alphas[:, 0], values, ".", color="black", ms=9, label=r"the run, $t = 0, 1, \dots$")
    for t, alpha in enumerate(touching):
        q = softmax(np.log(alpha) + log_p, axis=1)
        bound = (q * log_joint).sum(axis=(1, 2)) + entr(q).sum()
        axes.plot(grid, bound, lw=1.8, label=f"bound at $t = {t}$", **line(t))
        marker, colour = COMPONENT_MARKERS[t], COMPONENT_COLOURS[t]
        axes.plot(alpha[0], values[t], marker, ms=8, zorder=3, color=colour)
    top = curve.max()
    depth = max(top - values[0], 0.1)
    axes.set_ylim(top - 1.8 * depth, top + 0.2 * depth)
    axes.set(xlabel=r"$\alpha_A$, the weight of the first component", ylabel="nats")
    legend_below(figure)
    way = ", ".join(f"{a:.3f}" for a in alphas[: len(touching) + 1, 0])
    return Picture.draw(
        figure,
        "The log-likelihood over the mixing weight alpha of the first component, and bounds below "
        f"it. Each touches it at the present alpha: {way} and so on to {alphas[-1, 0]:.3f}, where "
        f"the log-likelihood is {values[-1]:.4f}.",
    )


def weight_trace(alphas: ArrayLike, log_likelihoods: ArrayLike) -> Picture:
    """Draw how mixing weights, and the log-likelihood, go from iteration to iteration.

    Parameters
    ----------
    alphas : array_like, shape (T + 1, k)
        At most six components.
    log_likelihoods : array_like, shape (T + 1,)

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there are too many components, or the arrays are not equally long.
    """
    alphas = real_array("alphas", alphas, 2)
    values = as_many("log_likelihoods", log_likelihoods, len(alphas), "row of alphas")
    k = alphas.shape[1]
    told_apart("a row of alphas", alphas[0])
    figure, axes = new_axes(7.4, 3.2)
    climb = axes.twinx()
    climb.spines["top"].set_visible(False)
    climb.plot(values, color="black", lw=1.5, ls=":", label="log-likelihood (right axis)")
    climb.set_ylabel("nats")
    climb.ticklabel_format(useOffset=False)
    for j in range(k):
        axes.plot(
            alphas[:, j], **line(j), ms=5, markevery=0.1, marker=COMPONENT_MARKERS[j],
            label=f"component {component_name(j, k)}",
        )  # fmt: skip
    axes.set(xlabel="iteration $t$", ylabel=r"mixing weight $\alpha_j$", ylim=(0, 1))
    axes.locator_params(axis="x", integer=True)
    legend_below(figure, k + 1)
    moves = ", ".join(
        f"that of component {component_name(j, k)} from {alphas[0, j]:.3f} to {alphas[-1, j]:.3f}"
        for j in range(k)
    )
    return Picture.draw(
        figure,
        f"The mixing weights over {len(alphas) - 1} iterations: {moves}. "
        f"The log-likelihood goes from {values[0]:.4f} to {values[-1]:.4f} nats.",
    )


def _bound(q: FloatArray, s: FloatArray) -> FloatArray:
    """Return sum_j q_j log(s_j / q_j) for q = (q_A, 1 - q_A); 0 log 0 counts as 0."""
    return np.asarray(-rel_entr(q, s[0]) - rel_entr(1 - q, s[1]))
