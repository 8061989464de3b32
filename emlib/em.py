"""The EM algorithm: what a mixture model must offer, the driver, and the run it returns.

Notation, the same in text and code: rows i = 1..n, components j = 1..k, data x, hidden
labels z, parameters theta (component parameters and mixing weights alpha).

The bound that EM climbs, for any distribution q(z) (Neal and Hinton 1998,
doi:10.1007/978-94-011-5014-9_12)::

    ELBO(q, theta) = Q + H(q),   Q = E_q[log p(x, z; theta)],   H(q) = -E_q[log q(z)]
    log p(x; theta) = ELBO(q, theta) + KL(q || p(z | x; theta))

The E-step sets q to the posterior of z, whose entries are the responsibilities: the KL
vanishes and the bound touches the log-likelihood.  The M-step maximises Q over theta.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self, overload

import numpy as np
from scipy.special import entr, logsumexp, softmax

from emlib._validate import FloatArray, non_negative, positive_integer


class DegenerateError(ValueError):
    """A component lost its data or its spread: the M-step has no proper answer."""


class Mixture(ABC):
    """A mixture of k components: an immutable value that holds its parameters.

    A model says how to weigh a row against a component (`log_joint`), how to maximise
    (`m_step`) and how to draw data (`sample`); the rest of EM is the same for all.
    """

    mixing_weights: FloatArray

    @property
    def k(self) -> int:
        """Number of components."""
        return len(self.mixing_weights)

    @abstractmethod
    def prepare(self, data: Any) -> Any:
        """Check the data once; prepared data passes through unchanged."""

    @abstractmethod
    def log_joint(self, data: Any) -> FloatArray:
        """Return log p(x_i, z_i = j; theta), in nats, shape (n, k)."""

    @abstractmethod
    def m_step(self, data: Any, responsibilities: Any) -> Self:
        """Return the model whose parameters maximise Q for these responsibilities."""

    @abstractmethod
    def parameters(self) -> dict[str, FloatArray]:
        """Return the parameters by name, read-only."""

    def e_step(self, data: Any) -> FloatArray:
        """Return the responsibilities p(z_i = j | x_i; theta), shape (n, k), rows sum to 1.

        Raises
        ------
        DegenerateError
            If some row has probability 0 under every component.
        """
        return posterior(self.log_joint(data))

    def log_likelihood(self, data: Any) -> float:
        """Return log p(x; theta) = sum_i log sum_j p(x_i, z_i = j; theta), in nats."""
        return float(logsumexp(self.log_joint(data), axis=1).sum())


def posterior(log_joint: FloatArray) -> FloatArray:
    """Normalise each row of log p(x_i, z_i = j) to the responsibilities p(z_i = j | x_i).

    Parameters
    ----------
    log_joint : ndarray, shape (n, k)

    Returns
    -------
    ndarray, shape (n, k)
        Rows sum to 1.  Computed in the log domain: no row underflows.

    Raises
    ------
    DegenerateError
        If some row has probability 0 under every component.
    """
    impossible = np.flatnonzero(np.isneginf(log_joint).all(axis=1))
    if len(impossible):
        raise DegenerateError(
            f"row {impossible[0]} has probability 0 under every component; "
            "start from parameters that make every row possible"
        )
    return np.asarray(softmax(log_joint, axis=1))


@dataclass(frozen=True, eq=False)
class Step:
    """One aligned step of a run: everything here belongs to the same parameters theta_t.

    Attributes
    ----------
    iteration : int
        t, the number of M-steps behind these parameters; the start is 0.
    model : Mixture
        The model with parameters theta_t.
    log_likelihood : float
        log p(x; theta_t), in nats.
    data : object
        The prepared data of the run.
    """

    iteration: int
    model: Mixture
    log_likelihood: float
    data: Any

    @property
    def responsibilities(self) -> FloatArray:
        """The E-step at theta_t: q_t(z_i = j) = p(z_i = j | x_i; theta_t), shape (n, k)."""
        return self.model.e_step(self.data)

    @property
    def Q(self) -> float:
        """Q(theta_t | theta_t) = sum_ij r_ij log p(x_i, z_i = j; theta_t), in nats."""
        return expected_log_joint(self.responsibilities, self.model.log_joint(self.data))

    @property
    def entropy(self) -> float:
        """H(q_t) = -sum_ij r_ij log r_ij, in nats."""
        return entropy(self.responsibilities)

    @property
    def elbo(self) -> float:
        """Q + H(q_t): equal to the log-likelihood, for q_t is the posterior at theta_t."""
        return self.Q + self.entropy


def expected_log_joint(responsibilities: FloatArray, log_joint: FloatArray) -> float:
    """Return Q = sum_ij r_ij log p(x_i, z_i = j; theta), in nats; 0 times -inf counts as 0."""
    with np.errstate(invalid="ignore"):
        terms = np.where(responsibilities > 0, responsibilities * log_joint, 0.0)
    return float(terms.sum())


def entropy(responsibilities: FloatArray) -> float:
    """Return H(q) = -sum_ij r_ij log r_ij, in nats; 0 log 0 counts as 0."""
    return float(entr(responsibilities).sum())


class StopReason(StrEnum):
    """Why a run stopped."""

    CONVERGED = "converged"
    ITERATION_LIMIT = "iteration limit"
    DECREASED = "decreased"
    DEGENERATE = "degenerate"


@dataclass(frozen=True, eq=False)
class Run(Sequence[Step]):
    """The result of EM: all steps, from the start to the last, and why it stopped.

    Attributes
    ----------
    steps : tuple of Step
        Step t holds theta_t and the values that belong to theta_t.
    reason : StopReason
        ``converged``, ``iteration limit``, ``decreased`` or ``degenerate``.
    message : str
        The reason in a sentence.
    """

    steps: tuple[Step, ...]
    reason: StopReason
    message: str

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        """Return step t, or a tuple of steps for a slice."""
        return self.steps[index]

    def __len__(self) -> int:
        """Return the number of steps, the start included."""
        return len(self.steps)

    def __repr__(self) -> str:
        """Say how far the run got and why it stopped."""
        last = self.steps[-1]
        return (
            f"<Run of {last.iteration} EM iterations, {self.reason}, "
            f"log-likelihood {last.log_likelihood:.6f}>"
        )

    @property
    def converged(self) -> bool:
        """Whether the run stopped because it converged."""
        return self.reason is StopReason.CONVERGED

    @property
    def data(self) -> Any:
        """The prepared data of the run."""
        return self.steps[-1].data

    @property
    def model(self) -> Mixture:
        """The last model of the run."""
        return self.steps[-1].model

    @property
    def log_likelihood(self) -> float:
        """The log-likelihood of the last model, in nats."""
        return self.steps[-1].log_likelihood

    @property
    def log_likelihoods(self) -> FloatArray:
        """The log-likelihood of every step, in nats, shape (iterations + 1,)."""
        return np.array([step.log_likelihood for step in self.steps])

    def trace(self, name: str) -> FloatArray:
        """Return one parameter at every step, stacked along a new first axis.

        Parameters
        ----------
        name : str
            A key of ``model.parameters()``, for example ``"theta"``.

        Raises
        ------
        KeyError
            If the model has no parameter of that name.
        """
        known = self.model.parameters()
        if name not in known:
            raise KeyError(f"name must be one of {', '.join(known)}, not {name!r}")
        return np.stack([step.model.parameters()[name] for step in self.steps])


def run_em(start: Mixture, data: Any, *, tol: float = 1e-10, max_iter: int = 1000) -> Run:
    """Run EM from `start` until it converges.

    Parameters
    ----------
    start : Mixture
        The model with the starting parameters theta_0.
    data : object
        Data that the model accepts: ``Tosses`` for coins, an (n, d) array for Gaussians.
    tol : float, default 1e-10
        Stop when the log-likelihood still to be gained, as Aitken's extrapolation of the
        last two gains foretells it, is at most `tol` nats per row.  EM converges linearly: a
        small last gain alone may be the first of thousands (McLachlan and Krishnan 2008,
        section 4.9, doi:10.1002/9780470191613).  With 0, stop when nothing is gained at all.
    max_iter : int, default 1000
        Stop after this many iterations at the latest.

    Returns
    -------
    Run
        Steps 0 to T with the reason for stopping.  Whether it reached a global maximum
        EM cannot know: it converges to a stationary point (Wu 1983,
        doi:10.1214/aos/1176346060).

    Raises
    ------
    TypeError
        If `start` is not a model.
    ValueError
        If the data does not fit the model, or `tol` or `max_iter` is out of range.
    DegenerateError
        If the starting parameters give some row probability 0.

    Examples
    --------
    >>> from emlib import BinomialMixture, Tosses, run_em
    >>> run = run_em(BinomialMixture([0.6, 0.5]), Tosses([5, 9, 8, 4, 7], flips=10))
    >>> run.reason
    <StopReason.CONVERGED: 'converged'>
    >>> run.model.theta.round(2)
    array([0.8 , 0.52])
    """
    if not isinstance(start, Mixture):
        raise TypeError(f"start must be a model such as BinomialMixture, not {start!r}")
    tol = non_negative("tol", tol)
    max_iter = positive_integer("max_iter", max_iter, minimum=0)
    data = start.prepare(data)
    n = len(data)

    model = start
    log_joint = model.log_joint(data)
    responsibilities = posterior(log_joint)
    steps = [Step(0, model, float(logsumexp(log_joint, axis=1).sum()), data)]
    last_gain = 0.0
    for t in range(1, max_iter + 1):
        try:
            model = model.m_step(data, responsibilities)
            log_joint = model.log_joint(data)
            responsibilities = posterior(log_joint)
        except DegenerateError as error:
            return Run(tuple(steps), StopReason.DEGENERATE, f"after iteration {t - 1}: {error}")
        step = Step(t, model, float(logsumexp(log_joint, axis=1).sum()), data)
        gain = step.log_likelihood - steps[-1].log_likelihood
        rounding = 64 * np.finfo(float).eps * max(1.0, abs(step.log_likelihood))
        steps.append(step)
        if gain < -rounding:
            message = f"the log-likelihood fell by {-gain:g} nats in iteration {t}"
            return Run(tuple(steps), StopReason.DECREASED, message)
        if gain <= 0 or _still_to_gain(gain, last_gain) <= tol * n:
            message = f"at most {tol:g} nats per row are left to gain after iteration {t}"
            return Run(tuple(steps), StopReason.CONVERGED, message)
        last_gain = gain
    message = f"not converged within {max_iter} iterations; raise max_iter"
    return Run(tuple(steps), StopReason.ITERATION_LIMIT, message)


def _still_to_gain(gain: float, last_gain: float) -> float:
    """Sum the geometric series of gains to come, at the ratio of the last two (Aitken)."""
    if gain >= last_gain:  # the gains do not shrink yet: no forecast
        return np.inf
    ratio = gain / last_gain
    return gain * ratio / (1 - ratio)
