# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np
from scipy.special import xlog1py, xlogy


# %% right: masks
def mle_by_labels(heads, flips, labels, k):
    theta = np.zeros(k)
    for j in range(k):
        mine = labels == j
        theta[j] = heads[mine].sum() / flips[mine].sum()
    return theta


# %% right: loops over the rows, returned as a list
def mle_by_labels(heads, flips, labels, k):
    total_heads, total_flips = [0] * k, [0] * k
    for h, f, j in zip(heads, flips, labels, strict=True):
        total_heads[j] += h
        total_flips[j] += f
    return [h / f for h, f in zip(total_heads, total_flips, strict=True)]


# %% right: one-hot labels, single precision
def mle_by_labels(heads, flips, labels, k):
    z = np.eye(k, dtype=np.float32)[labels]
    return (heads @ z) / (flips @ z)


# %% right: np.add.at
def mle_by_labels(heads, flips, labels, k):
    total = np.zeros((2, k))
    np.add.at(total[0], labels, heads)
    np.add.at(total[1], labels, flips - heads)
    return total[0] / total.sum(axis=0)


# %% right: weighted mean of the ratios
def mle_by_labels(heads, flips, labels, k):
    ratios = heads / flips
    return np.array([np.average(ratios[labels == j], weights=flips[labels == j]) for j in range(k)])


# %% right: loop and dict
def mle_by_labels(heads, flips, labels, k):
    H = {j: 0 for j in range(k)}
    F = {j: 0 for j in range(k)}
    for h, f, z in zip(heads, flips, labels):
        H[int(z)] += int(h)
        F[int(z)] += int(f)
    return [H[j] / F[j] for j in range(k)]


# %% right: numerically with minimize_scalar
def mle_by_labels(heads, flips, labels, k):
    from scipy.optimize import minimize_scalar

    out = np.empty(k)
    for j in range(k):
        h, f = heads[labels == j], flips[labels == j]

        def cost(t, h, f):
            return -(xlogy(h, t) + xlog1py(f - h, -t)).sum()

        out[j] = minimize_scalar(cost, bounds=(0, 1), args=(h, f), options={"xatol": 1e-12}).x
    return out


# %% right: sort and reduceat
def mle_by_labels(heads, flips, labels, k):
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(k))
    return np.add.reduceat(heads[order], starts) / np.add.reduceat(flips[order], starts)


# %% wrong: mean of ratios
# says: took the mean of the rows' ratios
def mle_by_labels(heads, flips, labels, k):
    return np.array([(heads[labels == j] / flips[labels == j]).mean() for j in range(k)])


# %% wrong: probability of tails
# says: heads and tails were exchanged
def mle_by_labels(heads, flips, labels, k):
    tails = flips - heads
    return np.array([tails[labels == j].sum() / flips[labels == j].sum() for j in range(k)])


# %% wrong: upside down
# says: stands upside down
def mle_by_labels(heads, flips, labels, k):
    return np.array([flips[labels == j].sum() / heads[labels == j].sum() for j in range(k)])


# %% wrong: odds
# says: those are the odds
def mle_by_labels(heads, flips, labels, k):
    tails = flips - heads
    return np.bincount(labels, heads) / np.bincount(labels, tails)


# %% wrong: all flips
# says: divided by the flips of all coins
def mle_by_labels(heads, flips, labels, k):
    return np.array([heads[labels == j].sum() / flips.sum() for j in range(k)])


# %% wrong: mean heads of a row
# says: divided by a number of rows
def mle_by_labels(heads, flips, labels, k):
    return np.array([heads[labels == j].mean() for j in range(k)])


# %% wrong: divided by n
# says: divided by a number of rows
def mle_by_labels(heads, flips, labels, k):
    n = len(heads)
    return np.array([heads[labels == j].sum() / n for j in range(k)])


# %% wrong: ten flips a row, as in the text
# says: every row counted ten flips
def mle_by_labels(heads, flips, labels, k):
    return np.array([heads[labels == j].sum() / (10 * np.sum(labels == j)) for j in range(k)])


# %% wrong: the first row's flips for all rows
# says: one row's number of flips for all rows
def mle_by_labels(heads, flips, labels, k):
    return np.array([heads[labels == j].sum() / (flips[0] * sum(labels == j)) for j in range(k)])


# %% wrong: labels ignored
# says: the labels are not used
def mle_by_labels(heads, flips, labels, k):
    return np.array([heads.sum() / flips.sum() for j in range(k)])


# %% wrong: a[labels] += b
# says: each coin kept only its last row
def mle_by_labels(heads, flips, labels, k):
    total_heads, total_flips = np.zeros(k), np.zeros(k)
    total_heads[labels] += heads
    total_flips[labels] += flips
    return total_heads / total_flips


# %% wrong: two coins only
# says: two coins however many there are
def mle_by_labels(heads, flips, labels, k):
    A, B = labels == 0, labels == 1
    return np.array([heads[A].sum() / flips[A].sum(), heads[B].sum() / flips[B].sum()])


