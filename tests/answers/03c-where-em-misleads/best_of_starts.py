# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np
from scipy.special import logsumexp, softmax


def e_step(theta, alpha, heads, flips):
    log_p = np.outer(heads, np.log(theta)) + np.outer(flips - heads, np.log(1 - theta))
    log_p = np.log(alpha) + log_p
    return softmax(log_p, axis=1), logsumexp(log_p, axis=1).sum()


def em(theta, alpha, heads, flips, tol, max_iter):
    way = [(theta, e_step(theta, alpha, heads, flips)[1])]
    for _ in range(max_iter):
        r = e_step(theta, alpha, heads, flips)[0]
        theta = heads @ r / (flips @ r)
        way.append((theta, e_step(theta, alpha, heads, flips)[1]))
        if way[-1][1] - way[-2][1] < tol:
            break
    return tuple(map(np.array, zip(*way)))


# %% right: arrays
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    best = np.argmax(heights)
    return runs[best][0][-1], heights[best], np.sum(heights > heights.max() - 1e-4)


# %% right: max and lists
def best_of_starts(starts, alpha, heads, flips):
    ends = []
    for start in starts:
        thetas, lls = em(start, alpha, heads, flips, 1e-8, 1000)
        ends.append((float(lls[-1]), list(thetas[-1])))
    height, theta = max(ends)
    return theta, height, len([ll for ll, _ in ends if height - ll <= 1e-4])


# %% right: its own loop over all starts at once, the best in single precision
def best_of_starts(starts, alpha, heads, flips):
    thetas, going = np.array(starts), np.ones(len(starts), bool)
    for _ in range(1000):
        for i in np.flatnonzero(going):
            r, before = e_step(thetas[i], alpha, heads, flips)
            thetas[i] = heads @ r / (flips @ r)
            going[i] = e_step(thetas[i], alpha, heads, flips)[1] - before >= 1e-8
    heights = np.array([e_step(theta, alpha, heads, flips)[1] for theta in thetas])
    order = np.argsort(heights)
    near = np.isclose(heights, heights[order[-1]], rtol=0, atol=1e-4)
    return thetas[order[-1]].astype("float32"), heights[order[-1]], float(near.sum())


# %% wrong: a rise by a hair is no new optimum, so it keeps the second best
# says: should be smaller
def best_of_starts(starts, alpha, heads, flips):
    best, height, reached = None, -np.inf, 0
    for start in starts:
        thetas, lls = em(start, alpha, heads, flips, 1e-8, 1000)
        if lls[-1] > height + 1e-4:
            best, height, reached = thetas[-1], lls[-1], 1
        elif lls[-1] >= height - 1e-4:
            reached += 1
    return best, height, reached


# %% wrong: the lowest
# says: the run with the lowest log-likelihood was taken
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    best = np.argmin(heights)
    return runs[best][0][-1], heights[best], np.sum(heights < heights.min() + 1e-4)


# %% wrong: the last run, as the loop leaves it
# says: the run from the last start was taken
def best_of_starts(starts, alpha, heads, flips):
    ends = []
    for start in starts:
        thetas, lls = em(start, alpha, heads, flips, 1e-8, 1000)
        ends.append(lls[-1])
    return thetas[-1], lls[-1], np.sum(np.abs(np.array(ends) - lls[-1]) < 1e-4)


# %% wrong: the first run
# says: the run from the first start was taken
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    return runs[0][0][-1], heights[0], np.sum(np.abs(heights - heights[0]) < 1e-4)


# %% wrong: the best start
# says: the starts were compared
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    best = np.argmax([ll[0] for _, ll in runs])
    return runs[best][0][-1], heights[best], np.sum(np.abs(heights - heights[best]) < 1e-4)


# %% wrong: one iteration from each start
# says: EM made one iteration from each start
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    best = np.argmax(heights)
    return runs[best][0][-1], heights[best], np.sum(heights > heights.max() - 1e-4)


