"""What several exercises of notebook 01 draw."""

from __future__ import annotations

import numpy as np

from key.exercise import Rng
from key.jensen._formulas import Array


def spread(rng: Rng, k: int) -> Array:
    """Draw k numbers that are about 1 apart, in random order."""
    return rng.permutation(np.arange(k) + rng.uniform(-0.3, 0.3, size=k))
