"""A student's kernel, as the grader sees it: asked, forked and ended from outside."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn

import psutil

from grading.engine import CANNOT_FORK, CannotStart
from grading.inside.frames import Closed, TimeUp, Unreadable, receive, send
from grading.limits import Died, Hung, Limits

if TYPE_CHECKING:
    from grading.sandbox import Sandbox

OURS = ("files", "fork", "drop")  # requests that run nothing of the student's


@dataclass
class Kernel:
    """One process in the sandbox: it runs cells, or forks, or answers calls."""

    sandbox: Sandbox
    number: int
    channel: socket.socket
    parent: Kernel | None = None
    alive: bool = True

    def __post_init__(self) -> None:
        """Find the process at the other end, to see how long it computes."""
        self.process: psutil.Process | None = None
        self._computed = self._kept_waiting = 0.0
        with suppress(AttributeError, OSError, psutil.Error):  # not every system tells
            told = self.channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
            self.process = psutil.Process(struct.unpack("3i", told)[0])
        if watch := self.sandbox.watch:
            watch.turn(come=self.pid)

    @property
    def pid(self) -> int:
        """The number of its process, if the system tells it, or 0."""
        return self.process.pid if self.process else 0

    def why(self) -> str:
        """Return why it was ended, or nothing if it was not."""
        watch = self.sandbox.watch
        return (watch.why(self.pid) if watch else "") or self.sandbox.ended

    def kept_waiting(self) -> float:
        """Return the seconds that it was ready to compute and another program did instead."""
        with suppress(AttributeError, OSError, ValueError):  # not every system tells
            told = Path(f"/proc/{self.process.pid}/schedstat").read_text(encoding="ascii")
            self._kept_waiting = int(told.split()[1]) / 1e9
        return self._kept_waiting

    def computed(self) -> float:
        """Return the seconds of the processor that it took so far, or those of a clock."""
        if self.process is None:
            return monotonic()
        with suppress(psutil.Error):  # it has ended
            times = self.process.cpu_times()
            self._computed = times.user + times.system
        return self._computed

    def ask(self, limits: Limits | float, **request: Any) -> dict[str, Any]:
        """Send a request and wait for its reply.

        Raises
        ------
        Died
            If the kernel ended or answered nonsense; `Hung`, if it did not answer in time.
        """
        try:
            return self._ask(limits if isinstance(limits, Limits) else Limits(inf, limits), request)
        except BaseException:
            self.alive = False  # a reply may still come, to a question no longer asked
            raise

    def _ask(self, limits: Limits, request: dict[str, Any]) -> dict[str, Any]:
        begun = self.computed() - limits.computed, self._waited() - limits.waited
        watch = self.sandbox.watch if request.get("do") not in OURS else None

        def read() -> None:
            limits.computed, limits.waited = self.computed() - begun[0], self._waited() - begun[1]

        def look() -> None:
            read()
            if limits.computed >= limits.computing or limits.waited >= limits.waiting:
                raise TimeUp

        if watch:
            watch.turn(self.pid)
        try:
            look()
            send(self.channel, request, limits.waiting - limits.waited)
            reply = receive(self.channel, while_waiting=look)
        except Closed as error:
            raise Died(self.why() or "Python itself stopped") from error
        except TimeUp as error:
            raise Hung(limits) from error
        except Unreadable as error:
            raise Died("it sent more than is allowed, or nonsense") from error
        finally:
            read()
            if watch:
                watch.turn()
        if watch and self.pid in watch.ended:  # just as it had answered
            raise Died(watch.ended[self.pid])
        if not isinstance(reply, dict):
            raise Died("it sent nonsense")
        return reply

    def _waited(self) -> float:
        return monotonic() - self.kept_waiting()

    def fork(self) -> Kernel:
        """Return a copy that goes on, while this kernel stays as it is."""
        watch = self.sandbox.watch
        for _ in range(3):
            ended = len(watch.ended) if watch else 0
            try:
                copy = self._fork()
                if not (watch and copy.pid in watch.ended):
                    return copy
            except Died:
                if not self.alive or watch is None or watch.reason() or len(watch.ended) == ended:
                    break
            # The copy was taken for something left behind that passed a limit.
        self.alive = False  # whoever answered, it did not do what was asked
        raise Died(self.why() or "the kernel did not start")

    def _fork(self) -> Kernel:
        sandbox = self.sandbox
        sandbox.forked += 1
        number = sandbox.forked
        reply = self.ask(10, do="fork", number=number)
        if reply == {"full": True} and sandbox.watch and sandbox.watch.sweep():
            reply = self.ask(10, do="fork", number=number)
        if reply == {"full": True}:
            self._cannot_fork()
        if reply != {}:
            raise Died("it sent nonsense")
        return Kernel(sandbox, number, sandbox.accept(10, number), self)

    def _cannot_fork(self) -> NoReturn:
        """In a sandbox that is the submission's own doing; without one, it may be anybody's."""
        rules = self.sandbox.rules
        if rules.engine == "none":
            raise CannotStart(CANNOT_FORK)
        words = (
            f"Python could not fork: it may have {rules.processes} processes and threads "
            f"(c.Grading.processes) and {rules.memory} megabytes of memory (c.Grading.memory)"
        )
        if self.sandbox.watch:
            self.sandbox.watch.over(words)
        raise Died(words)

    def retire(self) -> None:
        """Let a kernel end that is not needed any more."""
        if self.number or self.sandbox.warm:  # with its first process a container ends
            self.close()

    def close(self) -> None:
        """Hang up; a kernel that still listens ends by itself."""
        self.alive = False
        self.channel.close()
        if watch := self.sandbox.watch:
            watch.turn(gone=self.pid)

    def kill(self) -> None:
        """End this kernel, and if need be the whole sandbox, whatever it is doing."""
        self.close()
        try:
            if self.parent is None or not self.parent.alive:
                raise Died("it was the only kernel")
            self.parent.ask(10, do="drop", number=self.number)
            if self.sandbox.watch is None or not self.sandbox.watch.sweep():
                raise Died("it may have left processes behind")
        except Died:
            self.sandbox.end()
