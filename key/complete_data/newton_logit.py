"""Exercise 2.7: Newton's method in log-odds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import expit

from emlib.checks import Mistake, Output, Part
from emlib.checks.relations import holds
from key.complete_data._formulas import HEADS_AND_TAILS, Array
from key.exercise import Exercise, Rng

Arguments = tuple[Array, Array, float, float, int]  # heads, flips, eta, tol, max_iter
Step = Callable[[Array, Array, Array], Array]


def _slope(H: Array, F: Array, eta: Array) -> Array:
    return H - F * expit(eta)


def _curvature(H: Array, F: Array, eta: Array) -> Array:
    return F * expit(eta) * (1 - expit(eta))


def _newton_step(H: Array, F: Array, eta: Array) -> Array:
    return _slope(H, F, eta) / _curvature(H, F, eta)


def path(x: Arguments, step: Step = _newton_step) -> Array:
    """Return eta_0 ... eta_T for `step` as the rule of the update, without a stopping rule."""
    heads, flips, eta, _, max_iter = x
    etas = [np.float64(eta)]
    for _ in range(max_iter):
        etas.append(etas[-1] + step(heads.sum(), flips.sum(), etas[-1]))
    return np.array(etas)


def _until_small(path: Array, moves: Array, tol: float) -> Array:
    """Cut a path after the first move that is small; moves[t] leads from t to t + 1."""
    small = np.flatnonzero(np.abs(moves) < tol)
    return path[: small[0] + 2] if len(small) else path


def _etas(x: Arguments, step: Step = _newton_step) -> Array:
    etas = path(x, step)
    return _until_small(etas, np.diff(etas), x[3])


def newton(x: Arguments) -> Array:
    """Return the right path of theta."""
    return expit(_etas(x))


def _climbing(step: Step) -> Callable[..., Array]:
    return lambda *x: expit(_etas(x, step))


def _stopped_on_theta(*x: Array) -> Array:
    thetas = expit(path(x))
    return _until_small(thetas, np.diff(thetas), x[3])


def _stopped_on_slope(*x: Array) -> Array:
    etas = path(x)
    return _until_small(expit(etas), _slope(x[0].sum(), x[1].sum(), etas[:-1]), x[3])


def _stopped_before_small_slope(*x: Array) -> Array:
    etas = path(x)
    return _until_small(expit(etas), _slope(x[0].sum(), x[1].sum(), etas[1:]), x[3])


STOPPED_ON_SLOPE = (
    "It looks as if it stopped when the slope was small. Compare the step in eta with `tol`."
)
WRONG_RULES = (
    Mistake(
        "stopped on theta",
        "It looks as if it stopped when theta moved little. Compare the step in eta with `tol`.",
        _stopped_on_theta,
    ),
    Mistake("stopped on the slope", STOPPED_ON_SLOPE, _stopped_on_slope),
    Mistake("stopped on the slope", STOPPED_ON_SLOPE, _stopped_before_small_slope),
)


def _theta_step(theta: Array, heads: Array, tails: Array) -> Array:
    """Return Newton's step with the derivatives by theta."""
    return (heads / theta - tails / (1 - theta)) / (heads / theta**2 + tails / (1 - theta) ** 2)


def _newton_in_theta(*x: Array) -> Array:
    H, T, theta = x[0].sum(), (x[1] - x[0]).sum(), expit(np.float64(x[2]))
    thetas = [theta]
    for _ in range(x[4]):
        theta = theta + _theta_step(theta, H, T)
        thetas.append(theta)
        if abs(thetas[-1] - thetas[-2]) < x[3]:
            break
    return np.array(thetas)


def _eta_for_theta(*x: Array) -> Array:
    H, F, theta = x[0].sum(), x[1].sum(), np.float64(x[2])
    thetas = [theta]
    for _ in range(x[4]):
        thetas.append(thetas[-1] + (H - F * thetas[-1]) / (F * thetas[-1] * (1 - thetas[-1])))
    return _until_small(np.array(thetas), np.diff(thetas), x[3])


def _first_curvature(*x: Array) -> Array:
    return expit(_etas(x, lambda H, F, eta: _slope(H, F, eta) / _curvature(H, F, x[2])))


def _stopped_without_abs(*x: Array) -> Array:
    etas = path(x)
    return _until_small(expit(etas), np.where(np.diff(etas) < x[3], 0, np.inf), x[3])


