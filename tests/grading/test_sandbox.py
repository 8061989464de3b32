"""Students' code runs apart from the grader, with bubblewrap and, as far as possible, without."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from traitlets.config import Config

from grading import engine as engines
from grading.engine import CannotStart, Rules, bubblewrap, environment, trouble
from grading.inside.frames import Closed, Unreadable, receive, send
from grading.inside.refuse import allow_list
from grading.kernels import Kernel
from grading.limits import Budget, Died, Hung, Limits, Seconds
from grading.proxies import Line
from grading.sandbox import Sandbox
from grading.session import Cell, Session
from grading.settings import Grading, NoSandbox, RefusesRoot
from grading.trusted import FORKS, Checker, Trusted
from grading.watch import Watch
from tests.slowly import slowly

BUDGET = Budget(cells=60, checks=60, cell=15, call=8)


@pytest.fixture(scope="module")
def trusted() -> Iterator[Trusted]:
    process = Trusted()
    yield process
    process.close()


def job(*cells: Cell, engine: Any = "bubblewrap", **rules: Any) -> dict[str, Any]:
    return {
        "digest": "none",
        "given": ["import numpy as np"],
        "rules": asdict(Rules(engine=engine, **rules)),
        "budget": asdict(BUDGET),
        "trusted": {"paths": [], "digest": ""},
        "cells": [asdict(cell) for cell in cells],
        "files": {"data/numbers.txt": "MTIz"},
        "imports": ["import numpy as np"],
    }


def shown(results: list[dict[str, Any]], number: int) -> str:
    """What cell `number` wrote and raised."""
    outputs = next(r["outputs"] for r in results if r.get("cell") == number)
    return "".join(o.get("text", "") + o.get("evalue", "") for o in outputs)


def points(results: list[dict[str, Any]]) -> list[float]:
    return [result["points"] for result in results if "points" in result]


CELLS = (
    Cell("import numpy as np\nprint(open('data/numbers.txt').read())"),
    Cell("seen = []\ndef f(x, g=None):\n    seen.append(x)\n    return g(x) if g else 2 * x"),
    Cell("np.testing.assert_array_equal = lambda *a: None"),
    Cell("assert f(1) == 2\nnp.testing.assert_array_equal(f(np.arange(3)), [0, 2, 4])\n"
         "assert f(3, g=lambda x: x ** 2) == 9\n"
         "assert f([1], g=lambda x: [*x, len(x)]) == [1, 1]\n1.5", True, ("f",), 1, 3),
    Cell("print(seen)"),
    Cell("def hang(x):\n    while True: pass\ndef crash(x):\n    import os; os._exit(0)"),
    Cell("hang(1)", True, ("hang",), 1, 1),
    Cell("hang(1)", True, ("hang",), 1, 1),
    Cell("crash(1)", True, ("crash",), 1, 1),
    Cell("np.testing.assert_array_equal(f(1), 3)", True, ("f",), 1, 1),
)  # fmt: skip


@pytest.fixture(params=slowly(["forked", "cold", "replayed", "none"]))
def way(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The ways in which a kernel can be had; all give the same result."""
    if request.param in ("forked", "cold") and trouble("bubblewrap"):
        pytest.skip("needs bubblewrap")
    if request.param == "cold":  # any other command that runs what follows it
        words = bubblewrap(Rules(), "SESSION", cold=True)
        words = [word.replace("SESSION", "{session}") for word in words]
        python = str(Path(sys.executable).parent)
        place = words.index("PATH") + 1
        return {"engine": [*words[:place], f"{python}:{words[place]}", *words[place + 1 :]]}
    if request.param == "replayed":
        return {"engine": "none", "forks": False}
    return {"engine": "none" if request.param == "none" else "bubblewrap"}


def test_every_way_gives_the_same(way: dict[str, Any]) -> None:
    trusted = Trusted()
    results = trusted.run({**job(*CELLS, engine=way["engine"]), "forks": way.get("forks", True)})
    trusted.close()
    assert "123" in shown(results, 0)
    assert points(results) == [1.5, 0, 0, 0, 0]
    assert shown(results, 4) == "[]\n"  # what checks call leaves no trace in the notebook
    assert "had not finished after" in shown(results, 6)
    assert "did not finish when it was called before" in shown(results, 7)
    assert "stopped" in shown(results, 8)


