"""An EM iteration as plain loops for Numba, whitened as in emlib.models.gaussian.whitened."""

import numba
import numpy as np


@numba.njit(fastmath={"contract", "reassoc", "nsz"})
def sums(data, log_scale, means, inverse):
    n, d = data.shape
    k = len(means)
    N, g, G = np.zeros(k), np.zeros((k, d)), np.zeros((k, d, d))
    log_likelihood = 0.0
    y, residual, log_joint = np.empty((k, d)), np.empty(d), np.empty(k)
    for i in range(n):
        largest = -np.inf
        for j in range(k):
            for a in range(d):
                residual[a] = data[i, a] - means[j, a]
            squared = 0.0
            for a in range(d):
                total = 0.0
                for b in range(a + 1):
                    total += inverse[j, a, b] * residual[b]
                y[j, a] = total
                squared += total * total
            log_joint[j] = log_scale[j] - 0.5 * squared
            largest = max(largest, log_joint[j])
        density = 0.0
        for j in range(k):
            log_joint[j] = np.exp(log_joint[j] - largest)
            density += log_joint[j]
        log_likelihood += largest + np.log(density)
        for j in range(k):
            r = log_joint[j] / density
            N[j] += r
            for a in range(d):
                weighted = r * y[j, a]
                g[j, a] += weighted
                for b in range(a + 1):
                    G[j, a, b] += weighted * y[j, b]
    return N, g, G, log_likelihood


def em_step(data, weights, means, covariances):
    L = np.linalg.cholesky(covariances)
    log_det = np.log(np.diagonal(L, axis1=1, axis2=2)).sum(axis=1)
    log_scale = np.log(weights) - log_det - data.shape[1] / 2 * np.log(2 * np.pi)
    N, g, G, _ = sums(data, log_scale, means, np.linalg.inv(L))
    g = g / N[:, None]
    G = G / N[:, None, None] - g[:, :, None] * g[:, None, :]
    L, shift = L @ np.linalg.cholesky(G), np.einsum("kde,ke->kd", L, g)
    return N / N.sum(), means + shift, L @ L.transpose(0, 2, 1)
