"""Hidden inputs: random, asymmetric, and drawn afresh at every grading."""

from __future__ import annotations

import numpy as np

from emlib.exercises.jensen._formulas import Array

Rng = np.random.Generator


def random_curve(rng: Rng, kind: str, k: int) -> tuple[Array, ...]:
    """Draw arguments for `curvature`: k points of a curve of that kind."""
    steps = rng.uniform(0.3, 1.5, size=k - 1)
    u = np.concatenate([[0.0], np.cumsum(steps)])
    slopes = np.cumsum(rng.uniform(0.2, 0.8, size=k - 1)) - 0.25 * k  # they only rise
    if kind == "concave":
        slopes = -slopes
    elif kind == "affine":
        slopes = np.full(k - 1, rng.uniform(-2, 2))
    elif kind == "wave":
        slopes[k // 2 :] = slopes[k // 2 :][::-1]
    elif kind == "dent":  # a convex curve but for one place
        slopes[[k // 2, k // 2 - 1]] = slopes[[k // 2 - 1, k // 2]]
    elif kind == "corner":
        slopes = np.where(np.arange(k - 1) < k // 2, -1.0, rng.uniform(0.5, 2))
    elif kind != "convex":
        raise ValueError(f"kind must be one of the six that are drawn, not {kind!r}")
    return u, rng.uniform(-1, 1) + np.concatenate([[0.0], np.cumsum(slopes * steps)])


def random_points(rng: Rng, k: int) -> tuple[Array, ...]:
    """Draw arguments for `jensen_gap`: k values and weights, from k = 3 on one of them 0."""
    w = rng.uniform(0.2, 1, size=k) * (np.arange(k) != 1 if k > 2 else 1)
    return rng.permutation(np.geomspace(0.3, 6, k)) * rng.uniform(0.8, 1.2, size=k), w / w.sum()


def random_logs(rng: Rng, k: int, far: Array) -> tuple[Array, ...]:
    """Draw arguments for `log_means`: k logarithms around `far`, a number or one for each."""
    return _spread(rng, k) + np.asarray(far), rng.permutation(np.arange(1.0, k + 1)) * 2 / (
        k * (k + 1)
    )


def _spread(rng: Rng, k: int) -> Array:
    """Draw k numbers that are about 1 apart, in random order."""
    return rng.permutation(np.arange(k) + rng.uniform(-0.3, 0.3, size=k))


def random_bound(rng: Rng, k: int, zeros: int, far: float) -> tuple[Array, ...]:
    """Draw arguments for `log_sum_bound`: k terms around `far`, a q with so many zeros."""
    q = rng.uniform(0.1, 1, size=k)
    q[rng.choice(k, size=zeros, replace=False)] = 0
    return _spread(rng, k) + far, q / q.sum()


def random_terms(rng: Rng, k: int, far: Array) -> tuple[Array, ...]:
    """Draw arguments for `closest_q`: k logarithms around `far`, as for `log_means`."""
    return (_spread(rng, k) + np.asarray(far),)


def random_pair(rng: Rng, kind: str, k: int) -> tuple[Array, ...]:
    """Draw arguments for `kl`: two distributions of shape (k,), with zeros as `kind` says."""
    q, p = rng.permuted(np.geomspace(0.1, 1, k) * np.ones((2, 1)), axis=1)
    q = q * rng.uniform(0.7, 1.3, size=k)
    zero = rng.integers(k)
    if kind in ("zero in q", "zero in both"):
        q[zero] = 0
    if kind in ("zero in p", "zero in both"):
        p[zero] = 0
    return q / q.sum(), p / p.sum()


def random_rows(rng: Rng, n: int, k: int, far: float) -> tuple[Array, ...]:
    """Draw arguments for `fit_weights`: n rows, k components, 3 to 5 iterations."""
    log_p = rng.normal(far, 1.5, size=(n, k))
    alpha = rng.permutation(np.arange(1.0, k + 1)) * 2 / (k * (k + 1))
    return log_p, alpha, int(rng.integers(3, 6))
