"""Words that several exercises of notebook 01 use.

Everywhere u (k,) are the values of a random variable and w (k,) their probabilities.  In the
mistakes of each exercise, a lambda is the formula as the mistaken student has it.
"""

from __future__ import annotations

from typing import Any

Array = Any  # arguments and results of students' functions

WEIGHTS_FORGOTTEN = (
    "It looks as if the weights `w` were not used: a value that is more probable should count more."
)
AVERAGED_TWICE = (
    "It looks as if you divided by the number of values, too. The weights sum to 1 already."
)