LOOK = """
import glob, os
print(sorted(os.listdir("/")), sorted(os.listdir("/home")), os.getcwd())
print(os.path.exists(COURSE), glob.glob(GRADER + "/**/*", recursive=True), os.getuid())
open("mine", "w").write("x")
for path in ("/usr/x", "/x", "/dev/x", "/run/x"):
    try: open(path, "w"); print("WROTE", path)
    except OSError: pass
print("if", [line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line])
print("caps", [line.split()[1] for line in open("/proc/self/status") if line.startswith("Cap")])
print("processes", len([name for name in os.listdir("/proc") if name.isdigit()]))
"""


def test_the_sandbox_shows_nothing(sandboxed: None, trusted: Trusted, tmp_path: Path) -> None:
    grader = str(Path(__file__).resolve().parents[2] / "grading")
    code = LOOK.replace("COURSE", repr(str(tmp_path / "c"))).replace("GRADER", repr(grader))
    (tmp_path / "c").mkdir()
    told = shown(trusted.run(job(Cell(code), hidden=(str(tmp_path),))), 0)
    assert "'etc'" in told and "['student'] /home/student" in told
    assert "False [] 1000" in told
    assert "WROTE" not in told
    assert "if ['lo']" in told
    assert set(told.split("caps ")[1].split("]")[0].strip("['").split("', '")) == {"0" * 16}
    assert int(told.split("processes ")[1]) <= 5


AROUND = """
import glob, os
def around():
    texts = [str(dict(os.environ))]
    for path in glob.glob("/proc/[PROCESSES]*/*", recursive=True) + glob.glob("/proc/*"):
        if os.path.basename(path) in ("environ", "cmdline", "mountinfo", "cgroup", "keys"):
            try: texts.append(path + open(path, "rb").read().decode(errors="replace"))
            except OSError: pass
    return " ".join(texts)
print(around())
"""


