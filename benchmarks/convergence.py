"""Is "converged" true? Many runs, and what the information says of their ends.

python benchmarks/convergence.py 6000 [--seconds 300]

Random data of every kind of model, random and nearly equal starts, with and without
acceleration.  A run that says "converged" stands on a top, where the observed information has no
direction upward: its largest fraction of missing information, the rate of EM, is at most 1.
Where a parameter is about to vanish, the information is no measure; such an end counts as one at
an edge if EM, started all around it, gains at most ten times what the run says is left.  An
accelerated run may end on another top than plain EM from the same start; where that is lower, it
is listed.  Writes nothing; prints a table, and ends with status 1 if a run claimed too much.
"""

import argparse
import sys
import time
import warnings
from collections import Counter

import numpy as np

from emlib import (
    BinomialMixture,
    CategoricalMixture,
    DegenerateError,
    GaussianMixture,
    PoissonMixture,
    SaddleWarning,
    Tosses,
    observed_information,
    run_em,
)

ABOVE_1 = 1e-6  # by so much the rate must exceed 1 to be no rounding
LOWER = 1e-4  # nats: another optimum, not another end of the same climb
JIGGLES, SIZE = 8, 0.05  # starts around the end of a run, and how far away, in coordinates
MAX_ITER = 1500
APART = (1e-1, 1e-2, 1e-3, 1e-5, 1e-8, 1e-12)
TYPES = ("full", "tied", "diag", "spherical")
FAMILIES = ("coins", "coins, weights fitted", "counts", "dice", *TYPES)


def problem(family, rng):
    """Return a start and data drawn from one to three components, not always as many as k."""
    k, true_k, n = (int(rng.integers(low, high)) for low, high in ((2, 4), (1, 4), (30, 200)))
    labels = rng.integers(0, true_k, n)
    near = rng.random() < 0.5
    apart = rng.choice(APART)
    weights = rng.dirichlet(np.full(k, 5.0))

    def spread(own):
        """Let the second component start beside the first."""
        if near:
            own[1] = own[0] + apart * rng.normal(size=own[0].shape)
        return own

    if family.startswith("coins"):
        flips = int(rng.integers(5, 20))
        data = Tosses(rng.binomial(flips, rng.uniform(0.1, 0.9, true_k)[labels]), flips)
        theta = np.clip(spread(rng.uniform(0.1, 0.9, k)), 0.01, 0.99)
        return BinomialMixture(theta, weights, fit_mixing_weights="fitted" in family), data
    if family == "counts":
        data = rng.poisson(rng.uniform(0.5, 12, true_k)[labels])
        rates = np.abs(spread(rng.uniform(0.5, 12, k)))
        return PoissonMixture(rates, weights, fit_mixing_weights=True), data
    if family == "dice":
        faces = rng.dirichlet(np.full(3, 3.0), true_k)[labels]
        data = rng.multinomial(int(rng.integers(4, 12)), faces)
        p = np.abs(spread(rng.dirichlet(np.full(3, 3.0), k))) + 1e-3
        p /= p.sum(axis=1, keepdims=True)
        return CategoricalMixture(p, weights, fit_mixing_weights=True), data
    d = int(rng.integers(1, 4))
    data = rng.normal(scale=2, size=(true_k, d))[labels] + rng.normal(size=(n, d))
    means = spread(data[rng.choice(n, k, replace=False)])
    covariances = np.array([np.cov(data.T).reshape(d, d)] * k)
    if family in ("diag", "spherical"):
        covariances = np.array([np.eye(d) * data.var()] * k)
    return GaussianMixture(weights, means, covariances, covariance_type=family), data


def claim(run):
    """Return how the run ended, and the rate there, or NaN where there is no quadratic top."""
    try:
        return str(run.reason), observed_information(run.model, run.data).rate
    except (DegenerateError, ValueError):
        return str(run.reason), np.nan


def gain_around(run, rng):
    """Return how much higher EM comes, in nats, from starts all around the end of a run."""
    here = run.model.coordinates(run.data)
    free = np.isfinite(here)
    ends = []
    for _ in range(JIGGLES):
        there = here.copy()
        there[free] += SIZE * rng.normal(size=free.sum())
        try:
            start = run.model.at_coordinates(run.data, there)
            ends.append(run_em(start, run.data, max_iter=20_000).objectives[-1])
        except (DegenerateError, ValueError):
            continue
    return max(ends, default=-np.inf) - run.objectives[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="?", type=int, default=600)
    parser.add_argument("--seconds", type=float, default=np.inf, help="stop after so long")
    options = parser.parse_args()
    warnings.simplefilter("ignore", SaddleWarning)
    table = {(f, a): Counter() for f in FAMILIES for a in ("plain", "anderson", "squarem")}
    heights = {}  # of plain EM, from the start that the accelerated ones have next
    began = time.perf_counter()
    for number in range(options.runs):
        if time.perf_counter() - began > options.seconds:
            break
        (family, accelerate), counts = list(table.items())[number % len(table)]
        start, data = problem(family, np.random.default_rng([number // len(table), len(family)]))
        kind = None if accelerate == "plain" else accelerate
        run = run_em(start, data, accelerate=kind, max_iter=MAX_ITER)
        reason, rate = claim(run)
        counts["runs"] += 1
        counts[reason] += 1
        if accelerate == "plain":
            heights[family] = run.objectives[-1] if run.converged else -np.inf
        elif run.converged and (below := heights[family] - run.objectives[-1]) > LOWER:
            counts["lower than plain"] += 1
            print(f"run {number}: {family}, {accelerate}: {below:.4f} nats lower than plain EM")
        if run.converged:
            counts["no top to measure"] += bool(np.isnan(rate))
            if rate > 1 + ABOVE_1:
                gain = gain_around(run, np.random.default_rng(number))
                little = gain <= 10 * 1e-10 * len(data)  # that much and ten times more
                counts["at an edge" if little else "upward"] += 1
                print(f"run {number}: {family}, {accelerate}: converged at rate {rate:.8f}, "
                      f"{gain:.1e} nats higher all around")  # fmt: skip
    columns = ["runs", "converged", "no top to measure", "iteration limit", "degenerate", "saddle",
               "decreased", "at an edge", "upward", "lower than plain"]  # fmt: skip
    print("|", " | ".join(["model", "acceleration", *columns]), "|")
    print("|---|---|" + "---:|" * len(columns))
    for (family, accelerate), counts in table.items():
        print("|", " | ".join([family, accelerate, *(str(counts[c]) for c in columns)]), "|")
    upward = sum(counts["upward"] for counts in table.values())
    count = sum(counts["runs"] for counts in table.values())
    print(f"{count} runs in {time.perf_counter() - began:.0f} s: runs that say converged where the "
          f"information has a direction upward: {upward}")  # fmt: skip
    sys.exit(upward > 0)


if __name__ == "__main__":
    main()
