"""When calls came, by the clock on the wall: rates by half hour over the time that the record really covers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

import numpy as np

from loadtest.distribution import Numbers
from loadtest.fit_patience import chi_square_above
from loadtest.record import INTERVAL_S

SLOTS = int(86_400 // INTERVAL_S)
DAYS_FOR_BUSYNESS = 5
DAYS_FOR_WEEKDAYS = 14
DIFFER_BELOW = 0.01
Span = tuple[float, float]
"""From, until: seconds since 1970."""


@dataclass(frozen=True)
class Calendar:
    """The half hours of the recorded days. zone: of the wall clock. weekday: 0 is Monday; None takes all days."""

    zone: tzinfo = UTC
    weekday: int | None = None

    def slot(self, at: float) -> tuple[date, int]:
        """The day, and the number of the half hour in it."""
        moment = datetime.fromtimestamp(at, self.zone)
        return moment.date(), int((moment.hour * 3600 + moment.minute * 60) // INTERVAL_S)

    def counts(self, moments: Iterable[float]) -> dict[date, Numbers]:
        """Of each day that is wanted, how many moments fell into each half hour."""
        found: dict[date, Numbers] = {}
        for at in moments:
            day, slot = self.slot(at)
            if self._wanted(day):
                found.setdefault(day, np.zeros(SLOTS))[slot] += 1
        return found

    def seconds(self, spans: Iterable[Span]) -> dict[date, Numbers]:
        """Of each day that is wanted, how long the spans covered each half hour, seconds."""
        found: dict[date, Numbers] = {}
        for begin, end in spans:
            for day, slot, length in self._pieces(begin, end):
                found.setdefault(day, np.zeros(SLOTS))[slot] += length
        return found

    def within(self, at: float) -> bool:
        return self._wanted(self.slot(at)[0])

    def _wanted(self, day: date) -> bool:
        return self.weekday is None or day.weekday() == self.weekday

    def _pieces(self, begin: float, end: float) -> Iterator[tuple[date, int, float]]:
        while begin < end:
            moment = datetime.fromtimestamp(begin, self.zone)
            into = (moment.minute * 60 + moment.second + moment.microsecond / 1e6) % INTERVAL_S
            until = min(end, begin + max(INTERVAL_S - into, 1e-3))
            day, slot = self.slot(begin)
            if self._wanted(day):
                yield day, slot, until - begin
            begin = until


@dataclass(frozen=True)
class Rates:
    """per_hour, calls, covered_s: by half hour, over all days. days: that the record touches."""

    per_hour: Numbers
    calls: Numbers
    covered_s: Numbers
    days: int

    def interval(self) -> tuple[Numbers, Numbers]:
        """95 % of each rate, as of Poisson counts (by the square root, which makes their spread even)."""
        hours = np.maximum(self.covered_s, 1e-9) / 3600
        low = np.maximum(np.sqrt(self.calls) - 0.98, 0) ** 2 / hours
        high = (np.sqrt(self.calls + 1) + 0.98) ** 2 / hours
        seen = self.covered_s > 0
        return np.where(seen, low, 0.0), np.where(seen, high, 0.0)


def rates(calendar: Calendar, moments: Iterable[float], covered: Sequence[Span]) -> Rates:
    """Calls an hour. Half hours that the record does not touch have none."""
    seconds = calendar.seconds(covered)
    counts = calendar.counts(moments)
    exposure = sum(seconds.values(), np.zeros(SLOTS))
    calls = sum((counts.get(day, np.zeros(SLOTS)) for day in seconds), np.zeros(SLOTS))
    per_hour = np.divide(calls * 3600, exposure, out=np.zeros(SLOTS), where=exposure > 0)
    return Rates(per_hour, calls, exposure, len(seconds))


@dataclass(frozen=True)
class DayToDay:
    """cv: of how busy days are, beyond what chance makes of equal days; None with too few days.

    weekdays_p: that all weekdays are alike in calls a day; None with too few days.
    """

    cv: float | None
    weekdays_p: float | None


def day_to_day(calendar: Calendar, moments: Iterable[float], covered: Sequence[Span]) -> DayToDay:
    """Compares each day's calls with those expected of its covered half hours."""
    seconds, counts = calendar.seconds(covered), calendar.counts(moments)
    whole = rates_of(seconds, counts)
    days = sorted(seconds)
    expected = np.array([float((whole * seconds[day]).sum()) for day in days])
    found = np.array([float(counts.get(day, np.zeros(SLOTS)).sum()) for day in days])
    days_that_count = expected >= 20
    cv = None
    if days_that_count.sum() >= DAYS_FOR_BUSYNESS:
        e, f = expected[days_that_count], found[days_that_count]
        cv = math.sqrt(max(0.0, float(((f - e) ** 2 - e).sum() / (e**2).sum())))
    return DayToDay(cv, _weekdays(days, expected, found))


def rates_of(seconds: dict[date, Numbers], counts: dict[date, Numbers]) -> Numbers:
    """Calls a second by half hour."""
    exposure = sum(seconds.values(), np.zeros(SLOTS))
    calls = sum((counts.get(day, np.zeros(SLOTS)) for day in seconds), np.zeros(SLOTS))
    return np.divide(calls, exposure, out=np.zeros(SLOTS), where=exposure > 0)


def _weekdays(days: Sequence[date], expected: Numbers, found: Numbers) -> float | None:
    of = np.array([day.weekday() for day in days])
    if len(days) < DAYS_FOR_WEEKDAYS:
        return None
    groups = [of == one for one in range(7) if (of == one).sum() >= 2]
    if len(groups) < 2:
        return None
    e = np.array([expected[group].sum() for group in groups])
    f = np.array([found[group].sum() for group in groups])
    if (e < 5).any():
        return None
    return chi_square_above(float(((f - e) ** 2 / e).sum()), len(groups) - 1)


def clock(slot: int) -> str:
    """When a half hour begins: 08:30; after the last of the day, 24:00."""
    begin = timedelta(seconds=slot * INTERVAL_S)
    hours, rest = divmod(int(begin.total_seconds()), 3600)
    return f"{hours:02}:{rest // 60:02}"
