from __future__ import annotations

import hashlib
import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from acd.adapters.sql_journal import SqlJournal
from acd.records.migrations import HEADS
from ivr.doctor.judge.processes import ProcessFacts
from ivr.doctor.judge.records import Database, RecordFacts, judge
from ivr.doctor.probe import records
from ivr.doctor.subject import Subject, Untouched
from ivr.settings import Settings
from tests.ivr.doctor.reading import said, troubles

JOURNAL = Database("journal", "journal.sqlite", "journal_1", file="journal.sqlite")
GOOD = RecordFacts("city", "site.yaml", "hotline", (JOURNAL,))


def with_journal(**known: object) -> RecordFacts:
    return replace(GOOD, databases=(JOURNAL.but(**known),))


def test_databases_that_open_are_well_and_so_are_those_to_be_made():
    assert troubles(judge(GOOD)) == []
    assert troubles(judge(with_journal(exists=False))) == []
    assert troubles(judge(replace(GOOD, writer="python (pid 7)", ours=True))) == []


def test_a_file_that_is_no_database_and_a_server_that_is_away_have_different_cures():
    assert troubles(judge(with_journal(trouble="file is not a database"))) == ["database-unreadable"]
    away = Database("journal", "postgresql://db/hotline", "journal_1", trouble="ConnectionRefusedError")
    assert troubles(judge(replace(GOOD, databases=(away,)))) == ["database-unreachable"]


def test_a_file_of_another_user_is_told_with_his_name():
    findings = list(judge(with_journal(allowed=False, owner="root")))
    assert troubles(findings) == ["database-forbidden"]
    assert "'root'" in findings[0].sentence


def test_tables_from_the_future_are_an_error_and_old_ones_will_be_upgraded():
    assert troubles(judge(with_journal(version="new", present="journal_9"))) == ["database-newer"]
    assert troubles(judge(with_journal(version="old", present="journal_0"))) == ["database-older"]


def test_a_journal_that_somebody_else_writes_is_an_error():
    findings = list(judge(replace(GOOD, writer="python (pid 7)")))
    assert troubles(findings) == ["journal-taken"]
    assert "python (pid 7)" in said(findings, "journal-taken").sentence


def test_entries_that_wait_for_a_full_disk_are_counted():
    failing = replace(GOOD, writer="python (pid 7)", ours=True, failing="No room left", behind=12)
    assert troubles(judge(failing)) == ["journal-failing"]
    assert "12 entries" in said(judge(failing), "journal-failing").sentence


def subject(folder: Path, controller: int | None = None) -> Subject:
    settings = Settings(
        folder / "site.yaml",
        "127.0.0.1",
        5060,
        5038,
        10000,
        10199,
        f"sqlite:///{folder / 'journal.sqlite'}",
        f"sqlite:///{folder / 'people.sqlite'}",
    )
    processes = ProcessFacts("city", controller=controller)
    return Subject("city", Untouched(folder), folder / "site.yaml", settings=settings, processes=processes)


def contents(folder: Path) -> dict[str, str]:
    """Of every file but SQLite's index of its log, which any reader may build."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.iterdir()
        if not file.name.endswith("-shm")
    }


async def test_a_journal_is_looked_at_and_not_changed_whether_it_is_written_or_not(tmp_path: Path):
    journal = await SqlJournal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    before = contents(tmp_path)
    assert troubles(await records.examine(subject(tmp_path, controller=os.getpid()))) == []
    assert troubles(await records.examine(subject(tmp_path))) == ["journal-taken"]
    assert contents(tmp_path) == before
    await journal.close()
    before = contents(tmp_path)
    assert troubles(await records.examine(subject(tmp_path))) == []
    assert contents(tmp_path) == before


async def test_nothing_is_made_where_no_journal_is_yet(tmp_path: Path):
    assert troubles(await records.examine(subject(tmp_path))) == []
    assert list(tmp_path.iterdir()) == []


async def test_a_file_that_is_no_database_is_found(tmp_path: Path):
    (tmp_path / "journal.sqlite").write_bytes(b"not a database at all, but quite long" * 50)
    assert troubles(await records.examine(subject(tmp_path))) == ["database-unreadable"]


@pytest.mark.parametrize("version", ["journal_99"])
async def test_tables_of_a_newer_hotline_are_recognised(tmp_path: Path, version: str):
    journal = await SqlJournal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    await journal.close()
    with sqlite3.connect(tmp_path / "journal.sqlite") as connection:
        connection.execute("UPDATE journal_version SET version_num = ?", (version,))
    connection.close()
    findings = await records.examine(subject(tmp_path))
    assert troubles(findings) == ["database-newer"]
    assert HEADS["journal"] in said(findings, "database-newer").sentence


async def test_a_database_server_that_is_away_is_told_without_its_password(tmp_path: Path):
    away = subject(tmp_path)
    assert away.settings is not None
    url = "postgresql://hotline:hush-hush@127.0.0.1:1/hotline"
    findings = await records.examine(replace(away, settings=replace(away.settings, database=url, people=url)))
    assert troubles(findings) == ["database-unreachable"] * 2
    assert "hush-hush" not in str(findings)
