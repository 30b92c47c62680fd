"""What callers and operators did on a recorded day: read off the facts, with the dispatcher as interpreter.

Whether "ready" ended a wrap-up, a pause or a ring that nobody took depends on the operator's state; the
dispatcher, led through the very facts, knows it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from acd.core import events
from acd.core import operator_state as ops
from acd.core.commands import Overflow, Release, RingOperator, StopRinging
from acd.core.dispatcher import Dispatcher
from acd.core.events import AnyFact
from acd.core.model import Operator, OperatorId, Policy
from loadtest.recording import Moment, Run
from loadtest.replay_exact import Follower

ON_DUTY = (ops.READY, ops.RINGING, ops.TALKING, ops.WRAPPING_UP)
NO_LIMIT_S = 86_400.0
"""A line's wrap-up of a day or more is none that ends by itself."""

ANSWERED, ABANDONED, REFUSED, OPEN = "answered", "abandoned", "refused", "open"


@dataclass
class Leg:
    """One wait, and the talk that ended it. began, answered, ended: the dispatcher's clock, None if it never came.

    rang: seconds until the operator who answered picked up. wrap_up: seconds he wrote up, None when that was
    cut short or not seen. handed_on: how it went on, None when the call ended. missed: whose phones rang for
    him in vain, and for how many seconds. stopped: whose stopped ringing before anybody could say so.
    wrote: seconds he wrote up before a pause or his shift's end cut it short.
    """

    began: float
    why: RingOperator | None = None
    answered: float | None = None
    rang: float | None = None
    operator: OperatorId | None = None
    ended: float | None = None
    wrap_up: float | None = None
    wrote: float = 0.0
    handed_on: events.TransferAsked | None = None
    missed: dict[OperatorId, float] = field(default_factory=dict[OperatorId, float])
    stopped: dict[OperatorId, float] = field(default_factory=dict[OperatorId, float])

    @property
    def talk(self) -> float | None:
        return None if self.answered is None or self.ended is None else self.ended - self.answered


@dataclass
class Life:
    """One call's way through the queue. asked: the fact it came by. left: when, waiting, he hung up or was refused."""

    asked: events.CallQueued
    legs: list[Leg]
    outcome: str = OPEN
    left: float | None = None

    @property
    def first(self) -> Leg:
        return self.legs[0]

    @property
    def wait(self) -> float | None:
        """Seconds until the first answer, or until he left; None when neither was seen."""
        end = self.first.answered if self.first.answered is not None else self.left
        return None if end is None else end - self.first.began


@dataclass
class Spell:
    """Somebody was there for calls from `begin` to `end` (the dispatcher's clock). who: as the rules had him."""

    who: Operator
    begin: float
    end: float = math.inf


@dataclass
class Lives:
    """run: where it was read. calls: in the order in which they asked. policy: the last rules in force.

    moves: what came from outside, in order, for replay: what operators and the house did, and calls that asked.
    """

    run: Run
    policy: Policy | None = None
    calls: list[Life] = field(default_factory=list[Life])
    spells: list[Spell] = field(default_factory=list[Spell])
    moves: list[tuple[float, AnyFact | Life]] = field(default_factory=list[tuple[float, AnyFact | Life]])


def lives_of(run: Run) -> Lives:
    """Callers' and operators' lives of one run."""
    reader = _Reader(run)
    follower = Follower(run, reader.before)
    for moment, _ in follower.follow():
        if follower.dispatcher is not None:
            reader.after(moment, follower.dispatcher)
    return reader.finished(follower.dispatcher)


