# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import rel_entr, xlogy
from scipy.stats import entropy


# %% right: rel_entr
def kl(q, p):
    return rel_entr(q, p).sum()


# %% right: a loop with math
def kl(q, p):
    total = 0.0
    for a, b in zip(q, p):
        if a == 0:
            continue
        if b == 0:
            return math.inf
        total += a * (math.log(a) - math.log(b))
    return total


# %% right: np.where, which warns
def kl(q, p):
    return np.sum(np.where(q > 0, q * np.log(q / p), 0))


# %% right: scipy.stats
def kl(q, p):
    return entropy(q, p)


# %% right: cross-entropy less entropy
def kl(q, p):
    return np.sum(xlogy(q, q)) - np.sum(xlogy(q, p))


# %% right: infinity from NumPy itself
def kl(q, p):
    m = q != 0
    with np.errstate(divide="ignore"):
        return np.einsum("j,j", q[m], np.log(q[m]) - np.log(p[m]))


# %% wrong: arguments swapped
# says: KL(q || p) averages under its first argument
def kl(q, p):
    return rel_entr(p, q).sum()


# %% wrong: zeros not treated
# says: `0 * np.log(0)` is `nan` in NumPy
def kl(q, p):
    return np.sum(q * np.log(q / p))


# %% wrong: zeros not treated, with math
# says: `0 * np.log(0)` is `nan` in NumPy
def kl(q, p):
    return sum(a * math.log(a / b) for a, b in zip(q, p))


# %% wrong: zeros of p left out, too
# says: It looks as if such terms were left out
def kl(q, p):
    used = (q > 0) & (p > 0)
    return np.sum(q[used] * np.log(q[used] / p[used]))


# %% wrong: a small number added
# says: a small number was added so that nothing is 0
def kl(q, p):
    q, p = q + 1e-12, p + 1e-12
    return np.sum(q * np.log(q / p))


# %% wrong: divides by a zero of p
# says: It stopped with `ValueError
def kl(q, p):
    return sum(a * (math.log(a) - math.log(b)) for a, b in zip(q, p) if a > 0)


# %% wrong: the ratio upside down
# says: the ratio looks upside down
def kl(q, p):
    used = q > 0
    return np.sum(q[used] * (np.log(p[used]) - np.log(q[used])))


# %% wrong: base 2
# says: a logarithm to base 2
def kl(q, p):
    return rel_entr(q, p).sum() / np.log(2)


# %% wrong: cross-entropy
# says: that is the cross-entropy
def kl(q, p):
    return -np.sum(xlogy(q, p))


# %% wrong: any zero gives infinity
# says: A zero in `q` where `p` is positive makes nothing infinite
def kl(q, p):
    if np.any(q == 0) or np.any(p == 0):
        return np.inf
    return np.sum(q * np.log(q / p))


# %% wrong: made symmetric
# says: both directions were averaged
def kl(q, p):
    return (rel_entr(q, p).sum() + rel_entr(p, q).sum()) / 2


# %% wrong: logarithms not weighted
# says: was added up without weights
def kl(q, p):
    return np.sum(np.log(q / p))


# %% wrong: one number per term
# says: should be a single number
def kl(q, p):
    return rel_entr(q, p)


# %% wrong: any zero of p
# says: infinite only if `q` is positive there
def kl(q, p):
    if np.any(p == 0):
        return np.inf
    m = q > 0
    return np.sum(q[m] * np.log(q[m] / p[m]))


# %% wrong: nan_to_num
# says: replaced by a very large number
def kl(q, p):
    with np.errstate(all="ignore"):
        return np.nan_to_num(q * np.log(q / p)).sum()


# %% wrong: mean over the terms
# says: divided by the number of terms
def kl(q, p):
    return rel_entr(q, p).mean()


# %% wrong: the logarithm last
# says: the logarithm came after the mean
def kl(q, p):
    m = q > 0
    with np.errstate(divide="ignore"):
        return -np.log(np.sum(q[m] * (p[m] / q[m])))


# %% wrong: absolute values
# says: each term was made positive
def kl(q, p):
    m = q > 0
    with np.errstate(divide="ignore"):
        return np.sum(np.abs(q[m] * np.log(q[m] / p[m])))


# %% wrong: rescaled where both are positive
# says: made to sum to 1 again
def kl(q, p):
    m = (q > 0) & (p > 0)
    q, p = q[m] / q[m].sum(), p[m] / p[m].sum()
    return np.sum(q * np.log(q / p))


# %% wrong: minus infinity
# says: it is plus infinity
def kl(q, p):
    m = q > 0
    if np.any(p[m] == 0):
        return -np.inf
    return np.sum(q[m] * np.log(q[m] / p[m]))
