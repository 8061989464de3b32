"""Cards: what students get of an exercise is what the answer key says, and no more."""

import json
from collections import defaultdict
from dataclasses import fields, replace
from functools import partial

import numpy as np
import pytest

from emlib import exercises as home
from emlib.checks import Exercise, Mistake, Part, cards
from emlib.checks.judge import judge
from emlib.checks.read import as_values, close
from emlib.checks.relations import KINDS, Setting, holds
from key import writing

EXERCISES = [
    pytest.param(getattr(getattr(home, notebook), name), exercise, id=f"{notebook}-{name}")
    for notebook in writing.NOTEBOOKS
    for name, exercise in writing.exercises(notebook).items()
]


def same(exercise, one, other):
    ours, theirs = as_values(exercise.outputs, one), as_values(exercise.outputs, other)
    return all(map(close, ours, theirs))


@pytest.mark.parametrize("notebook", writing.NOTEBOOKS)
def test_the_cards_are_what_the_key_writes_now(notebook):
    """If not: python noxfile.py cards"""
    text = (writing.CARDS / f"{notebook}.json").read_text(encoding="utf-8")
    assert writing.agree(json.loads(text), json.loads(writing.cards(notebook)))


def test_the_cards_stay_small():
    assert sum(path.stat().st_size for path in writing.CARDS.glob("*.json")) < 1_700_000


def test_there_are_no_other_cards():
    assert sorted(path.stem for path in writing.CARDS.glob("*.json")) == writing.NOTEBOOKS
    assert dir(home) == writing.NOTEBOOKS


def test_a_notebooks_exercises_are_all_that_is_listed():
    assert [name for name in dir(home.start_here) if name[0] != "_"] == ["share_of_heads"]
    with pytest.raises(AttributeError, match=r"exercises for .*coin_toss_em, .* not for 'jensens'"):
        home.jensens  # noqa: B018


@pytest.mark.parametrize(("card", "exercise"), EXERCISES)
def test_a_card_says_on_the_examples_what_the_key_says(card, exercise):
    plain = {"name", "parameters", "outputs", "hints", "parts"}
    assert [getattr(card, name) for name in plain] == [getattr(exercise, name) for name in plain]
    assert [step.name for step in card.steps] == [step.name for step in exercise.steps]
    for given, arguments in zip(card.examples, exercise.examples, strict=True):
        for one, other in zip(given, arguments, strict=True):
            np.testing.assert_array_equal(one, other, strict=True)
        assert same(exercise, card.answer(*given), exercise.answer(*arguments))


@pytest.mark.parametrize(("card", "exercise"), EXERCISES)
def test_a_card_knows_every_mistake_that_can_be_told_apart(card, exercise):
    def gives(mistake, examples):
        told = list(map(writing.brief, writing.record(mistake.gives, examples, writing.DIGITS)))
        return [mistake.part, *mistake.alone, told]

    words = {(mistake.name, mistake.says) for mistake in exercise.mistakes}
    known = defaultdict(list)
    for mistake in card.mistakes:
        assert (mistake.name, mistake.says) in words
        known[mistake.name, mistake.part].append(gives(mistake, card.examples))
    for mistake in exercise.mistakes:
        one = gives(mistake, exercise.examples)
        assert any(writing.agree(one, other) for other in known[mistake.name, mistake.part]), one


@pytest.mark.parametrize(("card", "exercise"), EXERCISES)
def test_a_card_knows_nothing_but_its_examples(card, exercise):
    arguments = [np.asarray(argument) * 0.5 for argument in exercise.examples[0]]
    for function in (card.answer, *(mistake.gives for mistake in card.mistakes)):
        with pytest.raises(LookupError, match="examples only"):
            function(*arguments)
    assert type(card) is Exercise and not hasattr(card, "grade")
    assert {field.name for field in fields(exercise)} - {field.name for field in fields(card)} <= {
        "_hidden",
        "cases",
        "drawn",
        "follows",
        "in_loops",
        "nats",
        "own",
        "text",
    }


VALUES = [3, 0.1, True, np.nan, -np.inf, np.arange(3), np.array([True, False])]


