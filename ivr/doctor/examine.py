"""The whole examination: every look runs by itself, and one that fails becomes a finding, not an end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path

import structlog

from ivr.doctor.finding import Finding, Trouble, in_order
from ivr.doctor.judge import processes
from ivr.doctor.probe import (
    asterisk,
    clock,
    logs,
    machine,
    phones,
    ports,
    prompts,
    records,
    secrets,
    site,
    speech,
)
from ivr.doctor.probe.subject import subject as find_subject
from ivr.doctor.subject import Subject, Untouched
from ivr.instance import PROJECT, PROMPTS

log = structlog.get_logger()

WITHIN = 4.0  # seconds for each look
EXAMPLE = PROJECT / "examples" / "city_health" / "site.yaml"

NOT_LOOKED_AT = Trouble(
    "not-looked-at", "Running", "doctor", "error",
    "{what} could not be looked at: {why}",
    "look at it by hand (docs/doctor.md); if you find nothing, it is a fault of the doctor: please report it",
    "A look that failed says nothing about what it looks at.",
)  # fmt: skip
TROUBLES = (NOT_LOOKED_AT,)

Look = Callable[[], Awaitable[Iterable[Finding]]]


async def examine(
    config: Path, name: str, instance: Untouched, sounds: Path = PROMPTS
) -> tuple[Subject, list[Finding]]:
    """Everything, in the order in which it is shown. sounds: the folder all prompts lie in."""
    subject = await find_subject(config, name, instance, EXAMPLE)
    plays = await asyncio.to_thread(asterisk.who_plays, subject)
    looks: dict[str, Look] = {
        "the site file": _thread(site.examine, subject),
        "Asterisk": _thread(asterisk.examine, subject),
        "the ports": _thread(ports.examine, subject),
        "the prompts": _thread(partial(prompts.examine, folder=sounds, plays=plays), subject),
        "the speech models": _thread(speech.examine, subject),
        "the records": partial(records.examine, subject),
        "the secrets": _thread(secrets.examine, subject),
        "the clock": _thread(clock.examine, subject),
        "the disk": _thread(machine.examine_disk, subject),
        "open files": _thread(partial(machine.examine_open_files, plays=plays), subject),
        "processors and memory": _thread(partial(machine.examine_capacity, plays=plays), subject),
        "the phones": partial(phones.examine, subject, plays),
        "the logs": _thread(logs.examine, subject),
    }
    if subject.stranger:  # what we cannot see would be taken for what is not there
        looks = {what: looks[what] for what in ("Asterisk", "the secrets", "the clock")}
    found = [] if subject.stranger else list(processes.judge(subject.processes))
    for findings in await asyncio.gather(*(safely(what, look) for what, look in looks.items())):
        found += findings
    return subject, in_order(found)


def _thread(look: Callable[[Subject], Iterable[Finding]], subject: Subject) -> Look:
    return lambda: asyncio.to_thread(lambda: list(look(subject)))


async def safely(what: str, look: Look) -> list[Finding]:
    try:
        async with asyncio.timeout(WITHIN):
            return list(await look())
    except TimeoutError:
        return [NOT_LOOKED_AT(what=what, why=f"it took more than {WITHIN:g} s")]
    except Exception as error:  # whatever it is, the other looks go on
        log.debug("a look failed", what=what, exc_info=True)
        return [NOT_LOOKED_AT(what=what, why=f"{type(error).__name__}: {error}")]
