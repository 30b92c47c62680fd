"""Operators: each one named once, with a phone, on lines and with languages that exist."""

from __future__ import annotations

from collections.abc import Iterator

from asterisk_conf.settings import FORBIDDEN_IN_DISPLAY, NAME, RESERVED
from ivr.checks.subject import Subject
from ivr.finding import Finding
from ivr.site import OperatorEntry
from ivr.yaml_source import Steps

_LONGEST_DISPLAY = 80
_NO_PHONE = {"none", "no", "off", "false", "nobody", "n_a"}


def people(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for place, one in enumerate(subject.site.operators):
        at = ("operators", place)
        if one.id in seen:
            sentence = f"operator '{one.id}' is {seen[one.id]} already; give {one.name} an id of his own"
            yield subject.error((*at, "id"), "operator-twice", sentence)
        seen.setdefault(one.id, one.name)
        yield from _phone(subject, one, at)
        yield from _references(subject, one, at)
        yield from _display(subject, one.name, at)
    yield from _accounts(subject)


def _phone(subject: Subject, one: OperatorEntry, at: Steps) -> Iterator[Finding]:
    """Somebody who writes that there is no phone means it; but then nobody can ring this operator."""
    written = subject.source.at((*at, "phone"))
    if written is not None and (written.content is None or str(written.content).lower() in _NO_PHONE):
        sentence = (
            f"operator {one.id} has no endpoint: nobody could ring him; name his account, or leave phone out"
        )
        yield subject.error((*at, "phone"), "no-endpoint", sentence, key=True)


def _references(subject: Subject, one: OperatorEntry, at: Steps) -> Iterator[Finding]:
    for place, line in enumerate(one.lines):
        yield from subject.unknown("lines", "line", line, subject.site.lines, (*at, "lines", place))
    for place, language in enumerate(one.languages):
        path = (*at, "languages", place)
        yield from subject.unknown("languages", "language", language, subject.site.languages, path)
    regional = [
        line for line in one.lines if line in subject.site.lines and subject.site.lines[line].regional
    ]
    if regional and one.region is None:
        sentence = (
            f"line '{regional[0]}' is regional and {one.name} has no region: he gets calls only late; add it"
        )
        yield subject.warning(at, "no-region", sentence)


def _display(subject: Subject, name: str, at: Steps) -> Iterator[Finding]:
    bad = sorted(FORBIDDEN_IN_DISPLAY & set(name)) or [sign for sign in name if ord(sign) < 32]
    if bad:
        yield subject.error(
            (*at, "name"), "display-name", f"a phone cannot show {bad[0]!r} in a name; leave it out"
        )
    elif len(name) > _LONGEST_DISPLAY:
        sentence = f"a name of more than {_LONGEST_DISPLAY} signs does not fit a phone; shorten it"
        yield subject.error((*at, "name"), "display-name", sentence)


def _accounts(subject: Subject) -> Iterator[Finding]:
    """Operators, people who try it, and trunks share the switch's names; upper and lower case count as one."""
    taken: dict[str, str] = {}
    ids: set[str] = set()
    for path, name, whose in _names(subject):
        folded = name.lower()
        if whose in ids:
            continue  # the same operator twice has its finding
        ids.add(whose)
        if not NAME.fullmatch(name):
            yield subject.error(path, "no-endpoint", _unfit(name, whose))
        elif folded in RESERVED:
            yield subject.error(
                path, "account-name", f"'{name}' means something to Asterisk itself; take another name"
            )
        elif folded in taken:
            sentence = (
                f"the account '{name}' of {whose} is {taken[folded]}'s already; give one of them another"
            )
            yield subject.error(path, "account-twice", sentence)
        taken.setdefault(folded, whose)


def _names(subject: Subject) -> Iterator[tuple[Steps, str, str]]:
    """(where it is written, account, whose)"""
    for place, one in enumerate(subject.site.operators):
        key = "id" if one.phone is None else "phone"
        yield ("operators", place, key), one.endpoint, f"operator {one.id}"
    for place, name in enumerate(subject.site.telephony.callers):
        yield ("telephony", "callers", place), name, f"caller {name} ({place + 1})"
    for place, trunk in enumerate(subject.site.telephony.trunks):
        yield ("telephony", "trunks", place, "name"), trunk.name, f"trunk {trunk.name} ({place + 1})"


def _unfit(name: str, whose: str) -> str:
    shape = "a Latin letter first, then letters, digits, _ and -, at most 40"
    if whose.startswith("operator"):
        return f"{whose} has no endpoint: '{name}' cannot be a phone's account; add phone: with {shape}"
    return f"'{name}' cannot be an account: {shape}"
