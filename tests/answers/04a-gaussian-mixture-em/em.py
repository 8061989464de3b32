# ruff: noqa: F811, F821
# mypy: ignore-errors
import numpy as np
from scipy.special import logsumexp, softmax
from scipy.stats import norm


# %% right: lists that grow
def em(data, alpha, mu, sigma, tol, max_iter):
    alphas, mus, sigmas, lls = [alpha], [mu], [sigma], [e_step(data, alpha, mu, sigma)[1]]
    while len(alphas) <= max_iter:
        r, _ = e_step(data, alphas[-1], mus[-1], sigmas[-1])
        r = np.asarray(r)
        for path, values in zip((alphas, mus, sigmas), m_step(data, r)):
            path.append(np.asarray(values))
        lls.append(e_step(data, alphas[-1], mus[-1], sigmas[-1])[1])
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(alphas), np.array(mus), np.array(sigmas), np.array(lls)


# %% right: arrays made beforehand and cut
def em(data, alpha, mu, sigma, tol, max_iter):
    alphas = np.zeros((max_iter + 1, *alpha.shape))
    mus = np.zeros((max_iter + 1, *mu.shape))
    sigmas = np.zeros((max_iter + 1, *sigma.shape))
    lls = np.zeros(max_iter + 1)
    for t in range(max_iter + 1):
        if t == 0:
            alphas[0], mus[0], sigmas[0] = alpha, mu, sigma
        else:
            alphas[t], mus[t], sigmas[t] = m_step(data, r)
        r, lls[t] = e_step(data, alphas[t], mus[t], sigmas[t])
        r = np.asarray(r)
        if t > 0 and lls[t] < lls[t - 1] + tol:
            return alphas[: t + 1], mus[: t + 1], sigmas[: t + 1], lls[: t + 1]
    return alphas, mus, sigmas, lls


# %% right: its own formulas, lists returned
def em(data, alpha, mu, sigma, tol, max_iter):
    path = []
    for t in range(max_iter + 1):
        log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
        path.append((alpha, mu, sigma, logsumexp(log_joint, axis=1).sum()))
        if t and path[-1][3] - path[-2][3] < tol:
            break
        r = softmax(log_joint, axis=1)
        N = r.sum(axis=0)
        alpha, mu = N / len(data), r.T @ data / N[:, None]
        sigma = np.sqrt(np.einsum("ij,ija->ja", r, (data[:, None] - mu) ** 2) / N[:, None])
    return [list(values) for values in zip(*path)]


# %% wrong: old means in the standard deviations
# says: measured from the *old* means
def em(data, alpha, mu, sigma, tol, max_iter):
    path = [(alpha, mu, sigma)]
    r, ll = e_step(data, alpha, mu, sigma)
    lls = [ll]
    for _ in range(max_iter):
        N = r.sum(axis=0)[:, None]
        sigma = np.sqrt(np.einsum("ij,ija->ja", r, (data[:, None] - mu) ** 2) / N)
        alpha, mu, _ = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        path.append((alpha, mu, sigma))
        lls.append(ll)
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: start missing
# says: the start is missing
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [], []
    previous = e_step(data, alpha, mu, sigma)[1]
    for _ in range(max_iter):
        r, _ = e_step(data, alpha, mu, sigma)
        alpha, mu, sigma = m_step(data, r)
        ll = e_step(data, alpha, mu, sigma)[1]
        path.append((alpha, mu, sigma))
        lls.append(ll)
        if ll - previous < tol:
            break
        previous = ll
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: each theta beside the log-likelihood of the one before
# says: stands beside the log-likelihood of the one before it
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [], []
    for _ in range(max_iter + 1):
        r, ll = e_step(data, alpha, mu, sigma)
        alpha, mu, sigma = m_step(data, r)
        path.append((alpha, mu, sigma))
        lls.append(ll)
        if len(lls) > 1 and lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: stops when the means stand still
# says: the loop stops when `mu` changes little
def em(data, alpha, mu, sigma, tol, max_iter):
    path = [(alpha, mu, sigma)]
    lls = [e_step(data, alpha, mu, sigma)[1]]
    for _ in range(max_iter):
        r, _ = e_step(data, alpha, mu, sigma)
        alpha, new_mu, sigma = m_step(data, r)
        moved = np.abs(new_mu - mu).max()
        mu = new_mu
        path.append((alpha, mu, sigma))
        lls.append(e_step(data, alpha, mu, sigma)[1])
        if moved < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: stops on Q
