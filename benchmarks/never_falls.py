"""Does EM ever fall? Many random problems of every model: python benchmarks/never_falls.py [1000]

Writes benchmarks/results/never_falls.md.  Plain EM from a random start, 20 iterations or until a
component collapses.  What EM climbs, the log-likelihood or with a prior the log posterior, may
fall by rounding, by as much as `run_em` allows: 1e-12 nats per row or nat, or what the model says
of itself where covariances are nearly singular.  Ends with status 1 if anything fell by more.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from convergence import FAMILIES, problem

from emlib import (
    CovariancePrior,
    DawidSkene,
    DegenerateError,
    GaussianMixture,
    HiddenMarkov,
    IncompleteGaussianMixture,
    IncompletePoints,
    Ratings,
)
from emlib.driver.em import ROUNDING
from emlib.models.rows import total_weight

ITERATIONS = 20
RESULTS = Path(__file__).resolve().parent / "results" / "never_falls.md"


def posterior(rng):
    """Gaussians with a prior on their covariances."""
    start, x = problem("full", rng)
    d = x.shape[1]
    prior = CovariancePrior(np.cov(x.T).reshape(d, d), rng.uniform(1, d + 2))
    return GaussianMixture(start.mixing_weights, start.means, start.covariances, prior=prior), x


def missing(rng, is_censored=False):
    """Correlated rows with holes in the second half; or of a column, what was above a limit."""
    d, n, k = int(rng.integers(2, 4)), int(rng.integers(20, 60)), int(rng.integers(1, 3))
    x = rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + 3 * rng.integers(0, k, (n, 1))
    lower = np.full(d, -np.inf)
    if is_censored:
        lower[0] = np.quantile(x[:, 0], 0.8)
        hidden = x > np.where(lower > -np.inf, lower, np.inf)
    else:
        hidden = (rng.random((n, d)) < 0.6) & (np.arange(n) > n / 2)[:, None]
        hidden[np.arange(n), rng.integers(0, d, n)] = False  # something of each row is seen
    points = IncompletePoints(np.where(hidden, np.nan, x), lower=lower)
    return IncompleteGaussianMixture.start_from(points, k, rng=rng), points


def annotators(rng):
    """Items graded by some of a few annotators."""
    n, m, c = rng.integers(8, 40), rng.integers(1, 6), rng.integers(2, 5)
    counts = rng.poisson(0.8, (n, m, c))
    counts[np.arange(n), rng.integers(0, m, n), rng.integers(0, c, n)] += 1
    confusion = rng.dirichlet(np.ones(c), (c, m))
    return DawidSkene(confusion, rng.dirichlet(np.full(c, 3.0))), Ratings(counts)


def chain(rng, shows):
    """One to three sequences of a hidden Markov model."""
    k = int(rng.integers(2, 5))
    A = rng.dirichlet(np.ones(k), k)
    if shows == "discrete":
        truth = HiddenMarkov.discrete(A, rng.dirichlet(np.ones(3), k))
    else:
        truth = HiddenMarkov.gaussian(A, 2 * rng.normal(size=(k, 2)), [np.eye(2)] * k)
    data, _ = truth.sample(rng.integers(20, 80, size=rng.integers(1, 4)), rng)
    return HiddenMarkov.start_from(data, k, rng=rng, fit_start=bool(rng.integers(2))), data


MODELS = {
    **{name: lambda rng, name=name: problem(name, rng) for name in FAMILIES},
    "full, with a prior": posterior,
    "missing values": missing,
    "censored values": lambda rng: missing(rng, is_censored=True),
    "annotators": annotators,
    "chain, discrete": lambda rng: chain(rng, "discrete"),
    "chain, Gaussian": lambda rng: chain(rng, "Gaussian"),
}


def falls(model, data):
    """Return by how many nats EM fell at each step, and how much of it rounding may explain."""
    data = model.prepare(data)
    rows, before, found = total_weight(data), -np.inf, []
    for _ in range(ITERATIONS):
        try:
            following, height = model.em_step(data)
        except DegenerateError:  # a component on too few rows
            break
        height += model.log_prior()
        allowed = max(ROUNDING * max(rows, abs(height)), model.rounding(data))
        found.append((before - height, allowed))
        model, before = following, height
    return found[1:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("problems", nargs="?", type=int, default=1000, help="of each model")
    problems = parser.parse_args().problems
    lines = ["| model | problems | EM steps | falls | largest, nats | of what is allowed |",
             "| --- | ---: | ---: | ---: | ---: | ---: |"]  # fmt: skip
    print(*lines, sep="\n", flush=True)
    began, worst = time.perf_counter(), 0.0
    for name, make in MODELS.items():
        steps = [
            step
            for seed in range(problems)
            for step in falls(*make(np.random.default_rng([seed, len(name)])))
        ]
        fallen, allowed = np.array(steps).T
        share = float((fallen / allowed).max(initial=0))
        worst = max(worst, share)
        lines.append(
            f"| {name} | {problems} | {len(steps)} | {np.sum(fallen > 0)} | "
            f"{fallen.max(initial=0):.1e} | {share:.0e} |"
        )
        print(lines[-1], flush=True)
    how = __doc__.partition(".md.  ")[2].rstrip()
    title = "# Does EM ever fall?\n\nWritten by `python benchmarks/never_falls.py`.\n"
    text = "\n".join([title, how, "", *lines, ""])
    RESULTS.write_text(text, encoding="utf-8")
    print(f"{time.perf_counter() - began:.0f} s")
    sys.exit(worst > 1)


if __name__ == "__main__":
    main()
