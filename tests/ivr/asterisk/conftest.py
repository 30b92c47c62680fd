"""A client against the manager that demands manners, with paces of milliseconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ivr.asterisk.ami_client import AmiClient
from ivr.asterisk.ami_reader import AmiEvent

from .fake_ami import SECRET, USER, FakeAmi


class Heard:
    """What a client tells its owner. `until` waits for it, so that no test needs to sleep."""

    def __init__(self) -> None:
        self.events: list[AmiEvent] = []
        self.links: list[bool] = []
        self._something = asyncio.Event()

    def event(self, event: AmiEvent) -> None:
        self.events.append(event)
        self._something.set()

    def link(self, up: bool) -> None:
        self.links.append(up)
        self._something.set()

    def named(self, name: str) -> list[AmiEvent]:
        return [event for event in self.events if event["Event"] == name]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                self._something.clear()
                await self._something.wait()


@pytest.fixture
async def asterisk() -> AsyncIterator[FakeAmi]:
    async with FakeAmi() as fake:
        yield fake


@pytest.fixture
def heard() -> Heard:
    return Heard()


def make_client(asterisk: FakeAmi, heard: Heard, **changes: Any) -> AmiClient:
    settings: dict[str, Any] = {
        "on_event": heard.event,
        "on_link": heard.link,
        "ping_every": 60.0,
        "backoff": (0.001, 0.005),
        "secret": SECRET,
        **changes,
    }
    return AmiClient("127.0.0.1", asterisk.port, USER, **settings)


@asynccontextmanager
async def connected(asterisk: FakeAmi, heard: Heard, **changes: Any) -> AsyncIterator[AmiClient]:
    """A client that is logged in and has had its FullyBooted."""
    client = make_client(asterisk, heard, **changes)
    await client.connect()
    try:
        await heard.until(lambda: bool(heard.events))
        heard.events.clear()
        yield client
    finally:
        await client.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}
