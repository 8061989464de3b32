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
