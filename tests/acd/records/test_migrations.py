"""The tables a database gets are the tables the program knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine

from acd.adapters.sql_journal import SqlJournal
from acd.records import migrations
from acd.records.people import People
from acd.records.pseudonyms import Pseudonyms
from acd.records.tables import journal_tables, people_tables


async def made(history: str, folder: Path) -> Path:
    path = folder / f"{history}.sqlite3"
    if history == "journal":
        await (await SqlJournal.open(f"sqlite:///{path}")).close()
    else:
        await (await People.open(f"sqlite:///{path}", Pseudonyms(bytes(32)))).close()
    return path


@pytest.mark.parametrize(("history", "tables"), [("journal", journal_tables), ("people", people_tables)])
async def test_the_migrations_make_exactly_the_tables_of_the_program(
    tmp_path: Path, history: str, tables: MetaData
) -> None:
    engine = create_engine(f"sqlite:///{await made(history, tmp_path)}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": f"{history}_version"})
        assert compare_metadata(context, tables) == []
    engine.dispose()


@pytest.mark.parametrize("history", ["journal", "people"])
def test_the_newest_version_is_the_one_a_start_looks_for(history: str) -> None:
    scripts = ScriptDirectory.from_config(migrations._configuration(history))
    assert scripts.get_heads() == [migrations.HEADS[history]]


async def test_an_upgrade_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("power failed")

    with monkeypatch.context() as patched:
        patched.setattr(op, "create_index", broken)
        with pytest.raises(RuntimeError, match="power failed"):
            await SqlJournal.open(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
    engine.dispose()
    await (await SqlJournal.open(url)).close()


async def test_both_histories_can_share_a_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'one.sqlite3'}"
    journal = await SqlJournal.open(url)
    await (await People.open(url, Pseudonyms(bytes(32)))).close()
    await journal.close()
    await (await SqlJournal.open(url)).close()
