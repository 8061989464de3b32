# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np


def m_step(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = responsibilities.T @ data / N[:, None]
    squares = (data[:, None] - mu) ** 2
    sigma = np.sqrt(np.einsum("ij,ija->ja", responsibilities, squares) / N[:, None])
    return N / len(data), mu, sigma


# %% right: counts divided by their rows
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    _, mu, sigma = m_step(data, r)
    return A / A.sum(axis=1, keepdims=True), mu, sigma


# %% right: divided by the responsibilities but the last
def chain_m_step(data, r, pairs):
    A = np.einsum("ijl->jl", pairs) / r[:-1].sum(axis=0)[:, None]
    return (A, *m_step(data, r)[1:])


# %% right: loops, all by hand
def chain_m_step(data, r, pairs):
    k = r.shape[1]
    A = np.zeros((k, k))
    for s in pairs:
        for j in range(k):
            for m in range(k):
                A[j, m] += s[j, m]
    for j in range(k):
        A[j] /= A[j].sum()
    mu = [np.average(data, axis=0, weights=r[:, j]) for j in range(k)]
    variances = [np.average((data - mu[j]) ** 2, axis=0, weights=r[:, j]) for j in range(k)]
    return A, mu, np.sqrt(variances)


# %% wrong: counts returned
# says: `A` holds expected numbers of moves
def chain_m_step(data, r, pairs):
    _, mu, sigma = m_step(data, r)
    return pairs.sum(axis=0), mu, sigma


# %% wrong: columns normalised
# says: its *rows* sum to 1
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    _, mu, sigma = m_step(data, r)
    return A / A.sum(axis=0), mu, sigma


# %% wrong: divided by N
# says: counts the last row too
def chain_m_step(data, r, pairs):
    _, mu, sigma = m_step(data, r)
    return pairs.sum(axis=0) / r.sum(axis=0)[:, None], mu, sigma


# %% wrong: mean over the rows
# says: Divide by the moves that leave the state
def chain_m_step(data, r, pairs):
    _, mu, sigma = m_step(data, r)
    return pairs.mean(axis=0), mu, sigma


# %% wrong: mean of ratios
# says: divide sums instead
def chain_m_step(data, r, pairs):
    _, mu, sigma = m_step(data, r)
    return (pairs / (pairs.sum(axis=2, keepdims=True))).mean(axis=0), mu, sigma


# %% wrong: r alone
# says: Neighbouring states are not independent
def chain_m_step(data, r, pairs):
    A = r[:-1].T @ r[1:]
    _, mu, sigma = m_step(data, r)
    return A / A.sum(axis=1, keepdims=True), mu, sigma


# %% wrong: transposed
# says: rows and columns are exchanged
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    _, mu, sigma = m_step(data, r)
    return (A / A.sum(axis=1, keepdims=True)).T, mu, sigma


# %% wrong: variances
# says: you returned variances
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    _, mu, sigma = m_step(data, r)
    return A / A.sum(axis=1, keepdims=True), mu, sigma**2


# %% wrong: the last row of data left out
# says: the last row of data was left out
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    _, mu, sigma = m_step(data[:-1], pairs.sum(axis=2))
    return A / A.sum(axis=1, keepdims=True), mu, sigma


# %% wrong: something small below the line, lest it be 0
# says: a small number was added to what something is divided by
def chain_m_step(data, r, pairs):
    _, mu, sigma = m_step(data, r)
    moves = pairs.sum(axis=0)
    return moves / (moves.sum(axis=1, keepdims=True) + 1e-8), mu, sigma


# %% wrong: sigma kept above a thousandth
# says: `sigma` is not allowed below some number
def chain_m_step(data, r, pairs):
    _, mu, sigma = m_step(data, r)
    moves = pairs.sum(axis=0)
    return moves / moves.sum(axis=1, keepdims=True), mu, np.maximum(sigma, 1e-3)


# %% wrong: the mixing weights in each row
# says: as if the state before told nothing
def chain_m_step(data, r, pairs):
    alpha, mu, sigma = m_step(data, r)
    return np.tile(alpha, (len(alpha), 1)), mu, sigma


# %% wrong: divided by the number of rows
# says: you divided by the number of rows
def chain_m_step(data, r, pairs):
    _, mu, sigma = m_step(data, r)
    return pairs.sum(axis=0) / len(data), mu, sigma


# %% wrong: responsibilities from the second row on
# says: how often each state is *entered*
def chain_m_step(data, r, pairs):
    _, mu, sigma = m_step(data, r)
    N = r[1:].sum(axis=0)
    return pairs.sum(axis=0) / N[:, None], mu, sigma


# %% wrong: moves between the most probable states
# says: each row was given wholly to its most probable state
def chain_m_step(data, r, pairs):
    hard = (r == r.max(axis=1, keepdims=True)).astype(float)
    moves = sum(np.outer(hard[i], hard[i + 1]) for i in range(len(pairs)))
    _, mu, sigma = m_step(data, r)
    return moves / moves.sum(axis=1, keepdims=True), mu, sigma


# %% wrong: where the moves lead, whatever they leave
# says: all rows of `A` are the same
def chain_m_step(data, r, pairs):
    k = r.shape[1]
    entered = pairs.sum(axis=(0, 1))
    A = np.ones((k, 1)) * entered / entered.sum()
    return (A, *m_step(data, r)[1:])


# %% wrong: the last pair of rows
# says: one pair of rows was used
def chain_m_step(data, r, pairs):
    for s in pairs:
        A = s / s.sum(axis=1, keepdims=True)
    _, mu, sigma = m_step(data, r)
    return A, mu, sigma


# %% wrong: means divided by n
# says: you divided by the number of points
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    sigma = m_step(data, r)[2]
    return A / A.sum(axis=1, keepdims=True), r.T @ data / len(data), sigma


# %% wrong: means divided by the mixing weights
# says: you divided by the mixing weight instead
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    alpha, _, sigma = m_step(data, r)
    return A / A.sum(axis=1, keepdims=True), r.T @ data / alpha[:, None], sigma


# %% wrong: means not divided
# says: the weighted sum of the points was not divided by anything
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    sigma = m_step(data, r)[2]
    return A / A.sum(axis=1, keepdims=True), r.T @ data, sigma


# %% wrong: one mean for all states
# says: Every component gets the same
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    k = len(A)
    mu = [data.mean(axis=0) for j in range(k)]
    return A / A.sum(axis=1, keepdims=True), mu, m_step(data, r)[2]


# %% wrong: squares not divided
# says: the weighted sum of squares was not divided by anything
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    mu = m_step(data, r)[1]
    squares = np.einsum("ij,ija->ja", r, (data[:, None] - mu) ** 2)
    return A / A.sum(axis=1, keepdims=True), mu, np.sqrt(squares)


# %% wrong: divided after the root
# says: only the sum of squares stands under the root
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    N = r.sum(axis=0)[:, None]
    mu = r.T @ data / N
    sigma = np.sqrt((r[:, :, None] * (data[:, None] - mu) ** 2).sum(axis=0)) / N
    return A / A.sum(axis=1, keepdims=True), mu, sigma


# %% wrong: mean of the squares
# says: no mean was subtracted from the points
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    N = r.sum(axis=0)[:, None]
    sigma = np.sqrt(r.T @ data**2 / N)
    return A / A.sum(axis=1, keepdims=True), r.T @ data / N, sigma


# %% wrong: deviations from the mean of all rows
# says: measured from the mean of all points
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    mu = m_step(data, r)[1]
    u = data - data.mean(axis=0)
    variances = [np.average(u**2, axis=0, weights=r[:, j]) for j in range(len(A))]
    return A / A.sum(axis=1, keepdims=True), mu, np.sqrt(variances)


# %% wrong: squares without responsibilities
# says: all points counted alike
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    mu = m_step(data, r)[1]
    variances = [np.mean((data - mean) ** 2, axis=0) for mean in mu]
    return A / A.sum(axis=1, keepdims=True), mu, np.sqrt(variances)


# %% wrong: mean absolute deviations
# says: absolute deviations were averaged
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    mu = m_step(data, r)[1]
    sigma = [np.average(np.abs(data - mu[j]), axis=0, weights=r[:, j]) for j in range(len(mu))]
    return A / A.sum(axis=1, keepdims=True), mu, sigma


# %% wrong: squares of all coordinates together
# says: averaged over the coordinates too
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    mu = m_step(data, r)[1]
    sigma = np.zeros_like(mu)
    for j, mean in enumerate(mu):
        squares = ((data - mean) ** 2).mean(axis=1)
        sigma[j] = np.sqrt(np.average(squares, weights=r[:, j]))
    return A / A.sum(axis=1, keepdims=True), mu, sigma


# %% wrong: sigma kept above a tenth
# says: they were kept from being small
def chain_m_step(data, r, pairs):
    A = pairs.sum(axis=0)
    _, mu, sigma = m_step(data, r)
    sigma[sigma < 0.1] = 0.1
    return A / A.sum(axis=1, keepdims=True), mu, sigma


# %% wrong: the responsibilities inside the square
# says: the square covers the responsibilities too
def chain_m_step(data, r, pairs):
    A, N = pairs.sum(axis=0), r.sum(axis=0)
    _, mu, _ = m_step(data, r)
    weighted = r[:, :, None] * (data[:, None] - mu)
    sigma = np.sqrt((weighted**2).sum(axis=0) / N[:, None])
    return A / A.sum(axis=1, keepdims=True), mu, sigma
