"""Hidden Markov models beside hmmlearn: python benchmarks/hidden_markov.py

Writes benchmarks/results/hidden_markov.{json,md,svg}.  CPU time of one thread, the same data and
start for both, each measurement in a process of its own; and whether both arrive at the same
numbers.  Needs hmmlearn beside emlib (pip install hmmlearn); without it only emlib is measured.
Allow ten minutes.
"""

import importlib.util
import json
import logging
import os
import platform
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np

from emlib import HiddenMarkov, run_em
from emlib.palette import COMPONENT_COLOURS, COMPONENT_DASHES, COMPONENT_MARKERS

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
SHAPES = [(n, k) for k in (2, 8) for n in (1_000, 100_000, 1_000_000)]
LARGEST = {100_000: 4, 1_000_000: 3}  # times hmmlearn's scaling that emlib may take
PARITY = 1e-8
KINDS = ("Gaussian", "discrete")
CATEGORIES = 6
PEERS = {"emlib": None, "scaling": "scaling", "log": "log"}


def problem(kind, n, k, seed=0, file=None):
    """A model and a series drawn from it; EM starts at the truth, so that it does not stop.

    Drawing takes memory, so that what it gave can be read from a file.
    """
    rng = np.random.default_rng(seed)
    A = np.array([rng.dirichlet(1 + 2 * k * row) for row in np.eye(k)])
    if kind == "Gaussian":
        means = 1.5 * np.arange(k)[:, None] + 0.1 * rng.normal(size=(k, 1))
        model = HiddenMarkov.gaussian(A, means, np.ones((k, 1)), covariance_type="diag")
    else:
        model = HiddenMarkov.discrete(A, rng.dirichlet(np.ones(CATEGORIES), k))
    values = np.load(file) if file else np.asarray(model.sample(n, rng)[0].values)
    return model, values, values.reshape(n, -1)


def hmmlearn(model, implementation, iterations):
    """The same model in hmmlearn, without priors or a floor under variances."""
    from hmmlearn.hmm import CategoricalHMM, GaussianHMM

    logging.disable(logging.CRITICAL)  # that it has not converged
    options = dict(n_iter=iterations, tol=-np.inf, init_params="", implementation=implementation)
    if "means" in model.parameters():
        peer = GaussianHMM(model.k, "diag", min_covar=0, covars_prior=0, covars_weight=0, **options)
        peer.means_, peer.covars_ = model.means.copy(), model.covariances[:, 0].copy()
    else:
        peer = CategoricalHMM(model.k, **options)
        peer.emissionprob_ = model.probabilities.copy()
    peer.startprob_, peer.transmat_ = model.start.copy(), model.transitions.copy()
    return peer


def cpu_seconds(call):
    start = time.process_time()
    call()
    return time.process_time() - start


def iterate(name, model, series, x, iterations):
    if name == "emlib":
        return run_em(model, series, tol=0, max_iter=iterations)
    return hmmlearn(model, PEERS[name], iterations).fit(x)


