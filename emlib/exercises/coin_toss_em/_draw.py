"""Hidden inputs: random, asymmetric, and drawn afresh at every grading."""

from __future__ import annotations

import numpy as np

from emlib.exercises.coin_toss_em._formulas import Array
from emlib.exercises.coin_toss_em._loop import WRONG_RULES, Start, run, stopped

Rng = np.random.Generator


def random_coins(rng: Rng, coins: int, rows: int, most_flips: int) -> Start:
    """Draw theta, alpha, heads, flips: no two coins, weights or rows alike, every coin in use."""
    theta = rng.permutation(0.1 + 0.8 * (np.arange(coins) + rng.uniform(0.2, 0.8, coins)) / coins)
    weights = rng.permutation(np.arange(1, coins + 1)) + rng.uniform(0, 0.5, coins)
    flips = rng.permutation(np.linspace(most_flips // 3, most_flips, rows).astype(int))
    heads = rng.binomial(flips, theta[rng.permutation(np.arange(rows) % coins)])
    return theta, weights / weights.sum(), heads, flips


def random_m_step(rng: Rng, coins: int, rows: int, most_flips: int) -> tuple[Array, Array, Array]:
    """Draw responsibilities, heads and flips."""
    *_, heads, flips = random_coins(rng, coins, rows, most_flips)
    return rng.dirichlet(np.ones(coins), rows), heads, flips


def random_bound(rng: Rng, coins: int, rows: int, most_flips: int) -> tuple[Array, ...]:
    """Draw q, with a zero in its first row, theta, alpha, heads and flips."""
    q = rng.dirichlet(np.ones(coins), rows)
    q[0, rng.integers(coins)] = 0
    return q / q.sum(axis=1, keepdims=True), *random_coins(rng, coins, rows, most_flips)


def random_fair_coin(rng: Rng, rows: int, most_flips: int) -> tuple[float, float, Array, Array]:
    """Draw theta and alpha of coin A, heads and flips, for coin A and a fair coin."""
    theta, alpha, heads, flips = random_coins(rng, 2, rows, most_flips)
    return theta[0], alpha[0], heads, flips


def random_em(rng: Rng, coins: int, rows: int, tol: float, max_iter: int) -> tuple[Array, ...]:
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
