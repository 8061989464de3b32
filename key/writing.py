"""Write the cards that students get: python -m key.writing"""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import numpy as np

from emlib.checks.digest import Digest
from emlib.checks.facts import Facts, Part
from emlib.checks.read import Output
from emlib.checks.relations import Holds

HERE = Path(__file__).resolve().parent
CARDS = HERE.parent / "emlib" / "exercises"
NOTEBOOKS = sorted(module.name for module in iter_modules([str(HERE)]) if module.ispkg)
EXACT = 17  # digits that tell every float from its neighbours
NOTHING = 1e-13
DIGITS = 6  # of what mistakes give: a check compares five


def exercises(notebook: str) -> dict[str, Facts]:
    """Return the exercises of a notebook, by name."""
    module = import_module(f"key.{notebook}")
    return {name: getattr(module, name) for name in module.__all__}


def cards(notebook: str) -> str:
    """Return the cards of a notebook as they stand in its file."""
    written = {name: _lines(card(exercise)) for name, exercise in exercises(notebook).items()}
    return "{\n" + ",\n".join(f"{_json(name)}: {text}" for name, text in written.items()) + "\n}\n"


def card(exercise: Facts) -> dict[str, Any]:
    """Return what students may know of an exercise.

    A mistake that gives the same as an earlier one of its kind on every example could never be
    named, and is left out.  One of another kind stays: neither is named then.
    """
    mistakes: dict[tuple[str, str], list[Any]] = {}
    for mistake in exercise.mistakes:
        gives = [brief(one) for one in record(mistake.gives, exercise.examples, DIGITS)]
        told = [mistake.part, *mistake.alone, gives]
        if not any(told in ones for (name, _), ones in mistakes.items() if name == mistake.name):
            mistakes.setdefault((mistake.name, mistake.says), []).append(told)
    steps = {"steps": [step.name for step in exercise.steps]} if exercise.steps else {}
    lent = {"lent": list(exercise.lent)} if exercise.lent else {}
    return {
        "parameters": list(exercise.parameters),
        "outputs": [_output(output) for output in exercise.outputs],
        "examples": [[packed(argument) for argument in one] for one in exercise.examples],
        "right": record(exercise.answer, exercise.examples),
        "hints": list(exercise.hints),
        "parts": [_part(part) for part in exercise.parts],
        **steps,
        **lent,
        "mistakes": [
            {"name": name, "says": says, "gives": gives} for (name, says), gives in mistakes.items()
        ],
    }


def brief(result: Any) -> Any:
    """Put a digest in the place of each array of finite numbers: there are many mistakes.

    A list is then what holds several results.
    """
    if isinstance(result, dict) and "values" in result:
        return [brief(one) for one in result["values"]]
    if isinstance(result, list):
        array = np.array(result)
        if array.dtype.kind == "U" or not Digest.possible(array):
            return {"array": result}
        return f"~{Digest.of(array.astype(float)).total!r}"
    return result


def record(
    function: Callable[..., Any], examples: tuple[tuple[Any, ...], ...], digits: int = EXACT
) -> list[Any]:
    """Return what a function returns, or raises, on each example."""
    results: list[Any] = []
    for arguments in examples:
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = function(*arguments)
        except Exception as error:
            results.append({"error": type(error).__name__})
        else:
            results.append(packed(result, digits))
    return results


def packed(value: Any, digits: int = EXACT) -> Any:
    """Turn an argument or a result into what `emlib.checks.cards.value` reads.

    >>> packed((np.array([1.0, np.inf]), 2 / 3, True), digits=3)
    {'values': [[1.0, 'inf'], 0.667, True]}
    """
    if isinstance(value, Digest):
        return f"~{value.total!r}"
    if isinstance(value, tuple | list):
        return {"values": [packed(one, digits) for one in value]}
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"a card holds numbers and arrays of numbers, not {value!r}")
    if not array.size:
        return {"empty": array.shape}
    return _numbers(array.tolist(), digits)


def _numbers(value: Any, digits: int) -> Any:
    if isinstance(value, list):
        return [_numbers(one, digits) for one in value]
    if not isinstance(value, float):
        return value
    if digits < EXACT and abs(value) < NOTHING:
        return 0.0  # so that noise is the same on every machine
    return float(f"{value:.{digits}g}") if np.isfinite(value) else str(value)


def agree(one: Any, other: Any) -> bool:
    """Whether two cards, or pieces of them, say the same up to what machines round differently."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(agree(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(agree, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-5, abs_tol=1e-9)
    if isinstance(one, str) and isinstance(other, str) and one[:1] == other[:1] == "~":
        return math.isclose(float(one[1:]), float(other[1:]), rel_tol=1e-4, abs_tol=1e-9)
    return type(one) is type(other) and bool(one == other)


def update(notebook: str) -> bool:
    """Write the cards of a notebook, unless those that are there agree; tell whether it did."""
    file, text = CARDS / f"{notebook}.json", cards(notebook)
    if file.exists() and agree(json.loads(file.read_text(encoding="utf-8")), json.loads(text)):
        return False
    file.write_text(text, encoding="utf-8", newline="\n")
    return True


def _output(output: Output) -> dict[str, Any]:
    flags = {"any_length": output.any_length, "rows_sum_to_one": output.rows_sum_to_one}
    return {"name": output.name, "shape": output.shape, **{k: v for k, v in flags.items() if v}}


def _part(part: Part) -> dict[str, Any]:
    if not isinstance(part.holds, Holds):
        raise TypeError(f"the part {part.name!r} needs relations, see emlib.checks.relations")
    says = {"says": part.says} if part.says else {}
    about = {"about": list(part.about)} if part.about else {}
    shares = {"shares": part.shares} if part.shares != 1 else {}
    return {"name": part.name, "holds": part.holds.relations, **says, **about, **shares}


def _lines(card: dict[str, Any]) -> str:
    """Format a card with a line for each example, hint, part and mistake."""
    facts = []
    for name, value in card.items():
        rows = ",\n".join(f"  {_json(one)}" for one in value)
        facts.append(f' "{name}": [\n{rows}\n ]')
    return "{\n" + ",\n".join(facts) + "\n}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


if __name__ == "__main__":
    for name in NOTEBOOKS:
        done = "written" if update(name) else "as they should be"
        print(f"emlib/exercises/{name}.json, cards of {len(exercises(name))} exercises: {done}")
