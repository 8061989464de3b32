# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal


# %% right: loops over the components
def map_em_step(data, alpha, mu, Sigma, s, C):
    n, d = data.shape
    k = len(alpha)
    logs = np.empty((n, k))
    for j in range(k):
        L = np.linalg.cholesky(Sigma[j])
        y = np.linalg.solve(L, (data - mu[j]).T)
        logs[:, j] = np.log(alpha[j]) - (d * np.log(2 * np.pi) + (y**2).sum(axis=0)) / 2
        logs[:, j] -= np.log(np.diag(L)).sum()
    r = np.exp(logs - logsumexp(logs, axis=1, keepdims=True))
    new_alpha, new_mu, new_Sigma = [], [], []
    for j in range(k):
        N = r[:, j].sum()
        mean = r[:, j] @ data / N
        u = data - mean
        new_alpha.append(N / n)
        new_mu.append(mean)
        new_Sigma.append(((r[:, j] * u.T) @ u + s * C) / (N + s))
    return new_alpha, new_mu, new_Sigma


# %% right: einsum without the constant, which cancels
def map_em_step(data, alpha, mu, Sigma, s, C):
    u = data[:, None] - mu
    distance = np.einsum("ija,jab,ijb->ij", u, np.linalg.inv(Sigma), u)
    r = softmax(np.log(alpha) - (distance + np.linalg.slogdet(Sigma)[1]) / 2, axis=1)
    N = r.sum(axis=0)
    mu = np.einsum("ij,ia->ja", r, data) / N[:, None]
    u = data[:, None] - mu
    total = np.einsum("ij,ija,ijb->jab", r, u, u) + s * C
    return N / N.sum(), mu, total / (N + s)[:, None, None]


# %% right: np.cov with weights, then a weighted mean with C
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.array(columns).T, axis=1)
    N = r.sum(axis=0)
    new_mu = np.array([np.average(data, axis=0, weights=w) for w in r.T])
    covariances = []
    for w, total in zip(r.T, N):
        cov = np.cov(data, rowvar=False, aweights=w, bias=True).reshape(C.shape)
        share = s / (total + s)
        covariances.append((1 - share) * cov + share * C)
    return r.mean(axis=0), new_mu, np.array(covariances)


# %% wrong: old means in the covariances
# says: taken about the *old* means
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    u = data[:, None] - mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    return N / len(data), r.T @ data / N[:, None], (scatter + s * C) / (N + s)[:, None, None]


# %% wrong: old means and no prior
# says: And the prior is missing
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    u = data[:, None] - mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    return N / len(data), r.T @ data / N[:, None], scatter / N[:, None, None]


# %% wrong: the M-step without the prior
# says: the M-step without the prior
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    u = data[:, None] - mu
    return N / len(data), mu, np.einsum("ij,ija,ijb->jab", r, u, u) / N[:, None, None]


# %% wrong: the prior above the fraction line only
# says: above the fraction line but not below it
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    u = data[:, None] - mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    return N / len(data), mu, (scatter + s * C) / N[:, None, None]


# %% wrong: C without its strength
# says: `C` was added without its strength
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    u = data[:, None] - mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    return N / len(data), mu, (scatter + C) / (N + s)[:, None, None]


# %% wrong: C added to the covariance
# says: `C` was added to the covariance
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    u = data[:, None] - mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    return N / len(data), mu, scatter / N[:, None, None] + C


# %% wrong: divided by n
# says: you divided by the number of points
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    n, N = len(data), r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    u = data[:, None] - mu
    return N / n, mu, (np.einsum("ij,ija,ijb->jab", r, u, u) + s * C) / n


# %% wrong: unweighted outer products
# says: all points counted alike in the covariances
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    n, N = len(data), r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    u = data[:, None] - mu
    return N / n, mu, (np.einsum("ija,ijb->jab", u, u) + s * C) / (n + s)


# %% wrong: weights forgotten in the E-step
# says: mixing weights `alpha` were left out
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    u = data[:, None] - mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    return N / len(data), mu, (scatter + s * C) / (N + s)[:, None, None]


