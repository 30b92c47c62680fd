"""English numbers, counted things, times and dates as words."""

from __future__ import annotations

from datetime import date, time

from num2words import num2words

_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
]  # fmt: skip


def cardinal(n: int) -> str:
    """ "one hundred and three". 0 <= n < 10**9; otherwise ValueError."""
    if not 0 <= n < 10**9:
        raise ValueError(f"only numbers from 0 to 999999999 are said, not {n}")
    return str(num2words(n, lang="en"))


def ordinal(n: int) -> str:
    """ "twenty-first". 0 <= n < 10**6; otherwise ValueError."""
    if not 0 <= n < 10**6:
        raise ValueError(f"only ordinals from 0 to 999999 are said, not {n}")
    return str(num2words(n, lang="en", to="ordinal"))


def counted(n: int, noun: str) -> str:
    """ "one minute", "two minutes". noun: in the singular, with a regular plural."""
    return f"{cardinal(n)} {noun if n == 1 else noun + 's'}"


def minutes(n: int) -> str:
    """ "one minute", "two minutes"."""
    return counted(n, "minute")


def duration(seconds: float) -> str:
    """ "one minute thirty seconds"; hours leave the seconds out. seconds >= 0."""
    if seconds < 0:
        raise ValueError(f"a duration is not negative: {seconds}")
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = [(hours, "hour"), (minutes, "minute"), (0 if hours else rest, "second")]
    return " ".join(counted(n, noun) for n, noun in parts if n) or counted(0, "second")


def clock(at: time) -> str:
    """ "eight thirty a.m.", "nine oh five p.m.", "twelve noon", "midnight"."""
    if at.minute == 0 and at.hour in (0, 12):
        return "midnight" if at.hour == 0 else "twelve noon"
    half = "a.m." if at.hour < 12 else "p.m."
    hour = cardinal((at.hour - 1) % 12 + 1)
    if at.minute == 0:
        return f"{hour} {half}"
    return f"{hour} {'oh ' if at.minute < 10 else ''}{cardinal(at.minute)} {half}"


def opening(begins: time, ends: time) -> str:
    """ "from eight a.m. to eight p.m."."""
    return f"from {clock(begins)} to {clock(ends)}"


def calendar_date(day: date, *, year: bool = False) -> str:
    """ "the twenty-first of November", with the year "... twenty twenty-six"."""
    words = f"the {ordinal(day.day)} of {_MONTHS[day.month - 1]}"
    return f"{words} {num2words(day.year, lang='en', to='year')}" if year else words


def digits(text: str) -> str:
    """Each digit by itself: "one zero three". Other signs are left out."""
    return " ".join(cardinal(int(c)) for c in text if c in "0123456789")
