"""Exercise 6.2: an iteration of EM without a mixture."""

from __future__ import annotations

from typing import Any

import numpy as np

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.many_models import _loops

Array = Any  # numbers or arrays of numbers


def _hidden(theta: float, counts: Array) -> float:
    return float(counts[0] * theta / (2 + theta))


def _new(hidden: float, counts: Array) -> float:
    return float((hidden + counts[3]) / (hidden + counts[1:].sum()))


def _answer(theta: float, counts: Array) -> tuple[float, float]:
    hidden = _hidden(theta, counts)
    return hidden, _new(hidden, counts)


def _share(name: str, says: str, share: Any) -> Mistake:
    """Return the mistake whose share of the first count is wrong, and whose M-step is right."""

    def gives(theta: float, counts: Array) -> tuple[float, float]:
        hidden = float(counts[0] * share(theta))
        return hidden, _new(hidden, counts)

    return Mistake(name, says, gives)


def cases(rng: Rng) -> list[tuple[Any, ...]]:
    sizes = (40, 200, 90, 500)
    cells = ([0.55, 0.15, 0.1, 0.2], [0.65, 0.1, 0.08, 0.17], [0.7, 0.1, 0.1, 0.1])
    edges = np.array([30, 1, 1, 90]), np.array([90, 60, 70, 1])  # theta near 1, and near 0
    drawn = [
        (float(rng.uniform(0.1, 0.95)), 1 + rng.multinomial(n, cells[i % 3]))
        for i, n in enumerate(sizes)
    ]
    more = rng.integers(0, 9, 4)
    drawn += [(0.9, edges[0] + more * [1, 0, 0, 1]), (0.01, edges[1] + more * [1, 1, 1, 0])]
    empty = (0.7, (9 + more) * [0, 1, 1, 1]), (1e-6, (9 + more) * [1, 1, 1, 0])
    return [*drawn, *empty]


linkage_step = Exercise(
    name="linkage_step",
    parameters=("theta", "counts"),
    outputs=(Output("hidden", "a single number"), Output("theta_new", "a single number")),
    answer=_answer,
    examples=(
        (0.5, np.array([125, 18, 20, 34])),
        (0.8, np.array([28, 3, 7, 11])),
        (0.1, np.array([50, 20, 31, 4])),
        (0.02, np.array([70, 45, 52, 1])),
    ),
    lent=("m_step",),
    mistakes=(
        _share(
            "the other part",
            "It looks as if `hidden` is the part with probability 1/2. Asked for is the part with "
            "probability $\\theta/4$.",
            lambda theta: 2 / (2 + theta),
        ),
        _share(
            "probability not normalised",
            "It looks as if the first count was multiplied by $\\theta/4$. Divide by the whole "
            "probability of that cell: given that an animal is in it, the two parts sum to 1.",
            lambda theta: theta / 4,
        ),
        _share(
            "odds for probability",
            "It looks as if one part was divided by the other. Divide it by the sum of both.",
            lambda theta: theta / 2,
        ),
        _share(
            "theta as the share",
            "It looks as if the share of the hidden part is $\\theta$. It is the posterior "
            "probability, by Bayes' rule from 1/2 and $\\theta/4$.",
            lambda theta: theta,
        ),
        _share(
            "quarter forgotten",
            "It looks as if the hidden part has probability $\\theta$. It has $\\theta/4$.",
            lambda theta: theta / (1 / 2 + theta),
        ),
        _share(
            "hard instead of soft",
            "It looks as if all animals of the first cell were given to one part. Share them "
            "out: each part gets its expected number.",
            lambda theta: 0.0,
        ),
        _share(
            "half of the first cell",
            "It looks as if the first cell was halved. Its two parts are not equally likely.",
            lambda theta: 0.5,
        ),
        Mistake(
            "whole animals",
            "It looks as if the expected number was rounded. An expectation need not be whole.",
            lambda theta, counts: (
                round(_hidden(theta, counts)),
                _new(round(_hidden(theta, counts)), counts),
            ),
        ),
        Mistake(
            "divided by all animals",
            "It looks as if `theta_new` was divided by all animals. Those of the part with "
            "probability 1/2 say nothing of $\\theta$: leave them out.",
            lambda theta, counts: (_hidden(theta, counts) + counts[3]) / counts.sum(),
            "theta_new",
        ),
        Mistake(
            "first cell whole",
            "It looks as if the whole first cell was counted for $\\theta$. Only its hidden part "
            "is.",
            lambda theta, counts: _new(counts[0], counts),
            "theta_new",
        ),
        Mistake(
            "last cell forgotten",
            "It looks as if the fourth cell was forgotten: its probability is $\\theta/4$, too.",
            lambda theta, counts: (
                _hidden(theta, counts) / (_hidden(theta, counts) + counts[1:3].sum())
            ),
            "theta_new",
        ),
        Mistake(
            "last cell not among all",
            "It looks as if the fourth cell is missing below the line. The sum is over all animals "
            "that say something of $\\theta$.",
            lambda theta, counts: (
                (_hidden(theta, counts) + counts[3]) / (_hidden(theta, counts) + counts[1:3].sum())
            ),
            "theta_new",
        ),
        Mistake(
            "odds for probability",
            "It looks as if the animals for $\\theta$ were divided by those against it. Divide by "
            "both together.",
            lambda theta, counts: (_hidden(theta, counts) + counts[3]) / counts[1:3].sum(),
            "theta_new",
        ),
        Mistake(
            "one minus theta",
            "It looks as if `theta_new` is the share of the animals *against* $\\theta$.",
            lambda theta, counts: 1 - _answer(theta, counts)[1],
            "theta_new",
        ),
        Mistake(
            "hidden part forgotten",
            "It looks as if the M-step left out the hidden part of the first cell.",
            lambda theta, counts: _new(0, counts),
            "theta_new",
        ),
        Mistake(
            "theta not updated",
            "That is the old $\\theta$. The M-step makes a new one from the counts.",
            lambda theta, counts: theta,
            "theta_new",
        ),
    ),
    hints=(
        "Take one animal of the first cell. Two ways led there, with probabilities 1/2 and "
        "$\\theta/4$. How probable is the second, given that it was one of the two?",
        "Complete data: which of the five counts have a probability with $\\theta$ in it, and "
        "which with $1 - \\theta$? The rest of the M-step is that of one coin.",
        "hidden = counts[0] · θ/(2 + θ); theta_new = (hidden + counts[3]) / (the animals that "
        "say something of θ).",
    ),
    cases=cases,
    in_loops=_loops.linkage_step,
)
