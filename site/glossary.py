"""The words that Symbols and words explains, and where a text mentions them."""

from __future__ import annotations

import re

ROW = re.compile(r"^\| (?P<words>[^|]+?) \| (?P<meaning>.+?) \| \w+ \|$", re.MULTILINE)


def anchor(word: str) -> str:
    """Return the anchor of a word in the glossary: ``word-e-step``."""
    return "word-" + re.sub(r"[^a-z]+", "-", word.replace("$", "").lower()).strip("-")


def words_of(text: str) -> dict[str, str]:
    """Return the words that the section "Words" explains, in small letters, each with its anchor.

    Words that share a row share the anchor of the first.
    """
    found = {}
    for row in ROW.finditer(text.partition("## Words")[2].partition("\n## ")[0]):
        names = row["words"].split(", ")
        if names != ["word"] and not names[0].startswith("-"):  # the head of the table
            found |= {name.replace("$", "").lower(): anchor(names[0]) for name in names}
    return found


def pieces(text: str, words: dict[str, str], met: set[str]) -> list[tuple[str, str]]:
    """Return a text in pieces: each a string, and the anchor that it leads to or "".

    Only the first mention of a word leads anywhere: `met` holds the anchors that were met before,
    and gets those of this text. Plurals are mentions too.
    """
    forms = {form: at for word, at in words.items() for form in _forms(word)}
    longest_first = "|".join(re.escape(f) for f in sorted(forms, key=len, reverse=True))
    found, end = [], 0
    for mention in re.finditer(rf"(?<![\w-])(?:{longest_first})(?![\w-])", text, re.IGNORECASE):
        at = forms[mention[0].lower()]
        if at not in met:
            met.add(at)
            found += [(text[end : mention.start()], ""), (mention[0], at)]
            end = mention.end()
    return [*found, (text[end:], "")]


def _forms(word: str) -> set[str]:
    """Return a word and its plural."""
    plural = re.sub("(?<=[^aeo])y$", "ie", word)
    return {word, plural + ("es" if plural.endswith("s") else "s")}
