# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np


# %% right: row by row
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = mu[a] + slope * (row[b] - mu[b])
                second[i, a, a] = Sigma[a, a] - slope * Sigma[a, b]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% right: in columns
def fill_in(data, mu, Sigma):
    first = np.array(data)
    extra = np.zeros((len(data), 2, 2))
    for a, b in ((0, 1), (1, 0)):
        gone = np.isnan(data[:, a])
        first[gone, a] = mu[a] + Sigma[a, b] / Sigma[b, b] * (data[gone, b] - mu[b])
        extra[gone, a, a] = Sigma[a, a] - Sigma[a, b] ** 2 / Sigma[b, b]
    return first, np.einsum("ia,ib->iab", first, first) + extra


# %% right: np.where, single precision
def fill_in(data, mu, Sigma):
    data, Sigma = np.float32(data), np.float32(Sigma)
    gone = np.isnan(data)
    slope = Sigma[0, 1] / np.diag(Sigma)[::-1]
    line = mu + slope * (data - mu)[:, ::-1]
    first = np.where(gone, line, data)
    left = np.diag(Sigma) - slope * Sigma[0, 1]
    second = first[:, :, None] * first[:, None, :]
    second[:, [0, 1], [0, 1]] += gone * left
    return first, second


# %% right: by correlations, lists
def fill_in(data, mu, Sigma):
    s = np.sqrt(np.diag(Sigma))
    rho = Sigma[0, 1] / s[0] / s[1]
    first, second = [], []
    for x, y in data:
        vx = vy = 0.0
        if np.isnan(x):
            x, vx = mu[0] + rho * s[0] * (y - mu[1]) / s[1], s[0] ** 2 * (1 - rho**2)
        elif np.isnan(y):
            y, vy = mu[1] + rho * s[1] * (x - mu[0]) / s[0], s[1] ** 2 * (1 - rho**2)
        first.append([x, y])
        second.append([[x * x + vx, x * y], [x * y, y * y + vy]])
    return first, second


# %% wrong: mean of the column
# says: filled in with `mu`
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = mu[a]
                second[i, a, a] = Sigma[a, a] - slope * Sigma[a, b]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: covariance as slope
# says: Divide it by the variance of the coordinate that is seen
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b]
                first[i, a] = mu[a] + slope * (row[b] - mu[b])
                second[i, a, a] = Sigma[a, a] - Sigma[a, b] ** 2 / Sigma[b, b]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: the other slope
# says: variance of the coordinate that is *missing*
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[a, a]
                first[i, a] = mu[a] + slope * (row[b] - mu[b])
                second[i, a, a] = Sigma[a, a] - Sigma[a, b] ** 2 / Sigma[b, b]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: correlation
# says: the correlation is the slope
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / np.sqrt(Sigma[a, a] * Sigma[b, b])
                first[i, a] = mu[a] + slope * (row[b] - mu[b])
                second[i, a, a] = Sigma[a, a] - Sigma[a, b] ** 2 / Sigma[b, b]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: not about the mean
# says: was not subtracted
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = mu[a] + slope * row[b]
                second[i, a, a] = Sigma[a, a] - slope * Sigma[a, b]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: mean not added
# says: was not added
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = slope * (row[b] - mu[b])
                second[i, a, a] = Sigma[a, a] - slope * Sigma[a, b]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: minus the slope
# says: sign of the slope
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = mu[a] - slope * (row[b] - mu[b])
                second[i, a, a] = Sigma[a, a] - slope * Sigma[a, b]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: zeros
# says: became 0
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = 0.0
                second[i, a, a] = Sigma[a, a] - slope * Sigma[a, b]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: variance forgotten
# says: *plus the variance*
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = mu[a] + slope * (row[b] - mu[b])
                second[i, a, a] = 0.0
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: whole variance
# says: the whole variance of the missing coordinate
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = mu[a] + slope * (row[b] - mu[b])
                second[i, a, a] = Sigma[a, a]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: explained variance
# says: that the line explains
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = mu[a] + slope * (row[b] - mu[b])
                second[i, a, a] = slope * Sigma[a, b]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: variance subtracted
# says: the variance was subtracted
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = mu[a] + slope * (row[b] - mu[b])
                second[i, a, a] = slope * Sigma[a, b] - Sigma[a, a]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: standard deviation
# says: belongs the variance
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = mu[a] + slope * (row[b] - mu[b])
                second[i, a, a] = np.sqrt(Sigma[a, a] - slope * Sigma[a, b])
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: variance of what is seen
# says: worked out for the coordinate that is seen
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = mu[a] + slope * (row[b] - mu[b])
                second[i, a, a] = Sigma[b, b] - Sigma[a, b] ** 2 / Sigma[a, a]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: covariance not squared
# says: the covariance was not squared
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = mu[a] + slope * (row[b] - mu[b])
                second[i, a, a] = Sigma[a, a] - Sigma[a, b] / Sigma[b, b]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: variance of complete rows, too
# says: They are known
def fill_in(data, mu, Sigma):
    first = np.array(data)
    extra = np.zeros((len(data), 2, 2))
    for a, b in ((0, 1), (1, 0)):
        gone = np.isnan(data[:, a])
        first[gone, a] = mu[a] + Sigma[a, b] / Sigma[b, b] * (data[gone, b] - mu[b])
        extra[:, a, a] = Sigma[a, a] - Sigma[a, b] ** 2 / Sigma[b, b]
    return first, np.einsum("ia,ib->iab", first, first) + extra


