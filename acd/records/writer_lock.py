"""One controller writes a journal; this is how the second one is told."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.records.errors import JournalTaken

PATIENCE = 5.0
"""Seconds to wait for a predecessor on PostgreSQL: its server needs a moment to see that he was killed."""

_JOURNAL_LOCK = 0x686F746C696E65  # "hotline"; an advisory lock is a number, per database
_LOCK_NOT_AVAILABLE = "55P03"


class FileLock:
    """SQLite: a lock on a file beside the database. The kernel drops it with the process, even on kill -9."""

    def __init__(self, database: Path) -> None:
        self._descriptor = os.open(f"{database}.writer", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise JournalTaken(taken(str(database))) from None

    def release(self) -> None:
        os.close(self._descriptor)


async def take_on_server(connection: AsyncConnection, where: str, patience: float) -> None:
    """PostgreSQL: an advisory lock of the very connection that writes: who loses it cannot write.

    patience: seconds. Raises JournalTaken.
    """
    try:
        await connection.execute(text(f"SET lock_timeout = {max(1, round(patience * 1000))}"))
        await connection.execute(text(f"SELECT pg_advisory_lock({_JOURNAL_LOCK})"))
        await connection.execute(text("RESET lock_timeout"))
        await connection.commit()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise JournalTaken(taken(where)) from None
        raise


def taken(where: str) -> str:
    return f"Another controller writes the journal {where}: stop it, or give this one its own database."
