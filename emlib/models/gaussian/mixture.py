"""The Gaussian mixture, with full, tied, diagonal or spherical covariances.

Component j has weight alpha_j, mean mu_j and covariance Sigma_j.  With the Cholesky factor
Sigma_j = L_j L_j^T and the whitened residual y_ij = L_j^-1 (x_i - mu_j)::

    log p(x_i, z_i = j) = log alpha_j - (d log 2 pi + |y_ij|^2) / 2 - log det L_j

(Bishop 2006, Pattern Recognition and Machine Learning, chapter 9).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.gaussian import covariances as cov
from emlib.models.gaussian.collapse import explain
from emlib.models.gaussian.coordinates import Inner, from_vector, to_vector
from emlib.models.gaussian.covariances import CovariancePrior
from emlib.models.gaussian.points import Points
from emlib.models.gaussian.whitened import one_pass, sum_log_density, sweep
from emlib.models.mixture import Mixture, refuse_empty
from emlib.models.model import DegenerateError
from emlib.models.rows import counted, distinct, expected_counts, total_weight

LOG_2PI = float(np.log(2 * np.pi))
CANCELLING = 1e6  # squared jump of a mean, in variances, from which the one-pass sums cancel
PARAMETERS = ("mixing_weights", "means", "covariances")


@dataclass(frozen=True, eq=False)
class GaussianMixture(Mixture):
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
    fixed : collection of str, default ()
        Names of parameters that the M-step holds as they are.
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

    mixing_weights: FloatArray
    means: FloatArray
    # What rounding cut off the means.  1e12 standard deviations from 0, a mean rounded to one
    # floating-point number is wrong in the fourth digit.
    means_tail: FloatArray
    factors: FloatArray
    covariance_type: str
    fixed: frozenset[str]
    prior: CovariancePrior | None

    def __init__(
        self,
        mixing_weights: ArrayLike,
        means: ArrayLike,
        covariances: ArrayLike,
        *,
        covariance_type: str = "full",
        fixed: Collection[str] = (),
        prior: CovariancePrior | None = None,
    ) -> None:
        means = _validate.real_array("means", means, 2)
        k, d = means.shape
        weights = _validate.mixing_weights("mixing_weights", mixing_weights, k)
        given = cov.expand(covariances, covariance_type, k, d)
        names = {fixed} if isinstance(fixed, str) or not isinstance(fixed, Collection) else {*fixed}
        if names - set(PARAMETERS):
            raise ValueError(f"fixed must hold names among {', '.join(PARAMETERS)}, not {fixed!r}")
        if not isinstance(prior, CovariancePrior | None):
            raise TypeError(f"prior must be a CovariancePrior, not {prior!r}")
        if prior is not None and prior.covariance.shape != (d, d):
            raise ValueError(
                f"prior must have a covariance of shape (d, d) = ({d}, {d}) to go with means "
                f"of shape ({k}, {d}), not {prior.covariance.shape}"
            )
        self._fill(
            mixing_weights=weights,
            means=means,
            means_tail=np.zeros_like(means),
            covariances=given,
            factors=cov.factorise(given, covariance_type),
            covariance_type=covariance_type,
            fixed=frozenset(names),
            prior=prior,
        )

    def __repr__(self) -> str:
        """Show the shape, the weights and the means."""
        weights, means = (
            np.array2string(a, precision=4) for a in (self.mixing_weights, self.means)
        )
        return f"GaussianMixture(k={self.k}, mixing_weights={weights}, means={means})"

    @cached_property
    def covariances(self) -> FloatArray:
        """The covariances, shape (k, d, d) for every type, read-only."""
        covariances = cov.covariances_of(self.factors)
        covariances.flags.writeable = False
        return covariances

    def parameters(self) -> dict[str, FloatArray]:
        """Return mixing_weights (k,), means (k, d) and covariances (k, d, d), read-only."""
        return {name: getattr(self, name) for name in PARAMETERS}

    def log_prior(self) -> float:
        """Return the log density of the covariances under the prior, up to a constant."""
        if self.prior is None:
            return 0.0
        return self.prior.log_density(self.factors, self.covariance_type)

    @property
    def n_parameters(self) -> int:
        """Number of free parameters, those of shared and fixed parts counted as such."""
        k, d = self.means.shape
        counts = {"mixing_weights": k - 1, "means": k * d, "covariances": 0}
        triangle = d * (d + 1) // 2
        own = {"full": k * triangle, "tied": triangle, "diag": k * d, "spherical": k}
        counts["covariances"] = own[self.covariance_type]
        return sum(count for name, count in counts.items() if name not in self.fixed)

    def prepare(self, data: Any) -> Points:
        """Return `data` as `Points` of as many columns as the means, or raise an error."""
        points = Points.of(data)
        d = self.means.shape[1]
        if points.shape[1] != d:
            raise ValueError(
                f"data must have {d} {'column' if d == 1 else 'columns'}, one per coordinate "
                f"of the means, but its shape is {points.shape}"
            )
        return points

    def check_fit(self, data: Points) -> None:
        """Raise a ValueError if there are fewer rows than components."""
        rows = max(len(distinct(data)), total_weight(data))  # a heavy row is many
        if rows < self.k:
            raise ValueError(
                f"data must have at least as many rows as components: {self.k}, not {rows:g}"
            )

    @property
    def cholesky(self) -> FloatArray:
        """The Cholesky factors of the covariances, shape (k, d, d) for every type."""
        if self.factors.ndim == 3:
            return self.factors
        return np.asarray(self.factors[:, :, None] * np.eye(self.factors.shape[1]))

    def sweep(self, data: ArrayLike) -> Iterator[tuple[slice, FloatArray, FloatArray, FloatArray]]:
        """Whiten the rows block by block, in inner coordinates: see `whitened.sweep`."""
        points = self.prepare(data)
        return sweep(points.x, *_density(self._inner(points)))

    @np.errstate(over="ignore", invalid="ignore")  # a density of 0, found by `bayes`
    def log_joint(self, data: ArrayLike) -> FloatArray:
        """Return log p(x_i, z_i = j; theta), in nats, shape (n, k)."""
        points = self.prepare(data)
        log_joint = np.empty((len(points), self.k))
        for rows, block, _, _ in self.sweep(points):
            log_joint[rows] = block.T
        log_joint -= points.log_unit
        return log_joint

    @np.errstate(over="ignore", under="ignore", invalid="ignore")
    def log_likelihood(self, data: ArrayLike) -> float:
        """Return log p(x; theta) = sum_i log sum_j p(x_i, z_i = j; theta), in nats."""
        points = distinct(self.prepare(data))
        inner = sum_log_density(points.x, points.row_weights, *_density(self._inner(points)))
        return inner - total_weight(points) * float(points.log_unit)

    def _inner(self, points: Points) -> Inner:
        """Return the parameters in the inner coordinates of the points."""
        means = ((self.means - points.origin) + self.means_tail) / points.unit
        return Inner(self.mixing_weights, means, self.factors / points.unit_of(self.factors))

    def _with(self, points: Points, parts: Inner) -> Self:
        """Return a model like this one, but for the parameters that are not fixed."""
        offset = parts.means * points.unit
        means = points.origin + offset
        free = {
            "mixing_weights": {"mixing_weights": parts.weights},
            "means": {"means": means, "means_tail": offset - (means - points.origin)},
            "covariances": {"factors": parts.factors * points.unit_of(parts.factors)},
        }
        model = object.__new__(type(self))
        model.__dict__.update(self.__dict__)
        if "covariances" not in self.fixed:
            model.__dict__.pop("covariances", None)  # computed anew when asked for
        for name in PARAMETERS:
            if name not in self.fixed:
                model._fill(**free[name])
        return model

    @np.errstate(over="ignore", under="ignore", invalid="ignore")  # the careful way mends it
    def em_step(self, data: ArrayLike) -> tuple[Self, float]:
        """E-step and M-step in one pass over the data, see `emlib.models.gaussian.whitened`.

        Returns what ``m_step(data, e_step(data))`` does, and this model's log-likelihood.
        """
        points = self.prepare(data)
        rows, old = distinct(points), self._inner(points)
        moments = one_pass(rows.x, rows.row_weights, *_density(old))
        log_likelihood = moments.log_likelihood - total_weight(rows) * points.log_unit
        g, second = moments.shift, moments.second
        if "means" in self.fixed:
            g = np.zeros_like(g)
        if second.ndim == 3:
            means = old.means + (old.factors @ g[:, :, None])[:, :, 0]
            second = second - g[:, :, None] * g[:, None, :]
            variance = second.diagonal(0, 1, 2)
        else:
            means = old.means + old.factors * g
            variance = second = second - g**2
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
        _, old_means, factors = self._inner(points)
        means = old_means if "means" in self.fixed else (rows.x @ r / N).T
        if factors.ndim == 3:
            factors = np.broadcast_to(np.eye(factors.shape[1]), factors.shape)
        second = np.empty(factors.shape)
        for j in range(self.k):
            residual = rows.x - means[j, :, None]
            if second.ndim == 3:
                second[j] = (r[:, j] / N[j] * residual) @ residual.T
            else:  # in standard deviations, so that spherical covariances average like with like
                residual /= factors[j, :, None]
                second[j] = residual**2 @ (r[:, j] / N[j])
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
        if "covariances" not in self.fixed:
            prior = None
            if self.prior is not None:
                prior = self.prior.strength, self.prior.seen_by(factors, points.unit)
            factors = cov.update(self.covariance_type, factors, counts, second, prior)
            collapsed = cov.collapsed(means, factors)
            if collapsed.any():
                j = int(np.argmax(collapsed))
                r = responsibilities()[:, j]
                raise DegenerateError(explain(points, j, r, factors.ndim == 2))
        return self._with(points, Inner(counts / counts.sum(), means, factors))

    def rounding(self, data: ArrayLike) -> float:
        """Return by how many nats rounding may falsify the log-likelihood.

        The smaller a pivot beside the standard deviation of its column, the more it magnifies.
        """
        n, d = total_weight(self.prepare(data)), self.means.shape[1]
        return float(n * d * np.finfo(float).eps / cov.relative_pivots(self.factors).min())

    def standardised(self) -> FloatArray:
        """Return means and factors, shape (k, q), in the least standard deviations."""
        L = self.cholesky
        with np.errstate(over="ignore", under="ignore"):
            s = cov.deviations(L).min(axis=0)
            return np.concatenate([self.means / s, (L / s[:, None]).reshape(self.k, -1)], axis=1)

    def position(self, data: ArrayLike) -> FloatArray:
        """Return weights, means and factors, in the inner coordinates of the data."""
        return np.concatenate([part.ravel() for part in self._inner(self.prepare(data))])

    @np.errstate(over="ignore", divide="ignore")
    def coordinates(self, data: ArrayLike) -> FloatArray:
        """Return log alpha, the means and the factors with log diagonal, as far as free.

        All in the inner coordinates of the data, so that no part outweighs the others.
        """
        points = self.prepare(data)
        return to_vector(self._inner(points), self.covariance_type, self.fixed, points.unit)

    def at_coordinates(self, data: ArrayLike, vector: FloatArray) -> Self:
        """Return the model of this kind whose `coordinates` are `vector`."""
        points = self.prepare(data)
        parts = from_vector(
            vector, self._inner(points), self.covariance_type, self.fixed, points.unit
        )
        return self._with(points, parts)

    def sample(
        self, n: int, rng: np.random.Generator | int | None = None
    ) -> tuple[FloatArray, np.ndarray]:
        """Draw `n` rows.

        Parameters
        ----------
        n : int
        rng : numpy Generator or seed, optional

        Returns
        -------
        data : ndarray, shape (n, d)
        labels : ndarray of int, shape (n,)
            The component z_i behind each row.
        """
        n = _validate.positive_integer("n", n)
        rng = _validate.generator(rng)
        labels = rng.choice(self.k, size=n, p=self.mixing_weights)
        noise = rng.standard_normal((n, self.means.shape[1]))
        if self.factors.ndim == 2:
            return self.means[labels] + self.factors[labels] * noise, labels
        return self.means[labels] + np.einsum("ide,ie->id", self.factors[labels], noise), labels


def _density(parts: Inner) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what `sweep` needs: log alpha_j - (d log 2 pi)/2 - log det L_j, means, L_j^-1."""
    half = parts.means.shape[1] * LOG_2PI / 2
    log_scale = np.log(parts.weights) - half - cov.log_determinants(parts.factors)
    return log_scale, parts.means, cov.inverse(parts.factors)
