"""Rosters tried on simulated days: the same days for each of them, as many processes as there are."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from loadtest.compiled_cover import compiled_covers
from loadtest.compiled_day import CompiledDay, NotCompiled
from loadtest.counts import FIELDS, DayCounts, count, scopes
from loadtest.day import Day
from loadtest.distribution import Numbers
from loadtest.figures import Days, precise
from loadtest.replications import CHECK_EVERY
from loadtest.scenario import Scenario, Target
from loadtest.staffing_slots import Offer, with_roster

HALF_HOURS = 2
"""Of an hour."""


class OutOfTime(Exception):
    """The time that the search was given is over."""


@dataclass(frozen=True)
class Goal:
    """What a roster must hold. rows: of DayCounts.sums. topic: the topic judged, None for a line's or an hour's calls.

    hour: the half hours meant, where it is an hour's; such a goal is held by the mean of the days, and needs no proof.
    """

    name: str
    rows: tuple[int, ...]
    target: Target
    topic: int | None = None
    hour: tuple[int, ...] = ()


def goals(scenario: Scenario) -> list[Goal]:
    """Each topic's target; that of the topics transferred to a line, for all calls of that line; and each hour's.

    No target speaks of the second wait of a transferred caller, so nothing else would keep anybody on his line.
    """
    where = scopes(scenario)
    found = [
        Goal(topic.name, (where.topic_row(number),), topic.target, number)
        for number, topic in enumerate(scenario.topics)
        if topic.target is not None
    ]
    for number, line in enumerate(where.lines):
        handed = [
            topic.target
            for topic in scenario.topics
            if topic.transfer is not None and topic.transfer.to_line == line and topic.target is not None
        ]
        if handed:
            strictest = max(handed, key=lambda target: target.share)
            found.append(Goal(f"line {line}", (where.line_row(number),), strictest))
    return found + list(_each_hour(scenario))


def _each_hour(scenario: Scenario) -> Iterator[Goal]:
    if scenario.staffing is None or scenario.staffing.each_hour is None:
        return
    where, target = scopes(scenario), Target(share=scenario.staffing.each_hour)
    for first in range(0, where.intervals, HALF_HOURS):
        hour = tuple(range(first, min(first + HALF_HOURS, where.intervals)))
        rows = tuple(where.interval_row(interval) for interval in hour)
        yield Goal(f"from {first // HALF_HOURS:02}:00", rows, target, hour=hour)


def goal_counts(whole: Sequence[Goal], sums: Numbers) -> Numbers:
    """(goals, 2): calls in time, and calls that count by the target's convention. sums: of a day's DayCounts."""
    rows = np.array([sums[list(goal.rows)].sum(axis=0) for goal in whole])
    column = {name: rows[:, number] for number, name in enumerate(FIELDS)}
    counted = []
    for n, goal in enumerate(whole):
        offered = column["answered"][n] + column["abandoned"][n] + column["unserved"][n]
        match goal.target.of:
            case "offered":
                counted.append(offered)
            case "answered":
                counted.append(column["answered"][n])
            case _:
                counted.append(offered - column["abandoned_short"][n])
    return np.stack([column["answered_in_time"], np.array(counted)], axis=1)


def day_counts(scenario: Scenario, replication: int) -> DayCounts:
    """One day, on the compiled path where it covers the scenario."""
    if compiled_covers(scenario):
        try:
            return count(scenario, CompiledDay(scenario, replication).run())
        except NotCompiled:
            pass
    return count(scenario, Day(scenario, replication).run())


def _some_days(scenario: Scenario, replications: range) -> list[DayCounts]:
    return [day_counts(scenario, replication) for replication in replications]


class Trials:
    """The simulator as the search wants it. late: whether time is over; asked before each batch of days.

    simulated: how many days it has taken. Close it: it may have processes.
    """

    def __init__(
        self, scenario: Scenario, offer: Offer, jobs: int = 1, late: Callable[[], bool] = lambda: False
    ) -> None:
        self._scenario, self._offer, self._late = scenario, offer, late
        self._goals = goals(scenario)
        self._known: dict[tuple[int, ...], list[Numbers]] = {}
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self.simulated = 0

    def measure(self, people: Sequence[int], days: int) -> Numbers:
        """(days, goals, 2) of the roster's first days."""
        key = tuple(people)
        known = self._known.setdefault(key, [])
        if not any(key):
            return np.tile([0.0, 1.0], (days, len(self._goals), 1))
        if len(known) < days:
            scenario = with_roster(self._scenario, self._offer, key)
            for day in self._days(scenario, range(len(known), days)):
                known.append(goal_counts(self._goals, day.sums))
        return np.stack(known[:days])

    def fresh(self, people: Sequence[int], seed: int, done: Callable[[int], None] | None = None) -> Days:
        """Days of another seed until the scenario's half width is reached, or its max; as `simulate` does."""
        scenario = with_roster(self._scenario, self._offer, people).model_copy(update={"seed": seed})
        wanted, days = scenario.replications, list[DayCounts]()
        while len(days) < wanted.max:
            more = wanted.min if not days else CHECK_EVERY
            days += self._days(scenario, range(len(days), min(wanted.max, len(days) + more)))
            if done is not None:
                done(len(days))
            if precise(Days(scenario, days)):
                break
        return Days(scenario, days)

    def some(self, people: Sequence[int], seed: int, days: int) -> Days:
        """So many days of a seed."""
        scenario = with_roster(self._scenario, self._offer, people).model_copy(update={"seed": seed})
        return Days(scenario, list(self._days(scenario, range(days))))

    def close(self) -> None:
        """End the processes, whatever they are at."""
        if self._pool is None:
            return
        workers = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.terminate()

    def _days(self, scenario: Scenario, replications: range) -> Iterator[DayCounts]:
        if self._late():
            raise OutOfTime
        for batch in self._batches(scenario, replications):
            if self._late():
                raise OutOfTime
            self.simulated += len(batch)
            yield from batch

    def _batches(self, scenario: Scenario, replications: range) -> Iterator[list[DayCounts]]:
        if self._jobs == 1:
            for replication in replications:
                yield _some_days(scenario, range(replication, replication + 1))
            return
        size = max(1, -(-len(replications) // (2 * self._jobs)))
        under_way: list[Future[list[DayCounts]]] = [
            self._processes().submit(_some_days, scenario, replications[begin : begin + size])
            for begin in range(0, len(replications), size)
        ]
        for future in under_way:
            yield future.result()

    def _processes(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # spawn: a fork would take over whatever threads and files its parent has just open
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._jobs, context, _leave_interrupts_to_the_parent)
        return self._pool


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
