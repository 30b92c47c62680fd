"""What a manager's account with the right to originate may do on a real Asterisk, and what it may not."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from tests.live.hotline_switch import hotline_switch, open_folder

pytestmark = pytest.mark.live


@pytest.mark.parametrize(
    ("application", "data"),
    [
        ("System", "touch /tmp/x"),
        ("AGI", "/bin/ls"),
        ("MixMonitor", "a.wav,,touch /tmp/x"),
        ("Exec", "System(ls)"),
        ("Playback", "${SHELL(ls)}"),
    ],
)
async def test_nothing_that_runs_a_program_can_be_originated(application: str, data: str):
    with open_folder() as folder:
        async with hotline_switch(folder) as line:
            said = await line.ami.act(
                "Originate", Channel="Local/1000@in", Application=application, Data=data, Async="true"
            )
            assert said["Response"] == "Error"
            assert "Forbidden" in said["Message"]


async def test_a_spy_that_finds_no_worker_is_gone_alone_and_the_call_stays():
    with open_folder() as folder:
        async with hotline_switch(folder) as line:
            call = await line.call("1000")
            await line.ami.act(
                "Originate",
                Channel=f"AudioSocket/127.0.0.1:1/{uuid4()}",
                Application="ChanSpy",
                Data=f"{call['Uniqueid']},uoqSE",
                Codecs="slin",
                Async="true",
                ActionID="spy",
            )
            failed = await line.ami.event("OriginateResponse", ActionID="spy")
            assert failed["Response"] == "Failure"
            there = await line.ami.act("Getvar", Channel=call["Channel"], Variable="HOTLINE_NUMBER")
            assert there["Value"] == "1000"


async def test_a_spys_end_is_no_event_of_the_call():
    with open_folder() as folder:
        async with hotline_switch(folder) as line:
            server, heard = await _worker()
            async with server:
                call = await line.call("1000")
                port, ear = server.sockets[0].getsockname()[1], uuid4()
                await line.ami.act(
                    "Originate",
                    Channel=f"AudioSocket/127.0.0.1:{port}/{ear}",
                    Application="ChanSpy",
                    Data=f"{call['Uniqueid']},uoqSE",
                    Codecs="slin",
                    Async="true",
                )
                assert await heard == ear.bytes
                name = f"AudioSocket/127.0.0.1:{port}-{ear}"
                assert (await line.ami.act("Hangup", Channel=name))["Response"] == "Success"
                await line.ami.event("Hangup", Channel=name)
                assert not line.ami.seen(Event="Hangup")
                assert not line.ami.seen(Event="AsyncAGIEnd")


async def _worker() -> tuple[asyncio.Server, asyncio.Future[bytes]]:
    """A server that takes one AudioSocket, and the id it came under."""
    came: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kind, size = await reader.readexactly(1), await reader.readexactly(2)
        assert (kind, size) == (b"\x01", b"\x00\x10")
        came.set_result(await reader.readexactly(16))
        await reader.read()
        writer.close()

    return await asyncio.start_server(take, "127.0.0.1", 0), came