def test_what_surrounds_the_grader_stays_outside(
    way: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_TOKEN", "canary-variable")
    monkeypatch.setenv("MPLCONFIGDIR", "/tmp/canary-fonts")
    sleep = "import time; time.sleep(300)"
    other = subprocess.Popen([sys.executable, "-c", sleep, "canary-process"])
    trusted = Trusted()
    # Without a sandbox the instructor's processes are in sight: then only its own must be clean.
    code = AROUND.replace("PROCESSES", "s" if way["engine"] == "none" else "0-9s")
    told = Cell("def f():\n    raise ValueError(around())")
    check = Cell("f()", True, ("f",), 1, 1)
    given = job(Cell(code), told, check, engine=way["engine"])
    try:
        results = json.dumps(trusted.run({**given, "forks": way.get("forks", True)}))
    finally:
        trusted.close()
        other.kill()
        other.wait()
    assert "NBGRADER_EXECUTION" in results
    assert "cmdline" in results or sys.platform != "linux"
    assert "canary" not in results


def test_on_windows_a_kernel_gets_only_what_windows_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_TOKEN", "canary")
    monkeypatch.setenv("SYSTEMROOT", "C:/Windows")
    given = environment("none", windows=True)
    assert given["SYSTEMROOT"] == "C:/Windows"
    assert given["USER"] == "student"
    assert "HUB_TOKEN" not in given


def test_limits_hold(sandboxed: None, trusted: Trusted) -> None:
    cells = (
        Cell("x = bytearray(900_000_000)"),
        Cell("with open('big', 'wb') as file: file.write(bytes(20_000_000))"),
        Cell("print('y' * 10_000_000)"),
    )
    results = trusted.run(job(*cells, memory=700, file=10))
    outputs = {r["cell"]: r["outputs"] for r in results if "cell" in r}
    assert outputs[0][0]["ename"] == "MemoryError"
    assert outputs[1][0]["ename"] == "OSError"
    assert len(outputs[2][0]["text"]) < 110_000


REFUSED = """
import ctypes, fcntl, mmap, os, socket
libc = ctypes.CDLL(None, use_errno=True)
file = open("file", "w")
for name, way in {
    "memory without a file": lambda: os.memfd_create("x"),
    "memory that is shared": lambda: mmap.mmap(-1, 4096),
    "memory of a device": lambda: mmap.mmap(os.open("/dev/zero", os.O_RDWR), 4096),
    "a lock of a byte": lambda: fcntl.lockf(file, fcntl.LOCK_EX, 1),
    "a name for a socket": lambda: socket.socket(socket.AF_UNIX).bind("name"),
    "the network": lambda: socket.socket(socket.AF_INET),
    "attributes": lambda: os.setxattr("file", "user.x", b"x"),
}.items():
    try: print(name, way())
    except OSError: pass
for name, result in {
    "semaphores": libc.semget(0, 1, 0o1600),
    "queues": libc.msgget(0, 0o1600),
    "named queues": libc.mq_open(b"/x", 0o102, 0o600, None),
    "watches": libc.inotify_init1(0),
    "keys": libc.syscall(250 if os.uname().machine == "x86_64" else 219, 0, -3, 0),
}.items():
    if result != -1: print(name, result)
"""
ORDINARY = """
import asyncio, multiprocessing, shutil, subprocess, tempfile, threading
with tempfile.TemporaryDirectory() as folder:
    shutil.copy2(shutil.__file__, folder)
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(pool.map(abs, [1, -2]))
async def wait(): await asyncio.sleep(0.001)
asyncio.run(wait())
threading.Thread(target=print, args=("thread",)).start()
print(subprocess.run(["echo", "process"], capture_output=True, text=True).stdout)
"""


def test_calls_that_nobody_needs_are_refused(sandboxed: None, trusted: Trusted) -> None:
    results = trusted.run(job(Cell(REFUSED), Cell(ORDINARY)))
    assert shown(results, 0) == ""
    assert shown(results, 1).split() == ["[1,", "2]", "thread", "process"]


HOGS = """
import os, time
if LOOKED_INTO == 0:
    import ctypes; ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
for _ in range(4):
    if os.fork() == 0:
        held = b"x" * 150_000_000
        time.sleep(60)
        os._exit(0)
"""


RAN = "\nopen('/tmp/ran', 'a').write('once ')\n"
BEFORE = Cell("import time\nx = 1\nfree = bytearray(100)")
CHECK = Cell("x", True, ("x",), 1, 1)
AFTER = (Cell("print(open('/tmp/ran').read())"), Cell("time.sleep(0.3)\ny = 1"))
CHECK_AFTER = Cell("y", True, ("y",), 1, 1)
TOO_MUCH = "it used more than 500 megabytes of memory"


@pytest.mark.parametrize("looked_into", ["1", "0"])
def test_what_passes_the_limit_of_all_costs_the_cell_that_runs(
    sandboxed: None, trusted: Trusted, looked_into: str
) -> None:
    hogs = Cell(RAN + HOGS.replace("LOOKED_INTO", looked_into) + "y = 2\ntime.sleep(60)")
    results = trusted.run(job(BEFORE, CHECK, hogs, *AFTER, CHECK_AFTER, memory=500))
    assert points(results) == [1, 1]
    assert shown(results, 2) == TOO_MUCH
    assert shown(results, 3) == "once \n"  # it is not started again
    assert results[-1]["notes"] == [f"cell 2 was stopped: {TOO_MUCH}"]


def test_what_a_cell_left_behind_costs_no_other(sandboxed: None, trusted: Trusted) -> None:
    hogs = Cell(RAN + HOGS.replace("LOOKED_INTO", "1"))
    waiting = [Cell("time.sleep(0.3)\nz = 1")] * 5
    results = trusted.run(job(BEFORE, CHECK, hogs, *AFTER, *waiting, CHECK_AFTER, memory=500))
    assert points(results) == [1, 1]
    assert shown(results, 3) == "once \n"
    assert results[-1]["notes"] == [f"what cells had left running was ended: {TOO_MUCH}"]


def test_a_function_that_passes_the_limit_of_all_costs_its_own_check(
    sandboxed: None, trusted: Trusted
) -> None:
    body = (RAN + HOGS.replace("LOOKED_INTO", "1") + "time.sleep(60)").replace("\n", "\n    ")
    hogs = Cell(f"def hog():{body}")
    ran = Cell("def ran():\n    return open('/tmp/ran').read()\ny = 1")
    checks = [Cell("hog()\n1", True, ("hog",), 1, 1)] * 2
    again = Cell("float(ran() == 'once ')", True, ("ran",), 1, 1)
    results = trusted.run(job(BEFORE, CHECK, hogs, *checks, ran, again, CHECK_AFTER, memory=500))
    assert points(results) == [1, 0, 0, 1, 1]
    assert TOO_MUCH in shown(results, 3)


FILL = "held = []\nfor _ in range(60): held.append(b'x' * 20_000_000)"


def test_one_process_meets_its_own_limit_first(sandboxed: None, trusted: Trusted) -> None:
    """Beside kernels that wait, and files in memory."""
    files = Cell("for i in range(3): open(f'/tmp/{i}', 'wb').write(bytes(10_000_000))")
    waiting = [Cell("x", True, ("x",), 1, 1), Cell("x = 1")] * 4
    results = trusted.run(job(BEFORE, files, *waiting, Cell(FILL), CHECK, memory=1000))
    assert points(results) == [1] * 5
    assert shown(results, 10) in ("", "it left no memory for the cells that follow")
    assert "everything" not in str(results[-1])
    assert "used more" not in str(results[-1])


def test_what_waits_and_takes_too_much_ends_everything(sandboxed: None, trusted: Trusted) -> None:
    """Kernels that are kept, in which threads go on."""
    grow = """
import threading, time
def fill():
    global held
    time.sleep(1)
    held = b"x" * 180_000_000
threading.Thread(target=fill, daemon=True).start()"""
    cells = [*[Cell(grow), CHECK] * 3, *[Cell("time.sleep(0.5)")] * 9]
    results = trusted.run(job(BEFORE, *cells, memory=500))
    assert points(results) == [0, 0, 0]
    assert f"everything was ended: {TOO_MUCH}" in results[-1]["notes"]


def test_a_process_without_its_first_thread_is_counted(sandboxed: None, trusted: Trusted) -> None:
    hide = """
import ctypes, os, threading, time
libc = ctypes.CDLL(None)
for _ in range(4):
    if os.fork() == 0:
        threading.Thread(target=lambda: (b"x" * 150_000_000, time.sleep(60))).start()
        time.sleep(0.2); libc.syscall(CALL, 0)
time.sleep(60)""".replace("CALL", "60" if os.uname().machine == "x86_64" else "93")
    results = trusted.run(job(BEFORE, CHECK, Cell(hide), memory=500))
    assert points(results) == [1]
    assert shown(results, 2) == TOO_MUCH


def test_processes_left_behind_cost_no_other_cell(sandboxed: None, trusted: Trusted) -> None:
    bomb = """
import os, time
for _ in range(90):
    try:
        if os.fork() == 0: time.sleep(60); os._exit(0)
    except OSError: pass"""
    results = trusted.run(job(BEFORE, CHECK, Cell(RAN + bomb), *AFTER, CHECK_AFTER))
    assert points(results) == [1, 1]
    assert shown(results, 3) == "once \n"


def test_forks_that_share_their_memory_are_counted_once(sandboxed: None, trusted: Trusted) -> None:
    share = Cell("held = b'x' * 200_000_000\nx = 1")
    checks = [Cell("x", True, ("x",), 1, 1), Cell("import time\ntime.sleep(0.3)")] * 4
    results = trusted.run(job(share, *checks, memory=500))
    assert points(results) == [1, 1, 1, 1], results[-1]


BURN = "import os\nfor _ in range(8):\n    if os.fork() == 0:\n        while True: pass\n"


def test_all_that_it_starts_shares_one_time(sandboxed: None, trusted: Trusted) -> None:
    burn = Cell(BURN + "time.sleep(60)")
    results = trusted.run(job(BEFORE, CHECK, burn, CHECK, burn, CHECK, cpu=5))
    words = "all that it started had computed for more than 5 seconds"
    assert shown(results, 2) == words
    assert shown(results, 4) == words
    assert {"cell 2", "everything"} <= set(results[-1]["slow"])  # the second time


def test_a_limit_on_time_costs_what_runs(sandboxed: None, trusted: Trusted) -> None:
    results = trusted.run(job(BEFORE, CHECK, Cell(BURN + "time.sleep(60)"), CHECK, cpu=5))
    assert points(results) == [1, 1]
    assert results[-1]["slow"] == ["cell 2"]


def test_files_without_content_take_memory_too(sandboxed: None, trusted: Trusted) -> None:
    fill = "import os\nfor i in range(10**7): os.close(os.open(f'/tmp/{i}', os.O_CREAT))"
    results = trusted.run(job(Cell(fill), memory=300))
    assert "it used more than 300 megabytes of memory" in shown(results, 0)


@pytest.mark.skipif(not FORKS, reason="only Linux tells how long a process was kept waiting")
def test_waiting_for_the_processor_is_no_slowness(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        kernel = Kernel(Sandbox(Rules(engine="none"), []), 0, ours)
        clock = iter(range(1, 10_000))
        monkeypatch.setattr("grading.kernels.monotonic", lambda: 10.0 * next(clock))
        with pytest.raises(Hung, match="by the clock"):
            kernel.ask(Limits(100, 60), do="x")
        assert receive(theirs) == {"do": "x"}
        monkeypatch.setattr(Kernel, "kept_waiting", lambda kernel: 10.0 * next(clock) - 10)
        send(theirs, {"done": True})
        assert kernel.ask(Limits(100, 5), do="x") == {"done": True}


@pytest.mark.parametrize(("parts", "readable"), [(2_900_000, True), (3_100_000, False)])
def test_a_message_of_too_many_parts_is_not_read(parts: int, readable: bool) -> None:
    """It would take many times its length of the memory of whoever reads it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        told = b"[" + b"7," * (parts - 1) + b"7]"
        sending = threading.Thread(
            target=theirs.sendall, args=[len(told).to_bytes(4, "big") + told], daemon=True
        )
        sending.start()
        if readable:
            assert len(receive(ours)) == parts
        else:
            with pytest.raises(Unreadable, match="too many parts"):
                receive(ours)
        sending.join()


NAGGING = (
    Cell("def nag(g):\n    while True: g(1)\ndef stop(x):\n    raise StopIteration"),
    Cell("nag(lambda x: x)\n1", True, ("nag",), 1, 1),
    Cell("for y in map(stop, [1, 2]): assert y == 0\n1", True, ("stop",), 1, 1),
)


@pytest.mark.slow
def test_calls_back_and_ends_of_loops_get_nobody_on(trusted: Trusted) -> None:
    budget = asdict(Budget(cells=60, checks=60, cell=15, call=2))
    results = trusted.run({**job(*NAGGING, engine="none"), "budget": budget})
    assert points(results) == [0, 0]
    # Which limit comes first, 2 seconds of computing or 8 by the clock, is up to the machine.
    assert re.search(r"after (2 seconds of computing|8 seconds by the clock)", shown(results, 1))
    assert results[2]["outputs"][0]["ename"] == "StopIteration"


@pytest.mark.skipif(not FORKS, reason="kernels fork on Linux only")
@pytest.mark.parametrize("engine", ["none", "bubblewrap"])
def test_a_kernel_that_cannot_fork_says_so(trusted: Trusted, engine: str) -> None:
    if trouble(engine):
        pytest.skip("needs bubblewrap")
    full = "import os\ndef fork(): raise BlockingIOError(11, 'again')\nos.fork = fork\nx = 1"
    given = job(Cell(full), Cell("assert x == 1", True, ("x",), 1, 1), engine=engine, processes=7)
    if engine == "none":  # another program of the same user may be the reason: no zero for that
        with pytest.raises(CannotStart, match=r"could not fork.*ulimit -u"):
            trusted.run(given)
    else:
        results = trusted.run(given)
        assert points(results) == [0]
        assert "could not fork: it may have 7 processes and threads" in shown(results, 1)
        assert "c.Grading.processes" in shown(results, 1)


@pytest.mark.skipif(not FORKS, reason="it forks on Linux only")
def test_the_trusted_process_says_that_it_cannot_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    ours, theirs = socket.socketpair()
    with ours, theirs:
        send(ours, job(engine="none"))
        ours.shutdown(socket.SHUT_WR)
        with monkeypatch.context() as patched, pytest.raises(Closed):
            patched.setattr(os, "fork", fork)
            checker = object.__new__(Checker)  # without a shell, of which there is one a process
            checker.channel, checker.known, checker.warm = theirs, {"none": []}, None
            checker.serve()
        assert "could not fork" in receive(ours)["trouble"]


@pytest.mark.skipif(not FORKS, reason="it forks on Linux only")
def test_whoever_else_reports_keeps_nobody_waiting() -> None:
    sandbox, done = Sandbox(Rules(engine="none"), []), threading.Event()
    sandbox.listener = sandbox._listen()

    def knock() -> None:
        for number in [*[99] * 200, 7]:  # at last the right one
            if not done.wait(0.05):
                with socket.socket(socket.AF_UNIX) as channel:
                    channel.connect(sandbox._address())
                    send(channel, {"number": number})

    knocking = threading.Thread(target=knock)
    knocking.start()
    try:
        with pytest.raises(Died, match="the kernel did not start"):
            sandbox.accept(0.5, number=7)
    finally:
        done.set()
        knocking.join()
        sandbox.end()


@pytest.mark.skipif(not FORKS, reason="kernels fork on Linux only")
def test_a_place_that_cannot_be_copied_is_built_twice_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fork(kernel: Kernel) -> Kernel:
        kernel.alive = False
        raise Died("the kernel did not start")

    def start(sandbox: Sandbox) -> Kernel:
        started.append(sandbox)
        return Kernel(sandbox, 0, channel)

    started: list[Sandbox] = []
    channel = socket.socket()
    monkeypatch.setattr(Sandbox, "start", start)
    monkeypatch.setattr(Kernel, "fork", fork)
    cells = [Cell(f"x = {i}") for i in range(20)]
    session = Session(Rules(engine="none"), BUDGET, cells, {}, [])
    session._watch = None
    results = list(session._run_cells({}))
    channel.close()
    assert len(results) == 20 and "did not start" in shown(results, 19)
    assert len(started) <= 2


@pytest.mark.skipif(sys.platform != "linux", reason="watches on Linux only")
def test_nothing_runs_before_it_is_watched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On a busy machine the watching process comes late; a kernel that is gone cannot be added."""

    def late(*_: Any, **__: Any) -> None:
        sleep(0.3)
        (tmp_path / "added").touch()

    monkeypatch.setattr("grading.taken.Taken.add", late)
    watch = Watch(Rules(engine="none"))
    watch.add(os.getpid(), os.getpid())
    assert (tmp_path / "added").exists() and not watch.reason()
    watch.end()


def test_what_is_built_again_for_a_check_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1_000_000))
    monkeypatch.setattr("grading.proxies.monotonic", lambda: 15.0 * next(clock))

    def lost() -> Kernel:
        built.append(1)
        raise Died("it ended itself")

    built: list[int] = []
    line = Line(lost, [], Seconds(60, 15), {})
    for _ in range(50):
        with pytest.raises(Died):
            line.values(["f"])
    assert 1 < len(built) < 20


