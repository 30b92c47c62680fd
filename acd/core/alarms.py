"""The one clockwork: who wants to be woken when. An alarm that was moved or cleared rings in vain.

Most alarms are set for a fixed time from now (the ring timeout, the wrap-up of a line), and time never goes
back: those of one length come due in the order in which they were set, and need a queue, not a heap.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from acd.core.places import put

if TYPE_CHECKING:
    from acd.core.call_state import LiveCall
    from acd.core.operator_state import LiveOperator
    from acd.core.waiting import Queue

    Sleeper = LiveCall | LiveOperator | Queue
    Entry = tuple[float, int, Sleeper]


class Alarms:
    """Entries are (time, sequence, sleeper); one counts only while the sleeper's `due` says the same time.

    wake_at: the time last asked for with WakeAt, inf when none. sooner: somebody may be due before it.
    """

    __slots__ = ("_lanes", "_odd", "_seq", "sooner", "wake_at")

    def __init__(self) -> None:
        self._odd: deque[Entry] = deque()
        self._lanes: dict[float, deque[Entry]] = {math.nan: self._odd}
        self._seq = 0
        self.wake_at = math.inf
        self.sooner = False

    def after(self, sleeper: Sleeper, delay: float, now: float) -> float:
        """Wake the sleeper `delay` seconds from now, and at no other time; returns when."""
        sleeper.due = at = now + delay
        lane = self._lanes.get(delay)
        if lane is None:
            lane = self._lanes[delay] = deque()
        self._seq += 1
        lane.append((at, self._seq, sleeper))
        if at < self.wake_at:
            self.sooner = True
        return at

    def set(self, sleeper: Sleeper, at: float) -> None:
        """Wake the sleeper at any time, and at no other."""
        sleeper.due = at
        self._seq += 1
        put(self._odd, (at, self._seq, sleeper))
        if at < self.wake_at:
            self.sooner = True

    def ask(self) -> float | None:
        """The time to ask for with WakeAt; None when what was asked for is early enough."""
        self.sooner = False
        lane = self._first()
        if lane is None or lane[0][0] >= self.wake_at:
            return None
        self.wake_at = lane[0][0]
        return self.wake_at

    def next_due(self, now: float) -> Sleeper | None:
        """The next sleeper whose time has come, its alarm cleared; None when all others sleep on."""
        lane = self._first()
        if lane is None or lane[0][0] > now:
            return None
        sleeper = lane.popleft()[2]
        sleeper.due = math.inf
        return sleeper

    def entries(self) -> Iterator[Entry]:
        """Every alarm that counts."""
        return (entry for entry in chain(*self._lanes.values()) if entry[2].due == entry[0])

    def _first(self) -> deque[Entry] | None:
        """The lane that has the next alarm; dead ones at the heads are dropped on the way."""
        first = None
        for lane in self._lanes.values():
            while lane and lane[0][2].due != lane[0][0]:
                lane.popleft()
            if lane and (first is None or lane[0] < first[0]):
                first = lane
        return first
