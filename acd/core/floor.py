"""The floor: every call and every operator, and the acts that move both together.

Each act leaves the indexes true: a call that is offered stands in no queue, an operator who is not ready
is in no idle queue, counts equal states. The dispatcher decides which act a fact asks for.
"""

from __future__ import annotations

import math
from itertools import count

from acd.core import call_state as calls
from acd.core import operator_state as ops
from acd.core.alarms import Alarms
from acd.core.call_state import OWN_LINE, LiveCall
from acd.core.commands import Announce, AnyCommand, Overflow, Release, RingOperator, StopRinging
from acd.core.events import TransferAsked
from acd.core.matching import Matching
from acd.core.model import CallId, LineId, Operator, OperatorId, Policy, TopicId
from acd.core.operator_state import LiveOperator
from acd.core.reasons import FIRST_COME, LONGEST_IDLE, WANTED_OPERATOR, why
from acd.core.waiting import Queue


class Floor:
    """now: the latest time seen, seconds. commands: what the fact in hand has asked for so far."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.now = -math.inf
        self.commands: list[AnyCommand] = []
        self.closed: set[TopicId] = set()
        self._number = count()
        self.empty({id: LiveOperator(id, config) for id, config in policy.operators.items()})

    def empty(self, operators: dict[OperatorId, LiveOperator]) -> None:
        """Forget every call and alarm; these operators are on the floor now."""
        self.calls: dict[CallId, LiveCall] = {}
        self.operators = operators
        self.waiting = 0
        self.waiting_in: dict[TopicId, int] = {}
        self.alarms = Alarms()
        self.matching = Matching(self.policy, operators.values())
        self.recount()

    def recount(self) -> None:
        """Counts from the states themselves, after they were set directly."""
        self.counts = dict.fromkeys(ops.STATES, 0)
        for operator in self.operators.values():
            self.counts[operator.state] += 1

    def next_seq(self) -> int:
        """Breaks ties among equals in the order in which they came."""
        return next(self._number)

    def move(self, operator: LiveOperator, event: str) -> None:
        """One step of his state machine; counts follow."""
        counts = self.counts
        counts[operator.state] -= 1
        operator.state = state = ops.TABLE[operator.state, event]
        counts[state] += 1

    # calls

    def admit(self, call: LiveCall, now: float, *, new: bool = False) -> None:
        """Find the call its operator or its place, or turn it away when its topic is gone or closed.

        new: only a new call meets the queue's limit.
        """
        if call.topic in self.closed:
            self.turn_away(call, "topic closed")
        elif not self.matching.classify(call, now):
            known = call.topic in self.policy.topics
            self.turn_away(call, "unknown line" if known else "unknown topic")
        elif not self.seek(call, now):
            limit = call.pool.topic.queue_limit
            if new and limit is not None and self.waiting_in.get(call.topic, 0) >= limit:
                self.turn_away(call, "queue full")
            else:
                self.wait(call, now)

    def announce(self, call: LiveCall, queue: Queue) -> None:
        """Tell a caller who has to wait where he stands."""
        self.commands.append(Announce(call.id, call.position, queue.forecast(call.position)))

    def seek(self, call: LiveCall, now: float) -> bool:
        """Offer the call to the operator it wants, else to the longest idle. False: nobody is free."""
        wanted = call.wanted
        if wanted is not None:
            if wanted.state == ops.READY:
                self.offer(call, wanted, WANTED_OPERATOR, now)
                return True
            if wanted.can_come():
                return False
            call.wanted = None
        operator = call.pool.longest_idle(call.since, now)
        if operator is None:
            return False
        self.offer(call, operator, LONGEST_IDLE, now)
        return True

    def wait(self, call: LiveCall, now: float) -> None:
        """The call waits at its place."""
        queue = call.home
        if call.wanted is not None:
            queue = call.wanted.wished = call.wanted.wished or Queue()
            if call.due <= now or call.due == math.inf:
                self.alarms.after(call, self.policy.wanted_operator_for, now)
        self.waiting += 1
        self.waiting_in[call.topic] = self.waiting_in.get(call.topic, 0) + 1
        queue.join(call, now)
        if queue.relaxes and (queue.count == 1 or queue.calls[-1] is not call.place):
            self.watch(queue, now)  # perhaps it is the head: it did not come in behind another

    def watch(self, queue: Queue, now: float) -> None:
        """Set the alarm for the moment at which more operators may take the head."""
        call = queue.first()
        if call is not None:
            at = queue.next_relaxation(call.since, now)
            if at < queue.due:
                self.alarms.set(queue, at)

    def relax(self, queue: Queue, now: float) -> None:
        """More operators may take the head, and perhaps those behind it: offer them as long as it helps."""
        while (call := queue.first()) is not None:
            wider = call.pool.wider
            if wider is not None and call.since + call.pool.line.widen_after <= now:
                self.unqueue(call, now)
                self.matching.classify(call, now)
                if not self.seek(call, now):
                    self.wait(call, now)
            elif not self.seek(call, now):
                break
        self.watch(queue, now)

    def unqueue(self, call: LiveCall, now: float) -> None:
        """The call stops waiting; the next in its queue may need an earlier alarm."""
        queue = call.queue
        if queue is not None:
            queue.leave(call)
            self.waiting -= 1
            self.waiting_in[call.topic] -= 1
            if queue.count and queue.relaxes:
                self.watch(queue, now)

    def offer(self, call: LiveCall, operator: LiveOperator, rule: str, now: float) -> None:
        """Ring a ready operator for a waiting call."""
        reason = why(self.policy.version, rule, call, operator, self.counts, now)
        if call.queue is not None:
            call.queue.served(now)
            self.unqueue(call, now)
        call.state = calls.TABLE[call.state, calls.OFFERED]
        call.operator = operator
        self.move(operator, ops.OFFERED)
        operator.call = call
        operator.place = None
        until = self.alarms.after(call, call.pool.line.ring_timeout, now)
        self.commands.append(RingOperator(call.id, operator.id, until, reason))

    def take_back(self, call: LiveCall, now: float) -> None:
        """Its operator did not take it: the call keeps its place and goes on to the next.

        A wish ends here: the operator was asked for and rung, the caller does not wait for him again.
        """
        call.state = calls.TABLE[call.state, calls.TAKEN_BACK]
        call.operator = call.wanted = None
        call.due = math.inf
        self.admit(call, now)

    def turn_away(self, call: LiveCall, reason: str) -> None:
        """The queue does not keep this call: the menu decides."""
        self.drop(call, calls.TURNED_AWAY)
        self.commands.append(Overflow(call.id, call.topic, reason))

    def hand_on(self, call: LiveCall, fact: TransferAsked) -> None:
        """The call leaves its talk for another topic, line or operator; its place in time stays."""
        call.state = calls.TABLE[call.state, calls.TRANSFERRED]
        call.operator = None
        if fact.topic is not None:
            call.topic, call.line = fact.topic, OWN_LINE
        if fact.line is not None:
            call.line = fact.line
        if fact.wanted_operator is not None:
            call.wanted = self.operators.get(fact.wanted_operator)

    def drop(self, call: LiveCall, event: str) -> None:
        """The call is over for the dispatcher."""
        call.state = calls.TABLE[call.state, event]
        call.due = math.inf
        del self.calls[call.id]

    def stop_ringing(self, call: LiveCall, operator: LiveOperator, reason: str) -> None:
        """Silence his phone; another act says what becomes of the two."""
        self.commands.append(StopRinging(call.id, operator.id, reason))

    def forget_wishes(self, operator: LiveOperator, now: float) -> None:
        """He will not come: those who wait for him by name go where everybody waits, at their place."""
        queue = operator.wished
        if queue is None:
            return
        operator.wished = None
        for *_, call in [place for place in queue.calls if place[-1].place is place]:
            self.unqueue(call, now)
            self.end_wish(call, now)

    def end_wish(self, call: LiveCall, now: float) -> None:
        """The call, waiting nowhere at the moment, is for everybody from now on."""
        call.wanted = None
        call.due = math.inf
        self.admit(call, now)

    # operators

    def ready(self, operator: LiveOperator, event: str, now: float) -> None:
        """He is idle from now on, and has the first call that he may take."""
        self.move(operator, event)
        operator.idle_since = now
        operator.idle_seq = next(self._number)
        operator.reason = None
        operator.due = math.inf
        if not self.waiting or not self.serve(operator, now):
            self.matching.enter(operator)

    def ready_again(self, operator: LiveOperator, event: str, now: float) -> None:
        """The call that rang him went away: he has not worked, so he keeps his place among the idle."""
        self.move(operator, event)
        operator.call = None
        self.back_to_idle(operator, now)

    def back_to_idle(self, operator: LiveOperator, now: float) -> None:
        """Ready as before, after a change: the first call he may take, or his old place among the idle."""
        if not self.waiting or not self.serve(operator, now):
            self.matching.enter_at_his_place(operator)

    def serve(self, operator: LiveOperator, now: float) -> bool:
        """Give a ready operator the first call he may take. False: there is none."""
        call = self.matching.first_for(operator, now)
        if call is None:
            return False
        self.offer(call, operator, WANTED_OPERATOR if call.wanted is operator else FIRST_COME, now)
        return True

    def leave(self, operator: LiveOperator, event: str, now: float) -> None:
        """He pauses, signs off or does not answer: a call that rings him is taken back afterwards."""
        call = operator.call
        self.move(operator, event)
        operator.place = operator.call = None
        operator.due = math.inf
        if call is not None:
            self.take_back(call, now)
        if not operator.can_come():
            self.forget_wishes(operator, now)

    def change(self, operator: LiveOperator, config: Operator, now: float) -> None:
        """Other skills and lines, at once; a call that rings or talks goes on under the old ones."""
        operator.config = config
        self.matching.index(operator)
        if operator.state == ops.READY:
            self.back_to_idle(operator, now)

    def talk(self, call: LiveCall, operator: LiveOperator) -> None:
        """They talk."""
        call.state = calls.TABLE[call.state, calls.ANSWERED]
        call.operator = operator
        call.wanted = None
        call.due = math.inf
        self.move(operator, ops.ANSWERED)
        operator.call = call
        operator.place = None
        operator.due = math.inf

    def after_talk(self, operator: LiveOperator, line: LineId, now: float) -> None:
        """His talk is over: what he asked for meanwhile, else wrap-up, else ready."""
        operator.call = None
        then, operator.then = operator.then, None
        if operator.config is None:
            self.dismiss(operator)
        elif then == ops.PAUSED:
            self.move(operator, ops.TALK_OVER_PAUSE)
        elif then == ops.SIGNED_OUT:
            self.leave(operator, ops.TALK_OVER_SIGN_OFF, now)
        elif line in self.policy.lines and (wrap_up := self.policy.lines[line].wrap_up) > 0:
            self.move(operator, ops.TALK_OVER)
            self.alarms.after(operator, wrap_up, now)
        else:
            self.ready(operator, ops.TALK_OVER_READY, now)

    def release(self, operator: LiveOperator, reason: str) -> None:
        self.commands.append(Release(operator.id, reason))

    def known(self, id: OperatorId) -> LiveOperator:
        """The operator; one nobody knows becomes a guest who finishes the talk he is in."""
        operator = self.operators.get(id)
        if operator is None:
            operator = self.operators[id] = LiveOperator(id, None)
            self.counts[ops.SIGNED_OUT] += 1
        return operator

    def dismiss(self, operator: LiveOperator) -> None:
        """One whom the policy does not know is nobody's any more."""
        self.counts[operator.state] -= 1
        del self.operators[operator.id]
        self.matching.forget(operator)
