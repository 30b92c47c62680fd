"""A switch and a clock around a dispatcher: ticks come when they were asked for, phones remember who rings.

It keeps its own books of what callers were promised, so that the promises are checked from outside.
"""

from __future__ import annotations

import math

import msgspec

from acd.core import events
from acd.core.commands import Announce, AnyCommand, Overflow, Release, RingOperator, StopRinging, WakeAt
from acd.core.demand import may_take
from acd.core.dispatcher import Dispatcher
from acd.core.events import AnyFact
from acd.core.invariants import violations
from acd.core.model import Policy


class World:
    def __init__(self, policy: Policy) -> None:
        self.dispatcher = Dispatcher(policy)
        self.first_policy = policy
        self.now = 0.0
        self.wake_at = math.inf
        self.ringing: dict[str, str] = {}  # operator -> call, as the switch sees it
        self.since: dict[str, float] = {}  # every call that must not be lost, and when it came
        self.announced: dict[str, Announce] = {}
        self.log: list[tuple[float, AnyFact, list[AnyCommand]]] = []

    def tell(self, fact: AnyFact) -> list[AnyCommand]:
        """A fact happens now; its commands are carried out and every promise is looked at."""
        if isinstance(fact, events.CallQueued) and fact.call not in self.since:
            self.since[fact.call] = self.now if fact.since is None else min(fact.since, self.now)
        if isinstance(fact, events.OperatorAnswered) and self.ringing.get(fact.operator) == fact.call:
            del self.ringing[fact.operator]
        if isinstance(fact, (events.OperatorMissed, events.OperatorDeclined, events.OperatorUnreachable)):
            self._phone_is_silent(fact.call, fact.operator)
        if isinstance(fact, (events.TalkEnded, events.TransferAsked)):
            self._phone_is_silent(fact.call, fact.operator)
        talked = self._talks()
        commands = self.dispatcher.handle(fact, self.now)
        self.log.append((self.now, fact, commands))
        for command in commands:
            self._carry_out(command)
        self._close_books(fact, talked)
        self._fair(commands)
        self.look()
        return commands

    def wait(self, seconds: float) -> list[AnyCommand]:
        """Time passes; each tick comes at its moment. Returns all commands given meanwhile."""
        until = self.now + seconds
        commands: list[AnyCommand] = []
        while self.wake_at <= until:
            self.now, self.wake_at = max(self.now, self.wake_at), math.inf
            commands += self.tell(events.Tick())
        self.now = until
        return commands

    def restart(self) -> None:
        """A new dispatcher takes over from a snapshot that went through JSON; phones fall silent."""
        fact = self.dispatcher.snapshot()
        fact = msgspec.json.decode(msgspec.json.encode(fact), type=events.Reconciled)
        before = [c.call for c in fact.calls]
        self.dispatcher = Dispatcher(self.dispatcher.policy)
        self.ringing.clear()
        self.wake_at = math.inf
        self.tell(fact)
        after = {c.call for c in self.dispatcher.calls()}
        assert set(before) == after | {c.call for c in self.log[-1][2] if isinstance(c, Overflow)}
        again = [c.call for c in self.dispatcher.snapshot().calls]
        assert again == [call for call in before if call in after], "a restart changed the order"

    def look(self) -> None:
        dispatcher = self.dispatcher
        assert violations(dispatcher) == []
        known = {call.call: call for call in dispatcher.calls()}
        assert set(known) == set(self.since), "a call is lost, or came back from the dead"
        for call, since in self.since.items():
            assert known[call].since == since, "a caller lost his place"
        rung = list(self.ringing.values())
        assert len(rung) == len(set(rung)), "a call rings two phones"
        there = {c.operator: c.call for c in known.values() if c.state == "ringing"}
        assert self.ringing == there, "the phones ring otherwise than the dispatcher thinks"

    def _carry_out(self, command: AnyCommand) -> None:
        match command:
            case RingOperator():
                assert command.operator not in self.ringing, "one phone rings for two calls"
                assert command.call not in self.ringing.values(), "two phones ring for one call"
                assert command.until >= self.now
                assert msgspec.json.decode(msgspec.json.encode(command), type=RingOperator) == command
                self.ringing[command.operator] = command.call
            case StopRinging():
                self._phone_is_silent(command.call, command.operator)
            case Overflow():
                self.since.pop(command.call, None)
            case Announce():
                assert command.call not in self.ringing.values(), "told to wait while a phone rings"
                assert command.position >= 1
            case WakeAt():
                assert command.at < math.inf
                self.wake_at = command.at
            case _:
                pass

    def _fair(self, commands: list[AnyCommand]) -> None:
        """Of the only phone that began to ring: nobody was idle for longer, no call was before.

        Recomputed from the rules, of what is still ready and still waiting when all is done.
        """
        rings = [command for command in commands if isinstance(command, RingOperator)]
        if len(rings) != 1:
            return
        ring, policy = rings[0], self.dispatcher.policy
        calls = {call.call: call for call in self.dispatcher.calls()}
        present = {operator.operator: operator for operator in self.dispatcher.operators()}
        mine, chosen = calls[ring.call], present[ring.operator]
        if ring.why.rule == "longest idle":
            for other in present.values():
                if other.state == "ready" and self._may(policy, other.operator, mine):
                    assert other.idle_since >= chosen.idle_since, "somebody was idle for longer"
        if ring.why.rule == "first come":
            for other in calls.values():
                if other.state == "waiting" and self._may(policy, ring.operator, other):
                    assert self._order(policy, other) >= self._order(policy, mine), "another call was before"

    def _may(self, policy: Policy, operator: str, call: events.CallState) -> bool:
        if call.wanted_operator is not None and call.state == "waiting":
            return call.wanted_operator == operator
        config, topic, line = policy.operators[operator], policy.topics[call.topic], policy.lines[call.line]
        more = {"language": call.language, "region": call.region, "since": call.since, "now": self.now}
        return may_take(config, topic, line, **more)

    def _order(self, policy: Policy, call: events.CallState) -> tuple[float, float]:
        priority = policy.topics[call.topic].priority if call.priority is None else call.priority
        if policy.ageing is None:
            return -priority, call.since
        return 0.0, call.since - priority * policy.ageing

    def _phone_is_silent(self, call: str, operator: str) -> None:
        if self.ringing.get(operator) == call:
            del self.ringing[operator]

    def _talks(self) -> dict[str, str | None]:
        return {c.call: c.operator for c in self.dispatcher.calls() if c.operator is not None}

    def _close_books(self, fact: AnyFact, talked: dict[str, str | None]) -> None:
        """Which calls are rightly over: hung up, talked to the end, or their operator now talks elsewhere."""
        match fact:
            case events.CallerHungUp():
                self.since.pop(fact.call, None)
            case events.TalkEnded():
                if talked.get(fact.call) == fact.operator:
                    self.since.pop(fact.call, None)
            case events.OperatorAnswered():
                left = {call for call, operator in talked.items() if operator == fact.operator}
                for call in left - {c.call for c in self.dispatcher.calls()}:
                    self.since.pop(call, None)
            case _:
                pass

    # what a test says in a word

    def sign_in(self, *operators: str) -> list[AnyCommand]:
        return [command for operator in operators for command in self.tell(events.OperatorSignedIn(operator))]

    def call(self, call: str, topic: str = "help", **more: object) -> list[AnyCommand]:
        return self.tell(events.CallQueued(call, topic, **more))  # type: ignore[arg-type]

    def answer(self, call: str, operator: str) -> list[AnyCommand]:
        return self.tell(events.OperatorAnswered(call, operator))

    def talk(self, call: str, operator: str, topic: str = "help", **more: object) -> None:
        """A call that is given to this operator, and answered."""
        assert rung(self.call(call, topic, **more)) == [(call, operator)]
        self.answer(call, operator)

    def state(self, operator: str) -> str | None:
        return self.dispatcher.operator_state(operator)  # type: ignore[arg-type]

    def calls(self) -> dict[str, str]:
        return {call.call: call.state for call in self.dispatcher.calls()}


def rung(commands: list[AnyCommand]) -> list[tuple[str, str]]:
    """(call, operator) of each phone that starts ringing, in order."""
    return [(c.call, c.operator) for c in commands if isinstance(c, RingOperator)]


def silenced(commands: list[AnyCommand]) -> list[tuple[str, str]]:
    """(call, operator) of each phone that stops ringing, in order."""
    return [(c.call, c.operator) for c in commands if isinstance(c, StopRinging)]


def released(commands: list[AnyCommand]) -> list[str]:
    return [c.operator for c in commands if isinstance(c, Release)]


def turned_away(commands: list[AnyCommand]) -> list[tuple[str, str]]:
    return [(c.call, c.why) for c in commands if isinstance(c, Overflow)]


def said(commands: list[AnyCommand]) -> list[tuple[str, int, float | None]]:
    """(call, position, forecast) of each announcement."""
    return [(c.call, c.position, c.wait) for c in commands if isinstance(c, Announce)]
