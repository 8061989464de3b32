# ruff: noqa: F811
# mypy: ignore-errors
import math

import numpy as np
from numpy.linalg import norm


# %% right: arrays
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    length = max(1, norm(r) / norm(v)) if v.any() else 1
    return length, theta_0 + 2 * length * r + length**2 * v


# %% right: loops in plain Python
def leap(theta_0, theta_1, theta_2):
    r = [b - a for a, b in zip(theta_0, theta_1)]
    v = [c - 2 * b + a for a, b, c in zip(theta_0, theta_1, theta_2)]
    above, below = (math.sqrt(sum(x * x for x in arrow)) for arrow in (r, v))
    s = 1.0 if below == 0 or above < below else above / below
    return s, [a + 2 * s * x + s * s * y for a, x, y in zip(theta_0, r, v)]


# %% right: a difference of differences, single precision
def leap(theta_0, theta_1, theta_2):
    points = np.array([theta_0, theta_1, theta_2])
    r, v = np.diff(points, axis=0)[0], np.diff(points, 2, axis=0)[0]
    with np.errstate(all="ignore"):
        s = np.nan_to_num(np.sqrt(r @ r) / np.sqrt(v @ v), nan=1, posinf=1)
    s = max(s, 1)
    return np.float32(s), np.float32(theta_0 + s * (2 * r + s * v))


# %% right: the negative length of the paper inside
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = (theta_2 - theta_1) - r
    if not np.any(v):
        return 1.0, theta_2
    a = min(-1.0, -norm(r) / norm(v))
    return -a, theta_0 - 2 * a * r + a**2 * v


# %% wrong: second step for its change
# says: the second step minus the first
def leap(theta_0, theta_1, theta_2):
    r, v = theta_1 - theta_0, theta_2 - theta_1
    s = max(1, norm(r) / norm(v))
    return s, theta_0 + 2 * s * r + s**2 * v


# %% wrong: no lower limit
# says: `length` is at least 1
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = norm(r) / norm(v) if v.any() else 1
    return s, theta_0 + 2 * s * r + s**2 * v


# %% wrong: equal steps not thought of
# says: there is nothing to divide by
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    with np.errstate(all="ignore"):
        s = max(1, norm(r) / norm(v))
    return s, theta_0 + 2 * s * r + s**2 * v


# %% wrong: factor two forgotten
# says: It counts twice that
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, norm(r) / norm(v)) if v.any() else 1
    return s, theta_0 + s * r + s**2 * v


# %% wrong: length not squared
# says: The length is squared there
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, norm(r) / norm(v)) if v.any() else 1
    return s, theta_0 + 2 * s * r + s * v


# %% wrong: upside down
# says: is the inverse
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, norm(v) / norm(r))
    return s, theta_0 + 2 * s * r + s**2 * v


# %% wrong: squared lengths
# says: quotient of the squared lengths
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, (r @ r) / (v @ v)) if v.any() else 1
    return s, theta_0 + 2 * s * r + s**2 * v


# %% wrong: sums of absolute values
# says: measure with sums of absolute values
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, abs(r).sum() / abs(v).sum()) if v.any() else 1
    return s, theta_0 + 2 * s * r + s**2 * v


# %% wrong: the paper's sign
# says: is negative
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    a = min(-1, -norm(r) / norm(v)) if v.any() else -1
    return a, theta_0 - 2 * a * r + a**2 * v


# %% wrong: from the last point
# says: begins at `theta_2`
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, norm(r) / norm(v)) if v.any() else 1
    return s, theta_2 + 2 * s * r + s**2 * v


# %% wrong: only the arrow
# says: Add it to `theta_0`
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, norm(r) / norm(v)) if v.any() else 1
    return s, 2 * s * r + s**2 * v


# %% wrong: a small change taken for none
# says: a small `v` counted as 0
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = 1.0 if np.isclose(v, 0).all() else max(1.0, norm(r) / norm(v))
    return s, theta_0 + 2 * s * r + s**2 * v


# %% wrong: where it lands in an array that takes the type of the start
# says: without decimals where `theta_0` holds whole numbers
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, norm(r) / norm(v)) if norm(v) > 0 else 1
    theta = np.empty_like(theta_0)
    for c in range(len(theta)):
        theta[c] = theta_0[c] + 2 * s * r[c] + s * s * v[c]
    return s, theta


# %% wrong: the change taken for 0 if it adds up to 0
# says: `length` is 1 but should be larger
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    length = max(1.0, np.linalg.norm(r) / np.linalg.norm(v)) if v.sum() else 1.0
    return length, theta_0 + 2 * length * r + length**2 * v


# %% wrong: never below 0
# says: what should be negative is 0
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    length = max(1.0, np.linalg.norm(r) / np.linalg.norm(v)) if v.any() else 1.0
    return length, np.clip(theta_0 + 2 * length * r + length**2 * v, 0, None)


# %% wrong: at most 100 steps long
# says: but should be
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = (theta_2 - theta_1) - r
    size = np.linalg.norm(v)
    s = 1.0 if size == 0 else float(np.clip(np.linalg.norm(r) / size, 1.0, 100.0))
    return s, theta_0 + 2 * s * r + s**2 * v


# %% wrong: along the second step
# says: Your `theta` lies on the line of the last step
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, norm(r) / norm(v)) if v.any() else 1
    return s, theta_1 + s * (theta_2 - theta_1)


# %% wrong: the largest coordinates
# says: Your `length` seems to measure by the largest coordinate
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, norm(r, np.inf) / norm(v, np.inf)) if v.any() else 1
    return s, theta_0 + 2 * s * r + s**2 * v


# %% wrong: no length worked out
# says: Your `length` is always 1
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    length = 1.0
    return length, theta_0 + 2 * length * r + length**2 * v


# %% wrong: the paper's formula with a positive length
# says: In your `theta` the first step is subtracted
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, norm(r) / norm(v)) if v.any() else 1
    return s, theta_0 - 2 * s * r + s**2 * v


# %% wrong: the change the other way round
# says: In your `theta` the change of the step is subtracted
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = r - (theta_2 - theta_1)
    s = max(1, norm(r) / norm(v)) if v.any() else 1
    return s, theta_0 + 2 * s * r + s**2 * v


# %% wrong: from the middle point
# says: Your leap begins at `theta_1`
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, norm(r) / norm(v)) if v.any() else 1
    return s, theta_1 + 2 * s * r + s**2 * v


# %% wrong: the length not used
# says: Your `theta` is `theta_2`
def leap(theta_0, theta_1, theta_2):
    r = theta_1 - theta_0
    v = theta_2 - theta_1 - r
    s = max(1, norm(r) / norm(v)) if v.any() else 1
    return s, theta_0 + 2 * r + v
