"""The line to Asterisk's manager: panoramisk behind a guard, and imported nowhere else.

Why a guard, and what each override closes: docs/decisions/ami-panoramisk-behind-a-guard.md
"""

# ruff: noqa: ASYNC109  (a deadline belongs to every action; the one who asks names it)
from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager
from panoramisk.message import Message
from panoramisk.utils import IdGenerator

from .agi_commands import AgiCommands, AgiResult
from .ami_errors import (
    ActionRefused,
    ActionTimedOut,
    AgiLeft,
    AmiError,
    AmiLoginRefused,
    AmiUnreachable,
    LinkDown,
)
from .ami_fields import Fields, checked
from .ami_reader import AmiEvent, MessageReader, NotAManager
from .link_keeper import LinkKeeper, Pace

__all__ = [
    "ActionRefused",
    "ActionTimedOut",
    "AgiLeft",
    "AgiResult",
    "AmiClient",
    "AmiError",
    "AmiEvent",
    "AmiLoginRefused",
    "AmiUnreachable",
    "LinkDown",
]

log = structlog.get_logger(__name__)

_COMMAND_ID = IdGenerator("agi")


class _Answer(Message):
    """panoramisk's message, with the headers as they came (it adds one named "content" of its own)."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__(headers)
        self.headers = headers


class _Request(Action):
    """An action that knows when its answer is complete.

    panoramisk guesses from the wording, ends a list at the first event named ...Complete, lets the event of
    an asynchronous action stand for its response, and never ends a list that was refused.
    """

    def __init__(self, headers: dict[str, Any], on_answer: Callable[[_Answer], None] | None) -> None:
        super().__init__(headers)
        self._on_answer = on_answer

    def add_message(self, message: _Answer) -> bool:
        """Whether that was all. `on_answer` hears the response before anything behind it is read."""
        if not self.responses and self._on_answer:
            self._on_answer(message)
        self.responses.append(message)
        if self._more_to_come(message):
            return False
        if not self.future.done():
            self.future.set_result(self.responses)
        return True

    def fail(self, error: AmiError) -> None:
        if not self.future.done():
            self.future.set_exception(error)

    def drop(self) -> None:
        """Nobody waits any more; asyncio would complain about an error that nobody looked at."""
        if not self.future.cancel() and not self.future.cancelled():
            self.future.exception()

    def _more_to_come(self, message: _Answer) -> bool:
        first = self.responses[0]
        if not self.as_list or not first.success:
            return False
        mark = message.headers.get("EventList", "").lower()
        return mark == "start" if message is first else mark not in ("complete", "cancelled")


class _Wire(AMIProtocol):
    """One TCP connection. It reads for itself; writing and matching answers to actions are panoramisk's.

    greeted: whether the peer has greeted as a manager, once that is known. why: what ended it.
    """

    def __init__(self, on_event: Callable[[dict[str, str]], None], on_end: Callable[[str], None]) -> None:
        self._on_event = on_event
        self._on_end = on_end
        self._reader = MessageReader()
        loop = asyncio.get_running_loop()
        self.gone: asyncio.Future[None] = loop.create_future()
        self.greeted: asyncio.Future[bool] = loop.create_future()
        self.reads = 0
        self.why = ""

    def data_received(self, data: bytes) -> None:
        self.reads += 1
        try:
            for headers in self._reader.feed(data):
                self._take(headers)
        except NotAManager as error:
            self.end(str(error))
        if self._reader.greeted and not self.greeted.done():
            self.greeted.set_result(True)

    def _take(self, headers: dict[str, str]) -> None:
        request = self.responses.get(headers.get("ActionID"))
        # The first header says what it is: a UserEvent of the dialplan may carry any header behind its name.
        if next(iter(headers)) == "Event":
            self._on_event(headers)
            if request is None or not request.responses:
                return  # only a list has items, and they come behind its response
        if request is None:
            log.debug("An answer came that nobody waits for")
            return
        self.handle_message(_Answer(headers))

    def close(self) -> None:
        self.end("the link was closed")

    def end(self, why: str) -> None:
        """Drop the connection. Whoever waits for an answer gets LinkDown(why); nothing is kept for later."""
        if self.closed:
            return
        self.closed = True
        self.why = why
        for request in self.responses.values():
            request.fail(LinkDown(why))
        if not self.greeted.done():
            self.greeted.set_result(False)
        # Not close(): that would wait until a peer that is gone has read what we wrote.
        self.transport.abort()  # pyright: ignore[reportAttributeAccessIssue]  (panoramisk types it too widely)
        self._on_end(why)

    def connection_lost(self, exc: Exception | None) -> None:
        self.end(f"Asterisk closed the connection{f' ({exc})' if exc else ''}")
        if not self.gone.done():
            self.gone.set_result(None)


class _Link(Manager):
    """panoramisk's manager, for one connection only: a new link has nothing of the old one to send again."""

    protocol: _Wire

    def connection_made(self, f: asyncio.Future[Any]) -> None:
        """A failed attempt is for whoever awaits it; panoramisk would try again by itself, for ever.

        Nor is its ping wanted, which looks for no answer: the keeper probes.
        """
        if not f.cancelled() and f.exception() is None:
            super().connection_made(f)
            if self.pinger:
                self.pinger.cancel()

    @property
    def gone(self) -> asyncio.Future[None]:
        return self.protocol.gone

    @property
    def reads(self) -> int:
        return self.protocol.reads

    async def probe(self, patience: float) -> None:
        await self.ask("Ping", None, patience)

    def end(self, why: str) -> None:
        self.protocol.end(why)

    async def ask(
        self,
        name: str,
        fields: Fields | None,
        seconds: float,
        *,
        as_list: bool = False,
        on_answer: Callable[[_Answer], None] | None = None,
    ) -> list[_Answer]:
        request = self.send(name, fields, as_list=as_list, on_answer=on_answer)
        try:
            async with asyncio.timeout(seconds):
                answers: list[_Answer] = await request.future
        except TimeoutError:
            raise ActionTimedOut(f"Asterisk did not answer {name} within {seconds:g} s") from None
        finally:
            self.forget(request)
        if not answers[0].success:
            raise ActionRefused(name, answers[0].headers.get("Message", ""))
        return answers

    def send(
        self,
        name: str,
        fields: Fields | None,
        *,
        as_list: bool = False,
        on_answer: Callable[[_Answer], None] | None = None,
    ) -> _Request:
        if self.protocol.closed:
            raise LinkDown(self.protocol.why)
        request = _Request({"Action": name, **checked(name, fields)}, on_answer)
        if request.id in self.protocol.responses:
            raise ValueError(f"the ActionID of {name} is already waited for")
        self.send_action(request, as_list=as_list)
        return request

    def forget(self, request: _Request) -> None:
        """An answer that comes later is ignored."""
        self.protocol.responses.pop(request.id, None)
        request.drop()

    async def finish(self) -> None:
        self.close()
        if self.protocol is not None:
            await self.protocol.gone


