# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np


# %% right: theta of each row, masks
def negative_log_likelihood(theta, heads, flips, labels):
    mine = theta[labels]
    value = -(heads * np.log(mine) + (flips - heads) * np.log(1 - mine)).sum()
    slopes = -heads / mine + (flips - heads) / (1 - mine)
    return value, np.array([slopes[labels == j].sum() for j in range(len(theta))])


# %% right: loops, gradient as a list
def negative_log_likelihood(theta, heads, flips, labels):
    value, gradient = 0, [0] * len(theta)
    for h, f, j in zip(heads, flips, labels, strict=True):
        value -= h * np.log(theta[j]) + (f - h) * np.log(1 - theta[j])
        gradient[j] += (f * theta[j] - h) / (theta[j] * (1 - theta[j]))
    return value, gradient


# %% right: one-hot labels, single precision
def negative_log_likelihood(theta, heads, flips, labels):
    z = np.eye(len(theta), dtype=np.float32)[labels]
    H, F = np.einsum("i,ij->j", heads, z), np.einsum("i,ij->j", flips, z)
    value = -np.sum(H * np.log(theta) + (F - H) * np.log1p(-theta))
    return [np.float32(value), ((F - H) / (1 - theta) - H / theta).astype(np.float32)]


# %% right: the gradient by central differences
def negative_log_likelihood(theta, heads, flips, labels):
    def cost(t):
        return -np.sum(heads * np.log(t[labels]) + (flips - heads) * np.log(1 - t[labels]))

    steps = 1e-6 * np.eye(len(theta))
    return cost(theta), np.array([(cost(theta + e) - cost(theta - e)) / 2e-6 for e in steps])


# %% right: gradient by complex step
def negative_log_likelihood(theta, heads, flips, labels):
    def c(t):
        p = t[labels]
        return -(heads * np.log(p) + (flips - heads) * np.log(1 - p)).sum()

    g = np.empty(len(theta))
    for j in range(len(theta)):
        t = theta.astype(complex)
        t[j] += 1e-20j
        g[j] = c(t).imag / 1e-20
    return float(c(theta)), g


# %% wrong: the log-likelihood
# says: lowest where the log-likelihood is highest
def negative_log_likelihood(theta, heads, flips, labels):
    H, F = np.bincount(labels, heads), np.bincount(labels, flips)
    value = np.sum(H * np.log(theta) + (F - H) * np.log(1 - theta))
    return value, H / theta - (F - H) / (1 - theta)


# %% wrong: sign of the value
# says: The sign of `value` is wrong
def negative_log_likelihood(theta, heads, flips, labels):
    H, F = np.bincount(labels, heads), np.bincount(labels, flips)
    value = np.sum(H * np.log(theta) + (F - H) * np.log(1 - theta))
    return value, (F - H) / (1 - theta) - H / theta


# %% wrong: sign of the gradient
# says: points the wrong way
def negative_log_likelihood(theta, heads, flips, labels):
    H, F = np.bincount(labels, heads), np.bincount(labels, flips)
    value = -np.sum(H * np.log(theta) + (F - H) * np.log(1 - theta))
    return value, H / theta - (F - H) / (1 - theta)


# %% wrong: heads and tails swapped
# says: heads and tails were exchanged
def negative_log_likelihood(theta, heads, flips, labels):
    T, F = np.bincount(labels, heads), np.bincount(labels, flips)
    value = -np.sum((F - T) * np.log(theta) + T * np.log(1 - theta))
    return value, T / (1 - theta) - (F - T) / theta


# %% wrong: the inner derivative forgotten
# says: the derivative of log(1 - theta)
def negative_log_likelihood(theta, heads, flips, labels):
    H, F = np.bincount(labels, heads), np.bincount(labels, flips)
    value = -np.sum(H * np.log(theta) + (F - H) * np.log(1 - theta))
    return value, -H / theta - (F - H) / (1 - theta)


# %% wrong: the derivative has heads only
# says: has only the term of the heads
def negative_log_likelihood(theta, heads, flips, labels):
    H, F = np.bincount(labels, heads), np.bincount(labels, flips)
    value = -np.sum(H * np.log(theta) + (F - H) * np.log(1 - theta))
    return value, -H / theta


# %% wrong: binomial coefficients
# says: included the binomial coefficients
def negative_log_likelihood(theta, heads, flips, labels):
    from scipy.stats import binom

    H, F = np.bincount(labels, heads), np.bincount(labels, flips)
    value = -binom.logpmf(heads, flips, theta[labels]).sum()
    return value, (F - H) / (1 - theta) - H / theta


