"""Where a student's kernel runs: started, watched and ended from outside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from grading.engine import (
    INSIDE,
    START,
    CannotStart,
    Rules,
    Warm,
    bubblewrap,
    environment,
    location,
)
from grading.inside.frames import Closed, TimeUp, Unreadable, receive
from grading.kernels import Kernel
from grading.limits import Died

if sys.platform == "linux":
    from grading.watch import Watch


@dataclass
class Sandbox:
    """A running sandbox, and the socket on which kernels in it report."""

    rules: Rules
    imports: list[str]
    warm: Warm | None = None
    watch: Watch | None = None
    folder: str = field(default_factory=lambda: tempfile.mkdtemp(prefix="grading-"))
    forked: int = 0
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
