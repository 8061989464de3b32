# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np


def m_step(responsibilities, heads, flips):
    return responsibilities.T @ heads / (responsibilities.T @ flips)


# %% right: the coins' M-step, for each annotator and label
def confusion_tables(votes, responsibilities):
    _, m, c = votes.shape
    tables = np.empty((responsibilities.shape[1], m, c))
    for one in range(m):
        for f in range(c):
            heads, flips = votes[:, one, f], votes[:, one].sum(axis=1)
            tables[:, one, f] = m_step(responsibilities, heads, flips)
    return responsibilities.mean(axis=0), tables


# %% right: einsum
def confusion_tables(votes, responsibilities):
    seen = np.einsum("ij,imf->jmf", responsibilities, votes)
    return responsibilities.mean(0), seen / seen.sum(axis=2, keepdims=True)


# %% right: loops and lists
def confusion_tables(votes, responsibilities):
    n, m, c = votes.shape
    k = len(responsibilities[0])
    alpha, tables = [], []
    for j in range(k):
        alpha.append(sum(responsibilities[i][j] for i in range(n)) / n)
        table = []
        for a in range(m):
            counts = [
                sum(responsibilities[i][j] * votes[i][a][f] for i in range(n)) for f in range(c)
            ]
            table.append([count / sum(counts) for count in counts])
        tables.append(table)
    return alpha, tables


# %% right: single precision
def confusion_tables(votes, responsibilities):
    r = responsibilities.astype(np.float32)
    seen = np.tensordot(r, votes.astype(np.float32), axes=(0, 0))
    return r.mean(axis=0), seen / seen.sum(axis=-1)[..., None]


# %% wrong: expected votes
# says: Those are expected numbers of votes
def confusion_tables(votes, responsibilities):
    return responsibilities.mean(axis=0), np.einsum("ij,imf->jmf", responsibilities, votes)


# %% wrong: divided by patients
# says: divided by the expected number of patients
def confusion_tables(votes, responsibilities):
    seen = np.einsum("ij,imf->jmf", responsibilities, votes)
    return responsibilities.mean(axis=0), seen / responsibilities.sum(axis=0)[:, None, None]


# %% wrong: one flip for each patient
# says: divided by the expected number of patients
def confusion_tables(votes, responsibilities):
    _, m, c = votes.shape
    tables = np.empty((responsibilities.shape[1], m, c))
    for one in range(m):
        for f in range(c):
            tables[:, one, f] = (responsibilities.T @ votes[:, one, f]) / responsibilities.sum(
                axis=0
            )
    return responsibilities.mean(axis=0), tables


# %% wrong: normalised over classes
# says: sum to 1 over the classes
def confusion_tables(votes, responsibilities):
    seen = np.einsum("ij,imf->jmf", responsibilities, votes)
    return responsibilities.mean(axis=0), seen / seen.sum(axis=0)


# %% wrong: normalised over annotators
# says: sum to 1 over the annotators
def confusion_tables(votes, responsibilities):
    seen = np.einsum("ij,imf->jmf", responsibilities, votes)
    return responsibilities.mean(axis=0), seen / seen.sum(axis=1, keepdims=True)


# %% wrong: hard tables
# says: counted for the most probable class alone
def confusion_tables(votes, responsibilities):
    hard = np.eye(responsibilities.shape[1])[responsibilities.argmax(axis=1)]
    seen = np.einsum("ij,imf->jmf", hard, votes) + 1e-300
    return responsibilities.mean(axis=0), seen / seen.sum(axis=2, keepdims=True)


# %% wrong: one table for all annotators
# says: all annotators got the same table
def confusion_tables(votes, responsibilities):
    seen = np.einsum("ij,imf->jf", responsibilities, votes)
    one = seen / seen.sum(axis=1, keepdims=True)
    return responsibilities.mean(axis=0), np.repeat(one[:, None], votes.shape[1], axis=1)


# %% wrong: responsibilities forgotten
# says: counted fully for every class
def confusion_tables(votes, responsibilities):
    table = votes.sum(axis=0) / votes.sum(axis=(0, 2))[:, None]
    return responsibilities.mean(axis=0), np.stack([table] * responsibilities.shape[1])


# %% wrong: annotators first
# says: the first two axes are exchanged
def confusion_tables(votes, responsibilities):
    seen = np.einsum("ij,imf->mjf", responsibilities, votes)
    return responsibilities.mean(axis=0), seen / seen.sum(axis=2, keepdims=True)


# %% wrong: expected patients for alpha
# says: divide the expected numbers of patients by all
def confusion_tables(votes, responsibilities):
    seen = np.einsum("ij,imf->jmf", responsibilities, votes)
    return responsibilities.sum(axis=0), seen / seen.sum(axis=2, keepdims=True)


# %% wrong: mean over the classes
# says: Each class has a weight
def confusion_tables(votes, responsibilities):
    seen = np.einsum("ij,imf->jmf", responsibilities, votes)
    return responsibilities.mean(axis=1), seen / seen.sum(axis=2, keepdims=True)


# %% wrong: equal weights
# says: all classes got the same weight
def confusion_tables(votes, responsibilities):
    seen = np.einsum("ij,imf->jmf", responsibilities, votes)
    k = len(seen)
    return np.ones(k) / k, seen / seen.sum(axis=2, keepdims=True)


# %% wrong: hard weights
# says: The mean of the responsibilities is asked for
def confusion_tables(votes, responsibilities):
    seen = np.einsum("ij,imf->jmf", responsibilities, votes)
    best = responsibilities.argmax(axis=1)
    alpha = np.bincount(best, minlength=len(seen)) / len(best)
    return alpha, seen / seen.sum(axis=2, keepdims=True)


# %% wrong: the shares of each patient averaged
# says: two judgements are twice as much as one
def confusion_tables(votes, responsibilities):
    shares = votes / votes.sum(axis=2, keepdims=True)
    seen = np.einsum("ij,imf->jmf", responsibilities, shares)
    return responsibilities.mean(axis=0), seen / seen.sum(axis=2, keepdims=True)


# %% wrong: something small below the line, lest it be 0
# says: a small number was added to what something is divided by
def confusion_tables(votes, responsibilities):
    expected = np.tensordot(responsibilities.T, votes, axes=1)
    tables = expected / (expected.sum(axis=2, keepdims=True) + 1e-8)
    return responsibilities.mean(axis=0), tables


# %% wrong: the flips of all annotators
# says: the votes of all annotators stood below the fraction bar
def confusion_tables(votes, responsibilities):
    _, m, c = votes.shape
    tables = np.empty((responsibilities.shape[1], m, c))
    flips = votes.sum(axis=(1, 2))
    for one in range(m):
        for f in range(c):
            tables[:, one, f] = m_step(responsibilities, votes[:, one, f], flips)
    return responsibilities.mean(axis=0), tables


# %% wrong: always annotator 0
# says: the votes of the first annotator were used for all
def confusion_tables(votes, responsibilities):
    _, m, c = votes.shape
    tables = np.empty((responsibilities.shape[1], m, c))
    for one in range(m):
        for f in range(c):
            heads, flips = votes[:, 0, f], votes[:, 0].sum(axis=1)
            tables[:, one, f] = m_step(responsibilities, heads, flips)
    return responsibilities.mean(axis=0), tables
