"""The notebooks as students get them: without solutions, hidden tests and mark schemes."""

from __future__ import annotations

import logging
from pathlib import Path

import nbformat

SOURCES = "notebooks"


def assignments(course: Path) -> list[str]:
    """Return the names of all assignments."""
    return sorted(path.parent.name for path in (course / SOURCES).glob("[!.]*/*.ipynb"))


def release(course: Path, assignment: str, into: Path, record: bool = False) -> None:
    """Write an assignment as ``nbgrader generate_assignment`` does, but within this process.

    Parameters
    ----------
    course : pathlib.Path
        The folder with nbgrader_config.py.
    assignment : str
        Name of the assignment.
    into : pathlib.Path
        Gets a folder of that name. If it has one already, nothing is done.
    record : bool
        Whether the grade book shall know of it, which grading needs.

    Raises
    ------
    ValueError
        If nbgrader refuses the notebook; it has said why.
    """
    logging.basicConfig(format="%(message)s")  # or else nobody hears what nbgrader says
    # nbgrader takes seconds to import, and most starts do without.
    from nbgrader.converters import GenerateAssignment, NbGraderException
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.assignment_id = assignment
    config.CourseDirectory.release_directory = str(into.resolve())
    if not record:  # as its option --no-db
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
    try:
        GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    except NbGraderException:
        raise ValueError(
            f"nbgrader cannot release the notebook {assignment}: mend what it says above."
        ) from None


def write_all(course: Path, into: Path) -> None:
    """Write all notebooks as students get them: none shows what comes out before it is run."""
    for path in (course / SOURCES).glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, into / path.name)
    for assignment in assignments(course):
        release(course, assignment, into)
