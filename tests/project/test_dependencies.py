"""The lock, environment.yml and pyproject.toml say the same thing."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = [
    "requirements.lock",
    "requirements-nox.lock",
    "requirements-lite.lock",
    "requirements-site.lock",
    "site/lite/wheels.lock",
]
PYTHONS = ["3.11", "3.12", "3.13", "3.14", "3.15"]
SYSTEMS = {
    "Linux": {"sys_platform": "linux", "os_name": "posix", "platform_machine": "x86_64"},
    "Darwin": {"sys_platform": "darwin", "os_name": "posix", "platform_machine": "arm64"},
    "Windows": {"sys_platform": "win32", "os_name": "nt", "platform_machine": "AMD64"},
}
ENVIRONMENTS = [
    pytest.param(
        {
            **facts,
            "platform_system": system,
            "python_version": python,
            "python_full_version": f"{python}.4",
            "implementation_name": "cpython",
            "implementation_version": f"{python}.4",
            "platform_python_implementation": "CPython",
        },
        id=f"{system}-{python}",
    )
    for system, facts in SYSTEMS.items()
    for python in PYTHONS
]


def entries(lock: Path) -> list[str]:
    """The entries of a lock file, each on one line."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if not line.lstrip().startswith("#")]


def pins(lock: Path, environment: dict[str, str]) -> dict[str, str]:
    """Locked version of each package that is installed in an environment."""
    found: dict[str, str] = {}
    for entry in entries(lock):
        requirement = Requirement(entry.split(" --hash")[0])
        if requirement.marker is None or requirement.marker.evaluate(environment):
            (specifier,) = requirement.specifier
            name = canonicalize_name(requirement.name)
            assert specifier.operator == "==", f"{entry} is not pinned"
            assert name not in found, f"{name} is pinned twice"
            found[name] = specifier.version
    return found


def direct(pyproject: dict[str, Any]) -> list[Requirement]:
    """What requirements.lock must provide: dependencies, all extras, and the build."""
    extras = pyproject["project"]["optional-dependencies"].values()
    groups = [pyproject["project"]["dependencies"], *extras, pyproject["build-system"]["requires"]]
    return [Requirement(line) for group in groups for line in group]


def required_by(
    requirement: Requirement, version: str, environment: dict[str, str]
) -> Iterator[Requirement]:
    """What a locked package itself needs, as far as this machine has that version at hand."""
    try:
        distribution = metadata.distribution(requirement.name)
    except metadata.PackageNotFoundError:
        return
    if distribution.version != version:
        return
    for line in distribution.requires or []:
        needed = Requirement(line)
        extras = ["", *requirement.extras]
        if needed.marker is None or any(
            needed.marker.evaluate({**environment, "extra": extra}) for extra in extras
        ):
            yield needed


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_lock_holds_everything_needed(
    root: Path, pyproject: dict[str, Any], environment: dict[str, str]
) -> None:
    pinned = pins(root / "requirements.lock", environment)
    needed = [r for r in direct(pyproject) if not r.marker or r.marker.evaluate(environment)]
    to_check, checked = needed, set()
    while to_check:
        requirement = to_check.pop()
        if str(requirement) in checked:
            continue
        checked.add(str(requirement))
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"requirements.lock lacks {requirement}"
        assert requirement.specifier.contains(version, prereleases=True), (
            f"requirements.lock has {requirement.name} {version}, needed is {requirement}"
        )
        to_check += required_by(requirement, version, environment)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_lock_of_the_task_runner(
    root: Path, pyproject: dict[str, Any], environment: dict[str, str]
) -> None:
    pinned = pins(root / "requirements-nox.lock", environment)
    for line in pyproject["dependency-groups"]["runner"]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)])
    # noxfile.py imports these two beside nox.
    assert {"virtualenv", "filelock"} <= pinned.keys()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_lock_of_the_website(
    root: Path, pyproject: dict[str, Any], environment: dict[str, str]
) -> None:
    pinned = pins(root / "requirements-site.lock", environment)
    groups = pyproject["dependency-groups"]
    for line in [*groups["site"], *groups["build"], *pyproject["project"]["dependencies"]]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)])


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_lock_of_the_site_without_an_install(
    root: Path, pyproject: dict[str, Any], environment: dict[str, str]
) -> None:
    groups = pyproject["dependency-groups"]
    for lock, group in (("requirements-lite.lock", "lite"), ("site/lite/wheels.lock", "carriers")):
        pinned = pins(root / lock, environment)
        for requirement in map(Requirement, groups[group]):
            version = pinned[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version, prereleases=True)


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_have_hashes_and_name_no_index(root: Path, lock: str) -> None:
    found = entries(root / lock)
    assert found
    for entry in found:
        assert re.fullmatch(r"[a-z0-9._-]+==\S+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+", entry)
    assert "://" not in (root / lock).read_text(encoding="utf-8")


def test_environment_agrees_with_pyproject(root: Path, pyproject: dict[str, Any]) -> None:
    environment = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-e ."]}
    assert environment["channels"] == ["conda-forge"]

    project = pyproject["project"]
    expected = [Requirement(f"python{project['requires-python']}"), Requirement("pip")]
    for line in [*project["dependencies"], *project["optional-dependencies"]["lab"]]:
        expected.append(Requirement(line))
    assert {Requirement(line) for line in conda} == set(expected)


def test_emlib_imports_only_what_it_declares(root: Path, pyproject: dict[str, Any]) -> None:
    imported = set()
    for file in (root / "emlib").rglob("*.py"):
        # What a function imports when it is called may be an optional dependency.
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
    providers = metadata.packages_distributions()
    declared = {
        canonicalize_name(Requirement(line).name) for line in pyproject["project"]["dependencies"]
    }
    for name in imported - sys.stdlib_module_names - {"emlib"}:
        assert declared & {canonicalize_name(provider) for provider in providers[name]}, (
            f"emlib imports {name}, which no dependency in pyproject.toml provides"
        )


def test_supported_pythons_are_the_same_everywhere(root: Path, pyproject: dict[str, Any]) -> None:
    project = pyproject["project"]
    assert project["requires-python"] == ">=3.11"  # and no bound that refuses the next
    classified = [line.split(" :: ")[-1] for line in project["classifiers"] if ":: 3." in line]
    assert classified == PYTHONS

    noxfile = (root / "noxfile.py").read_text(encoding="utf-8")
    assert "if sys.version_info < (3, 11):" in noxfile
    assert "need Python 3.11 or newer" in noxfile
    assert f"\nPYTHONS = {json.dumps(PYTHONS)}\n" in noxfile

    workflow = yaml.safe_load((root / ".github/workflows/tests.yml").read_text(encoding="utf-8"))
    for job in ("tests", "newest"):
        matrix = workflow["jobs"][job]["strategy"]["matrix"]
        assert matrix["python"] == PYTHONS
        assert [name.split("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]


def test_the_releases_of_colab_are_not_refused(root: Path, pyproject: dict[str, Any]) -> None:
    lines = (root / "tests/project/colab.txt").read_text(encoding="utf-8").splitlines()
    has = dict(line.split("==") for line in lines if not line.startswith("#"))
    for requirement in map(Requirement, pyproject["project"]["dependencies"]):
        assert requirement.specifier.contains(has[requirement.name]), requirement