def _stopped_on_large(*x: Array) -> Array:
    etas = path(x)
    return _until_small(expit(etas), np.where(abs(np.diff(etas)) > x[3], 0, np.inf), x[3])


def _small_step_left_out(*x: Array) -> Array:
    etas = _etas(x)
    return expit(etas[:-1] if abs(etas[-1] - etas[-2]) < x[3] else etas)


def _draw(rng: Rng, n: int, tol: float, max_iter: int, rule: int) -> Arguments:
    """Draw n rows and a start from which Newton's method converges.

    If `tol` ends it, it does so clearly, and that one of the wrong stopping rules stops elsewhere.
    """
    while True:
        flips = rng.integers(8, 15, size=n)
        heads = rng.binomial(flips - 2, rng.choice([0.2, 0.75])) + 1
        x = heads, flips, float(rng.uniform(0.3, 0.9)), tol, max_iter
        jumps = np.abs(np.diff(path(x)))
        if jumps.min() > 1.1 * tol:  # max_iter ends it
            return x
        clear = np.abs(jumps / tol - 1).min() > 0.1
        if clear and len(WRONG_RULES[rule].gives(*x)) != len(newton(x)):
            return x


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    settings = [(3, 0.05, 8, 0), (4, 0.02, 8, 1), (3, 0.05, 8, 2), (2, 1e-6, 2, 0)]
    return [_draw(rng, *setting) for setting in settings]


