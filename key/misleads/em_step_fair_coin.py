"""Exercise 3c.2: a variation, with one coin known to be fair."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.special import softmax

from emlib.checks import Mistake, Output
from emlib.models.binomial import BinomialMixture, Tosses
from key.coin_toss_em._draw import random_coins
from key.coin_toss_em._formulas import (
    COINS,
    HARD,
    UNDERFLOW,
    WRONG_JOINTS,
    Array,
    hard,
    joint,
    naive,
    of_counts,
    posterior,
    ratio,
    series,
)
from key.exercise import Exercise, Rng
from key.kinds import RARE
from key.misleads import _loops


def _two(theta: Array, alpha: Array) -> tuple[Array, Array]:
    """Return theta and alpha of both coins, the fair one second."""
    return np.array([theta, 0.5]), np.array([alpha, 1 - alpha])


def _fair_updates(r: Array, heads: Array, flips: Array) -> Array:
    """Return theta_new and alpha_new for the responsibilities of coin A, the first column."""
    return ratio(r[:, 0], heads, flips), r[:, 0].mean()


def _fair_r(theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    return posterior(joint(*_two(theta, alpha), heads, flips))


def _fair_mistake(
    name: str, says: str, responsibilities: Callable[..., Array], part: str = ""
) -> Mistake:
    """Return the mistake whose responsibilities are wrong and whose updates are right."""
    return Mistake(name, says, lambda *x: _fair_updates(responsibilities(*x), *x[2:]), part)


def _fair_answer(theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    model = BinomialMixture(*_two(theta, alpha), fit_mixing_weights=True)
    data = Tosses(heads, flips)
    model = model.m_step(data, model.e_step(data))
    return model.theta[0], model.mixing_weights[0]


def _repeated(theta: Array, alpha: Array, *data: Array, times: int) -> Array:
    for _ in range(times):
        theta, alpha = _fair_updates(_fair_r(theta, alpha, *data), *data)
    return theta, alpha


def _draw(rng: Rng, rows: int, most_flips: int) -> tuple[float, float, Array, Array]:
    """Draw theta and alpha of coin A, heads and flips, for coin A and a fair coin."""
    theta, alpha, heads, flips = random_coins(rng, 2, rows, most_flips)
    return theta[0], alpha[0], heads, flips


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    """Draw short rows, long ones, once far from both coins; and a coin A that is rare."""
    short, more, (theta, alpha, heads, flips) = (
        _draw(rng, *sizes) for sizes in [(5, 12), (7, 9), (4, 2000)]
    )
    heads[0] = 3 if theta > 0.5 else flips[0] - 3
    rare = more[0], RARE, *more[2:]
    return [short, more, (theta, alpha, heads, flips), rare]


em_step_fair_coin = Exercise(
    name="em_step_fair_coin",
    parameters=COINS,
    outputs=tuple(Output(name, "a single number") for name in ("theta_new", "alpha_new")),
    answer=_fair_answer,
    examples=(
        # The responsibilities of coin A are 3/7, 1/5 and 9/17.
        (3 / 4, 1 / 3, np.array([1, 0, 2]), np.array([1, 1, 2])),
        (0.7, 0.2, np.array([3, 1300, 0, 7]), np.array([5, 2000, 4, 9])),
    ),
    mistakes=(
        _fair_mistake(
            "same weight for both coins",
            "It looks as if both coins had the same weight, or none. If coin A is picked with "
            "probability `alpha`, what is left for coin B?",
            lambda t, a, h, n: posterior(series(_two(t, a)[0], h, n - h)),
        ),
        *(
            _fair_mistake(
                name, says, lambda t, a, h, n, wrong=wrong: posterior(wrong(*_two(t, a), h, n))
            )
            for name, says, wrong in WRONG_JOINTS
            if not name.startswith("mixing weights")  # see above
        ),
        _fair_mistake(
            "other coin's responsibilities",
            "It looks as if you used the responsibilities of the fair coin.",
            lambda *x: _fair_r(*x)[:, ::-1],
        ),
        _fair_mistake(
            "fair coin's flips left out",
            "It looks as if the fair coin's probability of a row was left out of the E-step. It is "
            "known, but it is not 1.",
            lambda t, a, h, n: posterior(
                np.log(_two(t, a)[1]) + series(t, h, n - h)[:, None] * [1, 0]
            ),
        ),
        _fair_mistake(
            "fair coin counted once",
            "It looks as if the fair coin had been flipped once in each row. It was flipped as "
            "often as the row says.",
            lambda t, a, h, n: posterior(
                np.log(_two(t, a)[1]) + np.outer(series(t, h, n - h), [1, 0]) + [0, np.log(0.5)]
            ),
        ),
        _fair_mistake(
            "coin B taken for the opposite of coin A",
            "It looks as if coin B's probability of heads was taken as 1 minus coin A's. Coin B is "
            "fair.",
            lambda t, a, h, n: posterior(joint(np.array([t, 1 - t]), _two(t, a)[1], h, n)),
        ),
        _fair_mistake(
            "fair coin's tails left out",
            "It looks as if the fair coin's probability was counted for the heads alone. Its tails "
            "have a probability, too.",
            lambda t, a, h, n: posterior(
                np.log(_two(t, a)[1]) + np.column_stack([series(t, h, n - h), h * np.log(0.5)])
            ),
        ),
        _fair_mistake("hard instead of soft", HARD, lambda *x: hard(_fair_r(*x))),
        _fair_mistake(
            "normalised over the wrong axis",
            "It looks as if the responsibilities were normalised over the rows instead of the two "
            "coins.",
            lambda t, a, h, n: softmax(joint(*_two(t, a), h, n), axis=0),
        ),
        _fair_mistake(
            "not normalised",
            "It looks as if the E-step does not divide by the probability of the row.",
            lambda t, a, h, n: naive(*_two(t, a), h, n),
        ),
        _fair_mistake(
            "underflow",
            UNDERFLOW,
            lambda t, a, h, n: (
                naive(*_two(t, a), h, n) / naive(*_two(t, a), h, n).sum(axis=1, keepdims=True)
            ),
        ),
        _fair_mistake(
            "underflow",
            UNDERFLOW,
            lambda t, a, h, n: (
                of_counts(*_two(t, a), h, n)
                / of_counts(*_two(t, a), h, n).sum(axis=1, keepdims=True)
            ),
        ),
        Mistake(
            "order of the values",
            "The two numbers are right but in the other order: first `theta_new`.",
            lambda *x: _fair_answer(*x)[::-1],
        ),
        Mistake(
            "divided by all flips instead of the coin's",
            "It looks as if `theta_new` was divided by all flips. Divide by those that are "
            "expected to be coin A's.",
            lambda *x: _fair_r(*x)[:, 0] @ x[2] / x[3].sum(),
            "theta_new",
        ),
        Mistake(
            "divided by rows instead of the coin's flips",
            "It looks as if `theta_new` was divided by a number of rows. Divide by flips.",
            lambda *x: _fair_r(*x)[:, 0] @ x[2] / _fair_r(*x)[:, 0].sum(),
            "theta_new",
        ),
        Mistake(
            "divided by rows instead of the coin's flips",
            "It looks as if `theta_new` was divided by the number of rows. Divide by flips.",
            lambda *x: _fair_r(*x)[:, 0] @ x[2] / len(x[2]),
            "theta_new",
        ),
        Mistake(
            "mean of ratios instead of ratio of sums",
            "It looks as if `theta_new` averages the rows' proportions of heads. Divide sums "
            "instead.",
            lambda *x: _fair_r(*x)[:, 0] @ (x[2] / x[3]) / _fair_r(*x)[:, 0].sum(),
            "theta_new",
        ),
        Mistake(
            "fair coin's rows counted",
            "It looks as if `theta_new` is the proportion of heads in all flips: rows that are "
            "probably the fair coin's should count less.",
            lambda t, a, h, n: h.sum() / n.sum(),
            "theta_new",
        ),
        Mistake(
            "theta not updated",
            "Your `theta_new` is the old `theta`.",
            lambda t, a, h, n: t,
            "theta_new",
        ),
        Mistake(
            "heads and tails swapped",
            "It looks as if `theta_new` is the probability of tails.",
            lambda *x: ratio(_fair_r(*x)[:, 0], x[3] - x[2], x[3]),
            "theta_new",
        ),
        Mistake(
            "fair coin's expected heads subtracted",
            "It looks as if half of the fair coin's flips were subtracted from all heads. Each "
            "row's own heads count for coin A, by its responsibility.",
            lambda *x: (x[2].sum() - _fair_r(*x)[:, 1] @ x[3] / 2) / (_fair_r(*x)[:, 0] @ x[3]),
            "theta_new",
        ),
        Mistake(
            "fair coin re-estimated",
            "Your `theta_new` is the estimate for coin B, which is known and not re-estimated.",
            lambda *x: ratio(_fair_r(*x)[:, 1], *x[2:]),
            "theta_new",
        ),
        Mistake(
            "sum instead of mean",
            "It looks as if `alpha_new` is the expected number of rows of coin A. A proportion is "
            "wanted.",
            lambda *x: _fair_r(*x)[:, 0].sum(),
            "alpha_new",
        ),
        Mistake(
            "flips counted instead of rows",
            "It looks as if `alpha_new` is coin A's share of the flips. The coin is picked once "
            "for each row.",
            lambda *x: _fair_r(*x)[:, 0] @ x[3] / x[3].sum(),
            "alpha_new",
        ),
        Mistake(
            "alpha not updated",
            "Your `alpha_new` is the old `alpha`: here the mixing weight is unknown too.",
            lambda t, a, h, n: a,
            "alpha_new",
        ),
        Mistake(
            "other coin's responsibilities",
            "Your `alpha_new` is how often coin B is picked.",
            lambda *x: _fair_r(*x)[:, 1].mean(),
            "alpha_new",
        ),
        Mistake(
            "second E-step before alpha",
            "It looks as if a second E-step was made before `alpha_new`. One M-step updates both "
            "with the same responsibilities.",
            lambda *x: _fair_r(_fair_answer(*x)[0], *x[1:])[:, 0].mean(),
            "alpha_new",
        ),
        _fair_mistake(
            "decimals cut off",
            "It looks as if the responsibilities were written into an array of integers, which "
            "cuts off their decimals.",
            lambda *x: np.trunc(_fair_r(*x)),
        ),
        *(
            Mistake(
                "more than one step",
                "It looks as if the step was repeated. One E-step and one M-step are asked for.",
                partial(_repeated, times=times),
            )
            for times in (2, 3, 5, 10, 20, 50, 100, 200, 500, 1000)
        ),
    ),
    hints=(
        "There are two coins, but one number in each row suffices: the responsibility of coin A. "
        "What is the probability of a row of n flips of a fair coin?",
        "For the M-step write down Q as a function of `theta` and `alpha`. Two terms hold `theta`, "
        "two hold `alpha`, and the fair coin's flips are constants.",
        "`np.logaddexp(a, b)` adds two probabilities in the log domain. The update of `theta` is "
        "the one you know; the update of `alpha` needs the responsibilities alone.",
    ),
    cases=cases,
    in_loops=_loops.em_step_fair_coin,
    text={"alpha": 0.5},
    lent=("e_step", "m_step"),  # with a second coin of 1/2 they do half of the work
)
