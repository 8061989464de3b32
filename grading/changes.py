"""What changed between two runs: who gained, who lost, and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from grading.book import write_whole
from grading.roster import Roster

Record = dict[str, Any]


def total(record: Record) -> float | None:
    """Return the points of all checks together; None if it was not graded."""
    points = [t["points"] for tests in record["tests"].values() for t in tests.values()]
    return sum(p for p in points if p is not None) if points else None


def between(before: Record, after: Record) -> dict[str, Any] | None:
    """Return how a student's result changed; None if it did not."""
    old, new = total(before), total(after)
    if old == new and before["state"] == after["state"]:
        return None
    again = before.get("submitted") != after.get("submitted")
    why = "handed in again" if again else "the same notebook: its checks or the grader changed"
    why = after["reason"] or why
    checks = []
    for notebook, tests in after["tests"].items():
        earlier = before["tests"].get(notebook, {})
        for name, test in tests.items():
            was = earlier.get(name, {}).get("points")
            if was != test["points"]:
                checks.append((name, was, test["points"], test["words"].strip()[:300]))
    return {"old": old, "new": new, "why": why, "checks": checks, "state": after["state"]}


def write(
    folder: Path, before: dict[str, Record], after: dict[str, Record], people: Roster
) -> None:
    """Write a page about those who were graded before and have another result now, if any."""
    both = {s: between(before[s], after[s]) for s in sorted(before.keys() & after.keys())}
    rows = [(people[student].called, told) for student, told in both.items() if told]
    if not rows:
        return
    now = datetime.now().astimezone()
    sides = {"gained": 0, "lost": 0, "otherwise": 0}
    for _, told in rows:
        gain = (told["new"] or 0) - (told["old"] or 0)
        sides["gained" if gain > 0 else "lost" if gain < 0 else "otherwise"] += 1
    pages = Environment(loader=PackageLoader("grading", "."), autoescape=True)
    text = pages.get_template("changes.html.j2").render(
        assignment=folder.name, now=f"{now:%Y-%m-%d %H:%M}", rows=rows, sides=sides
    )
    write_whole(folder / f"changes {now:%Y-%m-%d %H-%M-%S}.html", text)
