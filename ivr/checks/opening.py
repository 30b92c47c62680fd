"""Opening hours: no day twice, no times that overlap, no hours that are never open."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ivr.checks.subject import Subject
from ivr.config import public_holidays, week
from ivr.core.hours import DAY, Interval, interval
from ivr.finding import Finding
from ivr.site import OpeningHours
from ivr.site_words import DAYS, days_of
from ivr.yaml_source import Steps


def opening(subject: Subject) -> Iterator[Finding]:
    for name, entry in subject.site.hours.items():
        at = ("hours", name)
        if entry.holidays is not None:
            yield from _country(subject, entry.holidays, (*at, "holidays"))
        if not any(week(entry)) and not entry.open and name not in subject.words:
            sentence = f"'{name}' is never open; give it times under weekly"
            yield subject.error((*at, "weekly"), "hours-empty", sentence, key=True)
        yield from _weekly(subject, entry, at)
        yield from _dates(subject, entry, at)


def _country(subject: Subject, country: str, path: Steps) -> Iterator[Finding]:
    try:
        public_holidays(country, [2026])
    except (NotImplementedError, ValueError):
        sentence = f"no calendar of public holidays for '{country}'; write a country code like RU, or DE-BY"
        yield subject.error(path, "holidays", sentence)


def _weekly(subject: Subject, entry: OpeningHours, at: Steps) -> Iterator[Finding]:
    owner: dict[int, str] = {}
    for names, times in entry.weekly.items():
        path = (*at, "weekly", names)
        if not times:
            sentence = f"{names} has no times; write them, or leave the days out: they are closed then"
            yield subject.error(path, "hours-empty", sentence, key=True)
        for day in days_of(names):
            if day in owner:
                sentence = f"{DAYS[day]} stands in '{owner[day]}' already; name each day once"
                yield subject.error(path, "hours-overlap", sentence, key=True)
                break
            owner[day] = names
        yield from _overlap(subject, times, path)
    yield from _past_midnight(subject, entry, at, owner)


def _overlap(subject: Subject, times: list[str], path: Steps) -> Iterator[Finding]:
    for before, after in pairwise(sorted(times, key=interval)):
        if interval(after).opens < interval(before).closes:
            sentence = f"{before} and {after} overlap; make one of them"
            yield subject.error((*path, times.index(after)), "hours-overlap", sentence)


def _past_midnight(
    subject: Subject, entry: OpeningHours, at: Steps, owner: dict[int, str]
) -> Iterator[Finding]:
    """A shift over midnight that runs into the next day's first one."""
    days = week(entry)
    told: set[str] = set()
    for day, shifts in enumerate(days):
        following: tuple[Interval, ...] = days[(day + 1) % 7]
        if not shifts or not following or owner[day] in told:
            continue
        last = max(shift.closes for shift in shifts)
        if last - DAY > following[0].opens:
            told.add(owner[day])
            sentence = (
                f"{DAYS[day]} runs past midnight into {DAYS[(day + 1) % 7]}'s times; let one end earlier"
            )
            yield subject.error((*at, "weekly", owner[day]), "hours-overlap", sentence)


def _dates(subject: Subject, entry: OpeningHours, at: Steps) -> Iterator[Finding]:
    for place, day in enumerate(entry.closed):
        if day in entry.open:
            sentence = f"{day} is both closed and open; delete one of them"
            yield subject.error((*at, "closed", place), "hours-overlap", sentence)
        if day in entry.closed[:place]:
            yield subject.warning(
                (*at, "closed", place), "date-twice", f"{day} stands here twice; delete one"
            )
    for day, times in entry.open.items():
        if not times:
            yield subject.error(
                (*at, "open", day), "hours-empty", f"{day} has no times; list it under closed instead"
            )
        yield from _overlap(subject, times, (*at, "open", day))
