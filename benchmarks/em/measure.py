"""One measurement in a process of its own, so that caches, compilers and memory start afresh.

In benchmarks/: python -m em.measure NAME ARGUMENT...   The result is one line of JSON.
"""

import json
import sys
import time

import numpy as np

from em import peers, problems
from emlib import GaussianMixture, Tosses, run_em
from emlib.models.gaussian.points import Points

SECONDS = 1.0  # CPU time that one repetition should take at least


def cpu_seconds(call):
    start = time.process_time()
    call()
    return time.process_time() - start


def peak_megabytes():
    """The most memory this process has used so far, or None where the system does not say."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform != "darwin" else 1024**2
    )


def per_iteration(run, repetitions):
    """CPU seconds of one iteration of `run(iterations)`: what many cost more than one, each."""
    run(1)  # warm caches and compilers
    once = cpu_seconds(lambda: run(1))
    twice = max(cpu_seconds(lambda: run(2)) - once, 1e-6)
    many = int(np.clip(SECONDS / twice, 2, 300))
    run(many + 1)  # compilers again: some compile for a number of iterations
    few, more = [], []
    for _ in range(repetitions):
        few.append(cpu_seconds(lambda: run(1)))
        more.append(cpu_seconds(lambda: run(many + 1)))
    return (min(more) - min(few)) / many


def iteration(peer, n, d, k):
    """Cost and memory of one EM iteration of a peer, and its parameters after three."""
    n, d, k = int(n), int(d), int(k)
    data, start = problems.overlapping(n, d, k)
    function = peers.PEERS[peer][0]
    small, small_start = problems.overlapping(2 * k * (d + 1), d, k)
    function(small, small_start, 1)  # imports and compilers are not memory of the data
    before = peak_megabytes()
    parameters = function(data, start, 3)
    after = peak_megabytes()
    seconds = per_iteration(lambda m: function(data, start, m), 1 if n * d * k > 5e7 else 5)
    return {
        "seconds": seconds,
        "megabytes": None if before is None else after - before,
        "data_megabytes": data.nbytes / 2**20,
        "parameters": [np.asarray(part).tolist() for part in parameters],
    }


def growth(n, d, k):
    """Cost of one EM iteration of emlib."""
    data, start = problems.overlapping(int(n), int(d), int(k))
    points = Points(data)
    return {"seconds": per_iteration(lambda m: peers.emlib(points, start, m), 3)}


def bound():
    """What this machine can do: seconds per flop of a matrix product, and per exponential."""
    a, x = np.random.default_rng(0).random((1000, 1000)), np.linspace(-5, 0, 2**14)
    out = np.empty_like(x)
    product = min(cpu_seconds(lambda: a @ a) for _ in range(5)) / 2e9
    exponentials = min(
        cpu_seconds(lambda: [np.exp(x, out=out) for _ in range(200)]) for _ in range(5)
    )
    return {"flop": product, "exp": exponentials / 200 / x.size}


def optimum(name):
    """Steps of plain and accelerated emlib to within 1e-6 nats of the optimum, and their cost."""
    if name == "close coins":
        data, model = problems.close_coins(2_000)
    else:
        data, start = problems.clusters(name)
        model = GaussianMixture(*start)
    runs = {
        kind: run_em(model, data, tol=1e-15, max_iter=100_000, accelerate=kind)
        for kind in (None, "anderson", "squarem")
    }
    best = max(run.log_likelihood for run in runs.values())
    result = {"best": best}
    for kind, run in runs.items():
        steps = int(np.argmax(run.log_likelihoods >= best - 1e-6))
        if run.log_likelihoods[steps] < best - 1e-6:
            raise RuntimeError(f"{name}: {kind} ended {best - run.log_likelihood} nats too low")

        def again(steps=steps, kind=kind):
            return run_em(model, data, tol=0, max_iter=steps, accelerate=kind)

        result[str(kind)] = {
            "steps": steps,
            "evaluations": again().evaluations,
            "seconds": min(cpu_seconds(again) for _ in range(1 if steps > 1000 else 5)),
            "seconds_to_stop": cpu_seconds(
                lambda kind=kind: run_em(model, data, max_iter=100_000, accelerate=kind)
            ),
        }
    return result


def peer_to_optimum(peer, name, steps):
    """Cost of so many iterations of a peer: plain EM, and so the same steps for all."""
    data, start = problems.clusters(name)
    function, steps = peers.PEERS[peer][0], int(steps)
    function(data, start, 1)
    if steps <= 200:
        seconds = min(cpu_seconds(lambda: function(data, start, steps)) for _ in range(3))
    else:
        seconds = per_iteration(lambda m: function(data, start, m), 3) * steps
    return {"seconds": seconds}


def coins(kind, rows):
    """Cost and memory of one EM iteration on so many rows, grouped or row by row."""
    data, model = problems.two_coins(int(rows))
    heads, flips = data.heads, data.flips

    def grouped(iterations):
        run_em(model, Tosses(heads, flips), tol=0, max_iter=iterations)

    def row_by_row(iterations):
        theta = model.theta
        for _ in range(iterations):
            log_joint = heads[:, None] * np.log(theta) + (flips - heads)[:, None] * np.log1p(-theta)
            r = np.exp(log_joint - np.logaddexp.reduce(log_joint, axis=1, keepdims=True))
            theta = heads @ r / (flips @ r)

    run = {"grouped": grouped, "row by row": row_by_row}[kind]
    before = peak_megabytes()
    run(2)
    after = peak_megabytes()
    data.distinct  # noqa: B018  what is done once
    once = cpu_seconds(lambda: grouped(1)) if kind == "grouped" else 0.0

    def prepared(iterations):
        if kind == "grouped":
            run_em(model, data, tol=0, max_iter=iterations)
        else:
            row_by_row(iterations)

    many = 20
    seconds = min(
        (cpu_seconds(lambda: prepared(many + 1)) - cpu_seconds(lambda: prepared(1))) / many
        for _ in range(3)
    )
    return {
        "seconds": max(seconds, 1e-7),
        "once": once,
        "megabytes": None if before is None else after - before,
    }


if __name__ == "__main__":
    measurements = (iteration, growth, bound, optimum, peer_to_optimum, coins)
    chosen = {function.__name__: function for function in measurements}[sys.argv[1]]
    print(json.dumps(chosen(*sys.argv[2:])))
