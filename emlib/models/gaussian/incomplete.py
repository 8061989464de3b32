"""Points of which some entries are missing or censored."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.rows import checked_weights, expected_counts
from emlib.models.value import Value


class IncompletePoints(Value):
    """n points in d dimensions, some of whose entries are missing, or known to limits only.

    Parameters
    ----------
    values : array_like, shape (n, d)
        Real numbers, and NaN where an entry is missing or censored.
    lower, upper : array_like, broadcast to shape (n, d), optional
        Where an entry is NaN and a limit is finite, the entry is censored: it lies between the
        limits.  At most one in a row.  By default there are no limits.
    row_weights : array_like, shape (n,), optional
        How often each row counts; not negative.  Once by default.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form, or a row or column is missing altogether; the error
        names it.

    Examples
    --------
    >>> nan = float("nan")
    >>> IncompletePoints([[1, 2], [3, nan]]).seen
    array([[ True,  True],
           [ True, False]])
    >>> IncompletePoints([[1], [nan], [3]], upper=0.5).censored.ravel()
    array([False,  True, False])
    """

    values: FloatArray
    seen: NDArray[np.bool_]
    censored: NDArray[np.bool_]
    limits: FloatArray  # shape (2, n, d)
    row_weights: FloatArray | None

    def __init__(
        self,
        values: ArrayLike,
        *,
        lower: ArrayLike = -np.inf,
        upper: ArrayLike = np.inf,
        row_weights: ArrayLike | None = None,
    ) -> None:
        array = _validate.rectangular("data", values)
        missing = np.isnan(array) if array.dtype.kind == "f" else np.zeros(array.shape, dtype=bool)
        filled = _validate.real_array(
            "data", np.where(missing, 0, array) if missing.any() else array, 2
        )
        limits = np.stack(
            [_limit(*one, filled.shape) for one in (("lower", lower), ("upper", upper))]
        )
        censored = missing & np.isfinite(limits).any(axis=0)
        crossed = np.flatnonzero((censored & ~(limits[0] < limits[1])).any(axis=1))
        if len(crossed):
            raise ValueError(f"lower must be below upper, but is not in row {crossed[0]}")
        several = np.flatnonzero(censored.sum(axis=1) > 1)
        if len(several):
            raise ValueError(
                f"row {several[0]} of the data has several censored entries; one is possible: "
                "leave out the limits of the others, or the row"
            )
        for axis, what, empty in (
            (1, "row", missing & ~censored),
            (0, "column", missing),
        ):
            bad = np.flatnonzero(empty.all(axis=axis))
            if len(bad):
                raise ValueError(f"{what} {bad[0]} of the data has no entry at all; leave it out")
        weights = checked_weights(row_weights, len(filled))
        self._fill(
            values=np.where(missing, np.nan, filled),
            seen=~missing,
            censored=censored,
            limits=limits,
            row_weights=weights,
        )

    @classmethod
    def of(cls, data: Any) -> IncompletePoints:
        """Return `data` itself if it is `IncompletePoints`, or make them of it."""
        return data if isinstance(data, IncompletePoints) else cls(data)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.values)

    @property
    def shape(self) -> tuple[int, ...]:
        """(n, d)."""
        return self.values.shape

    @property
    def origin(self) -> FloatArray:
        """The means of the columns."""
        return self.centre_and_spread[0]

    @property
    def unit(self) -> FloatArray:
        """The standard deviations of the columns."""
        return self.centre_and_spread[1]

    @cached_property
    def patterns(self) -> list[tuple[NDArray[np.intp], NDArray[np.intp], int, bool]]:
        """Rows that show the same entries: row numbers, columns in order, how many, censored.

        In that order those come first that are seen (*how many*), then a censored one, if one is.
        One decomposition serves all rows of a pattern.
        """
        ranks = np.where(self.seen, 0, np.where(self.censored, 1, 2))
        kinds, which = np.unique(ranks, axis=0, return_inverse=True)
        which = which.ravel()
        return [
            (
                np.flatnonzero(which == p),
                np.argsort(kind, kind="stable"),
                int((kind == 0).sum()),
                bool((kind == 1).any()),
            )
            for p, kind in enumerate(kinds)
        ]

    @cached_property
    def centre_and_spread(self) -> tuple[FloatArray, FloatArray]:
        """Mean and standard deviation of what is seen of each column, shape (d,) each.

        Raises
        ------
        ValueError
            If a column is constant.
        """
        counts = expected_counts(self, self.seen.astype(float))
        filled = np.where(self.seen, self.values, 0)
        mean = (counts * filled).sum(axis=0) / counts.sum(axis=0)
        variance = (counts * (filled - mean) ** 2).sum(axis=0) / counts.sum(axis=0)
        if not variance.all():
            raise ValueError(f"column {np.argmin(variance)} of the data is constant; leave it out")
        return mean, np.sqrt(variance)


def _limit(name: str, value: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Return limits, which may be infinite, in the shape of the data."""
    array = _validate.rectangular(name, value)
    if array.dtype.kind not in "iuf" or np.isnan(array).any():
        raise ValueError(f"{name} must hold real numbers; say {np.inf} where there is no limit")
    try:
        return np.array(np.broadcast_to(array.astype(float), shape))
    except ValueError:
        raise ValueError(
            f"{name} must be one number, or fit data of shape {shape}, but its shape is "
            f"{array.shape}"
        ) from None
