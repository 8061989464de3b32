# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import gammaln, logsumexp, softmax
from scipy.stats import binom


# %% right: vectorised
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% right: loops, returned as lists
def e_step(theta, alpha, heads, flips):
    rows, total = [], 0
    for h, n in zip(heads, flips):
        logs = []
        for p, a in zip(theta, alpha):
            logs.append(math.log(a) + h * math.log(p) + (n - h) * math.log(1 - p))
        top = max(logs)
        weights = [math.exp(value - top) for value in logs]
        rows.append([w / sum(weights) for w in weights])
        total += top + math.log(sum(weights))
    return [rows, total]


# %% right: einsum in single precision
def e_step(theta, alpha, heads, flips):
    counts = np.stack([heads, flips - heads]).astype("float32")
    logs = np.log(np.stack([theta, 1 - theta])).astype("float32")
    log_joint = np.einsum("ci,cj->ij", counts, logs) + np.log(alpha).astype("float32")
    largest = log_joint.max(axis=1, keepdims=True)
    joint = np.exp(log_joint - largest)
    row = np.einsum("ij->i", joint)
    return joint / row[:, None], (largest[:, 0] + np.log(row)).sum()


# %% right: columns, then transposed; warns about log(0) on the way
def e_step(theta, alpha, heads, flips):
    np.log(np.zeros(1))
    columns = []
    for j in range(len(theta)):
        columns.append(
            np.log(alpha[j]) + heads * np.log(theta[j]) + (flips - heads) * np.log1p(-theta[j])
        )
    log_joint = np.array(columns).T
    row = logsumexp(log_joint, axis=1)
    return np.exp(log_joint - row[:, None]), np.asarray(row.sum())


# %% right: odds against every other coin
def e_step(theta, alpha, heads, flips):
    eta = np.log(theta) - np.log1p(-theta)
    a = np.log(alpha) + heads[:, None] * eta + flips[:, None] * np.log1p(-theta)
    with np.errstate(over="ignore"):
        r = 1 / np.exp(a[:, None, :] - a[:, :, None]).sum(axis=2)
    first = a.argmax(axis=1)
    i = np.arange(len(heads))
    return r, (a[i, first] - np.log(r[i, first])).sum()


# %% right: scipy's binomial without its coefficients
def e_step(theta, alpha, heads, flips):
    lp = np.log(alpha) + binom.logpmf(heads[:, None], flips[:, None], theta[None, :])
    lc = gammaln(flips + 1) - gammaln(heads + 1) - gammaln(flips - heads + 1)
    return softmax(lp, axis=1), logsumexp(lp, axis=1).sum() - lc.sum()


# %% wrong: normalised over the wrong axis
# says: normalised over the rows (down each column)
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=0), logsumexp(log_joint, axis=1).sum()


# %% wrong: normalised over everything
# says: divided by one sum over all rows and coins
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return np.exp(log_joint - logsumexp(log_joint)), logsumexp(log_joint, axis=1).sum()


# %% wrong: hard assignment
# says: hard assignment
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return np.eye(len(theta))[log_joint.argmax(axis=1)], logsumexp(log_joint, axis=1).sum()


# %% wrong: the number of the coin
# says: returned the number of the most probable coin
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return log_joint.argmax(axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: logarithms returned
# says: returned logarithms of probabilities. Responsibilities
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return log_joint - logsumexp(log_joint, axis=1, keepdims=True), logsumexp(
        log_joint, axis=1
    ).sum()


# %% wrong: logarithms returned, not normalised
# says: logarithms of probabilities, not normalised
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return log_joint, logsumexp(log_joint, axis=1).sum()


# %% wrong: logarithms divided by their sum
# says: logarithms were divided by their sum
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return log_joint / log_joint.sum(axis=1, keepdims=True), logsumexp(log_joint, axis=1).sum()


# %% wrong: joint probabilities
# says: returned the joint probability of row and coin
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return np.exp(log_joint), logsumexp(log_joint, axis=1).sum()


# %% wrong: transposed
# says: rows and columns were exchanged
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1).T, logsumexp(log_joint, axis=1).sum()


# %% wrong: rounded
# says: rounded to 2 decimals
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1).round(2), logsumexp(log_joint, axis=1).sum()


# %% wrong: sum of logs
# says: each coin's term got its own logarithm
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), log_joint.sum()


# %% wrong: only the likeliest coin
# says: only the most probable coin of each row was counted in
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), log_joint.max(axis=1).sum()


# %% wrong: Q for the log-likelihood
# says: needs no responsibilities
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), (softmax(log_joint, axis=1) * log_joint).sum()


