"""What can be done to a caller's channel, one AMI action each. No decisions here."""

from __future__ import annotations

from pathlib import Path

from ivr.asterisk.ami_client import AmiClient

MENU = ("hotline", "call", "ivr")  # context, extension, label where the controller has the call
DELIVER = "deliver"


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


def _quoted(path: Path) -> str:
    """A path as one AGI argument: AGI takes shell-like quotes and backslashes."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
