"""Exercise 3c.1: Q, the entropy and the bound told apart."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

from emlib.checks import Mistake, Output
from emlib.models.binomial import Tosses
from emlib.models.mixture import entropy, expected_log_joint
from key.coin_toss_em._draw import random_coins
from key.coin_toss_em._formulas import (
    COINS,
    EXAMPLE,
    HARD,
    Array,
    from_wrong_joints,
    hard,
    joint,
    naive,
    posterior,
    row_logs,
)
from key.exercise import Exercise, Rng
from key.kinds import with_a_rare_one
from key.misleads import _loops


def _bound(q: Array, theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    Tosses(heads, flips)  # refuses more heads than flips
    Q = expected_log_joint(q, joint(theta, alpha, heads, flips))
    return Q, entropy(q), Q + entropy(q)


def _draw(rng: Rng, coins: int, rows: int, most_flips: int) -> tuple[Array, ...]:
    """Draw q, with a zero in its first row and sure in its second, then the other arguments."""
    q = rng.dirichlet(np.ones(coins), rows)
    q[0, rng.integers(coins)] = 0
    q[1] = rng.permutation(np.eye(coins))[0]  # sure of its coin
    return q / q.sum(axis=1, keepdims=True), *random_coins(rng, coins, rows, most_flips)


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    """Draw short rows, and once a long one that some coins hardly explain."""
    q, theta, alpha, heads, flips = _draw(rng, 4, 4, 12)
    long = np.vstack([q, rng.dirichlet(np.full(4, 9))]), theta, alpha
    drawn = [_draw(rng, *sizes) for sizes in [(3, 5, 12), (2, 6, 9)]]
    theta, alpha, *data = random_coins(rng, 2, 4, 9)
    sure = np.eye(2, dtype=int)[rng.permutation([0, 0, 1, 1])]
    whole = sure, theta, with_a_rare_one(alpha), *data
    return [*drawn, (*long, np.append(heads, 1900), np.append(flips, 2000)), whole]


bound = Exercise(
    name="bound",
    parameters=("q", *COINS),
    outputs=tuple(Output(name, "a single number") for name in ("Q", "H", "elbo")),
    answer=_bound,
    examples=(
        (np.array([[1 / 2, 1 / 4, 1 / 4], [1 / 2, 1 / 2, 0]]), *EXAMPLE),
        (
            np.array([[0.9, 0.1], [0.2, 0.8], [1, 0], [0.3, 0.7]]),
            np.array([0.9, 0.2]),
            np.array([0.2, 0.8]),
            np.array([3, 1600, 0, 5]),
            np.array([5, 2000, 4, 9]),
        ),
    ),
    mistakes=(
        Mistake(
            "q ignored",
            "It looks as if you used the posterior instead of the `q` that was given.",
            lambda q, *x: _bound(posterior(joint(*x)), *x),
        ),
        *(
            Mistake(m.name, m.says, lambda q, *x, m=m: (q * m.gives(*x)).sum(), "Q")
            for m in from_wrong_joints(lambda log_joint: log_joint)
        ),
        Mistake(
            "q ignored",
            "It looks as if you used the posterior instead of the `q` that was given.",
            lambda q, *x: expected_log_joint(posterior(joint(*x)), joint(*x)),
            "Q",
        ),
        Mistake(
            "q ignored",
            "It looks as if `q` was not used in Q: Q is an expectation under `q`.",
            lambda q, *x: joint(*x).sum(),
            "Q",
        ),
        Mistake(
            "log-likelihood taken for Q",
            "Your Q is the log-likelihood. Q averages the log joint probability over `q`.",
            lambda q, *x: row_logs(joint(*x)).sum(),
            "Q",
        ),
        Mistake(
            "bound taken for Q",
            "Your Q is the bound: it holds the entropy already.",
            lambda q, *x: expected_log_joint(q, joint(*x)) + entropy(q),
            "Q",
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if Q was the logarithm of an average. Q is the average of a logarithm.",
            lambda q, *x: logsumexp(joint(*x), b=q, axis=1).sum(),
            "Q",
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if Q was the logarithm of an average. Q is the average of a logarithm.",
            lambda q, *x: np.log((q * naive(*x)).sum(axis=1)).sum(),  # underflows
            "Q",
        ),
        Mistake(
            "underflow",
            "It works for few flips. With 2,000 flips the probability of a row underflows to 0, "
            "and its logarithm is minus infinity. Stay with logarithms.",
            lambda q, *x: (q * np.log(naive(*x))).sum(),
            "Q",
        ),
        Mistake(
            "binomial coefficients",
            "It looks as if Q holds binomial coefficients. Here the series itself was observed.",
            lambda q, theta, alpha, h, n: (
                expected_log_joint(q, joint(theta, alpha, h, n)) + Tosses(h, n).log_orders
            ),
            "Q",
        ),
        Mistake(
            "hard instead of soft",
            HARD,
            lambda q, *x: (hard(q) * joint(*x)).sum(),
            "Q",
        ),
        Mistake(
            "sign of the entropy",
            "The sign of your entropy is wrong. An entropy of probabilities is never negative.",
            lambda q, *x: -entropy(q),
            "H",
        ),
        Mistake(
            "0 log 0",
            "Some entries of `q` are 0, and their logarithm is minus infinity. In an entropy "
            "0 log 0 counts as 0: leave such entries out.",
            lambda q, *x: -(q * np.log(q)).sum(),
            "H",
        ),
        Mistake(
            "q ignored",
            "It looks as if you took the entropy of the posterior instead of that of `q`.",
            lambda q, *x: entropy(posterior(joint(*x))),
            "H",
        ),
        Mistake(
            "entropy of the mixing weights",
            "It looks as if you took the entropy of the mixing weights. H is that of `q`.",
            lambda q, theta, alpha, h, n: entropy(alpha[None]),
            "H",
        ),
        Mistake(
            "entropy of the column means",
            "It looks as if you averaged `q` before taking its entropy. Each row has its own.",
            lambda q, *x: entropy(q.mean(axis=0, keepdims=True)),
            "H",
        ),
        Mistake(
            "entropy of the column means",
            "It looks as if you averaged `q` before taking its entropy, once for each row. Each "
            "row has its own.",
            lambda q, *x: len(q) * entropy(q.mean(axis=0, keepdims=True)),
            "H",
        ),
        Mistake(
            "entropy of the mixing weights",
            "It looks as if you took the entropy of the mixing weights for each row. H is that of "
            "`q`.",
            lambda q, theta, alpha, h, n: len(q) * entropy(alpha[None]),
            "H",
        ),
        Mistake(
            "mean instead of sum",
            "It looks as if you took the mean of the rows' entropies. Sum them.",
            lambda q, *x: entropy(q) / len(q),
            "H",
        ),
        Mistake(
            "logarithm to base 2",
            "It looks as if the entropy is in bits. In nats the logarithm is the natural one.",
            lambda q, *x: entropy(q) / np.log(2),
            "H",
        ),
        Mistake(
            "log-likelihood taken for the bound",
            "Your elbo is the log-likelihood. The bound touches it only if `q` is the posterior; "
            "for any other `q` it lies below.",
            lambda q, *x: row_logs(joint(*x)).sum(),
            "elbo",
        ),
        Mistake(
            "Q taken for the bound",
            "Your elbo is Q alone. The entropy of `q` is missing.",
            lambda q, *x: expected_log_joint(q, joint(*x)),
            "elbo",
        ),
        Mistake(
            "sign of the entropy",
            "It looks as if the entropy was subtracted. Write the bound as an expectation under "
            "`q` of a difference of logarithms: which sign does the entropy get?",
            lambda q, *x: expected_log_joint(q, joint(*x)) - entropy(q),
            "elbo",
        ),
        Mistake(
            "gap taken for the bound",
            "Your elbo is the gap between the bound and the log-likelihood.",
            lambda q, *x: row_logs(joint(*x)).sum() - _bound(q, *x)[2],
            "elbo",
        ),
        Mistake(
            "bound above the log-likelihood",
            "Your elbo lies above the log-likelihood: the Kullback-Leibler divergence was added, "
            "not subtracted.",
            lambda q, *x: 2 * row_logs(joint(*x)).sum() - _bound(q, *x)[2],
            "elbo",
        ),
        Mistake(
            "order of the values",
            "The numbers are right but in another order: first Q, then H, then elbo.",
            lambda *x: _bound(*x)[::-1],
        ),
        Mistake(
            "order of the values",
            "The numbers are right but in another order: first Q, then H, then elbo.",
            lambda *x: (_bound(*x)[2], *_bound(*x)[:2]),
        ),
        Mistake(
            "order of the values",
            "The numbers are right but in another order: first Q, then H, then elbo.",
            lambda *x: (_bound(*x)[1], _bound(*x)[0], _bound(*x)[2]),
        ),
        Mistake(
            "constant taken off",
            "It looks as if the logarithm of a mixing weight of 1/2 was taken off, as programs do"
            " that leave constants out. Here Q holds the mixing weights.",
            lambda q, *x: expected_log_joint(q, joint(*x)) - len(q) * np.log(0.5),
            part="Q",
        ),
    ),
    hints=(
        "Which of the three needs `theta`? Which depends on `q` alone?",
        "Q is a sum over all entries of `q` times the log joint probability. The entropy has the "
        "logarithm of `q` itself in its place, and a minus sign.",
        "`q[q > 0]` picks the entries whose logarithm is finite. The bound follows from the other "
        "two numbers.",
    ),
    cases=cases,
    follows=lambda Q, H, *x: Q + H,
    in_loops=_loops.bound,
    text={"alpha": 0.5},
    nats=("Q", "H", "elbo"),
    lent=("e_step",),
)
