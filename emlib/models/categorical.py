"""Tallies: the mixture of k categorical distributions.

Row i tells how often each of c categories was seen, such as the faces of a die or the words of
a text; which die was rolled, z_i, is hidden.  Die j comes with probability alpha_j and shows
face f with probability p_jf::

    log p(x_i, z_i = j) = log alpha_j + sum_f x_if log p_jf

With two categories these are the coins of `emlib.models.binomial`.  As there, it is the
probability of the rolls in their order; that of the tally has a further factor without parameters.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import softmax

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.counts import CountData, CountMixture
from emlib.models.mixture import EMPTY, refuse_empty


class Tallies(CountData):
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

    axes = 2


class TableMixture(CountMixture):
    """Components that are tables: each row of a table is a distribution over c categories.

    The data hold counts of the same shape, (n, c) or (n, rows of a table, c).
    """

    def prepare(self, data: Any) -> Any:
        """Return `data` as counts of the same shape as a table, or raise an error."""
        data, shape = super().prepare(data), self.own.shape[1:]
        if data.counts.shape[1:] != shape:
            raise ValueError(
                f"each row of data must have shape {shape}, as a table has, not "
                f"{data.counts.shape[1:]}"
            )
        return data

    def log_joint(self, data: Any) -> FloatArray:
        """Return log p(x_i, z_i = j; theta), in nats, shape (n, k)."""
        x, p = _rows(self.prepare(data).counts), _rows(self.own)
        never = p == 0
        log_series = x @ np.log(np.where(never, 1, p)).T
        log_series[x @ never.T > 0] = -np.inf
        return np.asarray(np.log(self.mixing_weights) + log_series)

    def _maximised(self, data: Any, r: FloatArray) -> FloatArray:
        """Return the expected counts, each row of a table normalised.

        A row for which nothing was counted stays as it is, for Q does not depend on it.
        """
        seen = np.tensordot(r.T, data.counts, axes=1)
        refuse_empty(_rows(seen).sum(axis=1))
        total = seen.sum(axis=-1, keepdims=True)
        some = total > EMPTY
        return np.where(some, seen / np.where(some, total, 1), self.own)

    @property
    def n_parameters(self) -> int:
        """Number of free parameters: one less for each row of a table, which sums to 1."""
        return int(super().n_parameters - self.own.size // self.own.shape[-1])

    def standardised(self) -> FloatArray:
        """Return 2 sqrt(p), each table as one row: for one draw, its standard error is about 1."""
        return np.asarray(2 * np.sqrt(_rows(self.own)))

    def _free(self) -> FloatArray:
        return np.log(self.own)

    def _of_free(self, free: FloatArray) -> FloatArray:
        return np.asarray(softmax(free, axis=-1))


def _rows(counts: FloatArray) -> FloatArray:
    """Return each table as one row."""
    return counts.reshape(len(counts), -1)


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

    data_type = Tallies
    parameter = "probabilities"

    def __init__(
        self,
        probabilities: ArrayLike,
        mixing_weights: ArrayLike | None = None,
        *,
        fit_mixing_weights: bool = False,
    ) -> None:
        rows = _validate.real_array("probabilities", probabilities, 2)
        rows = _validate.distributions("probabilities", rows, probabilities, "over the categories")
        self._set(rows, mixing_weights, fit_mixing_weights)

    @staticmethod
    def _seen(rows: Tallies) -> tuple[FloatArray, float]:
        """Return the shares of the categories in each row, and equal shares."""
        return rows.counts / rows.counts.sum(axis=1, keepdims=True), 1 / rows.counts.shape[1]

    def draw(self, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Draw from the component that each of the labels names the number of a category."""
        limits = np.cumsum(self.probabilities, axis=1)
        limits /= limits[:, -1:]
        return np.asarray((rng.random(len(labels))[:, None] >= limits[labels]).sum(axis=1))

    def sample(
        self, draws: ArrayLike, rng: np.random.Generator | int | None = None
    ) -> tuple[Tallies, np.ndarray]:
        """Draw a row of so many draws for each entry of `draws`; return tallies and labels z_i."""
        draws = _validate.counts("draws", draws)
        rng = _validate.generator(rng)
        labels = rng.choice(self.k, size=len(draws), p=self.mixing_weights)
        return Tallies(rng.multinomial(draws.astype(int), self.probabilities[labels])), labels