# %% wrong: normalised over the points
# says: normalised over the points (down each column)
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=0)
    N = r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    u = data[:, None] - mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    return N / len(data), mu, (scatter + s * C) / (N + s)[:, None, None]


# %% wrong: densities that underflow
# says: underflows to 0
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).pdf(data) for m, S in zip(mu, Sigma)]
    joint = alpha * np.column_stack(columns)
    r = joint / joint.sum(axis=1, keepdims=True)
    N = r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    u = data[:, None] - mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    return N / len(data), mu, (scatter + s * C) / (N + s)[:, None, None]


# %% wrong: hard assignment
# says: hard assignment
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    owner = (np.log(alpha) + np.column_stack(columns)).argmax(axis=1)
    r = np.eye(len(alpha))[owner]
    N = r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    u = data[:, None] - mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    return N / len(data), mu, (scatter + s * C) / (N + s)[:, None, None]


# %% wrong: the prior counted in the mixing weights
# says: the pseudo-rows were counted in the mixing weights
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    u = data[:, None] - mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    return (N + s) / np.sum(N + s), mu, (scatter + s * C) / (N + s)[:, None, None]


# %% wrong: the prior counted in the means
# says: the means were divided by $N_j + s$
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    shrunk = r.T @ data / (N + s)[:, None]
    return N / len(data), shrunk, (scatter + s * C) / (N + s)[:, None, None]


# %% wrong: square roots
# says: you returned square roots
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    u = data[:, None] - mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    return N / len(data), mu, np.sqrt((scatter + s * C) / (N + s)[:, None, None])


# %% wrong: variances only
# says: only the variances were kept
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    mu = r.T @ data / N[:, None]
    squares = np.einsum("ij,ija->ja", r, (data[:, None] - mu) ** 2) + s * np.diag(C)
    variances = squares / (N + s)[:, None]
    return N / len(data), mu, np.array([np.diag(v) for v in variances])


# %% right: einsum and the explicit inverse
def map_em_step(data, alpha, mu, Sigma, s, C):
    u = data[:, None] - mu
    q = np.einsum("ija,jab,ijb->ij", u, np.linalg.inv(Sigma), u)
    r = softmax(np.log(alpha) - (np.linalg.slogdet(Sigma)[1] + q) / 2, axis=1)
    N = r.sum(axis=0)
    m = np.einsum("ij,ia->ja", r, data) / N[:, None]
    u = data[:, None] - m
    S = (np.einsum("ij,ija,ijb->jab", r, u, u) + s * C) / (N + s)[:, None, None]
    return N / len(data), m, S


# %% wrong: the prior in the E-step too
# says: It looks as if `C` was put into the covariances of the E-step too
def map_em_step(data, alpha, mu, Sigma, s, C):
    lj = np.log(alpha) + np.column_stack(
        [
            multivariate_normal(mu[j], (Sigma[j] + s * C) / (1 + s)).logpdf(data)
            for j in range(len(mu))
        ]
    )
    r = softmax(lj, axis=1)
    N = r.sum(axis=0)
    m = r.T @ data / N[:, None]
    u = data[:, None] - m
    return (
        N / len(data),
        m,
        (np.einsum("ij,ija,ijb->jab", r, u, u) + s * C) / (N + s)[:, None, None],
    )


# %% wrong: the unit matrix for C
# says: It looks as if the unit matrix was used for `C`
def map_em_step(data, alpha, mu, Sigma, s, C):
    lj = np.log(alpha) + np.column_stack(
        [multivariate_normal(mu[j], Sigma[j]).logpdf(data) for j in range(len(mu))]
    )
    r = softmax(lj, axis=1)
    N = r.sum(axis=0)
    m = r.T @ data / N[:, None]
    u = data[:, None] - m
    return (
        N / len(data),
        m,
        (np.einsum("ij,ija,ijb->jab", r, u, u) + s * np.eye(data.shape[1]))
        / (N + s)[:, None, None],
    )


