"""Restarts: EM climbs to a top nearby, and which one depends on the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from emlib._validate import generator, positive_integer
from emlib.driver.em import run_em
from emlib.driver.run import Run, StopReason
from emlib.models.mixture import Mixture
from emlib.models.model import DegenerateError, check_model
from emlib.models.starts import Seed

SAME = 1e-4  # nats: runs whose ends differ by at most this reached the same optimum


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
        In the order of the restarts.  The best has all its steps, the others their last.
    optima : tuple of Optimum
        The histogram of optima, the highest first, of the runs that converged.
    impossible : tuple of str
        Why some starts gave no run at all.
    """

    runs: tuple[Run, ...]
    optima: tuple[Optimum, ...]
    impossible: tuple[str, ...] = ()

    @property
    def best(self) -> Run:
        """The run with the highest log-likelihood among those that did not degenerate."""
        heights = [(run[-1].objective, -i) for i, run in enumerate(self.runs) if _counts(run)]
        if not heights:
            last = self.impossible[-1] if self.impossible else self.runs[-1].message
            raise DegenerateError(f"every restart degenerated; the last: {last}")
        return self.runs[-max(heights)[1]]

    @property
    def degenerate(self) -> int:
        """How many restarts degenerated, or had a start under which some row is impossible."""
        return self._how_many(StopReason.DEGENERATE) + len(self.impossible)

    def _how_many(self, reason: StopReason) -> int:
        return sum(run.reason is reason for run in self.runs)

    def __repr__(self) -> str:
        """Show the histogram."""
        tops = ", ".join(f"{top.log_likelihood:.4f} ({top.count} times)" for top in self.optima)
        words = f"{tops or 'no optimum'}, {self.degenerate} degenerate"
        for reason, what in (
            (StopReason.ITERATION_LIMIT, "not converged"),
            (StopReason.SADDLE, "on a saddle"),
            (StopReason.DECREASED, "decreased"),
        ):
            words += f", {self._how_many(reason)} {what}" if self._how_many(reason) else ""
        return f"<{len(self.runs) + len(self.impossible)} restarts: {words}>"


def _counts(run: Run) -> bool:
    return run.reason not in (StopReason.DEGENERATE, StopReason.DECREASED)


def restart_em(
    model: type[Mixture] | Callable[[np.random.Generator], Mixture],
    data: Any,
    k: int | None = None,
    *,
    restarts: int = 20,
    method: str = "k-means++",
    rng: Seed = None,
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
        or a function that makes a start of its own.  A DegenerateError that it raises is
        counted.
    data : object
        Data that the model accepts.
    k : int
        Number of components; not needed with a function.
    restarts : int, default 20
    method : {"k-means++", "random"}, default "k-means++"
        How starts choose their rows.
    rng : numpy Generator or seed, optional
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
    rng = generator(rng)
    make, data = _maker(model, data, {"k": k, "method": method, **options})
    starts: list[Any] = []
    impossible = []
    for _ in range(restarts):
        try:
            starts.append(make(rng))
        except DegenerateError as error:
            impossible.append(str(error))
    for start in starts:
        check_model("what the function returns", start)
    data = starts[0].prepare(data) if starts else data
    runs: list[Run] = []
    best: int | None = None
    for start in starts:
        try:
            run = run_em(start, data, tol=tol, max_iter=max_iter, accelerate=accelerate)
        except DegenerateError as error:
            impossible.append(str(error))
            continue
        runs.append(run)
        higher = _counts(run) and (best is None or run[-1].objective > runs[best][-1].objective)
        loser, best = (best, len(runs) - 1) if higher else (len(runs) - 1, best)
        if loser is not None:  # its steps would fill the memory
            runs[loser] = replace(runs[loser], steps=runs[loser].steps[-1:])
    return Restarts(tuple(runs), _histogram(runs), tuple(impossible))


def _maker(model: Any, data: Any, options: dict[str, Any]) -> tuple[Callable[[Any], Any], Any]:
    """Return what makes a start from a Generator, and the data it is made for."""
    if isinstance(model, type):
        if not (issubclass(model, Mixture) and hasattr(model, "data_type")):
            raise TypeError(
                "model must be a model class with starts of its own, such as BinomialMixture, or "
                f"a function, not {model.__name__}"
            )
        kind = model
        data = kind.data_type.of(data)
        return lambda rng: kind.start_from(data, rng=rng, **options), data
    if callable(model):
        return model, data
    raise TypeError(f"model must be a model class or a function, not {model!r}")


def _histogram(runs: list[Run]) -> tuple[Optimum, ...]:
    """Group the runs that reached an optimum by its height."""
    ends = [(run[-1].objective, i) for i, run in enumerate(runs) if run.converged]
    optima: list[Optimum] = []
    for height, i in sorted(ends, reverse=True):
        if optima and optima[-1].log_likelihood - height <= SAME:
            top = optima[-1]
            optima[-1] = replace(top, count=top.count + 1)
        else:
            optima.append(Optimum(height, runs[i], 1))
    return tuple(optima)
