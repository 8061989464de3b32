"""Exercise 4a.3: the whole loop, for diagonal covariances.

Each mistaken loop is a function of data, ``start`` = (alpha, mu, sigma), tol and max_iter, and
returns alphas, mus, sigmas and log-likelihoods as the student's function would.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from emlib.checks import Mistake, Output, Part
from emlib.checks.relations import holds
from emlib.driver.em import expected_log_joint
from key.exercise import Exercise, Rng
from key.gaussian_mixture._draw import random_mixture
from key.gaussian_mixture._formulas import Array, diagonal_joint, posterior, squares
from key.gaussian_mixture.e_step import e_step
from key.gaussian_mixture.m_step import m_step

Theta = tuple[Array, ...]
Path = tuple[Array, ...]  # alphas, mus, sigmas, log-likelihoods
Loop = Callable[[Array, Theta, float, int], Path]
RIGHT_STEPS = (e_step.answer, m_step.answer)


def _iterate(data: Array, theta: Theta, steps: Any) -> Theta:
    """Return theta after one iteration."""
    expect, maximise = steps
    return tuple(maximise(data, expect(data, *theta)[0]))


def _climb(
    data: Array,
    theta: Theta,
    tol: float,
    max_iter: int,
    steps: Any = RIGHT_STEPS,
    iterate: Callable[..., Theta] = _iterate,
) -> Path:
    """Run EM with the given steps, put together by `iterate`."""
    thetas, lls = [theta], [steps[0](data, *theta)[1]]
    for _ in range(max_iter):
        theta = iterate(data, theta, steps)
        thetas.append(theta)
        lls.append(steps[0](data, *theta)[1])
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*thetas, strict=True)), np.array(lls)


@lru_cache(maxsize=64)
def _kept(arguments: tuple[tuple[bytes, tuple[int, ...]], ...], iterations: int) -> Path:
    data, *theta = (np.frombuffer(raw).reshape(shape) for raw, shape in arguments)
    return _climb(data, tuple(theta), -np.inf, iterations)


def run(data: Array, start: Theta, iterations: int) -> Path:
    """Return a right run of so many iterations; kept, because many mistakes begin with it."""
    arrays = [np.asarray(value, dtype=float) for value in (data, *start)]
    return _kept(tuple((value.tobytes(), value.shape) for value in arrays), iterations)


def _first(path: Path, steps: int) -> Path:
    return tuple(values[:steps] for values in path)


def stopped(data: Array, start: Theta, tol: float, max_iter: int) -> Path:
    """Return a right run that stops where it should."""
    path = run(data, start, max_iter)
    small = np.flatnonzero(np.diff(path[-1]) < tol)
    return _first(path, small[0] + 2 if len(small) else max_iter + 1)


def _answer(
    data: Array,
    alpha: Array,
    mu: Array,
    sigma: Array,
    tol: float,
    max_iter: int,
    steps: Any = None,
) -> Path:
    start = (alpha, mu, sigma)
    if steps:
        return _climb(data, start, tol, max_iter, steps)
    return stopped(data, start, tol, max_iter)


def _mistake(name: str, says: str, loop: Loop) -> Mistake:
    return Mistake(name, says, lambda data, *x: loop(data, x[:3], x[3], x[4]))


# Wrong iterations.


def _old_means(data: Array, theta: Theta, steps: Any) -> Theta:
    r, _ = steps[0](data, *theta)
    alpha, mu, _ = steps[1](data, r)
    return alpha, mu, np.sqrt(squares(data, r, theta[1]) / r.sum(axis=0)[:, None])


def _keeping(which: int) -> Callable[..., Theta]:
    """Return an iteration that never updates one of alpha, mu, sigma."""

    def iterate(data: Array, theta: Theta, steps: Any) -> Theta:
        new = list(_iterate(data, theta, steps))
        new[which] = theta[which]
        return tuple(new)

    return iterate


def _with(iterate: Callable[..., Theta]) -> Loop:
    return lambda data, start, tol, max_iter: _climb(data, start, tol, max_iter, iterate=iterate)


def _one_e_step(data: Array, start: Theta, tol: float, max_iter: int) -> Path:
    """Compute the responsibilities before the loop."""
    r = e_step.answer(data, *start)[0]

    def iterate(data: Array, theta: Theta, steps: Any) -> Theta:
        return tuple(steps[1](data, r))

    return _climb(data, start, tol, max_iter, iterate=iterate)


# Wrong stopping rules.


def _stopping(watched: Callable[..., Array], enough: Callable[..., Any]) -> Loop:
    """Return the loop that stops once ``enough(after, before, tol)`` holds for what is watched."""

    def loop(data: Array, start: Theta, tol: float, max_iter: int) -> Path:
        path = run(data, start, max_iter)
        values = watched(data, path)
        pairs = zip(values[1:], values[:-1], strict=True)
        ends = (t for t, (after, before) in enumerate(pairs, 1) if enough(after, before, tol))
        return _first(path, next(ends, max_iter) + 1)

    return loop


def _the_q(data: Array, path: Path) -> Array:
    """Return Q(theta_t | theta_t)."""
    joints = [diagonal_joint(data, *theta) for theta in zip(*path[:3], strict=True)]
    return np.array([expected_log_joint(posterior(joint), joint) for joint in joints])


def _the_means(data: Array, path: Path) -> Array:
    return path[1]


def _the_log_likelihoods(data: Array, path: Path) -> Array:
    return path[-1]


def _gains_little(after: Array, before: Array, tol: float) -> Any:
    return after - before < tol


def _changes_little(after: Array, before: Array, tol: float) -> Any:
    return np.max(np.abs(after - before)) < tol


STOPS_ON_Q = (
    "It looks as if the loop stops when Q changes little. Q is not what EM climbs, it may even "
    "fall: watch the log-likelihood."
)
WRONG_RULES = (
    _mistake("stops on Q", STOPS_ON_Q, _stopping(_the_q, _gains_little)),
    _mistake("stops on Q", STOPS_ON_Q, _stopping(_the_q, _changes_little)),
    _mistake(
        "stops on the means",
        "It looks as if the loop stops when the means change little. It should watch the gain of "
        "the log-likelihood.",
        _stopping(_the_means, _changes_little),
    ),
    _mistake(
        "relative instead of absolute gain",
        "It looks as if the gain was divided by the log-likelihood before it was compared with "
        "`tol`. Compare the gain itself.",
        _stopping(
            _the_log_likelihoods, lambda after, before, tol: after - before < tol * abs(before)
        ),
    ),
    _mistake(
        "mean instead of sum",
        "It looks as if the gain was divided by the number of points before it was compared with "
        "`tol`. Compare the gain itself.",
        lambda data, start, tol, max_iter: stopped(data, start, tol * len(data), max_iter),
    ),
    _mistake(
        "tol ignored",
        "It looks as if the loop always runs for `max_iter` iterations. It should stop as soon as "
        "an iteration gains less than `tol`.",
        lambda data, start, tol, max_iter: run(data, start, max_iter),
    ),
    _mistake(
        "stops after the first iteration",
        "It looks as if the loop always ends after its first iteration.",
        lambda data, start, tol, max_iter: run(data, start, min(1, max_iter)),
    ),
    _mistake(
        "max_iter ignored",
        "It looks as if `max_iter` is not heeded.",
        lambda data, start, tol, max_iter: stopped(data, start, tol, 20 * max_iter),
    ),
)

# Off by one.

NO_START = (
    "It looks as if the start is missing: row 0 of the parameters is the start itself, and entry 0 "
    "of `log_likelihoods` belongs to it."
)
LAGGING = (
    "It looks as if each $\\theta_t$ stands beside the log-likelihood of the one before it. Entry "
    "t of all four arrays must belong to the same parameters."
)
LAST_LOST = (
    "It looks as if the last iteration was lost: the one that gains less than `tol`, or the last "
    "of `max_iter`, belongs to the result too."
)


def _cut(parameters: slice, lls: slice, longer: int = 0, beyond: int = 0) -> Loop:
    """Return slices of a run; it notices `longer` iterations too late that it should stop.

    It may run for `beyond` iterations more than `max_iter`.
    """

    def loop(data: Array, start: Theta, tol: float, max_iter: int) -> Path:
        steps = len(stopped(data, start, tol, max_iter)[-1]) + longer
        *thetas, values = _first(run(data, start, max_iter + beyond), steps)
        return *(value[parameters] for value in thetas), values[lls]

    return loop


def _lagging(longer: int) -> Loop:
    """Return the loop that pairs each theta with the log-likelihood of the one before."""

    def loop(data: Array, start: Theta, tol: float, max_iter: int) -> Path:
        *thetas, lls = _cut(EVERY, EVERY, longer)(data, start, tol, max_iter)
        return *thetas, np.concatenate([lls[:1], lls[:-1]])

    return loop


def _losing_the_small_gain(data: Array, start: Theta, tol: float, max_iter: int) -> Path:
    """Leave the loop before the iteration with the small gain is kept."""
    small = np.diff(stopped(data, start, tol, max_iter)[-1])[-1:] < tol
    return _cut(*(NOT_LAST if small.any() else EVERY,) * 2)(data, start, tol, max_iter)


def _without_the_last_value(data: Array, start: Theta, tol: float, max_iter: int) -> Path:
    """Compute the log-likelihood in the next iteration, which may not come."""
    path = stopped(data, start, tol, max_iter)
    return path if (np.diff(path[-1])[-1:] < tol).any() else (*path[:3], path[3][:-1])


EVERY, NOT_FIRST, NOT_LAST = slice(None), slice(1, None), slice(-1)
OFF_BY_ONE = (
    _mistake("start missing", NO_START, _cut(NOT_FIRST, NOT_FIRST)),
    _mistake("start missing", NO_START, _cut(NOT_FIRST, EVERY)),
    _mistake("start missing", NO_START, _cut(EVERY, NOT_FIRST)),
    *(
        _mistake("theta beside the wrong log-likelihood", LAGGING, loop)
        for longer in (0, 1)
        for loop in (
            _cut(NOT_FIRST, NOT_LAST, longer),
            _cut(NOT_FIRST, NOT_LAST, longer, beyond=1),
            _lagging(longer),
        )
    ),
    _mistake("one iteration too few", LAST_LOST, _cut(NOT_LAST, NOT_LAST)),
    _mistake("one iteration too few", LAST_LOST, _cut(NOT_LAST, EVERY)),
    _mistake("one iteration too few", LAST_LOST, _cut(EVERY, NOT_LAST)),
    _mistake("one iteration too few", LAST_LOST, _losing_the_small_gain),
    _mistake(
        "log-likelihood of the end missing",
        "It looks as if the last log-likelihood is missing where `max_iter` ends the loop: the "
        "parameters of the last M-step have one too.",
        _without_the_last_value,
    ),
    _mistake(
        "one iteration too few",
        "It looks as if the loop makes `max_iter` - 1 iterations at most.",
        lambda data, start, tol, max_iter: stopped(data, start, tol, max_iter - 1),
    ),
    _mistake(
        "one iteration too many",
        "It looks as if the loop makes `max_iter` + 1 iterations at most.",
        lambda data, start, tol, max_iter: stopped(data, start, tol, max_iter + 1),
    ),
    _mistake(
        "one iteration too many",
        "It looks as if the loop makes one more iteration after a gain below `tol`.",
        _cut(EVERY, EVERY, 1),
    ),
)


def _one_array(data: Array, start: Theta, tol: float, max_iter: int) -> Path:
    """Keep one array many times."""
    *thetas, lls = stopped(data, start, tol, max_iter)
    return *(np.broadcast_to(value[-1], value.shape) for value in thetas), lls


def _returning_q(data: Array, start: Theta, tol: float, max_iter: int) -> Path:
    path = stopped(data, start, tol, max_iter)
    return *path[:3], _the_q(data, path)


NOT_UPDATED = "It looks as if `{}` is never updated: each M-step gives new values of all three."
WRONG_ITERATIONS = (
    _mistake(
        "old means",
        "It looks as if the standard deviations are measured from the *old* means. Which mean "
        "appears in the M-step of $\\Sigma_j$?",
        _with(_old_means),
    ),
    *(
        _mistake("not updated", NOT_UPDATED.format(name), _with(_keeping(which)))
        for which, name in enumerate(("alpha", "mu", "sigma"))
    ),
    _mistake(
        "E-step outside the loop",
        "It looks as if the responsibilities were computed once, before the loop. Each iteration "
        "starts with a new E-step.",
        _one_e_step,
    ),
    _mistake(
        "start not used",
        "It looks as if the run starts from equal weights instead of from `alpha`.",
        lambda data, start, tol, max_iter: _climb(
            data, (0 * start[0] + 1 / len(start[0]), *start[1:]), tol, max_iter
        ),
    ),
    _mistake(
        "only the end returned",
        "It looks as if you returned the last parameters alone. Keep those of every iteration, "
        "from the start on: row t belongs to $\\theta_t$.",
        lambda *x: tuple(values[-1] for values in stopped(*x)),
    ),
    _mistake(
        "order of the results",
        "It looks as if the log-likelihoods come first. They are the last of the four.",
        lambda *x: (stopped(*x)[3], *stopped(*x)[:3]),
    ),
    _mistake(
        "one array kept many times",
        "Every row holds the last parameters: it looks as if one array was changed in place and "
        "kept many times.",
        _one_array,
    ),
    _mistake(
        "Q taken for the log-likelihood",
        "Your `log_likelihoods` hold Q. The log-likelihood sums over the components inside the "
        "logarithm.",
        _returning_q,
    ),
)


def _draw(
    rng: Rng, k: int, n: int, d: int, tol: float, max_iter: int
) -> tuple[Array, Array, Array, Array, float, int]:
    """Draw the arguments of `em`; if `tol` is 0 it is `max_iter` that ends the run.

    Otherwise it is `tol`, clearly, and every wrong stopping rule would stop elsewhere.
    """
    while True:
        data, alpha, mu, sigma = random_mixture(rng, k, n, d, False)
        start: Theta = (alpha, mu, sigma + 1)
        with np.errstate(all="ignore"):  # a run may collapse
            path = run(data, start, max_iter)
        gains, last = np.diff(path[-1]), len(stopped(data, start, tol, max_iter)[-1])
        if not path[2].min() > 0.1:  # collapsed, or on the way there
            continue
        if tol == 0 and gains.min() > 1e-3:
            return data, *start, tol, max_iter
        clear = tol > 0 and np.abs(gains / tol - 1).min() > 0.05
        if clear and 4 < last <= max_iter:
            lengths = [len(m.gives(data, *start, tol, max_iter)[-1]) for m in WRONG_RULES[:-1]]
            if last not in lengths:
                return data, *start, tol, max_iter


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    settings = [(2, 15, 1, 0.02, 40), (2, 20, 3, 0.05, 40), (3, 17, 2, 0, 4)]
    return [_draw(rng, *setting) for setting in settings]


# The log-likelihood, which the E-step returns second, at each row of the parameters.
AT_ROWS = ("e_step", 1, (("alpha", 0), ("mu", 1), ("sigma", 2)))

em = Exercise(
    name="em",
    parameters=("data", "alpha", "mu", "sigma", "tol", "max_iter"),
    outputs=(
        Output("alphas", "an array of shape (T + 1, k)", any_length=True),
        Output("mus", "an array of shape (T + 1, k, d)", any_length=True),
        Output("sigmas", "an array of shape (T + 1, k, d)", any_length=True),
        Output("log_likelihoods", "an array of shape (T + 1,)", any_length=True),
    ),
    answer=_answer,
    # In the first, each wrong rule stops at another iteration; the second ends by max_iter.
    examples=(
        (
            np.array([[0.0], [1.0], [1.5], [2.5], [4.0], [4.5], [6.0]]),
            np.array([0.75, 0.25]),
            np.array([[1.0], [3.0]]),
            np.array([[1.0], [2.0]]),
            0.02,
            40,
        ),
        (
            np.array([[0.0, 1.0], [1.0, -1.0], [2.0, 0.5], [3.0, 4.0], [5.0, 2.5]]),
            np.array([0.5, 0.2, 0.3]),
            np.array([[0.0, 0.0], [2.0, 2.0], [4.0, 3.0]]),
            np.array([[2.0, 1.5], [2.5, 2.0], [2.0, 3.0]]),
            1e-6,
            3,
        ),
    ),
    parts=(
        Part(
            "parameters",
            holds(("agrees", 0), ("agrees", 1), ("agrees", 2)),
            "The parameters are not right: row 0 is the start, and each further row comes from the "
            "row before it by one E-step and one M-step.",
            about=("alphas", "mus", "sigmas"),
        ),
        Part(
            "log_likelihoods",
            holds(("as long as the first", 3), ("belongs", 3, *AT_ROWS)),
            "`log_likelihoods` is not right: entry t is the log-likelihood at row t of the "
            "parameters, and there are as many of the one as of the other.",
        ),
        Part(
            "stopping rule",
            holds(("stops", *AT_ROWS, "tol", "max_iter")),
            "It stops too early or too late. It should stop after the first iteration that gains "
            "less than `tol`, or after `max_iter` iterations.",
        ),
    ),
    steps=(e_step, m_step),
    mistakes=(*WRONG_ITERATIONS, *WRONG_RULES, *OFF_BY_ONE),
    hints=(
        "Write one iteration first: an E-step, then an M-step. What does each of them get?",
        "Start four lists, with the start and its log-likelihood, and append to all four in every "
        "iteration. Your `e_step` returns the log-likelihood of the parameters it is given.",
        "Compare the last two log-likelihoods after you appended. `for _ in range(max_iter)` with "
        "a `break` counts the iterations for you.",
    ),
    cases=cases,
    nats=("log_likelihoods",),
)