@pytest.mark.skipif(not FORKS, reason="it forks on Linux only")
@pytest.mark.parametrize(("computing", "told"), [(60, "To be run again"), (0, "took too long")])
def test_time_by_the_clock_alone_costs_no_points(
    monkeypatch: pytest.MonkeyPatch, computing: float, told: str
) -> None:
    def run(*_: Any) -> None:
        sum(range(10**6))
        threading.Event().wait()

    alarm = signal.alarm
    monkeypatch.setattr(signal, "alarm", lambda seconds: alarm(1))
    monkeypatch.setattr(Checker, "run", run)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        checker = object.__new__(Checker)
        checker.channel = theirs
        checker.fork({"budget": {"cells": computing, "checks": 0}}, [])
        reply = receive(ours)
    assert told in str(reply)
    assert ("trouble" in reply) == (computing > 0)  # then it is no result


def test_without_a_sandbox_other_programs_of_the_user_do_not_count(trusted: Trusted) -> None:
    stop = threading.Event()
    others = [threading.Thread(target=stop.wait) for _ in range(100)]  # as a desktop has
    for thread in others:
        thread.start()
    try:  # for root, the system would not count them
        results = trusted.run(job(Cell("x = 1"), Cell("x", True, ("x",), 1, 1), engine="none"))
    finally:
        stop.set()
    assert points(results) == [1], shown(results, 1)
    assert "NPROC" not in Rules(engine="none").limits()
    assert Rules().limits()["NPROC"] == 64


