"""Exercise 2.3: what an optimiser needs."""

from __future__ import annotations

from functools import partial

import numpy as np

from emlib.checks import Mistake, Output
from key.complete_data._draw import labelled
from key.complete_data._formulas import HEADS_AND_TAILS, Array, by_coin, log_orders
from key.exercise import Exercise, Rng


def _slopes(theta: Array, heads: Array, flips: Array, labels: Array) -> Array:
    """Return the derivative of the log-likelihood of each row by its own coin's theta."""
    return heads / theta[labels] - (flips - heads) / (1 - theta[labels])


def _cost(theta: Array, heads: Array, flips: Array, labels: Array) -> Array:
    mine = theta[labels]
    return -(heads * np.log(mine) + (flips - heads) * np.log(1 - mine)).sum()


def _cost_gradient(theta: Array, heads: Array, flips: Array, labels: Array) -> Array:
    return -by_coin(_slopes(theta, heads, flips, labels), labels, len(theta))


def _difference(theta: Array, heads: Array, flips: Array, labels: Array, *, step: float) -> Array:
    """Return the gradient by forward differences."""
    moved = theta + step * np.eye(len(theta))
    here = _cost(theta, heads, flips, labels)
    return np.array([(_cost(there, heads, flips, labels) - here) / step for there in moved])


def _draw(rng: Rng, k: int, n: int, most: int) -> tuple[Array, ...]:
    """Draw theta of k coins, and n rows with their coins."""
    heads, flips, labels, _ = labelled(rng, k, n, most)
    return rng.uniform(0.15, 0.85, size=k), heads, flips, labels


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    return [_draw(rng, *sizes) for sizes in [(3, 7, 9), (2, 6, 12), (4, 9, 15)]]


