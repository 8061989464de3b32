# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import gamma, gammaln, logsumexp, softmax, xlogy
from scipy.stats import poisson


def shares(rates, alpha, counts):
    joint = np.log(alpha) + poisson.logpmf(counts[:, None], rates)
    return softmax(joint, axis=1), logsumexp(joint, axis=1)


# %% right: scipy's Poisson distribution
def poisson_em_step(rates, alpha, counts, days):
    joint = np.log(alpha) + poisson.logpmf(counts[:, None], rates)
    r = softmax(joint, axis=1) * days[:, None]
    N = r.sum(axis=0)
    return counts @ r / N, N / N.sum(), days @ logsumexp(joint, axis=1)


# %% right: loops
def poisson_em_step(rates, alpha, counts, days):
    k, total = len(rates), 0.0
    N, S = [0.0] * k, [0.0] * k
    for x, d in zip(counts.tolist(), days.tolist()):
        logs = [
            math.log(alpha[j]) + x * math.log(rates[j]) - rates[j] - math.lgamma(x + 1)
            for j in range(k)
        ]
        top = max(logs)
        row = top + math.log(sum(math.exp(log - top) for log in logs))
        total += d * row
        for j in range(k):
            share = math.exp(logs[j] - row)
            N[j] += d * share
            S[j] += d * share * x
    return [s / n for s, n in zip(S, N)], [n / sum(N) for n in N], total


# %% right: the days typed in one by one
def poisson_em_step(rates, alpha, counts, days):
    x = np.repeat(counts, days)
    r, rows = shares(rates, alpha, x)
    new = [np.average(x, weights=r[:, j]) for j in range(len(rates))]
    return np.array(new), r.mean(0), sum(rows)


# %% right: einsum, single precision
def poisson_em_step(rates, alpha, counts, days):
    x = np.asarray(counts, float)
    joint = np.log(alpha) + xlogy(x[:, None], rates) - rates - gammaln(x + 1)[:, None]
    row = logsumexp(joint, axis=1)
    r = np.exp(joint - row[:, None])
    N = np.einsum("i,ij->j", days, r)
    S = np.einsum("i,i,ij->j", days, x, r)
    return np.float32(S / N), np.float32(N / days.sum()), np.float32(np.sum(days * row))


# %% wrong: days forgotten
# says: every count was observed on one day
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    return counts @ r / r.sum(axis=0), r.mean(axis=0), rows.sum()


# %% wrong: days forgotten in the log-likelihood
# says: `log_likelihood` counts every number of the list once
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    N = days @ r
    return (counts * days) @ r / N, N / N.sum(), rows.sum()


# %% wrong: days below the fraction bar forgotten
# says: count above the fraction bar and not below it
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    N = days @ r
    return (counts * days) @ r / r.sum(axis=0), N / N.sum(), days @ rows


# %% wrong: days as powers
# says: multiplied by `days` before the responsibilities
def poisson_em_step(rates, alpha, counts, days):
    joint = np.log(alpha) + poisson.logpmf(counts[:, None], rates)
    r = softmax(joint * days[:, None], axis=1)
    N = days @ r
    return (counts * days) @ r / N, N / N.sum(), days @ logsumexp(joint, axis=1)


# %% wrong: mixing weights left out
# says: the mixing weights `alpha` were left out
def poisson_em_step(rates, alpha, counts, days):
    joint = poisson.logpmf(counts[:, None], rates)
    r, N = softmax(joint, axis=1), days @ softmax(joint, axis=1)
    return (counts * days) @ r / N, N / N.sum(), days @ logsumexp(joint, axis=1)


# %% wrong: no exponential of the rate
# says: differs from component to component
def poisson_em_step(rates, alpha, counts, days):
    joint = np.log(alpha) + np.outer(counts, np.log(rates)) - gammaln(counts + 1)[:, None]
    r, N = softmax(joint, axis=1), days @ softmax(joint, axis=1)
    return (counts * days) @ r / N, N / N.sum(), days @ logsumexp(joint, axis=1)


# %% wrong: factorial left out
# says: lacks $\log x!$
def poisson_em_step(rates, alpha, counts, days):
    joint = np.log(alpha) + np.outer(counts, np.log(rates)) - rates
    r, N = softmax(joint, axis=1), days @ softmax(joint, axis=1)
    return (counts * days) @ r / N, N / N.sum(), days @ logsumexp(joint, axis=1)


# %% wrong: probabilities instead of their logarithms
# says: too large for floating-point numbers
def poisson_em_step(rates, alpha, counts, days):
    x = counts[:, None]
    s = alpha * rates**x * np.exp(-rates) / gamma(x + 1)
    row = s.sum(axis=1, keepdims=True)
    N = days @ (s / row)
    return (counts * days) @ (s / row) / N, N / N.sum(), days @ np.log(row[:, 0])


# %% wrong: hard assignment
# says: hard assignment
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    r = np.eye(len(rates))[r.argmax(axis=1)]
    N = days @ r
    return (counts * days) @ r / N, N / N.sum(), days @ rows


# %% wrong: divided by all days
# says: divided by the number of all days
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    N = days @ r
    return (counts * days) @ r / days.sum(), N / N.sum(), days @ rows


# %% wrong: alpha over the length of the list
# says: divided by the length of the list
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    N = days @ r
    return (counts * days) @ r / N, N / len(counts), days @ rows


