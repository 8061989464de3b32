"""What students get: copies that keep their work, an archive, and neither with an answer in it."""

import contextlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import nbformat
import pytest
from packaging.requirements import Requirement

from kit import archive, copies
from tests.notebooks.course import ROOT, cell_of, graded, read

MARKS = ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
REGION = re.compile(r"BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)(.*?)END \1", re.DOTALL)
NAME = "03b-coin-toss-em"
NOTEBOOK = f"{NAME}/{NAME}.ipynb"


def text_of(notebook: Path) -> str:
    return "\n".join(cell.source for cell in read(notebook).cells)


def secrets(course: Path) -> set[str]:
    """All lines that stand in the sources where students must not see them, and nowhere else."""
    hidden: set[str] = set()
    shown: set[str] = set()
    for path in (course / "notebooks").rglob("*.ipynb"):
        text = text_of(path)
        hidden |= {line.strip() for m in REGION.finditer(text) for line in m[2].splitlines()}
        shown |= {line.strip() for line in REGION.sub("", text).splitlines()}
    return {line for line in hidden - shown if len(line) > 12}


def leaks(folder: Path, course: Path) -> list[str]:
    """What of the answers stands in the files of a folder, in wheels too."""
    kept, found = secrets(course), []
    assert len(kept) > 100
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.suffix == ".whl":
            names = {name.split("/")[0] for name in zipfile.ZipFile(path).namelist()}
            found += [f"{path.name}: {n}" for n in names if not re.fullmatch(r"emlib(-.*)?", n)]
            continue
        raw = path.read_text(encoding="utf-8")
        lines = {line.strip() for line in raw.splitlines()}
        if path.suffix == ".ipynb":
            lines = {line.strip() for line in text_of(path).splitlines()}
        found += [f"{path.name}: {line}" for line in sorted(lines & kept)]
        found += [f"{path.name}: {mark}" for mark in MARKS if mark in raw]
    return found


def course_in(folder: Path) -> Path:
    """A copy of what the kit is made from."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    for name in ("emlib", "kit"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("nbgrader_config.py", "pyproject.toml", "README.md", *archive.LICENCES):
        shutil.copy(ROOT / name, folder)
    return folder


def change(path: Path, grade_id: str = "e_step", source: str = "mine = 1") -> None:
    notebook = read(path)
    cell_of(notebook, grade_id).source = source
    nbformat.write(notebook, path)


def new_edition(course: Path) -> None:
    """Change the text of one notebook and run what depends on it."""
    path = course / "notebooks" / NOTEBOOK
    notebook = read(path)
    notebook.cells[0].source += "\n\nA new edition."
    nbformat.write(notebook, path)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return course_in(tmp_path / "course")


@pytest.fixture
def mine(course: Path) -> Path:
    """The copies after a first start."""
    assert copies.refresh(course, course / "mine") == []
    return course / "mine"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive, unpacked."""
    folder = tmp_path_factory.mktemp("kit")
    made = archive.make(course_in(folder / "course"))
    shutil.unpack_archive(made, folder / "unpacked")
    (unpacked,) = (folder / "unpacked").iterdir()
    return unpacked


def test_every_notebook_is_copied_without_its_answers(course: Path, mine: Path) -> None:
    sources = course / "notebooks"
    expected = {p.relative_to(sources) for p in sources.rglob("*.ipynb")}
    assert {p.relative_to(mine) for p in mine.rglob("*.ipynb")} == expected
    assert leaks(mine, course) == []
    assert not (course / "gradebook.db").exists()


def test_a_second_start_writes_nothing_and_needs_no_nbgrader(
    course: Path, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "write_all", None)
    before = {path: path.stat().st_mtime_ns for path in mine.rglob("*")}
    assert copies.refresh(course, mine) == []
    assert {path: path.stat().st_mtime_ns for path in mine.rglob("*")} == before


def test_what_a_student_has_changed_is_kept_and_the_new_edition_named(
    course: Path, mine: Path
) -> None:
    change(mine / NOTEBOOK)
    written = (mine / NOTEBOOK).read_bytes()
    assert copies.refresh(course, mine) == []
    new_edition(course)
    for _ in range(2):
        assert copies.refresh(course, mine) == [NOTEBOOK]
        assert (mine / NOTEBOOK).read_bytes() == written


def test_outputs_are_a_change_too(course: Path, mine: Path) -> None:
    notebook = read(mine / NOTEBOOK)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.outputs = [nbformat.v4.new_output("stream", text="an afternoon's result")]
    nbformat.write(notebook, mine / NOTEBOOK)
    new_edition(course)
    assert copies.refresh(course, mine) == [NOTEBOOK]
    assert "an afternoon's result" in (mine / NOTEBOOK).read_text(encoding="utf-8")


def test_a_kept_copy_makes_way_once_it_is_renamed(course: Path, mine: Path) -> None:
    change(mine / NOTEBOOK)
    new_edition(course)
    copies.refresh(course, mine)
    (mine / NOTEBOOK).rename(mine / NAME / "old.ipynb")
    assert copies.refresh(course, mine) == []
    assert "A new edition." in text_of(mine / NOTEBOOK)
    assert "mine = 1" in text_of(mine / NAME / "old.ipynb")


