"""Runs of "touch, maximise, repeat" for mixing weights: the right one, and wrong steps of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import numpy as np
from scipy.special import entr, logsumexp, softmax

from emlib.checks import Mistake, Values
from key.bound._formulas import Array

Step = Callable[[Array, Array], Array]  # takes log_p and alpha, returns the new alpha
Shift = Callable[[Array], Array]  # takes log_p, returns what is taken off before exponentials


def log_joint(log_p: Array, alpha: Array) -> Array:
    return np.log(alpha) + log_p


def responsibilities(log_p: Array, alpha: Array) -> Array:
    return softmax(log_joint(log_p, alpha), axis=1)


def log_likelihood(log_p: Array, alpha: Array) -> Array:
    return logsumexp(log_joint(log_p, alpha), axis=1).sum()


def new_alpha(log_p: Array, alpha: Array) -> Array:
    return responsibilities(log_p, alpha).mean(axis=0)


def path(log_p: Array, alpha: Array, iterations: int, step: Step = new_alpha) -> Array:
    """Return alpha after 0, 1, ... iterations, shape (iterations + 1, k)."""
    alphas = [alpha]
    for _ in range(iterations):
        alphas.append(step(log_p, alphas[-1]))
    return np.array(alphas)


def run(log_p: Array, alpha: Array, iterations: int, step: Step = new_alpha) -> Values:
    """Return that path with the log-likelihood at each of its rows."""
    alphas = path(log_p, alpha, iterations, step)
    return alphas, np.array([log_likelihood(log_p, a) for a in alphas])


def run_with(joint: Step) -> Callable[..., Values]:
    """Return a whole run in which the log joint of rows and components is another."""

    def wrong(log_p: Array, alpha: Array, iterations: int) -> Values:
        alphas = path(
            log_p, alpha, iterations, lambda lp, a: softmax(joint(lp, a), axis=1).mean(axis=0)
        )
        return alphas, np.array([logsumexp(joint(log_p, a), axis=1).sum() for a in alphas])

    return wrong


def bound_before_touching(log_p: Array, alpha: Array, iterations: int) -> Array:
    """Return the maximum of each bound, which touches one iteration before."""
    alphas = path(log_p, alpha, iterations)
    values = [log_likelihood(log_p, alpha)]
    for old, new in pairwise(alphas):
        r = responsibilities(log_p, old)
        values.append((r * log_joint(log_p, new)).sum() + entr(r).sum())
    return np.array(values)


def along(value: Step) -> Callable[..., Array]:
    """Return `value` at each row of the right path: a mistake in the second output alone."""
    return lambda log_p, alpha, T: np.array([value(log_p, a) for a in path(log_p, alpha, T)])


def hard(log_p: Array, alpha: Array) -> Array:
    most_probable = log_joint(log_p, alpha).argmax(axis=1)
    return np.bincount(most_probable, minlength=len(alpha)) / len(log_p)


def floored(least: float, log_p: Array, alpha: Array) -> Array:
    """Let no new weight be less than a number."""
    new = np.maximum(new_alpha(log_p, alpha), least)
    return new / new.sum()


def over_rows(log_p: Array, alpha: Array) -> Array:
    """Normalise over the rows instead of the components."""
    return softmax(log_joint(log_p, alpha), axis=0).mean(axis=0)


def without_an_axis(log_p: Array, alpha: Array) -> Array:
    """Take off the rows' sums, shape (n,), as if they had an axis for the components."""
    joint = log_joint(log_p, alpha)
    return np.exp(joint - logsumexp(joint, axis=1)).mean(axis=0)


def over_everything(log_p: Array, alpha: Array) -> Array:
    """Normalise over rows and components at once."""
    return softmax(log_joint(log_p, alpha)).sum(axis=0)


def shifted(log_p: Array, alpha: Array, shift: Shift) -> tuple[Array, Array]:
    """Exponentiate after `shift` is taken off; return the new alpha and the log-likelihood."""
    joint = alpha * np.exp(log_p - shift(log_p))
    rows = joint.sum(axis=1, keepdims=True)
    return (joint / rows).mean(axis=0), (np.log(rows) + shift(log_p)).mean(axis=1).sum()


def expected_log_joint(log_p: Array, alpha: Array) -> Array:
    return (responsibilities(log_p, alpha) * log_joint(log_p, alpha)).sum()


def _shares(joint: Array, patch: float = 0.0) -> Array:
    return (joint / (joint.sum(axis=1, keepdims=True) + patch)).mean(axis=0)


PATCHES: tuple[Step, ...] = tuple(  # a tiny number hides the underflow
    partial(step, tiny)
    for tiny in (1e-300, 1e-12)
    for step in (
        lambda tiny, log_p, alpha: _shares(alpha * np.exp(log_p) + tiny),
        lambda tiny, log_p, alpha: _shares(alpha * (np.exp(log_p) + tiny)),
        lambda tiny, log_p, alpha: _shares(alpha * np.exp(log_p), tiny),
    )
)


def touching(log_p: Array, alpha: Array) -> Array:
    """Return the bound where it touches, with 0 log 0 as NumPy has it."""
    r = responsibilities(log_p, alpha)
    return (r * (log_joint(log_p, alpha) - np.log(r))).sum()


def underflow(says: str, shift: Shift) -> Iterator[Mistake]:
    """Yield the mistake of this shift: in both outputs, or in the log-likelihoods alone."""

    def shifted_path(log_p: Array, alpha: Array, iterations: int) -> Array:
        return path(log_p, alpha, iterations, lambda lp, a: shifted(lp, a, shift)[0])

    def values(log_p: Array, alphas: Array) -> Array:
        return np.array([shifted(log_p, a, shift)[1] for a in alphas])

    yield Mistake("underflow", says, shifted_path, part="alphas")
    for way in (shifted_path, path):
        yield Mistake(
            "underflow",
            says,
            lambda log_p, a, T, way=way: values(log_p, way(log_p, a, T)),
            part="log_likelihoods",
        )
