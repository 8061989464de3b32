"""The EM driver, and the run it returns: a sequence of aligned steps.

What it asks of a model is in `emlib.models.model`; the notation, in `emlib.models.mixture`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, overload

import numpy as np

from emlib._validate import FloatArray, non_negative, positive_integer
from emlib.driver.accelerate import Climber, Patience, Visit
from emlib.driver.surroundings import higher_nearby
from emlib.models.mixture import Mixture, entropy, expected_log_joint
from emlib.models.model import DegenerateError, Expectation, Model, check_model
from emlib.models.rows import total_weight

__all__ = [
    "DegenerateError",
    "Mixture",
    "Run",
    "SaddleWarning",
    "Step",
    "StopReason",
    "entropy",
    "expected_log_joint",
    "run_em",
]


# A smaller fall, per nat or row, is no fall: near-singular covariances magnify rounding.
ROUNDING = 1e-12


NEARLY_EQUAL = 1e-3  # standard deviations: components that start this close part very slowly


class SaddleWarning(UserWarning):
    """The start has components that are equal or nearly so, which EM can hardly separate."""


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


@np.errstate(under="ignore")  # the smallest numbers may become 0
def run_em(
    start: Model,
    data: Any,
    *,
    tol: float = 1e-10,
    max_iter: int = 1000,
    accelerate: str | None = None,
) -> Run:
    """Run EM from `start` until it converges.

    Parameters
    ----------
    start : Model
        The model with the starting parameters theta_0.
    data : object
        Data that the model accepts: ``Tosses`` for coins, an (n, d) array for Gaussians.
    tol : float, default 1e-10
        Stop when the log-likelihood still to be gained, as the last gains and the last steps
        foretell it, is at most `tol` nats per row.  EM converges linearly: a small last gain
        alone may be the first of thousands, see `emlib.driver.accelerate.Patience`.  With 0, stop
        when nothing is gained at all.
    max_iter : int, default 1000
        Stop after this many iterations at the latest.
    accelerate : {"anderson", "squarem"}, optional
        Leap ahead of EM where that pays, see `emlib.driver.accelerate`.  A leap that would lower
        the log-likelihood is replaced by an EM step, and the rule for stopping is the same,
        applied to EM steps taken at the end.

    Returns
    -------
    Run
        Steps 0 to T with the reason for stopping.  EM converges to a stationary point (Wu 1983,
        doi:10.1214/aos/1176346060).  Before it says so it looks round, and goes on from a
        higher place if there is one nearby: see `emlib.driver.surroundings`.  Whether a top is
        the highest it cannot know.

    Raises
    ------
    TypeError
        If `start` is not a model.
    ValueError
        If the data does not fit the model, or an option is out of range.
    DegenerateError
        If the starting parameters give some row probability 0.

    Warns
    -----
    SaddleWarning
        If two components start equal, for EM keeps them equal for ever, or nearly equal.

    Examples
    --------
    >>> from emlib import BinomialMixture, Tosses, run_em
    >>> run = run_em(BinomialMixture([0.6, 0.5]), Tosses([5, 9, 8, 4, 7], flips=10))
    >>> run.reason
    <StopReason.CONVERGED: 'converged'>
    >>> run.model.theta.round(2)
    array([0.8 , 0.52])
    """
    check_model("start", start)
    tol = non_negative("tol", tol)
    max_iter = positive_integer("max_iter", max_iter, minimum=0)
    data = start.prepare(data)
    start.check_fit(data)
    _warn_of_saddle(start)

    climber = Climber(data, accelerate)
    rows = total_weight(data)
    patience = Patience(tol * rows, data)
    here = climber.visit(start)
    if here.log_likelihood == -np.inf:
        start.expectation(data)  # raises an error that names the row
        raise here.trouble or DegenerateError("the start has a log-likelihood of minus infinity")
    steps = [Step(0, start, here.log_likelihood, data)]
    found: Visit | None = None  # a higher place, found by looking round

    def stop(reason: StopReason, message: str) -> Run:
        return Run(tuple(steps), reason, message, climber.evaluations)

    for t in range(1, max_iter + 1):
        there = climber.leap(here) if found is None and patience.leaping else found
        leapt = there is not None
        if there is None and here.following is not None:
            there = climber.visit(here.following)
        if there is None or there.log_likelihood == -np.inf:
            trouble = here.trouble if there is None else there.trouble
            return stop(StopReason.DEGENERATE, f"after iteration {t - 1}: {trouble}")
        steps.append(Step(t, there.model, there.log_likelihood, data))
        gain = there.objective - here.objective
        # The objective may be near 0 while the terms of its sum, one per row, are not.
        noise = ROUNDING * max(rows, abs(there.objective))
        if gain < -noise and gain < -there.model.rounding(data):
            message = f"the log-likelihood fell by {-gain:g} nats in iteration {t}"
            return stop(StopReason.DECREASED, message)
        found = None
        if patience.ends(gain, leapt, [step.model for step in steps[-3:]]):
            message = f"at most {tol:g} nats per row are left to gain after iteration {t}"
            margin = max(tol * rows, noise, there.model.rounding(data))
            try:
                found = higher_nearby(data, there, margin)
            except NotImplementedError:
                message += "; whether it is a saddle is unknown, for the model has no coordinates"
            if found is None:
                return stop(StopReason.CONVERGED, message)
            twins = there.model.twins()
            if twins:
                message = (
                    f"after iteration {t}, components {twins[0]} and {twins[1]} are equal, which "
                    "EM cannot change, though the log-likelihood is higher where they differ"
                )
                return stop(StopReason.SADDLE, message)
            climber.forget()
        here = there
    message = f"not converged within {max_iter} iterations; raise max_iter"
    return stop(StopReason.ITERATION_LIMIT, message)


def _warn_of_saddle(start: Model) -> None:
    """Warn if two components of the start are equal, or nearly so."""
    for within, what in (
        (
            0.0,
            "start equal: their responsibilities stay in proportion for ever, so EM can only "
            "reach a saddle; start them apart",
        ),
        (
            NEARLY_EQUAL,
            "start nearly equal: EM parts them very slowly, if it does not stop at a saddle; "
            "start them further apart",
        ),
    ):
        twins = start.twins(within)
        if twins:
            message = f"components {twins[0]} and {twins[1]} {what}"
            warnings.warn(message, SaddleWarning, stacklevel=4)
            return
