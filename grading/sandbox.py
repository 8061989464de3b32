"""Where a student's kernel runs: started, watched and ended from outside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

import psutil

from grading.engine import (
    CANNOT_FORK,
    INSIDE,
    START,
    CannotStart,
    Rules,
    Warm,
    bubblewrap,
    environment,
    location,
)
from grading.inside.frames import Closed, TimeUp, Unreadable, receive, send
from grading.limits import Died, Hung, Limits

if sys.platform == "linux":
    from grading.watch import Watch, running


@dataclass
class Sandbox:
    """A running sandbox, and the socket on which kernels in it report."""

    rules: Rules
    imports: list[str]
    warm: Warm | None = None
    watch: Watch | None = None
    folder: str = field(default_factory=lambda: tempfile.mkdtemp(prefix="grading-"))
    forked: int = 0
    living: int = 1
    ended: str = ""

    def start(self) -> Kernel:
        """Build the sandbox and start a kernel in it."""
        self.listener = self._listen()
        engine = self.rules.engine
        if engine == "none":
            os.makedirs(work := f"{self.folder}/work")
            self._cold([], self._address(), work)
        elif engine != "bubblewrap":
            words = [w.format(session=self.folder, inside=INSIDE) for w in engine]
            self._cold(words, "/run/grading/socket", None)
        elif self.warm is None:
            self._cold(bubblewrap(self.rules, self.folder, cold=True), "/run/grading/socket", None)
        else:
            self._forked(self.warm)
        kernel = Kernel(self, 0, self.accept(60))
        if self.watch and kernel.process:
            self.watch.add(self.root, kernel.process.pid)
            self.first = {self.root, kernel.process.pid}
            self.others = running(self.first) - 1  # what the sandbox itself consists of
        return kernel

    def _listen(self) -> socket.socket:
        if hasattr(socket, "AF_UNIX"):
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(f"{self.folder}/socket")
        else:
            listener = socket.create_server(("127.0.0.1", 0))
        listener.listen(16)
        return listener

    def _address(self) -> str | list[Any]:
        return self.listener.getsockname()

    def _told(self, address: Any, folder: str | None) -> dict[str, Any]:
        limits = self.rules.limits()
        told = {"address": address, "folder": folder, "limits": limits}
        return {**told, "imports": self.imports}

    def _cold(self, words: list[str], address: Any, folder: str | None) -> None:
        """Start a Python of its own: slower, but possible everywhere."""
        python = sys.executable if isinstance(self.rules.engine, str) else "python3"
        paths = [str(Path(location(package)).parent) for package in self.rules.packages]
        start = f"import sys; sys.path += {paths!r}\n" + START.format(module="kernel")
        self.process = subprocess.Popen(
            [*words, python, "-I", "-c", start],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=environment(self.rules.engine), start_new_session=True,
        )  # fmt: skip
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(self._told(address, folder)).encode() + b"\n")
        self.process.stdin.flush()
        self.root = self.process.pid

    def _forked(self, warm: Warm) -> None:
        """Let bubblewrap build an empty sandbox, and a warm kernel join it."""
        reading, writing = os.pipe()
        words = bubblewrap(self.rules, self.folder)
        words += ["--info-fd", str(writing), "--", "cat"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            words, stdin=pipe, stdout=pipe, stderr=pipe, pass_fds=[writing],
            env=environment(self.rules.engine),
        )  # fmt: skip
        os.close(writing)
        with open(reading, encoding="utf-8") as file:
            told = file.read()
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None and stdout is not None and self.process.stderr is not None
        with suppress(BrokenPipeError):
            stdin.write(b"ready?\n")  # comes back once the sandbox is complete
            stdin.flush()
        if not stdout.readline():
            raise CannotStart(self.process.stderr.read().decode(errors="replace").strip())
        self.root = json.loads(told)["child-pid"]
        address = "/run/grading/socket"
        warm.fork({"sandbox": self.root, **self._told(address, "/home/student")})

    def accept(self, seconds: float, number: int = 0) -> socket.socket:
        """Wait for kernel `number` to report, however many others do meanwhile."""
        deadline = monotonic() + seconds
        try:
            while (left := deadline - monotonic()) > 0:
                self.listener.settimeout(left)
                channel, _ = self.listener.accept()
                if receive(channel, left, longest=100) == {"number": number}:
                    return channel
                channel.close()
        except (OSError, TimeUp, Closed, Unreadable) as error:
            raise Died("the kernel did not start") from error
        raise Died("the kernel did not start")

    def why(self) -> str:
        """Return why it was ended, or nothing if it was not."""
        return (self.watch.reason() if self.watch else "") or self.ended

    def crowded(self) -> bool:
        """Whether processes run that are none of the kernels."""
        return self.watch is None or running(self.first) > self.living + self.others

    def end(self, reason: str = "") -> None:
        """End all processes in the sandbox and clean up; a second time does nothing."""
        self.ended = self.ended or reason or "it was ended"
        if hasattr(self, "process"):
            with suppress(ProcessLookupError):
                if self.rules.engine == "none" and os.name == "posix":
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
                if pipe:
                    with suppress(OSError):
                        pipe.close()
        if hasattr(self, "listener"):
            self.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)


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

        def read() -> None:
            limits.computed, limits.waited = self.computed() - begun[0], self._waited() - begun[1]

        def look() -> None:
            read()
            if limits.computed >= limits.computing or limits.waited >= limits.waiting:
                raise TimeUp

        try:
            look()
            send(self.channel, request, limits.waiting - limits.waited)
            reply = receive(self.channel, while_waiting=look)
        except Closed as error:
            raise Died(self.sandbox.why() or "Python itself stopped") from error
        except TimeUp as error:
            raise Hung(limits) from error
        except Unreadable as error:
            raise Died("it sent more than is allowed, or nonsense") from error
        finally:
            read()
        if not isinstance(reply, dict):
            raise Died("it sent nonsense")
        return reply

    def _waited(self) -> float:
        return monotonic() - self.kept_waiting()

    def fork(self) -> Kernel:
        """Return a copy that goes on, while this kernel stays as it is."""
        sandbox = self.sandbox
        sandbox.forked += 1
        number = sandbox.forked
        try:
            reply = self.ask(10, do="fork", number=number)
            if reply == {"full": True}:
                self._cannot_fork()
            if reply != {}:
                raise Died("it sent nonsense")
            channel = sandbox.accept(10, number)
        except Died:
            self.alive = False  # whoever answered, it did not do what was asked
            raise
        sandbox.living += 1
        return Kernel(sandbox, number, channel, self)

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
        self.sandbox.living -= 1

    def kill(self) -> None:
        """End this kernel, and if need be the whole sandbox, whatever it is doing."""
        self.close()
        try:
            if self.parent is None or not self.parent.alive:
                raise Died("it was the only kernel")
            self.parent.ask(10, do="drop", number=self.number)
            if self.sandbox.crowded():
                raise Died("it left processes behind")
        except Died:
            self.sandbox.end()
