# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np
from scipy.special import xlog1py, xlogy


# %% right: pseudo-counts
def map_estimate(heads, flips, a, b):
    H = heads.sum() + (a - 1)
    T = (flips - heads).sum() + (b - 1)
    return H / (H + T)


# %% right: loop, single precision
def map_estimate(heads, flips, a, b):
    top, bottom = a - 1, a - 1 + b - 1
    for h, f in zip(heads, flips, strict=True):
        top += h
        bottom += f
    return np.float32(top / bottom)


# %% right: mode of the posterior Beta density
def map_estimate(heads, flips, a, b):
    a_new = a + np.sum(heads)
    b_new = b + np.sum(flips) - np.sum(heads)
    return (a_new - 1) / (a_new + b_new - 2)


# %% right: the root of the derivative
def map_estimate(heads, flips, a, b):
    from scipy.optimize import brentq

    H, T = heads.sum() + a - 1, (flips - heads).sum() + b - 1
    return brentq(lambda t: H * (1 - t) - T * t, 0, 1, xtol=1e-15)


# %% right: fractions
def map_estimate(heads, flips, a, b):
    from fractions import Fraction

    H = sum(map(int, heads)) + Fraction(a) - 1
    F = sum(map(int, flips)) + Fraction(a) + Fraction(b) - 2
    return H / F


# %% right: pseudo-rows in single precision, array of one number
def map_estimate(heads, flips, a, b):
    h = np.append(heads, a - 1).astype(np.float32)
    f = np.append(flips, a + b - 2).astype(np.float32)
    return np.array(h.sum() / f.sum())


# %% right: weighted mean of the two modes
def map_estimate(heads, flips, a, b):
    F, m = np.sum(flips), a + b - 2
    return float(F / (F + m) * (np.sum(heads) / F) + m / (F + m) * ((a - 1) / m))


# %% wrong: no prior
# says: the prior has no effect
def map_estimate(heads, flips, a, b):
    return heads.sum() / flips.sum()


# %% wrong: posterior mean
# says: the mean of the posterior
def map_estimate(heads, flips, a, b):
    return (a + heads.sum()) / (a + b + flips.sum())


# %% wrong: a and b exchanged
# says: `a` and `b` were exchanged
def map_estimate(heads, flips, a, b):
    return (heads.sum() + b - 1) / (flips.sum() + a + b - 2)


# %% wrong: a heads
# says: counts one head too many
def map_estimate(heads, flips, a, b):
    return (heads.sum() + a) / (flips.sum() + a + b - 2)


# %% wrong: a + b flips
# says: counts too many flips
def map_estimate(heads, flips, a, b):
    return (heads.sum() + a - 1) / (flips.sum() + a + b)


# %% wrong: the prior's flips forgotten
# says: they belong into the denominator
def map_estimate(heads, flips, a, b):
    return (heads.sum() + a - 1) / flips.sum()


# %% wrong: the prior's tails forgotten
# says: but not its tails
def map_estimate(heads, flips, a, b):
    H = heads.sum() + a - 1
    return H / (flips.sum() + a - 1)


# %% wrong: prior in every row
# says: counted once for every row
def map_estimate(heads, flips, a, b):
    return (heads + a - 1).sum() / (flips + a + b - 2).sum()


# %% wrong: mean of the rows' estimates
# says: every row got its own estimate
def map_estimate(heads, flips, a, b):
    return np.mean((heads + a - 1) / (flips + a + b - 2))


# %% wrong: one per row
# says: one number per row
def map_estimate(heads, flips, a, b):
    return (heads + a - 1) / (flips + a + b - 2)


# %% wrong: tails
# says: heads and tails were exchanged
def map_estimate(heads, flips, a, b):
    tails = flips.sum() - heads.sum()
    return (tails + a - 1) / (flips.sum() + a + b - 2)


# %% wrong: the prior alone
# says: the highest point of the prior
def map_estimate(heads, flips, a, b):
    return (a - 1) / (a + b - 2)


# %% wrong: the numbers of the text
# says: always that of the text
def map_estimate(heads, flips, a, b):
    return (heads.sum() + 1) / (flips.sum() + 2)


# %% wrong: written down
# says: the same numbers whatever its arguments are
def map_estimate(heads, flips, a, b):
    return 1 / 22