# %% wrong: equal weights
# says: every coin were picked equally often
def best_of_starts(starts, alpha, heads, flips):
    half = np.full(len(alpha), 1 / len(alpha))
    runs = [em(start, half, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    best = np.argmax(heights)
    return runs[best][0][-1], heights[best], np.sum(heights > heights.max() - 1e-4)


# %% wrong: theta of the last run
# says: Your `theta` is the end of the last run
def best_of_starts(starts, alpha, heads, flips):
    heights = []
    for start in starts:
        thetas, lls = em(start, alpha, heads, flips, 1e-8, 1000)
        heights.append(lls[-1])
    heights = np.array(heights)
    return thetas[-1], heights.max(), np.sum(heights > heights.max() - 1e-4)


# %% wrong: the start of the best run
# says: Your `theta` is the start of the best run
def best_of_starts(starts, alpha, heads, flips):
    heights = np.array([em(s, alpha, heads, flips, 1e-8, 1000)[1][-1] for s in starts])
    return starts[heights.argmax()], heights.max(), np.sum(heights > heights.max() - 1e-4)


# %% wrong: sorted
# says: Your `theta` is right but sorted
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    best = np.argmax(heights)
    return np.sort(runs[best][0][-1]), heights[best], np.sum(heights > heights.max() - 1e-4)


# %% wrong: mean of the ends
# says: A mean of several maxima
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    theta = np.mean([thetas[-1] for thetas, _ in runs], axis=0)
    return theta, heights.max(), np.sum(heights > heights.max() - 1e-4)


# %% wrong: the log-likelihood at the start
# says: Your `log_likelihood` is the one at the start
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    best = np.argmax(heights)
    return runs[best][0][-1], runs[best][1][0], np.sum(heights > heights.max() - 1e-4)


# %% wrong: the log-likelihood of the last run
# says: Your `log_likelihood` is that of the last run
def best_of_starts(starts, alpha, heads, flips):
    best, heights = None, []
    for start in starts:
        thetas, lls = em(start, alpha, heads, flips, 1e-8, 1000)
        if not heights or lls[-1] > max(heights):
            best = thetas[-1]
        heights.append(lls[-1])
    return best, lls[-1], sum(ll > max(heights) - 1e-4 for ll in heights)


# %% wrong: the mean log-likelihood
# says: Your `log_likelihood` is the mean of the runs
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    theta = runs[heights.argmax()][0][-1]
    return theta, heights.mean(), np.sum(heights > heights.max() - 1e-4)


# %% wrong: equal to the last digit
# says: were log-likelihoods compared with `==`
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    best = np.argmax(heights)
    return runs[best][0][-1], heights[best], np.sum(heights == heights.max())


# %% wrong: counting begins anew at every rise
# says: was counting begun anew
def best_of_starts(starts, alpha, heads, flips):
    best, height, reached = None, -np.inf, 0
    for start in starts:
        thetas, lls = em(start, alpha, heads, flips, 1e-8, 1000)
        if lls[-1] > height:
            best, height, reached = thetas[-1], lls[-1], 1
        elif height - lls[-1] < 1e-4:
            reached += 1
    return best, height, reached


# %% wrong: all starts
# says: Your `reached` is the number of starts
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    best = np.argmax([ll[-1] for _, ll in runs])
    return runs[best][0][-1], runs[best][1][-1], len(starts)


# %% wrong: those that did not
# says: counts the starts that did not reach
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    best = np.argmax(heights)
    return runs[best][0][-1], heights[best], np.sum(heights <= heights.max() - 1e-4)


# %% wrong: the best is not counted
# says: Your `reached` is one too small
def best_of_starts(starts, alpha, heads, flips):
    ends = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    ends.sort(key=lambda end: end[1][-1])
    *others, (thetas, lls) = ends
    return thetas[-1], lls[-1], sum(ll[-1] > lls[-1] - 1e-4 for _, ll in others)


# %% wrong: a proportion
# says: Your `reached` is a proportion
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    best = np.argmax(heights)
    return runs[best][0][-1], heights[best], np.mean(heights > heights.max() - 1e-4)


# %% wrong: how many different heights
# says: the number of different heights
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    best = np.argmax(heights)
    return runs[best][0][-1], heights[best], len(set(heights.round(4)))


# %% wrong: the number of the start
# says: the number of the best start
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = [ll[-1] for _, ll in runs]
    best = np.argmax(heights)
    return runs[best][0][-1], heights[best], best


# %% wrong: the whole way
# says: `theta` should be an array of shape (k,)
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([ll[-1] for _, ll in runs])
    best = np.argmax(heights)
    return runs[best][0], heights[best], np.sum(heights > heights.max() - 1e-4)


# %% wrong: reached forgotten
# says: It should return 3 values
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = [ll[-1] for _, ll in runs]
    best = np.argmax(heights)
    return runs[best][0][-1], heights[best]


# %% wrong: ten iterations
# says: EM was stopped too early
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 10) for start in starts]
    heights = np.array([values[-1] for _, values in runs])
    best = heights.argmax()
    near = heights >= heights[best] - 1e-4
    return runs[best][0][-1], heights[best], np.sum(near)


# %% wrong: ends compared by theta
# says: end near the best `theta`
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([values[-1] for _, values in runs])
    best = heights.argmax()
    near = [abs(thetas[-1] - runs[best][0][-1]).max() < 1e-4 for thetas, _ in runs]
    return runs[best][0][-1], heights[best], np.sum(near)


# %% wrong: counted within 1e-2
# says: it counts starts that end farther below
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    heights = np.array([values[-1] for _, values in runs])
    best = heights.argmax()
    near = heights >= heights[best] - 1e-2
    return runs[best][0][-1], heights[best], np.sum(near)


# %% wrong: a hundred iterations at most
# says: EM was stopped too early
def best_of_starts(starts, alpha, heads, flips):
    ends = [em(start, alpha, heads, flips, 1e-8, 100) for start in starts]
    heights = np.array([values[-1] for _, values in ends])
    top = heights.argmax()
    return ends[top][0][-1], heights[top], np.sum(heights[top] - heights <= 1e-4)


# %% wrong: where most of the starts end
# says: but should be
def best_of_starts(starts, alpha, heads, flips):
    runs = [em(start, alpha, heads, flips, 1e-8, 1000) for start in starts]
    ends = np.array([lls[-1] for _, lls in runs])
    counts = [np.sum(abs(ends - one) < 1e-4) for one in ends]
    best = max(range(len(ends)), key=lambda i: (counts[i], ends[i]))
    return runs[best][0][-1], ends[best], counts[best]


# %% wrong: the log-likelihoods of the starts
# says: the log-likelihoods at the starts were compared, and returned
def best_of_starts(starts, alpha, heads, flips):
    heights = np.array([e_step(start, alpha, heads, flips)[1] for start in starts])
    best = np.argmax(heights)
    thetas, _ = em(starts[best], alpha, heads, flips, 1e-8, 1000)
    return thetas[-1], heights[best], np.sum(heights > heights[best] - 1e-4)


# %% wrong: the count goes on when a better one comes
# says: counts starts that came near to the best one so far
def best_of_starts(starts, alpha, heads, flips):
    best, height, reached = None, -np.inf, 0
    for start in starts:
        thetas, lls = em(start, alpha, heads, flips, 1e-8, 1000)
        if lls[-1] > height - 1e-4:
            reached += 1
        if lls[-1] > height:
            best, height = thetas[-1], lls[-1]
    return best, height, reached
