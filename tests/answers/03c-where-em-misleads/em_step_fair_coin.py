# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import expit, softmax
from scipy.stats import binom


# %% right: two columns
def em_step_fair_coin(theta, alpha, heads, flips):
    p, w = np.array([theta, 0.5]), np.array([alpha, 1 - alpha])
    tails = flips - heads
    r = softmax(np.log(w) + np.outer(heads, np.log(p)) + np.outer(tails, np.log(1 - p)), axis=1)
    return (heads @ r / (flips @ r))[0], r.mean(axis=0)[0]


# %% right: the log odds of coin A
def em_step_fair_coin(theta, alpha, heads, flips):
    log_odds = math.log(alpha / (1 - alpha)) + heads * math.log(2 * theta)
    r = expit(log_odds + (flips - heads) * math.log(2 * (1 - theta)))
    return [np.dot(r, heads) / np.dot(r, flips), np.mean(r)]


# %% right: loops, with the odds kept from overflowing
def em_step_fair_coin(theta, alpha, heads, flips):
    rs = []
    for h, n in zip(heads, flips):
        a = math.log(alpha) + h * math.log(theta) + (n - h) * math.log(1 - theta)
        b = math.log(1 - alpha) + n * math.log(0.5)
        top = max(a, b)
        rs.append(math.exp(a - top) / (math.exp(a - top) + math.exp(b - top)))
    expected_heads = sum(r * h for r, h in zip(rs, heads))
    expected_flips = sum(r * n for r, n in zip(rs, flips))
    return expected_heads / expected_flips, sum(rs) / len(rs)


# %% wrong: mixing weight forgotten
# says: both coins had the same weight, or none
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(heads * np.log(2 * theta) + (flips - heads) * np.log(2 * (1 - theta)))
    return r @ heads / (r @ flips), r.mean()


# %% wrong: the fair coin's probability left out
# says: fair coin's probability of a row was left out
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    r = np.exp(a) / (np.exp(a) + 1 - alpha)
    return r @ heads / (r @ flips), r.mean()


# %% wrong: coin B is 1 - theta
# says: 1 minus coin A's
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    b = np.log(1 - alpha) + heads * np.log(1 - theta) + (flips - heads) * np.log(theta)
    r = expit(a - b)
    return r @ heads / (r @ flips), r.mean()


# %% wrong: underflow
# says: underflows to 0
def em_step_fair_coin(theta, alpha, heads, flips):
    a = alpha * theta**heads * (1 - theta) ** (flips - heads)
    b = (1 - alpha) * 0.5**flips
    r = a / (a + b)
    return r @ heads / (r @ flips), r.mean()


# %% wrong: underflow in plain Python
# says: underflows to 0
def em_step_fair_coin(theta, alpha, heads, flips):
    rs = []
    for h, n in zip(heads.tolist(), flips.tolist()):
        a = alpha * theta**h * (1 - theta) ** (n - h)
        b = (1 - alpha) * 0.5**n
        rs.append(float(a) / float(a + b))
    r = np.array(rs)
    return r @ heads / (r @ flips), r.mean()


# %% wrong: theta divided by all flips
# says: divided by all flips
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    r = expit(a - np.log(1 - alpha) - flips * np.log(0.5))
    return r @ heads / flips.sum(), r.mean()


# %% wrong: alpha is a sum
# says: expected number of rows
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    r = expit(a - np.log(1 - alpha) - flips * np.log(0.5))
    return r @ heads / (r @ flips), r.sum()


# %% wrong: alpha weighted by flips
# says: share of the flips
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    r = expit(a - np.log(1 - alpha) - flips * np.log(0.5))
    return r @ heads / (r @ flips), r @ flips / flips.sum()


# %% wrong: alpha not updated
# says: is the old `alpha`
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    r = expit(a - np.log(1 - alpha) - flips * np.log(0.5))
    return r @ heads / (r @ flips), alpha


# %% wrong: the fair coin re-estimated
# says: known and not re-estimated
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    r = expit(a - np.log(1 - alpha) - flips * np.log(0.5))
    return (1 - r) @ heads / ((1 - r) @ flips), r.mean()


# %% wrong: mean of ratios
# says: averages the rows' proportions
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    r = expit(a - np.log(1 - alpha) - flips * np.log(0.5))
    return np.average(heads / flips, weights=r), r.mean()


# %% wrong: hard assignment
# says: hard assignment
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    r = 1.0 * (a > np.log(1 - alpha) + flips * np.log(0.5))
    return r @ heads / (r @ flips), r.mean()


# %% wrong: other order
# says: first `theta_new`
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    r = expit(a - np.log(1 - alpha) - flips * np.log(0.5))
    return r.mean(), r @ heads / (r @ flips)


# %% wrong: only theta
# says: It should return 2 values
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    r = expit(a - np.log(1 - alpha) - flips * np.log(0.5))
    return r @ heads / (r @ flips)