# %% wrong: rounded
# says: rounded to 2 decimals
def mle_by_labels(heads, flips, labels, k):
    return (np.bincount(labels, heads, k) / np.bincount(labels, flips, k)).round(2)


# %% wrong: labels from 1
# says: labels from 1 to k
def mle_by_labels(heads, flips, labels, k):
    theta = []
    for j in range(1, k + 1):
        theta.append(heads[labels == j].sum() / flips[labels == j].sum())
    return theta


# %% wrong: the heads changed in place
# says: changes its argument `heads` in place
def mle_by_labels(heads, flips, labels, k):
    theta = np.bincount(labels, heads, k) / np.bincount(labels, flips, k)
    heads *= 0
    return theta


# %% wrong: copied with scalar flips
# says: It stopped with `ValueError
def mle_by_labels(heads, flips, labels, k):
    H = np.array([heads[labels == j].sum() for j in range(k)])
    F = np.array([flips * np.sum(labels == j) for j in range(k)])
    return H / F


# %% wrong: share of heads
# says: divided by the heads of all coins
def mle_by_labels(heads, flips, labels, k):
    H = np.bincount(labels, weights=heads, minlength=k)
    return H / H.sum()


# %% wrong: returns the mixing weights
# says: These are the mixing weights
def mle_by_labels(heads, flips, labels, k):
    return np.bincount(labels, minlength=k) / len(labels)


# %% wrong: labels as index
# says: taken for the number of a row
def mle_by_labels(heads, flips, labels, k):
    return np.array([heads[labels[j]] / flips[labels[j]] for j in range(k)])


# %% wrong: integer division
# says: and `//` drops them
def mle_by_labels(heads, flips, labels, k):
    return np.array([heads[labels == j].sum() // flips[labels == j].sum() for j in range(k)])


# %% wrong: plus one smoothing
# says: added a head and a tail to each coin
def mle_by_labels(heads, flips, labels, k):
    return np.array(
        [(heads[labels == j].sum() + 1) / (flips[labels == j].sum() + 2) for j in range(k)]
    )


# %% wrong: returns sorted
# says: sorted by size
def mle_by_labels(heads, flips, labels, k):
    return np.sort([heads[labels == j].sum() / flips[labels == j].sum() for j in range(k)])


# %% wrong: returns inside the loop
# says: Does the `return` stand inside the loop?
def mle_by_labels(heads, flips, labels, k):
    theta = np.zeros(k)
    for j in range(k):
        theta[j] = heads[labels == j].sum() / flips[labels == j].sum()
        return theta


# %% wrong: heads of j over flips including zeros, mean of where
# says: averaged over all rows
def mle_by_labels(heads, flips, labels, k):
    return np.array([np.mean(np.where(labels == j, heads / flips, 0)) for j in range(k)])


# %% wrong: divided twice
# says: the mean of the heads by the sum of the flips
def mle_by_labels(heads, flips, labels, k):
    return np.array([heads[labels == j].mean() / flips[labels == j].sum() for j in range(k)])


# %% wrong: row j for coin j
# says: row j were taken for coin j
def mle_by_labels(heads, flips, labels, k):
    return np.array([heads[j] / flips[j] for j in range(k)])


# %% wrong: the first row of each coin
# says: each coin counted only its first row
def mle_by_labels(heads, flips, labels, k):
    first = [list(labels).index(j) for j in range(k)]
    return heads[first] / flips[first]


# %% wrong: put into an array of integers
# says: An array of integers keeps none
def mle_by_labels(heads, flips, labels, k):
    theta = np.zeros_like(heads[:k])
    for j in range(k):
        theta[j] = heads[labels == j].sum() / flips[labels == j].sum()
    return theta


# %% wrong: in the order of appearance
# says: the order in which the labels first appear
def mle_by_labels(heads, flips, labels, k):
    seen = list(dict.fromkeys(labels.tolist()))
    return np.array([heads[labels == j].sum() / flips[labels == j].sum() for j in seen])


# %% wrong: labels from 1 to k
# says: labels from 1 to k were looked for
def mle_by_labels(heads, flips, labels, k):
    theta = np.zeros(k)
    for j in range(1, k + 1):
        if (labels == j).any():
            theta[j - 1] = heads[labels == j].sum() / flips[labels == j].sum()
    return theta


# %% wrong: median of the ratios
# says: the median of the rows' ratios
def mle_by_labels(heads, flips, labels, k):
    ratios = heads / flips
    return np.array([np.median(ratios[labels == j]) for j in range(k)])


# %% wrong: one flip less, as in a sample variance
# says: you divided by one flip less
def mle_by_labels(heads, flips, labels, k):
    theta = np.zeros(k)
    for j in range(k):
        mine = labels == j
        theta[j] = heads[mine].sum() / (flips[mine].sum() - 1)
    return theta
