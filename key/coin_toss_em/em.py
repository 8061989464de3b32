"""Exercise 3b.3: the whole loop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from emlib.checks import Output
from key.coin_toss_em._draw import random_coins
from key.coin_toss_em._formulas import COINS, Array, joint, series
from key.coin_toss_em.e_step import e_step
from key.coin_toss_em.m_step import m_step
from key.exercise import Exercise, Rng
from key.loop import Loop, answer, parts
from key.paths import Way, mistake, mistakes
from key.stopping import ended_by_max_iter, ended_by_tol

LOOP = Loop(
    parameters={"theta": 0},
    expect=e_step.answer,
    maximise=lambda r, theta, alpha, heads, flips: (m_step.answer(r, heads, flips),),
    log_joints=(joint, lambda theta, alpha, heads, flips: series(theta, heads, flips - heads)),
    theta="`theta`",
    thetas="`thetas`",
    rows="rows",
    components="coins",
)
WAY, *OTHERS = parts(LOOP, "thetas", ("thetas",), "e_step", 1)


def _fitted_weights() -> Way:
    """Return the loop that re-estimates the mixing weights too."""
    loop = replace(
        LOOP,
        parameters={"theta": 0, "alpha": 1},
        maximise=lambda r, *x: (*LOOP.maximise(r, *x), r.mean(axis=0)),
    )

    def way(x: Any, tol: float, max_iter: int) -> tuple[Array, ...]:
        thetas, _, lls = loop.climb(x, tol, max_iter)
        return thetas, lls

    return way


def _equal_weights(x: Any, tol: float, max_iter: int) -> tuple[Array, ...]:
    theta, alpha, *data = x
    return LOOP.right((theta, np.full_like(alpha, 1 / len(alpha)), *data), tol, max_iter)


def _start(rng: Rng, coins: int, rows: int) -> tuple[Array, ...]:
    """Draw a start with a long way to go: few flips in a row, and coins that are all too low."""
    theta, alpha, _, flips = random_coins(rng, coins, rows, 9)
    heads = np.rint(flips * rng.permutation(np.resize(theta, rows))).astype(int)
    return theta / 2, alpha, np.clip(heads, 1, flips - 1), flips


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    starts = [[_start(rng, *size) for _ in range(5)] for size in ((2, 12), (3, 14), (2, 9))]
    by_tol = [ended_by_tol(LOOP, some, 60) for some in starts[:2]]
    at_once = (*starts[1][0], 1e3, 9)  # no gain is so large
    return [*by_tol, ended_by_max_iter(LOOP, starts[2], 5), at_once]


em = Exercise(
    name="em",
    parameters=(*COINS, "tol", "max_iter"),
    outputs=(
        Output("thetas", "an array of shape (T + 1, k)", any_length=True),
        Output("log_likelihoods", "an array of shape (T + 1,)", any_length=True),
    ),
    answer=answer(LOOP),
    # The second ends by max_iter. In the others, no two wrong rules stop at the same iterations.
    examples=(
        (
            np.array([0.3, 0.6]),
            np.array([0.4, 0.6]),
            np.array([3, 5, 8, 2, 4]),
            np.array([7, 9, 8, 9, 5]),
            0.03,
            40,
        ),
        (
            np.array([0.4, 0.6, 0.5]),
            np.array([0.5, 0.2, 0.3]),
            np.array([5, 9, 4, 3]),
            np.array([10, 12, 14, 5]),
            1e-6,
            4,
        ),
        (
            np.array([0.4, 0.5, 0.8]),
            np.array([0.5, 0.3, 0.2]),
            np.array([0, 1, 5, 3, 4]),
            np.array([8, 6, 6, 4, 4]),
            0.015,
            40,
        ),
        # The first iteration gains less than tol already.
        (np.array([0.3, 0.8]), np.array([0.6, 0.4]), np.array([3, 1]), np.array([4, 5]), 20.0, 40),
    ),
    parts=(replace(WAY, shares=2), *OTHERS),
    steps=(e_step, m_step),
    mistakes=(
        *mistakes(LOOP),
        mistake(
            LOOP,
            "mixing weights fitted",
            "It looks as if `alpha` was re-estimated. Here the mixing weights stay fixed.",
            _fitted_weights(),
        ),
        mistake(
            LOOP,
            "mixing weights taken as equal",
            "It looks as if every coin were picked equally often: use the weights in `alpha`.",
            _equal_weights,
        ),
    ),
    hints=(
        "Write the body for one iteration first: which two of your functions does it call, and "
        "what does the second one get?",
        "Start two lists, with the start and its log-likelihood. Append to both in every "
        "iteration, after the M-step.",
        "Compare the last two entries of the list of log-likelihoods, after you appended. "
        "`for _ in range(max_iter)` with a `break` counts the iterations for you.",
    ),
    cases=cases,
    drawn=False,
    nats=("log_likelihoods",),
)
