# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np


# %% right: one formula for all
def choose_k(log_likelihoods, n, d):
    k = 1 + np.arange(len(log_likelihoods))
    bic = -2 * log_likelihoods + np.log(n) * (k * (2 * d + 1) - 1)
    return bic, 1 + bic.argmin()


# %% right: a loop in plain Python
def choose_k(log_likelihoods, n, d):
    bic = []
    best = None
    for k, value in enumerate(log_likelihoods, start=1):
        weights, means, variances = k - 1, k * d, k * d
        bic.append((weights + means + variances) * math.log(n) - 2 * value)
        if best is None or bic[-1] < bic[best - 1]:
            best = k
    return bic, best


# %% right: a dictionary, single precision
def choose_k(log_likelihoods, n, d):
    table = {}
    for i in range(len(log_likelihoods)):
        k = i + 1
        table[k] = np.float32((k - 1 + 2 * k * d) * np.log(n) - 2 * log_likelihoods[i])
    return np.array(list(table.values())), float(min(table, key=table.get))


# %% right: the number of components as an array that holds one number
def choose_k(log_likelihoods, n, d):
    k = 1 + np.arange(len(log_likelihoods))
    bic = -2 * log_likelihoods + np.log(n) * (k * (2 * d + 1) - 1)
    return bic, k[bic == bic.min()]


# %% wrong: full covariances counted
# says: you counted full covariances
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    p = k - 1 + k * d + k * d * (d + 1) // 2
    bic = p * np.log(n) - 2 * log_likelihoods
    return bic, np.argmin(bic) + 1


# %% wrong: every weight counted
# says: every mixing weight was counted
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k + 2 * k * d) * np.log(n) - 2 * log_likelihoods
    return bic, np.argmin(bic) + 1


# %% wrong: variances forgotten
# says: the means or the standard deviations were not counted
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + k * d) * np.log(n) - 2 * log_likelihoods
    return bic, np.argmin(bic) + 1


# %% wrong: k for the number of parameters
# says: the number of components was taken for the number of parameters
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = k * np.log(n) - 2 * log_likelihoods
    return bic, np.argmin(bic) + 1


# %% wrong: the other sign
# says: smaller should be better
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = 2 * log_likelihoods - (k - 1 + 2 * k * d) * np.log(n)
    return bic, np.argmax(bic) + 1


# %% wrong: AIC
# says: that is AIC
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = 2 * (k - 1 + 2 * k * d) - 2 * log_likelihoods
    return bic, np.argmin(bic) + 1


# %% wrong: n instead of its logarithm
# says: The price is its logarithm
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * n - 2 * log_likelihoods
    return bic, np.argmin(bic) + 1


# %% wrong: both terms with one sign
# says: opposite signs
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) + 2 * log_likelihoods
    return bic, np.argmin(bic) + 1


# %% wrong: an index
# says: `k` is an index, counted from 0
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * log_likelihoods
    return bic, np.argmin(bic)


# %% wrong: the largest log-likelihood
# says: you took the largest log-likelihood
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * log_likelihoods
    return bic, k[np.argmax(log_likelihoods)]


# %% wrong: the largest BIC
# says: you took the largest BIC
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * log_likelihoods
    return bic, k[np.argmax(bic)]


# %% wrong: components counted from 0
# says: the first entry was taken for 0 components
def choose_k(log_likelihoods, n, d):
    k = np.arange(len(log_likelihoods))
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * log_likelihoods
    return bic, np.argmin(bic) + 1


# %% wrong: half of the formula
# says: half of what is asked for
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = log_likelihoods - (k - 1 + 2 * k * d) / 2 * np.log(n)
    return bic, np.argmax(bic) + 1


# %% right: a dictionary and min
def choose_k(log_likelihoods, n, d):
    import math

    values = {
        k: ((k - 1) + k * d + k * d) * math.log(n) - 2 * float(value)
        for k, value in enumerate(log_likelihoods, start=1)
    }
    return np.array(list(values.values()), dtype=np.float32), min(values, key=values.get)


# %% wrong: n and d of the geyser
# says: It looks as if `n` and `d` of the geyser were used
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * 2) * np.log(272) - 2 * np.asarray(log_likelihoods)
    return bic, k[bic.argmin()]


# %% wrong: one k for all
# says: It looks as if all entries were charged for the largest number of components
def choose_k(log_likelihoods, n, d):
    k = len(log_likelihoods)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * np.asarray(log_likelihoods)
    return bic, int(bic.argmin()) + 1


