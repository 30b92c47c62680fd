"""The whole floor at once: a snapshot of it, a floor made from one, and the same floor under new rules."""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

from acd.core import call_state as calls
from acd.core import operator_state as ops
from acd.core.call_state import OWN_LINE, LiveCall
from acd.core.events import CallState, OperatorPresence, Reconciled
from acd.core.floor import Floor
from acd.core.matching import Matching
from acd.core.model import Policy
from acd.core.operator_state import LiveOperator
from acd.core.waiting import class_order


def describe(call: LiveCall) -> CallState:
    """The call as a value."""
    waits_for = call.wanted.id if call.wanted is not None else None
    return CallState(
        call=call.id,
        topic=call.topic,
        line=call.line,
        state=call.state,
        since=call.since,
        operator=call.operator.id if call.operator is not None else None,
        language=call.told.language,
        region=call.told.region,
        priority=call.told.priority,
        wanted_operator=waits_for,
        wanted_until=call.due if waits_for is not None and call.queue is not None else None,
    )


def presence(operator: LiveOperator) -> OperatorPresence:
    """The operator as a value."""
    return OperatorPresence(
        operator=operator.id,
        state=operator.state,
        reason=operator.reason,
        idle_since=operator.idle_since if operator.state in (ops.READY, ops.RINGING) else None,
        until=operator.due if operator.state == ops.WRAPPING_UP and operator.due < math.inf else None,
        then=operator.then,
    )


def snapshot(floor: Floor) -> Reconciled:
    """The floor as a fact. Waiting calls come in the order in which equals are served.

    A phone that rings is not kept: its call waits at its place, its operator is ready at his.
    """
    order = sorted(floor.calls.values(), key=lambda call: (call.since, call.seq))
    idle = sorted(floor.operators.values(), key=lambda operator: (operator.idle_since, operator.idle_seq))
    return Reconciled(
        calls=tuple(describe(call) if call.state != calls.RINGING else _as_waiting(call) for call in order),
        operators=tuple(
            presence(operator) if operator.state != ops.RINGING else _as_ready(operator) for operator in idle
        ),
        closed_topics=tuple(sorted(floor.closed)),
    )


def _as_waiting(call: LiveCall) -> CallState:
    return msgspec.structs.replace(describe(call), state=calls.WAITING, operator=None)


def _as_ready(operator: LiveOperator) -> OperatorPresence:
    return msgspec.structs.replace(presence(operator), state=ops.READY)


def reconcile(floor: Floor, fact: Reconciled, now: float) -> None:
    """Make the floor what the fact says, then match. Whatever rang for us before is silenced.

    Contradictions are settled so that nobody is lost or rung during a talk: a call that is with nobody
    waits; an operator "talking" with no call of ours is out of rotation until he says that he is back.
    """
    for call in floor.calls.values():
        if call.state == calls.RINGING and call.operator is not None:
            floor.stop_ringing(call, call.operator, "reconciled")
    known = [operator for operator in floor.operators.values() if operator.config is not None]
    floor.empty({operator.id: LiveOperator(operator.id, operator.config) for operator in known})
    floor.closed = set(fact.closed_topics)
    present = {p.operator: p for p in fact.operators if p.operator in floor.operators}
    for place in present.values():
        _set_operator(floor, floor.operators[place.operator], place, now)
    waiting = [call for state in fact.calls if (call := _set_call(floor, state, now)) is not None]
    for place in present.values():
        operator = floor.operators[place.operator]
        if place.state == ops.TALKING and operator.call is None:
            operator.state, operator.then, operator.reason = ops.NOT_ANSWERING, None, None
            floor.release(operator, "in a talk that nobody knows")
    floor.recount()
    _enter_idle(floor, [operator for operator in floor.operators.values() if operator.state == ops.READY])
    _seat(floor, waiting, now)


