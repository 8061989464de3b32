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
FORKS = """
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
FOUR = f"{FORKS}\nfor _ in range(4): hog()\n"
CALLS = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
HELD = "    hold.append(bytearray(2**20 * 50))"
# What each takes, and the cell that does it.
ATTACKS = {
    "wait": ("four processes of 800 MB; the cell waits", f"{FOUR}time.sleep(15)"),
    "quick": ("the same; the cell returns at once, and quick cells follow", FOUR),
    "trickle": (
        "the same, behind a thread that sends a byte every 50 ms",
        f"{FORKS}import threading\n"
        "def trickle():\n    begun = False\n"
        "    while True:\n"
        "        for fd in range(3, 20):\n"
        "            try: os.write(fd, b'x' if begun else (2**24).to_bytes(4, 'big'))\n"
        "            except OSError: pass\n"
        "        begun = True; time.sleep(0.05)\n"
        "threading.Thread(target=trickle, daemon=True).start()\n"
        "for _ in range(4): hog(seconds=20)\ntime.sleep(20)",
    ),
    "functions": ("the same, started by each function that checks call", FORKS),
    "hidden": (
        "the same, by processes that nobody may look into",
        f"import ctypes\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\n{FOUR}time.sleep(15)",
    ),
    "coming-and-going": (
        "the same, amid processes that end as soon as they were started",
        f"{FOUR}\nend = time.monotonic() + 15\nwhile time.monotonic() < end:\n"
        "    pid = os.fork()\n    if not pid: os._exit(0)\n    os.waitpid(pid, 0)",
    ),
    "many-small": (
        "60 processes of 100 MB",
        f"{FORKS}for _ in range(60):\n    try: hog(100_000_000)\n    except OSError: break\n"
        "time.sleep(15)",
    ),
    "threads-of-one": (
        "one process that takes all that it may, 200 times",
        "hold = []\nfor _ in range(200):\n    try: hold.append(bytearray(10**8))\n"
        "    except MemoryError: pass",
    ),
    "files": (
        "files in every folder, and in their mappings",
        "import mmap, os, time\nkept = []\nfor folder in ('/tmp', '/dev/shm', '.'):\n"
        "    for i in range(40):\n        try:\n"
        "            file = open(f'{folder}/{i}', 'w+b'); file.write(bytes(2**24)); file.flush()\n"
        "            kept.append(mmap.mmap(file.fileno(), 2**24))\n"
        "        except OSError as error: print(error); break\ntime.sleep(2)",
    ),
    "empty-files": (
        "300,000 empty files",
        "import os\nfor i in range(300_000):\n    try: os.close(os.open(f'/tmp/{i}', 65))\n"
        "    except OSError as error: print(i, error); break",
    ),
    "folders": (
        "folders within folders, and links",
        "import os\nfor i in range(100_000):\n"
        "    try: os.mkdir(f'd{i}'); os.symlink('x' * 4000, f'l{i}')\n"
        "    except OSError as error: print(i, error); break",
    ),
    "semaphores": (
        "1,500 sets of 32,000 System V semaphores",
        f"{CALLS}for i in range(1500):\n    if libc.semget(0, 32000, 0o1600) < 0:\n"
        "        print(i, os.strerror(ctypes.get_errno())); break",
    ),
    "queues": (
        "System V and POSIX message queues, filled",
        f"{CALLS}class M(ctypes.Structure): _fields_ = [('t', ctypes.c_long), ('x', ctypes.c_char * 8192)]\n"
        "m = M(1, b'x')\nfor i in range(32000):\n    q = libc.msgget(0, 0o1600)\n"
        "    if q < 0: print(i, os.strerror(ctypes.get_errno())); break\n"
        "    while libc.msgsnd(q, ctypes.byref(m), 8192, 0o4000) == 0: pass\n"
        "for i in range(256):\n"
        "    if libc.mq_open(b'/q%d' % i, 0o102, 0o600, None) < 0:\n"
        "        print(i, os.strerror(ctypes.get_errno())); break",
    ),
    "inotify": (
        "inotify instances and watches",
        f"{CALLS}for i in range(128):\n    fd = libc.inotify_init1(0)\n"
        "    if fd < 0: print(i, os.strerror(ctypes.get_errno())); break\n"
        "    for j in range(1000):\n        os.makedirs(f'w{j}', exist_ok=True)\n"
        "        libc.inotify_add_watch(fd, b'w%d' % j, 0xfff)",
    ),
    "sockets": (
        "60 processes with 200 pairs of sockets, filled",
        "import os, socket, time\ndef fill():\n    kept = []\n    for _ in range(200):\n"
        "        try: pair = socket.socketpair()\n        except OSError as error: print(error); break\n"
        "        kept += pair\n        for s in pair:\n            s.setblocking(False)\n"
        "            try:\n                while True: s.send(bytes(4096))\n"
        "            except OSError: pass\n    time.sleep(15)\n"
        "for _ in range(60):\n    try:\n        if os.fork() == 0:\n            fill(); os._exit(0)\n"
        "    except OSError: break\nfill()",
    ),
    "pipes": (
        "60 processes with 200 pipes of a megabyte, filled",
        "import fcntl, os, time\ndef fill():\n    for _ in range(200):\n"
        "        try:\n            r, w = os.pipe(); os.set_blocking(w, False)\n"
        "            try: fcntl.fcntl(w, 1031, 2**20)\n            except OSError: pass\n"
        "            while True: os.write(w, bytes(65536))\n"
        "        except BlockingIOError: pass\n        except OSError: break\n    time.sleep(15)\n"
        "for _ in range(60):\n    try:\n        if os.fork() == 0:\n            fill(); os._exit(0)\n"
        "    except OSError: break\nfill()",
    ),
    "mappings": (
        "60 processes with 60,000 mappings, and their page tables",
        "import mmap, os, time\ndef fill():\n    kept = []\n"
        "    try:\n        while len(kept) < 60_000:\n"
        "            kept.append(mmap.mmap(-1, 8192, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS,"
        " prot=3 if len(kept) % 2 else 1)); kept[-1][:1] if len(kept) % 2 else None\n"
        "    except (OSError, ValueError): pass\n    time.sleep(15)\n"
        "for _ in range(60):\n    try:\n        if os.fork() == 0:\n            fill(); os._exit(0)\n"
        "    except OSError: break\nfill()",
    ),
    "page-tables": (
        "60 processes that map one page again and again, far apart",
        "import mmap, os, time\nopen('/tmp/page', 'wb').write(bytes(2**20))\n"
        "def fill():\n    file = open('/tmp/page', 'rb')\n    kept = []\n    try:\n"
        "        for _ in range(900):\n            kept.append(mmap.mmap(-1, 2**21, mmap.MAP_PRIVATE, prot=1)); kept[-1][0]\n"
        "    except (OSError, ValueError): pass\n    time.sleep(15)\n"
        "for _ in range(60):\n    try:\n        if os.fork() == 0:\n            fill(); os._exit(0)\n"
        "    except OSError: break\nfill()",
    ),
    "locks": (
        "locks of single bytes, 60 files, as fast as it goes for 15 seconds",
        "import fcntl, os, time\nend = time.monotonic() + 15\nfor _ in range(60):\n"
        "    try:\n        if os.fork(): continue\n    except OSError: break\n"
        "    try:\n        while time.monotonic() < end:\n"
        "            file = open(f'/tmp/{os.getpid()}-{time.monotonic()}', 'w')\n"
        "            globals().setdefault('kept', []).append(file)\n"
        "            for i in range(2000): fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * i)\n"
        "    except OSError as error: time.sleep(15)\n    os._exit(0)\ntime.sleep(15)\n"
        "try: fcntl.lockf(open('/tmp/x', 'w'), fcntl.LOCK_EX)\nexcept OSError as error: print(error)",
    ),
    "long-reply": (
        "four processes of 800 MB, while the grader reads an answer of 30 MB",
        f"{FORKS}import json, socket, threading\ndef forge():\n"
        "    data = b'[' + b'{},' * 9_000_000 + b'{}]'\n    for fd in range(3, 20):\n"
        "        try: os.write(fd, len(data).to_bytes(4, 'big')); os.write(fd, data)\n"
        "        except OSError: pass\n"
        "for _ in range(4): hog()\nforge()\ntime.sleep(15)",
    ),
}  # fmt: skip


def one(name: str) -> None:
    """Grade one attack, and print what came of it."""
    from grading.engine import CannotStart, Rules
    from grading.session import Budget, Cell
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
        done_one = subprocess.run(
            [sys.executable, str(HERE / "grading_memory.py"), "--user", str(user), "--one", str(group), name],
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
    lines = done_one.stdout.decode().splitlines() or ["{}"]
    return most[0] / 2**20, seconds, json.loads(lines[-1]) or {"notes": [done_one.stderr.decode()]}


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

Each is a submission with a limit of {LIMIT:,} MB. Counted is everything: the grader's own processes (about 250 MB), those
of the sandbox, files in memory, and the kernel's own memory.

| attack | what it does | most memory, MB | seconds | what the grader said |
|---|---|---:|---:|---|
"""
    if chosen.attacks == list(ATTACKS):
        (HERE / "results" / "grading_memory.md").write_text(page + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
