"""Gaussian components when entries of the rows are missing, marked by NaN.

Row i shows the entries o and hides the rest, m; its label z_i is hidden too.  What is seen has
the density of the seen coordinates alone, and what is not seen has a normal distribution given
what is (Little and Rubin 2019, Statistical Analysis with Missing Data, doi:10.1002/9781119482260,
chapter 11)::

    e_m = E[x_m | x_o] - mu_m = Sigma_mo Sigma_oo^-1 (x_o - mu_o)
    C = Var[x_m | x_o] = Sigma_mm - Sigma_mo Sigma_oo^-1 Sigma_om

So the M-step is that of complete rows, filled in with E[x_m | x_o], plus the mean of C in the
covariance.  All this assumes that an entry is missing for reasons that have nothing to do with
its own value, once the rest of the row is known.

A censored entry, known to lie between limits, has a truncated normal distribution: see
`emlib.models.gaussian.conditional`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.gaussian.components import Gaussians
from emlib.models.gaussian.conditional import LOG_2PI, parts
from emlib.models.gaussian.covariances import TYPES
from emlib.models.gaussian.incomplete import IncompletePoints
from emlib.models.mixture import refuse_empty
from emlib.models.model import DegenerateError, Expectation
from emlib.models.rows import expected_counts
from emlib.models.starts import Seed, chosen_rows

FULL = TYPES["full"]


@dataclass(frozen=True, eq=False)
class EntryExpectation(Expectation):
    """The distribution of the labels and of the hidden entries."""

    responsibilities: FloatArray
    log_likelihood: float
    model: IncompleteGaussianMixture
    data: IncompletePoints

    def Q(self, model: IncompleteGaussianMixture) -> float:
        """Return E_q[log p(x, z; theta)], x with all its entries, in nats."""
        counts = expected_counts(self.data, self.responsibilities)
        inverse = FULL.inverse(model.factors)
        log_scale = np.log(model.mixing_weights) - FULL.log_determinants(model.factors)
        total = 0.0
        for part in parts(self.data, self.model.means, self.model.factors):
            r = counts[part.rows].T
            y = inverse @ (part.residual + (self.model.means - model.means)[:, :, None])
            log_joint = log_scale[:, None] - ((y**2).sum(axis=1) + y.shape[1] * LOG_2PI) / 2
            spread = np.einsum("kde,kef,kdf->", inverse, part.variance(r), inverse)
            total += (r * log_joint).sum() - spread / 2
        return float(total)


class IncompleteGaussianMixture(Gaussians):
    """k Gaussians in d dimensions for rows with missing entries (NaN), or censored ones.

    With one component it is the multivariate normal distribution.

    Parameters
    ----------
    mixing_weights : array_like, shape (k,)
        Probability alpha_j of each component; positive, sum 1.
    means : array_like, shape (k, d)
    covariances : array_like, shape (k, d, d)
        Symmetric and positive definite.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form; the error names it.

    Examples
    --------
    >>> from emlib import run_em
    >>> rows = [[1, 2], [2, 3], [3, 5], [4, float("nan")]]
    >>> run = run_em(IncompleteGaussianMixture.start_from(rows, 1), rows)
    >>> run.model.means.round(3)
    array([[2.5  , 4.083]])
    >>> run.model.imputed(rows)[3].round(3)
    array([4.   , 6.333])
    """

    data_type = IncompletePoints
    fit_mixing_weights = True

    def __init__(self, mixing_weights: ArrayLike, means: ArrayLike, covariances: ArrayLike) -> None:
        self._set(mixing_weights, means, covariances, FULL)

    @classmethod
    def start_from(
        cls, data: Any, k: int, *, method: str = "k-means++", rng: Seed = None, **options: Any
    ) -> Self:
        """Return a start with k rows for means, filled in with column means, and equal weights.

        The covariances are diagonal: the variances of what is seen, divided by k^(2/d).  One
        component starts at the column means.
        """
        points = IncompletePoints.of(data)
        mean, spread = points.centre_and_spread
        filled = np.where(points.seen, (points.values - mean) / spread, 0)
        chosen = filled[chosen_rows(filled, k, method, rng, points.row_weights)]
        means = mean + spread * (chosen if k > 1 else 0 * chosen)
        covariance = np.diag(spread**2 / k ** (2 / len(mean)))
        return cls(np.full(k, 1 / k), means, np.broadcast_to(covariance, (k, *covariance.shape)))

    def check_fit(self, data: IncompletePoints) -> None:
        """Raise a ValueError if there are fewer rows than components, or a column is constant."""
        if len(data) < self.k:
            raise ValueError(f"data must have at least {self.k} rows, one per component")
        _ = data.centre_and_spread

    @np.errstate(over="ignore", invalid="ignore")  # a density of 0, found by `bayes`
    def log_joint(self, data: Any) -> FloatArray:
        """Return log p(x_i, z_i = j; theta) of what is seen, in nats, shape (n, k)."""
        points = self.prepare(data)
        log_joint = np.empty((len(points), self.k))
        for part in parts(points, self.means, self.factors):
            log_joint[part.rows] = part.log_density.T
        return log_joint + np.log(self.mixing_weights)

    def expectation(self, data: Any) -> EntryExpectation:
        """Return the E-step: the posterior of the labels and of the hidden entries.

        Raises
        ------
        DegenerateError
            If some row has probability 0 under every component.
        """
        data = self.prepare(data)
        labels = super().expectation(data)
        return EntryExpectation(labels.responsibilities, labels.log_likelihood, self, data)

    def m_step(self, data: Any, responsibilities: ArrayLike) -> Self:
        """Return the next model: missing entries have their distribution under *this* model.

        Raises
        ------
        DegenerateError
            If a component is empty, or its covariance is singular.
        """
        points = self.prepare(data)
        given = _validate.responsibilities(responsibilities, len(points), self.k)
        r = expected_counts(points, given).T
        N = r.sum(axis=1)
        refuse_empty(N)
        residual, second = np.empty((*self.means.shape, len(points))), np.zeros_like(self.factors)
        for part in parts(points, self.means, self.factors):
            residual[:, :, part.rows] = part.residual
            second += part.variance(r[:, part.rows])
        shift = (residual @ r[:, :, None])[:, :, 0] / N[:, None]
        residual -= shift[:, :, None]
        second += (residual * r[:, None, :]) @ residual.transpose(0, 2, 1)
        means = self.means + shift
        identity = np.broadcast_to(np.eye(means.shape[1]), second.shape)
        factors = FULL.update(identity, N, second / N[:, None, None])
        singular = np.flatnonzero(FULL.collapsed(means, factors))
        if len(singular):
            raise DegenerateError(
                f"the covariance of component {singular[0]} is singular: too few rows belong to "
                "it, or too few show two columns together; use fewer components, another start "
                "or fewer columns"
            )
        return self._with(
            mixing_weights=N / N.sum(), means=means, means_tail=0 * means, factors=factors
        )

    def moments(self, data: Any) -> tuple[FloatArray, FloatArray]:
        """Return E[x | x_o] and E[x x^T | x_o] of each row, shapes (n, d) and (n, d, d)."""
        points = self.prepare(data)
        r = self.e_step(points)
        n, d = points.shape
        first, second = np.empty((n, d)), np.empty((n, d, d))
        for part in parts(points, self.means, self.factors):
            x, r_part = part.residual + self.means[:, :, None], r[part.rows]
            first[part.rows] = np.einsum("bk,kdb->bd", r_part, x)
            second[part.rows] = np.einsum("bk,kdb,keb->bde", r_part, x, x)
            second[part.rows] += np.einsum("bk,kde->bde", r_part, part.spread)
            second[part.rows] += np.einsum("bk,kb,kde->bde", r_part, part.share, part.along)
        return np.where(points.seen, points.values, first), second

    def imputed(self, data: Any) -> FloatArray:
        """Return the rows with E[x_m | x_o] for the missing entries, shape (n, d)."""
        return self.moments(data)[0]
