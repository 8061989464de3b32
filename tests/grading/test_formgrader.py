"""The whole path in JupyterLab: formgrader lists, grades, takes points by hand, hands back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import course
import pytest
from cases import CASES
from conftest import environment

from tests.browser.lab import BROWSERS, LAUNCH_OPTIONS, Server, chromium, server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.usefixtures("sandboxed"),
    pytest.mark.skipif(chromium() is None, reason=f"needs one of {', '.join(BROWSERS)}"),
]
PATIENCE = 120_000  # milliseconds


@pytest.fixture(scope="session")
def base_url() -> None:
    """No base address; the plugin's own fixture is written in a way that pytest warns of."""


@pytest.fixture(scope="session")
def _pw_artifacts_folder(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Where the plugin keeps traces; its own folder is left behind, with a warning, by xdist."""
    return SimpleNamespace(name=str(tmp_path_factory.mktemp("artifacts")))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Let pytest-playwright use the installed browser, not one of its own."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": LAUNCH_OPTIONS}


@pytest.fixture
def lab(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A JupyterLab whose folder is the course."""
    for name in ("PATH", "PYTHONPATH"):
        monkeypatch.setenv(name, environment()[name])
    root = tmp_path / "notebooks"
    settings = (released / "nbgrader_config.py").read_text(encoding="utf-8")
    # As in this project: the settings lie where the server is started.
    here = f"import sys\nsys.path.append({str(root)!r})\n{settings}\n"  # for the answer key
    here += f"c.CourseDirectory.root = {str(root)!r}\n"
    (tmp_path / "nbgrader_config.py").write_text(here, encoding="utf-8")
    with server(tmp_path, JUPYTER_NO_CONFIG="") as running:  # nbgrader's own, too
        shutil.copytree(released, root, dirs_exist_ok=True)
        yield running


def test_the_whole_path(lab: Server, page: Any) -> None:
    import attacks

    assert attacks
    root = lab.folder
    answer = "If there are outliers: one of them is enough to move it."
    course.submit(root, "ada", course.answered(root, explain=answer))
    CASES["script-in-output"].hand_in(root, "mallory")
    page.set_default_timeout(PATIENCE)

    # Formgrader, by JupyterLab's menu.
    page.goto(f"{lab.url}/lab?token={lab.token}")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader").click()
    formgrader = page.frame_locator("iframe").last

    # It lists what was handed in.
    row = formgrader.locator("tr", has=formgrader.locator("td.name", has_text=course.NAME))
    assert row.locator("td.num-submissions").inner_text() == "2"
    row.locator("td.num-submissions a").click()

    # It grades, through the protections.
    for student, score in (("ada", "12 / 15"), ("mallory", "0 / 15")):
        row = formgrader.locator("tr", has=formgrader.locator("td.student-id", has_text=student))
        row.locator("td.autograde a").click()
        formgrader.locator(".modal", has_text="Success").wait_for()
        formgrader.locator(".modal button", has_text="OK").click()
        row.locator("td.score", has_text=score).wait_for()
    row = formgrader.locator("tr", has=formgrader.locator("td.student-id", has_text="ada"))
    row.locator("td.status", has_text="needs manual grading").wait_for()
    assert (root / "reports" / course.NAME / "ada.json").exists()

    # An answer is graded by hand.
    formgrader.locator("a", has_text="Manual Grading").click()
    formgrader.locator("a", has_text=course.NAME).click()
    formgrader.locator("a", has_text=course.NAME).last.click()
    open_submission(formgrader, "ada")
    hand_grade(page, formgrader, answer)

    # Nothing of the other submission runs on the page that the instructor looks at.
    formgrader.locator(".breadcrumb a", has_text=course.NAME).last.click()
    open_submission(formgrader, "mallory")
    formgrader.locator(".output_error", has_text="<script>").first.wait_for()
    frame(page).wait_for_load_state("networkidle")
    assert frame(page).evaluate("typeof window.broken") == "undefined"

    # Feedback is made, and shows what the student may see.
    formgrader.locator("a", has_text="Manual Grading").click()
    formgrader.locator("a", has_text="Manage Assignments").click()
    row = formgrader.locator("tr", has=formgrader.locator("td.name", has_text=course.NAME))
    row.locator("td.num-submissions a").click()
    row = formgrader.locator("tr", has=formgrader.locator("td.student-id", has_text="ada"))
    row.locator("td.score", has_text="14.5 / 15").wait_for()
    row.locator("td.generate-feedback a").click()
    formgrader.locator(".modal", has_text="Success").wait_for()
    page.goto(f"{lab.url}/files/feedback/ada/{course.NAME}/{course.NAME}.html?token={lab.token}")
    page.get_by_text(f"{course.NAME} (Score: 14.5 / 15.0)").wait_for()
    page.get_by_text("Say what an outlier is.").wait_for()
    text = page.content()
    assert "the mean of 1, 2, 3 should be 2" in text  # what was visible
    assert not [secret for secret in course.SECRETS if secret in text]


def frame(page: Any) -> Any:
    """The frame in which formgrader is."""
    return next(found for found in page.frames if "/formgrader/" in found.url)


def open_submission(formgrader: Any, student: str) -> None:
    """Open one of the submissions, whose numbers are drawn at random."""
    name = formgrader.locator("a.name-shown", has_text=student)
    formgrader.locator("tr", has=name).locator("a.name-hidden").click()


def hand_grade(page: Any, formgrader: Any, answer: str) -> None:
    """Give points and a comment to the one answer that needs a human."""
    formgrader.locator(".nbgrader_cell", has_text=answer).wait_for()
    frame(page).wait_for_function("formgrader.grades.loaded && formgrader.comments.loaded")
    for field, text, saved in (
        ("input#explain.score", "2.5", "/api/grade/"),
        ("textarea#explain-comment", "Say what an outlier is.", "/api/comment/"),
    ):
        formgrader.locator(field).fill(text)
        with page.expect_response(lambda r, to=saved: to in r.url and r.request.method == "PUT"):
            formgrader.locator(field).press("Tab")
