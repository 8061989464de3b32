"""Checks that teach: what an exercise knows, and how it shows and grades.

An `Exercise` is a value: the right answer, examples small enough to work out by hand, the
mistakes that students make with what to say about each, and hints.  ``check`` tries a function
on the examples and shows a report; ``grade`` tries it on hidden inputs too and returns points.
A mistake is recognised by what it does: it is named if it gives the student's result wherever
that result is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from emlib import _words
from emlib._explain import close
from emlib._judge import judge
from emlib._read import Output, Values
from emlib._report import Hint, Outcome, Report, present, show

__all__ = ["Exercise", "Mistake", "Outcome", "Output", "Part", "Report", "Values", "close"]


@dataclass(frozen=True)
class Mistake:
    """A mistake that students make.

    Attributes
    ----------
    name : str
        A few words, for the instructor's statistics.
    says : str
        What to tell the student: what it looks like and why that is wrong, not the answer.
    gives : callable
        What a function with this mistake returns, or raises, for the exercise's arguments.
    part : str, optional
        The output that `gives` returns; by default it returns all of them.
    """

    name: str
    says: str
    gives: Callable[..., Any]
    part: str = ""


@dataclass(frozen=True)
class Part:
    """One thing that earns its share of the points.

    Attributes
    ----------
    name : str
    holds : callable
        Whether the values returned are right in this respect: ``holds(values, right)``.
    says : str, optional
        What to tell the student if they are not and no mistake was recognised.
    """

    name: str
    holds: Callable[[Values, Values], bool]
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """An exercise: write one function.

    Attributes
    ----------
    name : str
        The function's name, which is the exercise's name too.
    parameters : tuple of str
        The names of its parameters.
    outputs : tuple of Output
        What it returns.
    answer : callable
        A right function.  If the student's function builds on earlier ones, which `check` is
        then given too, `answer` takes these as a further argument ``steps``.
    examples : tuple of tuples
        The arguments of the visible check; the first can be worked out by hand.
    mistakes : tuple of Mistake
        The first that fits is named.
    hints : tuple of str
        From a nudge to a plan.
    parts : tuple of Part, optional
        What earns the points, in equal shares; by default each output does.
    """

    name: str
    parameters: tuple[str, ...]
    outputs: tuple[Output, ...]
    answer: Callable[..., Any]
    examples: tuple[tuple[Any, ...], ...]
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, ...]
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        """Let each output be a part, unless parts are given."""
        if not self.parts:
            parts = tuple(Part(output.name, _nth_close(i)) for i, output in enumerate(self.outputs))
            object.__setattr__(self, "parts", parts)

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
            raise ValueError(_words.NO_SUCH_HINT.format(count=count, level=level))
        words = _words.HINT.format(level=level, count=count, hint=self.hints[level - 1])
        if level < count:
            words += _words.NEXT_HINT.format(exercise=self.name, next=level + 1)
        present(Hint(words))


def _nth_close(i: int) -> Callable[[Values, Values], bool]:
    return lambda values, right: close(values[i], right[i])