@pytest.mark.parametrize("value", [*VALUES, np.full((2, 1), np.inf), np.zeros((0, 2))])
def test_values_survive_a_card(value):
    told = json.loads(json.dumps(writing.packed(value), allow_nan=False))
    np.testing.assert_array_equal(cards.value(told), value, strict=isinstance(value, np.ndarray))


def test_a_card_holds_no_code():
    example = writing.exercises("start_here")["share_of_heads"]
    with pytest.raises(TypeError, match="a card holds numbers"):
        writing.card(replace(example, answer=lambda heads, tails: print))
    part = Part("shares", lambda values, right: True)
    with pytest.raises(TypeError, match="the part 'shares' needs relations"):
        writing.card(replace(example, parts=(part,)))


@pytest.mark.parametrize("name", ["divided by tails", "again"])
def test_a_mistake_that_repeats_an_earlier_one_of_its_kind_is_left_out(name):
    example = writing.exercises("start_here")["share_of_heads"]
    again = Mistake(name, "AGAIN", lambda heads, tails: np.float64(heads) / tails)
    card = writing.card(replace(example, mistakes=(*example.mistakes, again)))
    more = [name] if name == "again" else []
    assert [m["name"] for m in card["mistakes"]] == [m.name for m in example.mistakes] + more
    assert [len(m["gives"]) for m in card["mistakes"]] == [1] * len(card["mistakes"])


def test_a_name_is_given_only_if_no_other_kind_of_mistake_explains_it():
    def odds(heads, tails):
        return heads / tails

    example = home.start_here.share_of_heads
    again = Mistake("again", "AGAIN", odds)
    for mistakes, told in ((example.mistakes, "divided by tails"), ((again,), "again")):
        assert judge(replace(example, mistakes=mistakes), odds).mistakes == (told,)
    report = judge(replace(example, mistakes=(*example.mistakes, again)), odds)
    assert report.mistakes == ("wrong numbers",)
    assert "Work that number out by hand." in report.says[0]


def test_cards_that_differ_do_not_agree():
    text = (writing.CARDS / "start_here.json").read_text(encoding="utf-8")
    for old, new in [("0.75", "0.7501"), ("odds", "odd"), ('"close",0', '"agrees",0')]:
        assert old in text
        assert not writing.agree(json.loads(text), json.loads(text.replace(old, new, 1)))
    assert writing.agree([0.1 + 0.2, 1e-17], [0.3, 0.0])
    assert not writing.agree([True], [1]) and not writing.agree(["nan"], [0.0])


# Relations.


@pytest.mark.parametrize(
    ("relation", "values", "wanted"),
    [
        (("close", 0), ([1, 2],), False),
        (("close", 0), ([1, 2, 3],), True),
        (("close but for names", 0, "x"), ([1, 2, 3],), True),
        (("close but for names", 0, "x"), ([2, 1, 3],), False),
        (("in proportion", 0), ([1, 2, 3.00001],), True),
        (("in proportion", 0), ([1, 2, 3.0001],), False),
        (("in proportion", 0), ([1, 2],), False),
        (("agrees", 0), ([1, 2],), True),
        (("agrees", 0), ([1, 2, 3, 4],), True),
        (("agrees", 0), ([1],), False),  # the start is given
        (("agrees", 0), ([1, 3],), False),
        (("as long as the right ones",), ([7, 7, 7],), True),
        (("as long as the right ones",), ([1, 2],), False),
        (("as long as the first", 1), ([1], [2]), True),
        (("as long as the first", 1), ([1], [2, 3]), False),
        (("as long as the first", 1), (None, [2, 3]), True),
        (("as long as the right ones",), (None, [2, 3, 4]), True),
    ],
)
def test_each_relation(relation, values, wanted):
    right = (np.array([1.0, 2.0, 3.0]),) * 2
    values = tuple(None if value is None else np.array(value) for value in values)
    assert holds(relation)(values, right) == wanted
    assert not holds(("close", 0), relation)((np.zeros(3), np.zeros(3)), right)


def test_components_of_the_same_weight_may_exchange_their_names():
    right, relation = (np.array([0.1, 0.2, 0.3]),), holds(("close but for names", 0, "alpha"))
    for alpha, wanted in (([0.3, 0.3, 0.4], True), ([0.3, 0.4, 0.3], False)):
        setting = Setting({"alpha": np.array(alpha)})
        assert relation((np.array([0.2, 0.1, 0.3]),), right, setting) == wanted
        assert not relation((np.array([0.2, 0.2, 0.3]),), right, setting)
        assert not relation((np.array([0.1, 0.2]),), right, setting)


