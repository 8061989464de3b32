"""A pseudo-translation: each message stands in brackets, so that all else can be told apart."""

import gettext
import re

OPEN, CLOSE = "⟦", "⟧"


class Pseudo(gettext.NullTranslations):
    """A translation that puts each message into brackets."""

    def gettext(self, message):
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, one, many, n):
        return self.gettext(super().ngettext(one, many, n))


def bare(text):
    """Return the words of a text that stand outside of all brackets, and are no code."""
    depth, outside = 0, []
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        outside.append(" " if depth or letter == CLOSE else letter)
    assert depth == 0, text
    rest = re.sub(r"`[^`]*`|\$[^$]*\$", " ", "".join(outside))
    return re.findall(r"[A-Za-z]{2,}", rest)