def _set_operator(floor: Floor, operator: LiveOperator, place: OperatorPresence, now: float) -> None:
    """His state as told. A state nobody knows is taken for signed out; talks are set by their calls."""
    state = place.state if place.state in ops.STATES else ops.SIGNED_OUT
    if state == ops.TALKING:
        operator.reason = place.reason
        operator.then = place.then if place.then in (ops.PAUSED, ops.SIGNED_OUT) else None
        return
    if state == ops.WRAPPING_UP and place.until is not None and place.until > now:
        floor.alarms.set(operator, place.until)
    elif state in (ops.WRAPPING_UP, ops.RINGING):
        state = ops.READY
    operator.state = state
    operator.reason = place.reason if state == ops.PAUSED else None
    operator.idle_since = now if place.idle_since is None else min(place.idle_since, now)
    operator.idle_seq = floor.next_seq()


def _set_call(floor: Floor, state: CallState, now: float) -> LiveCall | None:
    """The call as told; returned when it waits."""
    if state.call in floor.calls:
        return None
    line = state.line if state.line in floor.policy.lines else OWN_LINE
    call = LiveCall(state, line, min(state.since, now), floor.next_seq())
    floor.calls[call.id] = call
    if state.state == calls.TALKING and state.operator is not None:
        operator = floor.known(state.operator)
        if operator.call is None:
            call.state, call.operator = calls.TALKING, operator
            operator.state, operator.call, operator.due = ops.TALKING, call, math.inf
            return None
    if state.wanted_operator is not None and (state.wanted_until is None or state.wanted_until > now):
        call.wanted = floor.operators.get(state.wanted_operator)
        if state.wanted_until is not None:
            floor.alarms.set(call, state.wanted_until)
    return call


def change_policy(floor: Floor, policy: Policy, now: float) -> None:
    """The same floor under new rules. Talks and ringing phones go on as they began.

    A waiting call keeps its place in time; it follows its topic to another line, and is turned away when
    the topic is gone. An operator who is gone finishes his talk; a phone of his that rings is stopped.
    """
    waiting = [call for call in floor.calls.values() if call.queue is not None]
    for call in waiting:
        floor.unqueue(call, now)
    old, floor.policy = floor.policy, policy
    for operator in list(floor.operators.values()):
        operator.wished = None
        operator.config = policy.operators.get(operator.id)
        if operator.config is None and operator.state != ops.TALKING:
            waiting += _remove(floor, operator)
    for id, config in policy.operators.items():
        floor.known(id).config = config
    idle = [operator for operator in floor.operators.values() if operator.state == ops.READY]
    floor.matching = Matching(policy, floor.operators.values())
    _enter_idle(floor, idle)
    for call in waiting:
        topic, before = policy.topics.get(call.topic), old.topics.get(call.topic)
        if topic and (call.line not in policy.lines or (before and before.line == call.line)):
            call.line = OWN_LINE
    _seat(floor, waiting, now)


def _remove(floor: Floor, operator: LiveOperator) -> list[LiveCall]:
    """He is no longer an operator here; the call that rings him, if any, waits again."""
    call = operator.call
    if call is not None:
        floor.stop_ringing(call, operator, "the operator was taken off")
        call.state = calls.TABLE[call.state, calls.TAKEN_BACK]
        call.operator = call.wanted = None
        call.due = math.inf
    if operator.state != ops.SIGNED_OUT:
        floor.release(operator, "taken off")
        floor.move(operator, ops.SIGNED_OFF)
    operator.call = None
    operator.due = math.inf
    floor.dismiss(operator)
    return [] if call is None else [call]


def _enter_idle(floor: Floor, idle: Iterable[LiveOperator]) -> None:
    for operator in sorted(idle, key=lambda one: (one.idle_since, one.idle_seq)):
        floor.matching.enter(operator)


def _seat(floor: Floor, waiting: Iterable[LiveCall], now: float) -> None:
    """Match from the beginning, in the order in which the calls would be served."""

    def order(call: LiveCall) -> tuple[float, float, int]:
        topic = floor.policy.topics.get(call.topic)
        priority = call.told.priority if call.told.priority is not None else topic.priority if topic else 0
        rank, boost = class_order(priority, floor.policy.ageing)
        return rank, call.since - boost, call.seq

    for call in sorted(waiting, key=order):
        floor.admit(call, now)
