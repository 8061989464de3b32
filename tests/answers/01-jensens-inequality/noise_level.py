# ruff: noqa: F811
# mypy: ignore-errors
import math
from fractions import Fraction

import numpy as np
from scipy.special import logsumexp


# %% right: one line
def noise_level(levels, w):
    return 10 * np.log10(w @ 10 ** (levels / 10))


# %% right: a loop in plain Python
def noise_level(levels, w):
    power = 0
    for level, weight in zip(levels, w, strict=True):
        power += weight * 10 ** (level / 10)
    return 10 * math.log10(power)


# %% right: log-sum-exp with natural logarithms
def noise_level(levels, w):
    c = math.log(10) / 10
    return logsumexp(c * levels, b=w) / c


# %% right: single precision, the loudest taken out
def noise_level(levels, w):
    levels, w = levels.astype(np.float32), w.astype(np.float32)
    top = levels.max()
    return top + 10 * np.log10(np.average(10 ** ((levels - top) / 10), weights=w))


# %% right: weights as fractions
def noise_level(levels, w):
    powers = [Fraction(10 ** (float(level) / 10)) for level in levels]
    mean = sum(Fraction(float(b)) * p for b, p in zip(w, powers, strict=True))
    return [10 * math.log10(mean)]


# %% wrong: mean of the levels
# says: Asked for is the log of the mean
def noise_level(levels, w):
    return np.average(levels, weights=w)


# %% wrong: weights forgotten
# says: the weights `w` were not used
def noise_level(levels, w):
    return 10 * np.log10(np.mean(10 ** (levels / 10)))


# %% wrong: all noises at once
# says: the level of all noises at the same time
def noise_level(levels, w):
    return 10 * np.log10(sum(10 ** (level / 10) for level in levels))


# %% wrong: np.mean of weighted powers
# says: you divided by the number of values, too
def noise_level(levels, w):
    return 10 * np.log10(np.mean(w * 10 ** (levels / 10)))


# %% wrong: weights multiply the levels
# says: It is the power that a weight multiplies
def noise_level(levels, w):
    return 10 * np.log10(np.sum(10 ** (w * levels / 10)))


# %% wrong: no division by 10
# says: a level of 20 decibels is a power of 10²
def noise_level(levels, w):
    return 10 * np.log10(w @ 10**levels)


# %% wrong: not multiplied by 10
# says: left out on the way back
def noise_level(levels, w):
    return np.log10(w @ 10 ** (levels / 10))


# %% wrong: 20 as for sound pressure
# says: 20 was taken for the factor 10
def noise_level(levels, w):
    return 20 * np.log10(np.sum(w * 10 ** (levels / 20)))


# %% wrong: natural logarithm and exponential
# says: `np.log` and `np.exp` were used
def noise_level(levels, w):
    return 10 * np.log(np.dot(w, np.exp(levels / 10)))


# %% wrong: natural logarithm
# says: but `np.log` led back
def noise_level(levels, w):
    return 10 * np.log(np.dot(w, 10 ** (levels / 10)))


# %% wrong: natural exponential
# says: `np.exp` was used on the way to the powers
def noise_level(levels, w):
    return 10 * np.log10(np.dot(w, np.exp(levels / 10)))


# %% wrong: the mean power
# says: its level, in decibels
def noise_level(levels, w):
    return np.sum(w * 10 ** (levels / 10))


# %% wrong: the loudest of those that occur
# says: How long it lasts counts
def noise_level(levels, w):
    return max(level for level, weight in zip(levels, w, strict=True) if weight > 0)


# %% wrong: the gap
# says: The level of the mean itself is asked for
def noise_level(levels, w):
    return 10 * np.log10(w @ 10 ** (levels / 10)) - w @ levels


# %% wrong: whole bels only
# says: Divide with `/`
def noise_level(levels, w):
    return 10 * np.log10(w @ 10 ** (levels // 10))


# %% wrong: rounded
# says: rounded to 1 decimal
def noise_level(levels, w):
    return round(10 * np.log10(w @ 10 ** (levels / 10)), 1)


# %% wrong: one number per level
# says: `the level` should be a single number
def noise_level(levels, w):
    return 10 * np.log10(w * 10 ** (levels / 10))


# %% wrong: powers in place
# says: It changes its argument `levels` in place
def noise_level(levels, w):
    levels /= 10
    return 10 * np.log10(w @ 10**levels)


# %% wrong: whole decibels
# says: which are cut off
def noise_level(levels, w):
    return int(10 * np.log10(w @ 10 ** (levels / 10)))


# %% wrong: powers in an array that takes the type of the levels
# says: `the level` is
def noise_level(levels, w):
    powers = np.empty_like(levels)
    for j, level in enumerate(levels):
        powers[j] = 10 ** (level / 10)
    return 10 * np.log10(w @ powers)


# %% wrong: noises of a moment left out
# says: small entries of `w` were left out
def noise_level(levels, w):
    lasting = w > 0.001
    return 10 * np.log10(w[lasting] @ 10 ** (levels[lasting] / 10))


# %% wrong: each level once
# says: `levels` holds a number twice
def noise_level(levels, w):
    found, where = np.unique(levels, return_index=True)
    share = w[where]
    return 10 * np.log10(share @ 10 ** (found / 10) / share.sum())


# %% wrong: no tenth on the way to the powers, in decimals
# says: the factor 10 was left out on the way to the powers
def noise_level(levels, w):
    with np.errstate(all="ignore"):
        return 10 * np.log10(w @ 10.0**levels)


# %% wrong: something added under the logarithm
# says: but should be
def noise_level(levels, w):
    return 10 * np.log10(w @ 10 ** (levels / 10) + 1e-6)


# %% wrong: levels averaged as if they were powers
# says: the levels were taken for powers
def noise_level(levels, w):
    mean = np.average(levels, weights=w)
    return 10 * np.log10(mean)


# %% wrong: the loudest taken out for good
# says: the largest level was taken out, but not added again
def noise_level(levels, w):
    top = levels.max()
    power = np.sum(w * 10 ** ((levels - top) / 10))
    return 10 * np.log10(power)
