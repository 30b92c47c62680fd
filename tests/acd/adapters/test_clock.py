"""Time as an argument: the machine's, and one moved by hand."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from acd.adapters.clock import ManualClock, SystemClock


async def test_the_systems_clock_never_wakes_too_early() -> None:
    clock = SystemClock()
    for _ in range(20):
        at = clock.monotonic() + 0.002
        await clock.sleep_until(at)
        assert clock.monotonic() >= at
    await clock.sleep_until(0.0)  # long past


def test_the_systems_clock_is_the_machines() -> None:
    clock = SystemClock()
    assert clock.utc().tzinfo is UTC
    before = time.monotonic()
    assert before <= clock.monotonic() <= time.monotonic()


async def test_a_clock_moved_by_hand_wakes_sleepers_in_their_order_at_their_time() -> None:
    clock = ManualClock(start=100.0)
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, *times: float) -> None:
        for at in times:
            await clock.sleep_until(at)
            woken.append((name, clock.monotonic()))

    tasks = [asyncio.create_task(sleeper("late", 109.0)), asyncio.create_task(sleeper("twice", 103.0, 106.0))]
    await clock.advance(8.0)
    assert woken == [("twice", 103.0), ("twice", 106.0)]
    assert clock.monotonic() == 108.0
    await clock.advance(1.0)
    assert woken[-1] == ("late", 109.0)
    await asyncio.gather(*tasks)


async def test_wall_time_moves_with_it() -> None:
    noon = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    clock = ManualClock(start=100.0, utc=noon)
    await clock.advance(90.0)
    assert clock.utc() == noon + timedelta(seconds=90)
    with pytest.raises(ValueError, match="does not go back"):
        await clock.advance(-1.0)


async def test_a_sleeper_that_gave_up_is_passed_over() -> None:
    clock = ManualClock()
    task = asyncio.create_task(clock.sleep_until(5.0))
    await clock.advance(1.0)
    task.cancel()
    await clock.advance(10.0)
    assert task.cancelled()
    assert clock.monotonic() == 11.0
