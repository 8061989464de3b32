"""From a learning system's archive to grades in its tables: who is who, and what counts."""

from __future__ import annotations

import io
import zipfile
from contextlib import chdir
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import course
import lms_made
import nbformat
import pytest
from conftest import run
from lms_made import Sent
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader

from grading import collected, lms
from grading.book import Book
from grading.collected import Taken, remembered
from grading.export import scores
from grading.fanout import submissions, submitters
from grading.folder import NOTHING
from grading.hand_back import hand_back
from grading.lateness import Deadlines
from grading.master import load
from grading.roster import Wrong, nearest, roster, rows_of
from grading.run import GRADED, SET_ASIDE, Result

NAME = course.NAME


def app_of(root: Path) -> NbGrader:
    with chdir(root):
        app = NbGrader()
        app.initialize([])
    return app


@pytest.fixture(scope="module")
def worked(released: Path) -> bytes:
    return nbformat.writes(course.answered(released)).encode()


@pytest.fixture(scope="module")
def blank(released: Path) -> bytes:
    return nbformat.writes(course.released(released)).encode()


@pytest.fixture
def people(worked: bytes) -> list[Sent]:
    """Four students, with names as names are."""
    return [
        Sent("Ada", "Byron", 101, worked),
        Sent("Zoë", "O'Neil-Smith", 102, worked, late=True, at=datetime(2030, 1, 9, 10, 0)),
        Sent("Jean_Luc", "de la Cruz", 103, worked, name="01-averages-1.ipynb"),
        Sent("Müller", "Anna", 104, worked, name="Hausaufgabe 3.ipynb"),
    ]


def collect(root: Path, archive: Path, table: Path | None = None) -> dict[str, Taken]:
    app = app_of(root)
    masters = load(app.coursedir, NAME, [])
    senders = lms.Senders.of(lms.read_table(table) if table else None, "UTC")
    taken, _ = collected.collect(app.coursedir, masters, archive, senders)
    return {one.student or one.number: one for one in taken}


def submitted(root: Path) -> dict[str, bytes]:
    found = (root / "submitted").glob(f"*/{NAME}/*.ipynb")
    return {f"{path.parts[-3]}/{path.name}": path.read_bytes() for path in found}


def stamp(root: Path, student: str) -> str:
    path = root / "submitted" / student / NAME / "timestamp.txt"
    return path.read_text(encoding="utf-8")[:16] if path.exists() else ""


def test_canvas_names_are_understood_and_its_times_are_not_believed(
    fresh: Path, people: list[Sent]
) -> None:
    lms_made.students(fresh / "students.csv", people)
    taken = collect(fresh, lms_made.canvas(fresh / "submissions.zip", people))
    assert set(taken) == {one.login for one in people}
    assert set(submitted(fresh)) == {f"{one.login}/{NAME}.ipynb" for one in people}
    assert not any(stamp(fresh, one.login) for one in people)
    late = taken[people[1].login]
    assert late.late
    assert "write the time into the column handed_in" in late.said
    assert "`Hausaufgabe 3.ipynb` was taken" in taken[people[3].login].said


@pytest.mark.parametrize("folders", [True, False])
def test_moodle_keeps_the_times_of_files(fresh: Path, people: list[Sent], folders: bool) -> None:
    lms_made.students(fresh / "students.csv", people)
    archive = lms_made.moodle(fresh / "all.zip", people, folders=folders)
    taken = collect(fresh, archive)
    assert set(submitted(fresh)) == {f"{one.login}/{NAME}.ipynb" for one in people}
    assert stamp(fresh, people[1].login) == "2030-01-09 10:00"
    assert taken[people[0].login].prefix == "Ada Byron_101_assignsubmission_file_"


def test_times_that_are_all_the_same_are_those_of_making_the_archive(
    fresh: Path, people: list[Sent]
) -> None:
    at = datetime(2030, 1, 20, 9)
    sent = [replace(p, at=at + timedelta(seconds=i)) for i, p in enumerate(people)]
    collect(fresh, lms_made.moodle(fresh / "all.zip", sent))
    assert not any(path.exists() for path in (fresh / "submitted").glob("*/*/timestamp.txt"))


