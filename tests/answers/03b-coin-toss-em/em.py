# ruff: noqa: F811, F821
# mypy: ignore-errors
import numpy as np
from scipy.special import logsumexp, softmax


# %% right: lists that grow
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    gain = np.inf
    while gain >= tol and len(thetas) <= max_iter:
        r = e_step(thetas[-1], alpha, heads, flips)[0]
        thetas.append(m_step(np.asarray(r), heads, flips))
        lls.append(e_step(np.asarray(thetas[-1]), alpha, heads, flips)[1])
        gain = lls[-1] - lls[-2]
        thetas[-1] = np.asarray(thetas[-1])
    return np.array(thetas), np.array(lls)


# %% right: one E-step for each theta
def em(theta, alpha, heads, flips, tol, max_iter):
    r, ll = e_step(theta, alpha, heads, flips)
    thetas, lls = [theta], [ll]
    for _ in range(max_iter):
        theta = m_step(r, heads, flips)
        r, ll = e_step(theta, alpha, heads, flips)
        thetas.append(theta)
        lls.append(ll)
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


# %% right: arrays made beforehand and cut
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas = np.empty((max_iter + 1, len(theta)))
    lls = np.empty(max_iter + 1)
    thetas[0] = theta
    lls[0] = e_step(theta, alpha, heads, flips)[1]
    for t in range(1, max_iter + 1):
        r = np.asarray(e_step(thetas[t - 1], alpha, heads, flips)[0])
        thetas[t] = m_step(r, heads, flips)
        lls[t] = e_step(thetas[t], alpha, heads, flips)[1]
        if lls[t] < lls[t - 1] + tol:
            return thetas[: t + 1], lls[: t + 1]
    return thetas, lls


# %% right: a recursion that returns lists
def em(theta, alpha, heads, flips, tol, max_iter):
    ll = e_step(theta, alpha, heads, flips)[1]
    if max_iter == 0:
        return [theta], [ll]
    r = e_step(theta, alpha, heads, flips)[0]
    after = np.asarray(m_step(r, heads, flips))
    ll_after = e_step(after, alpha, heads, flips)[1]
    if ll_after - ll < tol:
        return [theta, after], [ll, ll_after]
    thetas, lls = em(after, alpha, heads, flips, tol, max_iter - 1)
    return [theta, *thetas], [ll, *lls]


# %% right: its own formulas, no calls of the steps
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [], []
    for _ in range(max_iter + 1):
        joint = (
            np.log(alpha)
            + np.outer(heads, np.log(theta))
            + np.outer(flips - heads, np.log(1 - theta))
        )
        thetas.append(theta)
        lls.append(logsumexp(joint, axis=1).sum())
        if len(lls) > 1 and lls[-1] - lls[-2] < tol:
            break
        r = softmax(joint, axis=1)
        theta = heads @ r / (flips @ r)
    return np.stack(thetas), np.stack(lls)


