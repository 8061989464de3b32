"""Exercise 3a.3: touch, maximise, repeat, for the mixing weights of known components."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp, softmax

from emlib.checks import Mistake, Output, Part
from emlib.checks.relations import holds
from key.bound import _loops
from key.bound import _runs as runs
from key.bound._formulas import UNDERFLOW, ZERO_LOG_ZERO, Array
from key.exercise import Exercise, Rng
from key.kinds import RARE


def _draw(rng: Rng, n: int, k: int, far: Array) -> tuple[Array, ...]:
    """Draw n rows around `far`, k components, 3 to 5 iterations."""
    log_p = rng.normal(far, 1.5, size=(n, k))
    alpha = rng.permutation(np.arange(1.0, k + 1)) * 2 / (k * (k + 1))
    return log_p, alpha, int(rng.integers(3, 6))


# Rows around -1900 and around 0 in one table, and terms far apart within a row.
MIXED = np.array(
    [
        [-1900.0, -1900.0, -1900.0],
        [0.0, 0.0, 0.0],
        [-1900.0, -1900.0, -1900.0],
        [-1900.0, 0.0, 0.0],
        [0.0, 0.0, -1900.0],
    ]
)


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    """Draw tables near 0, far away and mixed; and one in which weights get small, and large."""
    sizes = [(7, 2, 0), (9, 3, 0), (7, 4, -1900), (5, 3, MIXED)]
    log_p = rng.permutation([[-1, -1, -45], [-2, -7, -44], [-60, -66, -2]]) - rng.integers(0, 2)
    rare = log_p, np.array([0.6, 0.4 - RARE, RARE]), 5
    return [*(_draw(rng, *one) for one in sizes), rare]


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
    answer=runs.run,
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
        (
            np.array([[-2000.0, -1999.0], [-3.0, -0.5], [-1990.0, -1993.0], [-2000.0, -2.0]]),
            np.array([0.4, 0.6]),
            2,
        ),
    ),
    parts=(
        Part("alphas", holds(("in proportion", 0))),  # a weight may be tiny
        Part("log_likelihoods", holds(("belongs to weights", 1, 0, "log_p"))),
    ),
    mistakes=(
        Mistake(
            "mixing weights forgotten",
            "It looks as if the present mixing weights were left out of the responsibilities: then "
            "every iteration gives the same `alpha`.",
            lambda log_p, a, T: runs.run(
                log_p, a, T, lambda lp, _: softmax(lp, axis=1).mean(axis=0)
            ),
        ),
        *(
            Mistake(
                "a floor",
                "It looks as if no weight were let below some number. A component that explains no "
                "row fades away.",
                lambda log_p, a, T, least=least: runs.run(
                    log_p, a, T, lambda *x: runs.floored(least, *x)
                ),
            )
            for least in (0.001, 0.01)
        ),
        Mistake(
            "alpha not updated",
            "It looks as if every iteration began at the first `alpha` again. Touch at the new "
            "one.",
            lambda log_p, a, T: runs.run(log_p, a, T, lambda lp, _: runs.new_alpha(lp, a)),
        ),
        Mistake(
            "normalised over the wrong axis",
            "It looks as if the responsibilities were normalised over the rows. For each row they "
            "are a distribution over the components.",
            lambda log_p, a, T: runs.run(log_p, a, T, runs.over_rows),
        ),
        Mistake(
            "normalised over the wrong axis",
            "It looks as if the responsibilities were normalised over the whole table. Each *row* "
            "is a distribution over the components.",
            lambda log_p, a, T: runs.run(log_p, a, T, runs.over_everything),
        ),
        Mistake(
            "sums of the rows without an axis of their own",
            "The sums of the rows have shape (n,), the table (n, k), and NumPy lines up *last* "
            "axes. Give the sums an axis for the components: `keepdims=True`.",
            lambda log_p, a, T: runs.run(log_p, a, T, runs.without_an_axis),
        ),
        Mistake(
            "the start not used",
            "It looks as if the run began at equal weights. Row 0 is the `alpha` that was given.",
            lambda log_p, a, T: runs.run(log_p, np.full(len(a), 1 / len(a)), T),
        ),
        Mistake(
            "logarithm of the weights missing",
            "It looks as if the mixing weights were added to the logarithms as they are. A weight "
            "multiplies the probability; what does that do to its logarithm?",
            runs.run_with(lambda log_p, a: a + log_p),
        ),
        Mistake(
            "weights times logarithms",
            "It looks as if the logarithms were multiplied by the mixing weights. A weight "
            "multiplies the probability; what does that do to its logarithm?",
            runs.run_with(lambda log_p, a: a * log_p),
        ),
        Mistake(
            "sum instead of mean",
            "It looks as if the responsibilities were added up but not divided by the number of "
            "rows: mixing weights sum to 1.",
            lambda log_p, a, T: runs.run(
                log_p, a, T, lambda lp, b: len(lp) * runs.new_alpha(lp, b)
            ),
        ),
        Mistake(
            "divided by k instead of n",
            "It looks as if the sum of the responsibilities was divided by the number of "
            "components. Each *row* shares out 1 in all: how many rows are there?",
            lambda log_p, a, T: runs.run(
                log_p, a, T, lambda lp, b: runs.responsibilities(lp, b).sum(axis=0) / len(b)
            ),
        ),
        Mistake(
            "hard instead of soft",
            "It looks as if each row was counted wholly for its most probable component. It "
            "counts for every component, in proportion to the responsibilities.",
            lambda log_p, a, T: runs.run(log_p, a, T, runs.hard),
        ),
        Mistake(
            "one row for all",
            "All rows of `alphas` are the same array, the last one: it was changed after it was "
            "put into the list. Make a new array in each iteration, or append a copy.",
            lambda log_p, a, T: np.tile(runs.path(log_p, a, T)[-1], (T + 1, 1)),
            part="alphas",
        ),
        Mistake(
            "the start twice",
            "It looks as if `alphas` begins with the start twice: row 1 comes after one iteration.",
            lambda log_p, a, T: runs.path(log_p, a, T)[[0, *range(T)]],
            part="alphas",
        ),
        Mistake(
            "the start left out",
            "It looks as if `alphas` begins after the first iteration. Row 0 is the start.",
            lambda log_p, a, T: runs.path(log_p, a, T + 1)[1:],
            part="alphas",
        ),
        Mistake(
            "log-likelihoods one step late",
            "Each log-likelihood stands beside the mixing weights of the iteration *before*. "
            "Entry t belongs to row t of `alphas`.",
            lambda log_p, a, T: runs.run(log_p, a, T)[1][[0, *range(T)]],
            part="log_likelihoods",
        ),
        Mistake(
            "log-likelihoods one step early",
            "Each log-likelihood stands beside the mixing weights of the iteration *before* its "
            "own. Entry t belongs to row t of `alphas`.",
            lambda log_p, a, T: runs.run(log_p, a, T + 1)[1][1:],
            part="log_likelihoods",
        ),
        Mistake(
            "mixing weights forgotten",
            "It looks as if the mixing weights were left out of the log-likelihood.",
            runs.along(lambda log_p, a: logsumexp(log_p, axis=1).sum()),
            part="log_likelihoods",
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if the logarithms were added over the components. A row's probability is "
            "a sum over the components; the logarithm comes after it.",
            runs.along(lambda log_p, a: runs.log_joint(log_p, a).sum()),
            part="log_likelihoods",
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if the logarithms were averaged with weights `alpha`. That is a lower "
            "bound, by Jensen's inequality: average the probabilities, then take the logarithm.",
            runs.along(lambda log_p, a: (a * log_p).sum()),
            part="log_likelihoods",
        ),
        Mistake(
            "Q taken for the log-likelihood",
            "That is the mean of the log terms under the responsibilities, with no `log r` taken "
            "off: it is neither the bound nor the log-likelihood.",
            runs.along(runs.expected_log_joint),
            part="log_likelihoods",
        ),
        Mistake(
            "the bound taken for the log-likelihood",
            "That is the height of each bound at its maximum. The log-likelihood there is higher: "
            "the bound has not yet been made to touch at the new weights.",
            runs.bound_before_touching,
            part="log_likelihoods",
        ),
        Mistake("0 log 0", ZERO_LOG_ZERO, runs.along(runs.touching), part="log_likelihoods"),
        Mistake(
            "one logarithm of everything",
            "It looks as if one logarithm was taken of the sum over rows and components. The rows "
            "are independent: their probabilities multiply, so their logarithms add.",
            runs.along(lambda log_p, a: logsumexp(runs.log_joint(log_p, a))),
            part="log_likelihoods",
        ),
        Mistake(
            "summed over the wrong axis",
            "It looks as if the rows were added before the logarithm. Within a row add over the "
            "components, then take the logarithm, then add over the rows.",
            runs.along(lambda log_p, a: logsumexp(runs.log_joint(log_p, a), axis=0).sum()),
            part="log_likelihoods",
        ),
        Mistake(
            "mean instead of sum",
            "It looks as if you took the mean over the rows. The log-likelihood is their sum.",
            runs.along(lambda log_p, a: runs.log_likelihood(log_p, a) / len(log_p)),
            part="log_likelihoods",
        ),
        Mistake(
            "negative log-likelihood",
            "The sign is wrong: these are negative log-likelihoods.",
            runs.along(lambda log_p, a: -runs.log_likelihood(log_p, a)),
            part="log_likelihoods",
        ),
        *runs.underflow(UNDERFLOW, lambda log_p: np.zeros_like(log_p)),
        *(
            Mistake(
                "underflow",
                UNDERFLOW,
                lambda log_p, a, T, step=step: runs.path(log_p, a, T, step),
                part="alphas",
            )
            for step in runs.PATCHES
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
    in_loops=_loops.fit_weights,
    text={"alpha": 0.5},
    nats=("log_likelihoods",),
)