def test_a_worksheet_tells_who_participants_are_and_when(fresh: Path, people: list[Sent]) -> None:
    lms_made.students(fresh / "students.csv", people)
    table = lms_made.worksheet(fresh / "worksheet.csv", people, {})
    collect(fresh, lms_made.moodle(fresh / "all.zip", people, blind=True), table)
    assert set(submitted(fresh)) == {f"{one.login}/{NAME}.ipynb" for one in people}
    assert stamp(fresh, people[1].login) == "2030-01-09 10:00"


def test_without_any_table_ids_are_what_the_archive_tells(fresh: Path, people: list[Sent]) -> None:
    collect(fresh, lms_made.moodle(fresh / "all.zip", people))
    assert f"Ada Byron/{NAME}.ipynb" in submitted(fresh)
    taken = collect(fresh, lms_made.canvas(fresh / "c.zip", people))
    assert taken["101"].files
    with Gradebook(f"sqlite:///{fresh}/gradebook.db") as book:
        assert book.find_student("101").last_name == "byronada"


def test_the_last_of_several_attempts_counts(fresh: Path, worked: bytes, blank: bytes) -> None:
    first = Sent("Ada", "Byron", 101, worked.replace(b"sum(values)", b"sum([*values])"))
    last = replace(first, data=worked, at=first.at + timedelta(days=1))
    lms_made.attempts(fresh / "n.zip", [first, last], NAME)
    collect(fresh, fresh / "n.zip")
    assert submitted(fresh) == {f"adabyron101/{NAME}.ipynb": worked}
    assert stamp(fresh, "adabyron101") == "2030-01-03 03:04"
    again = [replace(first, name="01-averages.ipynb"), replace(last, name="01-averages-1.ipynb")]
    lms_made.students(fresh / "students.csv", again)
    collect(fresh, lms_made.canvas(fresh / "c.zip", [*again, replace(last, data=blank)]))
    assert submitted(fresh) == {f"adabyron101/{NAME}.ipynb": worked}  # the blank one is newest


def test_a_blank_copy_never_replaces_worked_ones(fresh: Path, worked: bytes, blank: bytes) -> None:
    one = Sent("Ada", "Byron", 101, worked)
    collect(fresh, lms_made.moodle(fresh / "a.zip", [one]))
    taken = collect(fresh, lms_made.moodle(fresh / "b.zip", [replace(one, data=blank)]))
    assert "stays" in taken["Ada Byron"].said
    assert submitted(fresh) == {f"Ada Byron/{NAME}.ipynb": worked}


def test_nbgraders_folders_and_unpacked_archives(fresh: Path, worked: bytes) -> None:
    inside = "submitted/ada/zoe/01-averages/x.ipynb"  # as if it were Zoe's
    entries = [(f"submitted/ada/{NAME}/{NAME}.ipynb", worked, lms_made.MADE)]
    entries += [(f"submitted/ada/{NAME}/timestamp.txt", b"2030-01-01 10:00 UTC", lms_made.MADE)]
    entries += [(f"submitted/bob/{NAME}/{NAME}.ipynb", worked, lms_made.MADE)]
    entries += [(inside, worked, lms_made.MADE), ("__MACOSX/._x", b"", lms_made.MADE)]
    archive = lms_made.write(fresh / "n.zip", entries)
    assert {*collect(fresh, archive)} == {"ada", "bob"}
    assert stamp(fresh, "ada") == "2030-01-01 10:00"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(fresh / "unpacked")
    assert {*collect(fresh, fresh / "unpacked")} == {"ada", "bob"}


def test_nobody_is_taken_for_another(fresh: Path, worked: bytes) -> None:
    """What students choose stands behind what the system wrote, and tells nothing."""
    eve = Sent("Eve", "Evans", 666, worked, name="Zoe_102_assignsubmission_file_/01-averages.ipynb")
    bob = Sent("Bob", "Brown", 103, worked)
    collect(fresh, lms_made.moodle(fresh / "m.zip", [eve, bob]))
    flat = replace(eve, name="Zoe_102_assignsubmission_file_01-averages.ipynb")
    collect(fresh, lms_made.moodle(fresh / "f.zip", [flat, bob], folders=False))
    assert {key.split("/")[0] for key in submitted(fresh)} == {"Eve Evans", "Bob Brown"}
    sly = replace(eve, name="x_102_9_01-averages.ipynb")
    assert set(collect(fresh, lms_made.canvas(fresh / "c.zip", [sly, bob]))) == {"666", "103"}


