"""Each output of an answer is read and judged by itself: points, words and marks."""

import array
import itertools
import warnings
from collections import deque
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from emlib.checks import Exercise, Mistake, Output, Part, close
from emlib.checks.judge import judge
from emlib.checks.read import as_values
from emlib.checks.report import Outcome
from key import choice, jensen, misleads
from key import coin_toss_em as coins
from key import complete_data as complete
from key import gaussian_mixture as gauss

__name__ = "__main__"  # as in a notebook: what stands here is the student's own code


def words(report):
    return " ".join(report.text().split())


def changed(exercise, change):
    """Return a function that gives `change` of the right values, and calls nothing of emlib."""
    known = {}
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for arguments in exercise.examples:
            known[_key(arguments)] = change(*exercise.answer(*arguments))
    return lambda *arguments: known[_key(arguments)]


def _key(arguments):
    return tuple(np.asarray(argument).tobytes() for argument in arguments)


def one(x):
    """Return a number as an array of shape (1,)."""
    return np.array([x])


def twice(x):
    """Return a number as two: a wrong shape."""
    return np.array([x, x]) / 2


def pooled(sigma):
    return sigma.mean(axis=0)


# exercise, what is returned, points, of how many, the parts that are right
TABLE = {
    "coins' e_step, log-likelihoods of the rows": (
        coins.e_step,
        lambda r, ll: (r, np.array([ll, 0.0])),
        1,
        2,
        "responsibilities",
    ),
    "bound, H per row": (misleads.bound, lambda Q, H, e: (Q, twice(H), e), 2, 3, "Q elbo"),
    "bound, Q alone": (misleads.bound, lambda Q, H, e: (Q, None, None), 1, 3, "Q"),
    "bound, H not there": (misleads.bound, lambda Q, H, e: (Q, None, e), 2, 3, "Q elbo"),
    "bound, all of shape (1,)": (
        misleads.bound,
        lambda Q, H, e: (one(Q), one(H), one([e])),
        3,
        3,
        "Q H elbo",
    ),
    "e_step, log-likelihood per point": (
        gauss.e_step,
        lambda r, ll: (r, ll * np.ones(len(r)) / len(r)),
        2,
        4,
        "responsibilities",
    ),
    "e_step, log-likelihood of shape (1,)": (
        gauss.e_step,
        lambda r, ll: (r, one(ll)),
        4,
        4,
        "responsibilities log_likelihood",
    ),
    "e_step, log-likelihood None": (
        gauss.e_step,
        lambda r, ll: (r, None),
        2,
        4,
        "responsibilities",
    ),
    "e_step, responsibilities transposed": (
        gauss.e_step,
        lambda r, ll: (r.T, ll),
        2,
        4,
        "log_likelihood",
    ),
    "e_step, responsibilities None": (
        gauss.e_step,
        lambda r, ll: (None, ll),
        2,
        4,
        "log_likelihood",
    ),
    "choose_k, k of shape (1,)": (choice.choose_k, lambda b, k: (b, one(k)), 2, 2, "bic k"),
    "choose_k, k None": (choice.choose_k, lambda b, k: (b, None), 1, 2, "bic"),
    "fair coin, alpha of shape (1,)": (
        misleads.em_step_fair_coin,
        lambda t, a: (t, one(a)),
        2,
        2,
        "theta_new alpha_new",
    ),
    "fair coin, alpha None": (
        misleads.em_step_fair_coin,
        lambda t, a: (t, None),
        1,
        2,
        "theta_new",
    ),
    "m_step, mu cut off": (gauss.m_step, lambda a, m, s: (a, m[:, :1], s), 2, 3, "alpha sigma"),
    "m_step, mu None": (gauss.m_step, lambda a, m, s: (a, None, s), 2, 3, "alpha sigma"),
    "m_step, sigma text": (gauss.m_step, lambda a, m, s: (a, m, "sigma"), 2, 3, "alpha mu"),
    "map_em_step, one pooled Sigma": (
        choice.map_em_step,
        lambda a, m, s: (a, m, pooled(s)),
        2,
        4,
        "alpha mu",
    ),
    "map_em_step, Sigma None": (
        choice.map_em_step,
        lambda a, m, s: (a, m, None),
        2,
        4,
        "alpha mu",
    ),
    "coins' em, thetas transposed": (
        coins.em,
        lambda t, ll: (t.T, ll),
        2,
        4,
        "log_likelihoods, stopping rule",
    ),
    "coins' em, log-likelihoods None": (
        coins.em,
        lambda t, ll: (t, None),
        3,
        4,
        "thetas, stopping rule",
    ),
    "coins' em, thetas None": (
        coins.em,
        lambda t, ll: (None, ll),
        2,
        4,
        "log_likelihoods, stopping rule",
    ),
    "Gaussian em, sigmas pooled": (
        gauss.em,
        lambda a, m, s, ll: (a, m, s.mean(axis=1), ll),
        2,
        3,
        "log_likelihoods, stopping rule",
    ),
    "Gaussian em, alphas None": (
        gauss.em,
        lambda a, m, s, ll: (None, m, s, ll),
        2,
        3,
        "log_likelihoods, stopping rule",
    ),
    "Gaussian em, log-likelihoods None": (
        gauss.em,
        lambda a, m, s, ll: (a, m, s, None),
        2,
        3,
        "parameters, stopping rule",
    ),
    "growth, one rate short": (
        jensen.growth,
        lambda rates, best: (rates[:-1], best),
        2,
        4,
        "best",
    ),
    "growth, two best shares": (
        jensen.growth,
        lambda rates, best: (rates, twice(best)),
        2,
        4,
        "rates",
    ),
    "weighted_mle, theta per row": (
        complete.weighted_mle,
        lambda alpha, theta: (alpha, np.stack([theta, theta])),
        2,
        4,
        "alpha",
    ),
    "weighted_mle, alpha not an array": (
        complete.weighted_mle,
        lambda alpha, theta: (alpha.sum(), theta),
        2,
        4,
        "theta",
    ),
}


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_a_wrong_output_costs_its_own_points_only(row):
    exercise, change, points, worth, right = row
    report = judge(exercise, changed(exercise, change), points=worth)
    held = [name for name, holds in report.parts if holds]
    assert (report.points, sorted(held)) == (points, sorted(_names(exercise, right)))
    assert (report.outcome is Outcome.PASSED) == (points == worth)
    assert bool(report.mistakes) == (points < worth)


