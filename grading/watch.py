"""Watches all that a submission started, and ends it once together that takes too much.

A process of its own does so. Nothing keeps it from looking: neither what the process that runs
checks is busy with, nor what a student's code answers, or does not. Linux only.
"""

from __future__ import annotations

import os
import select
import signal
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from grading.engine import MEGABYTE, Rules
from grading.inside.frames import Closed, receive, send
from grading.inside.warm import die_with_parent

PAUSE = 0.05  # seconds between two looks; the nearer to the limit, the fewer
# What the kernel keeps and no process owns: at most so many bytes for a socket or a pipe, and for a
# file in memory beside its content.
OPEN, FILE = 2**18, 2**11
MOST_OPEN = 512  # of a process that does not let others see how many
WRITABLE = ("tmp", "home/student", "dev/shm")
ENDED = "ZX"  # states of a process that only waits to be buried
BEGAN = 19  # where `_stat` tells it
TICK, PAGE = (os.sysconf(name) for name in ("SC_CLK_TCK", "SC_PAGE_SIZE"))
TELLS_CHILDREN = os.path.exists(f"/proc/self/task/{os.getpid()}/children")


def children(pid: int) -> list[int]:
    """Return the processes that a process started and that are still there."""
    if not TELLS_CHILDREN:
        return [child.pid for child in psutil.Process(pid).children()]
    found: list[int] = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
            found += map(int, file.read().split())
    return found


def tree(roots: Iterable[int]) -> list[int]:
    """Return processes and all that they started."""
    found = list(dict.fromkeys(roots))
    for pid in found:  # it grows meanwhile
        with suppress(OSError, psutil.Error):  # that process has ended
            found += [child for child in children(pid) if child not in found]
    return found


def running(roots: Iterable[int]) -> int:
    """Return how many processes are there, apart from those that only wait to be buried."""
    states = []
    for pid in tree(roots):
        with suppress(OSError):
            states.append(_stat(pid)[0])
    return sum(state not in ENDED for state in states)


def _stat(pid: int) -> list[str]:
    """Return what the system tells of a process, from its state on."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()


def _own_memory(pid: int) -> int | None:
    """Return the bytes of a process, what it shares counted in part; None if it does not tell."""
    with suppress(OSError), open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return None


def _open(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except PermissionError:
        return MOST_OPEN
    except OSError:  # it has ended
        return 0


@dataclass
class Taken:
    """What the processes and files of a submission take together."""

    rules: Rules
    roots: dict[int, str] = field(default_factory=dict)  # and when they began
    folders: list[int] = field(default_factory=list)
    memory: int = 0
    seconds: dict[int, float] = field(default_factory=dict)  # of each process ever seen

    def add(self, root: int, kernel: int) -> None:
        """Count another sandbox, by its first process and its first kernel."""
        self.roots |= {pid: _stat(pid)[BEGAN] for pid in (root, kernel)}
        if self.rules.engine == "bubblewrap":  # elsewhere, a folder may be anybody's
            for name in WRITABLE:
                path = f"/proc/{kernel}/root/{name}"
                self.folders.append(os.open(path, os.O_PATH | os.O_DIRECTORY))

    def processes(self) -> list[int]:
        """Return all processes, without those that got the number of one that ended."""
        same = []
        for pid, began in self.roots.items():
            with suppress(OSError):
                same += [pid] * (_stat(pid)[BEGAN] == began)
        return tree(same)

    def look(self) -> str:
        """Look once; return the limit that was passed, if any."""
        resident, alive, opened = {}, 0.0, 0
        for pid in self.processes():
            with suppress(OSError, IndexError):
                told = _stat(pid)
                own, buried = (sum(map(int, told[i : i + 2])) / TICK for i in (11, 13))
                self.seconds[pid] = max(own, self.seconds.get(pid, 0.0))
                alive += own + buried
                if told[0] not in ENDED:
                    resident[pid] = int(told[21]) * PAGE
                    opened += _open(pid)
        rules, most = self.rules, self.rules.memory * MEGABYTE
        self.memory = sum(resident.values())
        if self.memory > most:  # what forks share was counted again and again
            self.memory = self.exactly(resident)
        for folder in self.folders:
            told_of = os.fstatvfs(folder)
            self.memory += (told_of.f_blocks - told_of.f_bfree) * told_of.f_frsize
            self.memory += (told_of.f_files - told_of.f_ffree) * FILE
        if self.memory + opened * OPEN > most:
            files = f", with what its {opened} open files may take" * (opened * OPEN > most / 2)
            return f"it used more than {rules.memory} megabytes of memory{files}"
        if len(resident) > 2 * rules.processes:
            return "it started too many processes"
        if max(alive, sum(self.seconds.values())) > rules.cpu:
            return f"all that it started had computed for more than {rules.cpu} seconds"
        return ""

    def exactly(self, resident: dict[int, int]) -> int:
        """Return the bytes of all processes, which stand still while they are counted."""
        self.signal(signal.SIGSTOP)
        own = ((_own_memory(pid), counted) for pid, counted in resident.items())
        memory = sum(counted if exact is None else exact for exact, counted in own)
        self.signal(signal.SIGCONT)
        return memory

    def signal(self, number: int) -> None:
        """Send all processes a signal; with its first process, a sandbox ends."""
        for pid in self.processes():
            with suppress(OSError):
                os.kill(pid, number)


class Watch:
    """The watching process, as the one that is responsible for a submission sees it."""

    def __init__(self, rules: Rules) -> None:
        self._reason = ""
        self._channel, theirs = socket.socketpair()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                die_with_parent()
                os.closerange(3, theirs.fileno())
                os.closerange(theirs.fileno() + 1, 4096)
                _watch(theirs, Taken(rules))
            finally:
                os._exit(0)
        theirs.close()

    def add(self, root: int, kernel: int) -> None:
        """Watch another sandbox."""
        with suppress(Closed):
            send(self._channel, {"root": root, "kernel": kernel})

    def reason(self) -> str:
        """Return why everything was ended, or nothing; after that, nothing is started again."""
        if not self._reason and select.select([self._channel], [], [], 0)[0]:
            try:
                self._reason = receive(self._channel)
            except Closed:
                self._reason = "the process that watches it ended"
        return self._reason

    def over(self, reason: str) -> None:
        """Remember that a limit was met elsewhere."""
        self._reason = self.reason() or reason

    def end(self) -> None:
        """Stop watching."""
        self._channel.close()
        os.waitpid(self._pid, 0)


def _watch(channel: socket.socket, taken: Taken) -> None:
    reason = ""
    while True:
        near = taken.memory / (taken.rules.memory * MEGABYTE)
        if select.select([channel], [], [], PAUSE * max(1 - near, 0.1))[0]:
            try:
                taken.add(**receive(channel))
            except Closed:
                return
        if reason:
            taken.signal(signal.SIGKILL)
        elif reason := taken.look():
            send(channel, reason)  # first the reason, so that whoever sees the end can tell it
            taken.signal(signal.SIGKILL)