# says: the loop stops when Q changes little
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls, Qs = [], [], []
    for _ in range(max_iter + 1):
        r, ll = e_step(data, alpha, mu, sigma)
        log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
        path.append((alpha, mu, sigma))
        lls.append(ll)
        Qs.append(np.sum(r * log_joint))
        if len(Qs) > 1 and abs(Qs[-1] - Qs[-2]) < tol:
            break
        alpha, mu, sigma = m_step(data, r)
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: Q returned
# says: Your `log_likelihoods` hold Q
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls, Qs = [], [], []
    for _ in range(max_iter + 1):
        r, ll = e_step(data, alpha, mu, sigma)
        log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
        path.append((alpha, mu, sigma))
        lls.append(ll)
        Qs.append(np.sum(r * log_joint))
        if len(lls) > 1 and lls[-1] - lls[-2] < tol:
            break
        alpha, mu, sigma = m_step(data, r)
    return *(np.array(values) for values in zip(*path)), np.array(Qs)


# %% wrong: responsibilities computed once
# says: the responsibilities were computed once, before the loop
def em(data, alpha, mu, sigma, tol, max_iter):
    path = [(alpha, mu, sigma)]
    r, ll = e_step(data, alpha, mu, sigma)
    lls = [ll]
    for _ in range(max_iter):
        alpha, mu, sigma = m_step(data, r)
        path.append((alpha, mu, sigma))
        lls.append(e_step(data, alpha, mu, sigma)[1])
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: weights never updated
# says: `alpha` is never updated
def em(data, alpha, mu, sigma, tol, max_iter):
    path = [(alpha, mu, sigma)]
    r, ll = e_step(data, alpha, mu, sigma)
    lls = [ll]
    for _ in range(max_iter):
        _, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        path.append((alpha, mu, sigma))
        lls.append(ll)
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: tol ignored
# says: the loop always runs for `max_iter` iterations
def em(data, alpha, mu, sigma, tol, max_iter):
    path = [(alpha, mu, sigma)]
    r, ll = e_step(data, alpha, mu, sigma)
    lls = [ll]
    for _ in range(max_iter):
        alpha, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        path.append((alpha, mu, sigma))
        lls.append(ll)
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: the last iteration lost
# says: the last iteration was lost
def em(data, alpha, mu, sigma, tol, max_iter):
    path = [(alpha, mu, sigma)]
    r, ll = e_step(data, alpha, mu, sigma)
    lls = [ll]
    for _ in range(max_iter):
        alpha, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        path.append((alpha, mu, sigma))
        lls.append(ll)
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values[:-1]) for values in zip(*path)), np.array(lls[:-1])


# %% wrong: one array changed in place
# says: one array was changed in place and kept many times
def em(data, alpha, mu, sigma, tol, max_iter):
    alpha, mu, sigma = alpha.copy(), mu.copy(), sigma.copy()
    path = [(alpha, mu, sigma)]
    r, ll = e_step(data, alpha, mu, sigma)
    lls = [ll]
    for _ in range(max_iter):
        alpha[:], mu[:], sigma[:] = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        path.append((alpha, mu, sigma))
        lls.append(ll)
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: an endless loop
# says: a loop that never ends
def em(data, alpha, mu, sigma, tol, max_iter):
    path = [(alpha, mu, sigma)]
    lls = [e_step(data, alpha, mu, sigma)[1]]
    gain = np.inf
    while gain >= tol:
        alpha, mu = alpha, mu
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% right: a while loop over pairs
def em(data, alpha, mu, sigma, tol, max_iter):
    thetas, lls, t = [(alpha, mu, sigma)], [e_step(data, alpha, mu, sigma)[1]], 0
    gain = np.inf
    while t < max_iter and not gain < tol:
        r = e_step(data, *thetas[-1])[0]
        thetas.append(m_step(data, r))
        lls.append(e_step(data, *thetas[-1])[1])
        gain = lls[-1] - lls[-2]
        t += 1
    a, m, s = zip(*thetas)
    return np.array(a), np.array(m), np.array(s), np.array(lls)


