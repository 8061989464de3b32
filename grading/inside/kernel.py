"""Runs a student's cells and calls their functions, as it is told over a socket.

A kernel can fork: the copy stays as it is, so that a cell that kills or hangs the kernel costs
only itself, and hidden inputs never reach a process whose output a student will see.
"""

from __future__ import annotations

import base64
import gc
import os
import re
import signal
import socket
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from .frames import Closed, receive, send
from .refuse import refuse_calls
from .shell import Outputs, Shell
from .values import Function, decode, encode

CELL = re.compile(r"<ipython-input-(\d+)-")
MOST_PRINTED = 20_000
LEAST_ROOM = 2**25  # bytes that must be left after a cell, or nothing that follows can work


def limit(limits: dict[str, int]) -> None:
    """Set this process's limits on memory, CPU time, files and processes."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, most in {**limits, "CORE": 0}.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):  # macOS knows some of them by name only
            pass


def connect(address: str | list[Any]) -> socket.socket:
    """Connect to the grader: by a path or, on Windows, by host and port."""
    if isinstance(address, str):
        channel = socket.socket(socket.AF_UNIX)
        channel.connect(address)
    else:
        channel = socket.create_connection(tuple(address))
    return channel


def write_files(files: dict[str, str]) -> None:
    """Write files, base64, into the folder in which this process is."""
    for name, data in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))


def usual_errors() -> AbstractContextManager[Any]:
    """Return a context in which NumPy treats errors as at its start, whatever a cell has set."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return nullcontext()
    usual = numpy.errstate(divide="warn", over="warn", under="ignore", invalid="warn")
    return usual  # type: ignore[no-any-return]


