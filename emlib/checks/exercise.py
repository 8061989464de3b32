"""Exercises: what the notebooks call to check and to grade a function, and to give hints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emlib.checks import memory, phrases
from emlib.checks.facts import Facts
from emlib.checks.judge import judge
from emlib.checks.report import Hint, Outcome, Report, present, show
from emlib.words import _


class Exercise(Facts):
    """An exercise: write one function.  Its arguments are the attributes of `Facts`."""

    def check(self, function: Any, *steps: Any) -> None:
        """Show whether `function` is right on the visible examples and, if not, why.

        Parameters
        ----------
        function : callable
            The student's function.
        *steps : callable
            Their earlier functions that it calls, which are judged first: with a wrong step,
            nothing can be said about the function itself.
        """
        for exercise, step in zip(self.steps, steps, strict=False):
            outcome = judge(exercise, step, search=False).outcome
            if outcome is not Outcome.PASSED:
                show(self._waits_for(exercise.name, outcome))
                return
        report = judge(self, function, steps)
        memory.remember(self.name, function, passed=report.outcome is Outcome.PASSED)
        show(report)

    def yours(self, function: Any, stand_in: Callable[..., Any]) -> Any:
        """Return the student's function if its last check passed, else what stands in for it.

        Nothing is run for it.  A sentence says so when the function is not the student's.

        Parameters
        ----------
        function : callable
            The student's function.
        stand_in : callable
            A function with the same parameters and results, which calls emlib.

        Returns
        -------
        callable
        """
        if memory.passed(self.name, function):
            return function
        present(Hint(phrases.STANDS_IN.format(exercise=self.name)))
        return stand_in

    def _waits_for(self, step: str, outcome: Outcome) -> Report:
        if outcome is Outcome.NOT_ATTEMPTED:
            return Report(self.name, outcome, (phrases.STEP_NOT_ATTEMPTED.format(step=step),))
        words = phrases.STEP_NOT_RIGHT.format(step=step)
        return Report(self.name, Outcome.NOT_YET, (words,), mistakes=("a step is not right",))

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
        words = phrases.HINT.format(level=level, count=count, hint=_(self.hints[level - 1]))
        if level < count:
            words += phrases.NEXT_HINT.format(exercise=self.name, next=level + 1)
        present(Hint(words))
