"""How fast the journal is, and how much room a call takes: python -m benchmarks.journal [--json]

Entries per second in batches of 1, 10 and 100, acknowledged on disk, the table of calls included; SQLite and
PostgreSQL as ratios to memory, and SQLite with a sync at every commit as a ratio to SQLite without.
PostgreSQL is a server of its own with fsync on; left out when it is not installed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from acd.adapters.memory_journal import MemoryJournal
from acd.adapters.sql_journal import SqlJournal
from acd.ports import Entry
from tests.contracts.call_entries import typical_call
from tests.contracts.postgres_server import NoPostgres, PostgresServer

BATCHES = (1, 10, 100)
ROUNDS = 5
SECONDS = 0.4
CALLS_MEASURED = 400
AT_ONCE = 30


def entries_of_calls(mark: str) -> list[Entry]:
    """Calls going on side by side, AT_ONCE of them, as a busy site's entries come."""
    calls = [typical_call(f"{mark}-{n}", n * 2.0) for n in range(CALLS_MEASURED)]
    groups = [calls[first : first + AT_ONCE] for first in range(0, CALLS_MEASURED, AT_ONCE)]
    return [entry for group in groups for step in zip(*group, strict=True) for entry in step]


async def rate(journal: Any, batch: int, entries: itertools.cycle[Entry]) -> float:
    """Entries per second."""
    written, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < SECONDS:
        await journal.append(list(itertools.islice(entries, batch)))
        written += batch
    return written / passed


async def rates(journals: dict[str, Any]) -> dict[str, dict[int, float]]:
    """The median of ROUNDS; the journals take turns, so that what else the machine does hits all alike."""
    entries = itertools.cycle(entries_of_calls("r"))
    found = {name: {batch: [] for batch in BATCHES} for name in journals}
    for _ in range(ROUNDS):
        for batch in BATCHES:
            for name, journal in journals.items():
                found[name][batch].append(await rate(journal, batch, entries))
    return {
        name: {batch: statistics.median(seen) for batch, seen in by_batch.items()}
        for name, by_batch in found.items()
    }


@asynccontextmanager
async def in_sqlite(*, synced: bool) -> AsyncIterator[SqlJournal]:
    with tempfile.TemporaryDirectory(prefix="hotline-", dir=".") as folder:
        journal = await SqlJournal.open(f"sqlite:///{Path(folder) / 'records.sqlite3'}")
        if not synced:
            connection = journal._connection
            assert connection is not None
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute("PRAGMA synchronous=NORMAL")  # not allowed inside SQLAlchemy's transaction
        yield journal
        await journal.close()


@asynccontextmanager
async def in_postgres(server: PostgresServer, name: str) -> AsyncIterator[SqlJournal]:
    journal = await SqlJournal.open(server.make_database(name))
    yield journal
    await journal.close()


async def sqlite_bytes_per_call() -> float:
    async with in_sqlite(synced=False) as journal:
        return await _growth_per_call(journal, "SELECT page_count * 4096 FROM pragma_page_count")


async def postgres_bytes_per_call(server: PostgresServer) -> float:
    async with in_postgres(server, "size") as journal:
        tables = "pg_total_relation_size('journal') + pg_total_relation_size('calls')"
        return await _growth_per_call(journal, f"SELECT {tables}")


async def _growth_per_call(journal: SqlJournal, question: str) -> float:
    async def size() -> int:
        async with journal._reader.connect() as connection:
            return (await connection.exec_driver_sql(question)).scalar_one()

    before = await size()
    entries = entries_of_calls("s")
    for first in range(0, len(entries), 20):
        await journal.append(entries[first : first + 20])
    return (await size() - before) / CALLS_MEASURED


async def measure() -> dict[str, Any]:
    call = typical_call("c")
    sizes: dict[str, float] = {}
    async with contextlib.AsyncExitStack() as stack:
        journals: dict[str, Any] = {
            "memory": MemoryJournal(),
            "sqlite": await stack.enter_async_context(in_sqlite(synced=True)),
            "sqlite_without_sync": await stack.enter_async_context(in_sqlite(synced=False)),
        }
        sizes["sqlite"] = await sqlite_bytes_per_call()
        with contextlib.suppress(NoPostgres):
            server = PostgresServer(fsync=True)
            stack.callback(server.remove)
            server.start()
            sizes["postgres"] = await postgres_bytes_per_call(server)
            journals["postgres"] = await stack.enter_async_context(in_postgres(server, "rates"))
        speeds = await rates(journals)
    return {
        "entries_per_second": speeds,
        "entries_per_call": len(call),
        "json_bytes_per_call": sum(len(msgspec.json.encode(entry.body)) for entry in call),
        "bytes_per_call": sizes,
    }


def show(found: dict[str, Any]) -> None:
    speeds = found["entries_per_second"]
    print(f"{'entries/s':22}" + "".join(f"{f'batch {batch}':>12}" for batch in BATCHES))
    for name, by_batch in speeds.items():
        print(f"{name:22}" + "".join(f"{by_batch[batch]:12,.0f}" for batch in BATCHES))
    for name, base in (("sqlite", "memory"), ("postgres", "memory"), ("sqlite", "sqlite_without_sync")):
        if name in speeds:
            ratios = (speeds[name][batch] / speeds[base][batch] for batch in BATCHES)
            print(f"{f'{name} / {base}'[:34]:34}" + "  ".join(f"{ratio:.3f}" for ratio in ratios))
    print(
        f"a call: {found['entries_per_call']} entries, {found['json_bytes_per_call']:,} bytes of JSON; on disk"
    )
    for name, size in found["bytes_per_call"].items():
        print(f"  {name}: {size:,.0f} bytes, {size / found['json_bytes_per_call']:.2f} times that")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    found = asyncio.run(measure())
    print(json.dumps(found, indent=2)) if parser.parse_args().json else show(found)


if __name__ == "__main__":
    main()
