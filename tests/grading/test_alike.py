"""The report lists answers that look like another's, and no others."""

from __future__ import annotations

from types import SimpleNamespace

from grading.alike import copies, pairs
from grading.master import Master, MasterCell
from grading.report import written

SOLUTION = """
    r, value = e_step(theta, alpha, heads, flips)
    thetas, values = [theta], [value]
    for _ in range(max_iter):
        theta = m_step(r, heads, flips)
        r, value = e_step(theta, alpha, heads, flips)
        thetas.append(theta)
        values.append(value)
    return np.array(thetas), np.array(values)
"""
OWN = """
    path = [theta]; climb = []
    while len(path) <= max_iter:
        q, l = e_step(path[-1], alpha, heads, flips)
        climb.append(l)
        if len(climb) > 1 and climb[-1] - climb[-2] < tol:
            break
        path.append(m_step(q, heads, flips))
    return np.stack(path), np.asarray(climb)
"""


def test_a_copy_of_a_worked_solution_is_listed_with_its_answer() -> None:
    spaced = SOLUTION.replace("    ", "\t").replace("values", "value_s", 1)
    answers = {
        "ada": {"em": OWN, "m_step": "return heads @ r / (flips @ r)"},
        "bob": {"em": SOLUTION, "m_step": "return heads @ r / (flips @ r)"},
        "eve": {"em": spaced},
        "zoe": {"other": SOLUTION},
    }
    worked = {"em": SOLUTION, "m_step": "return heads @ r / (flips @ r)"}
    found = copies(answers, worked)
    assert [(pair.one, pair.other) for pair in found] == [("bob", "em"), ("eve", "em")]
    assert found[0].percent == 100 > found[1].percent > 95
    assert found[0].texts == (SOLUTION, SOLUTION)


def test_what_many_wrote_makes_nobody_alike() -> None:
    class_of = {f"student-{i}": SOLUTION for i in range(8)}
    assert pairs(class_of) == []
    two = {**class_of, "ada": OWN, "bob": OWN.replace("climb", "rising")}
    assert [(pair.one, pair.other) for pair in pairs({**two, "eve": OWN})] == [("ada", "eve")]


def test_what_was_released_is_nobodys_own() -> None:
    stub = MasterCell("1", "code", "def em(theta):\n    ...", "em")
    record = {"answers": {"nb": {"em": "def em(theta):\n    return theta", "gone": "x = 1"}}}
    own = written(record, [Master("a", "nb", [stub])])
    assert own == {"em": "return theta", "gone": "x = 1"}
    assert written(record, [Master("a", "nb", [stub]), SimpleNamespace(notebook="b")]) == {  # type: ignore[list-item]
        "nb: em": "return theta",
        "nb: gone": "x = 1",
    }
