"""The exercises of notebook 03: EM for k coins.

Arguments are called as in the notebook: theta (k,) probabilities of heads, alpha (k,) mixing
weights, heads (n,) and flips (n,) the data, r or q (n, k) responsibilities.  In the mistakes,
each lambda is the formula as a student with this mistake has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import logsumexp, softmax

from emlib.check import Exercise, Mistake, Output, Part, Values, close
from emlib.coins import BinomialMixture, Tosses
from emlib.em import entropy, expected_log_joint

Array = Any  # numbers or arrays of numbers
Rng = np.random.Generator


def _series(theta: Array, heads: Array, tails: Array) -> Array:
    """Return log p(x_i | z_i = j), shape (n, k)."""
    return np.multiply.outer(heads, np.log(theta)) + np.multiply.outer(tails, np.log1p(-theta))


def _joint(theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    """Return log p(x_i, z_i = j), shape (n, k)."""
    return np.log(alpha) + _series(theta, heads, flips - heads)


def _naive(theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    """Return p(x_i, z_i = j), shape (n, k): exact for few flips, 0 for many."""
    return np.exp(_joint(theta, alpha, heads, flips))


def _rows(log_joint: Array) -> Array:
    """Return log p(x_i), shape (n,)."""
    return logsumexp(log_joint, axis=1)


def _posterior(log_joint: Array) -> Array:
    return softmax(log_joint, axis=1)


def _hard(r: Array) -> Array:
    """Give each row wholly to its most probable coin."""
    return (r == r.max(axis=1, keepdims=True)).astype(float)


HEADS_AND_TAILS = (
    "It looks as if heads and tails were exchanged: `theta` is the probability of heads, and "
    "`heads` counts them."
)
HARD = (
    "It looks as if each row was given wholly to its most probable coin (hard assignment). In EM "
    "every row counts for every coin, in proportion to the responsibilities."
)
UNDERFLOW = (
    "It works for few flips. With 2,000 flips the probability of a row is too small for a "
    "floating-point number: it underflows to 0. Stay with logarithms, and normalise before "
    "you exponentiate."
)
ONE_NUMBER_OF_FLIPS = (
    "It looks as if every row had the same number of flips. Here `flips` has one for each row."
)

# Every exercise that starts from log p(x, z) can get it wrong in the same ways.
WRONG_JOINTS: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    (
        "mixing weights forgotten",
        "It looks as if the mixing weights `alpha` were left out: a coin that is rarely picked "
        "should count less.",
        lambda theta, alpha, h, n: _series(theta, h, n - h),
    ),
    (
        "mixing weights taken as equal",
        "It looks as if every coin were picked equally often: use the weights in `alpha`.",
        lambda theta, alpha, h, n: _joint(theta, 1 / len(theta), h, n),
    ),
    (
        "heads and tails swapped",
        HEADS_AND_TAILS,
        lambda theta, alpha, h, n: _joint(1 - theta, alpha, h, n),
    ),
    (
        "tails left out",
        "It looks as if only the heads were counted. The tails of a row say something too.",
        lambda theta, alpha, h, n: np.log(alpha) + _series(theta, h, 0 * h),
    ),
    (
        "flips taken for tails",
        "It looks as if the probability of tails was used once for each flip, instead of once for "
        "each tail.",
        lambda theta, alpha, h, n: np.log(alpha) + _series(theta, h, n),
    ),
    (
        "one number of flips for all rows",
        ONE_NUMBER_OF_FLIPS,
        lambda theta, alpha, h, n: _joint(theta, alpha, h, n[0]),
    ),
    (
        "weights used as logarithms",
        "It looks as if `alpha` itself was added to a logarithm. Its logarithm belongs there.",
        lambda theta, alpha, h, n: alpha + _series(theta, h, n - h),
    ),
)


def _from_wrong_joints(finish: Callable[..., Any], part: str = "") -> Iterator[Mistake]:
    """Yield the mistakes in log p(x, z), where ``finish(log_joint)`` is right from there on."""
    for name, says, joint in WRONG_JOINTS:
        yield Mistake(name, says, lambda *x, joint=joint: finish(joint(*x)), part)


COINS = ("theta", "alpha", "heads", "flips")
# Small enough to work out by hand: the first row gives 1/2, 1/8, 3/8; the second 8/18, 9/18, 1/18.
EXAMPLE = (
    np.array([1 / 2, 1 / 4, 3 / 4]),
    np.array([1 / 2, 1 / 4, 1 / 4]),
    np.array([1, 0]),
    np.array([1, 2]),
)
LONG_EXAMPLE = (
    np.array([0.7, 0.4]),
    np.array([0.2, 0.8]),
    np.array([3, 1200, 0, 5]),
    np.array([5, 2000, 4, 9]),
)

log_likelihood = Exercise(
    name="log_likelihood",
    parameters=COINS,
    outputs=(Output("the log-likelihood", "a single number"),),
    answer=lambda theta, alpha, h, n: BinomialMixture(theta, alpha).log_likelihood(Tosses(h, n)),
    examples=(EXAMPLE, LONG_EXAMPLE),
    mistakes=(
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if each coin's term got its own logarithm before they were added. The "
            "probability of a row is a sum over the coins; the logarithm comes after that sum.",
            lambda theta, alpha, h, n: _joint(theta, alpha, h, n).sum(),
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if the coins' log-probabilities were averaged. By Jensen's inequality "
            "that is only a lower bound: average the probabilities, then take the logarithm.",
            lambda theta, alpha, h, n: (alpha * _series(theta, h, n - h)).sum(),
        ),
        *_from_wrong_joints(lambda joint: _rows(joint).sum()),
        Mistake(
            "Q taken for the log-likelihood",
            "That is Q, the expected complete-data log-likelihood. The log-likelihood of what was "
            "observed needs no responsibilities.",
            lambda *x: expected_log_joint(_posterior(_joint(*x)), _joint(*x)),
        ),
        Mistake(
            "Q taken for the log-likelihood",
            "That is Q without its mixing weights. The log-likelihood of what was observed needs "
            "no responsibilities.",
            lambda theta, alpha, h, n: expected_log_joint(
                _posterior(_joint(theta, alpha, h, n)), _series(theta, h, n - h)
            ),
        ),
        Mistake(
            "hard instead of soft",
            "It looks as if only the most probable coin of each row was counted. Any coin may be "
            "behind a row: add the probabilities of all of them.",
            lambda *x: _joint(*x).max(axis=1).sum(),
        ),
        Mistake(
            "summed over the wrong axis",
            "It looks as if rows were added inside the logarithm. Add over the coins of a row, take "
            "the logarithm, then add over the rows.",
            lambda *x: logsumexp(_joint(*x), axis=0).sum(),
        ),
        Mistake(
            "one logarithm of everything",
            "It looks as if one logarithm was taken of a sum over everything. Rows are independent: "
            "their probabilities multiply, so their logarithms add.",
            lambda *x: logsumexp(_joint(*x)),
        ),
        Mistake(
            "binomial coefficients",
            "It looks as if binomial coefficients were added: that is the probability of the number "
            "of heads. Here the series itself was observed.",
            lambda theta, alpha, h, n: _rows(_joint(theta, alpha, h, n)).sum()
            + Tosses(h, n).log_orders,
        ),
        Mistake(
            "mean instead of sum",
            "It looks as if the mean over the rows was taken. The log-likelihood is their sum.",
            lambda *x: _rows(_joint(*x)).mean(),
        ),
        Mistake(
            "negative log-likelihood",
            "The sign is wrong: this is the negative log-likelihood.",
            lambda *x: -_rows(_joint(*x)).sum(),
        ),
        Mistake(
            "logarithm to base 2",
            "It looks as if the logarithm was to base 2. In nats it is the natural one.",
            lambda *x: _rows(_joint(*x)).sum() / np.log(2),
        ),
        Mistake(
            "logarithm to base 10",
            "It looks as if the logarithm was to base 10. In nats it is the natural one.",
            lambda *x: _rows(_joint(*x)).sum() / np.log(10),
        ),
        Mistake(
            "logarithm forgotten",
            "That is the likelihood, a probability. Its logarithm is asked for.",
            lambda *x: _naive(*x).sum(axis=1).prod(),
        ),
        Mistake("underflow", UNDERFLOW, lambda *x: np.log(_naive(*x).sum(axis=1)).sum()),
    ),
    hints=(
        "What is the probability of one row if nobody tells you which coin was used? Write it "
        "down for two coins first.",
        "Make an array of shape `(n, k)`: entry `[i, j]` is the logarithm of `alpha[j]` times the "
        "probability of row `i` under coin `j`. `heads[:, None]` turns `heads` into a column.",
        "Each row then needs the logarithm of a sum of exponentials. "
        "`np.logaddexp.reduce(..., axis=1)` computes it without underflow.",
    ),
)

e_step = Exercise(
    name="e_step",
    parameters=COINS,
    outputs=(
        Output(
            "responsibilities",
            "an array of shape (n, k), a row per row of flips and a column per coin",
            rows_sum_to_one=True,
        ),
    ),
    answer=lambda theta, alpha, h, n: BinomialMixture(theta, alpha).e_step(Tosses(h, n)),
    examples=(EXAMPLE, LONG_EXAMPLE),
    mistakes=(
        Mistake(
            "normalised over the wrong axis",
            "It looks as if you normalised over the rows (down each column) instead of over the "
            "coins (along each row).",
            lambda *x: softmax(_joint(*x), axis=0),
        ),
        Mistake(
            "normalised over everything",
            "It looks as if you divided by one sum over all rows and coins. Each row has its own "
            "sum, over the coins.",
            lambda *x: softmax(_joint(*x)),
        ),
        *_from_wrong_joints(_posterior),
        Mistake(
            "not normalised",
            "It looks as if you returned the joint probability of row and coin. Bayes' rule still "
            "divides it by the probability of the row.",
            _naive,
        ),
        Mistake(
            "logarithms returned",
            "It looks as if you returned logarithms of probabilities. Responsibilities are "
            "probabilities.",
            lambda *x: _joint(*x) - _rows(_joint(*x))[:, None],
        ),
        Mistake(
            "logarithms returned",
            "It looks as if you returned logarithms of probabilities, not normalised. "
            "Responsibilities are probabilities.",
            _joint,
        ),
        Mistake(
            "logarithms normalised",
            "It looks as if logarithms were divided by their sum. Divide the probabilities: in the "
            "log domain that is a subtraction.",
            lambda *x: _joint(*x) / _joint(*x).sum(axis=1, keepdims=True),
        ),
        Mistake(
            "weights after normalising",
            "It looks as if `alpha` was multiplied in after normalising, so that rows no longer sum "
            "to 1. The weights belong to the joint probability.",
            lambda theta, alpha, h, n: alpha * _posterior(_series(theta, h, n - h)),
        ),
        Mistake("hard instead of soft", HARD, lambda *x: _hard(_posterior(_joint(*x)))),
        Mistake(
            "hard instead of soft",
            "It looks as if you returned the number of the most probable coin of each row. The "
            "responsibilities keep the doubt: a probability for every coin.",
            lambda *x: _joint(*x).argmax(axis=1),
        ),
        Mistake(
            "underflow",
            UNDERFLOW,
            lambda *x: _naive(*x) / _naive(*x).sum(axis=1, keepdims=True),
        ),
    ),
    hints=(
        "Use Bayes' rule for one row and two coins: which probability goes on top, which below?",
        "As for the log-likelihood, make the array of shape `(n, k)` of "
        "log joint probabilities. Each row has to be normalised on its own.",
        "Dividing probabilities is subtracting logarithms: subtract from each row its own "
        "`np.logaddexp.reduce(..., axis=1, keepdims=True)`, and exponentiate last.",
    ),
)


def _ratio(r: Array, heads: Array, flips: Array) -> Array:
    return (heads @ r) / (flips @ r)


def _m_step(r: Array, heads: Array, flips: Array) -> Array:
    return BinomialMixture(np.full(r.shape[1], 0.5)).m_step(Tosses(heads, flips), r).theta


m_step = Exercise(
    name="m_step",
    parameters=("responsibilities", "heads", "flips"),
    outputs=(Output("theta", "an array of shape (k,), one number per coin"),),
    answer=_m_step,
    examples=(
        (
            np.array([[1 / 2, 1 / 4, 1 / 4], [3 / 4, 1 / 4, 0]]),
            np.array([1, 0]),
            np.array([1, 2]),
        ),
        (
            np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.3, 0.7]]),
            np.array([3, 1200, 1, 5]),
            np.array([5, 2000, 4, 9]),
        ),
    ),
    mistakes=(
        Mistake(
            "mean of ratios instead of ratio of sums",
            "It looks as if you averaged the rows' proportions of heads. A row of few flips would "
            "then weigh as much as a long one: divide sums instead.",
            lambda r, h, n: ((h / n) @ r) / r.sum(axis=0),
        ),
        Mistake(
            "divided by rows instead of the coin's flips",
            "It looks as if you divided by the number of rows. Divide by the flips that are "
            "expected to be this coin's.",
            lambda r, h, n: h @ r / len(h),
        ),
        Mistake(
            "divided by all flips instead of the coin's",
            "It looks as if you divided by all flips. Divide by those that are expected to be this "
            "coin's.",
            lambda r, h, n: h @ r / n.sum(),
        ),
        Mistake(
            "divided by rows instead of the coin's flips",
            "It looks as if you divided by the expected number of rows. Divide by the expected "
            "number of flips.",
            lambda r, h, n: h @ r / r.sum(axis=0),
        ),
        Mistake(
            "not divided",
            "It looks as if you returned expected numbers of heads. A probability is wanted.",
            lambda r, h, n: h @ r,
        ),
        Mistake("hard instead of soft", HARD, lambda r, h, n: _ratio(_hard(r), h, n)),
        Mistake(
            "heads and tails swapped",
            "It looks as if you estimated the probability of tails.",
            lambda r, h, n: _ratio(r, n - h, n),
        ),
        Mistake(
            "divided by tails",
            "It looks as if you divided heads by tails: those are the odds. Divide by the flips.",
            lambda r, h, n: (h @ r) / ((n - h) @ r),
        ),
        Mistake(
            "responsibilities ignored",
            "Every coin gets the same number: it looks as if the responsibilities were not used.",
            lambda r, h, n: np.full(r.shape[1], h.sum() / n.sum()),
        ),
        Mistake(
            "responsibilities in the numerator only",
            "It looks as if only the heads were weighted by the responsibilities. The flips need "
            "the same weights.",
            lambda r, h, n: (h @ r) / (n.sum() / r.shape[1]),
        ),
        Mistake(
            "one number of flips for all rows",
            ONE_NUMBER_OF_FLIPS,
            lambda r, h, n: (h @ r) / (n[0] * r.sum(axis=0)),
        ),
        Mistake(
            "mixing weights instead of theta",
            "It looks as if you returned the mixing weights, the mean responsibilities. The new "
            "`theta` is asked for.",
            lambda r, h, n: r.mean(axis=0),
        ),
        Mistake(
            "theta normalised to sum 1",
            "Your numbers sum to 1. The probabilities of heads of different coins need not.",
            lambda r, h, n: _ratio(r, h, n) / _ratio(r, h, n).sum(),
        ),
        Mistake(
            "summed over the wrong axis",
            "It looks as if you summed over the coins. Each coin's estimate sums over the rows.",
            lambda r, h, n: (h[:, None] * r).sum(axis=1) / (n[:, None] * r).sum(axis=1),
        ),
    ),
    hints=(
        "If you knew each row's coin, how would you estimate its probability of heads? Now a row "
        "belongs to a coin only in part.",
        "For each coin, count the expected heads: each row's heads, weighted by the row's "
        "responsibility for that coin. Then count the expected flips in the same way.",
        "`heads @ responsibilities` sums over the rows and leaves one number per coin.",
    ),
)


def _bound(q: Array, theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    Q = expected_log_joint(q, _joint(theta, alpha, heads, flips))
    return Q, entropy(q), Q + entropy(q)


bound = Exercise(
    name="bound",
    parameters=("q", *COINS),
    outputs=tuple(Output(name, "a single number") for name in ("Q", "H", "elbo")),
    answer=_bound,
    examples=(
        (np.array([[1 / 2, 1 / 4, 1 / 4], [1 / 2, 1 / 2, 0]]), *EXAMPLE),
        (np.array([[0.9, 0.1], [0.2, 0.8], [1, 0], [0.3, 0.7]]), *LONG_EXAMPLE),
    ),
    mistakes=(
        Mistake(
            "q ignored",
            "It looks as if you used the posterior instead of the `q` that was given.",
            lambda q, *x: _bound(_posterior(_joint(*x)), *x),
        ),
        *(
            Mistake(m.name, m.says, lambda q, *x, m=m: (q * m.gives(*x)).sum(), "Q")
            for m in _from_wrong_joints(lambda joint: joint)
        ),
        Mistake(
            "q ignored",
            "It looks as if you used the posterior instead of the `q` that was given.",
            lambda q, *x: expected_log_joint(_posterior(_joint(*x)), _joint(*x)),
            "Q",
        ),
        Mistake(
            "q ignored",
            "It looks as if `q` was not used in Q: Q is an expectation under `q`.",
            lambda q, *x: _joint(*x).sum(),
            "Q",
        ),
        Mistake(
            "log-likelihood taken for Q",
            "Your Q is the log-likelihood. Q averages the log joint probability over `q`.",
            lambda q, *x: _rows(_joint(*x)).sum(),
            "Q",
        ),
        Mistake(
            "bound taken for Q",
            "Your Q is the bound: it holds the entropy already.",
            lambda q, *x: expected_log_joint(q, _joint(*x)) + entropy(q),
            "Q",
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "It looks as if Q was the logarithm of an average. Q is the average of a logarithm.",
            lambda q, *x: logsumexp(_joint(*x), b=q, axis=1).sum(),
            "Q",
        ),
        Mistake(
            "hard instead of soft",
            HARD,
            lambda q, *x: (_hard(q) * _joint(*x)).sum(),
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
            lambda q, *x: entropy(_posterior(_joint(*x))),
            "H",
        ),
        Mistake(
            "entropy of the mixing weights",
            "It looks as if you took the entropy of the mixing weights. H is that of `q`.",
            lambda q, theta, alpha, h, n: entropy(alpha),
            "H",
        ),
        Mistake(
            "entropy of the column means",
            "It looks as if you averaged `q` before taking its entropy. Each row has its own.",
            lambda q, *x: entropy(q.mean(axis=0)),
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
            lambda q, *x: _rows(_joint(*x)).sum(),
            "elbo",
        ),
        Mistake(
            "Q taken for the bound",
            "Your elbo is Q alone. The entropy of `q` is missing.",
            lambda q, *x: expected_log_joint(q, _joint(*x)),
            "elbo",
        ),
        Mistake(
            "sign of the entropy",
            "It looks as if the entropy was subtracted. Write the bound as an expectation under "
            "`q` of a difference of logarithms: which sign does the entropy get?",
            lambda q, *x: expected_log_joint(q, _joint(*x)) - entropy(q),
            "elbo",
        ),
        Mistake(
            "bound above the log-likelihood",
            "Your elbo lies above the log-likelihood: the Kullback-Leibler divergence was added, "
            "not subtracted.",
            lambda q, *x: 2 * _rows(_joint(*x)).sum() - _bound(q, *x)[2],
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
    ),
    hints=(
        "Which of the three needs `theta`? Which depends on `q` alone?",
        "Q is a sum over all entries of `q` times the log joint probability. The entropy has the "
        "logarithm of `q` itself in its place, and a minus sign.",
        "`q[q > 0]` picks the entries whose logarithm is finite. The bound follows from the other "
        "two numbers.",
    ),
)


def _loop(
    theta: Array, alpha: Array, heads: Array, flips: Array, tol: float, max_iter: int, steps: Any
) -> Array:
    """Run EM with the given steps and fixed mixing weights."""
    expect, maximise, ll = steps
    thetas, lls = [theta], [ll(theta, alpha, heads, flips)]
    for _ in range(max_iter):
        theta = maximise(expect(theta, alpha, heads, flips), heads, flips)
        thetas.append(theta)
        lls.append(ll(theta, alpha, heads, flips))
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


@lru_cache(maxsize=32)
def _cached(start: tuple[tuple[float, ...], ...], iterations: int) -> Array:
    right = (e_step.answer, m_step.answer, log_likelihood.answer)
    return _loop(*(np.array(values) for values in start), -np.inf, iterations, right)


def _run(theta: Array, alpha: Array, heads: Array, flips: Array, iterations: int) -> Array:
    """Return a run of so many iterations; kept, because many mistakes share it."""
    return _cached(tuple(tuple(values) for values in (theta, alpha, heads, flips)), iterations)


def _em(
    theta: Array,
    alpha: Array,
    heads: Array,
    flips: Array,
    tol: float,
    max_iter: int,
    steps: Any = None,
) -> Array:
    """Run EM with the student's steps, or with the right ones."""
    if steps:
        return _loop(theta, alpha, heads, flips, tol, max_iter, steps)
    thetas, lls = _run(theta, alpha, heads, flips, max_iter)
    small = np.flatnonzero(np.diff(lls) < tol)
    last = small[0] + 2 if len(small) else len(lls)
    return thetas[:last], lls[:last]


