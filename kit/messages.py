"""Tell Babel, which collects what is to be translated, the messages of cards and live pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from emlib.steppers.program import messages_of


def extract(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Yield the messages of a file of cards as Babel wants it; the arguments are Babel's."""
    text = file.read().decode("utf-8")
    for exercise, card in json.loads(text).items():
        messages = dict.fromkeys(_messages(card))
        for message in filter(None, messages):
            line = text[: text.index(json.dumps(message, ensure_ascii=False))].count("\n") + 1
            yield line, None, message, [exercise]


def extract_web(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Yield the messages of a module of the live pictures as Babel wants it."""
    for line, message in messages_of(file.read().decode("utf-8")):
        yield line, None, message, []


def _messages(card: dict[str, Any]) -> Iterator[str]:
    """Yield what a check or a hint may show of a card."""
    yield from card["hints"]
    yield from (output["shape"] for output in card["outputs"])
    known = [output["name"] for output in card["outputs"]]
    for part in card["parts"]:
        yield part.get("says", "")
        if part["name"] not in known:  # a name of the code stays as it is
            yield part["name"]
    yield from (mistake["says"] for mistake in card["mistakes"])
