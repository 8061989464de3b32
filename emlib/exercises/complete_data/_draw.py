"""Hidden inputs: random, asymmetric, and drawn afresh at every grading."""

from __future__ import annotations

import numpy as np

from emlib.exercises.complete_data._formulas import Array
from emlib.exercises.complete_data._newton import WRONG_RULES, Arguments, newton, path

Rng = np.random.Generator


def _rows(rng: Rng, n: int, most: int) -> tuple[Array, Array]:
    """Draw heads and flips of n rows, 2 to `most` flips each, heads and tails in every row."""
    flips = rng.integers(2, most, size=n, endpoint=True)
    return rng.integers(1, flips), flips


def random_coin(rng: Rng, candidates: int, n: int, most: int) -> tuple[Array, ...]:
    """Draw arguments for `coin_log_likelihood`: that many candidates for theta, n rows."""
    return rng.uniform(0.1, 0.9, size=candidates), *_rows(rng, n, most)


def random_labelled(rng: Rng, k: int, n: int, most: int) -> tuple[Array, ...]:
    """Draw arguments for `mle_by_labels`: every coin has a row, no order in the labels."""
    labels = np.concatenate([np.arange(k), rng.integers(k, size=n - k)])
    return *_rows(rng, n, most), rng.permutation(labels), k


def random_cost(rng: Rng, k: int, n: int, most: int) -> tuple[Array, ...]:
    """Draw arguments for `negative_log_likelihood`."""
    heads, flips, labels, _ = random_labelled(rng, k, n, most)
    return rng.uniform(0.15, 0.85, size=k), heads, flips, labels


def random_errors(rng: Rng, k: int, n: int, most: int) -> tuple[Array, ...]:
    """Draw arguments for `standard_errors`."""
    _, flips, labels, _ = random_labelled(rng, k, n, most)
    return rng.uniform(0.1, 0.9, size=k), flips, labels


def random_weighted(rng: Rng, k: int, n: int, most: int) -> tuple[Array, ...]:
    """Draw arguments for `weighted_mle`: a weight 0, row sums that differ.

    Every coin has the largest weight in some row, so that even hard assignment leaves none empty.
    """
    heads, flips = _rows(rng, n, most)
    while True:
        weights = rng.dirichlet(np.ones(k), size=n) * rng.uniform(0.3, 1, size=(n, 1))
        weights[0, 0] = 0
        if len(set(weights.argmax(axis=1))) == k:
            return heads, flips, weights


def random_prior(rng: Rng, n: int, most: int) -> tuple[Array, ...]:
    """Draw arguments for `map_estimate`, with a > b > 1."""
    b = rng.uniform(1.3, 2.5)
    return *_rows(rng, n, most), b + rng.uniform(0.5, 2), b


def random_newton(rng: Rng, n: int, tol: float, max_iter: int, rule: int) -> Arguments:
    """Draw arguments for `newton_logit`, from a start where Newton's method converges.

    If `tol` ends it, it does so clearly, and that one of the wrong stopping rules stops elsewhere.
    """
    while True:
        flips = rng.integers(8, 15, size=n)
        heads = rng.binomial(flips - 2, rng.choice([0.2, 0.75])) + 1
        x = heads, flips, float(rng.uniform(0.3, 0.9)), tol, max_iter
        jumps = np.abs(np.diff(path(x)))
        if jumps.min() > 1.1 * tol:  # max_iter ends it
            return x
        clear = np.abs(jumps / tol - 1).min() > 0.1
        if clear and len(WRONG_RULES[rule].gives(*x)) != len(newton(x)):
            return x
