"""What the pages of the website promise, and how the forge publishes them."""

import math
import re

import numpy as np
import yaml

import emlib
from tests.notebooks.course import ROOT


def test_the_statement_names_tests_that_are_there() -> None:
    statement = (ROOT / "site" / "pages" / "accessibility.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", statement)
    assert len(named) > 15
    for file, test in named:
        (path,) = [*(ROOT / "tests/browser").glob(file)] or (ROOT / "tests/notebooks").glob(file)
        assert f"def {test}(" in path.read_text(encoding="utf-8"), f"{file}::{test}"


def told(value: float, digits: int = 3) -> str:
    """A number as the page writes it."""
    return f"{value:.{digits}f}".replace("-", "−")


def test_answers_to_exam_questions_are_computed() -> None:
    joint = np.array([0.25 * 0.8**2 * 0.2, 0.75 * 0.4**2 * 0.6])
    heads, flips, shares = np.array([2, 1, 6]), np.array([2, 4, 10]), np.array([1, 0.5, 0.2])
    coin_a, coin_b = (w @ heads / (w @ flips) for w in (shares, 1 - shares))
    s, q = np.array([0.3, 0.1]), np.array([0.5, 0.5])
    bound, log_s = q @ np.log(s / q), math.log(s.sum())
    points, r = np.array([0, 2, 6]), np.array([1, 0.5, 0])
    mean = r @ points / r.sum()
    variance = r @ (points - mean) ** 2 / r.sum()
    bic = -2 * np.array([-520, -480, -476]) + np.array([2, 5, 8]) * math.log(200)
    expected = {
        1: [told((1.6 + 0.5) / 2, 2), told(np.log([1.6, 0.5]).mean())],
        3: [f"12/14 = {told(12 / 14)}", told(2 / 5, 1), told((3 / 4 + 9 / 10) / 2)],
        4: [
            f"4/13 = {told(joint[0] / joint.sum())}",
            f"log {told(joint.sum())} = {told(np.log(joint.sum()))}",
        ],
        5: [f"3.7/6 = {told(coin_a)}", f"5.3/10 = {told(coin_b, 2)}"],
        7: [told(np.logaddexp(-1050, -1052))],
        8: [
            told(log_s),
            told(bound),
            told(log_s - bound),
            f"({told(0.3 / s.sum(), 2)}, {told(0.1 / s.sum(), 2)})",
        ],
        12: [f"Weight {told(r.mean(), 1)}, mean {told(mean)}, variance {told(variance)}"],
        14: [", ".join(told(value, 1) for value in bic)],
    }
    text = (ROOT / "site" / "exam-answers.md").read_text(encoding="utf-8")
    answers = re.split(r"^(\d+)\. ", text, flags=re.MULTILINE)
    by_number = dict(zip(map(int, answers[1::2]), answers[2::2], strict=True))
    for number, parts in expected.items():
        for part in parts:
            assert part in by_number[number], (number, part)
    questions = (ROOT / "site" / "pages" / "exam-questions.md").read_text(encoding="utf-8")
    assert [int(n) for n in re.findall(r"^\*\*(\d+)\.\*\*", questions, re.M)] == list(by_number)


def test_the_forge_publishes_what_it_has_tested() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/site.yml").read_text(encoding="utf-8"))
    assert workflow[True]["push"]["branches"] == ["main"]  # YAML reads "on" as true
    steps = workflow["jobs"]["build"]["steps"]
    runs = [step.get("run") or step["uses"].partition("@")[0] for step in steps]
    in_browser = "tests/browser/test_lite.py tests/browser/test_lite_visits.py"
    tested = [
        runs.index(f"python noxfile.py slow {files}")
        for files in ("tests/browser/test_site.py", in_browser)
    ]
    uploaded = runs.index("actions/upload-pages-artifact")
    assert max(tested) < uploaded
    assert steps[tested[1]]["env"] == {"EM_LITE_SITE": "build/site/lite"}
    assert steps[uploaded]["with"]["path"] == "build/site"
    assert workflow["jobs"]["deploy"]["needs"] == "build"


def test_the_forge_releases_wheel_and_kit() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))
    assert workflow[True]["push"]["tags"] == ["v*"]
    runs = " ".join(step.get("run", "") for step in workflow["jobs"]["release"]["steps"])
    assert "python noxfile.py release" in runs
    assert "release/em-notebooks.zip" in runs


def test_the_changelog_has_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {emlib.__version__}\n" in changelog
