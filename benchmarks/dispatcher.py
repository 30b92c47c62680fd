"""How many facts a second the dispatcher handles, as a share of what bare SimPy does with timeouts.

A day is recorded once per case (a clock, random operators and callers around a dispatcher); then the same
facts are handled again by a fresh dispatcher, and only that is timed. SimPy's rate is taken in the same
rounds: processes that each wait for one timeout after another, 300 of them or as many as there are operators
(its own rate falls as they grow in number). It is processor time that counts. Machines differ, and so does one
machine from minute to minute; the ratio is what one can compare, on a machine that is otherwise idle.

    python -m benchmarks.dispatcher [--rounds N] [--facts N] [--json]
"""

from __future__ import annotations

import argparse
import gc
import heapq
import json
import random
import statistics
import time
from itertools import count

import simpy

from acd.core import events
from acd.core.commands import RingOperator, WakeAt
from acd.core.dispatcher import Dispatcher
from acd.core.events import AnyFact
from acd.core.model import Line, Operator, Policy, Ring, Topic

TOPICS = 5
TALK = 180.0
WRAP_UP = 15.0
ANSWER = 4.0
Recorded = list[tuple[AnyFact, float]]


def policy(operators: int, rng: random.Random) -> Policy:
    """Five topics whose demand relaxes twice; operators with two or three skills of any level."""
    names = [f"topic{n}" for n in range(TOPICS)]
    rings = {
        name: tuple(Ring(after, {name: level}) for after, level in ((0, 3), (10, 2), (25, 1)))
        for name in names
    }
    staff = {
        f"op{n}": Operator(
            f"op{n}", ("first",), {s: rng.choice((1, 2, 3, 3)) for s in rng.sample(names, rng.choice((2, 3)))}
        )
        for n in range(operators)
    }
    topics = {name: Topic(name, "first", rings[name], priority=n % 2) for n, name in enumerate(names)}
    return Policy("1", topics, {"first": Line("first", 15.0, WRAP_UP)}, staff, ageing=60.0)


def record(operators: int, waiting: int, facts: int, seed: int = 1) -> tuple[Policy, Recorded, Recorded]:
    """A policy, the facts that fill the floor, and the `facts` that follow.

    waiting 0: callers arrive for four fifths of the operators. Otherwise a new caller comes for each one
    who is served, so that as many wait all the time.
    """
    rng = random.Random(seed)
    rules = policy(operators, rng)
    dispatcher = Dispatcher(rules)
    agenda: list[tuple[float, int, AnyFact]] = []
    order, call_ids = count(), count()
    fill: Recorded = []
    then: Recorded = []
    log = fill
    wake = {"at": 0.0}

    def at(when: float, fact: AnyFact) -> None:
        heapq.heappush(agenda, (when, next(order), fact))

    def arrival(now: float) -> None:
        at(now, events.CallQueued(f"c{next(call_ids)}", f"topic{rng.randrange(TOPICS)}"))

    def tell(fact: AnyFact, now: float) -> None:
        log.append((fact, now))
        for command in dispatcher.handle(fact, now):
            match command:
                case RingOperator():
                    at(
                        now + rng.uniform(1, 2 * ANSWER),
                        events.OperatorAnswered(command.call, command.operator),
                    )
                    if waiting:
                        arrival(now)
                case WakeAt():
                    wake["at"] = command.at
                    at(command.at, events.Tick())
                case _:
                    pass
        if isinstance(fact, events.OperatorAnswered):
            at(now + rng.expovariate(1 / TALK), events.CallerHungUp(fact.call))
        if isinstance(fact, events.CallQueued) and not waiting:
            arrival(now + rng.expovariate(0.8 * operators / (TALK + WRAP_UP + ANSWER)))

    def run(number: int) -> None:
        while len(log) < number:
            now, _, fact = heapq.heappop(agenda)
            if not isinstance(fact, events.Tick) or now == wake["at"]:  # a later WakeAt replaced the others
                tell(fact, now)

    for operator in rules.operators:
        tell(events.OperatorSignedIn(operator), 0.0)
    for n in range(operators + waiting if waiting else 1):
        at(n * 1e-6, events.CallQueued(f"c{next(call_ids)}", f"topic{n % TOPICS}"))
    run(len(log) + 4 * operators + 2 * waiting + 1000)
    log = then
    run(facts)
    return rules, fill, then


def dispatcher_rate(rules: Policy, fill: Recorded, then: Recorded) -> float:
    """Facts a second."""
    dispatcher = Dispatcher(rules)
    handle = dispatcher.handle
    for fact, now in fill:
        handle(fact, now)
    gc.collect()
    begin = time.thread_time()
    for fact, now in then:
        handle(fact, now)
    return len(then) / (time.thread_time() - begin)


def simpy_rate(processes: int, steps: int) -> float:
    """Timeouts a second, stepped through by SimPy alone."""
    rng = random.Random(1)
    delays = [rng.expovariate(1.0) for _ in range(1000)]
    env = simpy.Environment()

    def life(n: int):  # type: ignore[no-untyped-def]
        timeout = env.timeout
        while True:
            n = (n + 1) % 1000
            yield timeout(delays[n])

    for n in range(processes):
        env.process(life(n))
    gc.collect()
    begin = time.thread_time()
    for _ in range(steps):
        env.step()
    return steps / (time.thread_time() - begin)


CASES = [
    (30, 0),
    (300, 0),
    (3000, 0),
    (30, 300),
    (300, 300),
    (3000, 300),
    (30, 3000),
    (300, 3000),
    (3000, 3000),
]


def measure(rounds: int, facts: int) -> list[dict[str, float]]:
    """One row per case; medians over rounds in which every case and SimPy take turns."""
    recorded = {case: record(*case, facts) for case in CASES}
    bare: dict[int, list[float]] = {30: [], 300: [], 3000: []}
    rates: dict[tuple[int, int], list[float]] = {case: [] for case in CASES}
    for _ in range(rounds):
        for case in CASES:
            rates[case].append(dispatcher_rate(*recorded[case]))
        for processes, seen in bare.items():
            seen.append(simpy_rate(processes, facts))
    reference = {processes: statistics.median(seen) for processes, seen in bare.items()}
    return [
        {
            "operators": operators,
            "waiting": waiting,
            "facts_per_second": round(statistics.median(seen)),
            "of_simpy_with_300": statistics.median(seen) / reference[300],
            "of_simpy_with_as_many": statistics.median(seen) / reference[operators],
            "of_30_operators": statistics.median(seen) / statistics.median(rates[30, waiting]),
            "of_nobody_waiting": statistics.median(seen) / statistics.median(rates[operators, 0]),
        }
        for (operators, waiting), seen in rates.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--facts", type=int, default=40_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = measure(asked.rounds, asked.facts)
    if asked.json:
        print(json.dumps(rows, indent=1))
        return
    print("operators waiting   facts/s   of SimPy(300)  of SimPy(n)  of 30 operators  of nobody waiting")
    for row in rows:
        print(
            f"{row['operators']:9} {row['waiting']:7} {row['facts_per_second']:9} {row['of_simpy_with_300']:14.2f}"
            f" {row['of_simpy_with_as_many']:12.2f} {row['of_30_operators']:16.2f} {row['of_nobody_waiting']:18.2f}"
        )


if __name__ == "__main__":
    main()
