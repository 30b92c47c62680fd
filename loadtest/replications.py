"""As many days as the question needs, on as many processes as there are, with the same answer on any number."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import count as numbers

from loadtest.counts import DayCounts
from loadtest.dask_days import Cluster
from loadtest.figures import Days, precise
from loadtest.router_choice import choose, get_ready, one_day
from loadtest.scenario import Scenario

AHEAD = 2
"""Days asked for beforehand per process; those beyond the one that decides are thrown away."""


CHECK_EVERY = 5
"""After the first, least number of days, precision is looked at after so many more."""


def simulate(
    scenario: Scenario,
    jobs: int = 1,
    done: Callable[[int], None] | None = None,
    *,
    exact: bool = False,
    dask: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Days:
    """Days until the scenario's half width is reached, or its max. done: called with their number after each.

    jobs: processes, >= 1. Days are taken in their order whoever finishes first, so the result does not
    depend on it. A KeyboardInterrupt ends the processes and comes out. exact: the dispatcher itself, and not its
    compiled mirror. dask: address of a Dask scheduler, whose workers take the days instead; raises
    dask_days.ClusterLost. tell: hears what takes a while.
    """
    wanted = scenario.replications
    days: list[DayCounts] = []
    source = _days(scenario, jobs, exact, dask, tell)
    try:
        for day in source:
            days.append(day)
            if done is not None:
                done(len(days))
            enough = _to_be_checked(len(days), wanted.min) and precise(Days(scenario, days))
            if enough or len(days) >= wanted.max:
                break
    finally:
        source.close()
    return Days(scenario, days)


def _to_be_checked(days: int, least: int) -> bool:
    return days >= least and (days - least) % CHECK_EVERY == 0


def _days(
    scenario: Scenario, jobs: int, exact: bool, dask: str | None, tell: Callable[[str], None]
) -> Generator[DayCounts, None, None]:
    if dask is not None:
        cluster = Cluster(dask)
        try:
            yield from cluster.days(scenario, choose(scenario, jobs=cluster.threads, exact=exact))
        finally:
            cluster.close()
        return
    router = choose(scenario, jobs=jobs, exact=exact)
    get_ready(router, tell)
    yield from _alone(scenario, router) if jobs == 1 else _together(scenario, router, jobs)


def _alone(scenario: Scenario, router: str) -> Generator[DayCounts, None, None]:
    for replication in numbers():
        yield one_day(scenario, replication, router)


def _together(scenario: Scenario, router: str, jobs: int) -> Generator[DayCounts, None, None]:
    # spawn: a fork would take over whatever threads and files its parent has just open
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, _leave_interrupts_to_the_parent)
    under_way: deque[Future[DayCounts]] = deque()
    try:
        for replication in range(scenario.replications.max):
            under_way.append(pool.submit(one_day, scenario, replication, router))
            if len(under_way) >= AHEAD * jobs:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        workers = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.terminate()


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
