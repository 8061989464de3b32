"""Pictures to step through and to move by hand, alive in the page without a kernel."""

from emlib.steppers.chains import flows
from emlib.steppers.manipulable import complete_likelihood, jensen
from emlib.steppers.menus import explore
from emlib.steppers.races import race
from emlib.steppers.runs import Interactive, climb, stepper

__all__ = [
    "Interactive",
    "climb",
    "complete_likelihood",
    "explore",
    "flows",
    "jensen",
    "race",
    "stepper",
]