def _names(exercise, text):
    return [part.name for part in exercise.parts if part.name in text.replace(",", "").split()] + [
        "stopping rule"
    ] * ("stopping rule" in text)


FALSE = ("0 log 0", "division by 0", "underflow", "a single number. Yours", "Yours is a single")


@pytest.mark.parametrize(
    ("exercise", "change", "missing"),
    [
        (misleads.bound, lambda Q, H, e: (Q, None, None), ("H", "elbo")),
        (misleads.em_step_fair_coin, lambda t, a: (t, None), ("alpha_new",)),
        (gauss.e_step, lambda r, ll: (r, None), ("log_likelihood",)),
        (gauss.e_step, lambda r, ll: (None, ll), ("responsibilities",)),
        (choice.choose_k, lambda b, k: (b, None), ("k",)),
        (gauss.m_step, lambda a, m, s: (a, None, s), ("mu",)),
        (choice.map_em_step, lambda a, m, s: (a, m, None), ("Sigma",)),
        (choice.map_em_step, lambda a, m, s: (None, None, None), ("alpha", "mu", "Sigma")),
    ],
)
def test_an_output_that_is_none_is_said_to_be_not_there(exercise, change, missing):
    report = judge(exercise, changed(exercise, change), points=1)
    assert report.mistakes == ("missing",)
    text = words(report)
    for name in missing:
        assert f"{name}: not looked at yet" in text
    names = " and ".join(", ".join(f"`{name}`" for name in missing).rsplit(", ", 1))
    assert f"`None` stands in the place of {names}" in text
    assert not [lie for lie in FALSE if lie in text]
    assert "not yet right" not in text
    assert [name for name, right in report.parts if right is None] == list(missing)