# %% wrong: variance everywhere in the matrix
# says: only its own square has one
def fill_in(data, mu, Sigma):
    first = np.array(data)
    extra = np.zeros((len(data), 2, 2))
    for a, b in ((0, 1), (1, 0)):
        gone = np.isnan(data[:, a])
        first[gone, a] = mu[a] + Sigma[a, b] / Sigma[b, b] * (data[gone, b] - mu[b])
        extra[gone, a, a] = Sigma[a, a] - Sigma[a, b] ** 2 / Sigma[b, b]
    return first, np.einsum("ia,ib->iab", first, first) + extra.sum(axis=(1, 2), keepdims=True)


# %% wrong: covariance of the row
# says: is the covariance of the row alone
def fill_in(data, mu, Sigma):
    first = np.array(data)
    extra = np.zeros((len(data), 2, 2))
    for a, b in ((0, 1), (1, 0)):
        gone = np.isnan(data[:, a])
        first[gone, a] = mu[a] + Sigma[a, b] / Sigma[b, b] * (data[gone, b] - mu[b])
        extra[gone, a, a] = Sigma[a, a] - Sigma[a, b] ** 2 / Sigma[b, b]
    return first, extra


# %% wrong: about mu
# says: was subtracted before the products were taken
def fill_in(data, mu, Sigma):
    first = np.array(data)
    extra = np.zeros((len(data), 2, 2))
    for a, b in ((0, 1), (1, 0)):
        gone = np.isnan(data[:, a])
        first[gone, a] = mu[a] + Sigma[a, b] / Sigma[b, b] * (data[gone, b] - mu[b])
        extra[gone, a, a] = Sigma[a, a] - Sigma[a, b] ** 2 / Sigma[b, b]
    u = first - mu
    return first, np.einsum("ia,ib->iab", u, u) + extra


# %% wrong: only the second coordinate
# says: Either coordinate can be missing
def fill_in(data, mu, Sigma):
    first = np.array(data)
    gone = np.isnan(data[:, 1])
    first[gone, 1] = mu[1] + Sigma[0, 1] / Sigma[0, 0] * (data[gone, 0] - mu[0])
    second = np.einsum("ia,ib->iab", first, first)
    second[gone, 1, 1] += Sigma[1, 1] - Sigma[0, 1] ** 2 / Sigma[0, 0]
    return first, second


# %% wrong: data changed
# says: `data`
def fill_in(data, mu, Sigma):
    for a, b in ((0, 1), (1, 0)):
        gone = np.isnan(data[:, a])
        data[gone, a] = mu[a] + Sigma[a, b] / Sigma[b, b] * (data[gone, b] - mu[b])
    return data, np.einsum("ia,ib->iab", data, data)


# %% wrong: something added to the variances, lest they be 0
# says: a small number was added to what something is divided by
def fill_in(data, mu, Sigma):
    S = Sigma + 1e-6 * np.eye(2)
    first = data.copy()
    extra = np.zeros((len(data), 2, 2))
    for a, b in ((0, 1), (1, 0)):
        rows = np.isnan(data[:, a])
        first[rows, a] = mu[a] + S[a, b] / S[b, b] * (data[rows, b] - mu[b])
        extra[rows, a, a] = S[a, a] - S[a, b] ** 2 / S[b, b]
    return first, first[:, :, None] * first[:, None] + extra


# %% wrong: slopes in an array that takes the type of Sigma
# says: `first[2, 0]` is
def fill_in(data, mu, Sigma):
    slope = np.zeros_like(Sigma)
    first, extra = data.copy(), np.zeros((len(data), 2, 2))
    for a, b in ((0, 1), (1, 0)):
        slope[a, b] = Sigma[a, b] / Sigma[b, b]
        rows = np.isnan(data[:, a])
        first[rows, a] = mu[a] + slope[a, b] * (data[rows, b] - mu[b])
        extra[rows, a, a] = Sigma[a, a] - slope[a, b] * Sigma[a, b]
    return first, first[:, :, None] * first[:, None] + extra


# %% wrong: variance at the place of what is seen
# says: added to the square of the coordinate that was seen
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = np.zeros((len(data), 2, 2))
    for i, row in enumerate(data):
        for a in (0, 1):
            if np.isnan(row[a]):
                b = 1 - a
                slope = Sigma[a, b] / Sigma[b, b]
                first[i, a] = mu[a] + slope * (row[b] - mu[b])
                second[i, b, b] = Sigma[a, a] - slope * Sigma[a, b]
        second[i] += np.outer(first[i], first[i])
    return first, second


# %% wrong: products of the data as given
# says: the products were taken of `data`, before it was filled in
def fill_in(data, mu, Sigma):
    first = data.copy()
    second = data[:, :, None] * data[:, None, :]
    for a, b in ((0, 1), (1, 0)):
        gone = np.isnan(data[:, a])
        first[gone, a] = mu[a] + Sigma[a, b] / Sigma[b, b] * (data[gone, b] - mu[b])
        second[gone, a, a] += Sigma[a, a] - Sigma[a, b] ** 2 / Sigma[b, b]
    return first, second
