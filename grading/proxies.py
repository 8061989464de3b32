"""Stand-ins, in the trusted process, for what the student wrote.

A check calls a student's function as usual, or asks by `StudentFunction.observe` what a call does.
The call is made in the student's kernel; only plain values, the words of an exception and the
number of a line come back. What comes back is data: nothing the student wrote runs in this
process.
"""

from __future__ import annotations

import builtins
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import Any

from grading.inside.shell import Stream
from grading.inside.values import Function, decode, encode
from grading.kernels import Kernel
from grading.limits import Died, Hung, Limits, Seconds

STUDENT = "__main__"  # the module in which a notebook's functions are defined
ENDS_LOOPS = (StopIteration, StopAsyncIteration)  # a check that loops would end there, in peace
AGAIN = "it did not finish when it was called before"


class Unsendable(Exception):
    """A check passes something to a student's function that cannot cross."""


@dataclass
class Observed:
    """What a call did; ``cell`` is the number of the cell in which an error was raised.

    All others are what emlib's protocol for functions elsewhere says, see the guide.
    """

    value: Any = None
    error: str = ""
    message: str = ""
    line: int = 0
    code: str = ""
    inside: str = ""
    cell: int = 0
    printed: str = ""
    warned: list[str] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    over: str = ""
    computed: float = 0.0
    waited: float = 0.0


@dataclass
class Line:
    """A connection to the student's functions, as they were at one place of the notebook.

    Attributes
    ----------
    snapshot : callable
        Starts a kernel in the state of that place.
    cells : list of (str, bool)
        The code cells up to there, and of each whether the student wrote it.
    seconds : Seconds
        What is left for calls.
    hung : dict
        Functions that were ended, and are not called again: why.
    hidden : bool
        Whether arguments are hidden: then the student's words are kept back.
    """

    snapshot: Callable[[], Kernel]
    cells: list[tuple[str, bool]]
    seconds: Seconds
    hung: dict[Any, str]
    hidden: bool = False
    kernel: Kernel | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def values(self, names: list[str]) -> dict[str, Any]:
        """Return what the names stand for: data, or functions to call."""
        self.names = names
        found = {}
        for name, tree in self._describe().items():
            try:
                found[name] = decode(tree, lambda told, name=name: self._function(told, name))
            except ValueError:
                found[name] = None
        return found

    def tidy(self) -> None:
        """End a kernel that hangs; the next call starts another."""
        if self.kernel and not self.kernel.alive:
            self.kernel.kill()
            self.kernel = None

    def _describe(self) -> dict[str, Any]:
        """Ask a fresh kernel for the names; note the numbers of functions."""
        if self.seconds.left <= 0:
            raise Died("the time for checks was used up")
        started = monotonic()
        try:
            self.tidy()
            self.kernel = self.snapshot()
            told = self.kernel.ask(10, do="describe", names=self.names)
        finally:  # what an earlier call had ended is built again: that takes its time, too
            self.seconds.left -= Limits(inf, inf, waited=monotonic() - started).spent
        found = {name: told[name] for name in self.names if name in told}
        for name, tree in found.items():
            with suppress(ValueError):
                decode(tree, lambda told, name=name: self.numbers.update({name: told["number"]}))
        return found

    def _function(self, told: Function, name: str = "") -> StudentFunction:
        number, place = int(told["number"]), tuple(int(n) for n in told["place"])
        return StudentFunction(self, name or str(told["name"]), number, place, bool(name))

    def see(
        self, function: StudentFunction, limits: Limits, **request: Any
    ) -> tuple[Observed, dict[str, Any]]:
        """Call a function in the student's kernel; tell what happened, and the changed arguments.

        What ended the kernel is an error of the call; a function that did so is not called again.
        """
        identity = (function.__name__, function.place)
        if why := self.hung.get(identity):
            return Observed(error=_kind(why), message=why), {}
        over, reply = "", {}
        try:
            if self.kernel is None or not self.kernel.alive:
                self._describe()
            reply = self._ask(function, limits, **request)
            seen = self.read(reply)
        except Unsendable:
            raise
        except BaseException as error:
            # Others than these are a check's own time limit, perhaps.
            self.hung[identity] = why = str(error) if type(error) is Died else AGAIN
            if self.kernel:
                self.kernel.alive = False
            if not isinstance(error, Died):
                raise
            over = error.limit if isinstance(error, Hung) else ""
            seen = Observed(error=_kind(why), message=str(error))
        finally:
            self.seconds.left -= limits.spent
        seen.over, seen.computed, seen.waited = over, limits.computed, limits.waited
        changed = reply.get("changed")
        return seen, changed if isinstance(changed, dict) else {}

    def _ask(
        self, function: StudentFunction, limits: Limits, arguments: Any, options: Any, **more: Any
    ) -> dict[str, Any]:
        """Send the call; meanwhile, answer calls of the functions that were passed."""
        passed: list[Any] = []

        def keep(value: Any) -> dict[str, Any]:
            passed.append(value)
            return {"number": len(passed) - 1, "name": getattr(value, "__name__", "function")}

        def send(value: Any) -> Any:
            tree = encode(value, keep)
            if isinstance(tree, dict) and "strange" in tree:
                raise Unsendable(f"an argument of type {type(value).__name__} cannot be sent")
            return tree

        trees = [send(value) for value in arguments]
        named = {name: send(value) for name, value in options.items()}
        number = self.numbers.get(function.__name__, -1) if function.named else function.number
        kernel = self.kernel
        assert kernel is not None
        request = {"do": "call", "function": number, "arguments": trees, "options": named, **more}
        while "callback" in (reply := kernel.ask(limits, **request)):
            request = self._answer(passed, reply)
        return reply

    def _answer(self, passed: list[Any], asked: dict[str, Any]) -> dict[str, Any]:
        try:
            values = [decode(tree, self._function) for tree in asked["arguments"]]
            result = passed[int(asked["callback"])](*values)
            return {"value": encode(result, lambda _: {})}
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"}

    def read(self, reply: dict[str, Any]) -> Observed:
        """Read what happened; what would be told of hidden arguments is left out."""
        seen = Observed()
        try:
            told = reply.get("error")
            seen.value = None if told else decode(reply["value"], self._function)
            seen.printed = str(reply.get("printed", ""))
            for kind, words in reply.get("warned", []):
                category = getattr(builtins, str(kind), None)
                known = isinstance(category, type) and issubclass(category, Warning)
                words = "" if self.hidden else str(words)
                seen.warned.append(f"{kind if known else 'Warning'}: {words}")
            if told:
                self._read_error(told, seen)
        except (ValueError, TypeError, KeyError, AttributeError):
            return Observed(error="SystemError", message="what it returned cannot be read")
        return seen

    def _read_error(self, told: dict[str, Any], seen: Observed) -> None:
        """Read the type and words of an exception, and the line of the student's that raised it."""
        seen.error, seen.message = str(told.get("type")), str(told.get("words"))
        if not seen.error.isidentifier():
            seen.error = "Exception"
        if self.hidden:  # words, and names of one's own, may carry what is hidden
            known = known_exception(seen.error) is not Exception
            seen.error, seen.message = seen.error if known else "Exception", ""
        with suppress(ValueError, TypeError, KeyError, IndexError):
            cell, line, inside = int(told["cell"]), int(told["line"]), str(told["inside"])
            source = self.cells[cell - 1][0]
            lines = source.lstrip().splitlines()  # so IPython counts them
            if 0 < line <= len(lines) and inside.isidentifier() and inside in source:
                seen.cell, seen.line, seen.inside = cell, line, inside
                seen.code = lines[line - 1].strip()


