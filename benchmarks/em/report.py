"""The measurements as tables and a picture."""

import importlib.metadata
import platform
from pathlib import Path

import matplotlib
import numpy as np

from emlib.palette import COMPONENT_COLOURS, COMPONENT_DASHES, COMPONENT_MARKERS, NEUTRAL

PACKAGES = {
    "emlib": "numpy",
    "scikit-learn": "scikit-learn",
    "daal4py (C++)": "scikit-learn-intelex",
    "textbook NumPy": "scipy",
    "Numba loops": "numba",
}


def processor():
    """The processor's name, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    return platform.processor() or platform.machine()


def versions(names):
    """The versions of what is compared."""
    packages = {PACKAGES[name] for name in names}
    return {package: importlib.metadata.version(package) for package in sorted(packages)}


def table(header, rows):
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def size(number):
    """A number of rows in words that fit a table."""
    return f"{number:.0e}".replace("e+0", "e")


def tables(found):
    """All measurements as Markdown."""
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    machine = found["machine"]
    return "\n".join(
        [
            "# How fast emlib is\n",
            f"Written by `python benchmarks/em_speed.py` on {machine['processor']}, Python "
            f"{machine['python']}, {versions}. CPU time of one thread. Ratios carry over to "
            "other machines better than times do.\n",
            iterations(found["iterations"]),
            optima(found["optima"]),
            coins(found["coins"]),
            growth(found["growth"]),
        ]
    )


def iterations(rows):
    names = list(dict.fromkeys(name for row in rows for name in row["peers"]))
    times, ratios, memory = [], [], []
    for row in rows:
        n, d, k = row["shape"]
        shape = f"{size(n)}, {d}, {k}"
        own = row["peers"]["emlib"]["seconds"]
        peers = [row["peers"].get(name) for name in names]
        cells = [f"{1e3 * p['seconds']:.3g}" if p else "-" for p in peers]
        bound = [f"{1e3 * row['bound']:.2g}", f"{own / row['bound']:.1f}"]
        times.append([shape, *cells, *bound])
        ratios.append([shape, *(f"{p['seconds'] / own:.2f}" if p else "-" for p in peers[1:])])
        megabytes = [
            f"{p['megabytes']:.0f}" if p and p["megabytes"] is not None else "-" for p in peers
        ]
        memory.append([shape, f"{row['data_megabytes']:.1f}", *megabytes])
    worst = max(p["difference"] for row in rows for p in row["peers"].values())
    return "\n".join(
        [
            "## One EM iteration, Gaussian mixture with full covariances\n",
            "Milliseconds. The bound is the time of the arithmetic alone, two triangular matrix "
            "products and one exponential for each row and component, at the speed of a large "
            "matrix product and of `numpy.exp` measured in the same run.\n",
            table(["n, d, k", *names, "bound", "emlib / bound"], times),
            "Times emlib's (above 1, emlib is faster):\n",
            table(["n, d, k", *names[1:]], ratios),
            "Peak memory beyond the data, MB; the caches of the process count, and emlib's "
            "includes its own copy of the data:\n",
            table(["n, d, k", "data", *names], memory),
            f"After three iterations, all parameters agree to {worst:.0e}.\n",
        ]
    )


def optima(rows):
    lines = []
    names = list(dict.fromkeys(name for row in rows for name in row["peers"]))
    for row in rows:
        own = row["emlib"]
        base = own["anderson"]["seconds"]
        peers = [row["peers"].get(name) for name in names]
        lines.append(
            [row["problem"], own["None"]["evaluations"], own["squarem"]["evaluations"]]
            + [own["anderson"]["evaluations"], f"{1e3 * base:.3g}"]
            + [f"{own[kind]['seconds'] / base:.1f}" for kind in ("None", "squarem")]
            + [f"{p['seconds'] / base:.1f}" if p else "-" for p in peers]
        )
    header = ["problem", "E-steps: EM", "SQUAREM", "Anderson", "emlib, Anderson: ms"]
    header += ["times that: emlib, EM", "emlib, SQUAREM", *names]
    return "\n".join(
        [
            "## To within 1e-6 nats of the optimum\n",
            "Three clusters, d = 4, n = 10 000; three close coins, 2 000 rows of 20 flips. The "
            "peers are plain EM and take as many steps as emlib's.\n",
            table(header, lines),
        ]
    )


def coins(rows):
    lines = [
        [
            size(row["rows"]),
            f"{1e3 * row['grouped']['seconds']:.3f}",
            f"{1e3 * row['row by row']['seconds']:.3f}",
            f"{row['row by row']['seconds'] / row['grouped']['seconds']:.1f}",
            f"{1e3 * row['grouped']['once']:.1f}",
            *(
                "-" if row[kind]["megabytes"] is None else f"{row[kind]['megabytes']:.0f}"
                for kind in ("grouped", "row by row")
            ),
        ]
        for row in rows
    ]
    header = ["rows", "emlib, grouped: ms", "row by row: ms", "ratio", "grouping, once: ms"]
    header += ["memory, grouped: MB", "memory, row by row: MB"]
    return "## One EM iteration, two coins, ten flips a row\n\n" + table(header, lines)


def slope(curve):
    """The exponent of growth over the last three sizes."""
    sizes, seconds = np.log(curve["sizes"][-3:]), np.log(curve["seconds"][-3:])
    return float(np.polyfit(sizes, seconds, 1)[0])


def growth(curves):
    lines = [
        [axis, f"{curve['sizes'][0]} to {curve['sizes'][-1]}", f"{slope(curve):.2f}"]
        for axis, curve in curves.items()
    ]
    header = ["grows with", "from", "exponent over the last three sizes"]
    return "## Growth of emlib's iteration\n\n" + table(header, lines)


def plot(found, path):
    """Draw time against the bound for every shape, and the growth with n, d and k."""
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "em_speed"
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(10, 7.5), layout="constrained")
    rows = found["iterations"]
    names = list(dict.fromkeys(name for row in rows for name in row["peers"]))
    styles = list(zip(COMPONENT_COLOURS, COMPONENT_DASHES, COMPONENT_MARKERS, strict=True))
    top = axes[0, 0]
    for name, (colour, dash, marker) in zip(names, styles, strict=False):
        known = [(x, row["peers"][name]) for x, row in enumerate(rows) if name in row["peers"]]
        ratios = [p["seconds"] / rows[x]["bound"] for x, p in known]
        top.plot([x for x, _ in known], ratios, marker, ls=dash, color=colour, label=name)
    labels = [f"{size(n)}\n{d}, {k}" for n, d, k in (row["shape"] for row in rows)]
    top.set_xticks(range(len(rows)), labels)
    top.set(yscale="log", xlabel="rows; columns, components", ylabel="time / arithmetic bound")
    top.set_title("One EM iteration")
    top.legend(fontsize="small")
    for axis, place in zip("ndk", axes.flat[1:], strict=True):
        curve = found["growth"][axis]
        place.loglog(
            curve["sizes"], np.multiply(curve["seconds"], 1e3), "o-", color=COMPONENT_COLOURS[0]
        )
        fit = np.exp(
            np.polyval(
                np.polyfit(np.log(curve["sizes"][-3:]), np.log(curve["seconds"][-3:]), 1),
                np.log(curve["sizes"]),
            )
        )
        place.loglog(
            curve["sizes"], 1e3 * fit, "--", color=NEUTRAL, label=f"slope {slope(curve):.2f}"
        )
        meaning = {"n": "rows n", "d": "columns d", "k": "components k"}[axis]
        place.set(xlabel=meaning, ylabel="ms per iteration", title=f"emlib: growth with {meaning}")
        place.set_xticks(curve["sizes"], [f"{value:,}" for value in curve["sizes"]])
        place.minorticks_off()
        place.legend(fontsize="small")
    figure.savefig(path, metadata={"Date": None})