SETTINGS = (
    "np.seterr(all='raise')",
    "np.seterr(all='ignore')",
    "import warnings\nwarnings.simplefilter('error')\nnp.seterr(all='warn')",
    "np.set_printoptions(precision=1, legacy='1.13', formatter={'all': lambda x: '?'})",
    "import locale\nfor name in ('de_DE.UTF-8', 'C'):\n    try: locale.setlocale(0, name)\n"
    "    except locale.Error: pass",
    "import sys\nsys.setrecursionlimit(150)",
    "import sys\nsys.setrecursionlimit(10**8)",
    "import decimal\ndecimal.getcontext().prec = 2\ndecimal.setcontext(decimal.Context(traps=[]))",
    "import sys\nsys.set_int_max_str_digits(640)\nsys.tracebacklimit = 0",
    "import gc, logging, os\ngc.disable()\nlogging.disable()\nos.umask(0o777)\nos.chdir('/')",
    "%precision 1\n%xmode Minimal\n%pprint",
    "import sys, io\nsys.stdout = sys.stderr = io.StringIO()\nprint('lost')",
    "import socket\nsocket.setdefaulttimeout(0.001)",
    "import signal\nif hasattr(signal, 'SIGCHLD'): signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
    "import json, base64\njson = base64 = sys = os = None",
)
ROUGH = """
import numpy as np
def rough(x):
    x = np.array([x])
    return np.exp(-1e4 * x), 1 / (0 * x), np.exp(1e4 * x), [np.exp(k * x) for k in (-1e4, 1e4)]
"""
CHECK_ROUGH = """
little, much, more, several = rough(1.0)
assert [*little, *much, *more] == [0, np.inf, np.inf]
assert [*several[0], *several[1]] == [0, np.inf]
"""


