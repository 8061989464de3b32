"""The repository keeps its promises: what README says is there, and nothing that should not be."""

import ast
import os
import re
import runpy
import shutil
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from key import writing

# Written in two halves, so that this file does not find itself.
PACKAGE_HOSTS = re.compile(
    r"|".join(
        re.escape(f"{name}.{domain}")
        for name, domain in [
            ("pypi", "org"),
            ("python" + "hosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("anaconda", "org"),
            ("anaconda", "com"),
        ]
    )
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.}~-])/(?:home/(?!student)|root/|Users/|work/|mnt/|opt/)\w|\b[A-Z]:\\{1,2}Users"
)
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "LICENSE-CC-BY-4.0.md",
    "grading/README.md",
    "CHANGELOG.md",
]


def text_of(file: Path) -> str:
    """Text of a file; nothing for a picture."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def chores(root: Path) -> set[str]:
    """Names of the chores in noxfile.py."""
    tree = ast.parse((root / "noxfile.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name for node in functions if node.decorator_list}


def anchor(heading: str) -> str:
    """The name by which a heading can be linked to."""
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("forbidden", [PACKAGE_HOSTS, MACHINE_PATHS], ids=["hosts", "paths"])
def test_no_file_names_a_package_host_or_a_path_of_one_machine(
    root: Path, tracked: list[Path], forbidden: re.Pattern[str]
) -> None:
    assert tracked
    found = {
        file.relative_to(root).as_posix(): match.group()
        for file in tracked
        if (match := forbidden.search(text_of(file)))
    }
    assert found == {}


@pytest.mark.parametrize("text", ["see {}ada/em", "'{}ipykernel_1/2.py'", "({}em)"])
@pytest.mark.parametrize("place", ["/home/", "/root/", "/Users/", "/opt/", "C:" + r"\Users"])
def test_paths_of_a_machine_are_recognised(text: str, place: str) -> None:
    assert MACHINE_PATHS.search(text.format(place))


@pytest.mark.parametrize("text", ["docs/home/index", "~/opt/em", "example.org/tmp/x", "a /tmp b"])
def test_other_paths_are_not_taken_for_paths_of_a_machine(text: str) -> None:
    assert not MACHINE_PATHS.search(text)


def test_readme_opens_with_a_picture_and_the_two_commands(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    before_sections = readme.split("\n## ")[0]
    assert re.search(r"!\[[^\]]{40,}\]\(figs/[\w-]+\.png\)", before_sections)
    commands = re.findall(r"^```\n(.*?)\n```$", before_sections, re.MULTILINE | re.DOTALL)
    assert commands == ["python noxfile.py lab", "python noxfile.py tests"]


@pytest.fixture
def fresh_machine(root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What .ci/fresh-machine defines, called from the folder of the project as there."""
    monkeypatch.chdir(root)
    return runpy.run_path(str(root / ".ci/fresh-machine"), run_name="fresh-machine")


@pytest.mark.parametrize("chore", ["lab", "tests"])
def test_fresh_machine_runs_the_commands_of_readme(
    fresh_machine: dict[str, Any], chore: str
) -> None:
    assert fresh_machine["readme_command"](chore) == [sys.executable, "noxfile.py", chore]


def put_python(file: Path, says: str, exit_code: int = 0) -> Path:
    """Put a program where a Python may be; asked for its version and place, it answers so."""
    file.parent.mkdir(parents=True)
    file.write_text(f"#!/bin/sh\nprintf '{says}'\nexit {exit_code}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


@pytest.mark.skipif(os.name == "nt", reason="looks for Pythons as Linux and macOS have them")
def test_fresh_machine_tests_on_every_python_of_pyproject(
    fresh_machine: dict[str, Any],
    pyproject: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    classifiers = pyproject["project"]["classifiers"]
    named = [line.split(" :: ")[-1] for line in classifiers if " :: Python :: 3." in line]
    assert fresh_machine["supported"]() == named

    one, *others = [version for version in named if version != fresh_machine["MINE"]]
    broken = put_python(tmp_path / "shims" / f"python{one}", "", exit_code=127)
    wrong = put_python(tmp_path / "bin" / f"python{one}", "3.4\\n/somewhere\\n")
    put_python(tmp_path / "pyenv/versions" / f"{one}.1/bin/python", f"{one}\\n/found/{one}\\n")
    for other in others:
        put_python(tmp_path / other / f"python{other}", f"{other}\\n/found/{other}\\n")
    folders = [broken.parent, wrong.parent, *(tmp_path / other for other in others)]
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, folders)))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    found = fresh_machine["other_pythons"]()
    assert found == {version: f"/found/{version}" for version in [one, *others]}
    said = capsys.readouterr().out
    for skipped in (broken, wrong):
        assert f"{skipped} is skipped" in said

    commands = list(fresh_machine["passes"](found).values())
    assert commands[0] == [sys.executable, "noxfile.py", "tests"]
    assert [sys.executable, "noxfile.py", "slow"] in commands
    for python in found.values():
        assert [python, "noxfile.py", "tests", "-m", "not browser"] in commands

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert fresh_machine["other_pythons"]() == {}
    said = capsys.readouterr().out
    for version in [one, *others]:
        assert f"Python {version}: none here" in said


