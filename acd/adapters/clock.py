"""The machine's clock, and one that a test or a simulation moves by hand."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """Linux's monotonic clock is one for all processes of a boot: a new controller reads on from it."""

    def monotonic(self) -> float:
        return time.monotonic()

    def utc(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_until(self, at: float) -> None:
        """Return when monotonic() >= at; the loop's timers may fire a hair early, hence the loop."""
        while (left := at - time.monotonic()) > 0:  # noqa: ASYNC110 (the time is not an event)
            await asyncio.sleep(left)
        await asyncio.sleep(0)


class ManualClock:
    """Stands still until `advance`; wakes sleepers in the order of their times."""

    def __init__(self, start: float = 0.0, utc: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._now = start
        self._utc = utc - timedelta(seconds=start)
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def monotonic(self) -> float:
        return self._now

    def utc(self) -> datetime:
        return self._utc + timedelta(seconds=self._now)

    async def sleep_until(self, at: float) -> None:
        if at <= self._now:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (at, next(self._numbers), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Move on by `seconds` (>= 0), stopping at each sleeper's time to let it do its work."""
        if seconds < 0:
            raise ValueError("a clock does not go back")
        until = self._now + seconds
        await _let_others_run()
        while self._sleepers and self._sleepers[0][0] <= until:
            at, _, woken = heapq.heappop(self._sleepers)
            self._now = max(self._now, at)
            if not woken.done():
                woken.set_result(None)
            await _let_others_run()
        self._now = until
        await _let_others_run()


async def _let_others_run() -> None:
    for _ in range(20):  # a woken task may have to pass through a few awaits before it sleeps again
        await asyncio.sleep(0)
