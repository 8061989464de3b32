"""Call a student's function and report, in plain values, everything that happened."""

from __future__ import annotations

import copy
import ctypes
import dis
import inspect
import linecache
import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import numpy as np
from IPython.utils.capture import capture_output

from emlib.checks.read import unrolled


@dataclass
class Call:
    """One call of a student's function.

    Attributes
    ----------
    value : object
        What it returned.
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
    used_emlib : bool
        Whether it called a function of emlib.
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
    used_emlib: bool = False


class _TimeUp(BaseException):
    """Raised inside a student's code; no ``except Exception`` of theirs swallows it."""


def observe(function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float) -> Call:
    """Call ``function(*arguments)`` for at most `seconds`; never raises, never prints.

    The function gets copies, so that what it does to its arguments stays without effect.
    """
    given = copy.deepcopy(arguments)
    call = Call()

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and str(frame.f_globals.get("__name__")).startswith("emlib."):
            call.used_emlib = True

    with _quiet(call):
        try:
            with _time_limit(seconds):
                profiler = sys.getprofile()
                sys.setprofile(watch)
                try:
                    value = function(*given)
                finally:
                    sys.setprofile(profiler)
                call.value = unrolled(value)  # only now a generator runs
        except KeyboardInterrupt:  # the student's own wish, or the grader's
            raise
        except BaseException as error:
            call.hung = isinstance(error, _TimeUp)
            call.error, call.message = type(error).__name__, str(error)
            _locate(error, function, call)
    pairs = enumerate(zip(given, arguments, strict=True))
    call.changed = [i for i, (after, before) in pairs if not np.array_equal(after, before)]
    return call


@contextmanager
def _quiet(call: Call) -> Iterator[None]:
    """Keep what is printed, shown, logged or warned: nbgrader pays nothing if stderr is used."""
    threshold = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(record=True) as caught, capture_output() as captured:
            warnings.simplefilter("always")
            yield
    finally:
        logging.disable(threshold)
    call.printed = captured.stdout + captured.stderr
    call.warned = list(dict.fromkeys(f"{w.category.__name__}: {w.message}" for w in caught))


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise `_TimeUp` in the body when it has run for `seconds`, on every system."""
    body = ctypes.c_ulong(threading.get_ident())
    done, struck = threading.Event(), threading.Event()

    def strike() -> None:
        pause = seconds
        while not done.wait(pause):
            struck.set()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(body, ctypes.py_object(_TimeUp))
            pause = 0.5  # again, in case a bare `except:` swallowed it

    watcher = threading.Thread(target=strike, daemon=True)
    watcher.start()
    try:
        try:
            yield
        finally:
            done.set()
            watcher.join()
            while struck.is_set():  # one that came at the very end lands here, not later
                struck.clear()
    finally:
        done.set()  # the strike may have hit the line before


def _locate(error: BaseException, function: Callable[..., Any], call: Call) -> None:
    """Note the last line of the student's own code that was running."""
    module = getattr(function, "__module__", None)
    for frame, line in traceback.walk_tb(error.__traceback__):
        if frame.f_globals.get("__name__") == module:
            call.inside = frame.f_code.co_name
            call.line = line
            call.code = linecache.getline(frame.f_code.co_filename, line, frame.f_globals).strip()


def notebook_data_read_by(function: Callable[..., Any]) -> list[str]:
    """Name the global variables with data, not functions or modules, that `function` reads.

    Empty where Python cannot look inside, as for a function of another process.
    """
    if not isinstance(function, FunctionType):
        return []
    function = inspect.unwrap(function)
    known = getattr(function, "__globals__", {})
    codes = [getattr(function, "__code__", None)]
    names: dict[str, None] = {}
    while codes:
        code = codes.pop()
        if isinstance(code, CodeType):
            codes += code.co_consts
            names |= {
                i.argval: None for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL"
            }
    data = [n for n in names if n in known and not isinstance(known[n], ModuleType)]
    return [name for name in data if not callable(known[name])]
