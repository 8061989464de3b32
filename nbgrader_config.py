"""Settings of nbgrader: the notebooks folder is the course's source folder."""

import os
import sys
from pathlib import Path

# nbgrader starts other programs of its own environment; let it find them even if that
# environment is not activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

sys.path.append(str(Path(__file__).resolve().parent))  # for `grading` and the answer key
import grading

ROOT = str(Path(__file__).resolve().parent)
if "nbgrader" in (Path(sys.argv[0]).stem, Path(sys.argv[0]).parent.name):
    # For the kernels of nbgrader's own commands, when nothing protects the key. JupyterLab reads
    # this file too: the kernels of students that it starts must not find the key.
    paths = [ROOT, os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))

c = get_config()  # type: ignore[name-defined] # noqa: F821 (nbgrader provides it)

c.CourseDirectory.root = ROOT
c.CourseDirectory.course_id = "em-notebooks"
c.CourseDirectory.source_directory = "notebooks"

# What stands in a released notebook in place of a solution. The checks know this error and say
# "not attempted".
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("your code goes here")'}
c.ClearSolutions.text_stub = "*Your answer goes here.*"

# A mark scheme stands in a locked cell below the answer that it is for: students get it with
# their feedback, not before. (In a task cell, nbgrader could not tell a blank answer.)
c.ClearMarkScheme.enforce_metadata = False

# A student who deletes a check gets it back, instead of a submission that cannot be graded.
c.OverwriteCells.add_missing_cells = True

# Students' code runs in a sandbox, and checks run apart from it: see grading/README.md. It needs
# the packages of the extra `grading`; without them nbgrader works, but warns when it autogrades.
grading.configure(c)
c.Grading.packages = ["emlib"]
c.Grading.trusted_packages = ["key"]
c.Grading.only_show = ["compare"]

# Without that protection: a check stops a student's function after 10 seconds itself. This is for
# code that cannot be stopped so, and for cells between the exercises.
c.Execute.timeout = 60
c.Execute.error_on_timeout = {
    "ename": "CellTimeoutError",
    "evalue": "",
    "traceback": ["This cell did not finish in time."],
}
