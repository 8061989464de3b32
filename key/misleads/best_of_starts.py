"""Exercise 3c.3: EM from many starts, and what is kept of it.

In a mistake, the lambda gives what a student with this mistake returns.
"""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np

from emlib.checks import Mistake, Output, Part
from emlib.checks.relations import holds
from emlib.models.binomial import Tosses
from key.coin_toss_em._formulas import Array, joint, posterior, ratio, row_logs
from key.exercise import Exercise, Rng

TOL, MAX_ITER, SAME = 1e-8, 1000, 1e-4
APART = 4e-5, 5e-4  # heights that count as the same, and some that do not


@lru_cache(maxsize=256)
def _kept(arguments: tuple[tuple[float, ...], ...], most: int) -> tuple[Array, Array]:
    theta, alpha, heads, flips = map(np.array, arguments)
    thetas, lls = [theta], [row_logs(joint(theta, alpha, heads, flips)).sum()]
    for _ in range(most):
        theta = ratio(posterior(joint(theta, alpha, heads, flips)), heads, flips)
        thetas.append(theta)
        lls.append(row_logs(joint(theta, alpha, heads, flips)).sum())
        if lls[-1] - lls[-2] < TOL:
            break
    return np.array(thetas), np.array(lls)


def _runs(starts: Array, *x: Array, most: int = MAX_ITER) -> list[tuple[Array, Array]]:
    """Return thetas and log-likelihoods from each start; kept, for the sake of many mistakes."""
    return [_kept(tuple(map(tuple, (start, *x))), most) for start in starts]


def _chosen(runs: list[tuple[Array, Array]], best: int, same: float = SAME) -> Array:
    """Return what is told of the run number `best`: how many ended as high as it did."""
    ends = _heights(runs)
    return runs[best][0][-1], ends[best], float(np.sum(abs(ends - ends[best]) <= same))


def _heights(runs: list[tuple[Array, Array]], t: int = -1) -> Array:
    return np.array([lls[t] for _, lls in runs])


def _answer(*x: Array, most: int = MAX_ITER, same: float = SAME) -> Array:
    Tosses(*x[2:])  # refuses more heads than flips
    runs = _runs(*x, most=most)
    return _chosen(runs, int(_heights(runs).argmax()), same)


def _near_in_theta(*x: Array, near: float) -> float:
    ends = np.array([thetas[-1] for thetas, _ in _runs(*x)])
    return float(np.sum(abs(ends - _answer(*x)[0]).max(axis=1) <= near))


def _different(*x: Array) -> int:
    """Count the different heights at which the runs end."""
    return len(np.unique((_heights(_runs(*x)) / SAME).round()))


def _anew(heights: Array) -> float:
    """Count as one goes, and begin anew at every rise, however small."""
    best, count = -np.inf, 0
    for height in heights:
        count = 1 if height > best else count + (best - height <= SAME)
        best = max(best, height)
    return float(count)


def _so_far(heights: Array) -> float:
    """Count those near to the best so far, without beginning anew."""
    return float(np.sum(np.maximum.accumulate(heights) - heights <= SAME))


def _by_starts(*x: Array) -> Array:
    runs, starts = _runs(*x), _heights(_runs(*x), 0)
    return runs[starts.argmax()][0][-1], starts.max(), np.sum(starts.max() - starts < SAME)


def _draw(rng: Rng, theta: list[float], rows: list[int], flips: int) -> tuple[Array, ...]:
    """Draw starts, two or three of six of which end highest, alpha, heads and flips.

    The coins are far apart and unequally often picked, so that the coins in the wrong order are a
    lower maximum.  One start is almost at an end.  If that is the highest, it ends higher than the
    others by a hair.
    """
    p = np.array(theta) + rng.uniform(-0.03, 0.03, len(theta))
    counts = rng.permutation(rows)
    weights = counts + rng.uniform(0, 0.4, len(p))
    coin = rng.permutation(np.repeat(np.arange(len(p)), counts))
    n = rng.permutation(np.arange(len(coin)) % 4 + flips)
    x = weights / weights.sum(), np.rint(n * p[coin]).astype(int), n
    near, far = 0.5 + 0.5 * (p - 0.5), 0.5 + 0.25 * (p - 0.5)
    wrong, other = np.roll(near, 1), np.roll(far, 1)
    if len(p) > 2:  # the highest of all starts is a lower maximum
        return np.array([wrong, other, near, far, _end(wrong, *x), wrong * 0.9]), *x
    return np.array([wrong, other, near, far, _end(p, *x), wrong * 0.9]), *x


