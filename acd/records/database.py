"""Where the records are kept: SQLite in a file, or PostgreSQL by URL. The only place that knows both."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT = 5.0
"""Seconds a writer waits for another process's transaction (a backup, a reader's checkpoint)."""

ANSWER_WITHIN = 10.0
"""Seconds after which a database server that does not answer counts as gone."""


def site_url(setting: str, home: Path) -> str:
    """The URL for the site file's `database`: "sqlite" is a file in the instance's folder `home`."""
    return f"sqlite:///{home / 'records.sqlite3'}" if setting == "sqlite" else setting


def parse(url: str) -> URL:
    """A URL with our driver in it. Raises ValueError for a database we do not keep records in."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(
            "the database URL cannot be read; use sqlite:///FILE or postgresql://HOST/NAME"
        ) from None
    kind = parsed.drivername.partition("+")[0]
    if kind == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    if kind in {"postgresql", "postgres"}:
        query = dict(parsed.query)
        if "sslmode" in query:  # libpq's word, which people paste; asyncpg says ssl
            query["ssl"] = query.pop("sslmode")
        return parsed.set(drivername="postgresql+asyncpg", query=query)
    raise ValueError(f"no records in {kind!r}: use sqlite:///FILE or postgresql://HOST/NAME")


def where(url: URL) -> str:
    """For messages: the file, or the URL without its password."""
    return file_of(url) or url.set(drivername="postgresql").render_as_string(hide_password=True)


def file_of(url: URL) -> str | None:
    """SQLite's file; None for a server."""
    return (url.database or ":memory:") if url.drivername.startswith("sqlite") else None


def make_file(path: Path) -> None:
    """Make the file readable by its owner only, before SQLite opens it: -wal and -shm inherit that."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def engine(url: URL, *, writing: bool, alone: bool = False) -> AsyncEngine:
    """An engine with the manners the records need. writing=False cannot change anything.

    alone: one connection does everything, one after the other, as a file would have it anyway. Several to one
    file keep more and more descriptors open: SQLite cannot close one as long as another has a lock.
    """
    if url.drivername.startswith("sqlite"):
        few = {"pool_size": 1, "max_overflow": 0} if alone else {}
        made = create_async_engine(url, connect_args={"timeout": BUSY_TIMEOUT}, **few)
        _sqlite_manners(made, writing=writing)
        return made
    settings = {
        "application_name": "hotline" if writing else "hotline (reading)",
        # A dead machine's lock is let go of after about 25 s, so that a stand-by can take over.
        "tcp_keepalives_idle": "10",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
    }
    if not writing:
        settings["default_transaction_read_only"] = "on"
    arguments = {"server_settings": settings, "timeout": ANSWER_WITHIN, "command_timeout": ANSWER_WITHIN}
    return create_async_engine(url, connect_args=arguments, pool_size=2)


async def empty_log(engine: AsyncEngine) -> None:
    """What stood in the write-ahead log stands there no more. Nothing to do for PostgreSQL, whose vacuum does it."""
    if engine.dialect.name == "sqlite":
        async with engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]


def _sqlite_manners(made: AsyncEngine, *, writing: bool) -> None:
    """Pragmas on every connection, and transactions that begin when we say so.

    synchronous=FULL: the write-ahead log is synced at every commit, so that an acknowledged entry outlives
    a power failure. NORMAL would do for kill -9. See docs/decisions/journal-durability.md.
    """

    @event.listens_for(made.sync_engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own guesses about transactions are off
        cursor = connection.cursor()
        if writing:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten
        else:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(made.sync_engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
