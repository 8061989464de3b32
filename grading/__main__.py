"""Grade an assignment: ``python -m grading ASSIGNMENT``."""

from __future__ import annotations

import argparse
import sys

from nbgrader.apps import NbGrader
from nbgrader.preprocessors import AssignLatePenalties

from grading.book import Book
from grading.fanout import Unsound, grade_class
from grading.master import NotReady
from grading.sandbox import CannotStart
from grading.settings import Grading, RefusesRoot


def main(arguments: list[str] | None = None) -> int:
    """Grade, write the report, and return 0, or 1 if something must be looked at."""
    parser = argparse.ArgumentParser(prog="python -m grading", description=__doc__)
    parser.add_argument("assignment")
    parser.add_argument("--workers", type=int, help="processes here; by default one per core")
    parser.add_argument("--scheduler", help="address of a running dask scheduler")
    parser.add_argument("--student", action="append", help="grade only this one; may be repeated")
    parser.add_argument("--force", action="store_true", help="grade again what is done")
    parser.add_argument("--quiet", action="store_true", help="show no progress")
    chosen = parser.parse_args(arguments)

    app = NbGrader()
    app.initialize([])
    settings = Grading(parent=app)
    book = Book(app.coursedir, chosen.assignment, AssignLatePenalties(parent=app))
    try:
        summary = grade_class(
            app.coursedir,
            chosen.assignment,
            settings,
            book=book,
            workers=chosen.workers,
            scheduler=chosen.scheduler,
            students=chosen.student,
            force=chosen.force,
            quiet=chosen.quiet,
        )
    except (NotReady, Unsound, RefusesRoot, CannotStart) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(summary)
    return 0


if __name__ == "__main__":
    sys.exit(main())
