"""The dispatcher: facts in, commands out. It alone decides which operator gets which call, and when."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from acd.core import call_state as calls
from acd.core import events
from acd.core import operator_state as ops
from acd.core.call_state import OWN_LINE, LiveCall
from acd.core.commands import AnyCommand, StopRinging, WakeAt
from acd.core.events import AnyFact, CallState, OperatorPresence, Reconciled
from acd.core.floor import Floor
from acd.core.model import CallId, OperatorId, Policy, TopicId
from acd.core.operator_state import LiveOperator
from acd.core.places import head
from acd.core.restore import change_policy, describe, presence, reconcile, snapshot
from acd.core.waiting import Queue

Handler = Callable[[Any, float], None]


class Dispatcher:
    """One queue group. `handle` is its only way in; everything else looks.

    A fact that comes late, twice, or about somebody unknown never raises: it changes nothing, or, where
    the switch says that two people really talk, it is believed (acd/README.md lists these races).
    """

    def __init__(self, policy: Policy) -> None:
        self.floor = Floor(policy)
        self._handlers: dict[type, Handler] = {
            events.CallQueued: self._call_queued,
            events.CallerHungUp: self._caller_hung_up,
            events.OperatorSignedIn: self._signed_in,
            events.OperatorSignedOut: self._signed_out,
            events.OperatorReady: self._ready,
            events.OperatorPaused: self._paused,
            events.OperatorAnswered: self._answered,
            events.OperatorMissed: self._missed,
            events.OperatorDeclined: self._declined,
            events.OperatorUnreachable: self._unreachable,
            events.TalkEnded: self._talk_ended,
            events.WrapUpFinished: self._wrap_up_finished,
            events.TransferAsked: self._transfer_asked,
            events.OperatorChanged: self._operator_changed,
            events.PolicyChanged: self._policy_changed,
            events.TopicClosed: self._topic_closed,
            events.TopicOpened: self._topic_opened,
            events.Reconciled: self._reconciled,
            events.Tick: self._tick,
        }

    def handle(self, fact: AnyFact, now: float) -> list[AnyCommand]:
        """What is to be done about the fact, in order.

        now: seconds on the clock of all facts; one that goes back is held at the latest time seen.
        """
        floor = self.floor
        if now > floor.now:
            floor.now = now
        else:
            now = floor.now
        commands: list[AnyCommand] = []
        floor.commands = commands
        self._handlers[type(fact)](fact, now)
        if floor.alarms.sooner and (at := floor.alarms.ask()) is not None:
            commands.append(WakeAt(at))
        return commands

    # calls

    def _call_queued(self, fact: events.CallQueued, now: float) -> None:
        floor = self.floor
        if fact.call in floor.calls:
            return
        since = fact.since if fact.since is not None and fact.since < now else now
        floor.calls[fact.call] = call = LiveCall(fact, fact.line or OWN_LINE, since, floor.next_seq())
        if fact.wanted_operator is not None:
            call.wanted = floor.operators.get(fact.wanted_operator)
        floor.admit(call, now, new=True)
        if call.queue is not None:
            floor.announce(call, call.queue)

    def _caller_hung_up(self, fact: events.CallerHungUp, now: float) -> None:
        floor = self.floor
        call = floor.calls.get(fact.call)
        if call is None:
            return
        operator, state = call.operator, call.state
        floor.drop(call, calls.CALLER_LEFT)
        if operator is None:
            floor.unqueue(call, now)
        elif state == calls.RINGING:
            floor.stop_ringing(call, operator, "the caller hung up")
            floor.ready_again(operator, ops.CALL_WENT, now)
        else:
            floor.after_talk(operator, call.line, now)

    def _answered(self, fact: events.OperatorAnswered, now: float) -> None:
        call = self.floor.calls.get(fact.call)
        if call is None:
            return
        operator = call.operator
        if operator is not None and operator.id == fact.operator:
            if call.state == calls.RINGING:
                self.floor.talk(call, operator)
        elif call.state == calls.TALKING:
            reason = "another operator has the call"
            self.floor.commands.append(StopRinging(call.id, fact.operator, reason))
        else:
            self._answered_after_all(call, self.floor.known(fact.operator), now)

    def _answered_after_all(self, call: LiveCall, operator: LiveOperator, now: float) -> None:
        """He picked up while the call was being taken off him: the switch has connected them, so they talk.

        Whoever rings for the call meanwhile is stopped; whatever else he had is given to others.
        """
        floor, rung, other = self.floor, call.operator, operator.call
        floor.unqueue(call, now)
        if rung is not None:
            floor.stop_ringing(call, rung, "another operator answered")
        if other is not None and other.state == calls.TALKING:
            floor.drop(other, calls.TALK_ENDED)
            floor.move(operator, ops.TALK_OVER)
        elif other is not None:
            floor.stop_ringing(other, operator, "he answered another call")
            floor.move(operator, ops.CALL_WENT)
        elif operator.state in (ops.PAUSED, ops.SIGNED_OUT):
            operator.then = operator.state
        floor.talk(call, operator)
        if other is not None and other.state == calls.RINGING:
            floor.take_back(other, now)
        if rung is not None:
            floor.ready_again(rung, ops.CALL_WENT, now)

    def _missed(self, fact: events.OperatorMissed, now: float) -> None:
        self._not_taken(fact.call, fact.operator, "missed a call", now)

    def _declined(self, fact: events.OperatorDeclined, now: float) -> None:
        self._not_taken(fact.call, fact.operator, "declined a call", now)

    def _unreachable(self, fact: events.OperatorUnreachable, now: float) -> None:
        self._not_taken(fact.call, fact.operator, "his phone is unreachable", now)

    def _not_taken(self, call_id: CallId, operator_id: OperatorId, reason: str, now: float) -> None:
        """The next one is rung; he himself is out of rotation until he says that he is back."""
        call, operator = self._pair(call_id, operator_id)
        if call is not None and operator is not None and call.state == calls.RINGING:
            self.floor.release(operator, reason)
            self.floor.leave(operator, ops.NOT_TAKEN, now)

    def _talk_ended(self, fact: events.TalkEnded, now: float) -> None:
        call, operator = self._pair(fact.call, fact.operator)
        if call is not None and operator is not None:
            if call.state == calls.RINGING:  # so it was answered: that fact is lost or still under way
                self.floor.talk(call, operator)
            self.floor.drop(call, calls.TALK_ENDED)
            self.floor.after_talk(operator, call.line, now)

    def _transfer_asked(self, fact: events.TransferAsked, now: float) -> None:
        call, operator = self._pair(fact.call, fact.operator)
        if call is None or operator is None:
            return
        floor, line = self.floor, call.line
        if call.state == calls.RINGING:  # as above
            floor.talk(call, operator)
        floor.hand_on(call, fact)
        # The others first: if he is ready at once, he must not be given the caller whom he hands on.
        floor.admit(call, now)
        if call.queue is not None:
            floor.announce(call, call.queue)
        floor.after_talk(operator, line, now)

    def _pair(self, call: CallId, operator: OperatorId) -> tuple[LiveCall | None, LiveOperator | None]:
        """Both, if the call rings or talks with this operator."""
        known = self.floor.calls.get(call)
        if known is None or known.operator is None or known.operator.id != operator:
            return None, None
        return known, known.operator

    # operators

    def _signed_in(self, fact: events.OperatorSignedIn, now: float) -> None:
        operator = self.floor.operators.get(fact.operator)
        if operator is None:
            return
        if operator.state == ops.SIGNED_OUT:
            self.floor.ready(operator, ops.SIGNED_IN, now)
        elif operator.then == ops.SIGNED_OUT:
            operator.then = None

    def _signed_out(self, fact: events.OperatorSignedOut, now: float) -> None:
        self._leaves(fact.operator, ops.SIGNED_OUT, ops.SIGNED_OFF, None, now)

    def _paused(self, fact: events.OperatorPaused, now: float) -> None:
        self._leaves(fact.operator, ops.PAUSED, ops.TOOK_PAUSE, fact.reason, now)

    def _leaves(self, id: OperatorId, then: str, event: str, reason: str | None, now: float) -> None:
        """At once, or after the talk he is in; a call that rings him goes to the next."""
        operator = self.floor.operators.get(id)
        if operator is None:
            return
        if operator.state == ops.TALKING:
            operator.then, operator.reason = then, reason
        elif (operator.state, event) in ops.TABLE:
            if operator.call is not None:
                self.floor.stop_ringing(operator.call, operator, f"the operator {event}")
            operator.reason = reason
            self.floor.leave(operator, event, now)

    def _ready(self, fact: events.OperatorReady, now: float) -> None:
        operator = self.floor.operators.get(fact.operator)
        if operator is None:
            return
        if operator.state == ops.TALKING:
            operator.then = operator.reason = None
        elif (operator.state, ops.CAME_BACK) in ops.TABLE:
            self.floor.ready(operator, ops.CAME_BACK, now)

    def _wrap_up_finished(self, fact: events.WrapUpFinished, now: float) -> None:
        operator = self.floor.operators.get(fact.operator)
        if operator is not None and operator.state == ops.WRAPPING_UP:
            self.floor.ready(operator, ops.WROTE_UP, now)

    def _operator_changed(self, fact: events.OperatorChanged, now: float) -> None:
        operator = self.floor.operators.get(fact.operator)
        if operator is not None and operator.config is not None:
            config = msgspec.structs.replace(operator.config, skills=fact.skills, lines=fact.lines)
            self.floor.change(operator, config, now)

    # the whole

    def _policy_changed(self, fact: events.PolicyChanged, now: float) -> None:
        change_policy(self.floor, fact.policy, now)

    def _topic_closed(self, fact: events.TopicClosed, now: float) -> None:
        self.floor.closed.add(fact.topic)
        waiting = [call for call in self.floor.calls.values() if call.topic == fact.topic and call.queue]
        for call in waiting:
            self.floor.unqueue(call, now)
            self.floor.turn_away(call, "topic closed")

    def _topic_opened(self, fact: events.TopicOpened, now: float) -> None:
        self.floor.closed.discard(fact.topic)

    def _reconciled(self, fact: Reconciled, now: float) -> None:
        reconcile(self.floor, fact, now)

    def _tick(self, fact: events.Tick, now: float) -> None:
        """Everything that is due. The wake-up asked for is asked for again: a clock may be early."""
        alarms = self.floor.alarms
        for at, _, sleeper in alarms.due(now):
            if sleeper.due == at:
                sleeper.due = math.inf
                self._wake(sleeper, now)
        if alarms.wake_at < math.inf:
            self.floor.commands.append(WakeAt(alarms.wake_at))

    def _wake(self, sleeper: LiveCall | LiveOperator | Queue, now: float) -> None:
        """Wrap-up is over, more operators may take a head, a wish has waited enough, nobody picked up."""
        floor = self.floor
        if isinstance(sleeper, LiveOperator):
            floor.ready(sleeper, ops.WROTE_UP, now)
        elif isinstance(sleeper, Queue):
            floor.relax(sleeper, now)
        elif sleeper.operator is None:
            floor.unqueue(sleeper, now)
            floor.end_wish(sleeper, now)
        else:
            floor.stop_ringing(sleeper, sleeper.operator, "ring timeout")
            floor.release(sleeper.operator, "did not answer")
            floor.leave(sleeper.operator, ops.NOT_TAKEN, now)

    # what others may look at

    @property
    def policy(self) -> Policy:
        """The policy in force, with every OperatorChanged since it came."""
        configs = {o.id: o.config for o in self.floor.operators.values() if o.config is not None}
        return msgspec.structs.replace(self.floor.policy, operators=configs)

    def snapshot(self) -> Reconciled:
        """All that a new dispatcher with this `policy` needs to go on: it handles this fact first."""
        return snapshot(self.floor)

    def counts(self) -> dict[str, int]:
        """Operators by state, every state named."""
        return self.floor.counts.copy()

    def operator_state(self, operator: OperatorId) -> str | None:
        """A state of operator_state.STATES; None for an operator nobody knows."""
        known = self.floor.operators.get(operator)
        return None if known is None else known.state

    def presence(self, operator: OperatorId) -> OperatorPresence | None:
        """One operator as `operators` gives him; None for one nobody knows."""
        known = self.floor.operators.get(operator)
        return None if known is None else presence(known)

    def operators(self) -> Iterator[OperatorPresence]:
        """Everybody the dispatcher knows; unlike in a snapshot a ringing operator is "ringing"."""
        return (presence(operator) for operator in self.floor.operators.values())

    def calls(self) -> Iterator[CallState]:
        """Every call it has; unlike in a snapshot a ringing one is "ringing"."""
        return (describe(call) for call in self.floor.calls.values())

    def waiting(self, topic: TopicId) -> tuple[int, float | None]:
        """How many wait for a topic (their phones do not ring yet), and since when the oldest does.

        Looks at heads only: the queues of the topic's classes, and the calls that wait for one operator.
        """
        count = self.floor.waiting_in.get(topic, 0)
        return count, (self._oldest(topic) if count else None)

    def _oldest(self, topic: TopicId) -> float:
        heads = [
            place[3].since
            for pool in self.floor.matching.pools()
            if pool.topic.id == topic
            for queue in pool.queues.values()
            if (place := head(queue.calls)) is not None
        ]
        wished = [o.wished.calls for o in self.floor.operators.values() if o.wished is not None]
        heads += [p[3].since for places in wished for p in places if p[3].place is p and p[3].topic == topic]
        return min(heads)