def _two_names(rng: Rng, by: float) -> tuple[Array, ...]:
    """Draw a case in which the two orders of the coins end at heights that differ `by` so much.

    One start is so near to equal coins that EM needs many iterations to tell them apart.
    """
    order, turned = rng.permutation(len(SLOW[0])), rng.integers(2)
    heads, n = SLOW[0][order], SLOW[1][order]
    heads = n - heads if turned else heads
    equal = heads.sum() / n.sum()
    both = equal + np.array([[-0.15, 0.15], [0.15, -0.15]])
    apart = np.diff(_heights(_runs(both, np.array([0.501, 0.499]), heads, n)))[0]
    more = 0.001 * by / apart  # of the weight of a coin; the first start ends lower
    slow = equal + 1e-4 * rng.permutation([-1, 1])
    starts = np.array([both[0], np.full(2, equal), both[1], slow])
    return starts, np.array([0.5 + more, 0.5 - more]), heads, n


def _near(rng: Rng) -> tuple[Array, ...]:
    """Draw one start that is so near to equal coins that EM makes some 190 iterations."""
    order, turned = rng.permutation(len(SLOWER[0])), rng.integers(2)
    heads, n = (one[order] for one in SLOWER)
    start = heads.sum() / n.sum() + np.array([[-1, 1]]) * rng.uniform(0.0018, 0.0022)
    alpha = np.array([0.4, 0.6])
    return (1 - start, alpha, n - heads, n) if turned else (start, alpha, heads, n)


def _end(theta: Array, *x: Array) -> Array:
    for _ in range(9):  # each time it goes on a little
        theta = _runs([theta], *x)[0][0][-1]
    return theta


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    two = [0.25, 0.75]
    settings = [(two, [2, 5], 7), (two[::-1], [3, 6], 7), ([0.5, 0.9, 0.1], [2, 4, 7], 11)]
    drawn = [_draw(rng, *one) for one in settings]
    return [*drawn, *(_two_names(rng, by) for by in APART), _near(rng)]


SLOW = np.array([2, 4, 5, 2, 2, 2, 4]), np.array([7, 4, 7, 6, 5, 5, 6])
SLOWER = np.array([3, 8, 8, 8, 6, 9, 5, 7, 6, 5]), np.full(10, 12)
ROWS = np.array([5, 9, 8, 4, 7]), np.full(5, 10)
STARTS = np.array(
    [[0.2, 0.9], [0.1, 0.4], [0.6, 0.5], [0.9, 0.1], [0.780385, 0.496467], [0.4, 0.7]]
)
THREE = np.array([[0.92, 0.08, 0.48], [0.2, 0.5, 0.8], [0.6, 0.9, 0.2], [0.5, 0.7, 0.2]])