# %% wrong: C averaged with the finished covariance
# says: averaged with `C` as if it stood for one row
def map_em_step(data, alpha, mu, Sigma, s, C):
    lj = np.log(alpha) + np.column_stack(
        [multivariate_normal(mu[j], Sigma[j]).logpdf(data) for j in range(len(mu))]
    )
    r = softmax(lj, axis=1)
    N = r.sum(axis=0)
    m = r.T @ data / N[:, None]
    u = data[:, None] - m
    S = np.einsum("ij,ija,ijb->jab", r, u, u) / N[:, None, None]
    return N / len(data), m, (S + s * C) / (1 + s)


# %% wrong: np.cov with its usual divisor
# says: It looks as if `np.cov` divided by less
def map_em_step(data, alpha, mu, Sigma, s, C):
    lj = np.log(alpha) + np.column_stack(
        [multivariate_normal(mu[j], Sigma[j]).logpdf(data) for j in range(len(mu))]
    )
    r = softmax(lj, axis=1)
    N = r.sum(axis=0)
    m = r.T @ data / N[:, None]
    S = np.array(
        [
            (N[j] * np.atleast_2d(np.cov(data.T, aweights=r[:, j])) + s * C) / (N[j] + s)
            for j in range(len(mu))
        ]
    )
    return N / len(data), m, S


# %% wrong: the prior of the text
# says: It looks as if the prior of the text was used
def map_em_step(data, alpha, mu, Sigma, s, C):
    lj = np.log(alpha) + np.column_stack(
        [multivariate_normal(mu[j], Sigma[j]).logpdf(data) for j in range(len(mu))]
    )
    r = softmax(lj, axis=1)
    N = r.sum(axis=0)
    m = r.T @ data / N[:, None]
    u = data[:, None] - m
    C = np.cov(data.T) / 3
    s = 1
    return (
        N / len(data),
        m,
        (np.einsum("ij,ija,ijb->jab", r, u, u) + s * C) / (N + s)[:, None, None],
    )


# %% wrong: mixing weights for responsibilities
# says: It looks as if every point had the mixing weights for responsibilities
def map_em_step(data, alpha, mu, Sigma, s, C):
    r = np.tile(alpha, (len(data), 1))
    N = r.sum(axis=0)
    m = r.T @ data / N[:, None]
    u = data[:, None] - m
    return (
        N / len(data),
        m,
        (np.einsum("ij,ija,ijb->jab", r, u, u) + s * C) / (N + s)[:, None, None],
    )


# %% wrong: alpha and mu alone
# says: `None` stands in the place of `Sigma`
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    return N / len(data), r.T @ data / N[:, None], None


# %% wrong: no determinant in the E-step
# says: the determinant is missing in the E-step
def map_em_step(data, alpha, mu, Sigma, s, C):
    u = data[:, None] - mu
    distance = np.einsum("ija,jab,ijb->ij", u, np.linalg.inv(Sigma), u)
    r = softmax(np.log(alpha) - distance / 2, axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), new_mu, (scatter + s * C) / N_s


# %% wrong: determinant without its root
# says: the density in the E-step was divided by the determinant
def map_em_step(data, alpha, mu, Sigma, s, C):
    u = data[:, None] - mu
    distance = np.einsum("ija,jab,ijb->ij", u, np.linalg.inv(Sigma), u)
    r = softmax(np.log(alpha) - distance / 2 - np.linalg.slogdet(Sigma)[1], axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), new_mu, (scatter + s * C) / N_s


# %% wrong: covariance not inverted
# says: the covariance was not inverted in the squared distance
def map_em_step(data, alpha, mu, Sigma, s, C):
    u = data[:, None] - mu
    distance = np.einsum("ija,jab,ijb->ij", u, Sigma, u)
    r = softmax(np.log(alpha) - distance / 2 - np.linalg.slogdet(Sigma)[1] / 2, axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), new_mu, (scatter + s * C) / N_s


# %% wrong: expected numbers for weights
# says: you returned expected numbers of points
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    N_s = (N + s)[:, None, None]
    return N, new_mu, (scatter + s * C) / N_s


