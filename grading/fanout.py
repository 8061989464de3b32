"""Grade a class: many submissions at a time, one writer, and on from wherever it stopped."""

from __future__ import annotations

import atexit
import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import dask
import nbformat
from dask.distributed import Client, LocalCluster, Security, as_completed
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from tqdm import tqdm

from grading import changes, report, run
from grading.book import Book, as_stored
from grading.export import scores
from grading.folder import Submission, read_folder
from grading.intake import SetAside, label, printable, wrong_id
from grading.lateness import Deadlines, zone
from grading.master import Master, load, released
from grading.roster import STUDENTS, Wrong, nearest, roster
from grading.run import FAILED, GRADED, SET_ASIDE, Result
from grading.settings import Grading
from grading.trusted import Trusted

BATCH = 20  # results written at once
HandedIn = tuple[str, Path, Path]
PATIENCE = 2.0  # seconds that a result waits for others


class Unsound(Exception):
    """The assignment's own answers do not get full points; the words say which."""


@dataclass
class Summary:
    """What a run did: how many submissions ended how, and what it took.

    Attributes
    ----------
    unchanged : int
        Submissions that were done before.
    states : dict
        Number of submissions by state.
    seconds, writing : float
        Duration of the run, and the CPU time of the gradebook's writer.
    report : Path
        The report's page.
    """

    unchanged: int = 0
    states: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    writing: float = 0.0
    report: Path = Path()


@lru_cache(maxsize=1)
def trusted() -> Trusted:
    """Return this process's own trusted process."""
    made = Trusted()
    atexit.register(made.close)
    return made


def work(submission: Submission, masters: list[Master], limits: dict[str, Any]) -> Result:
    """Grade one submission; this is what runs on workers."""
    return run.grade(submission, masters, limits, trusted())


def grade_class(
    client: Client,
    book: Book,
    settings: Grading,
    *,
    students: list[str] | None = None,
    force: bool = False,
    quiet: bool = False,
) -> Summary:
    """Grade all submissions of an assignment that are new or whose result may have changed.

    Parameters
    ----------
    client : Client
        Connected to the workers.
    book : Book
        Where the results go.
    settings : Grading
    students : list of str, optional
        Grade only these.
    force : bool
        Grade what is done already, too.
    quiet : bool
        Show no progress.

    Raises
    ------
    NotReady
        If the assignment was not released.
    Unsound
        If the instructor's own answers do not get full points.
    Wrong
        If a table or a name that the instructor gave is wrong.
    """
    started = time.monotonic()
    summary = Summary()
    coursedir = book.coursedir
    packages = [*settings.packages, *settings.trusted_packages]
    masters = load(coursedir, book.assignment, packages)
    people = roster(coursedir)
    handed_in = submitters(coursedir, book.assignment)
    known = {name for name, *_ in handed_in} | set(people.people)
    home = zone(coursedir)
    deadlines = Deadlines(Path(coursedir.root), home)
    deadlines.check(released(coursedir), known)
    for student in students or ():
        if student not in known:
            raise Wrong(f"Nobody is called {student}. {nearest(student, known)}")
        if student in people.withdrawn:
            raise Wrong(f"{people[student].called} has withdrawn, says {STUDENTS}.")
    wanted = students or [name for name, *_ in handed_in if name not in people.withdrawn]
    limits = settings.job(hidden=[str(Path(coursedir.root).resolve())])
    records = book.records()
    earlier = dict(records)
    done = {} if force else book.done(records)
    shared = client.scatter([masters, limits], broadcast=True)
    ready: list[Result] = []
    pending: dict[Any, str] = {}
    seen: set[str] = set()
    for submission in submissions(handed_in, masters, wanted, home):
        seen.add(submission.student)
        if isinstance(submission, Result):
            ready.append(submission)
        elif done.get(submission.student) == run.digest(submission, masters, limits):
            summary.unchanged += 1
        else:
            if not pending:
                rehearse(client, shared, coursedir, masters)
            future = client.submit(work, submission, *shared, pure=False, retries=2)
            pending[future] = submission.student
    with tqdm(total=len(pending) + len(ready), unit="submission", disable=quiet) as bar:
        for batch in batches(ready, pending):
            before = time.thread_time()
            book.write(batch, records)
            summary.writing += time.thread_time() - before
            for result in batch:
                tell(result, quiet)
                summary.states[result.state] = summary.states.get(result.state, 0) + 1
            bar.update(len(batch))
    if not students:
        book.tidy(records, seen)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        points = scores(gradebook, book)
    shown = {name: told for name, told in records.items() if name not in people.withdrawn}
    for name, told in shown.items():  # what the instructor says of the time is no guess
        if at := deadlines.terms(book.assignment, name).handed_in:
            shown[name] = {**told, "guessed_time": False, "timestamp": f"{as_stored(at)} UTC"}
    changes.write(book.folder, earlier, shown, people)
    summary.report = report.write(book, shown, masters, people, points)
    summary.seconds = time.monotonic() - started
    return summary


