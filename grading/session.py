"""Run one submitted notebook: the student's cells in the sandbox, then the checks, trusted.

Before each cell of the student the kernel forks. The copy runs the cell; if that kills or hangs
it, the original goes on without it. At each test cell a copy is kept as it is, and questioned
when all cells have run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

from grading.checks import TestCell
from grading.engine import CannotStart, Rules, Warm
from grading.inside.shell import Output, Shell
from grading.kernels import Kernel
from grading.limits import COMPUTED, Budget, Died, Hung, Limits, Seconds
from grading.outputs import clean, error
from grading.proxies import AGAIN, Line
from grading.sandbox import Sandbox

if sys.platform == "linux":
    from grading.watch import Watch

MOST_SHOWN = 20_000_000  # characters of all outputs of a notebook


@dataclass(frozen=True)
class Cell:
    """A cell to run.

    Attributes
    ----------
    source : str
    test : bool
        Whether it is a test cell.
    names : tuple of str
        Of a test cell: the student's names that it uses.
    before : int
        How many of the trusted cells come before a test cell.
    points : float
        What a test cell is worth.
    quiet : bool
        Whether it is as released and uses nothing of the student: its output is known.
    own : bool
        Whether the student wrote it.
    """

    source: str
    test: bool = False
    names: tuple[str, ...] = ()
    before: int = 0
    points: float = 0.0
    quiet: bool = False
    own: bool = True


@dataclass(eq=False)
class Place:
    """The state of the student's notebook at one place.

    Attributes
    ----------
    run : tuple of int
        The numbers of the cells that were run to get there.
    kernel : Kernel or None
        A kernel in this state; None if the cells must be run again to get one.
    kept : bool
        Whether checks will come back here.
    lost : str
        Why no kernel in this state can be copied; empty if one can.
    """

    run: tuple[int, ...] = ()
    kernel: Kernel | None = None
    kept: bool = False
    lost: str = ""


class Session:
    """One submitted notebook being run.

    Parameters
    ----------
    rules : Rules
    budget : Budget
    cells : list of Cell
    files : dict of str to str
        Files of the assignment, base64, to lie beside the notebook.
    imports : list of str
        Import statements of the notebook as released.
    warm : Warm or None
        From where kernels are forked; without it they start cold.
    forks : bool
        Whether kernels can fork; if not, cells are run again where a copy is needed.
    """

    def __init__(
        self,
        rules: Rules,
        budget: Budget,
        cells: list[Cell],
        files: dict[str, str],
        imports: list[str],
        warm: Warm | None = None,
        forks: bool = True,
    ) -> None:
        self.rules, self.budget, self.cells = rules, budget, cells
        self.files, self.imports, self.warm, self.forks = files, imports, warm, forks
        self.students = [cell for cell in cells if not cell.test]
        self.notes: list[str] = []
        self.slow: list[str] = []  # what was ended by a time limit
        self._sandboxes: list[Sandbox] = []
        self._seconds = Seconds(budget.cells, budget.cell)
        self._room = MOST_SHOWN

    def run(self, shell: Shell, names: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Run everything; yield, by number, what cells showed and test cells earned.

        Parameters
        ----------
        shell : Shell
            The trusted shell, in which checks show what they have to say.
        names : list of dict
            What test cells may use, after so many of the trusted cells.
        """
        self._watch = Watch(self.rules) if sys.platform == "linux" else None
        try:
            places: dict[int, Place] = {}
            yield from self._run_cells(places)
            yield from self._run_tests(shell, names, places)
            if reason := self._over():
                self.notes.append(f"everything was ended: {reason}")
                self.slow += ["everything"] * (COMPUTED in reason)
            for reason in self._watch.left if self._watch else []:
                self.notes.append(f"what cells had left running was ended: {reason}")
        finally:
            for sandbox in self._sandboxes:
                sandbox.end()
            if self._watch:
                self._watch.end()

    def _over(self) -> str:
        """Return which limit on all together was met; after that nothing is started again."""
        return self._watch.reason() if self._watch else ""

    def _run_cells(self, places: dict[int, Place]) -> Iterator[dict[str, Any]]:
        """Run the student's cells; note the places of test cells."""
        place = self._start()
        number = 0
        for i, cell in enumerate(self.cells):
            if cell.test:
                places[i], place.kept = place, True
                continue
            number += 1
            if not cell.source.strip():
                continue
            place, outputs = self._step(place, number, cell)
            yield {"cell": i, "number": number, "outputs": self._fitting(clean(outputs))}

    def _start(self) -> Place:
        """Start a sandbox, with a kernel and the assignment's files; none of the student's code.

        Raises
        ------
        CannotStart
            If the grader itself is in trouble.
        """
        if reason := self._over():
            raise Died(reason)
        sandbox = Sandbox(self.rules, self.imports, self.warm, self._watch)
        self._sandboxes.append(sandbox)
        try:
            kernel = sandbox.start()
            if self.files:
                kernel.ask(30, do="files", files=self.files)
        except Died as error:
            if reason := self._over():
                raise Died(reason) from error
            raise CannotStart(str(error)) from error
        return Place(kernel=kernel)

    def _step(self, place: Place, number: int, cell: Cell) -> tuple[Place, list[Any]]:
        """Run a cell; return the new place, or the old one if that killed the kernel."""
        if self._seconds.left <= 0:
            self.slow.append(f"cell {number}")
            return place, [error("NotRun", "the time for this notebook was used up")]
        if reason := self._over():
            return place, [error("NotRun", reason)]
        kernel, started, limits = None, monotonic(), self._seconds.part()
        try:
            if self.forks and (place.kept or not cell.quiet):
                kernel = self._fork(place)
                limits.waited = monotonic() - started  # forking takes its time, too
                before = place.kernel
            else:
                kernel = before = self._kernel(place)
                place.kernel = None
            outputs = self._run(kernel, number, limits)
        except Died as died:
            if kernel:
                limits.waited -= monotonic()
                kernel.kill()
                limits.waited += monotonic()
            if not self._over():  # else it is said once, at the end
                self.notes.append(f"cell {number} was stopped: {died}")
            late = isinstance(died, Hung) or COMPUTED in str(died)
            self.slow += [f"cell {number}"] * late
            return place, [error("Stopped", str(died))]
        finally:
            if kernel is None:
                limits.waited = monotonic() - started
            self._seconds.left -= limits.spent
        if before and kernel is not before and not place.kept:
            before.retire()
        return Place((*place.run, number), kernel), [] if cell.quiet else outputs

    def _fitting(self, outputs: list[Output]) -> list[Output]:
        """Return the outputs, if the notebook has room for them."""
        self._room -= len(json.dumps(outputs))
        if self._room >= 0:
            return outputs
        return [error("LeftOut", "the notebook's outputs are larger than is allowed")]

    def _run(self, kernel: Kernel, number: int, limits: Limits) -> list[Any]:
        cell = self.students[number - 1]
        reply = kernel.ask(limits, do="cell", code=cell.source, number=number, quiet=cell.quiet)
        if reply.get("full"):
            raise Died("it left no memory for the cells that follow")
        return list(reply.get("outputs", []))

    def _kernel(self, place: Place) -> Kernel:
        """Return a kernel in the state of a place; if it is gone, run the cells again."""
        if place.kernel is None or not place.kernel.alive or place.kernel.sandbox.ended:
            place.kernel = self._start().kernel
            assert place.kernel is not None
            again = Seconds(self.budget.cells, self.budget.cell)
            for number in place.run:
                self._run(place.kernel, number, limits := again.part())
                again.left -= limits.spent
        return place.kernel

    def _copy(self, place: Place) -> Kernel:
        """Return a kernel in the state of a place, to be used up."""
        if self.forks:
            return self._fork(place)
        kernel = self._kernel(place)
        place.kernel = None
        return kernel

    def _fork(self, place: Place) -> Kernel:
        """Return a copy of the kernel of a place."""
        why = ""
        for _ in range(0 if place.lost else 2):
            kernel = self._kernel(place)
            try:
                return kernel.fork()
            except Died as died:  # if a later cell ended it, its own must not pay for that
                why = str(died)
        place.lost = place.lost or why  # its own did, and would again
        raise Died(place.lost)

    def _run_tests(
        self, shell: Shell, names: list[dict[str, Any]], places: dict[int, Place]
    ) -> Iterator[dict[str, Any]]:
        """Run what is visible of all test cells, then what is hidden."""
        seconds = Seconds(self.budget.checks, self.budget.call)
        hung: dict[Any, str] = {}
        tests = {}
        for i, place in places.items():
            cell = self.cells[i]
            cells = [(c.source, c.own) for c in self.cells[:i] if not c.test]
            line = Line(partial(self._copy, place), cells, seconds, hung)
            tests[i] = TestCell(shell, cell.source, names[cell.before], cell.points, line)
            try:
                tests[i].bind(cell.names)
            except Died as died:
                words = f"what your cells had defined was lost before this check: {died}"
                tests[i].fail(error("Stopped", words))
            tests[i].run(hidden=False)
        for i, test in tests.items():
            test.run(hidden=True)
            points, outputs = test.result()
            self.notes += test.notes
            yield {"cell": i, "outputs": outputs, "points": points}
        late = {name for (name, _), why in hung.items() if why == AGAIN or COMPUTED in why}
        self.slow += [f"`{name}`" for name in sorted(late)]
