"""Who can be hired, and for which shifts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from loadtest.scenario import Scenario
from loadtest.staffing_demand import able, needed, pools
from loadtest.staffing_slots import coverage, offer, roster_now, with_roster
from tests.loadtest.small_scenarios import everything, exponential, one_pool

NIGHT, DAY = "20:00-08:00", "08:00-20:00"
REST = [{"after_h": 4, "length_min": 30}]


def centre(operators: list[dict[str, Any]], **more: Any) -> Scenario:
    topic = {"name": "calls", "arrivals": {"per_hour": 60}, "handling_s": exponential(180)}
    return Scenario.model_validate({"name": "centre", "topics": [topic], "operators": operators, **more})


def shifts(scenario: Scenario) -> set[tuple[int, str | None, int]]:
    return {(slot.kind, slot.group.shift, len(slot.group.breaks)) for slot in offer(scenario).slots}


def test_every_kind_may_work_every_shift_with_its_own_breaks_where_it_has_them():
    scenario = centre(
        [
            {"count": 3, "skills": {"a": 1}, "shift": DAY},
            {"count": 2, "skills": {"b": 1}, "shift": DAY, "breaks": REST},
            {"count": 1, "skills": {"b": 1}, "shift": NIGHT},
        ]
    )
    assert shifts(scenario) == {(0, DAY, 0), (0, NIGHT, 0), (1, DAY, 1), (1, NIGHT, 0)}


def test_the_roster_there_is_is_one_of_those_that_can_be_hired():
    for scenario in (everything(), centre([{"count": 3, "skills": {"a": 1}, "shift": DAY, "breaks": REST}])):
        whole = offer(scenario)
        now = roster_now(scenario, whole)
        assert now is not None
        assert sum(now) == sum(group.present for group in scenario.operators)
        again = with_roster(scenario, whole, now)
        assert sum(group.present for group in again.operators) == sum(now)


def test_without_any_shift_a_short_day_is_one_shift_and_a_long_one_has_the_usual_ones():
    short = one_pool(60, 180, 5, 2, horizon_h=12)
    assert [slot.group.shift for slot in offer(short).slots] == [None]
    long = offer(one_pool(60, 180, 5, 2)).slots
    assert len(long) == 12
    assert {slot.cost for slot in long} == {8.0}
    assert all(slot.group.breaks for slot in long)


def test_people_cost_their_paid_hours_and_those_within_the_horizon_only():
    scenario = centre(
        [{"count": 1, "shift": NIGHT, "breaks": REST}],
        staffing={"cost_per_hour": 2.5, "hire": [{"skills": {}}, {"skills": {"a": 1}, "cost_per_hour": 4}]},
    )
    assert [slot.cost for slot in offer(scenario).slots] == [30.0, 48.0]
    morning = centre([{"count": 1, "shift": NIGHT}], horizon_h=10)
    assert [slot.cost for slot in offer(morning).slots] == [8.0]


def test_absent_people_are_hired_and_paid_too():
    scenario = centre([{"count": 1, "shift": DAY, "shrinkage": 0.1}])
    whole = offer(scenario)
    assert whole.on_roster([9]) == [10]
    assert whole.on_roster([10]) == [12]
    assert whole.cost([10]) == 144.0
    (group,) = with_roster(scenario, whole, [10]).operators
    assert (group.count, group.present) == (12, 10)


def test_nobody_is_there_before_his_shift_during_his_break_or_after_it():
    scenario = centre([{"count": 1, "shift": "22:15-06:00", "breaks": [{"after_h": 4, "length_min": 45}]}])
    there = coverage(scenario, scenario.operators[0])
    expected = np.zeros(48)
    expected[:12] = 1  # of yesterday's night shift
    expected[4], expected[5] = 0.5, 0  # 02:15 to 03:00
    expected[44], expected[45:] = 0.5, 1
    assert there == pytest.approx(expected)


def test_shift_patterns_of_the_staffing_block_take_the_place_of_shifts():
    patterns = [{"starts": ["07:00", "22:30"], "length_h": 8.5, "breaks": REST}]
    scenario = centre([{"count": 1, "shift": DAY}], staffing={"shifts": patterns})
    assert shifts(scenario) == {(0, "07:00-15:30", 1), (0, "22:30-07:00", 1)}


def test_topics_that_share_people_share_their_reserve():
    topics = [
        {
            "name": name,
            "arrivals": {"per_hour": 100},
            "handling_s": exponential(180),
            "needs": {name: 1},
            "patience_s": exponential(120),
        }
        for name in "ab"
    ]
    apart = [{"count": 1, "skills": {"a": 1}}, {"count": 1, "skills": {"b": 1}}]
    together = [*apart, {"count": 1, "skills": {"a": 1, "b": 1}}]
    need = {}
    for name, operators in (("apart", apart), ("together", together)):
        scenario = Scenario.model_validate(
            {"name": name, "horizon_h": 1, "topics": topics, "operators": operators}
        )
        found = pools(scenario)
        need[name] = needed(scenario, found, able(scenario, offer(scenario), found))
        assert np.array([pool.load for pool in found]) == pytest.approx(5.0)
    assert need["apart"].sum() > need["together"].sum() > 10.0


def test_transferred_calls_are_a_load_of_their_second_line():
    scenario = everything()
    first, second, general = pools(scenario)
    assert (first.line, second.line, general.line) == ("first", "second", "first")
    assert second.load.sum() / first.load.sum() == pytest.approx(0.2 * (200 + 20) / (150 + 20))
