# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np
from scipy.special import entr, logsumexp, softmax


# %% right: two lists
def fit_weights(log_p, alpha, iterations):
    def log_likelihood(alpha):
        return logsumexp(log_p + np.log(alpha), axis=1).sum()

    alphas, values = [alpha], [log_likelihood(alpha)]
    for _ in range(iterations):
        alpha = softmax(log_p + np.log(alpha), axis=1).mean(axis=0)
        alphas.append(alpha)
        values.append(log_likelihood(alpha))
    return alphas, values


# %% right: loops over rows and components
def fit_weights(log_p, alpha, iterations):
    n, k = log_p.shape
    alphas = np.zeros((iterations + 1, k))
    values = np.zeros(iterations + 1)
    alphas[0] = alpha
    for t in range(iterations + 1):
        expected = np.zeros(k)
        for i in range(n):
            terms = [np.log(alphas[t, j]) + log_p[i, j] for j in range(k)]
            largest = max(terms)
            total = sum(np.exp(term - largest) for term in terms)
            values[t] += largest + np.log(total)
            for j in range(k):
                expected[j] += np.exp(terms[j] - largest) / total
        if t < iterations:
            alphas[t + 1] = expected / n
    return alphas, values


# %% right: the largest of each row taken out, single precision
def fit_weights(log_p, alpha, iterations):
    largest = log_p.max(axis=1, keepdims=True)
    p = np.exp(log_p - largest)
    alphas = [alpha.astype(np.float32)]
    for _ in range(iterations):
        joint = alphas[-1] * p
        alphas.append(np.einsum("ij,i->j", joint, 1 / joint.sum(axis=1)) / len(p))
    alphas = np.array(alphas)
    return alphas, np.log(p @ alphas.T).sum(axis=0) + largest.sum()


# %% right: the log-likelihood of each row from the bound
def fit_weights(log_p, alpha, iterations):
    alphas, values = [], []
    for _ in range(iterations + 1):
        log_joint = np.log(alpha) + log_p
        r = softmax(log_joint, axis=1)
        values.append(np.sum(r * log_joint + entr(r)))
        alphas.append(alpha)
        alpha = r.sum(axis=0) / r.sum()
    return np.array(alphas), np.array(values)


# %% right: everything in the log domain
def fit_weights(log_p, alpha, iterations):
    log_alpha = np.log(alpha)
    rows, values = [], []
    for _ in range(iterations + 1):
        joint = log_alpha[np.newaxis] + log_p
        norm = np.logaddexp.reduce(joint, axis=1)
        rows.append(np.exp(log_alpha))
        values.append(norm.sum())
        log_alpha = logsumexp(joint - norm[:, None], axis=0) - np.log(log_p.shape[0])
    return np.vstack(rows), np.asarray(values)


# %% right: mixture probabilities as matrix products
def fit_weights(log_p, alpha, iterations):
    c = log_p.max(axis=1, keepdims=True)
    p = np.exp(log_p - c)
    alphas = np.empty((iterations + 1, len(alpha)))
    alphas[0] = alpha
    for t in range(iterations):
        mix = p @ alphas[t]
        alphas[t + 1] = alphas[t] * np.einsum("ij,i->j", p, 1 / mix) / len(p)
    return alphas, (np.log(p @ alphas.T) + c).sum(axis=0)


# %% wrong: present weights left out
# says: the present mixing weights were left out of the responsibilities
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(log_p, axis=1).mean(axis=0))
    return alphas, [logsumexp(np.log(a) + log_p, axis=1).sum() for a in alphas]


# %% wrong: always from the start
# says: every iteration began at the first `alpha` again
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alpha) + log_p, axis=1).mean(axis=0))
    return alphas, [logsumexp(np.log(a) + log_p, axis=1).sum() for a in alphas]


# %% wrong: normalised over the rows
# says: the responsibilities were normalised over the rows
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alphas[-1]) + log_p, axis=0).mean(axis=0))
    return alphas, [logsumexp(np.log(a) + log_p, axis=1).sum() for a in alphas]