# %% wrong: stops on Q
# says: stops when Q changes little
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls, qs = [theta], [e_step(theta, alpha, heads, flips)[1]], [None]
    for _ in range(max_iter):
        r = e_step(theta, alpha, heads, flips)[0]
        theta = np.asarray(m_step(r, heads, flips))
        h, t = heads[:, None], (flips - heads)[:, None]
        qs.append((r * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum())
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if len(qs) > 2 and abs(qs[-1] - qs[-2]) < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: stops when theta changes little
# says: stops when `theta` changes little
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    for _ in range(max_iter):
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if np.abs(thetas[-1] - thetas[-2]).max() < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: tol ignored
# says: always runs for `max_iter` iterations
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    for _ in range(max_iter):
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
    return np.array(thetas), np.array(lls)


# %% wrong: new theta beside old log-likelihood
# says: stands beside the log-likelihood of the one before it
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [], []
    for _ in range(max_iter):
        lls.append(e_step(theta, alpha, heads, flips)[1])
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        if len(lls) > 1 and lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: the start is missing
# says: the start is missing
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [], []
    old = e_step(theta, alpha, heads, flips)[1]
    for _ in range(max_iter):
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if lls[-1] - old < tol:
            break
        old = lls[-1]
    return np.array(thetas), np.array(lls)


# %% wrong: leaves before the last theta is kept
# says: the loop is left before the last `theta` is kept
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    for _ in range(max_iter):
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        ll = e_step(theta, alpha, heads, flips)[1]
        if ll - lls[-1] < tol:
            break
        thetas.append(theta)
        lls.append(ll)
    return np.array(thetas), np.array(lls)


# %% wrong: one iteration short of max_iter
# says: a run that `max_iter` ends has one iteration too few
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    for _ in range(1, max_iter):
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: one iteration too many
# says: `max_iter` + 1 iterations
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    t = 0
    while t <= max_iter:
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        t += 1
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: mixing weights re-estimated
# says: `alpha` was re-estimated
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    for _ in range(max_iter):
        r = e_step(theta, alpha, heads, flips)[0]
        theta, alpha = np.asarray(m_step(r, heads, flips)), r.mean(axis=0)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: one array kept many times
# says: one array was changed in place
def em(theta, alpha, heads, flips, tol, max_iter):
    theta = theta.copy()
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    for _ in range(max_iter):
        theta[:] = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: E-step before the loop
# says: the responsibilities were computed once, before the loop
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    r = e_step(theta, alpha, heads, flips)[0]
    for _ in range(max_iter):
        theta = np.asarray(m_step(r, heads, flips))
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: Q returned as the log-likelihood
# says: Your `log_likelihoods` hold Q
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [], []
    for _ in range(max_iter + 1):
        r = e_step(theta, alpha, heads, flips)[0]
        h, t = heads[:, None], (flips - heads)[:, None]
        thetas.append(theta)
        lls.append((r * (np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta))).sum())
        if len(lls) > 1 and lls[-1] - lls[-2] < tol:
            break
        theta = np.asarray(m_step(r, heads, flips))
    return np.array(thetas), np.array(lls)


# %% wrong: only the last theta
# says: `thetas` should be an array of shape (T + 1, k)
def em(theta, alpha, heads, flips, tol, max_iter):
    old = e_step(theta, alpha, heads, flips)[1]
    lls = [old]
    for _ in range(max_iter):
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if lls[-1] - lls[-2] < tol:
            break
    return theta, np.array(lls)


# %% right: a while loop, lists returned
def em(theta, alpha, heads, flips, tol, max_iter):
    ts = [list(theta)]
    ls = [e_step(theta, alpha, heads, flips)[1]]
    gain = float("inf")
    while gain >= tol and len(ts) <= max_iter:
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        ts.append(list(theta))
        ls.append(e_step(theta, alpha, heads, flips)[1])
        gain = ls[-1] - ls[-2]
    return ts, ls


# %% wrong: log-likelihood before the M-step, the last one twice
# says: notices too late that it is done
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls, previous = [theta], [], -np.inf
    for _ in range(max_iter):
        ll = e_step(theta, alpha, heads, flips)[1]
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(ll)
        if ll - previous < tol:
            break
        previous = ll
    lls.append(lls[-1])
    return np.array(thetas), np.array(lls)