# %% wrong: the fair coin's tails left out
# says: counted for the heads alone
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    b = np.log(1 - alpha) + heads * np.log(0.5)
    r = expit(a - b)
    return r @ heads / (r @ flips), r.mean()


# %% wrong: alpha for both coins
# says: both coins had the same weight
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    b = np.log(alpha) + flips * np.log(0.5)
    r = expit(a - b)
    return r @ heads / (r @ flips), r.mean()


# %% wrong: the fair coin's expected heads subtracted
# says: half of the fair coin's flips
def em_step_fair_coin(theta, alpha, heads, flips):
    a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    r = expit(a - np.log(1 - alpha) - flips * np.log(0.5))
    return (heads.sum() - 0.5 * ((1 - r) @ flips)) / (r @ flips), r.mean()


# %% wrong: a second E-step before alpha
# says: a second E-step was made
def em_step_fair_coin(theta, alpha, heads, flips):
    def share(theta):
        a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
        return expit(a - np.log(1 - alpha) - flips * np.log(0.5))

    r = share(theta)
    theta = r @ heads / (r @ flips)
    return theta, share(theta).mean()


# %% right: weighted averages, in single precision
def em_step_fair_coin(theta, alpha, heads, flips):
    log_a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log1p(-theta)
    log_b = np.log1p(-alpha) - flips * np.log(2)
    r = np.exp(log_a - np.logaddexp(log_a, log_b)).astype(np.float32)
    return np.average(heads / flips, weights=r * flips), r.mean()


# %% wrong: theta not updated
# says: is the old `theta`
def em_step_fair_coin(theta, alpha, heads, flips):
    log_a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
    log_b = np.log(1 - alpha) + flips * np.log(0.5)
    return theta, expit(log_a - log_b).mean()


# %% wrong: logarithms multiplied by alpha
# says: a logarithm was multiplied by `alpha`
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        alpha * (heads * np.log(theta) + (flips - heads) * np.log(1 - theta))
        - (1 - alpha) * flips * np.log(0.5)
    )
    return r @ heads / (r @ flips), r.mean()


# %% wrong: alpha once for each flip
# says: `alpha` was counted once for each flip
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        flips * (np.log(alpha) - np.log(1 - alpha))
        + heads * np.log(theta)
        + (flips - heads) * np.log(1 - theta)
        - flips * np.log(0.5)
    )
    return r @ heads / (r @ flips), r.mean()


# %% wrong: proportions of heads
# says: each row counted as a single flip
def em_step_fair_coin(theta, alpha, heads, flips):
    share = heads / flips
    r = expit(
        np.log(alpha)
        - np.log(1 - alpha)
        + share * np.log(theta)
        + (1 - share) * np.log(1 - theta)
        - np.log(0.5)
    )
    return r @ heads / (r @ flips), r.mean()


# %% wrong: sign of the tails
# says: the logarithms of the tails were subtracted
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        np.log(alpha)
        - np.log(1 - alpha)
        + heads * np.log(theta)
        - (flips - heads) * np.log(1 - theta)
        - (2 * heads - flips) * np.log(0.5)
    )
    return r @ heads / (r @ flips), r.mean()


# %% wrong: heads and tails swapped in the E-step
# says: heads and tails were exchanged
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        np.log(alpha)
        - np.log(1 - alpha)
        + (flips - heads) * np.log(theta)
        + heads * np.log(1 - theta)
        - flips * np.log(0.5)
    )
    return r @ heads / (r @ flips), r.mean()


# %% wrong: tails left out
# says: only the heads were counted
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(np.log(alpha) - np.log(1 - alpha) + heads * np.log(theta) - heads * np.log(0.5))
    return r @ heads / (r @ flips), r.mean()


# %% wrong: tails raised to the number of flips
# says: once for each flip
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        np.log(alpha)
        - np.log(1 - alpha)
        + heads * np.log(theta)
        + flips * np.log(1 - theta)
        - (heads + flips) * np.log(0.5)
    )
    return r @ heads / (r @ flips), r.mean()


# %% wrong: ten flips, as in the text
# says: every row had ten flips
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        np.log(alpha)
        - np.log(1 - alpha)
        + heads * np.log(theta)
        + (10 - heads) * np.log(1 - theta)
        - 10 * np.log(0.5)
    )
    return r @ heads / (r @ flips), r.mean()


# %% wrong: the first row's flips for all rows
# says: every row had the same number of flips
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        np.log(alpha)
        - np.log(1 - alpha)
        + heads * np.log(theta)
        + (flips[0] - heads) * np.log(1 - theta)
        - flips[0] * np.log(0.5)
    )
    return r @ heads / (r @ flips), r.mean()


