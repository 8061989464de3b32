"""What plain nbgrader makes of the attacks in the grader's tests.

Each submission of tests/grading is graded by nbgrader as it comes, in a world of its own made with
bubblewrap: what the attacks destroy there is a copy.  Writes results/grading_attacks.{json,md}
after each submission; name some to add them to that record, or --again to begin a new one.
What the grader makes of them is in its tests: no point that was not earned, and no harm.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "grading")]
os.environ["PYTHONWARNINGS"] = "ignore"

import attacks  # noqa: E402, F401 (lists its cases)
import broken  # noqa: E402, F401
import cases  # noqa: E402
import course  # noqa: E402
import honest  # noqa: E402, F401
import nbformat  # noqa: E402
import psutil  # noqa: E402
import tricks  # noqa: E402, F401
from conftest import run  # noqa: E402
from test_battery import Graded, digests  # noqa: E402

PATIENCE = 400  # seconds
KILLED = 128 + 9
UNLIMITED = ("slow-everywhere", "too-large")  # stopped by limits that plain nbgrader has not
KEPT = ("notebooks", "release", "secrets", "submitted/zoe", "nbgrader_config.py")


def world(root: Path) -> list[str]:
    """Return the command that runs what follows where only a copy of the course can be harmed."""
    words = ["bwrap", "--unshare-all", "--uid", "1000", "--gid", "1000", "--die-with-parent"]
    words += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    words += ["--tmpfs", "/var/tmp", "--bind", str(root), str(root), "--chdir", str(root)]
    import numpy

    for number, module in enumerate((numpy, os)):  # an instructor can write to both
        copy = root.parent / f"module-{number}.py"
        shutil.copyfile(str(module.__file__), copy)
        words += ["--bind", str(copy), str(module.__file__)]
    return [*words, "--setenv", "HOME", "/tmp", "--setenv", "PYTHONDONTWRITEBYTECODE", "1"]


def grade(root: Path, name: str) -> dict[str, object]:
    """Let nbgrader grade one case and, after it, an honest student; tell what came of it."""
    case = cases.CASES[name]
    told = object.__new__(Graded)
    told.root, told.plain = root, True
    for path in ("secrets/exam.txt", "notebooks/notes.txt"):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(cases.CANARY, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        cases.LISTENING = listener.getsockname()[1]
        course.submit(root, "zoe", course.answered(root, explain=cases.NEIGHBOUR))
        shutil.copytree(root / "submitted" / "zoe", root / "submitted" / "neighbour")
        case.hand_in(root, name)
        before = digests(root, *KEPT)
        quiet = "--CourseDirectory.student_id_exclude=neighbour"  # there only to be robbed
        run(root, "nbgrader", "autograde", course.NAME, quiet, check=False)
        after = digests(root, *KEPT)
        try:
            listener.accept()
            called = True
        except BlockingIOError:
            called = False
    if "script" in name:
        run(root, "nbgrader", "generate_feedback", course.NAME, check=False)
    shown = told.page(name) + told.shown(name)
    points, ours = told.points(name), sum((case.points or {}).values())
    graded = points is not None and None not in points.values()
    left = [p for p in psutil.process_iter(["cmdline"]) if "left-behind" in str(p.info["cmdline"])]
    return {
        "graded": graded,
        "points": sum(points.values()) if points and graded else None,
        "earned": ours,
        "class": told.points("zoe") == cases.EVERYTHING,
        "changed": sorted(path for path in before if before[path] != after.get(path)),
        "called": called,
        "read": cases.CANARY in shown or cases.NEIGHBOUR in shown,
        "hidden": any(secret in own(root, name) for secret in course.SECRETS),
        "script": "<script>window.broken" in told.page(name),
        "left": bool(left),
        "large": len(shown) > 30_000_000,
    }


def own(root: Path, name: str) -> str:
    """Return what the student's own cells showed, without what tests did."""
    path = root / "autograded" / name / course.NAME / f"{course.NAME}.ipynb"
    if not path.exists():
        return ""
    cells = nbformat.read(path, as_version=4).cells
    mine = [c for c in cells if not c.metadata.get("nbgrader", {}).get("grade")]
    return "".join(str(cell.get("outputs", "")) for cell in mine)


