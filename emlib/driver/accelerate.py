"""How EM climbs: plain steps, leaps ahead of them, and when it has climbed enough.

EM is a fixed-point iteration, theta <- M(theta), and its error shrinks by a constant factor a
step: near 1 if much information is missing.  Two classic accelerations guess from a few pairs
(theta, M(theta)) where the sequence is heading:

* SQUAREM (Varadhan and Roland 2008, doi:10.1111/j.1467-9469.2007.00585.x) squares a step
  along the last two.
* Anderson acceleration (Walker and Ni 2011, doi:10.1137/10078356X) combines the last pairs so
  that what remains of M(theta) - theta is least; for linear M it is a Krylov method.

A guess may overshoot.  The guard is simple, and free because `em_step` returns the
log-likelihood anyway: a guess that would lower it is dropped for the EM step, which never does
(Henderson and Varadhan 2019, doi:10.1080/10618600.2019.1594835, allow a small fall instead).
It does not help against another danger: a leap may head for any theta with M(theta) = theta, be
it a saddle, which EM would leave.  See `emlib.driver.surroundings` for what does.
Both move in the model's unbounded `coordinates`, where every guess is a legal model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from emlib._validate import FloatArray, choice
from emlib.models.model import DegenerateError, Model


class Visit(NamedTuple):
    """A model where EM has been.

    Attributes
    ----------
    model : Model
    log_likelihood, objective : float
        The objective is the log-likelihood plus the log prior, if the model has one.
    following : Model or None
        The model after an EM step from here; None if that step degenerates.
    trouble : DegenerateError or None
        Why it does.
    """

    model: Model
    log_likelihood: float
    objective: float
    following: Model | None
    trouble: DegenerateError | None


class Anderson:
    """Anderson acceleration with the last few pairs.

    With residuals f_t = M(theta_t) - theta_t, find gamma that minimises
    |f_t - (f_t - f_{t-1}, f_{t-1} - f_{t-2}, ...) gamma|, and leap to
    M(theta_t) - (M_t - M_{t-1}, M_{t-1} - M_{t-2}, ...) gamma.  Rejected proposals are pairs,
    too: they tell where the map bends.
    """

    def __init__(self, memory: int = 10) -> None:
        self.memory = memory
        self.images: list[FloatArray] = []
        self.residuals: list[FloatArray] = []

    def propose(self, theta: FloatArray, image: FloatArray) -> FloatArray | None:
        """Return where to leap from theta, given M(theta)."""
        self._remember(theta, image)
        if len(self.images) == 1:
            return None
        gamma = np.linalg.lstsq(np.diff(self.residuals, axis=0).T, self.residuals[-1])[0]
        return np.asarray(image - gamma @ np.diff(self.images, axis=0))

    def rejected(self, theta: FloatArray, image: FloatArray | None) -> None:
        """Keep the pair."""
        if image is not None:
            self._remember(theta, image)

    def _remember(self, theta: FloatArray, image: FloatArray) -> None:
        self.images = [*self.images[-self.memory :], image]
        self.residuals = [*self.residuals[-self.memory :], image - theta]


class Squarem:
    """SQUAREM with step length S3: two EM steps, a leap, an EM step, and again.

    From theta_0, theta_1 = M(theta_0) and theta_2 = M(theta_1), with r = theta_1 - theta_0,
    v = theta_2 - theta_1 - r and alpha = -|r| / |v|, leap to
    theta_0 - 2 alpha r + alpha^2 v.
    """

    def __init__(self) -> None:
        self.past: list[FloatArray] = []

    def rejected(self, theta: FloatArray, image: FloatArray | None) -> None:
        """Begin a new cycle."""
        self.past = []

    def propose(self, theta: FloatArray, image: FloatArray) -> FloatArray | None:
        """Return where to leap from theta, given M(theta); None within a cycle."""
        self.past.append(theta)
        if len(self.past) == 1:
            return None
        if len(self.past) == 3:  # landed by a leap: the EM step from here begins a new cycle
            self.past = []
            return None
        r = theta - self.past[0]
        v = image - theta - r
        curvature = np.linalg.norm(v)
        if curvature == 0:
            return None
        alpha = min(-1.0, float(-np.linalg.norm(r) / curvature))
        return np.asarray(self.past[0] - 2 * alpha * r + alpha**2 * v)


ACCELERATORS: dict[str, type[Anderson] | type[Squarem]] = {"anderson": Anderson, "squarem": Squarem}


class Climber:
    """Visits models, counts the visits, and leaps if it has an accelerator.

    Parameters
    ----------
    data : object
        Prepared data.
    accelerate : str or None
        A key of `ACCELERATORS`.
    """

    def __init__(self, data: Any, accelerate: str | None) -> None:
        if accelerate is not None:
            choice("accelerate", accelerate, ACCELERATORS)
        self.data = data
        self.accelerate = accelerate
        self.forget()
        self.evaluations = 0

    def forget(self) -> None:
        """Begin anew, as if from a new start."""
        self.accelerator: Anderson | Squarem | None = (
            ACCELERATORS[self.accelerate]() if self.accelerate else None
        )

    def visit(self, model: Model) -> Visit:
        """Compute an EM step from `model`, whose log-likelihood comes with it."""
        self.evaluations += 1
        try:
            following, log_likelihood = model.em_step(self.data)
            trouble = None
        except DegenerateError as error:
            following, trouble = None, error
            log_likelihood = model.log_likelihood(self.data)
        return Visit(model, log_likelihood, log_likelihood + model.log_prior(), following, trouble)

    def leap(self, here: Visit) -> Visit | None:
        """Visit where the accelerator proposes, or return None if an EM step is better."""
        if self.accelerator is None or here.following is None:
            return None
        theta = finite(here.model.coordinates(self.data))
        image = finite(here.following.coordinates(self.data))
        if theta is None or image is None:
            return None
        candidate = self.accelerator.propose(theta, image)
        if candidate is None:
            return None
        landed: FloatArray | None = None
        try:
            there = self.visit(here.model.at_coordinates(self.data, candidate))
            if there.following is not None:
                if there.objective >= here.objective:
                    return there
                landed = finite(there.following.coordinates(self.data))
        except ValueError:  # so far out that it is no legal model in floating point
            pass
        self.accelerator.rejected(candidate, landed)
        return None


def finite(coordinates: FloatArray) -> FloatArray | None:
    """Return the coordinates; None if there are none, or one is at its bound, like a theta of 0."""
    return coordinates if coordinates.size and np.isfinite(coordinates).all() else None


class Patience:
    """The rule for stopping: when the gain still to come is small.

    EM's gains become a geometric series, whose rest is foretold from two of them (Aitken; see
    McLachlan and Krishnan 2008, section 4.9, doi:10.1002/9780470191613).  Gains alone would be
    believed too soon: near a saddle, where the first is large and the second tiny, and in very
    slow runs, where their ratio is all rounding.  The lengths of the steps tell, for they are
    known to many more digits: they grow on the way from a saddle, and where they shrink by a
    factor lambda, the gains shrink by lambda^2.

    Parameters
    ----------
    enough : float
        Stop when at most this is left to gain, in nats.
    data : object
        Prepared data.
    """

    SETTLING = 5  # EM steps from the start or from a leap, until the slowest error shows
    STANDSTILL = 1e-13  # a step this short beside the largest parameter is all rounding

    def __init__(self, enough: float, data: Any) -> None:
        self.enough = enough
        self.data = data
        self.last_gain = 0.0
        self.em_steps = 0
        self.leaping = True

    def ends(self, gain: float, leapt: bool, models: Sequence[Model]) -> bool:
        """Take in the gain of the last step and tell whether to stop.

        The gains of leaps are no geometric series.  So once a leap gains little, a few EM steps
        follow, and they decide.

        Parameters
        ----------
        gain : float
            In nats.
        leapt : bool
            Whether that step was a leap.
        models : sequence of Model
            The last three models, two at the first step.
        """
        if leapt:
            self.em_steps = 0
            self.leaping = gain > self.enough
            return False
        last_gain, self.last_gain = self.last_gain, gain
        self.em_steps += 1
        settled = self.em_steps >= self.SETTLING
        self.leaping |= settled
        if gain > 0 and (gain >= last_gain or still_to_gain(gain, gain / last_gain) > self.enough):
            return False
        positions = np.array([model.position(self.data) for model in models])
        steps = np.diff(positions, axis=0) / np.abs(positions[-1]).max()
        with np.errstate(over="ignore"):
            lengths: list[float] = [np.inf, *np.linalg.norm(steps, axis=1)]
        before, step = lengths[-2:]
        if step <= self.STANDSTILL:
            return True
        shrinks = step < before and still_to_gain(gain, (step / before) ** 2) <= self.enough
        return settled and shrinks


def still_to_gain(gain: float, ratio: float) -> float:
    """Sum the geometric series of gains to come, each `ratio` times the one before it."""
    return gain * ratio / (1 - ratio)
