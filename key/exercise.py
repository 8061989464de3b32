"""An exercise with all that is kept from students."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from emlib import checks
from emlib.checks import Mistake
from emlib.checks.judge import judge
from emlib.checks.read import as_values
from emlib.checks.report import show
from key.everywhere import Known
from key.remember import Later, remembered
from key.tried import everywhere

Rng = np.random.Generator
LARGEST, LONGEST = 100, 30  # numbers in an example that is drawn, and in its result


def _size(arguments: tuple[Any, ...]) -> int:
    return sum(np.size(one) for one in arguments)


@dataclass(frozen=True, kw_only=True)
class Exercise(checks.Exercise):
    """An exercise that can be graded: its `answer` knows every input.

    Attributes
    ----------
    cases : callable
        Draws hidden arguments, one tuple for each call: random, asymmetric, and afresh at every
        grading, of a submission or of a class.
    nats : tuple of str, optional
        The outputs that are in nats: another base of the logarithm is a mistake.
    in_loops : callable, optional
        The right function written out in loops, see `key.written_out`.
    text : mapping of str to object, optional
        What the text has in the place of an argument: a number, or an array; several in a
        tuple.
    follows : callable, optional
        The last output as it follows from the other ones: of these, then the arguments.
    drawn : bool, optional
        Whether the visible check has a draw of the hidden cases too, always the same one.  So it
        knows every kind of input, and few mistakes look like another.
    own : tuple of Mistake
        The mistakes that were given, without those that can be made in every exercise.
    """

    cases: Callable[[Rng], Sequence[tuple[Any, ...]]]
    nats: tuple[str, ...] = ()
    in_loops: Callable[..., Any] | None = None
    follows: Callable[..., Any] | None = None
    text: Mapping[str, Any] = field(default_factory=dict)
    drawn: bool = True
    own: tuple[Mistake, ...] = field(init=False, repr=False)
    _hidden: Sequence[tuple[Any, ...]] = field(init=False, repr=False, default=())

    def __post_init__(self) -> None:
        """Add the mistakes that can be made in every exercise."""
        super().__post_init__()
        if self.drawn:
            drawn = self.cases(np.random.default_rng(0))
            more = [one for one in drawn if _size(one) <= LARGEST and self._length(one) <= LONGEST]
            object.__setattr__(self, "examples", (*self.examples, *more))
        object.__setattr__(self, "answer", remembered(self.answer))
        object.__setattr__(self, "own", tuple(map(self._remembering, self.mistakes)))
        object.__setattr__(self, "mistakes", Later(self._all_mistakes))

    def _length(self, arguments: tuple[Any, ...]) -> int:
        return _size(as_values(self.outputs, self.answer(*arguments)))

    def _all_mistakes(self) -> Iterator[Mistake]:
        yield from self.own
        yield from map(self._remembering, everywhere(self, self.own, self.known))

    def _remembering(self, mistake: Mistake) -> Mistake:
        return replace(mistake, gives=remembered(mistake.gives))

    @property
    def known(self) -> Known:
        """What mistakes are made from, beside the right answer."""
        return Known(self.nats, self.text, self.in_loops, self.follows)

    def prepare(self) -> None:
        """Draw the hidden cases now, for all that copies of this process will grade."""
        object.__setattr__(self, "_hidden", self.cases(np.random.default_rng()))
        for arguments in (*self.examples, *self._hidden):
            self.answer(*arguments)  # which it remembers

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
        cases = self._hidden or self.cases(np.random.default_rng())
        report = judge(self, function, steps, cases, points)
        show(report)
        return report.points or 0.0