# %% wrong: stops on Q as the published programs do
# says: stops when Q changes little
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls, previous = [theta], [e_step(theta, alpha, heads, flips)[1]], np.inf
    for _ in range(max_iter):
        r = e_step(theta, alpha, heads, flips)[0]
        log_p = np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
        Q = np.sum(r * log_p)
        theta = m_step(r, heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if abs(Q - previous) < tol:
            break
        previous = Q
    return np.array(thetas), np.array(lls)


# %% wrong: zeros at the end
# says: end in zeros that were never filled
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas = np.zeros((max_iter + 1, len(theta)))
    lls = np.zeros(max_iter + 1)
    thetas[0], lls[0] = theta, e_step(theta, alpha, heads, flips)[1]
    for t in range(1, max_iter + 1):
        thetas[t] = m_step(e_step(thetas[t - 1], alpha, heads, flips)[0], heads, flips)
        lls[t] = e_step(thetas[t], alpha, heads, flips)[1]
        if lls[t] - lls[t - 1] < tol:
            break
    return thetas, lls


# %% wrong: other order
# says: in another order: return `thetas, log_likelihoods`
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    for _ in range(max_iter):
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(lls), np.array(thetas)


# %% wrong: equal weights
# says: every coin were picked equally often
def em(theta, alpha, heads, flips, tol, max_iter):
    half = np.full(len(theta), 1 / len(theta))
    thetas, lls = [theta], [e_step(theta, half, heads, flips)[1]]
    for _ in range(max_iter):
        theta = m_step(e_step(theta, half, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, half, heads, flips)[1])
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: max_iter ignored
# says: `max_iter` is not heeded
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    while True:
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: relative gain
# says: the gain was divided by the log-likelihood
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    for _ in range(max_iter):
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if (lls[-1] - lls[-2]) / abs(lls[-2]) < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: the log-likelihood that came with the responsibilities
# says: the log-likelihood of the one before it
def em(theta, alpha, heads, flips, tol, max_iter):
    r, ll = e_step(theta, alpha, heads, flips)
    thetas, lls = [theta], [ll]
    for _ in range(max_iter):
        r, ll = e_step(theta, alpha, heads, flips)
        theta = m_step(r, heads, flips)
        thetas.append(theta)
        lls.append(ll)
        if len(lls) > 2 and lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: a fixed tolerance
# says: the gain was compared with a fixed number
def em(theta, alpha, heads, flips, tol, max_iter):
    r, ll = e_step(theta, alpha, heads, flips)
    thetas, lls = [theta], [ll]
    for _ in range(max_iter):
        theta = m_step(r, heads, flips)
        r, ll = e_step(theta, alpha, heads, flips)
        thetas.append(theta)
        lls.append(ll)
        if lls[-1] - lls[-2] < 0.01:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: only the last theta, and a loop that stops before it is kept
# says: should be an array of shape (T + 1, k)
def em(theta, alpha, heads, flips, tol, max_iter):
    lls = []
    for _ in range(max_iter + 1):
        r, ll = e_step(theta, alpha, heads, flips)
        lls.append(ll)
        if len(lls) > 1 and lls[-1] - lls[-2] < tol:
            break
        theta = m_step(r, heads, flips)
    return theta, np.array(lls)


# %% wrong: stops when the responsibilities stand still
# says: stops when the responsibilities change little
def em(theta, alpha, heads, flips, tol, max_iter):
    r, ll = e_step(theta, alpha, heads, flips)
    thetas, lls = [theta], [ll]
    for _ in range(max_iter):
        theta = m_step(r, heads, flips)
        old = r
        r, ll = e_step(theta, alpha, heads, flips)
        thetas.append(theta)
        lls.append(ll)
        if np.abs(r - old).max() < tol:
            break
    return np.array(thetas), np.array(lls)


# %% right: absolute value of the gain, which is never negative
def em(theta, alpha, heads, flips, tol, max_iter):
    r, value = e_step(theta, alpha, heads, flips)
    thetas, values = [theta], [value]
    for _ in range(max_iter):
        theta = m_step(r, heads, flips)
        r, value = e_step(theta, alpha, heads, flips)
        thetas.append(theta)
        values.append(value)
        if abs(values[-1] - values[-2]) < tol:
            break
    return np.array(thetas), np.array(values)


# %% wrong: the gain measured from the start
# says: the gain was measured from the start
def em(theta, alpha, heads, flips, tol, max_iter):
    r, old = e_step(theta, alpha, heads, flips)
    thetas, lls = [theta], [old]
    for _ in range(max_iter):
        theta = m_step(r, heads, flips)
        r, ll = e_step(theta, alpha, heads, flips)
        thetas.append(theta)
        lls.append(ll)
        if ll - old < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: mean gain of a row
# says: the gain was divided by the number of rows
def em(theta, alpha, heads, flips, tol, max_iter):
    r, ll = e_step(theta, alpha, heads, flips)
    thetas, lls = [theta], [ll]
    for _ in range(max_iter):
        theta = m_step(r, heads, flips)
        r, ll = e_step(theta, alpha, heads, flips)
        thetas.append(theta)
        lls.append(ll)
        if (lls[-1] - lls[-2]) / len(heads) < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: the gain taken the wrong way round
# says: the loop always ends after its first iteration
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], [e_step(theta, alpha, heads, flips)[1]]
    for _ in range(max_iter):
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        if lls[-2] - lls[-1] < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: the last one cut off
# says: the last iteration was lost: the one that gains less than `tol`
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas = np.zeros((max_iter + 1, len(theta)))
    lls = np.zeros(max_iter + 1)
    thetas[0], lls[0] = theta, e_step(theta, alpha, heads, flips)[1]
    for t in range(1, max_iter + 1):
        thetas[t] = m_step(e_step(thetas[t - 1], alpha, heads, flips)[0], heads, flips)
        lls[t] = e_step(thetas[t], alpha, heads, flips)[1]
        if lls[t] - lls[t - 1] < tol:
            break
    return thetas[:t], lls[:t]


