# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal, norm


# %% right: SciPy's one-dimensional density, summed over the coordinates
def e_step(data, alpha, mu, sigma):
    log_density = norm(mu, sigma).logpdf(data[:, np.newaxis, :]).sum(axis=-1)
    log_joint = np.log(alpha) + log_density
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% right: loops, lists returned
def e_step(data, alpha, mu, sigma):
    rows, total = [], 0.0
    for x in data:
        logs = []
        for j in range(len(alpha)):
            value = math.log(alpha[j])
            for a in range(len(x)):
                z = (x[a] - mu[j, a]) / sigma[j, a]
                value -= z * z / 2 + math.log(sigma[j, a]) + math.log(2 * math.pi) / 2
            logs.append(value)
        top = max(logs)
        log_row = top + math.log(sum(math.exp(v - top) for v in logs))
        total += log_row
        rows.append([math.exp(v - log_row) for v in logs])
    return [rows, total]


# %% right: one component after another
def e_step(data, alpha, mu, sigma):
    n, d = data.shape
    k = len(alpha)
    log_joint = np.zeros((n, k))
    for j in range(k):
        variances = sigma[j] ** 2
        log_joint[:, j] = (
            np.log(alpha[j])
            - d / 2 * np.log(2 * np.pi)
            - 0.5 * np.log(np.prod(variances))
            - 0.5 * ((data - mu[j]) ** 2 / variances).sum(axis=1)
        )
    log_rows = np.logaddexp.reduce(log_joint, axis=1)
    return np.exp(log_joint - log_rows[:, None]), np.sum(log_rows)


# %% right: einsum in single precision
def e_step(data, alpha, mu, sigma):
    u = ((data[:, None] - mu) / sigma).astype("float32")
    d = u.shape[-1]
    log_joint = np.log(alpha) - np.einsum("ija,ija->ij", u, u) / 2
    log_joint = log_joint - np.log(sigma).sum(-1) - d * np.log(2 * np.pi) / 2
    log_rows = logsumexp(log_joint, axis=1)
    return np.exp(log_joint - log_rows[:, None]).astype("float32"), log_rows.sum()


# %% wrong: normalised over the wrong axis
# says: normalised over the points (down each column)
def e_step(data, alpha, mu, sigma):
    log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return softmax(log_joint, axis=0), logsumexp(log_joint, axis=1).sum()


# %% wrong: mixing weights forgotten
# says: mixing weights `alpha` were left out
def e_step(data, alpha, mu, sigma):
    log_joint = norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: mixing weights forgotten in the responsibilities only
# says: mixing weights `alpha` were left out
def e_step(data, alpha, mu, sigma):
    log_density = norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return softmax(log_density, axis=1), logsumexp(np.log(alpha) + log_density, axis=1).sum()


# %% wrong: standard deviations taken for variances
# says: `sigma` was taken for variances
def e_step(data, alpha, mu, sigma):
    log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, np.sqrt(sigma)).sum(axis=2)
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: distance divided by sigma, not by its square
# says: the distances were divided by `sigma` instead of by its square
def e_step(data, alpha, mu, sigma):
    distance = ((data[:, None] - mu) ** 2 / sigma).sum(axis=2)
    log_density = -(distance + data.shape[1] * np.log(2 * np.pi)) / 2 - np.log(sigma).sum(axis=1)
    log_joint = np.log(alpha) + log_density
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: sigma squared too often
# says: `sigma` was squared once too often
def e_step(data, alpha, mu, sigma):
    log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma**2).sum(axis=2)
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: the factor before the exponential forgotten
# says: the factor before the exponential is missing
def e_step(data, alpha, mu, sigma):
    y = (data[:, None] - mu) / sigma
    log_joint = np.log(alpha) - (y**2 + np.log(2 * np.pi)).sum(axis=2) / 2
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: the constant forgotten
# says: It cancels in the responsibilities
def e_step(data, alpha, mu, sigma):
    y = (data[:, None] - mu) / sigma
    log_joint = np.log(alpha) - (y**2).sum(axis=2) / 2 - np.log(sigma).sum(axis=1)
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: k for d
# says: the number of components was used for the number of dimensions
def e_step(data, alpha, mu, sigma):
    d = mu.shape[0]
    y = (data[:, None] - mu) / sigma
    log_joint = np.log(alpha) - (y**2).sum(axis=2) / 2 - np.log(sigma).sum(axis=1)
    log_joint = log_joint - d / 2 * np.log(2 * np.pi)
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: densities that underflow
# says: underflows to 0
def e_step(data, alpha, mu, sigma):
    joint = alpha * norm.pdf(data[:, None], mu, sigma).prod(axis=2)
    total = joint.sum(axis=1, keepdims=True)
    return joint / total, np.log(total).sum()