# %% wrong: the small gain not kept
# says: It looks as if the last iteration was lost
def em(data, alpha, mu, sigma, tol, max_iter):
    r, ll = e_step(data, alpha, mu, sigma)
    A, M, S, L = [alpha], [mu], [sigma], [ll]
    for _ in range(max_iter):
        alpha, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        if ll - L[-1] < tol:
            break
        A.append(alpha)
        M.append(mu)
        S.append(sigma)
        L.append(ll)
    return np.array(A), np.array(M), np.array(S), np.array(L)


# %% wrong: the last log-likelihood missing
# says: It looks as if the last log-likelihood is missing where `max_iter` ends the loop
def em(data, alpha, mu, sigma, tol, max_iter):
    A, M, S, L = [alpha], [mu], [sigma], []
    for _ in range(max_iter):
        r, ll = e_step(data, alpha, mu, sigma)
        L.append(ll)
        if len(L) > 1 and L[-1] - L[-2] < tol:
            break
        alpha, mu, sigma = m_step(data, r)
        A.append(alpha)
        M.append(mu)
        S.append(sigma)
    return np.array(A), np.array(M), np.array(S), np.array(L)


# %% wrong: equal weights at the start
# says: It looks as if the run starts from equal weights
def em(data, alpha, mu, sigma, tol, max_iter):
    alpha = np.full(len(alpha), 1 / len(alpha))
    r, ll = e_step(data, alpha, mu, sigma)
    A, M, S, L = [alpha], [mu], [sigma], [ll]
    for _ in range(max_iter):
        alpha, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        A.append(alpha)
        M.append(mu)
        S.append(sigma)
        L.append(ll)
        if L[-1] - L[-2] < tol:
            break
    return np.array(A), np.array(M), np.array(S), np.array(L)


# %% wrong: the end alone
# says: It looks as if you returned the last parameters alone
def em(data, alpha, mu, sigma, tol, max_iter):
    r, previous = e_step(data, alpha, mu, sigma)
    for _ in range(max_iter):
        alpha, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        if ll - previous < tol:
            break
        previous = ll
    return alpha, mu, sigma, ll


# %% wrong: log-likelihoods first
# says: in another order: return `alphas, mus, sigmas, log_likelihoods`
def em(data, alpha, mu, sigma, tol, max_iter):
    r, ll = e_step(data, alpha, mu, sigma)
    A, M, S, L = [alpha], [mu], [sigma], [ll]
    for _ in range(max_iter):
        alpha, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        A.append(alpha)
        M.append(mu)
        S.append(sigma)
        L.append(ll)
        if L[-1] - L[-2] < tol:
            break
    return np.array(L), np.array(A), np.array(M), np.array(S)


# %% wrong: relative gain
# says: It looks as if the gain was divided by the log-likelihood
def em(data, alpha, mu, sigma, tol, max_iter):
    r, ll = e_step(data, alpha, mu, sigma)
    A, M, S, L = [alpha], [mu], [sigma], [ll]
    for _ in range(max_iter):
        alpha, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        A.append(alpha)
        M.append(mu)
        S.append(sigma)
        L.append(ll)
        if abs((L[-1] - L[-2]) / L[-2]) < tol:
            break
    return np.array(A), np.array(M), np.array(S), np.array(L)


# %% wrong: max_iter ignored
# says: `max_iter` is not heeded
def em(data, alpha, mu, sigma, tol, max_iter):
    path = [(alpha, mu, sigma)]
    r, ll = e_step(data, alpha, mu, sigma)
    lls = [ll]
    while True:
        alpha, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        path.append((alpha, mu, sigma))
        lls.append(ll)
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: range(100)
# says: `max_iter` is not heeded
def em(data, alpha, mu, sigma, tol, max_iter):
    path = [(alpha, mu, sigma)]
    r, ll = e_step(data, alpha, mu, sigma)
    lls = [ll]
    for _ in range(100):
        alpha, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        path.append((alpha, mu, sigma))
        lls.append(ll)
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: a fixed tolerance
# says: the gain was compared with a fixed number
def em(data, alpha, mu, sigma, tol, max_iter):
    path = [(alpha, mu, sigma)]
    r, ll = e_step(data, alpha, mu, sigma)
    lls = [ll]
    for _ in range(max_iter):
        alpha, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        path.append((alpha, mu, sigma))
        lls.append(ll)
        if lls[-1] - lls[-2] < 0.01:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: stops when the weights stand still
