# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import gammaln, logsumexp
from scipy.stats import binom


# %% right: vectorised
def log_likelihood(theta, alpha, heads, flips):
    h, t = heads[:, np.newaxis], (flips - heads)[:, np.newaxis]
    return np.sum(logsumexp(np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta), axis=1))


# %% right: loops and the math module, with the largest term taken out
def log_likelihood(theta, alpha, heads, flips):
    total = 0
    for h, n in zip(heads, flips):
        terms = [
            math.log(a) + h * math.log(p) + (n - h) * math.log(1 - p) for p, a in zip(theta, alpha)
        ]
        top = max(terms)
        total += top + math.log(sum(math.exp(term - top) for term in terms))
    return total


# %% right: matrix products in single precision, as a 0-d array
def log_likelihood(theta, alpha, heads, flips):
    data = np.stack([np.ones(len(heads)), heads, flips - heads], axis=1).astype(np.float32)
    terms = np.stack([np.log(alpha), np.log(theta), np.log1p(-theta)]).astype(np.float32)
    return np.asarray(np.logaddexp.reduce(data @ terms, axis=1).sum())


# %% right: weights inside logsumexp
def log_likelihood(p, w, k, n):
    series = np.outer(k, np.log(p)) + np.outer(n - k, np.log(1 - p))
    return logsumexp(series, b=w, axis=1).sum()


# %% wrong: sum of logs
# says: each coin's term got its own logarithm
def log_likelihood(theta, alpha, heads, flips):
    total = 0
    for j in range(len(theta)):
        for i in range(len(heads)):
            total += np.log(alpha[j]) + heads[i] * np.log(theta[j])
            total += (flips[i] - heads[i]) * np.log(1 - theta[j])
    return total


# %% wrong: the logarithms averaged with the weights
# says: average the probabilities, then take the logarithm
def log_likelihood(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    return (alpha * (h * np.log(theta) + t * np.log(1 - theta))).sum()


# %% wrong: no mixing weights
# says: mixing weights `alpha` were left out
def log_likelihood(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    return logsumexp(h * np.log(theta) + t * np.log(1 - theta), axis=1).sum()


# %% wrong: equal weights
# says: every coin were picked equally often
def log_likelihood(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    terms = h * np.log(theta) + t * np.log(1 - theta)
    return (logsumexp(terms, axis=1) - np.log(len(theta))).sum()


# %% wrong: products of probabilities underflow
# says: underflows to 0
def log_likelihood(theta, alpha, heads, flips):
    total = 0
    for h, n in zip(heads, flips):
        total += np.log(sum(alpha * theta**h * (1 - theta) ** (n - h)))
    return total


# %% wrong: products of probabilities underflow in plain Python
# says: underflows to 0
def log_likelihood(theta, alpha, heads, flips):
    total = 0
    for h, n in zip(heads.tolist(), flips.tolist()):
        row = 0
        for p, a in zip(theta.tolist(), alpha.tolist()):
            row += a * p**h * (1 - p) ** (n - h)
        total += math.log(row)
    return total


# %% wrong: Q with the posterior
# says: expected complete-data log-likelihood
def log_likelihood(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    log_joint = np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)
    r = np.exp(log_joint - logsumexp(log_joint, axis=1, keepdims=True))
    return (r * log_joint).sum()


# %% wrong: only the likeliest coin
# says: only the most probable coin
def log_likelihood(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    return (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)).max(axis=1).sum()


# %% wrong: tails raised to the number of flips
# says: once for each flip
def log_likelihood(theta, alpha, heads, flips):
    h, n = heads[:, None], flips[:, None]
    terms = np.log(alpha) + h * np.log(theta) + n * np.log(1 - theta)
    return logsumexp(terms, axis=1).sum()


# %% wrong: heads and tails swapped
# says: heads and tails were exchanged
def log_likelihood(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    return logsumexp(np.log(alpha) + t * np.log(theta) + h * np.log(1 - theta), axis=1).sum()


# %% wrong: binomial coefficients
# says: binomial coefficients
def log_likelihood(theta, alpha, heads, flips):
    terms = np.log(alpha) + binom.logpmf(heads[:, None], flips[:, None], theta)
    return logsumexp(terms, axis=1).sum()


# %% wrong: one number per row
# says: should be a single number
def log_likelihood(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    return logsumexp(np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta), axis=1)


# %% wrong: logsumexp over the rows
# says: rows were added inside the logarithm
def log_likelihood(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    terms = np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)
    return logsumexp(terms, axis=0).sum()


# %% wrong: negative
# says: negative log-likelihood
def log_likelihood(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    return -logsumexp(np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta), axis=1).sum()


# %% wrong: print instead of return
# says: replace the `print` by a `return`
def log_likelihood(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    terms = np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)
    print(logsumexp(terms, axis=1).sum())


# %% wrong: emlib does the work
# says: calls emlib
def log_likelihood(theta, alpha, heads, flips):
    from emlib import BinomialMixture, Tosses

    return BinomialMixture(theta, alpha).log_likelihood(Tosses(heads, flips))


# %% right: scipy's binomial without its coefficients
def log_likelihood(theta, alpha, heads, flips):
    lp = binom.logpmf(heads[:, None], flips[:, None], theta[None, :])
    lc = gammaln(flips + 1) - gammaln(heads + 1) - gammaln(flips - heads + 1)
    return logsumexp(lp, b=alpha, axis=1).sum() - lc.sum()


# %% wrong: the weight one half, as in the text
# says: every coin had the weight 1/2
def log_likelihood(theta, alpha, heads, flips):
    log_joint = (
        np.log(0.5) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    )
    return logsumexp(log_joint, axis=1).sum()


# %% wrong: logarithms multiplied by alpha
# says: a logarithm was multiplied by `alpha`
def log_likelihood(theta, alpha, heads, flips):
    log_series = np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    return logsumexp(alpha * log_series, axis=1).sum()


# %% wrong: ten flips, as in the text
# says: every row had ten flips
def log_likelihood(theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(10 - heads, np.log(1 - theta))
    )
    return logsumexp(log_joint, axis=1).sum()


# %% wrong: two coins only
# says: only two coins were counted
def log_likelihood(theta, alpha, heads, flips):
    a = np.log(alpha[0]) + heads * np.log(theta[0]) + (flips - heads) * np.log(1 - theta[0])
    b = np.log(alpha[1]) + heads * np.log(theta[1]) + (flips - heads) * np.log(1 - theta[1])
    return np.logaddexp(a, b).sum()


# %% wrong: one logarithm of everything
# says: a sum over everything
def log_likelihood(theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    )
    return logsumexp(log_joint)


# %% wrong: one average coin
# says: as if there were one coin
def log_likelihood(theta, alpha, heads, flips):
    average = alpha @ theta
    return (heads * np.log(average) + (flips - heads) * np.log(1 - average)).sum()
