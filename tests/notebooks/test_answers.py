"""The bank of answers: right ones get full points, wrong ones less and the message they need."""

import ast
import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest

from emlib.checks import limits
from key import bound, jensen
from tests.answers import bank, draws
from tests.answers.unheard import unheard
from tests.notebooks.course import NOTEBOOKS, exercises, read

EXERCISES = [(name, e) for name, path in NOTEBOOKS.items() for e in exercises(read(path))]
QUICK = [(name, exercises(read(path))[1]) for name, path in NOTEBOOKS.items()]


def test_there_are_exercises():
    assert EXERCISES


@pytest.mark.parametrize(("name", "exercise"), EXERCISES, ids=lambda x: getattr(x, "name", x))
def test_every_exercise_has_its_answers(name, exercise):
    assert not bank.missing(name, exercise)


def test_an_exercise_without_answers_is_noticed(monkeypatch, tmp_path):
    name, exercise = EXERCISES[0]
    monkeypatch.setattr(bank, "FOLDER", tmp_path)
    assert "0 right and 0 wrong" in bank.missing(name, exercise)
    (tmp_path / name).mkdir()
    one_of_each = "# %% right: one\nx\n# %% wrong: another\n# says: no\ny\n"
    (tmp_path / name / f"{exercise.name}.py").write_text(one_of_each, encoding="utf-8")
    assert "1 right and 1 wrong" in bank.missing(name, exercise)


def test_remarks_that_no_answer_gets_are_found(monkeypatch, tmp_path):
    name = "01-jensens-inequality"
    monkeypatch.setattr(bank, "FOLDER", tmp_path)
    (tmp_path / name).mkdir()
    wrong = "# %% wrong: mean\n# says: log\ndef noise_level(levels, w):\n    return levels @ w\n"
    (tmp_path / name / "noise_level.py").write_text(wrong, encoding="utf-8")
    found = unheard(name, "jensen")
    remarks = {(e, m.says) for e in jensen.__all__ for m in getattr(jensen, e).own}
    heard = remarks - {(exercise, words) for exercise, _, words in found}
    assert len(remarks) == len(found) + 1
    assert [exercise for exercise, _ in heard] == ["noise_level"]


def test_the_model_of_an_exercise_costs_at_most_150_lines():
    """That of CONTRIBUTING.md, with as many mistakes and answers as are enough."""
    key = Path(inspect.getfile(bound)).with_name("closest_q.py").read_text(encoding="utf-8")
    calls = (node for node in ast.walk(ast.parse(key)) if isinstance(node, ast.Call))
    [mistakes] = (w.value.elts for call in calls for w in call.keywords if w.arg == "mistakes")
    more = sum(one.end_lineno - one.lineno + 1 for one in mistakes[bank.LEAST_WRONG :])
    assert more
    answers = bank.FOLDER / "03a-a-bound-for-the-log-of-a-sum" / "closest_q.py"
    head, *parts = re.split(r"^(?=# %% )", answers.read_text(encoding="utf-8"), flags=re.MULTILINE)
    right = [part for part in parts if part.startswith("# %% right")][: bank.LEAST_RIGHT]
    wrong = [part for part in parts if part.startswith("# %% wrong")][: bank.LEAST_WRONG]
    lines = sum(len(part.splitlines()) for part in (key, head, *right, *wrong)) - more
    print(f"{lines} lines with {len(right)} right and {len(wrong)} wrong answers")
    assert lines <= 150


def test_every_file_of_answers_belongs_to_an_exercise():
    known = {(name, exercise.name) for name, exercise in EXERCISES}
    files = {(path.parent.name, path.stem) for path in bank.FOLDER.glob("*/*.py")}
    assert files <= known


@pytest.mark.parametrize("number", [1, pytest.param(3, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("name", "exercise"),
    [pytest.param(*one, marks=[pytest.mark.slow] * (one not in QUICK)) for one in EXERCISES],
    ids=lambda x: getattr(x, "name", x),
)
def test_answers_get_their_points_and_message_in_every_draw(name, exercise, number, monkeypatch):
    """In this process; with many draws: python -m tests.answers.draws"""
    monkeypatch.setattr(limits, "COMPUTING", 6.0)  # for endless loops
    found, _ = draws.grade(name, exercise, draws=number)
    assert found and not [line for line in draws.varying(found) if line.startswith("!")]
    for one in found:
        assert (min(one.scores) == exercise.points) == one.answer.right, one.answer.title
        assert one.answer.says in one.words, one.answer.title


def test_points_that_are_drawn_by_lot_are_noticed(monkeypatch):
    name, exercise = next(one for one in EXERCISES if one[1].name == "jensen_gap")
    original = draws.judge
    lots = iter(range(1000))

    def judge(*arguments):
        report = original(*arguments)
        return report if report.points is None else replace(report, points=next(lots) % 2)

    monkeypatch.setattr(draws, "judge", judge)
    found, _ = draws.grade(name, exercise, draws=4)
    assert all("0 in 2; 1 in 2 points" in line for line in draws.varying(found))
    assert len([*draws.varying(found)]) == len(found)
