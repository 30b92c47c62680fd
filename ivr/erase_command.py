"""`./hotline erase`: what is kept of one caller, or of one call, is deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from acd.records.calls import CallRow
from acd.records.errors import JournalError
from acd.records.people import People
from acd.records.pseudonyms import Pseudonyms, SecretExposed, load_secret
from acd.records.reading import Records
from ivr.hearing.kept_utterances import forget
from ivr.instance import Instance
from ivr.settings import Settings
from ivr.up_command import refuse, say

PSEUDONYM = "p-"


class NothingToErase(Exception):
    """The person at the terminal has to say something else; one sentence."""


def run_erase(name: str, call: str | None, caller: str | None) -> int:
    """Prints what was erased, and what is not ours to erase. 1, and a sentence, when nothing could be."""
    instance = Instance.named(name)
    if not instance.settings_file.exists():
        return refuse(f"{name} was never started here; nothing is kept. It begins with: ./hotline up")
    if (call is None) == (caller is None):
        return refuse("name one call, or one caller: ./hotline erase CALL, ./hotline erase --caller NUMBER")
    try:
        said = asyncio.run(erase(instance, call, caller))
    except (NothingToErase, JournalError, SecretExposed, OSError) as error:
        return refuse(error)
    for sentence in said:
        say(sentence)
    return 0


async def erase(instance: Instance, call: str | None, caller: str | None) -> Sequence[str]:
    """call: its id, or its beginning. caller: his number, or his pseudonym. Returns what was done, a sentence each.

    Of a call, its caller's number goes as well: no other call of his can be traced to him afterwards.
    Raises NothingToErase, JournalError, SecretExposed, OSError.
    """
    settings = Settings.read(instance)
    pseudonym = None if caller is None else _pseudonym(instance, caller)
    rows = await _calls(settings, call, pseudonym)
    going_on = [row.id for row in rows if row.ended is None]
    if going_on:
        raise NothingToErase(f"the call {going_on[0]} has no end yet; erase it when it is over")
    whose = pseudonym or next((row.caller for row in rows), None)
    known = whose is not None and await _forget_number(instance, settings, whose)
    if not rows and not known:
        raise NothingToErase("nothing is known of this caller")
    number = f"the number of {whose} is erased" if known else "no number was kept"
    return [number, *_forget_sound(settings, rows), _what_stays(rows)]


def _pseudonym(instance: Instance, caller: str) -> str:
    if caller.startswith(PSEUDONYM):
        return caller
    secret = instance.pseudonyms
    found = Pseudonyms(load_secret(secret)).of(caller) if secret.exists() else None
    if found is None:
        raise NothingToErase("nothing is known of this caller")
    return found


async def _calls(settings: Settings, call: str | None, pseudonym: str | None) -> list[CallRow]:
    records = await Records.open(settings.database)
    try:
        if call is None:
            return await records.calls_of(pseudonym or "")
        found = await records.calls_like(call)
    finally:
        await records.close()
    if len(found) != 1:
        several = f"{call!r} begins several calls: {', '.join(row.id for row in found)}"
        raise NothingToErase(several if found else f"there is no call {call!r} in the records")
    return found


async def _forget_number(instance: Instance, settings: Settings, pseudonym: str) -> bool:
    people = await People.open(settings.people, Pseudonyms(load_secret(instance.pseudonyms)))
    try:
        return await people.forget(pseudonym)
    finally:
        await people.close()


def _forget_sound(settings: Settings, rows: Sequence[CallRow]) -> list[str]:
    kept = settings.speech.keep_in
    if not kept:
        return ["no recordings: the site keeps none"]
    erased = sum(forget(Path(kept), row.id) for row in rows)
    said = [f"{erased} recordings of what was said are erased, in {kept}"]
    if not settings.speech.own:
        workers = ", ".join(settings.speech.workers)
        said.append(
            f"the speech workers {workers} keep recordings on their own disks: erase {_folders(rows)} there"
        )
    return said


def _folders(rows: Sequence[CallRow]) -> str:
    return ", ".join(row.id for row in rows) or "nothing"


def _what_stays(rows: Sequence[CallRow]) -> str:
    calls = "the call" if len(rows) == 1 else f"{len(rows)} calls"
    return (
        f"what stays: the journal's story of {calls}, without number, words or personal digits; and backups"
    )
