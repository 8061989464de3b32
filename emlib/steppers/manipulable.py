"""Pictures to be moved by hand: Jensen's inequality, and the likelihood of labelled tosses.

They keep the manners of `emlib.steppers.runs`: alive in the page without a kernel or a network,
moved by mouse, finger or keys, and a still picture stands where scripts do not run.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from emlib._validate import probabilities, real_array
from emlib.models.binomial import Tosses
from emlib.models.rows import expected_counts
from emlib.steppers import stills
from emlib.steppers.runs import Interactive

MAX_POINTS = 6
POWERS = (-1.0, 3.0)


def jensen(
    points: ArrayLike = (0.5, 3.0), weights: ArrayLike | None = None, *, power: float = 0.0
) -> Interactive:
    """Return Jensen's inequality with points, weights and function to be moved by hand.

    The function is one of the family f(u) = (u^p - 1) / p, which is log u for p = 0, concave
    for p < 1, affine for p = 1 and convex for p > 1 (Box and Cox 1964,
    doi:10.1111/j.2517-6161.1964.tb00553.x).

    Parameters
    ----------
    points : array_like, shape (k,), default (0.5, 3)
        Where the points start; positive, at most six.
    weights : array_like, shape (k,), optional
        Their weights, from 0 to 1; divided by their sum.  Equal by default.
    power : float, default 0
        p at the start, from -1 to 3.

    Returns
    -------
    Interactive

    Raises
    ------
    ValueError
        If an argument is not of that form; the error names it.

    Examples
    --------
    >>> "f of the mean is 0.916 and the mean of f is 0.693" in jensen([1, 4]).picture.alt
    True
    """
    u = real_array("points", points, 1)
    if len(u) > MAX_POINTS:
        raise ValueError(f"points must be at most {MAX_POINTS}, not {len(u)}")
    if u.min() <= 0:
        raise ValueError(f"points must be positive, for log u to be defined, not {u.min():g}")
    w = np.ones(len(u)) if weights is None else probabilities("weights", weights)
    if len(w) != len(u):
        raise ValueError(f"weights must hold one weight per point: {len(u)}, not {len(w)}")
    if w.sum() == 0:
        raise ValueError("weights must not all be 0")
    p = float(real_array("power", power, 0))
    if not POWERS[0] <= p <= POWERS[1]:
        raise ValueError(f"power must be from {POWERS[0]:g} to {POWERS[1]:g}, not {p:g}")
    spec = {
        "points": u.tolist(),
        "weights": w.tolist(),
        "power": p,
        "high": float(np.ceil(1.25 * u.max())),
    }
    return Interactive(stills.jensen(u, w / w.sum(), p), spec, "jensen", "jensen")


def complete_likelihood(
    tosses: Tosses, labels: ArrayLike, *, theta: ArrayLike | None = None
) -> Interactive:
    """Return the log-likelihood of tosses whose coins are known, with a point to move on it.

    Parameters
    ----------
    tosses : Tosses, n rows
    labels : array_like of int, shape (n,)
        The coin of each row: 0 for coin A, 1 for coin B, and so on.
    theta : array_like, shape (k,), optional
        Where the point starts; 0.5 for every coin by default.

    Returns
    -------
    Interactive

    Raises
    ------
    ValueError
        If labels are not one per row, or leave out a coin; or if theta does not fit them.
    """
    z = real_array("labels", labels, 1)
    if len(z) != len(tosses):
        raise ValueError(f"labels must hold one coin per row: {len(tosses)}, not {len(z)}")
    coins = np.unique(z)
    if not np.array_equal(coins, np.arange(len(coins))):
        raise ValueError("labels must be 0, 1, ... with no number left out; number the coins anew")
    counts = expected_counts(tosses, (z[:, None] == coins).astype(float))
    heads, tails = tosses.heads @ counts, tosses.tails @ counts
    start = np.full(len(coins), 0.5) if theta is None else probabilities("theta", theta)
    if len(start) != len(coins):
        raise ValueError(f"theta must hold one value per coin: {len(coins)}, not {len(start)}")
    spec = {"heads": heads.tolist(), "tails": tails.tolist(), "theta": start.tolist()}
    picture = stills.complete_likelihood(heads, tails, start)
    return Interactive(picture, spec, "completeLikelihood", "complete")
