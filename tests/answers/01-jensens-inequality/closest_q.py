# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import log_softmax, logsumexp, softmax


# %% right: softmax
def closest_q(log_s):
    return softmax(log_s)


# %% right: the largest taken out
def closest_q(log_s):
    terms = np.exp(log_s - np.max(log_s))
    return terms / terms.sum()


# %% right: a loop, as a list
def closest_q(log_s):
    return [1 / sum(math.exp(b - a) for b in log_s if b - a < 700) for a in log_s]


# %% right: single precision
def closest_q(log_s):
    return np.exp(log_softmax(log_s)).astype(np.float32)


# %% wrong: not normalised
# says: `q` is not a distribution
def closest_q(log_s):
    return np.exp(log_s)


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
    s = np.exp(log_s)
    return s / s.sum()


# %% wrong: exponentials first, with math
# says: `np.exp(-2000)` underflows to 0
def closest_q(log_s):
    s = [math.exp(a) for a in log_s]
    return [term / sum(s) for term in s]


# %% wrong: log q
# says: That is the logarithm of `q`
def closest_q(log_s):
    return log_s - logsumexp(log_s)


# %% wrong: equal weights
# says: every term got the same weight
def closest_q(log_s):
    return np.ones(len(log_s)) / len(log_s)


# %% wrong: the largest gets everything
# says: the largest term got all the weight
def closest_q(log_s):
    return np.eye(len(log_s))[np.argmax(log_s)]


# %% wrong: inverse proportion
# says: large terms got small weights
def closest_q(log_s):
    return softmax(-log_s)


# %% wrong: the normaliser only
# says: should be one number per term
def closest_q(log_s):
    return logsumexp(log_s)


# %% wrong: the argument itself is changed
# says: It changes its argument `log_s` in place
def closest_q(log_s):
    log_s -= logsumexp(log_s)
    return np.exp(log_s)
