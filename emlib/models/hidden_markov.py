"""The hidden Markov model: a mixture whose component depends on the one before it.

State z_t is drawn from the row A_{z_{t-1}} of the transitions, the first of each sequence from
the start distribution pi, and x_t from the component z_t of the emissions::

    log p(x, z) = log pi_{z_1} + sum_{t > 1} log A_{z_{t-1} z_t} + sum_t log p(x_t | z_t)

The E-step is forward and backward, see `emlib.models.chain`.  In the M-step pi and A are expected
counts, normalised, and the emissions are those of a mixture, with the posterior of the states for
responsibilities (Baum, Petrie, Soules and Weiss 1970, doi:10.1214/aoms/1177697196).
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import softmax

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.categorical import CategoricalMixture, Tallies
from emlib.models.chain import Smoothed, smooth
from emlib.models.gaussian.mixture import GaussianMixture
from emlib.models.mixture import Mixture
from emlib.models.model import DegenerateError, Model
from emlib.models.series import ChainExpectation, Series, walk
from emlib.models.starts import Seed
from emlib.models.value import Value


class HiddenMarkov(Value, Model):
    """A hidden Markov model with k states.

    Parameters
    ----------
    transitions : array_like, shape (k, k)
        A_ij, the probability that state j follows state i; rows sum to 1.  What is 0 stays 0.
    emissions : Mixture
        Component j says what state j shows.  Its mixing weights play no part and must be fixed.
        See `gaussian` and `discrete`, which make them.
    start : array_like, shape (k,), optional
        Probability of each state at the beginning; equal by default.
    fit_start : bool, default True
        Whether the M-step estimates `start` too, or holds it fixed.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form; the error names it.

    Examples
    --------
    >>> from emlib import run_em
    >>> start = HiddenMarkov.gaussian([[0.8, 0.2], [0.2, 0.8]], [[0.0], [4.0]], [[[1.0]]] * 2)
    >>> series, states = start.sample(500, rng=0)
    >>> run = run_em(start, series)
    >>> run.converged, run.model.means.round(1).tolist()
    (True, [[-0.1], [4.0]])
    """

    start: FloatArray
    transitions: FloatArray
    emissions: Any
    fit_start: bool

    def __init__(
        self,
        transitions: ArrayLike,
        emissions: Mixture,
        start: ArrayLike | None = None,
        *,
        fit_start: bool = True,
    ) -> None:
        A = _validate.real_array("transitions", transitions, 2)
        k = len(A)
        if A.shape != (k, k):
            raise ValueError(f"transitions must have shape (k, k), one row a state, not {A.shape}")
        A = _validate.distributions("transitions", A, transitions, "over the next state (axis 1)")
        if not isinstance(emissions, Mixture):
            raise TypeError(f"emissions must be a mixture of {k} components, not {emissions!r}")
        if emissions.k != k:
            raise ValueError(f"emissions must have one component per state: {k}, not {emissions.k}")
        if emissions.fit_mixing_weights:
            raise ValueError(
                "emissions must hold its mixing weights fixed, for the chain takes their place: "
                "fit_mixing_weights=False"
            )
        pi = _validate.real_array("start", np.full(k, 1 / k) if start is None else start, 1)
        if len(pi) != k:
            raise ValueError(f"start must hold one probability per state: {k}, not {len(pi)}")
        pi = _validate.distributions("start", pi[None], pi, "over the states")[0]
        self._fill(start=pi, transitions=A, emissions=emissions, fit_start=bool(fit_start))

    @classmethod
    def gaussian(
        cls,
        transitions: ArrayLike,
        means: ArrayLike,
        covariances: ArrayLike,
        start: ArrayLike | None = None,
        *,
        fit_start: bool = True,
        **options: Any,
    ) -> Self:
        """Return a model whose state j shows a Gaussian row.

        Parameters
        ----------
        transitions, start, fit_start
            As for the class.
        means, covariances, **options
            As for `GaussianMixture`, such as ``covariance_type``.
        """
        means = _validate.real_array("means", means, 2)
        equal, options["fit_mixing_weights"] = np.full(len(means), 1 / len(means)), False
        emissions = GaussianMixture(equal, means, covariances, **options)
        return cls(transitions, emissions, start, fit_start=fit_start)

    @classmethod
    def discrete(
        cls,
        transitions: ArrayLike,
        probabilities: ArrayLike,
        start: ArrayLike | None = None,
        *,
        fit_start: bool = True,
    ) -> Self:
        """Return a model whose state j shows category f with probability p_jf, (k, c)."""
        return cls(transitions, CategoricalMixture(probabilities), start, fit_start=fit_start)

    @classmethod
    def start_from(cls, data: Any, k: int, *, rng: Seed = None, **options: Any) -> Self:
        """Return a random start with states that tend to stay, to restart EM from.

        Parameters
        ----------
        data : Series or array_like
            Categories if it has one axis, else rows for Gaussians.
        k : int
        rng : numpy Generator or seed, optional
        **options
            For `gaussian`, such as ``covariance_type``; and ``fit_start``.

        Examples
        --------
        >>> from emlib import restart_em
        >>> series, _ = HiddenMarkov.discrete([[0.9, 0.1]] * 2, [[0.9, 0.1]] * 2).sample(50, rng=0)
        >>> restart_em(lambda rng: HiddenMarkov.start_from(series, 2, rng=rng), series, restarts=2)
        ... # doctest: +ELLIPSIS
        <2 restarts: ...>
        """
        series, rng = Series.of(data), _validate.generator(rng)
        k = _validate.positive_integer("k", k)
        A = np.array([rng.dirichlet(1 + k * row) for row in np.eye(k)])
        fit_start = options.pop("fit_start", True)
        if np.ndim(series.values) == 1:
            c = int(_validate.counts("data", series.values).max()) + 1
            return cls.discrete(A, rng.dirichlet(np.ones(c), k), fit_start=fit_start)
        options["fit_mixing_weights"] = False
        emissions = GaussianMixture.start_from(series.values, k, rng=rng, **options)
        return cls(A, emissions, fit_start=fit_start)

    @property
    def k(self) -> int:
        """Number of states."""
        return len(self.start)

    def __getattr__(self, name: str) -> Any:
        """Return a parameter of the emissions by its name."""
        own = self.__dict__.get("emissions")
        if own is None or name == "mixing_weights" or name not in own.parameters():
            raise AttributeError(f"HiddenMarkov has no {name}")
        return own.parameters()[name]

    def parameters(self) -> dict[str, FloatArray]:
        """Return start (k,), transitions (k, k) and those of the emissions, read-only."""
        own = {n: v for n, v in self.emissions.parameters().items() if n != "mixing_weights"}
        return {"start": self.start, "transitions": self.transitions, **own}

    @property
    def n_parameters(self) -> int:
        """Number of free parameters, for BIC; a transition that is 0 counts all the same."""
        return int((self.k + self.fit_start) * (self.k - 1) + self.emissions.n_parameters)

    def prepare(self, data: Any) -> Series:
        """Return `data` as a `Series` with values that the emissions read, or raise an error."""
        return Series.of(data).read_by(self.emissions)

    def check_fit(self, data: Series) -> None:
        """Raise a ValueError if there are fewer rows than states."""
        if len(data) < self.k:
            raise ValueError(
                f"data must have at least as many rows as states: {self.k}, not {len(data)}"
            )

    def log_b(self, data: Series) -> FloatArray:
        """Return log p(x_t | z_t = j), in nats, shape (k, n)."""
        joint = self.emissions.log_joint(data.values).T
        log_b = joint - np.log(self.emissions.mixing_weights)[:, None]
        return np.asarray(log_b if data.symbols is None else log_b[:, data.symbols])

    @np.errstate(under="ignore")
    def _smooth(self, data: Series) -> Smoothed:
        return smooth(self.start, self.transitions, self.log_b(data), data.begins)

    def expectation(self, data: Any) -> ChainExpectation:
        """Return the E-step: the posterior of the states.

        Raises
        ------
        DegenerateError
            If the data are impossible; the error names the first such row.
        """
        data = self.prepare(data)
        found = self._smooth(data)
        return ChainExpectation(
            found.states.T, found.log_likelihood, found.first, found.pairs, self, data
        )

    def log_likelihood(self, data: Any) -> float:
        """Return log p(x; theta), in nats."""
        try:
            return self._smooth(self.prepare(data)).log_likelihood
        except DegenerateError:
            return -np.inf

    @np.errstate(under="ignore")
    def em_step(self, data: Any) -> tuple[Self, float]:
        """One E-step and one M-step: return the next model and *this* model's log-likelihood."""
        data = self.prepare(data)
        found = self._smooth(data)
        leaving = found.pairs.sum(axis=1, keepdims=True)
        A = np.where(leaving > 0, found.pairs / np.where(leaving > 0, leaving, 1), self.transitions)
        start = found.first / found.first.sum() if self.fit_start else self.start
        emissions = self._emissions(data, found.states)
        return self._with(start=start, transitions=A, emissions=emissions), found.log_likelihood

    def _emissions(self, data: Series, states: FloatArray) -> Any:
        """Return the M-step of the emissions, the posterior of the states for responsibilities."""
        if data.symbols is None:
            return self.emissions.m_step(data.values, states.T)
        c = len(data.values)
        seen = np.column_stack([np.bincount(data.symbols, weights=r, minlength=c) for r in states])
        total = seen.sum(axis=1)
        shares = np.where(total[:, None] > 0, seen / np.maximum(total, 1e-300)[:, None], 1 / self.k)
        return self.emissions.m_step(Tallies(np.eye(c), row_weights=total), shares)

    def sample(self, lengths: Any, rng: Seed = None) -> tuple[Series, np.ndarray]:
        """Draw a sequence of that length, or several; return a `Series` and the states."""
        parts = _validate.counts("lengths", np.atleast_1d(lengths)).astype(int)
        rng = _validate.generator(rng)
        states = walk(self.start, self.transitions, parts, rng)
        return Series(self.emissions.draw(states, rng), parts), states

    def rounding(self, data: Series) -> float:
        """Return by how many nats rounding may falsify the log-likelihood."""
        return 0.0 if data.symbols is not None else float(self.emissions.rounding(data.values))

    def log_prior(self) -> float:
        """Return the log prior density of the emissions, up to a constant."""
        return float(self.emissions.log_prior())

    def position(self, data: Series) -> FloatArray:
        """Return start, transitions and the position of the emissions as one vector."""
        own = self.emissions.position(data.values)
        return np.concatenate([self.start, self.transitions.ravel(), own])

    def coordinates(self, data: Series) -> FloatArray:
        """Return log pi if it is fitted, log A row by row, then those of the emissions."""
        rows = np.vstack([self.start, self.transitions])[0 if self.fit_start else 1 :]
        with np.errstate(divide="ignore"):
            return np.concatenate([np.log(rows).ravel(), self.emissions.coordinates(data.values)])

    def at_coordinates(self, data: Series, vector: FloatArray) -> Self:
        """Return the model whose `coordinates` are `vector`."""
        k, many = self.k, self.k + self.fit_start
        rows = softmax(vector[: many * k].reshape(many, k), axis=1)
        emissions = self.emissions.at_coordinates(data.values, vector[many * k :])
        start = rows[0] if self.fit_start else self.start
        return self._with(start=start, transitions=rows[-k:], emissions=emissions)
