"""What an exercise knows: the right answer, examples, mistakes, hints, and what earns points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from emlib.checks.read import Output, Seen, Values
from emlib.checks.relations import holds


class NotOnCard(LookupError):
    """Raised where the answer key would be needed: a card knows its examples only."""


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
    alone : tuple of str, optional
        Of a mistake in all outputs: those in which it may be made while the others are right.
    """

    name: str
    says: str
    gives: Callable[..., Any]
    part: str = ""
    alone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One thing that earns its share of the points.

    Attributes
    ----------
    name : str
    holds : callable
        Whether the values returned are right in this respect: ``holds(values, right)``; None if
        they tell nothing of it.  For an exercise that goes onto a card, from
        `emlib.checks.relations`.
    says : str, optional
        What to tell the student if they are not and no mistake was recognised.
    shares : int, optional
        How many shares of the points it earns.
    about : tuple of str, optional
        The outputs that it is about; by default the one of its name, if there is one.  It is not
        looked at while one of these is missing.  Of all others ``holds`` may find None in the
        place of values that are missing or of another shape than the right ones.
    """

    name: str
    holds: Callable[[Seen, Values], bool | None]
    says: str = ""
    about: tuple[str, ...] = ()
    shares: int = 1


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
        A right function; of inputs that it does not know, a card's raises `NotOnCard`.
    examples : tuple of tuples
        The arguments of the visible check; the first can be worked out by hand.
    mistakes : sequence of Mistake
        One that fits is named, if no other does.
    hints : tuple of str
        From a nudge to a plan.
    parts : tuple of Part, optional
        What earns the points, each its shares; by default each output earns one.
    steps : tuple of Facts, optional
        The exercises whose functions this one builds on.
    lent : tuple of str, optional
        Names that the notebook gives to the answer, which may call them though they are emlib's.
    """

    name: str
    parameters: tuple[str, ...]
    outputs: tuple[Output, ...]
    answer: Callable[..., Any]
    examples: tuple[tuple[Any, ...], ...]
    mistakes: Sequence[Mistake]
    hints: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    steps: tuple[Facts, ...] = ()
    lent: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Let each output be a part, unless parts are given."""
        if not self.parts:
            names = enumerate(output.name for output in self.outputs)
            parts = tuple(Part(name, holds(("close", i))) for i, name in names)
            object.__setattr__(self, "parts", parts)

    def about(self, part: Part) -> list[int]:
        """Return the positions of the outputs that a part is about."""
        names = part.about or (part.name,)
        return [i for i, output in enumerate(self.outputs) if output.name in names]