class AmiClient:
    """The controller's line to Asterisk's manager. To be made and used inside one running event loop.

    on_event: gets every event, in wire order, from the reader, so it must not block. If it fails, that is
        logged and the link stays.
    on_link: False at the moment the link is lost, True when it is back, before the first event of the new
        link. Not called by `connect` and `close`.
    ping_every, ping_patience: seconds; a silent peer is given up after at most their sum.
    connect_timeout: seconds for one attempt, login included.
    backoff: seconds before each new attempt, the last one repeated.
    """

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        secret: str,
        *,
        on_event: Callable[[AmiEvent], None],
        on_link: Callable[[bool], None] = lambda up: None,
        ping_every: float = 3.0,
        ping_patience: float = 5.0,
        connect_timeout: float = 5.0,
        backoff: Sequence[float] = Pace().backoff,
    ) -> None:
        self._host, self._port, self._user, self._secret = host, port, user, secret
        self._on_event, self._on_link = on_event, on_link
        self._connect_timeout = connect_timeout
        self._pace = Pace(ping_every, ping_patience, tuple(backoff))
        self._link: _Link | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._agi = AgiCommands()
        self._closed = False

    def __repr__(self) -> str:
        return f"<AmiClient {self._user}@{self._host}:{self._port} {'up' if self._link else 'down'}>"

    @property
    def pending(self) -> int:
        """How many answers and results of AGI commands are still waited for."""
        return len(self._agi) + (len(self._link.protocol.responses) if self._link else 0)

    async def connect(self) -> None:
        """Log in; from then on the link is kept up until `close`.

        Raises AmiUnreachable or AmiLoginRefused, with the way out, and then nothing is left running.
        """
        if self._keeper is not None or self._closed:
            raise RuntimeError("an AmiClient is connected once")
        link = await self._open(lambda: None)
        if self._closed:
            await link.finish()
            raise LinkDown("the client was closed while it connected")
        keeper = LinkKeeper(self._open_again, self._pace)
        self._keeper = asyncio.create_task(keeper.keep(link), name="ami-keeper")

    async def action(
        self, name: str, fields: Fields | None = None, *, timeout: float = 5.0
    ) -> dict[str, str]:
        """Send one action, once, and return its response's headers.

        Raises LinkDown at once when there is no link, ActionRefused, ActionTimedOut, and ValueError for
        fields that must not be sent (see ami_fields). Events that carry its ActionID go to `on_event`.
        """
        return (await self._up().ask(name, fields, timeout))[0].headers

    async def listing(
        self, name: str, fields: Fields | None = None, *, timeout: float = 5.0
    ) -> list[dict[str, str]]:
        """The items of a list action such as CoreShowChannels, all of them or none. Raises as `action` does.

        The items go to `on_event` too.
        """
        items = (await self._up().ask(name, fields, timeout, as_list=True))[1:]
        if not items:
            raise ActionRefused(name, "it answered without a list")
        if items[-1].headers["EventList"].lower() == "cancelled":
            raise ActionRefused(name, "the list was cancelled half-way")
        return [item.headers for item in items[:-1]]

    async def agi(self, channel: str, command: str, *, timeout: float) -> AgiResult:
        """Have the channel carry out an AGI command, and wait until it is through.

        Raises AgiLeft when the channel leaves AsyncAGI or hangs up first (at once if it is known to be
        outside), and as `action` does. After ActionTimedOut the command may still be running; after AgiLeft
        it may run when the channel next enters AGI.
        """
        link = self._up()
        command_id = _COMMAND_ID()
        fields = checked("AGI", {"Channel": channel, "Command": command, "CommandID": command_id})
        through = self._agi.start(channel, command_id)

        def answered(answer: _Answer) -> None:
            if not answer.success and not through.done():
                through.set_exception(ActionRefused("AGI", answer.headers.get("Message", "")))

        with contextlib.ExitStack() as afterwards:
            afterwards.callback(self._agi.forget, command_id)
            afterwards.callback(link.forget, link.send("AGI", fields, on_answer=answered))
            try:
                async with asyncio.timeout(timeout):
                    return await through
            except TimeoutError:
                raise ActionTimedOut(f"The AGI command was not through within {timeout:g} s") from None

    async def close(self) -> None:
        """Log off and leave nothing behind; actions that still wait get LinkDown."""
        self._closed = True
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if link := self._link:
            with contextlib.suppress(AmiError):
                await link.ask("Logoff", None, min(0.5, self._pace.ping_patience))
            await link.finish()

    @property
    def up(self) -> bool:
        """Whether there is a link now."""
        return self._link is not None and not self._closed

    def _up(self) -> _Link:
        if self._link is None or self._closed:
            raise LinkDown("there is no link to Asterisk's manager")
        return self._link

    async def _open_again(self) -> _Link:
        link = await self._open(lambda: self._tell(True))
        log.info("The link to Asterisk is back", host=self._host, port=self._port)
        return link

    async def _open(self, on_up: Callable[[], None]) -> _Link:
        """One attempt. `on_up` is called before anything behind the login's answer is read."""
        link = _Link(
            host=self._host,
            port=self._port,
            loop=asyncio.get_running_loop(),
            protocol_factory=lambda: _Wire(self._receive, self._lost),
        )

        def logged_in(answer: _Answer) -> None:
            if answer.success:
                self._link = link
                on_up()

        try:
            async with asyncio.timeout(self._connect_timeout):
                await self._log_in(link, logged_in)
        except BaseException as error:
            await link.finish()
            where = f"{self._host}:{self._port}"
            match error:
                case ActionRefused():
                    raise AmiLoginRefused(where, self._user, error.message) from None
                case TimeoutError():
                    raise AmiUnreachable(where, f"no answer within {self._connect_timeout:g} s") from None
                case OSError() | AmiError():
                    raise AmiUnreachable(where, str(error) or type(error).__name__) from None
            raise
        return link

    async def _log_in(self, link: _Link, on_answer: Callable[[_Answer], None]) -> None:
        await link.connect()
        if not await link.protocol.greeted:
            raise LinkDown(link.protocol.why)
        login = {"Username": self._user, "Secret": self._secret, "Events": "on"}
        await link.ask("Login", login, self._connect_timeout, on_answer=on_answer)

    def _receive(self, event: dict[str, str]) -> None:
        self._agi.see(event)
        try:
            self._on_event(event)
        except (Exception, asyncio.CancelledError):
            # Over one handler's mistake panoramisk would lose the link, and every other call with it.
            log.exception("The handler of an event failed; the link stays", event_name=event["Event"])

    def _lost(self, why: str) -> None:
        if self._link is None:
            return  # it was not logged in yet: whoever opens it knows
        self._link = None
        self._agi.link_lost(why)
        if not self._closed:
            log.warning("The link to Asterisk is lost", why=why, host=self._host, port=self._port)
            self._tell(False)

    def _tell(self, up: bool) -> None:
        try:
            self._on_link(up)
        except (Exception, asyncio.CancelledError):
            log.exception("The handler of the link's state failed", up=up)
