"""Grades for learning systems: who is not graded yet is blank there, never 0.

Chosen with ``nbgrader export --exporter=grading.export.Canvas``; `Plain` is the default.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import AssignLatePenalties

from grading.book import Book

FORMULA = re.compile(r"[=\t\r]|[-+@](?!\w*$)")  # `-5` and `@home` are ids that must match


def score(submission: SubmittedAssignment | None) -> float | None:
    """Return the points of a submission, less penalties; None as long as any are missing."""
    if submission is None:
        return None
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            ungraded = grade.auto_score is None and grade.manual_score is None
            if ungraded or grade.needs_manual_grade:
                return None
    points = submission.score - submission.late_submission_penalty
    return max(0.0, round(float(points), 6))


class Grades(ExportPlugin):
    """What the exporters share: choose, look up, write."""

    name = "grades.csv"

    def header(self, assignments: list[Assignment]) -> list[str]:
        """Return the column names."""
        raise NotImplementedError

    def rows(self, book: Gradebook, assignments: list[Assignment]) -> Iterator[list[Any]]:
        """Yield the rows."""
        raise NotImplementedError

    def students(self, book: Gradebook) -> list[Student]:
        """Return the students that were asked for, or all."""
        wanted = [str(student) for student in self.student]
        return [s for s in book.students if not wanted or s.id in wanted]

    def submission(
        self, book: Gradebook, assignment: Assignment, student: Student
    ) -> SubmittedAssignment | None:
        """Return a submission, or None."""
        try:
            return book.find_submission(assignment.name, student.id)
        except MissingEntry:
            return None

    def export(self, gradebook: Gradebook) -> None:
        """Write the table."""
        wanted = [str(name) for name in self.assignment]
        chosen = [a for a in gradebook.assignments if not wanted or a.name in wanted]
        penalties = AssignLatePenalties(parent=self)
        coursedir = CourseDirectory(parent=self)
        for assignment in chosen:
            Book(coursedir, assignment.name, penalties).charge(gradebook)
        path = self.to or self.name
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(self.header(chosen))
            for row in self.rows(gradebook, chosen):
                writer.writerow([plain(value) for value in row])
        self.log.info("Wrote %s; who is not graded to the end is blank in it", path)


def plain(value: Any) -> Any:
    """Return a value for a table; a text that a spreadsheet would compute stays a text."""
    if value is None:
        return ""
    if isinstance(value, str) and FORMULA.match(value):
        return "'" + value
    return value


class Plain(Grades):
    """The columns of nbgrader's own exporter."""

    def header(self, assignments: list[Assignment]) -> list[str]:
        """Return the column names."""
        columns = "assignment duedate timestamp student_id last_name first_name email raw_score"
        return [*columns.split(), "late_submission_penalty", "score", "max_score"]

    def rows(self, book: Gradebook, assignments: list[Assignment]) -> Iterator[list[Any]]:
        """Yield a row for each student and assignment."""
        for assignment in assignments:
            for s in self.students(book):
                submission = self.submission(book, assignment, s)
                points = score(submission)
                graded = submission if points is not None else None
                yield [
                    assignment.name,
                    assignment.duedate,
                    submission and submission.timestamp,
                    s.id,
                    s.last_name,
                    s.first_name,
                    s.email,
                    graded and graded.score,
                    graded and graded.late_submission_penalty,
                    points,
                    assignment.max_score,
                ]


class Canvas(Grades):
    """A table that Canvas imports into its gradebook: one column for each assignment."""

    name = "canvas.csv"

    def header(self, assignments: list[Assignment]) -> list[str]:
        """Return the column names."""
        names = [assignment.name for assignment in assignments]
        return ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *names]

    def rows(self, book: Gradebook, assignments: list[Assignment]) -> Iterator[list[Any]]:
        """Yield the points possible, then a row for each student."""
        most = [assignment.max_score for assignment in assignments]
        yield ["    Points Possible", "", "", "", "", *most]
        for s in self.students(book):
            name = ", ".join(part for part in (s.last_name, s.first_name) if part) or s.id
            points = [score(self.submission(book, a, s)) for a in assignments]
            yield [name, s.lms_user_id, "", s.id, "", *points]


class Moodle(Grades):
    """A table for Moodle's grade import; map it by user name, ID number or e-mail address."""

    name = "moodle.csv"

    def header(self, assignments: list[Assignment]) -> list[str]:
        """Return the column names."""
        names = [assignment.name for assignment in assignments]
        return ["Username", "ID number", "First name", "Last name", "Email address", *names]

    def rows(self, book: Gradebook, assignments: list[Assignment]) -> Iterator[list[Any]]:
        """Yield a row for each student."""
        for s in self.students(book):
            points = [score(self.submission(book, a, s)) for a in assignments]
            yield [s.id, s.lms_user_id, s.first_name, s.last_name, s.email, *points]
