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
    from scipy.special import comb
    from scipy.stats import binom

    counts = binom.logpmf(heads, flips, theta[:, None]) - np.log(comb(flips, heads))
    return counts.sum(axis=1).astype(np.float32)


# %% right: log-odds
def coin_log_likelihood(theta, heads, flips):
    odds = theta / (1 - theta)
    return np.einsum("i,m->m", heads, np.log(odds)) + sum(flips) * np.log(1 - theta)


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
# says: a logarithm to another base
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
