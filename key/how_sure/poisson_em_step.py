"""Exercise 5.1: one EM iteration for a mixture of Poisson distributions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.special import gammaln, logsumexp, softmax

from emlib.checks import Mistake, Output, Part
from emlib.checks.relations import holds
from key.exercise import Exercise, Rng
from key.how_sure import _loops
from key.kinds import with_a_rare_one

Array = Any  # numbers or arrays of numbers


def _joint(rates: Array, alpha: Array, counts: Array) -> Array:
    x = np.asarray(counts)[:, None]
    return np.log(alpha) + x * np.log(rates) - rates - gammaln(x + 1)


def _new(r: Array, counts: Array, days: Array) -> tuple[Array, Array]:
    """Return rates and alpha for the responsibilities r."""
    N = days @ r
    return (days * counts) @ r / N, N / np.sum(days)


def _from(joint: Array, counts: Array, days: Array) -> tuple[Array, ...]:
    return *_new(softmax(joint, axis=1), counts, days), days @ logsumexp(joint, axis=1)


def _answer(rates: Array, alpha: Array, counts: Array, days: Array) -> tuple[Array, ...]:
    return _from(_joint(rates, alpha, counts), counts, days)


def _r(rates: Array, alpha: Array, counts: Array, _: Array) -> Array:
    return softmax(_joint(rates, alpha, counts), axis=1)


# What log p(x, z) may look like, of k rates, alpha and a column of counts.
WRONG_JOINTS: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    (
        "mixing weights forgotten",
        "It looks as if the mixing weights `alpha` were left out: a rare kind of day should count "
        "less.",
        lambda lam, a, x: _joint(lam, 1, x[:, 0]),
    ),
    (
        "mixing weights forgotten",
        "It looks as if every kind of day had the same weight: use the weights in `alpha`.",
        lambda lam, a, x: _joint(lam, 1 / len(a), x[:, 0]),
    ),
    (
        "rate left out of the exponent",
        "It looks as if the factor $e^{-\\lambda}$ of the Poisson distribution were left out. It "
        "differs from component to component, so it does not cancel.",
        lambda lam, a, x: np.log(a) + x * np.log(lam) - gammaln(x + 1),
    ),
    (
        "count left out of the exponent",
        "It looks as if $\\lambda$ stood where $\\lambda^x$ belongs: the logarithm of a rate is "
        "multiplied by the count.",
        lambda lam, a, x: np.log(a) + np.log(lam) - lam - gammaln(x + 1),
    ),
    (
        "weights times logarithms",
        "It looks as if a logarithm was multiplied by `alpha`. It is a probability that `alpha` "
        "multiplies: what becomes of the product when you take the logarithm?",
        lambda lam, a, x: a * (_joint(lam, 1, x[:, 0])),
    ),
)


def _overflowed(rates: Array, alpha: Array, counts: Array, days: Array) -> tuple[Array, ...]:
    x = np.asarray(counts, float)[:, None]
    s = alpha * (rates**x * np.exp(-rates) / np.exp(gammaln(x + 1)))
    row = s.sum(axis=1)
    return *_new(s / row[:, None], counts, days), days @ np.log(row)


Days = tuple[tuple[str, str, Callable[..., Array]], ...]
WRONG_RESPONSIBILITIES: Days = (
    (
        "days raise the probabilities",
        "It looks as if the logarithms were multiplied by `days` before the responsibilities were "
        "computed. Two days with the same count have the same responsibilities; how many there "
        "are matters in the sums of the M-step.",
        lambda *x: softmax(x[3][:, None] * _joint(*x[:3]), axis=1),
    ),
    (
        "hard assignment",
        "It looks as if each count was given wholly to its most probable component (hard "
        "assignment). In EM it counts for every component, in proportion to the responsibilities.",
        lambda *x: np.eye(len(x[0]))[_r(*x).argmax(axis=1)],
    ),
    (
        "normalised over the rows",
        "It looks as if the responsibilities were normalised over the counts instead of the "
        "components. The shares of *one* count sum to 1.",
        lambda *x: softmax(_joint(*x[:3]), axis=0),
    ),
)


def _mistakes() -> Iterator[Mistake]:
    for name, says, wrong in WRONG_JOINTS:
        yield Mistake(name, says, lambda lam, a, x, d, w=wrong: _from(w(lam, a, x[:, None]), x, d))
    for name, says, r in WRONG_RESPONSIBILITIES:
        yield Mistake(name, says, lambda *x, r=r: (*_new(r(*x), *x[2:]), _answer(*x)[2]))

        def weights_sum_to_1(*x: Array, r: Callable[..., Array] = r) -> tuple[Array, ...]:
            """Return alpha divided by its own sum, as N / N.sum() makes it, not by all days."""
            rates, alpha = _new(r(*x), *x[2:])
            return rates, alpha / alpha.sum(), _answer(*x)[2]

        yield Mistake(name, says, weights_sum_to_1)
    yield Mistake(
        "days not counted",
        "It looks as if every count was observed on one day. `days` says on how many.",
        lambda *x: _answer(*x[:3], np.ones(len(x[2]))),
    )
    yield Mistake(
        "overflow",
        "It works for small counts. With counts of 2,000 $\\lambda^x$ and $x!$ are too large for "
        "floating-point numbers, and $e^{-\\lambda}$ is too small. Stay with logarithms, and "
        "normalise before you exponentiate.",
        _overflowed,
    )
    for name, says, part, gives in (
        (
            "days not counted",
            "Your `rates` count every number of the list once. It was observed on `days` days.",
            "rates",
            lambda *x: x[2] @ _r(*x) / _r(*x).sum(axis=0),
        ),
        (
            "days counted in part",
            "In your `rates`, `days` seem to count above the fraction bar and not below it.",
            "rates",
            lambda *x: (x[3] * x[2]) @ _r(*x) / _r(*x).sum(axis=0),
        ),
        (
            "divided by all days",
            "Your `rates` were divided by the number of all days. Divide by the expected number "
            "of days of the component.",
            "rates",
            lambda *x: (x[3] * x[2]) @ _r(*x) / x[3].sum(),
        ),
        (
            "expected sums instead of means",
            "Your `rates` are expected sums of counts. A rate is a mean: divide by the expected "
            "number of days of the component.",
            "rates",
            lambda *x: (x[3] * x[2]) @ _r(*x),
        ),
        (
            "old values",
            "Your `rates` are the old ones.",
            "rates",
            lambda *x: x[0],
        ),
        (
            "days not counted",
            "Your `alpha` counts every number of the list once. It was observed on `days` days.",
            "alpha",
            lambda *x: _r(*x).mean(axis=0),
        ),
        (
            "divided by the number of counts",
            "Your `alpha` was divided by the length of the list. Divide by the number of days.",
            "alpha",
            lambda *x: x[3] @ _r(*x) / len(x[2]),
        ),
        (
            "expected days",
            "Your `alpha` holds expected numbers of days. Proportions are asked for.",
            "alpha",
            lambda *x: x[3] @ _r(*x),
        ),
        ("old values", "Your `alpha` is the old one.", "alpha", lambda *x: x[1]),
        (
            "second E-step",
            "It looks as if a second E-step was made, with the new rates, before `alpha` was "
            "updated. Both updates belong to one E-step.",
            "alpha",
            lambda *x: x[3] @ _r(_answer(*x)[0], *x[1:]) / x[3].sum(),
        ),
        (
            "days not counted",
            "Your `log_likelihood` counts every number of the list once. It was observed on "
            "`days` days.",
            "log_likelihood",
            lambda *x: logsumexp(_joint(*x[:3]), axis=1).sum(),
        ),
        (
            "factorial left out",
            "Your `log_likelihood` lacks $\\log x!$ of each day (`scipy.special.gammaln(x + 1)`). "
            "It cancels in the responsibilities, but not here.",
            "log_likelihood",
            lambda *x: _answer(*x)[2] + x[3] @ gammaln(x[2] + 1),
        ),
        (
            "log-likelihood of the new parameters",
            "Your `log_likelihood` belongs to the new parameters. Asked for is that of the "
            "parameters that were given.",
            "log_likelihood",
            lambda *x: _answer(*_answer(*x)[:2], *x[2:])[2],
        ),
        (
            "Q instead of the log-likelihood",
            "Your `log_likelihood` is $Q$, the expected log-likelihood of the complete data. "
            "Asked for is the logarithm of each day's probability, the sum over the components.",
            "log_likelihood",
            lambda *x: x[3] @ (_r(*x) * _joint(*x[:3])).sum(axis=1),
        ),
        (
            "mean instead of sum",
            "Your `log_likelihood` is a mean over the days. The sum is asked for.",
            "log_likelihood",
            lambda *x: _answer(*x)[2] / x[3].sum(),
        ),
    ):
        yield Mistake(name, says, gives, part)


def _draw(rng: Rng, rates: list[float], n: int, scale: float = 1) -> tuple[Array, ...]:
    """Draw rates, alpha, counts and days; rates times `scale`, no two days alike."""
    lam = scale * np.array(rates) * rng.uniform(0.9, 1.1, len(rates))
    alpha = rng.dirichlet(np.full(len(rates), 8.0))
    spread = np.sqrt(scale) if scale > 1 else 1
    counts = np.rint(lam.mean() + spread * np.linspace(-2, 4, n)).clip(0).astype(int)
    days = rng.permutation(np.arange(1, n + 1)) + rng.integers(0, 3, n)
    return lam, alpha, counts, days


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    settings = [([1.2, 3.1], 6, 1), ([5.1, 0.002, 2.4], 9, 1), ([1.0, 0.96], 5, 2000)]
    rates, alpha, counts, days = _draw(rng, [4.2, 2.1], 4)
    alpha = with_a_rare_one(alpha)
    far = rates, alpha, np.append(counts, 2000), np.append(days, 2)
    whole = np.rint(3 * rates).astype(int), alpha, counts, days
    return [*(_draw(rng, *setting) for setting in settings), far, whole]


poisson_em_step = Exercise(
    name="poisson_em_step",
    parameters=("rates", "alpha", "counts", "days"),
    outputs=(
        Output("rates", "an array of shape `(k,)`, one number per component"),
        Output("alpha", "an array of shape `(k,)`, one number per component"),
        Output("log_likelihood", "a single number"),
    ),
    parts=(
        Part("rates", holds(("close", 0)), shares=2),
        Part("alpha", holds(("close", 1))),
        Part("log_likelihood", holds(("close", 2))),
    ),
    answer=_answer,
    examples=(
        # e^-lambda is 1/2 and 1/4: the responsibilities are 1/2 and 1/2, then 1/3 and 2/3.
        (np.log([2.0, 4.0]), np.array([1 / 3, 2 / 3]), np.array([0, 1]), np.array([2, 3])),
        (
            np.array([4.0, 0.7, 2.0]),
            np.array([0.2, 0.3, 0.5]),
            np.array([0, 1, 2, 4, 7]),
            np.array([5, 9, 4, 6, 1]),
        ),
        (
            np.array([2000, 1930]),
            np.array([0.3, 0.7]),
            np.array([1900, 1965, 1970, 2080]),
            np.array([3, 1, 6, 2]),
        ),
        (np.array([2.0, 4.5]), np.array([0.6, 0.4]), np.array([1, 5, 2000]), np.array([4, 2, 1])),
    ),
    mistakes=tuple(_mistakes()),
    hints=(
        "Which function of 03b gives shares? Only the probability of a row has changed: "
        "$\\lambda^x e^{-\\lambda} / x!$ in place of heads and tails.",
        "Work with $\\log\\alpha_j + x \\log\\lambda_j - \\lambda_j - \\log x!$, shape `(n, k)`; "
        "`gammaln(x + 1)` is $\\log x!$. The log of a row's sum normalises it.",
        "Multiply each row of responsibilities by its number of days. The column sums $N_j$ of "
        "that give `alpha`, and `counts @ that / N` gives `rates`; `days @ log_row` is the "
        "log-likelihood.",
    ),
    cases=cases,
    in_loops=_loops.poisson_em_step,
    nats=("log_likelihood",),
)
