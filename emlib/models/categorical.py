"""Tallies: the mixture of k categorical distributions.

Row i tells how often each of c categories was seen, such as the faces of a die or the words of
a text; which die was rolled, z_i, is hidden.  Die j comes with probability alpha_j and shows
face f with probability p_jf::

    log p(x_i, z_i = j) = log alpha_j + sum_f x_if log p_jf

With two categories these are the coins of `emlib.models.binomial`.  As there, it is the
probability of the rolls in their order; that of the tally has a further factor without parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import softmax

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.mixture import EMPTY, Mixture, refuse_empty
from emlib.models.rows import checked_weights, expected_counts, merge_equal
from emlib.models.starts import Seed, chosen_rows
from emlib.models.value import Value


@dataclass(frozen=True, eq=False)
class Tallies(Value):
    """The data: how often each category was seen, row by row.

    Parameters
    ----------
    counts : array_like of whole numbers, shape (n, c)
    row_weights : array_like, shape (n,), optional
        How often each row counts; not negative.  Once by default.

    Raises
    ------
    TypeError, ValueError
        If a count is not a whole number from 0, or a row is all zeros; the error names the row.
    """

    counts: FloatArray
    row_weights: FloatArray | None

    def __init__(self, counts: ArrayLike, *, row_weights: ArrayLike | None = None) -> None:
        counts = _validate.counts("counts", counts, 2)
        nothing = np.flatnonzero(~counts.any(axis=1))
        if len(nothing):
            raise ValueError(f"counts must have something in every row, but row {nothing[0]} is 0")
        self._fill(counts=counts, row_weights=checked_weights(row_weights, len(counts)))

    @classmethod
    def of(cls, data: Any) -> Tallies:
        """Return `data` itself if it is `Tallies`, or make them of it."""
        return data if isinstance(data, Tallies) else cls(data)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.counts)

    @cached_property
    def distinct(self) -> Tallies:
        """The same data with equal rows merged."""
        first, weights = merge_equal(self.counts, self.row_weights)
        return Tallies(self.counts[first], row_weights=weights)


class TableMixture(Mixture):
    """Components that are tables: each row of a table is a distribution over c categories.

    The data hold counts of the same shape, (n, c) or (n, rows of a table, c).  A subclass names
    the parameter that holds the tables, shape (k, ..., c), and makes them.
    """

    tables: ClassVar[str]
    fit_mixing_weights: bool

    def parameters(self) -> dict[str, FloatArray]:
        """Return the tables and mixing_weights (k,), read-only."""
        return {self.tables: getattr(self, self.tables), "mixing_weights": self.mixing_weights}

    @property
    def _p(self) -> FloatArray:
        """The tables, each as one row."""
        return np.asarray(getattr(self, self.tables).reshape(self.k, -1))

    def log_joint(self, data: Any) -> FloatArray:
        """Return log p(x_i, z_i = j; theta), in nats, shape (n, k)."""
        x, p = _rows(self.prepare(data).counts), self._p
        never = p == 0
        log_series = x @ np.log(np.where(never, 1, p)).T
        log_series[x @ never.T > 0] = -np.inf
        return np.asarray(np.log(self.mixing_weights) + log_series)

    def m_step(self, data: Any, responsibilities: ArrayLike) -> Self:
        """Return the model that maximises Q: expected counts, each row of a table normalised.

        A row for which nothing was counted stays as it is, for Q does not depend on it.

        Raises
        ------
        DegenerateError
            If a component is empty.
        """
        data = self.prepare(data)
        r = expected_counts(data, _validate.responsibilities(responsibilities, len(data), self.k))
        N, seen = r.sum(axis=0), np.tensordot(r.T, data.counts, axes=1)
        refuse_empty(_rows(seen).sum(axis=1))
        total = seen.sum(axis=-1, keepdims=True)
        some = total > EMPTY
        old = getattr(self, self.tables)
        weights = N / N.sum() if self.fit_mixing_weights else self.mixing_weights
        p = np.where(some, seen / np.where(some, total, 1), old)
        return self._with(**{self.tables: p}, mixing_weights=weights)

    @property
    def n_parameters(self) -> int:
        """Number of free parameters: c - 1 a row, and k - 1 mixing weights if they are fitted."""
        p = getattr(self, self.tables)
        return int(p.size - p.size // p.shape[-1] + (self.k - 1) * self.fit_mixing_weights)

    def standardised(self) -> FloatArray:
        """Return 2 sqrt(p), each table as one row: for one draw, its standard error is about 1."""
        return np.asarray(2 * np.sqrt(self._p))

    def coordinates(self, data: Any) -> FloatArray:
        """Return log p row by row, then log alpha if it is fitted, shape (k,)."""
        fitted = self.mixing_weights[: self.k if self.fit_mixing_weights else 0]
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(np.concatenate([self._p.ravel(), fitted])))

    def at_coordinates(self, data: Any, vector: FloatArray) -> Self:
        """Return the model whose `coordinates` are `vector`."""
        p = getattr(self, self.tables)
        made: Any = type(self)
        return made(  # type: ignore[no-any-return]
            softmax(vector[: p.size].reshape(p.shape), axis=-1),
            softmax(vector[p.size :]) if self.fit_mixing_weights else self.mixing_weights,
            fit_mixing_weights=self.fit_mixing_weights,
        )


def _rows(counts: FloatArray) -> FloatArray:
    """Return each table of counts as one row."""
    return counts.reshape(len(counts), -1)


@dataclass(frozen=True, eq=False)
class CategoricalMixture(TableMixture):
    """k categorical distributions over the same c categories.

    Parameters
    ----------
    probabilities : array_like, shape (k, c)
        Probability p_jf of each category under each component; rows sum to 1.
    mixing_weights : array_like, shape (k,), optional
        Probability alpha_j of each component; positive, sum 1.  Equal by default.
    fit_mixing_weights : bool, default False
        Whether the M-step estimates the mixing weights too, or holds them fixed.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form; the error names it.

    Examples
    --------
    >>> dice = CategoricalMixture([[0.2, 0.2, 0.6], [0.4, 0.4, 0.2]])
    >>> dice.e_step(Tallies([[1, 1, 4], [2, 3, 1]])).round(3)
    array([[0.953, 0.047],
           [0.086, 0.914]])
    """

    probabilities: FloatArray
    mixing_weights: FloatArray
    fit_mixing_weights: bool

    data_type = Tallies
    tables = "probabilities"

    def __init__(
        self,
        probabilities: ArrayLike,
        mixing_weights: ArrayLike | None = None,
        *,
        fit_mixing_weights: bool = False,
    ) -> None:
        rows = _validate.real_array("probabilities", probabilities, 2)
        rows = _validate.distributions("probabilities", rows, probabilities, "over the categories")
        mixing_weights = _validate.mixing_weights("mixing_weights", mixing_weights, len(rows))
        self._fill(
            probabilities=rows,
            mixing_weights=mixing_weights,
            fit_mixing_weights=bool(fit_mixing_weights),
        )

    def __repr__(self) -> str:
        """Show the parameters to four digits."""
        own, weights = (np.array2string(a, precision=4) for a in self.parameters().values())
        return f"CategoricalMixture(probabilities={own}, mixing_weights={weights})"

    @classmethod
    def start_from(
        cls, data: Any, k: int, *, method: str = "k-means++", rng: Seed = None, **options: Any
    ) -> Self:
        """Return a start with the shares of categories in k rows, drawn halfway towards equal."""
        rows = Tallies.of(data).distinct
        shares = rows.counts / rows.counts.sum(axis=1, keepdims=True)
        chosen = chosen_rows(shares, k, method, rng, rows.row_weights)
        return cls((shares[chosen] + 1 / shares.shape[1]) / 2, **options)

    def prepare(self, data: Any) -> Tallies:
        """Return `data` as `Tallies` of as many categories, or raise an error."""
        tallies = Tallies.of(data)
        c = self.probabilities.shape[1]
        if tallies.counts.shape[1] != c:
            raise ValueError(
                f"data must have {c} columns, one per category, not {tallies.counts.shape[1]}"
            )
        return tallies

    def sample(
        self, draws: ArrayLike, rng: np.random.Generator | int | None = None
    ) -> tuple[Tallies, np.ndarray]:
        """Draw a row of so many draws for each entry of `draws`; return tallies and labels z_i."""
        draws = _validate.counts("draws", draws)
        rng = _validate.generator(rng)
        labels = rng.choice(self.k, size=len(draws), p=self.mixing_weights)
        return Tallies(rng.multinomial(draws.astype(int), self.probabilities[labels])), labels
