"""Who may take what: the idle operators and the queues of each demand, ready to be looked at by their heads.

A pool is one demand: (topic, line, language, region). It keeps a queue of idle operators per stage; they
become idle in the order of time, so each queue is already in the order of longest idle, and a decision
compares a few heads. In the other direction each operator knows the waiting queues he serves and from
which waiting time on. Pools are made when a demand is first seen; later events cost the same for thirty
operators and for three thousand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from acd.core.call_state import LiveCall
from acd.core.demand import speaks, stage
from acd.core.model import Language, Line, LineId, Policy, Region, Topic, TopicId
from acd.core.operator_state import IdlePlace, LiveOperator
from acd.core.places import head, put, sweep
from acd.core.waiting import Queue, class_order

Asked = tuple[TopicId, LineId, Language | None, Region | None, int | None]
Class = tuple["Pool", Queue]

NO_LANGUAGE_OF_OURS = Language("")
NO_REGION_OF_OURS = Region("")
CLASSES_AT_HAND = 10_000
SWEEP_EVERY = 8
"""Leftovers in the idle queues are swept out after so many entries per operator."""


class Pool:
    """One demand. idle: per ring, (seconds waited from which it counts, operators of that stage, in words).
    later: per ring, the part of `idle` that it does not ask yet.

    region None: everybody on the line. A pool of a region has `wider`, where its calls go at `widen_after`.
    """

    __slots__ = ("idle", "language", "later", "line", "queues", "region", "relaxes", "topic", "wider")

    def __init__(
        self, topic: Topic, line: Line, language: Language | None, region: Region | None, wider: Pool | None
    ) -> None:
        self.topic = topic
        self.line = line
        self.language = language
        self.region = region
        self.wider = wider
        self.idle: list[tuple[float, deque[IdlePlace], str]] = [
            (ring.after, deque(), f"asked only after {ring.after:g} s of waiting") for ring in topic.rings
        ]
        self.later = [self.idle[ring:] for ring in range(1, len(self.idle) + 1)]
        self.queues: dict[int, Queue] = {}
        steps = {ring.after for ring in topic.rings[1:]}
        if wider is not None:
            steps.add(line.widen_after)
        self.relaxes = tuple(sorted(steps))

    def stage_of(self, operator: LiveOperator) -> int | None:
        """The operator's stage here, None when he can never take these calls."""
        config = operator.config
        if config is None or self.line.id not in config.lines or not speaks(config, self.language):
            return None
        if self.region is not None and config.region != self.region:
            return None
        return stage(config, self.topic)

    def longest_idle(self, since: float, now: float) -> LiveOperator | None:
        """The longest idle operator who may take a call that waits since `since`."""
        best: IdlePlace | None = None
        for after, idle, _ in self.idle:
            if after and since + after > now:
                break
            if idle:
                place = idle[0]
                if place[2].place is not place:
                    place = head(idle)
                if place is not None and (best is None or place < best):
                    best = place
        return None if best is None else best[2]


