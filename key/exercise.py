"""An exercise with all that is kept from students."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from emlib import checks
from emlib.checks import Mistake
from emlib.checks.judge import judge
from emlib.checks.report import show
from key.everywhere import everywhere

Rng = np.random.Generator


@dataclass(frozen=True, kw_only=True)
class Exercise(checks.Exercise):
    """An exercise that can be graded: its `answer` knows every input.

    Attributes
    ----------
    cases : callable
        Draws hidden arguments, one tuple for each call: random, asymmetric, and afresh at every
        grading.
    nats : tuple of str, optional
        The outputs that are in nats: another base of the logarithm is a mistake.
    own : tuple of Mistake
        The mistakes that were given, without those that can be made in every exercise.
    """

    cases: Callable[[Rng], Sequence[tuple[Any, ...]]]
    nats: tuple[str, ...] = ()
    own: tuple[Mistake, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Add the mistakes that can be made in every exercise."""
        super().__post_init__()
        object.__setattr__(self, "own", self.mistakes)
        common = everywhere(self, self.nats)
        object.__setattr__(self, "mistakes", (*self.mistakes, *common))

    def grade(self, function: Any, *steps: Any, points: float) -> float:
        """Show a report that tells nothing of hidden inputs; return the points earned.

        Parameters
        ----------
        function : callable
            The student's function.
        *steps : callable
            Their earlier functions that it calls: if one is wrong, the report says so.
        points : float
            What a right answer is worth.

        Returns
        -------
        float
            From 0 to `points`, to two decimals.
        """
        report = judge(self, function, steps, self.cases(np.random.default_rng()), points)
        show(report)
        return report.points or 0.0