def double(name, arguments):
    """A step of the student's that gives twice what it is given."""
    if name != "double":
        raise ValueError
    return (np.array(2 * arguments["x"]),)


AT = ("double", 0, (("x", 0),))
WAY = [0, 3, 5, 6]  # gains 6, 4 and 2


@pytest.mark.parametrize(
    ("relation", "values", "wanted"),
    [
        (("belongs", 1, *AT), (WAY, [0, 6, 10, 12]), True),
        (("belongs", 1, *AT), (WAY, [6, 10, 12]), False),
        (("belongs", 1, *AT), (WAY, [0, 0, 6, 10]), False),
        (("belongs", 1, *AT), ([4], [8]), False),  # the start alone
        (("belongs", 1, "triple", *AT[1:]), (WAY, [0, 9, 15, 18]), False),  # not asked
        (("belongs", 1, *AT), (WAY, [1, 2]), True),  # as the right ones
        (("stops", *AT, "tol", "most"), (WAY, []), True),
        (("stops", *AT, "tol", "most"), ([1, 2, 3], []), True),  # as the right ones
        (("stops", *AT, "tol", "most"), ([7, 8, 9], [1, 2, 3]), True),
        (("stops", *AT, "tol", "most"), (WAY[:3], []), False),  # as long by chance
        (("stops", *AT, "tol", "most"), (WAY[:2], []), False),
        (("stops", *AT, "tol", "most"), ([*WAY, 9], []), False),
        (("stops", *AT, "tol", "most"), ([0, 3, 6, 9, 12], []), True),  # after 4 iterations
        (("stops", *AT, "tol", "most"), ([0, 3, 6, 9, 12, 12], []), False),  # after 5
        (("stops", *AT, "tol", "most"), (None, []), False),
    ],
)
def test_relations_to_what_the_students_own_steps_give(relation, values, wanted):
    right = (np.array([1.0, 2.0, 3.0]),) * 2
    setting = Setting({"tol": 3, "most": 4, "x": None}, double)
    values = tuple(None if value is None else np.array(value) for value in values)
    assert holds(relation)(values, right, setting) == wanted


@pytest.mark.parametrize(
    ("relation", "values", "wanted"),
    [
        (("belongs", 1, *AT), (WAY, [0, 6, 10, 12]), False),
        (("belongs", 1, *AT), (WAY, [1, 2, 3]), True),
        (("stops", *AT, "tol", "most"), (WAY, []), False),
        (("stops", *AT, "tol", "most"), (WAY[:3], []), False),
        (("stops", *AT, "tol", "most"), ([1, 2, 3], []), True),
    ],
)
def test_without_a_right_step_the_right_values_decide(relation, values, wanted):
    right = (np.array([1.0, 2.0, 3.0]),) * 2
    assert holds(relation)(tuple(map(np.array, values)), right) == wanted


LOGS = np.log([[0.5, 0.1], [0.2, 0.8], [0.3, 0.3]])  # of the terms of three rows
WEIGHTS = np.array([[0.5, 0.5], [0.3, 0.7], [0.2, 0.8]])


@pytest.mark.parametrize(
    ("weights", "values", "wanted"),
    [
        (WEIGHTS, np.log(WEIGHTS @ np.exp(LOGS).T).sum(axis=1), True),
        (WEIGHTS, np.log(WEIGHTS @ np.exp(LOGS).T).mean(axis=1), False),
        (WEIGHTS, [1, 2, 3], True),  # as the right ones
        (WEIGHTS[[0, 0, 0]], np.log(WEIGHTS[[0, 0, 0]] @ np.exp(LOGS).T).sum(axis=1), False),
        (WEIGHTS[:2], np.log(WEIGHTS[:2] @ np.exp(LOGS).T).sum(axis=1), None),  # ends at once
        (-WEIGHTS, [np.nan] * 3, False),
        (None, [4, 5, 6], False),
    ],
)
def test_log_likelihoods_may_belong_to_the_students_own_weights(weights, values, wanted):
    right = (np.full((3, 2), 0.5), np.array([1.0, 2.0, 3.0]))
    relation = holds(("belongs to weights", 1, 0, "log_p"))
    assert relation((weights, np.array(values)), right, Setting({"log_p": LOGS})) is wanted


