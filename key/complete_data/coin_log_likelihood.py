"""Exercise 2a.1: the log-likelihood of one coin."""

from __future__ import annotations

import numpy as np
from scipy.special import comb

from emlib.checks import Mistake, Output
from key.complete_data import _loops
from key.complete_data._draw import rows
from key.complete_data._formulas import (
    FLIPS_FOR_TAILS,
    HEADS_AND_TAILS,
    TEN_FLIPS,
    Array,
    log_orders,
)
from key.exercise import Exercise, Rng

# What takes the logarithm too late meets for a row of 2,000 flips.
UNDERFLOW = (
    "It fails for a row of 2,000 flips: there the product of the probabilities underflows "
    "to 0, and a binomial coefficient overflows to infinity. Take logarithms first, then "
    "add."
)


def _coin_log_likelihood(theta: Array, heads: Array, flips: Array) -> Array:
    total, tails = heads.sum(), (flips - heads).sum()
    return total * np.log(theta) + tails * np.log(1 - theta)


def _log_of_sum(theta: Array, heads: Array, flips: Array) -> Array:
    h, t = heads[:, None], (flips - heads)[:, None]
    return np.log((theta**h * (1 - theta) ** t).sum(axis=0))


def _rows_without_axis(theta: Array, heads: Array, flips: Array) -> Array:
    return (heads * np.log(theta) + (flips - heads) * np.log(1 - theta)).sum()


def _draw(rng: Rng, candidates: int, n: int, most: int) -> tuple[Array, ...]:
    """Draw that many candidates for theta, and n rows."""
    theta = rng.uniform(0.1, 0.9, size=candidates)
    theta[rng.integers(candidates)] = rng.choice([0.003, 0.996])
    return theta, *rows(rng, n, most)


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    drawn = [_draw(rng, *sizes) for sizes in [(4, 3, 9), (2, 1, 12), (3, 3, 2000)]]
    theta, heads, flips = drawn[0]
    theta[theta.argsort()[1]] = 1e-7 * rng.uniform(1, 9)
    return [*drawn, (theta, np.append(heads, heads[0]), np.append(flips, flips[0]))]  # equal rows


