"""The journal in SQL: SQLite in a file by default, PostgreSQL by URL.

A batch is one transaction, with the rows of the table of calls in it, so the two never disagree.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.ports import Entry
from acd.records import call_store, database, migrations, writer_lock
from acd.records.calls import CallRow, Changes, Rules, project, rules_of
from acd.records.entries import demand_good
from acd.records.reading import TROUBLE, Records, page_of
from acd.records.sql_errors import journal_error
from acd.records.tables import journal


class SqlJournal(Records):
    """Made by `open`. The one writer of a journal; besides, it reads like any other."""

    def __init__(self, url: str, *, patience: float = writer_lock.PATIENCE) -> None:
        super().__init__(url)
        self._patience = patience
        self._writer = database.engine(self._url, writing=True)
        self._file_lock: writer_lock.FileLock | None = None
        self._connection: AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._seq = 0
        self._rules = Rules()
        self._rows: dict[str, CallRow] = {}  # of the calls going on; nobody else changes them
        self._unsure: tuple[int, tuple[Entry, ...]] | None = None

    @classmethod
    async def open(cls, url: str, *, patience: float = writer_lock.PATIENCE) -> Self:
        """Open, make or upgrade the tables, and keep other writers out.

        patience: seconds to wait for a writer that is just going (PostgreSQL).
        Raises JournalTaken, JournalUnavailable, JournalFull, DatabaseTooNew; ValueError for a wrong URL.
        """
        opened = cls(url, patience=patience)
        try:
            file = database.file_of(opened._url)
            if file is not None:
                database.make_file(Path(file))
                opened._file_lock = writer_lock.FileLock(Path(file))
            async with opened._writing():
                pass
        except BaseException as error:
            await opened.close()
            if isinstance(error, OSError):
                raise journal_error(error, opened.where) from error
            raise
        return opened

    async def append(self, entries: Sequence[Entry]) -> None:
        """Write the batch, whole or not at all, to disk.

        After JournalUnavailable it may or may not be in: append the very same batch again, it goes in once.
        """
        batch = tuple(entries)
        for entry in batch:
            demand_good(entry)
        lines = [_line(entry) for entry in batch]
        async with self._writing() as connection:
            if batch and not self._landed(batch):
                await self._write(connection, batch, lines)

    async def rebuild_calls(self) -> None:
        """Make the table of calls again from the journal, in one transaction."""
        rules, rows, after = Rules(), dict[str, CallRow](), 0
        async with self._writing() as connection, connection.begin():
            await call_store.clear(connection)
            while page := await page_of(connection, after=after):
                changes = project(page, rows, rules)
                rows |= changes.rows
                rules, after = changes.rules, page[-1].seq
            await call_store.save(connection, rows.values())
            self._rows = {}

    async def close(self) -> None:
        async with self._turn:
            await self._drop()
            await self._writer.dispose()
            await super().close()
            if self._file_lock is not None:
                self._file_lock.release()
                self._file_lock = None

    @contextlib.asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        """One at a time, on the connection that holds the lock; whatever goes wrong, that connection goes."""
        async with self._turn:
            self._demand_open()
            try:
                yield self._connection or await self._connect()
            except BaseException as error:
                await self._drop()
                if isinstance(error, TROUBLE):
                    raise journal_error(error, self.where) from error
                raise

    async def _connect(self) -> AsyncConnection:
        """A fresh writing connection, with the lock, the tables, and the journal's end known."""
        connection = self._connection = await self._writer.connect()
        if connection.dialect.name == "postgresql":
            await writer_lock.take_on_server(connection, self.where, self._patience)
        async with connection.begin():
            await migrations.upgrade(connection, "journal", self.where)
            self._seq = (await connection.execute(select(func.max(journal.c.seq)))).scalar() or 0
            self._rules = await _present_rules(connection)
        return connection

    async def _write(
        self, connection: AsyncConnection, batch: tuple[Entry, ...], lines: list[dict[str, Any]]
    ) -> None:
        self._unsure = (self._seq, batch)
        for seq, line in enumerate(lines, self._seq + 1):
            line["seq"] = seq
        async with connection.begin():
            await connection.execute(insert(journal), lines)
            changes = project(batch, await self._known(connection, batch), self._rules)
            await call_store.save(connection, changes.rows.values())
        self._unsure = None
        self._seq += len(batch)
        self._keep(changes)

    async def _known(self, connection: AsyncConnection, batch: tuple[Entry, ...]) -> dict[str, CallRow]:
        wanted = {entry.call for entry in batch if entry.call is not None}
        return self._rows | await call_store.load(connection, wanted - self._rows.keys())

    def _keep(self, changes: Changes) -> None:
        self._rules = changes.rules
        for id, row in changes.rows.items():
            if row.ended is None:
                self._rows[id] = row
            else:
                self._rows.pop(id, None)

    def _landed(self, batch: tuple[Entry, ...]) -> bool:
        """Whether this is the batch whose fate was unknown when the link broke, and it did get in."""
        unsure, self._unsure = self._unsure, None
        return unsure is not None and unsure[1] == batch and self._seq == unsure[0] + len(batch)

    async def _drop(self) -> None:
        """Forget a connection that something went wrong with; the next append makes a new one."""
        connection, self._connection = self._connection, None
        self._rows = {}
        if connection is None:
            return
        with contextlib.suppress(*TROUBLE):  # it may be broken already
            await connection.invalidate()
            await connection.close()


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "mono": entry.mono,
        "kind": entry.kind,
        "name": entry.name,
        "call": entry.call,
        "operator": entry.operator,
        "body": msgspec.json.encode(entry.body).decode(),
    }


async def _present_rules(connection: AsyncConnection) -> Rules:
    policies = text("name = 'PolicyChanged'")  # not a parameter: the partial index is found by these words
    newest = select(journal).where(policies).order_by(journal.c.seq.desc()).limit(1)
    found = await page_of(connection, newest)
    return rules_of(found[0]) if found else Rules()
