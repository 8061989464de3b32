# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import logsumexp


# %% right: logaddexp.reduce, row by row
def forward(log_pi, log_A, log_b):
    log_a = np.empty_like(log_b)
    log_a[0] = log_pi + log_b[0]
    for i in range(1, len(log_b)):
        log_a[i] = np.logaddexp.reduce(log_a[i - 1][:, None] + log_A, axis=0) + log_b[i]
    return log_a, np.logaddexp.reduce(log_a[-1])


# %% right: logsumexp of SciPy, lists
def forward(log_pi, log_A, log_b):
    rows = [log_pi + log_b[0]]
    for b in log_b[1:]:
        rows.append([logsumexp(rows[-1] + log_A[:, j]) + b[j] for j in range(len(b))])
    return np.array(rows), logsumexp(rows[-1])


# %% right: largest term taken out by hand, loops
def forward(log_pi, log_A, log_b):
    def total(logs):
        top = max(logs)
        if top == -math.inf:  # nothing leads here
            return top
        return top + math.log(sum(math.exp(one - top) for one in logs))

    n, k = log_b.shape
    a = [[log_pi[j] + log_b[0][j] for j in range(k)]]
    for i in range(1, n):
        a.append(
            [total([a[-1][j] + log_A[j][m] for j in range(k)]) + log_b[i][m] for m in range(k)]
        )
    return a, total(a[-1])


# %% wrong: plain probabilities
# says: underflows to 0
def forward(log_pi, log_A, log_b):
    a = [np.exp(log_pi + log_b[0])]
    for b in log_b[1:]:
        a.append(a[-1] @ np.exp(log_A) * np.exp(b))
    return np.log(a), np.log(a[-1].sum())


# %% wrong: start forgotten
# says: `log_pi` was left out
def forward(log_pi, log_A, log_b):
    log_a = [log_b[0]]
    for b in log_b[1:]:
        log_a.append(np.logaddexp.reduce(log_a[-1][:, None] + log_A, axis=0) + b)
    return np.array(log_a), np.logaddexp.reduce(log_a[-1])


# %% wrong: transitions read backward
# says: the sum runs over its first axis
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    for b in log_b[1:]:
        log_a.append(np.logaddexp.reduce(log_a[-1] + log_A, axis=1) + b)
    return np.array(log_a), np.logaddexp.reduce(log_a[-1])


# %% wrong: maximum for the sum
# says: only the most probable way to each state was counted
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    for b in log_b[1:]:
        log_a.append(np.max(log_a[-1][:, None] + log_A, axis=0) + b)
    return np.array(log_a), np.logaddexp.reduce(log_a[-1])


# %% wrong: matrix product of logarithms
# says: logarithms were multiplied with each other
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    for b in log_b[1:]:
        log_a.append(log_a[-1] @ log_A + b)
    return np.array(log_a), np.logaddexp.reduce(log_a[-1])


# %% wrong: what is seen added to the state that is left
# says: depends on the state that is entered
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    for b in log_b[1:]:
        log_a.append(np.logaddexp.reduce((log_a[-1] + b)[:, None] + log_A, axis=0))
    return np.array(log_a), np.logaddexp.reduce(log_a[-1])


# %% wrong: normalised in each row
# says: the factors taken out belong back in
def forward(log_pi, log_A, log_b):
    row = log_pi + log_b[0]
    log_a = [row - logsumexp(row)]
    for b in log_b[1:]:
        row = logsumexp(log_a[-1][:, None] + log_A, axis=0) + b
        log_a.append(row - logsumexp(row))
    return np.array(log_a), logsumexp(log_a[-1])


# %% wrong: a mixture
# says: each row began anew
def forward(log_pi, log_A, log_b):
    log_a = log_pi + log_b
    return log_a, np.logaddexp.reduce(log_a[-1])


# %% wrong: all rows added for the log-likelihood
# says: The last row alone knows all the data
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    for b in log_b[1:]:
        log_a.append(np.logaddexp.reduce(log_a[-1][:, None] + log_A, axis=0) + b)
    return np.array(log_a), np.logaddexp.reduce(log_a, axis=1).sum()


# %% wrong: probabilities returned
# says: Their logarithms are asked for
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    for b in log_b[1:]:
        log_a.append(np.logaddexp.reduce(log_a[-1][:, None] + log_A, axis=0) + b)
    return np.exp(log_a), np.exp(np.logaddexp.reduce(log_a[-1]))


# %% wrong: probabilities, each row divided by its largest
# says: the probabilities of a row were scaled
def forward(log_pi, log_A, log_b):
    A = np.exp(log_A)
    rows = [log_pi + log_b[0]]
    for row in log_b[1:]:
        largest = rows[-1].max()
        p = np.exp(rows[-1] - largest)
        rows.append(np.log(p @ A) + largest + row)
    return np.array(rows), logsumexp(rows[-1])


