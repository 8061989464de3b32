"""Data and starts for the benchmarks, the same for every program."""

import numpy as np

from emlib import BinomialMixture, GaussianMixture, Tosses

# (rows, columns, components) of the comparison by iteration.
SHAPES = [
    (1_000, 2, 2),
    (10_000, 2, 3),
    (100_000, 8, 8),
    (1_000_000, 2, 3),
    (200_000, 64, 8),
    (1_000_000, 16, 16),
]

# Three clusters of 10 000 rows in 4 columns whose means are this many standard deviations from
# that of the first.
DISTANCES = {"well separated": 6.0, "2 sd apart": 2.0, "1.5 sd apart": 1.5}


def overlapping(n, d, k, seed=0):
    """Overlapping clusters and a start beside the truth, so that no program converges early."""
    rng = np.random.default_rng(seed)
    means = rng.normal(size=(k, d)) * 2 / np.sqrt(d)
    data = rng.standard_normal((n, d))
    data += means[rng.integers(0, k, n)]
    shift = rng.normal(size=(k, d)) * 0.5 / np.sqrt(d)
    return data, (np.full(k, 1 / k), means + shift, np.stack([np.eye(d)] * k))


def clusters(name, n=10_000, d=4, seed=0):
    """Three clusters at one of the `DISTANCES`, and a start beside the truth."""
    rng = np.random.default_rng(seed)
    means = np.zeros((3, d))
    means[1, 0] = means[2, 1] = DISTANCES[name]
    truth = GaussianMixture([1 / 3] * 3, means, [np.eye(d)] * 3)
    data, _ = truth.sample(n, rng)
    start = means + 0.3 * rng.normal(size=means.shape)
    return data, (np.full(3, 1 / 3), start, np.stack([np.eye(d)] * 3))


def close_coins(rows, flips=20, seed=0):
    """Rows of flips of three coins that differ little, and a start beside the truth."""
    truth = BinomialMixture([0.35, 0.5, 0.65], [0.3, 0.4, 0.3])
    data, _ = truth.sample(np.full(rows, flips), seed)
    return data, BinomialMixture([0.3, 0.5, 0.7], fit_mixing_weights=True)


def two_coins(rows, flips=10, seed=0):
    """Rows of flips of two coins, and the textbook's start."""
    data, _ = BinomialMixture([0.8, 0.35]).sample(np.full(rows, flips), seed)
    return Tosses(data.heads, data.flips), BinomialMixture([0.6, 0.5])
