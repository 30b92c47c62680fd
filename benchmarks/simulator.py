"""What the simulator costs, as a multiple of what one would write instead; all in processor time.

Four tables:
the full day (`benchmarks/simulator_day.py`): a plain SimPy model with a process per call is the yardstick; the
simulator by the production dispatcher under SimPy and on the plain loop, and by its compiled mirror. Each from drawing
the day to its counted figures. What both say of the day stands beside it, for a fast model of another day is none.
M/M/300 at 280 erlangs: ciw is the yardstick.
growth: the time per call from 300 to 3,000 operators at equal occupancy, and from 15,000 to 60,000 calls a day.
memory: of a day of 30,000 calls, above what the process has before it.

They take turns, and each round gives a ratio; the median of these is printed, for one machine differs from minute to
minute. The compiled mirror is ready beforehand: it is compiled once for a version of the source.

    python -m benchmarks.simulator [--rounds N] [--skip ciw,growth,memory,day]
"""

from __future__ import annotations

import argparse
import gc
import importlib
import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.simulator_day import ProcessPerCall, full_day
from loadtest import compiled_code
from loadtest.counts import FIELDS, DayCounts, count
from loadtest.day import Day
from loadtest.engine import ENGINES
from loadtest.router_choice import COMPILED, one_day
from loadtest.scenario import Scenario

SERVERS, ERLANGS, HANDLING = 300, 280.0, 180.0
Run = Callable[[int], dict[str, float]]
"""One round's work, told its number; what it says of the day."""


def told(counts: DayCounts) -> dict[str, float]:
    """The figures that the yardstick has too."""
    value = {name: float(counts.sums[0, number]) for number, name in enumerate(FIELDS)}
    offered = value["answered"] + value["abandoned"]
    return {
        "offered": offered,
        "in time": value["answered_in_time"] / offered,
        "gave up": value["abandoned"] / offered,
        "asa, s": value["wait_of_answered"] / value["answered"],
        "blocked": value["blocked"],
    }


def shared(scenario: Scenario, engine: str) -> Run:
    return lambda number: told(count(scenario, Day(scenario, number, ENGINES[engine]()).run()))


def compiled(scenario: Scenario) -> Run:
    return lambda number: told(one_day(scenario, number, COMPILED))


def seconds(run: Run, number: int) -> tuple[float, dict[str, float]]:
    """(processor seconds, what it said)."""
    gc.collect()
    begin = time.process_time()
    said = run(number)
    return time.process_time() - begin, said


def interleaved(runs: Mapping[str, Run], rounds: int) -> None:
    """Print each run's time, its ratio to the first, and what it says, over rounds that take turns."""
    took: dict[str, list[float]] = {name: [] for name in runs}
    said: dict[str, list[dict[str, float]]] = {name: [] for name in runs}
    for number in range(rounds):
        for name, run in runs.items():
            spent, words = seconds(run, number)
            took[name].append(spent)
            said[name].append(words)
    yardstick = next(iter(runs))
    figures = list(said[yardstick][0])
    print(f"{'':34}{'ms':>9}{'faster':>9}  " + "".join(f"{name:>10}" for name in figures))
    for name in runs:
        ratios = [first / own for first, own in zip(took[yardstick], took[name], strict=True)]
        means = [statistics.mean(words[figure] for words in said[name]) for figure in figures]
        print(
            f"{name:34}{statistics.median(took[name]) * 1000:9.1f}{statistics.median(ratios):9.2f}  "
            + "".join(f"{value:10.4g}" for value in means)
        )


def pool(operators: int, erlangs: float, hours: float) -> Scenario:
    """M/M/c."""
    topic = {
        "name": "calls",
        "arrivals": {"per_hour": erlangs / HANDLING * 3600},
        "handling_s": {"dist": "exponential", "mean": HANDLING},
    }
    return Scenario.model_validate(
        {"name": "pool", "horizon_h": hours, "topics": [topic], "operators": [{"count": operators}]}
    )