class StudentFunction:
    """A student's function, to be called by a check."""

    def __init__(
        self, line: Line, name: str, number: int, place: tuple[int, ...], named: bool
    ) -> None:
        self._line = line
        self.number, self.place, self.named = number, place, named
        self.__name__ = self.__qualname__ = name
        self.__module__ = STUDENT

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Call it; carry over changed arguments, prints, warnings, errors and the result."""
        line = self._line
        seen, changed = line.see(self, line.seconds.part(), arguments=arguments, options=options)
        for i, tree in changed.items():
            with suppress(ValueError, TypeError, IndexError, KeyError, AttributeError):
                replace(arguments[int(i)], decode(tree, line._function))
        if seen.printed and not (line.hidden and isinstance(sys.stdout, Stream)):
            sys.stdout.write(seen.printed)
        for kind, _, words in (warned.partition(": ") for warned in seen.warned):
            warnings.warn(words, getattr(builtins, kind), stacklevel=2)
        if seen.error:
            raise imitate(seen)
        return seen.value

    def observe(
        self, arguments: Sequence[Any], through: str, computing: float, waiting: float
    ) -> Observed:
        """Call it with copies of the arguments and tell what happened; never raise for that.

        In the student's process, the function `through`, as ``"module:name"``, turns what is
        returned into data.  The call ends after so many seconds of `computing`, or of `waiting`.
        """
        limits = self._line.seconds.part(computing, waiting)
        request = {"arguments": arguments, "options": {}, "through": through}
        seen, changed = self._line.see(self, limits, **request)
        seen.changed = [i for i in range(len(arguments)) if str(i) in changed]
        seen.printed = "..." if self._line.hidden and seen.printed else seen.printed
        asked = {"computing": computing, "waiting": waiting}
        if seen.over and getattr(limits, seen.over) < asked[seen.over]:
            seen.over = ""  # it was not the check's limit
        return seen

    def cells(self) -> Sequence[tuple[str, bool]]:
        """Return the notebook's code cells up to here, and of each whether the student wrote it."""
        return self._line.cells

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"


def _kind(why: str) -> str:
    return "TimeoutError" if why == AGAIN else "SystemError"


def replace(argument: Any, changed: Any) -> None:
    """Change an argument in place, as the student's function did."""
    if isinstance(argument, list):
        argument[:] = changed
    elif isinstance(argument, dict):
        argument.clear()
        argument.update(changed)
    elif isinstance(argument, set):
        argument.clear()
        argument |= changed
    elif hasattr(argument, "bit_generator"):
        argument.bit_generator.state = changed.bit_generator.state
    else:
        argument[...] = changed


def known_exception(name: str) -> type[Exception]:
    """Return the exception that everybody knows by this name, or plain `Exception`."""
    if name == "LinAlgError" and "numpy" in sys.modules:
        return sys.modules["numpy"].linalg.LinAlgError  # type: ignore[no-any-return]
    known = getattr(builtins, name, None)
    if isinstance(known, type) and issubclass(known, Exception):
        return Exception if issubclass(known, ENDS_LOOPS) else known
    return Exception


def imitate(seen: Observed) -> Exception:
    """Make an exception of the type that was seen; it says its words, and where it was raised."""
    members = {
        "__init__": lambda self: None,
        "__str__": lambda self: seen.message,
        "where": f"in cell {seen.cell}, line {seen.line}: {seen.code}" if seen.line else "",
    }
    return type(seen.error, (known_exception(seen.error),), members)()
