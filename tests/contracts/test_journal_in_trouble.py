"""What is acknowledged stays, what fails leaves nothing half written, and every trouble has its own error."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from acd.adapters.memory_journal import MemoryJournal
from acd.adapters.sql_journal import SqlJournal
from acd.records.errors import (
    DatabaseMissing,
    DatabaseTooNew,
    DatabaseTooOld,
    JournalFull,
    JournalTaken,
    JournalUnavailable,
)
from acd.records.reading import Records
from acd.records.sql_errors import journal_error
from tests.contracts.call_entries import notes, typical_call
from tests.contracts.cutting_proxy import CuttingProxy
from tests.contracts.journal_stores import SqlStore
from tests.contracts.postgres_server import PostgresServer
from tests.contracts.test_journal import all_of, without_seq

ROOT = Path(__file__).parents[2]


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A unix socket's path has 107 bytes at most; pytest's own folders may be deeper."""
    with tempfile.TemporaryDirectory(prefix="hotline-", dir="/tmp") as folder:
        yield Path(folder)


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


@pytest.mark.live
async def test_everything_acknowledged_is_there_after_the_writer_was_killed(sql_store: SqlStore) -> None:
    child = subprocess.Popen(  # noqa: ASYNC220 (this test has nothing else to do)
        [sys.executable, "-m", "tests.contracts.writing_child", sql_store.url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    acknowledged = [int(child.stdout.readline()) for _ in range(60)]
    child.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in child.stdout.read().split(b"\n")[:-1]]
    assert child.wait() == -signal.SIGKILL

    journal = await SqlJournal.open(sql_store.url, patience=5.0)  # and its lock is free
    try:
        entries = await all_of(journal)
        assert len(entries) >= acknowledged[-1] >= 300
        assert len(entries) % 5 == 0, "a batch is in whole or not at all"
        assert without_seq(entries) == notes(len(entries))
        await journal.append(notes(1, first=len(entries) + 1))
    finally:
        await journal.close()


async def test_a_full_disk_is_told_and_leaves_nothing_half_written(sqlite: SqlStore) -> None:
    journal = await sqlite.open()
    await journal.append(typical_call("a"))
    before = await journal.calls()
    connection = journal._connection
    assert connection is not None
    pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
    await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    await connection.commit()
    batch = [*typical_call("b"), *notes(500)]
    with pytest.raises(JournalFull, match=r"No room left for the database .*records\.sqlite3"):
        await journal.append(batch)
    assert len(await all_of(journal)) == 16
    assert await journal.calls() == before
    await journal.append(batch)  # the limit went with the connection: there is room again
    assert without_seq(await all_of(journal)) == [*typical_call("a"), *batch]


async def test_the_twin_can_be_full_and_gone_as_well() -> None:
    journal = MemoryJournal(room=3)
    await journal.append(notes(2))
    with pytest.raises(JournalFull):
        await journal.append(notes(2, first=3))
    journal.available = False
    with pytest.raises(JournalUnavailable):
        await journal.append(notes(1))
    journal.available = True
    assert len(await all_of(journal)) == 2


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (asyncpg.DiskFullError("could not extend file: No space left on device"), JournalFull),
        (asyncpg.AdminShutdownError("terminating connection"), JournalUnavailable),
        (ConnectionRefusedError(111, "Connect call failed"), JournalUnavailable),
        (TimeoutError(), JournalUnavailable),
    ],
)
def test_what_postgres_says_is_put_in_our_words(error: Exception, kind: type[Exception]) -> None:
    wrapped = (
        DBAPIError("INSERT …", {"body": "+79161234567"}, error)
        if isinstance(error, asyncpg.PostgresError)
        else error
    )
    ours = journal_error(wrapped, "postgresql://host/name")
    assert type(ours) is kind
    assert "79161234567" not in str(ours)


@pytest.mark.live
async def test_a_database_that_dies_is_told_and_works_again_after_its_return(
    postgres_of_its_own: PostgresServer,
) -> None:
    server = postgres_of_its_own
    journal = await SqlJournal.open(server.url())
    try:
        await journal.append(typical_call("a")[:9])
        server.kill()
        rest = typical_call("a")[9:]
        for _ in range(2):
            with pytest.raises(JournalUnavailable, match="does not answer"):
                await journal.append(rest)
        with pytest.raises(JournalUnavailable):
            await journal.calls()
        server.start()
        await journal.append(rest)
        assert without_seq(await all_of(journal)) == typical_call("a")
        row = await journal.call("a")
        assert row is not None
        assert (row.result, row.offers, row.talk_seconds) == ("answered", 2, 60.0)
    finally:
        await journal.close()


