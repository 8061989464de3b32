"""Grade what students handed in: ``python -m grading [ASSIGNMENT ...]``."""

from __future__ import annotations

import argparse
import io
import sys

from grading import UNPROTECTED, missing

if missing():
    sys.exit(UNPROTECTED.format(missing=", ".join(missing())))

from nbgrader.apps import NbGrader
from nbgrader.preprocessors import AssignLatePenalties

from grading.book import Book
from grading.engine import CannotStart
from grading.fanout import Summary, Unsound, connect, grade_class
from grading.master import NotReady, released
from grading.run import FAILED, SET_ASIDE
from grading.settings import Grading, RefusesRoot


def main(arguments: list[str] | None = None) -> int:
    """Grade, write reports, and return 0; 1 if some could not be graded, 2 if none could."""
    parser = argparse.ArgumentParser(prog="python -m grading", description=__doc__)
    parser.add_argument("assignment", nargs="*", help="by default all that were released")
    parser.add_argument("--workers", type=int, help="processes here; by default one per core")
    parser.add_argument("--scheduler", help="address of a running dask scheduler")
    parser.add_argument("--student", action="append", help="grade only this one; may be repeated")
    parser.add_argument("--force", action="store_true", help="grade again what is done")
    parser.add_argument("--quiet", action="store_true", help="show no progress")
    chosen = parser.parse_args(arguments)

    if isinstance(sys.stdout, io.TextIOWrapper):  # a name may not fit the terminal's encoding
        sys.stdout.reconfigure(errors="replace")
    app = NbGrader()
    app.initialize([])
    settings, penalties = Grading(parent=app), AssignLatePenalties(parent=app)
    worst = 0
    try:
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
    except (NotReady, Unsound, RefusesRoot, CannotStart) as problem:
        print(problem, file=sys.stderr)
        return 2
    return worst


def said(summary: Summary) -> str:
    """Return a summary in words."""
    parts = [f"{count} {state}" for state, count in summary.states.items()]
    parts += [f"{summary.unchanged} unchanged"] if summary.unchanged else []
    done = ", ".join(parts) or "no submissions"
    return f"{done}, in {summary.seconds:.0f} s. Report: {summary.report}"


if __name__ == "__main__":
    sys.exit(main())
