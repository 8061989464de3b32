# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np


# %% right: matrix products and einsum
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None, :] - mu[None]
    sigma = np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None])
    return N / N.sum(), mu, sigma


# %% right: loops, lists returned
def m_step(data, responsibilities):
    n, k = responsibilities.shape
    alpha, mu, sigma = [], [], []
    for j in range(k):
        weights = [responsibilities[i][j] for i in range(n)]
        total = sum(weights)
        means, deviations = [], []
        for a in range(data.shape[1]):
            mean = sum(w * x for w, x in zip(weights, data[:, a])) / total
            square = sum(w * (x - mean) ** 2 for w, x in zip(weights, data[:, a])) / total
            means.append(mean)
            deviations.append(math.sqrt(square))
        alpha.append(total / n)
        mu.append(means)
        sigma.append(deviations)
    return alpha, mu, sigma


# %% right: np.average, column by column
def m_step(data, responsibilities):
    mu = [np.average(data, axis=0, weights=w) for w in responsibilities.T]
    variances = [
        np.average((data - m) ** 2, axis=0, weights=w) for m, w in zip(mu, responsibilities.T)
    ]
    return responsibilities.mean(axis=0), mu, np.sqrt(variances)


# %% right: a generator in single precision, about the first point
def m_step(data, responsibilities):
    x, r = np.float32(data - data[0]), np.float32(responsibilities)
    N = r.sum(axis=0)
    mu = (r.T @ x) / N[:, None]
    yield N / len(x)
    yield mu + data[0]
    yield ((r[:, :, None] * (x[:, None] - mu) ** 2).sum(axis=0) / N[:, None]) ** 0.5


# %% right: the diagonal of np.cov
def m_step(data, responsibilities):
    columns = responsibilities.T
    mu = np.array([w @ data / w.sum() for w in columns])
    sigma = [np.sqrt(np.diag(np.cov(data.T, aweights=w, ddof=0))) for w in columns]
    return columns.mean(axis=1), mu, np.array(sigma)


# %% wrong: expected numbers for weights
# says: you returned expected numbers of points
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    return N, mu, np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None])


# %% wrong: divided by the number of entries
# says: you divided by the number of entries of `data`
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    return N / data.size, mu, np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None])


# %% wrong: equal weights
# says: Your weights are all equal
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    sigma = np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None])
    return np.ones(len(N)) / len(N), mu, sigma


# %% wrong: divided by the geyser's 272
# says: you divided by 272
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    return N / 272, mu, np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None])


# %% wrong: weights averaged over the components
# says: you averaged over the components
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    sigma = np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None])
    return responsibilities.mean(axis=1), mu, sigma


# %% wrong: means divided by n
# says: you divided by the number of points
def m_step(data, responsibilities):
    N, n = responsibilities.sum(axis=0), len(data)
    mean = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mean
    sigma = np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None])
    return N / n, responsibilities.T @ data / n, sigma


# %% wrong: means divided by the mixing weight
# says: you divided by the mixing weight
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    alpha = N / len(data)
    mean = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mean
    sigma = np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None])
    return alpha, responsibilities.T @ data / alpha[:, None], sigma


# %% wrong: sums for means
# says: the weighted sum of the points was not divided by anything
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    total = responsibilities.T @ data
    u = data[:, None] - total / N[:, None]
    return (
        N / len(data),
        total,
        np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None]),
    )


# %% wrong: one mean for all
# says: Every component gets the same
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mean = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mean
    sigma = np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None])
    return N / len(data), np.array([data.mean(axis=0)] * len(N)), sigma


# %% wrong: hard assignment
# says: hard assignment
def m_step(data, responsibilities):
    r = np.zeros_like(responsibilities)
    for i, row in enumerate(responsibilities):
        r[i, row == row.max()] = 1.0
    N = r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    sigma = np.sqrt(np.einsum("ij,ija->ja", r, (data[:, None] - mu) ** 2) / N[:, None])
    return N / len(data), mu, sigma


# %% wrong: variances
# says: you returned variances
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    return N / len(data), mu, np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None]


