# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np
from scipy.stats import binom


# %% right: loop over the coins
def standard_errors(theta, flips, labels):
    errors = []
    for j in range(len(theta)):
        total = flips[labels == j].sum()
        errors.append((theta[j] * (1 - theta[j]) / total) ** 0.5)
    return errors


# %% right: information first, in single precision
def standard_errors(theta, flips, labels):
    theta = theta.astype(np.float32)
    F = np.bincount(labels, flips).astype(np.float32)
    return 1 / np.sqrt(F / theta + F / (1 - theta))


# %% right: scipy's binomial
def standard_errors(theta, flips, labels):
    from scipy.stats import binom

    F = flips @ np.eye(len(theta))[labels]
    return binom.std(F, theta) / F


# %% right: flip by flip
def standard_errors(theta, flips, labels):
    information = np.zeros(len(theta))
    for f, j in zip(flips, labels, strict=True):
        for _ in range(f):
            information[j] += 1 / theta[j] + 1 / (1 - theta[j])
    return information**-0.5


# %% right: binom std over flips
def standard_errors(theta, flips, labels):
    F = np.array([flips[labels == j].sum() for j in range(len(theta))])
    return binom.std(F, theta) / F


# %% wrong: variance
# says: These are variances
def standard_errors(theta, flips, labels):
    return theta * (1 - theta) / np.bincount(labels, flips)


# %% wrong: information
# says: the Fisher information itself
def standard_errors(theta, flips, labels):
    return np.bincount(labels, flips) / (theta * (1 - theta))


# %% wrong: root of the information
# says: grows with the number of flips
def standard_errors(theta, flips, labels):
    return np.sqrt(np.bincount(labels, flips) / (theta * (1 - theta)))


# %% wrong: one flip
# says: of a single flip
def standard_errors(theta, flips, labels):
    return np.sqrt(theta * (1 - theta))


# %% wrong: rows of the coin
# says: divided by a number of rows
def standard_errors(theta, flips, labels):
    return np.sqrt(theta * (1 - theta) / np.bincount(labels))


# %% wrong: all rows
# says: divided by a number of rows
def standard_errors(theta, flips, labels):
    return np.sqrt(theta * (1 - theta) / len(labels))


# %% wrong: flips of all coins
# says: divided by the flips of all coins
def standard_errors(theta, flips, labels):
    return np.sqrt(theta * (1 - theta) / flips.sum())


# %% wrong: mean flips
# says: the mean number of flips
def standard_errors(theta, flips, labels):
    means = np.array([flips[labels == j].mean() for j in range(len(theta))])
    return np.sqrt(theta * (1 - theta) / means)


# %% wrong: root in the wrong place
# says: divided by the flips after taking the root
def standard_errors(theta, flips, labels):
    return np.sqrt(theta * (1 - theta)) / np.bincount(labels, flips)


# %% wrong: root over the flips only
# says: the root went over the flips alone
def standard_errors(theta, flips, labels):
    return theta * (1 - theta) / np.sqrt(np.bincount(labels, flips))


# %% wrong: half the interval
# says: half width of an interval
def standard_errors(theta, flips, labels):
    return 1.96 * np.sqrt(theta * (1 - theta) / np.bincount(labels, flips))


# %% wrong: one flip less
# says: one flip less
def standard_errors(theta, flips, labels):
    return np.sqrt(theta * (1 - theta) / (np.bincount(labels, flips) - 1))


# %% wrong: ten flips a row
# says: every row counted ten flips
def standard_errors(theta, flips, labels):
    return np.sqrt(theta * (1 - theta) / (10 * np.bincount(labels)))


# %% wrong: labels never used
# says: It stopped with `ValueError
def standard_errors(theta, flips, labels):
    return np.sqrt(theta * (1 - theta) / flips)


# %% wrong: a[labels] += b
# says: only one row of each coin counted
def standard_errors(theta, flips, labels):
    total = np.zeros(len(theta))
    total[labels] += flips
    return np.sqrt(theta * (1 - theta) / total)


# %% wrong: two coins only
# says: two coins however many there are
def standard_errors(theta, flips, labels):
    F = np.array([flips[labels == 0].sum(), flips[labels == 1].sum()])
    return np.sqrt(theta[:2] * (1 - theta[:2]) / F)