def _stopping(criterion: Callable[..., Array], rule: Callable[..., Any]) -> Callable[..., Array]:
    """Return an EM that stops when ``rule(criterion after, before, tol)`` says so."""

    def gives(
        theta: Array, alpha: Array, heads: Array, flips: Array, tol: float, max_iter: int
    ) -> Array:
        thetas, lls = _run(theta, alpha, heads, flips, max_iter)
        values = criterion(thetas, lls, alpha, heads, flips)
        pairs = enumerate(zip(values[1:], values[:-1], strict=True), start=1)
        stop = next((t for t, (after, before) in pairs if rule(after, before, tol)), max_iter)
        return thetas[: stop + 1], lls[: stop + 1]

    return gives


def _log_likelihoods(thetas: Array, lls: Array, alpha: Array, h: Array, n: Array) -> Array:
    return lls


def _thetas(thetas: Array, lls: Array, alpha: Array, h: Array, n: Array) -> Array:
    return thetas


def _q_of(lag: int, with_weights: bool) -> Callable[..., Array]:
    """Return Q at theta_t, with the responsibilities of theta_(t - lag)."""

    def criterion(thetas: Array, lls: Array, alpha: Array, h: Array, n: Array) -> Array:
        series = np.stack([_series(theta, h, n - h) for theta in thetas])
        joints = np.log(alpha) + series
        r = softmax(joints, axis=2)[np.maximum(np.arange(len(thetas)) - lag, 0)]
        return (r * (joints if with_weights else series)).sum(axis=(1, 2))

    return criterion