# %% wrong: summed over the rows inside
# says: rows were added inside the logarithm
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=0).sum()


# %% wrong: one logarithm of everything
# says: a sum over everything
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), logsumexp(log_joint)


# %% wrong: mean over the rows
# says: the mean over the rows was taken
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).mean()


# %% wrong: negative
# says: the negative log-likelihood
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), -logsumexp(log_joint, axis=1).sum()


# %% wrong: likelihood
# says: a probability. Its logarithm is asked for
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), np.exp(logsumexp(log_joint, axis=1).sum())


# %% wrong: probabilities of rows added
# says: the probabilities of the rows were added
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), np.exp(logsumexp(log_joint, axis=1)).sum()


# %% wrong: one number per row
# says: should be a single number
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1)


# %% wrong: missing
# says: `None` stands in the place of `log_likelihood`
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), None


# %% wrong: bits
# says: seems to be to base 2
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum() / np.log(2)


# %% wrong: binomial coefficients
# says: binomial coefficients were added
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + binom.logpmf(heads[:, None], flips[:, None], theta)
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: logarithms averaged
# says: average the probabilities, then take the logarithm
def e_step(theta, alpha, heads, flips):
    log_series = np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    return softmax(np.log(alpha) + log_series, axis=1), (alpha * log_series).sum()


