"""Exercise 6.1: the M-step for annotators, by the M-step for coins."""

from __future__ import annotations

from typing import Any

import numpy as np

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.kinds import with_a_rare_one
from key.many_models import _loops

Array = Any  # numbers or arrays of numbers


def _seen(votes: Array, r: Array) -> Array:
    """Return how often each label is expected from an annotator for a class, (k, m, c)."""
    return np.tensordot(r.T, votes, axes=1)


def _shares(counts: Array, axis: int = 2) -> Array:
    return counts / counts.sum(axis=axis, keepdims=True)


def _answer(votes: Array, r: Array) -> tuple[Array, Array]:
    return r.mean(axis=0), _shares(_seen(votes, r))


def _hard(r: Array) -> Array:
    return np.eye(r.shape[1])[r.argmax(axis=1)]


def _draw(rng: Rng, n: int, k: int, c: int, most: tuple[int, ...]) -> tuple[Array, Array]:
    """Draw votes of annotators who judge a patient so many times at most, and responsibilities."""
    tables = rng.dirichlet(np.linspace(0.7, 2, c), (n, len(most)))
    times = rng.integers(1, np.add(most, 1), (n, len(most)))
    times[0] = most
    votes = rng.multinomial(times, tables)
    return votes.astype(float), rng.dirichlet(np.linspace(0.6, 2, k), n)


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    drawn = [(6, 3, 3, (2, 1)), (9, 4, 4, (3, 1, 1)), (8, 2, 3, (1, 2, 1, 1)), (7, 3, 2, (1, 4))]
    made = [_draw(rng, *one) for one in drawn]
    votes, r = _draw(rng, 5, 3, 2, (2, 3))
    return [*made, (votes.astype(int), with_a_rare_one(r))]


confusion_tables = Exercise(
    name="confusion_tables",
    parameters=("votes", "responsibilities"),
    outputs=(
        Output("alpha", "one number per class"),
        Output("tables", "an array of shape (k, m, c)"),
    ),
    answer=_answer,
    examples=(
        (
            np.array([[[2, 0], [0, 1]], [[1, 1], [1, 0]], [[0, 2], [0, 1]]]),
            np.array([[1.0, 0.0], [1 / 2, 1 / 2], [0.0, 1.0]]),
        ),
        _draw(np.random.default_rng(5), 5, 3, 4, (3, 1, 2)),
    ),
    lent=("m_step",),
    mistakes=(
        Mistake(
            "votes of all annotators",
            "It looks as if the votes of all annotators stood below the fraction bar. Divide by "
            "the votes of the one annotator.",
            lambda votes, r: _seen(votes, r) / _seen(votes, r).sum(axis=(1, 2), keepdims=True),
            "tables",
        ),
        Mistake(
            "first annotator for all",
            "It looks as if the votes of the first annotator were used for all. Every annotator "
            "has another table.",
            lambda votes, r: np.repeat(_shares(_seen(votes, r))[:, :1], votes.shape[1], axis=1),
            "tables",
        ),
        Mistake(
            "not divided by the votes of the class",
            "Those are expected numbers of votes. Divide them by all that the annotator is "
            "expected to have given to that class.",
            _seen,
            "tables",
        ),
        Mistake(
            "divided by the patients of the class",
            "It looks as if the expected votes were divided by the expected number of patients. "
            "Who judges three times gives three votes to each.",
            lambda votes, r: _seen(votes, r) / r.sum(axis=0)[:, None, None],
            "tables",
        ),
        Mistake(
            "normalised over the classes",
            "It looks as if the numbers sum to 1 over the classes. They should say how an "
            "annotator judges *given* the class: for each class the sum over the labels is 1.",
            lambda votes, r: _shares(_seen(votes, r), axis=0),
            "tables",
        ),
        Mistake(
            "normalised over the annotators",
            "It looks as if the numbers sum to 1 over the annotators. For each class and each "
            "annotator the sum over the labels should be 1.",
            lambda votes, r: _shares(_seen(votes, r), axis=1),
            "tables",
        ),
        Mistake(
            "hard instead of soft",
            "It looks as if each patient was counted for the most probable class alone. Count "
            "every patient for every class, in part.",
            lambda votes, r: _shares(_seen(votes, _hard(r)) + 1e-300),
            "tables",
        ),
        Mistake(
            "all annotators alike",
            "It looks as if all annotators got the same table. Each has an own one.",
            lambda votes, r: np.broadcast_to(
                _shares(_seen(votes, r).sum(axis=1, keepdims=True)),
                (r.shape[1], *votes.shape[1:]),
            ),
            "tables",
        ),
        Mistake(
            "responsibilities not used",
            "It looks as if every patient was counted fully for every class: the table is the "
            "same for all classes. Weigh each patient by the responsibilities.",
            lambda votes, r: _answer(votes, np.ones_like(r))[1],
            "tables",
        ),
        Mistake(
            "mean of each patient's shares",
            "It looks as if the shares of each patient were averaged. Add up votes first, then "
            "divide: two judgements are twice as much as one.",
            lambda votes, r: _shares(_seen(_shares(votes), r)),
            "tables",
        ),
        Mistake(
            "annotators before classes",
            "The numbers are right but the first two axes are exchanged: `tables[j, m]` belongs "
            "to class j and annotator m.",
            lambda votes, r: _answer(votes, r)[1].transpose(1, 0, 2),
            "tables",
        ),
        Mistake(
            "not divided by n",
            "`alpha` should sum to 1: divide the expected numbers of patients by all.",
            lambda votes, r: r.sum(axis=0),
            "alpha",
        ),
        Mistake(
            "mean over the wrong axis",
            "It looks as if the mean was taken over the classes. Each class has a weight: take the "
            "mean over the patients.",
            lambda votes, r: r.mean(axis=1),
            "alpha",
        ),
        Mistake(
            "all classes alike",
            "It looks as if all classes got the same weight. The new weight of a class is the mean "
            "of its responsibilities.",
            lambda votes, r: np.full(r.shape[1], 1 / r.shape[1]),
            "alpha",
        ),
        Mistake(
            "hard instead of soft",
            "It looks as if each patient was counted for the most probable class alone. The mean "
            "of the responsibilities is asked for.",
            lambda votes, r: _hard(r).mean(axis=0),
            "alpha",
        ),
    ),
    hints=(
        "One class, one annotator, one label: call that label heads and all others tails. What "
        "does the M-step for coins say?",
        "`m_step(responsibilities, heads, flips)` returns one number per class. Heads are "
        "`votes[:, m, f]`, flips `votes[:, m].sum(axis=1)`.",
        "Loop over m and f, write each result into `tables[:, m, f]`; `alpha` is a mean of the "
        "responsibilities over the patients.",
    ),
    cases=cases,
    in_loops=_loops.confusion_tables,
)
