# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np


# %% right: einsum
def standard_deviations(data, responsibilities, mu):
    squares = np.einsum("ij,ija->ja", responsibilities, (data[:, None, :] - mu[None]) ** 2)
    return np.sqrt(squares / responsibilities.sum(axis=0)[:, None])


# %% right: loops, lists returned
def standard_deviations(data, responsibilities, mu):
    k, d = mu.shape
    sigma = []
    for j in range(k):
        row = []
        for a in range(d):
            total = sum(r * (x - mu[j, a]) ** 2 for r, x in zip(responsibilities[:, j], data[:, a]))
            row.append(math.sqrt(total / sum(responsibilities[:, j])))
        sigma.append(row)
    return sigma


# %% right: the diagonal of a weighted covariance
def standard_deviations(data, responsibilities, mu):
    sigma = np.empty(mu.shape)
    for j, mean in enumerate(mu):
        u = data - mean
        weights = responsibilities[:, j] / responsibilities[:, j].sum()
        sigma[j] = np.sqrt(np.diag(u.T @ np.diag(weights) @ u))
    return sigma


# %% right: the square multiplied out
def standard_deviations(data, responsibilities, mu):
    shares = responsibilities / responsibilities.sum(axis=0)
    second, first = shares.T @ data**2, shares.T @ data
    return (second - 2 * mu * first + mu**2) ** 0.5


# %% wrong: variances
# says: you returned variances
def standard_deviations(data, responsibilities, mu):
    squares = (responsibilities[:, :, None] * (data[:, None] - mu) ** 2).sum(axis=0)
    return squares / responsibilities.sum(axis=0)[:, None]


# %% wrong: divided by n
# says: you divided by the number of points
def standard_deviations(data, responsibilities, mu):
    squares = (responsibilities[:, :, None] * (data[:, None] - mu) ** 2).sum(axis=0)
    return np.sqrt(squares / len(data))


# %% wrong: a plain mean
# says: you divided by the number of points
def standard_deviations(data, responsibilities, mu):
    return np.sqrt((responsibilities[:, :, None] * (data[:, None] - mu) ** 2).mean(axis=0))


# %% wrong: own means instead of the given ones
# says: `mu` was not used
def standard_deviations(data, responsibilities, mu):
    shares = responsibilities / responsibilities.sum(axis=0)
    centre = shares.T @ data
    return np.sqrt(np.einsum("ij,ija->ja", shares, (data[:, None] - centre) ** 2))


# %% wrong: the short formula for the variance
# says: holds only if $\mu$ is the mean
def standard_deviations(data, responsibilities, mu):
    shares = responsibilities / responsibilities.sum(axis=0)
    return np.sqrt(shares.T @ data**2 - mu**2)


# %% wrong: responsibilities not used
# says: all points counted alike
def standard_deviations(data, responsibilities, mu):
    return np.sqrt(((data[:, None] - mu) ** 2).mean(axis=0))


# %% wrong: hard assignment
# says: hard assignment
def standard_deviations(data, responsibilities, mu):
    owner = responsibilities.argmax(axis=1)
    rows = [((data[owner == j] - mu[j]) ** 2).mean(axis=0) for j in range(len(mu))]
    return np.sqrt(np.array(rows))


# %% wrong: unbiased
# says: the unbiased estimate
def standard_deviations(data, responsibilities, mu):
    squares = np.einsum("ij,ija->ja", responsibilities, (data[:, None] - mu) ** 2)
    return np.sqrt(squares / (responsibilities.sum(axis=0)[:, None] - 1))


# %% wrong: absolute deviations
# says: absolute deviations were averaged
def standard_deviations(data, responsibilities, mu):
    shares = responsibilities / responsibilities.sum(axis=0)
    return np.einsum("ij,ija->ja", shares, np.abs(data[:, None] - mu))


# %% wrong: root before dividing
# says: only the sum of squares stands under the root
def standard_deviations(data, responsibilities, mu):
    squares = np.einsum("ij,ija->ja", responsibilities, (data[:, None] - mu) ** 2)
    return np.sqrt(squares) / responsibilities.sum(axis=0)[:, None]


# %% wrong: responsibilities squared with the deviations
# says: the responsibilities were squared together with the deviations
def standard_deviations(data, responsibilities, mu):
    weighted = responsibilities[:, :, None] * (data[:, None] - mu)
    return np.sqrt((weighted**2).sum(axis=0) / responsibilities.sum(axis=0)[:, None])


# %% wrong: full covariances
# says: you returned full covariance matrices
def standard_deviations(data, responsibilities, mu):
    u = data[:, None] - mu
    scatter = np.einsum("ij,ija,ijb->jab", responsibilities, u, u)
    return scatter / responsibilities.sum(axis=0)[:, None, None]


# %% wrong: one number per component
# says: `sigma` should be an array of shape (k, d)
def standard_deviations(data, responsibilities, mu):
    squares = np.einsum("ij,ija->j", responsibilities, (data[:, None] - mu) ** 2)
    return np.sqrt(squares / responsibilities.sum(axis=0))


# %% wrong: not divided
# says: was not divided by anything
def standard_deviations(data, responsibilities, mu):
    return np.sqrt(np.einsum("ij,ija->ja", responsibilities, (data[:, None] - mu) ** 2))


# %% right: np.average with weights
def standard_deviations(data, responsibilities, mu):
    return np.sqrt(
        [np.average((data - m) ** 2, axis=0, weights=w) for m, w in zip(mu, responsibilities.T)]
    )


# %% wrong: the short formula, made positive
# says: holds only if
def standard_deviations(data, responsibilities, mu):
    N = responsibilities.sum(axis=0)[:, None]
    return np.sqrt(np.abs(responsibilities.T @ data**2 / N - mu**2))


# %% wrong: the standard deviation of all points
# says: Every component gets the same: it looks as if the responsibilities were not used
def standard_deviations(data, responsibilities, mu):
    return np.array([data.std(axis=0)] * len(mu))


# %% wrong: a root for each point
# says: It looks as if the root was taken point by point
def standard_deviations(data, responsibilities, mu):
    N = responsibilities.sum(axis=0)[:, None]
    return np.sqrt(responsibilities[:, :, None] * (data[:, None] - mu) ** 2).sum(axis=0) / N


# %% wrong: components pooled
# says: It looks as if the squares were added over the components too
def standard_deviations(data, responsibilities, mu):
    u = data[:, None] - mu
    s = np.sqrt(np.einsum("ij,ija->a", responsibilities, u**2) / len(data))
    return np.tile(s, (len(mu), 1))


# %% wrong: hard assignment, own means
# says: And `mu` was not used
def standard_deviations(data, responsibilities, mu):
    h = responsibilities.argmax(axis=1)
    return np.array([data[h == j].std(axis=0) for j in range(len(mu))])


# %% wrong: about the mean of all points
# says: measured from the mean of all points
def standard_deviations(data, responsibilities, mu):
    u = data - data.mean(axis=0)
    return np.sqrt(responsibilities.T @ u**2 / responsibilities.sum(axis=0)[:, None])
