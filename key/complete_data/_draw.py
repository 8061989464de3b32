"""What several exercises of notebooks 02a and 02b draw."""

from __future__ import annotations

import numpy as np

from key.complete_data._formulas import Array
from key.exercise import Rng


def rows(rng: Rng, n: int, most: int) -> tuple[Array, Array]:
    """Draw heads and flips of n rows, 2 to `most` flips each, heads and tails in every row."""
    flips = rng.integers(2, most, size=n, endpoint=True)
    return rng.integers(1, flips), flips


def labelled(rng: Rng, k: int, n: int, most: int) -> tuple[Array, ...]:
    """Draw heads, flips, labels and k: every coin has a row, no order in the labels."""
    # The integers that `np.bincount` takes everywhere: in a browser they have 32 bits.
    labels = np.concatenate([np.arange(k), rng.integers(k, size=n - k, dtype=np.intp)])
    return *rows(rng, n, most), rng.permutation(labels), k
