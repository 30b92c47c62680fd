"""A real switch with our rendered files, and its manager port: for tests that play the controller by hand."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from asterisk_conf.plan import Manager, SwitchPlan
from asterisk_conf.runtime import Switch, find
from tests.asterisk_conf.plans import MANAGER_SECRET, plan

PROJECT = Path(__file__).parents[2]


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that a user without rights can reach, as a project's own is; pytest's are closed to others."""
    with tempfile.TemporaryDirectory(prefix="hotline-test-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder


class ManagerPort:
    """The least AMI client: actions in, answers and events as dictionaries."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._kept: list[dict[str, str]] = []

    async def act(self, action: str, **fields: str) -> dict[str, str]:
        lines = [f"Action: {action}", *(f"{key}: {value}" for key, value in fields.items())]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        await self._writer.drain()
        return await self._first(lambda message: "Response" in message and "Event" not in message)

    async def event(self, name: str, **fields: str) -> dict[str, str]:
        """The next event of that name with those fields; others are kept for later."""
        wanted = {"Event": name, **fields}
        return await self._first(lambda message: wanted.items() <= message.items())

    def seen(self, **fields: str) -> list[dict[str, str]]:
        """What came and nobody has asked for yet."""
        return [message for message in self._kept if fields.items() <= message.items()]

    async def _first(self, fits: Callable[[dict[str, str]], bool]) -> dict[str, str]:
        for message in self._kept:
            if fits(message):
                self._kept.remove(message)
                return message
        async with asyncio.timeout(10):
            while True:
                raw = (await self._reader.readuntil(b"\r\n\r\n")).decode()
                message = dict(line.split(": ", 1) for line in raw.split("\r\n") if ": " in line)
                if fits(message):
                    return message
                self._kept.append(message)

    def close(self) -> None:
        self._writer.close()


class HotlineSwitch:
    """plan: what it runs from. ami: logged in as the controller."""

    def __init__(self, plan: SwitchPlan, ami: ManagerPort) -> None:
        self.plan = plan
        self.ami = ami

    async def originate(self, extension: str) -> None:
        """A call without a phone: extension is e.g. "1000@in"."""
        said = await self.ami.act(
            "Originate", Channel=f"Local/{extension}/n", Application="Wait", Data="60", Async="true"
        )
        assert said["Response"] == "Success"

    async def call(self, number: str) -> dict[str, str]:
        """Dials as a caller does; returns the event with which the controller takes the call."""
        await self.originate(f"{number}@in")
        return await self.ami.event("AsyncAGIStart")

    async def redirect(self, call: dict[str, str], context: str, exten: str, priority: str = "1") -> None:
        said = await self.ami.act(
            "Redirect", Channel=call["Channel"], Context=context, Exten=exten, Priority=priority
        )
        assert said["Response"] == "Success", said


@asynccontextmanager
async def hotline_switch(folder: Path, **changes: object) -> AsyncIterator[HotlineSwitch]:
    """Started in `folder`, stopped at the end. changes: of tests' usual plan."""
    installation = find(PROJECT)
    usual = {
        "home": folder / "switch",
        "modules": installation.modules,
        "data": installation.data,
        "music": installation.music,
        "sounds": folder,
        "sip_port": free_port(socket.SOCK_DGRAM),
        "manager": Manager(port=free_port(socket.SOCK_STREAM), secret=MANAGER_SECRET),
    }
    here = plan(**{**usual, **changes})
    switch = Switch(here.home, installation, project=PROJECT)
    await switch.start(here)
    try:
        await switch.wait_booted(plan=here)
        reader, writer = await asyncio.open_connection("127.0.0.1", here.manager.port)
        await reader.readline()
        ami = ManagerPort(reader, writer)
        assert (await ami.act("Login", Username="controller", Secret=MANAGER_SECRET))["Response"] == "Success"
        yield HotlineSwitch(here, ami)
        ami.close()
    finally:
        await switch.stop()