@pytest.mark.parametrize("name", ["x_102_9_01-averages.ipynb", f"102/{NAME}/{NAME}.ipynb"])
def test_alone_in_an_archive_nobody_is_taken_for_another_either(
    fresh: Path, worked: bytes, name: str
) -> None:
    eve = Sent("Eve", "Evans", 666, worked, name=name)
    collect(fresh, lms_made.moodle(fresh / "m.zip", [eve]))
    assert {key.split("/")[0] for key in submitted(fresh)} == {"Eve Evans"}


def test_the_due_date_in_a_blank_copy_is_no_work(fresh: Path) -> None:
    (fresh / "deadlines.csv").write_text(f"assignment,due\n{NAME},2030-01-08 23:59\n", "utf-8")
    run(fresh, "nbgrader", "generate_assignment", "--force", NAME)
    given = nbformat.writes(course.released(fresh)).encode()
    worked = nbformat.writes(course.answered(fresh)).encode()
    assert b"**Due:**" in given
    sent = [Sent("Ada", "Byron", 101, worked), Sent("Ada", "Byron", 101, given, name="later.ipynb")]
    collect(fresh, lms_made.canvas(fresh / "c.zip", sent))
    assert list(submitted(fresh).values()) == [worked]


def test_a_stamp_beside_a_notebook_in_moodle_is_the_students_own(
    fresh: Path, people: list[Sent]
) -> None:
    lms_made.students(fresh / "students.csv", people)
    stamped = replace(people[1], data=b"2030-01-01 00:00 UTC", name="timestamp.txt")
    collect(fresh, lms_made.moodle(fresh / "all.zip", [*people, stamped]))
    assert stamp(fresh, people[1].login) == "2030-01-09 10:00"


def test_two_who_go_by_one_number_are_told_and_not_mixed(fresh: Path, worked: bytes) -> None:
    both = [Sent("Zoe", "Y", 102, worked), Sent("Eve", "E", 102, worked)]
    (one,) = collect(fresh, lms_made.canvas(fresh / "c.zip", both)).values()
    assert not one.files
    assert "two names" in one.said


def test_the_same_name_twice_needs_the_table(fresh: Path, worked: bytes) -> None:
    both = [Sent("Anna", "Lee", 7, worked), Sent("Anna", "Lee", 8, worked)]
    lms_made.students(fresh / "students.csv", both)
    archive = lms_made.moodle(fresh / "m.zip", both)
    taken = collect(fresh, archive)
    assert all("have this name" in one.said and not one.files for one in taken.values())
    table = lms_made.worksheet(fresh / "w.csv", both, {})
    assert set(collect(fresh, archive, table)) == {one.login for one in both}


def test_archives_inside_are_not_unpacked_and_bombs_are_stopped(fresh: Path, worked: bytes) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as packed:
        packed.writestr("Bob Brown_103_assignsubmission_file_/01-averages.ipynb", worked)
    eve = Sent("Eve", "Evans", 666, inner.getvalue(), name="work.zip")
    bomb = Sent("Ida", "Idle", 667, b"{" + b" " * (40 * 2**20))
    bob = Sent("Bob", "Brown", 103, worked)
    kim = Sent("Kim", "King", 668, b"<html>", name="work.html")
    archive = lms_made.moodle(fresh / "m.zip", [eve, bomb, bob, kim])
    assert archive.stat().st_size < 2**20
    taken = collect(fresh, archive)
    assert set(submitted(fresh)) == {f"Bob Brown/{NAME}.ipynb"}
    assert "work.zip; archives inside are not unpacked" in taken["Eve Evans"].said
    assert taken["Kim King"].said.endswith("no notebook; handed in: work.html")
    assert "Eve Evans" in remembered(app_of(fresh).coursedir, NAME)  # she will be told why
    master: Any = SimpleNamespace(notebook=NAME, known=NOTHING)
    there = submitters(app_of(fresh).coursedir, NAME)
    told = {one.student: one for one in submissions(there, [master], {"Eve Evans"}, "UTC")}
    assert "other files were not used: work.zip" in told["Eve Evans"].reason
    assert "larger than" in taken["Ida Idle"].said