def _gain_small(after: Array, before: Array, tol: float) -> bool:
    return bool(after - before < tol)


def _change_small(after: Array, before: Array, tol: float) -> bool:
    return bool(np.max(np.abs(np.subtract(after, before))) < tol)


_on_q = tuple(
    (lag, with_weights, rule)
    for lag in (0, 1)
    for with_weights in (True, False)
    for rule in (_gain_small, _change_small)
)


def _q_returned(*x: Array, lag: int, with_weights: bool, rule: Callable[..., Any]) -> Array:
    criterion = _q_of(lag, with_weights)
    theta, alpha, heads, flips, tol, max_iter = x
    thetas, lls = _stopping(criterion, rule)(*x)
    return thetas, criterion(thetas, lls, alpha, heads, flips)


def _sliced(thetas: slice, lls: slice, longer: int = 0, heed: bool = True) -> Callable[..., Array]:
    """Return slices of a run `longer` than right, by iterations; it may `heed` max_iter."""

    def gives(*x: Array) -> Array:
        last = len(_em(*x)[1]) + longer
        all_thetas, all_lls = _run(*x[:4], x[5] + (0 if heed else longer))
        return all_thetas[:last][thetas], all_lls[:last][lls]

    return gives


def _lagging(*x: Array, longer: int) -> Array:
    """Pair each theta with the log-likelihood of the theta before it."""
    thetas, lls = _sliced(slice(None), slice(None), longer)(*x)
    return thetas, np.concatenate([lls[:1], lls[:-1]])


