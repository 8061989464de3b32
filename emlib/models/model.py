"""What the driver asks of a model, and what an E-step returns.

The bound that EM climbs, for any distribution q(z) of the hidden part z of the data (Neal and
Hinton 1998, doi:10.1007/978-94-011-5014-9_12)::

    ELBO(q, theta) = Q + H(q),   Q = E_q[log p(x, z; theta)],   H(q) = -E_q[log q(z)]
    log p(x; theta) = ELBO(q, theta) + KL(q || p(z | x; theta))

The E-step sets q to the posterior of z: the KL vanishes and the bound touches the
log-likelihood.  The M-step maximises Q over theta.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

import numpy as np

from emlib._validate import FloatArray


class DegenerateError(ValueError):
    """A component lost its data or its spread: the M-step has no proper answer."""


class Expectation(ABC):
    """What an E-step returns: a distribution q(z), the posterior under the model that was asked.

    Attributes
    ----------
    responsibilities : ndarray, shape (n, k)
        The marginals q(z_i = j).
    log_likelihood : float
        log p(x; theta) of the model that was asked, in nats.
    model : Model
        That model; where `entropy` is worked out otherwise it is not needed.
    """

    responsibilities: FloatArray
    log_likelihood: float
    model: Any

    @property
    def entropy(self) -> float:
        """H(q) = -E_q[log q(z)], in nats: log p(x) - Q of the model whose posterior q is."""
        return self.log_likelihood - self.Q(self.model)

    @abstractmethod
    def Q(self, model: Any) -> float:
        """Return E_q[log p(x, z; theta)] with the parameters theta of `model`, in nats."""

    def elbo(self, model: Any) -> float:
        """Return Q + H(q), in nats: the bound on the log-likelihood of `model`."""
        return self.Q(model) + self.entropy


@runtime_checkable
class Model(Protocol):
    """What `run_em` asks: an immutable value that holds its parameters.

    A class may inherit from this to get what is not abstract here.
    """

    view: ClassVar[str] = ""  # what the steppers call the picture of its runs, if there is one

    @abstractmethod
    def prepare(self, data: Any) -> Any:
        """Check the data once; prepared data passes through unchanged."""

    @abstractmethod
    def em_step(self, data: Any) -> tuple[Self, float]:
        """One E-step and one M-step: return the next model and *this* model's log-likelihood."""

    @abstractmethod
    def log_likelihood(self, data: Any) -> float:
        """Return log p(x; theta), in nats."""

    @abstractmethod
    def expectation(self, data: Any) -> Expectation:
        """Return the posterior distribution of the hidden part of the data."""

    @abstractmethod
    def parameters(self) -> dict[str, FloatArray]:
        """Return the parameters by name, read-only."""

    def log_prior(self) -> float:
        """Return the log of the prior density of theta, up to a constant; 0 without a prior."""
        return 0.0

    def check_fit(self, data: Any) -> None:
        """Raise a ValueError if EM cannot start on this prepared data."""
        return None

    def twins(self, within: float = 0.0) -> tuple[int, int] | None:
        """Return the first two components that EM can hardly part, if there are any."""
        return None

    def rounding(self, data: Any) -> float:
        """Return by how many nats rounding may falsify the log-likelihood, beyond the usual."""
        return 0.0

    def coordinates(self, data: Any) -> FloatArray:
        """Return the free parameters as one vector, every value of which is legal.

        The inverse is `at_coordinates`.  Accelerated EM moves in these coordinates, and so does
        the look round a place where EM has come to rest.
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


def check_model(name: str, value: Any, kind: type = Model) -> None:
    """Raise a TypeError unless `value` is a model of that kind."""
    if not isinstance(value, kind):
        what = "a model" if kind is Model else "a mixture model"
        raise TypeError(f"{name} must be {what} such as BinomialMixture, not {value!r}")
