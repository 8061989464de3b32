"""Points: real-valued data for Gaussian mixtures, held in coordinates that suit the arithmetic.

Data may come as 1e-150 metres or as 1e12 plus a little noise.  Squares of the first underflow,
and differences of squares of the second keep no correct digit.  Two steps cure both, and
neither rounds anything:

* A column whose values all lie within a factor of two of each other is centred: subtracting
  one floating-point number from another within a factor of two is exact (Sterbenz's lemma).
* Each column is divided by a power of two, so that its standard deviation is about 1: only
  the exponent changes.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.rows import checked_weights
from emlib.models.value import Value


def _exponent(size: FloatArray) -> NDArray[np.intc]:
    """Return the e for which 2^e is the power of two above each number; 1 for 0."""
    return np.asarray(np.frexp(np.where(size > 0, size, 1.0))[1])


class Points(Value):
    """n points in d dimensions, to be read like the (n, d) array they were made from.

    Parameters
    ----------
    values : array_like, shape (n, d)
        Finite real numbers; never changed.
    row_weights : array_like, shape (n,), optional
        How often each row counts; not negative.  Once by default.

    Attributes
    ----------
    x : ndarray, shape (d, n)
        The points in inner coordinates, (values - origin) / unit, one coordinate a row, so
        that a step over many points runs along memory.  The only copy that is kept.
    origin, unit : ndarray, shape (d,)
        In the units of the data.
    log_unit : float
        log of the product of the units: what a log-density in inner coordinates is too large.
    row_weights : ndarray, shape (n,), or None

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form; the error names the row.

    Examples
    --------
    >>> points = Points([[1e12 + 1.0], [1e12 + 2.0], [1e12 + 9.0]])
    >>> points.x * points.unit
    array([[-4., -3.,  4.]])
    """

    x: FloatArray
    origin: FloatArray
    unit: FloatArray
    log_unit: float
    row_weights: FloatArray | None

    def __init__(self, values: ArrayLike, *, row_weights: ArrayLike | None = None) -> None:
        values = _validate.view("data", values, 2)
        weights = checked_weights(row_weights, len(values))
        # Rows of weight 0 may lie anywhere, even where their inner coordinates overflow.
        counted = slice(None) if weights is None or weights.all() else weights > 0
        lowest, highest = values[counted].min(axis=0), values[counted].max(axis=0)
        near, far = np.sort(np.abs([lowest, highest]), axis=0)
        centre = (lowest / 2 + highest / 2) * (np.sign(lowest) == np.sign(highest))
        origin = np.where(far / 2 <= near, centre, 0.0)
        reach = np.clip(_exponent(np.maximum(highest - origin, origin - lowest)), -1022, 1022)
        with np.errstate(over="ignore"):
            x = np.subtract(values.T, origin[:, None], out=np.empty(values.shape[::-1]))
            x *= np.ldexp(1.0, -reach)[:, None]
            own = x[:, counted]
            variance = np.einsum("dn,dn->d", own, own) / own.shape[1] - own.mean(axis=1) ** 2
            exponent = np.clip(reach + _exponent(np.sqrt(np.maximum(variance, 0))), -1022, 1023)
            x *= np.ldexp(1.0, reach - exponent)[:, None]
        unit = np.ldexp(1.0, exponent)
        log_unit = float(np.log(unit).sum())
        self._fill(x=x, origin=origin, unit=unit, log_unit=log_unit, row_weights=weights)

    @cached_property
    def distinct(self) -> Points:
        """The same data without the rows of weight 0, in the same coordinates."""
        if self.row_weights is None or self.row_weights.all():
            return self
        counted = self.row_weights > 0
        return self._with(x=self.x[:, counted], row_weights=self.row_weights[counted])

    @classmethod
    def of(cls, data: ArrayLike) -> Points:
        """Return `data` itself if it is `Points`, or make them of it."""
        return data if isinstance(data, Points) else cls(data)

    @property
    def values(self) -> FloatArray:
        """The points as they were given, to the last bit, shape (n, d)."""
        return np.asarray((self.x * self.unit[:, None] + self.origin[:, None]).T)

    @property
    def shape(self) -> tuple[int, int]:
        """(n, d)."""
        d, n = self.x.shape
        return n, d

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.x.shape[1])

    def __getitem__(self, index: Any) -> Any:
        """Index the (n, d) array of the points as they were given."""
        return self.values[index]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Let NumPy functions read the points as the (n, d) array they were given as."""
        if copy is False:
            raise ValueError("Points cannot be read as an array without a copy")
        return self.values if dtype is None else self.values.astype(dtype)

    def __repr__(self) -> str:
        """Show the shape."""
        return f"<Points: {self.shape[0]} rows, {self.shape[1]} columns>"
