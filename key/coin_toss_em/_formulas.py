"""Formulas and words that the answers and mistakes of notebooks 03b and 03c share.

Arguments are called as in the notebook: theta (k,) probabilities of heads, alpha (k,) mixing
weights, heads (n,) and flips (n,) the data, r or q (n, k) responsibilities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.special import gammaln, logsumexp, softmax

from emlib.checks import Mistake

Array = Any  # numbers or arrays of numbers


def series(theta: Array, heads: Array, tails: Array) -> Array:
    """Return log p(x_i | z_i = j), shape (n, k)."""
    return np.multiply.outer(heads, np.log(theta)) + np.multiply.outer(tails, np.log1p(-theta))


def joint(theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    """Return log p(x_i, z_i = j), shape (n, k)."""
    return np.log(alpha) + series(theta, heads, flips - heads)


def naive(theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    """Return p(x_i, z_i = j), shape (n, k): exact for few flips, 0 for many."""
    return np.exp(joint(theta, alpha, heads, flips))


def of_counts(theta: Array, alpha: Array, heads: Array, flips: Array) -> Array:
    """Return p(h_i, z_i = j) of the counts, shape (n, k): 0 far from every coin."""
    orders = gammaln(flips + 1) - gammaln(heads + 1) - gammaln(flips - heads + 1)
    return np.exp(orders[:, None] + joint(theta, alpha, heads, flips))


def row_logs(log_joint: Array) -> Array:
    """Return log p(x_i), shape (n,)."""
    return logsumexp(log_joint, axis=1)


def posterior(log_joint: Array) -> Array:
    return softmax(log_joint, axis=1)


def hard(r: Array) -> Array:
    """Give each row wholly to its most probable coin."""
    return np.eye(r.shape[1])[r.argmax(axis=1)]


def ratio(r: Array, heads: Array, flips: Array) -> Array:
    """Return expected heads over expected flips, shape (k,)."""
    return (heads @ r) / (flips @ r)


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
TEN_FLIPS = (
    "It looks as if every row had ten flips, as in the example of the text. Use the numbers in "
    "`flips`."
)
PATCHED_UNDERFLOW = (
    "It works for few flips. With 2,000 flips every coin's probability underflows to 0, and "
    "whatever was put in its place knows nothing of the row. Stay with logarithms, and normalise "
    "before you exponentiate."
)
FIRST_TWO = "It looks as if only two coins were counted. There may be any number of them."
TINY = (1e-300, 1e-12)  # both ends of what is added to avoid a division by 0

# Every exercise that starts from log p(x, z) can get it wrong in the same ways.
WRONG_JOINTS: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    (
        "mixing weights forgotten",
        "It looks as if the mixing weights `alpha` were left out: a coin that is rarely picked "
        "should count less.",
        lambda theta, alpha, h, n: series(theta, h, n - h),
    ),
    (
        "mixing weights forgotten",
        "It looks as if every coin were picked equally often: use the weights in `alpha`.",
        lambda theta, alpha, h, n: joint(theta, 1 / len(theta), h, n),
    ),
    (
        "mixing weights forgotten",
        "It looks as if every coin had the weight 1/2, as in the example of the text. Use the "
        "weights in `alpha`.",
        lambda theta, alpha, h, n: joint(theta, 1 / 2, h, n),
    ),
    (
        "weights times logarithms",
        "It looks as if a logarithm was multiplied by `alpha`. It is a probability that `alpha` "
        "multiplies: what becomes of the product when you take the logarithm?",
        lambda theta, alpha, h, n: alpha * series(theta, h, n - h),
    ),
    (
        "coin picked anew for every flip",
        "It looks as if `alpha` was counted once for each flip. A coin is picked once for a row.",
        lambda theta, alpha, h, n: np.multiply.outer(n, np.log(alpha)) + series(theta, h, n - h),
    ),
    (
        "mixing weights counted twice",
        "It looks as if `alpha` was counted twice. A row's coin is picked once.",
        lambda theta, alpha, h, n: np.log(alpha) + joint(theta, alpha, h, n),
    ),
    (
        "proportions instead of numbers",
        "It looks as if each row counted as a single flip: its proportion of heads was used. A "
        "long row tells more than a short one.",
        lambda theta, alpha, h, n: np.log(alpha) + series(theta, h / n, 1 - h / n),
    ),
    (
        "sign of the tails",
        "It looks as if the logarithms of the tails were subtracted. The flips of a row multiply "
        "their probabilities, so the logarithms add.",
        lambda theta, alpha, h, n: np.log(alpha) + series(theta, h, h - n),
    ),
    (
        "heads and tails swapped",
        HEADS_AND_TAILS,
        lambda theta, alpha, h, n: joint(1 - theta, alpha, h, n),
    ),
    (
        "tails left out",
        "It looks as if only the heads were counted. The tails of a row say something too.",
        lambda theta, alpha, h, n: np.log(alpha) + series(theta, h, 0 * h),
    ),
    (
        "flips taken for tails",
        "It looks as if the probability of tails was used once for each flip, instead of once for "
        "each tail.",
        lambda theta, alpha, h, n: np.log(alpha) + series(theta, h, n),
    ),
    (
        "one number of flips for all rows",
        ONE_NUMBER_OF_FLIPS,
        lambda theta, alpha, h, n: joint(theta, alpha, h, n[0]),
    ),
    (
        "one number of flips for all rows",
        TEN_FLIPS,
        lambda theta, alpha, h, n: joint(theta, alpha, h, 10),
    ),
    (
        "weights used as logarithms",
        "It looks as if `alpha` itself was added to a logarithm. Its logarithm belongs there.",
        lambda theta, alpha, h, n: alpha + series(theta, h, n - h),
    ),
)


def from_wrong_joints(finish: Callable[..., Any], part: str = "") -> Iterator[Mistake]:
    """Yield the mistakes in log p(x, z), where ``finish(log_joint)`` is right from there on."""
    for name, says, wrong in WRONG_JOINTS:
        yield Mistake(name, says, lambda *x, wrong=wrong: finish(wrong(*x)), part)


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
