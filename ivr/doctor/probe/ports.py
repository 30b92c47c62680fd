"""The ports of a hotline: in use by it, free, or somebody else's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ivr.doctor.finding import Finding
from ivr.doctor.judge import ports, rtp
from ivr.doctor.judge.ports import Ephemeral, PortFacts
from ivr.doctor.judge.rtp import RtpFacts
from ivr.doctor.probe import sockets
from ivr.doctor.probe.locks import lock_holder
from ivr.doctor.probe.sockets import Used
from ivr.doctor.subject import Subject, Untouched, short
from ivr.settings import Settings
from ivr.site import Site


def examine(subject: Subject) -> Iterator[Finding]:
    settings, site = subject.settings, subject.site
    if settings is None or site is None:
        return
    used, ephemeral = sockets.used_ports(), sockets.ephemeral()
    yield from ports.judge(_ports(subject, settings, site, used, ephemeral))
    yield from rtp.judge(_rtp(subject, settings, site, used, ephemeral))


def _ports(
    subject: Subject, settings: Settings, site: Site, used: list[Used], ephemeral: Ephemeral
) -> PortFacts:
    address, port, pid = settings.sip_bind, settings.sip_port, subject.processes.asterisk
    code, why = (None, "") if pid is not None else sockets.refused(address, port)
    return PortFacts(
        name=subject.name,
        site=short(subject.site_file),
        address=address,
        port=port,
        networks=tuple(map(str, site.telephony.phones_from)),
        ephemeral=ephemeral,
        own_addresses=sockets.own_addresses(),
        refused=code,
        holder=sockets.holder(used, "udp", port) if code else "",
        why=why,
        ami_port=settings.ami_port,
        listening=None if pid is None else sockets.listening(used, pid),
    )


def _rtp(
    subject: Subject, settings: Settings, site: Site, used: list[Used], ephemeral: Ephemeral
) -> RtpFacts:
    first, last, pid = settings.rtp_from, settings.rtp_to, subject.processes.asterisk
    inside = list(sockets.within(used, first, last))
    # Ports whose program we may not know are Asterisk's own, when it runs as another user.
    strange = [one for one in inside if one.pid != pid and not (pid is not None and one.pid is None)]
    return RtpFacts(
        name=subject.name,
        site=short(subject.site_file),
        first=first,
        last=last,
        expected_calls=site.telephony.expected_calls,
        ephemeral=ephemeral,
        strangers=dict(Counter(sockets.program(one.pid) for one in strange)),
        others=tuple(_others(subject, first, last)),
        used=None if pid is None else len(inside) - len(strange),
    )


def _others(subject: Subject, first: int, last: int) -> Iterator[str]:
    """Hotlines beside this one that run with ports of this range."""
    for folder in sorted(subject.instance.home.parent.glob("*/")):
        beside = Untouched(folder)
        if folder == subject.instance.home or lock_holder(beside.pid_file) is None:
            continue
        try:
            theirs = Settings.read(beside)
        except (OSError, ValueError, TypeError, KeyError):
            continue
        if theirs.rtp_from <= last and first <= theirs.rtp_to:
            yield folder.name