# says: the loop stops when `alpha` changes little
def em(data, alpha, mu, sigma, tol, max_iter):
    path = [(alpha, mu, sigma)]
    r, ll = e_step(data, alpha, mu, sigma)
    lls = [ll]
    for _ in range(max_iter):
        alpha, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        path.append((alpha, mu, sigma))
        lls.append(ll)
        if np.abs(path[-1][0] - path[-2][0]).max() < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: mean gain
# says: divided by the number of points
def em(data, alpha, mu, sigma, tol, max_iter):
    path = [(alpha, mu, sigma)]
    r, ll = e_step(data, alpha, mu, sigma)
    lls = [ll]
    for _ in range(max_iter):
        alpha, mu, sigma = m_step(data, r)
        r, ll = e_step(data, alpha, mu, sigma)
        path.append((alpha, mu, sigma))
        lls.append(ll)
        if (lls[-1] - lls[-2]) / len(data) < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: means never updated
# says: `mu` is never updated
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [(alpha, mu, sigma)], [e_step(data, alpha, mu, sigma)[1]]
    for _ in range(max_iter):
        r, _ = e_step(data, *path[-1])
        new_alpha, _, new_sigma = m_step(data, r)
        path.append((new_alpha, mu, new_sigma))
        lls.append(e_step(data, *path[-1])[1])
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: standard deviations never updated
# says: `sigma` is never updated
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [(alpha, mu, sigma)], [e_step(data, alpha, mu, sigma)[1]]
    for _ in range(max_iter):
        r, _ = e_step(data, *path[-1])
        path.append((*m_step(data, r)[:2], sigma))
        lls.append(e_step(data, *path[-1])[1])
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: a break in the wrong place
# says: the loop always ends after its first iteration
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [(alpha, mu, sigma)], [e_step(data, alpha, mu, sigma)[1]]
    for _ in range(max_iter):
        path.append(m_step(data, e_step(data, *path[-1])[0]))
        lls.append(e_step(data, *path[-1])[1])
        break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: one iteration less
# says: a run that `max_iter` ends has one iteration too few
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [(alpha, mu, sigma)], [e_step(data, alpha, mu, sigma)[1]]
    for _ in range(1, max_iter):
        path.append(m_step(data, e_step(data, *path[-1])[0]))
        lls.append(e_step(data, *path[-1])[1])
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: one iteration more
# says: the loop makes `max_iter` + 1 iterations at most
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [(alpha, mu, sigma)], [e_step(data, alpha, mu, sigma)[1]]
    for _ in range(max_iter + 1):
        path.append(m_step(data, e_step(data, *path[-1])[0]))
        lls.append(e_step(data, *path[-1])[1])
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: stops when sigma stands still
# says: the loop stops when `sigma` changes little
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [(alpha, mu, sigma)], [e_step(data, alpha, mu, sigma)[1]]
    for _ in range(max_iter):
        path.append(m_step(data, e_step(data, *path[-1])[0]))
        lls.append(e_step(data, *path[-1])[1])
        if np.abs(path[-1][2] - path[-2][2]).max() < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: stops when all parameters stand still
# says: the loop stops when the parameters change little
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [(alpha, mu, sigma)], [e_step(data, alpha, mu, sigma)[1]]
    for _ in range(max_iter):
        path.append(m_step(data, e_step(data, *path[-1])[0]))
        lls.append(e_step(data, *path[-1])[1])
        if max(np.abs(new - old).max() for new, old in zip(path[-1], path[-2])) < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: stops when the responsibilities stand still
# says: the loop stops when the responsibilities change little
def em(data, alpha, mu, sigma, tol, max_iter):
    r, ll = e_step(data, alpha, mu, sigma)
    path, lls = [(alpha, mu, sigma)], [ll]
    for _ in range(max_iter):
        path.append(m_step(data, r))
        new, ll = e_step(data, *path[-1])
        lls.append(ll)
        moved, r = np.abs(new - r).max(), new
        if moved < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: arrays not cut