def test_the_parts_of_a_loop_that_need_both_outputs_cope_with_one():
    text = words(judge(coins.em, changed(coins.em, lambda t, ll: (t, None))))
    assert "thetas: right" in text and "stopping rule: right" in text
    assert "log_likelihoods: not looked at yet" in text
    late = changed(coins.em, lambda t, ll: (None, ll[:-1]))
    assert "stopping rule: not yet right" in words(judge(coins.em, late))
    nothing = words(judge(coins.em, changed(coins.em, lambda t, ll: (None, None))))
    assert nothing.count("not looked at yet") == 3 and "not yet right" not in nothing


# Mistakes are named in spite of another output that is wrong otherwise.

TABLE_OF_NUMBERS = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 9.0], [2.0, 8.0, 8.0]])
moments = Exercise(
    name="moments",
    parameters=("x",),
    outputs=(
        Output("shares", "an array of shape (n,)"),
        Output("mean", "a single number"),
        Output("spread", "a single number"),
    ),
    answer=lambda x: (x / x.sum(), x.mean(), x.std()),
    examples=((TABLE_OF_NUMBERS[0],), (TABLE_OF_NUMBERS[1],), (TABLE_OF_NUMBERS[2],)),
    mistakes=(
        Mistake("of the squares", "SQUARES", lambda x: (x**2 / (x**2).sum(), x**2, x.std())),
        Mistake("variance", "VARIANCE", lambda x: x.var(), "spread"),
        Mistake("nan", "NAN", lambda x: np.nan, "mean"),
        Mistake("halves", "HALVES", lambda x: x / x.sum() / 2, "shares"),
        Mistake("all of it", "ALL", lambda x: (x, x.sum(), 0.0)),
    ),
    hints=("only",),
)


@pytest.mark.parametrize(
    ("student", "says", "mistakes"),
    [
        # A wrong shape here, a known mistake there: both are said.
        (
            lambda x: (x[:1] / x.sum(), x.mean(), x.var()),
            ["`shares` should be an array of shape (n,), here `(3,)`", "VARIANCE"],
            ("wrong type or shape", "variance"),
        ),
        (
            lambda x: (x / x.sum(), x, x.var()),
            ["`mean` should be a single number. Yours is an array of shape `(3,)`", "VARIANCE"],
            ("wrong type or shape", "variance"),
        ),
        # A shape seen in one example only.
        (
            lambda x: (x / x.sum() if x[0] > 1 else x[:2], x.mean(), x.std()),
            ["`shares` should be an array of shape (n,), here `(3,)`"],
            ("wrong type or shape",),
        ),
        # Two wrong shapes: both are said.
        (
            lambda x: (x.mean(), x, x.std()),
            ["`shares` should be", "Yours is a single number", "`mean` should be a single"],
            ("wrong type or shape", "wrong type or shape"),
        ),
        # Not there here, a known mistake there.
        (lambda x: (x / x.sum(), None, x.var()), ["place of `mean`"], ("missing", "variance")),
        # A mistake in all outputs is recognised by those that are there.
        (lambda x: (x, x.sum(), None), ["`None`", "ALL"], ("missing", "all of it")),
        (lambda x: (x, x.sum(), np.zeros(2)), ["ALL"], ("wrong type or shape", "all of it")),
        (lambda x: (None, x.sum(), 0.0), ["ALL"], ("missing", "all of it")),
        # A mistake that gives the wrong shape itself.
        (
            lambda x: (x**2 / (x**2).sum(), x**2, x.std()),
            ["SQUARES"],
            ("wrong type or shape", "of the squares"),
        ),
        # Numbers that nobody knows, beside a wrong shape and beside None.
        (
            lambda x: (x[:1], x.mean(), x.std() + 1),
            ["`shares` should be", "should be smaller"],
            ("wrong type or shape", "wrong numbers"),
        ),
        (
            lambda x: (None, x.mean(), x.std() + 1),
            ["place of `shares`", "`spread` is", "should be smaller"],
            ("missing", "wrong numbers"),
        ),
        # What is said of all outputs is said of those that are there.
        (
            lambda x: (None, x.mean(), x.std().round(1)),
            ["place of `shares`", "`spread` is right but rounded to 1 decimals"],
            ("missing", "rounded"),
        ),
        (
            lambda x: (None, 5.0, 7.0),
            ["place of `shares`", "same numbers whatever its arguments are"],
            ("missing", "constant result"),
        ),
        (lambda x: (x / x.sum(), x.mean(), np.nan), ["`spread` holds `nan`"], ("not finite",)),
        # A `None` inside an array is none of these.
        (
            lambda x: ([None, *x[1:]], x.mean(), x.std()),
            ["`shares` holds `None` where a number should stand"],
            ("wrong type or shape",),
        ),
        (
            lambda x: ("text", x.mean(), x.var()),
            ["of type `str`", "shares: not looked at yet", "VARIANCE"],
            ("wrong type or shape", "variance"),
        ),
    ],
)
def test_what_is_said_of_one_output_and_of_another(student, says, mistakes):
    report = judge(moments, student)
    assert report.mistakes == mistakes
    for phrase in says:
        assert phrase in words(report)


