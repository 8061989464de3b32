"""Exercise 2b.2: how often an interval contains the truth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.special import gammaln
from scipy.stats import binom, norm

from emlib.checks import Mistake, Output
from key.complete_data._formulas import HEADS_AND_TAILS, Array
from key.exercise import Exercise, Rng
from key.trust import _loops

STEPS = 64  # intervals end at multiples of 1/64, which every float holds exactly: so ties are ties


def _p(theta: Array, counts: Array) -> Array:
    """Return the probability of each count at each theta, shape (m, F + 1)."""
    return binom.pmf(counts, len(counts) - 1, theta[:, None])


def _inside(theta: Array, low: Array, high: Array) -> Array:
    """Whether each interval contains each theta, shape (m, F + 1)."""
    return (low <= theta[:, None]) & (theta[:, None] <= high)


def _coverage(
    theta: Array,
    low: Array,
    high: Array,
    *,
    p: Callable[[Array, Array], Array] = _p,
    inside: Callable[[Array, Array, Array], Array] = _inside,
    among: slice = slice(None),
) -> Array:
    """Sum over the counts `among` all; with other `p` or `inside` it is a mistake."""
    table = p(theta, np.arange(len(low))) * inside(theta, low, high)
    return table[:, among].sum(axis=1)


def _no_orders(theta: Array, h: Array) -> Array:
    return theta[:, None] ** h * (1 - theta[:, None]) ** (len(h) - 1 - h)


def _by_logarithms(theta: Array, h: Array) -> Array:
    F, p = len(h) - 1, theta[:, None]
    orders = gammaln(F + 1) - gammaln(h + 1) - gammaln(F - h + 1)
    return np.exp(orders + h * np.log(p) + (F - h) * np.log(1 - p))


def _normal(theta: Array, h: Array) -> Array:
    F, p = len(h) - 1, theta[:, None]
    return norm.pdf(h, F * p, np.sqrt(F * p * (1 - p)))


def _normal_steps(theta: Array, h: Array) -> Array:
    F, p = len(h) - 1, theta[:, None]
    curve = norm(F * p, np.sqrt(F * p * (1 - p)))
    return curve.cdf(h + 0.5) - curve.cdf(h - 0.5)


def _at_estimates(theta: Array, h: Array) -> Array:
    return binom.pmf(h, len(h) - 1, h / (len(h) - 1))


def _most_probable(*a: Array) -> Array:
    likely = _p(a[0], np.arange(len(a[1]))).argmax(axis=1)
    return _inside(*a)[np.arange(len(a[0])), likely]


def _from_first_to_last(theta: Array, low: Array, high: Array, *, before: int) -> Array:
    inside = _inside(theta, low, high)
    first, last = inside.argmax(axis=1), len(low) - 1 - inside[:, ::-1].argmax(axis=1)
    F = len(low) - 1
    return binom.cdf(last, F, theta) - binom.cdf(first - before, F, theta)


def _table(theta: Array, low: Array, high: Array) -> Array:
    return _p(theta, np.arange(len(low))) * _inside(theta, low, high)


def _around_estimates(theta: Array, low: Array, high: Array) -> Array:
    return _inside(np.arange(len(low)) / (len(low) - 1), low, high).diagonal()


def _at_the_expected_count(theta: Array, low: Array, high: Array) -> Array:
    expected = np.rint((len(low) - 1) * theta).astype(int)
    return 1.0 * _inside(theta, low, high)[np.arange(len(theta)), expected]


def _draw(rng: Rng, F: int) -> tuple[Array, ...]:
    """Draw an interval for each count, two of them exchanged, and theta at ends and between them.

    Of the counts about F/2, one interval begins exactly at a theta and another ends at one.
    """
    h, half = np.arange(F + 1), rng.uniform(0.8, 1.6, size=(2, F + 1)) / np.sqrt(F)
    low = np.floor(STEPS * (h / F - half[0])) / STEPS  # below 0, some
    high = np.ceil(STEPS * (h / F + half[1])) / STEPS  # above 1, some
    low[0] = high[0] = 0  # as the interval of the text: after no heads it is a point
    middle = F // 2
    low[middle], high[middle + 1] = max(low[middle], 0), min(high[middle + 1], 1)
    between = (2 * rng.integers(STEPS // 4, 3 * STEPS // 4, size=2) + 1) / (2 * STEPS)
    theta = rng.permutation([*between, low[middle], high[middle + 1], rng.integers(2)])
    i = rng.integers(1, middle)
    low[[i, F - i]], high[[i, F - i]] = low[[F - i, i]], high[[F - i, i]]
    return theta, low, high


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    return [_draw(rng, F) for F in (6, 13, 250)]


coverage = Exercise(
    name="coverage",
    parameters=("theta", "low", "high"),
    outputs=(Output("coverage", "an array of shape `(m,)`, one probability for each `theta`"),),
    answer=_coverage,
    examples=(
        (np.array([0.25]), np.array([0, 0.25, 0.5]), np.array([0.125, 0.75, 1])),
        (
            np.array([0.6875, 0.125, 0.75]),
            np.array([0, 0.5, 0.0625, 0.25]),
            np.array([0.1875, 0.75, 0.4375, 1]),
        ),
        (
            np.array([0, 1, 0.5, 0.25]),
            np.array([0, 0.0625, 0.25, 0.5, 1]),
            np.array([0, 0.5, 0.75, 0.9375, 1]),
        ),
        (
            np.array([0.5, 0.296875]),
            (np.arange(201) * 64 // 200 - 4) / 64,
            (np.arange(201) * 64 // 200 + 5) / 64,
        ),
    ),
    mistakes=(
        Mistake(
            "first theta for all",
            "It looks as if the probabilities of the counts at the first `theta` served for all. "
            "Each `theta` has its own.",
            lambda theta, low, high: _coverage(
                theta, low, high, p=lambda t, h: np.broadcast_to(_p(t[:1], h), (len(t), len(h)))
            ),
        ),
        Mistake(
            "left at the first miss",
            "It looks as if the loop ends at the first interval that misses `theta`. Later ones "
            "may contain it: `continue` instead of `break`.",
            lambda *a: (_table(*a) * np.logical_and.accumulate(_inside(*a), axis=1)).sum(axis=1),
        ),
        Mistake(
            "estimate for theta",
            "It looks as if it was asked whether an interval contains its own estimate. What "
            "counts is whether it contains `theta`.",
            lambda theta, low, high: _coverage(theta, low, high, inside=_around_estimates),
        ),
        Mistake(
            "expected count only",
            "It looks as if only the interval of the expected count was looked at. Every count of "
            "heads can come.",
            _at_the_expected_count,
        ),
        Mistake(
            "ends sorted",
            "It looks as if the ends of the intervals were sorted. They belong to counts, and need "
            "not rise with them.",
            lambda theta, low, high: _coverage(theta, np.sort(low), np.sort(high)),
        ),
        Mistake(
            "complement",
            "This is how often the interval *misses* the truth.",
            lambda *a: 1 - _coverage(*a),
        ),
        Mistake(
            "every count weighs the same",
            "It looks as if every count of heads weighed the same: this is the share of the "
            "intervals that contain `theta`. Some counts are much more probable than others.",
            lambda *a: _inside(*a).mean(axis=1),
        ),
        Mistake(
            "number of intervals",
            "This is the number of intervals that contain `theta`. How probable is the count "
            "of heads that leads to each?",
            lambda *a: _inside(*a).sum(axis=1),
        ),
        Mistake(
            "orders forgotten",
            "It looks as if each count had the probability of *one* series of flips. There "
            "are many series with that count: the binomial coefficient says how many.",
            partial(_coverage, p=_no_orders),
        ),
        Mistake(
            "probabilities at the estimate",
            "It looks as if the counts got their probabilities from their own estimates. The "
            "coin that is flipped has the probability `theta`.",
            partial(_coverage, p=_at_estimates),
        ),
        Mistake(
            "heads and tails swapped",
            HEADS_AND_TAILS,
            partial(_coverage, p=lambda theta, h: _p(1 - theta, h)),
        ),
        Mistake(
            "ends left out",
            "It looks as if an end did not belong to its interval. It does: compare with `<=`.",
            partial(
                _coverage, inside=lambda t, low, high: (low < t[:, None]) & (t[:, None] < high)
            ),
        ),
        Mistake(
            "an end left out",
            "It looks as if the upper end did not belong to the interval. It does: compare "
            "with `<=`.",
            partial(
                _coverage, inside=lambda t, low, high: (low <= t[:, None]) & (t[:, None] < high)
            ),
        ),
        Mistake(
            "an end left out",
            "It looks as if the lower end did not belong to the interval. It does: compare "
            "with `<=`.",
            partial(
                _coverage, inside=lambda t, low, high: (low < t[:, None]) & (t[:, None] <= high)
            ),
        ),
        Mistake(
            "only the lower end",
            "It looks as if only the lower end were compared.",
            partial(_coverage, inside=lambda t, low, high: low <= t[:, None]),
        ),
        Mistake(
            "only the upper end",
            "It looks as if only the upper end were compared.",
            partial(_coverage, inside=lambda t, low, high: t[:, None] <= high),
        ),
        Mistake(
            "extreme counts left out",
            "It looks as if no heads, and nothing but heads, were left out. These counts "
            "happen, too, and each has its interval.",
            partial(_coverage, among=slice(1, -1)),
        ),
        Mistake(
            "extreme counts left out",
            "It looks as if the last count, nothing but heads, were left out. F flips have F "
            "+ 1 counts, from 0 to F.",
            partial(_coverage, among=slice(-1)),
        ),
        Mistake(
            "extreme counts left out",
            "It looks as if the count of no heads were left out. It happens, too, and has its "
            "interval.",
            partial(_coverage, among=slice(1, None)),
        ),
        Mistake(
            "one flip too many",
            "It looks as if there were as many flips as intervals. With F flips there are F + "
            "1 counts of heads, and an interval for each.",
            partial(_coverage, p=lambda t, h: binom.pmf(h, len(h), t[:, None])),
        ),
        Mistake(
            "counts from 1",
            "It looks as if entry 0 were taken for one head. It belongs to no heads at all.",
            partial(_coverage, p=lambda t, h: _p(t, h + 1)),
        ),
        Mistake(
            "most probable count",
            "It looks as if only the most probable count were looked at. Sum over all of them.",
            _most_probable,
        ),
        Mistake(
            "everything in between",
            "It looks as if all counts from the first to the last whose interval contains "
            "`theta` were added. Those in between need not contain it.",
            partial(_from_first_to_last, before=1),
        ),
        Mistake(
            "cdf from the first count",
            "It looks as if you took a difference of two values of the cdf. It leaves the "
            "first count out, and lets in all that lie in between: sum over the counts "
            "themselves.",
            partial(_from_first_to_last, before=0),
        ),
        Mistake(
            "one number for all theta",
            "It returns one number for all of `theta`. Each needs its own: sum over the "
            "counts only.",
            lambda *a: _coverage(*a).sum(),
        ),
        Mistake(
            "one number for all theta",
            "It returns the mean over all of `theta`. Each needs its own number.",
            lambda *a: _coverage(*a).mean(),
        ),
        Mistake(
            "not summed over the counts",
            "It keeps one number per count of heads. Sum over the counts.",
            _table,
        ),
        Mistake(
            "summed over the wrong axis",
            "It sums over `theta` and keeps the counts of heads. It should be the other way round.",
            lambda *a: _table(*a).sum(axis=0),
        ),
        Mistake(
            "0 log 0",
            "It looks as if a logarithm of 0 was multiplied by 0: at `theta` 0 or 1 that is `nan`"
            " in NumPy. There `binom.pmf` knows better.",
            partial(_coverage, p=_by_logarithms),
        ),
        Mistake(
            "normal curve",
            "It looks as if the counts got their probabilities from a normal curve. That is an "
            "approximation; the binomial distribution is exact.",
            partial(_coverage, p=_normal),
        ),
        Mistake(
            "normal curve",
            "It looks as if the counts got their probabilities from a normal curve. That is an "
            "approximation; the binomial distribution is exact.",
            partial(_coverage, p=_normal_steps),
        ),
    ),
    hints=(
        "Take one `theta` first. Which counts of heads lead to an interval that contains it, and "
        "how probable is each of these counts?",
        "`binom.pmf(h, F, theta)` is the probability of `h` heads in `F` flips, and `h` may be "
        "`np.arange(F + 1)`. With `F + 1` intervals, how large is `F`?",
        "With `theta[:, None]` the comparisons `low <= theta` and `theta <= high` give a table of "
        "shape `(m, F + 1)`, and so does `binom.pmf`. Multiply the tables, and sum over axis 1.",
    ),
    cases=cases,
    in_loops=_loops.coverage,
)
