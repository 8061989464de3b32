"""Grades as a table: who is not graded yet is blank there, never 0."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import AssignLatePenalties

from grading.book import Book
from grading.lateness import Deadlines, Terms, zone
from grading.roster import roster, table

COLUMNS = (
    "assignment duedate timestamp student_id last_name first_name email raw_score "
    "late_submission_penalty score max_score"
).split()


def score(submission: SubmittedAssignment | None, terms: Terms) -> float | None:
    """Return the points of a submission, less penalties; None as long as any are missing."""
    if submission is None:
        return None
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            ungraded = grade.auto_score is None and grade.manual_score is None
            if ungraded or grade.needs_manual_grade:
                return None
    return terms.rounded(max(0.0, submission.score - submission.late_submission_penalty))


def scores(gradebook: Gradebook, book: Book) -> dict[str, float | None]:
    """Return the points of all who handed in, by student, with lateness as it costs now."""
    book.charge(gradebook)
    deadlines = Deadlines(Path(book.coursedir.root), zone(book.coursedir))
    return {
        s.student_id: score(s, deadlines.terms(book.assignment, s.student_id))
        for s in gradebook.assignment_submissions(book.assignment)
    }


class Plain(ExportPlugin):
    """What ``nbgrader export`` writes: the columns of nbgrader's own exporter."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the table."""
        coursedir, penalties = CourseDirectory(parent=self), AssignLatePenalties(parent=self)
        left = roster(coursedir).withdrawn
        wanted = {str(name) for name in self.assignment}
        only = {str(student) for student in self.student}
        rows = [COLUMNS]
        for assignment in gradebook.assignments:
            if wanted and assignment.name not in wanted:
                continue
            points = scores(gradebook, Book(coursedir, assignment.name, penalties))
            made = {s.student_id: s for s in gradebook.assignment_submissions(assignment.name)}
            for s in gradebook.students:
                if s.id in left or (only and s.id not in only):
                    continue
                handed_in, earned = made.get(s.id), points.get(s.id)
                graded = handed_in if earned is not None else None
                told = [assignment.duedate, handed_in and handed_in.timestamp, s.id]
                told += [s.last_name, s.first_name, s.email, graded and graded.score]
                told += [graded and graded.late_submission_penalty, earned, assignment.max_score]
                rows.append([assignment.name, *told])
        path = self.to or "grades.csv"
        Path(path).write_text(table(rows), encoding="utf-8-sig", newline="")
        self.log.info("Wrote %s; who is not graded to the end is blank in it", path)
