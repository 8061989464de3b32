"""Exercise 1.7: touch, maximise, repeat, for the mixing weights of known components."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from scipy.special import entr, logsumexp, softmax

from emlib.checks import Mistake, Output, Values
from key.exercise import Exercise, Rng
from key.jensen._formulas import UNDERFLOW, Array

Step = Callable[[Array, Array], Array]  # takes log_p and alpha, returns the new alpha


def _log_joint(log_p: Array, alpha: Array) -> Array:
    return np.log(alpha) + log_p


def _responsibilities(log_p: Array, alpha: Array) -> Array:
    return softmax(_log_joint(log_p, alpha), axis=1)


def _log_likelihood(log_p: Array, alpha: Array) -> Array:
    return logsumexp(_log_joint(log_p, alpha), axis=1).sum()


def _new_alpha(log_p: Array, alpha: Array) -> Array:
    return _responsibilities(log_p, alpha).mean(axis=0)


def _path(log_p: Array, alpha: Array, iterations: int, step: Step = _new_alpha) -> Array:
    """Return alpha after 0, 1, ... iterations, shape (iterations + 1, k)."""
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(step(log_p, alphas[-1]))
    return np.array(alphas)


def _run(log_p: Array, alpha: Array, iterations: int, step: Step = _new_alpha) -> Values:
    """Return that path with the log-likelihood at each of its rows."""
    alphas = _path(log_p, alpha, iterations, step)
    return alphas, np.array([_log_likelihood(log_p, a) for a in alphas])


def _run_with(log_joint: Step) -> Callable[..., Values]:
    """Return a whole run in which the log joint of rows and components is another."""

    def run(log_p: Array, alpha: Array, iterations: int) -> Values:
        alphas = _path(
            log_p, alpha, iterations, lambda lp, a: softmax(log_joint(lp, a), axis=1).mean(axis=0)
        )
        return alphas, np.array([logsumexp(log_joint(log_p, a), axis=1).sum() for a in alphas])

    return run


def _bound_before_touching(log_p: Array, alpha: Array, iterations: int) -> Array:
    """Return the maximum of each bound, which touches one iteration before."""
    alphas = _path(log_p, alpha, iterations)
    values = [_log_likelihood(log_p, alpha)]
    for old, new in pairwise(alphas):
        r = _responsibilities(log_p, old)
        values.append((r * _log_joint(log_p, new)).sum() + entr(r).sum())
    return np.array(values)


def _along(value: Step) -> Callable[..., Array]:
    """Return `value` at each row of the right path: a mistake in the second output alone."""
    return lambda log_p, alpha, T: np.array([value(log_p, a) for a in _path(log_p, alpha, T)])


def _hard(log_p: Array, alpha: Array) -> Array:
    most_probable = _log_joint(log_p, alpha).argmax(axis=1)
    return np.bincount(most_probable, minlength=len(alpha)) / len(log_p)


def _over_rows(log_p: Array, alpha: Array) -> Array:
    """Normalise over the rows instead of the components."""
    return softmax(_log_joint(log_p, alpha), axis=0).mean(axis=0)


def _over_everything(log_p: Array, alpha: Array) -> Array:
    """Normalise over rows and components at once."""
    return softmax(_log_joint(log_p, alpha)).sum(axis=0)


def _naive(log_p: Array, alpha: Array) -> Array:
    """Exponentiate before normalising."""
    joint = alpha * np.exp(log_p)
    return (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)


def _expected_log_joint(log_p: Array, alpha: Array) -> Array:
    return (_responsibilities(log_p, alpha) * _log_joint(log_p, alpha)).sum()


def _draw(rng: Rng, n: int, k: int, far: float) -> tuple[Array, ...]:
    """Draw n rows, k components, 3 to 5 iterations."""
    log_p = rng.normal(far, 1.5, size=(n, k))
    alpha = rng.permutation(np.arange(1.0, k + 1)) * 2 / (k * (k + 1))
    return log_p, alpha, int(rng.integers(3, 6))


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    return [_draw(rng, *sizes) for sizes in [(6, 2, 0), (9, 3, 0), (7, 4, -1900)]]


fit_weights = Exercise(
    name="fit_weights",
    parameters=("log_p", "alpha", "iterations"),
    outputs=(
        Output(
            "alphas",
            "an array of shape `(T + 1, k)`, the start and one row per iteration",
            rows_sum_to_one=True,
        ),
        Output(
            "log_likelihoods",
            "an array of shape `(T + 1,)`, one number for each row of `alphas`",
        ),
    ),
    answer=_run,
    examples=(
        (np.log([[0.5, 0.1], [0.2, 0.4]]), np.array([0.5, 0.5]), 1),
        (
            np.log([[0.5, 0.1, 0.2], [0.2, 0.45, 0.1], [0.3, 0.3, 0.6], [0.9, 0.2, 0.1]]),
            np.array([0.2, 0.5, 0.3]),
            3,
        ),
        (
            np.array([[-2000.0, -1999.0], [-2003.0, -2000.5], [-1990.0, -1993.0]]),
            np.array([0.7, 0.3]),
            25,  # long enough to meet a rule that stops early
        ),
    ),
    mistakes=(
        Mistake(
            "mixing weights forgotten",
            "It looks as if the present mixing weights were left out of the responsibilities: then "
            "every iteration gives the same `alpha`.",
            lambda log_p, a, T: _run(log_p, a, T, lambda lp, _: softmax(lp, axis=1).mean(axis=0)),
        ),
        Mistake(
            "alpha not updated",
            "It looks as if every iteration began at the first `alpha` again. Touch at the new "
            "one.",
            lambda log_p, a, T: _run(log_p, a, T, lambda lp, _: _new_alpha(lp, a)),
        ),
        Mistake(
            "normalised over the wrong axis",
            "It looks as if the responsibilities were normalised over the rows. For each row they "
            "are a distribution over the components.",
            lambda log_p, a, T: _run(log_p, a, T, _over_rows),
        ),
        Mistake(
            "normalised over the wrong axis",
            "It looks as if the responsibilities were normalised over the whole table. Each *row* "
            "is a distribution over the components.",
            lambda log_p, a, T: _run(log_p, a, T, _over_everything),
        ),
        Mistake(
            "the start not used",
            "It looks as if the run began at equal weights. Row 0 is the `alpha` that was given.",
            lambda log_p, a, T: _run(log_p, np.full(len(a), 1 / len(a)), T),
        ),
        Mistake(
            "logarithm of the weights missing",
            "It looks as if the mixing weights were added to the logarithms as they are. A weight "
            "multiplies the probability; what does that do to its logarithm?",
            _run_with(lambda log_p, a: a + log_p),
        ),
        Mistake(
            "weights times logarithms",
            "It looks as if the logarithms were multiplied by the mixing weights. A weight "
            "multiplies the probability; what does that do to its logarithm?",
            _run_with(lambda log_p, a: a * log_p),
        ),
        Mistake(
            "sum instead of mean",
            "It looks as if the responsibilities were added up but not divided by the number of "
            "rows: mixing weights sum to 1.",
            lambda log_p, a, T: _run(log_p, a, T, lambda lp, b: len(lp) * _new_alpha(lp, b)),
        ),
        Mistake(
            "divided by k instead of n",
            "It looks as if the sum of the responsibilities was divided by the number of "
            "components. Each *row* shares out 1 in all: how many rows are there?",
            lambda log_p, a, T: _run(
                log_p, a, T, lambda lp, b: _responsibilities(lp, b).sum(axis=0) / len(b)
            ),
        ),
        Mistake(
            "hard instead of soft",
            "It looks as if each row was counted wholly for its most probable component. It "
            "counts for every component, in proportion to the responsibilities.",
            lambda log_p, a, T: _run(log_p, a, T, _hard),
        ),
        Mistake(
            "one row for all",
            "All rows of `alphas` are the same array, the last one: it was changed after it was "
            "put into the list. Make a new array in each iteration, or append a copy.",
            lambda log_p, a, T: np.tile(_path(log_p, a, T)[-1], (T + 1, 1)),
            part="alphas",
        ),
        Mistake(
            "the start left out",
            "It looks as if `alphas` begins after the first iteration. Row 0 is the start.",
            lambda log_p, a, T: _path(log_p, a, T + 1)[1:],
            part="alphas",
        ),
        Mistake(
            "log-likelihoods one step late",
            "Each log-likelihood stands beside the mixing weights of the iteration *before*. "
            "Entry t belongs to row t of `alphas`.",
            lambda log_p, a, T: _run(log_p, a, T)[1][[0, *range(T)]],
            part="log_likelihoods",
        ),
        Mistake(
            "log-likelihoods one step early",
            "Each log-likelihood stands beside the mixing weights of the iteration *before* its "
            "own. Entry t belongs to row t of `alphas`.",
            lambda log_p, a, T: _run(log_p, a, T + 1)[1][1:],
            part="log_likelihoods",
        ),
        Mistake(
            "mixing weights forgotten",
            "It looks as if the mixing weights were left out of the log-likelihood.",
            _along(lambda log_p, a: logsumexp(log_p, axis=1).sum()),
            part="log_likelihoods",
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if the logarithms were added over the components. A row's probability is "
            "a sum over the components; the logarithm comes after it.",
            _along(lambda log_p, a: _log_joint(log_p, a).sum()),
            part="log_likelihoods",
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if the logarithms were averaged with weights `alpha`. That is a lower "
            "bound, by Jensen's inequality: average the probabilities, then take the logarithm.",
            _along(lambda log_p, a: (a * log_p).sum()),
            part="log_likelihoods",
        ),
        Mistake(
            "Q taken for the log-likelihood",
            "That is the mean of the log terms under the responsibilities, with no `log r` taken "
            "off: it is neither the bound nor the log-likelihood.",
            _along(_expected_log_joint),
            part="log_likelihoods",
        ),
        Mistake(
            "the bound taken for the log-likelihood",
            "That is the height of each bound at its maximum. The log-likelihood there is higher: "
            "the bound has not yet been made to touch at the new weights.",
            _bound_before_touching,
            part="log_likelihoods",
        ),
        Mistake(
            "one logarithm of everything",
            "It looks as if one logarithm was taken of the sum over rows and components. The rows "
            "are independent: their probabilities multiply, so their logarithms add.",
            _along(lambda log_p, a: logsumexp(_log_joint(log_p, a))),
            part="log_likelihoods",
        ),
        Mistake(
            "summed over the wrong axis",
            "It looks as if the rows were added before the logarithm. Within a row add over the "
            "components, then take the logarithm, then add over the rows.",
            _along(lambda log_p, a: logsumexp(_log_joint(log_p, a), axis=0).sum()),
            part="log_likelihoods",
        ),
        Mistake(
            "mean instead of sum",
            "It looks as if you took the mean over the rows. The log-likelihood is their sum.",
            _along(lambda log_p, a: _log_likelihood(log_p, a) / len(log_p)),
            part="log_likelihoods",
        ),
        Mistake(
            "negative log-likelihood",
            "The sign is wrong: these are negative log-likelihoods.",
            _along(lambda log_p, a: -_log_likelihood(log_p, a)),
            part="log_likelihoods",
        ),
        Mistake(
            "underflow",
            UNDERFLOW,
            lambda log_p, a, T: _path(log_p, a, T, _naive),
            part="alphas",
        ),
        Mistake(
            "underflow",
            UNDERFLOW,
            lambda log_p, a, T: np.array(
                [np.log(np.exp(log_p) @ b).sum() for b in _path(log_p, a, T, _naive)]
            ),
            part="log_likelihoods",
        ),
        Mistake(
            "underflow",
            UNDERFLOW,
            _along(lambda log_p, a: np.log(np.exp(log_p) @ a).sum()),
            part="log_likelihoods",
        ),
    ),
    hints=(
        "Do one iteration by hand for two rows and two components, in three columns: "
        "responsibilities, new weights, log-likelihood of the *old* weights.",
        "Row by row, your `closest_q` of log alpha + log p gives the responsibilities, and the "
        "log of their denominator is the row's part of the log-likelihood.",
        "Begin the lists with the start and its log-likelihood. In each iteration: log joint, "
        "minus `logsumexp` over axis 1, exponential, mean over the rows; then append both.",
    ),
    cases=cases,
    nats=("log_likelihoods",),
)