@contextmanager
def connect(workers: int | None, scheduler: str | None) -> Iterator[Client]:
    """Connect to a scheduler, or start workers here, which listen to nobody else.

    Who can talk to a scheduler can run code as its user.  Here that takes a certificate, made for
    this run; of a running scheduler, dask's own settings tell the certificate.
    """
    if scheduler:
        with Client(scheduler) as client:
            yield client
        return
    pages = {f"distributed.{who}.http.routes": [] for who in ("scheduler", "worker")}
    with (
        dask.config.set(pages),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            security=Security.temporary(),
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def submitters(coursedir: CourseDirectory, assignment: str) -> list[HandedIn]:
    """Return who handed in something of an assignment, and the folders in which it lies."""
    pattern = Path(coursedir.format_path(coursedir.submitted_directory, "*", assignment))
    position = pattern.parts.index("*")
    parent = Path(*pattern.parts[:position])
    names = sorted(os.listdir(parent) if parent.is_dir() else [])
    inner = pattern.parts[position + 1 :]
    found = [(name, parent / name, parent.joinpath(name, *inner)) for name in names]
    return [one for one in found if there(one[2])]


def submissions(
    handed_in: list[HandedIn], masters: list[Master], only: Iterable[str], home: str
) -> Iterator[Submission | Result]:
    """Read what students handed in; what cannot be read is a result already."""
    only, wanted = set(only), {master.notebook: master.known for master in masters}
    for student, whose, folder in handed_in:
        if student not in only:
            continue
        try:
            if not all(stat.S_ISDIR(f.lstat().st_mode) for f in (whose, folder)):
                raise SetAside("The submission is not a folder with a notebook in it.")
            if problem := wrong_id(student):
                words = f"The name of the folder `{printable(student)}` cannot be a student's id"
                raise SetAside(f"{words}: {problem}. Rename the folder and grade again.")
            yield read_folder(folder, student, wanted, home)
        except SetAside as problem:
            yield set_aside(student, str(problem))
        except Exception as error:  # whatever it is, it is this student's alone
            words = f"{type(error).__name__}: {printable(str(error))}"
            yield set_aside(student, f"The submission cannot be read ({words}). Please look at it.")


def there(path: Path) -> bool:
    """Return whether something is there, even if it cannot be looked at."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        pass
    return True


def set_aside(student: str, reason: str) -> Result:
    """Return the result of a submission that cannot be graded."""
    name = label(student) if wrong_id(student) else student
    return Result(name, SET_ASIDE, digest="", reason=reason)


def rehearse(
    client: Client, shared: list[Any], coursedir: CourseDirectory, masters: list[Master]
) -> None:
    """Grade the instructor's own answers: if these get less than all points, stop."""
    own = Submission("the instructor's own answers")
    for master in masters:
        source = coursedir.format_path(coursedir.source_directory, ".", master.assignment)
        path = Path(source) / f"{master.notebook}.ipynb"
        if path.exists():
            own.notebooks[master.notebook] = nbformat.writes(nbformat.read(path, 4)).encode()
    if not own.notebooks:
        return
    result = client.submit(work, own, *shared, pure=False).result()
    if result.state in (FAILED, SET_ASIDE):
        raise Unsound(f"The grader is in trouble: {result.reason}")
    lost = [
        f"{name}: {test['points']:g} of {test['worth']:g} points. It says: {test['words']}"
        for tests in result.tests.values()
        for name, test in tests.items()
        if test["points"] != test["worth"]
    ]
    if lost:
        raise Unsound("The answers in the source notebook are refused:\n" + "\n".join(lost))


def batches(ready: list[Result], pending: dict[Any, str]) -> Iterator[list[Result]]:
    """Gather results as they come, some at a time."""
    batch, since = list(ready), time.monotonic()
    for future in as_completed(pending):
        try:
            batch.append(future.result())
        except Exception as error:  # a worker that ended, again and again: the class goes on
            reason = f"the worker ended ({type(error).__name__})"
            batch.append(Result(pending[future], FAILED, digest="", reason=reason))
        future.release()
        if len(batch) >= BATCH or time.monotonic() - since > PATIENCE:
            yield batch
            batch, since = [], time.monotonic()
    if batch:
        yield batch


def tell(result: Result, quiet: bool) -> None:
    """Write a line about a submission that needs a look."""
    if result.state != GRADED and not quiet:
        why = result.reason or "; ".join(result.notes)
        tqdm.write(f"{printable(result.student)}: {result.state}: {printable(why)}")
