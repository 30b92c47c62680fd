"""Ports, networks, trunks and secrets: enough room for the calls, and nothing open that need not be."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from ivr.checks.subject import Subject
from ivr.finding import Finding
from ivr.site_telephony import TrunkEntry
from ivr.yaml_source import Steps

PORTS_PER_LEG = 2  # RTP and RTCP
LEGS_PER_CALL = 2  # the caller's and the operator's


def network(subject: Subject) -> Iterator[Finding]:
    yield from _ports(subject)
    yield from _open_doors(subject)
    for place, trunk in enumerate(subject.site.telephony.trunks):
        yield from _trunk(subject, trunk, ("telephony", "trunks", place))
    yield from _database(subject)
    yield from _voices(subject)


def _ports(subject: Subject) -> Iterator[Finding]:
    telephony = subject.site.telephony
    rtp, at = telephony.rtp, ("telephony", "rtp")
    if rtp.last <= rtp.first:
        sentence = f"the ports end ({rtp.last}) before they begin ({rtp.first}); swap or change them"
        yield subject.error((*at, "to"), "rtp-range", sentence)
        return
    needed = telephony.expected_calls * LEGS_PER_CALL * PORTS_PER_LEG
    if rtp.ports < needed:
        sentence = (
            f"{rtp.ports} ports are too few for {telephony.expected_calls} calls at once "
            f"({PORTS_PER_LEG} for each of {LEGS_PER_CALL} legs: {needed}); raise `to` to {rtp.first + needed - 1}"
        )
        yield subject.warning((*at, "to"), "rtp-small", sentence)
    if rtp.first <= telephony.sip.port <= rtp.last:
        sentence = f"port {telephony.sip.port} lies among the ports of the voice; move one of them"
        yield subject.error(("telephony", "sip", "port"), "port-clash", sentence)


def _open_doors(subject: Subject) -> Iterator[Finding]:
    telephony = subject.site.telephony
    bind = ip_address(telephony.sip.bind)
    for place, text in enumerate(telephony.phones_from):
        if _world(text):
            sentence = (
                f"{text} lets the whole world try passwords at {bind}; name the networks your phones are in"
            )
            yield subject.error(("telephony", "phones_from", place), "world-open", sentence)
        elif bind.is_loopback and not ip_network(text).is_loopback:
            sentence = (
                f"phones from {text} cannot reach {bind}: bind SIP to an address of this machine, or 0.0.0.0"
            )
            yield subject.warning(("telephony", "phones_from", place), "bind-loopback", sentence)
    if bind.is_unspecified and subject.source.at(("telephony", "phones_from")) is None:
        sentence = f"{bind} listens to the whole world; say with phones_from which networks may register"
        yield subject.error(("telephony", "sip", "bind"), "world-open", sentence)
    if bind.is_loopback and telephony.trunks:
        sentence = f"a trunk cannot reach {bind}; bind SIP to an address that the provider reaches"
        yield subject.warning(("telephony", "sip", "bind"), "bind-loopback", sentence)


def _world(text: str) -> bool:
    return ip_network(text).prefixlen == 0


def _trunk(subject: Subject, trunk: TrunkEntry, at: Steps) -> Iterator[Finding]:
    for place, text in enumerate(trunk.acl):
        if _world(text):
            sentence = f"{text} lets anybody call in as {trunk.name}; name the provider's networks"
            yield subject.error((*at, "acl", place), "world-open", sentence)
    has_secret = trunk.secret_file is not None or trunk.secret_env is not None
    if trunk.register_ and (trunk.user is None or not has_secret):
        sentence = f"trunk {trunk.name} registers, so it needs user and secret_file (or secret_env)"
        yield subject.error((*at, "register"), "trunk-secret", sentence)
    if trunk.secret_file is not None and trunk.secret_env is not None:
        yield subject.error(
            (*at, "secret_env"), "trunk-secret", "secret_file and secret_env: keep one of them"
        )
    if trunk.secret_file is not None:
        yield from _secret_file(subject, trunk.secret_file, (*at, "secret_file"))


def _secret_file(subject: Subject, name: str, path: Steps) -> Iterator[Finding]:
    try:
        mode = (subject.site.folder / name).stat().st_mode
    except (OSError, ValueError):
        yield subject.error(path, "secret-missing", f"there is no file '{name}'; write the password into it")
        return
    if not stat.S_ISREG(mode):
        yield subject.error(path, "secret-missing", f"'{name}' is not a file; write the password into one")
    elif mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield subject.warning(path, "secret-open", f"others may read '{name}'; run: chmod 600 {name}")


def _database(subject: Subject) -> Iterator[Finding]:
    text = subject.site.database
    kind, separator, rest = text.partition("://")
    user, at, _host = rest.partition("/")[0].rpartition("@")
    if at and ":" in user:
        sentence = (
            "a password does not belong into this file; leave it out of the URL and keep it in ~/.pgpass"
        )
        yield subject.error(("database",), "secret-inline", sentence)
    elif text != "sqlite" and not (separator and rest and kind in {"sqlite", "postgresql", "postgres"}):
        sentence = f"'{text[:40]}' is no database; write sqlite, or postgresql://user@host/name"
        yield subject.error(("database",), "database", sentence)


def _voices(subject: Subject) -> Iterator[Finding]:
    for language in subject.site.prompts.voices:
        path = ("prompts", "voices", language)
        yield from subject.unknown("languages", "language", language, subject.site.languages, path)
