"""Coins: the mixture of k binomial distributions.

Row i is a series of f_i flips of one coin, h_i of them heads; which coin, z_i, is hidden.
Coin j is chosen with probability alpha_j and shows heads with probability theta_j::

    log p(x_i, z_i = j) = log alpha_j + h_i log theta_j + (f_i - h_i) log(1 - theta_j)

This is the probability of the *series of flips*.  The probability of the *count* h_i has a
further factor, the number of orders C(f_i, h_i); it holds no parameter, so it changes the
log-likelihood by a constant and no estimate (see `Tosses.log_orders`).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, gammaln, logit, xlog1py, xlogy

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.counts import CountMixture
from emlib.models.mixture import refuse_empty
from emlib.models.rows import checked_weights, merge_equal, weighted_sum
from emlib.models.value import Value


class Tosses(Value):
    """The data: how many heads in how many flips, row by row.

    Parameters
    ----------
    heads : array_like of whole numbers, shape (n,)
    flips : whole number or array_like of whole numbers, shape (n,)
        Flips in each row; one number serves all rows.
    row_weights : array_like, shape (n,), optional
        How often each row counts; not negative.  Once by default.

    Raises
    ------
    TypeError, ValueError
        If a count is not a whole number, negative, or there are more heads than flips; the
        error names the row.

    Examples
    --------
    >>> Tosses(heads=[5, 9], flips=10).tails
    array([5., 1.])
    """

    heads: FloatArray
    flips: FloatArray
    row_weights: FloatArray | None

    def __init__(
        self, heads: ArrayLike, flips: ArrayLike, *, row_weights: ArrayLike | None = None
    ) -> None:
        heads = _validate.counts("heads", heads)
        if _validate.rectangular("flips", flips).ndim == 0:
            flips = np.full(len(heads), flips)
        flips = _validate.counts("flips", flips)
        if len(flips) != len(heads):
            raise ValueError(
                f"flips must be one number or one per row of heads: {len(heads)}, not {len(flips)}"
            )
        for wrong, what in ((flips == 0, "has no flips"), (heads > flips, "more heads than flips")):
            rows = np.flatnonzero(wrong)
            if len(rows):
                i = rows[0]
                raise ValueError(f"row {i}: {what} (heads {heads[i]:g}, flips {flips[i]:g})")
        self._fill(heads=heads, flips=flips, row_weights=checked_weights(row_weights, len(heads)))

    @classmethod
    def of(cls, data: Any) -> Tosses:
        """Return `data` if it is a `Tosses`, or raise a TypeError that says how to make one."""
        if not isinstance(data, Tosses):
            raise TypeError(f"data must be Tosses(heads, flips), not {type(data).__name__}")
        return data

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.heads)

    @property
    def tails(self) -> FloatArray:
        """Tails in each row, shape (n,)."""
        return self.flips - self.heads

    @cached_property
    def distinct(self) -> Tosses:
        """The same data with equal rows merged: each distinct (heads, flips) with its weight.

        A million rows of ten flips are at most eleven distinct rows, and EM needs no more.
        """
        first, weights = merge_equal(np.column_stack([self.heads, self.flips]), self.row_weights)
        return Tosses(self.heads[first], self.flips[first], row_weights=weights)

    @property
    def log_orders(self) -> float:
        """Sum over rows of log C(flips, heads), in nats: add it for the probability of counts."""
        log_factorial = gammaln(np.stack([self.flips, self.heads, self.tails]) + 1)
        return weighted_sum(self, log_factorial[0] - log_factorial[1] - log_factorial[2])


class BinomialMixture(CountMixture):
    """k coins of unknown bias: a binomial mixture with parameters theta and mixing weights.

    Parameters
    ----------
    theta : array_like, shape (k,)
        Probability of heads of each coin, from 0 to 1.
    mixing_weights : array_like, shape (k,), optional
        Probability alpha_j that coin j is chosen; positive, sum 1.  Equal by default.
    fit_mixing_weights : bool, default False
        Whether the M-step estimates the mixing weights too, or holds them fixed.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form; the error names it.

    Examples
    --------
    The first E-step of Do and Batzoglou (2008, doi:10.1038/nbt1406):

    >>> start = BinomialMixture([0.6, 0.5])
    >>> start.e_step(Tosses([5, 9, 8, 4, 7], flips=10))[:, 0].round(2)
    array([0.45, 0.8 , 0.73, 0.35, 0.65])
    """

    theta: FloatArray

    data_type = Tosses
    parameter = "theta"
    view = "coins"

    def __init__(
        self,
        theta: ArrayLike,
        mixing_weights: ArrayLike | None = None,
        *,
        fit_mixing_weights: bool = False,
    ) -> None:
        theta = _validate.probabilities("theta", theta)
        self._set(theta, mixing_weights, fit_mixing_weights)

    @staticmethod
    def _seen(rows: Tosses) -> tuple[FloatArray, float]:
        """Return the share of heads in each row, and 1/2."""
        return rows.heads / rows.flips, 0.5

    def log_joint(self, data: Tosses) -> FloatArray:
        """Return log p(x_i, z_i = j; theta), in nats, shape (n, k)."""
        data = self.prepare(data)
        heads, tails = data.heads[:, None], data.tails[:, None]
        # xlogy and xlog1py count 0 log 0 as 0: theta may be 0 or 1.
        log_series = xlogy(heads, self.theta) + xlog1py(tails, -self.theta)
        return np.asarray(np.log(self.mixing_weights) + log_series)

    def _maximised(self, data: Tosses, r: FloatArray) -> FloatArray:
        """Return theta_j = expected heads / expected flips."""
        expected_heads = data.heads @ r
        expected_flips = data.flips @ r
        refuse_empty(expected_flips)
        return np.minimum(expected_heads / expected_flips, 1.0)  # the ratio may round above 1

    def standardised(self) -> FloatArray:
        """Return 2 arcsin sqrt(theta), shape (k, 1): for one flip, its standard error is 1."""
        return np.asarray(2 * np.arcsin(np.sqrt(self.theta))[:, None])

    def _free(self) -> FloatArray:
        return np.asarray(logit(self.theta))

    def _of_free(self, free: FloatArray) -> FloatArray:
        return np.asarray(expit(free))

    def sample(
        self, flips: ArrayLike, rng: np.random.Generator | int | None = None
    ) -> tuple[Tosses, np.ndarray]:
        """Draw one row of tosses for each entry of `flips`.

        Parameters
        ----------
        flips : array_like of whole numbers, shape (n,)
        rng : numpy Generator or seed, optional

        Returns
        -------
        data : Tosses, n rows
        labels : ndarray of int, shape (n,)
            The coin z_i behind each row.
        """
        flips = _validate.counts("flips", flips)
        rng = _validate.generator(rng)
        labels = rng.choice(self.k, size=len(flips), p=self.mixing_weights)
        return Tosses(rng.binomial(flips.astype(int), self.theta[labels]), flips), labels
