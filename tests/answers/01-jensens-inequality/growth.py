# ruff: noqa: F811
# mypy: ignore-errors
import math
from fractions import Fraction

import numpy as np


# %% right: an axis for the shares
def growth(u, w, shares):
    rates = np.log(1 - shares[:, None] + shares[:, None] * u) @ w
    return rates, shares[np.argmax(rates)]


# %% right: a loop over the shares
def growth(u, w, shares):
    rates = []
    for a in shares:
        rates.append(w @ np.log(1 - a + a * u))
    return np.array(rates), shares[np.argmax(rates)]


# %% right: two loops in plain Python, a tuple of a list
def growth(u, w, shares):
    rates = [sum(p * math.log(1 + a * (x - 1)) for x, p in zip(u, w, strict=True)) for a in shares]
    _, best = max(zip(rates, shares, strict=True))
    return rates, best


# %% right: a dictionary, then a generator
def growth(u, w, shares):
    rate = {a: float(np.average(np.log1p(a * (u - 1)), weights=w)) for a in shares}
    yield list(rate.values())
    yield max(rate, key=rate.get)


# %% right: einsum in single precision
def growth(u, w, shares):
    u, w, a = (x.astype(np.float32) for x in (u, w, shares))
    rates = np.einsum("ij,j->i", np.log(np.add.outer(1 - a, 0 * u) + np.outer(a, u)), w)
    return rates, a[rates == rates.max()]


# %% right: fractions, and the log of a product of powers
def growth(u, w, shares):
    rates = []
    for a in map(Fraction, shares.tolist()):
        factors = [1 - a + a * Fraction(x) for x in u.tolist()]
        rates.append(math.log(math.prod(f**p for f, p in zip(factors, w.tolist(), strict=True))))
    return np.array(rates), shares[max(range(len(rates)), key=rates.__getitem__)]


# %% wrong: log of the mean
# says: first the logarithm of each factor, then the mean
def growth(u, w, shares):
    rates = np.log(1 - shares + shares * (w @ u))
    return rates, shares[np.argmax(rates)]


# %% wrong: mean factor
# says: `rates` looks like the mean factor itself
def growth(u, w, shares):
    rates = 1 - shares + shares * (w @ u)
    return rates, shares[np.argmax(rates)]


# %% wrong: share times rate
# says: The share stands inside the logarithm
def growth(u, w, shares):
    rates = shares * (w @ np.log(u))
    return rates, shares[np.argmax(rates)]


# %% wrong: what is kept forgotten
# says: the part that is not risked looks lost
def growth(u, w, shares):
    rates = np.array([w @ np.log(a * u) for a in shares])
    return rates, shares[np.argmax(rates)]


# %% wrong: stake not taken out of the pocket
# says: only 1 - a is left in your pocket
def growth(u, w, shares):
    rates = np.array([w @ np.log(1 + a * u) for a in shares])
    return rates, shares[np.argmax(rates)]


# %% wrong: share and rest exchanged
# says: With share 0 nothing can change
def growth(u, w, shares):
    rates = np.array([w @ np.log(a + (1 - a) * u) for a in shares])
    return rates, shares[np.argmax(rates)]


# %% wrong: exponential at the end
# says: the exponential was taken
def growth(u, w, shares):
    rates = np.array([np.prod((1 - a + a * u) ** w) for a in shares])
    return rates, shares[np.argmax(rates)]


# %% wrong: equal weights
# says: the weights `w` were not used
def growth(u, w, shares):
    rates = np.array([np.mean(np.log(1 - a + a * u)) for a in shares])
    return rates, shares[np.argmax(rates)]


# %% wrong: sum of logs
# says: An expectation is a weighted mean
def growth(u, w, shares):
    rates = np.array([np.sum(np.log(1 - a + a * u)) for a in shares])
    return rates, shares[np.argmax(rates)]


# %% wrong: mean of weighted logs
# says: you divided by the number of values, too
def growth(u, w, shares):
    rates = np.array([np.mean(w * np.log(1 - a + a * u)) for a in shares])
    return rates, shares[np.argmax(rates)]


# %% wrong: base 2
# says: to base 2
def growth(u, w, shares):
    rates = np.array([w @ np.log2(1 - a + a * u) for a in shares])
    return rates, shares[np.argmax(rates)]


# %% wrong: shares sorted first
# says: the shares come in any order
def growth(u, w, shares):
    shares = np.sort(shares)
    rates = np.array([w @ np.log(1 - a + a * u) for a in shares])
    return rates, shares[np.argmax(rates)]


# %% wrong: largest rate
# says: The *share* that has it is asked for
def growth(u, w, shares):
    rates = np.array([w @ np.log(1 - a + a * u) for a in shares])
    return rates, rates.max()


# %% wrong: place of the largest rate
# says: Which share stands there
def growth(u, w, shares):
    rates = np.array([w @ np.log(1 - a + a * u) for a in shares])
    return rates, np.argmax(rates)


# %% wrong: argmin
# says: the share with the *smallest* rate
def growth(u, w, shares):
    rates = np.array([w @ np.log(1 - a + a * u) for a in shares])
    return rates, shares[np.argmin(rates)]


# %% wrong: place in the sorted shares
# says: `best` looks right for shares that are sorted
def growth(u, w, shares):
    rates = np.array([w @ np.log(1 - a + a * u) for a in shares])
    return rates, sorted(shares)[rates.argmax()]


