"""How fast a class is graded: python benchmarks/grading_throughput.py [ASSIGNMENT] [--size 40]

With `--plain 24`, plain nbgrader grades so many of them only; it takes them one after another.

The same class is graded by plain nbgrader and by this project's grader with all protections on,
by one worker and by two.  Without an assignment the class is that of the grader's own tests: a
small notebook, so that what is measured is the grader; with one, the instructor's own answers
stand for all submissions.  Writes benchmarks/results/grading_throughput[_ASSIGNMENT].{json,md}.

What counts is CPU time of all processes together, read from a control group (on Linux, as root):
it hardly depends on what else the machine is doing.  Wall time does; it is there for the record.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat
import psutil

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "grading")]
os.environ["PYTHONWARNINGS"] = "ignore"
os.environ["PYTHONPATH"] = str(PROJECT)
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

import course  # noqa: E402

GROUPS = ("/sys/fs/cgroup", "/sys/fs/cgroup/cpuacct")
CORES = (2, 16, 64)
STUDENTS, NOTEBOOKS = 1000, 4


class Group:
    """A control group that this process and all that it starts belong to."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        for base in map(Path, GROUPS):
            if (base / "cpu.stat").exists() or (base / "cpuacct.usage").exists():
                with suppress(OSError):
                    folder = base / f"grading-throughput-{os.getpid()}"
                    folder.mkdir()
                    (folder / "cgroup.procs").write_text(str(os.getpid()))
                    self.folder = folder
                    return

    def seconds(self) -> float | None:
        """CPU time so far."""
        if self.folder is None:
            return None
        if (self.folder / "cpuacct.usage").exists():
            return int((self.folder / "cpuacct.usage").read_text()) / 1e9
        first = (self.folder / "cpu.stat").read_text().splitlines()[0]
        return int(first.split()[1]) / 1e6


@contextmanager
def measured(group: Group):
    """Measure wall time, CPU time, and the most memory of this process's descendants."""
    told = {}
    peak = [0]
    done = threading.Event()

    def watch():
        pause = 0.7  # later seldom: looking takes time, too
        while not done.wait(pause):
            total, pause = 0, 5
            for process in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    total += process.memory_full_info().pss
            peak[0] = max(peak[0], total)

    watcher = threading.Thread(target=watch)
    watcher.start()
    wall, cpu = time.monotonic(), group.seconds()
    try:
        yield told
    finally:
        told["wall"] = time.monotonic() - wall
        told["cpu"] = group.seconds() - cpu
        done.set()
        watcher.join()
        told["memory"] = peak[0] / 2**20


def make(root: Path, assignment: str | None, size: int) -> str:
    """Make a course, release it, and hand in a class; return the assignment's name."""
    if assignment is None:
        course.write(root)
        name = course.NAME
    else:
        name = assignment
        shutil.copytree(PROJECT / "notebooks" / name, root / "notebooks" / name)
        shutil.copy(PROJECT / "nbgrader_config.py", root)
        with (root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write("\nimport grading\ngrading.configure(c)\n")
            file.write("c.Grading.packages = ['emlib']\nc.Grading.as_root = True\n")
    nbgrader(root, "generate_assignment", name)
    for i in range(size):
        student = f"student-{i:03}"
        if assignment is None:
            wrong = {"mean": "def mean(values):\n    return 2"} if i % 4 == 1 else {}
            notebook = course.released(root) if i % 10 == 3 else course.answered(root, **wrong)
            notebook.cells[0].source = f"# Averages, by student {i}"
            course.submit(root, student, notebook)
        else:
            notebook = nbformat.read(root / "notebooks" / name / f"{name}.ipynb", as_version=4)
            folder = root / "submitted" / student / name
            folder.mkdir(parents=True)
            nbformat.write(notebook, folder / f"{name}.ipynb")
    return name


def nbgrader(root: Path, *words: str) -> None:
    """Run a command of nbgrader."""
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *words], cwd=root, capture_output=True, check=False
    )


def plain(root: Path, name: str, group: Group) -> dict[str, float]:
    """Grade with plain nbgrader."""
    config = root / "nbgrader_config.py"
    lines = config.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "grading" not in line.lower()]
    config.write_text("\n".join(kept), encoding="utf-8")
    with measured(group) as told:
        nbgrader(root, "autograde", name)
    told["graded"] = len(list((root / "autograded").iterdir()))
    return told


