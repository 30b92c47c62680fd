"""One day's callers with everything drawn beforehand, for any engine that can call back at a time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from acd.core import events
from acd.core.commands import AnyCommand, RingOperator, StopRinging, WakeAt
from acd.core.dispatcher import Dispatcher
from acd.core.events import AnyFact


@dataclass(frozen=True)
class Drawn:
    """One caller. Seconds; answers: how long each operator who is rung for him lets it ring."""

    call: str
    arrives: float
    topic: str
    patience: float
    answers: tuple[float, ...]
    talk: float


def draw(number: int, topics: list[str], seed: int) -> list[Drawn]:
    rng = random.Random(seed)
    now, callers = 0.0, []
    for n in range(number):
        now += rng.expovariate(1 / 6)
        answers = tuple(rng.choice((2.0, 5.0, 40.0)) * (1 + rng.random() / 10) for _ in range(6))
        patience, talk = rng.expovariate(1 / 60), rng.expovariate(1 / 30)
        callers.append(Drawn(f"c{n}", now, rng.choice(topics), patience, answers, talk))
    return callers


class DrivenDay:
    """The callers and the phones around a dispatcher. at(when, do): the engine's way to call back."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        callers: list[Drawn],
        now: Callable[[], float],
        at: Callable[[float, Callable[[], None]], None],
    ) -> None:
        self.dispatcher = dispatcher
        self.now = now
        self.at = at
        self.drawn = {caller.call: caller for caller in callers}
        self.rings: dict[str, int] = {}
        self.ringing: dict[str, str] = {}
        self.wake_at = 0.0
        self.log: list[tuple[float, AnyFact, list[AnyCommand]]] = []

    def begin(self) -> None:
        for operator in self.dispatcher.policy.operators:
            self.tell(events.OperatorSignedIn(operator))
        for caller in self.drawn.values():
            self._later(caller.arrives, events.CallQueued(caller.call, caller.topic))  # type: ignore[arg-type]
            self.at(caller.arrives + caller.patience, lambda call=caller.call: self._gives_up(call))

    def tell(self, fact: AnyFact) -> None:
        now = self.now()
        commands = self.dispatcher.handle(fact, now)
        self.log.append((now, fact, commands))
        for command in commands:
            match command:
                case RingOperator():
                    self._rings(command, now)
                case StopRinging():
                    self.ringing.pop(command.call, None)
                case WakeAt():
                    self.wake_at = command.at
                    self.at(command.at, lambda at=command.at: self._wakes(at))
                case _:
                    pass
        if isinstance(fact, events.OperatorAnswered):
            self._later(now + self.drawn[fact.call].talk, events.TalkEnded(fact.call, fact.operator))

    def _later(self, when: float, fact: AnyFact) -> None:
        self.at(when, lambda: self.tell(fact))

    def _rings(self, command: RingOperator, now: float) -> None:
        turn = self.rings[command.call] = self.rings.get(command.call, -1) + 1
        self.ringing[command.call] = command.operator
        answers = self.drawn[command.call].answers
        self.at(
            now + answers[turn % len(answers)], lambda: self._picks_up(command.call, command.operator, turn)
        )
        # Whoever did not answer comes back after a while.
        self._later(now + 100.0 + turn, events.OperatorReady(command.operator))

    def _picks_up(self, call: str, operator: str, turn: int) -> None:
        if self.ringing.get(call) == operator and self.rings[call] == turn:
            del self.ringing[call]
            self.tell(events.OperatorAnswered(call, operator))  # type: ignore[arg-type]

    def _gives_up(self, call: str) -> None:
        if any(c.call == call and c.state != "talking" for c in self.dispatcher.calls()):
            self.tell(events.CallerHungUp(call))  # type: ignore[arg-type]

    def _wakes(self, at: float) -> None:
        if at == self.wake_at:
            self.tell(events.Tick())