# %% wrong: sum of the responsibilities
# says: not divided by the number of rows
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alphas[-1]) + log_p, axis=1).sum(axis=0))
    return alphas, [logsumexp(np.log(a) + log_p, axis=1).sum() for a in alphas]


# %% wrong: hard assignment
# says: counted wholly for its most probable component
def fit_weights(log_p, alpha, iterations):
    n, k = log_p.shape
    alphas = [alpha]
    for _ in range(iterations):
        with np.errstate(divide="ignore"):
            label = np.argmax(np.log(alphas[-1]) + log_p, axis=1)
        alphas.append(np.bincount(label, minlength=k) / n)
    with np.errstate(divide="ignore"):
        return alphas, [logsumexp(np.log(a) + log_p, axis=1).sum() for a in alphas]


# %% wrong: old value beside the new weights
# says: beside the mixing weights of the iteration *before* its own
def fit_weights(log_p, alpha, iterations):
    alphas, values = [alpha], []
    for _ in range(iterations):
        alpha = softmax(np.log(alpha) + log_p, axis=1).mean(axis=0)
        alphas.append(alpha)
        values.append(logsumexp(np.log(alpha) + log_p, axis=1).sum())
    alpha = softmax(np.log(alpha) + log_p, axis=1).mean(axis=0)
    values.append(logsumexp(np.log(alpha) + log_p, axis=1).sum())
    return alphas, values


# %% wrong: without the entropy
# says: it is neither the bound nor the log-likelihood
def fit_weights(log_p, alpha, iterations):
    alphas, values = [], []
    for _ in range(iterations + 1):
        log_joint = np.log(alpha) + log_p
        r = softmax(log_joint, axis=1)
        alphas.append(alpha)
        values.append((r * log_joint).sum())
        alpha = r.mean(axis=0)
    return alphas, values


# %% wrong: sum of logs for the log of a sum
# says: A row's probability is a sum over the components
def fit_weights(log_p, alpha, iterations):
    alphas, values = [], []
    for _ in range(iterations + 1):
        log_joint = np.log(alpha) + log_p
        alphas.append(alpha)
        values.append(log_joint.sum())
        alpha = softmax(log_joint, axis=1).mean(axis=0)
    return alphas, values


# %% wrong: probabilities themselves
# says: `np.exp(-2000)` underflows to 0
def fit_weights(log_p, alpha, iterations):
    p = np.exp(log_p)
    alphas, values = [], []
    for _ in range(iterations + 1):
        joint = alpha * p
        alphas.append(alpha)
        values.append(np.log(joint.sum(axis=1)).sum())
        alpha = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
    return alphas, values


# %% wrong: one array, appended again and again
# says: All rows of `alphas` are the same array
def fit_weights(log_p, alpha, iterations):
    alpha = alpha.copy()
    alphas, values = [], []
    for t in range(iterations + 1):
        alphas.append(alpha)
        values.append(logsumexp(np.log(alpha) + log_p, axis=1).sum())
        if t < iterations:
            alpha[:] = softmax(np.log(alpha) + log_p, axis=1).mean(axis=0)
    return alphas, values


# %% wrong: the start is overwritten
# says: It changes its argument `alpha` in place
def fit_weights(log_p, alpha, iterations):
    alphas, values = [], []
    for _ in range(iterations + 1):
        alphas.append(alpha.copy())
        values.append(logsumexp(np.log(alpha) + log_p, axis=1).sum())
        alpha[:] = softmax(np.log(alpha) + log_p, axis=1).mean(axis=0)
    return alphas, values


# %% wrong: the start left out of both
# says: Row 0 is the start
def fit_weights(log_p, alpha, iterations):
    alphas, values = [], []
    for _ in range(iterations + 1):
        alpha = softmax(np.log(alpha) + log_p, axis=1).mean(axis=0)
        alphas.append(alpha)
        values.append(logsumexp(np.log(alpha) + log_p, axis=1).sum())
    return alphas, values