class Kernel:
    """A shell and the socket over which it is told what to do."""

    def __init__(self, shell: Shell, address: str | list[Any]) -> None:
        self.shell = shell
        self.address = address
        self.functions: list[Any] = []
        self.children: dict[int, int] = {}
        self.channel = connect(address)
        send(self.channel, {"number": 0})

    def serve(self) -> None:
        """Do what is asked until the other side hangs up."""
        tasks = {
            "files": self.files,
            "cell": self.cell,
            "describe": self.describe,
            "call": self.call,
            "fork": self.fork,
            "drop": self.drop,
        }
        try:
            while True:
                request = receive(self.channel)
                reply = tasks[request.pop("do")](**request)
                if reply is not None:
                    send(self.channel, reply)
        except Closed:
            os._exit(0)

    def files(self, files: dict[str, str]) -> dict[str, Any]:
        """Put the assignment's files where the notebook runs."""
        write_files(files)
        return {}

    def cell(self, code: str, number: int, quiet: bool) -> dict[str, Any]:
        """Run a cell; a quiet one need not turn its results into pictures."""
        formatter = self.shell.display_formatter
        active = formatter.active_types
        try:
            if quiet:
                formatter.active_types = ["text/plain"]
            ok, outputs = self.shell.run(code, number)
        finally:
            formatter.active_types = active
        return {"ok": ok, "outputs": outputs, "full": self.full()}

    def full(self) -> bool:
        """Whether the memory is used up: kept by the cell, or by the traceback of its error."""
        try:
            bytes(LEAST_ROOM)  # which the system gives, but does not fill
        except MemoryError:
            return True
        return False

    def describe(self, names: list[str]) -> dict[str, Any]:
        """Tell what the notebook's names stand for; a name without a value is left out."""
        known = self.shell.user_ns
        found = {}
        for name in names:
            if name in known:
                try:
                    found[name] = encode(known[name], self.keep)
                except Exception:
                    found[name] = {"strange": type(known[name]).__name__}
        return found

    def keep(self, function: Any) -> dict[str, Any]:
        """Remember a function under a number; say what it is and where it was written."""
        self.functions.append(function)
        code = getattr(function, "__code__", None)
        cell = CELL.match(getattr(code, "co_filename", ""))
        return {
            "number": len(self.functions) - 1,
            "name": str(getattr(function, "__name__", "")),
            "place": [int(cell[1]) if cell else 0, getattr(code, "co_firstlineno", 0)],
        }

    def call(
        self, function: int, arguments: list[Any], options: dict[str, Any], through: str = ""
    ) -> dict[str, Any]:
        """Call a function, and `through` another its result; tell everything that happened."""
        given = [decode(tree, self.callback) for tree in arguments]
        named = {name: decode(tree, self.callback) for name, tree in options.items()}
        self.shell.outputs = Outputs()
        reply: dict[str, Any] = {}
        with warnings.catch_warnings(record=True) as caught, self.shell.standard_streams():
            warnings.simplefilter("always")
            try:
                with usual_errors():
                    value = self.functions[function](*given, **named)
                    if through:
                        module, _, name = through.partition(":")
                        value = getattr(import_module(module), name)(value)
                reply["value"] = encode(value, self.keep)
            except BaseException as error:
                reply = {"error": self.error(error)}
        reply["changed"] = self.changed(given, arguments)
        texts = [output.get("text", "") for output in self.shell.outputs.kept]
        reply["printed"] = "".join(texts)[:MOST_PRINTED]
        reply["warned"] = [[w.category.__name__, str(w.message)[:1000]] for w in caught[:20]]
        return reply

    def changed(self, given: list[Any], arguments: list[Any]) -> dict[str, Any]:
        """Encode the arguments that the function changed in place."""
        changes = {}
        for i, (value, before) in enumerate(zip(given, arguments, strict=True)):
            try:
                after = encode(value, lambda _: {})
            except Exception:
                continue
            if after != before and not callable(value):
                changes[str(i)] = after
        return changes

    def error(self, error: BaseException) -> dict[str, Any]:
        """Tell an exception's type and words, and the student's last line that was running."""
        told = {"type": type(error).__name__, "words": str(error)[:2000]}
        for frame, line in traceback.walk_tb(error.__traceback__):
            cell = CELL.match(frame.f_code.co_filename)
            if cell:
                told.update(cell=int(cell[1]), line=line, inside=frame.f_code.co_name)
        return told

    def callback(self, told: Function) -> Any:
        """Make a function that calls one of the other side's."""

        def function(*arguments: Any) -> Any:
            trees = [encode(value, self.keep) for value in arguments]
            send(self.channel, {"callback": told["number"], "arguments": trees})
            reply = receive(self.channel)
            if "error" in reply:
                raise RuntimeError(reply["error"])
            return decode(reply["value"], self.callback)

        function.__name__ = told["name"]
        return function

    def fork(self, number: int) -> dict[str, Any] | None:
        """Go on as two: this process and, with a connection of its own, a copy."""
        gc.freeze()  # or the first collection would copy all of memory
        try:
            child = self.reaping(os.fork)
        except OSError:  # no more processes, or no memory
            return {"full": True}
        if child:
            self.children[number] = child
            return {}
        self.channel.close()
        self.children = {}
        self.channel = connect(self.address)
        send(self.channel, {"number": number})
        return None

    def reaping(self, fork: Callable[[], int]) -> int:
        """Fork; if that fails, bury what has ended, which counts until then, and try again."""
        with suppress(OSError):
            return fork()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        return fork()

    def drop(self, number: int) -> dict[str, Any]:
        """End a copy that hangs."""
        child = self.children.pop(number)
        with suppress(ProcessLookupError, ChildProcessError):  # it has ended already
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        return {}


def prepare(statements: list[str]) -> Shell:
    """Make a shell, and import what notebooks import, so that forks need not."""
    for statement in statements:
        try:
            exec(statement, {"__name__": "__main__"})
        except Exception:  # the notebook will show what is wrong
            pass
    return Shell.instance()


def main() -> None:
    """Start cold: the first line of stdin says how."""
    import json

    told = json.loads(sys.stdin.readline())
    shell = prepare(told["imports"])
    begin(shell, told)


def begin(shell: Shell, told: dict[str, Any]) -> None:
    """Become the kernel of one submission."""
    if told["folder"]:
        os.chdir(told["folder"])
    os.environ["HOME"] = os.environ["PWD"] = os.getcwd()
    sys.path.insert(0, "")
    limit(told["limits"])
    with suppress(OSError):  # another system; on this one, it is the first to go without memory
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    refuse_calls()
    Kernel(shell, told["address"]).serve()
