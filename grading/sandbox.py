"""Where a student's kernel runs: started, watched and ended from outside."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from grading.inside.frames import Closed, TimeUp, Unreadable, receive, send, start_with_channel

INSIDE = Path(__file__).resolve().parent / "inside"
MEGABYTE = 1024 * 1024
# Starts the package `inside` by its path, so that the rest of this package need not be there.
START = f"""
import sys
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("inside", {str(INSIDE / "__init__.py")!r})
sys.modules["inside"] = module_from_spec(spec)
from inside.{{module}} import main
main()
"""
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "USER": "student",
    "LOGNAME": "student",
    "PYTHONUNBUFFERED": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "NBGRADER_EXECUTION": "autograde",
    # One thread for each submission: the machine's cores are shared out between submissions.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class Died(Exception):
    """The kernel ended; its words say why, if that is known."""


class Hung(Died):
    """The kernel did not answer in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it had not finished after {seconds:.0f} seconds")


class CannotStart(Exception):
    """The sandbox cannot be built: trouble of the grader, not of a submission."""


@dataclass(frozen=True)
class Rules:
    """What a submission may use, and where it runs.

    Attributes
    ----------
    engine : str or list of str
        ``bubblewrap``, ``none``, or the words of a command that runs what follows it; in these
        ``{session}`` and ``{inside}`` stand for two folders that must be readable there.
    memory, disk, file : int
        Megabytes of memory for all processes together, of disk, and for a single file.
    processes : int
        Processes and threads at a time.
    cpu : int
        Seconds of CPU time for each process.
    packages : tuple of str
        The course's own packages, found outside the Python installation.
    hidden : tuple of str
        Folders that must not be seen, wherever they are.
    """

    engine: str | list[str] = "bubblewrap"
    memory: int = 2048
    disk: int = 64
    file: int = 32
    processes: int = 64
    cpu: int = 150
    packages: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def limits(self) -> dict[str, int]:
        """Return the limits of each process, by the names that the system gives them."""
        limits = {"AS": self.memory * MEGABYTE, "FSIZE": self.file * MEGABYTE}
        return {**limits, "NPROC": self.processes, "CPU": self.cpu, "NOFILE": 512}


