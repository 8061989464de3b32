"""Small real data sets that come with the package, each with its source and licence."""

from __future__ import annotations

from importlib import resources

import numpy as np
from numpy.typing import NDArray

from emlib._validate import FloatArray


def old_faithful() -> FloatArray:
    """Return 272 eruptions of the geyser Old Faithful, Yellowstone National Park.

    Returns
    -------
    ndarray, shape (272, 2)
        Column 0: how long the eruption lasted, in minutes.  Column 1: the waiting time to the
        next eruption, in minutes.  A new array at each call.

    Notes
    -----
    Source: W. Härdle (1991), Smoothing Techniques with Implementation in S, Springer,
    doi:10.1007/978-1-4612-4432-5; the same table is the data frame ``faithful`` of R.
    A. Azzalini and A. W. Bowman (1990), A look at some data on the Old Faithful geyser, Applied
    Statistics 39, 357-365, doi:10.2307/2347385, describe the geyser and a longer record.

    Licence: the numbers are measurements, facts to which no copyright applies; the file that
    holds them is dedicated to the public domain (CC0 1.0).

    Examples
    --------
    >>> from emlib.data import old_faithful
    >>> old_faithful().mean(axis=0).round(3)
    array([ 3.488, 70.897])
    """
    with resources.files("emlib").joinpath("old_faithful.csv").open(encoding="utf-8") as file:
        return np.loadtxt(file, delimiter=",")


def anaesthetists() -> NDArray[np.int_]:
    """Return how five anaesthetists judged whether 45 patients were fit for an anaesthetic.

    Returns
    -------
    ndarray of int, shape (45, 7)
        Grades from 1, fit, to 4, not fit, each from the same standard form.  Columns 0 to 2:
        anaesthetist 1, three times, some weeks apart.  Columns 3 to 6: anaesthetists 2 to 5.
        A new array at each call.

    Notes
    -----
    Source: A. P. Dawid and A. M. Skene (1979), Maximum likelihood estimation of observer
    error-rates using the EM algorithm, Applied Statistics 28, 20-28, doi:10.2307/2346806,
    Table 1, as in the data frame ``anesthesia`` of the R package ``rater``.  Other copies in
    circulation have a 2 for the second judgement of patient 7, which is a 1 here.

    Licence: the numbers are records of judgements, facts to which no copyright applies; the
    file that holds them is dedicated to the public domain (CC0 1.0).

    Examples
    --------
    >>> from emlib.data import anaesthetists
    >>> anaesthetists()[1]
    array([3, 3, 3, 4, 3, 3, 4])
    """
    with resources.files("emlib").joinpath("anaesthetists.csv").open(encoding="utf-8") as file:
        return np.loadtxt(file, delimiter=",", dtype=int)
