"""The one clockwork: who wants to be woken when. An alarm that was moved or cleared rings in vain.

Most alarms are set for a fixed time from now (the ring timeout, the wrap-up of a line), and time never goes
back: those of one length come due in the order in which they were set, and need a queue, not a heap.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from itertools import chain, count
from typing import TYPE_CHECKING

from acd.core.places import put

if TYPE_CHECKING:
    from acd.core.call_state import LiveCall
    from acd.core.operator_state import LiveOperator
    from acd.core.waiting import Queue

    Sleeper = LiveCall | LiveOperator | Queue
    Entry = tuple[float, int, Sleeper]


class Alarms:
    """Entries are (time, number, sleeper); one counts only while the sleeper's `due` says the same time.

    wake_at: the time last asked for with WakeAt, inf when none. sooner: somebody may be due before it.
    """

    __slots__ = ("_lanes", "_number", "_odd", "sooner", "wake_at")

    def __init__(self) -> None:
        self._odd: deque[Entry] = deque()
        self._lanes: dict[float, deque[Entry]] = {math.nan: self._odd}
        self._number = count(1)
        self.wake_at = math.inf
        self.sooner = False

    def after(self, sleeper: Sleeper, delay: float, now: float) -> float:
        """Wake the sleeper `delay` seconds from now, and at no other time; returns when. inf is never."""
        sleeper.due = at = now + delay
        lane = self._lanes.get(delay)
        if lane is None:
            if delay == math.inf:
                return at
            lane = self._lanes[delay] = deque()
        lane.append((at, 0, sleeper))
        if at < self.wake_at:
            self.sooner = True
        return at

    def set(self, sleeper: Sleeper, at: float) -> None:
        """Wake the sleeper at any time, and at no other."""
        sleeper.due = at
        put(self._odd, (at, next(self._number), sleeper))
        if at < self.wake_at:
            self.sooner = True

    def ask(self) -> float | None:
        """The time to ask for with WakeAt; None when what was asked for is early enough."""
        self.sooner = False
        first = min((lane[0][0] for lane in self._lanes.values() if _living(lane)), default=math.inf)
        if first >= self.wake_at:
            return None
        self.wake_at = first
        return first

    def due(self, now: float) -> list[Entry]:
        """Take out what is due, in the order of time; `wake_at` is then the time to ask for.

        An entry counts only if it still does when its turn comes: those before it may have cleared it.
        """
        found: list[Entry] = []
        first = math.inf
        for lane in self._lanes.values():
            while lane:
                entry = lane[0]
                at = entry[0]
                if entry[2].due == at:
                    if at > now:
                        first = min(first, at)
                        break
                    found.append(entry)
                lane.popleft()
        self.wake_at = first
        self.sooner = False
        if len(found) > 1:
            found.sort(key=_time)
        return found

    def entries(self) -> Iterator[Entry]:
        """Every alarm that counts."""
        return (entry for entry in chain(*self._lanes.values()) if entry[2].due == entry[0])


def _living(lane: deque[Entry]) -> bool:
    """Whether the lane has an alarm that counts; dead ones at its head are dropped."""
    while lane and lane[0][2].due != lane[0][0]:
        lane.popleft()
    return bool(lane)


def _time(entry: Entry) -> float:
    return entry[0]
