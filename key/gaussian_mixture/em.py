"""Exercise 4.5: the whole loop, for diagonal covariances."""

from __future__ import annotations

from typing import Any

import numpy as np

from emlib.checks import Output
from key.exercise import Exercise, Rng
from key.gaussian_mixture._draw import random_mixture
from key.gaussian_mixture._formulas import Array, diagonal_joint
from key.gaussian_mixture.e_step import e_step
from key.gaussian_mixture.standard_deviations import standard_deviations
from key.gaussian_mixture.weights_and_means import weights_and_means
from key.loop import Loop, answer, parts
from key.paths import mistake, mistakes
from key.stopping import ended_by_max_iter, ended_by_tol


def _loop(expect: Any, average: Any, spread: Any) -> Loop:
    """Return the loop that these steps make."""

    def maximise(r: Array, data: Array, *theta: Array) -> tuple[Array, ...]:
        alpha, mu = average(data, r)
        return alpha, mu, spread(data, r, mu)

    return Loop(
        parameters={"alpha": 1, "mu": 2, "sigma": 3},
        expect=expect,
        maximise=maximise,
        log_joints=(diagonal_joint,),
        theta="$\\theta_t$",
        thetas="the parameters",
        rows="points",
        components="components",
    )


LOOP = _loop(e_step.answer, weights_and_means.answer, standard_deviations.answer)


def _old_means(r: Array, data: Array, alpha: Array, mu: Array, sigma: Array) -> tuple[Array, ...]:
    return *weights_and_means.answer(data, r), standard_deviations.answer(data, r, mu)


def _second_e_step(
    r: Array, data: Array, alpha: Array, mu: Array, sigma: Array
) -> tuple[Array, ...]:
    alpha, mu = weights_and_means.answer(data, r)
    r, _ = e_step.answer(data, alpha, mu, sigma)
    return alpha, mu, standard_deviations.answer(data, r, mu)


def _equal_weights(x: Any, tol: float, max_iter: int) -> tuple[Array, ...]:
    data, alpha, mu, sigma = x
    return LOOP.climb((data, np.full_like(alpha, 1 / len(alpha)), mu, sigma), tol, max_iter)


def _start(rng: Rng, k: int, n: int, d: int) -> tuple[Array, ...]:
    """Draw data and a start that is far too wide."""
    data, alpha, mu, sigma = random_mixture(rng, k, n, d, False)
    return data, alpha, mu, sigma + 1


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    sizes = ((2, 15, 1), (2, 20, 3), (3, 17, 2))
    starts = [[_start(rng, *size) for _ in range(5)] for size in sizes]
    by_tol = [ended_by_tol(LOOP, some, 40) for some in starts[:2]]
    return [*by_tol, ended_by_max_iter(LOOP, starts[2], 4)]


em = Exercise(
    name="em",
    parameters=("data", "alpha", "mu", "sigma", "tol", "max_iter"),
    outputs=(
        Output("alphas", "an array of shape (T + 1, k)", any_length=True),
        Output("mus", "an array of shape (T + 1, k, d)", any_length=True),
        Output("sigmas", "an array of shape (T + 1, k, d)", any_length=True),
        Output("log_likelihoods", "an array of shape (T + 1,)", any_length=True),
    ),
    answer=answer(LOOP, _loop),
    # The second ends by max_iter. In the others, no two wrong rules stop at the same iterations.
    examples=(
        (
            np.array([[0.0], [1.0], [1.5], [2.5], [4.0], [4.5], [6.0]]),
            np.array([0.75, 0.25]),
            np.array([[1.0], [3.0]]),
            np.array([[1.0], [2.0]]),
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
            ).T,
            np.array([0.25, 0.75]),
            np.array([[-1.0, 3.0, 2.0], [-1.0, 4.0, 4.0]]),
            np.array([[2.5, 2.0, 2.5], [2.0, 2.0, 2.5]]),
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
    ),
    parts=parts(LOOP, "parameters", ("alphas", "mus", "sigmas"), "e_step", 1),
    steps=(e_step, weights_and_means, standard_deviations),
    mistakes=(
        *(
            mistake(LOOP, name, says, lambda x, *to, m=m: LOOP.climb(x, *to, maximise=m))
            for name, says, m in (
                (
                    "old means",
                    "It looks as if the standard deviations are measured from the *old* means. "
                    "Which mean appears in the M-step of $\\Sigma_j$?",
                    _old_means,
                ),
                (
                    "two E-steps in an iteration",
                    "It looks as if there is a second E-step between the means and the standard "
                    "deviations. One iteration has one set of responsibilities.",
                    _second_e_step,
                ),
            )
        ),
        mistake(
            LOOP,
            "start not used",
            "It looks as if the run starts from equal weights instead of from `alpha`.",
            _equal_weights,
        ),
        *mistakes(LOOP),
    ),
    hints=(
        "Write one iteration first: three of your functions, in the order E-step, weights and "
        "means, standard deviations. What does each of them get?",
        "Start four lists, with the start and its log-likelihood, and append to all four in every "
        "iteration. Your `e_step` returns the log-likelihood of the parameters it is given.",
        "Compare the last two log-likelihoods after you appended. `for _ in range(max_iter)` with "
        "a `break` counts the iterations for you.",
    ),
    cases=cases,
    nats=("log_likelihoods",),
)