@pytest.mark.parametrize(
    ("options", "run"),
    [
        pytest.param([], ["fast"], marks=pytest.mark.slow),
        (["-m", "not browser"], ["fast"]),
        pytest.param(["-m", "slow"], ["once", "param"], marks=pytest.mark.slow),
    ],
)
def test_slow_tests_are_left_to_their_chore(
    root: Path, tmp_path: Path, options: list[str], run: list[str]
) -> None:
    program = """
        import pytest

        def test_fast(): pass

        @pytest.mark.slow
        def test_once(): pass

        @pytest.fixture(params=[pytest.param(30, marks=pytest.mark.slow)])
        def size(request): return request.param

        def test_param(size): pass
        """
    (tmp_path / "test_some.py").write_text(textwrap.dedent(program), encoding="utf-8")
    shutil.copy(root / "tests/conftest.py", tmp_path)
    command = [sys.executable, "-m", "pytest", "-v", "-c", root / "pyproject.toml", tmp_path]
    said = subprocess.run([*command, *options], capture_output=True, encoding="utf-8").stdout
    assert re.findall(r"::test_(\w+?)(?:\[30\])? PASSED", said) == run, said


def test_forge_runs_the_chores_that_pass_tests(root: Path) -> None:
    workflow = yaml.safe_load((root / ".github/workflows/tests.yml").read_text(encoding="utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    commands = [step["run"] for step in steps if "run" in step]
    wanted = {
        f"python noxfile.py {chore}" for chore in ("tests", "slow", "oldest", "newest", "wheels")
    }
    assert wanted | {".ci/run"} <= set(commands)
    assert wanted <= {f"python noxfile.py {chore}" for chore in chores(root)}


def test_readme_lists_every_chore(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    table = readme.split("| chore | does |\n")[1].split("\n\n")[0].splitlines()[1:]
    listed = [name for row in table for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(listed) == sorted(chores(root))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(root: Path, document: str) -> None:
    text = (root / document).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("https://"):
            continue
        name, _, fragment = target.partition("#")
        assert not name.startswith(("/", "http:")), f"{document}: {target} is not relative"
        linked = (root / document).parent / name if name else root / document
        assert linked.exists(), f"{document} links to {target}, which is not there"
        if fragment:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            assert fragment in map(anchor, headings), f"{document}: no heading for {target}"


def test_citation_is_complete(root: Path, pyproject: dict[str, Any]) -> None:
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "type", "authors", "license"} <= citation.keys()
    project = pyproject["project"]
    assert citation["version"] == project["version"]
    assert [author["name"] for author in citation["authors"]] == [
        author["name"] for author in project["authors"]
    ]


def test_noxfile_can_be_parsed_by_old_pythons(root: Path) -> None:
    """An unsupported Python must reach the sentence that says so."""
    source = (root / "noxfile.py").read_text(encoding="ascii")
    modern = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(source, feature_version=(3, 7))):
        where = f"line {getattr(node, 'lineno', '?')} of noxfile.py"
        assert not isinstance(node, modern), where
        assert getattr(node, "annotation", None) is None, where
        assert getattr(node, "returns", None) is None, where
        if isinstance(node, (ast.List, ast.Tuple)):
            assert not any(isinstance(item, ast.Starred) for item in node.elts), where
        if isinstance(node, ast.Call):
            # Python 2.7 allows one unpacked argument, last of its kind.
            assert not any(isinstance(item, ast.Starred) for item in node.args[:-1]), where


def test_core_of_emlib_needs_numpy_and_scipy_only() -> None:
    program = """
        import sys

        class OnlyNumPyAndSciPy:
            allowed = sys.stdlib_module_names | {"emlib", "numpy", "scipy"}

            def find_spec(self, name, path=None, target=None):
                # A leading underscore: what the build of Python itself brings along.
                if name.partition(".")[0] not in self.allowed and not name.startswith("_"):
                    raise ModuleNotFoundError(name)

        sys.meta_path.insert(0, OnlyNumPyAndSciPy())
        import emlib.driver.em, emlib.models.binomial, emlib.models.gaussian.mixture
        """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)


@pytest.mark.parametrize(
    ("package", "other"),
    [
        ("emlib", "grading"),
        ("emlib", "key"),
        ("grading", "emlib"),
        ("grading", "key"),
        ("key", "grading"),
    ],
)
def test_the_packages_know_nothing_of_each_other(root: Path, package: str, other: str) -> None:
    files = list((root / package).rglob("*.py"))
    assert files
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert other not in [name.partition(".")[0] for name in names], file


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """What students install."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=root,
        capture_output=True,
        check=True,
    )
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_wheel_holds_every_file_of_emlib_and_nothing_else(
    root: Path, tracked: list[Path], wheel: zipfile.ZipFile
) -> None:
    paths = [file.relative_to(root) for file in tracked]
    expected = {path.as_posix() for path in paths if path.parts[0] == "emlib"}
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert expected
    assert expected <= held
    assert {name.split("/")[0] for name in held} == {"emlib"}


def test_wheel_holds_no_line_of_the_answer_key(root: Path, wheel: zipfile.ZipFile) -> None:
    """No formula of `key/`; sentences of mistakes and hints, and imports, are no secret."""

    def formulas(text: str) -> set[str]:
        lines = {line.strip() for line in text.splitlines()}
        code = re.compile(r"^(return|lambda|\w+ = |for |if |while ).{24,}")
        return {line for line in lines if code.match(line) and '"' not in line}

    secret = set()
    for file in (root / "key").glob("*/*.py"):
        secret |= formulas(file.read_text(encoding="utf-8"))
    assert len(secret) > 300
    told = {
        name: found
        for name in wheel.namelist()
        if name.startswith("emlib/exercises/") or name.startswith("emlib/checks/")
        if (found := [line for line in secret if line in wheel.read(name).decode()])
    }
    assert told == {}


TRIES = """
import gc, sys
sys.path.insert(0, {wheel!r})
import numpy as np
import emlib
from emlib import exercises
from emlib.checks import Exercise

assert emlib.__file__.startswith({wheel!r}), emlib.__file__
for name in dir(exercises):
    getattr(exercises, name)
try:
    import key
except ImportError:
    print("no key")
found = [thing for thing in gc.get_objects() if isinstance(thing, Exercise)]
for exercise in found:
    known = exercise.examples[0]
    exercise.answer(*known)
    new = [np.asarray(argument) * 0.5 for argument in known]
    for function in (exercise.answer, *(mistake.gives for mistake in exercise.mistakes)):
        try:
            function(*new)
        except LookupError as error:
            assert "examples only" in str(error)
        else:
            print(exercise.name, "answers a new input")
    assert not hasattr(exercise, "grade") and not hasattr(exercise, "cases")
print(len(found), "exercises")
"""


def test_what_students_install_answers_no_new_input(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    program = TRIES.format(wheel=str(tmp_path))
    told = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    count = sum(len(writing.exercises(notebook)) for notebook in writing.NOTEBOOKS)
    assert (told.stdout.splitlines(), told.stderr) == (["no key", f"{count} exercises"], "")


def test_an_install_from_a_copy_of_the_project_finds_neither_key_nor_grader(
    tmp_path: Path,
) -> None:
    """As a student's kernel has it, wherever that was started."""
    program = """
        import emlib.exercises
        from importlib.util import find_spec

        print([name for name in ("key", "grading", "tests") if find_spec(name)])
        """
    told = subprocess.run(
        [sys.executable, "-I", "-c", textwrap.dedent(program)],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert told.stdout == "[]\n"


@pytest.mark.parametrize(
    ("program", "finds"),
    [
        ("bin/nbgrader", True),
        ("site-packages/nbgrader/__main__.py", True),
        ("Scripts/nbgrader.exe", True),
        ("site-packages/jupyterlab/__main__.py", False),
        ("bin/jupyter-lab", False),
        ("site-packages/grading/__main__.py", False),
    ],
)
def test_nbgraders_settings_show_the_key_to_kernels_of_nbgrader_alone(
    root: Path, program: str, finds: bool
) -> None:
    """JupyterLab reads these settings too, and starts the kernels of students."""
    settings = str(root / "nbgrader_config.py")
    code = f"""
        import os, sys
        from traitlets.config import Config

        os.environ.pop("PYTHONPATH", None)
        sys.argv = [{program!r}]
        exec(open({settings!r}).read(), {{"__file__": {settings!r}, "get_config": Config}})
        print(os.environ.get("PYTHONPATH"))
        """
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert told.stdout.strip() == (str(root) if finds else "None")
