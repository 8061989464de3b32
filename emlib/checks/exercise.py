"""Exercises: what the notebooks call to check and to grade a function, and to give hints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from emlib.checks import phrases
from emlib.checks.facts import Facts
from emlib.checks.judge import judge
from emlib.checks.report import Hint, present, show


class Exercise(Facts):
    """An exercise: write one function.  Its arguments are the attributes of `Facts`."""

    def check(self, function: Any, *steps: Any) -> None:
        """Show whether `function` is right on the visible examples and, if not, why.

        Parameters
        ----------
        function : callable
            The student's function.
        *steps : callable
            Their earlier functions that it calls.
        """
        show(judge(self, function, steps))

    def grade(
        self, function: Any, *steps: Any, cases: Sequence[tuple[Any, ...]], points: float
    ) -> float:
        """Show a report that tells nothing of hidden inputs; return the points earned.

        Parameters
        ----------
        function, *steps : callable
            As for `check`.
        cases : sequence of tuples
            Hidden arguments, one tuple for each call.
        points : float
            What a right answer is worth.

        Returns
        -------
        float
            From 0 to `points`, to two decimals.
        """
        report = judge(self, function, steps, cases, points)
        show(report)
        return report.points or 0.0

    def hint(self, level: int = 1) -> None:
        """Show hint number `level`; 1 is a nudge, the last a plan.

        Raises
        ------
        ValueError
            If there is no hint of that number.
        """
        count = len(self.hints)
        if level not in range(1, count + 1):
            raise ValueError(phrases.NO_SUCH_HINT.format(count=count, level=level))
        words = phrases.HINT.format(level=level, count=count, hint=self.hints[level - 1])
        if level < count:
            words += phrases.NEXT_HINT.format(exercise=self.name, next=level + 1)
        present(Hint(words))