# %% wrong: spread of the count of heads
# says: of the *number* of heads
def standard_errors(theta, flips, labels):
    F = np.bincount(labels, flips, len(theta))
    return np.sqrt(F * theta * (1 - theta))


# %% wrong: per row
# says: one number per row
def standard_errors(theta, flips, labels):
    t = theta[labels]
    return np.sqrt(t * (1 - t) / flips)


# %% wrong: mean of the rows' errors
# says: the mean of the rows' standard errors
def standard_errors(theta, flips, labels):
    return np.array(
        [
            np.mean(np.sqrt(theta[j] * (1 - theta[j]) / flips[labels == j]))
            for j in range(len(theta))
        ]
    )


# %% wrong: theta for one minus theta
# says: theta were squared
def standard_errors(theta, flips, labels):
    F = np.bincount(labels, flips, len(theta))
    return np.sqrt(theta * theta / F)


# %% wrong: standard deviation of the flips
# says: how much the rows' numbers of flips differ
def standard_errors(theta, flips, labels):
    return np.array([np.std(flips[labels == j]) for j in range(len(theta))])


# %% wrong: one minus without brackets
# says: brackets around `1 - theta` were missing
def standard_errors(theta, flips, labels):
    F = np.bincount(labels, flips, len(theta))
    return np.sqrt(theta * 1 - theta / F)


# %% wrong: worst case one half
# says: the error of a fair coin
def standard_errors(theta, flips, labels):
    F = np.bincount(labels, flips, len(theta))
    return 0.5 / np.sqrt(F)


# %% wrong: sum of the rows' errors
# says: you added the rows' standard errors
def standard_errors(theta, flips, labels):
    return np.bincount(labels, np.sqrt(theta[labels] * (1 - theta[labels]) / flips), len(theta))


# %% wrong: curvature at heads = theta
# says: every flip counted as a head, and as a tail
def standard_errors(theta, flips, labels):
    F = np.bincount(labels, flips, len(theta))
    return 1 / np.sqrt(F / theta**2 + F / (1 - theta) ** 2)


# %% wrong: root over theta only
# says: the root went over one factor only
def standard_errors(theta, flips, labels):
    return theta**0.5 * (1 - theta) / np.bincount(labels, flips) ** 0.5


# %% wrong: root of theta over the flips
# says: the probability of tails were missing
def standard_errors(theta, flips, labels):
    return np.sqrt(theta / np.bincount(labels, flips))


# %% wrong: two standard errors
# says: These are two standard errors
def standard_errors(theta, flips, labels):
    return 2 * np.sqrt(theta * (1 - theta) / np.bincount(labels, flips))


# %% wrong: put into an array of integers
# says: 0 everywhere. Are decimals cut off
def standard_errors(theta, flips, labels):
    errors = np.zeros_like(flips[: len(theta)])
    for j, t in enumerate(theta):
        errors[j] = np.sqrt(t * (1 - t) / flips[labels == j].sum())
    return errors


# %% wrong: simulated
# says: is only about right
def standard_errors(theta, flips, labels):
    rng = np.random.default_rng(1)
    totals = [int(flips[labels == j].sum()) for j in range(len(theta))]
    return np.array([rng.binomial(F, t, 40_000).std() / F for F, t in zip(totals, theta)])


# %% wrong: flips gathered in the order of appearance
# says: stood in the order in which the labels first appear
def standard_errors(theta, flips, labels):
    total = {}
    for j, f in zip(labels, flips, strict=True):
        total[j] = total.get(j, 0) + f
    return np.sqrt(theta * (1 - theta) / np.array(list(total.values())))


# %% wrong: the first row of each coin
# says: only the first row of each coin was counted
def standard_errors(theta, flips, labels):
    _, first = np.unique(labels, return_index=True)
    return np.sqrt(theta * (1 - theta) / flips[first])


# %% wrong: row j for coin j
# says: row j were taken for coin j
def standard_errors(theta, flips, labels):
    errors = np.zeros(len(theta))
    for j in range(len(theta)):
        errors[j] = np.sqrt(theta[j] * (1 - theta[j]) / flips[j])
    return errors
