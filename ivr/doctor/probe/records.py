"""The databases: opened for reading only, and in such a way that not even their side files change."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import NullPool

from acd.records import database, migrations
from acd.records.migrations import HEADS
from acd.records.reading import TROUBLE
from acd.records.sql_errors import said
from ivr.doctor.finding import Finding
from ivr.doctor.judge import records
from ivr.doctor.judge.records import Database, RecordFacts
from ivr.doctor.probe.locks import lock_holder
from ivr.doctor.probe.sockets import program
from ivr.doctor.probe.users import me, owner_of
from ivr.doctor.subject import Subject, short
from ivr.instance import PROJECT

SERVER_ANSWERS_WITHIN = 2.5
WRITERS = text(
    "SELECT DISTINCT a.application_name || ' from ' || coalesce(a.client_addr::text, 'this machine') "
    "FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


async def examine(subject: Subject) -> list[Finding]:
    settings, controller = subject.settings, subject.processes.controller
    if settings is None or subject.stranger:
        return []
    journal, writer, ours = await _journal(settings.database, controller)
    people, _ = await _database("people", settings.people)
    status = subject.status or {}
    facts = RecordFacts(
        name=subject.name,
        site=short(subject.site_file),
        user=me(),
        databases=(journal, people),
        writer=writer,
        ours=ours,
        failing=str(status.get("journal_failing", "")),
        behind=int(status.get("journal_behind", 0)),
    )
    return list(records.judge(facts))


async def _journal(url: str, controller: int | None) -> tuple[Database, str, bool]:
    """(the journal, who writes it, whether that is our controller)"""
    journal, writers = await _database("journal", url)
    if not journal.file:
        return journal, ", ".join(writers), len(writers) == 1 and controller is not None
    pid = lock_holder(PROJECT / f"{journal.file}.writer")
    return journal, "" if pid is None else program(pid), pid is not None and pid == controller


async def _database(what: str, url: str) -> tuple[Database, list[str]]:
    """(the database, who holds a server's lock). Raises ValueError for a URL that is none."""
    parsed = database.parse(url)
    file = database.file_of(parsed)
    if file is not None:
        return await asyncio.to_thread(_file, what, Path(file)), []
    seen = Database(what, database.where(parsed), HEADS[what])
    engine = database.engine(parsed, writing=False)
    try:
        async with asyncio.timeout(SERVER_ANSWERS_WITHIN):
            return await _server(seen, engine)
    except TimeoutError:
        return seen.but(trouble=f"no answer within {SERVER_ANSWERS_WITHIN:g} s"), []
    except TROUBLE as error:
        return seen.but(trouble=said(getattr(error, "orig", None) or error)), []
    finally:
        await engine.dispose()


async def _server(seen: Database, engine: AsyncEngine) -> tuple[Database, list[str]]:
    async with engine.connect() as connection:
        seen = await connection.run_sync(_versioned, seen)
        writers = [str(row[0]) for row in await connection.execute(WRITERS)]
    return seen, writers if seen.what == "journal" else []


def _file(what: str, path: Path) -> Database:
    seen = Database(what, path.name, HEADS[what], file=short(path))
    if not path.exists():
        folder = next(parent for parent in path.parents if parent.exists())
        allowed = os.access(folder, os.W_OK | os.X_OK)
        return seen.but(exists=False, allowed=allowed, owner=owner_of(folder))
    allowed = os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)
    seen = seen.but(allowed=allowed, owner=owner_of(path))
    if not os.access(path, os.R_OK):
        return seen
    engine = create_engine("sqlite://", creator=lambda: untouched(path), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return _versioned(connection, seen)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        return seen.but(trouble=said(getattr(error, "orig", None) or error))
    finally:
        engine.dispose()


def untouched(path: Path) -> sqlite3.Connection:
    """A file that nobody writes has no log beside it; opened as immutable, none is made."""
    still = "" if path.with_name(path.name + "-wal").exists() else "&immutable=1"
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro{still}", uri=True, timeout=1.0)
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection


def _versioned(connection: Connection, seen: Database) -> Database:
    present = migrations.version(connection, seen.what)
    if present is None:
        return seen.but(version="none")
    if present == HEADS[seen.what]:
        return seen.but(present=present)
    return seen.but(present=present, version="old" if migrations.is_known(present, seen.what) else "new")
