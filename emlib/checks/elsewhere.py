"""How checks speak with a function that runs in another process, such as a grader's sandbox.

The two sides import nothing of each other.  Whatever has these methods is taken for such a
function; a check calls any other one itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable


class Observed(Protocol):
    """What a call did.

    Attributes
    ----------
    value : object
        What it returned, as data.
    error, message : str
        Type and text of the exception that ended it; empty if it returned.
    line, code, inside : int, str, str
        Where in the student's code it ended: the line's number in its cell, the line, and the
        function; 0 and empty if unknown.
    printed : str
        What it wrote to stdout and stderr.
    warned : list of str
        The warnings it caused, as ``"RuntimeWarning: overflow"``.
    changed : list of int
        Positions of the arguments that it changed in place.
    over : str
        The limit that ended it, "computing" or "waiting"; empty if none did.
    computed, waited : float
        Seconds of the processor, and by the clock, that it took.
    """

    value: Any
    error: str
    message: str
    line: int
    code: str
    inside: str
    printed: str
    warned: list[str]
    changed: list[int]
    over: str
    computed: float
    waited: float


@runtime_checkable
class Elsewhere(Protocol):
    """A student's function in another process."""

    __name__: str

    def observe(
        self, arguments: Sequence[Any], through: str, computing: float, waiting: float
    ) -> Observed:
        """Call it with copies of the arguments and tell what happened; never raise for that.

        Parameters
        ----------
        arguments : sequence
        through : str
            A function, as ``"module:name"``, that turns what was returned into data, over there.
        computing, waiting : float
            Seconds of the processor, and by the clock, after which to end it.
        """

    def cells(self) -> Sequence[tuple[str, bool]]:
        """Return the notebook's code cells up to here, and of each whether the student wrote it."""
