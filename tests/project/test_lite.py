"""What the site without an install is built of, and that its settings arrive."""

import hashlib
import importlib.util
import json
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.notebooks.course import ROOT

FOLDER = ROOT / "site" / "lite"


@pytest.fixture(scope="module")
def lite() -> ModuleType:
    """The program that builds the site; it is no package's module."""
    spec = importlib.util.spec_from_file_location("lite_build", FOLDER / "build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def carrier(folder: Path, content: bytes) -> Path:
    """A wheel that carries one package of Pyodide."""
    path = folder / "carrier-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("carrier/assets/pyodide/numpy-2.whl", content)
    return path


def test_what_a_package_depends_on_is_served_too(lite: ModuleType) -> None:
    packages = {
        "a": {"depends": ["b_c"]},  # a name may be spelled with either dash
        "b-c": {"depends": ["a", "d"]},
        "d": {"depends": []},
        "e": {"depends": []},
    }
    assert lite.closure(packages, ["a"]) == ["a", "b-c", "d"]


def test_a_package_is_what_the_lock_of_pyodide_names(lite: ModuleType, tmp_path: Path) -> None:
    package = {"file_name": "numpy-2.whl", "sha256": hashlib.sha256(b"right").hexdigest()}
    assert lite.fetch(package, "0", [carrier(tmp_path, b"right")]) == b"right"
    with pytest.raises(ValueError, match=r"numpy-2.whl from carrier.* is not the file"):
        lite.fetch(package, "0", [carrier(tmp_path, b"wrong")])


def test_a_wheel_of_other_bytes_has_another_name(lite: ModuleType, tmp_path: Path) -> None:
    wheel, names = tmp_path / "emlib-0.1.0-py3-none-any.whl", set()
    for content in (b"today", b"tomorrow"):
        wheel.write_bytes(content)
        entry, served = lite.own(wheel, ["numpy"])
        assert served == content and entry["imports"] == ["emlib"]
        names.add(entry["file_name"])
    assert len(names) == 2 and all(n.startswith("emlib-0.1.0-") for n in names)


@pytest.fixture
def output(lite: ModuleType, tmp_path: Path) -> Path:
    """A built site's settings as they should be."""
    settings = json.loads((FOLDER / "jupyter-lite.json").read_text(encoding="utf-8"))
    kernel = settings["jupyter-config-data"]["litePluginSettings"][lite.KERNEL]
    kernel["pyodideUrl"] = "./static/pyodide/pyodide.js"
    (tmp_path / "jupyter-lite.json").write_text(json.dumps(settings), encoding="utf-8")
    return tmp_path


def test_settings_that_arrive_are_accepted(lite: ModuleType, output: Path) -> None:
    lite.verify(output)


@pytest.mark.parametrize(
    "lost", ["appName", "exposeAppInBrowser", "pyodideUrl", "disablePyPIFallback"]
)
def test_a_setting_that_is_lost_ends_the_build(lite: ModuleType, output: Path, lost: str) -> None:
    path = output / "jupyter-lite.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    data = settings["jupyter-config-data"]
    for place in (data, data["litePluginSettings"][lite.KERNEL]):
        place.pop(lost, None)
    path.write_text(json.dumps(settings), encoding="utf-8")
    with pytest.raises(ValueError, match=f"{lost} = None"):
        lite.verify(output)


def test_notebooks_in_one_folder_lead_to_each_other() -> None:
    spec = importlib.util.spec_from_file_location("lite_contents", FOLDER / "contents.py")
    assert spec and spec.loader
    contents = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(contents)
    from nbformat.v4 import new_markdown_cell, new_notebook

    text = (
        "[a](../02a-x/02a-x.ipynb#end) [b](b.ipynb) [c](https://x.org/d/e.ipynb) [d](../README.md)"
    )
    notebook = new_notebook(cells=[new_markdown_cell(text)])
    contents.flatten(notebook)
    assert notebook.cells[0].source == (
        "[a](02a-x.ipynb#end) [b](b.ipynb) [c](https://x.org/d/e.ipynb) d"
    )


def test_each_page_of_jupyterlite_looks_for_a_newer_edition(
    lite: ModuleType, tmp_path: Path
) -> None:
    for app in lite.APPS:
        (tmp_path / app).mkdir()
        (tmp_path / app / "index.html").write_text("<head></head><body>", encoding="utf-8")
    lite.add_editions(tmp_path)
    (script,) = tmp_path.glob("editions-*.js")
    for app in lite.APPS:
        page = (tmp_path / app / "index.html").read_text(encoding="utf-8")
        assert page == f'<head><script type="module" src="../{script.name}"></script></head><body>'
    (tmp_path / "lab" / "index.html").write_text("<body>", encoding="utf-8")
    with pytest.raises(ValueError, match=r"lab/index.html has no </head>"):
        lite.add_editions(tmp_path)
