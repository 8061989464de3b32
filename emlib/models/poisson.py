"""Counts: the mixture of k Poisson distributions.

Row i is a count x_i, such as the calls in an hour; its kind of hour, z_i, is hidden.  Kind j
comes with probability alpha_j and has lambda_j calls on average::

    log p(x_i, z_i = j) = log alpha_j + x_i log lambda_j - lambda_j - log x_i!
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, xlogy

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.counts import CountData, CountMixture
from emlib.models.mixture import refuse_empty


class Counts(CountData):
    """The data: one count a row.

    Parameters
    ----------
    counts : array_like of whole numbers, shape (n,)
    row_weights : array_like, shape (n,), optional
        How often each row counts; not negative.  Once by default.

    Raises
    ------
    TypeError, ValueError
        If a count is not a whole number from 0; the error names the row.
    """

    axes = 1


class PoissonMixture(CountMixture):
    """k Poisson distributions with parameters lambda and mixing weights.

    Parameters
    ----------
    rates : array_like, shape (k,)
        Mean lambda_j of each component; not negative.
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
    >>> from emlib import run_em
    >>> data = Counts([0, 1, 1, 2, 7, 9, 8, 0, 1, 10])
    >>> run = run_em(PoissonMixture([1, 5], fit_mixing_weights=True), data)
    >>> run.model.rates.round(2)
    array([0.83, 8.42])
    """

    rates: FloatArray

    data_type = Counts
    parameter = "rates"

    def __init__(
        self,
        rates: ArrayLike,
        mixing_weights: ArrayLike | None = None,
        *,
        fit_mixing_weights: bool = False,
    ) -> None:
        rates = _validate.real_array("rates", rates, 1)
        if (rates < 0).any():
            j = int(np.argmax(rates < 0))
            raise ValueError(f"rates must not be negative, but component {j} has {rates[j]:g}")
        self._set(rates, mixing_weights, fit_mixing_weights)

    @staticmethod
    def _seen(rows: Counts) -> tuple[FloatArray, float]:
        """Return the counts, and their mean."""
        return rows.counts, float(np.average(rows.counts, weights=rows.row_weights))

    def log_joint(self, data: Any) -> FloatArray:
        """Return log p(x_i, z_i = j; theta), in nats, shape (n, k)."""
        x = self.prepare(data).counts[:, None]
        log_density = xlogy(x, self.rates) - self.rates - gammaln(x + 1)
        return np.asarray(np.log(self.mixing_weights) + log_density)

    def _maximised(self, data: Counts, r: FloatArray) -> FloatArray:
        """Return lambda_j = sum_i r_ij x_i / sum_i r_ij."""
        N = r.sum(axis=0)
        refuse_empty(N)
        return np.asarray(data.counts @ r / N)

    def standardised(self) -> FloatArray:
        """Return 2 sqrt(lambda), shape (k, 1): for one count, its standard error is about 1."""
        return np.asarray(2 * np.sqrt(self.rates)[:, None])

    def _free(self) -> FloatArray:
        return np.log(self.rates)

    def _of_free(self, free: FloatArray) -> FloatArray:
        return np.exp(free)

    def draw(self, labels: np.ndarray, rng: np.random.Generator) -> Counts:
        """Draw a count of the component that each of the labels names."""
        return Counts(rng.poisson(self.rates[labels]))
