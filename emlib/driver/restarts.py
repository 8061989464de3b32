"""Restarts: EM climbs to a top nearby, and which one depends on the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from emlib._validate import generator, non_negative, positive_integer
from emlib.driver.em import Run, StopReason, run_em
from emlib.driver.starts import STARTS, Seed
from emlib.models.gaussian.mixture import GaussianMixture
from emlib.models.gaussian.points import Points
from emlib.models.mixture import Mixture
from emlib.models.model import DegenerateError, check_model


@dataclass(frozen=True)
class Optimum:
    """A top that some restarts reached.

    Attributes
    ----------
    log_likelihood : float
        The highest of its runs, in nats; in MAP-EM, the objective.
    run : Run
        That run.
    count : int
        How many restarts ended here.
    """

    log_likelihood: float
    run: Run
    count: int


@dataclass(frozen=True, eq=False)
class Restarts:
    """All runs of one call of `restart_em`.

    Attributes
    ----------
    runs : tuple of Run
        In the order of the restarts.
    optima : tuple of Optimum
        The histogram of optima, the highest first; degenerate runs reached none.
    """

    runs: tuple[Run, ...]
    optima: tuple[Optimum, ...]

    @property
    def best(self) -> Run:
        """The run with the highest log-likelihood among those that did not degenerate."""
        if not self.optima:
            raise DegenerateError(f"every restart degenerated; the last: {self.runs[-1].message}")
        return self.optima[0].run

    @property
    def degenerate(self) -> int:
        """How many restarts degenerated."""
        return len(self.runs) - sum(optimum.count for optimum in self.optima)

    def __repr__(self) -> str:
        """Show the histogram."""
        tops = ", ".join(f"{top.log_likelihood:.4f} ({top.count} times)" for top in self.optima)
        return f"<{len(self.runs)} restarts: {tops or 'no optimum'}, {self.degenerate} degenerate>"


def restart_em(
    model: type[Mixture] | Callable[[np.random.Generator], Mixture],
    data: Any,
    k: int | None = None,
    *,
    restarts: int = 20,
    method: str = "k-means++",
    rng: Seed = None,
    same: float = 1e-4,
    tol: float = 1e-10,
    max_iter: int = 1000,
    accelerate: str | None = None,
    **options: Any,
) -> Restarts:
    """Run EM from many starts and keep the histogram of the optima they reach.

    Parameters
    ----------
    model : model class, or function of a random Generator
        ``GaussianMixture``, ``BinomialMixture``, ``PoissonMixture`` or ``CategoricalMixture``;
        or a function that makes a start of its own.
    data : object
        Data that the model accepts.
    k : int
        Number of components; not needed with a function.
    restarts : int, default 20
    method : {"k-means++", "random"}, default "k-means++"
        How starts choose their rows.
    rng : numpy Generator or seed, optional
    same : float, default 1e-4
        Runs whose log-likelihoods differ by at most this, in nats, reached the same optimum.
    tol, max_iter, accelerate
        As in `run_em`.
    **options
        For the model class, such as ``covariance_type``.

    Returns
    -------
    Restarts

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form, or the data does not fit; the error names it.

    Examples
    --------
    >>> from emlib import BinomialMixture, Tosses
    >>> restart_em(BinomialMixture, Tosses([5, 9, 8, 4, 7], flips=10), k=2, rng=0)
    <20 restarts: -31.5702 (20 times), 0 degenerate>
    """
    restarts = positive_integer("restarts", restarts)
    same = non_negative("same", same)
    rng = generator(rng)
    if isinstance(model, type):
        if model not in STARTS:
            known = ", ".join(kind.__name__ for kind in STARTS)
            raise TypeError(f"model must be one of {known} or a function, not {model.__name__}")
        make, kind = STARTS[model], {"k": k, "method": method, **options}
        if issubclass(model, GaussianMixture):
            data = Points.of(data)
        starts = [make(data, rng=rng, **kind) for _ in range(restarts)]
    elif callable(model):
        starts = [model(rng) for _ in range(restarts)]
    else:
        raise TypeError(f"model must be a model class or a function, not {model!r}")
    for start in starts:
        check_model("what the function returns", start)
    prepared = starts[0].prepare(data)
    runs = tuple(
        run_em(start, prepared, tol=tol, max_iter=max_iter, accelerate=accelerate)
        for start in starts
    )
    return Restarts(runs, _histogram(runs, same))


def _histogram(runs: tuple[Run, ...], same: float) -> tuple[Optimum, ...]:
    """Group the runs that reached an optimum by its height."""
    heights = sorted(
        (
            (run[-1].objective, i)
            for i, run in enumerate(runs)
            if run.reason in (StopReason.CONVERGED, StopReason.ITERATION_LIMIT)
        ),
        reverse=True,
    )
    optima: list[Optimum] = []
    for height, i in heights:
        if optima and optima[-1].log_likelihood - height <= same:
            top = optima[-1]
            optima[-1] = Optimum(top.log_likelihood, top.run, top.count + 1)
        else:
            optima.append(Optimum(height, runs[i], 1))
    return tuple(optima)
