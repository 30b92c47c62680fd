"""Opening hours: is the hotline's reception open at this wall time?

Holidays come as dates already looked up (the site reader asks the calendar), so that the answer for a given
moment never depends on the machine it is asked on.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

DAY = 24 * 60
_INTERVAL = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


class Interval(msgspec.Struct, frozen=True, order=True):
    """From `opens` (included) to `closes` (not), in minutes since the midnight the day began with.

    closes > 1440 runs past midnight: 22:00-06:00 is (1320, 1800), and belongs to the day it began on.
    """

    opens: int
    closes: int


class Hours(msgspec.Struct, frozen=True):
    """One set of opening hours.

    weekly: seven days, Monday first; a day without intervals is closed.
    open: intervals of single dates, instead of whatever else would hold then.
    closed, holidays: dates without intervals of their own (a shift begun the evening before runs to its end).
    """

    weekly: tuple[tuple[Interval, ...], ...]
    open: dict[date, tuple[Interval, ...]] = {}
    closed: frozenset[date] = frozenset()
    holidays: frozenset[date] = frozenset()


def interval(text: str) -> Interval:
    """Read "08:00-20:00", "00:00-24:00" or, past midnight, "22:00-06:00". Raises ValueError."""
    match = _INTERVAL.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not an interval like 08:00-20:00")
    hour, minute, to_hour, to_minute = map(int, match.groups())
    opens, closes = hour * 60 + minute, to_hour * 60 + to_minute
    if minute > 59 or to_minute > 59 or opens >= DAY or closes > DAY:
        raise ValueError(f"{text!r} has a time that no clock shows")
    if opens == closes:
        raise ValueError(f"{text!r} is empty; write 00:00-24:00 for a whole day")
    return Interval(opens, closes if closes > opens else closes + DAY)


def on_date(hours: Hours, day: date) -> tuple[Interval, ...]:
    """The intervals that begin on this date. A date opened by name wins over closed dates and holidays."""
    if day in hours.open:
        return hours.open[day]
    if day in hours.closed or day in hours.holidays:
        return ()
    return hours.weekly[day.weekday()]


def is_open(hours: Hours, at_local: datetime) -> bool:
    """at_local: wall time of the site (see `local`); only the hands of its clock count."""
    minute = at_local.hour * 60 + at_local.minute
    today = at_local.date()
    return any(one.opens <= minute < one.closes for one in on_date(hours, today)) or any(
        minute + DAY < one.closes for one in on_date(hours, today - timedelta(days=1))
    )


def local(at: datetime, timezone: ZoneInfo) -> datetime:
    """The site's wall time of an aware moment. Raises ValueError for a naive one: whose clock would it be?"""
    if at.utcoffset() is None:
        raise ValueError("the time has no timezone")
    return at.astimezone(timezone)
