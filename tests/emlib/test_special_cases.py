"""What is said of an answer that is right on some calls only, and digests of arrays."""

from dataclasses import replace

import numpy as np
import pytest

from emlib.checks import Exercise, Mistake, Output
from emlib.checks.digest import Digest
from emlib.checks.judge import judge

EXAMPLES = (
    ([3.0, 1.0], 1),
    ([2.0, 5.0], 2),
    ([0.0, 4.0, 6.0], 1),
    ([1.0, 7.0, 2.0], 5),
    ([8.0, 3.0], 3),
)


def exercise(answer, mistakes=(), output="total"):
    return Exercise(
        name="f",
        parameters=("x", "n"),
        outputs=(Output(output, "as it should be"),),
        answer=answer,
        examples=tuple((np.array(x), n) for x, n in EXAMPLES),
        mistakes=mistakes,
        hints=("Think.", "Add."),
    )


def said(one, function, **more):
    return " ".join(" ".join(judge(one, function, **more).says).split())


def total(x, n):
    return n * x.sum()


def test_what_the_wrong_calls_have_in_common_is_told():
    words = said(exercise(total), lambda x, n: n * (x[0] + x[1]))
    assert "in 3 of 5 calls" in words and "`x` has more than two entries." in words
    assert "`total` is 4" in words  # the first example that differs


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda x, n: total(x, n) if n == 1 else 7.5, "`n` is larger than 1."),
        (lambda x, n: total(x, n) if (x > 0).all() else 7.5, "`x` holds a 0."),
        (lambda x, n: total(x, n) if n < 3 else np.inf, "`n` is larger than 2."),
    ],
)
def test_facts_are_those_of_the_arguments(wrong, words):
    assert words in said(exercise(total), wrong)


@pytest.mark.parametrize(("high", "told"), [(1.0, False), (2000.0, True)])
def test_a_one_beside_zeros_is_not_called_very_large(high, told):
    tables = ([0, 0], [0, 0], [high, 0], [0, high], [high, high])
    examples = tuple((np.array(x), n) for n, x in enumerate(tables, 1))
    one = replace(exercise(lambda x, n: x.sum() + n), examples=examples)
    words = said(one, lambda x, n: -n if x.any() else n)
    assert ("very large numbers" in words) is told


def test_nothing_is_told_of_what_is_wrong_everywhere_or_by_chance():
    assert "special case" not in said(exercise(total), lambda x, n: total(x, n) + 1)
    last = EXAMPLES[-1][0]
    once = lambda x, n: 0.5 if list(x) == last else total(x, n)  # noqa: E731
    assert "special case" not in said(exercise(total), once)


def test_numbers_of_hidden_inputs_are_not_told():
    cases = [(np.array([1.0, 2.0]), n) for n in (39, 41)]
    wrong = lambda x, n: total(x, n) if n < 40 else 0.5  # noqa: E731
    once = replace(exercise(total), examples=tuple((np.array(x), 1) for x, _ in EXAMPLES))
    words = said(once, wrong, cases=cases, points=1)
    assert words and not {"39", "40", "41"} & {*words.replace(".", " ").split()}


def test_entries_that_are_wrong_are_told():
    shares = exercise(lambda x, n: x / x.max(), output="shares")
    words = said(shares, lambda x, n: np.clip(x / x.max(), 0.05, 0.95))
    assert "Those are wrong, and no others, which should be 0 or 1." in words
    words = said(shares, lambda x, n: np.append((x / x.max())[:2], np.zeros(len(x) - 2)))
    assert "in places from number 2 on, counted from 0" in words


def test_a_mistake_on_some_calls_only_is_named_if_no_other_kind_gives_the_same():
    twice = Mistake("twice", "It is TWICE as large.", lambda x, n: 2 * total(x, n))
    half = Mistake("half", "It is HALF.", lambda x, n: total(x, n) / 2)
    other = Mistake("other", "It is ANOTHER.", lambda x, n: total(x, n) * 2)

    def wrong(x, n):
        return total(x, n) * (2 if n < 3 else 1)

    report = judge(exercise(total, (twice, half)), wrong)
    assert report.mistakes[0] == "twice" and "TWICE" in said(exercise(total, (twice,)), wrong)
    assert "TWICE" not in said(exercise(total, (twice, other)), wrong)
    of_seven = (*exercise(total).examples, (np.array([2.0, 4.0]), 4), (np.array([2.0, 6.0]), 6))
    assert "TWICE" not in said(replace(exercise(total, (twice,)), examples=of_seven), wrong)


def test_a_digest_tells_an_array_from_others():
    array = np.array([[0.1, 2.0, 3.0], [4.0, -5.0, 600.0]])
    digest = Digest.of(array)
    assert digest.fits(array) and digest.fits(array.astype(np.float32).astype(float))
    for other in (array.T, array[::-1], array[:, ::-1], array * 1.001, array.ravel(), -array):
        assert not digest.fits(other)
    assert not digest.fits(np.full((2, 3), np.inf)) and not digest.fits(array * np.nan)
    assert not Digest.possible(np.array([1.0, np.inf])) and Digest.possible(array)
    assert Digest.of(np.zeros(3)).fits(np.full(3, 1e-14))


def test_a_count_is_no_name_beside_something_unexplained():
    both = Exercise(
        name="f",
        parameters=("x",),
        outputs=(Output("mean", "a single number"), Output("count", "a single number")),
        answer=lambda x: (x.mean(), len(x)),
        examples=tuple((np.arange(n) + 1.0,) for n in (2, 3, 5)),
        mistakes=(Mistake("one less", "ONE LESS", lambda x: len(x) - 1, "count"),),
        hints=("Think.", "Count."),
    )
    assert judge(both, lambda x: (x.mean(), len(x) - 1)).mistakes == ("one less",)
    assert "one less" not in judge(both, lambda x: (np.sin(x.sum()), len(x) - 1)).mistakes


def test_a_mistake_in_all_is_not_named_for_one_where_another_speaks_against_it():
    doubled = Mistake("doubled", "DOUBLED", lambda x: (2 * x.mean(), 2 * x.max()), alone=("mean",))
    both = Exercise(
        name="f",
        parameters=("x",),
        outputs=(Output("mean", "a single number"), Output("most", "a single number")),
        answer=lambda x: (x.mean(), x.max()),
        examples=tuple((np.arange(n) + 1.5,) for n in (2, 3, 5)),
        mistakes=(doubled,),
        hints=("Think.", "Count."),
    )
    for most in (np.max, lambda x: 2 * x.max()):
        assert judge(both, lambda x, most=most: (2 * x.mean(), most(x))).mistakes == ("doubled",)
    assert "doubled" not in judge(both, lambda x: (2 * x.mean(), np.sin(x.sum()))).mistakes


def test_after_an_error_nothing_is_told_of_what_should_come_out():
    def fails(x, n):
        return total(x, n) if n != 1 else [][0]

    some = exercise(lambda x, n: total(x, n) * (n != 1))
    assert "should hold a 0" in said(some, total)
    assert "should hold a 0" not in said(some, fails)