def protected(root: Path, name: str, group: Group, workers: int) -> dict[str, float]:
    """Grade with all protections; a few submissions first, while workers start, count apart."""
    from nbgrader.apps import NbGrader

    from grading.book import Book
    from grading.fanout import connect, grade_class
    from grading.settings import Grading

    os.chdir(root)
    app = NbGrader()
    app.initialize([])
    settings = Grading(parent=app)
    book = Book(app.coursedir, name)
    with measured(group) as whole, connect(workers, None) as client:
        with measured(group) as starting:
            first = [f"student-{i:03}" for i in range(2 * workers)]
            grade_class(client, book, settings, quiet=True, students=first)
        with measured(group) as told:
            before = time.process_time()
            summary = grade_class(client, book, settings, quiet=True)
            told["main"] = time.process_time() - before
    told["graded"] = sum(summary.states.values()) + 1  # and the instructor's own answers
    told["start"] = starting["cpu"]
    told["all"], told["whole wall"] = whole["cpu"], whole["wall"]
    told["writing"] = summary.writing
    told["memory"] /= workers
    return told


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignment", nargs="?")
    parser.add_argument("--size", type=int, default=40)
    parser.add_argument("--plain", type=int)
    chosen = parser.parse_args()
    group = Group()
    if group.seconds() is None:
        sys.exit("Needs Linux, and root, to count CPU time in a control group.")
    found = {}
    with tempfile.TemporaryDirectory(prefix="throughput-") as folder:
        for kind in ("plain nbgrader", "1 worker", "2 workers"):
            root = Path(folder) / kind.replace(" ", "-")
            root.mkdir()
            plainly = kind == "plain nbgrader"
            size = chosen.plain if plainly and chosen.plain else chosen.size
            name = make(root, chosen.assignment, size)
            if plainly:
                found[kind] = plain(root, name, group)
            else:
                found[kind] = protected(root, name, group, int(kind[0]))
        os.chdir(HERE)
    text = page(found, name, chosen.size)
    print(text)
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    stem = "grading_throughput" + (f"_{chosen.assignment}" if chosen.assignment else "")
    data = {"assignment": name, "size": chosen.size, "runs": found}
    (results / f"{stem}.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    (results / f"{stem}.md").write_text(text, encoding="utf-8")


def page(found: dict[str, dict[str, float]], name: str, size: int) -> str:
    """Return the results as Markdown."""
    lines = [
        "# Grading throughput",
        "",
        f"{size} submissions of `{name}`, graded by plain nbgrader and with all protections on. "
        f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores.",
        "",
        "| | CPU s per submission | submissions per minute and core | CPU time, s | wall time, s "
        "| memory per worker, MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    per = {kind: run["cpu"] / run["graded"] for kind, run in found.items()}
    for kind, run in found.items():
        lines.append(
            f"| {kind} | {per[kind]:.2f} | {60 / per[kind]:.0f} | {run['cpu']:.1f} "
            f"| {run['wall']:.1f} | {run['memory']:.0f} |"
        )
    plain, one, two = found.values()
    few = "" if plain["graded"] == size else f", which graded {plain['graded']:.0f} of them"
    graded = one["graded"] + two["graded"]
    main, writing = ((one[key] + two[key]) / graded for key in ("main", "writing"))
    work = per["2 workers"] - two["main"] / two["graded"]
    lines += [
        "",
        f"With the same CPU time, one worker grades {per['plain nbgrader'] / per['1 worker']:.1f} "
        f"times as many submissions as plain nbgrader; two workers, "
        f"{per['plain nbgrader'] / per['2 workers']:.1f} times. "
        f"On this machine two workers took {two['wall'] / one['wall']:.2f} of the wall time of "
        f"one. Starting two workers, with their first submissions, took {two['start']:.0f} s of "
        "CPU time, once per run. "
        f"All {size} with that, and with the end, took two workers {two['all']:.0f} s of CPU time "
        f"and {two['whole wall']:.0f} s of wall time: "
        f"{size * per['plain nbgrader'] / two['all']:.1f} times as many as plain nbgrader"
        f"{few}.",
        "",
        f"Of each submission, the process that reads, hands out and writes takes {1000 * main:.0f} "
        f"ms of CPU time, {1000 * writing:.0f} ms of it as the gradebook's only writer. There is "
        "one such process, however many workers there are.",
        "",
        f"On paper, {STUDENTS:,} students with {NOTEBOOKS} such notebooks each, minutes:",
        "",
        "| cores | workers | the one process | limited by |",
        "|---:|---:|---:|---|",
    ]
    count = STUDENTS * NOTEBOOKS
    for cores in CORES:
        busy, single = count * work / cores / 60, count * main / 60
        limit = "the workers" if busy > single else "the one process"
        lines.append(f"| {cores} | {busy:.1f} | {single:.1f} | {limit} |")
    lines += ["", f"More than {work / main:.0f} cores would wait for the one process."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
