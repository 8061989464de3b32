# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import entr, logsumexp, softmax, xlogy


# %% right: mean of log s plus entropy
def log_sum_bound(log_s, q):
    return q @ log_s + entr(q).sum()


# %% right: a loop
def log_sum_bound(log_s, q):
    bound = 0
    for a, b in zip(log_s, q):
        if b > 0:
            bound += b * (a - math.log(b))
    return bound


# %% right: np.where, which warns
def log_sum_bound(log_s, q):
    return np.sum(np.where(q > 0, q * (log_s - np.log(q)), 0))


# %% right: a tiny number in the logarithm
def log_sum_bound(log_s, q):
    return np.sum(q * (log_s - np.log(q + 1e-300)))


# %% right: the log of the sum less the gap
def log_sum_bound(log_s, q):
    log_r = log_s - logsumexp(log_s)
    return logsumexp(log_s) - np.sum(xlogy(q, q) - q * log_r)


# %% right: entr and einsum
def log_sum_bound(log_s, q):
    return np.einsum("j,j->", q, log_s) + entr(q).sum()


# %% wrong: 0 log 0
# says: `0 * np.log(0)` is `nan` in NumPy
def log_sum_bound(log_s, q):
    return q @ (log_s - np.log(q))


# %% wrong: 0 log 0, with math
# says: math domain error
def log_sum_bound(log_s, q):
    return sum(b * (a - math.log(b)) for a, b in zip(log_s, q))


# %% wrong: not divided by q
# says: Multiply *and divide* by q
def log_sum_bound(log_s, q):
    return np.dot(q, log_s)


# %% wrong: log q added
# says: It stands in the denominator
def log_sum_bound(log_s, q):
    return q @ log_s + xlogy(q, q).sum()


# %% wrong: the log of the sum
# says: That is the log of the sum itself
def log_sum_bound(log_s, q):
    return logsumexp(log_s)


# %% wrong: log of the weighted sum
# says: The bound is a mean of logarithms
def log_sum_bound(log_s, q):
    return logsumexp(log_s, b=q)


# %% wrong: sum of logs
# says: there is no inequality, and no bound
def log_sum_bound(log_s, q):
    return np.sum(log_s)


# %% wrong: back to the terms themselves
# says: `np.exp(-2000)` underflows to 0
def log_sum_bound(log_s, q):
    s = np.exp(log_s)
    used = q > 0
    return np.sum(q[used] * np.log(s[used] / q[used]))


# %% wrong: the gap
# says: That is the gap
def log_sum_bound(log_s, q):
    r = softmax(log_s)
    return np.sum(xlogy(q, q) - q * np.log(r))


# %% wrong: unweighted ratios
# says: without their weights q
def log_sum_bound(log_s, q):
    used = q > 0
    return np.sum(log_s[used] - np.log(q[used]))


# %% wrong: the numbers of an example
# says: the same numbers whatever its arguments are
def log_sum_bound(log_s, q):
    log_s, q = np.log([2, 6]), np.array([0.5, 0.5])
    return q @ (log_s - np.log(q))


# %% wrong: log of the mean of the ratios
# says: then q cancels
def log_sum_bound(log_s, q):
    k = q > 0
    return logsumexp(log_s[k] - np.log(q[k]), b=q[k])


# %% wrong: plain mean of the log ratios
# says: averaged with equal weights
def log_sum_bound(log_s, q):
    k = q > 0
    return np.mean(log_s[k] - np.log(q[k]))


# %% wrong: ratio of logs for log of a ratio
# says: one logarithm was divided by the other
def log_sum_bound(log_s, q):
    k = q > 0
    return q[k] @ (log_s[k] / np.log(q[k]))


# %% wrong: log2 of q
# says: log q was taken to base 2
def log_sum_bound(log_s, q):
    k = q > 0
    return q[k] @ (log_s[k] - np.log2(q[k]))


# %% wrong: minus infinity for any zero
# says: does not make the bound infinite
def log_sum_bound(log_s, q):
    if np.any(q == 0):
        return -np.inf
    return q @ (log_s - np.log(q))


# %% wrong: logs of logs
# says: It holds their logarithms
def log_sum_bound(log_s, q):
    k = q > 0
    return q[k] @ np.log(log_s[k] / q[k])


# %% wrong: zeros of q overwritten
# says: changes its argument `q` in place
def log_sum_bound(log_s, q):
    q[q == 0] = 1e-300
    return q @ (log_s - np.log(q))


# %% wrong: in bits
# says: seems to be to base 2
def log_sum_bound(log_s, q):
    return (q @ log_s + entr(q).sum()) / np.log(2)


# %% wrong: the exponential at the end
# says: the exponential was taken at the end
def log_sum_bound(log_s, q):
    return np.exp(q @ log_s + entr(q).sum())


# %% wrong: the negative bound
# says: this is the negative bound
def log_sum_bound(log_s, q):
    return -(q @ log_s + entr(q).sum())


# %% wrong: a small number hides the underflow
# says: `np.exp(-2000)` underflows to 0
def log_sum_bound(log_s, q):
    k = q > 0
    return q[k] @ (np.log(np.exp(log_s[k]) + 1e-300) - np.log(q[k]))


# %% wrong: logarithms to base 10
# says: seems to be to base 10
def log_sum_bound(log_s, q):
    return (q @ log_s + entr(q).sum()) / np.log(10)


# %% wrong: into an array of integers
# says: right but for the decimals
def log_sum_bound(log_s, q):
    terms = np.zeros(1, dtype=int)
    terms[0] = q @ log_s + entr(q).sum()
    return terms[0]


# %% wrong: terms in an array that takes the type of the logarithms
# says: without decimals where `log_s` holds whole numbers
def log_sum_bound(log_s, q):
    terms = np.zeros_like(log_s)
    for j in range(len(q)):
        if q[j] > 0:
            terms[j] = q[j] * (log_s[j] - np.log(q[j]))
    return terms.sum()


# %% wrong: the gap, with log-sum-exp
# says: That is the gap
def log_sum_bound(log_s, q):
    used = q > 0
    log_r = log_s - (np.max(log_s) + np.log(np.sum(np.exp(log_s - np.max(log_s)))))
    return np.sum(q[used] * (np.log(q[used]) - log_r[used]))


# %% wrong: terms that underflow are skipped
# says: terms were left out whose `np.exp` underflows to 0
def log_sum_bound(log_s, q):
    s = np.exp(log_s)
    used = (q > 0) & (s > 0)
    return np.sum(q[used] * np.log(s[used] / q[used]))


# %% wrong: the largest logarithm taken out for good
# says: the largest logarithm was taken out, but not added again at the end
def log_sum_bound(log_s, q):
    log_s = log_s - log_s.max()
    return q @ log_s + entr(q).sum()
