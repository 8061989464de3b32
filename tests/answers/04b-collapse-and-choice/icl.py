# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from scipy.special import entr, rel_entr, xlogy
from scipy.stats import entropy as entropy_of


# %% right: entr
def icl(bic, responsibilities):
    entropy = entr(responsibilities).sum()
    return entropy, bic + 2 * entropy


# %% right: loops, zeros left out
def icl(bic, responsibilities):
    entropy = 0.0
    for row in responsibilities:
        for r in row:
            if r > 0:
                entropy -= r * math.log(r)
    return entropy, bic + 2 * entropy


# %% right: np.where, single precision
def icl(bic, responsibilities):
    r = np.float32(responsibilities)
    logs = np.log(np.where(r == 0, 1, r))
    H = -(r * logs).sum()
    return [H, np.float32(bic) + 2 * H]


# %% right: scipy's entropy of each row
def icl(bic, responsibilities):
    H = sum(entropy_of(row) for row in responsibilities)
    return H, 2 * H + bic


# %% right: a tiny number inside the logarithm
def icl(bic, responsibilities):
    H = -np.sum(responsibilities * np.log(responsibilities + 1e-12))
    return H, bic + 2 * H


# %% right: rel_entr against ones
def icl(bic, responsibilities):
    H = -rel_entr(responsibilities, np.ones_like(responsibilities)).sum()
    return np.array([H]), np.array([bic + 2 * H])


# %% wrong: zeros not thought of
# says: $0 \log 0$ counts as 0
def icl(bic, responsibilities):
    with np.errstate(all="ignore"):
        H = -np.sum(responsibilities * np.log(responsibilities))
    return H, bic + 2 * H


# %% wrong: the sign of the entropy
# says: no entropy is negative
def icl(bic, responsibilities):
    H = xlogy(responsibilities, responsibilities).sum()
    return H, bic + 2 * H


# %% wrong: the sign of the entropy, mended in the sum
# says: no entropy is negative
def icl(bic, responsibilities):
    H = xlogy(responsibilities, responsibilities).sum()
    return H, bic - 2 * H


# %% wrong: mean over the points
# says: the mean over the points was taken
def icl(bic, responsibilities):
    H = entr(responsibilities).sum(axis=1).mean()
    return H, bic + 2 * H


# %% wrong: entropy of the mixing weights
# says: Each point has an entropy of its own; take these first
def icl(bic, responsibilities):
    H = entr(responsibilities.mean(axis=0)).sum()
    return H, bic + 2 * H


# %% wrong: n times the entropy of the mixing weights
# says: and the result multiplied by `n`
def icl(bic, responsibilities):
    H = len(responsibilities) * entr(responsibilities.mean(axis=0)).sum()
    return H, bic + 2 * H


# %% wrong: the most probable component alone
# says: only the largest responsibility of each point
def icl(bic, responsibilities):
    H = -np.log(responsibilities.max(axis=1)).sum()
    return H, bic + 2 * H


# %% wrong: the largest term alone
# says: only the largest responsibility of each point
def icl(bic, responsibilities):
    H = entr(responsibilities.max(axis=1)).sum()
    return H, bic + 2 * H


# %% wrong: the first column alone
# says: only one column of the responsibilities
def icl(bic, responsibilities):
    H = entr(responsibilities[:, 0]).sum()
    return H, bic + 2 * H


# %% wrong: bits
# says: to base 2
def icl(bic, responsibilities):
    H = entr(responsibilities).sum() / np.log(2)
    return H, bic + 2 * H


# %% wrong: base 10
# says: to base 10
def icl(bic, responsibilities):
    r = responsibilities[responsibilities > 0]
    H = -(r * np.log10(r)).sum()
    return H, bic + 2 * H


# %% wrong: subtracted
# says: the entropy was subtracted
def icl(bic, responsibilities):
    H = entr(responsibilities).sum()
    return H, bic - 2 * H


# %% wrong: added once
# says: the entropy was added once
def icl(bic, responsibilities):
    H = entr(responsibilities).sum()
    return H, bic + H


# %% wrong: bic forgotten
# says: `bic` is missing
def icl(bic, responsibilities):
    H = entr(responsibilities).sum()
    return H, 2 * H


# %% wrong: bic returned
# says: That is `bic` itself
def icl(bic, responsibilities):
    return entr(responsibilities).sum(), bic


# %% wrong: the other order
# says: The results are right but in another order
def icl(bic, responsibilities):
    H = entr(responsibilities).sum()
    return bic + 2 * H, H


# %% wrong: whole numbers
# says: `entropy` is right but for the decimals
def icl(bic, responsibilities):
    H = entr(responsibilities).sum()
    return int(H), bic + 2 * H


# %% wrong: return inside the loop
# says: only the first row was worked out
def icl(bic, responsibilities):
    entropy = 0
    for row in responsibilities:
        for r in row[row > 0]:
            entropy -= r * np.log(r)
        return entropy, bic + 2 * entropy


# %% wrong: rows with a zero dropped
# says: a whole row was left out
def icl(bic, responsibilities):
    rows = responsibilities[(responsibilities > 0).all(axis=1)]
    entropy = -np.sum(rows * np.log(rows))
    return entropy, bic + 2 * entropy


# %% wrong: scipy's entropy along the columns
# says: as `scipy.stats.entropy` does along
def icl(bic, responsibilities):
    H = entropy_of(responsibilities).sum()
    return H, bic + 2 * H


# %% wrong: variances of the labels
# says: It looks as if r (1 - r) was added up
def icl(bic, responsibilities):
    doubt = np.sum(responsibilities * (1 - responsibilities))
    return doubt, bic + 2 * doubt


# %% wrong: minus bic
# says: `bic` was taken without its sign, or with the other one
def icl(bic, responsibilities):
    H = entr(responsibilities).sum()
    return H, 2 * H - bic