# %% wrong: log-likelihood after the step
# says: belongs to the new parameters
def poisson_em_step(rates, alpha, counts, days):
    r = shares(rates, alpha, counts)[0]
    N = days @ r
    rates, alpha = (counts * days) @ r / N, N / N.sum()
    return rates, alpha, days @ shares(rates, alpha, counts)[1]


# %% wrong: another order
# says: The results are right but in another order
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    N = days @ r
    return N / N.sum(), (counts * days) @ r / N, days @ rows


# %% wrong: new rates in an array that takes the type of the old ones
# says: without decimals where `rates` holds whole numbers
def poisson_em_step(rates, alpha, counts, days):
    logs = np.log(alpha) + poisson.logpmf(counts[:, None], rates)
    r = softmax(logs, axis=1) * days[:, None]
    new = np.empty_like(rates)
    new[:] = counts @ r / r.sum(axis=0)
    return new, r.sum(axis=0) / days.sum(), days @ logsumexp(logs, axis=1)


# %% wrong: a component keeps a thousandth of the days
# says: `rates[0]` is
def poisson_em_step(rates, alpha, counts, days):
    logs = np.log(np.maximum(alpha, 1e-3)) + poisson.logpmf(counts[:, None], rates)
    r = softmax(logs, axis=1) * days[:, None]
    return counts @ r / r.sum(axis=0), r.sum(axis=0) / days.sum(), days @ logsumexp(logs, axis=1)


# %% wrong: every kind of day equally frequent
# says: every kind of day had the same weight
def poisson_em_step(rates, alpha, counts, days):
    k = len(rates)
    joint = np.log(np.full(k, 1 / k)) + poisson.logpmf(counts[:, None], rates)
    r, N = softmax(joint, axis=1), days @ softmax(joint, axis=1)
    return (counts * days) @ r / N, N / N.sum(), days @ logsumexp(joint, axis=1)


# %% wrong: rate not raised to the count
# says: the logarithm of a rate is multiplied by the count
def poisson_em_step(rates, alpha, counts, days):
    joint = np.log(alpha) + np.log(rates) - rates - gammaln(counts + 1)[:, None]
    r, N = softmax(joint, axis=1), days @ softmax(joint, axis=1)
    return (counts * days) @ r / N, N / N.sum(), days @ logsumexp(joint, axis=1)


# %% wrong: alpha times the logarithm
# says: It looks as if a logarithm was multiplied by `alpha`
def poisson_em_step(rates, alpha, counts, days):
    joint = alpha * poisson.logpmf(counts[:, None], rates)
    r, N = softmax(joint, axis=1), days @ softmax(joint, axis=1)
    return (counts * days) @ r / N, N / N.sum(), days @ logsumexp(joint, axis=1)


# %% wrong: normalised over the counts
# says: normalised over the counts instead of the
def poisson_em_step(rates, alpha, counts, days):
    joint = np.log(alpha) + poisson.logpmf(counts[:, None], rates)
    r = np.exp(joint - logsumexp(joint, axis=0))
    N = days @ r
    return (counts * days) @ r / N, N / days.sum(), days @ logsumexp(joint, axis=1)


# %% wrong: days forgotten in the rates
# says: Your `rates` count every number of the list once
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    return counts @ r / r.sum(axis=0), days @ r / days.sum(), days @ rows


# %% wrong: expected sums of counts
# says: Your `rates` are expected sums of counts
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    return (counts * days) @ r, days @ r / days.sum(), days @ rows


# %% wrong: the old rates returned
# says: Your `rates` are the old ones
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    N = days @ r
    new = (counts * days) @ r / N, N / N.sum()
    return rates, new[1], days @ rows


# %% wrong: days forgotten in alpha
# says: Your `alpha` counts every number of the list once
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    return (counts * days) @ r / (days @ r), r.mean(axis=0), days @ rows


# %% wrong: expected days for alpha
# says: Your `alpha` holds expected numbers of days
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    N = days @ r
    return (counts * days) @ r / N, N, days @ rows


# %% wrong: the old alpha returned
# says: Your `alpha` is the old one
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    rates = (counts * days) @ r / (days @ r)
    return rates, alpha, days @ rows


# %% wrong: new shares before alpha
# says: It looks as if a second E-step was made, with the new rates
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    rates = (counts * days) @ r / (days @ r)
    r, _ = shares(rates, alpha, counts)
    return rates, days @ r / days.sum(), days @ rows


# %% wrong: expected log-likelihood
# says: the expected log-likelihood of the complete data
def poisson_em_step(rates, alpha, counts, days):
    joint = np.log(alpha) + poisson.logpmf(counts[:, None], rates)
    r = softmax(joint, axis=1) * days[:, None]
    N = r.sum(axis=0)
    return counts @ r / N, N / N.sum(), np.sum(r * joint)


# %% wrong: log-likelihood of a day
# says: Your `log_likelihood` is a mean over the days
def poisson_em_step(rates, alpha, counts, days):
    r, rows = shares(rates, alpha, counts)
    N = days @ r
    return (counts * days) @ r / N, N / N.sum(), np.average(rows, weights=days)


# %% wrong: shares over the counts, weights by their own sum
# says: the responsibilities were normalised over the counts instead of the components
def poisson_em_step(rates, alpha, counts, days):
    x = counts[:, None]
    log_joint = np.log(alpha) + x * np.log(rates) - rates - gammaln(x + 1)
    log_density = np.logaddexp.reduce(log_joint, axis=1)
    r = np.exp(log_joint - np.logaddexp.reduce(log_joint, axis=0))
    N = days @ r
    return (days * counts) @ r / N, N / N.sum(), days @ log_density
