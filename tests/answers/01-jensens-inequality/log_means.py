# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import logsumexp


# %% right: logsumexp with weights
def log_means(log_u, w):
    return logsumexp(log_u, b=w), np.sum(w * log_u)


# %% right: the largest taken out
def log_means(log_u, w):
    c = log_u.max()
    return c + np.log(w @ np.exp(log_u - c)), w @ log_u


# %% right: a loop with math
def log_means(log_u, w):
    largest = max(log_u)
    total = log_gm = 0.0
    for a, weight in zip(log_u, w):
        total += weight * math.exp(a - largest)
        log_gm += weight * a
    return largest + math.log(total), log_gm


# %% right: logaddexp, returned as an array
def log_means(log_u, w):
    return np.array([np.logaddexp.reduce(log_u + np.log(w)), np.dot(log_u, w)])


# %% right: single precision
def log_means(log_u, w):
    a = np.log(w).astype(np.float32) + log_u.astype(np.float32)
    c = a.max()
    return c + np.log(np.exp(a - c).sum()), np.dot(w.astype(np.float32), log_u.astype(np.float32))


# %% wrong: the two swapped
# says: comes first, and is never the smaller
def log_means(log_u, w):
    return w @ log_u, logsumexp(np.log(w) + log_u)


# %% wrong: exponentials first
# says: `np.exp(-2000)` underflows to 0
def log_means(log_u, w):
    return np.log(w @ np.exp(log_u)), w @ log_u


# %% wrong: exponentials first, with math
# says: `np.exp(-2000)` underflows to 0
def log_means(log_u, w):
    am = sum(weight * math.exp(a) for a, weight in zip(log_u, w))
    return math.log(am), w @ log_u


# %% wrong: product of powers
# says: `np.exp(-2000)` underflows to 0
def log_means(log_u, w):
    return logsumexp(log_u, b=w), np.log(np.prod(np.exp(log_u) ** w))


# %% wrong: sum for the arithmetic mean
# says: the log of the plain sum
def log_means(log_u, w):
    return logsumexp(log_u), w @ log_u


# %% wrong: equal weights for the geometric mean
# says: `log_gm` looks like a mean with equal weights
def log_means(log_u, w):
    return logsumexp(log_u, b=w), log_u.mean()


# %% wrong: log of a product
# says: the log of a product: the weights `w` were not used
def log_means(log_u, w):
    return logsumexp(log_u, b=w), np.sum(log_u)


# %% wrong: both are sums of logs
# says: for the arithmetic mean the numbers are averaged first
def log_means(log_u, w):
    return w @ log_u, w @ log_u


# %% wrong: weights times logarithms in the sum
# says: the logarithms look multiplied by the weights
def log_means(log_u, w):
    return logsumexp(w * log_u), w @ log_u


# %% wrong: weights added as they are
# says: the weights look added to the logarithms
def log_means(log_u, w):
    return logsumexp(w + log_u), w @ log_u


# %% wrong: logarithm taken twice
# says: It holds their logarithms
def log_means(log_u, w):
    return np.log(w @ log_u), w @ np.log(log_u)


# %% wrong: only one number
# says: It should return 2 values
def log_means(log_u, w):
    return logsumexp(log_u, b=w)


# %% wrong: the smallest taken out
# says: a factor was taken out that is not the largest term
def log_means(log_u, w):
    c = log_u.min()
    return c + np.log(w @ np.exp(log_u - c)), w @ log_u


# %% wrong: the mean taken out
# says: a factor was taken out that is not the largest term
def log_means(log_u, w):
    c = log_u.mean()
    return c + np.log(w @ np.exp(log_u - c)), w @ log_u


# %% wrong: the largest taken out and forgotten
# says: taken out of the sum and not put back
def log_means(log_u, w):
    c = log_u.max()
    return np.log(w @ np.exp(log_u - c)), w @ log_u


# %% wrong: logarithms clipped
# says: logarithms were cut off
def log_means(log_u, w):
    u = np.exp(np.clip(log_u, -700, 700))
    return np.log(w @ u), w @ log_u


# %% wrong: log of the geometric mean's logarithm
# says: one logarithm too many was taken
def log_means(log_u, w):
    return logsumexp(log_u, b=w), np.log(w @ log_u)


# %% wrong: log of the weighted terms, added up
# says: In the geometric mean they are exponents
def log_means(log_u, w):
    return logsumexp(log_u, b=w), np.sum(np.log(w) + log_u)


# %% wrong: the largest for the sum
# says: looks like the largest of the logarithms
def log_means(log_u, w):
    return log_u.max(), w @ log_u