# %% wrong: as much as one can without shrinking
# says: Look for the one with which it grows fastest
def growth(u, w, shares):
    rates = np.array([w @ np.log(1 - a + a * u) for a in shares])
    return rates, max(a for a, rate in zip(shares, rates, strict=True) if rate >= -1e-9)


# %% wrong: all or nothing
# says: all or nothing
def growth(u, w, shares):
    rates = np.array([w @ np.log(1 - a + a * u) for a in shares])
    return rates, max(shares) if w @ u > 1 else min(shares)


# %% wrong: shares and values not crossed
# says: broadcast
def growth(u, w, shares):
    rates = w @ np.log(1 - shares + shares * u)
    return rates, shares[np.argmax(rates)]


# %% wrong: only the best
# says: 2 values, `rates, best`
def growth(u, w, shares):
    rates = np.array([w @ np.log(1 - a + a * u) for a in shares])
    return shares[np.argmax(rates)]


# %% wrong: one rate per share and value
# says: `rates` should be an array of shape (m,)
def growth(u, w, shares):
    rates = w * np.log(1 - np.outer(shares, 1 - u))
    return rates, shares[rates.sum(axis=1).argmax()]


# %% wrong: shares overwritten
# says: It changes its argument `shares` in place
def growth(u, w, shares):
    a = shares.copy()
    for i in range(len(shares)):
        shares[i] = w @ np.log(1 - shares[i] + shares[i] * u)
    return shares, a[np.argmax(shares)]


# %% wrong: base 10
# says: to base 10
def growth(u, w, shares):
    rates = np.array([w @ np.log10(1 - a + a * u) for a in shares])
    return rates, shares[np.argmax(rates)]


# %% wrong: rates put into an array of integers
# says: Are decimals cut off
def growth(u, w, shares):
    rates = np.zeros(len(shares), dtype=int)
    for i, a in enumerate(shares):
        rates[i] = w @ np.log(1 - a + a * u)
    return rates, shares[np.argmax([w @ np.log(1 - a + a * u) for a in shares])]


# %% wrong: results exchanged
# says: return `rates, best`
def growth(u, w, shares):
    rates = np.array([w @ np.log(1 - a + a * u) for a in shares])
    return shares[np.argmax(rates)], rates


# %% wrong: sum not set back
# says: counts what belongs to those before it
def growth(u, w, shares):
    rates, rate = [], 0
    for share in shares:
        for value, weight in zip(u, w):
            rate += weight * np.log(1 - share + share * value)
        rates.append(rate)
    return np.array(rates), shares[np.argmax(rates)]


# %% wrong: weight inside the logarithm
# says: a factor stands inside the logarithm
def growth(u, w, shares):
    rates = np.log(w * (1 + np.outer(shares, u - 1))).sum(axis=1)
    return rates, shares[np.argmax(rates)]


# %% wrong: factors in an array that takes the type of u
# says: `rates[1]` is
def growth(u, w, shares):
    rates = np.zeros(len(shares))
    factors = np.zeros_like(u)
    for i, a in enumerate(shares):
        factors[:] = 1 - a + a * u
        rates[i] = w @ np.log(factors)
    return rates, shares[rates.argmax()]


# %% wrong: rates of the type of the shares
# says: without decimals where `shares` holds whole numbers
def growth(u, w, shares):
    rates = np.zeros_like(shares)
    for i in range(len(shares)):
        rates[i] = w @ np.log1p(shares[i] * (u - 1))
    return rates, shares[rates.argmax()]


# %% wrong: the mean factor less 1
# says: the mean factor less 1
def growth(u, w, shares):
    rates = (1 - shares[:, None] + shares[:, None] * u) @ w - 1
    return rates, shares[np.argmax(rates)]


# %% wrong: the last share
# says: the last of the shares
def growth(u, w, shares):
    rates = np.log(1 - shares[:, None] + shares[:, None] * u) @ w
    return rates, shares[-1]


# %% wrong: the largest share that grows
# says: the largest share with which the stake grows
def growth(u, w, shares):
    rates = np.log(1 + shares[:, None] * (u - 1)) @ w
    good = shares[rates > 0]
    return rates, good.max() if len(good) else 0.0


# %% wrong: a floor under the factors
# says: but should be
def growth(u, w, shares):
    factors = np.clip(1 + shares[:, None] * (u - 1), 0.01, None)
    rates = np.log(factors) @ w
    return rates, shares[np.argmax(rates)]


# %% wrong: stops as soon as the rates fall
# says: the rates fall for the first time
def growth(u, w, shares):
    rates = np.array([w @ np.log(1 - a + a * u) for a in shares])
    i = 0
    while i + 1 < len(rates) and rates[i + 1] >= rates[i]:
        i += 1
    return rates, shares[i]


# %% wrong: hundredths as on the grid of the text
# says: divided by a number, as on the grid of the text
def growth(u, w, shares):
    rates = np.array([w @ np.log(1 - a + a * u) for a in shares])
    return rates, np.argmax(rates) / 100


# %% wrong: shares taken for an even grid from 0 to 1
# says: the place of the best share divided by a number. Which
def growth(u, w, shares):
    m = len(shares)
    rates = np.zeros(m)
    for i, a in enumerate(shares):
        rates[i] = w @ np.log(1 - a + a * u)
    return rates, np.argmax(rates) / (m - 1)
