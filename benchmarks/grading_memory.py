"""What attacks on memory take: python benchmarks/grading_memory.py [--user 1000] [ATTACK ...]

Each attack is a submission of its own, graded in a sandbox by an ordinary user, in a control group
that counts its memory: that of its processes, of files in memory, and what the kernel keeps for it.
Needs Linux, root (to make the group) and a Python that the ordinary user can start.
Writes benchmarks/results/grading_memory.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]
LIMIT = 2048  # megabytes, as in the settings
MOST = 9 * 2**30  # bytes, with which the machine is not harmed yet
HOG = """
import mmap, os, time
def hog(size=800_000_000, seconds=15):
    if os.fork() == 0:
        try:
            held = bytearray(size)
            for i in range(0, size, 4096): held[i] = 1
            time.sleep(seconds)
        finally:
            os._exit(0)
"""
FOUR = f"{HOG}\nfor _ in range(4): hog()\n"
MANY = """
    time.sleep(15)
import os, time
for _ in range(60):
    try:
        if os.fork() == 0: fill(); os._exit(0)
    except OSError: break
fill()
"""
CALLS = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def failed(result, i):
    if result < 0: print(i, os.strerror(ctypes.get_errno()))
    return result < 0
"""
# What each takes, and the cell that does it.
ATTACKS = {
    "wait": ("four processes of 800 MB; the cell waits", f"{FOUR}time.sleep(15)"),
    "quick": ("the same; the cell returns at once, and quick cells follow", FOUR),
    "trickle": (
        "the same, behind a thread that sends a byte every 50 ms",
        f"""{HOG}
import threading
def trickle():
    begun = False
    while True:
        for fd in range(3, 20):
            try: os.write(fd, b"x" if begun else (2**24).to_bytes(4, "big"))
            except OSError: pass
        begun = True; time.sleep(0.05)
threading.Thread(target=trickle, daemon=True).start()
for _ in range(4): hog(seconds=20)
time.sleep(20)""",
    ),
    "functions": ("the same, started by a function that checks call", HOG),
    "hidden": (
        "the same, by processes that nobody may look into",
        f"import ctypes\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\n{FOUR}time.sleep(15)",
    ),
    "coming-and-going": (
        "the same, amid processes that end as soon as they were started",
        f"""{FOUR}
end = time.monotonic() + 15
while time.monotonic() < end:
    pid = os.fork()
    if not pid: os._exit(0)
    os.waitpid(pid, 0)""",
    ),
    "long-reply": (
        "the same, while the grader reads an answer of 30 MB",
        f"""{FOUR}
data = b"[" + b"{{}}," * 9_000_000 + b"{{}}]"
for fd in range(3, 20):
    try: os.write(fd, len(data).to_bytes(4, "big")); os.write(fd, data)
    except OSError: pass
time.sleep(15)""",
    ),
    "many-small": (
        "60 processes of 100 MB",
        f"""{HOG}
for _ in range(60):
    try: hog(100_000_000)
    except OSError: break
time.sleep(15)""",
    ),
    "all-of-one": (
        "one process that takes all that it may",
        """hold = []
for _ in range(200):
    try: hold.append(bytearray(10**8))
    except MemoryError: pass""",
    ),
    "files": (
        "files in every folder, and their mappings",
        """
import mmap, time
kept = []
for folder in ("/tmp", "/dev/shm", "."):
    for i in range(40):
        try:
            file = open(f"{folder}/{i}", "w+b"); file.write(bytes(2**24)); file.flush()
            kept.append(mmap.mmap(file.fileno(), 2**24))
        except OSError as error: print(error); break
time.sleep(2)""",
    ),
    "empty-files": (
        "two million empty files",
        """
import os
for i in range(2_000_000):
    try: os.close(os.open(f"/tmp/{i}", 65))
    except OSError as error: print(i, error); break""",
    ),
    "links": (
        "folders, and links of 4,000 letters",
        """
import os
for i in range(100_000):
    try: os.mkdir(f"d{i}"); os.symlink("x" * 4000, f"l{i}")
    except OSError as error: print(i, error.strerror); break""",
    ),
    "semaphores": (
        "1,500 sets of 32,000 System V semaphores",
        f"""{CALLS}
for i in range(1500):
    if failed(libc.semget(0, 32000, 0o1600), i): break""",
    ),
    "queues": (
        "message queues of System V and of POSIX, filled",
        f"""{CALLS}
class Message(ctypes.Structure): _fields_ = [("kind", ctypes.c_long), ("x", ctypes.c_char * 8192)]
message = Message(1, b"x")
for i in range(32000):
    queue = libc.msgget(0, 0o1600)
    if failed(queue, i): break
    while libc.msgsnd(queue, ctypes.byref(message), 8192, 0o4000) == 0: pass
for i in range(256):
    if failed(libc.mq_open(b"/q%d" % i, 0o102, 0o600, None), i): break""",
    ),
    "inotify": (
        "128 instances of inotify, 1,000 watches each",
        f"""{CALLS}
for i in range(128):
    fd = libc.inotify_init1(0)
    if failed(fd, i): break
    for j in range(1000):
        os.makedirs(f"w{{j}}", exist_ok=True)
        libc.inotify_add_watch(fd, b"w%d" % j, 0xfff)""",
    ),
    "sockets": (
        "60 processes with 200 pairs of sockets, filled",
        f"""
import socket
def fill():
    kept = []
    for _ in range(200):
        try: pair = socket.socketpair()
        except OSError as error: print(error); break
        kept += pair
        for end in pair:
            end.setblocking(False)
            try:
                while True: end.send(bytes(4096))
            except OSError: pass
{MANY}""",
    ),
    "pipes": (
        "60 processes with 200 pipes of a megabyte, filled",
        f"""
import fcntl
def fill():
    for _ in range(200):
        try:
            reading, writing = os.pipe(); os.set_blocking(writing, False)
            try: fcntl.fcntl(writing, 1031, 2**20)
            except OSError: pass
            while True: os.write(writing, bytes(65536))
        except BlockingIOError: pass
        except OSError: break
{MANY}""",
    ),
    "mappings": (
        "60 processes with 60,000 mappings each",
        f"""
import mmap
def fill():
    kept = []
    try:
        while len(kept) < 60_000:
            kept.append(mmap.mmap(-1, 8192, mmap.MAP_PRIVATE, prot=3 if len(kept) % 2 else 1))
            if len(kept) % 2: kept[-1][0]
    except (OSError, ValueError): pass
{MANY}""",
    ),
    "page-tables": (
        "60 processes with 900 pages each, far apart",
        f"""
import mmap
def fill():
    kept = []
    try:
        for _ in range(900):
            kept.append(mmap.mmap(-1, 2**21, mmap.MAP_PRIVATE, prot=1)); kept[-1][0]
    except (OSError, ValueError): pass
{MANY}""",
    ),
    "locks": (
        "locks of every second byte, by 60 processes",
        f"""
import fcntl
def fill():
    kept, end = [], time.monotonic() + 15
    try:
        while time.monotonic() < end:
            kept.append(open(f"/tmp/{{os.getpid()}}-{{len(kept)}}", "w"))
            for i in range(2000): fcntl.lockf(kept[-1], fcntl.LOCK_EX, 1, 2 * i)
    except OSError as error: print(error)
{MANY}""",
    ),
}


