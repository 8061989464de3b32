"""A run of EM as a value: a sequence of aligned steps, and why it stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, overload

import numpy as np

from emlib._validate import FloatArray
from emlib.models.model import Expectation, Model


@dataclass(frozen=True, eq=False)
class Step:
    """One aligned step of a run: everything here belongs to the same parameters theta_t.

    Attributes
    ----------
    iteration : int
        t, the number of M-steps behind these parameters; the start is 0.
    model : Model
        The model with parameters theta_t.
    log_likelihood : float
        log p(x; theta_t), in nats.
    data : object
        The prepared data of the run.
    """

    iteration: int
    model: Model
    log_likelihood: float
    data: Any

    @property
    def expectation(self) -> Expectation:
        """The E-step at theta_t: the posterior q_t of the hidden part of the data."""
        return self.model.expectation(self.data)

    @property
    def responsibilities(self) -> FloatArray:
        """The marginals of q_t: q_t(z_i = j) = p(z_i = j | x_i; theta_t), shape (n, k)."""
        return self.expectation.responsibilities

    @property
    def Q(self) -> float:
        """Q(theta_t | theta_t) = E_q[log p(x, z; theta_t)] with q = q_t, in nats."""
        return self.expectation.Q(self.model)

    @property
    def entropy(self) -> float:
        """H(q_t), in nats."""
        return self.expectation.entropy

    @property
    def elbo(self) -> float:
        """Q + H(q_t): equal to the log-likelihood, for q_t is the posterior at theta_t."""
        return self.expectation.elbo(self.model)

    @property
    def objective(self) -> float:
        """What EM climbs, in nats: the log-likelihood, plus the model's log prior in MAP-EM."""
        return self.log_likelihood + self.model.log_prior()


class StopReason(StrEnum):
    """Why a run stopped."""

    CONVERGED = "converged"
    ITERATION_LIMIT = "iteration limit"
    DECREASED = "decreased"
    DEGENERATE = "degenerate"
    SADDLE = "saddle"
    OWN_RULE = "own rule"  # of another program, see `emlib.driver.own`


@dataclass(frozen=True, eq=False)
class Run(Sequence[Step]):
    """The result of EM: all steps, from the start to the last, and why it stopped.

    Attributes
    ----------
    steps : tuple of Step
        Step t holds theta_t and the values that belong to theta_t.
    reason : StopReason
        ``converged``, ``iteration limit``, ``decreased``, ``degenerate``, ``saddle`` or, for the
        run of another program, ``own rule``.
    message : str
        The reason in a sentence.
    evaluations : int, default 0
        How often an E-step was computed on the way, once for each step without acceleration;
        those of the look round at the end are not counted.
    """

    steps: tuple[Step, ...]
    reason: StopReason
    message: str
    evaluations: int = 0

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
        """The prepared data of the run, with its row weights.

        `Tosses` for coins; for Gaussians `Points`, to be read like an array of shape (n, d).
        """
        return self.steps[-1].data

    @property
    def model(self) -> Any:
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

    @property
    def objectives(self) -> FloatArray:
        """What EM climbs, at every step, in nats: see `Step.objective`."""
        return np.array([step.objective for step in self.steps])

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
