"""A student's own copies of the notebooks: made at each start, and never touched once changed.

``python -m kit.copies`` makes them. A file beside them remembers what was written, so that a later
start can tell what its owner has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

from kit.released import SOURCES, write_all

MINE = "my-notebooks"
RECORD = ".written.json"


def fingerprint(path: Path) -> str:
    """Return what identifies the content of a file.

    Of a notebook only its cells count: opening one in JupyterLab may save it in another form.
    """
    content = path.read_bytes()
    if path.suffix == ".ipynb":
        try:
            content = json.dumps(json.loads(content)["cells"], sort_keys=True).encode()
        except (ValueError, KeyError, TypeError):
            pass  # no notebook any more
    return hashlib.sha256(content).hexdigest()


def files(folder: Path) -> list[Path]:
    """Return all files in a folder and its subfolders, apart from hidden ones."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(folder).parts)
    )


def edition(course: Path) -> str:
    """Return what identifies all that the copies are made from."""
    whole = hashlib.sha256()
    for path in [*files(course / SOURCES), course / "nbgrader_config.py"]:
        whole.update(path.relative_to(course).as_posix().encode() + b"\n")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def refresh(course: Path, mine: Path) -> list[str]:
    """Add what is new or missing to the copies, and bring what is unchanged up to date.

    Parameters
    ----------
    course : pathlib.Path
        The folder with nbgrader_config.py.
    mine : pathlib.Path
        The folder of the copies.

    Returns
    -------
    list of str
        Names of the copies that were kept because their owner has changed them, although there is
        a new edition.

    Raises
    ------
    OSError
        If they cannot be written.
    ValueError
        If nbgrader refuses a notebook.
    """
    now = edition(course)
    # Of each copy two fingerprints: of the edition that it was written from, and of the newest.
    before, copies = _remembered(mine / RECORD)
    if before != now or any(_is_due(mine / name, *both) for name, both in copies.items()):
        mine.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            write_all(course, Path(folder))
            names = [path.relative_to(folder).as_posix() for path in files(Path(folder))]
            copies = {
                name: _bring(Path(folder, name), mine / name, copies.get(name, ("", ""))[0])
                for name in names
            }
        _put(json.dumps({"edition": now, "copies": copies}, indent=1).encode(), mine / RECORD)
    return [name for name, (written, newest) in copies.items() if written != newest]


def _remembered(record: Path) -> tuple[str, dict[str, tuple[str, str]]]:
    """Return the edition and the fingerprints; none if the record is missing or damaged."""
    try:
        known = json.loads(record.read_bytes())
        copies = {name: (written, newest) for name, (written, newest) in known["copies"].items()}
        return known["edition"], copies
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return "", {}


def _is_due(copy: Path, written: str, newest: str) -> bool:
    """Whether a copy is missing, or its owner no longer differs from an edition known here."""
    return not copy.exists() or (written != newest and fingerprint(copy) in (written, newest))


def _bring(released: Path, copy: Path, written: str) -> tuple[str, str]:
    """Write one copy, unless its owner has changed it; return its two fingerprints."""
    newest = fingerprint(released)
    found = fingerprint(copy) if copy.exists() else None
    if found not in (None, written, newest):
        return written, newest
    if found != newest:
        _put(released.read_bytes(), copy)
    return newest, newest


def _put(content: bytes, path: Path) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)


def main() -> None:
    """Bring the copies up to date, and say in a sentence what was not."""
    course = Path(__file__).resolve().parents[1]
    mine = course / MINE
    try:
        kept = refresh(course, mine)
    except OSError as trouble:
        sys.exit(
            f"Cannot write your copies of the notebooks into the folder {mine}: {trouble.strerror}."
            " Copy this whole folder to a place where you may write, and start from there."
        )
    except ValueError as trouble:
        sys.exit(str(trouble))
    if kept:
        print(
            f"There is a new edition of {', '.join(kept)}, but your copy, which you have changed,"
            f" was kept. To get the new one, rename yours (in {MINE}) and start again."
        )


if __name__ == "__main__":
    main()
