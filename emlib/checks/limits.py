"""Limit how long a student's function runs: its computing, and the time by the clock."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

COMPUTING, WAITING = 10.0, 60.0  # seconds for all calls of one check together
LEAST = 0.01  # seconds even for a call that comes when none are left
AGAIN = 0.5  # seconds until a second strike, in case a bare `except:` swallowed the first
EVERY = 100  # events of a loop between two looks at the clock
TOOL = 4  # an identity that `sys.monitoring` reserves for nobody

T = TypeVar("T")
Left = Callable[[], float]  # how many seconds are left at least; at most 0 if a limit is reached


class TimeUp(BaseException):
    """Raised inside a student's code; no ``except Exception`` of theirs swallows it."""


class Budget:
    """The time that is left to a check: each call takes its part.

    Attributes
    ----------
    computing, waiting : float
        Seconds of the processor, and seconds by the clock, that are left.
    over : str
        Which of them is used up, "computing" or "waiting"; empty if none is.
    """

    def __init__(self, computing: float | None = None, waiting: float | None = None) -> None:
        self.computing = COMPUTING if computing is None else computing
        self.waiting = WAITING if waiting is None else waiting
        self.over = ""

    def spend(self, computed: float, waited: float) -> None:
        """Take off what a call took."""
        self.computing = max(self.computing - computed, 0.0)
        self.waiting = max(self.waiting - waited, 0.0)


def limited(budget: Budget, work: Callable[[], T], module: str | None) -> T:
    """Return ``work()``; raise `TimeUp` in it, in code of a module, once the budget is used up.

    What computes or waits in C without end cannot be stopped on every system.
    """
    computing = clock_of_this_thread()
    begun = computing(), monotonic()

    def left() -> float:
        of_computing = budget.computing - (computing() - begun[0])
        of_waiting = budget.waiting - (monotonic() - begun[1])
        if not budget.over and min(of_computing, of_waiting) <= 0:
            budget.over = "computing" if of_computing <= of_waiting else "waiting"
        return min(of_computing, of_waiting)

    try:
        return MEANS(left, work, module)
    finally:
        budget.spend(computing() - begun[0], monotonic() - begun[1])


def clock_of_this_thread() -> Callable[[], float]:
    """Return a clock of the processor's time that this thread takes, or what comes near."""
    if sys.platform == "emscripten":  # a browser has one clock
        return monotonic
    if hasattr(time, "pthread_getcpuclockid"):
        clock = time.pthread_getcpuclockid(threading.get_ident())
        return lambda: time.clock_gettime(clock)
    return time.process_time


def by_thread(left: Left, work: Callable[[], T], module: str | None) -> T:
    """Do the work while another thread watches the clocks.

    It may strike anywhere in this thread: so `work` is called in this very frame, not in the body
    of a context manager, whose end a strike could prevent.
    """
    body = threading.get_ident()
    done, struck = threading.Event(), threading.Event()
    wakes = threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGURG")

    def watch() -> None:
        pause = left()
        while not done.wait(max(pause, LEAST)):
            pause = left()
            if pause <= 0:
                struck.set()
                error = ctypes.py_object(TimeUp)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(body), error)
                if wakes:  # from a `sleep` or `read`
                    signal.pthread_kill(body, signal.SIGURG)
                pause = AGAIN

    watcher = threading.Thread(target=watch, daemon=True)
    # A signal that is ignored by default: one too many does no harm.
    before = signal.signal(signal.SIGURG, lambda *_: None) if wakes else None
    try:
        watcher.start()
        try:
            return work()
        finally:
            done.set()
            watcher.join()
            while struck.is_set():  # one that came at the very end lands here, not later
                struck.clear()
    finally:
        done.set()  # the strike may have hit the line before
        if wakes:
            signal.signal(signal.SIGURG, before or signal.SIG_DFL)


def by_events(left: Left, work: Callable[[], T], module: str | None) -> T:
    """Do the work and look at the clocks when the module's code jumps back or calls.

    No thread is needed.  Python tells such events from version 3.12 on; before, or if somebody
    else listens to them, nothing is limited.
    """
    monitoring: Any = getattr(sys, "monitoring", None)
    if monitoring is None or monitoring.get_tool(TOOL):
        return work()
    events = monitoring.events.JUMP, monitoring.events.PY_START
    count, over = 0, False

    def look(*_: Any) -> Any:
        nonlocal count, over
        if sys._getframe(1).f_globals.get("__name__") != module:
            return monitoring.DISABLE  # libraries are left in peace, and as fast as ever
        count += 1
        over = over or (count % EVERY == 0 and left() <= 0)
        if over:
            raise TimeUp
        return None

    monitoring.use_tool_id(TOOL, "emlib")
    try:
        for event in events:
            monitoring.register_callback(TOOL, event, look)
        monitoring.restart_events()
        monitoring.set_events(TOOL, sum(events))
        return work()
    finally:
        monitoring.set_events(TOOL, 0)
        monitoring.free_tool_id(TOOL)


MEANS = by_events if sys.platform == "emscripten" else by_thread
