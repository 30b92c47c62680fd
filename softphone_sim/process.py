"""One worker process seen from the farm: started, told, listened to, ended for certain."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from softphone_sim.person import PhoneEvent
from softphone_sim.phone import Command, Start, Stop
from softphone_sim.wire import WireError, command_line, read_event

PATIENCE = 4.0
"""Seconds a process has to say goodbye on all its calls before it is killed."""


class WorkerProcess:
    """Holds up to a few phones. lines: accounts in it; calls: how many calls it has been given."""

    def __init__(
        self, process: asyncio.subprocess.Process, on_event: Callable[[WorkerProcess, PhoneEvent], None]
    ):
        self._process = process
        self._on_event = on_event
        self.lines: list[str] = []
        self.calls: set[tuple[str, int]] = set()
        self.gone = asyncio.create_task(self._listen())
        """Done when the process has ended and everything it said was heard."""

    @classmethod
    async def start(
        cls, start: Start, errors: Path, on_event: Callable[[WorkerProcess, PhoneEvent], None]
    ) -> WorkerProcess:
        """Start the process in a session of its own: Ctrl-C is for us, we tell it. errors: file for its stderr."""
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        with errors.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "softphone_sim.worker"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=environment,
                start_new_session=True,
            )
        worker = cls(process, on_event)
        worker.send(start)
        return worker

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def send(self, command: Command) -> None:
        """Tell the phones to do something; void when the process is gone."""
        if self._process.stdin and not self._process.stdin.is_closing():
            self._process.stdin.write(command_line(command))

    async def _listen(self) -> None:
        while self._process.stdout and (line := await self._process.stdout.readline()):
            with suppress(WireError):  # half a line is all that a killed process may leave
                self._on_event(self, read_event(line))
        await self._process.wait()

    async def stop(self) -> None:
        """Ask it to leave, wait, kill what does not. Safe to call twice."""
        self.send(Stop())
        if self._process.stdin:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(asyncio.shield(self.gone), PATIENCE)
        except TimeoutError:
            self.kill()
            await self.gone

    def kill(self) -> None:
        """The phones vanish without a word."""
        with suppress(ProcessLookupError):
            self._process.kill()
