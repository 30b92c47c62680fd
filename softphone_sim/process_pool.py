"""The farm's worker processes: started one after another, shared by calls, all of them ended."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from softphone_sim import rtp_ports
from softphone_sim.person import PhoneEvent
from softphone_sim.phone import CALLS_PER_PROCESS, AddLine, Start
from softphone_sim.process import WorkerProcess

CALLERS_LINE = "callers"


class FarmStopped(Exception):
    """The farm is stopping or has stopped: no new phones, no new calls."""


class ProcessPool:
    """Processes for operators' phones and for callers.

    on_event: what a phone saw. on_gone: a process has ended, wanted or not; by then it was listened to.
    accounts: (user, secret) that callers' processes use in turn.
    """

    def __init__(
        self,
        *,
        registrar: str,
        folder: Path,
        accounts: Sequence[tuple[str, str]],
        callers_from: str,
        on_event: Callable[[WorkerProcess, PhoneEvent], None],
        on_gone: Callable[[WorkerProcess], None],
    ) -> None:
        self.stopping = False
        self._registrar, self._folder, self._accounts = registrar, folder, accounts
        self._callers_from = callers_from
        self._on_event, self._on_gone = on_event, on_gone
        self._all: list[WorkerProcess] = []
        self._for_callers: list[WorkerProcess] = []
        self._blocks = rtp_ports.free_blocks(callers_from, os.getpid())
        self._starting = asyncio.Lock()

    async def start(self, bind: str) -> WorkerProcess:
        """A new process that calls from this address. Raises FarmStopped."""
        async with self._starting:
            if self.stopping:
                raise FarmStopped
            self._folder.mkdir(parents=True, exist_ok=True)
            start = Start(self._registrar, bind, next(self._blocks), rtp_ports.BLOCK, str(self._folder))
            errors = self._folder / f"process-{len(self._all) + 1}.log"
            worker = await WorkerProcess.start(start, errors, self._on_event)
            if self.stopping:  # decided while the process was being born
                worker.kill()
                await worker.gone
                raise FarmStopped
            self._all.append(worker)
            worker.gone.add_done_callback(lambda _: self._on_gone(worker))
            return worker

    async def prepare(self, calls: int) -> None:
        """Have processes for so many callers at once."""
        while len(self._living()) * CALLS_PER_PROCESS < calls:
            await self._start_for_callers()

    async def for_caller(self) -> WorkerProcess:
        """A process with room for one more caller, a new one if need be. Not to be called twice at a time."""
        for worker in self._living():
            if len(worker.calls) < CALLS_PER_PROCESS:
                return worker
        return await self._start_for_callers()

    def _living(self) -> list[WorkerProcess]:
        return [worker for worker in self._for_callers if not worker.gone.done()]

    async def _start_for_callers(self) -> WorkerProcess:
        user, secret = self._accounts[len(self._for_callers) % len(self._accounts)]
        worker = await self.start(self._callers_from)
        worker.send(AddLine(CALLERS_LINE, user, secret, False, ""))
        self._for_callers.append(worker)
        return worker

    async def stop(self) -> None:
        """Ask all to leave and wait; kill what stays. Safe twice; cancelled, it kills all at once."""
        self.stopping = True
        try:
            async with self._starting:  # one that is just being started ends itself
                pass
            await asyncio.gather(*(worker.stop() for worker in self._all))
        finally:
            for worker in self._all:
                worker.kill()
            if self._all:  # even if this is cancelled: a process nobody waited for is a zombie
                await asyncio.wait([worker.gone for worker in self._all], timeout=2)