negative_log_likelihood = Exercise(
    name="negative_log_likelihood",
    parameters=("theta", "heads", "flips", "labels"),
    outputs=(
        Output("value", "a single number"),
        Output("gradient", "an array of shape `(k,)`, one slope per coin"),
    ),
    answer=lambda *a: (_cost(*a), _cost_gradient(*a)),
    examples=(
        (np.array([0.5, 0.25]), np.array([1, 1, 2]), np.array([3, 2, 6]), np.array([0, 1, 1])),
        (
            np.array([0.2, 0.6, 0.7]),
            np.array([2, 1, 3, 4]),
            np.array([7, 3, 4, 9]),
            np.array([1, 2, 0, 1]),
        ),
    ),
    mistakes=(
        Mistake(
            "wrong sign",
            "The sign is wrong: `minimize` looks for a minimum, so this function must be lowest "
            "where the log-likelihood is highest.",
            lambda *a: (-_cost(*a), -_cost_gradient(*a)),
        ),
        Mistake(
            "wrong sign of the value",
            "The sign of `value` is wrong: this is the log-likelihood, and an optimiser that "
            "minimises would run away from its maximum.",
            lambda *a: -_cost(*a),
            part="value",
        ),
        Mistake(
            "wrong sign of the gradient",
            "`gradient` points the wrong way: it should be the derivative of what you return as "
            "`value`, minus sign included.",
            lambda *a: -_cost_gradient(*a),
            part="gradient",
        ),
        Mistake(
            "heads and tails swapped",
            HEADS_AND_TAILS,
            lambda t, h, f, z: (_cost(t, f - h, f, z), _cost_gradient(t, f - h, f, z)),
        ),
        Mistake(
            "heads and tails swapped in the value",
            "In `value`, heads and tails seem to be exchanged.",
            lambda t, h, f, z: _cost(t, f - h, f, z),
            part="value",
        ),
        Mistake(
            "heads and tails swapped in the gradient",
            "In `gradient`, heads and tails seem to be exchanged.",
            lambda t, h, f, z: _cost_gradient(t, f - h, f, z),
            part="gradient",
        ),
        Mistake(
            "mean for sum",
            "It looks as if you took means over the rows. Log-likelihoods of rows add up.",
            lambda t, h, f, z: (
                _cost(t, h, f, z) / len(h),
                _cost_gradient(t, h, f, z) / len(h),
            ),
        ),
        Mistake(
            "mean for sum",
            "It looks as if `value` were a mean over the rows. Log-likelihoods of rows add up.",
            lambda t, h, f, z: _cost(t, h, f, z) / len(h),
            part="value",
        ),
        Mistake(
            "mean for sum",
            "It looks as if `gradient` were a mean over the rows, which it is not of `value`.",
            lambda t, h, f, z: _cost_gradient(t, h, f, z) / len(h),
            part="gradient",
        ),
        Mistake(
            "binomial coefficients included",
            "It looks as if `value` included the binomial coefficients. Here the likelihood of "
            "the series is asked for, not that of the counts.",
            lambda t, h, f, z: _cost(t, h, f, z) - log_orders(h, f),
            part="value",
        ),
        Mistake(
            "mixing weights included",
            "It looks as if `value` included equal mixing weights. The labels are given here.",
            lambda t, h, f, z: _cost(t, h, f, z) + len(h) * np.log(len(t)),
            part="value",
        ),
        Mistake(
            "flips for tails",
            "In `value` it looks as if all flips were counted as tails.",
            lambda t, h, f, z: -(h * np.log(t[z]) + f * np.log(1 - t[z])).sum(),
            part="value",
        ),
        Mistake(
            "flips for tails",
            "In `gradient` it looks as if all flips were counted as tails.",
            lambda t, h, f, z: -by_coin(h / t[z] - f / (1 - t[z]), z, len(t)),
            part="gradient",
        ),
        Mistake(
            "chain rule",
            "One term of `gradient` has the wrong sign. What is the derivative of "
            "log(1 - theta): do not forget the inner one.",
            lambda t, h, f, z: -by_coin(h / t[z] + (f - h) / (1 - t[z]), z, len(t)),
            part="gradient",
        ),
        Mistake(
            "tails forgotten in the gradient",
            "`gradient` has only the term of the heads. The tails' logarithm holds theta, too.",
            lambda t, h, f, z: -by_coin(h / t[z], z, len(t)),
            part="gradient",
        ),
        Mistake(
            "derivative in log-odds",
            "`gradient` seems to be the derivative by the log-odds (section 9). Take it by theta.",
            lambda t, h, f, z: t * (1 - t) * _cost_gradient(t, h, f, z),
            part="gradient",
        ),
        *(
            Mistake(
                "a coarse difference for the derivative",
                "`gradient` seems to come from a difference with a step that is far too large. "
                "Section 3 has the derivative itself.",
                partial(_difference, step=step),
                part="gradient",
            )
            for step in (0.1, 0.01, 1e-3, 1e-4, 1e-5)
        ),
        Mistake(
            "numbers of the text",
            "It looks as if `value` still had the 22 heads and 8 tails of the text: use the "
            "arguments.",
            lambda t, h, f, z: -22 * np.log(t[0]) - 8 * np.log(1 - t[0]),
            part="value",
        ),
        Mistake(
            "numbers of the text",
            "It looks as if `gradient` still had the 22 heads and 8 tails of the text: use the "
            "arguments.",
            lambda t, h, f, z: -22 / t + 8 / (1 - t),
            part="gradient",
        ),
        Mistake(
            "second derivative",
            "`gradient` seems to be the second derivative. The first one is asked for.",
            lambda t, h, f, z: by_coin(h / t[z] ** 2 + (f - h) / (1 - t[z]) ** 2, z, len(t)),
            part="gradient",
        ),
        Mistake(
            "tails forgotten in the value",
            "Only the heads are counted in `value`. Each tail has a probability too.",
            lambda t, h, f, z: -(h * np.log(t[z])).sum(),
            part="value",
        ),
        Mistake(
            "likelihood",
            "`value` seems to be a likelihood: take its logarithm, or better, sum logarithms.",
            lambda *a: -np.exp(-_cost(*a)),
            part="value",
        ),
        Mistake(
            "mean for sum",
            "It looks as if `value` were a mean over the coins. Their log-likelihoods add up.",
            lambda t, h, f, z: _cost(t, h, f, z) / len(t),
            part="value",
        ),
        Mistake(
            "not summed by coin",
            "`gradient` holds one slope per row. It should hold one per coin: add up the rows of "
            "each coin.",
            lambda *a: -_slopes(*a),
            part="gradient",
        ),
        Mistake(
            "gradient summed to one number",
            "`gradient` is one number. Each coin has a slope of its own.",
            lambda *a: _cost_gradient(*a).sum(),
            part="gradient",
        ),
        Mistake(
            "only the last row of each coin",
            "In `gradient` each coin seems to keep only its last row. (`a[labels] += b` adds only "
            "once for each coin.)",
            lambda t, h, f, z: -np.array([_slopes(t, h, f, z)[z == j][-1] for j in range(len(t))]),
            part="gradient",
        ),
        Mistake(
            "labels ignored",
            "It looks as if every row counted for every coin. Each row belongs to one: its label "
            "says which.",
            lambda t, h, f, z: sum(_cost(np.array([x]), h, f, 0 * z) for x in t),
            part="value",
        ),
        Mistake(
            "labels ignored",
            "It looks as if every row counted for every coin. Each row belongs to one: its label "
            "says which.",
            lambda t, h, f, z: np.array([_cost_gradient(np.array([x]), h, f, 0 * z)[0] for x in t]),
            part="gradient",
        ),
    ),
    hints=(
        "`value` is one number for all rows; in `gradient`, coin j's entry depends on coin j's "
        "rows only.",
        "`theta[labels]` has shape `(n,)`: for each row the theta of its coin. For the gradient, "
        "take the derivative of one coin's part (section 3), with its minus sign.",
        "For `gradient`, loop over the coins: with `mine = labels == j`, sum heads and tails of "
        "those rows, put them into the derivative at `theta[j]`, and change the sign as you did "
        "for `value`.",
    ),
    cases=cases,
    nats=("value", "gradient"),
)
