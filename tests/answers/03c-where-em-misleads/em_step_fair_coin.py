# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import expit, softmax


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
