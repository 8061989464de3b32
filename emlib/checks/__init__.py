"""Checks that teach: what an exercise knows, and how it shows and grades.

An `Exercise` is a value: the right answer, examples small enough to work out by hand, the
mistakes that students make with what to say about each, and hints.  ``check`` tries a function
on the examples and shows a report; ``grade`` tries it on hidden inputs too and returns points.
A mistake is recognised by what it does: it is named if it gives the student's result wherever
that result is wrong.
"""

from emlib.checks.exercise import Exercise
from emlib.checks.facts import Mistake, Part
from emlib.checks.read import Output, Values, close
from emlib.checks.report import Outcome, Report

__all__ = ["Exercise", "Mistake", "Outcome", "Output", "Part", "Report", "Values", "close"]
