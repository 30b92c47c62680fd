"""Recorded callers and operators before a dispatcher, under the recorded rules or others.

What is known is as recorded: when callers asked and for what, who talked how long and was handed on where, when
operators signed in, paused and came back, who let the phone ring. What the record cannot know is drawn, from
the fitted laws and from recorded values, by (seed, call, purpose): the rest of the patience of somebody who was
answered, the talk of somebody who gave up. So two rules meet the same people.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np

from acd.core import events
from acd.core import operator_state as ops
from acd.core.commands import AnyCommand, Overflow, Release, RingOperator, StopRinging, WakeAt
from acd.core.dispatcher import Dispatcher
from acd.core.events import AnyFact
from acd.core.model import CallId, OperatorId, Policy
from loadtest.engine import PlainLoop
from loadtest.fit_patience import PatienceFit, fit_patience
from loadtest.recorded_lives import ABANDONED, ANSWERED, NO_LIMIT_S, OPEN, REFUSED, Leg, Life, Lives

BACK_AFTER_S = 60.0
"""Somebody who let the phone ring only in the replay says that he is back after so long."""

PATIENCE, TALK, RING, WRITING = range(4)


@dataclass
class Known:
    """What the record knows of people in general, for those of whom it knows nothing.

    patience: by topic. talks: by topic, seconds; "" of all. rings, writing: seconds.
    """

    patience: dict[str, PatienceFit]
    talks: dict[str, list[float]]
    rings: list[float]
    writing: list[float]

    @classmethod
    def of(cls, every: Sequence[Lives]) -> Known:
        calls = [life for lives in every for life in lives.calls]
        waits: dict[str, list[tuple[float, bool]]] = {}
        talks: dict[str, list[float]] = {"": []}
        for life in calls:
            topic = str(life.asked.topic)
            if life.wait is not None and life.outcome in (ANSWERED, ABANDONED):
                waits.setdefault(topic, []).append((life.wait, life.outcome == ABANDONED))
            if (talk := life.first.talk) is not None:
                talks.setdefault(topic, []).append(talk)
                talks[""].append(talk)
        legs = [leg for life in calls for leg in life.legs]
        return cls(
            {
                topic: fit_patience(
                    np.array([w for w, _ in seen]), np.array([gone for _, gone in seen], bool)
                )
                for topic, seen in waits.items()
            },
            talks,
            [leg.rang for leg in legs if leg.rang is not None],
            [leg.wrap_up for leg in legs if leg.wrap_up is not None],
        )


@dataclass(frozen=True)
class Chances:
    """One world of those that agree with the record."""

    known: Known
    seed: int

    def patience(self, life: Life, leg: Leg, number: int) -> float:
        """Seconds from the leg's beginning; as recorded of him who gave up."""
        if leg.answered is None and life.left is not None and life.outcome != REFUSED:
            return life.left - leg.began
        waited = 0.0 if leg.answered is None else leg.answered - leg.began
        law = self.known.patience.get(str(life.asked.topic))
        return math.inf if law is None else law.rest(waited, self._chance(life, PATIENCE, number))

    def talk(self, life: Life, leg: Leg, number: int) -> float:
        if leg.talk is not None:
            return leg.talk
        his = self.known.talks.get(str(life.asked.topic)) or self.known.talks[""]
        return self._one_of(his, life, TALK, number)

    def ring(self, life: Life, leg: Leg, operator: OperatorId, number: int) -> float:
        """Seconds until he picks up; longer than it was seen that he did not."""
        in_vain = leg.stopped.get(operator)
        if in_vain is not None:
            longer = [one for one in self.known.rings if one > in_vain]
            return self._one_of(longer, life, RING, number) if longer else in_vain + 1.0
        return leg.rang if leg.rang is not None else self._one_of(self.known.rings, life, RING, number)

    def writing(self, life: Life, leg: Leg, limit: float, number: int) -> float | None:
        """None: as long as the rules allow."""
        if leg.wrap_up is not None:
            return leg.wrap_up
        if limit < NO_LIMIT_S:
            return None
        longer = [one for one in self.known.writing if one > leg.wrote] if leg.wrote else self.known.writing
        return self._one_of(longer, life, WRITING, number) if longer else leg.wrote + 1.0

    def _one_of(self, values: Sequence[float], life: Life, purpose: int, number: int) -> float:
        return values[int(self._chance(life, purpose, number) * len(values))] if values else 0.0

    def _chance(self, life: Life, purpose: int, number: int) -> float:
        key = [self.seed, zlib.crc32(life.asked.call.encode()), purpose, number]
        return float(np.random.Generator(np.random.Philox(np.random.SeedSequence(key))).random())


