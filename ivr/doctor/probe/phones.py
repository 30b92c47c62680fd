"""Which phones and trunks are registered, asked at Asterisk's console."""

from __future__ import annotations

import asyncio
import re
import subprocess

from acd.core.operator_state import SIGNED_OUT
from asterisk_conf.installation import NoAsterisk, find
from asterisk_conf.switch import Switch
from ivr.doctor.finding import Finding
from ivr.doctor.judge import phones
from ivr.doctor.judge.phones import PhoneFacts
from ivr.doctor.subject import Subject
from ivr.instance import PROJECT

ANSWERS_WITHIN = 2.0
CONTACT = re.compile(r"^\s*Contact:\s+([^/\s]+)/\S+\s+\S+\s+(Avail|Unavail|NonQual|Unknown)\b", re.MULTILINE)
REGISTRATION = re.compile(
    r"^\s*([A-Za-z][\w-]*)/sip:\S+\s+\S*\s*(Registered|Unregistered|Rejected|Stopped)",
    re.MULTILINE,
)
GONE = "Unavail"


async def examine(subject: Subject, plays: str) -> list[Finding]:
    """plays: the user Asterisk runs as."""
    site, settings = subject.site, subject.settings
    if subject.processes.asterisk is None or site is None or settings is None:
        return []
    registering = [trunk.name for trunk in site.telephony.trunks if trunk.register_]
    contacts, trunks, silent = await _asked(subject, registering)
    reachable = {account for account, state in contacts.items() if state != GONE}
    told = (subject.figures or {}).get("operators", [])
    facts = PhoneFacts(
        name=subject.name,
        registrar=f"{settings.sip_bind}:{settings.sip_port}",
        operators={operator: account in reachable for operator, account in site.endpoints().items()},
        on_duty=frozenset(one["id"] for one in told if one["state"] != SIGNED_OUT),
        trunks={name: trunks.get(name, "unknown") for name in registering},
        switch_log=subject.processes.switch_log,
        silent=silent,
        user=plays,
    )
    return list(phones.judge(facts))


async def _asked(subject: Subject, registering: list[str]) -> tuple[dict[str, str], dict[str, str], str]:
    """(contacts by account, registrations by trunk, why it is silent)"""
    try:
        switch = Switch(subject.instance.switch, find(PROJECT), project=PROJECT)
        async with asyncio.timeout(ANSWERS_WITHIN):
            contacts = dict(CONTACT.findall(await switch.cli("pjsip show contacts")))
            trunks: dict[str, str] = {}
            if registering:
                trunks = dict(REGISTRATION.findall(await switch.cli("pjsip show registrations")))
    except TimeoutError:
        return {}, {}, f"no answer within {ANSWERS_WITHIN:g} s"
    except (OSError, NoAsterisk, subprocess.SubprocessError) as error:
        return {}, {}, f"{type(error).__name__}: {getattr(error, 'output', '') or error}".strip()
    return contacts, trunks, ""
