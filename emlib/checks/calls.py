"""Call a student's function and report, in plain values, everything that happened."""

from __future__ import annotations

import builtins
import copy
import io
import linecache
import logging
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from IPython.utils.capture import capture_output

from emlib.checks import phrases
from emlib.checks.elsewhere import Elsewhere
from emlib.checks.limits import LEAST, Budget, TimeUp, limited
from emlib.checks.plain import plain, same

# How NumPy treats errors at its start: what a cell sets with `np.seterr` must not cost points.
USUAL_ERRORS: dict[str, Any] = {
    "divide": "warn",
    "over": "warn",
    "under": "ignore",
    "invalid": "warn",
}


@dataclass
class Call:
    """One call of a student's function.

    Attributes
    ----------
    value : object
        What it returned, as `plain` gives it.
    error, message : str
        Type and text of the exception that ended it; empty if it returned.
    line, code : int, str
        Where in the student's code it ended: the line's number in its cell, and the line; 0 and
        empty if unknown.
    inside : str
        The student's function that was running then.
    hung : bool
        Whether it was stopped because its time was up.
    printed : str
        What it wrote to stdout and stderr.
    warned : list of str
        The warnings it caused.
    changed : list of int
        Positions of the arguments that it changed in place.
    """

    value: Any = None
    error: str = ""
    message: str = ""
    line: int = 0
    code: str = ""
    inside: str = ""
    hung: bool = False
    printed: str = ""
    warned: list[str] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)


def observe(function: Callable[..., Any], arguments: tuple[Any, ...], budget: Budget) -> Call:
    """Call ``function(*arguments)`` within the time that is left; never raises, never prints.

    The function gets copies, so that what it does to its arguments stays without effect.
    """
    if isinstance(function, Elsewhere):
        return _observe_elsewhere(function, arguments, budget)
    module = getattr(function, "__module__", None)
    given = copy.deepcopy(arguments)
    call = Call()

    def work() -> Any:
        return plain(function(*given))  # only now a generator runs

    with _quiet(call):
        try:
            with np.errstate(**USUAL_ERRORS):
                call.value = limited(budget, work, module)
        except KeyboardInterrupt:  # the student's own wish, or the grader's
            raise
        except BaseException as error:
            call.hung = isinstance(error, TimeUp)
            call.error, call.message = type(error).__name__, str(error)
            _locate(error, function, call)
    pairs = enumerate(zip(given, arguments, strict=True))
    call.changed = [i for i, (after, before) in pairs if not same(after, before)]
    return call


def _observe_elsewhere(function: Elsewhere, arguments: tuple[Any, ...], budget: Budget) -> Call:
    """Let the other process call the function, within the time that is left."""
    through = f"{plain.__module__}:{plain.__name__}"
    left = max(budget.computing, LEAST), max(budget.waiting, LEAST)
    told = function.observe(arguments, through, *left)
    budget.spend(told.computed, told.waited)
    budget.over = told.over
    return Call(
        value=told.value,
        error=told.error,
        message=told.message,
        line=told.line,
        code=told.code,
        inside=told.inside,
        hung=bool(told.over),
        printed=told.printed,
        warned=told.warned,
        changed=told.changed,
    )


@contextmanager
def _quiet(call: Call) -> Iterator[None]:
    """Keep what is printed, shown, logged or warned: nbgrader pays nothing if stderr is used.

    Nobody is there to type, so what asks for input gets an error.
    """
    asked, stdin = builtins.input, sys.stdin
    builtins.input, sys.stdin = _no_input, io.StringIO()
    threshold = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(record=True) as caught, capture_output() as captured:
            warnings.simplefilter("always")
            yield
    finally:
        logging.disable(threshold)
        builtins.input, sys.stdin = asked, stdin
    call.printed = captured.stdout + captured.stderr
    call.warned = list(dict.fromkeys(f"{w.category.__name__}: {w.message}" for w in caught))


def _no_input(prompt: object = "") -> str:
    raise EOFError(phrases.NO_INPUT)


def _locate(error: BaseException, function: Callable[..., Any], call: Call) -> None:
    """Note the last line of the student's own code that was running."""
    module = getattr(function, "__module__", None)
    for frame, line in traceback.walk_tb(error.__traceback__):
        if frame.f_globals.get("__name__") == module:
            call.inside = frame.f_code.co_name
            call.line = line
            call.code = linecache.getline(frame.f_code.co_filename, line, frame.f_globals).strip()
