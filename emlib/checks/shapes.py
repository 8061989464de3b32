"""Say in words what NumPy means when shapes do not fit."""

from __future__ import annotations

import re
from itertools import zip_longest

from emlib.checks import phrases

SHAPE = re.compile(r"\((\d*(?:, ?\d*)*)\)")
SIZES = re.compile(r"size (\d+) is different from (\d+)|: (\d+) \(dim \d+\) != (\d+)")
PAIRING = ("could not be broadcast", "could not broadcast", "non-broadcastable")
PRODUCT = ("core dimension", "not aligned")


def misfit(message: str, seen: bool) -> str:
    """Return a helpful sentence for an error of NumPy's, or an empty string.

    Parameters
    ----------
    message : str
        The error's text.
    seen : bool
        Whether the student may know the shapes: those of hidden inputs are not told.
    """
    if any(words in message for words in PRODUCT):
        sizes = SIZES.search(message)
        told = phrases.PRODUCT_SEEN.format(*filter(None, sizes.groups())) if seen and sizes else ""
        return phrases.PRODUCT.format(told=told)
    if any(words in message for words in PAIRING):
        return phrases.PAIRING.format(told=_pair(message) if seen else "")
    return ""


def _pair(message: str) -> str:
    """Name the two shapes that met, and the lengths that differ."""
    found = [tuple(map(int, re.findall(r"\d+", one))) for one in SHAPE.findall(message)]
    shapes = [shape for shape in found if shape]
    for i, one in enumerate(shapes):
        for other in shapes[i + 1 :]:
            for a, b in zip_longest(one[::-1], other[::-1], fillvalue=1):
                if a != b and 1 not in (a, b):
                    return phrases.PAIRING_SEEN.format(one=one, other=other, a=a, b=b)
    return ""