def test_an_output_that_is_not_there_is_not_taken_for_a_mistake():
    text = words(judge(moments, lambda x: (x / x.sum(), None, x.std())))
    assert "NAN" not in text and "spread: right" in text and "shares: right" in text


def test_an_output_that_is_not_there_on_some_inputs_only():
    student = lambda x: (x / x.sum(), x.mean() if x[0] < 4 else None, x.std())  # noqa: E731
    report = judge(moments, student)
    assert report.parts == (("shares", True), ("mean", None), ("spread", True))
    assert report.mistakes == ("missing",)


def test_an_error_leaves_what_was_not_seen_unjudged():
    def student(x):
        if x[0] == 4:
            raise ValueError("no")
        return x / x.sum(), x.mean() + 1, x.std()

    report = judge(moments, student, points=3)
    assert report.parts == (("shares", None), ("mean", False), ("spread", None))
    assert (report.points, report.outcome) == (0, Outcome.ERROR)


def test_shapes_of_hidden_inputs_are_not_told():
    hidden = [(np.array([31.25, 77.5, 1.0, 2.0, 5.0]),)]
    student = lambda x: (x / x.sum() if len(x) < 5 else x[:2], x.mean(), x.std())  # noqa: E731
    report = judge(moments, student, cases=hidden, points=3)
    assert report.points == 2
    assert "`shares` should be an array of shape (n,). The shape of yours is another" in words(
        report
    )


def test_an_output_of_free_length_is_compared_as_far_as_it_goes():
    path = Exercise(
        name="path",
        parameters=("x",),
        outputs=(Output("steps", "an array of shape (T,)", any_length=True),),
        answer=lambda x: x.cumsum(),
        examples=((TABLE_OF_NUMBERS[0],), (TABLE_OF_NUMBERS[1],)),
        mistakes=(),
        hints=("only",),
    )
    report = judge(path, lambda x: x.cumsum()[:-1], points=1)
    assert (report.points, report.mistakes) == (0, ("wrong type or shape",))
    assert "`steps` should be an array of shape (T,)" in words(report)


def test_a_part_says_which_outputs_it_is_about():
    exercise = Exercise(
        name="moments",
        parameters=("x",),
        outputs=moments.outputs[1:],
        answer=lambda x: (x.mean(), x.std()),
        examples=moments.examples,
        mistakes=(),
        hints=("only",),
        parts=(
            Part("place", lambda v, r: close(v[0], r[0]), about=("mean",)),
            Part("width", lambda v, r: close(v[1], r[1]), about=("spread",)),
            Part(
                "both",
                lambda v, r: close(v[0], r[0]) and close(v[1], r[1]),
                about=("mean", "spread"),
            ),
            Part("anything", lambda v, r: any(value is not None for value in v)),
        ),
    )
    marks = lambda student: [mark for _, mark in judge(exercise, student).parts]  # noqa: E731
    assert marks(lambda x: (x.mean(), x.std())) == [True, True, True, True]
    assert marks(lambda x: (None, x.std())) == [None, True, None, True]
    assert marks(lambda x: (x, x.std())) == [False, True, False, True]
    assert marks(lambda x: (None, None)) == [None, None, None, None]
    assert marks(lambda x: (x.mean(), x.std() + 1)) == [True, False, False, True]


# What is read as numbers.

