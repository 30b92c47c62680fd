"""What is always true on the floor. The check reads, never changes, and may run in production.

It does not trust the indexes: it recomputes from calls, operators and the rules, and compares. It costs a
walk over all calls and operators, and the classes of waiting calls times the ready operators.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from acd.core import call_state as calls
from acd.core import operator_state as ops
from acd.core.call_state import LiveCall
from acd.core.demand import may_take
from acd.core.dispatcher import Dispatcher
from acd.core.floor import Floor
from acd.core.operator_state import LiveOperator
from acd.core.waiting import Queue


def violations(dispatcher: Dispatcher) -> list[str]:
    """One sentence for each broken promise; empty when all is well."""
    floor = dispatcher.floor
    checks = (_pairs, _places, _order, _idle, _counts, _nobody_waits_in_vain, _alarms)
    return [sentence for check in checks for sentence in check(floor)]


def _pairs(floor: Floor) -> Iterator[str]:
    """A call rings or talks with exactly one operator, and he with it."""
    for call in floor.calls.values():
        operator = call.operator
        if call.state == calls.WAITING:
            if operator is not None:
                yield f"call {call.id} waits, yet is with operator {operator.id}"
        elif operator is None or operator.call is not call or operator.state != call.state:
            yield f"call {call.id} is {call.state} with nobody"
        elif floor.operators.get(operator.id) is not operator:
            yield f"call {call.id} is with operator {operator.id}, whom nobody knows"
    for operator in floor.operators.values():
        busy = operator.state in (ops.RINGING, ops.TALKING)
        if busy != (operator.call is not None):
            yield f"operator {operator.id} is {operator.state} with call {operator.call}"
        elif operator.call is not None and floor.calls.get(operator.call.id) is not operator.call:
            yield f"operator {operator.id} is {operator.state} with a call that is over"
        elif operator.call is not None and operator.call.operator is not operator:
            yield f"operator {operator.id} has a call that is with somebody else"


def _queues(floor: Floor) -> dict[int, tuple[Queue, list[LiveCall]]]:
    """Every queue that some call says it stands in, with the calls that really do, in order."""
    queues = {id(call.queue): call.queue for call in floor.calls.values() if call.queue is not None}
    return {
        key: (queue, [place[3] for place in queue.calls if place[3].place is place])
        for key, queue in queues.items()
    }


def _places(floor: Floor) -> Iterator[str]:
    """No call is lost: one that waits stands in its queue, one that does not stands in none."""
    waiting = Counter(call.topic for call in floor.calls.values() if call.state == calls.WAITING)
    if waiting.total() != floor.waiting or waiting != +Counter(floor.waiting_in):
        yield f"{waiting} wait, counted are {floor.waiting} and {floor.waiting_in}"
    queues = _queues(floor)
    standing = {id(call) for _, there in queues.values() for call in there}
    for call in floor.calls.values():
        if (call.state == calls.WAITING) != (call.queue is not None):
            yield f"call {call.id} is {call.state}, its queue is {call.queue}"
        elif call.queue is not None and id(call) not in standing:
            yield f"call {call.id} is lost: its queue does not know it"
    for queue, there in queues.values():
        if len({id(call) for call in there}) != queue.count:
            yield f"the queue of call {there[0].id} counts {queue.count} of {len(there)}"


def _order(floor: Floor) -> Iterator[str]:
    """Among equals, who came first stands first."""
    for _, there in _queues(floor).values():
        for ahead, behind in pairwise(call.place for call in there):
            if ahead is not None and behind is not None and ahead[:3] > behind[:3]:
                yield f"call {behind[3].id} came before {ahead[3].id} and stands behind it"


def _idle(floor: Floor) -> Iterator[str]:
    """Who is ready stands in every idle queue of a demand he can serve, nobody else in any."""
    standing = {
        (id(places), place[2].id)
        for pool in floor.matching.pools()
        for _, places, _ in pool.idle
        for place in places
        if place[2].place is place
    }
    for operator in floor.operators.values():
        if (operator.place is not None) != (operator.state == ops.READY):
            yield f"operator {operator.id} is {operator.state}, his idle place is {operator.place}"
        if operator.place is not None:
            for pool in floor.matching.pools():
                stage = pool.stage_of(operator)
                if stage is not None and (id(pool.idle[stage][1]), operator.id) not in standing:
                    yield f"operator {operator.id} is ready and unknown to {pool.topic.id}"


def _counts(floor: Floor) -> Iterator[str]:
    counted = Counter(operator.state for operator in floor.operators.values())
    if counted != +Counter(floor.counts):
        yield f"operators are {counted}, counted are {floor.counts}"


def _nobody_waits_in_vain(floor: Floor) -> Iterator[str]:
    """No operator is ready while a call waits that he may take; equals stand behind their first."""
    due = floor.alarms.wake_at
    now = floor.now if floor.now < due else math.nextafter(due, -math.inf)  # the Tick is under way
    ready = [operator for operator in floor.operators.values() if operator.state == ops.READY]
    first: dict[object, LiveCall] = {}
    for call in floor.calls.values() if ready else ():
        if call.state == calls.WAITING:
            wanted = call.wanted.id if call.wanted is not None else None
            equals = (call.topic, call.line, call.told.language, call.told.region, call.told.priority, wanted)
            first[equals] = min(first.get(equals, call), call, key=_arrival)
    for call in first.values():
        for operator in ready:
            if _may(floor, operator, call, now):
                yield f"operator {operator.id} is ready while call {call.id} waits"


def _arrival(call: LiveCall) -> tuple[float, int]:
    return call.since, call.seq


def _may(floor: Floor, operator: LiveOperator, call: LiveCall, now: float) -> bool:
    if call.wanted is not None:
        return call.wanted is operator
    topic, line = floor.policy.topics[call.topic], floor.policy.lines[call.line]
    return operator.config is not None and may_take(
        operator.config,
        topic,
        line,
        language=call.told.language,
        region=call.told.region,
        since=call.since,
        now=now,
    )


def _alarms(floor: Floor) -> Iterator[str]:
    """Whatever has to happen by itself has its alarm, and the service was told to wake us in time."""
    entries = list(floor.alarms.entries())
    live = {id(sleeper) for _, _, sleeper in entries}
    first = min((at for at, _, _ in entries), default=math.inf)
    if floor.alarms.wake_at > first:
        yield f"the first alarm is at {first}, asked for is {floor.alarms.wake_at}"
    for call in floor.calls.values():
        waits_by_name = call.state == calls.WAITING and call.wanted is not None
        expects = call.state == calls.RINGING or waits_by_name
        if expects and call.due < math.inf and id(call) not in live:
            yield f"call {call.id} is {call.state} without an alarm"
    for queue, there in _queues(floor).values():
        opens = queue.next_relaxation(there[0].since, floor.now) if there else math.inf
        if opens < queue.due or (opens < math.inf and id(queue) not in live):
            yield f"nobody watches when call {there[0].id} may go to more operators"
    for operator in floor.operators.values():
        if operator.state == ops.WRAPPING_UP and operator.due < math.inf and id(operator) not in live:
            yield f"operator {operator.id} writes up without an end"
