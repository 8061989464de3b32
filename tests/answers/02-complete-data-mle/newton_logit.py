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


# %% right: preallocated, tails, tanh
def newton_logit(heads, flips, eta, tol, max_iter):
    out = np.full(max_iter + 1, np.nan)
    H, T = heads.sum(), (flips - heads).sum()
    out[0] = 0.5 * (1 + np.tanh(eta / 2))
    for t in range(1, max_iter + 1):
        p = out[t - 1]
        step = H / ((H + T) * p) / (1 - p) - 1 / (1 - p)
        eta = eta + step
        out[t] = 0.5 * (1 + np.tanh(eta / 2))
        if -tol < step < tol:
            return out[: t + 1]
    return out


# %% right: while with counter and numpy append
def newton_logit(heads, flips, eta, tol, max_iter):
    thetas = np.array([1 / (1 + np.exp(-eta))])
    jump, t = np.inf, 0
    while t < max_iter and abs(jump) >= tol:
        p = thetas[-1]
        jump = (np.mean(heads) - np.mean(flips) * p) / (np.mean(flips) * p * (1 - p))
        eta += jump
        thetas = np.append(thetas, 1 / (1 + np.exp(-eta)))
        t += 1
    return thetas


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


# %% wrong: stops without abs
# says: a step to the left counted as small
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        th = thetas[-1]
        jump = (H - F * th) / (F * th * (1 - th))
        eta += jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if jump < tol:
            break
    return np.array(thetas)


# %% wrong: last jump left out
# says: step that is smaller than `tol` is missing
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        th = thetas[-1]
        jump = (H - F * th) / (F * th * (1 - th))
        if abs(jump) < tol:
            break
        eta += jump
        thetas.append(1 / (1 + np.exp(-eta)))
    return np.array(thetas)


# %% wrong: max_iter minus one jumps
# says: one step less than `max_iter` allows
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(1, max_iter):
        th = thetas[-1]
        jump = (H - F * th) / (F * th * (1 - th))
        eta += jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: ignores max_iter
# says: Where does `max_iter` enter?
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    while True:
        th = thetas[-1]
        jump = (H - F * th) / (F * th * (1 - th))
        eta += jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            return np.array(thetas)


# %% wrong: eta taken for theta
# says: were taken for theta itself
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [eta]
    for _ in range(max_iter):
        th = thetas[-1]
        jump = (H - F * th) / (F * th * (1 - th))
        thetas.append(th + jump)
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: curvature at the start kept
# says: used the curvature at the start
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    c = F * thetas[0] * (1 - thetas[0])
    for _ in range(max_iter):
        jump = (H - F * thetas[-1]) / c
        eta += jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: derivatives of the theta scale used in eta
# says: computed with the derivatives by theta
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        t = thetas[-1]
        jump = (H / t - (F - H) / (1 - t)) / (H / t**2 + (F - H) / (1 - t) ** 2)
        eta += jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: closed form at once
# says: went straight to the end
def newton_logit(heads, flips, eta, tol, max_iter):
    return np.array([1 / (1 + np.exp(-eta)), heads.sum() / flips.sum()])


# %% wrong: starts at zero whatever eta
# says: always started at eta = 0
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    eta = 0.0
    thetas = [0.5]
    for _ in range(max_iter):
        th = thetas[-1]
        jump = (H - F * th) / (F * th * (1 - th))
        eta += jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: only the first row
# says: only the first row counted
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads[0], flips[0]
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        th = thetas[-1]
        jump = (H - F * th) / (F * th * (1 - th))
        eta += jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: stops when the jump is larger
# says: a step was *larger* than
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        th = thetas[-1]
        jump = (H - F * th) / (F * th * (1 - th))
        eta += jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) > tol:
            break
    return np.array(thetas)


# %% wrong: theta not updated in the loop
# says: every step were that of the start
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    th = 1 / (1 + np.exp(-eta))
    thetas = [th]
    for _ in range(max_iter):
        jump = (H - F * th) / (F * th * (1 - th))
        eta += jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)


# %% wrong: division order
# says: Brackets are missing
def newton_logit(heads, flips, eta, tol, max_iter):
    H, F = heads.sum(), flips.sum()
    thetas = [1 / (1 + np.exp(-eta))]
    for _ in range(max_iter):
        th = thetas[-1]
        jump = (H - F * th) / F * th * (1 - th)
        eta += jump
        thetas.append(1 / (1 + np.exp(-eta)))
        if abs(jump) < tol:
            break
    return np.array(thetas)
