"""The same object under the simulator and under asyncio: the same inputs give the same commands."""

from __future__ import annotations

import asyncio
import heapq
import selectors
from collections import Counter
from collections.abc import Callable

import simpy

from acd.core.dispatcher import Dispatcher
from tests.acd.core.driven_day import Drawn, DrivenDay, draw
from tests.acd.core.policies import rich

CALLERS = draw(400, ["medical", "general", "limited", "pension"], seed=7)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer instead of sleeping until it."""

    def __init__(self) -> None:
        self._virtual_now = 0.0
        self._timers: list[float] = []
        super().__init__(_NeverWaits(self))

    def time(self) -> float:
        return self._virtual_now

    def call_at(self, when, callback, *args, context=None):  # type: ignore[no-untyped-def]
        heapq.heappush(self._timers, when)
        return super().call_at(when, callback, *args, context=context)

    def jump(self) -> None:
        while self._timers and self._timers[0] <= self._virtual_now:
            heapq.heappop(self._timers)
        if self._timers:
            self._virtual_now = self._timers[0]


class _NeverWaits(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout=None):  # type: ignore[no-untyped-def]
        if timeout is None or timeout > 0:
            self._loop.jump()
        return super().select(0)


def under_simpy(dispatcher: Dispatcher, callers: list[Drawn]) -> DrivenDay:
    env = simpy.Environment()

    def at(when: float, do: Callable[[], None]) -> None:
        # At an absolute time: SimPy itself offers delays only, and now + (when - now) is not always when.
        event = env.event()
        event._ok, event._value = True, None
        event.callbacks.append(lambda _: do())
        heapq.heappush(env._queue, (when, simpy.core.NORMAL, next(env._eid), event))

    day = DrivenDay(dispatcher, callers, lambda: env.now, at)
    day.begin()
    env.run()
    return day


def under_asyncio(dispatcher: Dispatcher, callers: list[Drawn]) -> DrivenDay:
    loop = VirtualLoop()
    pending = Counter[str]()
    day: DrivenDay

    def at(when: float, do: Callable[[], None]) -> None:
        pending["timers"] += 1

        def fire() -> None:
            do()
            pending["timers"] -= 1
            if not pending["timers"]:
                loop.stop()

        loop.call_at(when, fire)

    day = DrivenDay(dispatcher, callers, loop.time, at)
    try:
        loop.call_soon(day.begin)
        loop.run_forever()
    finally:
        loop.close()
    return day


def test_the_simulator_and_the_live_loop_get_the_same_commands():
    simulated = under_simpy(Dispatcher(rich()), CALLERS)
    live = under_asyncio(Dispatcher(rich()), CALLERS)
    assert len(simulated.log) == len(live.log)
    for mine, other in zip(simulated.log, live.log, strict=True):
        assert mine == other


def test_the_day_that_is_compared_has_everything_in_it():
    day = under_simpy(Dispatcher(rich()), CALLERS)
    commands = Counter(type(c).__name__ for _, _, given in day.log for c in given)
    assert set(commands) == {"RingOperator", "StopRinging", "Announce", "Overflow", "Release", "WakeAt"}
    rules = {c.why.rule for _, _, given in day.log for c in given if type(c).__name__ == "RingOperator"}
    assert rules == {"longest idle", "first come"}
    rings = {c.why.ring for _, _, given in day.log for c in given if type(c).__name__ == "RingOperator"}
    assert rings == {0, 1, 2}
