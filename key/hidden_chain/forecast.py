"""Exercise 7.3: where the chain will be, and what it will show."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.gaussian_mixture._formulas import Array
from key.hidden_chain import _loops
from key.hidden_chain._draw import transitions


def _p(r: Array, A: Array, steps: int) -> Array:
    return r @ np.linalg.matrix_power(A, max(int(steps), 0))


def _answer(r: Array, A: Array, mu: Array, steps: int) -> tuple[Array, Array]:
    return _p(r, A, steps), _p(r, A, steps) @ mu


def _sure(p: Array) -> Array:
    return np.eye(len(p))[np.argmax(p)]


def _hard_steps(r: Array, A: Array, steps: int) -> Array:
    for _ in range(int(steps)):
        r = A[np.argmax(r)]
    return r


WRONG_P: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    (
        "not moved",
        "It looks as if the chain did not move: these are the states of the last row itself.",
        lambda r, A, mu, n: r,
    ),
    (
        "last state not used",
        "It looks as if the chain started in its first state, whatever the last row says. Start "
        "from `r_last`.",
        lambda r, A, mu, n: _p(np.eye(len(r))[0], A, n),
    ),
    (
        "last state not used",
        "It looks as if all states were equally probable in the last row. Start from `r_last`.",
        lambda r, A, mu, n: _p(np.full(len(r), 1 / len(r)), A, n),
    ),
    (
        "one step for all",
        "It looks as if the chain moved once. It moves `steps` times.",
        lambda r, A, mu, n: r @ A,
    ),
    (
        "one step too many",
        "It looks as if the chain moved once too often.",
        lambda r, A, mu, n: _p(r, A, n + 1),
    ),
    (
        "one step too few",
        "It looks as if the chain moved once too few times.",
        lambda r, A, mu, n: _p(r, A, n - 1),
    ),
    (
        "transitions read backward",
        "It looks as if the transitions were read from the new state to the old: rows of `A` "
        "belong to the state that is left.",
        lambda r, A, mu, n: _p(r, A.T, n),
    ),
    (
        "powers of the entries",
        "It looks as if each entry of `A` was raised to a power. A matrix is multiplied with "
        "itself: `np.linalg.matrix_power`, or a loop.",
        lambda r, A, mu, n: r @ A**n,
    ),
    (
        "steps multiplied",
        "It looks as if one move was multiplied by `steps`. Each move starts where the last ended.",
        lambda r, A, mu, n: n * (r @ A),
    ),
    (
        "last state taken as certain",
        "It looks as if only the most probable last state was used. The others count with their "
        "probability.",
        lambda r, A, mu, n: _p(_sure(r), A, n),
    ),
    (
        "every state taken as certain",
        "It looks as if the chain was taken to be in its most probable state after each move.",
        lambda r, A, mu, n: _hard_steps(r, A, n),
    ),
    (
        "most probable state only",
        "It looks as if the most probable state got probability 1. A forecast gives every state "
        "its share.",
        lambda r, A, mu, n: _sure(_p(r, A, n)),
    ),
    (
        "in the long run",
        "It looks as if the chain moved very many times, until it forgot where it was.",
        lambda r, A, mu, n: _p(r, A, 10_000),
    ),
)


def _mistakes() -> Iterator[Mistake]:
    for name, says, p in WRONG_P:
        yield Mistake(name, says, lambda *x, p=p: (p(*x), p(*x) @ x[2]))
        yield Mistake(name, says, lambda *x, p=p: p(*x), "p")
    for name, says, gives in (
        (
            "mean of the most probable state",
            "It looks as if the mean of the most probable state was returned. Weight the means by "
            "`p`.",
            lambda *x: _sure(_answer(*x)[0]) @ x[2],
        ),
        (
            "means not weighted",
            "It looks as if all means counted alike. Weight them by `p`.",
            lambda *x: x[2].mean(axis=0),
        ),
        (
            "mean of the last row",
            "It looks as if `mean` was made with the states of the last row. Use `p`.",
            lambda *x: x[0] @ x[2],
        ),
        (
            "not added up",
            "It looks as if the weighted means were not added over the states.",
            lambda *x: _answer(*x)[0][:, None] * x[2],
        ),
        (
            "divided by the number of states",
            "It looks as if the weighted mean was divided by the number of states. The weights sum "
            "to 1 already.",
            lambda *x: _answer(*x)[1] / len(x[0]),
        ),
    ):
        yield Mistake(name, says, gives, "mean")


def _draw(rng: Rng, k: int, d: int, steps: int) -> tuple[Array, Array, Array, int]:
    r = rng.dirichlet(2.0 + np.arange(k))
    return r, transitions(rng, k), 10 * rng.uniform(1, 2, (k, d)), steps


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    r, A, mu, steps = _draw(rng, 2, 1, 12)
    stays = r, 0.97 * np.eye(2) + 0.03 * A, mu, steps  # it remembers for long
    sizes = [(2, 2, 1), (3, 1, 2), (4, 3, 5), (3, 2, 3)]
    r, A, mu, steps = _draw(rng, 3, 2, 2)
    whole = np.eye(3, dtype=int)[rng.integers(3)], A, np.rint(mu).astype(int), steps
    rare = np.array([1.0, 0.0]), np.array([[1 - (p := rng.uniform(1e-3, 3e-3)), p], [0.4, 0.6]])
    return [*(_draw(rng, *one) for one in sizes), stays, whole, (*rare, np.array([[2], [700]]), 2)]


forecast = Exercise(
    name="forecast",
    parameters=("r_last", "A", "mu", "steps"),
    outputs=(
        Output("p", "one probability per state", rows_sum_to_one=True),
        Output("mean", "an array of shape (d,), one number per coordinate"),
    ),
    answer=_answer,
    examples=(
        (np.array([0.5, 0.5]), np.array([[0.9, 0.1], [0.4, 0.6]]), np.array([[10], [20]]), 1),
        (
            np.array([0.2, 0.7, 0.1]),
            np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8], [0.6, 0.3, 0.1]]),
            np.array([[1.0, 40.0], [2.0, 90.0], [5.0, 70.0]]),
            2,
        ),
        (
            np.array([0.6, 0.4]),
            np.array([[0.1, 0.9], [0.7, 0.3]]),
            np.array([[3.0, 4.0, 8.0], [1.0, 6.0, 2.0]]),
            4,
        ),
        (
            np.array([0.1, 0.9]),
            np.array([[0.99, 0.01], [0.03, 0.97]]),
            np.array([[2.0], [9.0]]),
            12,
        ),
        (
            np.array([1.0, 0.0]),
            np.array([[0.998, 0.002], [0.5, 0.5]]),
            np.array([[1.0], [400.0]]),
            2,
        ),
    ),
    mistakes=tuple(_mistakes()),
    hints=(
        "With probability `r_last[j]` the chain is in state j now. With which probability is it in "
        "state l after one move?",
        "One move is `p @ A`. What do you do for three moves?",
        "The expected row is the mean of the states' means, weighted by `p`.",
    ),
    cases=cases,
    in_loops=_loops.forecast,
)
