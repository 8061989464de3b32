"""Counts: the mixture of k Poisson distributions.

Row i is a count x_i, such as the calls in an hour; its kind of hour, z_i, is hidden.  Kind j
comes with probability alpha_j and has lambda_j calls on average::

    log p(x_i, z_i = j) = log alpha_j + x_i log lambda_j - lambda_j - log x_i!
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, softmax, xlogy

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.mixture import Mixture, refuse_empty
from emlib.models.rows import checked_weights, expected_counts, merge_equal
from emlib.models.starts import Seed, chosen_rows
from emlib.models.value import Value


@dataclass(frozen=True, eq=False)
class Counts(Value):
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

    counts: FloatArray
    row_weights: FloatArray | None

    def __init__(self, counts: ArrayLike, *, row_weights: ArrayLike | None = None) -> None:
        counts = _validate.counts("counts", counts)
        self._fill(counts=counts, row_weights=checked_weights(row_weights, len(counts)))

    @classmethod
    def of(cls, data: Any) -> Counts:
        """Return `data` itself if it is `Counts`, or make them of it."""
        return data if isinstance(data, Counts) else cls(data)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.counts)

    @cached_property
    def distinct(self) -> Counts:
        """The same data with equal rows merged."""
        first, weights = merge_equal(self.counts[:, None], self.row_weights)
        return Counts(self.counts[first], row_weights=weights)


@dataclass(frozen=True, eq=False)
class PoissonMixture(Mixture):
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
    mixing_weights: FloatArray
    fit_mixing_weights: bool

    data_type = Counts

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
        mixing_weights = _validate.mixing_weights("mixing_weights", mixing_weights, len(rates))
        self._fill(
            rates=rates,
            mixing_weights=mixing_weights,
            fit_mixing_weights=bool(fit_mixing_weights),
        )

    def __repr__(self) -> str:
        """Show the parameters to four digits."""
        rates, weights = (np.array2string(a, precision=4) for a in self.parameters().values())
        return f"PoissonMixture(rates={rates}, mixing_weights={weights})"

    @classmethod
    def start_from(
        cls, data: Any, k: int, *, method: str = "k-means++", rng: Seed = None, **options: Any
    ) -> Self:
        """Return a start with k counts for rates, drawn halfway towards the mean count."""
        rows = Counts.of(data).distinct
        chosen = chosen_rows(rows.counts[:, None], k, method, rng, rows.row_weights)
        mean = np.average(rows.counts, weights=rows.row_weights)
        return cls((rows.counts[chosen] + mean) / 2, **options)

    def parameters(self) -> dict[str, FloatArray]:
        """Return rates and mixing_weights, shape (k,) each, read-only."""
        return {"rates": self.rates, "mixing_weights": self.mixing_weights}

    def log_joint(self, data: Any) -> FloatArray:
        """Return log p(x_i, z_i = j; theta), in nats, shape (n, k)."""
        x = self.prepare(data).counts[:, None]
        log_density = xlogy(x, self.rates) - self.rates - gammaln(x + 1)
        return np.asarray(np.log(self.mixing_weights) + log_density)

    def m_step(self, data: Any, responsibilities: ArrayLike) -> Self:
        """Return the model that maximises Q: lambda_j = sum_i r_ij x_i / sum_i r_ij.

        Raises
        ------
        DegenerateError
            If a component is empty.
        """
        data = self.prepare(data)
        r = expected_counts(data, _validate.responsibilities(responsibilities, len(data), self.k))
        N = r.sum(axis=0)
        refuse_empty(N)
        weights = N / N.sum() if self.fit_mixing_weights else self.mixing_weights
        return self._with(rates=data.counts @ r / N, mixing_weights=weights)

    @property
    def n_parameters(self) -> int:
        """Number of free parameters: k, and k - 1 mixing weights if they are fitted."""
        return self.k + (self.k - 1) * self.fit_mixing_weights

    def standardised(self) -> FloatArray:
        """Return 2 sqrt(lambda), shape (k, 1): for one count, its standard error is about 1."""
        return np.asarray(2 * np.sqrt(self.rates)[:, None])

    def coordinates(self, data: Any) -> FloatArray:
        """Return log lambda, shape (k,), then log alpha if it is fitted, shape (k,)."""
        fitted = self.mixing_weights[: self.k if self.fit_mixing_weights else 0]
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(np.concatenate([self.rates, fitted])))

    def at_coordinates(self, data: Any, vector: FloatArray) -> Self:
        """Return the model whose `coordinates` are `vector`."""
        weights = softmax(vector[self.k :]) if self.fit_mixing_weights else self.mixing_weights
        with np.errstate(over="ignore"):
            rates = np.exp(vector[: self.k])
        return type(self)(rates, weights, fit_mixing_weights=self.fit_mixing_weights)

    def sample(
        self, n: int, rng: np.random.Generator | int | None = None
    ) -> tuple[Counts, np.ndarray]:
        """Draw `n` counts; return them and the component z_i behind each, shape (n,)."""
        n = _validate.positive_integer("n", n)
        rng = _validate.generator(rng)
        labels = rng.choice(self.k, size=n, p=self.mixing_weights)
        return Counts(rng.poisson(self.rates[labels])), labels