thirds = Exercise(
    name="thirds",
    parameters=("x",),
    outputs=(Output("shares", "an array of shape (n,)"),),
    answer=lambda x: x / 4,
    examples=((np.array([1.0, 2.0, 5.0]),), (np.array([8.0, 2.0]),)),
    mistakes=(),
    hints=("only",),
)
table = replace(thirds, outputs=(Output("table", "an array of shape (n, 2)"),))
table = replace(table, answer=lambda x: np.stack([x, x / 2], axis=1))
total = replace(thirds, outputs=(Output("total", "a single number"),), answer=lambda x: x.sum() / 4)
pair = replace(
    thirds,
    outputs=(*thirds.outputs, *total.outputs),
    answer=lambda x: (x / 4, x.sum() / 4),
)
flags = replace(thirds, answer=lambda x: x > 1)


class Number:
    """Something that only float() reads."""

    def __init__(self, value):
        self.value = value

    def __float__(self):
        return float(self.value)


def _quarters(x):
    return [Fraction(int(v), 4) for v in x]


def _yields_each(x):
    for v in x:
        yield v / 4


def _yields_both(x):
    yield x / 4
    yield x.sum() / 4


@pytest.mark.parametrize(
    ("exercise", "student"),
    [
        (thirds, _quarters),
        (thirds, lambda x: [Decimal(int(v)) / 4 for v in x]),
        (thirds, lambda x: np.array(_quarters(x), dtype=object)),
        (thirds, lambda x: np.array([Decimal(int(v)) / 4 for v in x], dtype=object)),
        (thirds, lambda x: [Number(v / 4) for v in x]),
        (thirds, lambda x: deque(x / 4)),
        (thirds, lambda x: deque(_quarters(x))),
        (thirds, lambda x: array.array("d", x / 4)),
        (thirds, lambda x: memoryview(array.array("d", x / 4))),
        (thirds, lambda x: map(lambda v: v / 4, x)),
        (thirds, lambda x: (Fraction(int(v), 4) for v in x)),
        (thirds, lambda x: iter(x / 4)),
        (thirds, lambda x: reversed((x[::-1] / 4).tolist())),
        (thirds, lambda x: {i: v / 4 for i, v in enumerate(x)}.values()),
        (thirds, lambda x: {v / 4: i for i, v in enumerate(x)}.keys()),
        (thirds, _yields_each),
        (thirds, lambda x: np.ma.masked_array(x / 4)),
        (thirds, lambda x: x / 4 + 0j),
        (thirds, lambda x: [complex(v / 4) for v in x]),
        (thirds, lambda x: [complex(v / 4) for v in x[:1]] + _quarters(x[1:])),
        (table, lambda x: zip(x, x / 2, strict=True)),
        (table, lambda x: [(v for v in (u, u / 2)) for u in x]),
        (table, lambda x: ({0: u, 1: u / 2}.values() for u in x)),
        (table, lambda x: {u: (u, u / 2) for u in x}.values()),
        (table, lambda x: deque(map(iter, zip(x, x / 2, strict=True)))),
        (table, lambda x: map(np.array, zip(x, x / 2, strict=True))),
        (total, lambda x: Fraction(int(x.sum()), 4)),
        (total, lambda x: Decimal(int(x.sum())) / 4),
        (total, lambda x: Number(x.sum() / 4)),
        (total, lambda x: np.float32(x.sum() / 4)),
        (total, lambda x: complex(x.sum() / 4)),
        (total, lambda x: map(sum, [x / 4])),
        (total, lambda x: [x.sum() / 4]),
        (pair, _yields_both),
        (pair, lambda x: map(lambda f: f(x), [lambda x: x / 4, lambda x: x.sum() / 4])),
        (pair, lambda x: {"shares": x / 4, "total": x.sum() / 4}.values()),
        (pair, lambda x: deque([x / 4, x.sum() / 4])),
        (pair, lambda x: (map(lambda v: v / 4, x), Fraction(int(x.sum()), 4))),
        (pair, lambda x: iter([iter(x / 4), iter([x.sum() / 4])])),
        (flags, lambda x: x > 1),
        (flags, lambda x: [bool(v > 1) for v in x]),
        (flags, lambda x: (v > 1 for v in x)),
    ],
)
def test_whatever_holds_numbers_is_read(exercise, student):
    report = judge(exercise, student, points=2)
    assert (report.outcome, report.points) == (Outcome.PASSED, 2), report.text()
    assert len(as_values(exercise.outputs, student(np.array([1.0])))) == len(exercise.outputs)


