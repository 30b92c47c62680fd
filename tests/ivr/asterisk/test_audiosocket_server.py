"""The server that the switch sends callers' sound to, over real sockets."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from ivr.asterisk.audiosocket import Audio, HungUp, Identified, encode
from ivr.asterisk.audiosocket_server import AudioSocketServer, Source

SOUND = encode(Audio(b"\x01\x00" * 160, 8000))

HELD: list[asyncio.StreamWriter] = []
"""A writer that nobody holds closes its connection."""


class Ear:
    """Collects what a connection brings; `over` is set when it ends."""

    def __init__(self) -> None:
        self.heard = 0
        self.ends: list[str] = []
        self.over = asyncio.Event()
        self.arrived = asyncio.Event()
        self.source: Source | None = None
        self.broken = False

    def sound(self, pcm: bytes, rate: int) -> None:
        if self.broken:
            raise RuntimeError("the ear is broken")
        assert rate == 8000
        self.heard += len(pcm)
        self.arrived.set()

    def digit(self) -> None: ...

    def ended(self, why: str) -> None:
        self.ends.append(why)
        self.over.set()


class Waiting:
    """Who waits for which id."""

    def __init__(self) -> None:
        self.ears: dict[UUID, Ear] = {}
        self.asked = asyncio.Event()

    def claim(self, id: UUID, source: Source) -> Ear | None:
        self.asked.set()
        ear = self.ears.get(id)
        if ear:
            ear.source = source
        return ear


@asynccontextmanager
async def serving(**settings):
    waiting = Waiting()
    server = AudioSocketServer(waiting.claim, **settings)
    await server.start()
    try:
        yield server, waiting
    finally:
        await server.close()


async def connect(server: AudioSocketServer, data: bytes = b""):
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    HELD.append(writer)
    return reader, writer


async def ended(reader: asyncio.StreamReader) -> bool:
    """Whether the server ends the connection, with or without a word."""
    try:
        async with asyncio.timeout(5):
            return await reader.read() == b""
    except ConnectionError:
        return True


async def soon(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), 5)


async def test_sound_reaches_the_ear_that_waits_for_its_id():
    async with serving() as (server, waiting):
        one, other = uuid4(), uuid4()
        waiting.ears = {one: Ear(), other: Ear()}
        _, writer = await connect(server, encode(Identified(one)) + SOUND)
        await soon(waiting.ears[one].arrived)
        writer.write(encode(HungUp()))
        await soon(waiting.ears[one].over)
        assert waiting.ears[one].heard == 320
        assert waiting.ears[one].ends == ["hung up"]
        assert waiting.ears[other].heard == 0


async def test_a_connection_that_says_nothing_is_closed():
    async with serving(patience=0.1) as (server, _):
        reader, _ = await connect(server)
        assert await ended(reader)


async def test_half_an_id_is_no_id():
    async with serving(patience=0.1) as (server, _):
        reader, _ = await connect(server, encode(Identified(uuid4()))[:10])
        assert await ended(reader)


async def test_an_id_nobody_waits_for_is_closed_and_its_sound_dropped():
    async with serving(patience=0.1) as (server, _):
        reader, _ = await connect(server, encode(Identified(uuid4())) + SOUND * 100)
        assert await ended(reader)
        assert server.connections == 0


async def test_the_switch_may_be_here_before_the_controllers_word():
    async with serving(patience=5) as (server, waiting):
        id, ear = uuid4(), Ear()
        _, writer = await connect(server, encode(Identified(id)))
        await soon(waiting.asked)
        waiting.ears[id] = ear
        async with asyncio.timeout(5):
            while not ear.heard:
                writer.write(SOUND)
                await asyncio.sleep(0.01)


async def test_garbage_ends_its_own_connection_only():
    async with serving() as (server, waiting):
        good, bad = uuid4(), uuid4()
        waiting.ears = {good: Ear(), bad: Ear()}
        _, writer = await connect(server, encode(Identified(good)))
        reader, _ = await connect(server, encode(Identified(bad)) + b"GET / HTTP/1.1\r\n")
        assert await ended(reader)
        assert waiting.ears[bad].ends == ["garbage"]
        writer.write(SOUND)
        await soon(waiting.ears[good].arrived)
        assert waiting.ears[good].ends == []


async def test_an_ear_that_breaks_ends_its_own_connection_only():
    async with serving() as (server, waiting):
        good, bad = uuid4(), uuid4()
        waiting.ears = {good: Ear(), bad: Ear()}
        waiting.ears[bad].broken = True
        reader, _ = await connect(server, encode(Identified(bad)) + SOUND)
        assert await ended(reader)
        assert waiting.ears[bad].ends == ["our fault"]
        await connect(server, encode(Identified(good)) + SOUND)
        await soon(waiting.ears[good].arrived)


async def test_more_connections_than_allowed_are_closed_at_once():
    async with serving(connections=2) as (server, waiting):
        ids = [uuid4() for _ in range(2)]
        waiting.ears = {id: Ear() for id in ids}
        for id in ids:
            await connect(server, encode(Identified(id)) + SOUND)
        for ear in waiting.ears.values():
            await soon(ear.arrived)
        reader, _ = await connect(server)
        assert await ended(reader)
        assert server.connections == 2


async def test_a_peer_that_never_reads_costs_nothing_because_nothing_is_written():
    async with serving() as (server, waiting):
        id, ear = uuid4(), Ear()
        waiting.ears[id] = ear
        reader, writer = await connect(server, encode(Identified(id)))
        for _ in range(2000):
            writer.write(SOUND)
        await writer.drain()
        async with asyncio.timeout(5):
            while ear.heard < 2000 * 320:
                await asyncio.sleep(0.01)
        writer.write_eof()
        assert await ended(reader)


async def test_an_ear_that_needs_no_more_sound_closes_the_connection_and_is_told_once():
    async with serving() as (server, waiting):
        id, ear = uuid4(), Ear()
        waiting.ears[id] = ear
        reader, _ = await connect(server, encode(Identified(id)) + SOUND)
        await soon(ear.arrived)
        assert ear.source
        ear.source.close()
        ear.source.close()
        assert await ended(reader)
        await soon(ear.over)
        assert ear.ends == ["closed by us"]


async def test_it_listens_on_this_machine_only_unless_told_otherwise():
    async with serving() as (server, _):
        assert server.address[0] == "127.0.0.1"


async def test_closing_the_server_ends_every_connection():
    async with serving() as (server, waiting):
        id, ear = uuid4(), Ear()
        waiting.ears[id] = ear
        reader, _ = await connect(server, encode(Identified(id)) + SOUND)
        await soon(ear.arrived)
        await server.close()
        assert await ended(reader)
        assert len(ear.ends) == 1
