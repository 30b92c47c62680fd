"""Waiting calls: one queue per class of equals, first come first served."""

from __future__ import annotations

import math
from collections import deque

from acd.core.call_state import LiveCall, Place
from acd.core.places import head, put, sweep

PACE_WEIGHT = 0.2
"""How much the latest gap between two services counts in the moving mean: about the last ten count."""


def class_order(priority: int, ageing: float | None) -> tuple[float, float]:
    """(rank, boost) of a class: calls go by (rank, since - boost).

    Strict priority (ageing None) ranks the classes. With ageing all have one rank, and a step of priority is
    worth `ageing` seconds of waiting.
    """
    return (-float(priority), 0.0) if ageing is None else (0.0, priority * ageing)


class Queue:
    """Calls that differ only in when they came.

    rank, boost: the class's place among classes. Entries order by (rank, since - boost, seq), and entries
    of different queues are compared in the same way. relaxes: seconds of waiting at which more operators
    may take a call of this class. due: its alarm. pace: moving mean of seconds between two services while
    somebody waited; None until there was one.
    """

    __slots__ = ("boost", "calls", "count", "due", "marked", "pace", "rank", "relaxes")

    def __init__(self, rank: float = 0.0, boost: float = 0.0, relaxes: tuple[float, ...] = ()) -> None:
        self.rank = rank
        self.boost = boost
        self.relaxes = relaxes
        self.calls: deque[Place] = deque()
        self.count = 0
        self.due = math.inf
        self.pace: float | None = None
        self.marked = 0.0

    def join(self, call: LiveCall, now: float) -> None:
        """Take the call in at its place."""
        home = call.home
        place: Place = (home.rank, call.since - home.boost, call.seq, call)
        call.queue = self
        call.place = place
        if not self.count:
            self.marked = now
        self.count += 1
        call.position = min(put(self.calls, place) + 1, self.count)

    def leave(self, call: LiveCall) -> None:
        """The call waits no longer here (it is served, given up, or moved)."""
        call.queue = call.place = None
        self.count -= 1
        if len(self.calls) > 2 * self.count + 32:
            sweep(self.calls)

    def first(self) -> LiveCall | None:
        """The call to be served next."""
        place = head(self.calls)
        return place[3] if place else None

    def served(self, now: float) -> None:
        """Note the pace: somebody waited here from `marked` until now, and is served."""
        gap = now - self.marked
        self.pace = gap if self.pace is None else self.pace + PACE_WEIGHT * (gap - self.pace)
        self.marked = now

    def forecast(self, position: int) -> float | None:
        """Seconds until a call at this position is served, if the pace stays. None while it is unknown."""
        return None if self.pace is None else self.pace * position

    def next_relaxation(self, since: float, now: float) -> float:
        """When more operators may take a call waiting since `since`; inf when all may."""
        if not self.relaxes or since + self.relaxes[-1] <= now:
            return math.inf
        return next(since + after for after in self.relaxes if since + after > now)