# says: The arrays end in zeros that were never filled
def em(data, alpha, mu, sigma, tol, max_iter):
    arrays = [np.zeros((max_iter + 1, *value.shape)) for value in (alpha, mu, sigma)]
    lls = np.zeros(max_iter + 1)
    theta, r = (alpha, mu, sigma), None
    for t in range(max_iter + 1):
        if t:
            theta = m_step(data, r)
        for array, value in zip(arrays, theta):
            array[t] = value
        r, lls[t] = e_step(data, *theta)
        if t and lls[t] - lls[t - 1] < tol:
            break
    return *arrays, lls


# %% wrong: the gain looked at one iteration late
# says: one more iteration after a gain below `tol`
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [(alpha, mu, sigma)], [e_step(data, alpha, mu, sigma)[1]]
    for _ in range(max_iter):
        done = len(lls) > 1 and lls[-1] - lls[-2] < tol
        path.append(m_step(data, e_step(data, *path[-1])[0]))
        lls.append(e_step(data, *path[-1])[1])
        if done:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: an array of means that takes the type of the start
# says: each further row comes from the row before it
def em(data, alpha, mu, sigma, tol, max_iter):
    mus = np.zeros((max_iter + 1, *mu.shape), dtype=mu.dtype)
    r, value = e_step(data, alpha, mu, sigma)
    alphas, sigmas, values = [alpha], [sigma], [value]
    mus[0] = mu
    for t in range(1, max_iter + 1):
        alpha, mu, sigma = m_step(data, r)
        r, value = e_step(data, alpha, mu, sigma)
        mus[t] = mu
        alphas.append(alpha)
        sigmas.append(sigma)
        values.append(value)
        if values[-1] - values[-2] < tol:
            break
    return np.array(alphas), mus[: len(values)], np.array(sigmas), np.array(values)


# %% wrong: the old value never renewed
# says: the gain was measured from the start's log-likelihood
def em(data, alpha, mu, sigma, tol, max_iter):
    r, old = e_step(data, alpha, mu, sigma)
    path, lls = [(alpha, mu, sigma)], [old]
    for _ in range(max_iter):
        path.append(m_step(data, r))
        r, ll = e_step(data, *path[-1])
        lls.append(ll)
        if ll - old < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: log-likelihood of the beginning of an iteration
# says: so that the last one has none of its own
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [(alpha, mu, sigma)], []
    for _ in range(max_iter):
        r, ll = e_step(data, *path[-1])
        lls.append(ll)
        path.append(m_step(data, r))
        if len(lls) > 1 and lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: a step more after the loop
# says: one more iteration after it should have stopped
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [(alpha, mu, sigma)], [e_step(data, alpha, mu, sigma)[1]]
    for _ in range(max_iter):
        path.append(m_step(data, e_step(data, *path[-1])[0]))
        lls.append(e_step(data, *path[-1])[1])
        if lls[-1] - lls[-2] < tol:
            break
    path.append(m_step(data, e_step(data, *path[-1])[0]))
    lls.append(e_step(data, *path[-1])[1])
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: the numbers of the text
# says: a tolerance and a number of iterations of its own
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [(alpha, mu, sigma)], [e_step(data, alpha, mu, sigma)[1]]
    for _ in range(200):
        path.append(m_step(data, e_step(data, *path[-1])[0]))
        lls.append(e_step(data, *path[-1])[1])
        if lls[-1] - lls[-2] < 1e-6:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)


# %% wrong: a floor on sigma
# says: `sigma` is not allowed below some number
def em(data, alpha, mu, sigma, tol, max_iter):
    path, lls = [(alpha, mu, sigma)], [e_step(data, alpha, mu, sigma)[1]]
    for _ in range(max_iter):
        alpha, mu, sigma = m_step(data, e_step(data, *path[-1])[0])
        path.append((alpha, mu, np.maximum(sigma, 0.01)))
        lls.append(e_step(data, *path[-1])[1])
        if lls[-1] - lls[-2] < tol:
            break
    return *(np.array(values) for values in zip(*path)), np.array(lls)
