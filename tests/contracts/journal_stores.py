"""Where a journal can live, so that one suite runs over all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from acd.adapters.memory_journal import MemoryJournal
from acd.adapters.sql_journal import SqlJournal


class MemoryStore:
    """Keeps its one journal, as a process does."""

    durable = False

    def __init__(self) -> None:
        self._journal = MemoryJournal()

    async def open(self) -> Any:
        return self._journal


class SqlStore:
    durable = True

    def __init__(self, url: str) -> None:
        self.url = url
        self._opened: list[SqlJournal] = []

    async def open(self) -> SqlJournal:
        journal = await SqlJournal.open(self.url, patience=0.3)
        self._opened.append(journal)
        return journal

    async def close(self) -> None:
        for journal in self._opened:
            await journal.close()


def sqlite_store(folder: Path) -> SqlStore:
    return SqlStore(f"sqlite:///{folder / 'records.sqlite3'}")
