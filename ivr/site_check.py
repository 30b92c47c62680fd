"""Everything that can be known to be wrong with a hotline before its first call, all of it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ivr.checks.dialling import dialling
from ivr.checks.menus import menus
from ivr.checks.network import network
from ivr.checks.opening import opening
from ivr.checks.people import people
from ivr.checks.spoken import spoken
from ivr.checks.subject import Subject
from ivr.checks.titles import titles
from ivr.checks.topics import topics
from ivr.config import read_site
from ivr.core.flow import Flow
from ivr.finding import Finding, has_errors, in_order
from ivr.flow_file import read_flows
from ivr.site import Site

QUESTIONS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    titles,
    dialling,
    opening,
    topics,
    people,
    network,
)


def check(site_path: Path) -> list[Finding]:
    """All findings about a site file and its menus, by file and line. Never raises for what is in a file."""
    return read_hotline(site_path)[2]


def read_hotline(site_path: Path) -> tuple[Site | None, dict[str, Flow], list[Finding]]:
    """The site, its menus by name and all findings, from one reading of the files.

    The site is None, and no menus are given, if there is any error.
    """
    reading = read_site(site_path)
    if reading.site is None or reading.source is None:
        return None, {}, in_order(reading.findings)
    subject = Subject(reading.site, reading.source, reading.lost, reading.words)
    readings = read_flows(reading.site)
    found = [*reading.findings, *menus(subject, readings), *spoken(subject, readings)]
    for question in QUESTIONS:
        found += question(subject)
    if has_errors(found):
        return None, {}, in_order(found)
    flows = {name: one.flow for name, one in readings.items() if one.flow is not None}
    return reading.site, flows, in_order(found)
