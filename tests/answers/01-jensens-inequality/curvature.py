# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np


# %% right: every chord against every point between its ends
def curvature(u, y):
    convex = concave = True
    for a in range(len(u)):
        for b in range(a + 2, len(u)):
            for m in range(a + 1, b):
                share = (u[m] - u[a]) / (u[b] - u[a])
                chord = (1 - share) * y[a] + share * y[b]
                convex = convex and y[m] <= chord + 1e-9
                concave = concave and y[m] >= chord - 1e-9
    return convex, concave


# %% right: slopes in a loop, returned as a list
def curvature(u, y):
    slopes = [(y[j + 1] - y[j]) / (u[j + 1] - u[j]) for j in range(len(u) - 1)]
    pairs = [slopes[j : j + 2] for j in range(len(slopes) - 1)]
    return [all(b - a >= -1e-9 for a, b in pairs), all(b - a <= 1e-9 for a, b in pairs)]


# %% right: middle points above or below their neighbours' chord, as 0 and 1
def curvature(u, y):
    left, right = np.diff(u)[:-1], np.diff(u)[1:]
    chord = (y[:-2] * right + y[2:] * left) / (left + right)
    return float((y[1:-1] <= chord + 1e-9).all()), float((y[1:-1] >= chord - 1e-9).all())


# %% right: concave is the convexity of minus y
def curvature(u, y):
    def rises(values):
        slopes = np.diff(values) / np.diff(u)
        return np.min(np.diff(slopes)) > -1e-9

    return rises(y), rises(-y)


# %% right: cross products instead of slopes
def curvature(u, y):
    du, dy = np.diff(u), np.diff(y)
    cross = du[:-1] * dy[1:] - dy[:-1] * du[1:]
    return (cross > -1e-9).all(), (cross < 1e-9).all()


# %% right: second divided differences
def curvature(u, y):
    d1 = np.diff(y) / np.diff(u)
    d2 = np.diff(d1) / (np.asarray(u)[2:] - np.asarray(u)[:-2])
    return [bool(d2.min() >= -1e-9), bool(d2.max() <= 1e-9)]


# %% wrong: convex and concave swapped
# says: a curve that bends upwards, as the square does, is convex
def curvature(u, y):
    slopes = np.diff(y) / np.diff(u)
    return np.all(np.diff(slopes) <= 1e-9), np.all(np.diff(slopes) >= -1e-9)


# %% wrong: second differences without the spacing
# says: as if all places in `u` were equally far apart
def curvature(u, y):
    second = y[2:] - 2 * y[1:-1] + y[:-2]
    return np.all(second >= -1e-9), np.all(second <= 1e-9)


# %% wrong: strictly convex or concave only
# says: A straight line is its own chord
def curvature(u, y):
    bends = np.diff(np.diff(y) / np.diff(u))
    return np.all(bends > 1e-9), np.all(bends < -1e-9)


# %% wrong: rounding counted as bending
# says: are rounding and should not count
def curvature(u, y):
    slopes = np.diff(y) / np.diff(u)
    return np.all(slopes[1:] >= slopes[:-1]), np.all(slopes[1:] <= slopes[:-1])


# %% wrong: increasing taken for convex
# says: whether its *slope* rises or falls
def curvature(u, y):
    return np.all(y[1:] >= y[:-1]), np.all(y[1:] <= y[:-1])


# %% wrong: one long chord
# says: only the chord from the first point to the last was tested
def curvature(u, y):
    chord = y[0] + (y[-1] - y[0]) * (u - u[0]) / (u[-1] - u[0])
    return np.all(y <= chord + 1e-9), np.all(y >= chord - 1e-9)


# %% wrong: concave whenever it is not convex
# says: `concave` was taken to mean `not convex`
def curvature(u, y):
    convex = np.all(np.diff(np.diff(y) / np.diff(u)) >= -1e-9)
    return convex, not convex


# %% wrong: some bend is enough
# says: one place that bends the right way was enough
def curvature(u, y):
    bends = np.diff(np.diff(y) / np.diff(u))
    return np.any(bends >= 0), np.any(bends <= 0)


# %% wrong: returns from the first turn of the loop
# says: only the first three points were tested
def curvature(u, y):
    for j in range(len(u) - 2):
        before = (y[j + 1] - y[j]) / (u[j + 1] - u[j])
        after = (y[j + 2] - y[j + 1]) / (u[j + 2] - u[j + 1])
        return after >= before - 1e-9, after <= before + 1e-9


# %% wrong: a word instead of two truth values
# says: It should return 2 values
def curvature(u, y):
    bends = np.diff(np.diff(y) / np.diff(u))
    if np.all(bends >= -1e-9):
        return "convex"
    return "concave" if np.all(bends <= 1e-9) else "neither"


# %% wrong: prints
# says: replace the `print` by a `return`
def curvature(u, y):
    bends = np.diff(np.diff(y) / np.diff(u))
    print(np.all(bends >= -1e-9), np.all(bends <= 1e-9))


# %% wrong: middle of the neighbours
# says: as if all places in `u` were equally far apart
def curvature(u, y):
    mid = (y[:-2] + y[2:]) / 2
    return bool(np.all(y[1:-1] <= mid + 1e-9)), bool(np.all(y[1:-1] >= mid - 1e-9))


# %% wrong: np.gradient twice
# says: `np.gradient` was taken twice
def curvature(u, y):
    f2 = np.gradient(np.gradient(y, u), u)
    return np.all(f2 >= -1e-9), np.all(f2 <= 1e-9)


# %% wrong: the first bend decides
# says: is there a `return` inside the loop?
def curvature(u, y):
    for i in range(1, len(u) - 1):
        left = (y[i] - y[i - 1]) / (u[i] - u[i - 1])
        right = (y[i + 1] - y[i]) / (u[i + 1] - u[i])
        if right > left + 1e-9:
            return True, False
        if right < left - 1e-9:
            return False, True
    return True, True


# %% wrong: the loop ends one place early
# says: the last three points were not tested
def curvature(u, y):
    convex = concave = True
    for i in range(1, len(u) - 2):
        left = (y[i] - y[i - 1]) / (u[i] - u[i - 1])
        right = (y[i + 1] - y[i]) / (u[i + 1] - u[i])
        convex = convex and right >= left - 1e-9
        concave = concave and right <= left + 1e-9
    return convex, concave


# %% wrong: slopes upside down
# says: the slopes were taken upside down
def curvature(u, y):
    d = np.diff(np.diff(u) / np.diff(y))
    return np.all(d >= -1e-9), np.all(d <= 1e-9)


# %% wrong: a truth value for each place
# says: Yours is an array of shape
def curvature(u, y):
    d = np.diff(np.diff(y) / np.diff(u))
    return d >= -1e-9, d <= 1e-9
