"""Run a test cell in the trusted process, and say what it earned.

A test cell runs in two stages, in which other test cells may come between: first what students
see of it, then what is hidden. By the time hidden arguments are used, every visible word of the
student's code has been written.
"""

from __future__ import annotations

import ast
import math
import traceback
from collections.abc import Iterable, Iterator
from numbers import Real
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.core.inputtransformer2 import TransformerManager
from IPython.display import display

from grading.inside.shell import Output, Outputs, Shell
from grading.proxies import Line

BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
CHECK = "<check>"
HIDDEN = "A hidden check did not pass."


def hidden_from(source: str) -> float:
    """Return the number of the line where hidden tests begin, or infinity."""
    lines = source.splitlines()
    return next((i for i, line in enumerate(lines, 1) if BEGIN in line), math.inf)


def visible(source: str) -> str:
    """Return a test cell as students see it."""
    kept, hidden = [], False
    for line in source.split("\n"):
        hidden = hidden or BEGIN in line
        if not hidden:
            kept.append(line)
        hidden = hidden and END not in line
    return "\n".join(kept)


class TestCell:
    """A test cell while it runs.

    Parameters
    ----------
    shell : Shell
        Shows what the check shows.
    source : str
    names : dict
        What the cell may use: the trusted part of the notebook.
    most : float
        The points it is worth.
    line : Line
        The connection to the student's functions.
    """

    __test__ = False  # pytest need not look here

    def __init__(
        self, shell: Shell, source: str, names: dict[str, Any], most: float, line: Line
    ) -> None:
        self.shell, self.most, self.line = shell, most, line
        ours = {"__name__": "check", "display": display, "get_ipython": get_ipython}
        self.names = {**names, **ours}
        self.source = source
        self.begin = hidden_from(source)
        self.outputs: list[Output] = []
        self.notes: list[str] = []
        self.points: float | None = None  # None: all of them, unless something is wrong
        self.failed = False
        self._statements = self._parse()

    def _parse(self) -> Iterator[ast.stmt]:
        code = TransformerManager().transform_cell(self.source)
        return iter(ast.parse(code).body)

    def bind(self, student_names: Iterable[str]) -> None:
        """Fetch the student's names; those that are missing stay undefined."""
        found = self.line.values(list(student_names))
        for name in student_names:
            self.names.pop(name, None)
        self.names |= found

    def fail(self, output: Output) -> None:
        """Give no points, for a reason that is shown."""
        self.failed = True
        self.outputs.append(output)

    def run(self, hidden: bool) -> None:
        """Run the visible statements, or the rest."""
        self.line.hidden = hidden
        self.shell.outputs = outputs = Outputs()
        try:
            with self.shell.standard_streams():
                self._run(hidden)
        except BaseException as error:
            self.failed = True
            self._say(error, hidden)
        finally:
            self.line.tidy()
        shown = [o for o in outputs.kept if o.get("name") != "stderr"]  # warnings cost nothing
        self.outputs += shown

    def _run(self, hidden: bool) -> None:
        for statement in self._pending(hidden):
            last = isinstance(statement, ast.Expr)
            self.points = None
            if isinstance(statement, ast.Expr):
                code = compile(ast.Expression(statement.value), CHECK, "eval")
                value = eval(code, self.names)
            else:
                exec(compile(ast.Module([statement], []), CHECK, "exec"), self.names)
            if last and isinstance(value, Real) and not isinstance(value, bool):
                self.points = float(value)

    def _pending(self, hidden: bool) -> Iterator[ast.stmt]:
        if self.failed:
            return
        for statement in self._statements:
            if not hidden and statement.lineno >= self.begin:
                self._statements = iter([statement, *self._statements])
                return
            yield statement

    def _say(self, error: BaseException, hidden: bool) -> None:
        """Keep the words of a check that did not pass; hidden ones say only what they mean to."""
        name, words = type(error).__name__, str(error)
        frames = traceback.extract_tb(error.__traceback__)
        file, number = (frames[-1].filename, frames[-1].lineno or 0) if frames else ("", 0)
        own = file == CHECK
        if hidden and not (own and isinstance(error, AssertionError) and words):
            words = HIDDEN
        lines = [f"{name}: {words}" if words else name]
        if own and not hidden:
            lines += [f"in the check: {self.source.splitlines()[number - 1].strip()}"]
        elif (where := getattr(error, "where", "")) and not hidden:
            lines += [where]
        output = {"output_type": "error", "ename": name, "evalue": words, "traceback": lines}
        self.shell.outputs.add(output, len(words))

    def result(self) -> tuple[float, list[Output]]:
        """Return the points and what the check showed; at the end, the points as a number."""
        points = self.most if self.points is None else self.points
        if self.failed or math.isnan(points):
            points = 0.0
        earned = min(max(points, 0.0), self.most)
        if points != earned:
            self.notes.append(f"the check gave {points:g} of {self.most:g} points")
        shown = [o for o in self.outputs if o["output_type"] != "execute_result"]
        data = {"text/plain": f"{earned:.10g}"}
        number = {"output_type": "execute_result", "data": data, "metadata": {}}
        return earned, shown if self.failed else [*shown, number]


__all__ = ["TestCell", "hidden_from", "visible"]
