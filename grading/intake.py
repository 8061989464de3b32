"""Look at what arrives before anything runs: whether names are ids, and files are files."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path

LARGEST = 20 * 1024 * 1024  # bytes of a notebook
MOST_CELLS = 1000  # of a notebook
MOST_ENTRIES = 1000  # files that are collected of a student
LONGEST = 200  # bytes of a student's id, which becomes part of names of files
JUNK = re.compile(  # what systems leave in folders
    r"\.ipynb_checkpoints|__pycache__|__MACOSX|\.DS_Store|\._.*|[Dd]esktop\.ini|~\$.*"
)


class SetAside(Exception):
    """A submission that cannot be graded; the words tell the student why and what to do."""


def wrong_id(student: str) -> str:
    """Say why a name cannot be a student's id, or return an empty string.

    An id becomes a row of the gradebook, a name of files, and part of patterns in nbgrader's own
    commands, which one odd name stops for everybody.
    """
    if re.search(r"[\ud800-\udfff]", student):
        return "it is not written in UTF-8"
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", student):
        return "it has a line break or another character that cannot be seen"
    if re.search(r"[*?[]", student):
        return "`*`, `?` and `[` have a meaning of their own in nbgrader's commands"
    if student.startswith("."):
        return "nbgrader does not see folders whose names begin with a dot"
    if len(os.fsencode(student)) > LONGEST:
        return f"it is longer than {LONGEST} bytes"
    return ""


def label(folder: str) -> str:
    """Return a name for a folder whose own name cannot be an id; it is nobody's id either."""
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:6]
    return re.sub(r"[^\w .,@+-]", "_", folder)[:40] + f" [{digest}]"


def read_file(path: Path, most: int = LARGEST) -> bytes:
    """Read a regular file that is not too large; never follow a link.

    Raises
    ------
    SetAside
        If it is something else.
    """
    name = printable(path.name)
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise SetAside(f"`{name}` is a link to another place. Hand in the file itself.")
        if not stat.S_ISREG(mode):  # to open a device may do something already
            raise SetAside(f"`{name}` is not an ordinary file. Hand in the notebook itself.")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            status = os.fstat(file.fileno())
            if status.st_size > most:
                size = f"{status.st_size / 1e6:.0f} MB; {most / 1e6:.0f} MB are allowed"
                words = "Clear the outputs (Kernel, Restart Kernel and Clear Outputs) and save."
                raise SetAside(f"`{name}` has {size}. {words}")
            return file.read(most + 1)
    except OSError as error:
        raise SetAside(f"`{name}` cannot be read: {error.strerror}.") from error


def printable(text: str, lines: bool = False) -> str:
    """Return a text without half characters and, unless it may have lines, control characters."""
    text = text.encode("utf-8", "replace").decode()
    return text if lines else re.sub(r"[\x00-\x1f\x7f]", "?", text)[:200]