# %% wrong: mixing weights forgotten
# says: mixing weights `alpha` were left out
def e_step(theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = np.outer(heads, np.log(theta)) + np.outer(tails, np.log(1 - theta))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: equal weights
# says: every coin were picked equally often
def e_step(theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = (
        -np.log(len(theta)) + np.outer(heads, np.log(theta)) + np.outer(tails, np.log(1 - theta))
    )
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: the weight one half, as in the text
# says: every coin had the weight 1/2
def e_step(theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = np.log(0.5) + np.outer(heads, np.log(theta)) + np.outer(tails, np.log(1 - theta))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: alpha where its logarithm belongs
# says: `alpha` itself was added to a logarithm
def e_step(theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = alpha + np.outer(heads, np.log(theta)) + np.outer(tails, np.log(1 - theta))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: logarithms multiplied by alpha
# says: a logarithm was multiplied by `alpha`
def e_step(theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = alpha * (np.outer(heads, np.log(theta)) + np.outer(tails, np.log(1 - theta)))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: alpha twice
# says: `alpha` was counted twice
def e_step(theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = (
        2 * np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(tails, np.log(1 - theta))
    )
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: heads and tails swapped
# says: heads and tails were exchanged
def e_step(theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = np.log(alpha) + np.outer(tails, np.log(theta)) + np.outer(heads, np.log(1 - theta))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: tails left out
# says: only the heads were counted
def e_step(theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta)) + 0 * tails[:, None]
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: tails raised to the number of flips
# says: once for each flip
def e_step(theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = (
        np.log(alpha)
        + np.outer(heads, np.log(theta))
        + np.outer(flips, np.log(1 - theta))
        + 0 * tails[:, None]
    )
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: sign of the tails
# says: the logarithms of the tails were subtracted
def e_step(theta, alpha, heads, flips):
    tails = flips - heads
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta)) - np.outer(tails, np.log(1 - theta))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: the first row's flips for all rows
# says: every row had the same number of flips
def e_step(theta, alpha, heads, flips):
    h, n = heads[:, None], flips[0]
    log_joint = np.log(alpha) + h * np.log(theta) + (n - h) * np.log(1 - theta)
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: ten flips, as in the text
# says: every row had ten flips
def e_step(theta, alpha, heads, flips):
    h = heads[:, None]
    log_joint = np.log(alpha) + h * np.log(theta) + (10 - h) * np.log(1 - theta)
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: proportions of heads
# says: each row counted as a single flip
def e_step(theta, alpha, heads, flips):
    share = heads / flips
    log_p = np.outer(share, np.log(theta)) + np.outer(1 - share, np.log(1 - theta))
    log_joint = np.log(alpha) + log_p
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: alpha once for each flip
# says: `alpha` was counted once for each flip
def e_step(theta, alpha, heads, flips):
    log_joint = np.outer(heads, np.log(alpha * theta))
    log_joint += np.outer(flips - heads, np.log(alpha * (1 - theta)))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: weights after normalising
# says: `alpha` was multiplied in after normalising
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    log_p = log_joint - np.log(alpha)
    return alpha * softmax(log_p, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: exponentiated before normalising
# says: underflows to 0
def e_step(theta, alpha, heads, flips):
    h, t = heads[:, None], (flips - heads)[:, None]
    joint = alpha * theta**h * (1 - theta) ** t
    row = joint.sum(axis=1, keepdims=True)
    return joint / row, np.log(row).sum()


# %% wrong: exponentiated before normalising, in plain Python
# says: underflows to 0
def e_step(theta, alpha, heads, flips):
    result, total = np.zeros((len(heads), len(theta))), 0
    for i in range(len(heads)):
        joint = []
        for j in range(len(theta)):
            p = float(theta[j])
            joint.append(float(alpha[j]) * p ** int(heads[i]) * (1 - p) ** int(flips[i] - heads[i]))
        for j in range(len(theta)):
            result[i, j] = joint[j] / sum(joint)
        total += math.log(sum(joint))
    return result, total


# %% wrong: one maximum for the whole table
# says: one number was subtracted from the whole table
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    joint = np.exp(log_joint - log_joint.max())
    row = joint.sum(axis=1, keepdims=True)
    return joint / row, (np.log(row) + log_joint.max()).sum()


# %% wrong: underflow patched with a tiny number
# says: whatever was put in its place
def e_step(theta, alpha, heads, flips):
    joint = alpha * theta ** heads[:, None] * (1 - theta) ** (flips - heads)[:, None] + 1e-300
    row = joint.sum(axis=1, keepdims=True)
    return joint / row, np.log(row).sum()


# %% wrong: two coins only
# says: only two coins were counted
def e_step(theta, alpha, heads, flips):
    a = np.log(alpha[0]) + heads * np.log(theta[0]) + (flips - heads) * np.log(1 - theta[0])
    b = np.log(alpha[1]) + heads * np.log(theta[1]) + (flips - heads) * np.log(1 - theta[1])
    share = 1 / (1 + np.exp(b - a))
    return np.column_stack([share, 1 - share]), np.logaddexp(a, b).sum()


# %% wrong: the other order
# says: another order
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return logsumexp(log_joint, axis=1).sum(), softmax(log_joint, axis=1)


# %% wrong: responsibilities alone
# says: It should return 2 values
def e_step(theta, alpha, heads, flips):
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta))
    log_joint += np.outer(flips - heads, np.log(1 - theta))
    return softmax(log_joint, axis=1)


# %% wrong: arguments changed in place
# says: changes its argument `flips` in place
def e_step(theta, alpha, heads, flips):
    flips -= heads
    log_joint = np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(flips, np.log(1 - theta))
    return softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()


# %% wrong: an index out of range
# says: IndexError
def e_step(theta, alpha, heads, flips):
    result = np.zeros((len(heads), len(theta)))
    for i in range(len(heads)):
        for j in range(len(theta) + 1):
            result[i, j] = alpha[j] * theta[j] ** heads[i] * (1 - theta[j]) ** (flips[i] - heads[i])
    return result, np.log(result.sum(axis=1)).sum()


# %% wrong: an endless loop
# says: a loop that never ends
def e_step(theta, alpha, heads, flips):
    i = 0
    while i < len(heads):
        joint = alpha * theta ** heads[i] * (1 - theta) ** (flips[i] - heads[i])
        joint /= joint.sum()
    return joint, 0


# %% wrong: the example's numbers
# says: the same numbers whatever its arguments are
def e_step(theta, alpha, heads, flips):
    return np.array([[1 / 2, 1 / 8, 3 / 8], [8 / 18, 9 / 18, 1 / 18]]), -1.8


# %% wrong: the largest logarithm not added back
# says: not added again after
def e_step(theta, alpha, heads, flips):
    tails = flips - heads
    logs = np.log(alpha) + np.outer(heads, np.log(theta)) + np.outer(tails, np.log(1 - theta))
    p = np.exp(logs - logs.max(axis=1, keepdims=True))
    total = p.sum(axis=1, keepdims=True)
    return p / total, np.log(total).sum()


# %% wrong: shares from the probabilities of the counts, which underflow far from every coin
# says: it underflows to 0
def e_step(theta, alpha, heads, flips):
    p = alpha * binom.pmf(heads[:, None], flips[:, None], theta)
    r = p / p.sum(axis=1, keepdims=True)
    logs = heads[:, None] * np.log(theta) + (flips - heads)[:, None] * np.log(1 - theta)
    return r, logsumexp(np.log(alpha) + logs, axis=1).sum()


# %% wrong: rare coins made less rare
# says: `responsibilities[5, 0]` is 0.999667 but should be smaller
def e_step(theta, alpha, heads, flips):
    logs = heads[:, None] * np.log(theta) + (flips - heads)[:, None] * np.log(1 - theta)
    logs = logs + np.log(np.maximum(alpha, 1e-6))
    return softmax(logs, axis=1), logsumexp(logs, axis=1).sum()
