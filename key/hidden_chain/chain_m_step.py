"""Exercise 7.2: the M-step of a chain, with the M-step of 04a for what the states show."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from emlib.checks import Mistake, Output, Part
from emlib.checks.relations import holds
from key.exercise import Exercise, Rng
from key.gaussian_mixture import m_step
from key.gaussian_mixture._formulas import Array, hard
from key.hidden_chain import _loops
from key.hidden_chain._draw import posteriors
from key.kinds import SMALL, with_a_rare_one


def _counts(pairs: Array) -> Array:
    return pairs.sum(axis=0)


def _rows(table: Array) -> Array:
    return table / table.sum(axis=1, keepdims=True)


def _answer(data: Array, r: Array, pairs: Array) -> tuple[Array, ...]:
    return (_rows(_counts(pairs)), *m_step.answer(data, r)[1:])


WRONG_A: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    (
        "counts for probabilities",
        "It looks as if `A` holds expected numbers of moves. Divide each row by its sum.",
        lambda x, r, s: _counts(s),
    ),
    (
        "pairs not used",
        "It looks as if each row of `A` holds the mixing weights, as if the state before told "
        "nothing. Count the moves, in `pairs`.",
        lambda x, r, s: np.tile(r.mean(axis=0), (r.shape[1], 1)),
    ),
    (
        "columns normalised",
        "It looks as if the columns of `A` sum to 1. From each state the chain must go somewhere: "
        "its *rows* sum to 1.",
        lambda x, r, s: _counts(s) / _counts(s).sum(axis=0),
    ),
    (
        "divided by all moves",
        "It looks as if you divided by the number of all moves. Divide by the moves that leave the "
        "state.",
        lambda x, r, s: s.mean(axis=0),
    ),
    (
        "divided by all moves",
        "It looks as if you divided by the number of rows. Divide by the moves that leave the "
        "state.",
        lambda x, r, s: _counts(s) / len(r),
    ),
    (
        "last row counted",
        "It looks as if you divided by $N_j$, which counts the last row too. Nothing leaves the "
        "last row, so rows of `A` would not sum to 1.",
        lambda x, r, s: _counts(s) / r.sum(axis=0)[:, None],
    ),
    (
        "first row left out",
        "It looks as if you divided by how often each state is *entered*. Divide by how often it "
        "is left.",
        lambda x, r, s: _counts(s) / r[1:].sum(axis=0)[:, None],
    ),
    (
        "mean of ratios",
        "It looks as if each row's probabilities of moving were averaged. Rows in which the state "
        "is hardly occupied must count less: divide sums instead.",
        lambda x, r, s: (s / s.sum(axis=2, keepdims=True)).mean(axis=0),
    ),
    (
        "neighbours taken as independent",
        "It looks as if `A` was made from `r` alone. Neighbouring states are not independent: "
        "`pairs` knows how they go together.",
        lambda x, r, s: _rows(r[:-1].T @ r[1:]),
    ),
    (
        "hard instead of soft",
        "It looks as if each row was given wholly to its most probable state.",
        lambda x, r, s: _rows(hard(r)[:-1].T @ hard(r)[1:]),
    ),
    (
        "the same row for every state",
        "It looks as if all rows of `A` are the same: where the chain goes depends on where it is.",
        lambda x, r, s: np.tile(_counts(s).sum(axis=0) / s.sum(), (r.shape[1], 1)),
    ),
    (
        "only one move",
        "It looks as if one pair of rows was used. Add over all of them.",
        lambda x, r, s: _rows(s[-1]),
    ),
    (
        "only one move",
        "It looks as if one pair of rows was used. Add over all of them.",
        lambda x, r, s: _rows(s[0]),
    ),
)


def _draw(rng: Rng, n: int, k: int, d: int) -> tuple[Array, ...]:
    r, pairs = posteriors(rng, n, k)
    return (rng.normal(size=(n, d)) * (1 + np.arange(d)), r, pairs)


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    """Draw three ordinary cases; a rare state, in small units; and whole numbers."""
    drawn = [_draw(rng, *sizes) for sizes in [(5, 2, 2), (7, 3, 1), (6, 4, 3)]]
    rare = SMALL * drawn[0][0], *posteriors(rng, 5, 2, with_a_rare_one)
    whole = rng.permutation([[0, 7], [1, 1], [5, 3], [8, 0], [3, 6]]), *drawn[0][1:]
    return [*drawn, rare, whole]


def _example(seed: int, *sizes: int) -> tuple[Array, ...]:
    return _draw(np.random.default_rng(seed), *sizes)


chain_m_step = Exercise(
    name="chain_m_step",
    parameters=("data", "r", "pairs"),
    outputs=(
        Output("A", "an array of shape (k, k)", rows_sum_to_one=True),
        Output("mu", "an array of shape (k, d)"),
        Output("sigma", "an array of shape (k, d)"),
    ),
    answer=_answer,
    parts=(
        Part("A", holds(("close", 0))),
        Part("mu", holds(("close", 1))),
        Part("sigma", holds(("in proportion", 2))),
    ),
    examples=(
        # Expected moves [[3/4, 3/4], [0, 1/2]].
        (
            np.array([[1.0], [3.0], [5.0]]),
            np.array([[1.0, 0.0], [0.5, 0.5], [0.25, 0.75]]),
            np.array([[[0.5, 0.5], [0.0, 0.0]], [[0.25, 0.25], [0.0, 0.5]]]),
        ),
        _example(1, 5, 3, 2),
        _example(5, 7, 2, 3),
    ),
    mistakes=(
        *(
            Mistake(name, says, lambda *x, f=gives: (f(*x), *_answer(*x)[1:]))
            for name, says, gives in WRONG_A
        ),
        *(Mistake(name, says, gives, "A") for name, says, gives in WRONG_A),
        *(
            Mistake(m.name, m.says, lambda x, r, s, f=m.gives: f(x, r), m.part)
            for m in m_step.own
            if m.part in ("mu", "sigma")
        ),
        *(
            Mistake(
                "last row left out",
                "It looks as if the last row of data was left out. It shows something, too.",
                lambda x, r, s, j=j: _answer(x[:-1], r[:-1], s)[j],
                part,
            )
            for j, part in enumerate(("mu", "sigma"), 1)
        ),
    ),
    hints=(
        "Which part of Q holds $A$? It looks like the part that held the mixing weights in 04a, "
        "once for each state that is left.",
        "`pairs.sum(axis=0)` is the expected number of moves from each state to each. What must "
        "its rows be divided by, so that they sum to 1?",
        "For `mu` and `sigma` call `m_step(data, r)`: it returns three values, and the first is "
        "not needed.",
    ),
    cases=cases,
    in_loops=_loops.chain_m_step,
    lent=("m_step",),
)
