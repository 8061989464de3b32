"""Words, formulas and draws that several exercises of notebook 03a use.

Everywhere log_s (k,) holds the logarithms of the terms of a sum, q (k,) a distribution over them,
log_p (n, k) the log-probability of each row under each component and alpha (k,) the mixing weights.
In the mistakes of each exercise, a lambda is the formula as the mistaken student has it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from key.exercise import Rng

Array = Any  # arguments and results of students' functions

UNDERFLOW = (
    "It works for numbers of ordinary size, but `np.exp(-2000)` underflows to 0. Stay with "
    "logarithms: that of a quotient is a difference, and log-sum-exp takes that of a sum."
)
ZERO_LOG_ZERO = (
    "It looks as if an entry 0 met its logarithm: `0 * np.log(0)` is `nan` in NumPy. In these sums "
    "such a term counts as 0."
)


def spread(rng: Rng, k: int) -> Array:
    """Draw k numbers that are about 1 apart, in random order."""
    return rng.permutation(np.arange(k) + rng.uniform(-0.3, 0.3, size=k))