@dataclass
class Replayed:
    """What became of one recorded call. wait: of the first queue, seconds. ring: the decision that was answered."""

    life: Life
    outcome: str = OPEN
    wait: float | None = None
    ring: RingOperator | None = None


@dataclass
class _Caller:
    result: Replayed
    id: CallId
    began: float
    number: int = 0
    state: str = "waiting"
    ring: RingOperator | None = None
    operator: OperatorId | None = None
    rings: int = 0

    @property
    def leg(self) -> Leg:
        """The recorded leg that this one goes by; beyond them one of which nothing is known."""
        legs = self.result.life.legs
        return legs[self.number] if self.number < len(legs) else Leg(self.began)


@dataclass
class Replay:
    """One run, once more. rules: None for those recorded, with every change of them as it came."""

    lives: Lives
    chances: Chances
    rules: Policy | None = None
    engine: PlainLoop = field(default_factory=PlainLoop)

    def run(self) -> list[Replayed]:
        """Every call of the run, in the recorded order."""
        first = next(
            (m.fact.policy for m in self.lives.run.moments if isinstance(m.fact, events.PolicyChanged)), None
        )
        policy = self.rules or first
        if policy is None:
            return []
        self.dispatcher = Dispatcher(policy)
        self._callers: dict[CallId, _Caller] = {}
        self._talked: dict[OperatorId, int] = {}
        self._wake_at = math.inf
        self._results: list[Replayed] = []
        for at, what in self.lives.moves:
            self.engine.at(at, self._moves, what)
        self.engine.run()
        return self._results

    def _moves(self, what: AnyFact | Life) -> None:
        if isinstance(what, Life):
            self._asks(what)
        elif self.rules is None or not isinstance(what, events.PolicyChanged | events.OperatorChanged):
            self._tell(what)

    # callers

    def _asks(self, life: Life) -> None:
        result = Replayed(life)
        self._results.append(result)
        id = life.asked.call
        if id in self._callers:  # recorded: turned away, and asked again; here the first asking still lasts
            return
        since = life.asked.since
        began = self.engine.now if since is None else min(since, self.engine.now)
        caller = self._callers[id] = _Caller(result, id, began)
        self._tell(life.asked)
        self._patience(caller)

    def _patience(self, caller: _Caller) -> None:
        length = self.chances.patience(caller.result.life, caller.leg, caller.number)
        if length < math.inf and caller.state != "talking":
            self.engine.at(
                max(self.engine.now, caller.began + length), self._gives_up, (caller, caller.number)
            )

    def _gives_up(self, what: tuple[_Caller, int]) -> None:
        caller, number = what
        if self._callers.get(caller.id) is not caller or caller.state == "talking" or caller.number != number:
            return
        self._first_wait(caller, ABANDONED)
        del self._callers[caller.id]
        self._tell(events.CallerHungUp(caller.id))

    def _first_wait(self, caller: _Caller, outcome: str) -> None:
        if caller.number == 0:
            caller.result.outcome = outcome
            caller.result.wait = self.engine.now - caller.began
            caller.result.ring = caller.ring

    # phones

    def _tell(self, fact: AnyFact) -> None:
        for command in self.dispatcher.handle(fact, self.engine.now):
            self._carry_out(command)

    def _carry_out(self, command: AnyCommand) -> None:
        match command:
            case RingOperator(call=call):
                self._rings(self._callers[call], command)
            case StopRinging(call=call) if call in self._callers:
                self._callers[call].rings += 1
                self._callers[call].state = "waiting"
            case Overflow(call=call):
                caller = self._callers.pop(call)
                self._first_wait(caller, REFUSED)
            case Release(operator=operator):
                self.engine.at(self.engine.now + BACK_AFTER_S, self._comes_back, operator)
            case WakeAt(at=at):
                self._wake_at = at
                self.engine.at(at, self._wakes, at)
            case _:
                pass

    def _rings(self, caller: _Caller, command: RingOperator) -> None:
        caller.state, caller.ring, caller.operator = "ringing", command, command.operator
        caller.rings += 1
        missed = caller.leg.missed.get(command.operator)
        if missed is not None:
            what = (caller, caller.rings, command.operator)
            self.engine.at(self.engine.now + missed, self._misses, what)
            return
        delay = self.chances.ring(caller.result.life, caller.leg, command.operator, caller.number)
        self.engine.at(self.engine.now + delay, self._answers, (caller, caller.rings))

    def _misses(self, what: tuple[_Caller, int, OperatorId]) -> None:
        caller, rings, operator = what
        if self._callers.get(caller.id) is caller and caller.state == "ringing" and caller.rings == rings:
            caller.state = "waiting"
            self._tell(events.OperatorMissed(caller.id, operator))

    def _comes_back(self, operator: OperatorId) -> None:
        if self.dispatcher.operator_state(operator) == ops.NOT_ANSWERING:
            self._tell(events.OperatorReady(operator))

    def _answers(self, what: tuple[_Caller, int]) -> None:
        caller, rings = what
        if self._callers.get(caller.id) is not caller or caller.state != "ringing" or caller.rings != rings:
            return
        caller.state = "talking"
        self._first_wait(caller, ANSWERED)
        assert caller.operator is not None  # noqa: S101 - his phone rings
        self._tell(events.OperatorAnswered(caller.id, caller.operator))
        length = self.chances.talk(caller.result.life, caller.leg, caller.number)
        self.engine.at(self.engine.now + length, self._talk_ends, caller)

    def _talk_ends(self, caller: _Caller) -> None:
        operator, leg, life = caller.operator, caller.leg, caller.result.life
        assert operator is not None  # noqa: S101 - he talks
        number = caller.number
        self._talked[operator] = talk = self._talked.get(operator, 0) + 1
        if leg.handed_on is not None:
            caller.number, caller.began, caller.state = number + 1, self.engine.now, "waiting"
            self._tell(msgspec.structs.replace(leg.handed_on, operator=operator))
            if self._callers.get(caller.id) is caller:
                self._patience(caller)
        else:
            del self._callers[caller.id]
            self._tell(events.TalkEnded(caller.id, operator))
        if self.dispatcher.operator_state(operator) == ops.WRAPPING_UP:
            length = self.chances.writing(life, leg, self._limit(life), number)
            if length is not None:
                self.engine.at(self.engine.now + length, self._wrote_up, (operator, talk))

    def _limit(self, life: Life) -> float:
        """How long the rules let write up after a call of this topic, seconds."""
        policy = self.dispatcher.policy
        topic = policy.topics.get(life.asked.topic)
        line = policy.lines.get(life.asked.line or topic.line) if topic is not None else None
        return math.inf if line is None else line.wrap_up

    def _wrote_up(self, what: tuple[OperatorId, int]) -> None:
        operator, talk = what
        if self._talked.get(operator) == talk:
            self._tell(events.WrapUpFinished(operator))

    def _wakes(self, at: float) -> None:
        if at == self._wake_at:
            self._tell(events.Tick())
