"""What all that a submission started takes, and what of it is to be ended. Linux only.

What passes a limit on all together costs only what runs at that moment, as if it had met a limit
of its own: kernels that wait, and so the results of earlier cells, stay. Only if that does not
help must everything be ended.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic, sleep

import psutil

from grading.engine import MEGABYTE, Rules
from grading.limits import COMPUTED

# What the kernel keeps and no process owns: at most so many bytes for a socket or a pipe, and for a
# file in memory beside its content.
OPEN, FILE = 2**18, 2**11
MOST_OPEN = 512  # of a process that does not let others see how many
WRITABLE = ("tmp", "home/student", "dev/shm")
ENDED = "ZX"  # states of a process that only waits to be buried
SPENT, BURIED, THREADS, BEGAN, HELD = 11, 13, 17, 19, 21  # where `_stat` tells it
LONGEST_END = 10.0  # seconds in which a process that was killed is gone
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


def tree(roots: Iterable[int], but: Collection[int] = ()) -> list[int]:
    """Return processes and all that they started, but not these, nor what these started."""
    found = list(dict.fromkeys(roots))
    for pid in found:  # it grows meanwhile
        with suppress(OSError, psutil.Error):  # that process has ended
            found += [child for child in children(pid) if child not in [*found, *but]]
    return found


def _stat(pid: int) -> list[str]:
    """Return what the system tells of a process, from its state on."""
    told = _read(f"/proc/{pid}/stat")
    if told[0] in ENDED and int(told[THREADS]) > 1:  # only its first thread has ended
        for task in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError):
                other = _read(f"/proc/{pid}/task/{task}/stat")
                if other[0] not in ENDED:
                    return [other[0], *told[1:HELD], other[HELD]]
    return told


def _read(path: str) -> list[str]:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()


def send_signal(pids: Iterable[int], number: int) -> None:
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, number)


def _alive(pid: int) -> bool:
    with suppress(OSError, IndexError):
        return _stat(pid)[0] not in ENDED
    return False


def end(pids: list[int]) -> bool:
    """Kill processes; return whether they are gone, and their memory with them."""
    send_signal(pids, signal.SIGKILL)
    deadline = monotonic() + LONGEST_END
    while any(map(_alive, pids)):
        if monotonic() > deadline:
            return False
        sleep(0.005)
    return True


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
    own: set[int] = field(default_factory=set)  # of what the sandboxes themselves consist
    folders: list[int] = field(default_factory=list)
    memory: int = 0
    seconds: dict[int, float] = field(default_factory=dict)  # of each process ever seen
    computing: float = 0.0  # what all may compute

    def __post_init__(self) -> None:
        self.computing = self.rules.cpu

    def add(self, root: int, kernel: int, own: list[int]) -> None:
        """Count another sandbox, by its first process, its first kernel and what else is there."""
        self.own.update(own)
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

    def look(self, exactly: bool = False) -> tuple[str, dict[int, float]]:
        """Look once; return the limit that was passed, if any, and what each process took of it.

        What forks share is counted for each of them, unless the processes stand still and it is
        to be known `exactly`.
        """
        held: dict[int, float] = {}
        spent: dict[int, float] = {}
        opened: dict[int, float] = {}
        alive = 0.0
        for pid in self.processes():
            with suppress(OSError, IndexError):
                told = _stat(pid)
                now, buried = (sum(map(int, told[i : i + 2])) / TICK for i in (SPENT, BURIED))
                self.seconds[pid] = max(now, self.seconds.get(pid, 0.0))
                alive += now + buried
                if told[0] not in ENDED:
                    exact = _own_memory(pid) if exactly else None
                    held[pid] = int(told[HELD]) * PAGE if exact is None else exact
                    opened[pid], spent[pid] = _open(pid), self.seconds[pid]
        rules = self.rules
        most = rules.memory * MEGABYTE * 7 // 8  # more is taken before it is seen
        self.memory = int(sum(held.values()))
        for folder in self.folders:
            told_of = os.fstatvfs(folder)
            self.memory += (told_of.f_blocks - told_of.f_bfree) * told_of.f_frsize
            self.memory += (told_of.f_files - told_of.f_ffree) * FILE
        files = sum(opened.values())
        if self.memory + files * OPEN > most:
            many = f", with what its {files} open files may take" * (files * OPEN > most / 2)
            both = {pid: held[pid] + opened[pid] * OPEN for pid in held}
            return f"it used more than {rules.memory} megabytes of memory{many}", both
        if len(held) > 2 * rules.processes:
            return "it started too many processes", dict.fromkeys(held, 1)
        if max(alive, sum(self.seconds.values())) > self.computing:
            return f"all that it started {COMPUTED} for more than {rules.cpu} seconds", spent
        return "", {}

    def left(self, kernels: set[int], running: Collection[int] = ()) -> list[int]:
        """Return what earlier cells left behind: neither kernels nor what runs now."""
        known = {*self.own, *kernels, *running}
        return [pid for pid in self.processes() if pid not in known and _alive(pid)]

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Within this context, no process goes on."""
        stopped: list[int] = []
        while new := [pid for pid in self.processes() if pid not in stopped]:
            send_signal(new, signal.SIGSTOP)  # one of them may just have started another
            stopped += new
        try:
            yield
        finally:
            send_signal(self.processes(), signal.SIGCONT)

    def strike(
        self, kernels: set[int], busy: int, tell: Callable[[str, list[int], bool], None]
    ) -> str:
        """If a limit was passed, end what runs now or what was left behind, the larger first.

        Parameters
        ----------
        kernels : set of int
        busy : int
            The kernel that runs a student's code now, or 0.
        tell : callable
            Told why, which processes are to be ended, and whether they had been left behind.

        Returns
        -------
        reason : str
            Why everything must be ended, or nothing.
        """
        with self.standing_still():
            while why := (found := self.look(exactly=True))[0]:
                running = tree([busy], kernels) if busy else []
                groups = [list(filter(_alive, running)), self.left(kernels, running)]
                pids = max(groups, key=lambda group: sum(found[1].get(pid, 0) for pid in group))
                pids = pids or max(groups, key=len)
                again = COMPUTED in why and self.computing > self.rules.cpu
                tell(why, pids, pids == groups[1])
                if not pids or again or not end(pids):
                    return why
                if COMPUTED in why:  # what was computed stays so: once, the rest gets as much again
                    self.computing = sum(self.seconds.values()) + self.rules.cpu
        return ""
