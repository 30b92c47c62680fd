"""Regional lines and operators of several lines, decided by the dispatcher that production runs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from acd.core import events
from acd.core.commands import RingOperator
from acd.core.model import CallId, Region
from loadtest.day import Day, Trace
from loadtest.scenario import Scenario
from tests.loadtest.small_scenarios import exponential

TALK = {"dist": "deterministic", "mean": 100}


def scenario(times: list[float], *, widen_after_s: float = 30, **more: Any) -> Scenario:
    whole: dict[str, Any] = {
        "name": "regions",
        "horizon_h": 1,
        "lines": {"first": {"regional": True, "widen_after_s": widen_after_s}},
        "regions": {"north": 1},
        "topics": [{"name": "help", "arrivals": {"times_s": times}, "handling_s": TALK}],
        "operators": [{"count": 1, "region": "north"}, {"count": 1, "region": "south"}],
    }
    return Scenario.model_validate(whole | more)


def rings(scenario: Scenario) -> list[tuple[float, str]]:
    trace: Trace = []
    Day(scenario, 0, trace=trace).run()
    return [
        (at, command.operator)
        for at, _, commands in trace
        for command in commands
        if isinstance(command, RingOperator)
    ]


def test_a_call_is_for_its_region_and_after_a_while_for_all():
    assert rings(scenario([0, 10])) == [(0, "group1-0"), (40, "group2-0")]


def test_without_a_region_of_its_own_a_call_waits_for_the_widening():
    assert rings(scenario([0], regions={"east": 1})) == [(30, "group1-0")]


def test_callers_come_from_regions_by_weight_and_call_again_from_their_own():
    topic = {
        "name": "help",
        "arrivals": {"per_hour": 2000},
        "handling_s": exponential(100),
        "patience_s": exponential(20),
        "retry": {"probability": 0.8, "after_s": exponential(200)},
    }
    trace: Trace = []
    Day(scenario([], topics=[topic], regions={"north": 3, "south": 1}), 0, trace=trace).run()
    asked = {fact.call: fact.region for _, fact, _ in trace if isinstance(fact, events.CallQueued)}
    first = Counter(region for call, region in asked.items() if call.endswith("-0"))
    assert 0.70 < first[Region("north")] / first.total() < 0.80
    again = [call for call in asked if call.endswith("-1")]
    assert len(again) > 100
    assert all(asked[call] == asked[CallId(call.removesuffix("-1") + "-0")] for call in again)


def test_a_topic_may_have_callers_from_elsewhere():
    topic = {"name": "help", "arrivals": {"times_s": [0]}, "handling_s": TALK, "regions": {"south": 1}}
    assert rings(scenario([], topics=[topic])) == [(0, "group2-0")]


def test_an_operator_of_two_lines_takes_the_calls_of_both():
    topics = [
        {"name": name, "line": line, "arrivals": {"times_s": [at]}, "handling_s": TALK}
        for name, line, at in (("a", "first", 0), ("b", "second", 10))
    ]
    both = [{"count": 1, "lines": ["first", "second"]}]
    assert rings(scenario([], topics=topics, operators=both, lines={})) == [
        (0, "group1-0"),
        (100, "group1-0"),
    ]