# %% wrong: squares divided by n
# says: you divided by the number of points
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    sigma = np.sqrt((responsibilities[:, :, None] * u**2).mean(axis=0))
    return N / len(data), mu, sigma


# %% wrong: squares not divided
# says: the weighted sum of squares was not divided by anything
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    return N / len(data), mu, np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2))


# %% wrong: root before dividing
# says: only the sum of squares stands under the root
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    return N / len(data), mu, np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2)) / N[:, None]


# %% wrong: no mean subtracted
# says: no mean was subtracted
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    return N / len(data), mu, np.sqrt(responsibilities.T @ data**2 / N[:, None])


# %% wrong: about the mean of all points
# says: measured from the mean of all points
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data - data.mean(axis=0)
    return N / len(data), mu, np.sqrt(responsibilities.T @ u**2 / N[:, None])


# %% wrong: the standard deviation of all points
# says: Every component gets the same
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    return N / len(data), mu, np.array([data.std(axis=0)] * len(N))


# %% wrong: squares without responsibilities
# says: all points counted alike
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    return N / len(data), mu, np.sqrt(((data[:, None] - mu) ** 2).mean(axis=0))


# %% wrong: absolute deviations
# says: absolute deviations were averaged
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = np.abs(data[:, None] - mu)
    return N / len(data), mu, np.einsum("ij,ija->ja", responsibilities, u) / N[:, None]


# %% wrong: coordinates pooled
# says: averaged over the coordinates too
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    squares = np.einsum("ij,ija->j", responsibilities, u**2) / (N * data.shape[1])
    return N / len(data), mu, np.repeat(np.sqrt(squares)[:, None], data.shape[1], axis=1)


# %% wrong: a floor of one tenth
# says: kept from being small
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    sigma = np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None])
    return N / len(data), mu, np.maximum(sigma, 0.1)


# %% wrong: full covariances
# says: `sigma` should be an array of shape (k, d)
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    Sigma = np.einsum("ij,ija,ijb->jab", responsibilities, u, u) / N[:, None, None]
    return N / len(data), mu, Sigma


# %% wrong: sigma before mu
# says: The results are right but in another order
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    return N / len(data), np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None]), mu


# %% wrong: whole numbers for weights
# says: `alpha` is 0 everywhere
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    alpha = np.array([0] * len(N))
    for j, total in enumerate(N):
        alpha[j] = total / len(data)
    return alpha, mu, np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None])


# %% wrong: results written into whole numbers
# says: `mu` is right but for the decimals, which are cut off
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    u = data[:, None] - mu
    sigma = np.sqrt(np.einsum("ij,ija->ja", responsibilities, u**2) / N[:, None])
    return N / len(data), mu.astype(int), sigma.astype(int)


# %% wrong: a floor on sigma
# says: not allowed below some number
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    squares = np.einsum("ij,ija->ja", responsibilities, (data[:, None] - mu) ** 2)
    return N / len(data), mu, np.maximum(np.sqrt(squares / N[:, None]), 0.01)


# %% wrong: mean of the squares less the square of the mean
# says: `data` holds very large numbers
def m_step(data, responsibilities):
    share = responsibilities / responsibilities.sum(axis=0)
    mu = share.T @ data
    variance = share.T @ (data * data) - mu * mu
    return responsibilities.mean(axis=0), mu, np.sqrt(variance.clip(0))


# %% wrong: something small below the line, lest it be 0
# says: a small number was added to what something is divided by
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)[:, None] + 1e-8
    mu = responsibilities.T @ data / N
    squares = (responsibilities[:, :, None] * (data[:, None] - mu) ** 2).sum(axis=0)
    return responsibilities.mean(axis=0), mu, np.sqrt(squares / N)


# %% wrong: the responsibilities inside the square
# says: the square covers the responsibilities too
def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    weighted = responsibilities[:, :, None] * (data[:, None] - mu)
    return N / len(data), mu, np.sqrt((weighted**2).sum(axis=0) / N[:, None])
