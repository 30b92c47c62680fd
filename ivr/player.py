"""Plays one call's prompts, one after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path

import structlog

from ivr.asterisk.ami_client import AmiError
from ivr.asterisk.call_control import CallControl
from ivr.core.commands import Play
from ivr.sounds import Sounds

log = structlog.get_logger()


class Player:
    """A run begins with the first prompt and ends when the list is empty; a stopped run never reports.

    on_done: told the number of the run that has been heard to its end.
    """

    def __init__(
        self, call: str, channel: str, control: CallControl, sounds: Sounds, on_done: Callable[[int], None]
    ) -> None:
        self._call, self._channel = call, channel
        self._control, self._sounds = control, sounds
        self._on_done = on_done
        self._prompts: deque[Play] = deque()
        self._run = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def playing(self) -> bool:
        return self._task is not None

    def play(self, prompt: Play) -> None:
        """After those that were asked for before."""
        self._prompts.append(prompt)
        if not self._task:
            self._run += 1
            self._task = asyncio.create_task(self._play_all(self._run), name=f"prompts of {self._call}")

    async def stop(self) -> None:
        """End what is heard now and drop the rest. Raises AmiError when the switch does not do it."""
        if self._task:
            self.forget()
            await self._control.stop_playing(self._channel)

    def forget(self) -> None:
        """Drop everything; the switch ends the sound itself when the channel is moved or gone."""
        self._run += 1
        self._prompts.clear()
        self._task = None

    def is_over(self, run: int) -> bool:
        """Whether this was the present run, which is over now; False for one that was stopped meanwhile."""
        if run != self._run:
            return False
        self._task = None
        return True

    async def _play_all(self, run: int) -> None:
        while self._prompts and run == self._run:
            prompt = self._prompts.popleft()
            try:
                await self._play_one(prompt)
            except AmiError as error:  # the channel went elsewhere, or the link is down: others tell that
                log.info("a prompt was not heard", call=self._call, prompt=prompt.prompt, why=str(error))
                break
            except Exception:  # no sound for it, or a full disk: the call goes on without this sentence
                log.exception("a prompt has no sound", call=self._call, prompt=prompt.prompt)
        self._on_done(run)

    async def _play_one(self, prompt: Play) -> None:
        sound: Path = await self._sounds.of(prompt)
        if not await self._control.play(self._channel, sound):
            # Asterisk throws a channel out of AGI when it cannot open a file; it comes back by itself.
            log.error("the switch could not play a prompt", call=self._call, prompt=prompt.prompt)
