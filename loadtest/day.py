"""One simulated day: callers and operators around the production dispatcher.

The dispatcher decides everything; here is only what the world does: callers come, hold a trunk, hear the
menu, lose patience, try again; operators answer, talk and write up. Chance has decided beforehand (`draws`).
"""

from __future__ import annotations

from typing import Any

from acd.core import events
from acd.core.commands import AnyCommand, Overflow, RingOperator, StopRinging, WakeAt
from acd.core.dispatcher import Dispatcher
from acd.core.events import AnyFact
from acd.core.model import CallId, LineId, OperatorId, TopicId
from loadtest import record as outcome
from loadtest.caller import GONE, TALKING, WAITING, Caller, Origins
from loadtest.draws import Purpose, draw_all
from loadtest.engine import Engine, PlainLoop
from loadtest.record import Outcome, Record
from loadtest.roster import Roster
from loadtest.rules import line_names, policy
from loadtest.scenario import Scenario

Trace = list[tuple[float, AnyFact, list[AnyCommand]]]


class Day:
    """One replication. trace: filled with every fact and what the dispatcher answered, if given."""

    def __init__(
        self, scenario: Scenario, replication: int, engine: Engine | None = None, trace: Trace | None = None
    ) -> None:
        self.scenario = scenario
        self.engine = engine or PlainLoop()
        self.trace = trace
        self.record = Record(scenario)
        rules = policy(scenario)
        self.dispatcher = Dispatcher(rules)
        self.roster = Roster(scenario, self.engine, self.record, self.tell, self.dispatcher.operator_state)
        self.draws = draw_all(scenario, replication)
        self.lines = line_names(scenario)
        self.wraps_up = [rules.lines[LineId(name)].wrap_up > 0 for name in self.lines]
        self.topic_ids = [TopicId(topic.name) for topic in scenario.topics]
        self.origins = [Origins(scenario, topic) for topic in scenario.topics]
        self.calls: dict[CallId, Caller] = {}
        self.in_system = 0
        self.wake_at = 0.0
        self._arrivals = iter(
            sorted(
                (at, topic, number)
                for topic, draws in enumerate(self.draws)
                for number, at in enumerate(draws.arrivals)
            )
        )

    def run(self) -> Record:
        """The whole day, to its last call."""
        self.roster.begin()
        self._expect_next()
        self.engine.run()
        self.roster.end()
        for caller in self.calls.values():  # nobody who could take them will come any more
            self._note(outcome.UNSERVED, caller, self.engine.now - caller.since)
        return self.record

    def tell(self, fact: AnyFact) -> None:
        """A fact for the dispatcher; what it asks for is done at once."""
        commands = self.dispatcher.handle(fact, self.engine.now)
        if self.trace is not None:
            self.trace.append((self.engine.now, fact, commands))
        for command in commands:
            kind = type(command)
            if kind is RingOperator:
                self._rings(command)  # pyright: ignore[reportArgumentType]
            elif kind is StopRinging:
                self._stops_ringing(command)  # pyright: ignore[reportArgumentType]
            elif kind is Overflow:
                self._turned_away(command)  # pyright: ignore[reportArgumentType]
            elif kind is WakeAt:
                self._wants_waking(command)  # pyright: ignore[reportArgumentType]

    # callers

    def _expect_next(self) -> None:
        following = next(self._arrivals, None)
        if following is not None:
            self.engine.at(following[0], self._first_attempt, following)

    def _first_attempt(self, arrival: tuple[float, int, int]) -> None:
        self._expect_next()
        _, topic, number = arrival
        self._arrives(Caller(topic, number, 0, self.draws[topic]))

    def _arrives(self, caller: Caller) -> None:
        topic = self.scenario.topics[caller.topic]
        caller.since = self.engine.now
        caller.line = self.lines.index(topic.line)
        if self.scenario.trunks is not None and self.in_system >= self.scenario.trunks:
            self._note(outcome.BLOCKED, caller, 0.0)
            self._may_retry(caller)
            return
        self.in_system += 1
        self.record.peak = max(self.record.peak, self.in_system)
        if topic.ivr_s is not None:
            self.engine.at(self.engine.now + caller.drawn(Purpose.MENU), self._after_menu, caller)
        else:
            self._after_menu(caller)

    def _after_menu(self, caller: Caller) -> None:
        contained = self.scenario.topics[caller.topic].contained
        if contained and caller.drawn(Purpose.CONTAINED) < contained:
            self._note(outcome.CONTAINED, caller, 0.0)
            self.in_system -= 1
            return
        region = self.origins[caller.topic].of(caller) if self.scenario.regional else None
        fact = events.CallQueued(caller.id, self.topic_ids[caller.topic], region=region)
        self._waits(caller, Purpose.PATIENCE, fact)
        callback = self.scenario.topics[caller.topic].callback
        if callback is not None and caller.state == WAITING:
            self.engine.at(self.engine.now + callback.offer_after_s, self._is_offered_callback, caller)

    def _is_offered_callback(self, caller: Caller) -> None:
        """Who accepts hangs up, frees his trunk and stays in the queue; nobody's patience ends at home."""
        callback = self.scenario.topics[caller.topic].callback
        if caller.state != WAITING or caller.second or caller.ringing or callback is None:
            return
        if caller.drawn(Purpose.CALLBACK) < callback.accept:
            caller.promised = True
            self.in_system -= 1

    def _waits(self, caller: Caller, patience: Purpose, fact: AnyFact) -> None:
        """He asks for an operator by this fact, and looks at his watch if nobody is free."""
        caller.since = self.engine.now
        caller.state = WAITING
        self.calls[caller.id] = caller
        before = caller.rings
        self.tell(fact)
        if caller.state == WAITING:
            caller.queued = caller.rings == before
            if self.scenario.topics[caller.topic].patience_s is not None:
                when = self.engine.now + caller.drawn(patience)
                self.engine.at(when, self._loses_patience, (caller, caller.second))

    def _loses_patience(self, what: tuple[Caller, bool]) -> None:
        caller, second = what
        if caller.state != WAITING or caller.second != second or caller.promised:
            return
        self._note(outcome.ABANDONED, caller, self.engine.now - caller.since)
        self._leaves(caller)
        self.tell(events.CallerHungUp(caller.id))
        if not second:
            self._may_retry(caller)

    def _turned_away(self, command: Overflow) -> None:
        caller = self.calls[command.call]
        self._note(outcome.TURNED_AWAY, caller, 0.0)
        self._leaves(caller)
        self._may_retry(caller)

    def _leaves(self, caller: Caller) -> None:
        caller.state = GONE
        self.in_system -= 1
        del self.calls[caller.id]

    def _may_retry(self, caller: Caller) -> None:
        retry = self.scenario.topics[caller.topic].retry
        if retry is None or caller.drawn(Purpose.RETRY) >= retry.probability:
            return
        now, horizon = self.engine.now, self.scenario.horizon_s
        when = now + caller.drawn(Purpose.RETRY_AFTER)
        self.record.orbit_s += max(0.0, min(when, horizon) - now)
        if when < horizon:
            again = Caller(caller.topic, caller.number, caller.attempt + 1, caller.draws)
            self.engine.at(when, self._arrives, again)

    def _note(self, kind: int, caller: Caller, wait: float) -> None:
        outcomes = self.record.second if caller.second else self.record.first
        outcomes.append(Outcome(kind, caller.topic, caller.line, caller.since, wait, caller.queued))

    # phones

    def _rings(self, command: RingOperator) -> None:
        caller = self.calls[command.call]
        caller.rings += 1
        caller.ringing = True
        ring = (caller, command.operator, caller.rings)
        if self.scenario.answer_s is None:
            self._answers(ring)
        else:
            purpose = Purpose.SECOND_ANSWER if caller.second else Purpose.ANSWER
            self.engine.at(self.engine.now + caller.drawn(purpose), self._answers, ring)

    def _stops_ringing(self, command: StopRinging) -> None:
        caller = self.calls.get(command.call)
        if caller is not None:
            caller.rings += 1
            caller.ringing = False

    def _answers(self, ring: tuple[Caller, OperatorId, int]) -> None:
        caller, operator, number = ring
        if caller.state != WAITING or caller.rings != number:
            return
        caller.state = TALKING
        kind = outcome.ANSWERED
        if (
            caller.promised
        ):  # dialled on a line that the house keeps for its own calls: the limit is for callers
            caller.promised, kind = False, outcome.CALLED_BACK
            self.in_system += 1
            self.record.peak = max(self.record.peak, self.in_system)
        self._note(kind, caller, self.engine.now - caller.since)
        self.tell(events.OperatorAnswered(caller.id, operator))
        length = caller.drawn(Purpose.SECOND_HANDLING if caller.second else Purpose.HANDLING)
        self.engine.at(self.engine.now + length, self._talk_ends, (caller, operator, self.engine.now))

    def _talk_ends(self, talk: tuple[Caller, OperatorId, float]) -> None:
        caller, operator, begin = talk
        topic = self.scenario.topics[caller.topic]
        wrap_up = 0.0 if self.wraps_up[caller.line] else None
        if topic.wrap_up_s is not None:
            wrap_up = caller.drawn(Purpose.SECOND_WRAP_UP if caller.second else Purpose.WRAP_UP)
        transfer = None if caller.second else topic.transfer
        handed_on = transfer is not None and caller.drawn(Purpose.TRANSFER) < transfer.probability
        self.roster.talked(operator, begin, wrap_up)
        if transfer is not None and handed_on:
            caller.second, caller.queued = True, False
            caller.line = self.lines.index(transfer.to_line)
            fact = events.TransferAsked(caller.id, operator, line=LineId(transfer.to_line))
            self._waits(caller, Purpose.SECOND_PATIENCE, fact)
        else:
            self._leaves(caller)
            self.tell(events.TalkEnded(caller.id, operator))

    # the dispatcher's alarm

    def _wants_waking(self, command: WakeAt) -> None:
        self.wake_at = command.at
        self.engine.at(command.at, self._wakes, command.at)

    def _wakes(self, at: Any) -> None:
        if at == self.wake_at:  # a later WakeAt replaced the others
            self.tell(events.Tick())