# %% wrong: minus one in the denominator
# says: counts one flip too many
def map_estimate(heads, flips, a, b):
    return (heads.sum() + a - 1) / (flips.sum() + a + b - 1)


# %% wrong: only b in the denominator
# says: has the prior's tails, but not its heads
def map_estimate(heads, flips, a, b):
    return (heads.sum() + a - 1) / (flips.sum() + b - 1)


# %% wrong: coarse grid
# says: were read off a grid
def map_estimate(heads, flips, a, b):
    grid = np.linspace(0, 1, 101)
    H, F = heads.sum(), flips.sum()
    lp = xlogy(H + a - 1, grid) + xlog1py(F - H + b - 1, -grid)
    return grid[lp.argmax()]


# %% wrong: fine grid
# says: rounded to 5 decimals
def map_estimate(heads, flips, a, b):
    grid = np.linspace(0, 1, 100_001)
    H, F = heads.sum(), flips.sum()
    return grid[(xlogy(H + a - 1, grid) + xlog1py(F - H + b - 1, -grid)).argmax()]


# %% wrong: an optimiser
# says: left to an optimiser
def map_estimate(heads, flips, a, b):
    from scipy.optimize import minimize_scalar

    H, T = heads.sum() + a - 1, (flips - heads).sum() + b - 1
    cost = lambda t: -H * np.log(t) - T * np.log(1 - t)  # noqa: E731
    return minimize_scalar(cost, bounds=(0, 1)).x


# %% wrong: rounded
# says: rounded to 3 decimals
def map_estimate(heads, flips, a, b):
    return round((heads.sum() + a - 1) / (flips.sum() + a + b - 2), 3)


# %% wrong: returns the log posterior
# says: the log posterior at its highest point
def map_estimate(heads, flips, a, b):
    H, F = heads.sum(), flips.sum()
    t = (H + a - 1) / (F + a + b - 2)
    return xlogy(H + a - 1, t) + xlog1py(F - H + b - 1, -t)


# %% wrong: prior only when there are zero heads
# says: only when there are no heads
def map_estimate(heads, flips, a, b):
    if heads.sum() == 0:
        return (a - 1) / (flips.sum() + a + b - 2)
    return heads.sum() / flips.sum()


# %% wrong: tails in the denominator
# says: those are the odds
def map_estimate(heads, flips, a, b):
    H, T = heads.sum(), (flips - heads).sum()
    return (H + a - 1) / (T + b - 1)


# %% wrong: average of MLE and prior mode
# says: the data's estimate and the prior's
def map_estimate(heads, flips, a, b):
    return 0.5 * (heads.sum() / flips.sum() + (a - 1) / (a + b - 2))


# %% wrong: brackets missing
# says: Python divides before it adds
def map_estimate(heads, flips, a, b):
    return heads.sum() + a - 1 / flips.sum() + a + b - 2


# %% wrong: the probability of tails
# says: this were the probability of tails
def map_estimate(heads, flips, a, b):
    return ((flips - heads).sum() + b - 1) / (flips.sum() + a + b - 2)


# %% wrong: the first row
# says: only the first row counts
def map_estimate(heads, flips, a, b):
    return (heads[0] + a - 1) / (flips[0] + a + b - 2)


# %% wrong: whole-number division
# says: Are decimals cut off
def map_estimate(heads, flips, a, b):
    return (heads.sum() + a - 1) // (flips.sum() + a + b - 2)


# %% wrong: median of the posterior
# says: the median of the posterior
def map_estimate(heads, flips, a, b):
    from scipy.stats import beta

    H, F = heads.sum(), flips.sum()
    return beta(a + H, b + F - H).median()


# %% wrong: prior subtracted
# says: the pseudo-flips of the prior, a - 1 and b - 1, were subtracted
def map_estimate(heads, flips, a, b):
    H = heads.sum() - (a - 1)
    T = (flips - heads).sum() - (b - 1)
    return H / (H + T)


# %% wrong: all flips taken for tails
# says: all flips were counted as tails
def map_estimate(heads, flips, a, b):
    H = heads.sum() + a - 1
    T = flips.sum() + b - 1
    return H / (H + T)


# %% wrong: 0 if there are no heads
# says: no heads at all give 0, as without a prior
def map_estimate(heads, flips, a, b):
    H, F = heads.sum(), flips.sum()
    if H == 0:
        return 0.0
    return (H + a - 1) / (F + a + b - 2)
