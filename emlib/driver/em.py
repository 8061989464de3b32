"""The EM driver.

What it asks of a model is in `emlib.models.model`; what it returns, in `emlib.driver.run`; the
notation, in `emlib.models.mixture`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from emlib._validate import non_negative, positive_integer
from emlib.driver.accelerate import Climber, Patience, Visit
from emlib.driver.run import Run, Step, StopReason
from emlib.driver.surroundings import higher_nearby
from emlib.models.model import DegenerateError, Model, check_model
from emlib.models.rows import total_weight

# A smaller fall, per nat or row, is no fall: near-singular covariances magnify rounding.
ROUNDING = 1e-12


NEARLY_EQUAL = 1e-3  # standard deviations: components that start this close part very slowly
EQUAL = (
    "equal: their responsibilities stay in proportion for ever, so EM can only reach a saddle; "
    "start them apart"
)
ALMOST = (
    "nearly equal: EM parts them very slowly, if it does not stop at a saddle; start them "
    "further apart"
)


class SaddleWarning(UserWarning):
    """The start has components that are equal or nearly so, which EM can hardly separate."""


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
            # What started equal stays equal, but for rounding.
            twins = there.model.twins(NEARLY_EQUAL if start.twins() else 0.0)
            if twins:
                message = (
                    f"after iteration {t}: components {twins[0]} and {twins[1]} are equal, which "
                    "EM cannot change, though the log-likelihood is higher where they differ"
                )
                return stop(StopReason.SADDLE, message)
            climber.forget()
        here = there
    message = f"not converged within {max_iter} iterations; raise max_iter"
    return stop(StopReason.ITERATION_LIMIT, message)


def _warn_of_saddle(start: Model) -> None:
    """Warn if two components of the start are equal, or nearly so."""
    twins, what = start.twins(), EQUAL
    if not twins:
        twins, what = start.twins(NEARLY_EQUAL), ALMOST
    if twins:
        message = f"components {twins[0]} and {twins[1]} start {what}"
        warnings.warn(message, SaddleWarning, stacklevel=4)