class Matching:
    """The index of a floor under one policy. A new policy gets a new one."""

    def __init__(self, policy: Policy, operators: Iterable[LiveOperator]) -> None:
        self._policy = policy
        self._operators = {operator.id: operator for operator in operators}
        self._pools: dict[tuple[TopicId, LineId, Language | None, Region | None], Pool] = {}
        self._languages = {code for operator in policy.operators.values() for code in operator.languages}
        self._regions = {operator.region for operator in policy.operators.values()}
        self._classes: dict[Asked, Class] = {}
        self._entries = 0
        for operator in self._operators.values():
            operator.pools = []
            operator.serves = []
            operator.place = None

    def pools(self) -> Iterable[Pool]:
        return self._pools.values()

    def classify(self, call: LiveCall, now: float) -> bool:
        """Give the call its pool, its line and the queue of its class. False: the policy knows none.

        One that has waited long enough for its region belongs to the wider pool.
        """
        told = call.told
        asked = (call.topic, call.line, told.language, told.region, told.priority)
        found = self._classes.get(asked) or self._find(call, asked)
        if found is None:
            return False
        pool, call.home = found
        if pool.wider is not None and call.since + pool.line.widen_after <= now:
            pool = pool.wider
            call.home = self._queue(pool, told.priority)
        call.pool = pool
        call.line = pool.line.id
        return True

    def enter(self, operator: LiveOperator) -> None:
        """He is idle since now: last in every idle queue of his."""
        operator.place = place = (operator.idle_since, operator.idle_seq, operator)
        for idle in operator.pools:
            idle.append(place)
        self._entries += 1
        if self._entries > SWEEP_EVERY * len(self._operators) + 64:
            self._sweep()

    def enter_at_his_place(self, operator: LiveOperator) -> None:
        """He is idle since earlier: the call that rang him went away, or his skills changed."""
        operator.place = place = (operator.idle_since, operator.idle_seq, operator)
        self._entries += 1
        for idle in operator.pools:
            put(idle, place)

    def first_for(self, operator: LiveOperator, now: float) -> LiveCall | None:
        """The call he should have: first by priority, age and arrival among the heads he may take."""
        best = None
        for queue, opens in operator.serves:
            if queue.count:
                place = head(queue.calls)
                if (
                    place is not None
                    and (best is None or place < best)
                    and (not opens or place[3].since + opens <= now)
                ):
                    best = place
        if operator.wished is not None and operator.wished.count:
            place = head(operator.wished.calls)
            if place is not None and (best is None or place < best):
                best = place
        return None if best is None else best[3]

    def index(self, operator: LiveOperator) -> None:
        """Make or remake one operator's memberships. He must not be idle in the queues meanwhile."""
        operator.place = None
        operator.pools = []
        operator.serves = []
        self._operators[operator.id] = operator
        for pool in self._pools.values():
            first = pool.stage_of(operator)
            if first is not None:
                operator.pools.append(pool.idle[first][1])
                operator.serves += [(queue, pool.idle[first][0]) for queue in pool.queues.values()]

    def forget(self, operator: LiveOperator) -> None:
        self._operators.pop(operator.id, None)
        operator.place = None

    def _find(self, call: LiveCall, asked: Asked) -> Class | None:
        """The class of what is asked for, kept at hand; None when there is no such topic or line."""
        topic = self._policy.topics.get(call.topic)
        line = None if topic is None else self._policy.lines.get(call.line or topic.line)
        if topic is None or line is None:
            return None
        language, region = call.told.language, call.told.region
        if language is not None and language not in self._languages:
            language = NO_LANGUAGE_OF_OURS if self._languages else None
        if region is not None:
            region = region if region in self._regions else NO_REGION_OF_OURS
        if not line.regional:
            region = None
        pool = self._pools.get((topic.id, line.id, language, region))
        if pool is None:
            pool = self._new_pool(topic, line, language, region)
        if len(self._classes) > CLASSES_AT_HAND:  # callers' data may be anything
            self._classes.clear()
        self._classes[asked] = found = (pool, self._queue(pool, call.told.priority))
        return found

    def _new_pool(self, topic: Topic, line: Line, language: Language | None, region: Region | None) -> Pool:
        wider = None
        if region is not None:
            wider = self._pools.get((topic.id, line.id, language, None)) or self._new_pool(
                topic, line, language, None
            )
        pool = Pool(topic, line, language, region, wider)
        self._pools[topic.id, line.id, language, region] = pool
        for operator in self._operators.values():
            first = pool.stage_of(operator)
            if first is not None:
                operator.pools.append(pool.idle[first][1])
                if operator.place is not None:
                    put(pool.idle[first][1], operator.place)
        return pool

    def _queue(self, pool: Pool, priority: int | None) -> Queue:
        if priority is None:
            priority = pool.topic.priority
        queue = pool.queues.get(priority)
        if queue is None:
            queue = Queue(*class_order(priority, self._policy.ageing), pool.relaxes)
            pool.queues[priority] = queue
            for operator in self._operators.values():
                first = pool.stage_of(operator)
                if first is not None:
                    operator.serves.append((queue, pool.idle[first][0]))
        return queue

    def _sweep(self) -> None:
        self._entries = 0
        for pool in self._pools.values():
            for _, idle, _ in pool.idle:
                sweep(idle)
