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
from emlib.models.gaussian import scores
from emlib.models.gaussian.collapse import explain
from emlib.models.gaussian.coordinates import Inner, from_vector, to_vector
from emlib.models.gaussian.covariances import TYPES, CovariancePrior, Full
from emlib.models.gaussian.points import Points
from emlib.models.gaussian.whitened import one_pass, sum_log_density, sweep
from emlib.models.mixture import Mixture, refuse_empty
from emlib.models.model import DegenerateError
from emlib.models.rows import counted, distinct, expected_counts, total_weight
from emlib.models.scores import Block, weights_of
from emlib.models.starts import Seed, chosen_rows

LOG_2PI = float(np.log(2 * np.pi))
CANCELLING = 1e6  # squared jump of a mean, in variances, from which the one-pass sums cancel
SMALLEST = 1e-152  # standard deviation; its square, divided by k, is still a normal number
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
    kind: Full  # what there is to know of that type
    fixed: frozenset[str]
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
        fixed: Collection[str] = (),
        prior: CovariancePrior | None = None,
    ) -> None:
        means = _validate.real_array("means", means, 2)
        k, d = means.shape
        weights = _validate.mixing_weights("mixing_weights", mixing_weights, k)
        _validate.choice("covariance_type", covariance_type, TYPES)
        kind = TYPES[covariance_type]
        given = kind.expand(covariances, k, d)
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
            factors=kind.factorise(given),
            kind=kind,
            covariance_type=covariance_type,
            fixed=frozenset(names),
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

    def __repr__(self) -> str:
        """Show the shape, the weights and the means."""
        weights, means = (
            np.array2string(a, precision=4) for a in (self.mixing_weights, self.means)
        )
        return f"GaussianMixture(k={self.k}, mixing_weights={weights}, means={means})"

    @cached_property
    def covariances(self) -> FloatArray:
        """The covariances, shape (k, d, d) for every type, read-only."""
        covariances = self.kind.covariances(self.factors)
        covariances.flags.writeable = False
        return covariances

    def parameters(self) -> dict[str, FloatArray]:
        """Return mixing_weights (k,), means (k, d) and covariances (k, d, d), read-only."""
        return {name: getattr(self, name) for name in PARAMETERS}

    def log_prior(self) -> float:
        """Return the log density of the covariances under the prior, up to a constant."""
        if self.prior is None:
            return 0.0
        return self.prior.log_density(self.kind, self.factors)

    @property
    def n_parameters(self) -> int:
        """Number of free parameters, those of shared and fixed parts counted as such."""
        k, d = self.means.shape
        free = self.kind.n_parameters(k, d)
        counts = {"mixing_weights": k - 1, "means": k * d, "covariances": free}
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
        return self.kind.cholesky(self.factors)

    def sweep(self, data: ArrayLike) -> Iterator[tuple[slice, FloatArray, FloatArray, FloatArray]]:
        """Whiten the rows block by block, in inner coordinates: see `whitened.sweep`."""
        points = self.prepare(data)
        return sweep(self.kind, points.x, *self._density(self._inner(points)))

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
        inner = sum_log_density(
            self.kind, points.x, points.row_weights, *self._density(self._inner(points))
        )
        return inner - total_weight(points) * float(points.log_unit)

    def _density(self, parts: Inner) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return what `sweep` needs: log alpha_j - (d log 2 pi)/2 - log det L_j, means, L_j^-1."""
        half = parts.means.shape[1] * LOG_2PI / 2
        log_scale = np.log(parts.weights) - half - self.kind.log_determinants(parts.factors)
        return log_scale, parts.means, self.kind.inverse(parts.factors)

    def _inner(self, points: Points) -> Inner:
        """Return the parameters in the inner coordinates of the points."""
        means = ((self.means - points.origin) + self.means_tail) / points.unit
        return Inner(self.mixing_weights, means, self.factors / self.kind.units(points.unit))

    def _moved(self, points: Points, parts: Inner) -> Self:
        """Return a model like this one, but for the parameters that are not fixed."""
        free: dict[str, FloatArray] = {}
        if "mixing_weights" not in self.fixed:
            free["mixing_weights"] = parts.weights
        if "means" not in self.fixed:
            offset = parts.means * points.unit
            free["means"] = points.origin + offset
            free["means_tail"] = offset - (free["means"] - points.origin)
        if "covariances" not in self.fixed:
            free["factors"] = parts.factors * self.kind.units(points.unit)
        model = self._with(**free)
        if "covariances" not in self.fixed:
            model.__dict__.pop("covariances", None)  # computed anew when asked for
        return model

    @np.errstate(over="ignore", under="ignore", invalid="ignore")  # the careful way mends it
    def em_step(self, data: ArrayLike) -> tuple[Self, float]:
        """E-step and M-step in one pass over the data, see `emlib.models.gaussian.whitened`.

        Returns what ``m_step(data, e_step(data))`` does, and this model's log-likelihood.
        """
        points = self.prepare(data)
        rows, old = distinct(points), self._inner(points)
        moments = one_pass(self.kind, rows.x, rows.row_weights, *self._density(old))
        log_likelihood = moments.log_likelihood - total_weight(rows) * points.log_unit
        g, second = moments.shift, moments.second
        if "means" in self.fixed:
            g = np.zeros_like(g)
        means = old.means + self.kind.times(old.factors, g)
        second, variance = self.kind.centred(second, g)
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
        factors = self.kind.whiteners(factors)
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
        if "covariances" not in self.fixed:
            prior = None
            if self.prior is not None:
                prior = self.prior.strength, self.prior.seen_by(self.kind, factors, points.unit)
            factors = self.kind.update(factors, counts, second, prior)
            collapsed = self.kind.collapsed(means, factors)
            if collapsed.any():
                j = int(np.argmax(collapsed))
                r = responsibilities()[:, j]
                raise DegenerateError(explain(points, j, r, self.kind.axis_parallel))
        return self._moved(points, Inner(counts / counts.sum(), means, factors))

    def derivatives(self, data: Any) -> Iterator[Block]:
        """Yield the derivatives, see `emlib.models.gaussian.scores`."""
        if self.prior is not None:
            raise ValueError("model has a prior: its information is not in the data alone")
        yield from scores.blocks(self.sweep(data), weights_of(data), self.means.shape[1])

    def directions(self) -> tuple[FloatArray, bool]:
        """Return how free parameters move the whitened ones, and whether alpha is free."""
        k, d = self.means.shape
        own = scores.directions(self.kind, k, d, self.fixed)
        return own, "mixing_weights" not in self.fixed

    def standard_errors(self, covariances: FloatArray) -> dict[str, FloatArray]:
        """Return standard errors of means and covariances by name."""
        return scores.standard_errors(self.cholesky, covariances)

    def rounding(self, data: ArrayLike) -> float:
        """Return by how many nats rounding may falsify the log-likelihood.

        The smaller a pivot beside the standard deviation of its column, the more it magnifies.
        """
        n, d = total_weight(self.prepare(data)), self.means.shape[1]
        pivots = self.kind.pivots(self.factors) / self.kind.deviations(self.factors)
        return float(n * d * np.finfo(float).eps / pivots.min())

    def standardised(self) -> FloatArray:
        """Return means and factors, shape (k, q), in the least standard deviations."""
        L = self.cholesky
        with np.errstate(over="ignore", under="ignore"):
            s = self.kind.deviations(self.factors).min(axis=0)
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
        return to_vector(self.kind, self._inner(points), self.fixed, points.unit)

    def at_coordinates(self, data: ArrayLike, vector: FloatArray) -> Self:
        """Return the model of this kind whose `coordinates` are `vector`."""
        points = self.prepare(data)
        parts = from_vector(self.kind, vector, self._inner(points), self.fixed, points.unit)
        return self._moved(points, parts)

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
        return self.means[labels] + self.kind.noise(self.factors[labels], noise), labels
