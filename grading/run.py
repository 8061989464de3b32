"""Grade one submission: from bytes to scores, an executed notebook, and words about both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any

import nbformat
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution

from grading.engine import CannotStart
from grading.folder import Submission
from grading.intake import SetAside
from grading.master import Master
from grading.names import inert, names, readable
from grading.parse import parse
from grading.repair import repair
from grading.session import Cell
from grading.trusted import Trusted
from grading.voices import heard

GRADED, TROUBLE, SET_ASIDE, FAILED = "graded", "graded after trouble", "not gradable", "failed"


@dataclass
class Result:
    """What came of one submission.

    Attributes
    ----------
    student : str
    state : str
        One of the four above; ``failed`` means trouble of the grader, to be tried again.
    digest : str
        Of everything that the result depends on.
    reason : str
        Why it could not be graded.
    notes : list of str
        What was repaired or went wrong.
    slow : list of str
        What was ended by a time limit.
    look : list of str
        What a human should look at, for checks said so; it costs nothing.
    timestamp, secret : str
    guessed_time : bool
    submitted : dict
        Digest of each notebook that was handed in.
    notebooks : dict
        Executed notebooks, as text.
    scores : dict
        By notebook and cell: points, or None where a human must grade.
    blank : dict
        By notebook: the names of answers left as released.
    tests : dict
        By notebook and test: points, worth, words and mistakes.
    answers : dict
        By notebook and cell: what the student wrote.
    said : dict
        By notebook: what the student said of it, see `grading.voices`.
    """

    student: str
    state: str
    digest: str
    reason: str = ""
    notes: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)
    timestamp: str = ""
    secret: str = ""
    guessed_time: bool = False
    submitted: dict[str, str] = field(default_factory=dict)
    notebooks: dict[str, str] = field(default_factory=dict)
    scores: dict[str, dict[str, float | None]] = field(default_factory=dict)
    blank: dict[str, list[str]] = field(default_factory=dict)
    tests: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)


def digest(submission: Submission, masters: list[Master], limits: dict[str, Any]) -> str:
    """Fingerprint a submission together with all that its result depends on."""
    rules = {**limits, "rules": {**limits["rules"], "hidden": []}, "trusted": {}}
    time = "" if submission.guessed_time else submission.timestamp
    told = [time, sorted((m.notebook, m.digest) for m in masters), rules]
    fingerprint = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    for name, data in sorted(submission.notebooks.items()):
        fingerprint.update(name.encode() + hashlib.sha256(data).digest())
    return fingerprint.hexdigest()


def grade(
    submission: Submission, masters: list[Master], limits: dict[str, Any], trusted: Trusted
) -> Result:
    """Grade what a student handed in; never raises because of what that is."""
    result = Result(
        submission.student,
        GRADED,
        digest(submission, masters, limits),
        notes=list(submission.notes),
        timestamp=submission.timestamp,
        secret=submission.secret,
        guessed_time=submission.guessed_time,
    )
    problems = []
    for master in masters:
        data = submission.notebooks.get(master.notebook)
        if data is None:
            continue
        result.submitted[master.notebook] = hashlib.sha256(data).hexdigest()
        try:
            notebook = parse(data)
            result.notes += repair(notebook, master)
            execute(notebook, master, limits, trusted, result)
            note(notebook, master, result)
        except SetAside as problem:
            problems.append(str(problem))
        except CannotStart as problem:
            result.state, result.reason = FAILED, str(problem)
            return result
        except Exception as problem:  # a notebook that breaks a library: the class goes on
            words = f"reading the notebook failed ({type(problem).__name__}). Please look at it."
            problems.append(words)
    if not result.scores:
        result.state, result.reason = SET_ASIDE, " ".join(problems)
    elif result.notes or problems:
        result.state = TROUBLE
        result.notes += problems
    return result


def execute(
    notebook: Any, master: Master, limits: dict[str, Any], trusted: Trusted, result: Result
) -> None:
    """Run a repaired notebook, in place; add notes about it to the result."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    job = {
        "rules": limits["rules"],
        "budget": limits["budget"],
        "trusted": limits["trusted"],
        "digest": master.digest,
        "given": master.given,
        "imports": master.imports,
        "files": master.files,
        "cells": [asdict(cell) for cell in plan(cells, master, **limits["plan"])],
    }
    for told in trusted.run(job):
        if "notes" in told:
            result.notes += told["notes"]
            result.slow += told["slow"]
            continue
        cell = cells[told["cell"]]
        cell.outputs = [nbformat.from_dict(output) for output in told["outputs"]]
        cell.execution_count = told.get("number")
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = told.get("number")
        if "points" in told:
            cell.metadata.earned = told["points"]
    for cell in cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in master.tests and cell.metadata.pop("earned", None) is None:
            words = "this check was not reached"
            cell.outputs = [nbformat.v4.new_output("error", ename="NotRun", evalue=words)]
            cell.outputs[0].traceback = [f"NotRun: {words}"]
            result.notes.append(f"the check `{name}` was not reached")


