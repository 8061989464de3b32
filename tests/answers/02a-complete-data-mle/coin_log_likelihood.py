# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np


# %% right: totals
def coin_log_likelihood(theta, heads, flips):
    h, f = np.sum(heads), np.sum(flips)
    return h * np.log(theta) + (f - h) * np.log1p(-theta)


# %% right: loops, returned as a list
def coin_log_likelihood(theta, heads, flips):
    values = []
    for t in theta:
        value = 0
        for h, f in zip(heads, flips, strict=True):
            value += h * np.log(t) + (f - h) * np.log(1 - t)
        values.append(value)
    return values


# %% right: broadcasting, summed over the rows
def coin_log_likelihood(theta, heads, flips):
    h, f = heads[:, None], flips[:, None]
    return (h * np.log(theta) + (f - h) * np.log(1 - theta)).sum(axis=0)


# %% right: scipy without its coefficients, in single precision
def coin_log_likelihood(theta, heads, flips):
    from scipy.special import gammaln
    from scipy.stats import binom

    log_comb = gammaln(flips + 1) - gammaln(heads + 1) - gammaln(flips - heads + 1)
    counts = binom.logpmf(heads, flips, theta[:, None]) - log_comb
    return counts.sum(axis=1).astype(np.float32)


# %% right: log-odds
def coin_log_likelihood(theta, heads, flips):
    odds = theta / (1 - theta)
    return np.einsum("i,m->m", heads, np.log(odds)) + sum(flips) * np.log(1 - theta)


# %% right: scipy bernoulli logpmf
def coin_log_likelihood(theta, heads, flips):
    from scipy.stats import bernoulli

    theta = np.asarray(theta)
    H = int(heads.sum())
    T = int(flips.sum()) - H
    return H * bernoulli.logpmf(1, theta) + T * bernoulli.logpmf(0, theta)


# %% right: einsum in single precision
def coin_log_likelihood(theta, heads, flips):
    theta = theta.astype(np.float32)
    counts = np.array([heads, flips - heads], dtype=np.float32)
    logs = np.array([np.log(theta), np.log1p(-theta)])
    return np.einsum("cn,cm->m", counts, logs)


# %% wrong: heads and tails swapped
# says: heads and tails were exchanged
def coin_log_likelihood(theta, heads, flips):
    tails = flips - heads
    return heads.sum() * np.log(1 - theta) + tails.sum() * np.log(theta)


# %% wrong: the negative
# says: wrong sign
def coin_log_likelihood(theta, heads, flips):
    tails = flips - heads
    return -(heads.sum() * np.log(theta) + tails.sum() * np.log(1 - theta))


# %% wrong: no logarithm
# says: These are likelihoods
def coin_log_likelihood(theta, heads, flips):
    return theta ** heads.sum() * (1 - theta) ** (flips - heads).sum()


# %% wrong: scipy with its coefficients
# says: included the binomial coefficients
def coin_log_likelihood(theta, heads, flips):
    from scipy.stats import binom

    return binom.logpmf(heads[:, None], flips[:, None], theta).sum(axis=0)


# %% wrong: flips for tails
# says: all flips were counted as tails
def coin_log_likelihood(theta, heads, flips):
    return heads.sum() * np.log(theta) + flips.sum() * np.log(1 - theta)


# %% wrong: heads only
# says: Only the heads are counted
def coin_log_likelihood(theta, heads, flips):
    return heads.sum() * np.log(theta)


# %% wrong: mean over the rows
# says: took the mean over the rows
def coin_log_likelihood(theta, heads, flips):
    return np.mean(heads) * np.log(theta) + np.mean(flips - heads) * np.log(1 - theta)


# %% wrong: log of a sum
# says: added the rows' likelihoods
def coin_log_likelihood(theta, heads, flips):
    likelihood = 0
    for h, f in zip(heads, flips, strict=True):
        likelihood = likelihood + theta**h * (1 - theta) ** (f - h)
    return np.log(likelihood)


# %% wrong: base 10
# says: seems to be to base 10
def coin_log_likelihood(theta, heads, flips):
    tails = flips - heads
    return heads.sum() * np.log10(theta) + tails.sum() * np.log10(1 - theta)


