"""Which router a run takes: the production dispatcher itself, or its compiled mirror.

Both give the same days (tests/loadtest/test_compiled.py), so only time decides: compiling takes a while, and is
done once for this version of the source.
"""

from __future__ import annotations

from collections.abc import Callable

from loadtest import compiled_code
from loadtest.compiled_cover import compiled_covers
from loadtest.counts import DayCounts, count
from loadtest.day import Day
from loadtest.scenario import Scenario

SHARED, COMPILED = "shared", "compiled"

SHARED_CALL_S = 50e-6
COMPILING_S, LOADING_S = 20.0, 1.5
"""Rough processor seconds, of a machine of 2025: the choice is between minutes and seconds."""


def choose(scenario: Scenario, *, jobs: int = 1, exact: bool = False) -> str:
    """COMPILED where the mirror knows everything the scenario asks for and the run would last longer than getting
    it ready. jobs: processes that share the run. exact: the dispatcher itself, whatever it takes."""
    if exact or not compiled_covers(scenario):
        return SHARED
    try:
        getting_ready = LOADING_S if compiled_code.is_made() else COMPILING_S
    except OSError:
        return SHARED
    return COMPILED if expected_calls(scenario) * SHARED_CALL_S / jobs > getting_ready else SHARED


def expected_calls(scenario: Scenario) -> float:
    """Calls of all days. How many days precision will take is not known: the mean of least and most, geometric."""
    wanted = scenario.replications
    a_day = sum(topic.arrivals.mean_calls(scenario.horizon_h) for topic in scenario.topics)
    return a_day * (wanted.min * wanted.max) ** 0.5


def get_ready(router: str, tell: Callable[[str], None]) -> None:
    """Compile now, before processes start that would each do it. tell: hears why it takes a while."""
    if router == COMPILED and not compiled_code.is_made():
        tell("compiling the router for this machine, once: about half a minute")
        compiled_code.make()


def one_day(scenario: Scenario, replication: int, router: str = SHARED) -> DayCounts:
    """Simulate one day and count it. A day that the compiled router has no room for is given to the shared one."""
    if router == COMPILED:
        from loadtest.compiled_day import CompiledDay, NotCompiled  # noqa: PLC0415 - numba takes a second to import

        try:
            return count(scenario, CompiledDay(scenario, replication).run(), COMPILED)
        except NotCompiled:
            pass
    return count(scenario, Day(scenario, replication).run())