def _fitted_weights(*x: Array) -> Array:
    """Re-estimate the mixing weights too."""
    theta, alpha, heads, flips, tol, max_iter = x
    thetas, lls = [theta], [_rows(_joint(theta, alpha, heads, flips)).sum()]
    for _ in range(max_iter):
        r = _posterior(_joint(thetas[-1], alpha, heads, flips))
        alpha = r.mean(axis=0)
        thetas.append(_ratio(r, heads, flips))
        lls.append(_rows(_joint(thetas[-1], alpha, heads, flips)).sum())
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


def _repeated_last(*x: Array) -> Array:
    thetas, lls = _em(*x)
    return np.tile(thetas[-1], (len(thetas), 1)), lls


def _one_e_step(*x: Array) -> Array:
    r = e_step.answer(*x[:4])
    return _loop(*x, (lambda *_: r, m_step.answer, log_likelihood.answer))


def _common(values: Values, right: Values, i: int) -> bool:
    """Whether output i agrees as far as both go, for at least one iteration."""
    rows = min(len(values[i]), len(right[i]))
    return rows > 1 and close(values[i][:rows], right[i][:rows])


STOPS_ON_Q = (
    "It looks as if the loop stops when Q changes little. Q is not what EM climbs, it may even "
    "fall: watch the log-likelihood."
)
ONE_TOO_FEW = "It looks as if the last iteration was lost: its `theta` belongs to the result too."
NO_START = (
    "It looks as if the start is missing: row 0 of `thetas` is the start itself, and entry 0 of "
    "`log_likelihoods` belongs to it."
)
LAGGING = (
    "It looks as if each `theta` stands beside the log-likelihood of the `theta` before it. Entry "
    "t of both arrays must belong to the same parameters."
)
every, first_dropped, last_dropped = slice(None), slice(1, None), slice(-1)

