# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np


# %% right: plain numbers, returned as a list
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = int(heads.sum()), int(flips.sum())
    thetas = [1 / (1 + math.exp(-eta))]
    while len(thetas) <= max_iter:
        slope = H - F * thetas[-1]
        second = -F * thetas[-1] * (1 - thetas[-1])
        new = eta - slope / second
        thetas.append(1 / (1 + math.exp(-new)))
        if abs(new - eta) < tol:
            break
        eta = new
    return thetas


# %% right: etas first, theta at the end
def newton_logit(heads, flips, eta, tol, max_iter):
    from scipy.special import expit

    ratio, etas = heads.sum() / flips.sum(), [eta]
    for _ in range(max_iter):
        theta = expit(etas[-1])
        etas.append(etas[-1] + (ratio / theta - 1) / (1 - theta))
        if abs(etas[-1] - etas[-2]) < tol:
            break
    return expit(etas)


# %% right: recursion, single precision
def newton_logit(heads, flips, eta, tol, max_iter):
    def go(eta, left):
        theta = 1 / (1 + np.exp(-eta))
        jump = (heads - flips * theta).sum() / (flips * theta * (1 - theta)).sum()
        if left == 0:
            return [theta]
        if abs(jump) < tol:
            left = 1
        return [theta, *go(np.float32(eta + jump), left - 1)]

    return np.array(go(np.float32(eta), max_iter))


# %% wrong: log-odds returned
# says: you returned log-odds
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F, etas = heads.sum(), flips.sum(), [eta]
    for _ in range(max_iter):
        theta = 1 / (1 + np.exp(-etas[-1]))
        etas.append(etas[-1] + (H - F * theta) / (F * theta * (1 - theta)))
        if abs(etas[-1] - etas[-2]) < tol:
            break
    return np.array(etas)


# %% wrong: sign of the step
# says: go the wrong way
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        theta = thetas[-1]
        jump = (H - F * theta) / (-F * theta * (1 - theta))
        eta = eta + jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: gradient ascent
# says: that is gradient ascent
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        jump = H - F * thetas[-1]
        eta = eta + jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: flips forgotten in the curvature
# says: missing in the second derivative
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        theta = thetas[-1]
        jump = (H - F * theta) / (theta * (1 - theta))
        eta = eta + jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: in theta
# says: the steps were taken in theta
def newton_logit(heads, flips, eta, tol, max_iter):
    H, T = heads.sum(), flips.sum() - heads.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        t = thetas[-1]
        t = t - (H / t - T / (1 - t)) / (-H / t**2 - T / (1 - t) ** 2)
        thetas.append(t)
        if abs(thetas[-1] - thetas[-2]) < tol:
            break
    return np.array(thetas)


# %% wrong: heads and tails swapped
# says: heads and tails were exchanged
def newton_logit(heads, flips, eta, tol, max_iter):
    tails, F = flips.sum() - heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        theta = thetas[-1]
        jump = (tails - F * theta) / (F * theta * (1 - theta))
        eta = eta + jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: closed form
# says: went straight to the end
def newton_logit(heads, flips, eta, tol, max_iter):
    return np.array([heads.sum() / flips.sum()])


# %% wrong: start left out
# says: The start is missing
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F, thetas = heads.sum(), flips.sum(), []
    for _ in range(max_iter):
        theta = 1 / (1 + np.exp(-eta))
        jump = (H - F * theta) / (F * theta * (1 - theta))
        eta = eta + jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: last value left out
# says: The last step is missing
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F, thetas = heads.sum(), flips.sum(), []
    for _ in range(max_iter):
        theta = 1 / (1 + np.exp(-eta))
        thetas.append(theta)
        jump = (H - F * theta) / (F * theta * (1 - theta))
        eta = eta + jump
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: only the last value
# says: returns only the last theta
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    for _ in range(max_iter):
        theta = 1 / (1 + np.exp(-eta))
        jump = (H - F * theta) / (F * theta * (1 - theta))
        eta = eta + jump
        if abs(jump) < tol:
            break
    return np.array([1 / (1 + np.exp(-eta))])


# %% wrong: no stopping rule
# says: Where does `tol` enter?
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        theta = thetas[-1]
        eta = eta + (H - F * theta) / (F * theta * (1 - theta))
        thetas.append(1 / (1 + np.exp(-eta)))
    return np.array(thetas)


# %% wrong: stopped on theta
# says: stopped when theta moved little
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        theta = thetas[-1]
        eta = eta + (H - F * theta) / (F * theta * (1 - theta))
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(thetas[-1] - thetas[-2]) < tol:
            break
    return np.array(thetas)


# %% wrong: stopped on the slope
# says: stopped when the slope was small
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    while len(thetas) <= max_iter:
        theta = thetas[-1]
        slope = H - F * theta
        if abs(slope) < tol:
            break
        eta = eta + slope / (F * theta * (1 - theta))
        thetas.append(1 / (1 + np.exp(-eta)))
    return np.array(thetas)


# %% wrong: the step of the iteration before
# says: one step more than it should
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas, jump = [1 / (1 + np.exp(-eta))], np.inf
    for _ in range(max_iter + 1):
        theta = thetas[-1]
        last, jump = jump, (H - F * theta) / (F * theta * (1 - theta))
        eta = eta + jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(last) < tol:
            break
    return np.array(thetas)


# %% wrong: endless
# says: Is there a loop that never ends?
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas, jump = [1 / (1 + np.exp(-eta))], 1
    while abs(jump) > tol:
        theta = thetas[-1]
        new = eta + (H - F * theta) / (F * theta * (1 - theta))
        thetas.append(1 / (1 + np.exp(-new)))
    return np.array(thetas)


# %% wrong: sigmoid of the wrong sign
# says: computed from -eta
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(eta))]
    for _ in range(max_iter):
        theta = thetas[-1]
        jump = (H - F * theta) / (F * theta * (1 - theta))
        eta = eta + jump
        thetas.append(1 / (1 + np.exp(eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)
