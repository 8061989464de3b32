"""Exercise 4b.2: BIC for diagonal covariances."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from emlib.checks import Mistake, Output
from key.choice import _loops
from key.exercise import Exercise, Rng
from key.gaussian_mixture._formulas import Array


def _k(log_likelihoods: Array) -> Array:
    """Return the numbers of components, 1, 2, ..."""
    return np.arange(1, len(log_likelihoods) + 1)


def _count(k: Array, d: Array) -> Array:
    return k - 1 + 2 * k * d


def _bic(count: Callable[..., Array]) -> Callable[..., Array]:
    """Return BIC with another count of parameters."""
    return lambda ll, n, d: count(_k(ll), d) * np.log(n) - 2 * ll


_right = _bic(_count)


def _answer(log_likelihoods: Array, n: Array, d: Array) -> tuple[Array, Array]:
    bic = _right(log_likelihoods, n, d)
    return bic, np.argmin(bic) + 1


WRONG_COUNTS: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    (
        "full covariances counted",
        "It looks as if you counted full covariances. Here they are diagonal.",
        lambda k, d: k - 1 + k * d + k * d * (d + 1) / 2,
    ),
    (
        "full covariances counted",
        "It looks as if you counted every entry of full covariances. Here they are diagonal.",
        lambda k, d: k - 1 + k * d + k * d * d,
    ),
    (
        "weights counted once too often",
        "It looks as if every mixing weight was counted. They sum to 1, so one follows from the "
        "others.",
        lambda k, d: k + 2 * k * d,
    ),
    (
        "weights not counted",
        "It looks as if the mixing weights were not counted.",
        lambda k, d: 2 * k * d,
    ),
    (
        "means or variances not counted",
        "It looks as if the means or the standard deviations were not counted: each component has "
        "both, in every coordinate.",
        lambda k, d: k - 1 + k * d,
    ),
    (
        "one variance per component counted",
        "It looks as if each component had one standard deviation only. It has one in every "
        "coordinate.",
        lambda k, d: k - 1 + k * d + k,
    ),
    (
        "components not counted",
        "It looks as if the standard deviations were counted for one component only.",
        lambda k, d: k - 1 + k * d + d,
    ),
    (
        "one k for all",
        "It looks as if all entries were charged for the largest number of components. Each has "
        "its own `k`.",
        lambda k, d: _count(len(k) + 0 * k, d),
    ),
    (
        "number of components for number of parameters",
        "It looks as if the number of components was taken for the number of parameters.",
        lambda k, d: k,
    ),
    (
        "k begins at 0",
        "It looks as if the first entry was taken for 0 components. It belongs to $k = 1$.",
        lambda k, d: _count(k - 1, d),
    ),
)


def _first_rise(log_likelihoods: Array, n: Array, d: Array) -> Array:
    """Return the k after which BIC rises for the first time."""
    rises = np.flatnonzero(np.diff(_right(log_likelihoods, n, d)) > 0)
    return rises[0] + 1 if len(rises) else len(log_likelihoods)


def _last_valley(log_likelihoods: Array, n: Array, d: Array) -> Array:
    """Return the last k before which BIC fell."""
    falls = np.flatnonzero(np.diff(_right(log_likelihoods, n, d)) < 0)
    return falls[-1] + 2 if len(falls) else 1


def _draw(rng: Rng, d: int, pattern: str) -> tuple[Array, int, int]:
    """Draw log_likelihoods, n and d; BIC falls and rises by a pattern such as ``"-+--+"``,
    where ``#`` is a steep rise.

    It falls and rises by so much that a wrong count leads to the same k in every draw, and
    falls most in the beginning.
    """
    n = int(rng.integers(150, 900))
    falls = iter(np.linspace(1.8, 1.2, pattern.count("-")) - rng.uniform(0, 0.02))
    rises = {"+": (0.22, 0.28), "#": (2.0, 2.2)}
    changes = [-next(falls) if sign == "-" else rng.uniform(*rises[sign]) for sign in pattern]
    price = (1 + 2 * d) * np.log(n)  # of one more component
    gains = (1 - np.array(changes)) * price / 2
    return -1000 - 300 * d + np.concatenate([[0.0], np.cumsum(gains)]), n, d


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    n, gain = int(rng.integers(150, 900)), rng.uniform(0.1, 0.4)  # a narrow choice
    narrow = -900 + np.cumsum([0.0, 40.0, 1.5 * np.log(n) + gain, 1.0]), n, 1
    drawn = [(2, "-+--+"), (1, "--+-+"), (3, "---+"), (3, "+++"), (2, "--#-+"), (1, "-+--")]
    log_likelihoods, *sizes = _draw(rng, 3, "-+--")
    whole = np.rint(log_likelihoods).astype(int), *sizes
    higher, *others = _draw(rng, 2, "-+--+")
    narrow_peaks = higher + 5000, *others  # densities above 1: BIC is negative
    return [*(_draw(rng, *case) for case in drawn), narrow, whole, narrow_peaks]


choose_k = Exercise(
    name="choose_k",
    parameters=("log_likelihoods", "n", "d"),
    outputs=(
        Output("bic", "an array as long as log_likelihoods"),
        Output("k", "a single number"),
    ),
    answer=_answer,
    examples=(
        # n = e^2 would make log n = 2; 100 points: log n = 4.605.
        (np.array([-300, -240, -230, -228]), 100, 1),
        # BIC has two valleys here.
        (np.array([-900.0, -864.0, -848.0, -777.0, -746.0, -717.5, -709.0]), 400, 3),
        # A narrow choice: 3 * log 200 = 15.895.
        (np.array([-500.0, -480.0, -472.0, -471.0]), 200, 1),
    ),
    mistakes=(
        Mistake(
            "sign of BIC",
            "The sign of your BIC is the opposite of the one used here: smaller should be better.",
            lambda *x: (-_right(*x), np.argmin(_right(*x)) + 1),
        ),
        *(Mistake(name, says, _bic(count), "bic") for name, says, count in WRONG_COUNTS),
        Mistake(
            "AIC for BIC",
            "It looks as if each parameter cost 2 nats: that is AIC. In BIC the price depends on "
            "`n`.",
            lambda ll, n, d: 2 * _count(_k(ll), d) - 2 * ll,
            "bic",
        ),
        Mistake(
            "logarithm forgotten",
            "It looks as if each parameter cost `n`. The price is its logarithm.",
            lambda ll, n, d: n * _count(_k(ll), d) - 2 * ll,
            "bic",
        ),
        Mistake(
            "logarithm to base 10",
            "It looks as if the logarithm was to base 10. It should be the natural one.",
            lambda ll, n, d: _count(_k(ll), d) * np.log10(n) - 2 * ll,
            "bic",
        ),
        Mistake(
            "n counted in every coordinate",
            "It looks as if `n` times `d` was taken for the number of points.",
            lambda ll, n, d: _count(_k(ll), d) * np.log(n * d) - 2 * ll,
            "bic",
        ),
        Mistake(
            "numbers of the text hard-coded",
            "It looks as if `n` and `d` of the geyser were used instead of the arguments.",
            lambda ll, n, d: _count(_k(ll), 2) * np.log(272) - 2 * ll,
            "bic",
        ),
        Mistake(
            "log-likelihoods multiplied by n",
            "It looks as if the log-likelihoods were multiplied by `n`. They are sums over all "
            "points already.",
            lambda ll, n, d: _count(_k(ll), d) * np.log(n) - 2 * n * ll,
            "bic",
        ),
        Mistake(
            "factor two forgotten",
            "It looks as if the factor 2 before the log-likelihood is missing.",
            lambda ll, n, d: _count(_k(ll), d) * np.log(n) - ll,
            "bic",
        ),
        Mistake(
            "sign of the penalty",
            "The two terms of your BIC should have opposite signs: parameters are a price, and a "
            "large log-likelihood is what they buy.",
            lambda ll, n, d: _count(_k(ll), d) * np.log(n) + 2 * ll,
            "bic",
        ),
        Mistake(
            "sign of BIC",
            "The sign of your BIC is the opposite of the one used here: smaller should be better.",
            lambda *x: -_right(*x),
            "bic",
        ),
        Mistake(
            "half of BIC",
            "Your numbers are half of what is asked for, or minus half of it: multiply by the "
            "right number to agree with the formula in the text.",
            lambda *x: -_right(*x) / 2,
            "bic",
        ),
        Mistake(
            "half of BIC",
            "Your numbers are half of what is asked for, or minus half of it: multiply by the "
            "right number to agree with the formula in the text.",
            lambda *x: _right(*x) / 2,
            "bic",
        ),
        Mistake(
            "index for number",
            "It looks as if `k` is an index, counted from 0. The first entry belongs to one "
            "component.",
            lambda *x: np.argmin(_right(*x)),
            "k",
        ),
        Mistake(
            "largest BIC taken",
            "It looks as if you took the largest BIC. Smaller is better here.",
            lambda *x: np.argmax(_right(*x)) + 1,
            "k",
        ),
        Mistake(
            "largest BIC taken",
            "It looks as if you took the index of the largest BIC. Smaller is better here.",
            lambda *x: np.argmax(_right(*x)),
            "k",
        ),
        Mistake(
            "last valley",
            "It looks as if `k` is the last place where BIC stops falling. It may have been lower "
            "before: take the smallest of all.",
            _last_valley,
            "k",
        ),
        Mistake(
            "last left out",
            "It looks as if the last number of components is never chosen.",
            lambda *x: np.argmin(_right(*x)[:-1]) + 1,
            "k",
        ),
        Mistake(
            "last left out",
            "It looks as if the first number of components is never chosen.",
            lambda *x: np.argmin(_right(*x)[1:]) + 2,
            "k",
        ),
        Mistake(
            "largest log-likelihood taken",
            "It looks as if you took the largest log-likelihood. It always grows with `k`: that "
            "is why parameters have a price.",
            lambda ll, n, d: np.argmax(ll) + 1,
            "k",
        ),
        Mistake(
            "first rise of BIC",
            "It looks as if `k` is where BIC rises for the first time. It may fall again, and "
            "lower: take the smallest of all.",
            _first_rise,
            "k",
        ),
        Mistake(
            "steepest fall of BIC",
            "It looks as if `k` is where BIC falls most. Where is it smallest?",
            lambda *x: np.argmin(np.diff(_right(*x))) + 2,
            "k",
        ),
        Mistake(
            "value for number",
            "It looks as if `k` is the smallest BIC itself. How many components does it belong to?",
            lambda *x: np.min(_right(*x)),
            "k",
        ),
    ),
    hints=(
        "How many numbers describe one component, if its covariance is diagonal? Count the "
        "numbers that are free for $k = 1$ and for $k = 2$, in one dimension.",
        "`np.arange(1, len(log_likelihoods) + 1)` has the numbers of components; count the "
        "parameters for all of them at once.",
        "`np.argmin` returns an index, and the first index is 0.",
    ),
    cases=cases,
    follows=lambda bic, *x: np.argmin(bic) + 1,
    in_loops=_loops.choose_k,
)
