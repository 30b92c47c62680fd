"""The journal's twin in memory: same order, same refusals, same table of calls, gone with the process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import msgspec
from msgspec.structs import replace

from acd.ports import Entry
from acd.records.calls import CallRow, Rules, project
from acd.records.entries import demand_good
from acd.records.errors import JournalClosed, JournalFull, JournalUnavailable


class MemoryJournal:
    """For demonstrations, simulation and tests.

    room: entries it can hold. available: False makes it behave like a database that is gone.
    """

    def __init__(self, *, room: int | None = None) -> None:
        self.available = True
        self.room = room
        self._entries: list[Entry] = []
        self._rows: dict[str, CallRow] = {}
        self._rules = Rules()
        self._closed = False

    async def append(self, entries: Sequence[Entry]) -> None:
        self._demand_open()
        kept = [self._kept(entry, number) for number, entry in enumerate(entries, len(self._entries) + 1)]
        if self.room is not None and len(self._entries) + len(kept) > self.room:
            raise JournalFull(f"The journal holds {self.room} entries and is full.")
        changes = project(kept, self._rows, self._rules)
        self._entries += kept
        self._rows |= changes.rows
        self._rules = changes.rules

    async def read(self, *, after: int = 0, call: str | None = None) -> AsyncIterator[Entry]:
        self._demand_open()
        for entry in self._entries[max(0, after) :]:
            if call is None or entry.call == call:
                yield _copy(entry)

    async def close(self) -> None:
        self._closed = True

    async def call(self, id: str) -> CallRow | None:
        return self._rows.get(id)

    async def calls(self) -> list[CallRow]:
        return sorted(self._rows.values(), key=lambda row: (row.started, row.id))

    async def last_calls(self, count: int) -> list[CallRow]:
        return list(reversed(await self.calls()))[:count]

    async def open_calls(self) -> list[CallRow]:
        return [row for row in await self.calls() if row.ended is None]

    async def rebuild_calls(self) -> None:
        changes = project(self._entries, {}, Rules())
        self._rows, self._rules = changes.rows, changes.rules

    def _kept(self, entry: Entry, number: int) -> Entry:
        demand_good(entry)
        return replace(_copy(entry), seq=number)

    def _demand_open(self) -> None:
        if self._closed:
            raise JournalClosed("This journal is closed.")
        if not self.available:
            raise JournalUnavailable("The journal does not answer.")


def _copy(entry: Entry) -> Entry:
    """As it would come back from a database: the body through JSON, so that nobody shares it."""
    return replace(entry, body=msgspec.json.decode(msgspec.json.encode(entry.body)))