@pytest.mark.parametrize("setting", SETTINGS)
def test_settings_of_a_cell_cost_no_points(trusted: Trusted, setting: str) -> None:
    cells = (Cell(ROUGH), Cell(setting), Cell(CHECK_ROUGH, True, ("rough",), 1, 1))
    results = trusted.run(job(*cells, engine="none"))
    assert points(results) == [1], shown(results, 2)
    assert "ename" not in json.dumps(results)


def test_the_trusted_process_survives_and_starts_afresh(trusted: Trusted) -> None:
    assert points(trusted.run(job(Cell("1", True, points=1), engine="none"))) == [1]
    assert trusted._process is not None
    trusted._process.kill()
    trusted._process.wait()
    assert points(trusted.run(job(Cell("1", True, points=1), engine="none"))) == [1]


def test_trouble_of_the_grader_is_no_zero(trusted: Trusted) -> None:
    with pytest.raises(CannotStart, match="no-such-engine"):
        trusted.run(job(Cell("1", True, points=1), engine=["no-such-engine"]))


def test_refuses_root_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    with pytest.raises(RefusesRoot, match="as_root"):
        Grading().job(hidden=[])
    config = Config()
    config.Grading.as_root = True
    assert Grading(config=config).job(hidden=[])["budget"]["call"] == 15


