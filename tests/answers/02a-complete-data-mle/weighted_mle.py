# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np


# %% right: loops, returned as lists
def weighted_mle(heads, flips, weights):
    n, k = weights.shape
    rows, weighted_heads, weighted_flips = [0] * k, [0] * k, [0] * k
    for i in range(n):
        for j in range(k):
            rows[j] += weights[i, j]
            weighted_heads[j] += weights[i, j] * heads[i]
            weighted_flips[j] += weights[i, j] * flips[i]
    alpha = [r / sum(rows) for r in rows]
    return alpha, [h / f for h, f in zip(weighted_heads, weighted_flips, strict=True)]


# %% right: einsum, single precision
def weighted_mle(heads, flips, weights):
    w = weights.astype(np.float32)
    theta = np.einsum("i,ij->j", heads, w) / np.einsum("i,ij->j", flips, w)
    return np.einsum("ij->j", w) / np.einsum("ij->", w), theta


# %% right: weighted averages, one array
def weighted_mle(heads, flips, weights):
    theta = [np.average(heads / flips, weights=flips * w) for w in weights.T]
    return np.stack([weights.mean(axis=0) / weights.mean(axis=0).sum(), theta])


# %% right: heads and tails
def weighted_mle(heads, flips, weights):
    H = (weights * heads[:, None]).sum(0)
    T = (weights * (flips - heads)[:, None]).sum(0)
    alpha = weights.sum(0)
    alpha /= alpha.sum()
    return alpha, H / (H + T)


# %% right: averages, stacked into one array
def weighted_mle(heads, flips, weights):
    theta = [np.average(heads / flips, weights=w * flips) for w in weights.T]
    return np.array([weights.sum(0) / weights.sum(), theta])


# %% right: tensordot
def weighted_mle(heads, flips, weights):
    counts = np.tensordot(np.stack([np.ones(len(heads)), heads, flips]), weights, axes=(1, 0))
    return counts[0] / counts[0].sum(), counts[1] / counts[2]


# %% wrong: alpha divided by n
# says: do your mixing weights sum to 1?
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0) / len(weights), (heads @ weights) / (flips @ weights)


# %% wrong: alpha not divided
# says: not yet divided
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0), (heads @ weights) / (flips @ weights)


# %% wrong: alpha from the flips
# says: count by their flips
def weighted_mle(heads, flips, weights):
    F = flips @ weights
    return F / F.sum(), (heads @ weights) / F


# %% wrong: rows made to sum to 1
# says: each row of `weights` sum to 1 first
def weighted_mle(heads, flips, weights):
    w = weights / weights.sum(axis=1, keepdims=True)
    return w.mean(axis=0), (heads @ w) / (flips @ w)


# %% wrong: exchanged
# says: The results are right but in another order
def weighted_mle(heads, flips, weights):
    return (heads @ weights) / (flips @ weights), weights.sum(axis=0) / weights.sum()


# %% wrong: hard assignment
# says: went wholly to the coin with its largest weight
def weighted_mle(heads, flips, weights):
    z = weights.argmax(axis=1)
    k = weights.shape[1]
    theta = [heads[z == j].sum() / max(flips[z == j].sum(), 1) for j in range(k)]
    return weights.sum(axis=0) / weights.sum(), np.array(theta)


# %% wrong: flips not weighted
# says: the heads are weighted and the flips are not
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0) / weights.sum(), (heads @ weights) / flips.sum()


# %% wrong: weights forgotten
# says: the weights are not used
def weighted_mle(heads, flips, weights):
    k = weights.shape[1]
    return weights.sum(axis=0) / weights.sum(), np.repeat(heads.sum() / flips.sum(), k)


# %% wrong: mean of ratios
# says: the weighted mean of the rows' ratios
def weighted_mle(heads, flips, weights):
    ratios = (heads / flips)[:, None] * np.ones_like(weights)
    return weights.sum(axis=0) / weights.sum(), np.average(ratios, axis=0, weights=weights)


# %% wrong: divided by weighted rows
# says: divided by weighted rows
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0) / weights.sum(), (heads @ weights) / weights.sum(axis=0)


# %% wrong: tails
# says: heads and tails seem to be exchanged
def weighted_mle(heads, flips, weights):
    tails = flips - heads
    return weights.sum(axis=0) / weights.sum(), (tails @ weights) / (flips @ weights)


# %% wrong: equal shares
# says: all coins get the same share
def weighted_mle(heads, flips, weights):
    k = weights.shape[1]
    return np.full(k, 1 / k), (heads @ weights) / (flips @ weights)


# %% wrong: two coins only
# says: two coins however many there are
def weighted_mle(heads, flips, weights):
    w_A, w_B = weights[:, 0], weights[:, 1]
    theta = [(w_A @ heads) / (w_A @ flips), (w_B @ heads) / (w_B @ flips)]
    return np.array([w_A.sum(), w_B.sum()]) / weights.sum(), np.array(theta)


# %% wrong: heads not made a column
# says: It stopped with `ValueError
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0) / weights.sum(), (heads * weights).sum(axis=0) / (flips @ weights)


# %% wrong: summed over the coins
# says: summed over the coins instead of the rows
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=1) / weights.sum(), (heads @ weights) / (flips @ weights)


# %% wrong: the weights changed in place
# says: changes its argument `weights` in place
def weighted_mle(heads, flips, weights):
    theta = (heads @ weights) / (flips @ weights)
    weights /= weights.sum()
    return weights.sum(axis=0), theta


# %% wrong: theta only
# says: It should return 2 values
def weighted_mle(heads, flips, weights):
    return heads @ weights / (flips @ weights)


# %% wrong: ten flips
# says: every row counted ten flips
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0) / weights.sum(), heads @ weights / (10 * weights.sum(axis=0))