def test_after_a_relation_that_does_not_hold_no_other_is_looked_at():
    right = (np.array([1.0, 2.0, 3.0]),) * 2
    assert holds(("agrees", 0), ("agrees", 1))((right[0] + 1, None), right) is False


def test_the_vocabulary_of_relations_is_closed():
    assert len(KINDS) == 9
    with pytest.raises(ValueError, match=r"must be one of 'close', .* not 'open'"):
        holds(("open", 0))


# Functions that build on others: at home their steps come first.


def right(exercise):
    """Return a function that is right on the examples."""
    return lambda *arguments: exercise.answer(*arguments)


def shown(capsys, function, *steps):
    home.coin_toss_em.em.check(function, *steps)
    return " ".join(capsys.readouterr().out.split())


def student(name):
    """Return a student's right function, which knows nothing of emlib."""
    answer = getattr(home.coin_toss_em, name).answer
    examples = getattr(home.coin_toss_em, name).examples
    results = [answer(*arguments) for arguments in examples]

    def function(*arguments):
        for example, result in zip(examples, results, strict=True):
            if all(map(np.array_equal, example, arguments)):
                return result
        return results[0]

    return function


STEPS = ("e_step", "m_step")


def test_a_loop_is_judged_where_its_steps_are_right(capsys):
    steps = [student(name) for name in STEPS]
    assert "`em`: visible checks passed" in shown(capsys, student("em"), *steps)
    assert "`em`: not yet" in shown(capsys, lambda *x: student("em")(*x)[::-1], *steps)


@pytest.mark.parametrize("wrong", STEPS)
def test_a_step_that_is_not_right_comes_before_the_loop(capsys, wrong):
    calls = []
    steps = [student(name) if name != wrong else lambda *x: 0 * x[1] for name in STEPS]
    text = shown(capsys, lambda *x: calls.append(x), *steps)
    assert "✗ `em`: not yet" in text
    assert f"It builds on your `{wrong}`, which is not right yet." in text
    assert not calls  # it might never end


def test_a_step_that_is_not_written_comes_before_the_loop(capsys):
    def m_step(*arguments):
        raise NotImplementedError

    text = shown(capsys, student("em"), student("e_step"), m_step)
    assert "○ `em`: not attempted" in text and "`m_step`, which is not written yet" in text


def from_another_start(steps):
    """Return a loop that forgets where it starts, and is right from there on."""
    expect, maximise = steps

    def em(theta, alpha, heads, flips, tol, max_iter):
        theta = theta[::-1] / 2
        r, value = expect(theta, alpha, heads, flips)
        thetas, values = [theta], [value]
        for _ in range(max_iter):
            thetas.append(maximise(r, heads, flips))
            r, value = expect(thetas[-1], alpha, heads, flips)
            values.append(value)
            if values[-1] - values[-2] < tol:
                break
        return np.array(thetas), np.array(values)

    return em


def e_step(theta, alpha, heads, flips):
    of_rows = rows(theta, alpha, heads, flips)
    return np.exp(joint(theta, alpha, heads, flips) - of_rows), of_rows.sum()


def m_step(r, heads, flips):
    return heads @ r / (flips @ r)


def joint(theta, alpha, heads, flips):
    logs = np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log1p(-theta))
    return np.log(alpha) + logs


def rows(*x):
    return np.logaddexp.reduce(joint(*x), axis=1, keepdims=True)


def test_what_follows_from_a_wrong_way_is_right():
    """At home and in grading: the log-likelihoods belong to their rows, and the loop stops."""
    steps = (e_step, m_step)
    loop = from_another_start(steps)
    key = writing.exercises("coin_toss_em")["em"]
    told = judge(home.coin_toss_em.em, loop, steps)
    graded = judge(key, loop, steps, key.cases(np.random.default_rng(1)), 4)
    assert told.parts == graded.parts
    assert graded.parts == (("thetas", False), ("log_likelihoods", True), ("stopping rule", True))
    assert graded.points == 2


