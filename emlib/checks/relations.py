"""What must hold of the values that a function returned, as data: a small, closed vocabulary.

A relation is its kind and what it is about, mostly the numbers of outputs, such as
``("agrees", 0)``, so that it can be written down on a card.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from emlib._validate import FloatArray
from emlib.checks.read import RELATIVE, Seen, Values, close

Relation = tuple[Any, ...]
Rows = tuple[tuple[str, int], ...]  # which output's rows stand for which argument
Own = Callable[[str, Mapping[str, Any]], Values]


@dataclass(frozen=True)
class Setting:
    """In what the values were returned.

    Attributes
    ----------
    arguments : mapping of str to object
        The arguments, by name.
    own : callable, optional
        Tells what an earlier function of the student's should give: ``own(name, arguments)``
        returns its values.  It raises a ValueError where that cannot be told.
    """

    arguments: Mapping[str, Any] = field(default_factory=dict)
    own: Own | None = None


def _close(values: Seen, right: Values, _: Setting, i: int) -> bool:
    return close(values[i], right[i])


def _close_but_for_names(
    values: Seen, right: Values, setting: Setting, i: int, weights: str
) -> bool:
    """Whether numbers are close if components of the same weight may exchange their names.

    The argument `weights` holds the weights: with equal ones nothing tells which is which.
    """
    if values[i].shape != right[i].shape:
        return False
    of_each = np.asarray(setting.arguments.get(weights, np.arange(len(right[i]))))
    groups = [of_each == weight for weight in np.unique(of_each)]
    return all(close(np.sort(values[i][g]), np.sort(right[i][g])) for g in groups)


def _in_proportion(values: Seen, right: Values, _: Setting, i: int) -> bool:
    """Whether numbers are close measured by their own size, however small they are."""
    return _close(values, right, _, i) and np.allclose(
        values[i], right[i], rtol=RELATIVE, atol=0, equal_nan=True
    )


def _agrees(values: Seen, right: Values, _: Setting, i: int) -> bool:
    """Whether a path is right as far as it goes, and that is beyond its start."""
    rows = min(len(values[i]), len(right[i]))
    return rows > 1 and close(values[i][:rows], right[i][:rows])


def _as_long_as_the_right_ones(values: Seen, right: Values, _: Setting) -> bool:
    return _length(values) == len(right[0])


def _as_long_as_the_first(values: Seen, right: Values, _: Setting, i: int) -> bool:
    return _length(values) == len(values[i])


def _length(values: Seen) -> int:
    """Return how far the first output goes that is there."""
    return next((len(value) for value in values if value is not None), 0)


def _belongs(
    values: Seen, right: Values, setting: Setting, i: int, step: str, output: int, rows: Rows
) -> bool | None:
    """Whether a path agrees, or else each entry is what a step gives at its row."""
    if _agrees(values, right, setting, i):
        return True
    own = _along(values, right, setting, step, output, rows)
    holds = len(own) > 0 and close(values[i], own)
    return _if_it_goes_on(holds, values, [i for _, i in rows])


def _belongs_to_weights(
    values: Seen, right: Values, setting: Setting, i: int, weights: int, logs: str
) -> bool | None:
    """Whether a path agrees, or else each entry is the log-likelihood at its row of weights.

    The argument `logs` holds the logarithms of the terms that the weights multiply.
    """
    if close(values[i], right[i]):
        return True
    if not _leaves_its_start(values, right, [weights]):
        return False
    with np.errstate(all="ignore"):
        joint = np.log(values[weights])[:, None] + setting.arguments[logs]  # (T + 1, n, k)
        own = np.logaddexp.reduce(joint, axis=2).sum(axis=1)
    holds = bool(np.isfinite(own).all()) and close(values[i], own)
    return _if_it_goes_on(holds, values, [weights])


def _stops(
    values: Seen,
    right: Values,
    setting: Setting,
    step: str,
    output: int,
    rows: Rows,
    tol: str,
    most: str,
) -> bool | None:
    """Whether a path is the right one to its end, or else stops by the rule on its own way.

    It is the right one if it is as long, and one of its outputs is right all along: another path
    may have that length by chance.  The rule: stop after the first iteration that gains less than
    the argument `tol`, or after so many as the argument `most` says.  What is gained is told by
    the step, at each row.
    """
    pairs = zip(values, right, strict=False)
    same = any(value is not None and close(value, other) for value, other in pairs)
    if same and _as_long_as_the_right_ones(values, right, setting):
        return True
    gains = np.diff(_along(values, right, setting, step, output, rows))
    if not len(gains):
        return False
    small, iterations = gains < setting.arguments[tol], setting.arguments[most]
    if len(gains) > iterations or small[:-1].any():
        return False
    holds = bool(small[-1] or len(gains) == iterations)
    return _if_it_goes_on(holds, values, [i for _, i in rows])


def _along(
    values: Seen, right: Values, setting: Setting, step: str, output: int, rows: Rows
) -> FloatArray:
    """Return what a step gives at each row; nothing if that cannot be told, or tells nothing."""
    if setting.own is None or not _leaves_its_start(values, right, [i for _, i in rows]):
        return np.empty(0)
    along = []
    for t in range(min(len(values[i]) for _, i in rows)):
        there = {name: values[i][t] for name, i in rows}
        try:
            along.append(setting.own(step, {**setting.arguments, **there})[output])
        except ValueError:
            return np.empty(0)
    own = np.array(along)
    return own if np.isfinite(own).all() else np.empty(0)


def _leaves_its_start(values: Seen, right: Values, paths: Sequence[int]) -> bool:
    """Whether paths make an iteration, and one changes something if the right ones make two.

    Of a way that stands still anything could be said.
    """
    if any(values[i] is None or len(values[i]) < 2 for i in paths):
        return False
    return len(right[paths[0]]) < 3 or not all(np.all(values[i] == values[i][0]) for i in paths)


def _if_it_goes_on(holds: bool, values: Seen, paths: Sequence[int]) -> bool | None:
    """Return what holds of paths of another way; None instead of True if they end at once.

    They may do so on some data, and that should neither cost nor earn anything.
    """
    return None if holds and min(len(values[i]) for i in paths) < 3 else holds


KINDS: dict[str, Callable[..., bool | None]] = {
    "close": _close,
    "close but for names": _close_but_for_names,
    "in proportion": _in_proportion,
    "agrees": _agrees,
    "as long as the right ones": _as_long_as_the_right_ones,
    "as long as the first": _as_long_as_the_first,
    "belongs": _belongs,
    "belongs to weights": _belongs_to_weights,
    "stops": _stops,
}


@dataclass(frozen=True)
class Holds:
    """Whether all of some relations hold.

    Attributes
    ----------
    relations : tuple of tuples
        Each a kind from `KINDS`, then what it is about; outputs are counted from 0.

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

    def __call__(self, values: Seen, right: Values, setting: Setting | None = None) -> bool | None:
        """Tell whether they all hold of the values returned and the right ones.

        None if one tells nothing, and none is known not to hold.
        """
        setting = setting or Setting()
        held: bool | None = True
        for kind, *about in self.relations:
            one = KINDS[kind](values, right, setting, *about)
            if one is None:
                held = None
            elif not one:
                return False
        return held


def holds(*relations: Relation) -> Holds:
    """Return whether all of these relations hold, as a `Part` wants it.

    >>> holds(("agrees", 1), ("as long as the first", 1)).relations
    (('agrees', 1), ('as long as the first', 1))
    """
    return Holds(relations)