# %% wrong: one number for all candidates
# says: one number for all of
def coin_log_likelihood(theta, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    return np.sum(h * np.log(theta) + t * np.log(1 - theta))


# %% wrong: one row per row
# says: one number per row and candidate
def coin_log_likelihood(theta, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    return h * np.log(theta) + t * np.log(1 - theta)


# %% wrong: the return stands inside the loop
# says: only the first row counts
def coin_log_likelihood(theta, heads, flips):
    value = np.zeros(len(theta))
    for h, f in zip(heads, flips, strict=True):
        value += h * np.log(theta) + (f - h) * np.log(1 - theta)
        return value


# %% wrong: = for +=
# says: only the last row counts
def coin_log_likelihood(theta, heads, flips):
    for h, f in zip(heads, flips, strict=True):
        value = h * np.log(theta) + (f - h) * np.log(1 - theta)
    return value


# %% wrong: printed
# says: replace the `print` by a `return`
def coin_log_likelihood(theta, heads, flips):
    tails = flips - heads
    print(heads.sum() * np.log(theta) + tails.sum() * np.log(1 - theta))


# %% wrong: rows and candidates mixed up
# says: It stopped with `ValueError
def coin_log_likelihood(theta, heads, flips):
    return (heads * np.log(theta) + (flips - heads) * np.log(1 - theta)).sum()


# %% wrong: no broadcasting
# says: put on one and the same axis
def coin_log_likelihood(theta, heads, flips):
    return np.sum(heads * np.log(theta) + (flips - heads) * np.log(1 - theta))


# %% wrong: ten flips in each row
# says: every row counted ten flips
def coin_log_likelihood(theta, heads, flips):
    H, F = heads.sum(), 10 * len(heads)
    return H * np.log(theta) + (F - H) * np.log(1 - theta)


# %% wrong: mixing weight one half added
# says: got a mixing weight of one half
def coin_log_likelihood(theta, heads, flips):
    h, f = heads[:, None], flips[:, None]
    return (np.log(0.5) + h * np.log(theta) + (f - h) * np.log(1 - theta)).sum(axis=0)


# %% wrong: sign between the terms from the derivative
# says: tails' term were subtracted
def coin_log_likelihood(theta, heads, flips):
    H, F = heads.sum(), flips.sum()
    return H * np.log(theta) - (F - H) * np.log(1 - theta)


# %% wrong: log of the product underflows
# says: product of the probabilities underflows
def coin_log_likelihood(theta, heads, flips):
    h, f = heads[:, None], flips[:, None]
    return np.log(np.prod(theta**h * (1 - theta) ** (f - h), axis=0))


# %% wrong: the coefficient overflows
# says: a binomial coefficient overflows
def coin_log_likelihood(theta, heads, flips):
    from scipy.special import comb
    from scipy.stats import binom

    counts = binom.logpmf(heads, flips, theta[:, None]) - np.log(comb(flips, heads))
    return counts.sum(axis=1)


# %% wrong: H theta + T (1 - theta)
# says: multiply the probabilities themselves
def coin_log_likelihood(theta, heads, flips):
    H, F = heads.sum(), flips.sum()
    return H * theta + (F - H) * (1 - theta)


# %% wrong: minus the likelihood
# says: likelihoods with a minus sign
def coin_log_likelihood(theta, heads, flips):
    H, T = heads.sum(), (flips - heads).sum()
    return -(theta**H * (1 - theta) ** T)


# %% wrong: shares of heads and tails
# says: took the share of heads for their number
def coin_log_likelihood(theta, heads, flips):
    share = heads.sum() / flips.sum()
    return share * np.log(theta) + (1 - share) * np.log(1 - theta)


# %% wrong: product of the rows' log-likelihoods
# says: multiplied the rows' log-likelihoods
def coin_log_likelihood(theta, heads, flips):
    value = np.ones(len(theta))
    for h, f in zip(heads, flips, strict=True):
        value *= h * np.log(theta) + (f - h) * np.log(1 - theta)
    return value


# %% wrong: put into an array of integers
# says: An array of integers keeps none
def coin_log_likelihood(theta, heads, flips):
    values = np.zeros(len(theta), dtype=int)
    for m, t in enumerate(theta):
        values[m] = heads.sum() * np.log(t) + (flips - heads).sum() * np.log(1 - t)
    return values


# %% wrong: base 2
# says: seems to be to base 2
def coin_log_likelihood(theta, heads, flips):
    return heads.sum() * np.log2(theta) + (flips - heads).sum() * np.log2(1 - theta)


# %% wrong: math.log of an array
# says: takes one number
def coin_log_likelihood(theta, heads, flips):
    import math

    tails = flips.sum() - heads.sum()
    return heads.sum() * math.log(theta) + tails * math.log(1 - theta)


# %% wrong: candidates kept away from the ends
# says: `theta` were kept away from 0
def coin_log_likelihood(theta, heads, flips):
    theta = np.clip(theta, 1e-4, 1 - 1e-4)
    return heads.sum() * np.log(theta) + (flips - heads).sum() * np.log(1 - theta)


# %% wrong: the derivative that is set to zero
# says: the derivative of the log-likelihood
def coin_log_likelihood(theta, heads, flips):
    H, F = heads.sum(), flips.sum()
    return H / theta - (F - H) / (1 - theta)


# %% wrong: each row by its share of heads
# says: each row counted with its share of heads
def coin_log_likelihood(theta, heads, flips):
    value = np.zeros(len(theta))
    for h, f in zip(heads, flips, strict=True):
        value += h / f * np.log(theta) + (1 - h / f) * np.log(1 - theta)
    return value
