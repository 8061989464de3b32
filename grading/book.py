"""The gradebook's single writer, and a record of each submission that was seen.

A record is written after the grades it tells of. So whatever stops a run, the next one finds
what is done, and does the rest again.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import parse_utc

from grading.intake import wrong_id
from grading.lateness import Deadlines, Terms, zone
from grading.run import FAILED, SET_ASIDE, Result

LEFT_OUT = ("notebooks", "secret", "scores", "blank")  # stand in other places


class Book:
    """Where the results of an assignment are kept.

    Parameters
    ----------
    coursedir : CourseDirectory
    assignment : str
    penalties : AssignLatePenalties, optional
        nbgrader's plugin for late submissions, configured.
    """

    def __init__(
        self,
        coursedir: CourseDirectory,
        assignment: str,
        penalties: AssignLatePenalties | None = None,
    ) -> None:
        self.coursedir, self.assignment = coursedir, assignment
        self.penalties = penalties or AssignLatePenalties()
        self.penalties.init_plugin()
        self.folder = Path(coursedir.root) / "reports" / assignment

    def records(self) -> dict[str, dict[str, Any]]:
        """Return what is recorded, by student."""
        found = {}
        for path in sorted(self.folder.glob("*.json")):
            with suppress(ValueError, OSError):
                record = json.loads(path.read_text(encoding="utf-8"))
                found[record["student"]] = record
        return found

    def done(self, records: dict[str, dict[str, Any]]) -> dict[str, str]:
        """Return the digests of results that need not be worked out again."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as book:
            known = {s.student.id for s in book.assignment_submissions(self.assignment)}
        return {
            student: record["digest"]
            for student, record in records.items()
            if record["state"] != FAILED
            and (record["state"] == SET_ASIDE or (student in known and self._there(record)))
        }

    def _there(self, record: dict[str, Any]) -> bool:
        folder = self._autograded(record["student"])
        return all((folder / f"{name}.ipynb").exists() for name in record["tests"])

    def _autograded(self, student: str) -> Path:
        step = self.coursedir.autograded_directory
        return Path(self.coursedir.format_path(step, student, self.assignment))

    def write(self, results: list[Result], records: dict[str, dict[str, Any]]) -> None:
        """Write results; one that cannot be written becomes a failure, and stops no others."""
        try:
            self._write(results, records)
        except Exception as error:
            if len(results) > 1:
                for result in results:
                    self.write([result], records)
                return
            (result,) = results
            words = f"the result cannot be written ({type(error).__name__}: {error})"
            result.state, result.reason, result.tests = FAILED, words, {}
            records[result.student] = kept(result)
            with suppress(OSError):
                self.record(result)

    def _write(self, results: list[Result], records: dict[str, dict[str, Any]]) -> None:
        """Write first notebooks, then grades, then records."""
        graded = [result for result in results if result.scores]
        for result in graded:
            self._write_notebooks(result)
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as book:
            commit = book.db.commit
            book.db.commit = book.db.flush  # nbgrader commits every step: we do it once
            for result in results:
                if result in graded:
                    self._write_grades(book, result, records.get(result.student, {}))
                elif not wrong_id(result.student):  # listed, without a grade
                    book.update_or_create_student(result.student)
            commit()
        for result in results:
            records[result.student] = self.record(result)

    def record(self, result: Result) -> dict[str, Any]:
        """Write a record; return it."""
        record = kept(result)
        write_whole(self._record(result.student), json.dumps(record, indent=1))
        return record

    def tidy(self, records: dict[str, dict[str, Any]], seen: set[str]) -> None:
        """Drop records that hold no grade and whose submission is there no more."""
        for student in records.keys() - seen:
            if records[student]["state"] in (SET_ASIDE, FAILED):
                self._record(student).unlink(missing_ok=True)
                del records[student]

    def _record(self, student: str) -> Path:
        return self.folder / f"{student}.json"

    def charge(self, gradebook: Gradebook, student: str = "") -> None:
        """Work out anew what lateness costs everybody, or one student.

        Due dates, extensions and points by hand may have changed since.  A time that is only
        guessed costs nothing, whatever the gradebook remembers.

        Raises
        ------
        Wrong
            If the table of deadlines cannot be read.
        """
        told = self.records()
        deadlines = Deadlines(Path(self.coursedir.root), zone(self.coursedir))
        everybody = deadlines.terms(self.assignment)
        for submission in gradebook.assignment_submissions(self.assignment):
            if student not in ("", submission.student_id):
                continue
            record = told.get(submission.student_id, {})
            terms = deadlines.terms(self.assignment, submission.student_id)
            if terms.handed_in:
                submission.timestamp = as_stored(terms.handed_in)
            elif record.get("guessed_time"):
                submission.timestamp = None
            elif record.get("timestamp"):
                submission.timestamp = parse_utc(record["timestamp"])
            if deadlines.rows:
                if everybody.due:
                    submission.assignment.duedate = as_stored(everybody.due)
                usual = submission.assignment.duedate
                own = (as_stored(terms.due) if terms.due else usual) or usual
                if own and not usual:
                    submission.assignment.duedate = usual = own
                submission.extension = (own - usual + terms.extension if own else None) or None
            self._charge(submission, terms)
        gradebook.db.commit()

    def _charge(self, submission: SubmittedAssignment, terms: Terms) -> None:
        late = submission.total_seconds_late if submission.assignment.duedate else 0
        for notebook in submission.notebooks:
            penalty = None
            try:
                if late > 0:
                    share = notebook.max_score / (submission.max_score or 1)
                    penalty = terms.penalty(late, notebook.max_score, share)
                if late > 0 and penalty is None:
                    penalty = self.penalties.plugin_inst.late_submission_penalty(
                        submission.student_id, notebook.score, late
                    )
                if penalty is not None:
                    penalty = round(self.penalties._check_late_penalty(notebook, penalty), 2)
            except Exception as error:  # of the course's own plugin
                words = "%s has no late penalty, for the plugin failed (%s: %s)"
                name = type(error).__name__
                self.penalties.log.error(words, submission.student_id, name, error)
                penalty = None
            notebook.late_submission_penalty = penalty

    def _write_notebooks(self, result: Result) -> None:
        folder = self._autograded(result.student)
        for name, text in result.notebooks.items():
            write_whole(folder / f"{name}.ipynb", text)
        write_whole(folder / "timestamp.txt", result.timestamp)
        # nbgrader cannot hand back feedback without it
        secret = folder / "submission_secret.txt"
        if result.secret or not secret.exists():
            write_whole(secret, result.secret or secrets.token_hex(16))

    def _write_grades(self, book: Gradebook, result: Result, before: dict[str, Any]) -> None:
        """Write scores; what a human gave stays, to be looked at again if the answer changed."""
        book.update_or_create_student(result.student)
        with book.db.no_autoflush:
            submission = book.update_or_create_submission(
                self.assignment,
                result.student,
                timestamp=None if result.guessed_time else result.timestamp,
            )
        for notebook in submission.notebooks:
            name = notebook.name
            if name not in result.scores:
                continue
            changed = before.get("submitted", {}).get(name) != result.submitted[name]
            for grade in notebook.grades:
                grade.auto_score = result.scores[name].get(grade.name)
                if grade.manual_score is None:
                    grade.needs_manual_grade = grade.auto_score is None
                else:
                    grade.needs_manual_grade = grade.needs_manual_grade or changed
            for comment in notebook.comments:
                no_response = comment.name in result.blank[name]
                comment.auto_comment = "No response." if no_response else None


def as_stored(moment: datetime) -> datetime:
    """Return a moment as the gradebook has it: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def kept(result: Result) -> dict[str, Any]:
    """Return what a record holds of a result."""
    return {k: v for k, v in asdict(result).items() if k not in LEFT_OUT}


def write_whole(path: Path, text: str | bytes) -> None:
    """Write a file so that it is there whole, or as it was before; read-only, as nbgrader's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    with suppress(FileNotFoundError):
        new.unlink()
    new.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    new.chmod(0o444)
    if path.exists():
        with suppress(PermissionError):  # it may be another instructor's
            path.chmod(0o644)  # Windows replaces no read-only file
    os.replace(new, path)
