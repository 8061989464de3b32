"""Print how fairly each exercise is graded: python -m tests.answers [NOTEBOOK ...]"""

import sys
import tempfile
from pathlib import Path

from tests.answers.bank import grade, table
from tests.notebooks.course import NOTEBOOKS, read

for name in sys.argv[1:] or NOTEBOOKS:
    with tempfile.TemporaryDirectory() as folder:
        results = grade(Path(folder), name, read(NOTEBOOKS[name]))
    print(f"{name}\n\n{table(results)}\n")
    for result in results:
        if not (result.fair and (result.named or result.answer.right)):
            answer, points = result.answer, f"{result.points:g} of {result.worth:g} points"
            verdict = "right" if answer.right else "wrong"
            named = "" if result.named else ", message missing"
            print(f"! {answer.exercise}, {verdict}: {answer.title}: {points}{named}")
