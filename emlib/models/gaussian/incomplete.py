"""Points of which some entries are missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.rows import checked_weights
from emlib.models.scores import weights_of
from emlib.models.value import Value


@dataclass(frozen=True, eq=False)
class IncompletePoints(Value):
    """n points in d dimensions, some of whose entries are missing.

    Parameters
    ----------
    values : array_like, shape (n, d)
        Real numbers, and NaN where an entry is missing.
    row_weights : array_like, shape (n,), optional
        How often each row counts; not negative.  Once by default.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form, or a row or column is missing altogether; the error
        names it.

    Examples
    --------
    >>> IncompletePoints([[1, 2], [3, float("nan")]]).seen
    array([[ True,  True],
           [ True, False]])
    """

    values: FloatArray
    seen: NDArray[np.bool_]
    row_weights: FloatArray | None

    def __init__(self, values: ArrayLike, *, row_weights: ArrayLike | None = None) -> None:
        array = _validate.rectangular("data", values)
        missing = np.isnan(array) if array.dtype.kind == "f" else np.zeros(array.shape, dtype=bool)
        filled = _validate.real_array(
            "data", np.where(missing, 0, array) if missing.any() else array, 2
        )
        for axis, what in ((1, "row"), (0, "column")):
            empty = np.flatnonzero(missing.all(axis=axis))
            if len(empty):
                raise ValueError(f"{what} {empty[0]} of the data has no entry at all; leave it out")
        weights = checked_weights(row_weights, len(filled))
        self._fill(values=np.where(missing, np.nan, filled), seen=~missing, row_weights=weights)

    @classmethod
    def of(cls, data: Any) -> IncompletePoints:
        """Return `data` itself if it is `IncompletePoints`, or make them of it."""
        return data if isinstance(data, IncompletePoints) else cls(data)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.values)

    @cached_property
    def patterns(self) -> list[tuple[NDArray[np.intp], NDArray[np.intp], int]]:
        """Rows that show the same entries: their numbers, those entries and then the others, |o|.

        One decomposition serves all rows of a pattern.
        """
        kinds, which = np.unique(self.seen, axis=0, return_inverse=True)
        which = which.ravel()
        return [
            (np.flatnonzero(which == p), np.argsort(~seen, kind="stable"), int(seen.sum()))
            for p, seen in enumerate(kinds)
        ]

    @cached_property
    def centre_and_spread(self) -> tuple[FloatArray, FloatArray]:
        """Mean and standard deviation of what is seen of each column, shape (d,) each.

        Raises
        ------
        ValueError
            If a column is constant.
        """
        counts = weights_of(self)[:, None] * self.seen
        filled = np.where(self.seen, self.values, 0)
        mean = (counts * filled).sum(axis=0) / counts.sum(axis=0)
        variance = (counts * (filled - mean) ** 2).sum(axis=0) / counts.sum(axis=0)
        if not variance.all():
            raise ValueError(f"column {np.argmin(variance)} of the data is constant; leave it out")
        return mean, np.sqrt(variance)
