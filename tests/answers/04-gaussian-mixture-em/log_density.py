# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.linalg import cho_solve, solve_triangular
from scipy.stats import multivariate_normal


# %% right: a triangular solve for all points at once
def log_density(data, mean, L):
    y = solve_triangular(L, (data - mean).T, lower=True)
    d = data.shape[1]
    return -0.5 * (d * np.log(2 * np.pi) + np.sum(y * y, axis=0)) - np.log(L.diagonal()).sum()


# %% right: SciPy's density, from the covariance
def log_density(data, mean, L):
    return multivariate_normal(mean, L @ L.T).logpdf(data).reshape(len(data))


# %% right: forward substitution in plain Python
def log_density(data, mean, L):
    d = len(mean)
    result = []
    for x in data:
        y = []
        for a in range(d):
            rest = x[a] - mean[a] - sum(L[a][b] * y[b] for b in range(a))
            y.append(rest / L[a][a])
        log_det = sum(math.log(L[a][a]) for a in range(d))
        square = sum(value**2 for value in y)
        result.append(-(d * math.log(2 * math.pi) + square) / 2 - log_det)
    return result


# %% right: a quadratic form, through cho_solve
def log_density(data, mean, L):
    u = data - mean
    distance = np.einsum("ia,ai->i", u, cho_solve((L, True), u.T))
    log_det_Sigma = 2 * np.log(np.diag(L)).sum()
    return -(len(mean) * np.log(2 * np.pi) + log_det_Sigma + distance) / 2


# %% wrong: the determinant of Sigma where its root belongs
# says: The determinant has the wrong share
def log_density(data, mean, L):
    y = solve_triangular(L, (data - mean).T, lower=True)
    log_det = 2 * np.log(np.diag(L)).sum()
    return -(len(mean) * np.log(2 * np.pi) + (y**2).sum(axis=0)) / 2 - log_det


# %% wrong: half of the logarithm of the determinant of L
# says: The determinant has the wrong share
def log_density(data, mean, L):
    y = np.linalg.solve(L, (data - mean).T)
    log_det = np.log(np.linalg.det(L))
    return -(len(mean) * np.log(2 * np.pi) + log_det + (y**2).sum(axis=0)) / 2


# %% wrong: determinant forgotten
# says: the determinant is missing
def log_density(data, mean, L):
    y = np.linalg.solve(L, (data - mean).T)
    return -(len(mean) * np.log(2 * np.pi) + (y**2).sum(axis=0)) / 2


# %% wrong: 2 pi for the plane
# says: `d` was written as a number
def log_density(data, mean, L):
    y = np.linalg.solve(L, (data - mean).T)
    return -np.log(2 * np.pi) - (y**2).sum(axis=0) / 2 - np.log(np.diag(L)).sum()


# %% wrong: 2 pi for one dimension
# says: `d` was written as a number
def log_density(data, mean, L):
    y = np.linalg.solve(L, (data - mean).T)
    return -(np.log(2 * np.pi) + (y**2).sum(axis=0)) / 2 - np.log(np.diag(L)).sum()


# %% wrong: no constant
# says: the constant with $2\pi$ is missing
def log_density(data, mean, L):
    y = np.linalg.solve(L, (data - mean).T)
    return -(y**2).sum(axis=0) / 2 - np.log(np.diag(L)).sum()


# %% wrong: the number of points for the dimension
# says: the number of points was used for the number of dimensions
def log_density(data, mean, L):
    d = len(data)
    y = np.linalg.solve(L, (data - mean).T)
    return -(d * np.log(2 * np.pi) + (y**2).sum(axis=0)) / 2 - np.log(np.diag(L)).sum()


# %% wrong: L taken for the covariance
# says: `L` was taken for the covariance
def log_density(data, mean, L):
    u = data - mean
    distance = np.sum(u @ np.linalg.inv(L) * u, axis=1)
    log_det = np.linalg.slogdet(L)[1]
    return -(len(mean) * np.log(2 * np.pi) + log_det + distance) / 2


# %% wrong: multiplied with L instead of solving
# says: `L` was multiplied with, where its inverse is needed
def log_density(data, mean, L):
    y = L @ (data - mean).T
    return -(len(mean) * np.log(2 * np.pi) + (y**2).sum(axis=0)) / 2 - np.log(np.diag(L)).sum()


