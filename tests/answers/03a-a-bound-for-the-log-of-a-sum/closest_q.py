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
    total = logsumexp(log_s)
    return [math.exp(a - total) for a in log_s]


# %% right: single precision
def closest_q(log_s):
    return np.exp(log_softmax(log_s)).astype(np.float32)


# %% right: all differences, one against all
def closest_q(log_s):
    with np.errstate(over="ignore"):
        return 1 / np.exp(log_s[None, :] - log_s[:, None]).sum(axis=1)


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


# %% wrong: the smallest taken out
# says: a factor was taken out that is not the largest term
def closest_q(log_s):
    s = np.exp(log_s - log_s.min())
    return s / s.sum()


# %% wrong: a small number added
# says: Stay with logarithms
def closest_q(log_s):
    s = np.exp(log_s) + 1e-300
    return s / s.sum()


# %% wrong: shifted logarithms normalised
# says: less the largest of them
def closest_q(log_s):
    a = log_s - log_s.max()
    return a / a.sum()


# %% wrong: terms sorted
# says: in another order
def closest_q(log_s):
    s = np.exp(np.sort(log_s) - log_s.max())
    return s / s.sum()


# %% wrong: divided by the length
# says: divided by their length as a vector
def closest_q(log_s):
    s = np.exp(log_s - log_s.max())
    return s / np.linalg.norm(s)


# %% wrong: the mean taken out
# says: a factor was taken out that is not the largest term
def closest_q(log_s):
    s = np.exp(log_s - np.mean(log_s))
    return s / s.sum()


# %% wrong: the median taken out
# says: a factor was taken out that is not the largest term
def closest_q(log_s):
    s = np.exp(log_s - np.median(log_s))
    return s / s.sum()


# %% wrong: the first taken out
# says: a factor was taken out that is not the largest term
def closest_q(log_s):
    s = np.exp(log_s - log_s[0])
    return s / s.sum()


# %% wrong: the last taken out
# says: a factor was taken out that is not the largest term
def closest_q(log_s):
    s = np.exp(log_s - log_s[-1])
    return s / s.sum()


# %% wrong: into an array of integers
# says: right but for the decimals
def closest_q(log_s):
    q = np.zeros(len(log_s), dtype=int)
    q[:] = softmax(log_s)
    return q
