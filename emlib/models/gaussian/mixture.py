"""The Gaussian mixture, with full, tied, diagonal or spherical covariances.

Component j has weight alpha_j, mean mu_j and covariance Sigma_j.  With the Cholesky factor
Sigma_j = L_j L_j^T and the whitened residual y_ij = L_j^-1 (x_i - mu_j)::

    log p(x_i, z_i = j) = log alpha_j - (d log 2 pi + |y_ij|^2) / 2 - log det L_j

(Bishop 2006, Pattern Recognition and Machine Learning, chapter 9).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.gaussian.collapse import explain
from emlib.models.gaussian.components import Gaussians, Inner
from emlib.models.gaussian.covariances import TYPES
from emlib.models.gaussian.points import Points
from emlib.models.gaussian.prior import CovariancePrior
from emlib.models.gaussian.whitened import Density, one_pass, sum_log_density, sweep
from emlib.models.mixture import refuse_empty
from emlib.models.model import DegenerateError
from emlib.models.rows import counted, distinct, expected_counts, total_weight
from emlib.models.starts import Seed, chosen_rows

LOG_2PI = float(np.log(2 * np.pi))
CANCELLING = 1e6  # squared jump of a mean, in variances, from which the one-pass sums cancel
SMALLEST = 1e-152  # standard deviation; its square, divided by k, is still a normal number


class GaussianMixture(Gaussians):
    """k Gaussians in d dimensions.

    Parameters
    ----------
    mixing_weights : array_like, shape (k,)
        Probability alpha_j of each component; positive, sum 1.
    means : array_like, shape (k, d)
    covariances : array_like, shape (k, d, d)
        Symmetric and positive definite, in the squared units of the data.  The other types
        have short forms: (d, d) for ``tied``, (k, d) for ``diag``, (k,) for ``spherical``.
    covariance_type : {"full", "tied", "diag", "spherical"}, default "full"
        Each component its own covariance; one for all; axis-parallel; a multiple of the
        identity.
    fit_mixing_weights : bool, default True
        Whether the M-step estimates the mixing weights too, or holds them fixed.
    prior : CovariancePrior, optional
        Turns EM into MAP-EM, which cannot collapse.

    Attributes
    ----------
    mixing_weights, means, covariances : ndarray
        Shapes (k,), (k, d) and, for every type, (k, d, d).
    factors : ndarray, shape (k, d, d) or (k, d)
        What the covariances are made of: see `emlib.models.gaussian.covariances`.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form; the error names it.

    Examples
    --------
    >>> model = GaussianMixture([0.5, 0.5], [[0.0], [4.0]], [[[1.0]], [[1.0]]])
    >>> model.e_step([[2.0], [4.0]]).round(4)
    array([[5.000e-01, 5.000e-01],
           [3.000e-04, 9.997e-01]])
    """

    covariance_type: str
    prior: CovariancePrior | None

    data_type = Points
    view = "gaussians"

    def __init__(
        self,
        mixing_weights: ArrayLike,
        means: ArrayLike,
        covariances: ArrayLike,
        *,
        covariance_type: str = "full",
        fit_mixing_weights: bool = True,
        prior: CovariancePrior | None = None,
    ) -> None:
        _validate.choice("covariance_type", covariance_type, TYPES)
        self._set(mixing_weights, means, covariances, TYPES[covariance_type])
        k, d = self.means.shape
        if not isinstance(prior, CovariancePrior | None):
            raise TypeError(f"prior must be a CovariancePrior, not {prior!r}")
        if prior is not None and prior.covariance.shape != (d, d):
            raise ValueError(
                f"prior must have a covariance of shape (d, d) = ({d}, {d}) to go with means "
                f"of shape ({k}, {d}), not {prior.covariance.shape}"
            )
        self._fill(
            covariance_type=covariance_type,
            fit_mixing_weights=bool(fit_mixing_weights),
            prior=prior,
        )

    @classmethod
    def start_from(
        cls, data: Any, k: int, *, method: str = "k-means++", rng: Seed = None, **options: Any
    ) -> Self:
        """Return a start with k rows for means, equal weights and the spread of the columns.

        The covariances are diagonal: the variances of the columns, divided by k^(2/d) so that
        k clusters fill the same volume; for type ``spherical`` their mean.

        Parameters
        ----------
        data : array_like, shape (n, d), or Points
        k, method, rng, **options
            As in `Mixture.start_from`.

        Raises
        ------
        ValueError
            If k exceeds the number of distinct rows, a column is constant or its variance out
            of floating-point range, or an option is wrong.
        """
        points = distinct(Points.of(data))
        x, weights = points.x.T, points.row_weights
        mean = np.average(x, axis=0, weights=weights)
        variances = np.average((x - mean) ** 2, axis=0, weights=weights)
        if not variances.all():
            column = int(np.argmin(variances))
            raise ValueError(f"column {column} of the data is constant; leave it out")
        deviations = np.sqrt(variances) * points.unit
        odd = np.flatnonzero((deviations < SMALLEST) | (deviations > 1 / SMALLEST))
        if len(odd):
            raise ValueError(
                f"column {odd[0]} of the data has a standard deviation of {deviations[odd[0]]:g}, "
                "whose square is out of floating-point range; change its unit"
            )
        rows = chosen_rows(x / np.sqrt(variances), k, method, rng, weights)
        variances *= points.unit**2 / k ** (2 / x.shape[1])
        covariance_type = options.get("covariance_type", "full")
        _validate.choice("covariance_type", covariance_type, TYPES)
        variances = TYPES[covariance_type].start(variances)
        means = points.origin + x[rows] * points.unit
        covariances = np.broadcast_to(np.diag(variances), (k, len(variances), len(variances)))
        return cls(np.full(k, 1 / k), means, covariances, **options)

    def log_prior(self) -> float:
        """Return the log density of the covariances under the prior, up to a constant."""
        if self.prior is None:
            return 0.0
        return self.prior.log_density(self.kind, self.factors)

    def check_fit(self, data: Points) -> None:
        """Raise a ValueError if there are fewer rows than components."""
        rows = max(len(distinct(data)), total_weight(data))  # a heavy row is many
        if rows < self.k:
            raise ValueError(
                f"data must have at least as many rows as components: {self.k}, not {rows:g}"
            )

    @np.errstate(over="ignore", invalid="ignore")  # a density of 0, found by `bayes`
    def log_joint(self, data: ArrayLike) -> FloatArray:
        """Return log p(x_i, z_i = j; theta), in nats, shape (n, k)."""
        points = self.prepare(data)
        log_joint = np.empty((len(points), self.k))
        for rows, block, _, _ in sweep(points.x, self._density(self._inner(points))):
            log_joint[rows] = block.T
        log_joint -= points.log_unit
        return log_joint

    @np.errstate(over="ignore", under="ignore", invalid="ignore")
    def log_likelihood(self, data: ArrayLike) -> float:
        """Return log p(x; theta) = sum_i log sum_j p(x_i, z_i = j; theta), in nats."""
        points = distinct(self.prepare(data))
        inner = sum_log_density(points.x, points.row_weights, self._density(self._inner(points)))
        return inner - total_weight(points) * float(points.log_unit)

    def _density(self, inner: Inner) -> Density:
        """Return what rows in inner coordinates are weighed by."""
        weights, means, factors = inner
        half = means.shape[1] * LOG_2PI / 2
        log_scale = np.log(weights) - half - self.kind.log_determinants(factors)
        return Density(self.kind, log_scale, means, self.kind.inverse(factors))

    @np.errstate(over="ignore", under="ignore", invalid="ignore")  # the careful way mends it
    def em_step(self, data: ArrayLike) -> tuple[Self, float]:
        """E-step and M-step in one pass over the data, see `emlib.models.gaussian.whitened`.

        Returns what ``m_step(data, e_step(data))`` does, and this model's log-likelihood.
        """
        points = self.prepare(data)
        rows, old = distinct(points), self._inner(points)
        moments = one_pass(rows.x, rows.row_weights, self._density(old))
        log_likelihood = moments.log_likelihood - total_weight(rows) * points.log_unit
        g = moments.shift
        means = old.means + self.kind.times(old.factors, g)
        second, variance = self.kind.centred(moments.second, g)
        if not (g**2 <= CANCELLING * variance).all():
            # The means jump so far that E[y^2] - E[y]^2 cancels: take the careful way once.
            return self.m_step(points, self.e_step(points)), log_likelihood
        model = self._updated(
            points, moments.counts, means, old.factors, second, lambda: self.e_step(points)
        )
        return model, log_likelihood

    @np.errstate(over="ignore", invalid="ignore")  # a covariance that overflows is refused
    def m_step(self, data: ArrayLike, responsibilities: ArrayLike) -> Self:
        """Return the model that maximises Q: weighted shares, means and covariances.

        With N_j = sum_i r_ij: alpha_j = N_j / n, mu_j = sum_i r_ij x_i / N_j and
        Sigma_j = sum_i r_ij (x_i - mu_j)(x_i - mu_j)^T / N_j, with the *new* mu_j.

        A tied covariance is the mean of these Sigma_j weighted by N_j; a diagonal one has
        their diagonal, a spherical one the mean of the diagonal.  With a prior, see
        `CovariancePrior`.

        Parameters
        ----------
        data : array_like, shape (n, d), or Points
        responsibilities : array_like, shape (n, k)

        Raises
        ------
        DegenerateError
            If a component has no data left, or its covariance is singular.
        """
        points = self.prepare(data)
        given = _validate.responsibilities(responsibilities, len(points), self.k)
        rows, r = counted(points, given)
        r = expected_counts(rows, r)
        N = r.sum(axis=0)
        refuse_empty(N)
        means = (rows.x @ r / N).T
        factors = self.kind.whiteners(self._inner(points).factors)
        second = np.empty(factors.shape)
        for j in range(self.k):
            residual = rows.x - means[j, :, None]
            second[j] = self.kind.spread(residual, r[:, j] / N[j], factors[j])
        return self._updated(points, N, means, factors, second, lambda: given)

    def _updated(
        self,
        points: Points,
        counts: FloatArray,
        means: FloatArray,
        factors: FloatArray,
        second: FloatArray,
        responsibilities: Callable[[], FloatArray],
    ) -> Self:
        """Finish an M-step: from the covariances in whitened coordinates to a new model."""
        prior = None
        if self.prior is not None:
            prior = self.prior.strength, self.prior.seen_by(self.kind, factors, points.unit)
        factors = self.kind.update(factors, counts, second, prior)
        collapsed = self.kind.collapsed(means, factors)
        if collapsed.any():
            j = int(np.argmax(collapsed))
            r = responsibilities()[:, j]
            raise DegenerateError(explain(points, j, r, self.kind.axis_parallel))
        return self._moved(points, Inner(self._weights_after(counts), means, factors))