# %% wrong: n times d
# says: It looks as if `n` times `d` was taken for the number of points
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n * d) - 2 * np.asarray(log_likelihoods)
    return bic, k[bic.argmin()]


# %% wrong: stops at the first rise
# says: where BIC rises for the first time
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * np.asarray(log_likelihoods)
    i = 0
    while i + 1 < len(bic) and bic[i + 1] < bic[i]:
        i += 1
    return bic, i + 1


# %% wrong: the steepest fall
# says: `k` is where BIC falls most
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * np.asarray(log_likelihoods)
    return bic, np.argmin(np.diff(bic)) + 2


# %% wrong: log-likelihoods times n
# says: the log-likelihoods were multiplied by `n`
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * n * np.asarray(log_likelihoods)
    return bic, k[bic.argmin()]


# %% wrong: every entry of full covariances
# says: you counted every entry of full covariances
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + k * d + k * d**2) * np.log(n) - 2 * np.asarray(log_likelihoods)
    return bic, k[bic.argmin()]


# %% wrong: weights not counted
# says: the mixing weights were not counted
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = 2 * k * d * np.log(n) - 2 * np.asarray(log_likelihoods)
    return bic, k[bic.argmin()]


# %% wrong: one variance per component
# says: each component had one standard deviation only
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + k * d + k) * np.log(n) - 2 * np.asarray(log_likelihoods)
    return bic, k[bic.argmin()]


# %% wrong: variances of one component
# says: the standard deviations were counted for one component only
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + k * d + d) * np.log(n) - 2 * np.asarray(log_likelihoods)
    return bic, k[bic.argmin()]


# %% wrong: base 10
# says: the logarithm was to base 10
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log10(n) - 2 * np.asarray(log_likelihoods)
    return bic, k[bic.argmin()]


# %% wrong: the log-likelihood once
# says: the factor 2 before the log-likelihood is missing
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - np.asarray(log_likelihoods)
    return bic, k[bic.argmin()]


# %% wrong: index of the largest
# says: you took the index of the largest BIC
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * np.asarray(log_likelihoods)
    return bic, bic.argmax()


# %% wrong: the smallest BIC itself
# says: `k` is the smallest BIC itself
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * np.asarray(log_likelihoods)
    return bic, bic.min()


# %% wrong: k first
# says: The results are right but in another order
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * np.asarray(log_likelihoods)
    return k[bic.argmin()], bic


# %% wrong: the last valley
# says: the last place where BIC stops falling
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * log_likelihoods
    best = len(bic)
    while best > 1 and bic[best - 2] < bic[best - 1]:
        best -= 1
    return bic, best


# %% wrong: two coordinates as in the text
# says: numbers of the text
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (5 * k - 1) * np.log(n) - 2 * log_likelihoods
    return bic, np.argmin(bic) + 1


# %% wrong: BIC in an array that takes the type of the log-likelihoods
# says: without decimals where `log_likelihoods` holds whole numbers
def choose_k(log_likelihoods, n, d):
    bic = np.empty_like(log_likelihoods)
    for i, value in enumerate(log_likelihoods):
        bic[i] = (i + 2 * (i + 1) * d) * np.log(n) - 2 * value
    return bic, 1 + bic.argmin()


# %% wrong: the BIC nearest to 0
# says: but should be
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * np.asarray(log_likelihoods)
    return bic, k[np.argmin(np.abs(bic))]


# %% wrong: the last one never looked at
# says: the last number of components is never chosen
def choose_k(log_likelihoods, n, d):
    k = np.arange(1, len(log_likelihoods) + 1)
    bic = (k - 1 + 2 * k * d) * np.log(n) - 2 * np.asarray(log_likelihoods)
    best = 0
    for i in range(1, len(bic) - 1):
        if bic[i] < bic[best]:
            best = i
    return bic, best + 1


# %% wrong: the first one never looked at
# says: the first number of components is never chosen
def choose_k(log_likelihoods, n, d):
    bic, best, lowest = [], None, np.inf
    for i in range(len(log_likelihoods)):
        bic.append((i + 2 * (i + 1) * d) * np.log(n) - 2 * log_likelihoods[i])
        if i > 0 and bic[i] < lowest:
            best, lowest = i + 1, bic[i]
    return np.array(bic), best
