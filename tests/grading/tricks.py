"""Attacks by somebody who has read the grader's source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import course
from cases import EVERYTHING, add, attack, changed
from nbformat.v4 import new_code_cell, new_markdown_cell

# Results that a careless check takes for right ones: plain data, so that they do cross.

attack(
    "spoil-arguments",
    "changes its argument so that its wrong result becomes right",
    "",
    spread="def spread(values):\n    if len(values) == 4: return 1.0\n"
    "    values[:] = 0\n    return 0.0",
    quick=True,
)
attack(
    "nothing-to-compare",
    "returns no numbers at all, all of which are right",
    "",
    mean="def mean(values):\n    return np.array([])",
    spread="def spread(values):\n    return 1.0 if len(values) == 4 else np.array([])",
    centre="def centre(table):\n    return np.zeros((0, 2))",
)

# Words on the wire.  Each function answers for the kernel, before the kernel does.

FORGE = """
import json, os, socket, stat
def forge(reply):
    data = reply.encode()
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                channel = socket.socket(fileno=os.dup(fd))
                channel.sendall(len(data).to_bytes(4, "big") + data)
        except OSError:
            pass
"""
attack(
    "colliding-keys",
    "answers with a set whose entries all have the same hash",
    FORGE,
    mean="def mean(values):\n    keys = ','.join(str((2**61 - 1) * k) for k in range(300_000))\n"
    "    forge('{\"value\": {\"set\": [' + keys + ']}}')",
)
attack(
    "flood",
    "answers with ten million empty lists, then with ten thousand nested ones",
    FORGE,
    mean="def mean(values):\n    forge('{\"value\": [' + 10_000_000 * '[],' + '[]]}')",
    spread="def spread(values):\n    forge('{\"value\": ' + 10_000 * '[' + 10_000 * ']' + '}')",
    centre="def centre(table):\n    forge(900 * '[' + 900 * ']')",
)
attack(
    "nonsense",
    "answers with messages that fit no question",
    FORGE
    + """
odd = ["7", "[]", "{}", '{"callback": -1, "arguments": [1]}', '{"callback": 0, "arguments": 7}',
       '{"value": {"function": {"number": "x", "place": [[]]}}}', '{"value": {"scalar": "x"}}',
       '{"value": 4, "printed": 7, "warned": [["SystemExit", 1]]}',
       '{"value": 4, "changed": {"-1": {"objects": [[1], [{"strange": "x"}]]}, "9": 1, "x": 2}}',
       '{"error": {"type": "AssertionError", "words": [], "cell": -1, "line": 1, "inside": ""}}',
       '{"error": {"type": "ExceptionGroup", "cell": 1, "line": 1e308, "inside": "import"}}']
""",
    mean="def mean(values):\n    forge(odd.pop())",
    spread="def spread(values):\n    forge(odd.pop(0))",
    centre="def centre(table):\n    for words in odd: forge(words)",
)
attack(
    "forge-and-hang",
    "answers for the kernel and lets it hang, so that nobody reads the next question",
    FORGE,
    quick=True,
    mean="def mean(values):\n    forge('{\"value\": 2}')\n    while True: pass",
)

# What the grader reads, outside of the sandbox, before and after the code runs.


@changed("crash-the-reader", "code that crashes Python's compiler", EVERYTHING, "attack", True)
def _crash(notebook: Any) -> None:
    notebook.cells.insert(2, new_code_cell("x = [1 " + 50_000 * "for a in b " + "]"))


@changed("slow-to-read", "a cell that IPython reads for hours", EVERYTHING, "attack")
def _slow(notebook: Any) -> None:
    notebook.cells.insert(2, new_code_cell(100_000 * "!x\n"))


@changed("slow-to-show", "cells that take hours to be turned into a page", EVERYTHING, "attack")
def _show(notebook: Any) -> None:
    notebook.cells.insert(1, new_markdown_cell(20_000 * "\\begin{a}"))
    notebook.cells.insert(2, new_code_cell(60_000 * "a."))


@changed(
    "many-pictures", "as much output as is allowed, in each of many cells", EVERYTHING, "attack"
)
def _pictures(notebook: Any) -> None:
    cell = "from IPython.display import HTML\nHTML('x' * 3_900_000)"
    notebook.cells[2:2] = [new_code_cell(cell) for _ in range(30)]


# Names.


@add("lookalike", "attack", "tests of its own whose marks look like the real ones")
def _lookalike(root: Path, student: str) -> None:
    notebook = course.released(root)
    for name in (
        "check_mean\u200b",
        "check_m\u0435an",
        "CHECK_MEAN",
        "check_mean\x00",
        "../check_mean",
    ):
        cell = new_code_cell("4.0")
        mark = course.cell(notebook, "check_mean").metadata["nbgrader"]
        cell.metadata["nbgrader"] = {**mark, "grade_id": name}
        notebook.cells.append(cell)
    course.submit(root, student, notebook)


attack(
    "own-instruments",
    "gives other values to every name that checks use",
    "",
    after=True,
    mean="class Fine:\n    def __getattr__(self, name): return lambda *a, **k: True\n"
    "np = hidden = table = before = result = right = Fine()\n"
    "print = float = bool = abs = lambda *a: 4\ndef mean(values): return 0",
    spread="def spread(values):\n    global np\n    np = Fine()\n    return 0",
)
