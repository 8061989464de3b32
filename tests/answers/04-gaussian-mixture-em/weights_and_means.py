# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np
from scipy.special import softmax


# %% right: matrix product
def weights_and_means(data, responsibilities):
    N = np.sum(responsibilities, axis=0)
    return N / np.sum(N), np.dot(responsibilities.T, data) / N.reshape(-1, 1)


# %% right: loops, lists returned
def weights_and_means(data, responsibilities):
    n, k = responsibilities.shape
    alpha, mu = [], []
    for j in range(k):
        total = 0.0
        mean = [0.0] * data.shape[1]
        for i in range(n):
            total += responsibilities[i, j]
            for a in range(data.shape[1]):
                mean[a] += responsibilities[i, j] * data[i, a]
        alpha.append(total / n)
        mu.append([value / total for value in mean])
    return alpha, mu


# %% right: np.average, column by column
def weights_and_means(data, responsibilities):
    mu = [np.average(data, axis=0, weights=column) for column in responsibilities.T]
    return responsibilities.mean(axis=0), np.array(mu)


# %% right: einsum with normalised responsibilities, in single precision
def weights_and_means(data, responsibilities):
    r = responsibilities.astype("float32")
    shares = r / r.sum(axis=0)
    return r.mean(axis=0), np.einsum("ij,ia->ja", shares, data.astype("float32"))


# %% wrong: means divided by n
# says: you divided by the number of points
def weights_and_means(data, responsibilities):
    n = len(data)
    return responsibilities.sum(axis=0) / n, responsibilities.T @ data / n


# %% wrong: a plain mean of weighted points
# says: you divided by the number of points
def weights_and_means(data, responsibilities):
    weighted = responsibilities[:, :, None] * data[:, None, :]
    return responsibilities.mean(axis=0), weighted.mean(axis=0)


# %% wrong: means divided by the mixing weights
# says: divided by the mixing weight instead
def weights_and_means(data, responsibilities):
    alpha = responsibilities.mean(axis=0)
    return alpha, responsibilities.T @ data / alpha[:, None]


# %% wrong: expected counts for weights
# says: you returned expected numbers of points
def weights_and_means(data, responsibilities):
    N = responsibilities.sum(axis=0)
    return N, responsibilities.T @ data / N[:, None]


# %% wrong: equal weights
# says: Your weights are all equal
def weights_and_means(data, responsibilities):
    k = responsibilities.shape[1]
    N = responsibilities.sum(axis=0)
    return np.ones(k) / k, responsibilities.T @ data / N[:, None]


# %% wrong: hard assignment
# says: hard assignment
def weights_and_means(data, responsibilities):
    owner = responsibilities.argmax(axis=1)
    hard = np.eye(responsibilities.shape[1])[owner]
    N = hard.sum(axis=0)
    return N / len(data), hard.T @ data / N[:, None]


# %% wrong: hard assignment for the weights alone
# says: hard assignment
def weights_and_means(data, responsibilities):
    owner = responsibilities.argmax(axis=1)
    counts = np.bincount(owner, minlength=responsibilities.shape[1])
    mu = responsibilities.T @ data / responsibilities.sum(axis=0)[:, None]
    return counts / len(data), mu


# %% wrong: the wrong axis for the weights
# says: A mixing weight adds over the points
def weights_and_means(data, responsibilities):
    alpha = responsibilities.sum(axis=1) / len(data)
    return alpha, responsibilities.T @ data / responsibilities.sum(axis=0)[:, None]


# %% wrong: the wrong axis for everything
# says: A mixing weight adds over the points
def weights_and_means(data, responsibilities):
    N = responsibilities.sum(axis=1)
    return N / len(data), (responsibilities.T @ data) / responsibilities.sum(axis=0)[:, None]


# %% wrong: the same mean for all
# says: the responsibilities were not used
def weights_and_means(data, responsibilities):
    k = responsibilities.shape[1]
    return responsibilities.mean(axis=0), np.array([data.mean(axis=0)] * k)


# %% wrong: weighted sums
# says: was not divided by anything
def weights_and_means(data, responsibilities):
    return responsibilities.mean(axis=0), responsibilities.T @ data


# %% wrong: transposed means
# says: rows and columns were exchanged
def weights_and_means(data, responsibilities):
    N = responsibilities.sum(axis=0)
    return N / len(data), (data.T @ responsibilities) / N


# %% wrong: the means alone
# says: It should return 2 values
def weights_and_means(data, responsibilities):
    N = responsibilities.sum(axis=0)
    mu = (responsibilities.T @ data) / N[:, None]
    return [mu]


# %% wrong: responsibilities overwritten
# says: changes its argument `responsibilities` in place
def weights_and_means(data, responsibilities):
    alpha = responsibilities.mean(axis=0)
    responsibilities /= responsibilities.sum(axis=0)
    return alpha, responsibilities.T @ data


# %% right: plain Python, index by index
def weights_and_means(data, responsibilities):
    n, d = data.shape
    k = responsibilities.shape[1]
    alpha, mu = [0.0] * k, [[0.0] * d for _ in range(k)]
    for j in range(k):
        N = sum(responsibilities[i, j] for i in range(n))
        alpha[j] = N / n
        for a in range(d):
            mu[j][a] = sum(responsibilities[i, j] * data[i, a] for i in range(n)) / N
    return alpha, mu


# %% wrong: divided by the text's 1,000
# says: It looks as if you divided by 1,000
def weights_and_means(data, responsibilities):
    N = responsibilities.sum(axis=0)
    return N / 1000, responsibilities.T @ data / N[:, None]


# %% wrong: divided by the number of entries
# says: It looks as if you divided by the number of entries of `data`
def weights_and_means(data, responsibilities):
    N = responsibilities.sum(axis=0)
    return N / data.size, responsibilities.T @ data / N[:, None]


# %% wrong: softmax of the weights
# says: It looks as if the expected numbers of points went through an exponential
def weights_and_means(data, responsibilities):
    N = responsibilities.sum(axis=0)
    return softmax(N / len(data)), responsibilities.T @ data / N[:, None]