def usable(engine: str | list[str]) -> bool:
    """Whether the engine is installed and works here."""
    if engine == "none":
        return True
    if engine != "bubblewrap":
        return shutil.which(engine[0]) is not None
    if sys.platform != "linux" or not shutil.which("bwrap"):
        return False
    trial = [*bubblewrap(Rules(), "/"), "true"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


def bubblewrap(rules: Rules, session: str, cold: bool = False) -> list[str]:
    """Return the command that builds the sandbox and runs in it what follows.

    Nothing is there but the system and Python, read-only, the course's packages, and empty
    folders to write to.
    """
    size = ["--size", str(rules.disk * MEGABYTE)]
    mounts = {"/tmp": [*size, "--tmpfs"], "/home/student": [*size, "--tmpfs"]}
    for folder in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(folder):
            mounts[folder] = ["--symlink", os.readlink(folder)]
        elif os.path.isdir(folder):
            mounts[folder] = ["--ro-bind", folder]
    hidden = [*rules.hidden, str(INSIDE.parent)]  # the system's folders may hold them
    mounts |= {folder: ["--tmpfs"] for folder in hidden if os.path.isdir(folder)}
    etc = [f"/etc/{name}" for name in ("ld.so.cache", "alternatives", "fonts", "localtime")]
    shown = [sys.base_prefix, sys.prefix, *map(location, rules.packages)]
    mounts |= {path: ["--ro-bind", path] for path in [*etc, *shown] if os.path.exists(path)}
    mounts["/run/grading"] = ["--ro-bind", session]
    if cold:
        mounts[str(INSIDE)] = ["--ro-bind", str(INSIDE)]

    words = ["bwrap", "--unshare-user", "--unshare-all", "--disable-userns"]
    words += ["--die-with-parent", "--new-session", "--uid", "1000", "--gid", "1000"]
    words += ["--hostname", "sandbox", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        words += ["--setenv", name, value]
    for path in sorted(mounts, key=lambda path: len(Path(path).parts)):  # outer ones first
        words += [*mounts[path], path]
    words += ["--proc", "/proc", "--dev", "/dev", *size, "--tmpfs", "/dev/shm"]
    for path in ["/dev", "/", *(path for path in mounts if mounts[path] == ["--tmpfs"])]:
        words += ["--remount-ro", path]
    return [*words, "--chdir", "/home/student"]


def location(package: str) -> str:
    """Return the file or folder of an importable package."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise CannotStart(f"the package {package!r}, named in the settings, is not installed")
    path = Path(found.origin)
    return str(path.parent if path.name == "__init__.py" else path)


class Warm:
    """The parent process from which kernels are forked."""

    def __init__(self, packages: Sequence[str] = ()) -> None:
        environment = {**ENVIRONMENT, "MPLCONFIGDIR": os.environ.get("MPLCONFIGDIR", "")}
        environment["HOME"] = os.path.expanduser("~")  # only until it enters a sandbox
        paths = [str(Path(location(package)).parent) for package in packages]
        start = f"import sys; sys.path += {paths!r}\n" + START.format(module="warm")
        self.process, self.control = start_with_channel(
            [sys.executable, "-I", "-c", start],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env=environment,
        )

    def fork(self, told: dict[str, Any]) -> None:
        """Fork a kernel into a sandbox."""
        send(self.control, told)
        reply = receive(self.control, seconds=120)
        if "error" in reply:
            raise CannotStart(reply["error"])


@dataclass
class Sandbox:
    """A running sandbox, and the socket on which kernels in it report."""

    rules: Rules
    imports: list[str]
    watched: list[str]
    warm: Warm | None = None
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
        return Kernel(self, 0, self.accept(60))

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
        return {**told, "imports": self.imports, "watched": self.watched}

    def _cold(self, words: list[str], address: Any, folder: str | None) -> None:
        """Start a Python of its own: slower, but possible everywhere."""
        python = sys.executable if not words or words[0] == "bwrap" else "python3"
        paths = [str(Path(location(package)).parent) for package in self.rules.packages]
        start = f"import sys; sys.path += {paths!r}\n" + START.format(module="kernel")
        environment = ENVIRONMENT if not words else None
        if environment and os.name == "nt":
            environment = {**os.environ, **environment}
        self.process = subprocess.Popen(
            [*words, python, "-I", "-c", start],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=environment, start_new_session=True,
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
            words, stdin=pipe, stdout=pipe, stderr=pipe, pass_fds=[writing]
        )
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
        """Wait for kernel `number` to report."""
        self.listener.settimeout(seconds)
        while True:
            try:
                channel, _ = self.listener.accept()
                if receive(channel, seconds, longest=100) == {"number": number}:
                    return channel
            except (OSError, TimeUp, Closed, Unreadable) as error:
                raise Died("the kernel did not start") from error

    def watch(self) -> None:
        """End everything if all processes together use too much."""
        if self.rules.engine == "none" or self.ended:
            return
        with suppress(psutil.Error):
            processes = psutil.Process(self.root).children(recursive=True)
            if len(processes) > 2 * self.rules.processes:
                self.end("it started too many processes")
            elif self._memory(processes) > self.rules.memory * MEGABYTE:
                self.end(f"it used more than {self.rules.memory} megabytes of memory")

    def _memory(self, processes: list[psutil.Process]) -> int:
        """Return the bytes that processes use together; what they share counts once."""
        total = sum(p.memory_info().rss for p in processes)
        if total < self.rules.memory * MEGABYTE:
            return total
        return sum(p.memory_full_info().pss for p in processes)

    def crowded(self) -> bool:
        """Whether processes run that are none of the kernels."""
        with suppress(psutil.Error):
            others = 1 if self.warm else 0  # what keeps the empty sandbox open
            found = psutil.Process(self.root).children(recursive=True)
            running = [p for p in found if p.status() != psutil.STATUS_ZOMBIE]
            return len(running) > self.living + others
        return True

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

    def ask(self, seconds: float, **request: Any) -> dict[str, Any]:
        """Send a request and wait for its reply.

        Raises
        ------
        Died
            If the kernel ended or answered nonsense; `Hung`, if it did not answer in time.
        """
        try:
            return self._ask(seconds, request)
        except BaseException:
            self.alive = False  # a reply may still come, to a question no longer asked
            raise

    def _ask(self, seconds: float, request: dict[str, Any]) -> dict[str, Any]:
        try:
            send(self.channel, request, seconds)
            reply = receive(self.channel, seconds, while_waiting=self.sandbox.watch)
        except Closed as error:
            raise Died(self.sandbox.ended or "Python itself stopped") from error
        except TimeUp as error:
            raise Hung(seconds) from error
        except Unreadable as error:
            raise Died("it sent more than is allowed, or nonsense") from error
        if not isinstance(reply, dict):
            raise Died("it sent nonsense")
        return reply

    def fork(self) -> Kernel:
        """Return a copy that goes on, while this kernel stays as it is."""
        sandbox = self.sandbox
        sandbox.forked += 1
        number = sandbox.forked
        self.ask(10, do="fork", number=number)
        sandbox.living += 1
        return Kernel(sandbox, number, sandbox.accept(10, number), self)

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