# %% wrong: hard assignment
# says: hard assignment
def e_step(data, alpha, mu, sigma):
    log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    hard = np.eye(len(alpha))[log_joint.argmax(axis=1)]
    return hard, logsumexp(log_joint, axis=1).sum()


# %% wrong: a sum of logarithms for the logarithm of a sum
# says: got its own logarithm before they were added
def e_step(data, alpha, mu, sigma):
    log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return softmax(log_joint, axis=1), log_joint.sum()


# %% wrong: Q for the log-likelihood
# says: the expected complete-data log-likelihood
def e_step(data, alpha, mu, sigma):
    log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    r = softmax(log_joint, axis=1)
    return r, (r * log_joint).sum()


# %% wrong: the mean over the points
# says: the mean over the points was taken
def e_step(data, alpha, mu, sigma):
    log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).mean()


# %% wrong: only the responsibilities
# says: It should return 2 values
def e_step(data, alpha, mu, sigma):
    log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return softmax(log_joint, axis=1)


# %% wrong: coordinates averaged
# says: the mean over the coordinates was taken
def e_step(data, alpha, mu, sigma):
    log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).mean(axis=2)
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: responsibilities not normalised
# says: Bayes' rule still divides it
def e_step(data, alpha, mu, sigma):
    log_joint = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return np.exp(log_joint), logsumexp(log_joint, axis=1).sum()


# %% wrong: the first coordinate alone
# says: only the first coordinate was used
def e_step(data, alpha, mu, sigma):
    log_joint = np.log(alpha) + norm.logpdf(data[:, :1], mu[:, 0], sigma[:, 0])
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% right: SciPy's joint density, maximum subtracted by hand
def e_step(data, alpha, mu, sigma):
    k = len(alpha)
    lj = np.empty((len(data), k))
    for j in range(k):
        lj[:, j] = np.log(alpha[j]) + multivariate_normal.logpdf(
            data, mu[j], np.diag(sigma[j] ** 2)
        )
    top = lj.max(axis=1, keepdims=True)
    e = np.exp(lj - top)
    return (e / e.sum(axis=1, keepdims=True)).astype("float32"), float(
        np.sum(top[:, 0] + np.log(e.sum(axis=1)))
    )


# %% wrong: log-density multiplied by the weight
# says: It looks as if a logarithm was multiplied by `alpha`
def e_step(data, alpha, mu, sigma):
    lj = alpha * norm.logpdf(data[:, None, :], mu, sigma).sum(axis=2)
    return softmax(lj, axis=1), logsumexp(lj, axis=1).sum()


# %% wrong: densities of the coordinates added
# says: It looks as if the densities of the coordinates were added
def e_step(data, alpha, mu, sigma):
    lj = np.log(alpha) + logsumexp(norm.logpdf(data[:, None, :], mu, sigma), axis=2)
    return softmax(lj, axis=1), logsumexp(lj, axis=1).sum()


# %% wrong: a tiny number against the underflow
# says: It looks as if a tiny number was added to the densities
def e_step(data, alpha, mu, sigma):
    j = alpha * norm.pdf(data[:, None, :], mu, sigma).prod(axis=2) + 1e-300
    return j / j.sum(axis=1, keepdims=True), np.log(j.sum(axis=1)).sum()


# %% wrong: one sum for all points
# says: It looks as if you divided by one sum over all points and components
def e_step(data, alpha, mu, sigma):
    lj = np.log(alpha) + norm.logpdf(data[:, None, :], mu, sigma).sum(axis=2)
    return softmax(lj), logsumexp(lj)


# %% wrong: equal weights
# says: every component were equally frequent
def e_step(data, alpha, mu, sigma):
    a = norm.logpdf(data[:, None], mu, sigma).sum(axis=2) - np.log(len(alpha))
    return softmax(a, axis=1), logsumexp(a, axis=1).sum()


# %% wrong: alpha added to a logarithm
# says: `alpha` itself was added to a logarithm
def e_step(data, alpha, mu, sigma):
    a = norm.logpdf(data[:, None], mu, sigma).sum(axis=2) + alpha
    return softmax(a, axis=1), logsumexp(a, axis=1).sum()


# %% wrong: log sigma twice
# says: how often does $\log\sigma_{ja}$ occur
def e_step(data, alpha, mu, sigma):
    y = (data[:, None] - mu) / sigma
    a = np.log(alpha) - (y**2 + np.log(2 * np.pi)).sum(axis=2) / 2 - np.log(sigma**2).sum(axis=1)
    return softmax(a, axis=1), logsumexp(a, axis=1).sum()


