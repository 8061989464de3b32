# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np
from scipy.special import logsumexp, softmax


def e_step(theta, alpha, heads, flips):
    log_p = np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    log_p = np.log(alpha) + log_p
    return softmax(log_p, axis=1), logsumexp(log_p, axis=1).sum()


def derivatives(theta, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    return h / theta - t / (1 - theta), h / theta**2 + t / (1 - theta) ** 2


# %% right: arrays
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    m = r * s
    return np.diag((r * b).sum(0)), np.diag((m * s).sum(0)) - m.T @ m


# %% right: loops over rows and pairs of coins
def information(theta, alpha, heads, flips):
    r, k = e_step(theta, alpha, heads, flips)[0], len(theta)
    complete, missing = np.zeros((k, k)), np.zeros((k, k))
    for i in range(len(heads)):
        h, t = heads[i], flips[i] - heads[i]
        for j in range(k):
            complete[j, j] += r[i, j] * (h / theta[j] ** 2 + t / (1 - theta[j]) ** 2)
            for m in range(k):
                s, u = (h / theta[c] - t / (1 - theta[c]) for c in (j, m))
                missing[j, m] += ((j == m) * r[i, j] - r[i, j] * r[i, m]) * s * u
    return complete.tolist(), missing.tolist()


# %% right: covariance of the labels, by einsum
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    labels = np.einsum("ij,jl->ijl", r, np.eye(len(theta))) - np.einsum("ij,il->ijl", r, r)
    return np.diag(np.einsum("ij,ij->j", r, b)), np.einsum("ij,il,ijl->jl", s, s, labels)


# %% right: single precision
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    m = r * s
    missing = sum(np.diag(m[i] * s[i]) - np.outer(m[i], m[i]) for i in range(len(r)))
    return np.float32(np.diag((r * b).sum(0))), np.float32(missing)


# %% wrong: responsibilities left out
# says: counts by its responsibility
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    m = r * s
    return np.diag(b.sum(0)), np.diag((m * s).sum(0)) - m.T @ m


# %% wrong: complete not squared
# says: are not squared
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, _ = derivatives(theta, heads, flips)
    m = r * s
    complete = heads @ r / theta + (flips - heads) @ r / (1 - theta)
    return np.diag(complete), np.diag((m * s).sum(0)) - m.T @ m


# %% wrong: as at a maximum
# says: the same only where $\theta$ is expected heads over expected flips
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, _ = derivatives(theta, heads, flips)
    m = r * s
    return np.diag(flips @ r / (theta * (1 - theta))), np.diag((m * s).sum(0)) - m.T @ m


# %% wrong: mean squares for the variance
# says: subtracts the product of the means
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    return np.diag((r * b).sum(0)), np.diag((r * s**2).sum(0))


# %% wrong: the diagonal alone
# says: if the row is coin A's, it is not coin B's
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    return np.diag((r * b).sum(0)), np.diag((r * (1 - r) * s**2).sum(0))


# %% wrong: one covariance of all rows
# says: the rows were added before
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    m = (r * s).sum(0)
    return np.diag((r * b).sum(0)), np.diag((r * s**2).sum(0)) - np.outer(m, m)


# %% wrong: covariance of the labels
# says: the covariance of the labels alone
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    _, b = derivatives(theta, heads, flips)
    return np.diag((r * b).sum(0)), np.diag(r.sum(0)) - r.T @ r


# %% wrong: observed information
# says: is the observed information, complete minus missing
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    m, complete = r * s, np.diag((r * b).sum(0))
    return complete, complete - np.diag((m * s).sum(0)) + m.T @ m


# %% wrong: tails subtracted
# says: both parts add
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, _ = derivatives(theta, heads, flips)
    m = r * s
    complete = heads @ r / theta**2 - (flips - heads) @ r / (1 - theta) ** 2
    return np.diag(complete), np.diag((m * s).sum(0)) - m.T @ m


# %% wrong: the other order
# says: The results are right but in another order
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    m = r * s
    return np.diag((m * s).sum(0)) - m.T @ m, np.diag((r * b).sum(0))


# %% wrong: numbers instead of a matrix
# says: an array of shape `(k, k)`
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    m = r * s
    return (r * b).sum(0), np.diag((m * s).sum(0)) - m.T @ m


# %% wrong: theta kept away from its ends
# says: `complete[0, 0]` is
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    theta = np.clip(theta, 0.01, 0.99)
    h, t = heads[:, None], (flips - heads)[:, None]
    s, b = h / theta - t / (1 - theta), h / theta**2 + t / (1 - theta) ** 2
    means = r * s
    return np.diag((r * b).sum(axis=0)), np.diag((means * s).sum(axis=0)) - means.T @ means


# %% wrong: covariance of the expected slopes
# says: how much the expected slopes differ from row to row
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    m = r * s
    m = m - m.mean(axis=0)
    return np.diag((r * b).sum(0)), m.T @ m


# %% wrong: missing subtracted from complete
# says: Your `complete` is the observed information
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    m = r * s
    missing = np.diag((m * s).sum(0)) - m.T @ m
    return np.diag((r * b).sum(0)) - missing, missing


# %% wrong: squares of the first derivatives
# says: Your `complete` holds squared first derivatives
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, _ = derivatives(theta, heads, flips)
    m = r * s
    return np.diag((m * s).sum(0)), np.diag((m * s).sum(0)) - m.T @ m


# %% wrong: products of the means added off the diagonal
# says: Off the diagonal your `missing` has the wrong sign
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    m, k = r * s, len(theta)
    missing = np.empty((k, k))
    for j in range(k):
        for other in range(k):
            if j == other:
                missing[j, j] = np.sum(r[:, j] * (1 - r[:, j]) * s[:, j] ** 2)
            else:
                missing[j, other] = np.sum(m[:, j] * m[:, other])
    return np.diag((r * b).sum(0)), missing


# %% wrong: variance of the label times the slope
# says: In the variance of your `missing` the slopes count once
def information(theta, alpha, heads, flips):
    r, _ = e_step(theta, alpha, heads, flips)
    s, b = derivatives(theta, heads, flips)
    return np.diag((r * b).sum(0)), np.diag((r * (1 - r) * s).sum(0))
