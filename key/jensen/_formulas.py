"""Words and formulas that several exercises of notebook 01 use.

Everywhere u (k,) are the values of a random variable and w (k,) their probabilities, log_s (k,)
the logarithms of the terms of a sum, q and p (k,) distributions, log_p (n, k) the
log-probability of each row under each component and alpha (k,) the mixing weights.  In the
mistakes of each exercise, a lambda is the formula as the mistaken student has it.
"""

from __future__ import annotations

from typing import Any

Array = Any  # arguments and results of students' functions

UNDERFLOW = (
    "It works for numbers of ordinary size, but `np.exp(-2000)` underflows to 0 and "
    "`np.exp(2000)` overflows. Stay with logarithms: section 5 shows how to take the log of a sum "
    "without forming its terms."
)
NOT_THE_LARGEST = (
    "`np.exp` overflows where terms of very different size meet: it looks as if a factor was taken "
    "out that is not the largest term."
)
ZERO_LOG_ZERO = (
    "It looks as if an entry 0 met its logarithm: `0 * np.log(0)` is `nan` in NumPy. In these sums "
    "such a term counts as 0."
)
WEIGHTS_FORGOTTEN = (
    "It looks as if the weights `w` were not used: a value that is more probable should count more."
)