def one(name: str) -> None:
    """Grade one attack, and print what came of it."""
    from grading.engine import CannotStart, Rules
    from grading.limits import Budget
    from grading.session import Cell
    from grading.trusted import Trusted

    more = f"\n    {FOUR}".replace("\n", "\n    ") if name == "functions" else ""
    attack = Cell(ATTACKS[name][1])
    function = Cell(f"def f(x):{more}\n    return 2 * x")
    check = Cell("assert f(1) == 2\nassert f(3) == 6", True, ("f",), 0, 1)
    small = [Cell(f"y = {i}\ny + 1") for i in range(12)]
    cells = [Cell("import numpy as np"), function, attack, check, *small, check, check]
    job = {
        "digest": "none", "given": ["import numpy as np"], "files": {},
        "imports": ["import numpy as np"], "rules": asdict(Rules(memory=LIMIT)),
        "budget": asdict(Budget()), "trusted": {"paths": [], "digest": ""},
        "cells": [asdict(cell) for cell in cells],
    }  # fmt: skip
    trusted = Trusted()
    try:
        told = trusted.run(job)
    except CannotStart as error:
        print(json.dumps({"notes": [f"FAILED: {error}"]}))
        return
    finally:
        trusted.close()
    outputs = next((r["outputs"] for r in told if r.get("cell") == 2), [])
    words = [o.get("evalue", "") or o.get("text", "") for o in outputs]
    points = sum(r.get("points", 0) for r in told)
    print(json.dumps({"notes": told[-1]["notes"], "words": words, "points": points}))


