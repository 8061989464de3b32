"""How fast emlib is, beside what else there is: python benchmarks/em_speed.py [--quick]

Writes benchmarks/results/em_speed.{json,md,svg}.  CPU time of one thread, the same data and
start for all, each measurement in a process of its own, and a check that all programs arrive
at the same parameters.  Peers that are not installed are left out.  --quick leaves out the two
largest shapes; without it, allow half an hour.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

ONE_THREAD = {
    name: "1"
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
}
HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
PARITY = 1e-8  # largest difference of parameters between programs, in standard deviations


def measure(*arguments):
    """Run one measurement in a process of its own."""
    command = [sys.executable, "-m", "em.measure", *map(str, arguments)]
    done = subprocess.run(
        command,
        cwd=HERE,
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def lower_bound(machine, n, d, k):
    """Seconds of the arithmetic alone: two triangular products and an exponential each."""
    return n * k * (2 * (d * d + d) * machine["flop"] + machine["exp"])


def difference(parameters, others):
    """The largest difference between two sets of parameters, both of unit scale."""
    import numpy as np

    return max(
        float(np.abs(np.subtract(one, other)).max())
        for one, other in zip(parameters, others, strict=True)
    )


def compare_iterations(shapes, names, machine):
    rows = []
    for shape in shapes:
        row = {"shape": shape, "bound": lower_bound(machine, *shape), "peers": {}}
        for name in names:
            from em import peers

            if not peers.PEERS[name][2](*shape):
                continue
            result = measure("iteration", name, *shape)
            parameters = result.pop("parameters")
            if name == "emlib":
                reference = parameters
            result["difference"] = difference(parameters, reference)
            if result["difference"] > PARITY:
                sys.exit(f"{name} at {shape} disagrees by {result['difference']:.1e}")
            row["peers"][name] = result
            row["data_megabytes"] = result.pop("data_megabytes")
            print(shape, name, f"{1e3 * result['seconds']:.3f} ms", flush=True)
        rows.append(row)
    return rows


def compare_optima(names):
    from em import problems

    rows = []
    for problem in (*problems.DISTANCES, "close coins"):
        row = {"problem": problem, "emlib": measure("optimum", problem), "peers": {}}
        steps = row["emlib"]["None"]["steps"]
        for name in names:
            if problem != "close coins" and name != "emlib":
                row["peers"][name] = measure("peer_to_optimum", name, problem, steps)
        rows.append(row)
        print(problem, json.dumps(row), flush=True)
    return rows


def compare_coins():
    rows = []
    for count in (100, 10_000, 1_000_000):
        row = {"rows": count}
        for kind in ("grouped", "row by row"):
            row[kind] = measure("coins", kind, count)
        rows.append(row)
        print("coins", json.dumps(row), flush=True)
    return rows


def grow():
    axes = {
        "n": [(n, 4, 4) for n in (1_000, 10_000, 100_000, 1_000_000)],
        "d": [(20_000, d, 4) for d in (1, 2, 4, 8, 16, 32, 64, 128)],
        "k": [(20_000, 4, k) for k in (2, 4, 8, 16, 32, 64)],  # one component converges at once
    }
    curves = {}
    for axis, shapes in axes.items():
        sizes = [shape["ndk".index(axis)] for shape in shapes]
        seconds = [measure("growth", *shape)["seconds"] for shape in shapes]
        curves[axis] = {"sizes": sizes, "seconds": seconds}
        print("growth", axis, [f"{1e3 * s:.3f} ms" for s in seconds], flush=True)
    return curves


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="leave out the two largest shapes")
    options = parser.parse_args()
    from em import peers, problems, report

    names = peers.installed()
    machine = measure("bound")
    shapes = problems.SHAPES[:4] if options.quick else problems.SHAPES
    found = {
        "machine": {
            **machine,
            "processor": report.processor(),
            "python": platform.python_version(),
        },
        "versions": report.versions(names),
        "iterations": compare_iterations(shapes, names, machine),
        "optima": compare_optima(names),
        "coins": compare_coins(),
        "growth": grow(),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "em_speed.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "em_speed.md").write_text(report.tables(found), encoding="utf-8")
    report.plot(found, RESULTS / "em_speed.svg")
    print(report.tables(found))


if __name__ == "__main__":
    main()
