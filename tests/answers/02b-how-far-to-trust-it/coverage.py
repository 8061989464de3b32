# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np
from scipy.stats import binom


# %% right: a table of theta and counts
def coverage(theta, low, high):
    F = len(low) - 1
    p = binom.pmf(np.arange(F + 1), F, theta[:, None])
    inside = (low <= theta[:, None]) & (theta[:, None] <= high)
    return (p * inside).sum(axis=1)


# %% right: two loops, returned as a list
def coverage(theta, low, high):
    from math import comb

    F = len(low) - 1
    answer = []
    for t in theta:
        total = 0.0
        for h in range(F + 1):
            if low[h] <= t <= high[h]:
                total += comb(F, h) * t**h * (1 - t) ** (F - h)
        answer.append(total)
    return answer


# %% right: one minus the misses
def coverage(theta, low, high):
    h = np.arange(low.size)
    misses = [
        binom.pmf(h, low.size - 1, t)[(t < low) | (high < t)].sum() for t in np.asarray(theta)
    ]
    return 1 - np.array(misses)


# %% right: einsum, single precision
def coverage(theta, low, high):
    F = len(low) - 1
    p = binom.pmf(np.arange(F + 1)[:, None], F, theta).astype(np.float32)
    inside = np.less_equal.outer(low, theta) & np.greater_equal.outer(high, theta)
    return np.einsum("hm,hm->m", p, inside.astype(np.float32))


# %% right: a generator
def coverage(theta, low, high):
    coin = [binom(len(low) - 1, t) for t in theta]
    for t, flips in zip(theta, coin, strict=True):
        yield float(sum(flips.pmf(h) for h in range(len(low)) if low[h] <= t <= high[h]))


# %% right: expectation of a yes or no
def coverage(theta, low, high):
    contains = lambda h, t: (low[h.astype(int)] <= t) & (t <= high[h.astype(int)])  # noqa: E731
    F = len(low) - 1
    return np.array(
        [
            np.dot(contains(np.arange(F + 1.0), t), [binom.pmf(h, F, t) for h in range(F + 1)])
            for t in theta
        ]
    )


# %% wrong: how often it misses
# says: how often the interval *misses* the truth
def coverage(theta, low, high):
    F = len(low) - 1
    p = binom.pmf(np.arange(F + 1), F, theta[:, None])
    outside = (theta[:, None] < low) | (high < theta[:, None])
    return (p * outside).sum(axis=1)


# %% wrong: mean of the intervals
# says: every count of heads weighed the same
def coverage(theta, low, high):
    return np.array([np.mean((low <= t) & (t <= high)) for t in theta])


# %% wrong: how many intervals
# says: the number of intervals that contain
def coverage(theta, low, high):
    return [sum(low[h] <= t <= high[h] for h in range(len(low))) for t in theta]


# %% wrong: no binomial coefficient
# says: the probability of *one* series of flips
def coverage(theta, low, high):
    F = len(low) - 1
    h = np.arange(F + 1)
    t = theta[:, None]
    p = t**h * (1 - t) ** (F - h)
    return (p * ((low <= t) & (t <= high))).sum(axis=1)


# %% wrong: pmf at the estimate
# says: got their probabilities from their own estimates
def coverage(theta, low, high):
    F = len(low) - 1
    h = np.arange(F + 1)
    p = binom.pmf(h, F, h / F)
    return np.array([p[(low <= t) & (t <= high)].sum() for t in theta])


# %% wrong: tails
# says: heads and tails were exchanged
def coverage(theta, low, high):
    F = len(low) - 1
    p = binom.pmf(F - np.arange(F + 1), F, theta[:, None])
    return (p * ((low <= theta[:, None]) & (theta[:, None] <= high))).sum(axis=1)


# %% wrong: smaller, not smaller or equal
# says: an end did not belong to its interval
def coverage(theta, low, high):
    F = len(low) - 1
    p = binom.pmf(np.arange(F + 1), F, theta[:, None])
    return (p * ((low < theta[:, None]) & (theta[:, None] < high))).sum(axis=1)


# %% wrong: a range's idea of an interval
# says: the upper end did not belong
def coverage(theta, low, high):
    F = len(low) - 1
    return [sum(binom.pmf(h, F, t) for h in range(F + 1) if low[h] <= t < high[h]) for t in theta]