@pytest.mark.parametrize(
    ("exercise", "student", "says"),
    [
        (thirds, lambda x: ["0.25" for _ in x], "Yours, of type `list`, cannot be read as numbers"),
        (total, lambda x: "0.5", "Yours, of type `str`, cannot be read as numbers"),
        (total, lambda x: b"1", "Yours, of type `bytes`, cannot be read as numbers"),
        (thirds, lambda x: np.array(["0.25"] * len(x), dtype=object), "cannot be read as numbers"),
        (thirds, lambda x: np.array([b"1"] * len(x), dtype=object), "cannot be read as numbers"),
        (thirds, lambda x: (str(v) for v in x), "cannot be read as numbers"),
        (thirds, lambda x: x / 4 + 1e-300j, "cannot be read as numbers"),
        (thirds, lambda x: [complex(v, np.nan) for v in x], "cannot be read as numbers"),
        (thirds, lambda x: set(x), "Yours, of type `set`, cannot be read as numbers"),
        (thirds, lambda x: dict(enumerate(x / 4)), "of type `dict`, cannot be read as numbers"),
        (thirds, lambda x: np.array(["2020-01-01"] * 2, "M8"), "cannot be read as numbers"),
        (thirds, lambda x: itertools.count(), "Yours, of type `count`, cannot be read as numbers"),
        (thirds, lambda x: [1, [2, 3]], "of type `list`, cannot be read as numbers"),
        (thirds, lambda x: _circle(), "of type `list`, cannot be read as numbers"),
        (total, lambda x: 10**400, "cannot be read as numbers"),
        (
            pair,
            lambda x: {"a": 1, "b": 2},
            "2 values, `shares, total`, in this order. Yours is a `dict`",
        ),
        (pair, lambda x: {1, 2}, "2 values, `shares, total`, in this order. Yours is a `set`"),
        (pair, lambda x: "ab", "2 values, `shares, total`, in this order. Yours is a `str`"),
        (pair, lambda x: itertools.count(), "Yours is a `count`"),
        (pair, lambda x: (v for v in x[:1]), "Yours is not 2 values"),
    ],
)
def test_what_holds_no_numbers_is_refused_with_words(exercise, student, says):
    report = judge(exercise, student, points=2)
    assert (report.points, report.mistakes) == (0, ("wrong type or shape",))
    assert says in words(report)
    with pytest.raises(ValueError, match=r"cannot be read|Yours is"):
        as_values(exercise.outputs, student(np.array([1.0, 2.0, 3.0])))


def _circle():
    circle = [1.0]
    circle.append(circle)
    return circle


def test_what_is_lazy_is_worked_out_within_the_call(monkeypatch, capfd):
    monkeypatch.setattr("emlib.checks.limits.COMPUTING", 0.2)

    def never_ends(x):
        while True:
            pass
        yield x

    def prints(x):
        for v in x:
            print("a line")
            yield v / 4

    def fails(x):
        yield x[0] / 4
        raise IndexError("too far")

    def changes(x):
        x[0] = 7
        yield from x / 4

    def not_written(x):
        yield from x
        raise NotImplementedError

    assert "still running" in words(judge(thirds, never_ends))
    report = judge(thirds, prints)
    assert report.outcome is Outcome.PASSED and "a line" in report.text()
    assert capfd.readouterr() == ("", "")
    report = judge(thirds, fails)
    assert report.outcome is Outcome.ERROR and "`IndexError: too far`" in words(report)
    assert 'raise IndexError("too far")' in report.text()
    assert "changes its argument `x`" in words(judge(thirds, changes))
    assert judge(thirds, not_written).outcome is Outcome.NOT_ATTEMPTED


def test_a_result_is_read_before_the_next_call_changes_it():
    buffer = np.zeros(3)

    def reuses(x):
        buffer[: len(x)] = x / 4
        return buffer[: len(x)]

    assert judge(thirds, reuses).outcome is Outcome.PASSED


def test_a_lazy_result_is_not_taken_for_an_unsteady_one():
    assert judge(pair, lambda x: iter([iter(x / 4), x.sum() / 4]), points=2).points == 2
