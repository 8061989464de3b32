"""What an exercise knows: the right answer, examples, mistakes, hints, and what earns points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from emlib.checks.read import Output, Values, close


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
class Facts:
    """What an exercise knows: a function to write.

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


def _nth_close(i: int) -> Callable[[Values, Values], bool]:
    return lambda values, right: close(values[i], right[i])
