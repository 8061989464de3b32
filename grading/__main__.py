"""Grade what students handed in: ``python -m grading [ASSIGNMENT ...]``.

``python -m grading collect ASSIGNMENT ARCHIVE`` takes what a learning system let you download, and
``python -m grading hand_back ASSIGNMENT`` writes what goes back.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grading import UNPROTECTED, missing

if missing():
    sys.exit(UNPROTECTED.format(missing=", ".join(missing())))

import locket
from nbgrader.apps import NbGrader, NbGraderAPI
from nbgrader.preprocessors import AssignLatePenalties

from grading import collected, lms
from grading.book import Book
from grading.engine import CannotStart
from grading.fanout import Summary, Unsound, connect, grade_class
from grading.hand_back import hand_back
from grading.intake import printable
from grading.lateness import zone
from grading.master import NotReady, load, released
from grading.roster import Wrong, nearest
from grading.run import FAILED, SET_ASIDE
from grading.settings import Grading, NoSandbox, RefusesRoot


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; return 0, 1 if some were left out, or 2 if it cannot be."""
    words = sys.argv[1:] if arguments is None else arguments
    run = {"collect": collect, "hand_back": give_back}.get(words[0] if words else "", grade)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name may not fit the terminal's encoding
        sys.stdout.reconfigure(errors="replace")
    parser = argparse.ArgumentParser(prog="python -m grading", description=__doc__)
    chosen = parsed(parser, run.__name__, words if run is grade else words[1:])
    app = NbGrader()
    app.initialize([])
    try:
        with alone(Path(app.coursedir.root)):
            return run(app, chosen)
    except (NotReady, Unsound, RefusesRoot, NoSandbox, CannotStart, Wrong) as problem:
        print(problem, file=sys.stderr)
        return 2


def parsed(parser: argparse.ArgumentParser, task: str, words: list[str]) -> argparse.Namespace:
    """Read the options of a task."""
    if task == "grade":
        parser.add_argument("assignment", nargs="*", help="by default all that were released")
        parser.add_argument("--workers", type=int, help="processes here; by default one per core")
        parser.add_argument("--scheduler", help="address of a running dask scheduler")
        parser.add_argument("--student", action="append", help="grade only this one; repeatable")
        parser.add_argument("--force", action="store_true", help="grade again what is done")
        parser.add_argument("--quiet", action="store_true", help="show no progress")
        return parser.parse_args(words)
    parser.add_argument("assignment")
    if task == "collect":
        parser.add_argument("archive", type=Path, help="as it was downloaded")
    parser.add_argument(
        "--table", type=Path, help="Canvas's gradebook or Moodle's grading worksheet, downloaded"
    )
    if task == "give_back":
        parser.add_argument("--column", default="", help="of that table, for this assignment")
    return parser.parse_args(words)


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Keep all others from writing into a course at the same time.

    Raises
    ------
    Wrong
        If somebody else does already, or the folder is not shared with you.
    """
    path = root / ".grading.lock"
    try:
        path.open("ab").close()
    except PermissionError:
        raise Wrong(
            f"{path} is another instructor's, and you may not write there. Who made it has to "
            f"share the folder: umask 002 before all commands, and once chmod -R g+w {root}"
        ) from None
    try:
        with locket.lock_file(str(path), timeout=0):
            yield
    except locket.LockError:
        raise Wrong(
            f"Somebody else is grading, collecting or handing back in {root} now. Wait until that "
            "has ended, then run the same command again."
        ) from None


def grade(app: NbGrader, chosen: argparse.Namespace) -> int:
    """Grade, and write reports."""
    settings, penalties = Grading(parent=app), AssignLatePenalties(parent=app)
    worst = 0
    settings.job(hidden=[])  # refuses at once what would be refused later
    with connect(chosen.workers, chosen.scheduler) as client:
        for assignment in chosen.assignment or released(app.coursedir):
            print(f"{assignment}:", flush=True)
            book = Book(app.coursedir, assignment, penalties)
            summary = grade_class(
                client,
                book,
                settings,
                students=chosen.student,
                force=chosen.force,
                quiet=chosen.quiet,
            )
            print(said(summary), flush=True)
            worst = max(worst, int(SET_ASIDE in summary.states or FAILED in summary.states))
    return worst


def collect(app: NbGrader, chosen: argparse.Namespace) -> int:
    """Take an archive, and say what was taken for whom."""
    settings, home = Grading(parent=app), zone(app.coursedir)
    packages = [*settings.packages, *settings.trusted_packages]
    masters = load(app.coursedir, chosen.assignment, packages)
    senders = lms.Senders.of(chosen.table and lms.read_table(chosen.table), home)
    taken, others = collected.collect(app.coursedir, masters, chosen.archive, senders)
    for one in taken:
        if one.said or not one.files:
            who = " ".join(filter(None, (one.student, one.name, one.number)))
            print(f"{printable(who)}: {'' if one.files else 'NOT TAKEN: '}{printable(one.said)}")
    if others:
        print(f"Nobody's: {', '.join(map(printable, others[:10]))}")
    good = [one for one in taken if one.files]
    timed = sum(bool(one.time) for one in good)
    system = taken[0].system if taken else "nobody"
    folder = Path("downloaded") / chosen.assignment / "collected.csv"
    print(f"{len(good)} of {len(taken)} from {system}, {timed} with a time. All: {folder}")
    return int(len(good) < len(taken))


def give_back(app: NbGrader, chosen: argparse.Namespace) -> int:
    """Write what goes back to students, and say what that is."""
    names = released(app.coursedir)
    if chosen.assignment not in names:
        words = f"{chosen.assignment} was not released."
        raise Wrong(f"{words} {nearest(chosen.assignment, names)}")
    book = Book(app.coursedir, chosen.assignment, AssignLatePenalties(parent=app))
    given = chosen.table and lms.read_table(chosen.table)
    api = NbGraderAPI(app.coursedir, config=app.config)
    made = hand_back(app.coursedir, book, given, chosen.column, api)
    for who, theirs, ours in made.kept:
        print(f"{printable(who)}: {theirs} stands there, which is not from here; ours is {ours:g}")
    if made.waiting:
        print(f"{made.waiting} have no points yet: an answer of theirs waits in Formgrader.")
    if made.missing:
        print(f"Graded, but not in the table: {', '.join(map(printable, made.missing))}")
    there, here = made.worth
    if there != here:
        print(f"Worth {there:g} points there and {here:g} here: change it there, or no score fits.")
    shown = os.path.relpath(made.folder, Path.cwd())
    print(f"{shown}: {', '.join(made.files)}")
    return int(bool(made.kept or made.missing or made.waiting or there != here))


def said(summary: Summary) -> str:
    """Return a summary in words."""
    parts = [f"{count} {state}" for state, count in summary.states.items()]
    parts += [f"{summary.unchanged} unchanged"] if summary.unchanged else []
    done = ", ".join(parts) or "no submissions"
    return f"{done}, in {summary.seconds:.0f} s. Report: {summary.report}"


if __name__ == "__main__":
    sys.exit(main())
