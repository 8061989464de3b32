"""Collect from nbgrader's exchange folder, to which every student can write.

What lies there may claim another's name, or be links to what only the instructor may read.
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect

from grading.intake import LARGEST, MOST_ENTRIES, printable


class Collect(ExchangeCollect):
    """Takes of each student what that student put there, and follows no links."""

    def _sort_by_timestamp(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Put the newest first, but all that is of somebody else last: the first is taken."""

        def rank(record: dict[str, Any]) -> tuple[bool, Any]:
            problem = self.problem(Path(self.inbound_path, record["filename"]))
            return not problem, record["timestamp"]

        return sorted(records, key=rank, reverse=True)

    def problem(self, folder: Path) -> str:
        """Say why a folder must not be taken, or return an empty string."""
        import pwd  # nbgrader's exchange is not for Windows either

        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode):
            return "it is no folder"
        student = folder.name.rsplit("+", 3)[0]
        if student in ("", ".", ".."):
            return "it names no student"
        try:
            owner = pwd.getpwuid(status.st_uid).pw_name
        except KeyError:
            owner = str(status.st_uid)
        if self.check_owner and owner != student:
            return f"it belongs to {owner}; set c.ExchangeCollect.check_owner = False to take it"
        return ""

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy one submission; one that cannot be copied stops no others."""
        try:
            problem = self.problem(Path(src)) or copy(Path(src), Path(dest))
        except OSError as error:
            problem = str(error)
        if problem:
            self.log.error("%s: %s", printable(os.path.basename(src)), problem)


def copy(source: Path, target: Path) -> str:
    """Copy ordinary files of the folder's owner; say what was left out."""
    owner, left = source.lstat().st_uid, []
    count = 0
    for folder, _, names, opened in os.fwalk(source):
        place = target / Path(folder).relative_to(source)
        place.mkdir(parents=True)
        for name in names:
            count += 1
            status = os.stat(name, dir_fd=opened, follow_symlinks=False)
            own = stat.S_ISREG(status.st_mode) and status.st_uid == owner
            if not own or status.st_size > LARGEST or count > MOST_ENTRIES:
                left.append(printable(name))
                continue

            def nofollow(path: str, flags: int, opened: int = opened) -> int:
                return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=opened)

            with open(name, "rb", opener=nofollow) as one, open(place / name, "xb") as other:
                shutil.copyfileobj(one, other)
            os.utime(place / name, (status.st_mtime, status.st_mtime))
    return f"links, or too large, and left out: {', '.join(left[:5])}" if left else ""