best_of_starts = Exercise(
    name="best_of_starts",
    parameters=("starts", "alpha", "heads", "flips"),
    outputs=(
        Output("theta", "an array of shape (k,), one number per coin"),
        Output("log_likelihood", "a single number"),
        Output("reached", "a single number"),
    ),
    answer=_answer,
    # From two equal coins EM jumps to 4/8 for both and stays: the first can be worked out by hand.
    examples=(
        (np.array([[0.3, 0.3], [0.8, 0.8]]), np.array([0.6, 0.4]), np.array([3, 1]), np.full(2, 4)),
        (STARTS, np.array([0.6, 0.4]), *ROWS),
        (
            THREE,
            np.array([0.2, 0.3, 0.5]),
            np.array([1, 11, 6, 2, 12, 1, 7, 0, 10, 1]),
            np.array([10, 12, 12, 11, 13, 12, 13, 10, 11, 12]),
        ),
        (  # both orders of the coins end almost equally high, and one start needs many iterations
            np.array([[0.3, 0.6], [0.5, 0.5], [0.6, 0.3], [0.4736, 0.4738]]),
            np.array([0.5005, 0.4995]),
            np.array([1, 2, 2, 5, 4, 1, 3]),
            np.array([4, 6, 5, 8, 5, 6, 4]),
        ),
        (  # here both orders are as good
            np.array([[0.3, 0.6], [0.6, 0.3]]),
            np.array([0.5, 0.5]),
            np.array([1, 2, 2, 5, 4, 1, 3]),
            np.array([4, 6, 5, 8, 5, 6, 4]),
        ),
        (  # here they end farther apart, and most of them lower
            np.array([[0.3, 0.6], [0.6, 0.3], [0.35, 0.55]]),
            np.array([0.507, 0.493]),
            np.array([1, 2, 2, 5, 4, 1, 3]),
            np.array([4, 6, 5, 8, 5, 6, 4]),
        ),
        (np.array([[0.54, 0.544]]), np.array([0.4, 0.6]), *SLOWER),  # some 190 iterations
    ),
    # Which coin bears which name is told by the mixing weights alone.
    parts=(
        Part("theta", holds(("close but for names", 0, "alpha"))),
        Part("log_likelihood", holds(("close", 1))),
        Part("reached", holds(("close", 2))),
    ),
    mistakes=(
        Mistake(
            "lowest instead of highest",
            "It looks as if the run with the lowest log-likelihood was taken. All are negative: "
            "the highest is the one nearest to 0.",
            lambda *x: _chosen(_runs(*x), int(_heights(_runs(*x)).argmin())),
        ),
        Mistake(
            "last start instead of best",
            "It looks as if the run from the last start was taken, whatever the others reached.",
            lambda *x: _chosen(_runs(*x), -1),
        ),
        Mistake(
            "first start instead of best",
            "It looks as if the run from the first start was taken, whatever the others reached.",
            lambda *x: _chosen(_runs(*x), 0),
        ),
        Mistake(
            "best start instead of best end",
            "It looks as if the starts were compared. Let EM run from each of them first, and "
            "compare where the runs end.",
            lambda *x: _chosen(_runs(*x), int(_heights(_runs(*x), 0).argmax())),
        ),
        Mistake(
            "one iteration",
            "It looks as if EM made one iteration from each start. Let it run until it stops.",
            lambda *x: _answer(*x, most=1),
        ),
        *(
            Mistake(
                "too few iterations",
                "It looks as if EM was stopped too early, by another `max_iter` or `tol` than "
                "asked for: some runs were still on their way up.",
                partial(_answer, most=most),
            )
            for most in (2, 3, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150)
        ),
        Mistake(
            "mixing weights taken as equal",
            "It looks as if every coin were picked equally often: use the weights in `alpha`.",
            lambda s, a, *x: _answer(s, np.full_like(a, 1 / len(a)), *x),
        ),
        Mistake(
            "last start instead of best",
            "Your `theta` is the end of the last run, not of the best. Remember `theta` together "
            "with its log-likelihood.",
            lambda *x: _runs(*x)[-1][0][-1],
            "theta",
        ),
        Mistake(
            "start instead of end",
            "Your `theta` is the start of the best run. Where it ended is asked for.",
            lambda *x: x[0][_heights(_runs(*x)).argmax()],
            "theta",
        ),
        *(
            Mistake(
                "sorted",
                "Your `theta` is right but sorted. Here it must stay as EM left it: `alpha[j]` "
                "belongs to `theta[j]`, and with unequal mixing weights the order matters.",
                lambda *x, step=step: np.sort(_answer(*x)[0])[::step],
                "theta",
            )
            for step in (1, -1)
        ),
        Mistake(
            "mean of the ends",
            "Your `theta` looks like the mean of where all runs ended. A mean of several maxima "
            "is no maximum: take the best run.",
            lambda *x: np.mean([thetas[-1] for thetas, _ in _runs(*x)], axis=0),
            "theta",
        ),
        Mistake(
            "log-likelihood at the start",
            "Your `log_likelihood` is the one at the start of the best run, not at its end.",
            lambda *x: _heights(_runs(*x), 0)[_heights(_runs(*x)).argmax()],
            "log_likelihood",
        ),
        Mistake(
            "last start instead of best",
            "Your `log_likelihood` is that of the last run, not of the best.",
            lambda *x: _heights(_runs(*x))[-1],
            "log_likelihood",
        ),
        Mistake(
            "mean instead of the highest",
            "Your `log_likelihood` is the mean of the runs. The highest is asked for.",
            lambda *x: _heights(_runs(*x)).mean(),
            "log_likelihood",
        ),
        *(
            Mistake(
                "equal to the last digit",
                "Your `reached` is too small: were log-likelihoods compared with `==`, or was "
                "counting begun anew at a rise by a hair? From different starts EM ends at the "
                "same height only up to the last digits: count all within 1e-4 of the highest.",
                lambda *x, count=count: count(_heights(_runs(*x))),
                "reached",
            )
            for count in (lambda heights: float(np.sum(heights == heights.max())), _anew)
        ),
        *(
            Mistake(
                "ends compared by theta",
                "Your `reached` counts the starts that end near the best `theta`. Others may end "
                "as high elsewhere, with the coins in another order: compare log-likelihoods.",
                partial(_near_in_theta, near=10.0**-e),
                "reached",
            )
            for e in range(1, 7)
        ),
        *(
            Mistake(
                "another tolerance",
                "Your `reached` is too large: it counts starts that end farther below the highest "
                "than 1e-4.",
                lambda *x, same=same: _answer(*x, same=same)[2],
                "reached",
            )
            for same in (1e-3, 2e-3, 5e-3, 1e-2, 0.05, 0.1, 0.5, 1)
        ),
        Mistake(
            "all starts counted",
            "Your `reached` is the number of starts. Count only those that end at the highest "
            "log-likelihood.",
            lambda *x: float(len(x[0])),
            "reached",
        ),
        Mistake(
            "the others counted",
            "Your `reached` counts the starts that did not reach the highest log-likelihood.",
            lambda *x: len(x[0]) - _answer(*x)[2],
            "reached",
        ),
        Mistake(
            "the best not counted",
            "Your `reached` is one too small: the best start reached it too.",
            lambda *x: _answer(*x)[2] - 1,
            "reached",
        ),
        Mistake(
            "proportion instead of number",
            "Your `reached` is a proportion of the starts. Their number is asked for.",
            lambda *x: _answer(*x)[2] / len(x[0]),
            "reached",
        ),
        Mistake(
            "different ends counted",
            "Your `reached` is the number of different heights. Asked is how many starts end at "
            "the highest.",
            lambda *x: float(_different(*x)),
            "reached",
        ),
        Mistake(
            "number of the start",
            "Your `reached` is the number of the best start. Asked is how many starts end as high.",
            lambda *x: float(_heights(_runs(*x)).argmax()),
            "reached",
        ),
        Mistake(
            "best start instead of best end",
            "It looks as if the log-likelihoods at the starts were compared, and returned. Let EM"
            " run from each of them first, and compare where the runs end.",
            _by_starts,
        ),
        Mistake(
            "count not begun anew",
            "Your `reached` counts starts that came near to the best one so far. When a better "
            "one comes, the count begins anew.",
            lambda *x: _so_far(_heights(_runs(*x))),
            part="reached",
        ),
    ),
    hints=(
        "What does `em` return, and where in it are the last `theta` and its log-likelihood?",
        "Run `em` from every start and put the two last entries into two lists. Which place in "
        "the list of log-likelihoods holds the highest?",
        "`np.argmax(heights)` is that place. `heights >= max(heights) - 1e-4`, with `heights` an "
        "array, is true for the starts to count, and `np.sum` counts what is true.",
    ),
    cases=cases,
    drawn=False,
    text={"alpha": 0.5},
    nats=("log_likelihood",),
    lent=("em", "e_step", "m_step"),
)