# %% wrong: lower end open
# says: the lower end did not belong
def coverage(theta, low, high):
    F = len(low) - 1
    return [sum(binom.pmf(h, F, t) for h in range(F + 1) if low[h] < t <= high[h]) for t in theta]


# %% wrong: from 1 to F - 1
# says: no heads, and nothing but heads, were left out
def coverage(theta, low, high):
    F = len(low) - 1
    return [sum(binom.pmf(h, F, t) for h in range(1, F) if low[h] <= t <= high[h]) for t in theta]


# %% wrong: range(F)
# says: the last count, nothing but heads, were left out
def coverage(theta, low, high):
    F = len(low) - 1
    return [sum(binom.pmf(h, F, t) for h in range(F) if low[h] <= t <= high[h]) for t in theta]


# %% wrong: from 1
# says: the count of no heads were left out
def coverage(theta, low, high):
    F = len(low) - 1
    return [
        sum(binom.pmf(h, F, t) for h in range(1, F + 1) if low[h] <= t <= high[h]) for t in theta
    ]


# %% wrong: the lower end alone
# says: only the lower end were compared
def coverage(theta, low, high):
    p = binom.pmf(np.arange(len(low)), len(low) - 1, theta[:, None])
    return np.sum(p * (low <= theta[:, None]), axis=1)


# %% wrong: the upper end alone
# says: only the upper end were compared
def coverage(theta, low, high):
    p = binom.pmf(np.arange(len(low)), len(low) - 1, theta[:, None])
    return np.sum(p * (high >= theta[:, None]), axis=1)


# %% wrong: F for F + 1
# says: as many flips as intervals
def coverage(theta, low, high):
    F = len(low)
    p = binom.pmf(np.arange(F), F, theta[:, None])
    return (p * ((low <= theta[:, None]) & (theta[:, None] <= high))).sum(axis=1)


# %% wrong: entry 0 taken for one head
# says: entry 0 were taken for one head
def coverage(theta, low, high):
    p = binom.pmf(np.arange(1, len(low) + 1), len(low) - 1, theta[:, None])
    return (p * ((low <= theta[:, None]) & (theta[:, None] <= high))).sum(axis=1)


# %% wrong: the most probable count decides
# says: only the most probable count
def coverage(theta, low, high):
    F = len(low) - 1
    answer = []
    for t in theta:
        h = np.argmax(binom.pmf(np.arange(F + 1), F, t))
        answer.append(float(low[h] <= t <= high[h]))
    return answer


# %% wrong: a difference of two cdf
# says: Those in between need not contain it
def coverage(theta, low, high):
    F = len(low) - 1
    answer = []
    for t in theta:
        good = [h for h in range(F + 1) if low[h] <= t <= high[h]]
        answer.append(binom.cdf(good[-1], F, t) - binom.cdf(good[0] - 1, F, t))
    return answer


# %% wrong: a difference of two cdf, one too few
# says: a difference of two values of the cdf
def coverage(theta, low, high):
    F = len(low) - 1
    answer = []
    for t in theta:
        good = [h for h in range(F + 1) if low[h] <= t <= high[h]]
        answer.append(binom.cdf(good[-1], F, t) - binom.cdf(good[0], F, t))
    return answer


# %% wrong: one sum over everything
# says: one number for all of `theta`
def coverage(theta, low, high):
    p = binom.pmf(np.arange(len(low)), len(low) - 1, theta[:, None])
    return np.sum(p * ((low <= theta[:, None]) & (theta[:, None] <= high)))


# %% wrong: one mean over the candidates
# says: the mean over all of `theta`
def coverage(theta, low, high):
    p = binom.pmf(np.arange(len(low)), len(low) - 1, theta[:, None])
    return np.sum(p * ((low <= theta[:, None]) & (theta[:, None] <= high))) / len(theta)


# %% wrong: the table
# says: keeps one number per count of heads
def coverage(theta, low, high):
    p = binom.pmf(np.arange(len(low)), len(low) - 1, theta[:, None])
    return np.where((low <= theta[:, None]) & (theta[:, None] <= high), p, 0)


