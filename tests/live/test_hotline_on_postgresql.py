"""The same hotline with its records in PostgreSQL, and what callers notice when that server dies: nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from softphone_sim.person import Press
from tests.contracts.conftest import new_server
from tests.contracts.postgres_server import PostgresServer
from tests.live.running_hotline import RunningHotline

pytestmark = pytest.mark.live


@pytest.fixture
async def postgres() -> AsyncIterator[PostgresServer]:
    server = new_server()
    server.start()
    try:
        yield server
    finally:
        server.remove()


@pytest.fixture
async def hotline(tmp_path: Path, postgres: PostgresServer) -> AsyncIterator[RunningHotline]:
    running = RunningHotline(tmp_path)
    url = postgres.make_database("hotline")
    running.settings = replace(running.settings, database=url, people=url)
    running.settings.write(running.instance)
    await running.start()
    try:
        yield running
    finally:
        await running.end()


async def test_calls_are_served_while_the_database_is_dead_and_recorded_when_it_is_back(
    hotline: RunningHotline, postgres: PostgresServer
):
    await hotline.operators("op1", talk_for=1.5)
    first = await hotline.caller(1, Press(1.0, "1"))
    assert first.heard_whom == "op1"
    assert [row.result for row in await hotline.rows()] == ["answered"]

    postgres.kill()
    second = await hotline.caller(2, Press(1.0, "1"))
    assert second.heard_whom == "op1", "a dead database must not cost a caller his operator"
    assert (await hotline.ask("status"))["journal_failing"]

    postgres.start()
    await hotline.until(lambda figures: not figures["journal_failing"], within=30)
    assert [row.result for row in await hotline.rows()] == ["answered", "answered"]
