"""Kinds of input that many exercises draw, because what is wrong with them is right elsewhere.

`tests.answers.extremes` says which exercise must have which.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any  # numbers or arrays of numbers

RARE = 1e-9  # a weight beside which what is added "for safety" shows
SMALL = 2.0**-20  # a unit that scales numbers exactly


def with_a_rare_one(shares: Array) -> Array:
    """Return shares that sum to 1 along the last axis, the first of them tiny but not all alike."""
    tiny, rest = RARE * shares[..., :1], shares[..., 1:]
    return np.concatenate([tiny, (1 - tiny) * rest / rest.sum(axis=-1, keepdims=True)], axis=-1)
