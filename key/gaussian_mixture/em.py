"""Exercise 4a.3: the whole loop, for diagonal covariances."""

from __future__ import annotations

from typing import Any

import numpy as np

from emlib.checks import Output
from key.exercise import Exercise, Rng
from key.gaussian_mixture._draw import random_mixture
from key.gaussian_mixture._formulas import Array, diagonal_joint, squares
from key.gaussian_mixture.e_step import e_step
from key.gaussian_mixture.m_step import m_step
from key.loop import Loop, answer, parts
from key.paths import mistake, mistakes
from key.stopping import ended_by_max_iter, ended_by_tol

LOOP = Loop(
    parameters={"alpha": 1, "mu": 2, "sigma": 3},
    expect=e_step.answer,
    maximise=lambda r, data, *_: tuple(m_step.answer(data, r)),
    log_joints=(diagonal_joint,),
    theta="$\\theta_t$",
    thetas="the parameters",
    rows="points",
    components="components",
)

UNIT = 2.0**-10  # so small that what is added to sigma shows, so large that its path does


def _old_means(r: Array, data: Array, alpha: Array, mu: Array, sigma: Array) -> tuple[Array, ...]:
    alpha, new_mu, _ = m_step.answer(data, r)
    return alpha, new_mu, np.sqrt(squares(data, r, mu) / r.sum(axis=0)[:, None])


def _limited(new: tuple[Array, ...], floor: float) -> tuple[Array, ...]:
    alpha, mu, sigma = new
    return alpha, mu, np.maximum(sigma, floor)


def _equal_weights(x: Any, tol: float, max_iter: int) -> tuple[Array, ...]:
    data, alpha, mu, sigma = x
    return LOOP.climb((data, np.full_like(alpha, 1 / len(alpha)), mu, sigma), tol, max_iter)


def _start(rng: Rng, k: int, n: int, d: int, unit: float) -> tuple[Array, ...]:
    """Draw data and a start that is far too wide, in some unit."""
    data, alpha, mu, sigma = random_mixture(rng, k, n, d, False)
    return unit * data, alpha, unit * mu, unit * (sigma + 1)


@np.errstate(all="ignore")  # a run may collapse; another start is chosen then
def cases(rng: Rng) -> list[tuple[Array, ...]]:
    sizes = ((2, 15, 1, 1), (2, 20, 3, 1), (3, 17, 2, UNIT))
    starts = [[_start(rng, *size) for _ in range(5)] for size in sizes]
    by_tol = [ended_by_tol(LOOP, some, 40) for some in starts[:2]]
    data, alpha, *wide = starts[1][0]
    whole = (np.ceil(one).astype(int) for one in wide)
    at_once = data, alpha, *whole, 1e3, 9  # no gain is so large
    return [*by_tol, ended_by_max_iter(LOOP, starts[2], 4), at_once]


em = Exercise(
    name="em",
    parameters=("data", "alpha", "mu", "sigma", "tol", "max_iter"),
    outputs=(
        Output("alphas", "an array of shape (T + 1, k)", any_length=True),
        Output("mus", "an array of shape (T + 1, k, d)", any_length=True),
        Output("sigmas", "an array of shape (T + 1, k, d)", any_length=True),
        Output("log_likelihoods", "an array of shape (T + 1,)", any_length=True),
    ),
    answer=answer(LOOP),
    # The second ends by max_iter. In the others, no two wrong rules stop at the same iterations.
    examples=(
        (
            np.array([[0.0], [1.0], [1.5], [2.5], [4.0], [4.5], [6.0]]),
            np.array([0.75, 0.25]),
            np.array([[1], [3]]),
            np.array([[1], [2]]),
            0.004,
            40,
        ),
        (
            np.array(
                [
                    [2.0, -0.5, 0.5, 1.5, 3.0, 2.5, 0.0, 3.5],
                    [3.5, 1.0, 0.5, 4.0, -1.0, -1.0, 1.5, 1.0],
                    [-1.5, 1.5, -1.5, -1.0, -2.0, 2.5, 4.0, -1.0],
                ]
            ).T
            * UNIT,  # in small units, in which no sigma may be limited
            np.array([0.25, 0.75]),
            np.array([[-1.0, 3.0, 2.0], [-1.0, 4.0, 4.0]]) * UNIT,
            np.array([[2.5, 2.0, 2.5], [2.0, 2.0, 2.5]]) * UNIT,
            1e-6,
            3,
        ),
        (
            np.array([[3.0], [2.5], [-1.0], [1.5], [1.0], [-2.0], [4.0], [2.5]]),
            np.array([0.25, 0.75]),
            np.array([[0.0], [-2.0]]),
            np.array([[1.0], [2.5]]),
            0.02,
            40,
        ),
        (  # the first iteration gains less than tol already
            np.array([[0], [1], [4], [6]]),
            np.array([0.5, 0.5]),
            np.array([[1], [3]]),
            np.array([[1], [2]]),
            20.0,
            40,
        ),
    ),
    parts=parts(LOOP, "parameters", ("alphas", "mus", "sigmas"), "e_step", 1),
    steps=(e_step, m_step),
    mistakes=(
        mistake(
            LOOP,
            "old means",
            "It looks as if the standard deviations are measured from the *old* means. Which mean "
            "appears in the M-step of $\\sigma_j$?",
            lambda x, *to: LOOP.climb(x, *to, maximise=_old_means),
        ),
        mistake(
            LOOP,
            "start not used",
            "It looks as if the run starts from equal weights instead of from `alpha`.",
            _equal_weights,
        ),
        *mistakes(LOOP),
        *(
            mistake(
                LOOP,
                "floor on sigma",
                "It looks as if `sigma` is not allowed below some number. What is small depends on "
                "the units of a column: keep what the M-step gives.",
                lambda x, *to, floor=floor: LOOP.climb(
                    x, *to, maximise=lambda r, *now: _limited(LOOP.maximise(r, *now), floor)
                ),
            )
            for floor in (1e-3, 1e-2, 0.05, 0.1, 0.2, 0.5, 1)
        ),
    ),
    hints=(
        "Write one iteration first: an E-step, then an M-step. What does each of them get?",
        "Start four lists, with the start and its log-likelihood, and append to all four in every "
        "iteration. Your `e_step` returns the log-likelihood of the parameters it is given.",
        "Compare the last two log-likelihoods after you appended. `for _ in range(max_iter)` with "
        "a `break` counts the iterations for you.",
    ),
    cases=cases,
    drawn=False,
    nats=("log_likelihoods",),
)
