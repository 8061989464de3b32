"""Exercise 3.5: the whole loop.

Each mistaken loop is a function of ``start`` = (theta, alpha, heads, flips), tol and max_iter,
and returns thetas (T + 1, k) and log-likelihoods (T + 1,) as the student's function would.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import softmax

from emlib.checks import Mistake, Output, Part
from emlib.checks.relations import holds
from key.coin_toss_em._draw import random_coins
from key.coin_toss_em._formulas import (
    COINS,
    Array,
    joint,
    posterior,
    ratio,
    row_logs,
    series,
)
from key.coin_toss_em.e_step import e_step
from key.coin_toss_em.log_likelihood import log_likelihood
from key.coin_toss_em.m_step import m_step
from key.exercise import Exercise, Rng

Start = tuple[Array, Array, Array, Array]
Loop = Callable[[Start, float, int], tuple[Array, Array]]
RIGHT_STEPS = (e_step.answer, m_step.answer, log_likelihood.answer)


def _loop(start: Start, tol: float, max_iter: int, steps: Any) -> tuple[Array, Array]:
    """Run EM with the given steps and fixed mixing weights."""
    theta, alpha, heads, flips = start
    expect, maximise, ll = steps
    thetas, lls = [theta], [ll(theta, alpha, heads, flips)]
    for _ in range(max_iter):
        theta = maximise(expect(theta, alpha, heads, flips), heads, flips)
        thetas.append(theta)
        lls.append(ll(theta, alpha, heads, flips))
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


@lru_cache(maxsize=32)
def _kept(start: tuple[tuple[float, ...], ...], iterations: int) -> tuple[Array, Array]:
    theta, alpha, heads, flips = (np.array(values) for values in start)
    return _loop((theta, alpha, heads, flips), -np.inf, iterations, RIGHT_STEPS)


def run(start: Start, iterations: int) -> tuple[Array, Array]:
    """Return a right run of so many iterations; kept, because many mistakes begin with it."""
    return _kept(tuple(tuple(values) for values in start), iterations)


def stopped(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
    """Return a right run that stops where it should."""
    thetas, lls = run(start, max_iter)
    small = np.flatnonzero(np.diff(lls) < tol)
    last = small[0] + 2 if len(small) else len(lls)
    return thetas[:last], lls[:last]


def _answer(
    theta: Array,
    alpha: Array,
    heads: Array,
    flips: Array,
    tol: float,
    max_iter: int,
    steps: Any = None,
) -> tuple[Array, Array]:
    start = (theta, alpha, heads, flips)
    return _loop(start, tol, max_iter, steps) if steps else stopped(start, tol, max_iter)


def _mistake(name: str, says: str, loop: Loop) -> Mistake:
    return Mistake(name, says, lambda *x: loop(x[:4], x[4], x[5]))


# What a loop may watch instead of the log-likelihood, at each theta, and when it stops.


def _the_thetas(start: Start, thetas: Array, lls: Array) -> Array:
    return thetas


def _the_log_likelihoods(start: Start, thetas: Array, lls: Array) -> Array:
    return lls


def _the_q(lag: int, with_weights: bool) -> Callable[..., Array]:
    """Return Q at theta_t under the responsibilities of theta_(t - lag)."""

    def watched(start: Start, thetas: Array, lls: Array) -> Array:
        _, alpha, heads, flips = start
        logs = np.stack([series(theta, heads, flips - heads) for theta in thetas])
        r = softmax(np.log(alpha) + logs, axis=2)[np.maximum(np.arange(len(thetas)) - lag, 0)]
        return (r * (logs + np.log(alpha) * with_weights)).sum(axis=(1, 2))

    return watched


def _gains_little(after: Array, before: Array, tol: float) -> Any:
    return after - before < tol


def _changes_little(after: Array, before: Array, tol: float) -> Any:
    return np.max(np.abs(after - before)) < tol


def _moves_little(after: Array, before: Array, tol: float) -> Any:
    return np.linalg.norm(after - before) < tol


def _gains_little_relatively(after: Array, before: Array, tol: float) -> Any:
    return after - before < tol * abs(before)


def _watching(watched: Callable[..., Array], enough: Callable[..., Any], late: int = 0) -> Loop:
    """Return the loop that stops once ``enough(after, before, tol)`` holds for what is watched.

    It is `late` by one iteration if it looks at the values before the M-step.
    """

    def loop(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
        thetas, lls = run(start, max_iter)
        values = watched(start, thetas, lls)
        pairs = zip(values[1:], values[:-1], strict=True)
        ends = (t for t, (after, before) in enumerate(pairs, 1) if enough(after, before, tol))
        last = min(next(ends, max_iter) + late, max_iter) + 1
        return thetas[:last], lls[:last]

    return loop


def _returning_q(watched: Callable[..., Array], enough: Callable[..., Any]) -> Loop:
    """Return the loop that watches Q and returns it as the log-likelihood."""

    def loop(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
        thetas, lls = _watching(watched, enough)(start, tol, max_iter)
        return thetas, watched(start, thetas, lls)

    return loop


STOPS_ON_Q = (
    "It looks as if the loop stops when Q changes little. Q is not what EM climbs, it may even "
    "fall: watch the log-likelihood."
)
STOPS_ON_THETA = (
    "It looks as if the loop stops when `theta` changes little. It should watch the gain of the "
    "log-likelihood."
)
WAYS_TO_WATCH_Q = [
    (_the_q(lag, with_weights), enough)
    for lag in (0, 1)
    for with_weights in (True, False)
    for enough in (_gains_little, _changes_little)
]
WRONG_RULES = (
    *(_mistake("stops on Q", STOPS_ON_Q, _watching(*way)) for way in WAYS_TO_WATCH_Q),
    # As the published programs do it: Q at the theta that the iteration began with.
    *(_mistake("stops on Q", STOPS_ON_Q, _watching(*way, 1)) for way in WAYS_TO_WATCH_Q[:4]),
    _mistake("stops on theta", STOPS_ON_THETA, _watching(_the_thetas, _changes_little)),
    _mistake("stops on theta", STOPS_ON_THETA, _watching(_the_thetas, _moves_little)),
    _mistake(
        "relative instead of absolute gain",
        "It looks as if the gain was divided by the log-likelihood before it was compared with "
        "`tol`. Compare the gain itself.",
        _watching(_the_log_likelihoods, _gains_little_relatively),
    ),
    _mistake(
        "mean instead of sum",
        "It looks as if the gain was divided by the number of rows before it was compared with "
        "`tol`. Compare the gain itself.",
        lambda start, tol, max_iter: stopped(start, tol * len(start[2]), max_iter),
    ),
    _mistake(
        "tol ignored",
        "It looks as if the loop always runs for `max_iter` iterations. It should stop as soon as "
        "an iteration gains less than `tol`.",
        lambda start, tol, max_iter: run(start, max_iter),
    ),
    _mistake(
        "stops after the first iteration",
        "It looks as if the loop always ends after its first iteration.",
        lambda start, tol, max_iter: run(start, min(1, max_iter)),
    ),
)


# Off by one.

EVERY, NOT_FIRST, NOT_LAST = slice(None), slice(1, None), slice(-1)
NO_START = (
    "It looks as if the start is missing: row 0 of `thetas` is the start itself, and entry 0 of "
    "`log_likelihoods` belongs to it."
)
LAGGING = (
    "It looks as if each `theta` stands beside the log-likelihood of the `theta` before it. Entry "
    "t of both arrays must belong to the same parameters."
)
LAST_MISSING = (
    "It looks as if the log-likelihood is computed at the `theta` with which an iteration begins, "
    "so that the last `theta` has none of its own and the loop notices too late that it is done."
)
LAST_LOST = "It looks as if the last iteration was lost: its `theta` belongs to the result too."


def _sliced(thetas: slice, lls: slice, longer: int = 0) -> Loop:
    """Return slices of a run; it notices `longer` iterations too late that it should stop."""

    def loop(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
        last = len(stopped(start, tol, max_iter)[1]) + longer
        all_thetas, all_lls = run(start, max_iter)
        return all_thetas[:last][thetas], all_lls[:last][lls]

    return loop


def _lagging(longer: int) -> Loop:
    """Return the loop that pairs each theta with the log-likelihood of the one before."""

    def loop(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
        thetas, lls = _sliced(EVERY, EVERY, longer)(start, tol, max_iter)
        return thetas, np.concatenate([lls[:1], lls[:-1]])

    return loop


def _last_twice(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
    """Look at the log-likelihood before the M-step; repeat the last one at the end."""
    thetas, lls = _sliced(EVERY, EVERY, 1)(start, tol, max_iter)
    return thetas, np.append(lls[:-1], lls[-2:-1])


def _left_early(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
    """Leave the loop before the theta that gained too little is kept."""
    thetas, lls = stopped(start, tol, max_iter)
    small = len(lls) > 1 and lls[-1] - lls[-2] < tol
    return (thetas[:-1], lls[:-1]) if small else (thetas, lls)


def _one_more(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
    return run(start, len(stopped(start, tol, max_iter)[1]))


# Wrong all the way.


def _fitted_weights(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
    """Re-estimate the mixing weights too."""
    theta, alpha, heads, flips = start
    thetas, lls = [theta], [row_logs(joint(theta, alpha, heads, flips)).sum()]
    for _ in range(max_iter):
        r = posterior(joint(thetas[-1], alpha, heads, flips))
        alpha = r.mean(axis=0)
        thetas.append(ratio(r, heads, flips))
        lls.append(row_logs(joint(thetas[-1], alpha, heads, flips)).sum())
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


def _one_array(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
    """Keep one array many times."""
    thetas, lls = stopped(start, tol, max_iter)
    return np.tile(thetas[-1], (len(thetas), 1)), lls


def _one_e_step(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
    """Compute the responsibilities before the loop."""
    r = e_step.answer(*start)
    return _loop(start, tol, max_iter, (lambda *_: r, *RIGHT_STEPS[1:]))


def _equal_weights(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
    """Take every coin as equally likely."""
    theta, alpha, *data = start
    return stopped((theta, np.full_like(alpha, 1 / len(alpha)), *data), tol, max_iter)


def _not_cut(start: Start, tol: float, max_iter: int) -> tuple[Array, Array]:
    """Leave the zeros that the arrays were made with."""
    thetas, lls = stopped(start, tol, max_iter)
    rest = max_iter + 1 - len(lls)
    return np.pad(thetas, ((0, rest), (0, 0))), np.pad(lls, (0, rest))


MISTAKES = (
    *WRONG_RULES,
    _mistake("start missing", NO_START, _sliced(NOT_FIRST, NOT_FIRST)),
    _mistake("start missing", NO_START, _sliced(NOT_FIRST, EVERY)),
    _mistake("start missing", NO_START, _sliced(EVERY, NOT_FIRST)),
    *(
        _mistake("theta beside the wrong log-likelihood", LAGGING, loop)
        for longer in (0, 1)
        for loop in (_sliced(NOT_FIRST, NOT_LAST, longer), _lagging(longer))
    ),
    *(
        _mistake("theta beside the wrong log-likelihood", LAST_MISSING, loop)
        for loop in (_sliced(EVERY, NOT_LAST, 1), _last_twice)
    ),
    _mistake("one iteration too few", LAST_LOST, _sliced(NOT_LAST, NOT_LAST)),
    _mistake("one iteration too few", LAST_LOST, _sliced(NOT_LAST, EVERY)),
    _mistake("one iteration too few", LAST_LOST, _sliced(EVERY, NOT_LAST)),
    _mistake(
        "one iteration too few",
        "It looks as if the loop is left before the last `theta` is kept: the iteration that "
        "gains less than `tol` belongs to the result.",
        _left_early,
    ),
    _mistake(
        "one iteration too few",
        "It looks as if the loop makes `max_iter` - 1 iterations at most.",
        lambda start, tol, max_iter: stopped(start, tol, max_iter - 1),
    ),
    _mistake(
        "one iteration too many",
        "It looks as if the loop makes `max_iter` + 1 iterations at most.",
        lambda start, tol, max_iter: stopped(start, tol, max_iter + 1),
    ),
    _mistake(
        "one iteration too many",
        "It looks as if the loop makes one more iteration after a gain below `tol`.",
        _sliced(EVERY, EVERY, 1),
    ),
    _mistake(
        "one iteration too many",
        "It looks as if the loop makes one more iteration after it should have stopped.",
        _one_more,
    ),
    _mistake(
        "max_iter ignored",
        "It looks as if `max_iter` is not heeded.",
        lambda start, tol, max_iter: _loop(start, tol, 50 * max_iter, RIGHT_STEPS),
    ),
    _mistake(
        "mixing weights fitted",
        "It looks as if `alpha` was re-estimated. Here the mixing weights stay fixed.",
        _fitted_weights,
    ),
    _mistake(
        "one array kept many times",
        "Every row of `thetas` holds the last `theta`: it looks as if one array was changed in "
        "place and kept many times.",
        _one_array,
    ),
    _mistake(
        "E-step outside the loop",
        "It looks as if every iteration used the responsibilities of the start. Each begins with "
        "a new E-step, at the newest `theta`.",
        _one_e_step,
    ),
    _mistake(
        "mixing weights taken as equal",
        "It looks as if every coin were picked equally often: use the weights in `alpha`.",
        _equal_weights,
    ),
    _mistake(
        "arrays not cut",
        "The arrays end in zeros that were never filled. Return only the rows that the loop "
        "reached.",
        _not_cut,
    ),
    _mistake(
        "order of the values",
        "The two arrays are right but in the other order: first `thetas`.",
        lambda *x: stopped(*x)[::-1],
    ),
    _mistake(
        "only the end returned",
        "It looks as if only the last `theta` and its log-likelihood were returned. The whole way "
        "is wanted, from the start on.",
        lambda *x: tuple(way[-1] for way in stopped(*x)),
    ),
    *(
        _mistake(
            "Q taken for the log-likelihood",
            "Your `log_likelihoods` hold Q. The log-likelihood sums over the coins inside the "
            "logarithm.",
            _returning_q(*way),
        )
        for way in WAYS_TO_WATCH_Q
    ),
)


def _draw(rng: Rng, coins: int, rows: int, tol: float, max_iter: int) -> tuple[Array, ...]:
    """Draw the arguments of `em`; if `tol` is below 1e-4 it is `max_iter` that ends the run.

    Otherwise it is `tol`, clearly, and every wrong stopping rule would stop elsewhere.
    """
    by_max_iter = tol < 1e-4
    while True:
        theta, *others = random_coins(rng, coins, rows, 20)
        start = (0.5 + (theta - 0.5) / 4, *others)  # the coins almost alike: a long way to go
        thetas, lls = run(start, max_iter)
        gains, last = np.diff(lls), len(stopped(start, tol, max_iter)[1])
        if thetas.min() < 0.01 or thetas.max() > 0.99:
            continue
        if by_max_iter and gains.min() > 1e-4:
            return *start, tol, max_iter
        clear = not by_max_iter and np.abs(gains / tol - 1).min() > 0.1
        if clear and 4 < last <= max_iter:
            lengths = [len(m.gives(*start, tol, max_iter)[1]) for m in WRONG_RULES]
            if last not in lengths:
                return *start, tol, max_iter


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    settings = [(2, 6, 0.01, 60), (3, 8, 0.1, 60), (2, 7, 1e-6, 5)]
    return [_draw(rng, *setting) for setting in settings]


# The log-likelihood at each row of `thetas`.
AT_ROWS = ("log_likelihood", 0, (("theta", 0),))

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
    steps=(e_step, m_step, log_likelihood),
    mistakes=MISTAKES,
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
