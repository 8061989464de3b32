"""The whole bank of answers, handed in and graded by the real nbgrader.

Apart from `test_answers`, so that one of several workers can be at it while others do the rest.
"""

import pytest

from tests.answers import bank
from tests.notebooks.course import NOTEBOOKS, read


@pytest.fixture(scope="module", params=NOTEBOOKS)
def graded(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bank")
    return bank.grade(folder, request.param, read(NOTEBOOKS[request.param]))


@pytest.mark.slow
def test_right_answers_get_full_points(graded):
    right = [result for result in graded if result.answer.right]
    assert right
    assert [(r.answer.exercise, r.answer.title, r.points) for r in right if not r.fair] == []


@pytest.mark.slow
def test_wrong_answers_get_less_and_their_message(graded):
    wrong = [result for result in graded if not result.answer.right]
    assert wrong
    assert [(r.answer.exercise, r.answer.title) for r in wrong if not r.fair] == []
    assert [(r.answer.exercise, r.answer.title, r.answer.says) for r in wrong if not r.named] == []
