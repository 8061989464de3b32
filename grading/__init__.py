"""Grades that can be trusted: nbgrader, hardened through its own configuration.

`configure` switches the protections on for ``nbgrader autograde`` and for formgrader's button;
``python -m grading ASSIGNMENT`` grades a class, many submissions at a time.
"""

from __future__ import annotations

import sys
from typing import Any

# The check of one kind of address, which nobody here needs, takes seconds to import.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def configure(c: Any) -> None:
    """Switch the protections on.

    Parameters
    ----------
    c : traitlets.config.Config
        The configuration object of nbgrader_config.py.
    """

    def before(assignment: str, student: str, notebooks: list[str]) -> None:
        """See `grading.hooks.prepare_folder`."""
        from nbgrader.coursedir import CourseDirectory

        from grading.hooks import prepare_folder

        prepare_folder(CourseDirectory(config=c), notebooks)

    c.Autograde.pre_convert_hook = before
    c.Autograde.exporter_class = "grading.hooks.SubmittedNotebookExporter"
    c.Autograde.sanitize_preprocessors = []
    c.Autograde.autograde_preprocessors = [
        "grading.hooks.RunTrusted",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.GenerateFeedback.preprocessors = [
        "grading.hooks.HideTests",
        "nbgrader.preprocessors.GetGrades",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    # Formgrader's pages and the feedback.
    c.HTMLExporter.preprocessors = ["grading.pages.SafeOutputs"]
    c.HTMLExporter.filters = {"markdown2html": "grading.pages.markdown2html"}
    c.ExportApp.plugin_class = "grading.export.Plain"
