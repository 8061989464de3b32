"""Grades that can be trusted: nbgrader, hardened through its own configuration.

`configure` switches the protections on for ``nbgrader autograde`` and for formgrader's button;
``python -m grading ASSIGNMENT`` grades a class, many submissions at a time.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Any

from traitlets.log import get_logger

# The check of one kind of address, which nobody here needs, takes seconds to import.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

# What the extra `grading` installs.
NEEDED = ("cryptography", "distributed", "locket", "nh3", "psutil", "tqdm")
# nbgrader's steps from a source notebook to what students get.
RELEASES = (
    "IncludeHeaderFooter InstantiateTests LockCells ClearSolutions ClearOutput CheckCellMetadata "
    "ComputeChecksums SaveCells ClearHiddenTests ClearMarkScheme ComputeChecksums CheckCellMetadata"
).split()
UNPROTECTED = """
======================================================================================
NOT PROTECTED. Students' code runs as you: it can read and change your files, and give
itself points. In the course's folder, run
    pip install -e ".[grading]"
(missing: {missing}).
======================================================================================
"""


def missing() -> list[str]:
    """Return the packages of the extra `grading` that are not installed."""
    return [name for name in NEEDED if find_spec(name) is None]


def configure(c: Any) -> None:
    """Switch the protections on.

    Parameters
    ----------
    c : traitlets.config.Config
        The configuration object of nbgrader_config.py.

    Notes
    -----
    Without the packages of the extra `grading`, nbgrader stays as it is, and a warning is given
    before a submission is graded.
    """
    if missing():
        c.Autograde.pre_convert_hook = "grading.warn"
        return

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
        "grading.hooks.ChargeLateness",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.GenerateAssignment.preprocessors = [
        *(f"nbgrader.preprocessors.{name}" for name in RELEASES),
        "grading.hooks.Due",
    ]
    c.GenerateFeedback.preprocessors = [
        "grading.hooks.HideTests",
        "grading.hooks.ChargeLateness",
        "nbgrader.preprocessors.GetGrades",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    # Formgrader's pages and the feedback.
    c.HTMLExporter.preprocessors = ["grading.pages.SafeCells"]
    c.HTMLExporter.filters = {"markdown2html": "grading.pages.markdown2html"}
    c.ExchangeFactory.collect = "grading.collect.Collect"
    c.ExportApp.plugin_class = "grading.export.Plain"


def warn(assignment: str, student: str, notebooks: list[str]) -> None:
    """Say what is wrong, wherever nbgrader shows its log."""
    get_logger().warning(UNPROTECTED.format(missing=", ".join(missing())))
