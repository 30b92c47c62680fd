"""Group commit: many notes become few transactions, and a journal that fails does not stop the calls."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

import structlog

from acd.ports import Entry, Journal

log = structlog.get_logger()

LIMIT = 200_000  # entries kept in memory while the journal cannot be written: some 5 hours of a busy site


class JournalWriter:
    """Orders all writing to one journal.

    `put` never waits; `append` returns when its entries are on disk, or have been kept back because the
    journal cannot be written (disk full, database gone): calls go on, `behind` tells how many entries wait,
    and they are written in order when the journal is back.
    """

    def __init__(self, journal: Journal, *, retry_after: float = 2.0) -> None:
        self._journal = journal
        self._retry_after = retry_after
        self._pending: deque[Entry] = deque()
        self._wake = asyncio.Event()
        self._waiters: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None
        self._failing = ""
        self._batch: list[Entry] = []  # the one under way: after a failure the very same is tried again
        self.dropped = 0

    @property
    def behind(self) -> int:
        """Entries not yet on disk because the journal fails; 0 in health."""
        return len(self._pending) + len(self._batch) if self._failing else 0

    @property
    def failing(self) -> str:
        """Why the journal cannot be written; empty in health."""
        return self._failing

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="journal writer")

    def put(self, entry: Entry) -> None:
        """Write soon. The oldest entry is given up when LIMIT is reached (counted in `dropped`)."""
        if len(self._pending) >= LIMIT:
            self._pending.popleft()
            self.dropped += 1
        self._pending.append(entry)
        self._wake.set()

    async def append(self, entries: Sequence[Entry]) -> None:
        """Write now, with all that was put before.

        While the journal fails it returns at once: an unwritten fact must not stop a call.
        """
        for entry in entries:
            self.put(entry)
        if self._failing or not (self._pending or self._batch):
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._wake.set()
        await waiter

    async def close(self) -> None:
        """Write what is left, once, and stop."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._release(self._waiters)
        try:
            for batch in (self._batch, list(self._pending)):
                if batch:
                    await self._journal.append(batch)
        except Exception as error:  # the process ends: say what is lost
            lost = len(self._batch) + len(self._pending)
            log.error("the journal could not be written at the end", lost=lost, why=str(error))

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._pending or self._batch or self._waiters:
                await self._write_batch()

    async def _write_batch(self) -> None:
        if not self._batch:
            self._batch = list(self._pending)
            self._pending.clear()
        waiters, self._waiters = self._waiters, []
        try:
            if self._batch:
                await self._journal.append(self._batch)
        except (TypeError, ValueError):  # ours: it will never go in, and must not hold up what follows
            log.exception("a batch cannot be written as it is and is left out", entries=len(self._batch))
            self.dropped += len(self._batch)
        except Exception as error:  # whatever it is, the calls must not notice
            if not self._failing:
                log.error("the journal cannot be written; calls go on, entries are kept", why=str(error))
            self._failing = str(error) or type(error).__name__
            self._release(waiters)
            await asyncio.sleep(self._retry_after)
            return
        if self._failing:
            log.info("the journal can be written again", written=len(self._batch), dropped=self.dropped)
            self._failing = ""
        self._batch = []
        self._release(waiters)

    @staticmethod
    def _release(waiters: list[asyncio.Future[None]]) -> None:
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