def as_root(**settings: Any) -> Grading:
    config = Config()
    config.Grading.as_root = True
    for name, value in settings.items():
        config.Grading[name] = value
    return Grading(config=config)


def test_warns_loudly_without_a_sandbox(caplog: pytest.LogCaptureFixture) -> None:
    settings = as_root(engine="none")
    settings.log.propagate = True
    assert settings.job(hidden=[])["rules"]["engine"] == "none"
    assert "NO SANDBOX" in caplog.text


def test_nothing_is_graded_without_the_sandbox_that_was_asked_for() -> None:
    with pytest.raises(NoSandbox, match="no-such-engine is not installed"):
        as_root(engine=["no-such-engine", "run"]).job(hidden=[])


@pytest.mark.skipif(allow_list() is None, reason="needs libseccomp")
@pytest.mark.parametrize(
    ("said", "restricted", "cure"),
    [
        ("bwrap: Unknown option --disable-userns", "0", "too old"),
        ("bwrap: setting up uid map: Permission denied", "1", "apparmor"),
        ("bwrap: Creating new namespace failed: Operation not permitted", "0", "In a container"),
        (None, "0", "apt install bubblewrap"),
    ],
)
def test_why_there_is_no_sandbox_is_said_in_its_own_words(
    said: str | None, restricted: str, cure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "restricted").write_text(restricted, "utf-8")
    monkeypatch.setattr(engines, "RESTRICTED", tmp_path / "restricted")
    if said:
        (tmp_path / "bwrap").write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n", "utf-8")
        (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSandbox, match=cure) as caught:
        as_root().job(hidden=[])
    assert (said or "not installed") in str(caught.value)
    assert 'c.Grading.engine = "none"' in str(caught.value)


