"""The trusted process: runs checks, and forks for each submission.

It has imported what the checks need; a fork of it runs one notebook, so that submissions share
nothing. Started by `Trusted`, which sends it jobs.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from grading.engine import CANNOT_FORK, CannotStart, Rules, Warm
from grading.inside.frames import Closed, channel_on_stdin, receive, send, start_with_channel
from grading.inside.kernel import limit, write_files
from grading.inside.shell import Shell
from grading.limits import BY_THE_CLOCK, Budget
from grading.names import imports
from grading.session import Cell, Session

FORKS = sys.platform == "linux"
if FORKS:
    from grading.inside.warm import die_with_parent
MOST_MEMORY = 4 * 1024**3  # bytes that checks may take, whatever a student's function returns
# Seconds beyond twice its budget after which a submission is ended from outside: what runs once
# more, because a student's code ended it, may take as long again.
SPARE = 60
AGAIN = (
    "time by the clock ran out before it had computed for as long as it may. "
    "To be run again: that costs no points, and the next run does so"
)
Job = dict[str, Any]


class Trusted:
    """The trusted process, seen from the one that wants something graded."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._key: dict[str, Any] = {}

    def run(self, job: Job) -> list[dict[str, Any]]:
        """Run a job; return what came of each cell, and a last entry with notes.

        Raises
        ------
        CannotStart
            If the grader itself is in trouble.
        """
        # What it has imported of an answer key stays as it was.
        if self._process is None or self._process.poll() is not None or self._key != job["trusted"]:
            self.close()
            self._key = job["trusted"]
            self._start()
        results = []
        try:
            send(self._channel, job)
            while True:
                message = receive(self._channel)
                if "trouble" in message:
                    raise CannotStart(message["trouble"])
                results.append(message)
                if "notes" in message:
                    return results
        except Closed:
            self._process = None
            raise CannotStart("the process that runs checks ended") from None

    def _start(self) -> None:
        path = [str(Path(__file__).resolve().parents[1]), *filter(None, sys.path)]
        path += self._key["paths"]
        start = f"import sys; sys.path[:] = {path!r}\nfrom grading.trusted import main; main()"
        self._process, self._channel = start_with_channel([sys.executable, "-c", start])

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._channel.close()
            self._process.kill()
            self._process.wait()
            self._process = None


class Checker:
    """What the trusted process keeps from job to job."""

    def __init__(self, channel: socket.socket) -> None:
        self.channel = channel
        self.shell = Shell.instance()
        self.warm: Warm | None = None
        self.known: dict[str, list[dict[str, Any]]] = {}
        with suppress(ImportError):  # what checks use, and NumPy itself loads late
            import numpy.testing  # noqa: F401

    def serve(self) -> None:
        """Run jobs until the other side hangs up."""
        while True:
            job = receive(self.channel)
            try:
                names = self.names(job)
                if job["rules"]["engine"] == "bubblewrap" and FORKS and self.warm is None:
                    self.warm = Warm(job["rules"]["packages"])
                if FORKS:
                    self.fork(job, names)
                else:
                    self.run(job, names, self.channel)
                    return  # its process is used up
            except CannotStart as error:
                send(self.channel, {"trouble": str(error)})
            except BlockingIOError:  # of a fork
                send(self.channel, {"trouble": CANNOT_FORK})

    def names(self, job: Job) -> list[dict[str, Any]]:
        """Run the trusted part of the assignment, once; return its names after each cell."""
        key = job["digest"]
        if key not in self.known:
            names: dict[str, Any] = {"__name__": "check"}
            known = [dict(names)]
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                write_files(job["files"])
                try:
                    for source in job["given"]:
                        code = self.shell.transform_cell(source)
                        exec(compile(code, "<given>", "exec"), names)
                        known.append(dict(names))
                    tests = [cell["source"] for cell in job["cells"] if cell["test"]]
                    for line in dict.fromkeys(line for test in tests for line in imports(test)):
                        with suppress(Exception):  # the test itself will say what is wrong
                            prepare(line)
                except Exception as error:
                    words = f"a cell that checks need fails: {type(error).__name__}: {error}"
                    raise CannotStart(words) from error
                finally:
                    os.chdir("/")
            self.known[key] = known
        return self.known[key]

    def fork(self, job: Job, names: list[dict[str, Any]]) -> None:
        """Run a job in a copy of this process; pass on what it reports."""
        ours, theirs = socket.socketpair()
        computing = int(job["budget"]["cells"] + job["budget"]["checks"])
        try:
            child = os.fork()
        except BlockingIOError:
            ours.close()
            theirs.close()
            raise
        if child == 0:
            die_with_parent()
            limit({"AS": MOST_MEMORY})
            ours.close()
            signal.alarm(2 * BY_THE_CLOCK * computing + SPARE)
            try:
                self.run(job, names, theirs)
            except BlockingIOError:  # of a fork: the sandbox could not be started
                send(theirs, {"trouble": CANNOT_FORK})
            except Exception as error:  # ours, not the student's: it must cost no points
                send(theirs, {"trouble": f"{type(error).__name__}: {error}"})
            finally:
                os._exit(0)
        theirs.close()
        try:
            done = self.relay(ours)
        except Closed:  # nobody is interested any more
            os.kill(child, signal.SIGKILL)
            raise
        finally:
            ours.close()
            _, status, took = os.wait4(child, 0)
        if done:
            return
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGALRM:
            send(self.channel, {"trouble": "the process that runs checks was killed"})
        elif took.ru_utime + took.ru_stime > computing:
            told = "the checks took too long"
            send(self.channel, {"notes": [told], "slow": [told]})
        else:
            send(self.channel, {"trouble": AGAIN})

    def relay(self, child: socket.socket) -> bool:
        """Pass on whole messages; return whether the last one came."""
        watched = select.poll()
        watched.register(child, select.POLLIN)
        watched.register(self.channel, select.POLLIN)
        while True:
            ready = {fd for fd, _ in watched.poll()}
            if self.channel.fileno() in ready:
                raise Closed
            try:
                message = receive(child)
            except Closed:
                return False
            send(self.channel, message)
            if "notes" in message or "trouble" in message:
                return True

    def run(self, job: Job, names: list[dict[str, Any]], channel: socket.socket) -> None:
        """Run a job."""
        rules = dict(job["rules"], packages=tuple(job["rules"]["packages"]))
        session = Session(
            Rules(**rules),
            Budget(**job["budget"]),
            [Cell(**cell) for cell in job["cells"]],
            job["files"],
            job["imports"],
            self.warm,
            forks=FORKS and job.get("forks", True),
        )
        try:
            for result in session.run(self.shell, names):
                send(channel, result)
            send(channel, {"notes": session.notes, "slow": session.slow})
        except CannotStart as error:
            send(channel, {"trouble": str(error)})


def prepare(line: str) -> None:
    """Import what a check imports, and let it prepare, so that copies of this process need not.

    What it imports, or what is in a module that it imports, may have a method `prepare`.
    """
    found: dict[str, Any] = {}
    exec(line, found)
    modules = [value for value in found.values() if isinstance(value, ModuleType)]
    for value in [*found.values(), *(v for module in modules for v in vars(module).values())]:
        if callable(ready := getattr(type(value), "prepare", None)):
            ready(value)


def main() -> None:
    """Serve on stdin's socket."""
    try:
        Checker(channel_on_stdin()).serve()
    except Closed:
        os._exit(0)
