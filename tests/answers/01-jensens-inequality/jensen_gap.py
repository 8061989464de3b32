# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np


# %% right: sums of products
def jensen_gap(u, w):
    return np.sum(w / u) - 1 / np.sum(w * u)


# %% right: a loop
def jensen_gap(u, w):
    mean = mean_of_f = 0
    for u_j, w_j in zip(u, w):
        mean += w_j * u_j
        mean_of_f += w_j / u_j
    return mean_of_f - 1 / mean


# %% right: weighted averages in single precision
def jensen_gap(u, w):
    u, w = u.astype(np.float32), w.astype(np.float32)
    return np.average(1 / u, weights=w) - 1 / np.average(u, weights=w)


# %% right: absolute value, either way round
def jensen_gap(u, w):
    return abs(np.reciprocal(w @ u) - w @ np.reciprocal(u))


# %% right: two sides, sorted
def jensen_gap(u, w):
    def f(t):
        return t**-1.0

    small, large = sorted([f(np.sum(u * w)), np.sum(f(u) * w)])
    return large - small


# %% wrong: as for a concave function
# says: 1/u is convex, so Jensen's inequality points the other way
def jensen_gap(u, w):
    return 1 / (w @ u) - w @ (1 / u)


# %% wrong: copied from section 1
# says: the gap of the logarithm was computed
def jensen_gap(u, w):
    return np.log(w @ u) - w @ np.log(u)


# %% wrong: weights forgotten
# says: the weights `w` were not used
def jensen_gap(u, w):
    return np.mean(1 / u) - 1 / np.mean(u)


# %% wrong: sums for expectations
# says: Expectations are weighted means
def jensen_gap(u, w):
    return sum(1 / u) - 1 / sum(u)


# %% wrong: weights on one side
# says: used in one expectation but not in the other
def jensen_gap(u, w):
    return np.mean(1 / u) - 1 / (u @ w)


# %% wrong: np.mean of weighted values
# says: you divided by the number of values, too
def jensen_gap(u, w):
    return np.mean(w * (1 / u)) - 1 / np.mean(w * u)


# %% wrong: only the mean of f
# says: That is the mean of f
def jensen_gap(u, w):
    return w @ (1 / u)


# %% wrong: arithmetic less harmonic mean
# says: Compare two values of f
def jensen_gap(u, w):
    return w @ u - 1 / (w @ (1 / u))


# %% wrong: the variance
# says: the gap of the square
def jensen_gap(u, w):
    mean = np.sum(w * u)
    return np.sum(w * (u - mean) ** 2)


# %% wrong: rounded
# says: rounded to 3 decimals
def jensen_gap(u, w):
    return round(w @ (1 / u) - 1 / (w @ u), 3)


# %% wrong: the inverse of u in place
# says: It changes its argument `u` in place
def jensen_gap(u, w):
    mean = w @ u
    np.divide(1, u, out=u)
    return w @ u - 1 / mean


# %% wrong: f of the products
# says: f was taken of the products w u
def jensen_gap(u, w):
    return np.sum(1 / (w * u)) - 1 / np.sum(w * u)


# %% wrong: weights only choose the values
# says: served only to leave out what has weight 0
def jensen_gap(u, w):
    u = u[w > 0]
    return np.mean(1 / u) - 1 / np.mean(u)


# %% wrong: absolute value with weights on one side
# says: used in one expectation but not in the other
def jensen_gap(u, w):
    return abs(w @ (1 / u) - 1 / u.mean())


# %% wrong: one number per value
# says: `the gap` should be a single number
def jensen_gap(u, w):
    return w / u - 1 / (w @ u)


# %% wrong: mean of the distances
# says: The gap is one distance, between two means
def jensen_gap(u, w):
    return np.average(np.abs(1 / u - 1 / (w @ u)), weights=w)


# %% wrong: only f of the mean
# says: That is f of the mean
def jensen_gap(u, w):
    return 1 / np.average(u, weights=w)


# %% wrong: one side divided by the other
# says: The gap is a difference
def jensen_gap(u, w):
    return np.sum(w / u) / (1 / np.sum(w * u))


# %% wrong: two sides in an array of integers
# says: Are decimals cut off
def jensen_gap(u, w):
    sides = np.zeros(1, dtype=int)
    sides[0] = w @ (1 / u) - 1 / (w @ u)
    return sides[0]


# %% wrong: loops that begin at 1
# says: the first value was left out
def jensen_gap(u, w):
    mean, mean_of_f = 0, 0
    for i in range(1, len(u)):
        mean += w[i] * u[i]
        mean_of_f += w[i] / u[i]
    return mean_of_f - 1 / mean


# %% wrong: speeds that hardly occur left out
# says: small entries of `w` were left out
def jensen_gap(u, w):
    often = w > 1e-4
    u, w = u[often], w[often]
    return w @ (1 / u) - 1 / (w @ u)


# %% wrong: each speed once
# says: `u` holds a number twice
def jensen_gap(u, w):
    share = dict(zip(u, w))
    total = sum(share.values())
    times = sum(p / speed for speed, p in share.items()) / total
    return times - total / sum(p * speed for speed, p in share.items())


# %% wrong: no brackets around the mean
# says: `/` and `@` go from left to right
def jensen_gap(u, w):
    mean_of_f = w @ (1 / u)
    f_of_mean = 1 / w @ u
    return mean_of_f - f_of_mean


# %% wrong: written out for two values
# says: only two values were counted
def jensen_gap(u, w):
    mean = w[0] * u[0] + w[1] * u[1]
    mean_of_f = w[0] / u[0] + w[1] / u[1]
    return mean_of_f - 1 / mean
