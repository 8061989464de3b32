"""The students' kit: one archive with all that a student needs, and no answers.

``python -m kit.archive`` makes it, and releases each assignment for grading on the way.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

from kit.copies import files, fingerprint
from kit.released import SOURCES, assignments, release, write_all

NAME = "em-notebooks"
LICENCES = ["LICENSE", "LICENSE-CC-BY-4.0.md"]


def build_wheel(course: Path, into: Path) -> Path:
    """Build the wheel of emlib, and of nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        # Only what the students' wheel is made of: what is not there cannot slip in.
        shutil.copytree(course / "emlib", Path(folder, "emlib"))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(course / name, folder)
        command = [sys.executable, "-m", "hatchling", "build", "--target=wheel"]
        subprocess.run(
            [*command, f"--directory={into.resolve()}"], cwd=folder, check=True, capture_output=True
        )
    (wheel,) = into.glob("*.whl")
    return wheel


def requirements(course: Path, wheel: Path) -> list[str]:
    """Return what a student installs: emlib, and what opens notebooks."""
    project = tomllib.loads((course / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lab = project["optional-dependencies"]["lab"]
    return [f"./{wheel.name}", *(line for line in lab if Requirement(line).name != "nbgrader")]


def release_all(course: Path, notebooks: Path) -> None:
    """Release, for grading too, each assignment that is not released yet.

    Parameters
    ----------
    course : pathlib.Path
        The folder with nbgrader_config.py.
    notebooks : pathlib.Path
        The folder of the notebooks that are about to be handed out.

    Raises
    ------
    ValueError
        If one was released before, in another edition: students would work on one, and be graded
        by the other.
    """
    for name in assignments(course):
        folder = course / "release" / name
        if not folder.exists():
            release(course, name, folder.parent, record=True)
        if _contents(folder) != _contents(notebooks / name):
            raise ValueError(
                f"The notebook {name} has changed since it was released. Release it anew with:"
                f" python noxfile.py release {name} --force. Then run this command again."
            )


def _contents(folder: Path) -> dict[str, str]:
    """Return what identifies the content of each file, by its name."""
    return {path.relative_to(folder).as_posix(): fingerprint(path) for path in files(folder)}


def make(course: Path) -> Path:
    """Write the archive, and return its path."""
    (course / "release").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        kit = Path(folder, NAME)
        notebooks = kit / SOURCES
        notebooks.mkdir(parents=True)
        write_all(course, notebooks)
        release_all(course, notebooks)
        wheel = build_wheel(course, kit)
        lines = "\n".join(requirements(course, wheel)) + "\n"
        (kit / "requirements.txt").write_text(lines, encoding="utf-8")
        shutil.copy(course / "kit" / "begin.md", kit / "README.md")
        for name in LICENCES:
            shutil.copy(course / name, kit)
        return Path(shutil.make_archive(str(course / "release" / NAME), "zip", folder, NAME))


def main() -> None:
    """Make the archive, and say where it is."""
    course = Path(__file__).resolve().parents[1]
    try:
        archive = make(course)
    except ValueError as trouble:
        sys.exit(str(trouble))
    except OSError as trouble:
        sys.exit(f"Cannot write into the folder {course / 'release'}: {trouble.strerror}.")
    print(f"Hand this out to students: {archive.relative_to(course)}")


if __name__ == "__main__":
    main()
