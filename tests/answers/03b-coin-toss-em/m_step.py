# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np


# %% right: vectorised
def m_step(responsibilities, heads, flips):
    r = responsibilities
    return (r * heads[:, None]).sum(axis=0) / (r * flips[:, None]).sum(axis=0)


# %% right: loops, returned as a list
def m_step(responsibilities, heads, flips):
    theta = []
    for j in range(responsibilities.shape[1]):
        expected_heads = expected_flips = 0
        for i in range(len(heads)):
            expected_heads += responsibilities[i, j] * heads[i]
            expected_flips += responsibilities[i, j] * flips[i]
        theta.append(expected_heads / expected_flips)
    return theta


# %% right: einsum, heads and tails counted
def m_step(r, heads, flips):
    heads_and_tails = np.einsum("ij,ci->cj", r, np.stack([heads, flips - heads]))
    return heads_and_tails[0] / heads_and_tails.sum(axis=0)


# %% right: weighted averages in single precision
def m_step(responsibilities, heads, flips):
    r = responsibilities.astype(np.float32)
    weights = r * flips[:, None].astype(np.float32)
    return np.average((heads / flips)[:, None] * np.ones_like(r), axis=0, weights=weights)


# %% wrong: mean of ratios
# says: averaged the rows' proportions
def m_step(responsibilities, heads, flips):
    r = responsibilities
    return np.average(np.outer(heads / flips, np.ones(r.shape[1])), axis=0, weights=r)


# %% wrong: divided by the number of rows
# says: divided by the number of rows
def m_step(responsibilities, heads, flips):
    return (responsibilities * heads[:, None]).mean(axis=0)


# %% wrong: divided by all flips
# says: divided by all flips
def m_step(responsibilities, heads, flips):
    return responsibilities.T @ heads / sum(flips)


# %% wrong: divided by the expected rows
# says: divided by the expected number of rows
def m_step(responsibilities, heads, flips):
    return responsibilities.T @ heads / responsibilities.sum(axis=0)


# %% wrong: hard assignment
# says: hard assignment
def m_step(responsibilities, heads, flips):
    z = responsibilities.argmax(axis=1)
    k = responsibilities.shape[1]
    return np.array([heads[z == j].sum() / flips[z == j].sum() for j in range(k)])


# %% wrong: tails counted
# says: estimated the probability of tails
def m_step(responsibilities, heads, flips):
    return ((flips - heads) @ responsibilities) / (flips @ responsibilities)


# %% wrong: odds
# says: those are the odds
def m_step(responsibilities, heads, flips):
    return (heads @ responsibilities) / ((flips - heads) @ responsibilities)


# %% wrong: the first row's flips for all rows
# says: every row had the same number of flips
def m_step(responsibilities, heads, flips):
    return (heads @ responsibilities) / (flips[0] * responsibilities.sum(axis=0))


# %% wrong: responsibilities ignored
# says: the responsibilities were not used
def m_step(responsibilities, heads, flips):
    return np.repeat(heads.sum() / flips.sum(), responsibilities.shape[1])


# %% wrong: mixing weights
# says: returned the mixing weights
def m_step(responsibilities, heads, flips):
    return responsibilities.mean(axis=0)


# %% wrong: summed over the coins
# says: summed over the coins
def m_step(responsibilities, heads, flips):
    h, n = heads[:, None] * responsibilities, flips[:, None] * responsibilities
    return h.sum(axis=1) / n.sum(axis=1)


# %% wrong: a row too many
# says: should be an array of shape (k,)
def m_step(responsibilities, heads, flips):
    h, n = heads[:, None] * responsibilities, flips[:, None] * responsibilities
    return h.sum(axis=0, keepdims=True) / n.sum(axis=0, keepdims=True)


# %% wrong: nothing returned
# says: It returned `None`
def m_step(responsibilities, heads, flips):
    theta = (heads @ responsibilities) / (flips @ responsibilities)  # noqa: F841


# %% wrong: the responsibilities changed in place
# says: changes its argument `responsibilities` in place
def m_step(responsibilities, heads, flips):
    expected_flips = flips @ responsibilities
    responsibilities *= heads[:, None]
    return responsibilities.sum(axis=0) / expected_flips


# %% wrong: theta made to sum to 1
# says: Your numbers sum to 1
def m_step(responsibilities, heads, flips):
    theta = (heads @ responsibilities) / (flips @ responsibilities)
    return theta / theta.sum()


# %% right: proportions averaged with the right weights
def m_step(responsibilities, heads, flips):
    rates = heads / flips
    return np.array([np.average(rates, weights=r * flips) for r in responsibilities.T])


# %% wrong: the mean number of flips for all rows
# says: the mean number of flips
def m_step(responsibilities, heads, flips):
    return (heads @ responsibilities) / (flips.mean() * responsibilities.sum(axis=0))


# %% wrong: pseudo-counts
# says: a head and a tail were added
def m_step(responsibilities, heads, flips):
    return (heads @ responsibilities + 1) / (flips @ responsibilities + 2)


# %% wrong: the weighted estimate of notebook 2
# says: returned the mixing weights as well
def m_step(responsibilities, heads, flips):
    alpha = responsibilities.sum(axis=0) / responsibilities.sum()
    theta = (heads @ responsibilities) / (flips @ responsibilities)
    return alpha, theta


# %% wrong: expected counts
# says: returned expected heads and tails
def m_step(responsibilities, heads, flips):
    return heads @ responsibilities, (flips - heads) @ responsibilities


# %% wrong: two coins only
# says: only two coins were counted
def m_step(responsibilities, heads, flips):
    r = responsibilities[:, 0]
    return np.array([r @ heads / (r @ flips), (1 - r) @ heads / ((1 - r) @ flips)])


# %% wrong: not divided
# says: expected numbers of heads
def m_step(responsibilities, heads, flips):
    r = responsibilities
    return heads @ r


# %% wrong: all flips for every coin
# says: only the heads were weighted by the responsibilities. The flips
def m_step(responsibilities, heads, flips):
    r = responsibilities
    return (heads @ r) / (flips.sum() / r.shape[1])


# %% wrong: all tails for every coin
# says: only the heads were weighted by the responsibilities. The tails
def m_step(responsibilities, heads, flips):
    r = responsibilities
    return (heads @ r) / (heads @ r + (flips - heads).sum())


# %% wrong: ten flips, as in the text
# says: every row had ten flips
def m_step(responsibilities, heads, flips):
    r = responsibilities
    return (heads @ r) / (10 * r.sum(axis=0))


# %% wrong: divided by the heads of all coins
# says: the expected heads of all coins
def m_step(responsibilities, heads, flips):
    r = responsibilities
    return (heads @ r) / (heads @ r).sum()


# %% wrong: sorted
# says: right but sorted
def m_step(responsibilities, heads, flips):
    r = responsibilities
    return np.sort((heads @ r) / (flips @ r))


# %% wrong: something small below the line, lest it be 0
# says: a small number was added to what something is divided by
def m_step(responsibilities, heads, flips):
    return (heads @ responsibilities) / (flips @ responsibilities + 1e-8)


# %% wrong: mean of the weighted proportions
# says: averaged the rows' proportions of heads, and divided by the number of rows
def m_step(responsibilities, heads, flips):
    share = heads / flips
    return (responsibilities * share[:, None]).mean(axis=0)
