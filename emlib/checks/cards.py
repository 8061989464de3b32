"""Cards: exercises as data, which is what students get.

A card holds what a notebook may show of an exercise: its examples with the right values there,
and for each mistake its words and what it gives on the examples.  So it can judge these examples,
and no other input.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from emlib.checks.digest import Digest
from emlib.checks.exercise import Exercise
from emlib.checks.facts import Mistake, NotOnCard, Part
from emlib.checks.plain import same
from emlib.checks.read import Output
from emlib.checks.relations import Holds


def read(text: str) -> dict[str, Exercise]:
    """Read the cards of one notebook.

    Parameters
    ----------
    text : str
        JSON: an object with a card for each exercise.

    Returns
    -------
    dict of str to Exercise
    """
    cards = json.loads(text)
    known: dict[str, Exercise] = {}
    # An exercise comes after the ones that it builds on.
    for name in sorted(cards, key=lambda name: len(cards[name].get("steps", ()))):
        known[name] = _exercise(name, cards[name], known)
    return {name: known[name] for name in cards}


def _exercise(name: str, card: dict[str, Any], known: dict[str, Exercise]) -> Exercise:
    examples = tuple(tuple(map(value, arguments)) for arguments in card["examples"])
    return Exercise(
        name=name,
        parameters=tuple(card["parameters"]),
        outputs=tuple(Output(**output) for output in card["outputs"]),
        answer=_recorded(examples, card["right"], value),
        examples=examples,
        mistakes=tuple(
            Mistake(
                m["name"],
                m["says"],
                _recorded(examples, gives, brief),
                part,
                tuple(alone),
            )
            for m in card["mistakes"]
            for part, *alone, gives in m["gives"]
        ),
        hints=tuple(card["hints"]),
        parts=tuple(
            Part(
                part["name"],
                Holds(_tuples(part["holds"])),
                part.get("says", ""),
                tuple(part.get("about", ())),
                part.get("shares", 1),
            )
            for part in card["parts"]
        ),
        steps=tuple(known[step] for step in card.get("steps", ())),
        lent=tuple(card.get("lent", ())),
    )


def _tuples(told: Any) -> Any:
    return tuple(map(_tuples, told)) if isinstance(told, list) else told


def value(told: Any) -> Any:
    """Turn what a card says into an argument or a result.

    A list is an array, unless an object says otherwise; a number that JSON does not know is a
    text.

    >>> value([[1.5, "-inf"], [2, 3]])
    array([[ 1.5, -inf],
           [ 2. ,  3. ]])
    >>> value({"values": [[1, 2], "nan"]})
    (array([1, 2]), nan)
    >>> value({"error": "LinAlgError"})
    Traceback (most recent call last):
        ...
    emlib.checks.cards.LinAlgError: recorded
    """
    if isinstance(told, dict) and "error" in told:
        raise type(told["error"], (Exception,), {})("recorded")
    if isinstance(told, dict) and "values" in told:
        return tuple(map(value, told["values"]))
    if isinstance(told, dict):
        return np.zeros(told["empty"])
    if isinstance(told, list):
        array = np.array(told)
        return array.astype(float) if array.dtype.kind == "U" else array
    return float(told) if isinstance(told, str) else told


def brief(told: Any) -> Any:
    """Turn what a card says of a mistake into a result: mostly it knows only digests of arrays.

    A list is then what holds several results.
    """
    if isinstance(told, list):
        return tuple(map(brief, told))
    if isinstance(told, str) and told.startswith("~"):
        return Digest(float(told[1:]))
    if isinstance(told, dict) and "array" in told:
        return value(told["array"])
    return value(told)


def _recorded(
    examples: Sequence[tuple[Any, ...]], results: Sequence[Any], read: Callable[[Any], Any]
) -> Callable[..., Any]:
    """Return a function that knows its results on the examples."""

    def look_up(*arguments: Any) -> Any:
        for i, example in enumerate(examples):
            if all(a is b or same(a, b) for a, b in zip(example, arguments, strict=True)):
                return read(results[i])
        raise NotOnCard("a card knows the results on its examples only")

    return look_up