coin_log_likelihood = Exercise(
    name="coin_log_likelihood",
    parameters=("theta", "heads", "flips"),
    outputs=(Output("log_likelihoods", "an array of shape `(m,)`, one number for each `theta`"),),
    answer=_coin_log_likelihood,
    examples=(
        (np.array([0.5, 0.25]), np.array([1]), np.array([3])),
        (np.array([0.2, 0.5, 0.996]), np.array([3, 0]), np.array([4, 2])),
        (np.array([0.4, 0.6, 0.7, 0.8]), np.array([3, 1300, 0, 3]), np.array([5, 2000, 4, 5])),
    ),
    mistakes=(
        Mistake(
            "heads and tails swapped",
            HEADS_AND_TAILS,
            lambda theta, h, f: _coin_log_likelihood(theta, f - h, f),
        ),
        Mistake(
            "derivative",
            "These are slopes, the derivative of the log-likelihood. The log-likelihood itself is "
            "asked for.",
            lambda theta, h, f: h.sum() / theta - (f - h).sum() / (1 - theta),
        ),
        Mistake(
            "shares for counts",
            "It looks as if each row counted with its share of heads. A row with more flips says "
            "more: it counts with its numbers of heads and tails.",
            lambda theta, h, f: (
                (h / f).sum() * np.log(theta) + (1 - h / f).sum() * np.log(1 - theta)
            ),
        ),
        Mistake(
            "negative log-likelihood",
            "Your numbers have the wrong sign. A log-likelihood is the log of a probability: is "
            "that above 0 or below?",
            lambda *a: -_coin_log_likelihood(*a),
        ),
        Mistake(
            "likelihood",
            "These are likelihoods, not their logarithms. With many flips they would underflow "
            "to 0.",
            lambda *a: np.exp(_coin_log_likelihood(*a)),
        ),
        Mistake(
            "logarithm after an underflow",
            UNDERFLOW,
            lambda *a: np.log(np.exp(_coin_log_likelihood(*a))),
        ),
        Mistake(
            "logarithm after an overflow",
            UNDERFLOW,
            lambda theta, h, f: (
                _coin_log_likelihood(theta, h, f) - np.where(comb(f, h) < np.inf, 0, np.inf).sum()
            ),
        ),
        Mistake(
            "negative likelihood",
            "These are likelihoods with a minus sign. A log-likelihood is a logarithm.",
            lambda *a: -np.exp(_coin_log_likelihood(*a)),
        ),
        Mistake(
            "flips for tails",
            FLIPS_FOR_TAILS,
            lambda theta, h, f: h.sum() * np.log(theta) + f.sum() * np.log(1 - theta),
        ),
        Mistake(
            "logarithms forgotten",
            "The counts multiply the probabilities themselves. In a log-likelihood they multiply "
            "their logarithms.",
            lambda theta, h, f: h.sum() * theta + (f - h).sum() * (1 - theta),
        ),
        Mistake(
            "shares for counts",
            "It looks as if you took the share of heads for their number: with twice the flips a "
            "log-likelihood is twice as far below 0.",
            lambda theta, h, f: _coin_log_likelihood(theta, h, f) / f.sum(),
        ),
        Mistake(
            "minus for plus",
            "It looks as if the tails' term were subtracted. Independent flips multiply their "
            "probabilities: what do the logarithms do? (The minus sign belongs to the derivative.)",
            lambda theta, h, f: h.sum() * np.log(theta) - (f - h).sum() * np.log(1 - theta),
        ),
        Mistake(
            "one number of flips for all rows",
            TEN_FLIPS,
            lambda theta, h, f: _coin_log_likelihood(theta, h, np.full(len(f), 10)),
        ),
        Mistake(
            "mixing weights included",
            "It looks as if each row also got a mixing weight of one half. All rows are of one "
            "coin: nothing was picked.",
            lambda theta, h, f: _coin_log_likelihood(theta, h, f) + len(h) * np.log(0.5),
        ),
        Mistake(
            "tails forgotten",
            "Only the heads are counted. Each tail has a probability too.",
            lambda theta, h, f: h.sum() * np.log(theta),
        ),
        Mistake(
            "binomial coefficients included",
            "It looks as if you included the binomial coefficients. They belong to the counts "
            "of heads; here the likelihood of the series itself is asked for.",
            lambda theta, h, f: _coin_log_likelihood(theta, h, f) + log_orders(h, f),
        ),
        Mistake(
            "mean for sum",
            "It looks as if you took the mean over the rows. Independent rows multiply their "
            "probabilities: what do their logarithms do?",
            lambda theta, h, f: _coin_log_likelihood(theta, h, f) / len(h),
        ),
        Mistake(
            "log of a sum for a sum of logs",
            "It looks as if you added the rows' likelihoods and then took the logarithm. "
            "Independent rows multiply.",
            _log_of_sum,
        ),
        Mistake(
            "product of logs",
            "It looks as if you multiplied the rows' log-likelihoods. The likelihoods multiply; "
            "their logarithms do something else.",
            lambda theta, h, f: np.prod(
                [_coin_log_likelihood(theta, *row) for row in zip(h, f, strict=True)], axis=0
            ),
        ),
        Mistake(
            "only the first row",
            "It looks as if only the first row counts. All rows belong to this coin.",
            lambda theta, h, f: _coin_log_likelihood(theta, h[:1], f[:1]),
        ),
        Mistake(
            "only the last row",
            "It looks as if only the last row counts. Does a loop overwrite what it should add "
            "to, or return too early?",
            lambda theta, h, f: _coin_log_likelihood(theta, h[-1:], f[-1:]),
        ),
        Mistake(
            "summed over theta",
            "It returns one number for all of `theta`. Each candidate needs its own: sum over "
            "the rows only.",
            lambda *a: _coin_log_likelihood(*a).sum(),
        ),
        Mistake(
            "rows and candidates on one axis",
            "Rows `(n,)` and candidates `(m,)` were put on one and the same axis. Give one of them "
            "an axis of its own, or sum over the rows before `theta` comes in.",
            _rows_without_axis,
        ),
        Mistake(
            "not summed over the rows",
            "It keeps one number per row and candidate. The log-likelihood is of all rows "
            "together.",
            lambda theta, h, f: np.outer(h, np.log(theta)) + np.outer(f - h, np.log(1 - theta)),
        ),
        Mistake(
            "not summed over the rows",
            "It keeps one number per row and candidate. The log-likelihood is of all rows "
            "together.",
            lambda theta, h, f: np.outer(np.log(theta), h) + np.outer(np.log(1 - theta), f - h),
        ),
    ),
    hints=(
        "Of the data it needs two numbers only: all heads and all tails of the coin.",
        "A row's series has the probability theta^heads (1 - theta)^tails. What is its logarithm? "
        "And what is the logarithm of a product of such rows?",
        "Sum the heads, sum the tails (flips less heads). Multiply the first by `np.log(theta)`, "
        "the second by the logarithm of the probability of tails, and add.",
    ),
    cases=cases,
    in_loops=_loops.coin_log_likelihood,
    nats=("log_likelihoods",),
)