# %% wrong: heads over tails
# says: those are the odds
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0) / weights.sum(), heads @ weights / ((flips - heads) @ weights)


# %% wrong: alpha from heads
# says: count by their heads
def weighted_mle(heads, flips, weights):
    H = heads @ weights
    return H / H.sum(), H / (flips @ weights)


# %% wrong: broadcasting without a new axis
# says: NumPy lines up *last* axes
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0) / weights.sum(), (weights * heads).sum(axis=0) / (
        weights * flips
    ).sum(axis=0)


# %% wrong: emlib's M-step
# says: It calls emlib
def weighted_mle(heads, flips, weights):
    from emlib import BinomialMixture, Tosses

    k = weights.shape[1]
    model = BinomialMixture(np.linspace(0.2, 0.8, k), fit_mixing_weights=True)
    new = model.m_step(Tosses(heads, flips), weights)
    return new.mixing_weights, new.theta


# %% wrong: weights only on the heads
# says: gives all of its flips
def weighted_mle(heads, flips, weights):
    k = weights.shape[1]
    F = np.array([flips[weights[:, j] > 0].sum() for j in range(k)])
    return weights.sum(axis=0) / weights.sum(), heads @ weights / F


# %% wrong: theta uses mean flips
# says: the mean number of flips
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0) / weights.sum(), heads @ weights / (
        weights.sum(axis=0) * flips.mean()
    )


# %% wrong: softmax
# says: They are no logarithms
def weighted_mle(heads, flips, weights):
    W = weights.sum(axis=0)
    return np.exp(W) / np.exp(W).sum(), heads @ weights / (flips @ weights)


# %% wrong: each row to one coin
# says: each row went wholly to the coin with its largest weight. A row
def weighted_mle(heads, flips, weights):
    one = np.eye(weights.shape[1])[weights.argmax(axis=1)]
    return one.mean(axis=0), heads @ one / (flips @ one)


# %% wrong: rows counted whole in alpha
# says: In `alpha` it looks as if each row went wholly
def weighted_mle(heads, flips, weights):
    rows = np.bincount(weights.argmax(axis=1), minlength=weights.shape[1])
    return rows / len(heads), heads @ weights / (flips @ weights)


# %% wrong: all heads
# says: the flips are weighted and the heads are not
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0) / weights.sum(), heads.sum() / (flips @ weights)


# %% wrong: weights and flips apart
# says: the weights and the flips are summed apart
def weighted_mle(heads, flips, weights):
    W = weights.sum(axis=0)
    return W / W.sum(), heads @ weights / (W * flips.sum())


# %% wrong: divided by n
# says: In `theta` you divided by the number of rows
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0) / weights.sum(), heads @ weights / len(heads)


# %% wrong: share of the heads
# says: divided by the heads of all coins
def weighted_mle(heads, flips, weights):
    H = heads @ weights
    return weights.sum(axis=0) / weights.sum(), H / H.sum()


# %% wrong: weighted heads
# says: Of how many flips?
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0) / weights.sum(), heads @ weights


# %% wrong: weighted twice
# says: the weights entered squared
def weighted_mle(heads, flips, weights):
    W = weights * weights
    return weights.sum(axis=0) / weights.sum(), heads @ W / (flips @ W)


# %% wrong: alpha over flips
# says: In `alpha` you divided by flips
def weighted_mle(heads, flips, weights):
    return weights.sum(axis=0) / flips.sum(), heads @ weights / (flips @ weights)


# %% wrong: put into arrays of integers
# says: 0 everywhere. Are decimals cut off
def weighted_mle(heads, flips, weights):
    k = weights.shape[1]
    alpha, theta = np.zeros(k, dtype=int), np.zeros(k, dtype=int)
    for j in range(k):
        alpha[j] = weights[:, j].sum() / weights.sum()
        theta[j] = (weights[:, j] * heads).sum() / (weights[:, j] * flips).sum()
    return alpha, theta


# %% wrong: reshape for a transpose
# says: `reshape` was used
def weighted_mle(heads, flips, weights):
    n, k = weights.shape
    table = weights.reshape(k, n)
    return table.sum(axis=1) / table.sum(), (table @ heads) / (table @ flips)


# %% wrong: something small below the line, lest it be 0
# says: a small number was added to what something is divided by
def weighted_mle(heads, flips, weights):
    alpha = weights.sum(axis=0) / weights.sum()
    return alpha, (heads @ weights) / (flips @ weights + 1e-8)


# %% wrong: kept away from 0 and 1
# says: kept away from 0 and 1
def weighted_mle(heads, flips, weights):
    theta = np.clip(heads @ weights / (flips @ weights), 0.001, 0.999)
    return weights.sum(axis=0) / weights.sum(), theta


# %% wrong: rows made to sum to 1 for theta only
# says: It looks as if you made each row of `weights` sum to 1 first
def weighted_mle(heads, flips, weights):
    alpha = weights.sum(axis=0) / weights.sum()
    shares = weights / weights.sum(axis=1, keepdims=True)
    return alpha, (heads @ shares) / (flips @ shares)


# %% wrong: alpha divided by k
# says: In `alpha` you divided by the number of coins
def weighted_mle(heads, flips, weights):
    k = weights.shape[1]
    return weights.sum(axis=0) / k, (heads @ weights) / (flips @ weights)


# %% wrong: alpha divided by n - 1
# says: In `alpha` you divided by the number of rows less 1
def weighted_mle(heads, flips, weights):
    n, k = weights.shape
    alpha, theta = np.zeros(k), np.zeros(k)
    for j in range(k):
        w = weights[:, j]
        alpha[j] = w.sum() / (n - 1)
        theta[j] = np.sum(w * heads) / np.sum(w * flips)
    return alpha, theta