def test_a_kept_copy_is_refreshed_once_its_changes_are_taken_back(course: Path, mine: Path) -> None:
    written = (mine / NOTEBOOK).read_bytes()
    change(mine / NOTEBOOK)
    new_edition(course)
    copies.refresh(course, mine)
    (mine / NOTEBOOK).write_bytes(written)
    assert copies.refresh(course, mine) == []
    assert "A new edition." in text_of(mine / NOTEBOOK)


def test_what_is_unchanged_is_refreshed_even_if_jupyterlab_saved_it_anew(
    course: Path, mine: Path
) -> None:
    notebook = json.loads((mine / NOTEBOOK).read_text(encoding="utf-8"))
    notebook["metadata"]["language_info"]["version"] = "3.13.1"  # as when a kernel has answered
    (mine / NOTEBOOK).write_text(json.dumps(notebook, indent=4), encoding="utf-8")
    new_edition(course)
    assert copies.refresh(course, mine) == []
    assert "A new edition." in text_of(mine / NOTEBOOK)


def test_a_notebook_that_is_new_or_was_deleted_is_added(course: Path, mine: Path) -> None:
    shutil.copy(course / "notebooks/00-start-here.ipynb", course / "notebooks/05-new.ipynb")
    change(mine / NOTEBOOK)
    (mine / "00-start-here.ipynb").unlink()
    assert copies.refresh(course, mine) == []
    assert (mine / "00-start-here.ipynb").exists()
    assert (mine / "05-new.ipynb").exists()
    assert "mine = 1" in text_of(mine / NOTEBOOK)


@pytest.mark.parametrize(
    "damage", ["", "[]", '{"edition": "x"}', '{"edition": 1, "copies": {"a": 1}}']
)
def test_without_its_memory_it_keeps_what_differs(course: Path, mine: Path, damage: str) -> None:
    change(mine / NOTEBOOK)
    (mine / copies.RECORD).write_text(damage, encoding="utf-8")
    assert copies.refresh(course, mine) == [NOTEBOOK]
    assert "mine = 1" in text_of(mine / NOTEBOOK)


def test_a_copy_that_is_no_notebook_any_more_is_kept(course: Path, mine: Path) -> None:
    (mine / NOTEBOOK).write_bytes(b"\xff torn")
    new_edition(course)
    assert copies.refresh(course, mine) == [NOTEBOOK]
    assert (mine / NOTEBOOK).read_bytes() == b"\xff torn"