# %% wrong: alpha where its logarithm belongs
# says: `alpha` itself was added to a logarithm
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        alpha
        + heads * np.log(theta)
        + (flips - heads) * np.log(1 - theta)
        - (1 - alpha)
        - flips * np.log(0.5)
    )
    return r @ heads / (r @ flips), r.mean()


# %% wrong: responsibilities of coin B
# says: the responsibilities of the fair coin
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        np.log(1 - alpha)
        + flips * np.log(0.5)
        - np.log(alpha)
        - (heads * np.log(theta) + (flips - heads) * np.log(1 - theta))
    )
    return r @ heads / (r @ flips), r.mean()


# %% wrong: the fair coin flipped once
# says: flipped once in each row
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        np.log(alpha)
        + heads * np.log(theta)
        + (flips - heads) * np.log(1 - theta)
        - np.log(1 - alpha)
        - np.log(0.5)
    )
    return r @ heads / (r @ flips), r.mean()


# %% wrong: normalised over the rows
# says: normalised over the rows instead of the two
def em_step_fair_coin(theta, alpha, heads, flips):
    r = softmax(heads * np.log(theta) + (flips - heads) * np.log(1 - theta))
    return r @ heads / (r @ flips), r.mean()


# %% wrong: not normalised
# says: does not divide by the probability of the row
def em_step_fair_coin(theta, alpha, heads, flips):
    r = np.exp(np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta))
    return r @ heads / (r @ flips), r.mean()


# %% wrong: divided by the expected rows
# says: `theta_new` was divided by a number of rows
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        np.log(alpha)
        + heads * np.log(theta)
        + (flips - heads) * np.log(1 - theta)
        - np.log(1 - alpha)
        - flips * np.log(0.5)
    )
    return r @ heads / r.sum(), r.mean()


# %% wrong: divided by the number of rows
# says: `theta_new` was divided by the number of rows
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        np.log(alpha)
        + heads * np.log(theta)
        + (flips - heads) * np.log(1 - theta)
        - np.log(1 - alpha)
        - flips * np.log(0.5)
    )
    return (r * heads).mean(), r.mean()


# %% wrong: all rows
# says: the proportion of heads in all flips
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        np.log(alpha)
        + heads * np.log(theta)
        + (flips - heads) * np.log(1 - theta)
        - np.log(1 - alpha)
        - flips * np.log(0.5)
    )
    return heads.sum() / flips.sum(), r.mean()


# %% wrong: probability of tails
# says: `theta_new` is the probability of tails
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        np.log(alpha)
        + heads * np.log(theta)
        + (flips - heads) * np.log(1 - theta)
        - np.log(1 - alpha)
        - flips * np.log(0.5)
    )
    return r @ (flips - heads) / (r @ flips), r.mean()


# %% wrong: how often coin B is picked
# says: how often coin B is picked
def em_step_fair_coin(theta, alpha, heads, flips):
    r = expit(
        np.log(alpha)
        + heads * np.log(theta)
        + (flips - heads) * np.log(1 - theta)
        - np.log(1 - alpha)
        - flips * np.log(0.5)
    )
    return r @ heads / (r @ flips), 1 - r.mean()


# %% wrong: probabilities of the counts, which underflow far from both coins
# says: it underflows to 0
def em_step_fair_coin(theta, alpha, heads, flips):
    a = alpha * binom.pmf(heads, flips, theta)
    b = (1 - alpha) * binom.pmf(heads, flips, 1 / 2)
    r = a / (a + b)
    return r @ heads / (r @ flips), r.mean()


# %% wrong: a coin that is hardly picked is picked in one row of a hundred
# says: `alpha` were kept away from 0
def em_step_fair_coin(theta, alpha, heads, flips):
    alpha = max(alpha, 0.01)
    log_ratio = np.log(alpha / (1 - alpha)) + heads * np.log(2 * theta)
    r = expit(log_ratio + (flips - heads) * np.log(2 - 2 * theta))
    return r @ heads / (r @ flips), r.mean()


# %% wrong: responsibilities in an array of integers
# says: were written into an array of integers
def em_step_fair_coin(theta, alpha, heads, flips):
    r = np.zeros_like(heads)
    for i, (h, n) in enumerate(zip(heads, flips)):
        log_a = np.log(alpha) + h * np.log(theta) + (n - h) * np.log(1 - theta)
        r[i] = expit(log_a - np.log(1 - alpha) - n * np.log(0.5))
    return r @ heads / (r @ flips), r.mean()


# %% wrong: a loop of a hundred steps
# says: It looks as if the step was repeated
def em_step_fair_coin(theta, alpha, heads, flips):
    for _ in range(100):
        log_a = np.log(alpha) + heads * np.log(theta) + (flips - heads) * np.log(1 - theta)
        r = expit(log_a - np.log(1 - alpha) - flips * np.log(0.5))
        theta, alpha = r @ heads / (r @ flips), r.mean()
    return theta, alpha
