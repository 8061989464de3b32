"""A browser is enough: an exercise solved there is kept, comes back and gets its points."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.answers.bank import answers
from tests.browser.lite import LiteNotebook, serve, visitor
from tests.notebooks.course import NOTEBOOKS, ROOT, Course, exercises, outcomes, read

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAME = "03b-coin-toss-em"


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The site as README's command builds it, or the one that a variable names."""
    if ready := os.environ.get("EM_LITE_SITE"):
        return Path(ready)
    folder = tmp_path_factory.mktemp("site") / "lite"
    subprocess.run([sys.executable, "noxfile.py", "lite", str(folder)], cwd=ROOT, check=True)
    return folder


def text(outputs):
    """All words that outputs show."""
    shown = [o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in outputs]
    return " ".join("".join(part) for part in shown)


def test_an_exercise_from_the_first_start_to_its_points(playwright, built, tmp_path):
    exercise = exercises(read(NOTEBOOKS[NAME]))[0]
    right = next(answer for answer in answers(NAME, exercise.name) if answer.right)
    with serve(built) as site, visitor(playwright, site) as page:
        begun = time.monotonic()
        notebook = LiteNotebook(page, site, f"{NAME}.ipynb")
        first = next(i for i, c in enumerate(notebook.cells()) if c["cell_type"] == "code")
        said = notebook.run(first)
        print(f"first cell after {time.monotonic() - begun:.0f} s, {site.sent / 1e6:.1f} MB")
        assert said == []  # neither an error nor talk of a font cache

        place, check = notebook.place_of(exercise.name), notebook.place_of(exercise.check_id)
        header = notebook.cells()[place]["source"].split(":\n")[0]
        notebook.write(place, f"{header}:\n    while True:\n        pass")
        notebook.run(place)
        assert "loop that never ends" in text(notebook.run(check))

        notebook.write(place, right.code)
        assert notebook.run(place) == []
        (report,) = outcomes({"outputs": notebook.run(check)})
        assert report["correct"], report

        notebook.command("docmanager:save")
        page.reload()
        notebook.wait()
        assert notebook.cells()[place]["source"] == right.code
        with page.expect_download() as downloading:
            notebook.command("docmanager:download")
        download = downloading.value
        assert download.suggested_filename == f"{NAME}.ipynb"
        download.save_as(tmp_path / download.suggested_filename)

    folder = tmp_path / "course"
    folder.mkdir()
    course = Course(folder, NAME, read(NOTEBOOKS[NAME]))
    course.release()
    shutil.copy(tmp_path / f"{NAME}.ipynb", course.path("submitted", "ada"))
    course._run("grading", NAME)
    assert course.scores()["ada"][exercise.check_id] == exercise.points
