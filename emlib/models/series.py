"""Series: the data of a hidden Markov model, the posterior of its states, and random walks."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.categorical import CategoricalMixture, Tallies
from emlib.models.mixture import expected_log_joint
from emlib.models.model import Expectation
from emlib.models.rows import row_weights
from emlib.models.value import Value


class Series(Value):
    """The data: one sequence of rows, or several one after the other.

    Parameters
    ----------
    values : array_like
        What the emissions accept: (n, d) for Gaussians; for categories the number of the
        category seen at each time, whole numbers from 0, shape (n,).
    lengths : array_like of whole numbers, optional
        How many rows each sequence has; one sequence by default.

    Attributes
    ----------
    begins : ndarray of int
        The first row of each sequence.

    Raises
    ------
    TypeError, ValueError
        If the lengths are not whole numbers from 1 whose sum is the number of rows.
    """

    values: Any
    begins: np.ndarray
    symbols: np.ndarray | None  # which of the values stands in each row, if not all are apart

    def __init__(self, values: Any, lengths: ArrayLike | None = None) -> None:
        n = len(values)
        parts = _validate.counts("lengths", [max(n, 1)] if lengths is None else lengths)
        if not parts.all():
            raise ValueError(f"lengths must be at least 1, but sequence {np.argmin(parts)} has 0")
        if parts.sum() != max(n, 1):
            raise ValueError(
                f"lengths must sum to the number of rows, {n}, but they sum to {parts.sum():g}"
            )
        begins = np.r_[0, np.cumsum(parts)[:-1]].astype(int)
        self._fill(values=values, begins=begins, symbols=None)

    @classmethod
    def of(cls, data: Any) -> Series:
        """Return `data` itself if it is a `Series`, or one sequence of it."""
        return data if isinstance(data, Series) else cls(np.asarray(data))

    def read_by(self, emissions: Any) -> Series:
        """Return the series with values that these emissions read, or raise an error."""
        values = self.values
        if row_weights(values) is not None and self.symbols is None:
            raise ValueError("data must not have row_weights: in a series every row counts once")
        if isinstance(emissions, CategoricalMixture) and not isinstance(values, Tallies):
            c = emissions.probabilities.shape[1]
            symbols = _validate.counts("data", values).astype(int)
            if symbols.max() >= c:
                row = int(np.argmax(symbols >= c))
                raise ValueError(
                    f"data must be categories from 0 to {c - 1}, but row {row} is {symbols[row]}"
                )
            return self._with(values=Tallies(np.eye(c)), symbols=symbols)
        prepared = emissions.prepare(values)
        return self if prepared is values else self._with(values=prepared)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.values if self.symbols is None else self.symbols)


@dataclass(frozen=True, eq=False)
class ChainExpectation(Expectation):
    """The posterior of the states, which form a chain themselves.

    Attributes
    ----------
    responsibilities : ndarray, shape (n, k)
        p(z_t = j | x).
    first : ndarray, shape (k,)
        Expected number of sequences that begin in each state.
    pairs : ndarray, shape (k, k)
        Expected number of transitions from i to j.
    log_likelihood : float
    """

    responsibilities: FloatArray
    log_likelihood: float
    first: FloatArray
    pairs: FloatArray
    model: Any
    data: Series

    def Q(self, model: Any) -> float:
        """Return E_q[log p(x, z; theta)], in nats."""
        moves = xlogy(self.first, model.start).sum() + xlogy(self.pairs, model.transitions).sum()
        return float(moves) + expected_log_joint(self.responsibilities, model.log_b(self.data).T)


def walk(
    start: FloatArray, transitions: FloatArray, lengths: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Draw the states of sequences of those lengths, one after the other."""
    limits = np.cumsum([start, *transitions], axis=1)
    first, *rows = (limits / limits[:, -1:]).tolist()
    begins = {0, *np.cumsum(lengths).tolist()}
    path: list[int] = []
    for i, chance in enumerate(rng.random(lengths.sum()).tolist()):
        path.append(bisect_right(first if i in begins else rows[path[-1]], chance))
    return np.array(path)