def harm(name: str, found: dict[str, object]) -> dict[str, str]:
    """Say in words what happened that should not, for each kind of harm."""
    if "timeout" in found:
        return {"stopped": f"hung for more than {PATIENCE} seconds"}
    if "ended" in found:
        return {"stopped": "ended nbgrader and every other process that it could reach"}
    words = {}
    points, earned, largest = found["points"], found["earned"], sum(cases.EVERYTHING.values())
    if points is None:
        words |= {"lost": "not graded"} if earned else {}
    elif points > earned and name not in UNLIMITED:
        words["paid"] = f"**{points - earned:g} points too many**"
        words["paid"] += f", {points:g} of {largest:g}" if points > largest else ""
    elif points < earned:
        words["lost"] = f"{earned - points:g} of {earned:g} points lost"
    names = {
        "changed": "changed the instructor's or another's files",
        "called": "reached the network",
        "read": "read what is the instructor's or another's",
        "hidden": "told what is hidden",
        "script": "a script on the instructor's page",
        "left": "left a process running",
        "large": "more than 30 MB to show",
    }
    words |= {key: word for key, word in names.items() if found[key]}
    return words | ({} if found["class"] else {"class": "the next student not graded, or wrongly"})


HARMS = {
    "paid": "points paid that were not earned",
    "lost": "earned points lost",
    "class": "the next student not graded, or wrongly",
    "stopped": "grading hung or ended",
    "changed": "the instructor's or another's files changed",
    "read": "the instructor's or another's files or variables told",
    "hidden": "hidden tests told",
    "called": "the network reached",
    "left": "a process left running",
    "script": "a script on the instructor's page",
    "large": "more than 30 MB to show",
}


def words_of(harms: dict[str, str]) -> str:
    """Return one line for a case."""
    return "; ".join(harms.values()) or "as it should be"


def page(found: dict[str, dict[str, object]]) -> str:
    """Return the record as Markdown."""
    harms = {name: harm(name, one) for name, one in found.items()}
    lines = [
        "# The attacks against plain nbgrader",
        "",
        "Each submission was graded by nbgrader without this project's grader, together with an "
        "honest one. With it, the tests assert for all of these: exactly the points that were "
        "earned, or a reason why it cannot be graded, and nothing of what stands below. "
        "Not counted here, because it happens to all: plain nbgrader's feedback shows the hidden "
        "tests, and what they say. Nor is it counted that it grades without the limits that this "
        f"grader sets ({', '.join(UNLIMITED)}).",
        "",
        "| what went wrong | with | namely |",
        "|---|---|---|",
    ]
    for key, title in HARMS.items():
        with_it = [name for name in found if key in harms[name]]
        lines += [f"| {title} | {len(with_it)} | {', '.join(with_it)} |"] if with_it else []
    lines.append("")
    kinds = {"attack": "Attacks", "broken": "Broken files", "honest": "Honest work"}
    for kind, title in kinds.items():
        names = [name for name in found if cases.CASES[name].kind == kind]
        lines += [
            f"## {title}",
            "",
            f"Something went wrong with {sum(bool(harms[name]) for name in names)} of "
            f"{len(names)} submissions.",
            "",
            "| name | what it does | plain nbgrader |",
            "|---|---|---|",
        ]
        for name in names:
            lines.append(f"| {name} | {cases.CASES[name].what} | {words_of(harms[name])} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Grade all cases, each in a world of its own; or, in that world, one of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="*")
    parser.add_argument("--again", action="store_true", help="forget what is on record")
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.here:
        told = grade(chosen.here, chosen.case[0])
        (chosen.here / "told.json").write_text(json.dumps(told), encoding="utf-8")
        return
    record = HERE / "results" / "grading_attacks.json"
    record.parent.mkdir(exist_ok=True)
    found = {}
    if record.exists() and not chosen.again:
        found = json.loads(record.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        released = Path(folder) / "released"
        course.write(released)
        config = [line for line in course.CONFIG.splitlines() if "rading" not in line]
        (released / "nbgrader_config.py").write_text("\n".join(config), encoding="utf-8")
        run(released, "nbgrader", "generate_assignment", course.NAME)
        for name in chosen.case or [name for name in cases.CASES if name not in found]:
            root = course.copy(released, Path(folder) / "world" / "course")
            words = [*world(root), sys.executable, __file__, name, "--here", str(root)]
            try:
                done = subprocess.run(words, capture_output=True, timeout=PATIENCE, check=False)
                text = (root / "told.json").read_text(encoding="utf-8")
                found[name] = json.loads(text)
            except subprocess.TimeoutExpired:
                found[name] = {"timeout": True}
            except FileNotFoundError:
                if done.returncode != KILLED:
                    sys.exit(f"{name}: {done.stderr.decode(errors='replace')}")
                found[name] = {"ended": True}  # even what recorded it
            print(f"{name}: {words_of(harm(name, found[name]))}", flush=True)
            shutil.rmtree(root.parent, ignore_errors=True)
            found = {known: found[known] for known in cases.CASES if known in found}
            record.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            record.with_suffix(".md").write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    main()