@pytest.mark.live
@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_batch_tried_again_after_a_lost_commit_is_there_once(
    postgres: PostgresServer, short_folder: Path, cut: str
) -> None:
    name = f"lost_commit_{cut}"
    postgres.make_database(name)
    async with CuttingProxy(postgres.folder, short_folder) as proxy:
        journal = await SqlJournal.open(postgres.url(name, folder=short_folder))
        try:
            await journal.append(notes(2))
            proxy.cut = cut
            batch = typical_call("a")
            with pytest.raises(JournalUnavailable):
                await journal.append(batch)
            there = int(postgres.sql("SELECT count(*) FROM journal", name))
            assert there == (2 if cut == "before" else 18)
            await journal.append(batch)
            await journal.append(batch[:1])  # the same entry once more, on purpose: that is not a repeat
            assert without_seq(await all_of(journal)) == [*notes(2), *batch, batch[0]]
            assert proxy.cuts == 1
        finally:
            await journal.close()


@pytest.mark.live
async def test_a_writer_whose_lock_went_with_its_link_does_not_write_beside_another(
    postgres: PostgresServer,
) -> None:
    url = postgres.make_database("two_writers")
    first = await SqlJournal.open(url, patience=0.3)
    await first.append(notes(1))
    postgres.sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    second = await SqlJournal.open(url, patience=2.0)
    try:
        await second.append(notes(1, first=2))
        with pytest.raises(JournalUnavailable):
            await first.append(notes(1, first=77))
        with pytest.raises(JournalTaken):
            await first.append(notes(1, first=77))
        assert without_seq(await all_of(second)) == notes(2)
    finally:
        await first.close()
        await second.close()


async def test_sqlite_syncs_every_commit_and_lets_others_read(sqlite: SqlStore) -> None:
    journal = await sqlite.open()
    connection = journal._connection
    assert connection is not None
    found = {
        name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
        for name in ("journal_mode", "synchronous", "busy_timeout")
    }
    assert found == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000}


async def test_the_files_are_readable_by_their_owner_only(sqlite: SqlStore, tmp_path: Path) -> None:
    loose = tmp_path / "records.sqlite3"
    loose.touch(0o644)
    journal = await sqlite.open()
    await journal.append(notes(1))
    modes = modes_in(tmp_path)
    assert {"records.sqlite3", "records.sqlite3-wal", "records.sqlite3-shm"} <= modes.keys()
    assert set(modes.values()) == {0o600}


async def test_a_newer_database_is_refused_with_the_way_out(sql_store: SqlStore) -> None:
    journal = await sql_store.open()
    connection = journal._connection
    assert connection is not None
    async with connection.begin():
        await connection.exec_driver_sql("UPDATE journal_version SET version_num = 'journal_99'")
    await journal.close()
    with pytest.raises(DatabaseTooNew, match=r"newer hotline \(version journal_99.*update the hotline"):
        await sql_store.open()
    with pytest.raises(DatabaseTooNew):
        await Records.open(sql_store.url)


async def test_reading_never_makes_a_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing, match="start the hotline first"):
        await Records.open(f"sqlite:///{tmp_path / 'none.sqlite3'}")
    assert modes_in(tmp_path) == {}
    (tmp_path / "empty.sqlite3").touch()
    with pytest.raises(DatabaseTooOld):
        await Records.open(f"sqlite:///{tmp_path / 'empty.sqlite3'}")


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite3").write_text("not a database, but long enough to be looked at" * 50)
    with pytest.raises(JournalUnavailable, match="file is not a database"):
        await SqlJournal.open(f"sqlite:///{tmp_path / 'x.sqlite3'}")


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalUnavailable, match="does not answer"):
        await SqlJournal.open(f"sqlite:///{tmp_path / 'file' / 'x.sqlite3'}")


@pytest.mark.parametrize("url", ["mysql://host/x", "no url at all", "redis://localhost"])
async def test_a_wrong_url_is_told_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="use sqlite:///FILE or postgresql://HOST/NAME"):
        await SqlJournal.open(url)


async def test_a_password_is_in_no_message() -> None:
    with pytest.raises(JournalUnavailable) as caught:
        await SqlJournal.open("postgresql://hotline:geheim@127.0.0.1:1/name?sslmode=disable")
    assert "geheim" not in str(caught.value)
    assert "postgresql://hotline:***@127.0.0.1:1/name" in str(caught.value)