@pytest.mark.parametrize("chore", ["kit.copies", "kit.archive"])
def test_where_nothing_can_be_written_one_sentence_says_so(course: Path, chore: str) -> None:
    for name in (copies.MINE, "release"):
        (course / name).write_text("in the way")
    done = subprocess.run(
        [sys.executable, "-m", chore], cwd=course, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 1
    assert re.fullmatch(r"Cannot write .*\.\n", done.stderr)


def test_a_notebook_that_nbgrader_refuses_is_named(course: Path, mine: Path) -> None:
    change(course / "notebooks" / NOTEBOOK, source="### BEGIN SOLUTION")  # which never ends
    done = subprocess.run(
        [sys.executable, "-m", "kit.copies"], cwd=course, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 1
    assert "no end solution statement" in done.stderr.lower()
    assert done.stderr.endswith(f"cannot release the notebook {NAME}: mend what it says above.\n")


@pytest.mark.parametrize("made", ["copies", "kit"])
def test_links_in_notebooks_lead_to_what_is_there(
    course: Path, made: str, request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue("mine" if made == "copies" else "kit")
    seen = 0
    for path in folder.rglob("*.ipynb"):
        for target in re.findall(r"\]\(([^)#]+)", text_of(path)):
            if not target.startswith("https://"):
                assert (path.parent / target).exists(), f"{path.name}: {target}"
                seen += 1
    assert seen > 5


def test_the_archive_holds_what_a_student_needs(kit: Path, pyproject: dict[str, Any]) -> None:
    (wheel,) = kit.glob("*.whl")
    assert {path.name for path in kit.iterdir()} == {
        "README.md", "requirements.txt", "notebooks", wheel.name, *archive.LICENCES
    }  # fmt: skip
    packed = {p.relative_to(kit) for p in kit.rglob("*.ipynb")}
    assert packed == {p.relative_to(ROOT) for p in (ROOT / "notebooks").rglob("*.ipynb")}
    first, *others = (kit / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert first == f"./{wheel.name}"
    lab = {Requirement(line) for line in pyproject["project"]["optional-dependencies"]["lab"]}
    assert lab - {Requirement(line) for line in others} == {
        requirement for requirement in lab if requirement.name == "nbgrader"
    }
    begin = (kit / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", begin) + re.findall(r"notebooks/\S+\.ipynb", begin):
        assert (kit / target).exists()


def test_the_archive_holds_no_answers(kit: Path) -> None:
    assert leaks(kit, ROOT) == []


@pytest.mark.parametrize("kind", ["SOLUTION", "HIDDEN TESTS", "MARK SCHEME"])
@pytest.mark.parametrize("marked", [True, False])
def test_a_planted_answer_would_be_found(
    kit: Path, tmp_path: Path, kind: str, marked: bool
) -> None:
    shutil.copytree(kit / "notebooks", tmp_path / "notebooks")
    source = next(
        m for m in REGION.finditer(text_of(ROOT / "notebooks" / NOTEBOOK)) if m[1] == kind
    )
    path = tmp_path / "notebooks" / NOTEBOOK
    notebook = read(path)
    notebook.cells[3].source += source[0] if marked else source[2]
    nbformat.write(notebook, path)
    assert leaks(tmp_path, ROOT)


@pytest.mark.parametrize("name", ["grading/__init__.py", "key/jensen.py"])
def test_a_package_too_many_would_be_found(kit: Path, tmp_path: Path, name: str) -> None:
    (wheel,) = kit.glob("*.whl")
    shutil.copy(wheel, tmp_path)
    with zipfile.ZipFile(tmp_path / wheel.name, "a") as opened:
        opened.writestr(name, "")
    assert leaks(tmp_path, ROOT) == [f"{wheel.name}: {name.split('/')[0]}"]


def test_what_is_handed_out_is_what_grading_knows(course: Path) -> None:
    from nbgrader.api import Gradebook  # slow, and most tests do without

    archive.make(course)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        points = {a.name: a.max_score for a in book.assignments}
    sources = (course / "notebooks").glob("*/*.ipynb")
    assert points == {
        path.stem: sum(c.metadata.nbgrader.points for c in read(path).cells if graded(c))
        for path in sources
    }
    new_edition(course)
    with pytest.raises(ValueError, match=f"python noxfile.py release {NAME} --force"):
        archive.make(course)
    shutil.rmtree(course / "release" / NAME)
    archive.make(course)


class Session:
    """In place of nox's: it notes what is run with which environment."""

    def __init__(self, *posargs: str) -> None:
        self.posargs, self.env, self.commands = list(posargs), {"PYTHONPATH": None}, []

    def run(self, *command: str, **settings: Any) -> None:
        self.commands.append(command)


@pytest.fixture
def chores(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """noxfile.py, without the runner that it lives in."""
    nox = SimpleNamespace(session=lambda chore: chore, options=SimpleNamespace())
    filelock = SimpleNamespace(FileLock=lambda path: contextlib.nullcontext())
    for name, module in {"nox": nox, "virtualenv": None, "filelock": filelock}.items():
        monkeypatch.setitem(sys.modules, name, module or ModuleType(name))
    spec = importlib.util.spec_from_file_location("noxfile", ROOT / "noxfile.py")
    assert spec and spec.loader
    noxfile = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(noxfile)
    monkeypatch.setattr(noxfile, "prepare", lambda session: "python")
    return noxfile


def test_lab_opens_copies_and_keeps_the_sources_off_the_path(
    chores: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "their-own")
    session = Session("--no-browser")
    chores.lab(session)
    making, opening = session.commands
    assert making == ("python", "-m", "kit.copies")
    assert f"--LabApp.default_url=/lab/tree/{copies.MINE}/00-start-here.ipynb" in opening
    assert opening[-1] == "--no-browser"
    assert not session.env["PYTHONPATH"]
    settings, theirs = session.env["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert (Path(settings) / "labconfig/page_config.json").exists()
    assert theirs == "their-own"


def test_lab_sources_opens_the_notebooks_with_their_answers(chores: Any) -> None:
    session = Session("sources", "--no-browser")
    chores.lab(session)
    (opening,) = session.commands
    assert "--LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb" in opening
    assert opening[-1] == "--no-browser" and "sources" not in opening
    assert session.env["PYTHONPATH"] == str(ROOT)
    assert "JUPYTER_CONFIG_PATH" not in session.env


@pytest.mark.parametrize(
    ("named", "command"),
    [
        ([], ("python", "-m", "kit.archive")),
        ([NAME], ("python", "-m", "nbgrader", "generate_assignment", NAME)),
    ],
)
def test_release(chores: Any, named: list[str], command: tuple[str, ...]) -> None:
    session = Session(*named)
    chores.release(session)
    assert session.commands == [command]


@pytest.mark.parametrize("chore", ["lab", "release"])
def test_a_folder_that_cannot_be_written_gets_one_sentence(tmp_path: Path, chore: str) -> None:
    shutil.copy(ROOT / "noxfile.py", tmp_path)
    (tmp_path / ".nox").write_text("in the way")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "noxfile.py"), chore], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 1
    assert re.fullmatch(r"Cannot write into the folder .*\.\n", done.stderr)
    assert str(tmp_path) in done.stderr


def test_git_ignores_the_copies(tracked: list[Path]) -> None:
    done = subprocess.run(["git", "check-ignore", "-q", f"{copies.MINE}/a.ipynb"], cwd=ROOT)
    assert done.returncode == 0
