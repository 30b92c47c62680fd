"""The full day that the simulator is measured on, and the yardstick: that day as a plain SimPy model.

30,000 calls, 450 operators, five topics, skills with levels that relax while the caller
waits, a menu, trunks, patience, retries, writing up, shifts with breaks.

The yardstick is what a good engineer would write with SimPy for this one question: a process for each call, lists of
the idle by kind of operator, waiting calls in deques, numbers drawn with `random` as they are needed. It keeps no
trace and explains nothing; it counts what is needed for the few figures that it prints. It is another program with
other numbers drawn, so it agrees with the simulator in the mean, not call by call.
"""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

from loadtest.scenario import Scenario

TOPICS = ("health", "housing", "social", "taxes", "transport")
SHARES = (0.3, 0.25, 0.2, 0.15, 0.1)
BY_HOUR = (1, 1, 1, 1, 1, 2, 3, 5, 8, 10, 11, 11, 10, 10, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
CALLS, OPERATORS, TRUNKS = 30_000, 450, 215
MENU, CONTAINED = (35.0, 0.6), 0.12
HANDLING, WRAP_UP, PATIENCE = (270.0, 0.8), 25.0, 120.0
RETRY, RETRY_AFTER = 0.3, 300.0
RELAXES = 10.0
"""Seconds after which level 1 is enough; level 2 is wanted at first."""
BREAK_H, BREAK_S = 3.5, 1800.0
SHIFTS = ((0, 8, 0.1), (7, 15, 0.3), (8, 16, 0.25), (13, 21, 0.25), (16, 24, 0.1))
"""(from hour, to hour, share of the people)."""


def groups(people: int) -> list[tuple[int, dict[str, int], int, int]]:
    """(count, skills, from hour, to hour): each works one topic well and the next a little."""
    found = []
    for begin, end, part in SHIFTS:
        for n, share in enumerate(SHARES):
            skills = {TOPICS[n]: 2, TOPICS[(n + 1) % len(TOPICS)]: 1}
            found.append((max(1, round(people * part * share)), skills, begin, end))
    return found


def full_day(*, calls: float = CALLS, people: int = OPERATORS, trunks: int = TRUNKS) -> Scenario:
    """The day as the simulator's scenario. people: on the roster."""
    needs = [[{"needs": {name: 2}}, {"after": RELAXES, "needs": {name: 1}}] for name in TOPICS]
    return Scenario.model_validate({
        "name": "full day",
        "trunks": trunks,
        "topics": [
            {
                "name": name,
                "arrivals": {"per_hour": [calls * share * part / sum(BY_HOUR) for part in BY_HOUR]},
                "ivr_s": {"dist": "lognormal", "mean": MENU[0], "cv": MENU[1]},
                "contained": CONTAINED,
                "handling_s": {"dist": "lognormal", "mean": HANDLING[0], "cv": HANDLING[1]},
                "wrap_up_s": {"dist": "exponential", "mean": WRAP_UP},
                "patience_s": {"dist": "exponential", "mean": PATIENCE},
                "retry": {"probability": RETRY, "after_s": {"dist": "exponential", "mean": RETRY_AFTER}},
                "rings": rings,
            }
            for name, share, rings in zip(TOPICS, SHARES, needs, strict=True)
        ],
        "operators": [
            {
                "count": count,
                "skills": skills,
                "shift": f"{begin:02}:00-{end:02}:00",
                "breaks": [{"after_h": BREAK_H, "length_min": BREAK_S / 60}],
            }
            for count, skills, begin, end in groups(people)
        ],
    })  # fmt: skip


@dataclass
class Told:
    """What both say of the day."""

    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    blocked: int = 0
    waited: float = 0.0

    def row(self) -> dict[str, float]:
        offered = self.answered + self.abandoned
        return {
            "offered": offered,
            "in time": self.in_time / offered,
            "gave up": self.abandoned / offered,
            "asa, s": self.waited / self.answered,
            "blocked": self.blocked,
        }


OFF, IDLE, TALKS, WRITES, RESTS = range(5)


@dataclass(eq=False)
class Person:
    kind: int
    state: int = OFF
    then: int | None = None  # what he does after this talk: OFF or RESTS
    number: int = 0  # of his states, so that a timeout of an earlier one is known


@dataclass
class Waiting:
    since: float
    got: simpy.Event


@dataclass
class ProcessPerCall:
    """The yardstick."""

    seed: int
    calls: float = CALLS
    people: int = OPERATORS
    env: simpy.Environment = field(default_factory=simpy.Environment)
    told: Told = field(default_factory=Told)
    in_system: int = 0

    def run(self) -> dict[str, float]:
        self.chance = random.Random(self.seed)
        self.idle: list[dict[Person, None]] = [{} for _ in TOPICS]
        self.queues: list[deque[Waiting]] = [deque() for _ in TOPICS]
        for count, skills, begin, end in groups(self.people):
            kind = TOPICS.index(next(iter(skills)))
            self.env.process(self.shift([Person(kind) for _ in range(count)], begin * 3600, end * 3600))
        for topic, share in enumerate(SHARES):
            self.env.process(self.arrivals(topic, self.calls * share))
        self.env.run()
        return self.told.row()

    def lognormal(self, mean: float, cv: float) -> float:
        spread = math.log1p(cv * cv)
        return self.chance.lognormvariate(math.log(mean) - spread / 2, math.sqrt(spread))

    def arrivals(self, topic: int, calls: float) -> Generator[simpy.Event, Any, None]:
        for hour, part in enumerate(BY_HOUR):
            rate = calls * part / sum(BY_HOUR) / 3600
            at = hour * 3600 + self.chance.expovariate(rate)
            while at < (hour + 1) * 3600:
                yield self.env.timeout(at - self.env.now)
                self.env.process(self.call(topic))
                at += self.chance.expovariate(rate)

    def call(self, topic: int) -> Generator[simpy.Event, Any, None]:
        env, chance = self.env, self.chance
        while True:
            if self.in_system >= TRUNKS:
                self.told.blocked += 1
            else:
                self.in_system += 1
                yield env.timeout(self.lognormal(*MENU))
                served = chance.random() < CONTAINED or (yield from self.asks(topic))
                self.in_system -= 1
                if served:
                    return
            if chance.random() >= RETRY:
                return
            later = chance.expovariate(1 / RETRY_AFTER)
            if env.now + later >= 86_400:
                return
            yield env.timeout(later)

    def asks(self, topic: int) -> Generator[simpy.Event, Any, bool]:
        """Wait for an operator and talk; False: gave up."""
        env, begin = self.env, self.env.now
        person = self.take(topic)
        if person is None:
            waiting = Waiting(begin, env.event())
            self.queues[topic].append(waiting)
            person = yield from self.waits(waiting, topic)
            if person is None:
                self.queues[topic].remove(waiting)
                self.told.abandoned += 1
                return False
        wait = env.now - begin
        self.told.answered += 1
        self.told.in_time += wait <= 20
        self.told.waited += wait
        yield env.timeout(self.lognormal(*HANDLING))
        self.talked(person)
        return True

    def waits(self, waiting: Waiting, topic: int) -> Generator[simpy.Event, Any, Person | None]:
        env, patience = self.env, self.chance.expovariate(1 / PATIENCE)
        yield waiting.got | env.timeout(min(patience, RELAXES))
        if not waiting.got.triggered and patience > RELAXES:
            person = self.take((topic - 1) % len(TOPICS))
            if person is not None:
                self.queues[topic].remove(waiting)
                return person
            yield waiting.got | env.timeout(patience - RELAXES)
        return waiting.got.value if waiting.got.triggered else None

    # operators

    def take(self, kind: int) -> Person | None:
        """The longest idle of this kind."""
        for person in self.idle[kind]:
            del self.idle[kind][person]
            self.enters(person, TALKS)
            return person
        return None

    def enters(self, person: Person, state: int) -> int:
        person.state = state
        person.number += 1
        return person.number

    def free(self, person: Person) -> None:
        """The first who may have him, of his own topic or of the other one's callers who have waited enough."""
        own, other = self.queues[person.kind], self.queues[(person.kind + 1) % len(TOPICS)]
        queue = own
        if other and self.env.now - other[0].since >= RELAXES and (not own or other[0].since < own[0].since):
            queue = other
        if queue:
            self.enters(person, TALKS)
            queue.popleft().got.succeed(person)
        else:
            self.enters(person, IDLE)
            self.idle[person.kind][person] = None

    def talked(self, person: Person) -> None:
        person.state = WRITES
        if person.then is not None:
            then, person.then = person.then, None
            self.leaves(person, then)
        else:
            self.env.process(self.writes(person))

    def writes(self, person: Person) -> Generator[simpy.Event, Any, None]:
        number = self.enters(person, WRITES)
        yield self.env.timeout(self.chance.expovariate(1 / WRAP_UP))
        if person.number == number:
            self.free(person)

    def leaves(self, person: Person, state: int) -> None:
        """Home, or to his break; who talks does so afterwards."""
        if person.state == TALKS:
            person.then = state
            return
        if person.state == IDLE:
            del self.idle[person.kind][person]
        number = self.enters(person, state)
        if state == RESTS:
            self.env.process(self.rests(person, number))

    def rests(self, person: Person, number: int) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(BREAK_S)
        if person.number == number:
            self.free(person)

    def shift(self, people: list[Person], begin: float, end: float) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(begin)
        for person in people:
            self.free(person)
        yield self.env.timeout(BREAK_H * 3600)
        for person in people:
            self.leaves(person, RESTS)
        if end < 86_400:
            yield self.env.timeout(end - self.env.now)
            for person in people:
                self.leaves(person, OFF)
