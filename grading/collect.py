"""Collect from nbgrader's exchange folder, to which every student can write.

What lies there may claim another's name, or be links to what only the instructor may read.
"""

from __future__ import annotations

import os
import shutil
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect

from grading.intake import LARGEST, MOST_ENTRIES, printable, wrong_id


class Collect(ExchangeCollect):
    """Takes of each student what that student put there, and follows no links."""

    def _path_to_record(self, path: str) -> dict[str, Any]:
        """Read a folder's name; one that nbgrader cannot read is nobody's, and stops nobody."""
        try:
            record: dict[str, Any] = super()._path_to_record(path)
        except Exception:  # the parser of times raises much else than ValueError
            name = os.path.basename(path)
            record = {"username": "", "filename": name, "timestamp": datetime.min}
        return record

    def init_src(self) -> None:
        """Choose one folder of each student; say which cannot be taken."""
        super().init_src()
        found, self.src_records = self.src_records, []
        for record in found:  # nbgrader makes room before it copies: look at each before that
            problem = self.problem(Path(self.inbound_path, record["filename"]))
            if not record["username"]:
                problem = "its name does not tell who handed in, and when"
            if problem:
                self.log.error("%s: %s", printable(record["filename"]), problem)
            else:
                self.src_records.append(record)

    def copy_files(self) -> None:
        """Collect one after another; one that nbgrader stumbles over stops no others."""
        chosen = self.src_records
        if not chosen:
            super().copy_files()  # which says so
        for record in chosen:
            self.src_records = [record]
            try:
                super().copy_files()
            except Exception as error:
                words = printable(f"{type(error).__name__}: {error}")
                self.log.error("%s: not collected (%s)", printable(record["filename"]), words)
        self.src_records = chosen

    def _sort_by_timestamp(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Put the newest first; what cannot be taken counts only if there is nothing else."""
        inbound = Path(self.inbound_path)
        good = [r for r in records if not self.problem(inbound / r["filename"])]
        return sorted(good or records, key=lambda record: record["timestamp"], reverse=True)

    def problem(self, folder: Path) -> str:
        """Say why a folder must not be taken, or return an empty string."""
        import pwd  # nbgrader's exchange is not for Windows either

        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode):
            return "it is no folder"
        student = folder.name.rsplit("+", 3)[0]
        if not student:
            return "it names no student"
        if problem := wrong_id(student):
            return f"its name begins with what cannot be a student's id: {problem}"
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
