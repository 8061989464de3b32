"""Starts for EM.

A start is made from `k` rows of the data, chosen either at random or by k-means++ (Arthur and
Vassilvitskii 2007, doi:10.5555/1283383.1283494): each further row with a probability in
proportion to its squared distance from the nearest row chosen so far.
"""

from __future__ import annotations

import numpy as np

from emlib._validate import FloatArray, choice, generator, positive_integer

METHODS = ("k-means++", "random")
Seed = np.random.Generator | int | None


def chosen_rows(
    x: FloatArray, k: int, method: str, rng: Seed, weights: FloatArray | None = None
) -> np.ndarray:
    """Choose k different rows to start from.

    Parameters
    ----------
    x : ndarray, shape (n, d)
        In units in which a distance between rows means something.
    k : int
    method : {"k-means++", "random"}
    rng : numpy Generator or seed, optional
    weights : ndarray, shape (n,), optional
        How often each row counts.

    Returns
    -------
    ndarray of int, shape (k,)

    Raises
    ------
    ValueError
        If there are fewer than k distinct rows, or the method is unknown.
    """
    choice("method", method, METHODS)
    k = positive_integer("k", k)
    rng = generator(rng)
    chance = np.ones(len(x)) if weights is None else weights.copy()
    chosen: list[int] = []
    nearest = np.full(len(x), np.inf)  # squared distance to the nearest chosen row
    while len(chosen) < k:
        if not chance.sum() > 0:
            raise ValueError(f"k must be at most the number of distinct rows: {len(chosen)}")
        row = int(rng.choice(len(x), p=chance / chance.sum()))
        chosen.append(row)
        nearest = np.minimum(nearest, ((x - x[row]) ** 2).sum(axis=1))
        chance = nearest if method == "k-means++" else (nearest > 0).astype(float)
        if weights is not None:
            chance = chance * weights
    return np.array(chosen)
