"""The doctor's look at records that a real PostgreSQL keeps."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from acd.adapters.sql_journal import SqlJournal
from ivr.doctor.judge.processes import ProcessFacts
from ivr.doctor.probe import records
from ivr.doctor.subject import Subject, Untouched
from ivr.settings import Settings
from tests.contracts.postgres_server import PostgresServer
from tests.ivr.doctor.reading import said, troubles

pytestmark = pytest.mark.live


def subject(folder: Path, url: str, controller: int | None = None) -> Subject:
    settings = Settings(folder / "site.yaml", "127.0.0.1", 5060, 5038, 10000, 10199, url, url)
    processes = ProcessFacts("city", controller=controller)
    return Subject("city", Untouched(folder), folder / "site.yaml", settings=settings, processes=processes)


async def test_an_empty_database_is_well_and_stays_empty(postgres: PostgresServer, tmp_path: Path):
    url = postgres.make_database("doctor_empty")
    assert troubles(await records.examine(subject(tmp_path, url))) == []
    assert postgres.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "doctor_empty") == "0"


async def test_the_writer_is_found_by_its_lock_and_is_ours_only_while_our_controller_lives(
    postgres: PostgresServer, tmp_path: Path
):
    url = postgres.make_database("doctor_written")
    journal = await SqlJournal.open(url)
    try:
        assert troubles(await records.examine(subject(tmp_path, url, controller=os.getpid()))) == []
        findings = await records.examine(subject(tmp_path, url))
        assert troubles(findings) == ["journal-taken"]
        assert "hotline from this machine" in said(findings, "journal-taken").sentence
    finally:
        await journal.close()
    assert troubles(await records.examine(subject(tmp_path, url))) == []


async def test_a_lock_in_another_database_of_the_server_is_nobodys_business(
    postgres: PostgresServer, tmp_path: Path
):
    mine, theirs = postgres.make_database("doctor_mine"), postgres.make_database("doctor_theirs")
    journal = await SqlJournal.open(theirs)
    try:
        assert troubles(await records.examine(subject(tmp_path, mine))) == []
    finally:
        await journal.close()


async def test_tables_of_a_newer_hotline_are_recognised(postgres: PostgresServer, tmp_path: Path):
    url = postgres.make_database("doctor_new")
    await (await SqlJournal.open(url)).close()
    postgres.sql("UPDATE journal_version SET version_num = 'journal_99'", "doctor_new")
    assert troubles(await records.examine(subject(tmp_path, url))) == ["database-newer"]


async def test_a_server_that_is_killed_or_hangs_is_told_within_seconds(
    postgres_of_its_own: PostgresServer, tmp_path: Path
):
    url = postgres_of_its_own.make_database("doctor_gone")
    postgres_of_its_own.kill()
    began = time.monotonic()
    gone = subject(tmp_path, url)
    assert troubles(await records.examine(gone)) == ["database-unreachable"] * 2
    missing = replace(
        gone, settings=replace(gone.settings, database="postgresql://hotline@/none?host=/nowhere")
    )
    assert "database-unreachable" in troubles(await records.examine(missing))
    assert time.monotonic() - began < 5