def test_a_cell_that_fills_the_memory_costs_only_itself(sandboxed: None, trusted: Trusted) -> None:
    """As the first releases of Python 3.12 do when they read a very long line."""
    fill = """
kept, size = [], 2 ** 24
while size:
    try:
        kept.append(bytearray(size))
    except MemoryError:
        size //= 2"""
    function = Cell("def f(x):\n    return 2 * x")
    check = Cell("assert f(1) == 2\nassert f(3) == 6", True, ("f",), 0, 1)
    results = trusted.run(job(Cell("import numpy as np"), Cell(fill), function, check, memory=700))
    assert points(results) == [1]
    assert "it left no memory" in shown(results, 1)


def test_a_changed_key_is_imported_anew(trusted: Trusted, tmp_path: Path, sandboxed: None) -> None:
    check = Cell("import answers\nfloat(x == answers.x)", True, ("x",), 1, 1)
    earned = []
    for right in ("1", "2"):
        (tmp_path / "answers.py").write_text(f"x = {right}\n\n# {right}", encoding="utf-8")
        key = {"paths": [str(tmp_path)], "digest": right}
        earned += points(trusted.run({**job(Cell("x = 1"), check), "trusted": key}))
        shutil.rmtree(tmp_path / "__pycache__", ignore_errors=True)  # written within one second
    assert earned == [1, 0]


def test_checks_prepare_once_and_nothing_of_one_submission_is_left_for_the_next(
    trusted: Trusted, tmp_path: Path, sandboxed: None
) -> None:
    key = """
class Exercise:
    times = 0
    def prepare(self): self.times += 1
    def grade(self): self.times += 10; return self.times - 10
one = Exercise()
def prepare(): raise AssertionError
"""
    (tmp_path / "prepared.py").write_text(key, encoding="utf-8")
    hidden = "import prepared\nx\nfloat(prepared.one.grade())"
    checks = [Cell(hidden, True, ("x",), 1, 100)] * 2
    told = {**job(Cell("x = 1"), *checks), "digest": "prepared"}
    told["trusted"] = {"paths": [str(tmp_path)], "digest": "1"}
    assert points(trusted.run(told)) == [1, 11]
    assert points(trusted.run(told)) == [1, 11]
