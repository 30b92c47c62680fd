"""The door of a running hotline: only its owner's, and nobody at it can disturb the calls."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ivr.control_socket import LONGEST_LINE, ControlServer, NotRunning, connected

UNIX_LIMIT = 108  # bytes of a socket's path that the kernel takes


class Hotline:
    """Handlers that demand manners of whoever asks, and remember."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []
        self.go_on = asyncio.Event()

    async def status(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append(wish)
        return {"ready": True, "name": "Горячая линия"}

    async def slow(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append(wish)
        await self.go_on.wait()
        return {"ready": True}

    async def broken(self, _: Mapping[str, Any]) -> dict[str, Any]:
        raise LookupError("no such topic")


@pytest.fixture
def hotline() -> Hotline:
    return Hotline()


@pytest.fixture
async def door(tmp_path: Path, hotline: Hotline) -> AsyncIterator[Path]:
    path = tmp_path / "control.sock"
    server = server_for(path, hotline)
    await server.start()
    yield path
    await server.close()


def server_for(path: Path, hotline: Hotline) -> ControlServer:
    return ControlServer(path, {"status": hotline.status, "slow": hotline.slow, "broken": hotline.broken})


async def still_answers(door: Path) -> bool:
    async with connected(door) as client:
        return (await client.ask("status"))["ready"]


async def raw(door: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_unix_connection(str(door), limit=LONGEST_LINE)


async def test_a_question_gets_its_answer_in_any_letters(door: Path, hotline: Hotline):
    async with connected(door) as client:
        assert await client.ask("status", since="вчера") == {"ready": True, "name": "Горячая линия"}
        assert (await client.ask("status"))["ready"]
    assert hotline.asked[0] == {"do": "status", "since": "вчера"}


async def test_only_its_owner_may_open_the_door(door: Path):
    assert stat.S_IMODE(door.stat().st_mode) == 0o600


async def test_the_door_is_closed_to_others_under_any_umask_and_the_umask_stays(
    tmp_path: Path, hotline: Hotline
):
    before = os.umask(0)
    try:
        server = server_for(tmp_path / "control.sock", hotline)
        await server.start()
        assert stat.S_IMODE((tmp_path / "control.sock").stat().st_mode) == 0o600
        assert os.umask(0) == 0
        await server.close()
    finally:
        os.umask(before)


async def test_it_works_however_deep_its_folder_lies(tmp_path: Path, hotline: Hotline):
    deep = tmp_path.joinpath(*["a folder with a long name"] * 6)
    deep.mkdir(parents=True)
    path = deep / "control.sock"
    assert len(os.fsencode(path)) > UNIX_LIMIT
    server = server_for(path, hotline)
    await server.start()
    assert await still_answers(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await server.close()
    assert not path.exists()


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"hello\n",
        b"{\n",
        b"[]\n",
        b"5\n",
        b'"status"\n',
        b"null\n",
        b"{}\n",
        b'{"do": 5}\n',
        b'{"do": ["status"]}\n',
        b'{"do": {"status": 1}}\n',
        b'{"do": "dance"}\n',
        b"\xff\xfe\x00\n",
        b"[" * 100_000 + b"\n",
    ],
    ids=lambda line: repr(line[:20]),
)
async def test_a_line_that_is_no_wish_is_answered_with_what_is_understood(door: Path, line: bytes):
    reader, writer = await raw(door)
    writer.write(line + b'{"do": "status"}\n')
    refused, answered = json.loads(await reader.readline()), json.loads(await reader.readline())
    assert refused == {"error": "it understands: broken, slow, status"}
    assert answered["ready"]
    writer.close()


async def test_a_handler_that_fails_is_an_answer_and_no_end(door: Path):
    async with connected(door) as client:
        assert await client.ask("broken") == {"error": "LookupError: no such topic"}
        assert (await client.ask("status"))["ready"]


async def test_a_line_without_end_costs_only_its_own_connection(door: Path):
    reader, writer = await raw(door)
    try:
        writer.write(b"x" * (LONGEST_LINE + 100_000))
        await writer.drain()
        assert await reader.read() == b""
    except ConnectionError:
        pass  # closed in our face: as good
    finally:
        writer.close()
    assert await still_answers(door)


async def test_a_client_that_leaves_in_the_middle_of_anything_disturbs_nobody(door: Path, hotline: Hotline):
    for sent in (b"", b'{"do": "sta', b'{"do": "status"}\n' * 50, b'{"do": "slow"}\n'):
        _, writer = await raw(door)
        writer.write(sent)
        await writer.drain()
        writer.transport.abort()
    assert await still_answers(door)
    hotline.go_on.set()
    assert await still_answers(door)


async def test_one_who_waits_does_not_keep_others_waiting(door: Path, hotline: Hotline):
    async with connected(door) as patient:
        asked = asyncio.create_task(patient.ask("slow"))
        assert await still_answers(door)
        assert not asked.done()
        hotline.go_on.set()
        assert (await asked)["ready"]


async def test_no_socket_means_that_nothing_runs_and_says_how_to_start(tmp_path: Path):
    with pytest.raises(NotRunning, match=r"\./hotline up"):
        async with connected(tmp_path / "control.sock"):
            raise AssertionError("connected to nothing")


async def test_a_socket_that_a_dead_controller_left_is_as_good_as_none_and_the_next_one_replaces_it(
    tmp_path: Path, hotline: Hotline
):
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with pytest.raises(NotRunning, match="not there"):
        async with connected(path):
            raise AssertionError("connected to a dead one")
    server = server_for(path, hotline)
    await server.start()
    assert await still_answers(path)
    await server.close()


async def test_a_controller_that_goes_before_it_answers_is_told_so(tmp_path: Path):
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    path = tmp_path / "control.sock"
    server = await asyncio.start_unix_server(hang_up, str(path))
    async with server, connected(path) as client:
        with pytest.raises(NotRunning, match="went away"):
            await client.ask("status")
