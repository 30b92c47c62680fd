"""Databases for the contract tests. Under `./hotline test` (HOTLINE_TEST_ALL=1) a missing one fails."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.journal_stores import MemoryStore, SqlStore, sqlite_store
from tests.contracts.postgres_server import NoPostgres, PostgresServer

_numbers = itertools.count(1)


def new_server() -> PostgresServer:
    try:
        return PostgresServer()
    except NoPostgres as error:
        if os.environ.get("HOTLINE_TEST_ALL") == "1":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = new_server()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def postgres_of_its_own() -> Iterator[PostgresServer]:
    """For tests that kill it."""
    server = new_server()
    try:
        server.start()
        yield server
    finally:
        server.remove()


SQL = ["sqlite", pytest.param("postgres", marks=pytest.mark.live)]


@pytest.fixture(params=["memory", *SQL])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    made = MemoryStore() if request.param == "memory" else _sql_store(request, tmp_path)
    yield made
    if isinstance(made, SqlStore):
        await made.close()


@pytest.fixture(params=SQL)
async def sql_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlStore]:
    made = _sql_store(request, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[SqlStore]:
    made = sqlite_store(tmp_path)
    yield made
    await made.close()


def _sql_store(request: pytest.FixtureRequest, tmp_path: Path) -> SqlStore:
    if request.param == "sqlite":
        return sqlite_store(tmp_path)
    server: PostgresServer = request.getfixturevalue("postgres")
    return SqlStore(server.make_database(f"journal_{next(_numbers)}"))
