"""A switch for one call without Asterisk: prompts last as long as they are said to, and manners are demanded."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ivr.asterisk.ami_client import ActionRefused


class QuietSwitch:
    """What CallControl offers, for one channel. played: prompts, in order. spies: ear -> address, those there
    are; every ear that ever was in `ears`. stopped: how often a prompt was cut."""

    def __init__(self, *, prompt_lasts: float = 3.0) -> None:
        self.prompt_lasts = prompt_lasts
        self.played: list[str] = []
        self.spies: dict[str, str] = {}
        self.ears: list[str] = []
        self.stopped = 0
        self.hung_up = False
        self.rude: list[str] = []
        self._sounding: asyncio.Event | None = None

    async def play(self, channel: str, sound: Path, *, longest: float = 300.0) -> bool:
        if self._sounding:
            self.rude.append("two prompts at once")
        self.played.append(sound.name)
        self._sounding = asyncio.Event()
        try:
            async with asyncio.timeout(self.prompt_lasts):
                await self._sounding.wait()
        except TimeoutError:
            pass
        finally:
            self._sounding = None
        return True

    async def stop_playing(self, channel: str) -> None:
        self.stopped += 1
        if self._sounding:
            self._sounding.set()

    async def listen_in(self, call: str, audio: str, ear: str) -> None:
        if ear in self.ears:
            self.rude.append("the same ear twice")
        self.ears.append(ear)
        self.spies[ear] = audio

    async def stop_listening(self, audio: str, ear: str) -> None:
        if self.spies.pop(ear, None) is None:
            raise ActionRefused("Hangup", "No such channel")

    async def music(self, channel: str, *, on: bool) -> None: ...

    async def deliver(self, channel: str, operator: str) -> None: ...

    async def retrieve(self, channel: str) -> None: ...

    async def hangup(self, channel: str) -> None:
        self.hung_up = True
