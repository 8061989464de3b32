"""Stand-ins, in the trusted process, for what the student wrote.

A check calls a student's function as usual. The call is made in the student's kernel; only plain
values, the words of an exception and the number of a line come back. What comes back is data:
nothing the student wrote runs in this process.
"""

from __future__ import annotations

import builtins
import linecache
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from types import FunctionType
from typing import Any

from grading.inside.shell import Stream
from grading.inside.values import Function, decode, encode
from grading.sandbox import Died, Hung, Kernel

STUDENT = "__main__"  # the module in which a notebook's functions are defined
ENDS_LOOPS = (StopIteration, StopAsyncIteration)  # a check that loops would end there, in peace


class Unsendable(Exception):
    """A check passes something to a student's function that cannot cross."""


@dataclass
class Line:
    """A connection to the student's functions, as they were at one place of the notebook.

    Attributes
    ----------
    snapshot : callable
        Starts a kernel in the state of that place.
    cells : list of str
        The student's code cells, whose lines errors name.
    seconds : callable
        How long the next call may take.
    hung : set
        Functions that hung once, and are not called again.
    hidden : bool
        Whether arguments are hidden: then the student's words are kept back.
    """

    snapshot: Callable[[], Kernel]
    cells: list[str]
    seconds: Callable[[], float]
    hung: set[Any]
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
        self.tidy()
        self.kernel = self.snapshot()
        told = self.kernel.ask(10, do="describe", names=self.names)
        found = {name: told[name] for name in self.names if name in told}
        for name, tree in found.items():
            with suppress(ValueError):
                decode(tree, lambda told, name=name: self.numbers.update({name: told["number"]}))
        return found

    def _function(self, told: Function, name: str = "") -> StudentFunction:
        number, place = int(told["number"]), tuple(int(n) for n in told["place"])
        return StudentFunction(self, name or str(told["name"]), number, place, bool(name))

    def call(self, function: StudentFunction, arguments: Any, options: Any) -> Any:
        """Call a function in the student's kernel."""
        identity = (function.__name__, function.place)
        if identity in self.hung:
            raise TimeoutError("it did not finish when it was called before")
        try:
            if self.kernel is None or not self.kernel.alive:
                self._describe()
            reply = self._ask(function, arguments, options)
        except Unsendable:
            raise
        except Hung as error:
            self.hung.add(identity)
            raise TimeoutError(str(error)) from None
        except Died as error:
            self.hung.add(identity)
            raise SystemError(str(error)) from None
        except BaseException:  # a check's own time limit, perhaps
            self.hung.add(identity)
            if self.kernel:
                self.kernel.alive = False
            raise
        return self._read(reply, arguments)

    def _ask(self, function: StudentFunction, arguments: Any, options: Any) -> dict[str, Any]:
        """Send the call; meanwhile, answer calls of the functions that were passed."""
        passed: list[Any] = []

        def keep(value: Any) -> dict[str, Any]:
            passed.append(value)
            return {"number": len(passed) - 1, "name": getattr(value, "__name__", "function")}

        def send(value: Any) -> Any:
            tree = encode(value, keep)
            if isinstance(tree, dict) and tree.keys() & {"strange", "read"}:
                raise Unsendable(f"an argument of type {type(value).__name__} cannot be sent")
            return tree

        trees = [send(value) for value in arguments]
        named = {name: send(value) for name, value in options.items()}
        number = self.numbers.get(function.__name__, -1) if function.named else function.number
        kernel, seconds = self.kernel, self.seconds()
        deadline = monotonic() + seconds
        assert kernel is not None
        request = {"do": "call", "function": number, "arguments": trees, "options": named}
        while (left := deadline - monotonic()) > 0:  # what it calls back takes of its time
            try:
                reply = kernel.ask(left, **request)
            except Hung:
                break
            if "callback" not in reply:
                return reply
            request = self._answer(passed, reply)
        kernel.alive = False
        raise Hung(seconds)

    def _answer(self, passed: list[Any], asked: dict[str, Any]) -> dict[str, Any]:
        try:
            values = [decode(tree, self._function) for tree in asked["arguments"]]
            result = passed[int(asked["callback"])](*values)
            return {"value": encode(result, lambda _: {})}
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"}

    def _read(self, reply: dict[str, Any], arguments: Any) -> Any:
        """Carry over what happened: changed arguments, prints, warnings, errors, the result."""
        try:
            for i, tree in dict(reply.get("changed", {})).items():
                with suppress(ValueError, TypeError, IndexError, KeyError):
                    replace(arguments[int(i)], decode(tree, self._function))
            printed, used = str(reply.get("printed", "")), list(reply.get("used", []))
            warned = [(str(kind), str(words)) for kind, words in reply.get("warned", [])]
            told = reply.get("error")
            value = None if told else decode(reply["value"], self._function)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise SystemError("what it returned cannot be read") from None
        if printed and not (self.hidden and isinstance(sys.stdout, Stream)):
            sys.stdout.write(printed)
        for kind, words in warned:
            category = getattr(builtins, kind, None)
            if isinstance(category, type) and issubclass(category, Warning):
                warnings.warn("" if self.hidden else words, category, stacklevel=3)
        for module in used:
            pretend_call(str(module))
        if told:
            self._raise(told)
        return value

    def _raise(self, told: dict[str, Any]) -> None:
        """Raise the student's exception again: its type by name, and where it was raised."""
        name, words = str(told.get("type")), str(told.get("words"))
        base = known_exception(name)
        if self.hidden:  # words, and names of one's own, may carry what is hidden
            name, words = (name if base is not Exception else "Exception"), ""
        error = imitate(base, name, words)
        with suppress(ValueError, TypeError, KeyError, IndexError):
            cell, line, inside = int(told["cell"]), int(told["line"]), str(told["inside"])
            source = self.cells[cell - 1]
            if 0 < line <= len(source.splitlines()) and inside.isidentifier() and inside in source:
                raise_at(error, f"cell {cell}", source, line, inside)
        raise error


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
        return self._line.call(self, arguments, options)

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"


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


def imitate(base: type[Exception], name: str, words: str) -> Exception:
    """Make an exception of that type, which says these words."""
    name = name if name.isidentifier() else "Exception"
    members = {"__init__": lambda self: None, "__str__": lambda self: words}
    return type(name, (base,), members)()


def raise_at(error: Exception, file: str, source: str, line: int, function: str) -> None:
    """Raise an error so that its traceback ends in a line of the student's code."""
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    code = compile("\n" * (line - 1) + "raise error", file, "exec").replace(co_name=function)
    FunctionType(code, {"__name__": STUDENT, "error": error})()


def pretend_call(module: str) -> None:
    """Let a profiler see a call in a module, as the student's process saw one."""
    FunctionType(compile("None", module, "exec"), {"__name__": module})()