_EARLY_OR_LATE = (
    *(
        Mistake("stops on Q", STOPS_ON_Q, _stopping(_q_of(lag, with_weights), rule))
        for lag, with_weights, rule in _on_q
    ),
    Mistake(
        "stops on theta",
        "It looks as if the loop stops when `theta` changes little. It should watch the gain of "
        "the log-likelihood.",
        _stopping(_thetas, _change_small),
    ),
    Mistake(
        "stops on theta",
        "It looks as if the loop stops when the norm of the change of `theta` is small. It should "
        "watch the gain of the log-likelihood.",
        _stopping(_thetas, lambda after, before, tol: np.linalg.norm(after - before) < tol),
    ),
    Mistake(
        "relative instead of absolute gain",
        "It looks as if the gain was divided by the log-likelihood before it was compared with "
        "`tol`. Compare the gain itself.",
        _stopping(_log_likelihoods, lambda after, before, tol: (after - before) < tol * abs(before)),
    ),
    Mistake(
        "mean instead of sum",
        "It looks as if the gain was divided by the number of rows before it was compared with "
        "`tol`. Compare the gain itself.",
        lambda *x: _em(*x[:4], x[4] * len(x[2]), x[5]),
    ),
    Mistake(
        "tol ignored",
        "It looks as if the loop always runs for `max_iter` iterations. It should stop as soon as "
        "an iteration gains less than `tol`.",
        lambda *x: _run(*x[:4], x[5]),
    ),
    Mistake(
        "stops after the first iteration",
        "It looks as if the loop always ends after its first iteration.",
        lambda *x: _em(*x[:4], np.inf, x[5]),
    ),
)

