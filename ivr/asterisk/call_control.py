"""What can be done to a caller's channel, one AMI action each. No decisions here."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

from ivr.asterisk.ami_client import AmiClient

MENU = ("hotline", "call", "ivr")  # context, extension, label where the controller has the call
DELIVER = "deliver"

SPY = "AudioSocket/"  # what the names of the channels begin with that carry a caller's voice to a worker
# "127.0.0.1:40001", "[::1]:40001", "worker1.example.org:40001": nothing that would be more than an address.
_AUDIO = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}")
_UNIQUEID = re.compile(r"[A-Za-z0-9_.-]{1,150}")
# Only what he says himself (o), by his uniqueid (u), silently (q); it ends with his call (S, E).
_OPTIONS = "uoqSE"
CONNECTING = 3000  # milliseconds the switch tries to reach the worker


class CallControl:
    """Verbs over AMI. Channels are Asterisk's names ("PJSIP/caller1-00000003").

    Every verb raises what `AmiClient.action` raises: ActionRefused when the channel is gone, LinkDown,
    ActionTimedOut.
    """

    def __init__(self, ami: AmiClient, *, heartbeat: int) -> None:
        self._ami = ami
        self._heartbeat = heartbeat

    async def play(self, channel: str, sound: Path, *, longest: float = 300.0) -> bool:
        """Play a sound file (absolute path without extension) to its end, or until `stop_playing`.

        The channel must be in AsyncAGI. False: it was not played and the channel has left AGI, as it does
        when the file cannot be opened; prompts are verified before the first call for that reason.
        """
        done = await self._ami.agi(channel, f'STREAM FILE {_quoted(sound)} ""', timeout=longest)
        return done.result != "-1"

    async def stop_playing(self, channel: str) -> None:
        await self._ami.action("ControlPlayback", {"Channel": channel, "Control": "stop"})

    async def music(self, channel: str, *, on: bool) -> None:
        await self._ami.agi(channel, "SET MUSIC ON default" if on else "SET MUSIC OFF", timeout=10.0)

    async def deliver(self, channel: str, operator: str) -> None:
        """Ring the operator's phone; the caller hears music meanwhile and is connected on answer."""
        await self._redirect(channel, DELIVER, operator, "1")

    async def retrieve(self, channel: str) -> None:
        """Back into the menu's hands from wherever the channel is; a phone that rings for it stops."""
        await self._redirect(channel, *MENU)

    async def listen_in(self, call: str, audio: str, ear: str) -> None:
        """Have the switch send this caller's own voice to a speech worker, as AudioSocket.

        call: his channel's uniqueid. audio: the worker's "host:port". ear: the UUID it goes under. Returns
        when the switch has taken the order; whether sound arrives, the worker tells. Nothing of it touches
        the call: a spy that cannot connect, or loses its worker, is gone alone. It does not end when the
        call leaves the menu: `stop_listening`.
        Raises ValueError for a word that is none of these, besides what every verb raises.
        """
        if not _UNIQUEID.fullmatch(call):
            raise ValueError("a call's uniqueid has other characters than Asterisk gives it")
        await self._ami.action(
            "Originate",
            {
                "Channel": f"{SPY}{_checked(audio)}/{UUID(ear)}",
                "Application": "ChanSpy",
                "Data": f"{call},{_OPTIONS}",
                "Codecs": "slin",
                "Timeout": str(CONNECTING),
                # Without it Asterisk answers nothing else on this link until the worker has answered.
                "Async": "true",
            },
        )

    async def stop_listening(self, audio: str, ear: str) -> None:
        """End what `listen_in` began. Raises ActionRefused when it is gone already, as a rule.

        Closing the worker's end does the same only while the caller's telephone sends sound.
        """
        await self.hangup(f"{SPY}{_checked(audio)}-{UUID(ear)}")

    async def hangup(self, channel: str) -> None:
        await self._ami.action("Hangup", {"Channel": channel, "Cause": "16"})

    async def keep_alive(self, channel: str) -> None:
        """Push the channel's own way out (music when the controller is silent) further into the future."""
        await self._ami.action("AbsoluteTimeout", {"Channel": channel, "Timeout": str(self._heartbeat)})

    async def variable(self, channel: str, name: str) -> str:
        reply = await self._ami.action("Getvar", {"Channel": channel, "Variable": name})
        return reply.get("Value", "")

    async def channels(self) -> list[dict[str, str]]:
        """All channels as CoreShowChannels lists them (Channel, Uniqueid, Context, Application, BridgeId …)."""
        return [row for row in await self._ami.listing("CoreShowChannels") if "Channel" in row]

    async def _redirect(self, channel: str, context: str, exten: str, priority: str) -> None:
        await self._ami.action(
            "Redirect", {"Channel": channel, "Context": context, "Exten": exten, "Priority": priority}
        )


def _checked(audio: str) -> str:
    if not _AUDIO.fullmatch(audio):
        raise ValueError("a speech worker's address is not host:port")
    return audio


def _quoted(path: Path) -> str:
    """A path as one AGI argument: AGI takes shell-like quotes and backslashes."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
