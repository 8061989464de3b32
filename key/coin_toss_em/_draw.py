"""What all exercises of notebook 03b draw."""

from __future__ import annotations

import numpy as np

from key.coin_toss_em._formulas import Array
from key.exercise import Rng


def random_coins(rng: Rng, coins: int, rows: int, most_flips: int) -> tuple[Array, ...]:
    """Draw theta, alpha, heads, flips: no two coins, weights or rows alike, every coin in use."""
    theta = rng.permutation(0.1 + 0.8 * (np.arange(coins) + rng.uniform(0.2, 0.8, coins)) / coins)
    weights = rng.permutation(np.arange(1, coins + 1)) + rng.uniform(0, 0.5, coins)
    flips = rng.permutation(np.linspace(most_flips // 3, most_flips, rows).astype(int))
    heads = rng.binomial(flips, theta[rng.permutation(np.arange(rows) % coins)])
    return theta, weights / weights.sum(), heads, flips
