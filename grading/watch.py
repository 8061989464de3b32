"""Watches all that a submission started, and ends what takes too much.

A process of its own does so. Nothing keeps it from looking: neither what the process that runs
checks is busy with, nor what a student's code answers, or does not. Linux only.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import select
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import Any

from grading.engine import MEGABYTE, Rules
from grading.inside.frames import Closed, receive, send
from grading.inside.warm import die_with_parent
from grading.taken import Taken, end, send_signal, tree

PAUSE, LEAST = 0.05, 0.005  # seconds between two looks; the nearer to the limit, the fewer
BOARD = 2**16  # bytes in which the two sides tell each other which kernels there are


class Watch:
    """The watching process, as the one that is responsible for a submission sees it."""

    def __init__(self, rules: Rules) -> None:
        self._reason = ""
        self.ended: dict[int, str] = {}  # processes, and why
        self.left: list[str] = []  # why something was ended that had been left behind
        self.kernels: set[int] = set()
        self._board = Board()
        self._channel, theirs = socket.socketpair()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                die_with_parent()
                for one, next_one in pairwise(
                    [2, *sorted([theirs.fileno(), self._board.fd]), 4096]
                ):
                    os.closerange(one + 1, next_one)
                _watch(theirs, self._board, Taken(rules))
            finally:
                os._exit(0)
        theirs.close()

    def add(self, root: int, kernel: int) -> None:
        """Watch another sandbox, in which nothing of the student's has run yet.

        Returns when it is watched: on a busy machine the kernel might be gone before.
        """
        own = [pid for pid in tree([root]) if pid != kernel]
        with suppress(Closed):
            send(self._channel, {"root": root, "kernel": kernel, "own": own})
            self._hear(until="added")

    def turn(self, busy: int = 0, come: int = 0, gone: int = 0) -> None:
        """Tell which kernel runs a student's code from now on, and which there is, or is no more.

        Meanwhile nothing is ended; what was ended before is known afterwards.
        """
        self.kernels = (self.kernels | {come}) - {0, gone}
        with self._board.locked():
            self._board.write([busy, *sorted(self.kernels)])
            self._hear()

    def sweep(self) -> bool:
        """End what runs and is no kernel; return whether it is gone."""
        with suppress(Closed):
            send(self._channel, {})
            return self._hear(until="swept")
        return False

    def _hear(self, until: str = "") -> bool:
        """Read what the watching process has to say."""
        while not self._reason and (until or select.select([self._channel], [], [], 0)[0]):
            try:
                told: dict[str, Any] = receive(self._channel)
            except Closed:
                self._reason = "the process that watches it ended"
                continue
            if until in told:
                return bool(told[until])
            self.ended |= dict.fromkeys(told["pids"], told["why"])
            self.left += [told["why"]] * (told["left"] and told["why"] not in self.left)
            self._reason = told["why"] if told["everything"] else ""
        return False

    def reason(self) -> str:
        """Return why everything was ended, or nothing; after that, nothing is started again."""
        self._hear()
        return self._reason

    def why(self, pid: int) -> str:
        """Return why a process was ended, or everything."""
        return self.reason() or self.ended.get(pid, "")

    def over(self, reason: str) -> None:
        """Remember that a limit was met elsewhere."""
        self._reason = self.reason() or reason

    def end(self) -> None:
        """Stop watching."""
        self._channel.close()
        os.waitpid(self._pid, 0)
        self._board.close()


class Board:
    """Numbers that both processes see, and a lock that the system takes from one that ends."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()
        self.fd = self._file.fileno()
        self._memory = mmap.mmap(-1, BOARD)
        self.write([0])

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Within this context, the other process does not read and act."""
        fcntl.lockf(self.fd, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self.fd, fcntl.LOCK_UN)

    def write(self, numbers: list[int]) -> None:
        self._memory.seek(0)
        self._memory.write(json.dumps(numbers).encode() + b"\n")

    def read(self) -> list[int]:
        self._memory.seek(0)
        return list(json.loads(self._memory.readline()))

    def close(self) -> None:
        self._memory.close()
        self._file.close()


def _watch(channel: socket.socket, board: Board, taken: Taken) -> None:
    reason = ""

    def tell(why: str, pids: list[int], left: bool, everything: bool = False) -> None:
        send(channel, {"why": why, "pids": pids, "left": left, "everything": everything})

    def listen(seconds: float) -> None:
        while select.select([channel], [], [], seconds)[0]:
            if told := receive(channel):
                taken.add(**told)
                send(channel, {"added": True})
            else:
                with taken.standing_still():
                    send(channel, {"swept": end(taken.left(set(board.read()[1:])))})
            seconds = 0

    while True:
        near = taken.memory / (taken.rules.memory * MEGABYTE)
        try:
            listen(max(PAUSE * max(1 - near, 0) ** 2, LEAST))
            if not reason and taken.look()[0]:
                with board.locked():
                    listen(0)
                    busy, *kernels = board.read()
                    # First the reason, so that whoever sees the end can tell it.
                    if reason := taken.strike(set(kernels), busy, tell):
                        tell(reason, [], left=False, everything=True)
        except Closed:
            return
        if reason:
            send_signal(taken.processes(), signal.SIGKILL)