# %% wrong: stops when it has converged
# says: the start and one row per iteration
def fit_weights(log_p, alpha, iterations):
    alphas, lls = [], []
    for t in range(iterations + 1):
        a = np.log(alpha) + log_p
        lse = logsumexp(a, axis=1, keepdims=True)
        alphas.append(alpha)
        lls.append(lse.sum())
        if t > 0 and lls[-1] - lls[-2] < 1e-3:
            break
        alpha = np.exp(a - lse).mean(axis=0)
    return np.array(alphas), np.array(lls)


# %% wrong: normalised over the whole table
# says: normalised over the whole table
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        a = np.log(alphas[-1]) + log_p
        r = np.exp(a - logsumexp(a))
        alphas.append(r.sum(axis=0))
    alphas = np.array(alphas)
    return alphas, np.array([logsumexp(np.log(a) + log_p, axis=1).sum() for a in alphas])


# %% wrong: maximum of the bound
# says: the height of each bound at its maximum
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    lls = [logsumexp(np.log(alpha) + log_p, axis=1).sum()]
    for _ in range(iterations):
        a = np.log(alpha) + log_p
        log_r = a - logsumexp(a, axis=1, keepdims=True)
        r = np.exp(log_r)
        alpha = r.mean(axis=0)
        alphas.append(alpha)
        lls.append(np.sum(r * (np.log(alpha) + log_p - log_r)))
    return np.array(alphas), np.array(lls)


# %% wrong: starts from equal weights
# says: the run began at equal weights
def fit_weights(log_p, alpha, iterations):
    alpha = np.ones(len(alpha)) / len(alpha)
    alphas, lls = [], []
    for _ in range(iterations + 1):
        a = np.log(alpha) + log_p
        lse = logsumexp(a, axis=1, keepdims=True)
        alphas.append(alpha)
        lls.append(lse.sum())
        alpha = np.exp(a - lse).mean(axis=0)
    return np.array(alphas), np.array(lls)


# %% wrong: weights added to logs
# says: the mixing weights were added to the logarithms
def fit_weights(log_p, alpha, iterations):
    alphas, lls = [], []
    for _ in range(iterations + 1):
        a = alpha + log_p
        lse = logsumexp(a, axis=1, keepdims=True)
        alphas.append(alpha)
        lls.append(lse.sum())
        alpha = np.exp(a - lse).mean(axis=0)
    return np.array(alphas), np.array(lls)


# %% wrong: weights times logs
# says: multiplied by the mixing weights
def fit_weights(log_p, alpha, iterations):
    alphas, lls = [], []
    for _ in range(iterations + 1):
        a = alpha * log_p
        lse = logsumexp(a, axis=1, keepdims=True)
        alphas.append(alpha)
        lls.append(lse.sum())
        alpha = np.exp(a - lse).mean(axis=0)
    return np.array(alphas), np.array(lls)


# %% wrong: log-likelihoods of the next weights
# says: the iteration *before* its own
def fit_weights(log_p, alpha, iterations):
    alphas, lls = [alpha], []
    for t in range(iterations + 1):
        a = np.log(alpha) + log_p
        alpha = np.exp(a - logsumexp(a, axis=1, keepdims=True)).mean(axis=0)
        if t < iterations:
            alphas.append(alpha)
        lls.append(logsumexp(np.log(alpha) + log_p, axis=1).sum())
    return np.array(alphas), np.array(lls)


# %% wrong: 0 log 0 in the bound
# says: `0 * np.log(0)` is `nan` in NumPy
def fit_weights(log_p, alpha, iterations):
    alphas, values = [], []
    for _ in range(iterations + 1):
        log_joint = np.log(alpha) + log_p
        r = softmax(log_joint, axis=1)
        values.append(np.sum(r * (log_joint - np.log(r))))
        alphas.append(alpha)
        alpha = r.mean(axis=0)
    return alphas, values


