"""Games of which only a share of the stake is risked, for exercise 1.3."""

from __future__ import annotations

import numpy as np

from key.exercise import Rng
from key.jensen._formulas import Array


def factors(u: Array, shares: Array) -> Array:
    """By what the whole stake is multiplied, for each share (rows) and value of U (columns)."""
    return 1 + np.outer(shares, u - 1)


def rates(u: Array, w: Array, shares: Array) -> Array:
    return np.log(factors(u, shares)) @ w


def draw(rng: Rng, kind: str, k: int) -> tuple[Array, ...]:
    """Draw a game whose best share is inside the grid, or at one of its ends; a weight of 0."""
    best = rng.uniform(0.3, 0.6)
    shares = np.array([0, best - 0.22, best - 0.1, best, best + 0.13, best + 0.3, 1])
    gain = np.arange(k) % 2 == 0
    u = np.where(gain, rng.uniform(1.3, 2.4, k), rng.uniform(0.2, 0.8, k))
    w = rng.uniform(0.5, 1.5, k)
    slopes = (u - 1) / (1 + best * (u - 1))  # of the rate at `best`, for each value
    won, lost = (w * slopes)[gain].sum(), -(w * slopes)[~gain].sum()
    w = np.where(gain, lost, won) * w  # now they cancel: the rate is level there
    if kind == "lost":
        shares = shares[1:]  # to stay out is not among them
        u = 1 + (u - 1) * np.where(gain, 0.2, 1)
    elif kind == "won":
        u = 1 + (u - 1) * np.where(gain, 1, 0.05)
    order = rng.permutation(k + 1)
    u, w = np.append(u, 0.1)[order], np.append(w / w.sum(), 0)[order]
    return u, w, rng.permutation(shares)
