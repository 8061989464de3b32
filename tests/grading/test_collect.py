"""From the exchange folder each student's own files are collected, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import course
import pytest
from conftest import run

pwd = pytest.importorskip("pwd", reason="nbgrader has no exchange folder on Windows")
ME = pwd.getpwuid(os.getuid()).pw_name if hasattr(os, "getuid") else ""


@pytest.fixture
def shop(fresh: Path, tmp_path: Path) -> SimpleNamespace:
    """A course with an exchange folder that this user's submissions lie in."""
    exchange = tmp_path / "exchange"
    inbound = exchange / "averages" / "inbound"
    inbound.mkdir(parents=True)
    exchange.chmod(0o777)
    with (fresh / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"\nc.Exchange.root = {str(exchange)!r}\n")
    return SimpleNamespace(root=fresh, inbound=inbound)


def put(shop: SimpleNamespace, student: str, hour: int, text: str) -> Path:
    folder = shop.inbound / f"{student}+{course.NAME}+2030-01-02 {hour:02}:00:00 UTC+x"
    folder.mkdir()
    (folder / f"{course.NAME}.ipynb").write_text(text, encoding="utf-8")
    return folder


def collected(shop: SimpleNamespace, student: str) -> dict[str, str]:
    folder = shop.root / "submitted" / student / course.NAME
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def test_the_newest_is_collected(shop: SimpleNamespace) -> None:
    put(shop, ME, 3, "old")
    put(shop, ME, 5, "new")
    run(shop.root, "nbgrader", "collect", course.NAME)
    assert collected(shop, ME) == {f"{course.NAME}.ipynb": "new"}


def test_links_are_not_followed_and_stop_nobody(shop: SimpleNamespace) -> None:
    source = shop.root / "notebooks" / course.NAME / f"{course.NAME}.ipynb"
    folder = put(shop, ME, 3, "own")
    (folder / "link.ipynb").symlink_to(source)
    (folder / "notes").symlink_to(source.parent)
    os.mkfifo(folder / "pipe")
    shown = run(shop.root, "nbgrader", "collect", course.NAME)
    assert collected(shop, ME) == {f"{course.NAME}.ipynb": "own"}
    assert "left out" in shown.stderr


def test_a_link_as_submission_is_not_taken(shop: SimpleNamespace) -> None:
    folder = shop.inbound / f"{ME}+{course.NAME}+2030-01-02 09:00:00 UTC+x"
    folder.symlink_to(shop.root / "notebooks" / course.NAME)
    put(shop, ME, 3, "own")
    run(shop.root, "nbgrader", "collect", course.NAME)
    assert collected(shop, ME) == {f"{course.NAME}.ipynb": "own"}


@pytest.mark.slow
def test_who_claims_to_be_another_is_refused(shop: SimpleNamespace) -> None:
    put(shop, "somebody-else", 3, "forged")
    put(shop, "..", 3, "forged")
    shown = run(shop.root, "nbgrader", "collect", course.NAME)
    assert not collected(shop, "somebody-else")
    assert not (shop.root / course.NAME).exists()
    assert "it belongs to" in shown.stderr


@pytest.mark.skipif(ME != "root", reason="only root can make files of another user")
def test_a_forged_newer_submission_does_not_hide_the_own_one(shop: SimpleNamespace) -> None:
    put(shop, ME, 3, "own")
    os.chown(put(shop, ME, 9, "forged"), 65534, 65534)
    run(shop.root, "nbgrader", "collect", course.NAME)
    assert collected(shop, ME) == {f"{course.NAME}.ipynb": "own"}


def test_a_name_that_nbgrader_cannot_read_stops_nobody(shop: SimpleNamespace) -> None:
    put(shop, ME, 3, "own")
    for time in ("24:0010000000000000000000000999999202610000000000000000000000", "tomorrow"):
        (shop.inbound / f"{ME}+{course.NAME}+{time}+x").mkdir()
    (shop.inbound / f"{ME}+{course.NAME}+2030-01-02 23:00:00 UTC+y").symlink_to("nowhere")
    shown = run(shop.root, "nbgrader", "collect", course.NAME)
    assert collected(shop, ME) == {f"{course.NAME}.ipynb": "own"}
    assert "does not tell who handed in, and when" in shown.stderr


def test_what_was_collected_of_another_stays(shop: SimpleNamespace) -> None:
    course.submit(shop.root, "somebody-else", "theirs")
    put(shop, "somebody-else", 23, "forged")  # newer than what is there
    put(shop, ME, 3, "own")
    run(shop.root, "nbgrader", "collect", "--update", course.NAME)
    assert collected(shop, "somebody-else")[f"{course.NAME}.ipynb"] == "theirs"
    assert collected(shop, ME) == {f"{course.NAME}.ipynb": "own"}


def test_a_time_that_cannot_be_read_stops_nobody_the_next_time(shop: SimpleNamespace) -> None:
    odd = course.submit(shop.root, "ada", "collected before")
    odd.with_name("timestamp.txt").write_text("24:0010" + "0" * 60, encoding="utf-8")
    with (shop.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("\nc.ExchangeCollect.check_owner = False\n")
    put(shop, "ada", 3, "again")
    put(shop, "zoe", 3, "own")
    shown = run(shop.root, "nbgrader", "collect", course.NAME)
    assert collected(shop, "zoe") == {f"{course.NAME}.ipynb": "own"}
    assert "not collected" in shown.stderr
