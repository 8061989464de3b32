"""Seconds: of computing and by the clock, for a request and for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

# Times as many seconds by the clock as of computing: for all requests together, and for one.
BY_THE_CLOCK, ONE_BY_THE_CLOCK = 2, 4
FREE = 1.0  # seconds by the clock, of each request, in which it may be the machine that is busy
COMPUTED = "had computed"  # what the reason says if it is seconds of computing


class Died(Exception):
    """The kernel ended; its words say why, if that is known."""


class Hung(Died):
    """The kernel did not answer in time: the `limit` is that of computing, or of waiting."""

    def __init__(self, limits: Limits) -> None:
        self.limit = "computing" if limits.computed >= limits.computing else "waiting"
        seconds, how = limits.waiting, "by the clock"
        if self.limit == "computing":
            seconds, how = limits.computing, "of computing"
        super().__init__(f"it had not finished after {seconds:.0f} seconds {how}")


@dataclass
class Limits:
    """What requests may take, and took: seconds of the processor, and by the clock.

    On a busy machine a program waits for the processor; that must cost nobody points.
    """

    computing: float
    waiting: float
    computed: float = 0.0
    waited: float = 0.0

    @property
    def spent(self) -> float:
        """Seconds to take from what is left for all requests."""
        return max(self.computed, (self.waited - FREE) / BY_THE_CLOCK)


@dataclass
class Seconds:
    """Seconds of computing: what is `left` for all requests, and the `most` for one."""

    left: float
    most: float

    def part(self, computing: float = inf, waiting: float = inf) -> Limits:
        """Return the limits of the next request, which may ask for less."""
        own = max(min(self.left, self.most), 0.1)
        clock = max(min(self.left * BY_THE_CLOCK, self.most * ONE_BY_THE_CLOCK), 0.1)
        return Limits(min(own, computing), min(clock, waiting))


@dataclass
class Budget:
    """Seconds of computing for a submission as a whole; by the clock it may be a few times as many.

    Attributes
    ----------
    cells, checks : float
        For all of the student's cells, and for all calls of checks.
    cell, call : float
        The most that one of them may take.
    """

    cells: float = 60.0
    checks: float = 60.0
    cell: float = 20.0
    call: float = 15.0
