"""One number in the place of an array: enough to tell an array from others, and much shorter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from emlib._validate import FloatArray

ROOM, NOTHING = 1e-5, 1e-12  # how far a number may be off, by the size of what is added up
DIGITS = 6  # of that size
LARGEST = 1e100


@lru_cache(maxsize=256)
def _weights(shape: tuple[int, ...]) -> FloatArray:
    """Return a weight for each entry, between 1/2 and 3/2, which another shape does not have."""
    code = sum(n * 7**axis for axis, n in enumerate(shape, 1))
    places: FloatArray = np.arange(np.prod(shape, dtype=int), dtype=float).reshape(shape)
    weights: FloatArray = 1 + np.sin(3 * places + 1.7 * code) / 2
    return weights


@dataclass(frozen=True)
class Digest:
    """The weighted sum of an array of finite numbers.

    Attributes
    ----------
    total : float

    Examples
    --------
    >>> array = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> Digest.of(array).fits(array), Digest.of(array).fits(array.T)
    (True, False)
    """

    total: float

    @classmethod
    def of(cls, array: FloatArray) -> Digest:
        """Return the digest of an array that can have one, rounded to what tells."""
        products = _weights(array.shape) * array
        size = float(np.abs(products).sum())
        if size < NOTHING:
            return cls(0.0)  # so that noise is the same on every machine
        return cls(round(float(products.sum()), DIGITS - 1 - int(np.floor(np.log10(size)))))

    def fits(self, array: FloatArray) -> bool:
        """Whether an array has this digest, up to rounding."""
        if not self.possible(array):
            return False
        products = _weights(array.shape) * array
        room = ROOM * float(np.abs(products).sum()) + NOTHING
        return bool(abs(products.sum() - self.total) <= room)

    @staticmethod
    def possible(array: FloatArray) -> bool:
        """Whether an array can have one: its numbers are finite, and so is their sum."""
        return bool((np.abs(array) < LARGEST).all())