# %% wrong: means divided by n
# says: the means were divided by the number of points
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), r.T @ data / len(data), (scatter + s * C) / N_s


# %% wrong: the prior below the fraction line only
# says: below the fraction line but not above it
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), new_mu, scatter / N_s


# %% wrong: C for one row
# says: `C` counted for one row
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    (N + s)[:, None, None]
    return N / len(data), new_mu, (scatter + C) / (N + 1)[:, None, None]


# %% wrong: the prior after the division
# says: the prior was added after the division
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    (N + s)[:, None, None]
    return N / len(data), new_mu, scatter / N[:, None, None] + s * C


# %% wrong: divided twice
# says: the covariance was divided twice
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), new_mu, (scatter / N[:, None, None] + s * C) / N_s


# %% wrong: n + s for N + s
# says: you divided by $n + s$
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    (N + s)[:, None, None]
    return N / len(data), new_mu, (scatter + s * C) / (len(data) + s)


# %% wrong: square roots of matrices
# says: you returned Cholesky factors
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), new_mu, np.linalg.cholesky((scatter + s * C) / N_s)


# %% wrong: one less
# says: 1 was subtracted from the number of points
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), new_mu, (scatter + s * C) / (N_s - 1)


# %% wrong: mu and Sigma exchanged
# says: in another order: return `alpha, mu, Sigma`
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), (scatter + s * C) / N_s, new_mu


# %% wrong: outer products without responsibilities
# says: the outer products were added without their responsibilities
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] - new_mu
    scatter = np.einsum("ija,ijb->jab", u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), new_mu, (scatter + s * C) / N_s


# %% wrong: about the mean of all
# says: about the mean of all points
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = (data - data.mean(axis=0))[:, None] + 0 * new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), new_mu, (scatter + s * C) / N_s


# %% wrong: no mean subtracted
# says: no mean was subtracted
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = data[:, None] + 0 * new_mu
    scatter = np.einsum("ij,ija,ijb->jab", r, u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), new_mu, (scatter + s * C) / N_s


# %% wrong: responsibilities twice
# says: weighted before the outer product
def map_em_step(data, alpha, mu, Sigma, s, C):
    columns = [multivariate_normal(m, S).logpdf(data) for m, S in zip(mu, Sigma)]
    r = softmax(np.log(alpha) + np.column_stack(columns), axis=1)
    N = r.sum(axis=0)
    new_mu = r.T @ data / N[:, None]
    u = r[:, :, None] * (data[:, None] - new_mu)
    scatter = np.einsum("ija,ijb->jab", u, u)
    N_s = (N + s)[:, None, None]
    return N / len(data), new_mu, (scatter + s * C) / N_s


# %% wrong: something added to the variances on top of the prior
# says: a small term missing, or one too many
def map_em_step(data, alpha, mu, Sigma, s, C):
    d, k = data.shape[1], len(alpha)
    logs = [multivariate_normal(mu[j], Sigma[j]).logpdf(data) for j in range(k)]
    r = softmax(np.log(alpha) + np.array(logs).T, axis=1)
    N = r.sum(axis=0)
    mu = (data.T @ r / N).T
    new = []
    for j in range(k):
        u = data - mu[j]
        new.append(((r[:, j] * u.T) @ u + s * C) / (N[j] + s) + 1e-6 * np.eye(d))
    return N / len(data), mu, np.array(new)


# %% wrong: covariances in an array that takes the type of the old ones
# says: without decimals where `data` holds whole numbers
def map_em_step(data, alpha, mu, Sigma, s, C):
    k = len(alpha)
    logs = [multivariate_normal(mu[j], Sigma[j]).logpdf(data) for j in range(k)]
    r = softmax(np.log(alpha) + np.array(logs).T, axis=1)
    N = r.sum(axis=0)
    mu = (data.T @ r / N).T
    new = np.zeros_like(Sigma)
    for j in range(k):
        u = data - mu[j]
        new[j] = ((r[:, j] * u.T) @ u + s * C) / (N[j] + s)
    return N / len(data), mu, new
