"""A journal read as a recording: for `fit` and `replay`. Reads only, beside a running hotline if need be."""

from __future__ import annotations

from collections.abc import AsyncIterable
from pathlib import Path
from typing import cast

from acd.core.commands import AnyCommand
from acd.core.events import AnyFact
from acd.ports import Entry
from acd.records.entries import value_of
from acd.records.reading import Records
from acd.records.steps import CallEnded, CallStarted
from ivr.instance import Instance
from ivr.settings import Settings
from loadtest.recording import Came, Moment, Recording, Run, Went

SERVERS = ("postgresql://", "postgres://", "sqlite://")


def journal_url(named: str) -> str:
    """The URL of a journal that is named as a URL, as an SQLite file, or by its hotline.

    Raises ValueError, in a sentence, for a name that is none of these.
    """
    if named.startswith(SERVERS):
        return named
    if Path(named).is_file():
        return f"sqlite:///{Path(named).resolve()}"
    instance = Instance.named(named)
    if "/" not in named and instance.settings_file.exists():
        return Settings.read(instance).database
    raise ValueError(
        f"there is no journal {named}: name its SQLite file, a postgresql:// URL, or a hotline of this machine"
    )


async def read_journal(named: str) -> Recording:
    """The whole journal. Raises ValueError and acd.records.errors.JournalError, each with a sentence."""
    records = await Records.open(journal_url(named))
    try:
        return Recording(records.where, await runs_of(records.read()))
    finally:
        await records.close()


async def runs_of(entries: AsyncIterable[Entry]) -> list[Run]:
    """One run for each life of a controller; a new one begins at ControllerStarted, or when the clock restarts."""
    runs: list[Run] = []
    async for entry in entries:
        starts = entry.name == "ControllerStarted" and bool(runs) and bool(runs[-1].moments)
        if not runs or starts or entry.mono < runs[-1].until - 1.0:
            runs.append(Run(entry.at.timestamp(), entry.mono, entry.mono))
        run = runs[-1]
        run.until = max(run.until, entry.mono)
        _take(run, entry)
    return runs


def _take(run: Run, entry: Entry) -> None:
    at = entry.at.timestamp()
    if entry.kind == "fact":
        run.moments.append(Moment(entry.seq, at, entry.mono, cast("AnyFact", value_of(entry))))
    elif entry.kind == "decision":
        command = cast("AnyCommand", value_of(entry))
        last = run.moments[-1] if run.moments else None
        if last is None or last.mono != entry.mono:  # no fact at that time: an alarm
            run.moments.append(Moment(entry.seq, at, entry.mono, None, [command]))
        else:
            last.commands.append(command)
    elif entry.call is not None and entry.name == "CallStarted":
        told = cast("CallStarted", value_of(entry))
        run.came[entry.call] = Came(entry.mono, told.caller)
    elif entry.call is not None and entry.name == "CallEnded":
        ended = cast("CallEnded", value_of(entry))
        run.went[entry.call] = Went(entry.mono, ended.by, ended.failed)