@pytest.mark.parametrize("content", [b"no archive", b""])
def test_what_is_no_archive_is_told(fresh: Path, content: bytes) -> None:
    (fresh / "x.zip").write_bytes(content)
    with pytest.raises(Wrong, match="no archive"):
        collect(fresh, fresh / "x.zip")
    empty = lms_made.write(fresh / "y.zip", [("readme.txt", b"", lms_made.MADE)])
    with pytest.raises(Wrong, match="No name in the archive"):
        collect(fresh, empty)


def book_of(root: Path) -> Book:
    return Book(app_of(root).coursedir, NAME)


def graded(root: Path, points: dict[str, float | None]) -> None:
    """Write grades as a run would; whoever has none could not be graded."""
    book, records = book_of(root), {}
    results = [
        Result(
            student,
            SET_ASIDE if value is None else GRADED,
            "",
            reason="The file is empty." if value is None else "",
            timestamp="2030-01-02 03:04:05 UTC",
            submitted={NAME: ""},
            notebooks={} if value is None else {NAME: "{}"},
            scores={} if value is None else {NAME: {"check_mean": value, **REST}},
            blank={NAME: []},
        )
        for student, value in points.items()
    ]
    book.write(results, records)


REST = dict.fromkeys(["check_spread", "check_centre", "check_tallest", "explain"], 0.0)


def rows(path: Path) -> list[dict[str, str]]:
    header, *rest = rows_of(path)
    return [dict(zip(header, row, strict=True)) for row in rest]


def test_canvas_gets_only_scores_that_are_new_or_ours(fresh: Path, people: list[Sent]) -> None:
    lms_made.students(fresh / "students.csv", people)
    collect(fresh, lms_made.canvas(fresh / "submissions.zip", people))
    ada, zoe, jean, anna = (one.login for one in people)
    graded(fresh, {ada: 3, zoe: 2, jean: 1, anna: None})
    known = {102: "9.5"}  # given in Canvas, by somebody
    table = lms_made.gradebook(fresh / "g.csv", people, f"{NAME} (4711)", known)

    def given() -> Any:
        return hand_back(app_of(fresh).coursedir, book_of(fresh), lms.read_table(table))

    made = given()
    there = rows(made.folder / "canvas.csv")
    assert list(there[0]) == [
        *"Student,ID,SIS User ID,SIS Login ID,Section".split(","),
        NAME + " (4711)",
    ]
    assert {row["SIS Login ID"]: row[f"{NAME} (4711)"] for row in there} == {
        "": "15.0",  # points possible
        ada: "3",
        jean: "1",
    }
    assert [(theirs, ours) for _, theirs, ours in made.kept] == [("9.5", 2)]
    assert made.worth == (15, 15)

    graded(fresh, {ada: 2.5})  # a test was mended
    lms_made.gradebook(fresh / "g.csv", people, f"{NAME} (4711)", {**known, 101: "3.00", 103: "0"})
    made = given()
    changed = {
        row["SIS Login ID"]: row[f"{NAME} (4711)"] for row in rows(made.folder / "canvas.csv")
    }
    assert changed == {"": "15.0", ada: "2.5"}  # ours of before; Jean's was changed there