# %% wrong: one factor for the whole table
# says: each row needs its own
def fit_weights(log_p, alpha, iterations):
    largest = log_p.max()
    p = np.exp(log_p - largest)
    alphas, values = [], []
    for _ in range(iterations + 1):
        joint = alpha * p
        rows = joint.sum(axis=1, keepdims=True)
        alphas.append(alpha)
        values.append(np.log(rows).sum() + len(p) * largest)
        alpha = (joint / rows).mean(axis=0)
    return np.array(alphas), np.array(values)


# %% wrong: the mean of each row taken out
# says: a factor was taken out that is not the largest term
def fit_weights(log_p, alpha, iterations):
    shift = log_p.mean(axis=1, keepdims=True)
    p = np.exp(log_p - shift)
    alphas, values = [], []
    for _ in range(iterations + 1):
        joint = alpha * p
        rows = joint.sum(axis=1, keepdims=True)
        alphas.append(alpha)
        values.append((np.log(rows) + shift).sum())
        alpha = (joint / rows).mean(axis=0)
    return np.array(alphas), np.array(values)


# %% wrong: divided by the number of components
# says: how many rows
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alphas[-1]) + log_p, axis=1).sum(axis=0) / len(alpha))
    return alphas, [logsumexp(np.log(a) + log_p, axis=1).sum() for a in alphas]


# %% wrong: the start twice in both
# says: begins with the start twice
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    values = [logsumexp(np.log(alpha) + log_p, axis=1).sum()]
    for _ in range(iterations):
        alphas.append(alpha)
        values.append(logsumexp(np.log(alpha) + log_p, axis=1).sum())
        alpha = softmax(np.log(alpha) + log_p, axis=1).mean(axis=0)
    return alphas, values


# %% wrong: each value one row late
# says: beside the mixing weights of the iteration *before*.
def fit_weights(log_p, alpha, iterations):
    values = [logsumexp(np.log(alpha) + log_p, axis=1).sum()]
    alphas = [alpha]
    for _ in range(iterations):
        values.append(logsumexp(np.log(alpha) + log_p, axis=1).sum())
        alpha = softmax(np.log(alpha) + log_p, axis=1).mean(axis=0)
        alphas.append(alpha)
    return alphas, values


# %% wrong: weights left out of the log-likelihood
# says: left out of the log-likelihood
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alphas[-1]) + log_p, axis=1).mean(axis=0))
    return alphas, [logsumexp(log_p, axis=1).sum() for a in alphas]


# %% wrong: mean of the logs
# says: averaged with weights `alpha`
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alphas[-1]) + log_p, axis=1).mean(axis=0))
    return alphas, [(log_p @ a).sum() for a in alphas]


# %% wrong: one logarithm for all rows
# says: one logarithm was taken of the sum over rows
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alphas[-1]) + log_p, axis=1).mean(axis=0))
    return alphas, [logsumexp(np.log(a) + log_p) for a in alphas]


# %% wrong: rows added first
# says: the rows were added before the logarithm
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alphas[-1]) + log_p, axis=1).mean(axis=0))
    return alphas, [logsumexp(np.log(a) + log_p, axis=0).sum() for a in alphas]


# %% wrong: mean over the rows
# says: took the mean over the rows
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alphas[-1]) + log_p, axis=1).mean(axis=0))
    return alphas, [logsumexp(np.log(a) + log_p, axis=1).mean() for a in alphas]


# %% wrong: negative
# says: these are negative log-likelihoods
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alphas[-1]) + log_p, axis=1).mean(axis=0))
    return alphas, [-logsumexp(np.log(a) + log_p, axis=1).sum() for a in alphas]


# %% wrong: exchanged
# says: The results are right but in another order
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alphas[-1]) + log_p, axis=1).mean(axis=0))
    return [logsumexp(np.log(a) + log_p, axis=1).sum() for a in alphas], alphas


