# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import entr, logsumexp, rel_entr, softmax, xlogy
from scipy.stats import binom


# %% right: vectorised
def bound(q, theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(tails, np.log(1 - theta))
    Q, H = np.sum(q * log_joint), -xlogy(q, q).sum()
    return Q, H, Q + H


# %% right: loops, returned as a list
def bound(q, theta, alpha, heads, flips):
    Q = H = 0
    for i in range(len(heads)):
        for j in range(len(theta)):
            log_p = math.log(alpha[j]) + heads[i] * math.log(theta[j])
            log_p += (flips[i] - heads[i]) * math.log(1 - theta[j])
            Q += q[i, j] * log_p
            if q[i, j] > 0:
                H -= q[i, j] * math.log(q[i, j])
    return [Q, H, Q + H]


# %% right: the log-likelihood less a divergence, returned as an array
def bound(q, theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(tails, np.log(1 - theta))
    row = logsumexp(log_joint, axis=1)
    log_posterior = log_joint - row[:, None]
    divergence = (xlogy(q, q) - q * log_posterior).sum()
    elbo, H = row.sum() - divergence, entr(q).sum()
    return np.array([elbo - H, H, elbo])


# %% right: a tiny number keeps the logarithm finite
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q = np.einsum("ij,ij", q, np.log(alpha) + h * np.log(theta) + t * np.log1p(-theta))
    H = -np.einsum("ij,ij", q, np.log(q + 1e-300))
    return float(Q), float(H), float(Q + H)


# %% wrong: log alpha missing
# says: mixing weights `alpha` were left out
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q, H = (q * (h * np.log(theta) + t * np.log(1 - theta))).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: sign of the entropy
# says: An entropy of probabilities is never negative
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q = (q * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum()
    H = xlogy(q, q).sum()
    return Q, H, Q - H


# %% wrong: entropy subtracted
# says: the entropy was subtracted
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q = (q * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum()
    H = entr(q).sum()
    return Q, H, Q - H


# %% wrong: 0 log 0
# says: 0 log 0 counts as 0
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q = (q * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum()
    H = -(q * np.log(q)).sum()
    return Q, H, Q + H


# %% wrong: 0 log 0 in plain Python
# says: 0 log 0 counts as 0
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q = (q * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum()
    H = -sum(value * math.log(value) for value in q.ravel())
    return Q, H, Q + H


# %% wrong: the bound is the log-likelihood
# says: touches it only if `q` is the posterior
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    log_joint = np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)
    return (q * log_joint).sum(), entr(q).sum(), logsumexp(log_joint, axis=1).sum()


# %% wrong: the bound is Q
# says: The entropy of `q` is missing
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q = (q * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum()
    return Q, entr(q).sum(), Q


# %% wrong: posterior instead of q
# says: used the posterior instead of the `q`
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    log_joint = np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)
    r = softmax(log_joint, axis=1)
    Q, H = (r * log_joint).sum(), entr(r).sum()
    return Q, H, Q + H


# %% wrong: Q is the log of an average
# says: Q is the average of a logarithm
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    log_joint = np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)
    Q, H = logsumexp(log_joint + np.log(np.maximum(q, 1e-300)), axis=1).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: entropy in bits
# says: the entropy is in bits
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q = (q * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum()
    H = -(q[q > 0] * np.log2(q[q > 0])).sum()
    return Q, H, Q + H


# %% wrong: other order
# says: first Q, then H, then elbo
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q = (q * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum()
    H = entr(q).sum()
    return Q + H, Q, H


# %% wrong: the bound alone
# says: It should return 3 values
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q = (q * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum()
    return Q + entr(q).sum()


# %% wrong: one number per row
# says: should be a single number
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q = (q * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum(axis=1)
    H = entr(q).sum(axis=1)
    return Q, H, Q + H


# %% wrong: Q is the log of an average, and underflows
# says: Q is the average of a logarithm
def bound(q, theta, alpha, heads, flips):
    joint = alpha * theta ** heads[:, None] * (1 - theta) ** (flips - heads)[:, None]
    Q = np.log((q * joint).sum(axis=1)).sum()
    H = entr(q).sum()
    return Q, H, Q + H


# %% wrong: logarithms multiplied by alpha
# says: a logarithm was multiplied by `alpha`
def bound(q, theta, alpha, heads, flips):
    log_p = np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    Q, H = np.sum(q * alpha * log_p), entr(q).sum()
    return Q, H, Q + H


# %% wrong: the entropy in Q already
# says: it holds the entropy already
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    )
    H = entr(q).sum()
    Q = np.sum(q * log_joint) + H
    return Q, H, Q + H


# %% wrong: entropy of the mixing weights
# says: the entropy of the mixing weights
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = np.sum(q * log_joint), entr(alpha).sum()
    return Q, H, Q + H


# %% wrong: as in the text, without logarithms: underflow
# says: the probability of a row underflows to 0
def bound(q, theta, alpha, heads, flips):
    s = alpha * theta ** heads[:, None] * (1 - theta) ** (flips - heads)[:, None]
    return np.vdot(q, np.log(s)), entr(q).sum(), -rel_entr(q, s).sum()


# %% wrong: the bound by a relative entropy that underflows where coins are far apart
# says: `elbo` holds `nan` or infinity
def bound(q, theta, alpha, heads, flips):
    log_s = np.log(alpha) + heads[:, None] * np.log(theta)
    log_s += (flips - heads)[:, None] * np.log1p(-theta)
    largest = log_s.max(axis=1, keepdims=True)
    elbo = largest.sum() - rel_entr(q, np.exp(log_s - largest)).sum()
    return np.einsum("ij,ij", q, log_s), entr(q).sum(), elbo


# %% wrong: the gap instead of the bound
# says: the gap between the bound and the log-likelihood
def bound(q, theta, alpha, heads, flips):
    a = np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    Q, H = (q * a).sum(), entr(q).sum()
    return Q, H, logsumexp(a, axis=1).sum() - Q - H


# %% wrong: equal weights
# says: every coin were picked equally often
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        -np.log(len(theta))
        + np.outer(heads, np.log(theta))
        + np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: the weight one half, as in the text
# says: every coin had the weight 1/2
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(0.5) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: alpha once for each flip
# says: `alpha` was counted once for each flip
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.outer(flips, np.log(alpha))
        + np.outer(heads, np.log(theta))
        + np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: alpha twice
# says: `alpha` was counted twice
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        2 * np.log(alpha)
        + np.outer(heads, np.log(theta))
        + np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: proportions of heads
# says: each row counted as a single flip
def bound(q, theta, alpha, heads, flips):
    share = heads / flips
    log_joint = (
        np.log(alpha) + np.outer(share, np.log(theta)) + np.outer(1 - share, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: sign of the tails
# says: the logarithms of the tails were subtracted
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) - np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: heads and tails swapped
# says: heads and tails were exchanged
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(flips - heads, np.log(theta)) + np.outer(heads, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: tails left out
# says: only the heads were counted
def bound(q, theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: tails raised to the number of flips
# says: once for each flip
def bound(q, theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips, np.log(1 - theta))
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: the first row's flips for all rows
# says: every row had the same number of flips
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha)
        + np.outer(heads, np.log(theta))
        + np.outer(flips[0] - heads, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: ten flips, as in the text
# says: every row had ten flips
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(10 - heads, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: alpha where its logarithm belongs
# says: `alpha` itself was added to a logarithm
def bound(q, theta, alpha, heads, flips):
    log_joint = alpha + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: q not used in Q
# says: `q` was not used in Q
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = log_joint.sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: the log-likelihood for Q
# says: Your Q is the log-likelihood
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = logsumexp(log_joint, axis=1).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: binomial coefficients
# says: Q holds binomial coefficients
def bound(q, theta, alpha, heads, flips):
    log_joint = np.log(alpha) + binom.logpmf(heads[:, None], flips[:, None], theta)
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: hard assignment in Q
# says: hard assignment
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = sum(row[one.argmax()] for row, one in zip(log_joint, q)), entr(q).sum()
    return Q, H, Q + H


# %% wrong: entropy of the posterior
# says: the entropy of the posterior instead of that of `q`
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(softmax(log_joint, axis=1)).sum()
    return Q, H, Q + H


# %% wrong: entropy of the mean
# says: averaged `q` before taking its entropy
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(q.mean(axis=0)).sum()
    return Q, H, Q + H


# %% wrong: mean of the entropies
# says: the mean of the rows' entropies
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(q).sum(axis=1).mean()
    return Q, H, Q + H


# %% wrong: the divergence added
# says: the Kullback-Leibler divergence was added
def bound(q, theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    )
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, 2 * logsumexp(log_joint, axis=1).sum() - Q - H


# %% wrong: logarithms in an array that takes the type of q
# says: `Q` is right in 5 of 6 calls
def bound(q, theta, alpha, heads, flips):
    log_joint = np.zeros_like(q)
    for j in range(len(theta)):
        tails = (flips - heads) * np.log(1 - theta[j])
        log_joint[:, j] = np.log(alpha[j]) + heads * np.log(theta[j]) + tails
    Q, H = (q * log_joint).sum(), entr(q).sum()
    return Q, H, Q + H


# %% wrong: entropy of the mean of q, for each row
# says: averaged `q` before taking its entropy, once for each row
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q = (q * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum()
    H = len(heads) * entr(q.mean(axis=0)).sum()
    return Q, H, Q + H


# %% wrong: entropy of the mixing weights, for each row
# says: the entropy of the mixing weights for each row
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    Q = (q * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum()
    H = 0
    for _ in range(len(heads)):
        H -= np.sum(alpha * np.log(alpha))
    return Q, H, Q + H


# %% wrong: log of one half taken off
# says: the logarithm of a mixing weight of 1/2 was taken off
def bound(q, theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    log_joint = np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)
    Q = (q * (log_joint - np.log(0.5))).sum()
    H = entr(q).sum()
    return Q, H, Q + H
