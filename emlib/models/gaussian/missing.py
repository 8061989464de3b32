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

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.gaussian import scores
from emlib.models.gaussian.conditional import Part, parts
from emlib.models.gaussian.coordinates import Inner, from_vector, to_vector
from emlib.models.gaussian.covariances import TYPES
from emlib.models.gaussian.incomplete import IncompletePoints
from emlib.models.mixture import Mixture, refuse_empty
from emlib.models.model import DegenerateError
from emlib.models.rows import expected_counts, total_weight
from emlib.models.scores import Block, weights_of
from emlib.models.starts import Seed, chosen_rows

FULL = TYPES["full"]


@dataclass(frozen=True, eq=False)
class IncompleteGaussianMixture(Mixture):
    """k Gaussians in d dimensions for rows with missing entries (NaN), or censored ones.

    With one component it is the multivariate normal distribution.  Of rows with censored entries
    `observed_information` knows nothing.

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

    mixing_weights: FloatArray
    means: FloatArray
    factors: FloatArray  # the Cholesky factors of the covariances

    data_type = IncompletePoints

    def __init__(self, mixing_weights: ArrayLike, means: ArrayLike, covariances: ArrayLike) -> None:
        means = _validate.real_array("means", means, 2)
        weights = _validate.mixing_weights("mixing_weights", mixing_weights, len(means))
        given = FULL.expand(covariances, *means.shape)
        self._fill(mixing_weights=weights, means=means, factors=FULL.factorise(given))

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

    def __repr__(self) -> str:
        """Show the shape, the weights and the means."""
        weights, means = (
            np.array2string(a, precision=4) for a in (self.mixing_weights, self.means)
        )
        return f"IncompleteGaussianMixture(k={self.k}, mixing_weights={weights}, means={means})"

    @property
    def covariances(self) -> FloatArray:
        """The covariances, shape (k, d, d)."""
        return FULL.covariances(self.factors)

    def parameters(self) -> dict[str, FloatArray]:
        """Return mixing_weights (k,), means (k, d) and covariances (k, d, d)."""
        names = ("mixing_weights", "means", "covariances")
        return {name: getattr(self, name) for name in names}

    @property
    def n_parameters(self) -> int:
        """Number of free parameters."""
        k, d = self.means.shape
        return int(k - 1 + k * d + FULL.n_parameters(k, d))

    def prepare(self, data: Any) -> IncompletePoints:
        """Return `data` as `IncompletePoints` of as many columns as the means, or raise."""
        points = IncompletePoints.of(data)
        d = self.means.shape[1]
        if points.values.shape[1] != d:
            raise ValueError(
                f"data must have one column per coordinate of the means: {d}, not "
                f"{points.values.shape[1]}"
            )
        return points

    def check_fit(self, data: IncompletePoints) -> None:
        """Raise a ValueError if there are fewer rows than components, or a column is constant."""
        if len(data) < self.k:
            raise ValueError(f"data must have at least {self.k} rows, one per component")
        _ = data.centre_and_spread

    def _parts(self, data: IncompletePoints) -> Iterator[Part]:
        """Yield what the E-step knows, pattern by pattern."""
        return parts(data, self.means, self.factors)

    @np.errstate(over="ignore", invalid="ignore")  # a density of 0, found by `bayes`
    def log_joint(self, data: Any) -> FloatArray:
        """Return log p(x_i, z_i = j; theta) of what is seen, in nats, shape (n, k)."""
        points = self.prepare(data)
        log_joint = np.empty((len(points), self.k))
        for part in self._parts(points):
            log_joint[part.rows] = part.log_density.T
        return log_joint + np.log(self.mixing_weights)

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
        for part in self._parts(points):
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
        return self._with(mixing_weights=N / N.sum(), means=means, factors=factors)

    def moments(self, data: Any) -> tuple[FloatArray, FloatArray]:
        """Return E[x | x_o] and E[x x^T | x_o] of each row, shapes (n, d) and (n, d, d)."""
        points = self.prepare(data)
        r = self.e_step(points)
        n, d = points.values.shape
        first, second = np.empty((n, d)), np.empty((n, d, d))
        for part in self._parts(points):
            x, r_part = part.residual + self.means[:, :, None], r[part.rows]
            first[part.rows] = np.einsum("bk,kdb->bd", r_part, x)
            second[part.rows] = np.einsum("bk,kdb,keb->bde", r_part, x, x)
            second[part.rows] += np.einsum("bk,kde->bde", r_part, part.spread)
            second[part.rows] += np.einsum("bk,kb,kde->bde", r_part, part.share, part.along)
        return np.where(points.seen, points.values, first), second

    def imputed(self, data: Any) -> FloatArray:
        """Return the rows with E[x_m | x_o] for the missing entries, shape (n, d)."""
        return self.moments(data)[0]

    def _whitened(self, data: IncompletePoints) -> Iterator[tuple[Any, FloatArray, FloatArray]]:
        """Yield rows, E[y | x_o], shape (k, d, b), and Var[y | x_o], y = L^-1 (x - mu)."""
        if data.censored.any():
            raise ValueError("data has censored entries, whose information is not known here")
        inverse = FULL.inverse(self.factors)
        for part in self._parts(data):
            variance = inverse @ part.spread @ inverse.transpose(0, 2, 1)
            yield part.rows, inverse @ part.residual, variance

    def derivatives(self, data: Any) -> Iterator[Block]:
        """Yield the derivatives of complete rows, as expected given what is seen."""
        r, weights = self.e_step(data), weights_of(data)
        for rows, y, variance in self._whitened(data):
            yield scores.expected_block(weights[rows], r[rows], y, variance)

    def score_variance(self, data: Any) -> FloatArray:
        """Return sum_i r_ij Var[score | x_o, z_i = j], what missing entries hide, (k, q, q)."""
        counts = expected_counts(data, self.e_step(data))
        whitened = self._whitened(data)
        one_by_one = [scores.variance(counts[i], y, variance) for i, y, variance in whitened]
        return np.asarray(np.sum(one_by_one, axis=0))

    def directions(self) -> tuple[FloatArray, bool]:
        """Return how free parameters move the whitened ones, and that alpha is free."""
        k, d = self.means.shape
        return scores.directions(FULL, k, d, ()), True

    def standard_errors(self, covariances: FloatArray) -> dict[str, FloatArray]:
        """Return standard errors of means and covariances by name."""
        return scores.standard_errors(self.factors, covariances)

    def rounding(self, data: Any) -> float:
        """Return by how many nats rounding may falsify the log-likelihood."""
        pivots = FULL.pivots(self.factors) / FULL.deviations(self.factors)
        size = total_weight(self.prepare(data)) * self.means.shape[1]
        return float(size * np.finfo(float).eps / pivots.min())

    def standardised(self) -> FloatArray:
        """Return means and factors, shape (k, q), in the least standard deviations."""
        s = FULL.deviations(self.factors).min(axis=0)
        factors = (self.factors / s[:, None]).reshape(self.k, -1)
        return np.concatenate([self.means / s, factors], axis=1)

    def _inner(self, data: Any) -> Inner:
        """Return the parameters in units of the data's spread about its centre."""
        centre, spread = self.prepare(data).centre_and_spread
        means = (self.means - centre) / spread
        return Inner(self.mixing_weights, means, self.factors / spread[:, None])

    def position(self, data: Any) -> FloatArray:
        """Return weights, means and factors in these units."""
        return np.concatenate([part.ravel() for part in self._inner(data)])

    def coordinates(self, data: Any) -> FloatArray:
        """Return log alpha, the means and the factors with log diagonal, in these units."""
        return to_vector(FULL, self._inner(data), (), self.prepare(data).centre_and_spread[1])

    def at_coordinates(self, data: Any, vector: FloatArray) -> Self:
        """Return the model whose `coordinates` are `vector`."""
        centre, spread = self.prepare(data).centre_and_spread
        weights, means, factors = from_vector(FULL, vector, self._inner(data), (), spread)
        return self._with(
            mixing_weights=weights,
            means=centre + means * spread,
            factors=factors * spread[:, None],
        )

    def sample(
        self, n: int, rng: np.random.Generator | int | None = None
    ) -> tuple[FloatArray, np.ndarray]:
        """Draw `n` complete rows, shape (n, d); return them and the labels z_i behind them."""
        n = _validate.positive_integer("n", n)
        rng = _validate.generator(rng)
        labels = rng.choice(self.k, size=n, p=self.mixing_weights)
        noise = rng.standard_normal((n, self.means.shape[1]))
        return self.means[labels] + FULL.noise(self.factors[labels], noise), labels