def test_values_of_ones_own_weights_are_right_and_nothing_is_said_of_them():
    """At home and in grading: the start stands twice in both results."""

    def twice_the_start(log_p, alpha, iterations):
        alphas = [alpha, alpha]
        for _ in range(iterations - 1):
            r = np.exp(np.log(alphas[-1]) + log_p - log_p.max(axis=1, keepdims=True))
            alphas.append((r / r.sum(axis=1, keepdims=True)).mean(axis=0))
        return alphas, [np.logaddexp.reduce(np.log(a) + log_p, axis=1).sum() for a in alphas]

    key = writing.exercises("bound")["fit_weights"]
    told = judge(home.bound.fit_weights, twice_the_start)
    graded = judge(key, twice_the_start, (), key.cases(np.random.default_rng(1)), 4)
    assert told.parts == graded.parts == (("alphas", False), ("log_likelihoods", True))
    assert told.mistakes == graded.mistakes == ("the start twice",)
    assert graded.points == 2


def test_a_wrong_step_is_not_asked():
    def twice(*x):
        r, value = e_step(*x)
        return r, 2 * value

    steps = (twice, m_step)
    told = judge(home.coin_toss_em.em, from_another_start(steps), steps)
    assert dict(told.parts)["log_likelihoods"] is False


# In every exercise each output is judged by itself.

SPOILED = {
    "missing": (lambda value: None, None),
    "a text": (lambda value: "x", None),
    "no table": (lambda value: [[1], [1, 2]], None),
    "another shape": (lambda value: np.zeros((7, 7, 7)), False),
    "not finite": (lambda value: value * np.nan, False),
}


@pytest.mark.parametrize("name", SPOILED)
@pytest.mark.parametrize(
    ("card", "exercise"), [p for p in EXERCISES if len(p.values[1].outputs) > 1]
)
def test_what_is_wrong_with_one_output_is_said_of_no_other(card, exercise, name):
    spoil, mark = SPOILED[name]
    results = {str(x): as_values(card.outputs, card.answer(*x)) for x in card.examples}
    for i in range(len(card.outputs)):

        def function(*arguments, i=i):
            values = results[str(arguments)]
            return [*values[:i], spoil(values[i]), *values[i + 1 :]]

        told = dict(judge(card, function).parts)
        for part in card.parts:
            assert told[part.name] is (mark if i in card.about(part) else True), (i, part.name)


# Mistakes that can be made in every exercise are named in every one.

COMMON = {
    "into an array of integers": lambda values: tuple(map(np.trunc, values)),
    "the last two exchanged": lambda values: (*values[:-2], *values[-1:-3:-1]),
}


@pytest.mark.parametrize("name", COMMON)
@pytest.mark.parametrize(("card", "exercise"), EXERCISES)
def test_a_common_mistake_is_named_in_every_exercise(card, exercise, name):
    def function(*arguments):
        for example, result in zip(card.examples, results, strict=True):
            if all(map(partial(np.array_equal, equal_nan=True), example, arguments)):
                return result if len(result) > 1 else result[0]
        return None

    right = [as_values(card.outputs, card.answer(*arguments)) for arguments in card.examples]
    results = [COMMON[name](values) for values in right]
    if all(all(map(close, one, other)) for one, other in zip(results, right, strict=True)):
        return  # no mistake here: there is one result, or it is of integers
    if card.name == "share_of_heads":
        assert name == "into an array of integers"
    told = judge(card, function).mistakes
    # Nothing but zeros may have several causes, which one sentence names.
    known = {mistake.name for mistake in card.mistakes}
    assert known & set(told) or (told == ("constant result",) and not np.any(results)), told


@pytest.mark.parametrize("base", [2, 10])
@pytest.mark.parametrize(
    "exercise", [e for p in EXERCISES if getattr((e := p.values[1]), "nats", ())]
)
def test_another_base_of_the_logarithm_is_named(exercise, base):
    i = [output.name for output in exercise.outputs].index(exercise.nats[-1])

    def function(*arguments):
        values = list(answer(*arguments))
        values[i] = values[i] / np.log(base)
        return values if len(values) > 1 else values[0]

    known = {
        str(arguments): as_values(exercise.outputs, exercise.answer(*arguments))
        for arguments in exercise.examples
    }
    answer = lambda *arguments: known[str(arguments)]  # noqa: E731
    told = judge(exercise, function).mistakes
    assert [name for name in told if "base" in name], told