# %% wrong: the transposed factor
# says: It is `L @ L.T`
def log_density(data, mean, L):
    y = np.linalg.solve(L.T, (data - mean).T)
    return -(len(mean) * np.log(2 * np.pi) + (y**2).sum(axis=0)) / 2 - np.log(np.diag(L)).sum()


# %% wrong: correlations ignored
# says: only the diagonal of `L` was used
def log_density(data, mean, L):
    scales = np.diag(L)
    y = (data - mean) / scales
    return -(len(mean) * np.log(2 * np.pi) + (y**2).sum(axis=1)) / 2 - np.log(scales).sum()


# %% wrong: the half forgotten
# says: the factor 1/2 before $y^{\mathsf T} y$ is missing
def log_density(data, mean, L):
    y = np.linalg.solve(L, (data - mean).T)
    constant = 0.5 * len(mean) * np.log(2 * np.pi)
    return -constant - (y**2).sum(axis=0) - np.log(np.diag(L)).sum()


# %% wrong: the norm instead of its square
# says: the length of `y` was taken instead of its square
def log_density(data, mean, L):
    y = np.linalg.solve(L, (data - mean).T)
    distance = np.linalg.norm(y, axis=0)
    return -(len(mean) * np.log(2 * np.pi) + distance) / 2 - np.log(np.diag(L)).sum()


# %% wrong: the density itself
# says: That is the density
def log_density(data, mean, L):
    return np.atleast_1d(multivariate_normal(mean, L @ L.T).pdf(data))


# %% wrong: the logarithm of an underflown density
# says: underflows to 0
def log_density(data, mean, L):
    y = np.linalg.solve(L, (data - mean).T)
    scale = np.sqrt(2 * np.pi) ** len(mean) * np.prod(np.diag(L))
    return np.log(np.exp(-(y**2).sum(axis=0) / 2) / scale)


# %% wrong: one sum over all points
# says: the log-densities of all points were added
def log_density(data, mean, L):
    return multivariate_normal(mean, L @ L.T).logpdf(data).sum()


# %% wrong: mean not subtracted
# says: `mean` was not subtracted
def log_density(data, mean, L):
    y = np.linalg.solve(L, data.T)
    return -(len(mean) * np.log(2 * np.pi) + (y**2).sum(axis=0)) / 2 - np.log(np.diag(L)).sum()


# %% wrong: data centred in place
# says: changes its argument `data` in place
def log_density(data, mean, L):
    data -= mean
    y = np.linalg.solve(L, data.T)
    return -(len(mean) * np.log(2 * np.pi) + (y**2).sum(axis=0)) / 2 - np.log(np.diag(L)).sum()


# %% wrong: printed, not returned
# says: replace the `print` by a `return`
def log_density(data, mean, L):
    print(multivariate_normal(mean, L @ L.T).logpdf(data))


# %% right: an explicit inverse, single precision
def log_density(data, mean, L):
    y = np.linalg.inv(L) @ (np.asarray(data) - mean).T
    value = (
        -(L.shape[0] * np.log(2 * np.pi) + np.einsum("an,an->n", y, y)) / 2
        - np.log(np.diag(L)).sum()
    )
    return value.astype(np.float32)


# %% wrong: sign of the exponent
# says: The exponent has the wrong sign
def log_density(data, mean, L):
    y = np.linalg.solve(L, (data - mean).T)
    return (
        -0.5 * len(mean) * np.log(2 * np.pi) + 0.5 * (y**2).sum(axis=0) - np.log(np.diag(L)).sum()
    )


# %% wrong: logarithms to base 10
# says: It looks as if a logarithm was to base 10
def log_density(data, mean, L):
    y = np.linalg.solve(L, (data - mean).T)
    return (
        -0.5 * (len(mean) * np.log10(2 * np.pi) + (y**2).sum(axis=0)) - np.log10(np.diag(L)).sum()
    )


# %% wrong: a column
# says: here `(3,)`. Yours is an array of shape `(3, 1)`
def log_density(data, mean, L):
    y = np.linalg.solve(L, (data - mean).T)
    v = -0.5 * (len(mean) * np.log(2 * np.pi) + (y**2).sum(axis=0)) - np.log(np.diag(L)).sum()
    return v[:, None]