class _Reader:
    def __init__(self, run: Run) -> None:
        self.lives = Lives(run)
        self._open: dict[str, Life] = {}
        self._rung: dict[str, tuple[float, RingOperator]] = {}
        self._writing: dict[OperatorId, tuple[Leg, float]] = {}
        self._present: dict[OperatorId, Spell] = {}
        self._state: str | None = None
        self._known_states: dict[OperatorId, str] = {}

    def before(self, moment: Moment, dispatcher: Dispatcher) -> None:
        """The state of the operator whom the fact is about, as it finds him."""
        operator = getattr(moment.fact, "operator", None)
        self._state = None if operator is None else dispatcher.operator_state(operator)

    def after(self, moment: Moment, dispatcher: Dispatcher) -> None:
        fact, now = moment.fact, moment.mono
        for command in moment.commands:
            if isinstance(command, StopRinging):  # first: the fact may end the call
                self._stops(command, now)
        if fact is not None:
            self._call_fact(fact, now)
            self._operator_fact(fact, now)
        for command in moment.commands:
            if isinstance(command, RingOperator):
                self._rung[command.call] = (now, command)
                life = self._open.get(command.call)
                if life is not None and life.legs[-1].answered is None:
                    life.legs[-1].why = command
            elif isinstance(command, Overflow) and (life := self._open.pop(command.call, None)) is not None:
                life.outcome, life.left = REFUSED if life.outcome == OPEN else life.outcome, now
        self._see_presence(moment, dispatcher)

    # callers

    def _call_fact(self, fact: AnyFact, now: float) -> None:
        match fact:
            case events.CallQueued(call=call, since=since):
                if call not in self._open:
                    life = Life(fact, [Leg(now if since is None else min(since, now))])
                    self._open[call] = life
                    self.lives.calls.append(life)
                    self.lives.moves.append((now, life))
            case events.OperatorAnswered(call=call, operator=operator):
                self._answered(call, operator, now)
            case events.TalkEnded(call=call):
                self._ended(call, now, None)
            case events.TransferAsked(call=call):
                self._ended(call, now, fact)
            case events.CallerHungUp(call=call):
                self._ended(call, now, None)
            case (
                events.OperatorMissed(call=call, operator=operator)
                | events.OperatorDeclined(call=call, operator=operator)
                | events.OperatorUnreachable(call=call, operator=operator)
            ):
                self._rang_in_vain(call, operator, now)
            case _:
                pass

    def _stops(self, command: StopRinging, now: float) -> None:
        if command.why == "ring timeout":
            self._rang_in_vain(command.call, command.operator, now)
            return
        life, (rung, ring) = self._open.get(command.call), self._rung.get(command.call, (now, None))
        if life is not None and ring is not None and ring.operator == command.operator:
            life.legs[-1].stopped[command.operator] = now - rung

    def _rang_in_vain(self, call: str, operator: OperatorId, now: float) -> None:
        life, (rung, command) = self._open.get(call), self._rung.get(call, (now, None))
        if life is not None and command is not None and command.operator == operator:
            life.legs[-1].missed[operator] = now - rung

    def _answered(self, call: str, operator: OperatorId, now: float) -> None:
        life = self._open.get(call)
        if life is None or life.legs[-1].answered is not None:
            return
        leg, (rung, _) = life.legs[-1], self._rung.get(call, (now, None))
        leg.answered, leg.operator, leg.rang = now, operator, now - rung
        life.outcome = ANSWERED

    def _ended(self, call: str, now: float, handed_on: events.TransferAsked | None) -> None:
        life = self._open.get(call)
        if life is None:
            return
        leg = life.legs[-1]
        if leg.answered is None:  # he was waiting
            life.left = now
            life.outcome = ABANDONED if life.outcome == OPEN else life.outcome
            del self._open[call]
            return
        leg.ended, leg.handed_on = now, handed_on
        if leg.operator is not None:
            self._writing[leg.operator] = (leg, now)
        if handed_on is not None:
            life.legs.append(Leg(now))
        else:
            del self._open[call]

    # operators

    def _operator_fact(self, fact: AnyFact, now: float) -> None:
        if (
            isinstance(fact, events.OperatorPaused | events.OperatorSignedOut)
            and self._state == ops.WRAPPING_UP
        ):
            leg, ended = self._writing.pop(fact.operator, (None, now))
            if leg is not None:
                leg.wrote = now - ended
        match fact:
            case events.WrapUpFinished(operator=operator):
                self._wrote_up(operator, now)
            case events.OperatorReady(operator=operator) if self._state == ops.WRAPPING_UP:
                self._wrote_up(operator, now)
            case (
                events.OperatorSignedIn()
                | events.OperatorSignedOut()
                | events.OperatorReady()
                | events.OperatorPaused()
                | events.OperatorChanged()
                | events.PolicyChanged()
                | events.TopicClosed()
                | events.TopicOpened()
            ):
                self.lives.moves.append((now, fact))
            case events.Reconciled(operators=operators):
                for one in operators:
                    self._found(one, now)
            case _:
                pass

    def _found(self, one: events.OperatorPresence, now: float) -> None:
        """A new controller found him so: the way there, in facts."""
        if one.state in (ops.SIGNED_OUT, ops.NOT_ANSWERING):
            return
        self.lives.moves.append((now, events.OperatorSignedIn(one.operator)))
        if one.state == ops.PAUSED:
            self.lives.moves.append((now, events.OperatorPaused(one.operator, one.reason or "")))

    def _wrote_up(self, operator: OperatorId, now: float) -> None:
        leg, ended = self._writing.pop(operator, (None, now))
        if leg is not None:
            leg.wrap_up = now - ended

    def _see_presence(self, moment: Moment, dispatcher: Dispatcher) -> None:
        """Spells begin and end. Looks at those whom the moment may have moved; at all when it moves the whole."""
        fact, now = moment.fact, moment.mono
        if fact is None or isinstance(fact, events.Reconciled | events.PolicyChanged):
            whom = [one.operator for one in dispatcher.operators()]
        else:
            whom = [one for one in [getattr(fact, "operator", None)] if one is not None]
            call = getattr(fact, "call", None)
            if call is not None and call in self._rung:
                whom.append(self._rung[call][1].operator)
            whom += [
                one.operator
                for one in moment.commands
                if isinstance(one, RingOperator | StopRinging | Release)
            ]
        for operator in whom:
            self._look_at(operator, dispatcher, now, fact)

    def _look_at(
        self, operator: OperatorId, dispatcher: Dispatcher, now: float, fact: AnyFact | None
    ) -> None:
        state = dispatcher.operator_state(operator)
        before, self._known_states[operator] = self._known_states.get(operator), state or ops.SIGNED_OUT
        if state == ops.NOT_ANSWERING and before != state:
            self.lives.moves.append((now, events.OperatorPaused(operator, "did not answer")))
        spell = self._present.get(operator)
        if isinstance(fact, events.OperatorChanged) and spell is not None:
            self._present.pop(operator).end = now
            spell = None
        if state in ON_DUTY and spell is None:
            who = dispatcher.policy.operators.get(operator)
            if who is not None:
                self._present[operator] = spell = Spell(who, now)
                self.lives.spells.append(spell)
        elif state not in ON_DUTY and spell is not None:
            self._present.pop(operator).end = now

    def finished(self, dispatcher: Dispatcher | None) -> Lives:
        for spell in self._present.values():
            spell.end = self.lives.run.until
        if dispatcher is not None:
            self.lives.policy = dispatcher.policy
        return self.lives
