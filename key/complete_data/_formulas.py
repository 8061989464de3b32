"""Formulas and words that the answers and mistakes of notebooks 02a and 02b share.

Arguments are called as in the notebook: theta (k,) probabilities of heads, h or heads (n,) and f
or flips (n,) the data, z or labels (n,) the coin of each row, w or weights (n, k).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import gammaln

Array = Any  # numbers or arrays of numbers

HEADS_AND_TAILS = (
    "It looks as if heads and tails were exchanged: `theta` is the probability of heads."
)
FLIPS_FOR_TAILS = (
    "It looks as if all flips were counted as tails. How many tails has a row with `h` heads in "
    "`f` flips?"
)
ROWS_FOR_FLIPS = (
    "It looks as if you divided by a number of rows. Rows and flips were mixed up: a row has many "
    "flips."
)
ALL_COINS = (
    "It looks as if you divided by the flips of all coins together. The flips of one coin say "
    "nothing about another."
)
TEN_FLIPS = (
    "It looks as if every row counted ten flips, as in the text. Each row has its own number."
)
TWO_COINS = "It returns two coins however many there are. There may be any number of coins."


def by_coin(values: Array, labels: Array, k: int) -> Array:
    """Sum `values` over the rows of each coin, shape (k,)."""
    return np.bincount(labels, weights=values, minlength=k)


def log_orders(heads: Array, flips: Array) -> Array:
    """Return the sum of the logarithms of the rows' binomial coefficients."""
    return (gammaln(flips + 1) - gammaln(heads + 1) - gammaln(flips - heads + 1)).sum()
