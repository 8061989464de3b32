"""What must hold of the values that a function returned, as data: a small, closed vocabulary.

A relation is its kind and the numbers of the outputs that it is about, such as
``("agrees", 0)``, so that it can be written down on a card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from emlib.checks.read import Seen, Values, close

Relation = tuple[str | int, ...]


def _close(values: Seen, right: Values, i: int) -> bool:
    return close(values[i], right[i])


def _agrees(values: Seen, right: Values, i: int) -> bool:
    """Whether a path is right as far as it goes, and that is beyond its start."""
    rows = min(len(values[i]), len(right[i]))
    return rows > 1 and close(values[i][:rows], right[i][:rows])


def _as_long_as_the_right_ones(values: Seen, right: Values) -> bool:
    return _length(values) == len(right[0])


def _as_long_as_the_first(values: Seen, right: Values, i: int) -> bool:
    return _length(values) == len(values[i])


def _length(values: Seen) -> int:
    """Return how far the first output goes that is there."""
    return next((len(value) for value in values if value is not None), 0)


KINDS: dict[str, Callable[..., bool]] = {
    "close": _close,
    "agrees": _agrees,
    "as long as the right ones": _as_long_as_the_right_ones,
    "as long as the first": _as_long_as_the_first,
}


@dataclass(frozen=True)
class Holds:
    """Whether all of some relations hold.

    Attributes
    ----------
    relations : tuple of tuples
        Each a kind from `KINDS`, then the numbers of outputs, counted from 0.

    Raises
    ------
    ValueError
        If a kind is not in the vocabulary.
    """

    relations: tuple[Relation, ...]

    def __post_init__(self) -> None:
        """Refuse what no check would understand."""
        for kind, *_ in self.relations:
            if kind not in KINDS:
                known = ", ".join(map(repr, KINDS))
                raise ValueError(f"a relation must be one of {known}, not {kind!r}")

    def __call__(self, values: Seen, right: Values) -> bool:
        """Tell whether they all hold of the values returned and the right ones."""
        return all(KINDS[str(kind)](values, right, *outputs) for kind, *outputs in self.relations)


def holds(*relations: Relation) -> Holds:
    """Return whether all of these relations hold, as a `Part` wants it.

    >>> holds(("agrees", 1), ("as long as the first", 1)).relations
    (('agrees', 1), ('as long as the first', 1))
    """
    return Holds(relations)