# %% wrong: scaled probabilities, the scales kept
# says: the probabilities of a row were scaled
def forward(log_pi, log_A, log_b):
    A, out, height = np.exp(log_A), [], 0.0
    p = np.exp(log_pi)
    for i, b in enumerate(log_b):
        p = (p if i == 0 else p @ A) * np.exp(b - b.max())
        height += np.log(p.sum()) + b.max()
        p = p / p.sum()
        out.append(np.log(p) + height)
    return np.array(out), height


# %% wrong: nothing seen in the first row
# says: The first row of data counts too
def forward(log_pi, log_A, log_b):
    log_a = np.zeros(log_b.shape)
    log_a[0] = log_pi
    for i in range(1, len(log_b)):
        log_a[i] = np.logaddexp.reduce(log_a[i - 1][:, None] + log_A, axis=0) + log_b[i]
    return log_a, np.logaddexp.reduce(log_a[-1])


# %% wrong: a move before the first row
# says: the chain moved before the first row
def forward(log_pi, log_A, log_b):
    log_a, before = [], log_pi
    for b in log_b:
        before = np.logaddexp.reduce(before[:, None] + log_A, axis=0) + b
        log_a.append(before)
    return np.array(log_a), np.logaddexp.reduce(log_a[-1])


# %% wrong: sum of the logarithms of the ways
# says: logarithms of the ways were added
def forward(log_pi, log_A, log_b):
    n, k = log_b.shape
    log_a = np.zeros((n, k))
    log_a[0] = log_pi + log_b[0]
    for i in range(1, n):
        for m in range(k):
            log_a[i, m] = sum(log_a[i - 1, j] + log_A[j, m] for j in range(k)) + log_b[i, m]
    return log_a, logsumexp(log_a[-1])


# %% wrong: later rows show nothing
# says: `log_b` counts in the first row only
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    while len(log_a) < len(log_b):
        log_a.append(logsumexp(log_a[-1][:, None] + log_A, axis=0))
    return np.array(log_a), logsumexp(log_a[-1])


# %% wrong: what the row before shows
# says: row i used what row i - 1 shows
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    for i in range(1, len(log_b)):
        ways = (log_a[i - 1] + log_b[i - 1])[:, None] + log_A
        log_a.append(np.logaddexp.reduce(ways, axis=0))
    return np.array(log_a), np.logaddexp.reduce(log_a[-1])


# %% wrong: largest of the last row
# says: only the most probable last state was counted
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    for b in log_b[1:]:
        log_a.append(np.logaddexp.reduce(log_a[-1][:, None] + log_A, axis=0) + b)
    return np.array(log_a), max(log_a[-1])


# %% wrong: sum of the last row
# says: the logarithms of the last row were added
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    for b in log_b[1:]:
        log_a.append(np.logaddexp.reduce(log_a[-1][:, None] + log_A, axis=0) + b)
    return np.array(log_a), sum(log_a[-1])


# %% wrong: log-sum-exp of the whole table
# says: all entries of `log_a` were added
def forward(log_pi, log_A, log_b):
    log_a = np.empty_like(log_b)
    log_a[0] = log_pi + log_b[0]
    for i in range(1, len(log_b)):
        log_a[i] = logsumexp(log_a[i - 1][:, None] + log_A, axis=0) + log_b[i]
    return log_a, logsumexp(log_a)


# %% wrong: the last entry alone
# says: one state of the last row was taken
def forward(log_pi, log_A, log_b):
    log_a = np.empty_like(log_b)
    log_a[0] = log_pi + log_b[0]
    for i in range(1, len(log_b)):
        log_a[i] = np.logaddexp.reduce(log_a[i - 1][:, None] + log_A, axis=0) + log_b[i]
    return log_a, log_a[-1, -1]


# %% wrong: probabilities of the last row added plainly
# says: the probabilities of the last row of a long one underflow to 0
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    for b in log_b[1:]:
        log_a.append(np.logaddexp.reduce(log_a[-1][:, None] + log_A, axis=0) + b)
    return np.array(log_a), np.log(np.exp(log_a[-1]).sum())


# %% wrong: the first state of the last row alone
# says: one state of the last row was taken
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    for b in log_b[1:]:
        log_a.append(np.logaddexp.reduce(log_a[-1][:, None] + log_A, axis=0) + b)
    return np.array(log_a), log_a[-1][0]


# %% wrong: the table summed up
# says: all entries of `log_a` were added
def forward(log_pi, log_A, log_b):
    log_a = [log_pi + log_b[0]]
    for b in log_b[1:]:
        log_a.append(np.logaddexp.reduce(log_a[-1][:, None] + log_A, axis=0) + b)
    return np.array(log_a), np.sum(log_a)
