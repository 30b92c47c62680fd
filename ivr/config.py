"""From the site file to the values that the cores work with.

`load_site` reads and looks at each value by itself; `ivr.site_check.check` looks at all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

from acd.core.model import (
    Language,
    Line,
    LineId,
    Operator,
    OperatorId,
    Policy,
    Region,
    Ring,
    Skill,
    Target,
    Topic,
    TopicId,
)
from ivr.core.hours import Hours, Interval, interval
from ivr.finding import Finding, has_errors
from ivr.leave_out import leave_out
from ivr.plain_errors import errors_at
from ivr.site import LineEntry, OpeningHours, OperatorEntry, RingEntry, Site, TopicEntry
from ivr.site_words import days_of
from ivr.yaml_source import Source, load_yaml

__all__ = [
    "Reading",
    "Site",
    "content_version",
    "hours",
    "load_site",
    "policy",
    "read_site",
    "rings_of",
    "timezone",
]

# What stands in for a part of the file that is missing or wrong, so that the rest is still looked at.
_STAND_INS: dict[str, type] = {
    "name": dict, "languages": list, "numbers": list, "lines": dict, "topics": dict, "operators": list,
}  # fmt: skip


def content_version(text: str) -> str:
    """Short name of a content: the first 12 hex digits of its SHA-256."""
    return sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Reading:
    """A site file as far as it can be understood.

    source: None when it is not YAML. site: without the values that are wrong; None when nothing is left.
    lost: the top-level parts that are missing or wrong as a whole. words: the names that stand in values
    left out. What depends on either is not judged: it would only repeat the first finding.
    """

    source: Source | None
    site: Site | None
    findings: list[Finding]
    lost: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


def load_site(path: Path) -> tuple[Site | None, list[Finding]]:
    """The site file, None if any value in it is wrong by itself. See `ivr.site_check.check` for the rest."""
    reading = read_site(path)
    return (None if has_errors(reading.findings) else reading.site), reading.findings


def read_site(path: Path) -> Reading:
    """As `load_site`, with what is left of a wrong file, for the checks of the rest."""
    source, findings = load_yaml(path)
    if source is None:
        return Reading(None, None, findings)
    if not isinstance(source.root.content, dict):
        sentence = "the site file must be a mapping of keys to values: name:, languages:, numbers: and so on"
        return Reading(source, None, [*findings, source.finding((), "wrong-type", sentence)])
    wrong = errors_at(source, Site)
    findings += [finding for _, finding in wrong] + _empty_parts(source)
    lost, words, _ = leave_out(source, Site, _STAND_INS)
    site = Site.model_validate(source.plain()).came_from(path, content_version(source.text))
    return Reading(source, site, findings, lost, words)


def _empty_parts(source: Source) -> list[Finding]:
    return [
        source.finding((part,), "empty", f"{part} is empty; a hotline needs at least one of them")
        for part in _STAND_INS
        if (placed := source.at((part,))) is not None and placed.content in ({}, [])
    ]


def policy(site: Site, version: str) -> Policy:
    """The rules the dispatcher decides by."""
    return Policy(
        version=version,
        topics={TopicId(name): _topic(name, entry) for name, entry in site.topics.items()},
        lines={LineId(name): _line(name, entry) for name, entry in site.lines.items()},
        operators={OperatorId(entry.id): _operator(entry) for entry in site.operators},
        ageing=site.routing.ageing,
        wanted_operator_for=site.routing.wanted_operator_for,
    )


def rings_of(entry: TopicEntry) -> list[RingEntry]:
    """A topic's rings; `needs` is short for a single one, and neither asks for nothing but the line."""
    return entry.rings if entry.rings is not None else [RingEntry(needs=entry.needs or {})]


def _topic(name: str, entry: TopicEntry) -> Topic:
    return Topic(
        id=TopicId(name),
        line=LineId(entry.line),
        rings=tuple(
            Ring(after=ring.after, needs={Skill(skill): level for skill, level in ring.needs.items()})
            for ring in rings_of(entry)
        ),
        priority=entry.priority,
        target=Target(entry.target.answered_within, entry.target.share),
        queue_limit=entry.queue_limit,
    )


def _line(name: str, entry: LineEntry) -> Line:
    return Line(LineId(name), entry.ring_timeout, entry.wrap_up, entry.regional, entry.widen_after)


def _operator(entry: OperatorEntry) -> Operator:
    return Operator(
        id=OperatorId(entry.id),
        lines=tuple(map(LineId, entry.lines)),
        skills={Skill(skill): level for skill, level in entry.skills.items()},
        languages=tuple(map(Language, entry.languages)),
        region=Region(entry.region) if entry.region is not None else None,
    )


def timezone(site: Site) -> ZoneInfo:
    return ZoneInfo(site.timezone)


def hours(entry: OpeningHours, today: date) -> Hours:
    """One set of hours, with the public holidays of the years around today.

    Raises NotImplementedError for a country whose holidays nobody knows.
    """
    years = range(today.year - 1, today.year + 3)
    return Hours(
        weekly=week(entry),
        open={
            date.fromisoformat(day): tuple(sorted(map(interval, times))) for day, times in entry.open.items()
        },
        closed=frozenset(map(date.fromisoformat, entry.closed)),
        holidays=public_holidays(entry.holidays, years) if entry.holidays else frozenset(),
    )


def week(entry: OpeningHours) -> tuple[tuple[Interval, ...], ...]:
    """Monday to Sunday."""
    days: list[list[Interval]] = [[] for _ in range(7)]
    for names, times in entry.weekly.items():
        for day in days_of(names):
            days[day] += map(interval, times)
    return tuple(tuple(sorted(day)) for day in days)


def public_holidays(country: str, years: Iterable[int]) -> frozenset[date]:
    """Days off of "RU" or, with a region, "DE-BY"; moved days off included.

    Raises NotImplementedError for a country or region that the calendar does not know.
    """
    name, _, region = country.partition("-")
    return frozenset(holidays.country_holidays(name, subdiv=region or None, years=tuple(years)))