newton_logit = Exercise(
    name="newton_logit",
    parameters=("heads", "flips", "eta", "tol", "max_iter"),
    outputs=(
        Output("thetas", "an array of shape `(T + 1,)`, the start included", any_length=True),
    ),
    answer=lambda *x: newton(x),
    examples=(
        (np.array([1, 2]), np.array([7, 5]), 0.0, 1e-4, 1),
        (np.array([3, 7, 5]), np.array([4, 9, 8]), 0.5, 1e-3, 8),
        (np.array([1, 2]), np.array([6, 7]), 0.4, 0.05, 8),
        (np.array([1, 2]), np.array([6, 7]), 1.0, 0.05, 8),
    ),
    parts=(
        Part(
            "each theta",
            holds(("agrees", 0)),
            "`thetas` does not hold the values of Newton's method. Work out the first step of "
            "`exercises.newton_logit.examples[0]` by hand, where theta is 1/2.",
        ),
        Part(
            "when it stops",
            holds(("as long as the right ones",)),
            "It does not stop where it should. Stop after the first step in eta that is smaller "
            "than `tol`, or after `max_iter` steps; the start and the last value belong to the "
            "result.",
        ),
    ),
    mistakes=(
        Mistake(
            "log-odds returned",
            "It looks as if you returned log-odds. The path is asked for in theta.",
            lambda *x: _etas(x),
        ),
        Mistake(
            "wrong sign of the step",
            "The steps go the wrong way, away from the maximum. The second derivative is "
            "negative, and Newton's formula has a minus sign.",
            _climbing(lambda *x: -_newton_step(*x)),
        ),
        Mistake(
            "eta of the wrong sign",
            "It looks as if theta were computed from -eta: a large eta should give a theta near 1.",
            lambda *x: expit(-_etas(x, lambda H, F, eta: _newton_step(H, F, -eta))),
        ),
        Mistake(
            "heads and tails swapped",
            HEADS_AND_TAILS,
            lambda h, f, *x: newton((f - h, f, *x)),
        ),
        Mistake(
            "flips forgotten in the curvature",
            "It looks as if the number of flips were missing in the second derivative: the steps "
            "are too long.",
            _climbing(lambda H, F, eta: F * _newton_step(H, F, eta)),
        ),
        Mistake(
            "gradient instead of Newton",
            "It looks as if you added the slope itself: that is gradient ascent. Newton's method "
            "divides by the curvature.",
            _climbing(_slope),
        ),
        Mistake(
            "multiplied by the curvature",
            "It looks as if you multiplied by the curvature. Where the curve is flat, Newton's "
            "steps should be long.",
            _climbing(lambda *x: _slope(*x) * _curvature(*x)),
        ),
        Mistake(
            "Newton on the scale of theta",
            "It looks as if the steps were taken in theta. Take them in eta, with the derivatives "
            "by eta, and turn the result into theta.",
            _newton_in_theta,
        ),
        Mistake(
            "derivatives by theta",
            "It looks as if eta moved by a step that was computed with the derivatives by theta. "
            "Use those by eta.",
            _climbing(lambda H, F, eta: _theta_step(expit(eta), H, F - H)),
        ),
        Mistake(
            "eta taken for theta",
            "It looks as if `eta` were taken for theta itself. The start is on the scale of "
            "log-odds: which theta belongs to it?",
            _eta_for_theta,
        ),
        Mistake(
            "curvature of the start",
            "It looks as if every step used the curvature at the start. It changes with theta.",
            _first_curvature,
        ),
        Mistake(
            "theta not updated",
            "It looks as if every step were that of the start: compute theta anew from the new "
            "eta before the next step.",
            lambda h, f, eta, *x: expit(
                _etas((h, f, eta, *x), lambda H, F, _: _newton_step(H, F, eta))
            ),
        ),
        Mistake(
            "tails forgotten in the curvature",
            "It looks as if a factor were missing in the second derivative: it holds the "
            "probability of tails, too.",
            _climbing(lambda H, F, eta: _slope(H, F, eta) / (F * expit(eta))),
        ),
        Mistake(
            "brackets",
            "Brackets are missing around the second derivative: Python divides by its first "
            "factor only, and multiplies by the others.",
            _climbing(lambda H, F, eta: _slope(H, F, eta) / F * expit(eta) * (1 - expit(eta))),
        ),
        Mistake(
            "start ignored",
            "It looks as if the path always started at eta = 0: use the argument.",
            lambda h, f, eta, *x: newton((h, f, 0.0, *x)),
        ),
        Mistake(
            "first row only",
            "It looks as if only the first row counted: use the heads and flips of all rows.",
            lambda h, f, *x: newton((h[:1], f[:1], *x)),
        ),
        Mistake(
            "closed form",
            "You went straight to the end. The path that Newton's method takes is asked for.",
            lambda h, f, *x: np.array([h.sum() / f.sum()]),
        ),
        Mistake(
            "closed form",
            "You went straight to the end. The path that Newton's method takes is asked for.",
            lambda h, f, eta, *x: np.array([expit(eta), h.sum() / f.sum()]),
        ),
        Mistake(
            "start left out",
            "The start is missing from the path: it is its first entry.",
            lambda *x: newton(x)[1:],
        ),
        *WRONG_RULES,
        Mistake(
            "last value left out",
            "The last step is missing from the path: stop after it is taken and kept.",
            lambda *x: newton(x)[:-1],
        ),
        Mistake(
            "small step left out",
            "The step that is smaller than `tol` is missing from the path: take it, keep it, then "
            "stop.",
            _small_step_left_out,
        ),
        Mistake(
            "stopped without the absolute value",
            "It looks as if a step to the left counted as small, however long it is: compare its "
            "absolute value with `tol`.",
            _stopped_without_abs,
        ),
        Mistake(
            "stopped on a large step",
            "It looks as if it stopped as soon as a step was *larger* than `tol`.",
            _stopped_on_large,
        ),
        Mistake(
            "one step too few",
            "It takes one step less than `max_iter` allows.",
            lambda *x: newton((*x[:4], x[4] - 1)),
        ),
        Mistake(
            "max_iter ignored",
            "It goes on until a step is small, however many that takes. Where does `max_iter` "
            "enter?",
            lambda *x: newton((*x[:4], 60)),
        ),
        Mistake(
            "only the last value",
            "It returns only the last theta. The whole path is asked for, from the start on.",
            lambda *x: newton(x)[-1:],
        ),
        Mistake(
            "one step too many",
            "It takes one step more than it should. Compare right after the step, and count "
            "`max_iter` steps, not one more.",
            lambda *x: expit(path((*x[:4], len(newton(x))))),
        ),
        Mistake(
            "no stopping rule",
            "It always takes `max_iter` steps. Where does `tol` enter?",
            lambda *x: expit(path(x)),
        ),
    ),
    hints=(
        "One step needs eta, and theta computed from that eta. Keep eta in the loop, and collect "
        "theta in a list that starts with the start.",
        "Work out slope and curvature at the present eta from the two formulas above the "
        "exercise; their ratio is the step. Mind the sign of the curvature.",
        "Loop at most `max_iter` times: theta from eta; step = slope divided by minus the second "
        "derivative; add it to eta; append the new theta; leave the loop if the step is small.",
    ),
    cases=cases,
)
