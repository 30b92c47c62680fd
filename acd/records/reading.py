"""Reading the records while somebody else writes them: the journal's entries and the table of calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec
from sqlalchemy import Row, Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.ports import Entry
from acd.records import call_store, database, migrations
from acd.records.calls import CallRow
from acd.records.errors import DatabaseMissing, JournalClosed
from acd.records.figures import TopicFigures, by_topic
from acd.records.sql_errors import journal_error
from acd.records.tables import journal

PAGE = 1000
"""Entries read at a time: a long read must not hold a transaction, which would keep SQLite's log growing."""

TROUBLE = (SQLAlchemyError, OSError)
"""What a driver raises when something is wrong with the database; asyncpg lets OSError through."""

T = TypeVar("T")


class Records:
    """Made by `open`. Cannot change anything. All errors are from acd.records.errors."""

    def __init__(self, url: str) -> None:
        self._url = database.parse(url)
        self.where = database.where(self._url)
        self._reader = database.engine(self._url, writing=False)
        self._closed = False

    @classmethod
    async def open(cls, url: str) -> Self:
        """url: see acd.records.database.

        Raises DatabaseMissing, DatabaseTooOld, DatabaseTooNew, JournalUnavailable; ValueError for a bad URL.
        """
        opened = cls(url)
        file = database.file_of(opened._url)
        if file is not None and not Path(file).exists():
            raise DatabaseMissing(f"There is no journal {file} yet: start the hotline first.")
        try:
            await opened._ask(lambda asked: migrations.demand_current(asked, "journal", opened.where))
        except BaseException:
            await opened.close()
            raise
        return opened

    async def read(self, *, after: int = 0, call: str | None = None) -> AsyncIterator[Entry]:
        """Entries with seq > after, rising; of one call if asked. Sees what is appended while it reads."""
        while True:
            wanted = _entries(after, call)
            page = await self._ask(lambda asked, wanted=wanted: page_of(asked, wanted))
            for entry in page:
                yield entry
            if len(page) < PAGE:
                return
            after = page[-1].seq

    async def latest(self, name: str) -> Entry | None:
        """The newest entry of this name, e.g. the last "ControllerStarted"."""
        newest = select(journal).where(journal.c.name == name).order_by(journal.c.seq.desc()).limit(1)
        found = await self._ask(lambda asked: page_of(asked, newest))
        return found[0] if found else None

    async def figures(self, since: datetime, within: Mapping[str, float]) -> list[TopicFigures]:
        """By topic, of calls that began since then. within: topic -> seconds that count as in time."""
        rows = await self._ask(lambda asked: asked.execute(by_topic(since, within)))
        return [TopicFigures(*row) for row in rows]

    async def call(self, id: str) -> CallRow | None:
        return (await self._ask(lambda asked: call_store.load(asked, [id]))).get(id)

    async def calls_like(self, beginning: str) -> list[CallRow]:
        """Calls whose id is, or begins with, `beginning`; an exact one comes alone. At most 20."""
        return await self._ask(lambda asked: call_store.called_like(asked, beginning))

    async def calls_of(self, caller: str) -> list[CallRow]:
        """Every call of this pseudonym, in order of beginning."""
        return await self._ask(lambda asked: call_store.called_by(asked, caller))

    async def calls(self) -> list[CallRow]:
        """Every call, in order of beginning."""
        return await self._ask(call_store.every)

    async def last_calls(self, count: int) -> list[CallRow]:
        """The `count` calls that began last, the latest first."""
        return await self._ask(lambda asked: call_store.last(asked, count))

    async def open_calls(self) -> list[CallRow]:
        """Calls whose end is not in the journal: going on, or lost sight of while no controller ran."""
        return await self._ask(call_store.not_ended)

    async def close(self) -> None:
        self._closed = True
        await self._reader.dispose()

    async def _ask(self, question: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        self._demand_open()
        try:
            async with self._reader.connect() as connection:
                return await question(connection)
        except TROUBLE as error:
            raise journal_error(error, self.where) from error

    def _demand_open(self) -> None:
        if self._closed:
            raise JournalClosed("This journal is closed.")


async def page_of(
    connection: AsyncConnection, wanted: Select[Any] | None = None, *, after: int = 0
) -> list[Entry]:
    """The entries a statement selects; without one, the page that follows `after`."""
    found = await connection.execute(_entries(after, None) if wanted is None else wanted)
    return [_entry(row) for row in found]


def _entries(after: int, call: str | None) -> Select[Any]:
    wanted = select(journal).where(journal.c.seq > after).order_by(journal.c.seq).limit(PAGE)
    return wanted if call is None else wanted.where(journal.c.call == call)


def _entry(row: Row[Any]) -> Entry:
    fields = dict(row._mapping)
    return Entry(**(fields | {"body": msgspec.json.decode(fields["body"])}))
