"""Who calls: one attempt of one caller, and where callers of a topic call from."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate

from acd.core.model import CallId, Region
from loadtest.draws import Purpose, TopicDraws
from loadtest.scenario import Scenario, TopicEntry

WAITING, TALKING, GONE = range(3)


class Caller:
    """One attempt of one caller. line: where he is now. since: when he asked there. rings: how many phones
    have rung for him. queued: nobody was free at once. promised: he hung up, and will be called back."""

    __slots__ = (
        "attempt", "draws", "id", "line", "number", "promised", "queued", "ringing", "rings", "second",
        "since", "state", "topic",
    )  # fmt: skip

    def __init__(self, topic: int, number: int, attempt: int, draws: TopicDraws) -> None:
        self.id = CallId(f"{topic}-{number}-{attempt}")
        self.topic = topic
        self.number = number
        self.attempt = attempt
        self.draws = draws
        self.state = GONE
        self.line = 0
        self.since = 0.0
        self.rings = 0
        self.queued = self.second = self.ringing = self.promised = False

    def drawn(self, purpose: Purpose) -> float:
        return self.draws.value(purpose, self.number, self.attempt)


class Origins:
    """The regions of a topic's callers, by weight."""

    def __init__(self, scenario: Scenario, topic: TopicEntry) -> None:
        weights = scenario.regions if topic.regions is None else topic.regions
        self._regions = [Region(name) for name in weights]
        self._upto = list(accumulate(weights.values()))

    def of(self, caller: Caller) -> Region | None:
        """Where he calls from, the same whenever he calls again; None when nothing is said about it."""
        if not self._regions:
            return None
        drawn = caller.draws.value(Purpose.REGION, caller.number, 0) * self._upto[-1]
        return self._regions[min(bisect(self._upto, drawn), len(self._regions) - 1)]
