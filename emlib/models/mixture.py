"""What a mixture model must offer, and Bayes' rule in the log domain.

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
from typing import Any, Self

import numpy as np
from scipy.special import entr

from emlib._validate import FloatArray
from emlib.models.rows import distinct, merge_equal, weighted_sum

EMPTY = 1e-300  # an expected count at most this small is none: its logarithm may not exist


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

    @np.errstate(under="ignore")  # a responsibility may become 0
    def e_step(self, data: Any) -> FloatArray:
        """Return the responsibilities p(z_i = j | x_i; theta), shape (n, k), rows sum to 1.

        Raises
        ------
        DegenerateError
            If some row has probability 0 under every component.
        """
        return posterior(self.log_joint(data))

    @np.errstate(under="ignore")
    def log_likelihood(self, data: Any) -> float:
        """Return log p(x; theta) = sum_i log sum_j p(x_i, z_i = j; theta), in nats."""
        rows = distinct(self.prepare(data))
        try:
            return weighted_sum(rows, bayes(self.log_joint(rows))[1])
        except DegenerateError:
            return -np.inf

    @np.errstate(under="ignore")
    def em_step(self, data: Any) -> tuple[Self, float]:
        """One E-step and one M-step: return the next model and *this* model's log-likelihood.

        The E-step knows log p(x; theta) anyway, so the driver gets it for nothing.  A model
        may override this with something faster that gives the same answer.
        """
        rows = distinct(self.prepare(data))
        responsibilities, log_density = bayes(self.log_joint(rows))
        return self.m_step(rows, responsibilities), weighted_sum(rows, log_density)

    def log_prior(self) -> float:
        """Return the log of the prior density of theta, up to a constant; 0 without a prior."""
        return 0.0

    def check_fit(self, data: Any) -> None:  # noqa: B027  nothing to check by default
        """Raise a ValueError if EM cannot start on this prepared data."""

    @property
    def n_parameters(self) -> int:
        """Number of free parameters, for BIC."""
        raise NotImplementedError(f"{type(self).__name__} does not count its parameters")

    def coordinates(self, data: Any) -> FloatArray:
        """Return the free parameters as one vector, every value of which is legal.

        The inverse is `at_coordinates`.  Accelerated EM moves in these coordinates.
        """
        raise NotImplementedError(f"{type(self).__name__} has no coordinates: do not accelerate")

    def at_coordinates(self, data: Any, vector: FloatArray) -> Self:
        """Return the model of this kind whose `coordinates` are `vector`."""
        raise NotImplementedError(f"{type(self).__name__} has no coordinates: do not accelerate")

    def position(self, data: Any) -> FloatArray:
        """Return all parameters as one vector, in units in which the length of a step means much.

        Where `coordinates` run to infinity, at a theta of 0, this vector comes to rest.
        """
        return np.concatenate([value.ravel() for value in self.parameters().values()])

    def twins(self) -> tuple[int, int] | None:
        """Return the first two components with the same parameters, if there are any.

        Their responsibilities stay in proportion for ever, so EM can never separate them.
        """
        own = np.column_stack(
            [
                value.reshape(self.k, -1)
                for name, value in self.parameters().items()
                if name != "mixing_weights"
            ]
        )
        first, copies = merge_equal(own, None)
        if len(first) == self.k:
            return None
        one = first[copies > 1][0]
        return int(one), int(np.flatnonzero((own == own[one]).all(axis=1))[1])


def check_model(name: str, value: Any) -> None:
    """Raise a TypeError unless `value` is a mixture."""
    if not isinstance(value, Mixture):
        raise TypeError(f"{name} must be a mixture model such as BinomialMixture, not {value!r}")


def bayes(
    log_joint: FloatArray, *, first_row: int = 0, overwrite: bool = False
) -> tuple[FloatArray, FloatArray]:
    """Split p(x_i, z_i = j) into p(z_i = j | x_i) and log p(x_i).

    Parameters
    ----------
    log_joint : ndarray, shape (n, k)
        log p(x_i, z_i = j), in nats.
    first_row : int, default 0
        The number of the first row, for the error.
    overwrite : bool, default False
        Whether the responsibilities may take the place of `log_joint` in memory.

    Returns
    -------
    responsibilities : ndarray, shape (n, k)
        p(z_i = j | x_i); rows sum to 1.
    log_density : ndarray, shape (n,)
        log p(x_i) = log sum_j p(x_i, z_i = j), in nats.  The largest term is taken out of
        the sum before exponentiating (log-sum-exp): no row underflows.

    Raises
    ------
    DegenerateError
        If some row has probability 0 under every component.
    """
    largest = log_joint.max(axis=1, keepdims=True)
    if not largest.min() > -np.inf:  # NaN, where a residual overflowed, counts as impossible
        row = first_row + np.argmin(np.nan_to_num(largest, nan=-np.inf))
        raise DegenerateError(
            f"row {row} has probability 0 under every component; "
            "start from parameters that make every row possible"
        )
    joint = np.subtract(log_joint, largest, out=log_joint if overwrite else None)
    np.exp(joint, out=joint)
    density = joint.sum(axis=1, keepdims=True)
    joint /= density
    return joint, (largest + np.log(density))[:, 0]


def posterior(log_joint: FloatArray) -> FloatArray:
    """Normalise each row of log p(x_i, z_i = j) to the responsibilities p(z_i = j | x_i).

    The first of the two values of `bayes`, with its argument and error.
    """
    return bayes(log_joint)[0]


def refuse_empty(totals: FloatArray) -> None:
    """Raise a DegenerateError if an expected count, of those of shape (k,), is next to 0."""
    if not totals.min() > EMPTY:
        raise DegenerateError(
            f"component {np.argmin(totals)} is empty: no row belongs to it; "
            "use fewer components or another start"
        )


def expected_log_joint(responsibilities: FloatArray, log_joint: FloatArray) -> float:
    """Return Q = sum_ij r_ij log p(x_i, z_i = j; theta), in nats; 0 times -inf counts as 0."""
    with np.errstate(invalid="ignore"):
        terms = np.where(responsibilities > 0, responsibilities * log_joint, 0.0)
    return float(terms.sum())


def entropy(responsibilities: FloatArray) -> float:
    """Return H(q) = -sum_ij r_ij log r_ij, in nats; 0 log 0 counts as 0."""
    return float(entr(responsibilities).sum())