def plan(
    cells: list[Any], master: Master, everything: bool = False, only_show: Collection[str] = ()
) -> list[Cell]:
    """Say how each code cell is to be run.

    A cell that is as released and uses nothing of the student's runs quietly: what it shows is
    known. No cell that is as released runs at all if nothing that runs depends on it, unless
    `everything` is to run: pictures of what a student's functions give cost time and earn nothing.
    """
    # Who knows what a very long cell uses?
    everything = everything or not all(readable(cell.source) for cell in cells)
    released = {c.source.strip(): c for c in master.cells if c.type == "code" and not c.solution}
    sources = [cell.source for cell in cells]
    tests = [_test(cell, master) for cell in cells]
    given = [not t and s.strip() in released for t, s in zip(tests, sources, strict=True)]
    students: set[str] = set()  # names that are the student's where we are
    quiet = []
    for g, t, found in zip(given, tests, map(names, sources), strict=True):
        quiet.append(g and not found.uses & students)
        if not t:
            students = students - found.binds if quiet[-1] else students | found.binds

    idle = {i for i, g in enumerate(given) if g and not everything}
    written = [names(s) for s, g, t in zip(sources, given, tests, strict=True) if not g and not t]
    checked = set().union(*(master.uses[name] for name in tests if name))
    needed = checked.union(*(found.uses for found in written))
    # What students define anew before they use it; a check may mean what was there before.
    own = set().union(*(found.binds for found in written)) - checked
    growing = True
    while growing:
        growing = False
        for i in sorted(idle):
            found = names(sources[i])
            shared = (found.uses & needed) - set(master.fixed)  # it might change these
            shows = released[sources[i].strip()].shows
            acts = quiet[i] and not inert(sources[i], shows, only_show)
            if acts or shared or found.binds & (needed - own):
                idle.remove(i)
                needed |= found.uses
                growing = True

    planned = []
    for i, name in enumerate(tests):
        if name:
            points = float(master.named[name].mark["points"])
            uses, before = tuple(master.uses[name]), master.before[name]
            planned.append(Cell(sources[i], True, uses, before, points))
        else:
            source = "" if i in idle else sources[i]
            planned.append(Cell(source, quiet=quiet[i], own=not given[i]))
    return planned


def _test(cell: Any, master: Master) -> str:
    name: str = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    return name if name in master.tests else ""


def note(notebook: Any, master: Master, result: Result) -> None:
    """Read scores and words off an executed notebook."""
    name = master.notebook
    scores, tests, answers, blank = {}, {}, {}, []
    for cell in notebook.cells:
        cell_name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if not cell_name:
            continue
        if is_grade(cell):
            score, worth = determine_grade(cell)
            scores[cell_name] = score
            if cell_name in master.tests:
                tests[cell_name] = {"points": score, "worth": worth, **_said(cell, result.look)}
        if is_solution(cell):
            answers[cell_name] = cell.source
            if compute_checksum(cell) == cell.metadata.nbgrader.get("checksum"):
                blank.append(cell_name)
    result.scores[name], result.tests[name] = scores, tests
    result.answers[name], result.blank[name] = answers, blank
    result.said[name] = heard(notebook.cells)
    result.notebooks[name] = nbformat.writes(notebook)


def _said(cell: Any, look: list[str]) -> dict[str, Any]:
    """Return what a check said, and the mistakes that it named; add what a human should look at.

    A check names them by showing an output of a type ``application/vnd.*+json`` that is an
    object with the lists ``mistakes`` and ``look``.
    """
    words, mistakes = [], []
    for output in cell.outputs:
        if output.output_type == "error":
            words.append(f"{output.ename}: {output.evalue}" if output.evalue else output.ename)
        elif output.output_type == "stream":
            words.append(output.text)
        elif output.output_type == "display_data":
            words.append(str(output.data.get("text/plain", "")))
            for mime, facts in output.data.items():
                if mime.startswith("application/vnd.") and isinstance(facts, dict):
                    mistakes += [str(m) for m in facts.get("mistakes", [])]
                    look += [str(x) for x in facts.get("look", []) if str(x) not in look]
    return {"words": "\n".join(words)[:4000], "mistakes": list(dict.fromkeys(mistakes))}
