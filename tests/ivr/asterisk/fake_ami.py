"""A manager on a loopback port that demands manners, for tests of the client.

It notes every rudeness: an action before the login, one without an ActionID or with one used before, a header
it cannot read. Leaving the `async with` with a rudeness noted fails the test.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

USER, SECRET = "controller", "correct-horse-battery"

Action = dict[str, str]
Reply = Callable[["Session", Action], None]

_LINE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*: .*")


def encode(headers: Mapping[str, str | list[str]]) -> bytes:
    lines = [f"{k}: {v}" for k, vs in headers.items() for v in ([vs] if isinstance(vs, str) else vs)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


class Session(asyncio.Protocol):
    """One client's connection."""

    transport: asyncio.Transport

    def __init__(self, asterisk: FakeAmi) -> None:
        self._asterisk = asterisk
        self._unread = b""
        self.logged_in = False
        self.closed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._asterisk.sessions.append(self)
        transport.write(self._asterisk.banner)

    def data_received(self, data: bytes) -> None:
        if self._asterisk.deaf:
            return
        *blocks, self._unread = (self._unread + data).split(b"\r\n\r\n")
        for block in blocks:
            self._asterisk.take(self, block)

    def connection_lost(self, exc: Exception | None) -> None:
        self._asterisk.sessions.remove(self)
        self.closed.set_result(None)

    def send(self, **headers: str | list[str]) -> None:
        """Headers of a message; an underscore in a name stands for a hyphen."""
        self.transport.write(encode({k.replace("_", "-"): v for k, v in headers.items()}))

    def answer(self, action: Action, response: str = "Success", **headers: str) -> None:
        self.send(Response=response, ActionID=action["ActionID"], **headers)


class FakeAmi:
    """answers: what it does about an action, by name; one it does not know it refuses as Asterisk does.

    deaf: see go_deaf.
    in_agi: channels that wait for commands.
    """

    def __init__(self, *, banner: bytes = b"Asterisk Call Manager/11.0.0\r\n") -> None:
        self.banner = banner
        self.port = 0
        self.deaf = False
        self.sessions: list[Session] = []
        self.actions: list[Action] = []
        self.rudeness: list[str] = []
        self.in_agi: set[str] = set()
        self.secret = SECRET
        self.answers: dict[str, Reply | None] = {
            "Login": self._login,
            "Logoff": self._logoff,
            "Ping": lambda session, action: session.answer(action, Ping="Pong"),
            "AGI": self._agi,
        }
        self._server: asyncio.Server | None = None
        self._seen_ids: set[str] = set()
        self._waiting: list[tuple[str, int, asyncio.Future[None]]] = []

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        if error is None:
            assert self.rudeness == []

    async def start(self) -> None:
        """Listen, after `stop` on the same port again."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Session(self), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """As `core stop now`: the port is closed and so is every connection."""
        if self._server:
            self._server.close()
            self._server = None
        await self.hang_up_on_all()

    def go_deaf(self) -> None:
        """From now on neither read nor answer, as behind a broken network path, until `deaf` is False again."""
        self.deaf = True
        for session in self.sessions:
            session.transport.pause_reading()

    async def hang_up_on_all(self) -> None:
        for session in list(self.sessions):
            session.transport.close()
            await session.closed

    async def received(self, name: str, times: int = 1) -> list[Action]:
        """Wait until so many actions of that name have come."""
        if self._count(name) < times:
            arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((name, times, arrived))
            await arrived
        return [action for action in self.actions if action["Action"] == name]

    def event(self, name: str, **headers: str | list[str]) -> None:
        """Tell every client that is logged in."""
        self.raw(encode({"Event": name, "Privilege": "call,all", **headers}))

    def raw(self, data: bytes) -> None:
        for session in self.sessions:
            if session.logged_in:
                session.transport.write(data)

    def take(self, session: Session, block: bytes) -> None:
        action = self._read(block)
        if action is None:
            return
        self.actions.append(action)
        name = action["Action"]
        if not session.logged_in and name != "Login":
            self.rudeness.append(f"{name} before the login")
            session.answer(action, "Error", Message="Permission denied")
        elif name not in self.answers:
            session.answer(action, "Error", Message="Invalid/unknown command")
        elif reply := self.answers[name]:
            reply(session, action)
        for wanted, times, arrived in self._waiting:
            if self._count(wanted) >= times and not arrived.done():
                arrived.set_result(None)

    def _read(self, block: bytes) -> Action | None:
        action: Action = {}
        for line in block.decode().split("\r\n"):
            if not _LINE.fullmatch(line) or len(line.encode()) > 1022:
                self.rudeness.append(f"not a header: {line!r}")
                return None
            name, _, value = line.partition(": ")
            action[name] = f"{action[name]}\n{value}" if name in action else value
        number = action.get("ActionID", "")
        if "Action" not in action or not number or number in self._seen_ids:
            self.rudeness.append(f"no action, or no ActionID of its own: {block!r}")
            return None
        self._seen_ids.add(number)
        return action

    def _count(self, name: str) -> int:
        return sum(action["Action"] == name for action in self.actions)

    def _login(self, session: Session, action: Action) -> None:
        if (action.get("Username"), action.get("Secret")) != (USER, self.secret):
            session.answer(action, "Error", Message="Authentication failed")
            session.transport.close()
            return
        session.logged_in = True
        session.answer(action, Message="Authentication accepted")
        session.send(Event="FullyBooted", Privilege="system,all", Uptime="1", LastReload="1")

    def _logoff(self, session: Session, action: Action) -> None:
        session.answer(action, "Goodbye", Message="Thanks for all the fish.")
        session.transport.close()

    def _agi(self, session: Session, action: Action) -> None:
        """Takes the command for a channel in AGI; the test lets it be through with `agi_done`."""
        if action["Channel"] not in self.in_agi:
            session.answer(action, "Error", Message=f"Channel {action['Channel']} does not exist.")
        elif not action.get("CommandID") or not action.get("Command"):
            self.rudeness.append("an AGI command that could not be told from others")
        else:
            session.answer(action, Message="Added AGI command to queue")

    def agi_done(self, action: Action, result: str) -> None:
        """As Asterisk 22 spells it: CommandId."""
        self.event("AsyncAGIExec", Channel=action["Channel"], Result=result, CommandId=action["CommandID"])