def by_ciw(hours: float) -> Run:
    ciw: Any = importlib.import_module("ciw")  # it exports less than it has
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(ERLANGS / HANDLING)],
        service_distributions=[ciw.dists.Exponential(1 / HANDLING)],
        number_of_servers=[SERVERS],
    )

    def run(number: int) -> dict[str, float]:
        ciw.seed(number)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(hours * 3600)
        waits = [one.waiting_time for one in simulation.get_all_records()]
        return {"answered": len(waits), "asa, s": sum(waits) / len(waits)}

    return run


def brief(run: Run) -> Run:
    def shorter(number: int) -> dict[str, float]:
        said = run(number)
        return {"answered": said["offered"], "asa, s": said["asa, s"]}

    return shorter


def the_day(rounds: int) -> None:
    print("\nthe full day: 30,000 calls, 450 operators")
    scenario = full_day()
    interleaved(
        {
            "SimPy, a process per call": lambda number: ProcessPerCall(number).run(),
            "the dispatcher under SimPy": shared(scenario, "simpy"),
            "the dispatcher on the plain loop": shared(scenario, "plain"),
            "the compiled mirror": compiled(scenario),
        },
        rounds,
    )


def queue_of_300(rounds: int, hours: float = 2.0) -> None:
    print(f"\nM/M/300, {ERLANGS:g} erlangs, {hours:g} hours from empty")
    scenario = pool(SERVERS, ERLANGS, hours)
    interleaved(
        {
            "ciw": by_ciw(hours),
            "the dispatcher under SimPy": brief(shared(scenario, "simpy")),
            "the dispatcher on the plain loop": brief(shared(scenario, "plain")),
            "the compiled mirror": brief(compiled(scenario)),
        },
        rounds,
    )


def growth(rounds: int) -> None:
    print("\ntime per call, as a multiple of the first (1 is linear)")
    sizes = {
        "full day, calls": [full_day(calls=n, people=n * 450 // 30_000, trunks=n) for n in (15_000, 60_000)],
        "300, 3,000 operators at 93 %": [pool(n, n * 0.93, 9000 / n) for n in (300, 3000)],
    }
    for router, of in (("the dispatcher", lambda s: shared(s, "plain")), ("the compiled mirror", compiled)):
        for name, scenarios in sizes.items():
            runs = [of(scenario) for scenario in scenarios]
            ratios: list[float] = []
            for number in range(rounds):
                each = [seconds(run, number) for run in runs]
                small, large = (spent / said["offered"] for spent, said in each)
                ratios.append(large / small)
            print(f"{router:22}{name:32}{statistics.median(ratios):8.2f}")


def resident() -> float:
    """MB of this process in memory."""
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * 4096 / 1e6


def memory() -> None:
    print("\nMB above start, a day of 30,000 calls (traced: as Python counts; resident: as the system does)")
    scenario = full_day()
    for name, run in (
        ("the dispatcher", shared(scenario, "plain")),
        ("the compiled mirror", compiled(scenario)),
    ):
        run_small = (
            shared(full_day(calls=300), "plain")
            if name == "the dispatcher"
            else compiled(full_day(calls=300))
        )
        run_small(0)  # imports and code
        gc.collect()
        before = resident()
        run(0)
        grown = resident() - before
        tracemalloc.start()
        run(0)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(f"{name:34}traced {peak / 1e6:6.1f}   resident {grown:6.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip", default="")
    asked = parser.parse_args()
    skipped = asked.skip.split(",")
    compiled_code.make()
    one_day(full_day(calls=300), 0, COMPILED)
    if "memory" not in skipped:
        memory()
    if "day" not in skipped:
        the_day(asked.rounds)
    if "ciw" not in skipped:
        queue_of_300(asked.rounds)
    if "growth" not in skipped:
        growth(asked.rounds)


if __name__ == "__main__":
    main()