def measured(name: str, user: int) -> tuple[float, float, dict]:
    """Run an attack in a control group; return the most megabytes, the seconds, and its result."""
    group = Path("/sys/fs/cgroup/memory") / f"grading-memory-{os.getpid()}"
    group.mkdir(exist_ok=True)
    (group / "memory.use_hierarchy").write_text("1")
    (group / "memory.limit_in_bytes").write_text(str(MOST))
    most, done = [0, 0], threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            lines = (group / "memory.stat").read_text().splitlines()
            held = dict(line.split() for line in lines)
            taken = int(held["total_rss"]) + int(held["total_shmem"])
            kernel = int((group / "memory.kmem.usage_in_bytes").read_text())
            most[:] = max(most[0], taken + kernel), max(most[1], kernel)

    watcher = threading.Thread(target=look)
    watcher.start()
    begun = time.monotonic()
    try:
        words = ["--user", str(user), "--one", str(group), name]
        ended = subprocess.run(
            [sys.executable, str(HERE / "grading_memory.py"), *words],
            env={"PATH": "/usr/bin:/bin", "HOME": "/tmp", "PYTHONPATH": str(HERE.parent)},
            capture_output=True, check=False, cwd="/tmp",
        )  # fmt: skip
    finally:
        done.set()
        watcher.join()
    seconds = time.monotonic() - begun
    time.sleep(0.5)
    with suppress(OSError):
        group.rmdir()
    lines = ended.stdout.decode().splitlines() or ["{}"]
    return most[0] / 2**20, seconds, json.loads(lines[-1]) or {"notes": [ended.stderr.decode()]}


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("attacks", nargs="*", default=list(ATTACKS))
    parser.add_argument("--user", type=int, default=1000)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        Path(chosen.one, "cgroup.procs").write_text(str(os.getpid()))
        os.setgroups([])
        os.setgid(chosen.user)
        os.setuid(chosen.user)
        one(chosen.attacks[0])
        return
    rows = []
    for name in chosen.attacks:
        megabytes, seconds, told = measured(name, chosen.user)
        said = "; ".join([*told.get("notes", []), *told.get("words", [])]).replace("\n", " ")
        row = f"| {name} | {ATTACKS[name][0]} | {megabytes:,.0f} | {seconds:.0f} | {said[:150]} |"
        print(f"{row} {told.get('points', '')}", flush=True)
        rows.append(row)
    page = f"""# Memory that attacks take

Each is a submission with a limit of {LIMIT:,} MB. Counted is everything: the grader's own processes
(about 100 MB), those of the sandbox, files in memory, and the kernel's own memory.

| attack | what it does | most memory, MB | seconds | what the grader said |
|---|---|---:|---:|---|
"""
    if chosen.attacks == list(ATTACKS):
        (HERE / "results" / "grading_memory.md").write_text(page + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
