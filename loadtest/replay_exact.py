"""The recorded facts once more through the dispatcher: does it decide what it decided then?

The journal has every fact and every decision, but not the alarms (`Tick`) between them. One that led to a
decision is seen by that decision; a silent one came when it was asked for, or a little later, when the machine
was busy. So an alarm is rung at its time, and put behind the next fact when the record shows that it came after.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from acd.core.commands import AnyCommand, WakeAt
from acd.core.dispatcher import Dispatcher
from acd.core.events import AnyFact, PolicyChanged, Tick
from loadtest.recording import Moment, Recording, Run

CLOCK_S = 0.25
"""Figures inside a decision (seconds waited, idle, until) may differ by so much: that late an alarm may come."""

MOST_REBUILDS = 200


@dataclass(frozen=True)
class Parting:
    """Where the dispatcher decides otherwise than it did."""

    seq: int
    fact: str
    recorded: list[dict[str, Any]]
    now: list[dict[str, Any]]


@dataclass(frozen=True)
class Exactness:
    """decisions: recorded ones. same: of them, made again. partings: the facts at which others were made."""

    facts: int
    decisions: int
    same: int
    partings: list[Parting]


def exactness(recording: Recording) -> Exactness:
    """Every recorded decision beside the one that the dispatcher makes of the same facts today."""
    facts = decisions = same = 0
    partings: list[Parting] = []
    for run in recording.runs:
        for moment, again in Follower(run).follow():
            facts += moment.fact is not None
            decisions += len(moment.commands)
            matching = sum(map(alike, moment.commands, again))
            same += matching
            if matching < max(len(moment.commands), len(again)):
                name = "alarm" if moment.fact is None else type(moment.fact).__name__
                partings.append(Parting(moment.seq, name, _plain(moment.commands), _plain(again)))
    return Exactness(facts, decisions, same, partings)


class Follower:
    """A dispatcher that is led through one run. look: called before each fact, with the dispatcher as it is."""

    def __init__(self, run: Run, look: Callable[[Moment, Dispatcher], None] | None = None) -> None:
        self._run = run
        self._look = look
        self._policy = next((m.fact.policy for m in run.moments if isinstance(m.fact, PolicyChanged)), None)
        self._fed: list[tuple[AnyFact, float]] = []
        self._rebuilds = 0
        self._begin()

    def _begin(self) -> None:
        self._alarm = math.inf
        self.dispatcher = Dispatcher(self._policy) if self._policy is not None else None

    def follow(self) -> Iterator[tuple[Moment, list[AnyCommand]]]:
        """(moment, what is decided now), in order. Nothing when the run never had rules."""
        if self.dispatcher is None:
            return
        for number, moment in enumerate(self._run.moments):
            yield moment, self._again(number)

    def _again(self, number: int) -> list[AnyCommand]:
        moment = self._run.moments[number]
        if moment.fact is None:
            silent = self._catch_up(moment.mono - CLOCK_S, inclusive=False)
            return silent + self._feed(Tick(), moment.mono)
        before, due = len(self._fed), self._alarm <= moment.mono
        late = due and self._overtaken(number)
        commands = self._fact(moment, moment.fact, late=late, show=True)
        if not due or _same(moment.commands, commands) or self._rebuilds >= MOST_REBUILDS:
            return commands
        tried = self._fed
        self._again_from(tried[:before])
        instead = self._fact(moment, moment.fact, late=not late)
        if _same(moment.commands, instead):
            return instead
        self._again_from(tried)
        return commands

    def _overtaken(self, number: int) -> bool:
        """Whether the alarm that is due seems to have come behind this fact: soon after it, one decided something."""
        moments = self._run.moments
        for following in range(number + 1, len(moments)):
            if moments[following].mono > self._alarm + CLOCK_S:
                return False
            if moments[following].fact is None:
                return True
        return False

    def _fact(self, moment: Moment, fact: AnyFact, *, late: bool, show: bool = False) -> list[AnyCommand]:
        """late: alarms that are due since a moment only come after it."""
        until = moment.mono - CLOCK_S if late else moment.mono
        commands = self._catch_up(until, inclusive=not late)
        if show and self._look is not None and self.dispatcher is not None:
            self._look(moment, self.dispatcher)
        commands += self._feed(fact, moment.mono)
        if len(moment.commands) > len(commands):  # an alarm at the same instant stands under this fact
            commands += self._catch_up(moment.mono, inclusive=True)
        return commands

    def _again_from(self, fed: Sequence[tuple[AnyFact, float]]) -> None:
        self._rebuilds += 1
        self._fed = []
        self._begin()
        for fact, now in fed:
            self._feed(fact, now)

    def _catch_up(self, now: float, *, inclusive: bool) -> list[AnyCommand]:
        """Alarms that are due by now, each at its time; what they decide."""
        found: list[AnyCommand] = []
        while self._alarm < now or (inclusive and self._alarm == now):
            alarm, self._alarm = self._alarm, math.inf
            found += self._feed(Tick(), alarm)
        return found

    def _feed(self, fact: AnyFact, now: float) -> list[AnyCommand]:
        assert self.dispatcher is not None  # noqa: S101 - `follow` sees to it
        self._fed.append((fact, now))
        if isinstance(fact, Tick) and now >= self._alarm:
            self._alarm = math.inf
        commands = self.dispatcher.handle(fact, now)
        for command in commands:
            if isinstance(command, WakeAt):
                self._alarm = command.at
        return [command for command in commands if not isinstance(command, WakeAt)]


def _same(recorded: Sequence[AnyCommand], now: Sequence[AnyCommand]) -> bool:
    return len(recorded) == len(now) and all(map(alike, recorded, now))


def alike(one: AnyCommand, other: AnyCommand) -> bool:
    """The same decision for the same reasons; seconds may differ by CLOCK_S."""
    return type(one) is type(other) and _near(msgspec.to_builtins(one), msgspec.to_builtins(other))


def _near(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or abs(one - other) <= CLOCK_S
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_near(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_near, one, other))
    return one == other


def _plain(commands: Sequence[AnyCommand]) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(command) for command in commands]
