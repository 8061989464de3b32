"""What the exercises of notebook 07 draw: chains in which no two numbers are alike."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from key.exercise import Rng
from key.gaussian_mixture._formulas import Array


def transitions(rng: Rng, k: int) -> Array:
    """Draw a transition matrix that is far from symmetric, its columns far from sums of 1."""
    A = rng.dirichlet(1 + 2.0 * np.arange(k), k) + 0.4 * np.eye(k) * rng.uniform(0.5, 1, (k, 1))
    return A / A.sum(axis=1, keepdims=True)


def posteriors(
    rng: Rng, n: int, k: int, kind: Callable[[Array], Array] = np.array
) -> tuple[Array, Array]:
    """Draw r (n, k) and pairs (n - 1, k, k) that belong together, as a chain makes them.

    What makes shares another `kind` is done to the first row, and to each move.
    """
    r = np.empty((n, k))
    r[0] = kind(rng.dirichlet(1 + np.arange(k)))
    pairs = np.empty((n - 1, k, k))
    for i in range(n - 1):
        pairs[i] = r[i][:, None] * kind(rng.dirichlet(1 + 2.0 * np.arange(k)[::-1], k))
        r[i + 1] = pairs[i].sum(axis=0)
    return r, pairs
