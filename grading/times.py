"""Moments as students, learning systems and instructors write them; all in UTC as nbgrader does."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from dateutil import parser, tz

ORDERS: tuple[dict[str, bool], ...] = ({}, {"dayfirst": True}, {"yearfirst": True})


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, set[tuple[timedelta, str]]]:
    """Return which offsets an abbreviation such as ``CEST`` stands for, and in which zones."""
    found = defaultdict(set)
    for name in available_timezones():
        for month in (1, 7):  # one of them has daylight saving, if the zone has
            moment = datetime(2026, month, 1, tzinfo=ZoneInfo(name))
            found[moment.tzname() or ""].add((moment.utcoffset() or timedelta(), name))
    return found


def offset(abbreviation: str, home: str) -> timedelta:
    """Return what an abbreviation stands for: where we are, or else in the whole world.

    Raises
    ------
    ValueError
        If it is none, or stands for several: ``CST`` is read in Chicago and in Shanghai.
    """
    known = abbreviations().get(abbreviation.upper(), set())
    offsets = {value for value, name in known if name == home} or {value for value, _ in known}
    if len(offsets) != 1:
        raise ValueError(f"the zone {abbreviation} is not known, or stands for several")
    return offsets.pop()


def moment(text: str, home: str = "UTC", naive: str = "UTC") -> datetime:
    """Read a moment; return it in UTC.

    Parameters
    ----------
    text : str
        Such as ``2030-07-01 10:00 Europe/Berlin``, ``... CEST``, ``... +02:00`` or ``...Z``.
    home : str
        The course's time zone, which decides what an abbreviation means.
    naive : str
        The zone of a text that names none.  Of an hour that is there twice, when clocks are put
        back, it is the first; one that is left out, when they are put forward, is taken as the
        hour after it.

    Raises
    ------
    ValueError
        If a part of the date is missing, its zone is not known, or it can be read in two ways:
        is 07/01 in July?
    """
    try:
        *words, last = text.split() or [""]
        place = tz.gettz(last) if re.fullmatch(r"[A-Za-z][\w/+-]*", last) else None
        if place is None and "/" in last and not re.search(r"\d", last):
            raise ValueError(f"the zone {last} is not known")

        def zone(name: str | None, seconds: int | None) -> tzinfo | None:
            if seconds is not None:
                return tz.tzoffset(None, seconds)
            return tz.tzoffset(name, offset(name, home)) if name else None

        text = " ".join(words) if place else text
        orders = ({},) if re.match(r"\s*\d{4}(\D|\d{4}T)", text) else ORDERS  # the month is next
        found = {  # what is missing is taken from the default
            parser.parse(text, default=default, tzinfos=zone, **order)
            for default in (datetime(2000, 1, 1), datetime(2004, 2, 2))
            for order in orders
        }
        if len(found) != 1:
            raise ValueError("a part of it is missing, or it can be read in two ways")
        (only,) = found
        if only.tzinfo is None:
            only = tz.resolve_imaginary(only.replace(tzinfo=place or tz.gettz(naive)))
        return only.astimezone(UTC)
    except ValueError:
        raise
    except Exception as error:  # the parser raises much else
        raise ValueError("it cannot be read as a time") from error


def in_utc(moment: datetime) -> str:
    """Return a moment as nbgrader writes it."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(' ', 'microseconds')} UTC"


def in_words(moment: datetime, home: str) -> str:
    """Return a moment as a person in a zone reads it, such as a due date."""
    local = moment.astimezone(ZoneInfo(home))
    return f"{local:%A}, {local.day} {local:%B %Y, %H:%M} {local:%Z} ({home})"