em = Exercise(
    name="em",
    parameters=(*COINS, "tol", "max_iter"),
    outputs=(
        Output("thetas", "an array of shape (T + 1, k)", any_length=True),
        Output("log_likelihoods", "an array of shape (T + 1,)", any_length=True),
    ),
    answer=_em,
    examples=(
        (
            np.array([0.5, 0.4]),
            np.array([0.75, 0.25]),
            np.array([5, 6, 9, 1, 6]),
            np.array([8, 7, 10, 4, 7]),
            0.01,
            40,
        ),
        (
            np.array([0.4, 0.6, 0.5]),
            np.array([0.5, 0.2, 0.3]),
            np.array([5, 9, 4, 3]),
            np.array([10, 12, 14, 5]),
            1e-6,
            4,
        ),
    ),
    parts=(
        Part(
            "thetas",
            lambda values, right: _common(values, right, 0),
            "`thetas` is not right: row 0 is the start, and each further row comes from the row "
            "before it by one E-step and one M-step.",
        ),
        Part(
            "log_likelihoods",
            lambda values, right: len(values[0]) == len(values[1]) and _common(values, right, 1),
            "`log_likelihoods` is not right: entry t is the log-likelihood at row t of `thetas`, "
            "and there are as many of the one as of the other.",
        ),
        Part(
            "stopping rule",
            lambda values, right: len(values[0]) == len(right[0]),
            "It stops too early or too late: after the first iteration that gains less than "
            "`tol`, or after `max_iter` iterations.",
        ),
    ),
    mistakes=(
        *_EARLY_OR_LATE,
        Mistake("start missing", NO_START, _sliced(first_dropped, first_dropped)),
        Mistake("start missing", NO_START, _sliced(first_dropped, every)),
        Mistake("start missing", NO_START, _sliced(every, first_dropped)),
        Mistake("theta beside the wrong log-likelihood", LAGGING, _sliced(first_dropped, last_dropped)),
        Mistake(
            "theta beside the wrong log-likelihood", LAGGING, _sliced(first_dropped, last_dropped, 1)
        ),
        Mistake(
            "theta beside the wrong log-likelihood", LAGGING, lambda *x: _lagging(*x, longer=0)
        ),
        Mistake(
            "theta beside the wrong log-likelihood", LAGGING, lambda *x: _lagging(*x, longer=1)
        ),
        Mistake("one iteration too few", ONE_TOO_FEW, _sliced(last_dropped, last_dropped)),
        Mistake("one iteration too few", ONE_TOO_FEW, _sliced(last_dropped, every)),
        Mistake("one iteration too few", ONE_TOO_FEW, _sliced(every, last_dropped)),
        Mistake(
            "one iteration too few",
            "It looks as if the loop is left before the last `theta` is kept: the iteration that "
            "gains less than `tol` belongs to the result.",
            lambda *x: _sliced(*[slice(None if len(_em(*x)[0]) > x[5] else -1)] * 2)(*x),
        ),
        Mistake(
            "one iteration too few",
            "It looks as if the loop makes `max_iter` - 1 iterations at most.",
            lambda *x: _em(*x[:5], x[5] - 1),
        ),
        Mistake(
            "one iteration too many",
            "It looks as if the loop makes `max_iter` + 1 iterations at most.",
            lambda *x: _em(*x[:5], x[5] + 1),
        ),
        Mistake(
            "one iteration too many",
            "It looks as if the loop makes one more iteration after a gain below `tol`.",
            _sliced(every, every, 1),
        ),
        Mistake(
            "one iteration too many",
            "It looks as if the loop makes one more iteration after it should have stopped.",
            _sliced(every, every, 1, heed=False),
        ),
        Mistake(
            "max_iter ignored",
            "It looks as if `max_iter` is not heeded.",
            lambda *x: _em(*x[:5], 20 * x[5]),
        ),
        Mistake(
            "mixing weights fitted",
            "It looks as if `alpha` was re-estimated. Here the mixing weights stay fixed.",
            _fitted_weights,
        ),
        Mistake(
            "one array kept many times",
            "Every row of `thetas` holds the last `theta`: it looks as if one array was changed in "
            "place and kept many times.",
            _repeated_last,
        ),
        Mistake(
            "E-step outside the loop",
            "It looks as if the responsibilities were computed once, before the loop. Each "
            "iteration starts with a new E-step.",
            _one_e_step,
        ),
        *(
            Mistake(
                "Q taken for the log-likelihood",
                "Your `log_likelihoods` hold Q. The log-likelihood sums over the coins inside the "
                "logarithm.",
                lambda *x, how=how: _q_returned(
                    *x, lag=how[0], with_weights=how[1], rule=how[2]
                ),
            )
            for how in _on_q
        ),
    ),
    hints=(
        "Write the body for one iteration first: which two of your functions does it call, and "
        "what does the second get?",
        "Start two lists with the start and its log-likelihood. Append to both in every "
        "iteration, after the M-step.",
        "Compare the last two entries of the list of log-likelihoods, after you appended. "
        "`for _ in range(max_iter)` with a `break` counts the iterations for you.",
    ),
)


