"""Without the extra `grading` nbgrader works as before, and says that it is not protected."""

from __future__ import annotations

import logging

import pytest
from traitlets.config import Config

import grading


def test_without_its_packages_nbgrader_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(grading, "missing", lambda: ["distributed"])
    c = Config()
    grading.configure(c)
    assert c == {"Autograde": {"pre_convert_hook": "grading.warn"}}
    logger = logging.getLogger("test")
    monkeypatch.setattr(grading, "get_logger", lambda: logger)
    grading.warn(assignment="a", student="b", notebooks=[])
    assert "NOT PROTECTED" in caplog.text
    assert "missing: distributed" in caplog.text


def test_with_them_every_step_is_replaced() -> None:
    assert grading.missing() == []
    c = Config()
    grading.configure(c)
    assert {"Autograde", "GenerateFeedback", "HTMLExporter", "ExportApp"} <= c.keys()
    assert c.Autograde.autograde_preprocessors[0] == "grading.hooks.RunTrusted"
