# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np
from scipy.special import logsumexp, softmax


# %% right: the largest taken out
def closest_q(log_s):
    terms = np.exp(log_s - np.max(log_s))
    return terms / terms.sum()


# %% right: a loop, as a list
def closest_q(log_s):
    return [np.exp(a - logsumexp(log_s)) for a in log_s]


# %% right: single precision
def closest_q(log_s):
    return softmax(log_s).astype(np.float32)


# %% wrong: the largest is 1
# says: It looks as if the largest term was made 1
def closest_q(log_s):
    return np.exp(log_s - log_s.max())


# %% wrong: logarithms normalised
# says: `q` is proportional to the terms themselves
def closest_q(log_s):
    return log_s / np.sum(log_s)


# %% wrong: exponentials first
# says: `np.exp(-2000)` underflows to 0
def closest_q(log_s):
    s = [np.exp(a) for a in log_s]
    return [term / sum(s) for term in s]


# %% wrong: log q
# says: That is the logarithm of `q`
def closest_q(log_s):
    return log_s - logsumexp(log_s)


# %% wrong: equal weights
# says: every term got the same weight
def closest_q(log_s):
    return np.ones(len(log_s)) / len(log_s)


# %% wrong: inverse proportion
# says: large terms got small weights
def closest_q(log_s):
    return softmax(-log_s)


# %% wrong: the mean taken out
# says: a factor was taken out that is not the largest term
def closest_q(log_s):
    s = np.exp(log_s - log_s.mean())
    return s / s.sum()


# %% wrong: a small number added
# says: A small number added
def closest_q(log_s):
    s = np.exp(log_s) + 1e-300
    return s / s.sum()


# %% wrong: terms sorted
# says: but sorted
def closest_q(log_s):
    return np.sort(softmax(log_s))


# %% wrong: the terms themselves
# says: `q` is not a distribution: its entries should sum to 1
def closest_q(log_s):
    return np.exp(log_s)


# %% wrong: all of it on the largest
# says: the largest term got all the weight
def closest_q(log_s):
    q = np.zeros(len(log_s))
    q[np.argmax(log_s)] = 1
    return q


# %% wrong: the sum divided by the term
# says: The ratio stands upside down
def closest_q(log_s):
    return np.exp(logsumexp(log_s) - log_s)


# %% wrong: powers of 2
# says: the terms were taken for powers of 2
def closest_q(log_s):
    s = 2.0 ** (log_s - np.max(log_s))
    return s / s.sum()


# %% wrong: powers of 10
# says: the terms were taken for powers of 10
def closest_q(log_s):
    s = 10.0 ** (log_s - np.max(log_s))
    return s / s.sum()


# %% wrong: the largest taken out of the terms alone
# says: a factor was taken out of the terms but not out of their sum
def closest_q(log_s):
    total = np.exp(log_s).sum()
    return np.exp(log_s - np.max(log_s)) / total
