"""The one clockwork: who wants to be woken when. An alarm that was moved or cleared rings in vain."""

from __future__ import annotations

import math
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acd.core.call_state import LiveCall
    from acd.core.operator_state import LiveOperator
    from acd.core.waiting import Queue

    Sleeper = LiveCall | LiveOperator | Queue


class Alarms:
    """A heap of (time, sequence, sleeper); an entry counts only while the sleeper's `due` says the same.

    wake_at: the time last asked for with WakeAt, inf when none.
    """

    __slots__ = ("_seq", "entries", "wake_at")

    def __init__(self) -> None:
        self.entries: list[tuple[float, int, Sleeper]] = []
        self.wake_at = math.inf
        self._seq = 0

    def set(self, sleeper: Sleeper, at: float) -> None:
        """Wake the sleeper at `at`, and no longer at any other time. inf: never."""
        sleeper.due = at
        if at < math.inf:
            self._seq += 1
            heappush(self.entries, (at, self._seq, sleeper))

    def next_due(self, now: float) -> Sleeper | None:
        """The next sleeper whose time has come, its alarm cleared; None when all others sleep on."""
        entries = self.entries
        while entries and entries[0][0] <= now:
            at, _, sleeper = heappop(entries)
            if sleeper.due == at:
                sleeper.due = math.inf
                return sleeper
        return None
