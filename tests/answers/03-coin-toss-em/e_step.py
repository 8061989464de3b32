# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import logsumexp, softmax


# %% right: vectorised
def e_step(theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(tails, np.log(1 - theta))
    return softmax(log_joint, axis=1)


# %% right: loops, returned as lists
def e_step(theta, alpha, heads, flips):
    rows = []
    for h, n in zip(heads, flips):
        logs = []
        for p, a in zip(theta, alpha):
            logs.append(math.log(a) + h * math.log(p) + (n - h) * math.log(1 - p))
        top = max(logs)
        weights = [math.exp(value - top) for value in logs]
        rows.append([w / sum(weights) for w in weights])
    return rows


# %% right: einsum in single precision
def e_step(theta, alpha, heads, flips):
    counts = np.stack([heads, flips - heads]).astype("float32")
    logs = np.log(np.stack([theta, 1 - theta])).astype("float32")
    log_joint = np.einsum("ci,cj->ij", counts, logs) + np.log(alpha).astype("float32")
    log_joint -= log_joint.max(axis=1, keepdims=True)
    joint = np.exp(log_joint)
    return joint / np.einsum("ij->i", joint)[:, None]


# %% right: columns, then transposed; warns about log(0) on the way
def e_step(theta, alpha, heads, flips):
    np.log(np.zeros(1))
    columns = []
    for j in range(len(theta)):
        columns.append(
            np.log(alpha[j]) + heads * np.log(theta[j]) + (flips - heads) * np.log1p(-theta[j])
        )
    log_joint = np.array(columns).T
    return np.exp(log_joint - logsumexp(log_joint, axis=1)[:, None])


# %% wrong: normalised over the wrong axis
# says: normalised over the rows (down each column)
def e_step(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    log_joint = np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)
    return np.exp(log_joint - logsumexp(log_joint, axis=0))


# %% wrong: normalised over everything
# says: divided by one sum over all rows and coins
def e_step(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    joint = np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)
    return np.exp(joint - logsumexp(joint))


# %% wrong: mixing weights forgotten
# says: mixing weights `alpha` were left out
def e_step(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    return softmax(h * np.log(theta) + t * np.log(1 - theta), axis=1)


# %% wrong: exponentiated before normalising
# says: underflows to 0
def e_step(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    joint = alpha * theta**h * (1 - theta) ** t
    return joint / joint.sum(axis=1, keepdims=True)


# %% wrong: exponentiated before normalising, in plain Python
# says: underflows to 0
def e_step(theta, alpha, heads, flips):
    result = np.zeros((len(heads), len(theta)))
    for i in range(len(heads)):
        joint = []
        for j in range(len(theta)):
            p = float(theta[j])
            joint.append(float(alpha[j]) * p ** int(heads[i]) * (1 - p) ** int(flips[i] - heads[i]))
        for j in range(len(theta)):
            result[i, j] = joint[j] / sum(joint)
    return result


# %% wrong: heads and tails swapped
# says: heads and tails were exchanged
def e_step(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    return softmax(np.log(alpha) + t * np.log(theta) + h * np.log(1 - theta), axis=1)


# %% wrong: tails left out
# says: only the heads were counted
def e_step(theta, alpha, heads, flips):
    return softmax(np.log(alpha) + heads[:, None] * np.log(theta), axis=1)


# %% wrong: the first row's flips for all rows
# says: every row had the same number of flips
def e_step(theta, alpha, heads, flips):
    n = flips[0]
    h = heads[:, None]
    return softmax(np.log(alpha) + h * np.log(theta) + (n - h) * np.log(1 - theta), axis=1)


# %% wrong: hard assignment
# says: hard assignment
def e_step(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    log_joint = np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)
    return np.eye(len(theta))[log_joint.argmax(axis=1)]


# %% wrong: transposed
# says: rows and columns were exchanged
def e_step(theta, alpha, heads, flips):
    log_joint = (
        np.log(alpha)[:, None]
        + np.outer(np.log(theta), heads)
        + np.outer(np.log(1 - theta), flips - heads)
    )
    return softmax(log_joint, axis=0)


# %% wrong: logarithms returned
# says: returned logarithms
def e_step(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    log_joint = np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)
    return log_joint - logsumexp(log_joint, axis=1, keepdims=True)


# %% wrong: logarithms divided by their sum
# says: logarithms were divided by their sum
def e_step(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    log_joint = np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta)
    return log_joint / log_joint.sum(axis=1, keepdims=True)


# %% wrong: rounded
# says: rounded to 2 decimals
def e_step(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    return softmax(np.log(alpha) + h * np.log(theta) + t * np.log(1 - theta), axis=1).round(2)


# %% wrong: the example's numbers
# says: the same numbers whatever its arguments are
def e_step(theta, alpha, heads, flips):
    return np.array([[1 / 2, 1 / 8, 3 / 8], [8 / 18, 9 / 18, 1 / 18]])


# %% wrong: arguments changed in place
# says: changes its argument `flips` in place
def e_step(theta, alpha, heads, flips):
    flips -= heads
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips, np.log(1 - theta))
    return softmax(log_joint, axis=1)


# %% wrong: an index out of range
# says: IndexError
def e_step(theta, alpha, heads, flips):
    result = np.zeros((len(heads), len(theta)))
    for i in range(len(heads)):
        for j in range(len(theta) + 1):
            result[i, j] = alpha[j] * theta[j] ** heads[i] * (1 - theta[j]) ** (flips[i] - heads[i])
    return result


# %% wrong: an endless loop
# says: a loop that never ends
def e_step(theta, alpha, heads, flips):
    i = 0
    while i < len(heads):
        joint = alpha * theta ** heads[i] * (1 - theta) ** (flips[i] - heads[i])
        joint /= joint.sum()
    return joint


# %% right: odds against every other coin
def e_step(theta, alpha, heads, flips):
    eta = np.log(theta) - np.log1p(-theta)
    a = np.log(alpha) + heads[:, None] * eta + flips[:, None] * np.log1p(-theta)
    with np.errstate(over="ignore"):
        return 1 / np.exp(a[:, None, :] - a[:, :, None]).sum(axis=2)


# %% wrong: underflow patched with a tiny number
# says: whatever was put in its place
def e_step(theta, alpha, heads, flips):
    joint = alpha * theta ** heads[:, None] * (1 - theta) ** (flips - heads)[:, None] + 1e-300
    return joint / joint.sum(axis=1, keepdims=True)


# %% wrong: alpha once for each flip
# says: `alpha` was counted once for each flip
def e_step(theta, alpha, heads, flips):
    log_p = np.outer(heads, np.log(alpha * theta)) + np.outer(
        flips - heads, np.log(alpha * (1 - theta))
    )
    return softmax(log_p, axis=1)


# %% wrong: alpha where its logarithm belongs
# says: `alpha` itself was added to a logarithm
def e_step(theta, alpha, heads, flips):
    log_joint = alpha + np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1)


# %% wrong: two coins only
# says: only two coins were counted
def e_step(theta, alpha, heads, flips):
    a = np.log(alpha[0]) + heads * np.log(theta[0]) + (flips - heads) * np.log(1 - theta[0])
    b = np.log(alpha[1]) + heads * np.log(theta[1]) + (flips - heads) * np.log(1 - theta[1])
    share = 1 / (1 + np.exp(b - a))
    return np.column_stack([share, 1 - share])


# %% wrong: weights after normalising
# says: `alpha` was multiplied in after normalising
def e_step(theta, alpha, heads, flips):
    log_p = np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    return alpha * softmax(log_p, axis=1)


# %% wrong: proportions of heads
# says: each row counted as a single flip
def e_step(theta, alpha, heads, flips):
    share = heads / flips
    log_p = np.outer(share, np.log(theta)) + np.outer(1 - share, np.log(1 - theta))
    return softmax(np.log(alpha) + log_p, axis=1)


# %% wrong: alpha twice
# says: `alpha` was counted twice
def e_step(theta, alpha, heads, flips):
    log_p = np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    r = alpha * softmax(np.log(alpha) + log_p, axis=1)
    return r / r.sum(axis=1, keepdims=True)