def measure(name, kind, n, k, file):
    """CPU seconds of one iteration, what many cost more than one; and peak memory in MB."""
    n, k = int(n), int(k)
    model, series, x = problem(kind, n, k, file=file)
    iterate(name, *problem(kind, 50, 2), 1)  # what is imported is not memory of the data
    tracemalloc.start()  # NumPy reports its arrays there, those of hmmlearn's C++ too
    iterate(name, model, series, x, 1)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    many = max(4, min(50, 200_000 // n))
    few, more = [], []
    for _ in range(3):
        few.append(cpu_seconds(lambda: iterate(name, model, series, x, 1)))
        more.append(cpu_seconds(lambda: iterate(name, model, series, x, 1 + many)))
    return {"seconds": (min(more) - min(few)) / many, "megabytes": peak}


def apart(one, other):
    """The largest relative difference between two arrays."""
    one, other = np.asarray(one), np.asarray(other)
    return float(np.abs(one - other).max() / np.abs(other).max())


def agreement():
    """The largest relative differences from hmmlearn on ten random problems."""
    worst = dict.fromkeys(("log-likelihood", "posteriors", "parameters after 10 iterations"), 0.0)
    for seed in range(10):
        kind, k = KINDS[seed % 2], 2 + seed % 4
        model, series, x = problem(kind, 400 + 37 * seed, k, seed)
        for implementation in ("scaling", "log"):
            peer = hmmlearn(model, implementation, 10)
            height, states = peer.score_samples(x)
            q = model.expectation(series)
            peer.fit(x)
            run = run_em(model, series, tol=0, max_iter=10)
            theirs = {"start": peer.startprob_, "transitions": peer.transmat_}
            if kind == "Gaussian":
                theirs |= {"means": peer.means_, "covariances": peer.covars_}
            else:
                theirs |= {"probabilities": peer.emissionprob_}
            own = run.model.parameters()
            found = (
                apart(q.log_likelihood, height),
                apart(q.responsibilities, states),
                max(apart(own[name], value) for name, value in theirs.items()),
            )
            worst = {name: max(worst[name], f) for name, f in zip(worst, found, strict=True)}
    return worst


def apart_process(*arguments):
    """Run one measurement in a process of its own, on one thread."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, __file__, "--measure", *map(str, arguments)]
    done = subprocess.run(
        command, env={**os.environ, **threads}, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def table(found, names):
    """All measurements as Markdown."""
    head = ["emissions", "k", "T", *(f"{n}: ms" for n in names)]
    head += [*(f"emlib / {n}" for n in names[1:]), *(f"{n}: MB" for n in names)]
    lines = [head, ["---"] * len(head)]
    for row in found["rows"]:
        times = [row["peers"][name]["seconds"] for name in names]
        lines.append(
            [row["kind"], row["k"], f"{row['n']:.0e}".replace("e+0", "e")]
            + [f"{1e3 * t:.3g}" for t in times]
            + [f"{times[0] / t:.2f}" for t in times[1:]]
            + [f"{row['peers'][name]['megabytes']:.0f}" for name in names]
        )
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def report(found, names):
    """The page of results."""
    words = [
        "# Hidden Markov models beside hmmlearn\n",
        f"Written by `python benchmarks/hidden_markov.py`; Python {platform.python_version()}, "
        f"NumPy {np.__version__}{found['peer']}. One EM iteration, CPU time of one thread; the MB "
        "are what arrays take at most, beyond the data. `scaling`, `log`: hmmlearn's two ways.\n",
        table(found, names),
    ]
    if found["agreement"]:
        worst = ", ".join(f"{name} {value:.0e}" for name, value in found["agreement"].items())
        words.append(f"Largest relative differences on ten random problems: {worst}.\n")
    exponents = ", ".join(
        f"{row['kind']} k = {row['k']} T^{row['exponent']:.2f}" for row in found["growth"]
    )
    words.append(f"emlib's time from T = 1e5 to 1e6 grows like: {exponents}.\n")
    wider = ", ".join(
        f"{kind} k^{np.log(many['seconds'][-1] / few['seconds'][-1]) / np.log(4):.2f}"
        for kind, few, many in zip(KINDS, *(found["growth"][i::2] for i in (0, 1)), strict=True)
    )
    words.append(f"At T = 1e6, from k = 2 to 8: {wider}.\n")
    return "\n".join(words)


def growth(rows):
    curves = []
    for kind in KINDS:
        for k in (2, 8):
            own = [r for r in rows if (r["kind"], r["k"]) == (kind, k)]
            seconds = [r["peers"]["emlib"]["seconds"] for r in own]
            exponent = np.log10(seconds[-1] / seconds[-2])
            sizes = [r["n"] for r in own]
            curves.append(
                {"kind": kind, "k": k, "n": sizes, "seconds": seconds, "exponent": exponent}
            )
    return curves


def plot(found, names, path):
    """Draw time against T, each program with its own mark and dash."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "hidden_markov"
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(9, 7), sharey=True, layout="constrained")
    for place, curve in zip(axes.flat, found["growth"], strict=True):
        rows = [r for r in found["rows"] if (r["kind"], r["k"]) == (curve["kind"], curve["k"])]
        styles = zip(COMPONENT_COLOURS, COMPONENT_DASHES, COMPONENT_MARKERS, strict=True)
        for name, (colour, dash, mark) in zip(names, styles, strict=False):
            ms = [1e3 * r["peers"][name]["seconds"] for r in rows]
            label = "emlib" if name == "emlib" else f"hmmlearn, {name}"
            place.loglog(curve["n"], ms, marker=mark, ls=dash, color=colour, label=label)
        place.set(title=f"{curve['kind']} emissions, k = {curve['k']}", xlabel="rows T")
        place.legend(fontsize="small")
    for place in axes[:, 0]:
        place.set_ylabel("ms per EM iteration")
    figure.savefig(path, metadata={"Date": None})


def main():
    there = importlib.util.find_spec("hmmlearn") is not None
    names = list(PEERS) if there else ["emlib"]
    rows = []
    folder = tempfile.TemporaryDirectory()
    for kind in KINDS:
        for n, k in SHAPES:
            file = Path(folder.name) / "series.npy"
            np.save(file, problem(kind, n, k)[1])
            peers = {name: apart_process(name, kind, n, k, file) for name in names}
            rows.append({"kind": kind, "n": n, "k": k, "peers": peers})
            print(kind, n, k, json.dumps(peers), flush=True)
    peer = ""
    if there:
        import hmmlearn as package

        peer = f", hmmlearn {package.__version__}"
    found = {
        "rows": rows,
        "growth": growth(rows),
        "agreement": agreement() if there else {},
        "peer": peer,
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "hidden_markov.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (RESULTS / "hidden_markov.md").write_text(report(found, names), encoding="utf-8")
    plot(found, names, RESULTS / "hidden_markov.svg")
    print(report(found, names))
    if there:
        slow = [
            row
            for row in rows
            if row["peers"]["emlib"]["seconds"]
            > LARGEST.get(row["n"], np.inf) * row["peers"]["scaling"]["seconds"]
        ]
        if slow or max(found["agreement"].values()) > PARITY:
            sys.exit("emlib is too slow somewhere, or disagrees")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(*sys.argv[2:])))
    else:
        main()
