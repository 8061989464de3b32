"""Small real data sets that come with the package, each with its source and licence."""

from __future__ import annotations

from importlib import resources

import numpy as np

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
