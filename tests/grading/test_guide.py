"""The guide's account of the attacks is the one on record, and the record is of all cases."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import attacks  # noqa: F401 (lists its cases)
import broken  # noqa: F401
import honest  # noqa: F401
import tricks  # noqa: F401
from cases import CASES

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "grading" / "README.md").read_text(encoding="utf-8")
RECORD = ROOT / "benchmarks" / "results" / "grading_attacks.json"


def test_every_case_is_on_record() -> None:
    assert sorted(json.loads(RECORD.read_text(encoding="utf-8"))) == sorted(CASES)


def test_the_guide_tells_what_is_on_record() -> None:
    page = RECORD.with_suffix(".md").read_text(encoding="utf-8")
    table = page[page.index("| what went wrong |") : page.index("\n\n## ")]
    assert table.count("\n") > 5
    assert table in GUIDE


def test_the_guide_counts_the_cases() -> None:
    kinds = Counter(case.kind for case in CASES.values())
    counted = (
        f"{len(CASES)} submissions: {kinds['attack']} attacks, {kinds['broken']} broken files and "
        f"{kinds['honest']} honest ones"
    )
    assert counted in " ".join(GUIDE.split())