# %% wrong: log sigma added
# says: The size of the component has the wrong sign
def e_step(data, alpha, mu, sigma):
    y = (data[:, None] - mu) / sigma
    a = np.log(alpha) - (y**2 + np.log(2 * np.pi)).sum(axis=2) / 2 + np.log(sigma).sum(axis=1)
    return softmax(a, axis=1), logsumexp(a, axis=1).sum()


# %% wrong: no one half
# says: the factor 1/2 before the squared distance is missing
def e_step(data, alpha, mu, sigma):
    y = (data[:, None] - mu) / sigma
    a = np.log(alpha) - (y**2 + np.log(2 * np.pi) / 2).sum(axis=2) - np.log(sigma).sum(axis=1)
    return softmax(a, axis=1), logsumexp(a, axis=1).sum()


# %% wrong: sigma of the first coordinate
# says: all coordinates used the first standard deviation
def e_step(data, alpha, mu, sigma):
    a = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma[:, [0]]).sum(axis=2)
    return softmax(a, axis=1), logsumexp(a, axis=1).sum()


# %% wrong: sigma of the first component
# says: all components used the standard deviations of the first
def e_step(data, alpha, mu, sigma):
    a = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma[0]).sum(axis=2)
    return softmax(a, axis=1), logsumexp(a, axis=1).sum()


# %% wrong: log responsibilities
# says: you returned logarithms of probabilities
def e_step(data, alpha, mu, sigma):
    a = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    rows = logsumexp(a, axis=1, keepdims=True)
    return a - rows, rows.sum()


# %% wrong: log joint densities
# says: you returned logarithms, not normalised
def e_step(data, alpha, mu, sigma):
    a = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return a, logsumexp(a, axis=1).sum()


# %% wrong: logarithms divided by their sum
# says: logarithms were divided by their sum
def e_step(data, alpha, mu, sigma):
    a = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return a / a.sum(axis=1, keepdims=True), logsumexp(a, axis=1).sum()


# %% wrong: weights after normalising
# says: `alpha` was multiplied in after normalising
def e_step(data, alpha, mu, sigma):
    b = norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return alpha * softmax(b, axis=1), logsumexp(b + np.log(alpha), axis=1).sum()


# %% wrong: weighted mean of logarithms
# says: the components' log-densities were averaged with the weights
def e_step(data, alpha, mu, sigma):
    b = norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return softmax(b + np.log(alpha), axis=1), (b @ alpha).sum()


# %% wrong: points added inside the logarithm
# says: points were added inside the logarithm
def e_step(data, alpha, mu, sigma):
    a = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return softmax(a, axis=1), logsumexp(a, axis=0).sum()


# %% wrong: the most probable component alone
# says: only the most probable component of each point was counted
def e_step(data, alpha, mu, sigma):
    a = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return softmax(a, axis=1), a.max(axis=1).sum()


# %% wrong: the negative log-likelihood
# says: this is the negative log-likelihood
def e_step(data, alpha, mu, sigma):
    a = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return softmax(a, axis=1), -logsumexp(a, axis=1).sum()


# %% wrong: the constant of the plane
# says: right for one number of dimensions
def e_step(data, alpha, mu, sigma):
    y = (data[:, None] - mu) / sigma
    a = np.log(alpha) - (y**2).sum(axis=2) / 2 - np.log(sigma).sum(axis=1) - np.log(2 * np.pi)
    return softmax(a, axis=1), logsumexp(a, axis=1).sum()


# %% wrong: the log-likelihood first
# says: The results are right but in another order
def e_step(data, alpha, mu, sigma):
    a = np.log(alpha) + norm.logpdf(data[:, None], mu, sigma).sum(axis=2)
    return logsumexp(a, axis=1).sum(), softmax(a, axis=1)


# %% wrong: sigma kept above a hundredth
# says: `sigma` were kept away from 0
def e_step(data, alpha, mu, sigma):
    wide = np.maximum(sigma, 0.01)
    logs = np.log(alpha) + norm.logpdf(data[:, None], mu, wide).sum(axis=2)
    return softmax(logs, axis=1), logsumexp(logs, axis=1).sum()


# %% wrong: distances in an array that takes the type of the data
# says: `responsibilities[3, 2]` is
def e_step(data, alpha, mu, sigma):
    logs = np.zeros((len(data), len(alpha)))
    y = np.empty_like(data)
    for j in range(len(alpha)):
        y[:] = (data - mu[j]) / sigma[j]
        logs[:, j] = np.log(alpha[j]) + (norm.logpdf(y) - np.log(sigma[j])).sum(axis=1)
    return softmax(logs, axis=1), logsumexp(logs, axis=1).sum()