def test_a_worksheet_is_filled_in_and_otherwise_as_it_was(fresh: Path, people: list[Sent]) -> None:
    lms_made.students(fresh / "students.csv", people)
    collect(fresh, lms_made.moodle(fresh / "all.zip", people))
    ada, zoe, jean, anna = (one.login for one in people)
    graded(fresh, {ada: 3, zoe: 2, jean: 1, anna: None})
    table = lms_made.worksheet(fresh / "w.csv", people, {102: "9,50"})
    made = hand_back(app_of(fresh).coursedir, book_of(fresh), lms.read_table(table))
    there, before = rows(made.folder / "moodle.csv"), rows(table)
    assert [(row["Identifier"], row["Grade"]) for row in there] == [
        ("Participant 101", "3"),
        ("Participant 103", "1"),
    ]
    assert [{**row, "Grade": ""} for row in there] == [before[0], before[2]]
    assert made.kept[0][1] == "9,50"

    table.write_text(table.read_text(encoding="utf-8").replace("15.00", '"20,00"'), "utf-8")
    other = hand_back(app_of(fresh).coursedir, book_of(fresh), lms.read_table(table))
    assert other.worth == (20, 15)


def test_feedback_is_packed_under_the_systems_names(fresh: Path, people: list[Sent]) -> None:
    lms_made.students(fresh / "students.csv", people)
    collect(fresh, lms_made.moodle(fresh / "all.zip", people[:2]))
    collect(fresh, lms_made.canvas(fresh / "submissions.zip", people[2:]))
    ada, zoe, jean, anna = (one.login for one in people)
    graded(fresh, {ada: 3, zoe: None, jean: 1, anna: None})
    for student in (ada, jean):
        page = fresh / "feedback" / student / NAME / f"{NAME}.html"
        page.parent.mkdir(parents=True)
        page.write_text("well done", encoding="utf-8")
    made = hand_back(app_of(fresh).coursedir, book_of(fresh))
    packed = {
        name: zipfile.ZipFile(made.folder / f"feedback-{name}.zip").namelist()
        for name in ("moodle", "canvas")
    }
    assert packed["moodle"] == [
        f"Ada Byron_101_assignsubmission_file_/{NAME}.html",
        f"Zoë O'Neil-Smith_102_assignsubmission_file_/{NAME} not graded.html",
    ]
    assert packed["canvas"] == [
        f"delacruzjean_luc_103_9000_{NAME}.html",
        f"annamüller_104_9001_{NAME} not graded.html",
    ]
    page = (made.folder / "not-graded.html").read_text(encoding="utf-8")
    assert "Anna" in page
    assert "The file is empty." in page
    letters = {row["id"]: row for row in rows(made.folder / "mail-merge.csv")}
    assert letters[ada]["name"] == "Ada Byron"
    assert letters[ada]["email"] == people[0].email
    assert (letters[ada]["points"], letters[ada]["reason"]) == ("3.0", "")
    assert (letters[zoe]["points"], letters[zoe]["reason"]) == ("", "The file is empty.")