def _two(theta: Array, alpha: Array) -> tuple[Array, Array]:
    """Return theta and alpha of both coins, the fair one second."""
    return np.array([theta, 0.5]), np.array([alpha, 1 - alpha])


def _fair_updates(r: Array, heads: Array, flips: Array) -> Array:
    """Return theta_new and alpha_new for the responsibilities of coin A, the first column."""
    return _ratio(r[:, 0], heads, flips), r[:, 0].mean()


def _fair_r(theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    return _posterior(_joint(*_two(theta, alpha), heads, flips))


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


em_step_fair_coin = Exercise(
    name="em_step_fair_coin",
    parameters=COINS,
    outputs=tuple(Output(name, "a single number") for name in ("theta_new", "alpha_new")),
    answer=_fair_answer,
    examples=(
        (1 / 4, 1 / 3, np.array([1, 0, 1]), np.array([1, 1, 2])),
        (0.7, 0.2, np.array([3, 1200, 0, 7]), np.array([5, 2000, 4, 9])),
    ),
    mistakes=(
        *(
            _fair_mistake(
                name, says, lambda t, a, h, n, joint=joint: _posterior(joint(*_two(t, a), h, n))
            )
            for name, says, joint in WRONG_JOINTS
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
            lambda t, a, h, n: _posterior(
                np.log(_two(t, a)[1]) + _series(t, h, n - h)[:, None] * [1, 0]
            ),
        ),
        _fair_mistake(
            "fair coin counted once",
            "It looks as if the fair coin had been flipped once in each row. It was flipped as "
            "often as the row says.",
            lambda t, a, h, n: _posterior(
                np.log(_two(t, a)[1]) + np.outer(_series(t, h, n - h), [1, 0]) + [0, np.log(0.5)]
            ),
        ),
        _fair_mistake(
            "coin B taken for the opposite of coin A",
            "It looks as if coin B's probability of heads was taken as 1 minus coin A's. Coin B is "
            "fair.",
            lambda t, a, h, n: _posterior(_joint(np.array([t, 1 - t]), _two(t, a)[1], h, n)),
        ),
        _fair_mistake(
            "same weight for both coins",
            "It looks as if both coins had the weight `alpha`. If coin A is picked with probability "
            "`alpha`, what is left for coin B?",
            lambda t, a, h, n: _posterior(_series(_two(t, a)[0], h, n - h)),
        ),
        _fair_mistake("hard instead of soft", HARD, lambda *x: _hard(_fair_r(*x))),
        _fair_mistake(
            "normalised over the wrong axis",
            "It looks as if the responsibilities were normalised over the rows instead of the two "
            "coins.",
            lambda t, a, h, n: softmax(_joint(*_two(t, a), h, n), axis=0),
        ),
        _fair_mistake(
            "not normalised",
            "It looks as if the E-step does not divide by the probability of the row.",
            lambda t, a, h, n: _naive(*_two(t, a), h, n),
        ),
        _fair_mistake(
            "underflow",
            UNDERFLOW,
            lambda t, a, h, n: _naive(*_two(t, a), h, n)
            / _naive(*_two(t, a), h, n).sum(axis=1, keepdims=True),
        ),
        Mistake(
            "order of the values",
            "The two numbers are right but in the other order: first `theta_new`.",
            lambda *x: _fair_answer(*x)[::-1],
        ),
        Mistake(
            "divided by all flips instead of the coin's",
            "It looks as if `theta_new` was divided by all flips. Divide by those that are expected "
            "to be coin A's.",
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
            "fair coin re-estimated",
            "Your `theta_new` is the estimate for coin B, which is known and not re-estimated.",
            lambda *x: _ratio(_fair_r(*x)[:, 1], *x[2:]),
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
    ),
    hints=(
        "There are two coins, but one number in each row suffices: the responsibility of coin A. "
        "What is the probability of a row of n flips of a fair coin?",
        "For the M-step write down Q as a function of `theta` and `alpha`. Two terms hold `theta`, "
        "two hold `alpha`, and the fair coin's flips are constants.",
        "`np.logaddexp(a, b)` adds two probabilities in the log domain. The update of `theta` is "
        "the one you know; the update of `alpha` needs the responsibilities alone.",
    ),
)


# Hidden inputs: random, asymmetric, and different at every grading.


def random_coins(rng: Rng, coins: int, rows: int, most_flips: int) -> tuple[Array, ...]:
    """Draw theta, alpha, heads and flips: unequal coins and weights, flips that differ by row."""
    theta = rng.permutation(0.1 + 0.8 * (np.arange(coins) + rng.uniform(0.2, 0.8, coins)) / coins)
    weights = rng.permutation(np.arange(1, coins + 1)) + rng.uniform(0, 0.5, coins)
    flips = rng.permutation(np.linspace(most_flips // 3, most_flips, rows).astype(int))
    heads = rng.binomial(flips, theta[rng.choice(coins, rows)])
    return theta, weights / weights.sum(), heads, flips


def random_m_step(rng: Rng, coins: int, rows: int, most_flips: int) -> tuple[Array, ...]:
    """Draw responsibilities, heads and flips."""
    *_, heads, flips = random_coins(rng, coins, rows, most_flips)
    return rng.dirichlet(np.ones(coins), rows), heads, flips


def random_bound(rng: Rng, coins: int, rows: int, most_flips: int) -> tuple[Array, ...]:
    """Draw q, with a zero in its first row, theta, alpha, heads and flips."""
    q = rng.dirichlet(np.ones(coins), rows)
    q[0, rng.integers(coins)] = 0
    return q / q.sum(axis=1, keepdims=True), *random_coins(rng, coins, rows, most_flips)


def random_fair_coin(rng: Rng, rows: int, most_flips: int) -> tuple[Array, ...]:
    """Draw theta and alpha of coin A, heads and flips, for one unknown coin and a fair one."""
    theta, alpha, heads, flips = random_coins(rng, 2, rows, most_flips)
    return theta[0], alpha[0], heads, flips


def random_em(rng: Rng, coins: int, rows: int, tol: float, max_iter: int) -> tuple[Array, ...]:
    """Draw the arguments of `em`, such that each wrong stopping rule would show.

    If `tol` is 0 it is `max_iter` that ends the run.
    """
    while True:
        case = (*random_coins(rng, coins, rows, 20), tol, max_iter)
        thetas, lls = _run(*case[:4], max_iter)
        gains, last = np.diff(lls), len(_em(*case)[1])
        if thetas.min() < 0.01 or thetas.max() > 0.99:
            continue
        if tol == 0 and gains.min() > 1e-4:
            return case
        clear = tol > 0 and np.abs(gains / tol - 1).min() > 0.1  # rounding decides nothing
        if clear and 4 < last <= max_iter:
            if all(abs(len(m.gives(*case)[1]) - last) > 1 for m in _EARLY_OR_LATE):
                return case