# %% wrong: axis 0
# says: sums over `theta` and keeps the counts
def coverage(theta, low, high):
    p = binom.pmf(np.arange(len(low)), len(low) - 1, theta[:, None])
    return (p * ((low <= theta[:, None]) & (theta[:, None] <= high))).sum(axis=0)


# %% wrong: no axis for theta
# says: It stopped with `ValueError
def coverage(theta, low, high):
    p = binom.pmf(np.arange(len(low)), len(low) - 1, theta)
    return (p * ((low <= theta) & (theta <= high))).sum()


# %% wrong: factorials overflow
# says: `nan` or infinity
def coverage(theta, low, high):
    from scipy.special import factorial

    F, t = len(low) - 1, theta[:, None]
    h = np.arange(F + 1)
    orders = factorial(F) / factorial(h) / factorial(F - h)
    return (orders * t**h * (1 - t) ** (F - h) * ((low <= t) & (t <= high))).sum(axis=1)


# %% wrong: simulated
# says: it draws random numbers
def coverage(theta, low, high):
    rng = np.random.default_rng()
    h = rng.binomial(len(low) - 1, theta, size=(10_000, len(theta)))
    return ((low[h] <= theta) & (theta <= high[h])).mean(axis=0)


# %% wrong: put into an array of integers
# says: An array of integers keeps none
def coverage(theta, low, high):
    F = len(low) - 1
    answer = np.zeros(len(theta), dtype=int)
    for m, t in enumerate(theta):
        inside = (low <= t) & (t <= high)
        answer[m] = binom.pmf(np.arange(F + 1), F, t)[inside].sum()
    return answer


# %% wrong: probabilities computed once
# says: the probabilities of the counts at the first `theta` served for all
def coverage(theta, low, high):
    F = len(low) - 1
    p = binom.pmf(np.arange(F + 1), F, theta[0])
    return np.array([p[(low <= t) & (t <= high)].sum() for t in theta])


# %% wrong: break for continue
# says: the loop ends at the first interval that misses `theta`
def coverage(theta, low, high):
    F = len(low) - 1
    answer = np.zeros(len(theta))
    for m, t in enumerate(theta):
        for h in range(F + 1):
            if t < low[h] or high[h] < t:
                break
            answer[m] += binom.pmf(h, F, t)
    return answer


# %% wrong: the estimate inside its own interval
# says: whether an interval contains its own estimate
def coverage(theta, low, high):
    F = len(low) - 1
    h = np.arange(F + 1)
    inside = (low <= h / F) & (h / F <= high)
    return np.array([binom.pmf(h, F, t)[inside].sum() for t in theta])


# %% wrong: the interval of the expected count
# says: only the interval of the expected count was looked at
def coverage(theta, low, high):
    h = np.rint((len(low) - 1) * theta).astype(int)
    return ((low[h] <= theta) & (theta <= high[h])).astype(float)


# %% wrong: ends put in order first
# says: the ends of the intervals were sorted
def coverage(theta, low, high):
    F = len(low) - 1
    low, high = np.sort(low), np.sort(high)
    p = binom.pmf(np.arange(F + 1), F, theta[:, None])
    return (p * ((low <= theta[:, None]) & (theta[:, None] <= high))).sum(axis=1)


# %% wrong: logarithms of the binomial formula
# says: a logarithm of 0 was multiplied by 0
def coverage(theta, low, high):
    from scipy.special import gammaln

    F, t = len(low) - 1, theta[:, None]
    h = np.arange(F + 1)
    log_p = gammaln(F + 1) - gammaln(h + 1) - gammaln(F - h + 1)
    log_p = log_p + h * np.log(t) + (F - h) * np.log(1 - t)
    return (np.exp(log_p) * ((low <= t) & (t <= high))).sum(axis=1)


# %% wrong: a normal curve for the counts
# says: the counts got their probabilities from a normal curve
def coverage(theta, low, high):
    from scipy.stats import norm

    F = len(low) - 1
    answer = []
    for t in theta:
        p = norm.pdf(np.arange(F + 1), loc=F * t, scale=np.sqrt(F * t * (1 - t)))
        answer.append(p[(low <= t) & (t <= high)].sum())
    return np.array(answer)
