"""Starts for EM.

A start is made from `k` rows of the data, chosen either at random or by k-means++ (Arthur and
Vassilvitskii 2007, doi:10.5555/1283383.1283494): each further row with a probability in
proportion to its squared distance from the nearest row chosen so far.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from emlib._validate import FloatArray, choice, generator, positive_integer
from emlib.models.binomial import BinomialMixture, Tosses
from emlib.models.categorical import CategoricalMixture, Tallies
from emlib.models.gaussian.mixture import GaussianMixture
from emlib.models.gaussian.points import Points
from emlib.models.mixture import Mixture
from emlib.models.poisson import Counts, PoissonMixture
from emlib.models.rows import distinct

SMALLEST = 1e-152  # standard deviation; its square, divided by k, is still a normal number
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


def gaussian_start(
    data: ArrayLike, k: int, *, method: str = "k-means++", rng: Seed = None, **options: Any
) -> GaussianMixture:
    """Return a start with k rows for means, equal weights and the spread of the columns.

    Parameters
    ----------
    data : array_like, shape (n, d), or Points
    k : int
    method : {"k-means++", "random"}, default "k-means++"
    rng : numpy Generator or seed, optional
    **options
        For `GaussianMixture`, such as ``covariance_type``.  The covariances are diagonal: the
        variances of the columns, divided by k^(2/d) so that k clusters fill the same volume.
        For ``"spherical"`` their mean.

    Raises
    ------
    ValueError
        If k exceeds the number of distinct rows, a column is constant or its variance out of
        floating-point range, or an option is wrong.
    """
    points = distinct(Points.of(data))
    x, weights = points.x.T, points.row_weights
    mean = np.average(x, axis=0, weights=weights)
    variances = np.average((x - mean) ** 2, axis=0, weights=weights)
    if not variances.all():
        column = int(np.argmin(variances))
        raise ValueError(f"column {column} of the data is constant; leave it out")
    deviations = np.sqrt(variances) * points.unit
    odd = np.flatnonzero((deviations < SMALLEST) | (deviations > 1 / SMALLEST))
    if len(odd):
        raise ValueError(
            f"column {odd[0]} of the data has a standard deviation of {deviations[odd[0]]:g}, "
            "whose square is out of floating-point range; change its unit"
        )
    rows = chosen_rows(x / np.sqrt(variances), k, method, rng, weights)
    variances *= points.unit**2 / k ** (2 / x.shape[1])
    if options.get("covariance_type") == "spherical":
        variances[:] = variances.mean()
    means = points.origin + x[rows] * points.unit
    covariances = np.broadcast_to(np.diag(variances), (k, len(variances), len(variances)))
    return GaussianMixture(np.full(k, 1 / k), means, covariances, **options)


def binomial_start(
    data: Tosses, k: int, *, method: str = "k-means++", rng: Seed = None, **options: Any
) -> BinomialMixture:
    """Return a start with the shares of heads in k rows, drawn halfway towards 1/2."""
    rows = Tosses.of(data).distinct
    share = rows.heads / rows.flips
    chosen = chosen_rows(share[:, None], k, method, rng, rows.row_weights)
    return BinomialMixture((share[chosen] + 0.5) / 2, **options)


def poisson_start(
    data: Any, k: int, *, method: str = "k-means++", rng: Seed = None, **options: Any
) -> PoissonMixture:
    """Return a start with k counts for rates, drawn halfway towards the mean count."""
    rows = Counts.of(data).distinct
    chosen = chosen_rows(rows.counts[:, None], k, method, rng, rows.row_weights)
    mean = np.average(rows.counts, weights=rows.row_weights)
    return PoissonMixture((rows.counts[chosen] + mean) / 2, **options)


def categorical_start(
    data: Any, k: int, *, method: str = "k-means++", rng: Seed = None, **options: Any
) -> CategoricalMixture:
    """Return a start with the shares of categories in k rows, drawn halfway towards equal."""
    rows = Tallies.of(data).distinct
    shares = rows.counts / rows.counts.sum(axis=1, keepdims=True)
    chosen = chosen_rows(shares, k, method, rng, rows.row_weights)
    return CategoricalMixture((shares[chosen] + 1 / shares.shape[1]) / 2, **options)


STARTS: dict[type[Mixture], Callable[..., Mixture]] = {
    BinomialMixture: binomial_start,
    CategoricalMixture: categorical_start,
    GaussianMixture: gaussian_start,
    PoissonMixture: poisson_start,
}
