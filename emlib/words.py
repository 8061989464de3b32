"""The words that emlib shows, in the reader's language, by the conventions of gettext.

Every message stands in English where it is used and passes through ``_``; so do the words of the
cards when they are shown, and those in the JavaScript of the live pictures, whose translation goes
with the picture.  A translation is a file ``locale/LANGUAGE/LC_MESSAGES/emlib.mo`` beside this one.
Which is read is said by the environment, as for every program: ``LANGUAGE=de``.
"""

from __future__ import annotations

import gettext
from pathlib import Path

LOCALE = Path(__file__).with_name("locale")

translation: gettext.NullTranslations = gettext.translation("emlib", LOCALE, fallback=True)


def _(message: str) -> str:
    """Return a message in the reader's language; as it stands if it is not translated."""
    return translation.gettext(message) if message else ""  # of "" gettext tells the file's head


def ngettext(one: str, many: str, n: int) -> str:
    """Return how many there are, in the form that the reader's language has for the number."""
    return translation.ngettext(one, many, n).format(n=n)
