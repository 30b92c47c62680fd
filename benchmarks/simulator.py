"""Calls per second of processor time in the simulator, as a multiple of a plain SimPy model of the same day.

300 operators, exponential handling of 180 s, patience of 120 s, 280 erlangs offered. The yardstick is what one
would write first: a SimPy process for each call and a store of operators, with nothing to say about who gets
which call. The simulator runs the production dispatcher, which explains every decision. Both meet the same
draws, and take turns, for one machine differs from minute to minute.

    python -m benchmarks.simulator [--rounds N] [--hours H]
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable, Generator

import simpy

from loadtest import record as outcome
from loadtest.day import Day
from loadtest.draws import Purpose, TopicDraws, draw_all
from loadtest.engine import ENGINES
from loadtest.scenario import Scenario

OPERATORS, ERLANGS, HANDLING, PATIENCE = 300, 280.0, 180.0, 120.0


def case(hours: float) -> Scenario:
    topic = {
        "name": "calls",
        "arrivals": {"per_hour": ERLANGS / HANDLING * 3600},
        "handling_s": {"dist": "exponential", "mean": HANDLING},
        "patience_s": {"dist": "exponential", "mean": PATIENCE},
    }
    return Scenario.model_validate(
        {"name": "bench", "horizon_h": hours, "topics": [topic], "operators": [{"count": OPERATORS}]}
    )


def process_per_call(scenario: Scenario) -> tuple[int, int]:
    """(calls, abandoned) of the yardstick."""
    draws = draw_all(scenario, 0)[0]
    env = simpy.Environment()
    idle = simpy.Store(env)
    idle.items.extend(range(OPERATORS))
    gone: list[float] = []

    def call(draws: TopicDraws, number: int) -> Generator[simpy.Event]:
        got = idle.get()
        if not got.triggered:
            patience = env.timeout(draws.value(Purpose.PATIENCE, number, 0))
            yield got | patience
            if not got.triggered:
                got.cancel()
                gone.append(env.now)
                return
        operator = yield got
        yield env.timeout(draws.value(Purpose.HANDLING, number, 0))
        yield idle.put(operator)

    def arrivals() -> Generator[simpy.Event]:
        for number, at in enumerate(draws.arrivals):
            yield env.timeout(at - env.now)
            env.process(call(draws, number))

    env.process(arrivals())
    env.run()
    return len(draws.arrivals), len(gone)


def shared_router(scenario: Scenario, engine: str) -> tuple[int, int]:
    """(calls, abandoned) of the simulator under the named engine."""
    rows = Day(scenario, 0, ENGINES[engine]()).run().first
    return len(rows), sum(row.kind == outcome.ABANDONED for row in rows)


def rate(run: Callable[[], tuple[int, int]]) -> tuple[float, int]:
    """(calls per second of processor time, abandoned)."""
    gc.collect()
    begin = time.process_time()
    calls, abandoned = run()
    return calls / (time.process_time() - begin), abandoned


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--hours", type=float, default=4.0)
    asked = parser.parse_args()
    scenario = case(asked.hours)
    runs: dict[str, Callable[[], tuple[int, int]]] = {
        "a SimPy process per call": lambda: process_per_call(scenario),
        "the dispatcher under SimPy": lambda: shared_router(scenario, "simpy"),
        "the dispatcher, plain loop": lambda: shared_router(scenario, "plain"),
    }
    ratios: dict[str, list[float]] = {name: [] for name in runs}
    rates: dict[str, list[float]] = {name: [] for name in runs}
    gave_up: dict[str, int] = {}
    for _ in range(asked.rounds):
        for name, run in runs.items():
            found, gave_up[name] = rate(run)
            rates[name].append(found)
        yardstick = rates["a SimPy process per call"][-1]
        for name, seen in ratios.items():
            seen.append(rates[name][-1] / yardstick)
    print("                             calls/s   of the yardstick   gave up")
    for name in runs:
        shown = statistics.median(ratios[name])
        print(f"{name:27} {statistics.median(rates[name]):9,.0f} {shown:18.2f} {gave_up[name]:9}")


if __name__ == "__main__":
    main()
