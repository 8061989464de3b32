# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np


# %% right: two lines
def linkage_step(theta, counts):
    hidden = counts[0] * (theta / 4) / (1 / 2 + theta / 4)
    return hidden, (hidden + counts[3]) / (hidden + counts[1] + counts[2] + counts[3])


# %% right: by the softmax of 03a
def linkage_step(theta, counts):
    log_s = np.log([1 / 2, theta / 4])
    q = np.exp(log_s - np.logaddexp.reduce(log_s))
    hidden = q[1] * counts[0]
    return np.array([hidden, 1 - (counts[1] + counts[2]) / (hidden + sum(counts[1:]))])


# %% right: single precision, by 2 + theta
def linkage_step(theta, counts):
    theta, counts = np.float32(theta), np.float32(counts)
    hidden = counts[0] * theta / (2 + theta)
    return hidden, (hidden + counts[3]) / (hidden + counts[1:].sum())


# %% wrong: the other part
# says: the part with probability 1/2
def linkage_step(theta, counts):
    hidden = counts[0] * 2 / (2 + theta)
    return hidden, (hidden + counts[3]) / (hidden + counts[1:].sum())


# %% wrong: not normalised
# says: Divide by the whole probability of that cell
def linkage_step(theta, counts):
    hidden = counts[0] * theta / 4
    return hidden, (hidden + counts[3]) / (hidden + counts[1:].sum())


# %% wrong: odds
# says: Divide it by the sum of both
def linkage_step(theta, counts):
    hidden = counts[0] * (theta / 4) / (1 / 2)
    return hidden, (hidden + counts[3]) / (hidden + counts[1:].sum())


# %% wrong: theta as the share
# says: It is the posterior probability
def linkage_step(theta, counts):
    hidden = counts[0] * theta
    return hidden, (hidden + counts[3]) / (hidden + counts[1:].sum())


# %% wrong: no quarter
# says: the hidden part has probability
def linkage_step(theta, counts):
    hidden = counts[0] * theta / (theta + 0.5)
    return hidden, (hidden + counts[3]) / (hidden + counts[1:].sum())


# %% wrong: halved
# says: not equally likely
def linkage_step(theta, counts):
    hidden = counts[0] / 2
    return hidden, (hidden + counts[3]) / (hidden + counts[1:].sum())


# %% wrong: all to the larger part
# says: each part gets its expected number
def linkage_step(theta, counts):
    hidden = 0 if 1 / 2 > theta / 4 else counts[0]
    return hidden, (hidden + counts[3]) / (hidden + counts[1:].sum())


# %% wrong: rounded
# says: An expectation need not be whole
def linkage_step(theta, counts):
    hidden = round(counts[0] * theta / (2 + theta))
    return hidden, (hidden + counts[3]) / (hidden + counts[1:].sum())


# %% wrong: divided by all animals
# says: divided by all animals
def linkage_step(theta, counts):
    hidden = counts[0] * theta / (2 + theta)
    return hidden, (hidden + counts[3]) / counts.sum()


# %% wrong: the whole first cell
# says: the whole first cell was counted
def linkage_step(theta, counts):
    hidden = counts[0] * theta / (2 + theta)
    return hidden, (counts[0] + counts[3]) / counts.sum()


# %% wrong: the fourth cell forgotten
# says: the fourth cell was forgotten
def linkage_step(theta, counts):
    hidden = counts[0] * theta / (2 + theta)
    return hidden, hidden / (hidden + counts[1] + counts[2])


# %% wrong: the fourth cell above the line only
# says: missing below the line
def linkage_step(theta, counts):
    hidden = counts[0] * theta / (2 + theta)
    return hidden, (hidden + counts[3]) / (hidden + counts[1] + counts[2])


# %% wrong: odds in the M-step
# says: divided by those against it
def linkage_step(theta, counts):
    hidden = counts[0] * theta / (2 + theta)
    return hidden, (hidden + counts[3]) / (counts[1] + counts[2])


# %% wrong: against theta
# says: *against*
def linkage_step(theta, counts):
    hidden = counts[0] * theta / (2 + theta)
    return hidden, (counts[1] + counts[2]) / (hidden + counts[1:].sum())


# %% wrong: hidden part not used
# says: left out the hidden part
def linkage_step(theta, counts):
    hidden = counts[0] * theta / (2 + theta)
    return hidden, counts[3] / counts[1:].sum()


# %% wrong: theta returned
# says: That is the old
def linkage_step(theta, counts):
    return counts[0] * theta / (2 + theta), theta


# %% wrong: theta kept away from 0
# says: `theta` were kept away from 0
def linkage_step(theta, counts):
    theta = max(theta, 0.01)
    hidden = counts[0] * theta / (2 + theta)
    return hidden, (hidden + counts[3]) / (hidden + counts[1] + counts[2] + counts[3])