# %% wrong: no log-likelihood after the last M-step
# says: the last log-likelihood is missing where `max_iter` ends the loop
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls = [theta], []
    for _ in range(max_iter):
        r, ll = e_step(theta, alpha, heads, flips)
        lls.append(ll)
        if len(lls) > 1 and lls[-1] - lls[-2] < tol:
            break
        theta = m_step(r, heads, flips)
        thetas.append(theta)
    return np.array(thetas), np.array(lls)


# %% wrong: the gain looked at before the iteration
# says: the loop makes one more iteration after a gain below `tol`
def em(theta, alpha, heads, flips, tol, max_iter):
    thetas, lls, gain = [theta], [e_step(theta, alpha, heads, flips)[1]], np.inf
    for _ in range(max_iter):
        done = gain < tol
        theta = m_step(e_step(theta, alpha, heads, flips)[0], heads, flips)
        thetas.append(theta)
        lls.append(e_step(theta, alpha, heads, flips)[1])
        gain = lls[-1] - lls[-2]
        if done:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: a step more after the loop
# says: one more iteration after it should have stopped
def em(theta, alpha, heads, flips, tol, max_iter):
    r, ll = e_step(theta, alpha, heads, flips)
    thetas, lls = [theta], [ll]
    for _ in range(max_iter):
        theta = m_step(r, heads, flips)
        r, ll = e_step(theta, alpha, heads, flips)
        thetas.append(theta)
        lls.append(ll)
        if lls[-1] - lls[-2] < tol:
            break
    theta = m_step(r, heads, flips)
    thetas.append(theta)
    lls.append(e_step(theta, alpha, heads, flips)[1])
    return np.array(thetas), np.array(lls)


# %% wrong: the numbers of the text
# says: a tolerance and a number of iterations of its own
def em(theta, alpha, heads, flips, tol, max_iter):
    tol, max_iter = 1e-6, 100
    r, ll = e_step(theta, alpha, heads, flips)
    thetas, lls = [theta], [ll]
    for _ in range(max_iter):
        theta = m_step(r, heads, flips)
        r, ll = e_step(theta, alpha, heads, flips)
        thetas.append(theta)
        lls.append(ll)
        if lls[-1] - lls[-2] < tol:
            break
    return np.array(thetas), np.array(lls)


# %% wrong: the end of the way alone
# says: you returned the last parameters alone
def em(theta, alpha, heads, flips, tol, max_iter):
    r, old = e_step(theta, alpha, heads, flips)
    for _ in range(max_iter):
        theta = m_step(r, heads, flips)
        r, ll = e_step(theta, alpha, heads, flips)
        if ll - old < tol:
            break
        old = ll
    return theta, ll
