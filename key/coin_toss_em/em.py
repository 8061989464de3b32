"""Exercise 3b.3: the whole loop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from emlib.checks import Output, Part
from emlib.checks.relations import holds
from key.coin_toss_em._draw import random_coins
from key.coin_toss_em._formulas import COINS, Array, joint, series
from key.coin_toss_em.e_step import e_step
from key.coin_toss_em.m_step import m_step
from key.exercise import Exercise, Rng
from key.paths import Loop, telling_tol
from key.wrong_paths import Way, mistake, mistakes


def _loop(expect: Any, maximise: Any) -> Loop:
    """Return the loop that these steps make."""
    return Loop(
        parameters={"theta": 0},
        expect=expect,
        maximise=lambda r, theta, alpha, heads, flips: (maximise(r, heads, flips),),
        log_joints=(joint, lambda theta, alpha, heads, flips: series(theta, heads, flips - heads)),
        theta="`theta`",
        thetas="`thetas`",
        rows="rows",
    )


LOOP = _loop(e_step.answer, m_step.answer)


def _answer(*x: Any, steps: Any = None) -> tuple[Array, ...]:
    *start, tol, max_iter = x
    return _loop(*steps).climb(start, tol, max_iter) if steps else LOOP.right(start, tol, max_iter)


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


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    """Draw runs that `tol` ends, where wrong stopping rules stop elsewhere, and one of 5 steps."""
    drawn = []
    for coins, rows, max_iter in ((2, 6, 60), (3, 8, 60), (2, 7, 5)):
        theta, alpha, _, flips = random_coins(rng, coins, rows, 20)
        # Rows as their coins let expect, and a start where these are almost alike: a long way.
        heads = np.rint(flips * rng.permutation(np.resize(theta, rows))).astype(int)
        x = (0.5 + (theta - 0.5) / 4, alpha, np.clip(heads, 1, flips - 1), flips)
        tol = telling_tol(LOOP, x, max_iter) if max_iter > 5 else 1e-6
        drawn.append((*x, tol, max_iter))
    return drawn


# The log-likelihood at each row of `thetas`.
AT_ROWS = ("e_step", 1, (("theta", 0),))

em = Exercise(
    name="em",
    parameters=(*COINS, "tol", "max_iter"),
    outputs=(
        Output("thetas", "an array of shape (T + 1, k)", any_length=True),
        Output("log_likelihoods", "an array of shape (T + 1,)", any_length=True),
    ),
    answer=_answer,
    # In the first, each kind of wrong rule stops elsewhere; the second ends by max_iter.
    examples=(
        (
            np.array([0.3, 0.6]),
            np.array([0.4, 0.6]),
            np.array([3, 5, 8, 2, 4]),
            np.array([7, 9, 8, 9, 5]),
            0.02,
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
    ),
    parts=(
        Part(
            "thetas",
            holds(("agrees", 0)),
            "`thetas` is not right: row 0 is the start, and each further row comes from the row "
            "before it by one E-step and one M-step.",
            shares=2,
        ),
        Part(
            "log_likelihoods",
            holds(("as long as the first", 1), ("belongs", 1, *AT_ROWS)),
            "`log_likelihoods` is not right: entry t is the log-likelihood at row t of `thetas`, "
            "and there are as many of the one as of the other.",
        ),
        Part(
            "stopping rule",
            holds(("stops", *AT_ROWS, "tol", "max_iter")),
            "It stops too early or too late. It should stop after the first iteration that gains "
            "less than `tol`, or after `max_iter` iterations.",
        ),
    ),
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
    nats=("log_likelihoods",),
)
