"""AsyncAGI commands under way: which channel each belongs to, and what ends it."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import unquote

import msgspec

from .ami_errors import AgiLeft, LinkDown
from .ami_reader import AmiEvent

_RESULT = re.compile(r"(?P<code>\d{3})[ -]?(?:result=(?P<result>\S*))?\s*(?P<data>.*)", re.DOTALL)


class AgiResult(msgspec.Struct, frozen=True):
    """What a command came to.

    code: 200 done, 510 unknown, 511 the channel is dead, 520 wrong usage; 0 if it cannot be read.
    result: as Asterisk gives it; "-1" is a failure or a hang-up, and AsyncAGI ends after it.
    data: what follows: the inside of the brackets ("timeout", a variable's value), else the rest of the text.
    """

    code: int
    result: str
    data: str


def read_result(quoted: str) -> AgiResult:
    """The URL-quoted `Result` of an AsyncAGIExec event, e.g. "200%20result%3D1%20(speech)%0A"."""
    found = _RESULT.fullmatch(unquote(quoted).strip())
    if found is None:
        return AgiResult(0, "", unquote(quoted).strip())
    data = found["data"].strip()
    if data.startswith("(") and data.endswith(")"):
        data = data[1:-1]
    return AgiResult(int(found["code"]), found["result"] or "", data)


class AgiCommands:
    """Who waits for which command, told by events alone.

    A channel that has left AGI still takes commands, answers Success, and runs them when it next enters AGI:
    `start` refuses them for a channel that is known to have left.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[str, asyncio.Future[AgiResult]]] = {}
        self._of_channel: dict[str, set[str]] = {}
        self._outside: set[str] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def start(self, channel: str, command_id: str) -> asyncio.Future[AgiResult]:
        """A future for the command's result. Raises AgiLeft when the channel is known to be outside AGI."""
        if channel in self._outside:
            raise AgiLeft(channel, hung_up=False)
        future: asyncio.Future[AgiResult] = asyncio.get_running_loop().create_future()
        self._waiting[command_id] = (channel, future)
        self._of_channel.setdefault(channel, set()).add(command_id)
        return future

    def forget(self, command_id: str) -> None:
        """The command is of no interest any more; what comes for it later is ignored."""
        waiting = self._waiting.pop(command_id, None)
        if waiting is None:
            return
        channel, future = waiting
        commands = self._of_channel[channel]
        commands.discard(command_id)
        if not commands:
            del self._of_channel[channel]
        if future.done() and not future.cancelled():
            future.exception()  # looked at, so that asyncio does not complain about it
        future.cancel()

    def see(self, event: AmiEvent) -> None:
        """Let an event end what it ends. The caller has seen to the order: as on the wire."""
        match event.get("Event"):
            case "AsyncAGIExec":
                waiting = self._waiting.get(event.get("CommandID") or event.get("CommandId", ""))
                if waiting is not None and not waiting[1].done():
                    waiting[1].set_result(read_result(event.get("Result", "")))
            case "AsyncAGIEnd":
                self._outside.add(event.get("Channel", ""))
                self._left(event.get("Channel", ""), hung_up=False)
            case "AsyncAGIStart":
                self._outside.discard(event.get("Channel", ""))
            case "Hangup":
                self._outside.discard(event.get("Channel", ""))
                self._left(event.get("Channel", ""), hung_up=True)

    def link_lost(self, why: str) -> None:
        """Every waiter gets LinkDown(why); what was known about the channels is forgotten with the link."""
        self._outside.clear()
        for _, future in self._waiting.values():
            if not future.done():
                future.set_exception(LinkDown(why))

    def _left(self, channel: str, *, hung_up: bool) -> None:
        for command_id in self._of_channel.get(channel, ()):
            future = self._waiting[command_id][1]
            if not future.done():
                future.set_exception(AgiLeft(channel, hung_up=hung_up))