@pytest.mark.parametrize(
    ("data", "divider"),
    [
        ("id;first_name;last_name\nada;Zoë;Müller\n".encode("cp1252"), ";"),
        ("\ufeffid,first_name,last_name\r\nada,Zoë,Müller\r\n".encode(), ","),
        ("sep=;\nid;first_name;last_name\nada;Zoë;Müller\n".encode("cp1252"), ";"),
        ("id\tfirst_name\tlast_name\r\nada\tZoë\tMüller\r\n".encode("utf-16"), "\t"),
        ("ID,First Name,Last-name\nada,Zoë,Müller\n\n,,\n".encode(), ","),
    ],
)
def test_a_table_of_students_may_come_from_a_spreadsheet(
    fresh: Path, data: bytes, divider: str
) -> None:
    (fresh / "students.csv").write_bytes(data)
    assert roster(app_of(fresh).coursedir)["ada"].called == "Zoë Müller (ada)"
    with Gradebook(f"sqlite:///{fresh}/gradebook.db") as book:
        assert book.find_student("ada").last_name == "Müller"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name\nada\n", "no column id. Its columns are: name"),
        ("id,email\nada,\nada,\n", "names ada again"),
        ("id,email\n,x@example.org\n", "Row 2 of students.csv has no id"),
        ("id,email\nm?ller,\n", r"save the table as CSV UTF-8"),
    ],
)
def test_a_wrong_table_of_students_says_what_is_wrong(fresh: Path, text: str, words: str) -> None:
    (fresh / "students.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Wrong, match=words):
        roster(app_of(fresh).coursedir)


def deadlines(root: Path, *lines: str) -> Deadlines:
    text = "assignment,student,due,extension,excused,handed_in,per_day,rounding\n"
    (root / "deadlines.csv").write_text(text + "\n".join(lines), encoding="utf-8")
    return Deadlines(root, "Europe/Berlin")


def charged(root: Path) -> dict[str, float | None]:
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return scores(gradebook, book_of(root))


def test_one_table_says_who_is_late_and_what_it_costs(fresh: Path) -> None:
    """All four handed in on 2 January at 3:04 UTC, which is 4:04 in Berlin."""
    with (fresh / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("\nc.Exchange.timezone = 'Europe/Berlin'\n")
    graded(fresh, {"ada": 3, "bob": 3, "eve": 3, "zoe": 3})
    deadlines(fresh, f"{NAME},,2030-01-01 04:04:05,,,,1,")
    assert charged(fresh) == dict.fromkeys(["ada", "bob", "eve", "zoe"], 2)  # to the second: a day
    deadlines(
        fresh,
        f"{NAME},,2030-01-01 04:00,,,,20%,0.5",  # a second day has begun: 40 %, but 3 of 15
        f"{NAME},bob,,1 day,,,,",
        ",eve,,,yes,,,",
        f"{NAME},zoe,2030-01-03 04:00,,,,,",
    )
    assert charged(fresh) == {"ada": 0, "bob": 0, "eve": 3, "zoe": 3}
    deadlines(
        fresh,
        f"{NAME},,2030-01-01 04:00 CET,10 minutes,,,0.4,0.5",
        f"{NAME},bob,,,,2030-01-05 04:00,,",
        f"{NAME},zoe,,,,2029-12-31 04:00 +01:00,,",
    )
    assert charged(fresh) == {"ada": 2.5, "bob": 1.5, "eve": 2.5, "zoe": 3}
    (fresh / "deadlines.csv").unlink()
    with Gradebook(f"sqlite:///{fresh}/gradebook.db") as book:
        book.update_or_create_assignment(NAME, duedate=None)
    assert charged(fresh) == dict.fromkeys(["ada", "bob", "eve", "zoe"], 3)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"{NAME},,tomorrow,,,,,", "Row 2 of deadlines.csv: due `tomorrow` is wrong"),
        (f"{NAME},,2030-01-01 10:00 CST,,,,,", "stands for several"),
        (f"{NAME},,,soon,,,,", "write it as 3 days"),
        (f"{NAME},,,,,,much,", "write points, as 1.5"),
        (f"{NAME},,,,,,,half", "as 0.5"),
        ("01-avrages,,,,,,,", "Did you mean 01-averages"),
        (f"{NAME},adda,,,,,,", "whom nobody knows. Did you mean ada"),
    ],
)
def test_a_wrong_deadline_says_where(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(Wrong, match=words):
        deadlines(tmp_path, row).check([NAME], ["ada", "bob"])


def test_daylight_saving_is_that_of_the_place(tmp_path: Path) -> None:
    table = deadlines(tmp_path, "a,,2030-03-30 23:59,,,,,", "b,,2030-03-31 23:59,,,,,")
    assert (table.terms("b").due - table.terms("a").due) == timedelta(hours=23)  # type: ignore[operator]
    assert table.due_in_words("b") == "Sunday, 31 March 2030, 23:59 CEST (Europe/Berlin)"


def test_students_see_the_due_date_in_their_copy(fresh: Path) -> None:
    before = load(app_of(fresh).coursedir, NAME, [])[0].digest
    deadlines(fresh, f"{NAME},,2030-01-08 23:59 Europe/Berlin,,,,,")
    run(fresh, "nbgrader", "generate_assignment", NAME, "--force")
    assert (
        "**Due:** Tuesday, 8 January 2030, 22:59 UTC (UTC)."
        in course.released(fresh).cells[1].source
    )
    assert load(app_of(fresh).coursedir, NAME, [])[0].digest == before  # no grade depends on it


def test_names_most_like_one_are_told() -> None:
    assert nearest("Ad", ["ada", "bob"]) == "Did you mean ada?"
    assert nearest("xyz", ["ada", "bob"]) == "Known are: ada, bob."