# %% wrong: logarithms to base 2
# says: seems to be to base 2
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alphas[-1]) + log_p, axis=1).mean(axis=0))
    return alphas, [logsumexp(np.log(a) + log_p, axis=1).sum() / np.log(2) for a in alphas]


# %% wrong: logarithms to base 10
# says: seems to be to base 10
def fit_weights(log_p, alpha, iterations):
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(softmax(np.log(alphas[-1]) + log_p, axis=1).mean(axis=0))
    return alphas, [logsumexp(np.log(a) + log_p, axis=1).sum() / np.log(10) for a in alphas]


# %% wrong: alphas into an array of integers
# says: `alphas` is 0 everywhere
def fit_weights(log_p, alpha, iterations):
    alphas = np.zeros((iterations + 1, len(alpha)), dtype=int)
    values = []
    for t in range(iterations + 1):
        alphas[t] = alpha
        values.append(logsumexp(np.log(alpha) + log_p, axis=1).sum())
        alpha = softmax(np.log(alpha) + log_p, axis=1).mean(axis=0)
    return alphas, values


# %% wrong: log-likelihoods into an array of integers
# says: `log_likelihoods` is right but for the decimals
def fit_weights(log_p, alpha, iterations):
    alphas, values = [], np.zeros(iterations + 1, dtype=int)
    for t in range(iterations + 1):
        alphas.append(alpha)
        values[t] = logsumexp(np.log(alpha) + log_p, axis=1).sum()
        alpha = softmax(np.log(alpha) + log_p, axis=1).mean(axis=0)
    return alphas, values


# %% wrong: the sums of the rows without an axis
# says: `keepdims=True`
def fit_weights(log_p, alpha, iterations):
    alphas, values = [alpha], []
    for t in range(iterations + 1):
        log_joint = np.log(alphas[t]) + log_p
        values.append(logsumexp(log_joint, axis=1).sum())
        if t < iterations:
            alphas.append(np.exp(log_joint - logsumexp(log_joint, axis=1)).mean(axis=0))
    return alphas, values


# %% wrong: a small number hides the underflow, in the sums
# says: Stay with logarithms
def fit_weights(log_p, alpha, iterations):
    alphas, values = [], []
    for _ in range(iterations + 1):
        joint = alpha * np.exp(log_p)
        r = joint / (joint.sum(axis=1, keepdims=True) + 1e-12)
        alphas.append(alpha)
        values.append(np.log(joint.sum(axis=1) + 1e-300).sum())
        alpha = r.mean(axis=0)
    return alphas, values


# %% wrong: a small number hides the underflow, in the probabilities
# says: Stay with logarithms
def fit_weights(log_p, alpha, iterations):
    alphas, values = [], []
    for _ in range(iterations + 1):
        joint = alpha * (np.exp(log_p) + 1e-200)
        r = joint / joint.sum(axis=1, keepdims=True)
        alphas.append(alpha)
        values.append(np.log(joint.sum(axis=1) + 1e-300).sum())
        alpha = r.mean(axis=0)
    return alphas, values


# %% wrong: a small number hides the underflow, in the terms
# says: Stay with logarithms
def fit_weights(log_p, alpha, iterations):
    alphas, values = [], []
    for _ in range(iterations + 1):
        joint = alpha * np.exp(log_p) + 1e-200
        r = joint / joint.sum(axis=1, keepdims=True)
        alphas.append(alpha)
        values.append(np.log(joint.sum(axis=1) + 1e-300).sum())
        alpha = r.mean(axis=0)
    return alphas, values


# %% wrong: no weight below a hundredth
# says: no weight were let below some number
def fit_weights(log_p, alpha, iterations):
    path, values = [alpha], []
    for _ in range(iterations):
        r = softmax(np.log(path[-1]) + log_p, axis=1)
        new = np.clip(r.mean(axis=0), 0.01, 1)
        path.append(new / new.sum())
    for row in path:
        values.append(logsumexp(np.log(row) + log_p, axis=1).sum())
    return np.array(path), np.array(values)
