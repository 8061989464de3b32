"""What the models of counts share: coins, Poisson counts, tallies and annotators."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.mixture import Mixture
from emlib.models.rows import checked_weights, expected_counts, merge_equal
from emlib.models.starts import Seed, chosen_rows
from emlib.models.value import Value


class CountData(Value):
    """Counts that may be given as an array, with a weight for each row.

    A row of one count may be 0; of several, something must have been counted.
    """

    counts: FloatArray
    row_weights: FloatArray | None
    axes: ClassVar[int]  # of the array

    def __init__(self, counts: ArrayLike, *, row_weights: ArrayLike | None = None) -> None:
        counts = _validate.counts("counts", counts, self.axes)
        nothing = np.flatnonzero(~counts.reshape(len(counts), -1).any(axis=1))
        if self.axes > 1 and len(nothing):
            raise ValueError(f"counts must have something in every row, but row {nothing[0]} is 0")
        self._fill(counts=counts, row_weights=checked_weights(row_weights, len(counts)))

    @classmethod
    def of(cls, data: Any) -> Self:
        """Return `data` itself if it is of this kind, or make it so."""
        return data if isinstance(data, cls) else cls(data)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.counts)

    @cached_property
    def distinct(self) -> Self:
        """The same data with equal rows merged."""
        first, weights = merge_equal(self.counts.reshape(len(self), -1), self.row_weights)
        return type(self)(self.counts[first], row_weights=weights)


class CountMixture(Mixture):
    """A mixture with one parameter, an array, and mixing weights.

    A subclass names that parameter, says what EM makes of it (`_maximised`), and in which
    coordinates every value of it is legal (`_free` and `_of_free`).
    """

    parameter: ClassVar[str]  # its name

    @property
    def own(self) -> FloatArray:
        """The value of that parameter, the components along the first axis."""
        value: FloatArray = getattr(self, self.parameter)
        return value

    def _set(self, own: FloatArray, mixing_weights: ArrayLike | None, fit: bool) -> None:
        """Fill a new model."""
        weights = _validate.mixing_weights("mixing_weights", mixing_weights, len(own))
        values = {self.parameter: own, "mixing_weights": weights}
        self._fill(**values, fit_mixing_weights=bool(fit))

    @classmethod
    def start_from(
        cls, data: Any, k: int, *, method: str = "k-means++", rng: Seed = None, **options: Any
    ) -> Self:
        """Return a start with what k rows show, drawn halfway towards the middle.

        The middle is 1/2 for coins, the mean for counts, and equal shares for categories; for
        the arguments see `Mixture.start_from`.
        """
        rows = cls.data_type.of(data).distinct
        values, middle = cls._seen(rows)
        chosen = chosen_rows(values.reshape(len(rows), -1), k, method, rng, rows.row_weights)
        made: Any = cls
        start: Self = made((values[chosen] + middle) / 2, **options)
        return start

    @staticmethod
    def _seen(rows: Any) -> tuple[FloatArray, float]:
        """Return what each row shows of the parameter, and the middle of it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Show the parameters to four digits."""
        shown = (f"{n}={np.array2string(v, precision=4)}" for n, v in self.parameters().items())
        return f"{type(self).__name__}({', '.join(shown)})"

    def parameters(self) -> dict[str, FloatArray]:
        """Return the parameter by its name and mixing_weights (k,), read-only."""
        return {self.parameter: self.own, "mixing_weights": self.mixing_weights}

    @property
    def n_parameters(self) -> int:
        """Number of free parameters, the mixing weights among them if they are fitted."""
        return int(self.own.size + (self.k - 1) * self.fit_mixing_weights)

    def m_step(self, data: Any, responsibilities: ArrayLike) -> Self:
        """Return the model that maximises Q.

        Parameters
        ----------
        data : object, n rows
        responsibilities : array_like, shape (n, k)

        Raises
        ------
        DegenerateError
            If a component is empty.
        """
        data = self.prepare(data)
        r = expected_counts(data, _validate.responsibilities(responsibilities, len(data), self.k))
        own, weights = self._maximised(data, r), self._weights_after(r.sum(axis=0))
        return self._with(**{self.parameter: own}, mixing_weights=weights)

    @abstractmethod
    def _maximised(self, data: Any, r: FloatArray) -> FloatArray:
        """Return the parameter that maximises Q; row i counts for component j r_ij times."""

    @abstractmethod
    def _free(self) -> FloatArray:
        """Return the parameter in coordinates that are all legal, of the same shape."""

    @abstractmethod
    def _of_free(self, free: FloatArray) -> FloatArray:
        """Return the parameter whose `_free` that is."""

    def coordinates(self, data: Any) -> FloatArray:
        """Return the parameter in coordinates that are all legal, then log alpha if it is fitted.

        They are logit theta for coins, and the logarithms of rates and of tables.
        """
        with np.errstate(divide="ignore"):
            return np.concatenate([self._free().ravel(), self._weight_coordinates()])

    def at_coordinates(self, data: Any, vector: FloatArray) -> Self:
        """Return the model whose `coordinates` are `vector`."""
        own, logs = np.split(vector, [self.own.size])
        with np.errstate(over="ignore"):
            own = self._of_free(own.reshape(self.own.shape))
        made: Any = type(self)
        model: Self = made(own, self._weights_at(logs), fit_mixing_weights=self.fit_mixing_weights)
        return model