# %% wrong: mixing weights
# says: included equal mixing weights
def negative_log_likelihood(theta, heads, flips, labels):
    k = len(theta)
    H, F = np.bincount(labels, heads), np.bincount(labels, flips)
    series = heads * np.log(theta[labels]) + (flips - heads) * np.log(1 - theta[labels])
    return -np.sum(series + np.log(1 / k)), (F - H) / (1 - theta) - H / theta


# %% wrong: flips for tails
# says: all flips were counted as tails
def negative_log_likelihood(theta, heads, flips, labels):
    H, F = np.bincount(labels, heads), np.bincount(labels, flips)
    return -np.sum(H * np.log(theta) + F * np.log(1 - theta)), F / (1 - theta) - H / theta


# %% wrong: one slope per row
# says: holds one slope per row
def negative_log_likelihood(theta, heads, flips, labels):
    t, tails = theta[labels], flips - heads
    value = -np.sum(heads * np.log(t) + tails * np.log(1 - t))
    return value, tails / (1 - t) - heads / t


# %% wrong: one slope in all
# says: Each coin has a slope of its own
def negative_log_likelihood(theta, heads, flips, labels):
    t, tails = theta[labels], flips - heads
    value = -np.sum(heads * np.log(t) + tails * np.log(1 - t))
    return value, np.sum(tails / (1 - t) - heads / t)


# %% wrong: a[labels] += b
# says: keep only its last row
def negative_log_likelihood(theta, heads, flips, labels):
    t, tails = theta[labels], flips - heads
    gradient = np.zeros(len(theta))
    gradient[labels] += tails / (1 - t) - heads / t
    return -np.sum(heads * np.log(t) + tails * np.log(1 - t)), gradient


# %% wrong: means
# says: took means over the rows
def negative_log_likelihood(theta, heads, flips, labels):
    n, H, F = len(heads), np.bincount(labels, heads), np.bincount(labels, flips)
    value = -np.mean(heads * np.log(theta[labels]) + (flips - heads) * np.log(1 - theta[labels]))
    return value, ((F - H) / (1 - theta) - H / theta) / n


# %% wrong: every row counts for every coin
# says: every row counted for every coin
def negative_log_likelihood(theta, heads, flips, labels):
    H, T = heads.sum(), (flips - heads).sum()
    value = -np.sum(H * np.log(theta) + T * np.log(1 - theta))
    return value, T / (1 - theta) - H / theta


# %% wrong: no gradient
# says: It should return 2 values
def negative_log_likelihood(theta, heads, flips, labels):
    H, F = np.bincount(labels, heads), np.bincount(labels, flips)
    return -np.sum(H * np.log(theta) + (F - H) * np.log(1 - theta))


# %% wrong: finite differences too coarse
# says: a step that is far too large
def negative_log_likelihood(theta, heads, flips, labels):
    def c(t):
        return -(heads * np.log(t[labels]) + (flips - heads) * np.log(1 - t[labels])).sum()

    e = 0.001
    g = [(c(theta + e * np.eye(len(theta))[j]) - c(theta)) / e for j in range(len(theta))]
    return c(theta), np.array(g)


# %% wrong: clips theta in place
# says: changes its argument `theta` in place
def negative_log_likelihood(theta, heads, flips, labels):
    theta[:] = np.clip(theta, 0.3, 0.7)
    k = len(theta)
    H, F = np.bincount(labels, heads, k), np.bincount(labels, flips, k)
    return -np.sum(H * np.log(theta) + (F - H) * np.log(1 - theta)), -H / theta + (F - H) / (
        1 - theta
    )


# %% wrong: gradient wrt log-odds
# says: the derivative by the log-odds
def negative_log_likelihood(theta, heads, flips, labels):
    k = len(theta)
    H, F = np.bincount(labels, heads, k), np.bincount(labels, flips, k)
    return -np.sum(H * np.log(theta) + (F - H) * np.log(1 - theta)), F * theta - H


# %% wrong: the numbers of coin A
# says: the 22 heads and 8 tails of the text
def negative_log_likelihood(theta, heads, flips, labels):
    return -22 * np.log(theta[0]) - 8 * np.log(1 - theta[0]), -22 / theta + 8 / (1 - theta)


# %% wrong: exp value
# says: to be a likelihood
def negative_log_likelihood(theta, heads, flips, labels):
    k = len(theta)
    H, F = np.bincount(labels, heads, k), np.bincount(labels, flips, k)
    return -np.prod(theta**H * (1 - theta) ** (F - H)), -H / theta + (F - H) / (1 - theta)


# %% wrong: second derivative
# says: to be the second derivative
def negative_log_likelihood(theta, heads, flips, labels):
    k = len(theta)
    H, F = np.bincount(labels, heads, k), np.bincount(labels, flips, k)
    return -np.sum(H * np.log(theta) + (F - H) * np.log(1 - theta)), H / theta**2 + (F - H) / (
        1 - theta
    ) ** 2
